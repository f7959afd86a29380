/*
 * Blocks are chained newest first; a piece comes from the newest. A piece larger than a quarter
 * block gets one of its own, chained behind the newest so that the space left there is not wasted.
 * Blocks double up to ARENA_MAX_BLOCK, so a small job costs one allocation and a large one few.
 */
#include "base/arena.h"

#include <assert.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"

enum { ARENA_FIRST_BLOCK = 4096, ARENA_MAX_BLOCK = 1 << 20 };

struct arena_block {
	struct arena_block *older;
	size_t size; /* of bytes */
	alignas(max_align_t) char bytes[];
};

void arena_init(struct arena *a)
{
	*a = (struct arena){ 0 };
}

static void free_blocks(struct arena_block *block)
{
	while (block) {
		struct arena_block *older = block->older;

		mem_free(block);
		block = older;
	}
}

void arena_fini(struct arena *a)
{
	free_blocks(a->blocks);
	*a = (struct arena){ 0 };
}

void arena_reset(struct arena *a)
{
	struct arena_block *keep = a->blocks;

	a->used = 0;
	if (!keep)
		return;
	free_blocks(keep->older);
	keep->older = NULL;
	a->next = keep->bytes;
	a->left = keep->size;
}

static struct arena_block *new_block(size_t size)
{
	/* Not mem_alloc: pieces are zeroed as they are handed out. */
	struct arena_block *block = mem_realloc(NULL, sizeof(*block) + size);

	block->older = NULL;
	block->size = size;
	return block;
}

static char *alloc_raw(struct arena *a, size_t size)
{
	size_t align = alignof(max_align_t);

	assert(size < SIZE_MAX / 2);
	size = size ? (size + align - 1) & ~(align - 1) : align; /* nothing has an address too */
	a->used += size;
	if (size <= a->left) {
		char *piece = a->next;

		a->next += size;
		a->left -= size;
		return piece;
	}
	size_t next_size = a->blocks ? a->blocks->size * 2 : ARENA_FIRST_BLOCK;
	if (next_size > ARENA_MAX_BLOCK)
		next_size = ARENA_MAX_BLOCK;
	if (a->blocks && size > next_size / 4) {
		struct arena_block *own = new_block(size);

		own->older = a->blocks->older;
		a->blocks->older = own;
		return own->bytes;
	}
	if (next_size < size)
		next_size = size;
	struct arena_block *block = new_block(next_size);
	block->older = a->blocks;
	a->blocks = block;
	a->next = block->bytes + size;
	a->left = next_size - size;
	return block->bytes;
}

void *arena_alloc(struct arena *a, size_t size)
{
	char *piece = alloc_raw(a, size);

	if (size)
		memset(piece, 0, size); /* nothing of an empty arena is no place */
	return piece;
}

void *arena_array(struct arena *a, size_t count, size_t size)
{
	assert(size == 0 || count < SIZE_MAX / 2 / size);
	return arena_alloc(a, count * size);
}

void *arena_grow(struct arena *a, void *ptr, size_t old_size, size_t new_size)
{
	if (ptr && new_size <= old_size)
		return ptr;
	char *piece = alloc_raw(a, new_size);

	if (old_size)
		memcpy(piece, ptr, old_size);
	memset(piece + old_size, 0, new_size - old_size);
	return piece;
}

struct str arena_str(struct arena *a, struct str s)
{
	if (!s.len)
		return S("");
	char *piece = alloc_raw(a, s.len + 1);

	if (s.len)
		memcpy(piece, s.ptr, s.len);
	piece[s.len] = '\0';
	return str_n(piece, s.len);
}

char *arena_cstr(struct arena *a, struct str s)
{
	char *piece = alloc_raw(a, s.len + 1);

	if (s.len)
		memcpy(piece, s.ptr, s.len);
	piece[s.len] = '\0';
	return piece;
}

struct str arena_strf(struct arena *a, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	int len = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	assert(len >= 0);
	char *piece = alloc_raw(a, (size_t)len + 1);
	va_start(args, fmt);
	vsnprintf(piece, (size_t)len + 1, fmt, args);
	va_end(args);
	return str_n(piece, (size_t)len);
}
