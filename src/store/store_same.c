#include "store/store.h"

#include "text/utf8.h"

/* The next character that counts: no white space, full-width forms as their narrow ones; 0 at the
 * end. */
static uint32_t next_char(struct str s, size_t *pos)
{
	while (*pos < s.len) {
		uint32_t c = utf8_next(s, pos);

		if (utf8_is_space(c) || c == 0x200D || c == 0x200C || c == 0x2060 || c == 0xAD)
			continue;
		if (c >= 0xFF01 && c <= 0xFF5E)
			return c - 0xFEE0;
		return c ? c : UTF8_BAD;
	}
	return 0;
}

uint64_t store_text_hash(struct str text)
{
	uint64_t hash = 14695981039346656037u; /* FNV-1a, over characters */
	uint32_t c;

	for (size_t pos = 0; (c = next_char(text, &pos));)
		hash = (hash ^ c) * 1099511628211u;
	return hash ? hash : 1;
}

bool store_same_text(struct str a, struct str b)
{
	size_t i = 0, j = 0;

	if (str_eq(a, b))
		return true;
	for (;;) {
		uint32_t x = next_char(a, &i), y = next_char(b, &j);

		if (x != y)
			return false;
		if (!x)
			return true;
	}
}
