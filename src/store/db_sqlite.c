/*
 * db over SQLite. WAL, so that readers see whole commits while the writer works; synchronous=FULL,
 * so that a commit is on the disk before it is reported. Statements are cached by the address of
 * their literal: the lookup is a walk over a few dozen pointers in a hash table of a fixed size,
 * and a statement in use twice at once is prepared twice.
 */
#include "store/db.h"

#include <errno.h>
#include <limits.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/sqlite_map.h"
#include "base/sqlite_rest.h"

enum { CACHE_SLOTS = 256, BUSY_MS = 10000 };

struct db_rows {
	sqlite3_stmt *stmt;
	struct db *db;
	const char *sql;      /* the literal; NULL: not cached */
	struct db_rows *next; /* in its slot */
	bool busy;
};

struct db {
	sqlite3 *handle;
	struct db_rows *cache[CACHE_SLOTS];
	char *where;
	bool write, mapped;
	struct sqlite_map map;
};

static int fail(struct db *db, struct err *err, const char *doing)
{
	int code = sqlite3_errcode(db->handle) & 0xff;
	int system_code = sqlite3_system_errno(db->handle);
	const char *why = sqlite3_errmsg(db->handle);

	if (code == SQLITE_IOERR && system_code == ENOSPC)
		code = SQLITE_FULL;
	switch (code) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return err_set(err, ERR_AGAIN, "%s: in use by another process (%s)", db->where,
			       why);
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB: return err_set(err, ERR_INPUT, "%s: damaged: %s", db->where, why);
	case SQLITE_FULL: return err_set(err, ERR_IO, "%s: the disk is full", db->where);
	case SQLITE_CANTOPEN:
		return err_set(err, ERR_IO, "%s: cannot be opened%s%s", db->where,
			       system_code ? ": " : "", system_code ? strerror(system_code) : "");
	default: return err_set(err, ERR_IO, "%s: %s: %s", db->where, doing, why);
	}
}

static int pragma(struct db *db, const char *sql, struct err *err)
{
	if (sqlite3_exec(db->handle, sql, NULL, NULL, NULL) != SQLITE_OK)
		return fail(db, err, "opening");
	return 0;
}

/*
 * A reader opens read-write too: WAL needs its shared memory, and the first reader after a crash
 * recovers it. query_only keeps it from writing. Where the file may not be written it is opened as
 * it is, with the shared memory that a writer elsewhere has made.
 */
static int open_file(struct db *db)
{
	int flags =
		SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (db->write ? SQLITE_OPEN_CREATE : 0);
	int rc = sqlite3_open_v2(db->where, &db->handle, flags, NULL);

	if (rc == SQLITE_OK || db->write)
		return rc;
	sqlite3_close_v2(db->handle);
	return sqlite3_open_v2(db->where, &db->handle, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX,
			       NULL);
}

static int open_handle(struct db *db, struct err *err)
{
	bool at_rest = !db->write && sqlite_at_rest(db->where);
	int rc = at_rest ? sqlite_open_at_rest(db->where, &db->handle) : open_file(db);

	if (rc != SQLITE_OK)
		return fail(db, err, "opening");
	sqlite3_busy_timeout(db->handle, BUSY_MS);
	sqlite3_extended_result_codes(db->handle, 1);
	if (pragma(db,
		   "PRAGMA cache_size = -8000; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = "
		   "OFF;"
		   "PRAGMA cell_size_check = ON",
		   err) < 0)
		return err->code;
	if (!db->write)
		return pragma(db, "PRAGMA query_only = ON", err);
	return pragma(
		db,
		"PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
		"PRAGMA wal_autocheckpoint = 4000; PRAGMA secure_delete = OFF;"
		"PRAGMA journal_size_limit = 67108864",
		err);
}

/* Nobody asks SQLite how much memory it has, and counting it takes a lock for each piece. */
void db_start_up(void)
{
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

int db_open(const char *where, bool write, struct db **out, struct err *err)
{
	*out = NULL;
	if (strncmp(where, "postgres:", 9) == 0 || strncmp(where, "postgresql:", 11) == 0)
		return err_set(err, ERR_CONFIG, "%s: a store on PostgreSQL is not built yet",
			       where);
	if (!write && !file_exists(where))
		return err_set(err, ERR_NOTFOUND, "%s: no such archive", where);
	struct db *db = mem_alloc(sizeof(*db));
	size_t len = strlen(where) + 1;

	db->where = mem_alloc(len);
	memcpy(db->where, where, len);
	db->write = write;
	if (open_handle(db, err) < 0) {
		db_close(&db);
		return err->code;
	}
	*out = db;
	return 0;
}

void db_close(struct db **db)
{
	struct db *d = *db;

	*db = NULL;
	if (!d)
		return;
	for (size_t i = 0; i < CACHE_SLOTS; i++)
		for (struct db_rows *r = d->cache[i], *next; r; r = next) {
			next = r->next;
			sqlite3_finalize(r->stmt);
			mem_free(r);
		}
	sqlite3_close_v2(d->handle);
	sqlite_unmap(&d->map);
	mem_free(d->where);
	mem_free(d);
}

const char *db_where(const struct db *db)
{
	return db->where;
}

/* $1 is a name to SQLite and numbered as met; ?1 is what we mean. Literals hold no '$'. */
static void translate(struct buf *out, const char *sql)
{
	static const struct {
		struct str word, ours;
	} words[] = {
		{ STR("{id}"), STR("INTEGER PRIMARY KEY") },
		{ STR("{blob}"), STR("BLOB") },
		{ STR("{clustered}"), STR("WITHOUT ROWID") },
	};

	for (struct str s = str_of(sql); s.len > 0; s = str_from(s, 1)) {
		if (*s.ptr == '$') {
			buf_add_ch(out, '?');
			continue;
		}
		size_t i = 0;
		while (i < 3 && !(*s.ptr == '{' && str_has_prefix(s, words[i].word)))
			i++;
		if (i == 3) {
			buf_add_ch(out, *s.ptr);
			continue;
		}
		buf_add(out, words[i].ours);
		s = str_from(s, words[i].word.len - 1);
	}
}

int db_script(struct db *db, const char *sql, struct err *err)
{
	struct buf b;
	int rc = 0;

	buf_init(&b, BUF_NO_MAX);
	translate(&b, sql);
	if (sqlite3_exec(db->handle, buf_cstr(&b), NULL, NULL, NULL) != SQLITE_OK)
		rc = fail(db, err, "tables");
	buf_fini(&b);
	return rc;
}

/* IMMEDIATE: whoever means to write waits for the lock here, not in the middle. */
int db_begin(struct db *db, struct err *err)
{
	const char *sql = db->write ? "BEGIN IMMEDIATE" : "BEGIN";

	return sqlite3_exec(db->handle, sql, NULL, NULL, NULL) == SQLITE_OK
		       ? 0
		       : fail(db, err, "begin");
}

/*
 * The sizes of a page's cells would be looked at each time it is asked for, not once when it is
 * read: that was a quarter of a search.
 */
void db_read_mapped(struct db *db)
{
	if (db->write || db->mapped)
		return;
	db->mapped = true;
	sqlite3_exec(db->handle, "PRAGMA mmap_size = 1099511627776; PRAGMA cell_size_check = OFF",
		     NULL, NULL, NULL);
	sqlite_map_all(db->handle, &db->map);
}

void db_cache(struct db *db, size_t bytes)
{
	char sql[64];

	snprintf(sql, sizeof(sql), "PRAGMA cache_size = -%zu", bytes / 1024);
	sqlite3_exec(db->handle, sql, NULL, NULL, NULL); /* else there is less room */
}

int db_begin_reading(struct db *db, struct err *err)
{
	if (!sqlite3_get_autocommit(db->handle))
		return 0;
	return sqlite3_exec(db->handle, "BEGIN", NULL, NULL, NULL) == SQLITE_OK
		       ? 1
		       : fail(db, err, "begin");
}

int db_commit(struct db *db, struct err *err)
{
	return sqlite3_exec(db->handle, "COMMIT", NULL, NULL, NULL) == SQLITE_OK
		       ? 0
		       : fail(db, err, "commit");
}

void db_rollback(struct db *db)
{
	if (!sqlite3_get_autocommit(db->handle))
		sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
}

static int prepare(struct db *db, const char *sql, bool keep, struct db_rows **out, struct err *err)
{
	struct buf b;
	struct db_rows *r = mem_alloc(sizeof(*r));

	buf_init(&b, BUF_NO_MAX);
	translate(&b, sql);
	int rc = sqlite3_prepare_v3(db->handle, buf_cstr(&b), -1,
				    keep ? SQLITE_PREPARE_PERSISTENT : 0, &r->stmt, NULL);
	buf_fini(&b);
	if (rc != SQLITE_OK) {
		mem_free(r);
		return fail(db, err, "statement");
	}
	r->db = db;
	r->busy = true;
	*out = r;
	return 0;
}

int db_query(struct db *db, const char *sql, struct db_rows **out, struct err *err)
{
	size_t slot = ((uintptr_t)sql >> 3) % CACHE_SLOTS;

	*out = NULL;
	for (struct db_rows *r = db->cache[slot]; r; r = r->next)
		if (r->sql == sql && !r->busy) {
			r->busy = true;
			*out = r;
			return 0;
		}
	if (prepare(db, sql, true, out, err) < 0)
		return err->code;
	(*out)->sql = sql;
	(*out)->next = db->cache[slot];
	db->cache[slot] = *out;
	return 0;
}

int db_query_once(struct db *db, const char *sql, struct db_rows **out, struct err *err)
{
	*out = NULL;
	return prepare(db, sql, false, out, err);
}

/* What cannot be bound (more than 2 GB) is not bound and reads as NULL; NOT NULL columns then
 * refuse it. */
void db_bind_i64(struct db_rows *r, int n, int64_t v)
{
	sqlite3_bind_int64(r->stmt, n, v);
}

void db_bind_str(struct db_rows *r, int n, struct str v)
{
	if (v.len <= INT_MAX)
		sqlite3_bind_text(r->stmt, n, v.len ? v.ptr : "", (int)v.len, SQLITE_STATIC);
}

void db_bind_blob(struct db_rows *r, int n, struct str v)
{
	if (v.len <= INT_MAX)
		sqlite3_bind_blob(r->stmt, n, v.len ? v.ptr : "", (int)v.len, SQLITE_STATIC);
}

int db_next(struct db_rows *r, struct err *err)
{
	int rc = sqlite3_step(r->stmt);

	if (rc == SQLITE_ROW)
		return 1;
	return rc == SQLITE_DONE ? 0 : fail(r->db, err, "statement");
}

int64_t db_i64(struct db_rows *r, int column)
{
	return sqlite3_column_int64(r->stmt, column);
}

struct str db_str(struct db_rows *r, int column)
{
	const char *p =
		sqlite3_column_blob(r->stmt, column); /* text is stored as UTF-8: no conversion */

	return str_n(p, (size_t)sqlite3_column_bytes(r->stmt, column));
}

void db_done(struct db_rows **rows)
{
	struct db_rows *r = *rows;

	*rows = NULL;
	if (!r)
		return;
	if (!r->sql) {
		sqlite3_finalize(r->stmt);
		mem_free(r);
		return;
	}
	sqlite3_reset(r->stmt);
	sqlite3_clear_bindings(r->stmt);
	r->busy = false;
}

int db_run(struct db_rows **r, struct err *err)
{
	int rc = db_next(*r, err);

	while (rc > 0)
		rc = db_next(*r, err);
	db_done(r);
	return rc;
}

int db_run_changes(struct db_rows **r, struct err *err)
{
	sqlite3 *handle = (*r)->db->handle;
	int rc = db_run(r, err);

	return rc < 0 ? rc : sqlite3_changes(handle);
}

int db_check(struct db *db, void (*bad)(void *arg, struct str complaint), void *arg,
	     struct err *err)
{
	struct db_rows *r;
	int rc = db_query_once(db, "PRAGMA integrity_check", &r, err);

	if (rc < 0)
		return rc;
	while ((rc = db_next(r, err)) > 0)
		if (!str_eq(db_str(r, 0), S("ok")))
			bad(arg, db_str(r, 0));
	db_done(&r);
	return rc;
}
