/*
 * verify: everything that the store promises, looked at. Each check is a statement whose rows are
 * damages, or a walk that compares; nothing is mended here.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/list.h"
#include "base/mem.h"
#include "store/index.h"

enum { TELL_EVERY = 1000, DAMAGES_MAX = 10000 };

struct verify {
	struct store *s;
	struct blob *blobs;
	struct arena *mem;
	struct list found;
	void (*progress)(void *arg, int64_t done, int64_t all);
	void *arg;
	int64_t done, all;
	uint32_t *postings; /* of each document: how many terms the index has */
	int64_t docs;
	bool index_readable;
};

static void found(struct verify *v, struct str what)
{
	if (v->found.count < DAMAGES_MAX)
		((struct store_damage *)list_add(&v->found))->what = what;
}

static void step(struct verify *v)
{
	if (++v->done % TELL_EVERY == 0 && v->progress)
		v->progress(v->arg, v->done, v->all);
}

static void engine_complains(void *arg, struct str complaint)
{
	struct verify *v = arg;

	found(v, arena_strf(v->mem, "database: %.*s", STR_FMT(complaint)));
}

/* --- rows against rows ------------------------------------------------------------------------ */

/* A row's first column names it; the sentence is put together from what stands around it. */
static const struct {
	const char *sql, *before, *after;
} row_checks[] = {
	{ "SELECT a.key FROM articles a WHERE a.revision <> (SELECT COUNT(*) FROM revisions r"
	  " WHERE r.id > a.id << 16 AND r.id <= (a.id << 16) + 65535)",
	  "article ", ": revisions are missing, or there are too many" },
	{ "SELECT a.key FROM articles a LEFT JOIN revisions r ON r.id = (a.id << 16) + a.revision "
	  "WHERE r.id IS NULL",
	  "article ", ": its newest revision is missing" },
	{ "SELECT CAST(r.id AS TEXT) FROM revisions r LEFT JOIN articles a ON a.id = r.id >> 16 "
	  "WHERE a.id IS NULL",
	  "revision ", ": its article is missing" },
	{ "SELECT CAST(r.id AS TEXT) FROM revisions r LEFT JOIN captures c ON c.id = r.capture_id"
	  " WHERE r.capture_id > 0 AND c.id IS NULL",
	  "revision ", ": the capture it was made from is missing" },
	{ "SELECT a.key FROM articles a LEFT JOIN article_sources x ON x.article_id = a.id AND "
	  "x.source = a.source"
	  " WHERE a.source <> '' AND x.source IS NULL",
	  "article ", ": its source is missing" },
	{ "SELECT CAST(x.article_id AS TEXT) FROM article_sources x LEFT JOIN articles a ON a.id = "
	  "x.article_id"
	  " WHERE a.id IS NULL OR a.date <> x.date",
	  "source of article ", ": no such article, or of another date" },
	{ "SELECT x.url FROM aliases x LEFT JOIN articles a ON a.id = x.article_id WHERE a.id IS "
	  "NULL",
	  "alias ", ": its article is missing" },
	{ "SELECT x.path FROM paths x LEFT JOIN articles a ON a.id = x.article_id WHERE a.id IS "
	  "NULL OR a.path <> x.path",
	  "path ", ": its article is missing, or elsewhere" },
	{ "SELECT CAST(e.article_id AS TEXT) FROM events e LEFT JOIN articles a ON a.id = "
	  "e.article_id"
	  " WHERE a.id IS NULL OR (e.kind = 0 AND (e.revision < 2 OR e.revision > a.revision))",
	  "event of article ", ": no such article, or no such revision" },
	{ "SELECT CAST(kind AS TEXT) FROM events GROUP BY kind HAVING MIN(number) <> 1 OR "
	  "MAX(number) <> COUNT(*)",
	  "events of kind ", ": they are not numbered from 1 without gaps" },
	{ "SELECT 'all' FROM (SELECT COALESCE(SUM(revision - 1), 0) AS n FROM articles) a,"
	  " (SELECT COUNT(*) AS n FROM events WHERE kind = 0) e WHERE a.n <> e.n",
	  "edits: ", ": they are counted wrong" },
	{ "SELECT k.name FROM keywords k LEFT JOIN articles a ON a.id = k.article_id WHERE a.id IS "
	  "NULL OR a.date <> k.date",
	  "keyword ", ": its article is missing, or of another date" },
	{ "SELECT g.name FROM groups g WHERE g.kind = 0 AND g.count <> (SELECT COUNT(*) FROM "
	  "keywords k WHERE k.name = g.name)",
	  "keyword ", ": its articles are counted wrong" },
	{ "SELECT g.name FROM groups g WHERE g.kind = 2 AND g.count <>"
	  " (SELECT COUNT(*) FROM article_sources x WHERE x.source = g.name)",
	  "source ", ": its articles are counted wrong" },
	{ "SELECT 'all' FROM (SELECT SUM(count) AS n FROM groups WHERE kind = 3) g, (SELECT "
	  "COUNT(*) AS n FROM articles) a"
	  " WHERE COALESCE(g.n, 0) <> a.n",
	  "months: ", ": articles are counted wrong" },
};
_Static_assert(REVISION_BITS == 16, "the numbers above");

static int check_rows(struct verify *v, struct err *err)
{
	for (size_t i = 0; i < sizeof(row_checks) / sizeof(*row_checks); i++) {
		struct db_rows *r;
		int rc;

		if (db_query(v->s->db, row_checks[i].sql, &r, err) < 0)
			return err->code;
		while ((rc = db_next(r, err)) > 0)
			found(v, arena_strf(v->mem, "%s%.*s%s", row_checks[i].before,
					    STR_FMT(db_str(r, 0)), row_checks[i].after));
		db_done(&r);
		if (rc < 0)
			return rc;
	}
	return 0;
}

/* --- blobs ------------------------------------------------------------------------------------ */

static int capture_of(struct verify *v, const struct hash *name, struct str *url, struct err *err)
{
	struct db_rows *r;

	*url = S("no capture");
	if (db_query(v->s->db, "SELECT url FROM captures WHERE body = $1 LIMIT 1", &r, err) < 0)
		return err->code;
	db_bind_blob(r, 1, str_n((const char *)name->bytes, HASH_BYTES));
	int rc = db_next(r, err);
	if (rc > 0)
		*url = arena_str(v->mem, db_str(r, 0));
	db_done(&r);
	return rc < 0 ? rc : 0;
}

static int check_blobs(struct verify *v, struct err *err)
{
	struct blob_walk *w;
	struct hash name;
	struct buf body;
	int rc;

	if (blob_walk_open(v->blobs, &w, err) < 0)
		return err->code;
	buf_init(&body, BUF_NO_MAX);
	while ((rc = blob_walk_next(w, &name, err)) > 0) {
		struct err bad = { 0 };
		struct str url;

		buf_reset(&body);
		step(v);
		if (blob_get(v->blobs, &name, &body, &bad) == 0)
			continue;
		if ((rc = capture_of(v, &name, &url, err)) < 0)
			break;
		found(v, arena_strf(v->mem, "%s (%.*s)", bad.msg, STR_FMT(url)));
	}
	buf_fini(&body);
	blob_walk_close(&w);
	return rc;
}

/* Every capture's body is there; that it is whole, check_blobs has seen. */
static int check_captures(struct verify *v, struct err *err)
{
	struct db_rows *r;
	int rc;

	if (db_query(v->s->db, "SELECT id, url, body FROM captures WHERE body_bytes > 0", &r, err) <
	    0)
		return err->code;
	while ((rc = db_next(r, err)) > 0) {
		struct str body = db_str(r, 2);
		struct hash name;

		step(v);
		if (body.len == HASH_BYTES) {
			memcpy(name.bytes, body.ptr, HASH_BYTES);
			if (blob_has(v->blobs, &name))
				continue;
		}
		found(v, arena_strf(v->mem, "capture %" PRId64 " of %.*s: its body is missing",
				    db_i64(r, 0), STR_FMT(db_str(r, 1))));
	}
	db_done(&r);
	return rc;
}

/* --- the search index ------------------------------------------------------------------------- */

static bool count_postings(struct verify *v, const struct segment_row *seg,
			   const struct entry_reader *e, uint32_t **numbers, size_t *cap)
{
	if (*cap < e->count) {
		*cap = e->count * 2;
		*numbers = mem_realloc(*numbers, *cap * sizeof(**numbers));
	}
	const char *p = read_docs(e->lists, e->count, seg->base, *numbers),
		   *end = e->lists.ptr + e->lists.len;
	if (!p)
		return false;
	for (size_t i = 0; i < e->count; i++) {
		if ((*numbers)[i] - seg->base >= seg->span || (*numbers)[i] >= v->docs ||
		    (i > 0 && (*numbers)[i] <= (*numbers)[i - 1]))
			return false;
		if (has_places(str_n(e->term, e->term_len), e->count, seg->level == TOP_LEVEL) &&
		    !skip_places(&p, end, 1))
			return false;
		v->postings[(*numbers)[i]]++;
	}
	return p == end;
}

static int check_segment(struct verify *v, const struct segment_row *seg, struct err *err)
{
	struct db_rows *r;
	uint32_t *numbers = NULL;
	size_t cap = 0;
	struct buf last;
	bool good = true;
	int rc, more = 0;

	if (db_query(v->s->db,
		     "SELECT data, first FROM search_blocks WHERE id >= $1 AND id < $2 ORDER BY id",
		     &r, err) < 0)
		return err->code;
	db_bind_i64(r, 1, seg->id << SEGMENT_BLOCK_BITS);
	db_bind_i64(r, 2, (seg->id + 1) << SEGMENT_BLOCK_BITS);
	buf_init(&last, BUF_NO_MAX);
	while (good && (rc = db_next(r, err)) > 0) {
		struct entry_reader e;
		bool first = true;

		entries_start(&e, db_str(r, 0));
		while (good && (more = entries_next(&e)) > 0) {
			struct str term = str_n(e.term, e.term_len);

			good = (!first || str_eq(term, db_str(r, 1))) &&
			       (last.len == 0 || str_cmp(buf_str(&last), term) < 0) &&
			       count_postings(v, seg, &e, &numbers, &cap);
			first = false;
			buf_reset(&last);
			buf_add(&last, term);
		}
		good = good && more == 0;
	}
	db_done(&r);
	if (!good) {
		v->index_readable = false;
		found(v,
		      arena_strf(v->mem, "search index: segment %" PRId64 " is damaged", seg->id));
	}
	buf_fini(&last);
	mem_free(numbers);
	return good ? rc : 0;
}

static int read_record(struct verify *v, int64_t doc, int64_t *held, struct buf *data,
		       struct doc_record *out, struct err *err)
{
	size_t at = (size_t)(doc % DOCS_A_BLOCK) * sizeof(*out);

	if (*held != doc / DOCS_A_BLOCK && read_doc_block(v->s, doc / DOCS_A_BLOCK, data, err) < 0)
		return err->code;
	*held = doc / DOCS_A_BLOCK;
	*out = (struct doc_record){ 0 };
	if (at + sizeof(*out) <= data->len)
		memcpy(out, data->ptr + at, sizeof(*out));
	return 0;
}

/* What search_days says of each document against its record. */
static int check_days(struct verify *v, struct err *err)
{
	struct buf records, days;
	int64_t held = -1, held_days = -1, wrong = 0;
	int rc = 0;

	buf_init(&records, BUF_NO_MAX);
	buf_init(&days, BUF_NO_MAX);
	for (int64_t doc = 0; rc == 0 && doc < v->docs; doc++) {
		struct doc_record record = { 0 };
		size_t at = (size_t)(doc % DAYS_A_BLOCK) * sizeof(uint16_t);
		uint16_t day = 0;

		if (held_days != doc / DAYS_A_BLOCK)
			rc = read_day_block(v->s, held_days = doc / DAYS_A_BLOCK, &days, err);
		if (rc == 0)
			rc = read_record(v, doc, &held, &records, &record, err);
		if (rc == 0 && at + sizeof(day) <= days.len)
			memcpy(&day, days.ptr + at, sizeof(day));
		if (rc == 0)
			wrong += day != (record.revision_id ? doc_day(record.date) : 0);
	}
	if (wrong > 0)
		found(v, arena_strf(v->mem, "search index: %" PRId64 " documents have another day",
				    wrong));
	buf_fini(&records);
	buf_fini(&days);
	return rc;
}

/* Each article against its document: its record, and as many postings as it has terms. */
static int check_documents(struct verify *v, struct err *err)
{
	struct db_rows *r;
	struct article art;
	struct arena mem;
	struct buf data;
	int64_t held = -1, alive = 0, terms;
	int rc;

	if (db_query(v->s->db, "SELECT id, doc, date FROM articles WHERE doc > 0 ORDER BY id", &r,
		     err) < 0)
		return err->code;
	arena_init(&mem);
	buf_init(&data, BUF_NO_MAX);
	while ((rc = db_next(r, err)) > 0) {
		int64_t doc = db_i64(r, 1);
		struct doc_record record;

		arena_reset(&mem);
		step(v);
		if ((rc = load_article(v->s, &mem, db_i64(r, 0), STORE_TEXT, &art, NULL, err)) ==
		    ERR_NOTFOUND)
			continue; /* its revision is missing: told already */
		if (rc < 0 || (rc = read_record(v, doc, &held, &data, &record, err)) < 0 ||
		    (rc = index_count_terms(v->s, &art, &terms, err)) < 0)
			break;
		alive++;
		if (record.revision_id != (art.id << REVISION_BITS | art.revision) ||
		    record.date != db_i64(r, 2))
			found(v, arena_strf(v->mem, "search index: article %.*s has another record",
					    STR_FMT(art.key)));
		else if (v->index_readable && (doc >= v->docs || v->postings[doc] != terms))
			found(v, arena_strf(v->mem, "search index: article %.*s has %d terms of %d",
					    STR_FMT(art.key),
					    doc < v->docs ? (int)v->postings[doc] : 0, (int)terms));
	}
	db_done(&r);
	for (int64_t doc = 0; rc == 0 && doc < v->docs; doc++) {
		struct doc_record record = { 0 };

		rc = read_record(v, doc, &held, &data, &record, err);
		alive -= record.revision_id != 0;
	}
	if (rc == 0 && alive != 0)
		found(v, arena_strf(v->mem,
				    "search index: %" PRId64 " documents that are no article's",
				    -alive));
	buf_fini(&data);
	arena_fini(&mem);
	return rc;
}

/* Documents that are kept as they were: none that stands, and each with its texts. */
static int check_fallen(struct verify *v, struct err *err)
{
	struct doc_record record;
	struct db_rows *r;
	struct buf data;
	int64_t held = -1;
	int rc;

	if (db_query(v->s->db,
		     "SELECT f.doc, COALESCE(t.doc, -1) FROM search_fallen f"
		     " LEFT JOIN search_fallen_texts t ON t.doc = f.doc ORDER BY f.doc",
		     &r, err) < 0)
		return err->code;
	buf_init(&data, BUF_NO_MAX);
	while ((rc = db_next(r, err)) > 0) {
		int64_t doc = db_i64(r, 0);

		if ((rc = read_record(v, doc, &held, &data, &record, err)) < 0)
			break;
		if (record.revision_id != 0)
			found(v, arena_strf(v->mem,
					    "search index: document %" PRId64 " fell and stands",
					    doc));
		if (db_i64(r, 1) < 0)
			found(v,
			      arena_strf(v->mem,
					 "search index: document %" PRId64 " fell without a text",
					 doc));
	}
	db_done(&r);
	buf_fini(&data);
	return rc;
}

static int check_index(struct verify *v, struct err *err)
{
	struct segment_row *segments;
	struct db_rows *r;
	size_t count;

	if (db_query(v->s->db,
		     "SELECT block, LENGTH(data) FROM search_docs ORDER BY block DESC LIMIT 1", &r,
		     err) < 0)
		return err->code;
	int rc = db_next(r, err);
	v->docs = rc > 0 ? db_i64(r, 0) * DOCS_A_BLOCK +
				   db_i64(r, 1) / (int64_t)sizeof(struct doc_record)
			 : 0;
	db_done(&r);
	if (rc < 0)
		return rc;
	v->postings = mem_array((size_t)v->docs + 1, sizeof(*v->postings));
	v->index_readable = true;
	rc = read_segments(v->s, v->mem, &segments, &count, err);
	for (size_t i = 0; rc == 0 && i < count; i++)
		rc = check_segment(v, &segments[i], err);
	if (rc == 0)
		rc = check_documents(v, err);
	if (rc == 0)
		rc = check_days(v, err);
	if (rc == 0)
		rc = check_fallen(v, err);
	mem_free(v->postings);
	return rc;
}

/* --- all of it -------------------------------------------------------------------------------- */

static int count_all(struct verify *v, struct err *err)
{
	struct db_rows *r;

	/* Each article and capture is one step, and about as many blobs as captures are. */
	if (db_query(v->s->db,
		     "SELECT (SELECT COUNT(*) FROM articles) + 2 * (SELECT COUNT(*) FROM captures)",
		     &r, err) < 0)
		return err->code;
	int rc = db_next(r, err);
	v->all = rc > 0 ? db_i64(r, 0) : 0;
	db_done(&r);
	return rc < 0 ? rc : 0;
}

int store_verify(struct store *s, struct blob *b, struct arena *a,
		 void (*progress)(void *arg, int64_t done, int64_t all), void *arg,
		 struct store_damage **out, size_t *count, struct err *err)
{
	struct verify v = { .s = s, .blobs = b, .mem = a, .progress = progress, .arg = arg };
	bool writing = s->writing;

	list_init(&v.found, sizeof(struct store_damage));
	int rc = writing ? 0 : db_begin_reading(s->db, err);
	bool began = rc > 0;
	if (rc >= 0)
		rc = db_check(s->db, engine_complains, &v, err);
	/* What the engine cannot read through, statements cannot either: that much is said, and the
	 * rest is left. */
	if (rc == 0 && v.found.count == 0) {
		rc = count_all(&v, err);
		if (rc == 0)
			rc = check_rows(&v, err);
		if (rc == 0 && b)
			rc = check_blobs(&v, err);
		if (rc == 0 && b)
			rc = check_captures(&v, err);
		if (rc == 0)
			rc = check_index(&v, err);
	}
	if (rc == ERR_INPUT) {
		found(&v, arena_strf(a, "%s", err->msg));
		rc = 0;
	}
	struct err unheard;
	if (began)
		db_commit(s->db, &unheard);
	*out = arena_array(a, v.found.count + 1, sizeof(**out));
	if (v.found.count)
		memcpy(*out, v.found.items, v.found.count * sizeof(**out));
	*count = v.found.count;
	list_fini(&v.found);
	return rc;
}
