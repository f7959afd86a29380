/*
 * The documents of the search index. search_docs has the record of each, which revision it is and
 * when; search_days two bytes of each, so that a search that finds many knows which of them stand
 * and which can be among the newest, and reads the records of those alone.
 */
#include <string.h>

#include "store/index.h"

/* --- rows of equal things --------------------------------------------------------------------- */

struct rows_of {
	const char *read, *write;
	size_t size, a_block;
};

static const struct rows_of record_rows = {
	"SELECT data FROM search_docs WHERE block = $1",
	"INSERT INTO search_docs (block, data) VALUES ($1, $2)"
	" ON CONFLICT (block) DO UPDATE SET data = excluded.data",
	sizeof(struct doc_record),
	DOCS_A_BLOCK,
};
static const struct rows_of day_rows = {
	"SELECT data FROM search_days WHERE block = $1",
	"INSERT INTO search_days (block, data) VALUES ($1, $2)"
	" ON CONFLICT (block) DO UPDATE SET data = excluded.data",
	sizeof(uint16_t),
	DAYS_A_BLOCK,
};

static int read_row(struct store *s, const struct rows_of *of, int64_t block, struct buf *out,
		    struct err *err)
{
	struct db_rows *r;

	buf_reset(out);
	if (db_query(s->db, of->read, &r, err) < 0)
		return err->code;
	db_bind_i64(r, 1, block);
	int rc = db_next(r, err);
	if (rc > 0)
		buf_add(out, db_str(r, 0));
	db_done(&r);
	return rc < 0 ? rc : 0;
}

static int write_row(struct store *s, const struct rows_of *of, int64_t block, struct str data,
		     struct err *err)
{
	struct db_rows *r;

	if (db_query(s->db, of->write, &r, err) < 0)
		return err->code;
	db_bind_i64(r, 1, block);
	db_bind_blob(r, 2, data);
	return db_run(&r, err);
}

static int put_rows(struct store *s, const struct rows_of *of, int64_t first, const void *items,
		    size_t count, struct err *err)
{
	struct buf data;
	size_t doc = (size_t)first;
	int rc = 0;

	buf_init(&data, BUF_NO_MAX);
	while (rc == 0 && count > 0) {
		size_t at = doc % of->a_block, n = of->a_block - at;

		n = n < count ? n : count;
		rc = read_row(s, of, (int64_t)(doc / of->a_block), &data, err);
		while (data.len < (at + n) * of->size)
			buf_add_ch(&data, 0);
		memcpy(data.ptr + at * of->size, items, n * of->size);
		if (rc == 0)
			rc = write_row(s, of, (int64_t)(doc / of->a_block), buf_str(&data), err);
		items = (const char *)items + n * of->size;
		doc += n;
		count -= n;
	}
	buf_fini(&data);
	return rc;
}

/* --- records and days ------------------------------------------------------------------------- */

uint16_t doc_day(int64_t date)
{
	static const int64_t day_ms = 86400000, days_to_1970 = 25567;
	int64_t day = date / day_ms - (date % day_ms < 0) + days_to_1970 + 1;

	return (uint16_t)(day < 1 ? 1 : day > UINT16_MAX ? UINT16_MAX : day);
}

int read_doc_block(struct store *s, int64_t block, struct buf *out, struct err *err)
{
	return read_row(s, &record_rows, block, out, err);
}

int read_day_block(struct store *s, int64_t block, struct buf *out, struct err *err)
{
	return read_row(s, &day_rows, block, out, err);
}

int docs_next(struct store *s, int64_t *out, struct err *err)
{
	struct db_rows *r;

	if (db_query(s->db,
		     "SELECT block, LENGTH(data) FROM search_docs ORDER BY block DESC LIMIT 1", &r,
		     err) < 0)
		return err->code;
	int rc = db_next(r, err);
	*out = rc > 0 ? db_i64(r, 0) * DOCS_A_BLOCK +
				db_i64(r, 1) / (int64_t)sizeof(struct doc_record)
		      : 1;
	db_done(&r);
	return rc < 0 ? rc : 0;
}

static int put_days(struct store *s, int64_t doc, const struct doc_record *records, size_t count,
		    struct err *err)
{
	struct buf days;

	buf_init(&days, BUF_NO_MAX);
	for (size_t i = 0; i < count; i++) {
		uint16_t day = records[i].revision_id ? doc_day(records[i].date) : 0;

		buf_add_n(&days, &day, sizeof(day));
	}
	int rc = put_rows(s, &day_rows, doc, days.ptr, count, err);
	buf_fini(&days);
	return rc;
}

int docs_put(struct store *s, int64_t doc, const struct doc_record *records, size_t count,
	     struct err *err)
{
	int rc = put_rows(s, &record_rows, doc, records, count, err);

	return rc < 0 ? rc : put_days(s, doc, records, count, err);
}

int docs_make_days(struct store *s, struct err *err)
{
	struct buf data;
	int64_t end;
	int rc = docs_next(s, &end, err);

	buf_init(&data, BUF_NO_MAX);
	for (int64_t doc = 0; rc == 0 && doc < end; doc += DOCS_A_BLOCK) {
		rc = read_doc_block(s, doc / DOCS_A_BLOCK, &data, err);
		size_t count = data.len / sizeof(struct doc_record);
		if (rc == 0 && count > 0)
			rc = put_days(s, doc, (const struct doc_record *)(void *)data.ptr, count,
				      err);
	}
	buf_fini(&data);
	return rc;
}

/* --- for who makes another index of them ------------------------------------------------------ */

int store_docs(struct store *s, struct list *out, struct err *err)
{
	struct db_rows *r;
	int rc;

	if (db_query(s->db, "SELECT block, data FROM search_docs ORDER BY block", &r, err) < 0)
		return err->code;
	while ((rc = db_next(r, err)) > 0) {
		struct str data = db_str(r, 1);
		size_t first = (size_t)db_i64(r, 0) * DOCS_A_BLOCK;

		while (out->count < first)
			list_add(out);
		for (size_t at = 0; at + sizeof(struct doc_record) <= data.len;
		     at += sizeof(struct doc_record)) {
			struct store_doc *doc = list_add(out);
			struct doc_record record;

			memcpy(&record, data.ptr + at, sizeof(record));
			doc->article = record.revision_id >> REVISION_BITS;
			doc->revision = (int)(record.revision_id & REVISION_MAX);
			doc->date = record.date;
		}
	}
	db_done(&r);
	return rc < 0 ? rc : fallen_read(s, out, err);
}

int store_doc_read(struct store *s, struct arena *a, int64_t number, const struct store_doc *doc,
		   struct store_doc_text *out, struct err *err)
{
	if (store_article_get(s, a, doc->article, doc->fallen ? STORE_FIELDS : STORE_TEXT,
			      &out->article, err) < 0)
		return err->code;
	if (doc->fallen)
		return fallen_texts(s, a, number, out, err);
	if (store_around(s, a, doc->article, doc->revision, &out->around, err) < 0)
		return err->code;
	return store_article_sources(s, a, doc->article, &out->sources, err);
}

int store_around(struct store *s, struct arena *a, int64_t article, int revision, struct str *out,
		 struct err *err)
{
	struct db_rows *r;

	*out = S("");
	if (db_query(s->db, "SELECT around FROM revisions WHERE id = $1", &r, err) < 0)
		return err->code;
	db_bind_i64(r, 1, article << REVISION_BITS | revision);
	int rc = db_next(r, err);
	if (rc > 0)
		*out = arena_str(a, db_str(r, 0));
	db_done(&r);
	return rc < 0 ? rc : 0;
}
