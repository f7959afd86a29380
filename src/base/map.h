/*
 * map - from bytes to a pointer; open addressing, SipHash with a key drawn per map.
 *
 * Keys are borrowed and must outlive the map (an arena is the usual place). The
 * hash is keyed so that hostile keys cannot make it slow.
 */
#ifndef DIBAO_BASE_MAP_H
#define DIBAO_BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct map_slot {
	struct str key;
	void *value;
	uint64_t hash;
	bool used;
};

struct map {
	struct map_slot *slots; /* cap of them, a power of two; walk those used */
	size_t count;
	size_t cap;
	uint8_t seed[16];
};

void map_init(struct map *m);
void map_fini(struct map *m);

/* The place of the value, made (as NULL) where the key is new; borrowed until the next put. */
void **map_put(struct map *m, struct str key);
/* The place of the value, or NULL where the key is not there. */
void **map_get(const struct map *m, struct str key);

#endif
