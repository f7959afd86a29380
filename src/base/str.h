/*
 * str - a view of bytes: not NUL-terminated, never freed through, usually UTF-8.
 *
 * Who owns the bytes is said where the view is handed over. An empty str may
 * have a NULL ptr. Comparisons are of bytes; "nocase" folds ASCII only.
 */
#ifndef DIBAO_BASE_STR_H
#define DIBAO_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct str {
	const char *ptr;
	size_t len;
};

/* A view of a string literal; also valid as a static initialiser. */
#define STR(literal)                                                                               \
	{                                                                                          \
		"" literal, sizeof(literal) - 1                                                    \
	}
/* The same as an expression. */
#define S(literal) ((struct str){ "" literal, sizeof(literal) - 1 })
/* For printf: "%.*s", STR_FMT(s) */
#define STR_FMT(s) (int)(s).len, (s).ptr ? (s).ptr : ""

/* What is a few instructions stands here, not behind a call: parsers ask it of every byte or word.
 */

static inline struct str str_of(const char *cstr) /* NULL gives the empty str */
{
	return (struct str){ cstr, cstr ? strlen(cstr) : 0 };
}

static inline struct str str_n(const char *ptr, size_t len)
{
	return (struct str){ ptr, len };
}

static inline struct str str_sub(struct str s, size_t from, size_t to) /* clamped */
{
	if (to > s.len)
		to = s.len;
	if (from > to)
		from = to;
	/* A NULL view has no place to point into. */
	return (struct str){ s.ptr ? s.ptr + from : NULL, to - from };
}

static inline struct str str_from(struct str s, size_t from) /* clamped */
{
	return str_sub(s, from, s.len);
}

static inline bool str_eq(struct str a, struct str b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

static inline bool str_has_prefix(struct str s, struct str prefix)
{
	return s.len >= prefix.len && str_eq(str_sub(s, 0, prefix.len), prefix);
}

static inline bool str_has_suffix(struct str s, struct str suffix)
{
	return s.len >= suffix.len && str_eq(str_from(s, s.len - suffix.len), suffix);
}

bool str_eq_nocase(struct str a, struct str b);
int str_cmp(struct str a, struct str b);
bool str_has_prefix_nocase(struct str s, struct str prefix);
bool str_contains(struct str s, struct str part);
bool str_contains_nocase(struct str s, struct str part);

/* Offset of the first (last) occurrence, or STR_NONE. */
#define STR_NONE ((size_t)-1)
size_t str_find(struct str s, struct str part);
size_t str_find_nocase(struct str s, struct str part);
size_t str_find_ch(struct str s, char ch);
size_t str_rfind_ch(struct str s, char ch);

/* Without ASCII white space (space, \t \n \v \f \r) at both ends. */
struct str str_trim(struct str s);

/*
 * Takes the piece up to `sep` (or the end) off the front of *rest. False when
 * *rest is exhausted: "a,,b" gives "a", "", "b"; "" gives nothing.
 */
bool str_split(struct str *rest, char sep, struct str *piece);

/* Whole of s as a decimal number in [min, max]: true and *out set. */
bool str_to_i64(struct str s, int64_t min, int64_t max, int64_t *out);

/* ASCII only. */
static inline bool ch_is_space(char ch)
{
	return ch == ' ' || (ch >= '\t' && ch <= '\r');
}

static inline bool ch_is_digit(char ch)
{
	return ch >= '0' && ch <= '9';
}

static inline bool ch_is_alpha(char ch)
{
	return (unsigned char)((ch | 0x20) - 'a') < 26;
}

static inline bool ch_is_alnum(char ch)
{
	return ch_is_alpha(ch) || ch_is_digit(ch);
}

static inline char ch_lower(char ch)
{
	return ch >= 'A' && ch <= 'Z' ? (char)(ch + ('a' - 'A')) : ch;
}

#endif
