/*
 * sixteen - bytes looked at sixteen at a time, as gcc and clang have it on every machine.
 *
 *	sixteen v = sixteen_at(p);
 *	size_t n = sixteen_first((sixteen)((v == '<') | (v < ' ')));      the first such byte, or 16
 */
#ifndef DIBAO_BASE_SIXTEEN_H
#define DIBAO_BASE_SIXTEEN_H

#include <endian.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef unsigned char sixteen __attribute__((vector_size(16)));

static inline sixteen sixteen_at(const void *p)
{
	sixteen v;

	memcpy(&v, p, sizeof(v));
	return v;
}

/* Of what a comparison gave, the first that is true; 16: none. */
static inline size_t sixteen_first(sixteen found)
{
	uint64_t half[2];

	memcpy(half, &found, sizeof(half));
	if (half[0])
		return (size_t)__builtin_ctzll(le64toh(half[0])) / 8;
	return half[1] ? 8 + (size_t)__builtin_ctzll(le64toh(half[1])) / 8 : 16;
}

#endif
