/* Subscriptions at hubs: who tells us of changes, under which name. */
#include "store/store.h"

#include <string.h>

#include "base/list.h"
#include "store/private.h"

static const char columns[] = "token, source, hub, topic, secret, reason, state, lease_until, "
			      "next_due, tries, last_push, pushes, refused";

static void read_subscription(struct db_rows *r, struct arena *a, struct subscription *out)
{
	struct str *texts[] = { &out->token, &out->source, &out->hub,
				&out->topic, &out->secret, &out->reason };

	for (int i = 0; i < 6; i++)
		*texts[i] = arena_str(a, db_str(r, i));
	out->state = (enum subscription_state)db_i64(r, 6);
	out->lease_until = db_i64(r, 7);
	out->next_due = db_i64(r, 8);
	out->tries = (int)db_i64(r, 9);
	out->last_push = db_i64(r, 10);
	out->pushes = db_i64(r, 11);
	out->refused = db_i64(r, 12);
}

int store_subscriptions(struct store *s, struct arena *a, struct subscription **out, size_t *count,
			struct err *err)
{
	struct str sql = arena_strf(a, "SELECT %s FROM subscriptions ORDER BY token", columns);
	struct db_rows *r;
	struct list l;
	int rc;

	if (db_query_once(s->db, sql.ptr, &r, err) < 0)
		return err->code;
	list_init(&l, sizeof(**out));
	while ((rc = db_next(r, err)) > 0)
		read_subscription(r, a, list_add(&l));
	db_done(&r);
	*out = arena_array(a, l.count, sizeof(**out));
	if (l.count)
		memcpy(*out, l.items, l.count * sizeof(**out));
	*count = l.count;
	list_fini(&l);
	return rc;
}

static int put(struct store *s, const struct subscription *sub, struct err *err)
{
	struct db_rows *r;

	if (db_query(s->db,
		     "INSERT INTO subscriptions (token, source, hub, topic, secret, reason, state,"
		     " lease_until, next_due, tries, last_push, pushes, refused)"
		     " VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13)"
		     " ON CONFLICT (token) DO UPDATE SET reason = excluded.reason,"
		     " state = excluded.state, lease_until = excluded.lease_until,"
		     " next_due = excluded.next_due, tries = excluded.tries,"
		     " last_push = excluded.last_push, pushes = excluded.pushes,"
		     " refused = excluded.refused",
		     &r, err) < 0)
		return err->code;
	const struct str texts[] = { sub->token, sub->source, sub->hub,
				     sub->topic, sub->secret, sub->reason };
	const int64_t numbers[] = { sub->state,     sub->lease_until, sub->next_due, sub->tries,
				    sub->last_push, sub->pushes,      sub->refused };
	for (int i = 0; i < 6; i++)
		db_bind_str(r, i + 1, texts[i]);
	for (int i = 0; i < 7; i++)
		db_bind_i64(r, i + 7, numbers[i]);
	return db_run(&r, err);
}

int store_subscription_put(struct store *s, const struct subscription *sub, struct err *err)
{
	bool own;

	if (write_start(s, &own, err) < 0)
		return err->code;
	return write_end(s, own, put(s, sub, err), err);
}

int store_subscription_drop(struct store *s, struct str token, struct err *err)
{
	struct db_rows *r;
	bool own;

	if (write_start(s, &own, err) < 0)
		return err->code;
	int rc = db_query(s->db, "DELETE FROM subscriptions WHERE token = $1", &r, err);
	if (rc == 0) {
		db_bind_str(r, 1, token);
		rc = db_run(&r, err);
	}
	return write_end(s, own, rc, err);
}
