/*
 * mem - memory that is always there: running out ends the process.
 *
 * Inputs are bounded at the door (ERR_LIMIT), so a failed allocation means the
 * machine is out of memory, which no caller can mend.
 */
#ifndef DIBAO_BASE_MEM_H
#define DIBAO_BASE_MEM_H

#include <stddef.h>

void *mem_alloc(size_t size);               /* zeroed; never NULL */
void *mem_array(size_t count, size_t size); /* zeroed; count * size checked */
void *mem_realloc(void *ptr, size_t size);  /* never NULL */
void mem_free(void *ptr);                   /* takes NULL */
/* Gives back to the system what is free: for a process that lives long, after a piece of work. */
void mem_trim(void);

#endif
