/* A part of the search index: the terms of its documents, the newest first, as sorted lists. */
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "site/gather.h"
#include "site/search_build.h"
#include "site/shard.h"
#include "text/fold.h"
#include "text/segment.h"
#include "text/utf8.h"

enum {
	LIST_BYTES = 4096,  /* of terms with their documents, in one file */
	TERMS_LISTS = 64,   /* of which so many are found by one file */
	PLACE_BYTES = 4096, /* of places */
	TABLE_DOCS = 128,   /* of a table of numbers and dates */
	KEYWORDS_MAX = 32   /* as in the store's index */
};

struct str search_part_file(struct arena *a, const struct search_part *p, const char *kind)
{
	return arena_strf(a, "/search/g/%lld-%lld-%016llx/%s", (long long)p->from, (long long)p->to,
			  (unsigned long long)p->identity, kind);
}

static struct str numbered(struct arena *a, const struct search_part *p, const char *kind,
			   int64_t number)
{
	return arena_strf(a, "%.*s%lld.js", STR_FMT(search_part_file(a, p, kind)),
			  (long long)number);
}

int search_put(struct build *b, struct str path)
{
	if (b->anew || !output_exists(b->output, path))
		manifest_file(b, path);
	if (manifest_flush(b, b->err) < 0)
		return b->err->code;
	return build_put(b, path);
}

static int put_shard(struct build *b, struct str path, struct buf *bytes)
{
	shard_write(&b->bytes, buf_str(bytes));
	buf_reset(bytes);
	return search_put(b, path);
}

static int newest_first(const void *x, const void *y, void *arg)
{
	const struct list *docs = arg;
	const struct store_doc *a = list_at(docs, *(const uint32_t *)x),
			       *b = list_at(docs, *(const uint32_t *)y);

	if (a->date != b->date)
		return a->date < b->date ? 1 : -1;
	return (a->article < b->article) - (a->article > b->article);
}

void search_part_identify(const struct list *docs, struct search_part *part)
{
	struct hash_state hash;

	part->docs = 0;
	hash_start(&hash);
	for (int64_t i = part->from; i < part->to; i++) {
		const struct store_doc *doc = list_at(docs, (size_t)i);
		int64_t what[] = { SEARCH_VERSION, i, doc->article, doc->revision, doc->date };

		if (!doc->article)
			continue;
		part->docs++;
		hash_update(&hash, str_n((const char *)what, sizeof(what)));
	}
	struct hash whole = hash_finish(&hash);
	memcpy(&part->identity, whole.bytes, sizeof(part->identity));
}

/* Those that stand, newest first. */
static uint32_t *order_docs(const struct list *docs, const struct search_part *part)
{
	uint32_t *out = mem_array((size_t)part->docs + 1, sizeof(*out));
	size_t n = 0;

	for (int64_t i = part->from; i < part->to; i++)
		if (((const struct store_doc *)list_at(docs, (size_t)i))->article)
			out[n++] = (uint32_t)i;
	if (n)
		qsort_r(out, n, sizeof(*out), newest_first, (void *)(uintptr_t)docs);
	return out;
}

/* --- terms ------------------------------------------------------------------------------------ */

struct reading {
	struct build *b;
	struct gather *g;
	struct arena row;
	struct buf folded;
	uint32_t *last_seen; /* of each character of the first plane: document + 1 */
};

static void add_field(struct reading *rd, char field, struct str value, uint32_t doc)
{
	struct str term = arena_strf(&rd->row, "%c%.*s", field, STR_FMT(value));

	gather_add(rd->g, term, doc, GATHER_NOWHERE, false);
}

/* A character of CJK is a term too, with the places where it begins or ends a run: enough for it to
 * stand beside words in a phrase, inside a run it is part of pairs. */
static void add_character(struct reading *rd, struct str text, struct term *t, uint32_t doc,
			  uint32_t place, bool at_end, bool title)
{
	size_t pos = t->from;
	uint32_t c = utf8_next(text, &pos);
	bool seen = c < 0x10000 && rd->last_seen[c] == doc + 1;

	if (c < 0x10000)
		rd->last_seen[c] = doc + 1;
	/* A title comes first, so what is in it is seen there first. */
	if (at_end || !seen)
		gather_add(rd->g, str_sub(text, t->from, pos), doc, at_end ? place : GATHER_NOWHERE,
			   title);
}

/*
 * Places: one a word or character; one more where CJK follows CJK but not directly, two more at a
 * line's end. So what stands directly behind is one on, and what a phrase may have between is told.
 */
static void add_text(struct reading *rd, struct str text, size_t title_len, uint32_t doc)
{
	struct segment seg;
	struct term t;
	uint32_t more = 0;
	size_t before = 0; /* unit behind the last */
	bool run_ended = false, in_run = false;

	segment_start(&seg, text);
	while (segment_next(&seg, &t)) {
		bool cjk = t.kind != TERM_WORD, title = t.from < title_len;

		if (t.unit > before)
			more += 2;
		else if (cjk && run_ended)
			more++;
		uint32_t place = (uint32_t)t.unit + more;
		if (cjk)
			add_character(rd, text, &t, doc, place, !in_run || t.kind != TERM_PAIR,
				      title);
		if (t.kind == TERM_PAIR || t.kind == TERM_WORD)
			gather_add(rd->g, t.text, doc, place, title);
		in_run = t.kind == TERM_PAIR;
		run_ended = cjk && !in_run;
		before = t.unit + 1;
	}
}

static int add_doc(struct reading *rd, const struct store_doc *doc, uint32_t rank)
{
	struct build *b = rd->b;
	struct article art;
	struct strs sources;
	struct str around;

	arena_reset(&rd->row);
	if (store_article_get(b->site->store, &rd->row, doc->article, STORE_TEXT, &art, b->err) <
		    0 ||
	    store_around(b->site->store, &rd->row, doc->article, doc->revision, &around, b->err) <
		    0 ||
	    store_article_sources(b->site->store, &rd->row, doc->article, &sources, b->err) < 0)
		return b->err->code;
	buf_reset(&rd->folded);
	fold_to(&rd->folded, art.title);
	size_t title_len = rd->folded.len;
	buf_add_ch(&rd->folded, '\n');
	fold_to(&rd->folded, art.text);
	buf_add_ch(&rd->folded, '\n');
	fold_to(&rd->folded, around);
	add_text(rd, buf_str(&rd->folded), title_len, rank);
	add_field(rd, '\x02', art.source, rank);
	for (size_t i = 0; i < sources.count; i++)
		add_field(rd, '\x02', sources.items[i], rank);
	for (size_t i = 0; i < art.keywords.count && i < KEYWORDS_MAX; i++)
		add_field(rd, '\x03', str_trim(fold_text(&rd->row, art.keywords.items[i])), rank);
	return gather_doc_done(rd->g, b->err);
}

/* --- files ------------------------------------------------------------------------------------ */

struct part_writer {
	struct build *b;
	struct search_part *part;
	struct buf head;   /* dates, and the first term of each file of terms */
	struct buf list;   /* the file being filled */
	struct buf terms;  /* the first term of each file of lists, and where its places begin */
	struct buf firsts; /* the first of each of those */
	struct buf entry;
	struct buf places;
	int64_t place; /* bytes of places before this term */
	struct written {
		char bytes[GATHER_TERM_MAX];
		size_t len;
	} last, last_list, last_terms; /* terms written last in each of the three */
};

static int put_places(struct part_writer *w, bool all)
{
	struct buf piece;
	size_t at = 0;
	int r = 0;

	buf_init(&piece, BUF_NO_MAX);
	while (r == 0 && (w->places.len - at >= PLACE_BYTES || (all && at < w->places.len))) {
		struct str rest = str_from(buf_str(&w->places), at);
		struct str bytes = str_sub(rest, 0, PLACE_BYTES);

		buf_add(&piece, bytes);
		at += bytes.len;
		r = put_shard(w->b, numbered(&w->b->page, w->part, "p", w->part->places++), &piece);
		arena_reset(&w->b->page);
	}
	if (at) {
		memmove(w->places.ptr, w->places.ptr + at, w->places.len - at);
		buf_truncate(&w->places, w->places.len - at);
	}
	buf_fini(&piece);
	return r;
}

/* The term, by what differs from the one before it. */
static void add_shared(struct buf *out, struct written *before, struct str term)
{
	shard_shared(out, str_n(before->bytes, before->len), term);
	memcpy(before->bytes, term.ptr, term.len);
	before->len = term.len;
}

static int put_terms(struct part_writer *w)
{
	int r = 0;

	if (w->terms.len)
		r = put_shard(w->b, numbered(&w->b->page, w->part, "t", w->part->terms++),
			      &w->terms);
	arena_reset(&w->b->page);
	w->last_list.len = 0;
	return r;
}

static int put_list(struct part_writer *w)
{
	if (!w->list.len)
		return 0;
	int r = put_shard(w->b, numbered(&w->b->page, w->part, "l", w->part->lists++), &w->list);
	arena_reset(&w->b->page);
	w->last.len = 0;
	return r;
}

static int start_list(struct part_writer *w, struct str term)
{
	if (w->part->lists % TERMS_LISTS == 0) {
		if (put_terms(w) < 0)
			return w->b->err->code;
		add_shared(&w->firsts, &w->last_terms, term);
	}
	add_shared(&w->terms, &w->last_list, term);
	shard_varint(&w->terms, (uint64_t)w->place);
	return 0;
}

static int put_term(struct part_writer *w, const struct gathered_term *t)
{
	size_t places = t->any_place ? t->places.len : 0;

	buf_reset(&w->entry);
	shard_varint(&w->entry, places);
	shard_numbers(&w->entry, t->docs, t->count);
	shard_numbers(&w->entry, t->titles, t->title_count);
	if (w->list.len && w->list.len + w->entry.len + t->term.len + 4 > LIST_BYTES &&
	    put_list(w) < 0)
		return w->b->err->code;
	if (!w->list.len && start_list(w, t->term) < 0)
		return w->b->err->code;
	add_shared(&w->list, &w->last, t->term);
	shard_varint(&w->list, w->entry.len);
	buf_add(&w->list, buf_str(&w->entry));
	w->place += (int64_t)places;
	buf_add(&w->places, str_sub(t->places, 0, places));
	return put_places(w, false);
}

/* Which document stands at which rank, and from when it is. */
static int put_tables(struct part_writer *w, const struct list *docs, const uint32_t *order)
{
	struct buf table;
	int64_t last_date = 0;
	int r = 0;

	buf_init(&table, BUF_NO_MAX);
	shard_varint(&w->head, (uint64_t)w->part->docs);
	for (int64_t from = 0; from < w->part->docs && r == 0; from += TABLE_DOCS) {
		int64_t end = from + TABLE_DOCS < w->part->docs ? from + TABLE_DOCS : w->part->docs;
		int64_t number = 0, date;

		date = ((const struct store_doc *)list_at(docs, order[from]))->date;
		shard_signed(&w->head, date - last_date);
		last_date = date;
		for (int64_t i = from; i < end; i++) {
			int64_t next = ((const struct store_doc *)list_at(docs, order[i]))->date;
			int64_t step = date - next;

			shard_signed(&table, (int64_t)order[i] - number);
			shard_varint(&table, step % 1000 ? (uint64_t)step << 1 | 1
							 : (uint64_t)(step / 1000) << 1);
			number = order[i];
			date = next;
		}
		r = put_shard(w->b, numbered(&w->b->page, w->part, "m", w->part->tables++), &table);
		arena_reset(&w->b->page);
	}
	buf_fini(&table);
	return r;
}

static int put_files(struct part_writer *w, struct gather *g, const struct list *docs,
		     const uint32_t *order)
{
	struct gathered_term t;
	int r;

	buf_add_cstr(&w->head, "dbs1");
	if (put_tables(w, docs, order) < 0)
		return w->b->err->code;
	while ((r = gather_next(g, &t, w->b->err)) > 0 && (r = put_term(w, &t)) == 0)
		;
	if (r < 0 || put_list(w) < 0 || put_terms(w) < 0 || put_places(w, true) < 0)
		return w->b->err->code;
	shard_varint(&w->head, (uint64_t)w->part->terms);
	buf_add(&w->head, buf_str(&w->firsts));
	struct str path = arena_strf(&w->b->page, "%.*s.js",
				     STR_FMT(search_part_file(&w->b->page, w->part, "head")));
	r = put_shard(w->b, path, &w->head);
	arena_reset(&w->b->page);
	return r;
}

static int read_docs_of(struct reading *rd, const struct list *docs, const uint32_t *order,
			size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (add_doc(rd, list_at(docs, order[i]), (uint32_t)i) < 0 ||
		    build_tell(rd->b, 0) < 0)
			return rd->b->err->code;
	return gather_read(rd->g, rd->b->err);
}

int search_put_part(struct build *b, const struct list *docs, struct search_part *part)
{
	struct reading rd = { .b = b };
	struct part_writer w = { .b = b, .part = part };
	uint32_t *order = order_docs(docs, part);
	int r = gather_new(path_join(&b->life, b->dir, ".dibao"), &rd.g, b->err);

	part->tables = part->terms = part->lists = part->places = 0;
	arena_init(&rd.row);
	buf_init(&rd.folded, BUF_NO_MAX);
	rd.last_seen = mem_array(0x10000, sizeof(*rd.last_seen));
	struct buf *bufs[] = { &w.head, &w.list, &w.terms, &w.firsts, &w.entry, &w.places };
	for (size_t i = 0; i < sizeof(bufs) / sizeof(bufs[0]); i++)
		buf_init(bufs[i], BUF_NO_MAX);
	if (r == 0)
		r = read_docs_of(&rd, docs, order, (size_t)part->docs);
	if (r == 0)
		r = put_files(&w, rd.g, docs, order);
	for (size_t i = 0; i < sizeof(bufs) / sizeof(bufs[0]); i++)
		buf_fini(bufs[i]);
	mem_free(rd.last_seen);
	buf_fini(&rd.folded);
	arena_fini(&rd.row);
	gather_free(&rd.g);
	mem_free(order);
	return r;
}
