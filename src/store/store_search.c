/*
 * Searching: the clauses of a query against each segment, then the documents' records for what is
 * dead, when it is from and where its text stands; then the texts of what will be shown, and of
 * phrases.
 *
 * The index knows the places of a term modulo 128 only. That tells a phrase from its parts strewn
 * about almost surely; the text tells it surely, at a few microseconds each: what is returned is
 * checked, and STORE_SEARCH_CHECKED more.
 */
#include <stdlib.h>
#include <string.h>

#include "base/list.h"
#include "base/mem.h"
#include "store/index.h"
#include "store/query.h"

enum { TITLE_DAYS = 365 };
static const int64_t TITLE_WEIGHT = INT64_C(86400000) * TITLE_DAYS;

struct hit {
	uint32_t doc;
	uint16_t day;
	bool title;  /* every term is in the title */
	bool unsure; /* places were not enough to tell that a phrase is there */
};

/* A hit whose record has been read. */
struct found {
	struct hit hit;
	int64_t revision_id;
	int64_t rank; /* its date, and what the title adds */
};

struct search {
	struct store *s;
	struct arena mem;
	struct query query;
	struct list hits;  /* the first `ranked` are in `found`: none of the others is better */
	struct list edge;  /* of the days that from: and to: are in: their records tell */
	struct list found; /* best first */
	size_t ranked;
	struct str *days;             /* the blocks of search_days, as far as they were read */
	uint16_t first_day, last_day; /* of from: and to: */
	bool newest_first;
	bool phrases;              /* some clause has several terms */
	struct matcher **matchers; /* of the clauses that must stand in the text */
	struct matcher **checks;   /* of those, the phrases */
	size_t matcher_count, check_count;
	unsigned char *unsure; /* a byte a document of the segment at hand */
};

/* A set of documents, ascending. */
struct docs {
	uint32_t *items;
	size_t count;
};

struct postings {
	size_t count; /* 0: the segment does not have the term */
	struct str lists;
};

/* --- lists of a segment ----------------------------------------------------------------------- */

static int damaged(const struct segment_row *seg, struct err *err)
{
	return err_set(err, ERR_INPUT, "the search index is damaged: segment %d (dibao verify)",
		       (int)seg->id);
}

/* The block that would hold the term, positioned before it; 0: none. The rows have to be ended. */
static int open_block(struct search *q, const struct segment_row *seg, struct str term,
		      struct db_rows **r, struct err *err)
{
	if (db_query(q->s->db,
		     "SELECT data FROM search_blocks WHERE segment = $1 AND first <= $2"
		     " ORDER BY first DESC LIMIT 1",
		     r, err) < 0)
		return err->code;
	db_bind_i64(*r, 1, seg->id);
	db_bind_blob(*r, 2, term);
	return db_next(*r, err);
}

static int find_entry(struct search *q, const struct segment_row *seg, struct str term,
		      struct postings *out, struct err *err)
{
	struct entry_reader e;
	struct db_rows *r;
	int rc = open_block(q, seg, term, &r, err), found = 0;

	out->count = 0;
	if (rc > 0)
		found = entries_find(db_str(r, 0), term, &e);
	if (found > 0)
		*out = (struct postings){ e.count, arena_str(&q->mem, e.lists) };
	db_done(&r);
	if (found < 0)
		return damaged(seg, err);
	return rc < 0 ? rc : 0;
}

static int entry_docs(struct search *q, const struct segment_row *seg, const struct postings *e,
		      struct docs *out, const char **places, struct err *err)
{
	out->items = arena_array(&q->mem, e->count + 1, sizeof(*out->items));
	out->count = e->count;
	*places = read_docs(e->lists, e->count, seg->base, out->items);
	return *places ? 0 : damaged(seg, err);
}

/* Keeps in a what is also in b. */
static void intersect(struct docs *a, const struct docs *b)
{
	size_t n = 0, j = 0;

	for (size_t i = 0; i < a->count && j < b->count; i++) {
		uint32_t doc = a->items[i];

		/* Where b is much longer, big steps first. */
		for (size_t step = 64; j + step < b->count && b->items[j + step] < doc; step *= 2)
			j += step;
		while (j < b->count && b->items[j] < doc)
			j++;
		if (j < b->count && b->items[j] == doc)
			a->items[n++] = doc;
	}
	a->count = n;
}

static void subtract(struct docs *a, const struct docs *b)
{
	size_t n = 0, j = 0;

	for (size_t i = 0; i < a->count; i++) {
		while (j < b->count && b->items[j] < a->items[i])
			j++;
		if (j == b->count || b->items[j] != a->items[i])
			a->items[n++] = a->items[i];
	}
	a->count = n;
}

/* --- clauses ---------------------------------------------------------------------------------- */

static int add_block_docs(struct search *q, const struct segment_row *seg, struct str block,
			  struct str prefix, unsigned char *set, bool *ended, struct err *err)
{
	struct entry_reader e;
	int more;

	entries_start(&e, block);
	while ((more = entries_next(&e)) > 0) {
		struct str term = str_n(e.term, e.term_len);
		struct docs docs;
		const char *places;

		if (!str_has_prefix(term, prefix)) {
			*ended = str_cmp(term, prefix) > 0;
			if (*ended)
				break;
			continue;
		}
		struct postings entry = { e.count, e.lists };
		if (entry_docs(q, seg, &entry, &docs, &places, err) < 0)
			return err->code;
		for (size_t i = 0; i < docs.count; i++)
			if (docs.items[i] - seg->base < seg->span)
				set[docs.items[i] - seg->base] = 1;
	}
	return more < 0 ? damaged(seg, err) : 0;
}

/* One character: whatever begins with it. */
static int prefix_docs(struct search *q, const struct segment_row *seg, struct str prefix,
		       struct docs *out, struct err *err)
{
	unsigned char *set = arena_alloc(&q->mem, (size_t)seg->span + 1);
	struct db_rows *r;
	bool ended = false;
	int rc = open_block(q, seg, prefix, &r, err);

	if (rc > 0)
		rc = add_block_docs(q, seg, db_str(r, 0), prefix, set, &ended, err);
	db_done(&r);
	if (rc < 0)
		return rc;
	if (!ended) {
		if (db_query(q->s->db,
			     "SELECT data FROM search_blocks WHERE segment = $1 AND first > $2 "
			     "ORDER BY first",
			     &r, err) < 0)
			return err->code;
		db_bind_i64(r, 1, seg->id);
		db_bind_blob(r, 2, prefix);
		while (!ended && (rc = db_next(r, err)) > 0)
			if ((rc = add_block_docs(q, seg, db_str(r, 0), prefix, set, &ended, err)) <
			    0)
				break;
		db_done(&r);
		if (rc < 0)
			return rc;
	}
	out->items = arena_array(&q->mem, (size_t)seg->docs + (size_t)seg->span + 1,
				 sizeof(*out->items));
	out->count = 0;
	for (int64_t i = 0; i < seg->span; i++)
		if (set[i])
			out->items[out->count++] = seg->base + (uint32_t)i;
	return 0;
}

/*
 * Narrows `at` (the places where each document's match so far would go on) by one more term;
 * documents with none left drop out.
 */
static bool follow(const struct segment_row *seg, const struct docs *term, const char *p,
		   const char *end, struct docs *docs, struct places *at, unsigned char *unsure)
{
	size_t n = 0, j = 0;

	for (size_t i = 0; i < docs->count; i++) {
		struct places here;
		bool many;

		for (; j < term->count && term->items[j] < docs->items[i]; j++)
			if (!skip_places(&p, end))
				return false;
		if (j++ == term->count || !read_places(&p, end, &here, &many))
			return false;
		unsure[docs->items[i] - seg->base] |= many;
		here = places_and(here, at[i]);
		if (!places_any(here))
			continue;
		docs->items[n] = docs->items[i];
		at[n++] = here;
	}
	docs->count = n;
	return true;
}

/* A term whose places are not known: every document may be. */
static void all_unsure(struct search *q, const struct segment_row *seg, const struct docs *docs)
{
	for (size_t i = 0; i < docs->count; i++)
		q->unsure[docs->items[i] - seg->base] = 1;
}

/* Several terms, one behind the other. */
static int phrase_docs(struct search *q, const struct segment_row *seg, const struct clause *c,
		       struct docs *out, struct err *err)
{
	struct postings *entries = arena_array(&q->mem, c->term_count, sizeof(*entries));
	struct docs *lists = arena_array(&q->mem, c->term_count, sizeof(*lists));
	const char **places = arena_array(&q->mem, c->term_count, sizeof(*places));
	size_t least = 0;

	for (size_t i = 0; i < c->term_count; i++) {
		if (c->terms[i].prefix)
			continue;
		if (find_entry(q, seg, c->terms[i].text, &entries[i], err) < 0)
			return err->code;
		if (!entries[i].count)
			return 0;
	}
	/* A character by itself, beside words, may begin a longer run or end one: in its pairs'
	 * lists, and where is not known. */
	for (size_t i = 0; i < c->term_count; i++) {
		if ((c->terms[i].prefix
			     ? prefix_docs(q, seg, c->terms[i].text, &lists[i], err)
			     : entry_docs(q, seg, &entries[i], &lists[i], &places[i], err)) < 0)
			return err->code;
		if (lists[i].count < lists[least].count)
			least = i;
	}
	out->items = arena_array(&q->mem, lists[least].count + 1, sizeof(*out->items));
	memcpy(out->items, lists[least].items, lists[least].count * sizeof(*out->items));
	out->count = lists[least].count;
	for (size_t i = 0; i < c->term_count; i++)
		if (i != least)
			intersect(out, &lists[i]);
	struct places *at = arena_array(&q->mem, out->count + 1, sizeof(*at));
	memset(at, 0xFF, out->count * sizeof(*at));
	for (size_t i = 0; i < c->term_count && out->count; i++) {
		const char *end = entries[i].lists.ptr + entries[i].lists.len;
		unsigned step = i ? (unsigned)(c->terms[i].unit - c->terms[i - 1].unit) : 0;

		for (size_t k = 0; k < out->count; k++)
			at[k] = places_shift(at[k], step);
		if (!places[i] ||
		    !has_places(c->terms[i].text, entries[i].count, seg->level == TOP_LEVEL))
			all_unsure(q, seg, out);
		else if (!follow(seg, &lists[i], places[i], end, out, at, q->unsure))
			return damaged(seg, err);
	}
	return 0;
}

static int clause_docs(struct search *q, const struct segment_row *seg, const struct clause *c,
		       struct docs *out, struct err *err)
{
	struct postings e;
	const char *places;

	*out = (struct docs){ 0 };
	if (c->term_count > 1)
		return phrase_docs(q, seg, c, out, err);
	if (c->terms[0].prefix)
		return prefix_docs(q, seg, c->terms[0].text, out, err);
	if (find_entry(q, seg, c->terms[0].text, &e, err) < 0)
		return err->code;
	return e.count ? entry_docs(q, seg, &e, out, &places, err) : 0;
}

/* Those of `in` that have every term of the query in their title. */
static int title_docs(struct search *q, const struct segment_row *seg, const struct docs *in,
		      struct docs *out, struct err *err)
{
	out->items = arena_array(&q->mem, in->count + 1, sizeof(*out->items));
	memcpy(out->items, in->items, in->count * sizeof(*in->items));
	out->count = in->count;
	for (size_t i = 0; i < q->query.count && out->count; i++) {
		const struct clause *c = &q->query.clauses[i];

		for (size_t t = 0; !c->field && !c->without && t < c->term_count && out->count;
		     t++) {
			struct str text =
				arena_strf(&q->mem, FIELD_TITLE "%.*s", STR_FMT(c->terms[t].text));
			struct query_term term = { str_sub(text, 0, TERM_MAX_BYTES), 0,
						   c->terms[t].prefix };
			struct clause one = { .terms = &term, .term_count = 1 };
			struct docs docs;

			if (clause_docs(q, seg, &one, &docs, err) < 0)
				return err->code;
			intersect(out, &docs);
		}
	}
	return 0;
}

static int read_days(struct search *q, uint32_t block, struct str *out, struct err *err)
{
	struct buf data;
	int rc = 0;

	if (!q->days[block].ptr) {
		buf_init(&data, BUF_NO_MAX);
		rc = read_day_block(q->s, block, &data, err);
		q->days[block] = arena_str(&q->mem, buf_str(&data));
		buf_fini(&data);
	}
	*out = q->days[block];
	return rc;
}

/* Those that stand, of the days that are asked for. */
static int add_hits(struct search *q, const struct segment_row *seg, const struct docs *all,
		    const struct docs *titles, struct err *err)
{
	struct str days;

	for (size_t i = 0, t = 0; i < all->count;) {
		uint32_t block = all->items[i] / DAYS_A_BLOCK, first = block * DAYS_A_BLOCK;

		if (read_days(q, block, &days, err) < 0)
			return err->code;
		for (; i < all->count && all->items[i] - first < DAYS_A_BLOCK; i++) {
			uint32_t doc = all->items[i];
			size_t at = (doc - first) * sizeof(uint16_t);
			uint16_t day = 0;

			if (at + sizeof(day) <= days.len)
				memcpy(&day, days.ptr + at, sizeof(day));
			if (!day || day < q->first_day || day > q->last_day)
				continue;
			while (t < titles->count && titles->items[t] < doc)
				t++;
			*(struct hit *)list_add(day == q->first_day || day == q->last_day
							? &q->edge
							: &q->hits) = (struct hit){
				doc,
				day,
				t < titles->count && titles->items[t] == doc,
				q->phrases && q->unsure[doc - seg->base],
			};
		}
	}
	return 0;
}

static int search_segment(struct search *q, const struct segment_row *seg, struct err *err)
{
	struct docs all = { 0 }, docs, titles = { 0 };
	bool first = true;

	if (q->phrases)
		q->unsure = arena_alloc(&q->mem, (size_t)seg->span + 1);
	for (size_t i = 0; i < q->query.count && (first || all.count); i++) {
		if (q->query.clauses[i].without)
			continue;
		if (clause_docs(q, seg, &q->query.clauses[i], &docs, err) < 0)
			return err->code;
		if (first)
			all = docs;
		else
			intersect(&all, &docs);
		first = false;
	}
	for (size_t i = 0; i < q->query.count && all.count; i++) {
		if (!q->query.clauses[i].without)
			continue;
		if (clause_docs(q, seg, &q->query.clauses[i], &docs, err) < 0)
			return err->code;
		subtract(&all, &docs);
	}
	if (all.count && q->matcher_count && !q->newest_first &&
	    title_docs(q, seg, &all, &titles, err) < 0)
		return err->code;
	return add_hits(q, seg, &all, &titles, err);
}

/* --- hits ------------------------------------------------------------------------------------- */

static int by_doc(const void *a, const void *b)
{
	uint32_t x = ((const struct hit *)a)->doc, y = ((const struct hit *)b)->doc;

	return (x > y) - (x < y);
}

/* The blocks of records, ascending: one statement goes on to the next as long as that is near. */
struct record_blocks {
	struct db_rows *rows;
	int64_t block; /* at hand */
};

enum { BLOCKS_NEAR = 8 };

/* *out: empty where there is no such block; borrowed until the next. */
static int next_block(struct search *q, struct record_blocks *b, int64_t block, struct str *out,
		      struct err *err)
{
	int rc = 1;

	if (b->rows && block - b->block > BLOCKS_NEAR)
		db_done(&b->rows);
	if (!b->rows) {
		if (db_query(q->s->db,
			     "SELECT block, data FROM search_docs WHERE block >= $1 ORDER BY block",
			     &b->rows, err) < 0)
			return err->code;
		db_bind_i64(b->rows, 1, block);
		b->block = -1;
	}
	while (b->block < block && (rc = db_next(b->rows, err)) > 0)
		b->block = db_i64(b->rows, 0);
	if (rc == 0)
		b->block = INT64_MAX;
	*out = b->block == block ? db_str(b->rows, 1) : (struct str){ 0 };
	return rc < 0 ? rc : 0;
}

/* Appends the hits that pass the query's dates, with their records, to out; sorts them first. */
static int read_records(struct search *q, struct hit *hits, size_t count, struct list *out,
			struct err *err)
{
	struct record_blocks blocks = { 0 };
	size_t i = 0;
	int rc = 0;

	if (count > 1)
		qsort(hits, count, sizeof(*hits), by_doc);
	while (rc == 0 && i < count) {
		uint32_t block = hits[i].doc / DOCS_A_BLOCK;
		struct str data = { 0 };

		rc = next_block(q, &blocks, block, &data, err);
		for (; i < count && hits[i].doc / DOCS_A_BLOCK == block; i++) {
			struct doc_record record = { 0 };
			size_t at = hits[i].doc % DOCS_A_BLOCK * sizeof(record);

			if (at + sizeof(record) <= data.len)
				memcpy(&record, data.ptr + at, sizeof(record));
			if (!record.revision_id ||
			    (q->query.from != TIME_UNSTATED && record.date < q->query.from) ||
			    (q->query.to != TIME_UNSTATED && record.date >= q->query.to))
				continue;
			*(struct found *)list_add(out) =
				(struct found){ hits[i], record.revision_id,
						record.date + (hits[i].title ? TITLE_WEIGHT : 0) };
		}
	}
	db_done(&blocks.rows);
	return rc;
}

/* What stands on the days of from: and to: comes in or drops out by its hour. */
static int settle_edge(struct search *q, struct err *err)
{
	struct list in;

	list_init(&in, sizeof(struct found));
	int rc = read_records(q, q->edge.items, q->edge.count, &in, err);
	for (size_t i = 0; i < in.count; i++)
		*(struct hit *)list_add(&q->hits) = ((struct found *)list_at(&in, i))->hit;
	list_fini(&in);
	return rc;
}

static int by_rank(const void *a, const void *b)
{
	const struct found *x = a, *y = b;

	if (x->rank != y->rank)
		return x->rank < y->rank ? 1 : -1;
	return (x->revision_id < y->revision_id) - (x->revision_id > y->revision_id);
}

static size_t rank_of(const struct hit *h)
{
	return h->day + (h->title ? (size_t)TITLE_DAYS : 0);
}

/* The day from which on, back from the newest, there are `want` hits; there are more. */
static size_t find_day(const struct hit *hits, size_t count, size_t want)
{
	size_t first = SIZE_MAX, day = 0, seen = 0;

	for (size_t i = 0; i < count; i++) {
		size_t rank = rank_of(&hits[i]);

		first = rank < first ? rank : first;
		day = rank > day ? rank : day;
	}
	uint32_t *of_day = mem_array(day - first + 1, sizeof(*of_day));
	for (size_t i = 0; i < count; i++)
		of_day[rank_of(&hits[i]) - first]++;
	for (day++; seen < want; day--)
		seen += of_day[day - 1 - first];
	mem_free(of_day);
	return day;
}

/* Finds the best of the hits that are left, `want` of them or more, or all. */
static int rank_more(struct search *q, size_t want, struct err *err)
{
	struct hit *hits = q->hits.items;
	size_t first = q->ranked, before = q->found.count;

	if (first == q->hits.count)
		return 0;
	size_t day = want < q->hits.count - first
			     ? find_day(hits + first, q->hits.count - first, want)
			     : 0;
	for (size_t i = first; i < q->hits.count; i++) {
		if (rank_of(&hits[i]) < day)
			continue;
		struct hit swap = hits[i];
		hits[i] = hits[q->ranked];
		hits[q->ranked++] = swap;
	}
	if (read_records(q, hits + first, q->ranked - first, &q->found, err) < 0)
		return err->code;
	if (q->found.count > before)
		qsort(list_at(&q->found, before), q->found.count - before, sizeof(struct found),
		      by_rank);
	return 0;
}

static int read_revision(struct search *q, const char *sql, const struct found *h,
			 struct db_rows **r, struct err *err)
{
	if (db_query(q->s->db, sql, r, err) < 0)
		return err->code;
	db_bind_i64(*r, 1, h->revision_id);
	return db_next(*r, err);
}

static int read_text(struct search *q, const struct found *h, struct db_rows **r, struct err *err)
{
	return read_revision(q, "SELECT title, text FROM revisions WHERE id = $1", h, r, err);
}

/* Behind the text and the markup in its row: asked for only where those were not enough. */
static int read_around(struct search *q, const struct found *h, struct db_rows **r, struct err *err)
{
	return read_revision(q, "SELECT around FROM revisions WHERE id = $1", h, r, err);
}

/* 1: every phrase stands in the title, the text or what stood around it. */
static int stands_in(struct search *q, const struct found *h, struct err *err)
{
	struct db_rows *r, *around = NULL;
	int rc = read_text(q, h, &r, err);
	bool stands = rc > 0;

	for (size_t i = 0; i < q->check_count && stands && rc > 0; i++) {
		size_t from, to;

		stands = matcher_find(q->checks[i], db_str(r, 0), 0, &from, &to) ||
			 matcher_find(q->checks[i], db_str(r, 1), 0, &from, &to);
		if (stands)
			continue;
		if (!around)
			rc = read_around(q, h, &around, err);
		stands = rc > 0 && matcher_find(q->checks[i], db_str(around, 0), 0, &from, &to);
	}
	db_done(&around);
	db_done(&r);
	return rc < 0 ? rc : stands;
}

/* Around the first match in the text, else in what stood around it. */
static int find_snippet(struct search *q, struct arena *a, const struct found *h, struct str *out,
			struct err *err)
{
	struct db_rows *r, *around = NULL;
	size_t from = 0, to = 0, n = q->matcher_count;
	int rc = read_text(q, h, &r, err);

	if (rc > 0) {
		struct str title = db_str(r, 0), text = db_str(r, 1);
		bool found = matchers_find(q->matchers, n, text, 0, &from, &to);

		if (!found && n && !matchers_find(q->matchers, n, title, 0, &from, &to)) {
			rc = read_around(q, h, &around, err);
			struct str beside = rc > 0 ? db_str(around, 0) : S("");
			if (beside.len) {
				text = beside;
				found = matchers_find(q->matchers, n, text, 0, &from, &to);
			}
		}
		*out = make_snippet(a, text.len ? text : title, found, from, to, q->matchers, n);
	}
	db_done(&around);
	db_done(&r);
	return rc;
}

/* Of the hits that nobody will see only those are looked at that the index was unsure of. */
static int count_rest(struct search *q, int64_t *total, struct err *err)
{
	struct list in;
	struct hit *hits = q->hits.items;
	size_t unsure = q->ranked;
	int rc = 0;

	*total += (int64_t)(q->hits.count - q->ranked);
	for (size_t i = q->ranked; i < q->hits.count; i++)
		if (hits[i].unsure)
			hits[unsure++] = hits[i];
	*total -= (int64_t)(unsure - q->ranked);
	if (unsure == q->ranked)
		return 0;
	list_init(&in, sizeof(struct found));
	rc = read_records(q, hits + q->ranked, unsure - q->ranked, &in, err);
	for (size_t i = 0; rc >= 0 && i < in.count; i++) {
		rc = stands_in(q, list_at(&in, i), err);
		*total += rc > 0;
	}
	list_fini(&in);
	return rc < 0 ? rc : 0;
}

/*
 * Drops what is no phrase after all: of what is shown and STORE_SEARCH_CHECKED from the best on,
 * and of all the index was unsure of.
 */
static int check_texts(struct search *q, size_t shown, int64_t *total, struct err *err)
{
	size_t good = 0, seen = 0;

	for (;;) {
		struct found *found = q->found.items;

		for (size_t i = good; i < q->found.count; i++, seen++) {
			int stands = 1;

			if (good < shown || seen < STORE_SEARCH_CHECKED || found[i].hit.unsure)
				stands = stands_in(q, &found[i], err);
			if (stands < 0)
				return stands;
			if (stands)
				found[good++] = found[i];
		}
		q->found.count = good;
		if (good >= shown || q->ranked == q->hits.count)
			break;
		/* So many fell that more of them will be shown. */
		if (rank_more(q, q->ranked, err) < 0)
			return err->code;
	}
	*total = (int64_t)good;
	return count_rest(q, total, err);
}

/* --- the contract ----------------------------------------------------------------------------- */

static int asks_something(const struct query *q, struct err *err)
{
	for (size_t i = 0; i < q->count; i++)
		if (!q->clauses[i].without)
			return 0;
	return err_set(err, ERR_INPUT,
		       "the query has nothing to look for: give a word, source: or tag:");
}

int store_search_check(struct str query, struct err *err)
{
	struct arena mem;
	struct query q;

	arena_init(&mem);
	int rc = query_parse(&mem, query, 0, &q, err);
	if (rc == 0)
		rc = asks_something(&q, err);
	arena_fini(&mem);
	return rc;
}

static int prepare(struct search *q, const struct store_search *what, struct err *err)
{
	if (query_parse(&q->mem, what->query, what->zone_min, &q->query, err) < 0 ||
	    asks_something(&q->query, err) < 0)
		return err->code;
	if (what->source.len)
		query_add_source(&q->mem, &q->query, what->source);
	if (what->from && what->from != TIME_UNSTATED && what->from > q->query.from)
		q->query.from = what->from;
	if (what->to && what->to != TIME_UNSTATED &&
	    (q->query.to == TIME_UNSTATED || what->to < q->query.to))
		q->query.to = what->to;
	q->newest_first = what->newest_first;
	q->matchers = arena_array(&q->mem, q->query.count + 1, sizeof(struct matcher *));
	q->checks = arena_array(&q->mem, q->query.count + 1, sizeof(struct matcher *));
	for (size_t i = 0; i < q->query.count; i++) {
		const struct clause *c = &q->query.clauses[i];

		q->phrases |= c->term_count > 1;
		if (c->without || c->field)
			continue;
		struct matcher *m = matcher_new(&q->mem, c);
		q->matchers[q->matcher_count++] = m;
		if (c->term_count > 1)
			q->checks[q->check_count++] = m;
	}
	return 0;
}

static int give(struct search *q, struct arena *a, const struct store_search *what,
		struct store_hit **out, size_t *count, struct err *err)
{
	const struct found *found = q->found.items;
	size_t from = what->offset > 0 ? (size_t)what->offset : 0;
	size_t n = q->found.count > from ? q->found.count - from : 0;

	if (what->limit > 0 && n > (size_t)what->limit)
		n = (size_t)what->limit;
	*out = arena_array(a, n + 1, sizeof(**out));
	*count = n;
	for (size_t i = 0; i < n; i++) {
		(*out)[i].id = found[from + i].revision_id >> REVISION_BITS;
		if (!what->no_snippets &&
		    find_snippet(q, a, &found[from + i], &(*out)[i].snippet, err) < 0)
			return err->code;
	}
	return 0;
}

/* Room for the blocks of the days of all documents there are. */
static void make_days(struct search *q, const struct segment_row *segments, size_t count)
{
	int64_t end = 1;

	for (size_t i = 0; i < count; i++)
		if (segments[i].base + segments[i].span > end)
			end = segments[i].base + segments[i].span;
	q->days = arena_array(&q->mem, (size_t)(end / DAYS_A_BLOCK) + 1, sizeof(*q->days));
	q->first_day = q->query.from == TIME_UNSTATED ? 0 : doc_day(q->query.from);
	q->last_day = q->query.to == TIME_UNSTATED ? UINT16_MAX : doc_day(q->query.to);
}

static int run(struct search *q, const struct store_search *what, int64_t *total, struct err *err)
{
	struct segment_row *segments;
	size_t count,
		shown = what->limit > 0
				? (size_t)(what->limit + (what->offset > 0 ? what->offset : 0))
				: SIZE_MAX;

	if (read_segments(q->s, &q->mem, &segments, &count, err) < 0)
		return err->code;
	make_days(q, segments, count);
	for (size_t i = 0; i < count; i++)
		if (search_segment(q, &segments[i], err) < 0)
			return err->code;
	if (settle_edge(q, err) < 0)
		return err->code;
	*total = (int64_t)q->hits.count;
	if (!q->check_count)
		return rank_more(q, shown, err);
	size_t checked = shown < SIZE_MAX / 4 ? (shown + STORE_SEARCH_CHECKED) * 2 : SIZE_MAX;
	return rank_more(q, checked, err) < 0 ? err->code : check_texts(q, shown, total, err);
}

int store_search(struct store *s, struct arena *a, const struct store_search *what,
		 struct store_hit **out, size_t *count, int64_t *total, struct err *err)
{
	struct search q = { .s = s };
	int began = 0;

	arena_init(&q.mem);
	list_init(&q.hits, sizeof(struct hit));
	list_init(&q.edge, sizeof(struct hit));
	list_init(&q.found, sizeof(struct found));
	db_read_mapped(s->db);
	int rc = prepare(&q, what, err);
	if (rc == 0)
		rc = began = db_begin_reading(s->db, err);
	if (rc >= 0)
		rc = run(&q, what, total, err);
	if (rc == 0)
		rc = give(&q, a, what, out, count, err);
	struct err unheard;
	if (began > 0)
		db_commit(s->db, &unheard); /* of nothing: it only lets go */
	list_fini(&q.hits);
	list_fini(&q.edge);
	list_fini(&q.found);
	arena_fini(&q.mem);
	return rc;
}
