/* The documents of the search index, for who makes another index of them. */
#include <string.h>

#include "store/index.h"

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
	return rc;
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
