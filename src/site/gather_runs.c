/*
 * The runs are read together through a window each. Documents of a run are in the order they came
 * in, not in that of their ranks, but most often the two agree: then a list is those of the runs
 * one behind the other, and its places are copied as they are.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "site/gather.h"

enum {
	WINDOWS_BYTES = 8 << 20, /* of all runs */
	WINDOW_MIN = 1 << 14,
	HEAD_MAX = 4 * 5,
	INSERT_MAX = 48 /* documents that are sorted by insertion */
};

/* A run being read: the entry that is next. */
struct source {
	int fd;
	off_t at, to; /* of the file, not yet in the window */
	char *window; /* what is not yet used of it: from..end */
	size_t cap, from, end;
	uint32_t *ranks;               /* of its documents */
	uint64_t key;                  /* of the term's first eight bytes */
	struct str term, docs, places; /* in the window */
	size_t count;
	bool any_place;
};

struct numbers {
	uint32_t *items;
	size_t count, cap;
};

struct runs {
	struct source *sources;
	size_t source_count;
	uint32_t *heap; /* sources by their terms; the least first */
	size_t heap_count;
	char term[GATHER_TERM_MAX * 2];
	/* Of the term: rank << 1 | title for each document, as read; whether that is their order.
	 */
	struct numbers found, docs, titles;
	struct buf places;
	bool ascending, any_place;
	/* To bring them in order. */
	uint64_t *order, *other;
	size_t order_cap;
	uint32_t *ends;
	struct buf sorted_places;
};

/* --- reading ---------------------------------------------------------------------------------- */

/* At least `need` bytes stand in the window, or all there are. */
static int fill(struct source *s, size_t need, size_t window, struct err *err)
{
	size_t have = s->end - s->from;

	if (have >= need || s->at == s->to)
		return 0;
	if (have)
		memmove(s->window, s->window + s->from, have);
	s->from = 0;
	s->end = have;
	size_t cap = need > window ? need : window;
	if (cap > s->cap) {
		s->window = mem_realloc(s->window, cap);
		s->cap = cap;
	}
	while (s->end < s->cap && s->at < s->to) {
		size_t most = s->cap - s->end;
		size_t rest = (size_t)(s->to - s->at);
		ssize_t n = pread(s->fd, s->window + s->end, most < rest ? most : rest, s->at);

		if (n <= 0)
			return err_errno(err, ERR_IO, "the search index cannot be read back");
		s->end += (size_t)n;
		s->at += n;
	}
	return 0;
}

/* Of bytes that gather.c wrote. */
static uint32_t take_varint(const char **from)
{
	uint32_t n = 0;

	for (unsigned shift = 0;; shift += 7) {
		unsigned char c = (unsigned char)*(*from)++;

		n |= (uint32_t)(c & 0x7F) << shift;
		if (c < 0x80)
			return n;
	}
}

static struct str take_bytes(const char **from, size_t len)
{
	*from += len;
	return str_n(*from - len, len);
}

/* The next entry: 1; 0: there is none. */
static int source_next(struct source *s, size_t window, struct err *err)
{
	if (fill(s, HEAD_MAX, window, err) < 0)
		return err->code;
	if (s->from == s->end)
		return 0;
	const char *at = s->window + s->from;
	size_t term = take_varint(&at), count = take_varint(&at);
	size_t docs = take_varint(&at), places = take_varint(&at);
	size_t head = (size_t)(at - s->window) - s->from, all = head + term + docs + places;

	if (fill(s, all, window, err) < 0)
		return err->code;
	at = s->window + s->from + head;
	s->term = take_bytes(&at, term);
	s->docs = take_bytes(&at, docs);
	s->places = take_bytes(&at, places);
	s->count = count >> 1;
	s->any_place = count & 1;
	s->from += all;
	s->key = 0;
	memcpy(&s->key, s->term.ptr, term < 8 ? term : 8);
	s->key = __builtin_bswap64(s->key);
	return 1;
}

/* --- the least term --------------------------------------------------------------------------- */

/* Of one term the earlier source is first. */
static bool is_less(const struct runs *m, uint32_t a, uint32_t b)
{
	const struct source *x = &m->sources[a], *y = &m->sources[b];

	if (x->key != y->key)
		return x->key < y->key;
	int order = x->term.len > 8 || y->term.len > 8 ? str_cmp(x->term, y->term) : 0;
	return order ? order < 0 : a < b;
}

static void sift(struct runs *m, size_t at)
{
	uint32_t source = m->heap[at];

	for (size_t child; (child = 2 * at + 1) < m->heap_count; at = child) {
		if (child + 1 < m->heap_count && is_less(m, m->heap[child + 1], m->heap[child]))
			child++;
		if (!is_less(m, m->heap[child], source))
			break;
		m->heap[at] = m->heap[child];
	}
	m->heap[at] = source;
}

static size_t window_of(const struct runs *m)
{
	size_t window = WINDOWS_BYTES / (m->source_count + 1);

	return window > WINDOW_MIN ? window : WINDOW_MIN;
}

static int advance_least(struct runs *m, struct err *err)
{
	int r = source_next(&m->sources[m->heap[0]], window_of(m), err);

	if (r == 0)
		m->heap[0] = m->heap[--m->heap_count];
	if (r >= 0 && m->heap_count)
		sift(m, 0);
	return r < 0 ? r : 0;
}

/* --- a list ----------------------------------------------------------------------------------- */

static void numbers_room(struct numbers *n, size_t more)
{
	if (n->cap - n->count >= more)
		return;
	n->cap = (n->count + more) * 2;
	n->items = mem_realloc(n->items, n->cap * sizeof(*n->items));
}

static void collect(struct runs *m, const struct source *s)
{
	const char *at = s->docs.ptr;
	uint32_t doc = 0;

	numbers_room(&m->found, s->count);
	uint32_t *to = m->found.items + m->found.count;
	for (size_t i = 0; i < s->count; i++) {
		uint32_t step = take_varint(&at);

		doc += step >> 1;
		to[i] = s->ranks[doc] << 1 | (step & 1);
		if (to + i > m->found.items && to[i] < to[i - 1])
			m->ascending = false;
	}
	m->found.count += s->count;
	m->any_place = m->any_place || s->any_place;
	buf_add(&m->places, s->places);
}

static void sort_few(uint64_t *items, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		uint64_t item = items[i];
		size_t at = i;

		for (; at > 0 && items[at - 1] > item; at--)
			items[at] = items[at - 1];
		items[at] = item;
	}
}

/* By the upper half, whose values are below 2^20, in two counting passes. */
static void sort_many(uint64_t *items, uint64_t *other, size_t count)
{
	enum { BITS = 10, BUCKETS = 1 << BITS };

	for (unsigned shift = 32; shift < 32 + 2 * BITS; shift += BITS) {
		uint32_t starts[BUCKETS + 1] = { 0 };
		uint64_t *from = shift == 32 ? items : other, *to = shift == 32 ? other : items;

		for (size_t i = 0; i < count; i++)
			starts[(from[i] >> shift & (BUCKETS - 1)) + 1]++;
		for (size_t i = 1; i < BUCKETS; i++)
			starts[i] += starts[i - 1];
		for (size_t i = 0; i < count; i++)
			to[starts[from[i] >> shift & (BUCKETS - 1)]++] = from[i];
	}
}

/* The documents by their ranks, and their places with them. */
static void bring_in_order(struct runs *m)
{
	size_t count = m->found.count;
	const char *at = m->places.ptr;

	if (m->order_cap < count) {
		m->order_cap = count * 2;
		m->order = mem_realloc(m->order, m->order_cap * sizeof(*m->order));
		m->other = mem_realloc(m->other, m->order_cap * sizeof(*m->other));
		m->ends = mem_realloc(m->ends, m->order_cap * sizeof(*m->ends));
	}
	for (size_t i = 0; i < count; i++) {
		m->order[i] = (uint64_t)m->found.items[i] << 32 | i;
		while (take_varint(&at) & 1)
			;
		m->ends[i] = (uint32_t)(at - m->places.ptr);
	}
	if (count <= INSERT_MAX)
		sort_few(m->order, count);
	else
		sort_many(m->order, m->other, count);
	buf_reset(&m->sorted_places);
	char *to = buf_room(&m->sorted_places, m->places.len);
	for (size_t i = 0; i < count; i++) {
		uint32_t doc = (uint32_t)m->order[i];
		size_t from = doc ? m->ends[doc - 1] : 0, len = m->ends[doc] - from;

		m->found.items[i] = (uint32_t)(m->order[i] >> 32);
		memcpy(to, m->places.ptr + from, len);
		to += len;
	}
	buf_advance(&m->sorted_places, m->places.len);
	struct buf sorted = m->sorted_places;
	m->sorted_places = m->places;
	m->places = sorted;
}

static void split_titles(struct runs *m)
{
	m->docs.count = m->titles.count = 0;
	numbers_room(&m->docs, m->found.count);
	numbers_room(&m->titles, m->found.count);
	for (size_t i = 0; i < m->found.count; i++) {
		m->docs.items[i] = m->found.items[i] >> 1;
		m->titles.items[m->titles.count] = (uint32_t)i;
		m->titles.count += m->found.items[i] & 1;
	}
	m->docs.count = m->found.count;
}

int runs_next(struct runs *m, struct gathered_term *out, struct err *err)
{
	if (!m->heap_count)
		return 0;
	const struct source *s = &m->sources[m->heap[0]];
	struct str term = str_n(m->term, s->term.len);

	memcpy(m->term, s->term.ptr, s->term.len);
	m->found.count = 0;
	m->ascending = true;
	m->any_place = false;
	buf_reset(&m->places);
	do {
		collect(m, s);
		if (advance_least(m, err) < 0)
			return err->code;
		s = m->heap_count ? &m->sources[m->heap[0]] : NULL;
	} while (s && str_eq(s->term, term));
	if (!m->ascending)
		bring_in_order(m);
	split_titles(m);
	*out = (struct gathered_term){
		.term = term,
		.count = m->docs.count,
		.docs = m->docs.items,
		.title_count = m->titles.count,
		.titles = m->titles.items,
		.places = buf_str(&m->places),
		.any_place = m->any_place,
	};
	return 1;
}

/* --- opening ---------------------------------------------------------------------------------- */

static void add_source(struct runs *m, const struct gather *g, size_t i, const uint32_t *rank_of)
{
	struct source *s = &m->sources[m->source_count++];
	struct gather_run run;

	s->fd = gather_run(g, i, &run);
	s->at = run.from;
	s->to = run.to;
	s->ranks = mem_array(run.doc_count + 1, sizeof(*s->ranks));
	for (size_t doc = 0; doc < run.doc_count; doc++)
		s->ranks[doc] = rank_of[run.docs[doc]];
}

static int by_first_rank(const void *a, const void *b)
{
	const struct source *x = a, *y = b;

	return (x->ranks[0] > y->ranks[0]) - (x->ranks[0] < y->ranks[0]);
}

int runs_open(struct gather *const *gathers, size_t count, const uint32_t *rank_of,
	      struct runs **out, struct err *err)
{
	struct runs *m = mem_alloc(sizeof(*m));
	size_t all = 0;

	*out = m;
	for (size_t i = 0; i < count; i++)
		all += gather_runs(gathers[i]);
	buf_init(&m->places, BUF_NO_MAX);
	buf_init(&m->sorted_places, BUF_NO_MAX);
	m->sources = mem_array(all + 1, sizeof(*m->sources));
	m->heap = mem_array(all + 1, sizeof(*m->heap));
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < gather_runs(gathers[i]); j++)
			add_source(m, gathers[i], j, rank_of);
	qsort(m->sources, m->source_count, sizeof(*m->sources), by_first_rank);
	for (size_t i = 0; i < m->source_count; i++) {
		int r = source_next(&m->sources[i], window_of(m), err);

		if (r < 0)
			return r;
		if (r > 0)
			m->heap[m->heap_count++] = (uint32_t)i;
	}
	for (size_t i = m->heap_count / 2; i-- > 0;)
		sift(m, i);
	return 0;
}

void runs_close(struct runs **mp)
{
	struct runs *m = *mp;

	*mp = NULL;
	if (!m)
		return;
	for (size_t i = 0; i < m->source_count; i++) {
		mem_free(m->sources[i].window);
		mem_free(m->sources[i].ranks);
	}
	mem_free(m->sources);
	mem_free(m->heap);
	mem_free(m->found.items);
	mem_free(m->docs.items);
	mem_free(m->titles.items);
	mem_free(m->order);
	mem_free(m->other);
	mem_free(m->ends);
	buf_fini(&m->places);
	buf_fini(&m->sorted_places);
	mem_free(m);
}
