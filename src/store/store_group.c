/* Counts by keyword, category, source and month; store_late.c keeps them. */
#include "store/store.h"

#include <string.h>

#include "base/list.h"
#include "store/private.h"

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
