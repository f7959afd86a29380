/* Edit distance with swaps (optimal string alignment), for names of options and commands: short, so
 * three rows do. */
#include "text/nearest.h"

static size_t min3(size_t a, size_t b, size_t c)
{
	size_t m = a < b ? a : b;

	return m < c ? m : c;
}

size_t word_distance(struct str a, struct str b)
{
	size_t rows[3][NEAREST_MAX_BYTES + 1];

	a = str_sub(a, 0, NEAREST_MAX_BYTES);
	b = str_sub(b, 0, NEAREST_MAX_BYTES);
	for (size_t j = 0; j <= b.len; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= a.len; i++) {
		size_t *row = rows[i % 3], *above = rows[(i + 2) % 3], *twice = rows[(i + 1) % 3];
		char ca = ch_lower(a.ptr[i - 1]);

		row[0] = i;
		for (size_t j = 1; j <= b.len; j++) {
			char cb = ch_lower(b.ptr[j - 1]);

			row[j] = min3(above[j] + 1, row[j - 1] + 1, above[j - 1] + (ca != cb));
			if (i > 1 && j > 1 && ca == ch_lower(b.ptr[j - 2]) &&
			    cb == ch_lower(a.ptr[i - 2]) && twice[j - 2] + 1 < row[j])
				row[j] = twice[j - 2] + 1;
		}
	}
	return rows[a.len % 3][b.len];
}

struct str nearest_word(struct str wrong, const struct str *words, size_t count)
{
	struct str best = { 0 };
	size_t best_distance = NEAREST_MAX_BYTES + 1;

	if (wrong.len == 0 || wrong.len > NEAREST_MAX_BYTES)
		return best;
	for (size_t i = 0; i < count; i++) {
		size_t d = word_distance(wrong, words[i]);
		/* The beginning of a word is what somebody meant who shortened it. */
		if (wrong.len >= 3 && str_has_prefix_nocase(words[i], wrong))
			d = 1;
		size_t near_enough = words[i].len <= 4 ? 1 : words[i].len / 3;

		if (d < best_distance && d <= near_enough) {
			best = words[i];
			best_distance = d;
		}
	}
	return best;
}
