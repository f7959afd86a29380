/* The state of sources, and captures: what was fetched, and how it went. */
#include "store/store.h"

#include <string.h>

#include "base/list.h"
#include "store/private.h"

static struct str hash_str(const struct hash *h)
{
	return str_n((const char *)h->bytes, HASH_BYTES);
}

static struct hash hash_column(struct str s)
{
	struct hash h = { 0 };

	if (s.len == HASH_BYTES)
		memcpy(h.bytes, s.ptr, HASH_BYTES);
	return h;
}

/* Counts by category follow from what each source is in now. */
static int count_categories(struct store *s, struct err *err)
{
	if (late_write(s, err) < 0)
		return err->code;
	return db_script(
		s->db,
		"DELETE FROM groups WHERE kind = 1;"
		"INSERT INTO groups (kind, name, count, newest)"
		" SELECT 1, s.category, COUNT(DISTINCT x.article_id), MAX(x.date) FROM "
		"article_sources x"
		" JOIN sources s ON s.key = x.source WHERE s.category <> '' GROUP BY s.category",
		err);
}
_Static_assert(STORE_BY_CATEGORY == 1, "the number above");

/* 1: the source has articles, and they stand in another category than before. */
static int category_differs(struct store *s, const struct source_state *st, struct err *err)
{
	struct db_rows *r;

	if (db_query(s->db,
		     "SELECT COALESCE((SELECT category FROM sources WHERE key = $1), ''),"
		     " EXISTS (SELECT 1 FROM article_sources WHERE source = $1)",
		     &r, err) < 0)
		return err->code;
	db_bind_str(r, 1, st->key);
	int rc = db_next(r, err);
	bool differs = rc > 0 && !str_eq(db_str(r, 0), st->category) && db_i64(r, 1) != 0;
	db_done(&r);
	return rc < 0 ? rc : differs;
}

static int put_source(struct store *s, const struct source_state *st, struct err *err)
{
	struct db_rows *r;

	if (db_query(s->db,
		     "INSERT INTO sources (key, name, url, home_url, category, moved_url, "
		     "moved_count, etag,"
		     " last_modified, body_hash, hub, first_fetch, last_fetch, last_success, "
		     "last_new, next_due,"
		     " failures, last_error, stopped, entries_seen, articles, fetches, "
		     "not_modified, bytes, topic, push_until, recent, layout_changed)"
		     " VALUES "
		     "($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$"
		     "22,$23,$24,$25,$26,$27,$28)"
		     " ON CONFLICT (key) DO UPDATE SET name = excluded.name, url = excluded.url,"
		     " home_url = excluded.home_url, category = excluded.category, moved_url = "
		     "excluded.moved_url,"
		     " moved_count = excluded.moved_count, etag = excluded.etag,"
		     " last_modified = excluded.last_modified, body_hash = excluded.body_hash, hub "
		     "= excluded.hub,"
		     " first_fetch = excluded.first_fetch, last_fetch = excluded.last_fetch,"
		     " last_success = excluded.last_success, last_new = excluded.last_new,"
		     " next_due = excluded.next_due, failures = excluded.failures, last_error = "
		     "excluded.last_error,"
		     " stopped = excluded.stopped, entries_seen = excluded.entries_seen,"
		     " articles = excluded.articles, fetches = excluded.fetches,"
		     " not_modified = excluded.not_modified, bytes = excluded.bytes,"
		     " topic = excluded.topic, push_until = excluded.push_until,"
		     " recent = excluded.recent, layout_changed = excluded.layout_changed",
		     &r, err) < 0)
		return err->code;
	const struct str texts[] = { st->key,      st->name,     st->url,
				     st->home_url, st->category, st->moved_url };
	for (int i = 0; i < 6; i++)
		db_bind_str(r, i + 1, texts[i]);
	db_bind_i64(r, 7, st->moved_count);
	db_bind_str(r, 8, st->etag);
	db_bind_str(r, 9, st->last_modified);
	db_bind_blob(r, 10, hash_str(&st->body_hash));
	db_bind_str(r, 11, st->hubs);
	const int64_t times[] = { st->first_fetch, st->last_fetch, st->last_success,
				  st->last_new,    st->next_due,   st->failures };
	for (int i = 0; i < 6; i++)
		db_bind_i64(r, 12 + i, times[i]);
	db_bind_str(r, 18, st->last_error);
	const int64_t counts[] = { st->stopped, st->entries_seen, st->articles,
				   st->fetches, st->not_modified, st->bytes };
	for (int i = 0; i < 6; i++)
		db_bind_i64(r, 19 + i, counts[i]);
	db_bind_str(r, 25, st->topic);
	db_bind_i64(r, 26, st->push_until);
	db_bind_str(r, 27, st->recent);
	db_bind_i64(r, 28, st->layout_changed);
	return db_run(&r, err);
}

int store_source_put(struct store *s, const struct source_state *st, struct err *err)
{
	bool own;

	if (write_start(s, &own, err) < 0)
		return err->code;
	int differs = category_differs(s, st, err), rc = differs;
	if (rc >= 0)
		rc = put_source(s, st, err);
	if (rc >= 0 && differs)
		rc = count_categories(s, err);
	return write_end(s, own, rc, err);
}

/* `articles` is what the store itself has counted. */
static const char source_columns[] =
	"SELECT s.key, s.name, s.url, s.home_url, s.category, s.moved_url, s.moved_count, s.etag, "
	"s.last_modified,"
	" s.body_hash, s.hub, s.first_fetch, s.last_fetch, s.last_success, s.last_new, s.next_due, "
	"s.failures,"
	" s.last_error, s.stopped, s.entries_seen, COALESCE(g.count, 0), s.fetches, "
	"s.not_modified, s.bytes, s.topic, s.push_until, s.recent, s.layout_changed"
	" FROM sources s LEFT JOIN groups g ON g.kind = 2 AND g.name = s.key ";
_Static_assert(STORE_BY_SOURCE == 2, "the number above");

static void read_source(struct db_rows *r, struct arena *a, struct source_state *out)
{
	struct str *texts[] = { &out->key,      &out->name,     &out->url,
				&out->home_url, &out->category, &out->moved_url };

	*out = (struct source_state){ 0 };
	for (int i = 0; i < 6; i++)
		*texts[i] = arena_str(a, db_str(r, i));
	out->moved_count = (int)db_i64(r, 6);
	out->etag = arena_str(a, db_str(r, 7));
	out->last_modified = arena_str(a, db_str(r, 8));
	out->body_hash = hash_column(db_str(r, 9));
	out->hubs = arena_str(a, db_str(r, 10));
	out->first_fetch = db_i64(r, 11);
	out->last_fetch = db_i64(r, 12);
	out->last_success = db_i64(r, 13);
	out->last_new = db_i64(r, 14);
	out->next_due = db_i64(r, 15);
	out->failures = (int)db_i64(r, 16);
	out->last_error = arena_str(a, db_str(r, 17));
	out->stopped = db_i64(r, 18) != 0;
	out->entries_seen = db_i64(r, 19);
	out->articles = db_i64(r, 20);
	out->fetches = db_i64(r, 21);
	out->not_modified = db_i64(r, 22);
	out->bytes = db_i64(r, 23);
	out->topic = arena_str(a, db_str(r, 24));
	out->push_until = db_i64(r, 25);
	out->recent = arena_str(a, db_str(r, 26));
	out->layout_changed = db_i64(r, 27);
}

static int query_sources(struct store *s, const char *where, struct db_rows **r, struct err *err)
{
	struct buf sql;

	buf_init(&sql, BUF_NO_MAX);
	buf_add_cstr(&sql, source_columns);
	buf_add_cstr(&sql, where);
	int rc = db_query_once(s->db, buf_cstr(&sql), r, err);
	buf_fini(&sql);
	return rc;
}

int store_source_get(struct store *s, struct arena *a, struct str key, struct source_state *out,
		     struct err *err)
{
	struct db_rows *r;

	if (query_sources(s, "WHERE s.key = $1", &r, err) < 0)
		return err->code;
	db_bind_str(r, 1, key);
	int rc = db_next(r, err);
	if (rc > 0)
		read_source(r, a, out);
	db_done(&r);
	if (rc == 0)
		return err_set(err, ERR_NOTFOUND, "no source %.*s", STR_FMT(key));
	return rc < 0 ? rc : 0;
}

int store_sources(struct store *s, struct arena *a, struct source_state **out, size_t *count,
		  struct err *err)
{
	struct db_rows *r;
	struct list l;
	int rc;

	if (query_sources(s, "ORDER BY s.key", &r, err) < 0)
		return err->code;
	list_init(&l, sizeof(**out));
	while ((rc = db_next(r, err)) > 0)
		read_source(r, a, list_add(&l));
	db_done(&r);
	*out = arena_array(a, l.count, sizeof(**out));
	if (l.count)
		memcpy(*out, l.items, l.count * sizeof(**out));
	*count = l.count;
	list_fini(&l);
	return rc;
}

int store_source_seen(struct store *s, struct arena *a, struct str source, int64_t date,
		      int64_t seen_from, int64_t limit, int64_t **out, size_t *count,
		      struct err *err)
{
	struct db_rows *r;
	int rc;

	*out = arena_array(a, (size_t)limit, sizeof(**out));
	*count = 0;
	if (db_query(s->db,
		     "SELECT a.id FROM (SELECT article_id FROM article_sources WHERE source = $1"
		     " AND date > $2 ORDER BY date DESC LIMIT $4) x"
		     " JOIN articles a ON a.id = x.article_id"
		     " WHERE a.last_seen >= $3 AND a.gone = $5",
		     &r, err) < 0)
		return err->code;
	db_bind_str(r, 1, source);
	db_bind_i64(r, 2, date);
	db_bind_i64(r, 3, seen_from);
	db_bind_i64(r, 4, limit);
	db_bind_i64(r, 5, TIME_UNSTATED);
	while ((rc = db_next(r, err)) > 0)
		(*out)[(*count)++] = db_i64(r, 0);
	db_done(&r);
	return rc;
}

static int put_furniture(struct store *s, struct str source, struct str pages, struct str entries,
			 struct err *err)
{
	struct db_rows *r;

	if (db_query(s->db,
		     "INSERT INTO furniture (source, pages, entries) VALUES ($1, $2, $3)"
		     " ON CONFLICT (source) DO UPDATE SET pages = excluded.pages,"
		     " entries = excluded.entries",
		     &r, err) < 0)
		return err->code;
	db_bind_str(r, 1, source);
	db_bind_blob(r, 2, pages);
	db_bind_blob(r, 3, entries);
	return db_run(&r, err);
}

int store_furniture_put(struct store *s, struct str source, struct str pages, struct str entries,
			struct err *err)
{
	bool own;

	if (write_start(s, &own, err) < 0)
		return err->code;
	return write_end(s, own, put_furniture(s, source, pages, entries, err), err);
}

int store_furniture_get(struct store *s, struct arena *a, struct str source, struct str *pages,
			struct str *entries, struct err *err)
{
	struct db_rows *r;

	if (db_query(s->db, "SELECT pages, entries FROM furniture WHERE source = $1", &r, err) < 0)
		return err->code;
	db_bind_str(r, 1, source);
	int rc = db_next(r, err);
	if (rc > 0) {
		*pages = arena_str(a, db_str(r, 0));
		*entries = arena_str(a, db_str(r, 1));
	}
	db_done(&r);
	if (rc == 0)
		return err_set(err, ERR_NOTFOUND, "nothing is learnt of %.*s", STR_FMT(source));
	return rc < 0 ? rc : 0;
}

static int add_capture(struct store *s, struct capture *c, struct err *err)
{
	struct db_rows *r;

	if (db_query(
		    s->db,
		    "INSERT INTO captures (id, url, final_url, fetched, status, content_type, "
		    "headers, etag,"
		    " last_modified, body, body_bytes) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11)",
		    &r, err) < 0)
		return err->code;
	db_bind_i64(r, 1, s->next_capture);
	db_bind_str(r, 2, c->url);
	db_bind_str(r, 3, c->final_url);
	db_bind_i64(r, 4, c->fetched);
	db_bind_i64(r, 5, c->status);
	db_bind_str(r, 6, c->content_type);
	db_bind_str(r, 7, c->headers);
	db_bind_str(r, 8, c->etag);
	db_bind_str(r, 9, c->last_modified);
	db_bind_blob(r, 10, hash_str(&c->body));
	db_bind_i64(r, 11, c->body_bytes);
	if (db_run(&r, err) < 0)
		return err->code;
	c->id = s->next_capture++;
	return 0;
}

int store_capture_add(struct store *s, struct capture *c, struct err *err)
{
	bool own;

	if (write_start(s, &own, err) < 0)
		return err->code;
	return write_end(s, own, add_capture(s, c, err), err);
}

int store_capture_get(struct store *s, struct arena *a, int64_t id, struct capture *out,
		      struct err *err)
{
	struct db_rows *r;

	if (db_query(s->db,
		     "SELECT url, final_url, fetched, status, content_type, headers, etag, "
		     "last_modified, body,"
		     " body_bytes FROM captures WHERE id = $1",
		     &r, err) < 0)
		return err->code;
	db_bind_i64(r, 1, id);
	int rc = db_next(r, err);
	if (rc > 0)
		*out = (struct capture){
			.id = id,
			.url = arena_str(a, db_str(r, 0)),
			.final_url = arena_str(a, db_str(r, 1)),
			.fetched = db_i64(r, 2),
			.status = (int)db_i64(r, 3),
			.content_type = arena_str(a, db_str(r, 4)),
			.headers = arena_str(a, db_str(r, 5)),
			.etag = arena_str(a, db_str(r, 6)),
			.last_modified = arena_str(a, db_str(r, 7)),
			.body = hash_column(db_str(r, 8)),
			.body_bytes = db_i64(r, 9),
		};
	db_done(&r);
	if (rc == 0)
		return err_set(err, ERR_NOTFOUND, "no capture %lld", (long long)id);
	return rc < 0 ? rc : 0;
}
