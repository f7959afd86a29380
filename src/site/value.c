#include "site/value.h"

#include <string.h>

uint32_t value_hash(struct str key)
{
	uint32_t h =
		2166136261u; /* FNV-1a: keys come from our code and the theme, never from outside */

	for (size_t i = 0; i < key.len; i++)
		h = (h ^ (uint8_t)key.ptr[i]) * 16777619u;
	return h;
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
	if (object->count == object->cap)
		object->as.members =
			grow(a, object, object->as.members, sizeof(struct value_member), 12);
	object->as.members[object->count++] = (struct value_member){ key, value_hash(key), v };
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

void value_put_bool(struct arena *a, struct value *object, const char *key, bool b)
{
	value_put(a, object, key, (struct value){ .kind = b ? VALUE_TRUE : VALUE_FALSE });
}

void value_put_i64(struct arena *a, struct value *object, const char *key, int64_t n)
{
	value_put_text(a, object, key, arena_strf(a, "%lld", (long long)n));
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

const struct value *value_get(const struct value *object, struct str key, uint32_t hash)
{
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
	case VALUE_TEXT: return v->as.text.len > 0;
	case VALUE_LIST: return v->count > 0;
	case VALUE_TRUE:
	case VALUE_OBJECT: return true;
	}
	return false;
}
