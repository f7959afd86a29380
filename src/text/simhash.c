#include "text/simhash.h"

#include "base/hash.h"
#include "base/map.h"
#include "text/fold.h"
#include "text/segment.h"

enum { BITS = 64 };

/* FNV leaves the upper bits of short words alike; this is the last step of splitmix64. */
static uint64_t term_hash(struct str term)
{
	uint64_t h = hash64_fast(term);

	h = (h ^ (h >> 30)) * 0xbf58476d1ce4e5b9u;
	h = (h ^ (h >> 27)) * 0x94d049bb133111ebu;
	return h ^ (h >> 31);
}

/* 1, 2, 2, 3, 3, 3, 3, 4 ...: the hundredth "the" says little. */
static int32_t weight(uintptr_t times)
{
	int32_t w = 0;

	for (; times; times >>= 1)
		w++;
	return w;
}

uint64_t simhash_of(struct arena *a, struct str text)
{
	struct str folded = fold_text(a, text);
	int32_t sums[BITS] = { 0 };
	struct segment seg;
	struct map times;
	struct term term;
	uint64_t hash = 0;

	map_init(&times);
	segment_start(&seg, folded);
	while (segment_next(&seg, &term)) {
		void **place = map_put(&times, term.text);

		*place = (void *)((uintptr_t)*place + 1);
	}
	for (size_t i = 0; i < times.cap; i++) {
		const struct map_slot *slot = &times.slots[i];
		uint64_t h;
		int32_t w;

		if (!slot->used)
			continue;
		h = term_hash(slot->key);
		w = weight((uintptr_t)slot->value);
		for (int b = 0; b < BITS; b++)
			sums[b] += (h >> b) & 1 ? w : -w;
	}
	for (int b = 0; b < BITS; b++)
		hash |= (uint64_t)(sums[b] > 0) << b;
	if (times.count && !hash)
		hash = 1;
	map_fini(&times);
	return hash;
}

int simhash_distance(uint64_t x, uint64_t y)
{
	int n = 0;

	for (x ^= y; x; x &= x - 1)
		n++;
	return n;
}

bool simhash_is_near(uint64_t x, uint64_t y)
{
	return x && y && simhash_distance(x, y) <= SIMHASH_NEAR_BITS;
}
