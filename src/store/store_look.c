/* Which articles are looked at again, and when. A row goes when its schedule is done. */
#include "store/store.h"

#include "store/private.h"

static int put_look(struct store *s, const char *sql, const struct look *look, struct err *err)
{
	struct db_rows *r;
	bool own;

	if (write_start(s, &own, err) < 0)
		return err->code;
	int rc = db_query(s->db, sql, &r, err);
	if (rc == 0) {
		const int64_t numbers[] = { look->article_id,
					    look->due,
					    look->step,
					    look->tries,
					    look->gone_first,
					    (int64_t)look->title_hash,
					    (int64_t)look->text_hash };
		for (int i = 0; i < 7; i++)
			db_bind_i64(r, i + 1, numbers[i]);
		db_bind_str(r, 8, look->etag);
		db_bind_str(r, 9, look->last_modified);
		db_bind_i64(r, 10, (int64_t)look->made_with);
		db_bind_i64(r, 11, look->based_on);
		rc = db_run(&r, err);
	}
	return write_end(s, own, rc, err);
}

static const char begin_look[] =
	"INSERT INTO looks (article_id, due, step, tries, gone_first, title_hash, text_hash, etag, "
	"last_modified, made_with, based_on)"
	" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (article_id) DO "
	"NOTHING";
static const char move_look[] =
	"UPDATE looks SET due = $2, step = $3, tries = $4, gone_first = "
	"$5, title_hash = $6, text_hash = $7,"
	" etag = $8, last_modified = $9, made_with = $10, based_on = $11 WHERE article_id = $1";

int store_look_begin(struct store *s, int64_t article_id, int64_t due, int step, struct err *err)
{
	const struct look look = {
		.article_id = article_id,
		.due = due,
		.step = step,
		.gone_first = TIME_UNSTATED,
	};

	return put_look(s, begin_look, &look, err);
}

int store_look_hasten(struct store *s, int64_t article_id, int64_t due, int last_step,
		      struct err *err)
{
	struct db_rows *r;
	bool own;

	if (write_start(s, &own, err) < 0)
		return err->code;
	int rc = db_query(s->db, "UPDATE looks SET due = $2 WHERE article_id = $1 AND due > $2", &r,
			  err);
	if (rc == 0) {
		db_bind_i64(r, 1, article_id);
		db_bind_i64(r, 2, due);
		rc = db_run(&r, err);
	}
	if (rc == 0)
		rc = store_look_begin(s, article_id, due, last_step, err);
	return write_end(s, own, rc, err);
}

int store_look_rebase(struct store *s, int64_t article_id, int64_t revision, int64_t due,
		      struct err *err)
{
	struct db_rows *r;
	bool own;

	if (write_start(s, &own, err) < 0)
		return err->code;
	int rc = db_query(s->db,
			  "UPDATE looks SET due = CASE WHEN due < $3 THEN due ELSE $3 END,"
			  " text_hash = 0, title_hash = 0, based_on = $2"
			  " WHERE article_id = $1 AND based_on < $2",
			  &r, err);
	if (rc == 0) {
		db_bind_i64(r, 1, article_id);
		db_bind_i64(r, 2, revision);
		db_bind_i64(r, 3, due);
		rc = db_run(&r, err);
	}
	return write_end(s, own, rc, err);
}

int store_look_put(struct store *s, const struct look *look, struct err *err)
{
	return put_look(s, move_look, look, err);
}

int store_look_end(struct store *s, int64_t article_id, struct err *err)
{
	struct db_rows *r;
	bool own;

	if (write_start(s, &own, err) < 0)
		return err->code;
	int rc = db_query(s->db, "DELETE FROM looks WHERE article_id = $1", &r, err);
	if (rc == 0) {
		db_bind_i64(r, 1, article_id);
		rc = db_run(&r, err);
	}
	return write_end(s, own, rc, err);
}

int store_look_due(struct store *s, struct arena *a, int64_t now, int64_t limit, struct look **out,
		   size_t *count, struct err *err)
{
	struct db_rows *r;
	int rc;

	*out = arena_array(a, (size_t)limit, sizeof(**out));
	*count = 0;
	if (db_query(s->db,
		     "SELECT article_id, due, step, tries, gone_first, title_hash, text_hash, "
		     "etag, last_modified, made_with, based_on"
		     " FROM looks WHERE due <= $1 ORDER BY due LIMIT $2",
		     &r, err) < 0)
		return err->code;
	db_bind_i64(r, 1, now);
	db_bind_i64(r, 2, limit);
	while ((rc = db_next(r, err)) > 0)
		(*out)[(*count)++] = (struct look){
			.article_id = db_i64(r, 0),
			.due = db_i64(r, 1),
			.step = (int)db_i64(r, 2),
			.tries = (int)db_i64(r, 3),
			.gone_first = db_i64(r, 4),
			.title_hash = (uint64_t)db_i64(r, 5),
			.text_hash = (uint64_t)db_i64(r, 6),
			.etag = arena_str(a, db_str(r, 7)),
			.last_modified = arena_str(a, db_str(r, 8)),
			.made_with = (uint64_t)db_i64(r, 9),
			.based_on = db_i64(r, 10),
		};
	db_done(&r);
	return rc;
}
