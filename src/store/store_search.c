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
#include "store/search.h"

enum { TITLE_DAYS = 365, RANKS = UINT16_MAX + TITLE_DAYS + 1 };
static const int64_t TITLE_WEIGHT = INT64_C(86400000) * TITLE_DAYS;

struct hit {
	uint32_t doc;
	uint16_t day;
	bool title;  /* every term is in the title */
	bool unsure; /* places were not enough to tell that a phrase is there */
};

struct hits {
	struct hit *items;
	size_t count, cap;
};

/* A hit whose record has been read. */
struct found {
	struct hit hit;
	int64_t revision_id;
	int64_t rank; /* its date, and what the title adds */
};

/* What the text tells surely. */
struct check {
	struct matcher *matcher;
	bool without;
};

struct search {
	struct store *s;
	struct arena mem;
	struct query query;
	struct clauses *clauses;
	struct hits hits;  /* the first `ranked` are in `found`: none of the others is better */
	struct hits edge;  /* of the days that from: and to: are in: their records tell */
	struct list found; /* best first */
	size_t ranked;
	uint32_t *of_rank; /* how many hits there are of each day, titles counted later by a year */
	size_t best_rank;
	size_t want;      /* so many are ranked first */
	size_t want_rank; /* where they begin, as far as is known */
	size_t untitled;  /* up to here hits would rank had their titles been looked at */
	bool all_titles;
	struct buf *days; /* the blocks of search_days, as far as they were read */
	size_t day_blocks;
	uint16_t first_day, last_day; /* of from: and to: */
	bool newest_first;
	struct matcher **matchers; /* of the clauses that must stand in the text */
	struct check *checks;      /* the phrases */
	size_t matcher_count, check_count;
};

/* --- segments --------------------------------------------------------------------------------- */

static size_t rank_of(const struct hit *h)
{
	return h->day + (h->title ? (size_t)TITLE_DAYS : 0);
}

static int read_days(struct search *q, const struct segment_row *seg, uint32_t block,
		     struct str *out, struct err *err)
{
	if (block >= q->day_blocks)
		return segment_damaged(seg, err);
	if (!q->days[block].cap) {
		buf_init(&q->days[block], BUF_NO_MAX);
		buf_reserve(&q->days[block], sizeof(uint16_t) * DAYS_A_BLOCK);
		if (read_day_block(q->s, block, &q->days[block], err) < 0)
			return err->code;
	}
	*out = buf_str(&q->days[block]);
	return 0;
}

static void hits_room(struct hits *h, size_t more)
{
	if (h->cap - h->count >= more)
		return;
	h->cap = (h->count + more) * 2;
	h->items = mem_realloc(h->items, h->cap * sizeof(*h->items));
}

/* Those that stand, of the days that are asked for. */
static int add_hits(struct search *q, const struct segment_row *seg, const struct docs *docs,
		    struct err *err)
{
	struct str days = { 0 };

	hits_room(&q->hits, docs->count);
	for (size_t i = 0; i < docs->count;) {
		uint32_t block = docs->items[i] / DAYS_A_BLOCK, first = block * DAYS_A_BLOCK;

		if (read_days(q, seg, block, &days, err) < 0)
			return err->code;
		for (; i < docs->count && docs->items[i] - first < DAYS_A_BLOCK; i++) {
			size_t at = (docs->items[i] - first) * sizeof(uint16_t);
			struct hit hit = { .doc = docs->items[i], .unsure = docs->unsure[i] };

			if (at + sizeof(hit.day) <= days.len)
				memcpy(&hit.day, days.ptr + at, sizeof(hit.day));
			if (!hit.day || hit.day < q->first_day || hit.day > q->last_day)
				continue;
			if (hit.day == q->first_day || hit.day == q->last_day) {
				hits_room(&q->edge, 1);
				q->edge.items[q->edge.count++] = hit;
			} else {
				q->hits.items[q->hits.count++] = hit;
			}
		}
	}
	return 0;
}

static size_t newest_of(const struct hits *h, size_t from)
{
	size_t newest = 0;

	for (size_t i = from; i < h->count; i++)
		newest = h->items[i].day > newest ? h->items[i].day : newest;
	return newest;
}

static void mark_titles(struct hits *h, size_t from, const struct docs *titles)
{
	for (size_t i = from, t = 0; i < h->count && t < titles->count;) {
		uint32_t doc = h->items[i].doc, title = titles->items[t];

		h->items[i].title = doc == title;
		i += doc <= title;
		t += title <= doc;
	}
}

static void count_rank(struct search *q, const struct hit *h)
{
	size_t rank = rank_of(h);

	q->of_rank[rank]++;
	q->best_rank = rank > q->best_rank ? rank : q->best_rank;
}

/* From where on, back from the best, there are `want` hits; 0 where there are fewer. */
static size_t find_rank(const struct search *q, size_t want)
{
	size_t rank = q->best_rank + 1, seen = 0;

	if (q->hits.count < want)
		return 0;
	while (seen < want)
		seen += q->of_rank[--rank];
	return rank;
}

/*
 * Titles are looked at only where a year would bring the newest hit of the segment among the first:
 * of an archive of ten years, in a tenth of it.
 */
static int search_segment(struct search *q, const struct segment_row *seg, struct err *err)
{
	size_t hits = q->hits.count, edge = q->edge.count;
	struct docs *docs;

	if (clauses_find(q->clauses, seg, &docs, err) < 0 || add_hits(q, seg, docs, err) < 0)
		return err->code;
	size_t newest = newest_of(&q->hits, hits), at_edge = newest_of(&q->edge, edge);
	size_t best = (newest > at_edge ? newest : at_edge) + TITLE_DAYS;
	bool any = q->hits.count > hits || q->edge.count > edge;
	bool by_title = any && !q->newest_first && q->matcher_count > 0;
	if (by_title && (best >= q->want_rank || q->all_titles)) {
		if (clauses_in_title(q->clauses, seg, &docs, err) < 0)
			return err->code;
		mark_titles(&q->hits, hits, docs);
		mark_titles(&q->edge, edge, docs);
	} else if (by_title && best > q->untitled) {
		q->untitled = best;
	}
	for (size_t i = hits; i < q->hits.count; i++)
		count_rank(q, &q->hits.items[i]);
	if (any)
		q->want_rank = find_rank(q, q->want);
	return 0;
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

enum { BLOCKS_NEAR = 2 };

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
	hits_room(&q->hits, in.count);
	for (size_t i = 0; i < in.count; i++) {
		struct hit hit = ((struct found *)list_at(&in, i))->hit;

		q->hits.items[q->hits.count++] = hit;
		count_rank(q, &hit);
	}
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

/* Finds the best of the hits that are left, `want` of them or more, or all. 1: not without titles
 * that have not been looked at. */
static int rank_more(struct search *q, size_t want, struct err *err)
{
	struct hit *hits = q->hits.items;
	size_t first = q->ranked, before = q->found.count;

	if (first == q->hits.count)
		return 0;
	size_t rank = want < q->hits.count - first ? find_rank(q, first + want) : 0;
	if (rank <= q->untitled && q->untitled > 0)
		return 1;
	for (size_t i = first; i < q->hits.count; i++) {
		if (rank_of(&hits[i]) < rank)
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

/* 1: every phrase stands in the title, the text or what stood around it; none that must not does.
 */
static int stands_in(struct search *q, const struct found *h, struct err *err)
{
	struct db_rows *r, *around = NULL;
	int rc = read_text(q, h, &r, err);
	bool stands = rc > 0;

	for (size_t i = 0; i < q->check_count && stands && rc > 0; i++) {
		const struct check *c = &q->checks[i];
		size_t from, to;

		if (c->without && !h->hit.unsure)
			continue;
		bool there = matcher_find(c->matcher, db_str(r, 0), 0, &from, &to) ||
			     matcher_find(c->matcher, db_str(r, 1), 0, &from, &to);
		if (!there && !around)
			rc = read_around(q, h, &around, err);
		there = there ||
			(rc > 0 && matcher_find(c->matcher, db_str(around, 0), 0, &from, &to));
		stands = there != c->without;
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
 * and of all the index was unsure of. 1: as rank_more.
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
		int rc = rank_more(q, q->ranked, err);
		if (rc != 0)
			return rc;
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
	q->checks = arena_array(&q->mem, q->query.count + 1, sizeof(*q->checks));
	for (size_t i = 0; i < q->query.count; i++) {
		const struct clause *c = &q->query.clauses[i];

		if (c->field || (c->without && c->term_count < 2))
			continue;
		struct matcher *m = matcher_new(&q->mem, c);
		if (!c->without)
			q->matchers[q->matcher_count++] = m;
		if (c->term_count > 1)
			q->checks[q->check_count++] = (struct check){ m, c->without };
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
	q->day_blocks = (size_t)(end / DAYS_A_BLOCK) + 1;
	q->days = arena_array(&q->mem, q->day_blocks, sizeof(*q->days));
	q->first_day = q->query.from == TIME_UNSTATED ? 0 : doc_day(q->query.from);
	q->last_day = q->query.to == TIME_UNSTATED ? UINT16_MAX : doc_day(q->query.to);
}

/* The newest segments first: what the older ones would have to beat is soon known. */
static int look(struct search *q, const struct segment_row *segments, size_t count, size_t shown,
		int64_t *total, struct err *err)
{
	q->hits.count = q->edge.count = q->found.count = q->ranked = 0;
	q->want_rank = q->untitled = 0;
	for (size_t i = count; i-- > 0;)
		if (search_segment(q, &segments[i], err) < 0)
			return err->code;
	if (settle_edge(q, err) < 0)
		return err->code;
	*total = (int64_t)q->hits.count;
	int rc = rank_more(q, q->want, err);
	return rc == 0 && q->check_count ? check_texts(q, shown, total, err) : rc;
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
	q->of_rank = mem_array(RANKS, sizeof(*q->of_rank));
	q->want = !q->check_count || shown > SIZE_MAX / 4 ? shown
							  : (shown + STORE_SEARCH_CHECKED) * 2;
	q->clauses = clauses_new(q->s, &q->query);
	int rc = look(q, segments, count, shown, total, err);
	if (rc > 0) {
		q->all_titles = true;
		memset(q->of_rank, 0, RANKS * sizeof(*q->of_rank));
		rc = look(q, segments, count, shown, total, err);
	}
	clauses_free(&q->clauses);
	for (size_t i = 0; i < q->day_blocks; i++)
		buf_fini(&q->days[i]);
	return rc;
}

int store_search(struct store *s, struct arena *a, const struct store_search *what,
		 struct store_hit **out, size_t *count, int64_t *total, struct err *err)
{
	struct search q = { .s = s };
	int began = 0;

	arena_init(&q.mem);
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
	mem_free(q.hits.items);
	mem_free(q.edge.items);
	mem_free(q.of_rank);
	list_fini(&q.found);
	arena_fini(&q.mem);
	return rc;
}
