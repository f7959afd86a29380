#include "base/hashset.h"

#include <string.h>

#include "base/hash.h"
#include "base/mem.h"

enum { FIRST_CAP = 16 };

void hashset_init(struct hashset *set)
{
	*set = (struct hashset){ 0 };
}

void hashset_fini(struct hashset *set)
{
	mem_free(set->slots);
	hashset_init(set);
}

static struct hashset_slot slot_of(struct str text)
{
	struct hash hash = hash_of(text);
	struct hashset_slot slot;

	_Static_assert(sizeof(slot) <= sizeof(hash), "a part of the hash");
	memcpy(&slot, &hash, sizeof(slot));
	slot.half[1] |= 1; /* no text's is that of a free slot */
	return slot;
}

/* Where it is, or is to be put; one is free at all times. */
static struct hashset_slot *place_of(const struct hashset *set, const struct hashset_slot *slot)
{
	size_t at = (size_t)slot->half[0] & (set->cap - 1);

	while (set->slots[at].half[1] && memcmp(&set->slots[at], slot, sizeof(*slot)) != 0)
		at = (at + 1) & (set->cap - 1);
	return &set->slots[at];
}

static void grow(struct hashset *set)
{
	struct hashset old = *set;

	set->cap = old.cap ? old.cap * 2 : FIRST_CAP;
	set->slots = mem_array(set->cap, sizeof(*set->slots));
	for (size_t i = 0; i < old.cap; i++)
		if (old.slots[i].half[1])
			*place_of(set, &old.slots[i]) = old.slots[i];
	mem_free(old.slots);
}

bool hashset_add(struct hashset *set, struct str text)
{
	const struct hashset_slot slot = slot_of(text);

	if (set->count >= set->cap / 4 * 3)
		grow(set);
	struct hashset_slot *place = place_of(set, &slot);
	if (place->half[1])
		return false;
	*place = slot;
	set->count++;
	return true;
}

bool hashset_has(const struct hashset *set, struct str text)
{
	const struct hashset_slot slot = slot_of(text);

	return set->cap > 0 && place_of(set, &slot)->half[1] != 0;
}
