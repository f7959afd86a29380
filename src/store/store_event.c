/* The journal of what publishers did to articles: a numbered row for each edit, deletion, return.
 */
#include "store/store.h"

#include <string.h>

#include "base/list.h"
#include "store/private.h"

int event_add(struct store *s, enum store_event_kind kind, int64_t article_id, int revision,
	      int64_t time, struct err *err)
{
	struct db_rows *r;

	if (db_query(s->db,
		     "INSERT INTO events (kind, number, article_id, revision, time) VALUES ($1,"
		     " (SELECT COALESCE(MAX(number), 0) + 1 FROM events WHERE kind = $1), $2, $3, "
		     "$4)",
		     &r, err) < 0)
		return err->code;
	const int64_t values[] = { kind, article_id, revision, time };
	for (int i = 0; i < 4; i++)
		db_bind_i64(r, i + 1, values[i]);
	return db_run(&r, err);
}

static int read_events(struct db_rows *r, struct arena *a, struct store_event **out, size_t *count,
		       struct err *err)
{
	struct list l;
	int rc;

	list_init(&l, sizeof(**out));
	while ((rc = db_next(r, err)) > 0)
		*(struct store_event *)list_add(&l) = (struct store_event){
			.kind = (enum store_event_kind)db_i64(r, 0),
			.number = db_i64(r, 1),
			.article_id = db_i64(r, 2),
			.revision = (int)db_i64(r, 3),
			.time = db_i64(r, 4),
		};
	db_done(&r);
	*out = arena_array(a, l.count + 1, sizeof(**out));
	if (l.count)
		memcpy(*out, l.items, l.count * sizeof(**out));
	*count = l.count;
	list_fini(&l);
	return rc;
}

int store_events(struct store *s, struct arena *a, enum store_event_kind kind, int64_t from,
		 int64_t to, struct store_event **out, size_t *count, struct err *err)
{
	struct db_rows *r;

	if (db_query(s->db,
		     "SELECT kind, number, article_id, revision, time FROM events"
		     " WHERE kind = $1 AND number >= $2 AND number <= $3 ORDER BY number",
		     &r, err) < 0)
		return err->code;
	db_bind_i64(r, 1, kind);
	db_bind_i64(r, 2, from);
	db_bind_i64(r, 3, to);
	return read_events(r, a, out, count, err);
}

int store_article_events(struct store *s, struct arena *a, int64_t id, struct store_event **out,
			 size_t *count, struct err *err)
{
	struct db_rows *r;

	if (db_query(s->db,
		     "SELECT kind, number, article_id, revision, time FROM events"
		     " WHERE article_id = $1 ORDER BY kind, number",
		     &r, err) < 0)
		return err->code;
	db_bind_i64(r, 1, id);
	return read_events(r, a, out, count, err);
}

static int last_of(struct db_rows *r, int64_t *out, struct err *err)
{
	int rc = db_next(r, err);

	*out = rc > 0 ? db_i64(r, 0) : 0;
	db_done(&r);
	return rc < 0 ? rc : 0;
}

int store_event_last(struct store *s, enum store_event_kind kind, int64_t *number, struct err *err)
{
	struct db_rows *r;

	if (db_query(s->db, "SELECT COALESCE(MAX(number), 0) FROM events WHERE kind = $1", &r,
		     err) < 0)
		return err->code;
	db_bind_i64(r, 1, kind);
	return last_of(r, number, err);
}

int store_article_last(struct store *s, int64_t *id, struct err *err)
{
	struct db_rows *r;

	if (db_query(s->db, "SELECT COALESCE(MAX(id), 0) FROM articles", &r, err) < 0)
		return err->code;
	return last_of(r, id, err);
}
