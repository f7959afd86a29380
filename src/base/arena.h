/*
 * arena - memory freed all at once: one per parse, render, request or job.
 *
 * Threads: one at a time. Pieces are aligned for any type and live until
 * arena_reset or arena_fini. Ceiling: none of its own; what fills it has one.
 */
#ifndef DIBAO_BASE_ARENA_H
#define DIBAO_BASE_ARENA_H

#include <stddef.h>

#include "base/str.h"

struct arena_block;

struct arena {
	struct arena_block *blocks;
	char *next; /* free space in the newest block */
	size_t left;
	size_t used; /* bytes handed out since init or reset */
};

void arena_init(struct arena *a);
void arena_fini(struct arena *a);
/* Forgets every piece but keeps the first block for what comes next. */
void arena_reset(struct arena *a);

void *arena_alloc(struct arena *a, size_t size);               /* zeroed */
void *arena_array(struct arena *a, size_t count, size_t size); /* zeroed */
void *arena_grow(struct arena *a, void *ptr, size_t old_size, size_t new_size);

struct str arena_str(struct arena *a, struct str s); /* a copy, NUL behind it */
char *arena_cstr(struct arena *a, struct str s);     /* the same as char * */
struct str arena_strf(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
