/*
 * json_in - JSON (RFC 8259) as a tree of views, for documents that are read once and let go.
 *
 * Strings without escapes are views of the text, which must outlive the tree; all else stands in
 * the arena. Pure. Threads: one at a time. Limits: JSON_IN_MAX_DEPTH levels, JSON_IN_MAX_VALUES
 * values; what has more is none.
 */
#ifndef DIBAO_TEXT_JSON_IN_H
#define DIBAO_TEXT_JSON_IN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

enum { JSON_IN_MAX_DEPTH = 500, JSON_IN_MAX_VALUES = 500000 };

enum json_in_kind {
	JSON_IN_NULL,
	JSON_IN_FALSE,
	JSON_IN_TRUE,
	JSON_IN_NUMBER,
	JSON_IN_STRING,
	JSON_IN_LIST,
	JSON_IN_OBJECT
};

struct json_in {
	struct str key; /* of a member of an object */
	union {
		struct str text;              /* a string's characters; a number as it is written */
		const struct json_in *inside; /* the first value in a list or an object, or NULL */
	};
	const struct json_in *next; /* in the same list or object */
	uint32_t count;             /* values in a list or an object */
	uint8_t kind;
};

/*
 * The object or list that `s` begins with; what stands behind it is not looked at. NULL: it is
 * none. Lenient: what publishers get wrong is read as it was meant. What stands before the first
 * bracket is passed over (comment marks), control characters are spaces, a backslash before any
 * character gives the character, a comma may stand before a closing bracket.
 */
const struct json_in *json_in_read(struct arena *mem, struct str s, bool lenient);

/* These take any value, and NULL for none. */

/* The member of that name, of two the latter; NULL: none, or no object. */
const struct json_in *json_in_get(const struct json_in *v, const char *key);
/* The first value in a list or an object; the first in a list and nothing else; NULL: none. */
const struct json_in *json_in_first(const struct json_in *v);
const struct json_in *json_in_first_of_list(const struct json_in *v);
/* A string's characters; empty: none, or no string. */
struct str json_in_str(const struct json_in *v);
bool json_in_is(const struct json_in *v, enum json_in_kind kind);

#endif
