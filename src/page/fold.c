/*
 * fold - texts in the lower case in which the vocabulary has its phrases.
 */
#include <string.h>

#include "page/tables.h"
#include "text/utf8.h"

/* Eight characters of ASCII in lower case, all at once; false: not all are. */
static bool fold_ascii(const char *from, char *to)
{
	static const uint64_t ones = UINT64_C(0x0101010101010101), high = ones * 0x80;
	uint64_t s;

	memcpy(&s, from, 8);
	if (s & high)
		return false;
	/* The high bit of every byte from 'A' on, and not past 'Z', is the bit of its lower case.
	 */
	uint64_t upper = (s + ones * (0x80 - 'A')) & ~(s + ones * (0x7F - 'Z')) & high;
	s |= upper >> 2;
	memcpy(to, &s, 8);
	return true;
}

struct str fold_phrase(struct str s, char *out, size_t max)
{
	size_t n = 0;

	for (size_t i = 0; i < s.len && n + 4 < max;) {
		unsigned char ch = (unsigned char)s.ptr[i];

		if (s.len - i >= 8 && n + 12 < max && fold_ascii(s.ptr + i, out + n)) {
			i += 8;
			n += 8;
			continue;
		}
		if (ch < 0x80) {
			out[n++] = ch_lower((char)ch);
			i++;
			continue;
		}
		/* U+3000 to U+CFFF, kana, Han and most of Hangul, have no case. */
		if (ch >= 0xE3 && ch <= 0xEC && s.len - i >= 3 && (s.ptr[i + 1] & 0xC0) == 0x80 &&
		    (s.ptr[i + 2] & 0xC0) == 0x80) {
			memcpy(out + n, s.ptr + i, 3);
			n += 3;
			i += 3;
			continue;
		}
		uint32_t c = utf8_next(s, &i);
		if ((c >= 0xC0 && c <= 0xDE && c != 0xD7) || (c >= 0x391 && c <= 0x3A9) ||
		    (c >= 0x410 && c <= 0x42F))
			c += 32;
		else if (c >= 0x100 && c <= 0x137 && !(c & 1))
			c++;
		else if (c == 0x2019)
			c = '\'';
		else if (c == 0xA0)
			c = ' ';
		n += utf8_put(c, out + n);
	}
	return str_n(out, n);
}
