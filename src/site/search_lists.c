/*
 * The terms of a part: blocks of sorted terms with the documents of those that have few, and apart
 * the documents of the others, each with its places behind them; and the tables that lead to a
 * block.
 */
#include <string.h>

#include "base/mem.h"
#include "site/search_build.h"
#include "site/shard.h"

enum {
	BLOCK_BYTES = 1536,   /* of terms */
	FLAT_BYTES = 3072,    /* ... where a head has very many: the fewer, the less of it */
	FLAT_DOCS = 2048,     /* ... that of more documents */
	RUN_BYTES = 65536,    /* of places of a block's terms, before escaping */
	FEW_DOCS = 64,        /* of a term whose documents stand in its block */
	FEW_PLACES = 1024,    /* bytes of its places */
	PLACES_DOCS = 64,     /* documents whose places are a piece */
	PLACES_BYTES = 65536, /* ... or the first of several */
	TABLE = 128           /* blocks of a table, and groups */
};

struct part_writer *part_writer_new(struct build *b, struct search_part *part,
				    const struct pack_sink *sink)
{
	struct part_writer *w = mem_alloc(sizeof(*w));
	struct buf *bufs[] = { &w->groups, &w->tables, &w->block, &w->run,
			       &w->blocks, &w->firsts, &w->first, &w->entry };

	w->part = part;
	w->flat = search_flat(part);
	w->block_bytes = w->flat && part->to - part->from > FLAT_DOCS ? FLAT_BYTES : BLOCK_BYTES;
	w->life = &b->life;
	w->err = b->err;
	arena_init(&w->arena);
	for (int i = 0; i < SEARCH_TEXTS; i++)
		pack_init(&w->packs[i], search_stem(&w->arena, part, (enum search_stream)i, 0),
			  search_limit(part), sink);
	for (size_t i = 0; i < sizeof(bufs) / sizeof(bufs[0]); i++)
		buf_init(bufs[i], BUF_NO_MAX);
	return w;
}

void part_writer_free(struct part_writer **wp)
{
	struct part_writer *w = *wp;

	*wp = NULL;
	if (!w)
		return;
	struct buf *bufs[] = { &w->groups, &w->tables, &w->block, &w->run,
			       &w->blocks, &w->firsts, &w->first, &w->entry };
	for (size_t i = 0; i < sizeof(bufs) / sizeof(bufs[0]); i++)
		buf_fini(bufs[i]);
	for (int i = 0; i < SEARCH_TEXTS; i++)
		pack_fini(&w->packs[i]);
	arena_fini(&w->arena);
	mem_free(w);
}

int part_writer_put(struct part_writer *w, enum search_stream stream, struct buf *bytes,
		    struct pack_place *out)
{
	int r = pack_add(&w->packs[stream], buf_str(bytes), out, w->err);

	buf_reset(bytes);
	return r;
}

/* The term, by what differs from the one before it. */
static void add_shared(struct buf *out, struct written *before, struct str term)
{
	shard_shared(out, str_n(before->bytes, before->len), term);
	memcpy(before->bytes, term.ptr, term.len);
	before->len = term.len;
}

/* A table of what stands behind one another in another file, from the address `at` on. */
static int put_table(struct part_writer *w, int64_t at, struct str entries,
		     struct pack_place *place)
{
	struct buf table;

	buf_init(&table, BUF_NO_MAX);
	shard_varint(&table, (uint64_t)at);
	buf_add(&table, entries);
	int r = part_writer_put(w, SEARCH_INDEX, &table, place);
	buf_fini(&table);
	return r;
}

/* A table of blocks, once it is full. */
static int put_blocks(struct part_writer *w)
{
	struct pack_place place;

	if (!w->block_count)
		return 0;
	int r = put_table(w, w->blocks_at, buf_str(&w->blocks), &place);
	if (r < 0)
		return r;
	if (!w->firsts_at)
		w->firsts_at = place.at;
	shard_varint(&w->firsts, place.len);
	buf_reset(&w->blocks);
	w->block_count = 0;
	w->last_block.len = 0;
	return 0;
}

/* The block that is filled, behind its terms' places. */
static int put_block(struct part_writer *w)
{
	struct pack_place run = { 0 }, place;
	struct buf block;

	if (!w->block.len)
		return 0;
	if (w->run.len && pack_add(&w->packs[SEARCH_PLACES], buf_str(&w->run), &run, w->err) < 0)
		return w->err->code;
	buf_init(&block, BUF_NO_MAX);
	shard_varint(&block, (uint64_t)run.at);
	buf_add(&block, buf_str(&w->block));
	int r = part_writer_put(w, SEARCH_TERMS, &block, &place);
	buf_fini(&block);
	if (r < 0)
		return r;
	if (!w->block_count) {
		w->blocks_at = place.at;
		if (!w->flat)
			add_shared(&w->firsts, &w->last_first, buf_str(&w->first));
	}
	add_shared(&w->blocks, &w->last_block, buf_str(&w->first));
	shard_varint(&w->blocks, place.len);
	buf_reset(&w->block);
	buf_reset(&w->run);
	w->before = w->last;
	w->last.len = 0;
	return ++w->block_count == TABLE && !w->flat ? put_blocks(w) : 0;
}

/* The bytes of the places of the next PLACES_DOCS documents. */
static size_t places_len(struct str places, size_t docs)
{
	size_t at = 0;

	while (docs && at < places.len) {
		bool ends = (places.ptr[at] & 1) == 0; /* the lowest bit comes first */

		while (places.ptr[at++] & 0x80)
			;
		docs -= ends;
	}
	return at;
}

/* The next piece of places: of PLACES_DOCS documents, or, where `more` follows, a part of that. */
static struct str next_piece(struct str *places, size_t *left, bool *more)
{
	if (!*left)
		*left = places_len(*places, PLACES_DOCS);
	struct str piece = str_sub(*places, 0, *left < PLACES_BYTES ? *left : PLACES_BYTES);
	*left -= piece.len;
	*more = *left > 0;
	*places = str_from(*places, piece.len);
	return piece;
}

/*
 * Documents of a term that has many: they, and how long the pieces of their places are, which
 * follow.
 */
static int put_many(struct part_writer *w, const struct gathered_term *t, struct str places)
{
	struct pack *pack = &w->packs[SEARCH_PLACES];
	struct pack_place place;
	struct str rest = places;
	size_t left = 0;
	bool more;

	buf_reset(&w->entry);
	shard_numbers(&w->entry, t->docs, t->count);
	shard_numbers(&w->entry, t->titles, t->title_count);
	while (rest.len) {
		size_t len = shard_escaped_len(next_piece(&rest, &left, &more));

		shard_varint(&w->entry, (uint64_t)len << 1 | more);
	}
	if (pack_add(pack, buf_str(&w->entry), &place, w->err) < 0)
		return w->err->code;
	shard_varint(&w->block, (uint64_t)place.at);
	shard_varint(&w->block, place.len);
	for (rest = places, left = 0; rest.len;)
		if (pack_add(pack, next_piece(&rest, &left, &more), &place, w->err) < 0)
			return w->err->code;
	return 0;
}

/* The shortest that is sorted behind the block before, and not behind the block's first term. */
static void set_first(struct part_writer *w, struct str term)
{
	size_t same = 0;

	while (same < w->before.len && w->before.bytes[same] == term.ptr[same])
		same++;
	buf_reset(&w->first);
	buf_add(&w->first, str_sub(term, 0, same + 1));
}

static int put_term(struct part_writer *w, const struct gathered_term *t)
{
	struct str places = str_sub(t->places, 0, t->any_place ? t->places.len : 0);
	bool many = t->count > FEW_DOCS || places.len > FEW_PLACES;

	buf_reset(&w->entry);
	if (!many) {
		shard_varint(&w->entry, shard_escaped_len(places));
		shard_numbers(&w->entry, t->docs, t->count);
		if (t->title_count)
			shard_numbers(&w->entry, t->titles, t->title_count);
	}
	if ((w->block.len + w->entry.len + t->term.len + 4 > w->block_bytes ||
	     w->run.len + places.len > RUN_BYTES) &&
	    put_block(w) < 0)
		return w->err->code;
	if (!w->block.len)
		set_first(w, t->term);
	add_shared(&w->block, &w->last, t->term);
	buf_add_ch(&w->block, (char)(many | (t->title_count > 0) << 1));
	if (many)
		return put_many(w, t, places);
	buf_add(&w->block, buf_str(&w->entry));
	buf_add(&w->run, places);
	return 0;
}

/* --- groups of documents ---------------------------------------------------------------------- */

/* A table of groups, once it is full. */
static int put_groups(struct part_writer *w)
{
	struct pack_place place;
	int r = put_table(w, w->groups_at, buf_str(&w->groups), &place);

	if (r < 0)
		return r;
	if (!w->tables_at)
		w->tables_at = place.at;
	shard_varint(&w->tables, place.len);
	buf_reset(&w->groups);
	w->group_count = 0;
	return 0;
}

int part_writer_group(struct part_writer *w, struct str piece, int64_t hour)
{
	struct pack_place place;

	if (pack_add(&w->packs[SEARCH_RECORDS], piece, &place, w->err) < 0)
		return w->err->code;
	if (!w->group_count) {
		w->groups_at = place.at;
		w->group_hour = 0;
		shard_signed(&w->tables, w->table_hour - hour);
		w->table_hour = hour;
	}
	shard_signed(&w->groups, w->group_hour - hour);
	shard_varint(&w->groups, place.len);
	w->group_hour = hour;
	return ++w->group_count == TABLE && !w->flat ? put_groups(w) : 0;
}

/* --- all of it -------------------------------------------------------------------------------- */

/* What leads to everything: to tables, or, where there are none, to what they would lead to. */
static int put_head(struct part_writer *w)
{
	struct search_part *part = w->part;
	struct squeezer *squeezer = squeezer_new();
	struct buf head, squeezed;

	buf_init(&head, BUF_NO_MAX);
	buf_init(&squeezed, BUF_NO_MAX);
	shard_varint(&head, (uint64_t)part->docs);
	shard_varint(&head, w->flat);
	shard_varint(&head, (uint64_t)(w->flat ? w->groups_at : w->tables_at));
	buf_add(&head, buf_str(w->flat ? &w->groups : &w->tables));
	shard_varint(&head, (uint64_t)(w->flat ? w->blocks_at : w->firsts_at));
	buf_add(&head, buf_str(w->flat ? &w->blocks : &w->firsts));
	if (head.len <= SEARCH_INLINE)
		part->head_piece = arena_str(w->life, buf_str(&head));
	shard_squeeze(squeezer, &squeezed, buf_str(&head));
	int r = part_writer_put(w, SEARCH_INDEX, &squeezed, &part->head);
	buf_fini(&head);
	buf_fini(&squeezed);
	squeezer_free(&squeezer);
	return r;
}

static int put_tables(struct part_writer *w)
{
	if (w->flat)
		return 0;
	return w->group_count && put_groups(w) < 0 ? w->err->code : put_blocks(w);
}

int part_writer_lists(struct part_writer *w, struct merge *m)
{
	struct gathered_term t;
	int r;

	while ((r = merge_next(m, &t, w->err)) > 0 && (r = put_term(w, &t)) == 0)
		;
	if (r < 0 || put_block(w) < 0 || put_tables(w) < 0 || put_head(w) < 0)
		return w->err->code;
	for (int i = 0; i < SEARCH_TEXTS; i++)
		if (pack_end(&w->packs[i], w->err) < 0)
			return w->err->code;
	return 0;
}
