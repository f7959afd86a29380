#include "base/map.h"

#include <sodium.h>

#include "base/mem.h"

enum { MAP_FIRST_CAP = 16 };

void map_init(struct map *m)
{
	*m = (struct map){ 0 };
	randombytes_buf(m->seed, sizeof(m->seed));
}

void map_fini(struct map *m)
{
	mem_free(m->slots);
	m->slots = NULL;
	m->count = m->cap = 0;
}

static uint64_t hash_key(const struct map *m, struct str key)
{
	uint64_t hash;

	_Static_assert(sizeof(hash) == crypto_shorthash_BYTES, "SipHash-2-4 gives 64 bits");
	_Static_assert(sizeof(m->seed) == crypto_shorthash_KEYBYTES, "and takes 128");
	crypto_shorthash((unsigned char *)&hash, (const unsigned char *)key.ptr, key.len, m->seed);
	return hash;
}

/* The slot of the key, or the free one where it belongs. */
static struct map_slot *find(const struct map *m, struct str key, uint64_t hash)
{
	size_t i = (size_t)hash & (m->cap - 1);

	while (m->slots[i].used && !(m->slots[i].hash == hash && str_eq(m->slots[i].key, key)))
		i = (i + 1) & (m->cap - 1);
	return &m->slots[i];
}

static void grow(struct map *m)
{
	struct map_slot *old = m->slots;
	size_t old_cap = m->cap;

	m->cap = old_cap ? old_cap * 2 : MAP_FIRST_CAP;
	m->slots = mem_array(m->cap, sizeof(*m->slots));
	for (size_t i = 0; i < old_cap; i++)
		if (old[i].used)
			*find(m, old[i].key, old[i].hash) = old[i];
	mem_free(old);
}

void **map_put(struct map *m, struct str key)
{
	if (m->count >= m->cap / 2)
		grow(m);
	uint64_t hash = hash_key(m, key);
	struct map_slot *slot = find(m, key, hash);

	if (!slot->used) {
		*slot = (struct map_slot){ .key = key, .hash = hash, .used = true };
		m->count++;
	}
	return &slot->value;
}

void **map_get(const struct map *m, struct str key)
{
	if (m->count == 0)
		return NULL;
	struct map_slot *slot = find(m, key, hash_key(m, key));

	return slot->used ? &slot->value : NULL;
}
