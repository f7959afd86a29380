/*
 * Both texts without white space; the part's passages are found by their first eight bytes in a
 * table, and what matches for PASSAGE bytes is followed as far as it goes. So each word is looked
 * up once, whatever the lengths.
 */
#include "text/beside.h"

#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "text/utf8.h"

enum { GRAM = 8, PASSAGE = 48, PROBES = 8 };

/* s without white space, and where its words begin in the result (one more element: its length). */
static struct str squeeze(struct arena *a, struct str s, size_t **starts, size_t *words)
{
	struct buf out;
	size_t cap = 64, n = 0;
	bool in_word = false;

	*starts = arena_array(a, cap, sizeof(**starts));
	buf_init(&out, BUF_NO_MAX);
	for (size_t pos = 0; pos < s.len;) {
		size_t from = pos;
		bool space = false;

		pos = utf8_skip_visible(s, pos);
		if (pos == from)
			space = utf8_is_space(utf8_next(s, &pos));
		if (!space && !in_word) {
			if (n + 2 > cap) {
				*starts = arena_grow(a, *starts, cap * sizeof(**starts),
						     cap * 2 * sizeof(**starts));
				cap *= 2;
			}
			(*starts)[n++] = out.len;
		}
		if (!space)
			buf_add(&out, str_sub(s, from, pos));
		in_word = !space;
	}
	(*starts)[n] = out.len;
	*words = n;
	struct str squeezed = arena_str(a, buf_str(&out));
	buf_fini(&out);
	return squeezed;
}

struct grams {
	struct str text;
	uint32_t *places; /* place + 1, or 0 */
	int shift;
	size_t mask;
};

static size_t slot_of(const struct grams *g, const char *p)
{
	uint64_t n;

	memcpy(&n, p, GRAM);
	return (size_t)((n ^ n >> 29) * UINT64_C(0x9E3779B97F4A7C15) >> g->shift);
}

static void make_grams(struct grams *g, struct str text)
{
	size_t cap = 1024;

	while (cap < text.len)
		cap *= 2;
	*g = (struct grams){ text, mem_array(cap, sizeof(*g->places)), 64 - __builtin_ctzll(cap),
			     cap - 1 };
	for (size_t i = 0; i + GRAM <= text.len; i++) {
		if (((unsigned char)text.ptr[i] & 0xC0) == 0x80)
			continue;
		size_t at = slot_of(g, text.ptr + i);

		for (int k = 0; k < PROBES && g->places[at]; k++)
			at = (at + 1) & g->mask;
		if (!g->places[at])
			g->places[at] = (uint32_t)i + 1;
	}
}

static size_t common(struct str a, struct str b)
{
	size_t n = 0, max = a.len < b.len ? a.len : b.len;

	while (max - n >= 64 && memcmp(a.ptr + n, b.ptr + n, 64) == 0)
		n += 64;
	while (n < max && a.ptr[n] == b.ptr[n])
		n++;
	return n;
}

/* How much of s stands in the part in one passage; 0: less than PASSAGE of it, or of all of s. */
static size_t find_passage(const struct grams *g, struct str s)
{
	size_t best = 0;

	if (s.len < GRAM)
		return 0;
	size_t at = slot_of(g, s.ptr);
	for (int k = 0; k <= PROBES && g->places[at]; k++, at = (at + 1) & g->mask) {
		size_t n = common(s, str_from(g->text, g->places[at] - 1));

		best = n > best ? n : best;
	}
	return best >= PASSAGE || best == s.len ? best : 0;
}

/* Most often the whole begins as the part does, or is the same: how many words of it. */
static size_t count_begun(const size_t *starts, size_t words, size_t begun)
{
	size_t i = 0;

	while (i < words && starts[i + 1] <= begun)
		i++;
	return begun >= PASSAGE || i == words ? i : 0;
}

struct str text_beside(struct arena *a, struct str whole, struct str part)
{
	size_t *starts, *others, words, count;
	struct str all = squeeze(a, whole, &starts, &words), other;
	struct grams g;
	struct buf out;

	if (part.len > UINT32_MAX - 1)
		return whole;
	other = squeeze(a, part, &others, &count);
	size_t i = count_begun(starts, words, common(all, other));
	if (i == words)
		return (struct str){ 0 };
	make_grams(&g, other);
	buf_init(&out, BUF_NO_MAX);
	while (i < words) {
		size_t n = find_passage(&g, str_from(all, starts[i]));

		if (n > 0) { /* past the words that are wholly in it */
			size_t end = starts[i] + n, first = i;
			while (i < words && starts[i + 1] <= end)
				i++;
			if (i > first)
				continue;
		}
		if (out.len)
			buf_add_ch(&out, ' ');
		buf_add(&out, str_sub(all, starts[i], starts[i + 1]));
		i++;
	}
	mem_free(g.places);
	struct str beside = arena_str(a, buf_str(&out));
	buf_fini(&out);
	return beside;
}
