/* Counts by keyword, category, source and month, kept while articles are written. */
#include "store/store.h"

#include <stdio.h>
#include <string.h>

#include "base/list.h"
#include "store/private.h"

struct str month_name(int month, char out[16])
{
	int len = snprintf(out, 16, "%04d-%02d", month / 100, month % 100);

	return str_n(out, (size_t)len);
}

/* Where the newest article may have gone, the newest that is left is looked up; months are not
 * dated by it. */
static int find_newest(struct store *s, enum store_group_by kind, struct str name, struct err *err)
{
	struct db_rows *r;

	if (kind != STORE_BY_KEYWORD)
		return 0;
	if (db_query(s->db,
		     "UPDATE groups SET newest = COALESCE((SELECT MAX(k.date) FROM keywords k "
		     "WHERE k.name = groups.name), 0)"
		     " WHERE kind = $1 AND name = $2",
		     &r, err) < 0)
		return err->code;
	db_bind_i64(r, 1, kind);
	db_bind_str(r, 2, name);
	return db_run(&r, err);
}

int group_add(struct store *s, enum store_group_by kind, struct str name, int64_t count,
	      int64_t date, struct err *err)
{
	struct db_rows *r;

	if (db_query(
		    s->db,
		    "INSERT INTO groups (kind, name, count, newest) VALUES ($1, $2, $3, $4)"
		    " ON CONFLICT (kind, name) DO UPDATE SET count = groups.count + excluded.count,"
		    " newest = CASE WHEN excluded.count > 0 AND excluded.newest > groups.newest"
		    " THEN excluded.newest ELSE groups.newest END",
		    &r, err) < 0)
		return err->code;
	db_bind_i64(r, 1, kind);
	db_bind_str(r, 2, name);
	db_bind_i64(r, 3, count);
	db_bind_i64(r, 4, date);
	if (db_run(&r, err) < 0)
		return err->code;
	return count < 0 ? find_newest(s, kind, name, err) : 0;
}

int store_groups(struct store *s, struct arena *a, enum store_group_by by, int64_t limit,
		 struct store_group **out, size_t *count, struct err *err)
{
	static const char by_count[] =
		"SELECT name, count, newest FROM groups WHERE kind = $1 AND count > 0"
		" ORDER BY count DESC, newest DESC, name LIMIT $2";
	static const char by_name[] =
		"SELECT name, count, newest FROM groups WHERE kind = $1 AND count > 0"
		" ORDER BY name DESC LIMIT $2";
	struct db_rows *r;
	struct list l;
	int rc;

	if (db_query(s->db, by == STORE_BY_MONTH ? by_name : by_count, &r, err) < 0)
		return err->code;
	db_bind_i64(r, 1, by);
	db_bind_i64(r, 2, limit > 0 ? limit : INT64_MAX);
	list_init(&l, sizeof(**out));
	while ((rc = db_next(r, err)) > 0)
		*(struct store_group *)list_add(&l) = (struct store_group){
			.name = arena_str(a, db_str(r, 0)),
			.count = db_i64(r, 1),
			.newest = db_i64(r, 2),
		};
	db_done(&r);
	*out = arena_array(a, l.count ? l.count : 1, sizeof(**out));
	if (l.count)
		memcpy(*out, l.items, l.count * sizeof(**out));
	*count = l.count;
	list_fini(&l);
	return rc;
}
