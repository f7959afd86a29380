/*
 * json - JSON out (RFC 8259), written straight into a buf; reading is jansson's.
 *
 *	struct json j;
 *	json_start(&j, &out, 2);
 *	json_begin_object(&j);
 *	json_add_key(&j, S("title"));
 *	json_add_str(&j, title);
 *	json_end(&j);
 *
 * Strings are cleaned to valid UTF-8; control characters are escaped. "<" is written as it is:
 * whoever puts JSON into HTML sets in_html.
 */
#ifndef DIBAO_TEXT_JSON_H
#define DIBAO_TEXT_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"

enum { JSON_MAX_DEPTH = 64 };

struct json {
	struct buf *out;
	int indent; /* spaces a level; 0: all on one line */
	int depth;
	char close[JSON_MAX_DEPTH];
	bool first; /* nothing yet in the innermost object or array */
	bool after_key;
	bool valid;   /* strings are known to be UTF-8: they are not looked at again */
	bool in_html; /* "<", ">" and "&" as \u003c ... */
};

void json_start(struct json *j, struct buf *out, int indent);
void json_begin_object(struct json *j);
void json_begin_array(struct json *j);
void json_end(struct json *j); /* closes the innermost */
void json_add_key(struct json *j, struct str key);
void json_add_str(struct json *j, struct str s);
void json_add_i64(struct json *j, int64_t n);
void json_add_bool(struct json *j, bool b);
void json_add_null(struct json *j);
void json_add_raw(struct json *j, struct str json_text); /* a finished value */

/* key and value; json_member_opt writes nothing for an empty value. */
void json_member(struct json *j, const char *key, struct str value);
void json_member_opt(struct json *j, const char *key, struct str value);
void json_member_i64(struct json *j, const char *key, int64_t n);
/* An instant (ms since 1970 UTC) as RFC 3339, offset_min east of UTC; nothing for TIME_UNSTATED. */
void json_member_time(struct json *j, const char *key, int64_t ms, int offset_min);

#endif
