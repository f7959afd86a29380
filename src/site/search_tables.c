/* What the browser folds and segments with: src/text/, asked for every character. */
#include "site/search_build.h"
#include "site/shard.h"
#include "text/fold.h"
#include "text/segment.h"

enum { BEHIND = 0x32000 }; /* no letter and no character of CJK from here on */

/* [from, behind) of each range, as distances. */
static void add_ranges(struct buf *out, bool (*is_in)(uint32_t c))
{
	struct buf ranges;
	uint64_t count = 0, last = 0;
	bool inside = false;

	buf_init(&ranges, BUF_NO_MAX);
	for (uint32_t c = 0; c <= BEHIND; c++) {
		bool in = c < BEHIND && is_in(c);

		if (in == inside)
			continue;
		shard_varint(&ranges, c - last);
		last = c;
		count += in;
		inside = in;
	}
	shard_varint(out, count);
	buf_add(out, buf_str(&ranges));
	buf_fini(&ranges);
}

void search_tables(struct buf *out)
{
	struct buf pairs;
	uint64_t count = 0;
	uint32_t from = 0, to = 0;

	buf_init(&pairs, BUF_NO_MAX);
	for (uint32_t c = 0; c < BEHIND; c++) {
		uint32_t folded = fold_han(c);

		if (folded == c)
			continue;
		shard_varint(&pairs, c - from);
		shard_signed(&pairs, (int64_t)folded - to);
		from = c;
		to = folded;
		count++;
	}
	shard_varint(out, count);
	buf_add(out, buf_str(&pairs));
	add_ranges(out, segment_is_word);
	add_ranges(out, segment_is_cjk);
	buf_fini(&pairs);
}
