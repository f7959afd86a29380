/* Segments of the search index on disk: writing one, and merging eight into one. */
#include <stdlib.h>
#include <string.h>

#include "base/list.h"
#include "base/mem.h"
#include "store/index.h"

/* --- writing ---------------------------------------------------------------------------------- */

static int level_of(int64_t docs)
{
	int level = 0;

	for (int64_t n = docs; n >= MERGE_FANOUT && level < TOP_LEVEL - 1; n /= MERGE_FANOUT)
		level++;
	return docs >= TOP_DOCS ? TOP_LEVEL : level;
}

int segment_out_start(struct segment_out *w, struct store *s, struct block *block, uint32_t base,
		      int64_t docs, struct err *err)
{
	struct db_rows *r;

	*w = (struct segment_out){ .s = s, .block = block, .base = base, .docs = docs };
	block_start(block);
	block->final = level_of(docs) == TOP_LEVEL;
	if (db_query(s->db, "SELECT COALESCE(MAX(id), 0) + 1 FROM search_segments", &r, err) < 0)
		return err->code;
	int rc = db_next(r, err);
	w->segment = rc > 0 ? db_i64(r, 0) : 0;
	db_done(&r);
	return rc < 0 ? rc : 0;
}

static int write_block(struct segment_out *w, struct err *err)
{
	struct db_rows *r;

	if (!w->block->bytes.len)
		return 0;
	if (db_query(w->s->db,
		     "INSERT INTO search_blocks (id, segment, first, data) VALUES ($1, $2, $3, $4)",
		     &r, err) < 0)
		return err->code;
	db_bind_i64(r, 1, w->segment << SEGMENT_BLOCK_BITS | w->blocks++);
	db_bind_i64(r, 2, w->segment);
	db_bind_blob(r, 3, str_n(w->block->first, w->block->first_len));
	db_bind_blob(r, 4, buf_str(&w->block->bytes));
	int rc = db_run(&r, err);
	block_start(w->block);
	return rc;
}

int segment_out_add(struct segment_out *w, struct str term, const struct posting *list,
		    size_t count, struct err *err)
{
	if (block_add(w->block, term, w->base, list, count))
		return 0;
	if (write_block(w, err) < 0)
		return err->code;
	block_add(w->block, term, w->base, list, count);
	return 0;
}

int segment_out_finish(struct segment_out *w, int64_t span, struct err *err)
{
	struct db_rows *r;

	if (write_block(w, err) < 0)
		return err->code;
	if (db_query(w->s->db,
		     "INSERT INTO search_segments (id, base, span, docs, level) VALUES ($1, $2, "
		     "$3, $4, $5)",
		     &r, err) < 0)
		return err->code;
	const int64_t values[] = { w->segment, w->base, span, w->docs, level_of(w->docs) };
	for (int i = 0; i < 5; i++)
		db_bind_i64(r, i + 1, values[i]);
	return db_run(&r, err);
}

/* --- merging ---------------------------------------------------------------------------------- */

int read_segments(struct store *s, struct arena *mem, struct segment_row **out, size_t *count,
		  struct err *err)
{
	struct db_rows *r;
	struct list l;
	int rc;

	if (db_query(s->db, "SELECT id, base, span, docs, level FROM search_segments ORDER BY base",
		     &r, err) < 0)
		return err->code;
	list_init(&l, sizeof(**out));
	while ((rc = db_next(r, err)) > 0)
		*(struct segment_row *)list_add(&l) =
			(struct segment_row){ db_i64(r, 0), (uint32_t)db_i64(r, 1), db_i64(r, 2),
					      db_i64(r, 3), (int)db_i64(r, 4) };
	db_done(&r);
	*out = arena_array(mem, l.count + 1, sizeof(**out));
	if (l.count)
		memcpy(*out, l.items, l.count * sizeof(**out));
	*count = l.count;
	list_fini(&l);
	return rc;
}

/* One segment being read from its first entry to its last. */
struct run {
	const struct segment_row *row;
	int64_t block;
	struct buf data;
	struct entry_reader entry;
	bool ended;
};

static int run_next(struct store *s, struct run *src, struct err *err)
{
	struct db_rows *r;
	int rc = entries_next(&src->entry);

	if (rc > 0)
		return 0;
	if (rc < 0)
		return err_set(err, ERR_INPUT, "the search index is damaged: segment %d",
			       (int)src->row->id);
	if (db_query(s->db, "SELECT data FROM search_blocks WHERE id = $1", &r, err) < 0)
		return err->code;
	db_bind_i64(r, 1, src->row->id << SEGMENT_BLOCK_BITS | src->block++);
	rc = db_next(r, err);
	buf_reset(&src->data);
	if (rc > 0)
		buf_add(&src->data, db_str(r, 0));
	db_done(&r);
	if (rc < 0)
		return rc;
	entries_start(&src->entry, buf_str(&src->data));
	src->ended = rc == 0;
	return rc == 0 ? 0 : run_next(s, src, err);
}

static struct str run_term(const struct run *src)
{
	return str_n(src->entry.term, src->entry.term_len);
}

struct merge {
	struct store *s;
	struct run sources[MERGE_FANOUT];
	size_t count;
	uint32_t base;
	int64_t span, docs;
	unsigned char *alive; /* a byte a document of the span */
	struct posting *list;
	size_t list_count, list_cap;
	uint32_t *numbers;
	size_t numbers_cap;
};

/* Adds what the source has of its term, the dead left out. */
static int take_postings(struct merge *m, struct run *src, bool places, struct err *err)
{
	size_t n = src->entry.count;

	if (m->numbers_cap < n) {
		m->numbers_cap = n * 2;
		m->numbers = mem_realloc(m->numbers, m->numbers_cap * sizeof(*m->numbers));
	}
	if (m->list_cap < m->list_count + n) {
		m->list_cap = (m->list_count + n) * 2;
		m->list = mem_realloc(m->list, m->list_cap * sizeof(*m->list));
	}
	const char *end = src->entry.lists.ptr + src->entry.lists.len;
	const char *p = read_docs(src->entry.lists, n, src->row->base, m->numbers);
	for (size_t i = 0; p && i < n; i++) {
		struct posting *to = &m->list[m->list_count];

		to->doc = m->numbers[i];
		to->at = (struct places){ 0 }; /* none: they are not known */
		to->many = true;
		if (places && !read_places(&p, end, &to->at, &to->many))
			p = NULL;
		if (p && to->doc - m->base < m->span && m->alive[to->doc - m->base])
			m->list_count++;
	}
	return p ? 0
		 : err_set(err, ERR_INPUT, "the search index is damaged: segment %d",
			   (int)src->row->id);
}

static int compare_postings(const void *a, const void *b)
{
	uint32_t x = ((const struct posting *)a)->doc, y = ((const struct posting *)b)->doc;

	return (x > y) - (x < y);
}

static int merge_term(struct merge *m, struct segment_out *w, struct str term, struct err *err)
{
	char bytes[TERM_MAX_BYTES];
	bool sorted = true;

	memcpy(bytes, term.ptr, term.len);
	term.ptr = bytes;
	m->list_count = 0;
	for (size_t i = 0; i < m->count; i++) {
		struct run *src = &m->sources[i];

		if (src->ended || !str_eq(run_term(src), term))
			continue;
		size_t before = m->list_count;
		if (take_postings(m, src, has_places(term, src->entry.count, false), err) < 0 ||
		    run_next(m->s, src, err) < 0)
			return err->code;
		if (before > 0 && before < m->list_count &&
		    m->list[before].doc < m->list[before - 1].doc)
			sorted = false;
	}
	/* Segments follow one another, but one that was large from the start may lie between two
	 * that were merged. */
	if (!sorted)
		qsort(m->list, m->list_count, sizeof(*m->list), compare_postings);
	return m->list_count ? segment_out_add(w, term, m->list, m->list_count, err) : 0;
}

static int merge_terms(struct merge *m, struct segment_out *w, struct err *err)
{
	for (;;) {
		const struct run *least = NULL;

		for (size_t i = 0; i < m->count; i++)
			if (!m->sources[i].ended &&
			    (!least || str_cmp(run_term(&m->sources[i]), run_term(least)) < 0))
				least = &m->sources[i];
		if (!least)
			return 0;
		if (merge_term(m, w, run_term(least), err) < 0)
			return err->code;
	}
}

static int find_alive(struct merge *m, struct err *err)
{
	struct buf data;
	int rc = 0;
	int64_t doc = m->base, end = m->base + m->span;

	m->alive = mem_alloc((size_t)m->span + 1);
	buf_init(&data, BUF_NO_MAX);
	for (int64_t block = doc / DAYS_A_BLOCK; rc == 0 && doc < end; block++) {
		rc = read_day_block(m->s, block, &data, err);
		for (; doc < end && doc < (block + 1) * DAYS_A_BLOCK; doc++) {
			size_t at = (size_t)(doc % DAYS_A_BLOCK) * sizeof(uint16_t);
			uint16_t day = 0;

			if (at + sizeof(day) <= data.len)
				memcpy(&day, data.ptr + at, sizeof(day));
			m->alive[doc - m->base] = day != 0;
			m->docs += day != 0;
		}
	}
	buf_fini(&data);
	return rc;
}

static int drop_segment(struct store *s, int64_t id, struct err *err)
{
	struct db_rows *r;

	if (db_query(s->db, "DELETE FROM search_blocks WHERE id >= $1 AND id < $2", &r, err) < 0)
		return err->code;
	db_bind_i64(r, 1, id << SEGMENT_BLOCK_BITS);
	db_bind_i64(r, 2, (id + 1) << SEGMENT_BLOCK_BITS);
	if (db_run(&r, err) < 0 ||
	    db_query(s->db, "DELETE FROM search_segments WHERE id = $1", &r, err) < 0)
		return err->code;
	db_bind_i64(r, 1, id);
	return db_run(&r, err);
}

static int merge_rows(struct store *s, const struct segment_row *rows[], size_t count,
		      struct err *err)
{
	struct merge m = { .s = s, .count = count, .base = rows[0]->base };
	struct segment_out w;
	struct block block;
	int64_t docs = 0;

	for (size_t i = 0; i < count; i++) {
		int64_t end = rows[i]->base - m.base + rows[i]->span;
		m.span = end > m.span ? end : m.span;
		docs += rows[i]->docs;
	}
	block_init(&block);
	int rc = find_alive(&m, err);
	for (size_t i = 0; i < count; i++) {
		m.sources[i].row = rows[i];
		buf_init(&m.sources[i].data, BUF_NO_MAX);
	}
	for (size_t i = 0; rc == 0 && i < count; i++)
		rc = run_next(s, &m.sources[i], err);
	if (rc == 0)
		rc = segment_out_start(&w, s, &block, m.base, docs, err);
	if (rc == 0)
		rc = merge_terms(&m, &w, err);
	if (rc == 0)
		rc = segment_out_finish(&w, m.span, err);
	for (size_t i = 0; i < count; i++) {
		if (rc == 0)
			rc = drop_segment(s, rows[i]->id, err);
		buf_fini(&m.sources[i].data);
	}
	block_fini(&block);
	mem_free(m.alive);
	mem_free(m.list);
	mem_free(m.numbers);
	return rc;
}

int merge_segments(struct store *s, struct err *err)
{
	struct arena mem;
	int rc = 0, again = 1;

	arena_init(&mem);
	while (rc == 0 && again) {
		struct segment_row *rows;
		const struct segment_row *same[MERGE_FANOUT];
		size_t count, n;

		rc = read_segments(s, &mem, &rows, &count, err);
		again = 0;
		for (int level = 0; rc == 0 && level < TOP_LEVEL && !again; level++) {
			n = 0;
			for (size_t i = 0; i < count && n < MERGE_FANOUT; i++)
				if (rows[i].level == level)
					same[n++] = &rows[i];
			if (n == MERGE_FANOUT) {
				rc = merge_rows(s, same, n, err);
				again = 1;
			}
		}
	}
	arena_fini(&mem);
	return rc;
}
