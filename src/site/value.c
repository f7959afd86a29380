#include "site/value.h"

#include <assert.h>
#include <string.h>

uint32_t value_hash(struct str key)
{
	/* Keys come from our code and the theme, never from outside; few are as long as each other,
	 * and have the same ends and middle. */
	const unsigned char *p = (const unsigned char *)key.ptr;
	size_t n = key.len;
	uint32_t h = n ? (uint32_t)n << 24 ^ (uint32_t)p[0] << 16 ^ (uint32_t)p[n / 2] << 8 ^
				     (uint32_t)p[n - 1]
		       : 0;

	h *= 0x9E3779B1u;
	return h ^ h >> 15;
}

struct value value_text(struct str text)
{
	return (struct value){ .kind = VALUE_TEXT, .as.text = text };
}

struct value *value_object(struct arena *a)
{
	struct value *v = arena_alloc(a, sizeof(*v));

	v->kind = VALUE_OBJECT;
	return v;
}

struct value *value_list(struct arena *a)
{
	struct value *v = arena_alloc(a, sizeof(*v));

	v->kind = VALUE_LIST;
	return v;
}

static void *grow(struct arena *a, struct value *v, void *old, size_t size, uint32_t first)
{
	uint32_t cap = v->cap ? v->cap * 2 : first;
	void *grown = arena_grow(a, old, v->cap * size, cap * size);

	v->cap = cap;
	return grown;
}

void value_put_key(struct arena *a, struct value *object, struct str key, struct value v)
{
	assert(!object->index);
	if (object->count == object->cap)
		object->as.members =
			grow(a, object, object->as.members, sizeof(struct value_member), 12);
	uint32_t hash = value_hash(key);

	object->as.members[object->count++] = (struct value_member){ key, hash, v };
	object->seen |= UINT32_C(1) << (hash >> 27);
}

struct value *value_put(struct arena *a, struct value *object, const char *key, struct value v)
{
	value_put_key(a, object, str_of(key), v);
	return &object->as.members[object->count - 1].value;
}

void value_put_text(struct arena *a, struct value *object, const char *key, struct str text)
{
	value_put(a, object, key, value_text(text));
}

void value_put_plain(struct arena *a, struct value *object, const char *key, struct str text)
{
	value_put(a, object, key, (struct value){ .kind = VALUE_PLAIN, .as.text = text });
}

void value_put_bool(struct arena *a, struct value *object, const char *key, bool b)
{
	value_put(a, object, key, (struct value){ .kind = b ? VALUE_TRUE : VALUE_FALSE });
}

void value_put_i64(struct arena *a, struct value *object, const char *key, int64_t n)
{
	value_put_plain(a, object, key, arena_strf(a, "%lld", (long long)n));
}

struct value *value_put_list(struct arena *a, struct value *object, const char *key)
{
	return value_put(a, object, key, (struct value){ .kind = VALUE_LIST });
}

struct value *value_put_object(struct arena *a, struct value *object, const char *key)
{
	return value_put(a, object, key, (struct value){ .kind = VALUE_OBJECT });
}

void value_add(struct arena *a, struct value *list, struct value v)
{
	if (list->count == list->cap)
		list->as.items = grow(a, list, list->as.items, sizeof(struct value), 8);
	list->as.items[list->count++] = v;
}

struct value *value_add_object(struct arena *a, struct value *list)
{
	value_add(a, list, (struct value){ .kind = VALUE_OBJECT });
	return &list->as.items[list->count - 1];
}

/* Open addressing; a place holds the member's number + 1, in a table at most half full. */
static uint32_t index_size(uint32_t count)
{
	uint32_t size = 8;

	while (size < 2 * count)
		size *= 2;
	return size;
}

void value_index(struct arena *a, struct value *object)
{
	uint32_t size = index_size(object->count);
	uint16_t *index = arena_array(a, size, sizeof(*index));

	assert(object->count < UINT16_MAX);
	for (uint32_t i = 0; i < object->count; i++) {
		uint32_t at = object->as.members[i].hash & (size - 1);

		while (index[at])
			at = (at + 1) & (size - 1);
		index[at] = (uint16_t)(i + 1);
	}
	object->index = index;
	object->cap = size; /* of the index from now on */
}

static const struct value *get_indexed(const struct value *object, struct str key, uint32_t hash)
{
	uint32_t size = object->cap;

	for (uint32_t at = hash & (size - 1); object->index[at]; at = (at + 1) & (size - 1)) {
		const struct value_member *m = &object->as.members[object->index[at] - 1];

		if (m->hash == hash && str_eq(m->key, key))
			return &m->value;
	}
	return NULL;
}

const struct value *value_get(const struct value *object, struct str key, uint32_t hash)
{
	if (!value_may_have(object, hash))
		return NULL;
	if (object->index)
		return get_indexed(object, key, hash);
	for (uint32_t i = 0; i < object->count; i++) {
		const struct value_member *m = &object->as.members[i];

		if (m->hash == hash && str_eq(m->key, key))
			return &m->value;
	}
	return NULL;
}

bool value_is_true(const struct value *v)
{
	if (!v)
		return false;
	switch (v->kind) {
	case VALUE_NONE:
	case VALUE_FALSE: return false;
	case VALUE_TEXT:
	case VALUE_PLAIN: return v->as.text.len > 0;
	case VALUE_LIST: return v->count > 0;
	case VALUE_TRUE:
	case VALUE_OBJECT: return true;
	}
	return false;
}
