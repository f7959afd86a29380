#include "run/changed.h"

#include <inttypes.h>
#include <stdio.h>

static int walk_from(struct store *store, int64_t change, unsigned with, changed_visit *visit,
		     void *arg, struct err *err)
{
	struct store_query q = {
		.changed_after = change,
		.from = TIME_UNSTATED,
		.to = TIME_UNSTATED,
		.as_changed = true,
		.with = with,
	};
	struct store_walk *walk = NULL;
	struct article art;
	struct arena row;
	int rc = store_walk_open(store, &q, &walk, err);

	arena_init(&row);
	while (rc >= 0 && (rc = store_walk_next(walk, &row, &art, err)) > 0) {
		rc = visit(arg, &row, &art, err);
		arena_reset(&row);
	}
	store_walk_close(&walk);
	arena_fini(&row);
	return rc;
}

static int64_t last_change(struct store *store, struct str key)
{
	struct str value;
	struct arena a;
	struct err none;
	int64_t change = 0;

	arena_init(&a);
	if (store_state_get(store, &a, key, &value, &none) == 0)
		str_to_i64(value, 0, INT64_MAX, &change);
	arena_fini(&a);
	return change;
}

int changed_each(struct store *store, struct str key, unsigned with, changed_visit *visit,
		 void *arg, struct err *err)
{
	int64_t change = last_change(store, key), newest = 0;
	char number[24];

	if (store_change_number(store, &newest, err) < 0)
		return err->code;
	if (newest == change)
		return 0;
	snprintf(number, sizeof(number), "%" PRId64, newest);
	if (store_begin(store, err) < 0)
		return err->code;
	if (walk_from(store, change, with, visit, arg, err) < 0 ||
	    store_state_put(store, key, str_of(number), err) < 0) {
		store_rollback(store);
		return err->code;
	}
	return store_commit(store, err);
}
