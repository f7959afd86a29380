#include "store/store.h"

#include <string.h>

#include "base/mem.h"
#include "store/private.h"
#include "store/schema/schema.h"

enum { WRITER_CACHE_BYTES = 16 << 20 };
enum { DAYS_VERSION = 10 }; /* with search_days, filled from search_docs */
enum { SCHEMA_VERSION = sizeof(schema_migrations) / sizeof(*schema_migrations) - 1 };

void store_start_up(void)
{
	db_start_up();
}

static int read_number(struct db *db, const char *sql, int64_t *out, struct err *err)
{
	struct db_rows *r;

	if (db_query(db, sql, &r, err) < 0)
		return err->code;
	int rc = db_next(r, err);
	*out = rc > 0 ? db_i64(r, 0) : 0;
	db_done(&r);
	return rc < 0 ? rc : 0;
}

static int migrate(struct store *s, struct err *err)
{
	int64_t version;

	/* The one table that was always there. */
	if (s->write &&
	    db_script(s->db, "CREATE TABLE IF NOT EXISTS schema (version INTEGER NOT NULL)", err) <
		    0)
		return err->code;
	if (read_number(s->db, "SELECT version FROM schema", &version, err) < 0)
		return s->write || err->code != ERR_IO
			       ? (int)err->code
			       : err_set(err, ERR_INPUT, "no archive of dibao's");
	if (version > SCHEMA_VERSION)
		return err_set(err, ERR_INPUT,
			       "made by a newer dibao (tables %d, this one knows %d)", (int)version,
			       SCHEMA_VERSION);
	if (version == SCHEMA_VERSION)
		return 0;
	if (!s->write)
		return err_set(err, ERR_INPUT,
			       "made by an older dibao: \"dibao update\" brings it up to date");
	if (db_begin(s->db, err) < 0)
		return err->code;
	for (int64_t v = version; v < SCHEMA_VERSION; v++)
		if (db_script(s->db, schema_migrations[v], err) < 0)
			goto fail;
	if (version < DAYS_VERSION && docs_make_days(s, err) < 0)
		goto fail;
	if (db_script(s->db, "DELETE FROM schema", err) < 0)
		goto fail;
	struct db_rows *r;
	if (db_query(s->db, "INSERT INTO schema (version) VALUES ($1)", &r, err) < 0)
		goto fail;
	db_bind_i64(r, 1, SCHEMA_VERSION);
	if (db_run(&r, err) < 0 || db_commit(s->db, err) < 0)
		goto fail;
	return 0;
fail:
	db_rollback(s->db);
	return err->code;
}

int store_open(const struct store_options *opt, struct store **out, struct err *err)
{
	*out = NULL;
	struct store *s = mem_alloc(sizeof(*s));

	late_init(&s->late);
	s->write = opt->write;
	s->indexing = s->unindexed = opt->write && opt->index;
	if (db_open(opt->where, opt->write, &s->db, err) < 0) {
		store_close(&s);
		return err->code;
	}
	/* The index that is being written needs as much memory itself. */
	if (s->write && !s->indexing)
		db_cache(s->db, WRITER_CACHE_BYTES);
	if (migrate(s, err) < 0) {
		err_wrap(err, "%s", opt->where);
		store_close(&s);
		return err->code;
	}
	for (unsigned with = 0; with <= STORE_ALL; with++)
		s->load[with] = load_statement(with);
	*out = s;
	return 0;
}

int store_open_beside(const struct store *s, struct store **out, struct err *err)
{
	const struct store_options opt = { .where = db_where(s->db) };

	return store_open(&opt, out, err);
}

int store_begin_reading(struct store *s, struct err *err)
{
	return db_begin_reading(s->db, err);
}

void store_end_reading(struct store *s)
{
	struct err unheard;

	db_commit(s->db, &unheard); /* of nothing: it only lets go */
}

bool store_is_older(const char *where)
{
	struct db *db;
	struct err err;
	int64_t version = 0;

	if (db_open(where, false, &db, &err) < 0)
		return false;
	bool read = read_number(db, "SELECT version FROM schema", &version, &err) == 0;
	db_close(&db);
	return read && version < SCHEMA_VERSION;
}

void store_close(struct store **s)
{
	struct store *st = *s;

	*s = NULL;
	if (!st)
		return;
	if (st->writing)
		store_rollback(st);
	index_free(st);
	late_fini(&st->late);
	db_close(&st->db);
	for (unsigned with = 0; with <= STORE_ALL; with++)
		mem_free(st->load[with]);
	mem_free(st);
}

int store_begin(struct store *s, struct err *err)
{
	if (db_begin(s->db, err) < 0)
		return err->code;
	if (!s->write)
		return 0;
	if (read_number(s->db, "SELECT max(id) FROM articles", &s->next_article, err) < 0 ||
	    read_number(s->db, "SELECT max(id) FROM captures", &s->next_capture, err) < 0 ||
	    read_number(s->db, "SELECT max(change) FROM articles", &s->next_change, err) < 0) {
		db_rollback(s->db);
		return err->code;
	}
	s->next_article++;
	s->next_capture++;
	s->next_change++;
	s->writing = true;
	return 0;
}

int store_commit(struct store *s, struct err *err)
{
	int rc = s->writing ? late_write(s, err) : 0;

	if (rc == 0 && s->writing)
		rc = index_finish(s, err);
	if (rc == 0)
		rc = db_commit(s->db, err);
	/* A commit that failed has left nothing behind: the caller may begin again. */
	if (rc < 0)
		store_rollback(s);
	s->writing = false;
	return rc;
}

void store_rollback(struct store *s)
{
	db_rollback(s->db);
	index_forget(s);
	late_forget(&s->late);
	s->writing = false;
}

int write_start(struct store *s, bool *own, struct err *err)
{
	*own = !s->writing;
	return *own ? store_begin(s, err) : 0;
}

int write_end(struct store *s, bool own, int rc, struct err *err)
{
	if (!own)
		return rc;
	if (rc < 0) {
		store_rollback(s);
		return rc;
	}
	int committed = store_commit(s, err);
	return committed < 0 ? committed : rc;
}

int store_change_number(struct store *s, int64_t *out, struct err *err)
{
	return read_number(s->db, "SELECT max(change) FROM articles", out, err);
}

int store_state_get(struct store *s, struct arena *a, struct str key, struct str *out,
		    struct err *err)
{
	struct db_rows *r;

	if (db_query(s->db, "SELECT value FROM state WHERE key = $1", &r, err) < 0)
		return err->code;
	db_bind_str(r, 1, key);
	int rc = db_next(r, err);
	if (rc > 0)
		*out = arena_str(a, db_str(r, 0));
	db_done(&r);
	if (rc == 0)
		return err_set(err, ERR_NOTFOUND, "no state %.*s", STR_FMT(key));
	return rc < 0 ? rc : 0;
}

int store_state_put(struct store *s, struct str key, struct str value, struct err *err)
{
	struct db_rows *r;

	if (db_query(s->db,
		     "INSERT INTO state (key, value) VALUES ($1, $2)"
		     " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
		     &r, err) < 0)
		return err->code;
	db_bind_str(r, 1, key);
	db_bind_blob(r, 2, value);
	return db_run(&r, err);
}
