/* Counts by day, read off the indexes: a day is 24 hours from an instant the caller chooses, for
 * only it knows the zone. */
#include "store/store.h"

#include "store/private.h"

enum { DAY_MS = 86400000 };

int store_span(struct store *s, struct str source, int64_t *first, int64_t *last, struct err *err)
{
	/* Apart, for SQLite answers one MIN or MAX from the end of an index and two by a scan. */
	static const char of_all[] = "SELECT COALESCE((SELECT MIN(date) FROM articles), $1),"
				     " COALESCE((SELECT MAX(date) FROM articles), $1)";
	static const char of_source[] =
		"SELECT COALESCE((SELECT MIN(date) FROM article_sources WHERE source = $2), $1),"
		" COALESCE((SELECT MAX(date) FROM article_sources WHERE source = $2), $1)";
	struct db_rows *r;
	int rc;

	if (db_query(s->db, source.len ? of_source : of_all, &r, err) < 0)
		return err->code;
	db_bind_i64(r, 1, TIME_UNSTATED);
	if (source.len)
		db_bind_str(r, 2, source);
	rc = db_next(r, err);
	if (rc > 0) {
		*first = db_i64(r, 0);
		*last = db_i64(r, 1);
	}
	db_done(&r);
	return rc < 0 ? rc : 0;
}

/* Adds the instants of the rows to the days they are in. */
static int count_days(struct db_rows *r, int64_t from, int64_t *counts, struct err *err)
{
	int rc;

	while ((rc = db_next(r, err)) > 0)
		counts[(db_i64(r, 0) - from) / DAY_MS]++;
	db_done(&r);
	return rc;
}

int store_days(struct store *s, struct str source, int64_t from, size_t days, int64_t *counts,
	       struct err *err)
{
	struct db_rows *r;

	if (db_query(s->db,
		     source.len ? "SELECT date FROM article_sources WHERE date >= $1 AND date < $2"
				  " AND source = $3"
				: "SELECT date FROM articles WHERE date >= $1 AND date < $2",
		     &r, err) < 0)
		return err->code;
	db_bind_i64(r, 1, from);
	db_bind_i64(r, 2, from + (int64_t)days * DAY_MS);
	if (source.len)
		db_bind_str(r, 3, source);
	return count_days(r, from, counts, err);
}

int store_event_days(struct store *s, enum store_event_kind kind, int64_t from, size_t days,
		     int64_t *counts, struct err *err)
{
	struct db_rows *r;

	if (db_query(s->db, "SELECT time FROM events WHERE kind = $1 AND time >= $2 AND time < $3",
		     &r, err) < 0)
		return err->code;
	db_bind_i64(r, 1, kind);
	db_bind_i64(r, 2, from);
	db_bind_i64(r, 3, from + (int64_t)days * DAY_MS);
	return count_days(r, from, counts, err);
}

int store_event_count(struct store *s, enum store_event_kind kind, int64_t before, int64_t *out,
		      struct err *err)
{
	struct db_rows *r;
	int rc;

	if (db_query(s->db, "SELECT COUNT(*) FROM events WHERE kind = $1 AND time < $2", &r, err) <
	    0)
		return err->code;
	db_bind_i64(r, 1, kind);
	db_bind_i64(r, 2, before);
	rc = db_next(r, err);
	*out = rc > 0 ? db_i64(r, 0) : 0;
	db_done(&r);
	return rc < 0 ? rc : 0;
}
