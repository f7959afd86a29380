#include "base/str.h"

#include <string.h>

bool str_eq_nocase(struct str a, struct str b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (ch_lower(a.ptr[i]) != ch_lower(b.ptr[i]))
			return false;
	return true;
}

int str_cmp(struct str a, struct str b)
{
	size_t len = a.len < b.len ? a.len : b.len;
	int order = len ? memcmp(a.ptr, b.ptr, len) : 0;

	if (order)
		return order;
	return (a.len > b.len) - (a.len < b.len);
}

bool str_has_prefix_nocase(struct str s, struct str prefix)
{
	return s.len >= prefix.len && str_eq_nocase(str_sub(s, 0, prefix.len), prefix);
}

bool str_contains(struct str s, struct str part)
{
	return str_find(s, part) != STR_NONE;
}

bool str_contains_nocase(struct str s, struct str part)
{
	return str_find_nocase(s, part) != STR_NONE;
}

size_t str_find(struct str s, struct str part)
{
	if (part.len == 0)
		return 0;
	if (part.len > s.len)
		return STR_NONE;
	const char *at = memmem(s.ptr, s.len, part.ptr, part.len);
	return at ? (size_t)(at - s.ptr) : STR_NONE;
}

size_t str_find_nocase(struct str s, struct str part)
{
	if (part.len == 0)
		return 0;
	if (part.len > s.len)
		return STR_NONE;
	/* The first byte in either case, by memchr; what follows is compared only there. */
	const char *end = s.ptr + (s.len - part.len) + 1;
	char lower = ch_lower(part.ptr[0]),
	     upper = lower >= 'a' && lower <= 'z' ? (char)(lower - 'a' + 'A') : lower;
	const char *low = memchr(s.ptr, lower, (size_t)(end - s.ptr)),
		   *up = upper == lower ? NULL : memchr(s.ptr, upper, (size_t)(end - s.ptr));

	while (low || up) {
		const char *at = low && (!up || low < up) ? low : up;

		if (str_eq_nocase(str_n(at, part.len), part))
			return (size_t)(at - s.ptr);
		if (at == low)
			low = memchr(at + 1, lower, (size_t)(end - at - 1));
		else
			up = memchr(at + 1, upper, (size_t)(end - at - 1));
	}
	return STR_NONE;
}

size_t str_find_ch(struct str s, char ch)
{
	const char *at = s.len ? memchr(s.ptr, ch, s.len) : NULL;

	return at ? (size_t)(at - s.ptr) : STR_NONE;
}

size_t str_rfind_ch(struct str s, char ch)
{
	for (size_t i = s.len; i-- > 0;)
		if (s.ptr[i] == ch)
			return i;
	return STR_NONE;
}

struct str str_trim(struct str s)
{
	while (s.len && ch_is_space(s.ptr[0]))
		s = str_from(s, 1);
	while (s.len && ch_is_space(s.ptr[s.len - 1]))
		s.len--;
	return s;
}

bool str_split(struct str *rest, char sep, struct str *piece)
{
	if (!rest->ptr)
		return false;
	size_t at = str_find_ch(*rest, sep);

	if (at == STR_NONE) {
		*piece = *rest;
		bool had = rest->len > 0;
		*rest = (struct str){ 0 };
		return had;
	}
	*piece = str_sub(*rest, 0, at);
	*rest = str_from(*rest, at + 1);
	return true;
}

bool str_to_i64(struct str s, int64_t min, int64_t max, int64_t *out)
{
	bool negative = s.len && s.ptr[0] == '-';
	uint64_t n = 0;

	if (s.len && (s.ptr[0] == '-' || s.ptr[0] == '+'))
		s = str_from(s, 1);
	if (s.len == 0 || s.len > 19)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		if (!ch_is_digit(s.ptr[i]))
			return false;
		n = n * 10 + (uint64_t)(s.ptr[i] - '0');
	}
	if (n > INT64_MAX)
		return false;
	int64_t value = negative ? -(int64_t)n : (int64_t)n;
	if (value < min || value > max)
		return false;
	*out = value;
	return true;
}
