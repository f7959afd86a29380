#include "text/utf8.h"

#include <string.h>

/* Reads one character whose first byte is no ASCII; *len is 0 where it is malformed, then *skip is
 * its maximal valid part. */
static uint32_t decode(const unsigned char *p, size_t left, size_t *len, size_t *skip)
{
	uint32_t c;
	size_t want;
	unsigned char low = 0x80, high = 0xBF; /* of the second byte: Unicode table 3-7 */

	*len = 0;
	*skip = 1;
	if (p[0] >= 0xC2 && p[0] <= 0xDF) {
		want = 2;
		c = p[0] & 0x1Fu;
	} else if (p[0] >= 0xE0 && p[0] <= 0xEF) {
		want = 3;
		c = p[0] & 0x0Fu;
		if (p[0] == 0xE0)
			low = 0xA0;
		if (p[0] == 0xED)
			high = 0x9F;
	} else if (p[0] >= 0xF0 && p[0] <= 0xF4) {
		want = 4;
		c = p[0] & 0x07u;
		if (p[0] == 0xF0)
			low = 0x90;
		if (p[0] == 0xF4)
			high = 0x8F;
	} else {
		return UTF8_BAD;
	}
	for (size_t i = 1; i < want; i++) {
		if (i >= left || p[i] < low || p[i] > high) {
			*skip = i;
			return UTF8_BAD;
		}
		low = 0x80;
		high = 0xBF;
		c = c << 6 | (p[i] & 0x3Fu);
	}
	*len = want;
	return c;
}

uint32_t utf8_next(struct str s, size_t *pos)
{
	const unsigned char *p = (const unsigned char *)s.ptr + *pos;
	size_t len, skip;

	if (*p < 0x80) {
		*pos += 1;
		return *p;
	}
	/* Most of what is not ASCII: three bytes, whose first sets no bounds to the second. */
	if (s.len - *pos >= 3 && p[0] > 0xE0 && p[0] < 0xF0 && p[0] != 0xED &&
	    (p[1] & 0xC0) == 0x80 && (p[2] & 0xC0) == 0x80) {
		*pos += 3;
		return (p[0] & 0x0Fu) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu);
	}
	uint32_t c = decode(p, s.len - *pos, &len, &skip);
	*pos += len ? len : skip;
	return c;
}

size_t utf8_put(uint32_t c, char out[4])
{
	if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
		c = UTF8_BAD;
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xC0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3F));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xE0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3F));
		out[2] = (char)(0x80 | (c & 0x3F));
		return 3;
	}
	out[0] = (char)(0xF0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3F));
	out[2] = (char)(0x80 | (c >> 6 & 0x3F));
	out[3] = (char)(0x80 | (c & 0x3F));
	return 4;
}

void buf_add_utf8(struct buf *b, uint32_t c)
{
	char bytes[4];

	buf_add_n(b, bytes, utf8_put(c, bytes));
}

size_t utf8_skip_wide(struct str s, size_t pos)
{
	const unsigned char *p = (const unsigned char *)s.ptr + pos;

	for (; s.len - pos >= 3; p += 3, pos += 3) {
		/* Most: U+1000 to U+CFFF, whose first byte sets no bounds to the second. */
		if (p[0] > 0xE0 && p[0] < 0xED && ((p[1] ^ 0x80) | (p[2] ^ 0x80)) < 0x40)
			continue;
		if ((p[0] & 0xF0) != 0xE0 || (p[1] & 0xC0) != 0x80 || (p[2] & 0xC0) != 0x80)
			break;
		/* E0 80-9F is overlong, ED A0-BF a surrogate */
		if ((p[0] == 0xE0 && p[1] < 0xA0) || (p[0] == 0xED && p[1] > 0x9F))
			break;
	}
	return pos;
}

/* Sixteen bytes, as gcc and clang have them on every machine. */
typedef uint64_t words2 __attribute__((vector_size(16)));

/* Behind the ASCII from `pos` on, by 64 and by eight bytes. */
static size_t skip_ascii(struct str s, size_t pos)
{
	words2 wide[4];
	uint64_t eight;

	for (; s.len - pos >= sizeof(wide); pos += sizeof(wide)) {
		memcpy(wide, s.ptr + pos, sizeof(wide));
		words2 any = wide[0] | wide[1] | wide[2] | wide[3];
		if ((any[0] | any[1]) & 0x8080808080808080u)
			break;
	}
	for (; s.len - pos >= 8; pos += 8) {
		memcpy(&eight, s.ptr + pos, 8);
		if (eight & 0x8080808080808080u)
			break;
	}
	while (pos < s.len && (unsigned char)s.ptr[pos] < 0x80)
		pos++;
	return pos;
}

/* Length of the valid front of s. */
static size_t valid_front(struct str s)
{
	size_t pos = 0;

	while (pos < s.len) {
		size_t len, skip;

		pos = skip_ascii(s, pos);
		if (pos == s.len)
			break;
		size_t wide = utf8_skip_wide(s, pos);
		if (wide > pos) {
			pos = wide;
			continue;
		}
		decode((const unsigned char *)s.ptr + pos, s.len - pos, &len, &skip);
		if (!len)
			return pos;
		pos += len;
	}
	return s.len;
}

bool utf8_valid(struct str s)
{
	return valid_front(s) == s.len;
}

bool utf8_is_ascii(struct str s)
{
	return skip_ascii(s, 0) == s.len;
}

struct str utf8_clean(struct arena *a, struct str s)
{
	size_t pos = valid_front(s), len = pos;

	if (pos == s.len)
		return s;
	/* One malformed byte may become three. */
	char *out = arena_alloc(a, pos + (s.len - pos) * 3);
	memcpy(out, s.ptr, pos);
	while (pos < s.len)
		len += utf8_put(utf8_next(s, &pos), out + len);
	return str_n(out, len);
}

/* Every byte begins a character that does not continue one (10xxxxxx). */
size_t utf8_count(struct str s)
{
	const uint64_t tops = 0x8080808080808080u, ones = 0x0101010101010101u;
	size_t n = s.len, pos = 0;
	uint64_t eight;

	for (; s.len - pos >= 8; pos += 8) {
		memcpy(&eight, s.ptr + pos, 8);
		uint64_t on = (eight & ~(eight << 1) & tops) >> 7;
		n -= (size_t)((on * ones) >> 56);
	}
	for (; pos < s.len; pos++)
		n -= ((unsigned char)s.ptr[pos] & 0xC0) == 0x80;
	return n;
}

struct str utf8_cut(struct str s, size_t max)
{
	if (s.len <= max)
		return s;
	while (max > 0 && ((unsigned char)s.ptr[max] & 0xC0) == 0x80)
		max--;
	return str_sub(s, 0, max);
}

bool utf8_is_han(uint32_t c)
{
	return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) || c == 0x3005 ||
	       c == 0x3007 || (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x20000 && c <= 0x323AF);
}

bool utf8_is_kana(uint32_t c)
{
	return (c >= 0x3041 && c <= 0x309F) || (c >= 0x30A1 && c <= 0x30FF && c != 0x30FB) ||
	       (c >= 0x31F0 && c <= 0x31FF) || (c >= 0xFF66 && c <= 0xFF9F);
}

bool utf8_is_hangul(uint32_t c)
{
	return (c >= 0xAC00 && c <= 0xD7A3) || (c >= 0x1100 && c <= 0x11FF) ||
	       (c >= 0x3130 && c <= 0x318F) || (c >= 0xA960 && c <= 0xA97F) ||
	       (c >= 0xD7B0 && c <= 0xD7FF);
}

bool utf8_is_cjk(uint32_t c)
{
	return c >= 0x1100 && (utf8_is_han(c) || utf8_is_kana(c) || utf8_is_hangul(c) ||
			       (c >= 0x3000 && c <= 0x303F) || (c >= 0x3100 && c <= 0x312F) ||
			       c == 0x30FB || (c >= 0xFF00 && c <= 0xFFEF));
}

bool utf8_is_space(uint32_t c)
{
	if (c < 0x80)
		return c == ' ' || (c >= 9 && c <= 13);
	return c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200B) ||
	       c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000 ||
	       c == 0xFEFF;
}

/* How much of the front is as utf8_squeeze would leave it: printable ASCII, single spaces in it. */
static size_t squeezed_front(struct str s)
{
	size_t i = 0;

	while (i < s.len && ((s.ptr[i] > ' ' && s.ptr[i] < 0x7F) ||
			     (s.ptr[i] == ' ' && i > 0 && s.ptr[i - 1] != ' ')))
		i++;
	while (i > 0 && s.ptr[i - 1] == ' ')
		i--;
	return i;
}

size_t utf8_skip_visible(struct str s, size_t pos)
{
	const unsigned char *p = (const unsigned char *)s.ptr;

	for (;;) {
		while (pos < s.len && p[pos] > ' ' && p[pos] < 0x7F)
			pos++;
		size_t from = pos;
		while (s.len - pos >= 3 && p[pos] >= 0xE4 && p[pos] <= 0xEC &&
		       (p[pos + 1] & 0xC0) == 0x80 && (p[pos + 2] & 0xC0) == 0x80)
			pos += 3;
		if (pos == from)
			return pos;
	}
}

struct str utf8_squeeze(struct arena *a, struct str s)
{
	size_t plain = squeezed_front(s);
	if (plain == s.len)
		return arena_str(a, s);
	char *out = arena_alloc(a, plain + (s.len - plain) * 3 + 1);
	size_t len = plain;
	bool space = false;

	if (plain)
		memcpy(out, s.ptr, plain);
	for (size_t pos = plain; pos < s.len;) {
		size_t end = utf8_skip_visible(s, pos);

		if (end > pos) {
			if (space)
				out[len++] = ' ';
			space = false;
			memcpy(out + len, s.ptr + pos, end - pos);
			len += end - pos;
			pos = end;
			continue;
		}
		uint32_t c = utf8_next(s, &pos);

		if (c == 0xFEFF || c == 0xAD || (c < 0x20 && !utf8_is_space(c)) || c == 0x7F)
			continue;
		if (utf8_is_space(c)) {
			space = len > 0;
			continue;
		}
		if (space)
			out[len++] = ' ';
		space = false;
		len += utf8_put(c, out + len);
	}
	return str_n(out, len);
}
