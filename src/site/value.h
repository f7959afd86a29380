/*
 * value - what templates are filled with: a small tree of texts, lists and objects, in an arena.
 *
 * A text is not markup: templates escape it. Of a plain one it is known that there is nothing to
 * escape: addresses of ours, numbers.
 */
#ifndef DIBAO_SITE_VALUE_H
#define DIBAO_SITE_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

enum value_kind {
	VALUE_NONE,
	VALUE_FALSE,
	VALUE_TRUE,
	VALUE_TEXT,
	VALUE_PLAIN,
	VALUE_LIST,
	VALUE_OBJECT
};

struct value {
	enum value_kind kind;
	uint32_t count, cap;   /* of items or members; cap: of the index, where there is one */
	uint32_t seen;         /* of an object: a bit for each hash among its members */
	const uint16_t *index; /* of an object with many members: see value_index */
	union {
		struct str text;
		struct value *items;
		struct value_member *members;
	} as;
};

struct value_member {
	struct str key;
	uint32_t hash;
	struct value value;
};

struct value *value_object(struct arena *a);
struct value *value_list(struct arena *a);

/* A member of an object; `key` is a literal. They return the place, borrowed until the next put. */
struct value *value_put(struct arena *a, struct value *object, const char *key, struct value v);
void value_put_text(struct arena *a, struct value *object, const char *key, struct str text);
void value_put_plain(struct arena *a, struct value *object, const char *key, struct str text);
void value_put_bool(struct arena *a, struct value *object, const char *key, bool b);
void value_put_i64(struct arena *a, struct value *object, const char *key, int64_t n);
/* A new list or object as a member, to be filled before the object gets its next member. */
struct value *value_put_list(struct arena *a, struct value *object, const char *key);
struct value *value_put_object(struct arena *a, struct value *object, const char *key);
void value_put_key(struct arena *a, struct value *object, struct str key, struct value v);

/* A new item of a list, an empty object; borrowed until the next add. */
struct value *value_add_object(struct arena *a, struct value *list);
void value_add(struct arena *a, struct value *list, struct value v);

struct value value_text(struct str text);

/* Makes an object that gets no more members quick to look in. */
void value_index(struct arena *a, struct value *object);

uint32_t value_hash(struct str key);
/* False: an object has no member of this hash. Most names are looked for where they are not. */
static inline bool value_may_have(const struct value *object, uint32_t hash)
{
	return object->seen >> (hash >> 27) & 1;
}
const struct value *value_get(const struct value *object, struct str key, uint32_t hash);
/* False, none, an empty text and an empty list are not. */
bool value_is_true(const struct value *v);

#endif
