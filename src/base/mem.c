#include "base/mem.h"

#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <stdlib.h>
#include <sys/mman.h>

static _Noreturn void die(size_t size)
{
	fprintf(stderr, "dibao: out of memory (%zu bytes wanted)\n", size);
	abort();
}

void *mem_alloc(size_t size)
{
	void *ptr = calloc(1, size ? size : 1);

	if (!ptr)
		die(size);
	return ptr;
}

void *mem_array(size_t count, size_t size)
{
	if (size && count > SIZE_MAX / size)
		die(SIZE_MAX);
	return mem_alloc(count * size);
}

void *mem_realloc(void *ptr, size_t size)
{
	void *grown = realloc(ptr, size ? size : 1);

	if (!grown)
		die(size);
	return grown;
}

void mem_free(void *ptr)
{
	free(ptr);
}

void mem_expect(size_t bytes)
{
#if defined(__GLIBC__) && defined(MADV_HUGEPAGE)
	const size_t page = (size_t)2 << 20;

	mallopt(M_TRIM_THRESHOLD, INT_MAX);
	mallopt(M_MMAP_THRESHOLD, 32 << 20); /* the most it takes */
	/* The heap grows by it; freed again, it is where the next pieces come from. */
	char *heap = malloc(bytes);
	if (!heap)
		return;
	size_t skip = page - (uintptr_t)heap % page;
	if (bytes > skip + page)
		madvise(heap + skip, (bytes - skip) / page * page, MADV_HUGEPAGE);
	free(heap);
#else
	(void)bytes;
#endif
}

void mem_trim(void)
{
#ifdef __GLIBC__
	malloc_trim(0);
#endif
}
