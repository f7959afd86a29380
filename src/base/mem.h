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
/*
 * A process of one piece of work that will come to use so much, over and over: what it frees is
 * kept for what it wants next, and taken from the system in large pages where it has them. A wish.
 */
void mem_expect(size_t bytes);
/* Gives back to the system what is free: for a process that lives long, after a piece of work. */
void mem_trim(void);

#endif
