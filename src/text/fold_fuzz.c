/* Any bytes: folding keeps to itself, folding twice is folding once, and its map stays inside the
 * text. */
#include "text/fold.h"

#include <assert.h>

#include "text/segment.h"
#include "text/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = str_n((const char *)data, size);
	struct segment s;
	struct term t;
	struct arena a;
	size_t *from, end = 0;

	arena_init(&a);
	struct str folded = fold_text(&a, text), mapped = fold_mapped(&a, text, &from);
	assert(utf8_valid(folded));
	assert(str_eq(folded, mapped));
	for (size_t i = 0; i < mapped.len; i++)
		assert(from[i] <= from[i + 1] && from[i] < size);
	segment_start(&s, folded);
	while (segment_next(&s, &t)) {
		assert(t.from < t.to && t.to <= folded.len && t.from + t.text.len == t.to);
		assert(t.to >= end); /* terms overlap, and never go back */
		end = t.to;
	}
	arena_fini(&a);
	return 0;
}
