/*
 * Documents of the search index that fell: an article that changed has a new one, and what the old
 * one held is kept for who makes another index of the documents, in parts that are dear to make
 * anew. There the old one stays and is left out of what is found, until its part is made anew for
 * another reason: because it grew, or because too many of it fell.
 */
#include <string.h>

#include "base/mem.h"
#include "store/index.h"

enum {
	FALLEN_MAX = 2048, /* documents of a part that may be left out of what is found */
	FALLEN_SHARE = 8   /* ... and one of so many of its documents */
};

/* How many documents a part has at most; it ends at the last multiple of what the one before has.
 */
static const int64_t spans[] = { STORE_DOCS_LOOSE, 128, 2048, 32768, 262144 };
enum { SPANS = sizeof(spans) / sizeof(spans[0]) };

static int64_t last_multiple(int64_t count, int i)
{
	return count / spans[i] * spans[i];
}

bool store_docs_part(int64_t doc, int64_t count, int64_t *from, int64_t *to)
{
	*from = last_multiple(doc, SPANS - 1);
	*to = *from + spans[SPANS - 1];
	if (*to <= count)
		return true;
	for (int i = SPANS - 2; i >= 0; i--) {
		*to = last_multiple(count, i);
		if (doc < *to)
			return true;
		*from = *to;
	}
	*to = count;
	return false;
}

/* --- keeping ---------------------------------------------------------------------------------- */

static int drop(struct store *s, int64_t from, int64_t to, struct err *err)
{
	static const char *const tables[] = {
		"DELETE FROM search_fallen WHERE doc >= $1 AND doc < $2",
		"DELETE FROM search_fallen_texts WHERE doc >= $1 AND doc < $2",
	};
	struct db_rows *r;

	for (int i = 0; i < 2; i++) {
		if (db_query(s->db, tables[i], &r, err) < 0)
			return err->code;
		db_bind_i64(r, 1, from);
		db_bind_i64(r, 2, to);
		if (db_run(&r, err) < 0)
			return err->code;
	}
	return 0;
}

static int count_fallen(struct store *s, int64_t from, int64_t to, int64_t *out, struct err *err)
{
	struct db_rows *r;

	if (db_query(s->db, "SELECT COUNT(*) FROM search_fallen WHERE doc >= $1 AND doc < $2", &r,
		     err) < 0)
		return err->code;
	db_bind_i64(r, 1, from);
	db_bind_i64(r, 2, to);
	int rc = db_next(r, err);
	*out = rc > 0 ? db_i64(r, 0) : 0;
	db_done(&r);
	return rc < 0 ? rc : 0;
}

static int keep_document(struct store *s, int64_t doc, const struct article *art, int64_t date,
			 struct err *err)
{
	struct db_rows *r;

	if (db_query(s->db, "INSERT INTO search_fallen (doc, revision_id, date) VALUES ($1,$2,$3)",
		     &r, err) < 0)
		return err->code;
	db_bind_i64(r, 1, doc);
	db_bind_i64(r, 2, art->id << REVISION_BITS | art->revision);
	db_bind_i64(r, 3, date);
	return db_run(&r, err);
}

/* `added`: a source that the document did not have. */
static int keep_texts(struct store *s, struct arena *mem, int64_t doc, const struct article *art,
		      struct str added, struct err *err)
{
	struct strs sources, had = { 0 };
	struct db_rows *r;
	struct str around;

	if (store_around(s, mem, art->id, art->revision, &around, err) < 0 ||
	    store_article_sources(s, mem, art->id, &sources, err) < 0)
		return err->code;
	had.items = arena_alloc(mem, (sources.count + 1) * sizeof(*had.items));
	for (size_t i = 0; i < sources.count; i++)
		if (!str_eq(sources.items[i], added))
			had.items[had.count++] = sources.items[i];
	const struct str texts[] = { art->title,
				     art->text,
				     art->summary,
				     around,
				     art->language,
				     pack_strs(mem, &had),
				     pack_strs(mem, &art->keywords) };
	if (db_query(s->db,
		     "INSERT INTO search_fallen_texts (doc, title, text, summary, around, language,"
		     " sources, keywords) VALUES ($1,$2,$3,$4,$5,$6,$7,$8)",
		     &r, err) < 0)
		return err->code;
	db_bind_i64(r, 1, doc);
	for (int i = 0; i < 7; i++)
		db_bind_str(r, 2 + i, texts[i]);
	return db_run(&r, err);
}

int fallen_add(struct store *s, struct arena *mem, const struct article *art, int64_t doc,
	       int64_t date, struct str added, struct err *err)
{
	int64_t count, from, to, fallen = 0;

	if (doc <= 0)
		return 0;
	if (docs_next(s, &count, err) < 0)
		return err->code;
	/* What is not written yet is in no part, and the newest part is soon made anew. */
	if (doc >= last_multiple(count, 1) || !store_docs_part(doc, count, &from, &to))
		return 0;
	if (count_fallen(s, from, to, &fallen, err) < 0)
		return err->code;
	if (fallen >= FALLEN_MAX || fallen * FALLEN_SHARE >= to - from)
		return drop(s, from, to, err);
	if (keep_document(s, doc, art, date, err) < 0)
		return err->code;
	return keep_texts(s, mem, doc, art, added, err);
}

int fallen_grow(struct store *s, int64_t before, int64_t now, struct err *err)
{
	for (int i = SPANS - 1; i > 0; i--)
		if (last_multiple(before, i) != last_multiple(now, i))
			return drop(s, last_multiple(before, i < SPANS - 1 ? i + 1 : i), now, err);
	return 0;
}

/* --- reading ---------------------------------------------------------------------------------- */

int fallen_read(struct store *s, struct list *docs, struct err *err)
{
	struct db_rows *r;
	int rc;

	if (db_query(s->db, "SELECT doc, revision_id, date FROM search_fallen ORDER BY doc", &r,
		     err) < 0)
		return err->code;
	while ((rc = db_next(r, err)) > 0) {
		struct store_doc *doc;

		if (db_i64(r, 0) >= (int64_t)docs->count)
			continue;
		doc = list_at(docs, (size_t)db_i64(r, 0));
		if (doc->article)
			continue;
		doc->article = db_i64(r, 1) >> REVISION_BITS;
		doc->revision = (int)(db_i64(r, 1) & REVISION_MAX);
		doc->date = db_i64(r, 2);
		doc->fallen = true;
	}
	db_done(&r);
	return rc;
}

int fallen_texts(struct store *s, struct arena *a, int64_t number, struct store_doc_text *out,
		 struct err *err)
{
	struct str *texts[] = { &out->article.title, &out->article.text, &out->article.summary,
				&out->around, &out->article.language };
	struct db_rows *r;

	if (db_query(s->db,
		     "SELECT title, text, summary, around, language, sources, keywords"
		     " FROM search_fallen_texts WHERE doc = $1",
		     &r, err) < 0)
		return err->code;
	db_bind_i64(r, 1, number);
	int rc = db_next(r, err);
	if (rc > 0) {
		for (int i = 0; i < 5; i++)
			*texts[i] = arena_str(a, db_str(r, i));
		out->sources = unpack_strs(a, arena_str(a, db_str(r, 5)));
		out->article.keywords = unpack_strs(a, arena_str(a, db_str(r, 6)));
	}
	db_done(&r);
	if (rc == 0)
		return err_set(err, ERR_NOTFOUND, "document %lld of the search index has no text",
			       (long long)number);
	return rc < 0 ? rc : 0;
}
