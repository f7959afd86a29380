/*
 * hashset - which texts there were, and not the texts: 128 bits of each one's BLAKE2b.
 *
 * 21 to 43 bytes a text. Two texts are taken for one with a chance nobody lives to see, and nobody
 * can make such a pair.
 *
 * Threads: any number may ask while nobody adds.
 */
#ifndef DIBAO_BASE_HASHSET_H
#define DIBAO_BASE_HASHSET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct hashset_slot {
	uint64_t half[2]; /* both 0: it is free */
};

struct hashset {
	struct hashset_slot *slots; /* cap of them, a power of two */
	size_t count;
	size_t cap;
};

void hashset_init(struct hashset *set);
void hashset_fini(struct hashset *set);

/* True where it is new. */
bool hashset_add(struct hashset *set, struct str text);
bool hashset_has(const struct hashset *set, struct str text);

#endif
