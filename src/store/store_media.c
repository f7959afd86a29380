/*
 * Pictures of articles. media_wants says which articles wait for one: when it is there they have
 * changed, so that the next build makes their pages anew, and the wish is forgotten.
 */
#include "store/store.h"

#include <string.h>

#include "store/private.h"

int store_media_want(struct store *s, struct str url, int64_t article_id, struct str source,
		     int64_t now, struct err *err)
{
	struct db_rows *r;
	bool own;

	if (write_start(s, &own, err) < 0)
		return err->code;
	int rc = db_query(s->db,
			  "INSERT INTO media (url, source, type, body, bytes, width, height, "
			  "fetched, next_due, tries,"
			  " reason) VALUES ($1, $2, '', $3, 0, 0, 0, $4, $5, 0, '') ON CONFLICT "
			  "(url) DO NOTHING",
			  &r, err);
	if (rc == 0) {
		db_bind_str(r, 1, url);
		db_bind_str(r, 2, source);
		db_bind_blob(r, 3, S(""));
		db_bind_i64(r, 4, TIME_UNSTATED);
		db_bind_i64(r, 5, now);
		rc = db_run(&r, err);
	}
	if (rc == 0)
		rc = db_query(s->db,
			      "INSERT INTO media_wants (url, article_id) SELECT url, $2 FROM media "
			      "WHERE url = $1"
			      " AND type = '' ON CONFLICT (url, article_id) DO NOTHING",
			      &r, err);
	if (rc == 0) {
		db_bind_str(r, 1, url);
		db_bind_i64(r, 2, article_id);
		rc = db_run(&r, err);
	}
	return write_end(s, own, rc, err);
}

static const char media_by_url[] = "SELECT url, source, type, body, bytes, width, height, fetched, "
				   "next_due, tries, reason FROM media"
				   " WHERE url = $1 AND type <> ''";
static const char media_by_body[] = "SELECT url, source, type, body, bytes, width, height, "
				    "fetched, next_due, tries, reason FROM media"
				    " WHERE body = $1 AND type <> '' LIMIT 1";
static const char media_that_is_due[] = "SELECT url, source, type, body, bytes, width, height, "
					"fetched, next_due, tries, reason FROM media"
					" WHERE next_due <= $1 ORDER BY next_due DESC LIMIT $2";

static void read_media(struct db_rows *r, struct arena *a, struct media *out)
{
	struct str body = db_str(r, 3);

	*out = (struct media){
		.url = arena_str(a, db_str(r, 0)),
		.source = arena_str(a, db_str(r, 1)),
		.type = arena_str(a, db_str(r, 2)),
		.bytes = db_i64(r, 4),
		.width = (int)db_i64(r, 5),
		.height = (int)db_i64(r, 6),
		.fetched = db_i64(r, 7),
		.next_due = db_i64(r, 8),
		.tries = (int)db_i64(r, 9),
		.reason = arena_str(a, db_str(r, 10)),
	};
	if (body.len == HASH_BYTES)
		memcpy(out->body.bytes, body.ptr, HASH_BYTES);
}

int store_media_due(struct store *s, struct arena *a, int64_t now, int64_t limit,
		    struct media **out, size_t *count, struct err *err)
{
	struct db_rows *r;
	int rc;

	*out = arena_array(a, (size_t)limit, sizeof(**out));
	*count = 0;
	if (db_query(s->db, media_that_is_due, &r, err) < 0)
		return err->code;
	db_bind_i64(r, 1, now);
	db_bind_i64(r, 2, limit);
	while ((rc = db_next(r, err)) > 0)
		read_media(r, a, &(*out)[(*count)++]);
	db_done(&r);
	return rc;
}

/* The articles that wait for it have changed; they wait no longer. */
static int tell_articles(struct store *s, struct str url, struct err *err)
{
	struct db_rows *r;

	if (db_query(s->db,
		     "UPDATE articles SET change = $2 WHERE id IN"
		     " (SELECT article_id FROM media_wants WHERE url = $1)",
		     &r, err) < 0)
		return err->code;
	db_bind_str(r, 1, url);
	db_bind_i64(r, 2, s->next_change++);
	if (db_run(&r, err) < 0 ||
	    db_query(s->db, "DELETE FROM media_wants WHERE url = $1", &r, err) < 0)
		return err->code;
	db_bind_str(r, 1, url);
	return db_run(&r, err);
}

int store_media_put(struct store *s, const struct media *m, struct err *err)
{
	struct db_rows *r;
	bool own;

	if (write_start(s, &own, err) < 0)
		return err->code;
	int rc = db_query(s->db,
			  "UPDATE media SET type = $2, body = $3, bytes = $4, width = $5, height = "
			  "$6, fetched = $7,"
			  " next_due = $8, tries = $9, reason = $10 WHERE url = $1",
			  &r, err);
	if (rc == 0) {
		db_bind_str(r, 1, m->url);
		db_bind_str(r, 2, m->type);
		db_bind_blob(r, 3,
			     m->type.len ? str_n((const char *)m->body.bytes, HASH_BYTES) : S(""));
		const int64_t numbers[] = { m->bytes,   m->width,    m->height,
					    m->fetched, m->next_due, m->tries };
		for (int i = 0; i < 6; i++)
			db_bind_i64(r, 4 + i, numbers[i]);
		db_bind_str(r, 10, m->reason);
		rc = db_run(&r, err);
	}
	if (rc == 0 && m->type.len)
		rc = tell_articles(s, m->url, err);
	return write_end(s, own, rc, err);
}

static int get_one(struct db_rows *r, struct arena *a, struct media *out, struct err *err)
{
	int rc = db_next(r, err);

	if (rc > 0)
		read_media(r, a, out);
	db_done(&r);
	return rc > 0 ? 0 : rc < 0 ? rc : err_set(err, ERR_NOTFOUND, "no such picture is kept");
}

int store_media_get(struct store *s, struct arena *a, struct str url, struct media *out,
		    struct err *err)
{
	struct db_rows *r;

	if (db_query(s->db, media_by_url, &r, err) < 0)
		return err->code;
	db_bind_str(r, 1, url);
	return get_one(r, a, out, err);
}

int store_media_any(struct store *s, bool *any, struct err *err)
{
	struct db_rows *r;

	if (db_query(s->db, "SELECT 1 FROM media WHERE type <> '' LIMIT 1", &r, err) < 0)
		return err->code;
	int rc = db_next(r, err);
	*any = rc > 0;
	db_done(&r);
	return rc < 0 ? rc : 0;
}

int store_media_of_body(struct store *s, struct arena *a, const struct hash *body,
			struct media *out, struct err *err)
{
	struct db_rows *r;

	if (db_query(s->db, media_by_body, &r, err) < 0)
		return err->code;
	db_bind_blob(r, 1, str_n((const char *)body->bytes, HASH_BYTES));
	return get_one(r, a, out, err);
}
