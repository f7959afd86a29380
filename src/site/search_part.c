/* A part of the search index: the terms of its documents, the newest first, as sorted lists. */
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "site/search_build.h"
#include "site/search_terms.h"
#include "site/shard.h"

enum {
	LIST_BYTES = 4096,  /* of terms with their documents, in one file */
	TERMS_LISTS = 64,   /* of which so many are found by one file */
	PLACE_BYTES = 4096, /* of places */
	TABLE_DOCS = 128    /* of a table of numbers and dates */
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

static int read_doc(struct build *b, struct search_terms *t, const struct store_doc *doc,
		    uint32_t number)
{
	struct article art;
	struct strs sources;
	struct str around;

	arena_reset(&b->page);
	if (store_article_get(b->site->store, &b->page, doc->article, STORE_TEXT, &art, b->err) <
		    0 ||
	    store_around(b->site->store, &b->page, doc->article, doc->revision, &around, b->err) <
		    0 ||
	    store_article_sources(b->site->store, &b->page, doc->article, &sources, b->err) < 0)
		return b->err->code;
	struct search_text text = {
		.title = art.title,
		.text = art.text,
		.around = around,
		.source = art.source,
		.sources = &sources,
		.keywords = &art.keywords,
	};
	return search_terms_add(t, number, &text, b->err);
}

static int read_docs(struct build *b, const struct list *docs, const struct search_part *part,
		     struct gather *g)
{
	struct search_terms *t = search_terms_new(g);
	int r = 0;

	for (int64_t i = part->from; i < part->to && r == 0; i++) {
		const struct store_doc *doc = list_at(docs, (size_t)i);

		if (doc->article)
			r = read_doc(b, t, doc, (uint32_t)(i - part->from));
		if (r == 0)
			r = build_tell(b, 0);
	}
	search_terms_free(&t);
	return r == 0 ? gather_end(g, b->err) : r;
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

static int put_files(struct part_writer *w, struct merge *m, const struct list *docs,
		     const uint32_t *order)
{
	struct gathered_term t;
	int r;

	buf_add_cstr(&w->head, "dbs1");
	if (put_tables(w, docs, order) < 0)
		return w->b->err->code;
	while ((r = merge_next(m, &t, w->b->err)) > 0 && (r = put_term(w, &t)) == 0)
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

/* By number in the part: the rank. */
static uint32_t *rank_docs(const struct search_part *part, const uint32_t *order)
{
	uint32_t *ranks = mem_array((size_t)(part->to - part->from), sizeof(*ranks));

	for (int64_t i = 0; i < part->docs; i++)
		ranks[order[i] - part->from] = (uint32_t)i;
	return ranks;
}

int search_put_part(struct build *b, const struct list *docs, struct search_part *part)
{
	struct part_writer w = { .b = b, .part = part };
	struct gather *g;
	struct merge *m = NULL;
	uint32_t *order = order_docs(docs, part), *ranks = rank_docs(part, order);
	int r = gather_new(path_join(&b->life, b->dir, ".dibao"), "search.tmp", GATHER_RUN, &g,
			   b->err);

	part->tables = part->terms = part->lists = part->places = 0;
	struct buf *bufs[] = { &w.head, &w.list, &w.terms, &w.firsts, &w.entry, &w.places };
	for (size_t i = 0; i < sizeof(bufs) / sizeof(bufs[0]); i++)
		buf_init(bufs[i], BUF_NO_MAX);
	if (r == 0)
		r = read_docs(b, docs, part, g);
	if (r == 0)
		r = merge_open(&g, 1, ranks, &m, b->err);
	if (r == 0)
		r = put_files(&w, m, docs, order);
	merge_close(&m);
	for (size_t i = 0; i < sizeof(bufs) / sizeof(bufs[0]); i++)
		buf_fini(bufs[i]);
	gather_free(&g);
	mem_free(ranks);
	mem_free(order);
	return r;
}
