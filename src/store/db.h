/*
 * db - the SQL waist: what store_*.c is written against, whatever database is below.
 *
 * SQL here is what SQLite and PostgreSQL have in common: $1 placeholders, ON CONFLICT ... DO
 * UPDATE. Statements are string literals: they are prepared once and cached by their address.
 *
 *	struct db_rows *r = NULL;
 *	if (db_query(db, "SELECT url FROM articles WHERE id = $1", &r, err) < 0)
 *		return err->code;
 *	db_bind_i64(r, 1, id);
 *	int n = db_next(r, err);
 *	if (n > 0)
 *		use(db_str(r, 0));
 *	db_done(&r);
 *
 * Threads: a struct db belongs to one thread.
 */
#ifndef DIBAO_STORE_DB_H
#define DIBAO_STORE_DB_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/hash.h"
#include "base/str.h"

struct db;
struct db_rows; /* a statement and its rows */

void db_start_up(void); /* as store_start_up says */
/* ERR_NOTFOUND (reading, and nothing is there), ERR_INPUT (no database, or damaged), ERR_AGAIN
 * (locked), ERR_CONFIG. */
int db_open(const char *where, bool write, struct db **out, struct err *err);
void db_close(struct db **db);
const char *db_where(const struct db *db);

/* Several statements without values. {id}, {blob} and {clustered} stand for the engine's own words.
 */
int db_script(struct db *db, const char *sql, struct err *err);
int db_begin(struct db *db, struct err *err);
/* One state of everything for several statements. 1: db_commit ends it; 0: there is a transaction
 * already. */
int db_begin_reading(struct db *db, struct err *err);
int db_commit(struct db *db, struct err *err); /* durable on return */
void db_rollback(struct db *db);

/*
 * A writer keeps a transaction's pages until its commit where there is room; what does not fit is
 * written early, read back, and often written once more. To be called before the first statement.
 */
void db_cache(struct db *db, size_t bytes);
/*
 * From now on rows are read through a mapping of the file where the engine can: many small readings
 * all over it cost half. What is touched counts as this process's memory, so a walk over everything
 * is better without.
 */
void db_read_mapped(struct db *db);

/* A cached statement, ready for its values. `sql` must live as long as the db. */
int db_query(struct db *db, const char *sql, struct db_rows **out, struct err *err);
/* The same for SQL made at run time; never cached. */
int db_query_once(struct db *db, const char *sql, struct db_rows **out, struct err *err);
/* Values, from 1. Strings are borrowed until db_done. An empty str is '', never NULL. */
void db_bind_i64(struct db_rows *r, int n, int64_t v);
void db_bind_str(struct db_rows *r, int n, struct str v);
void db_bind_blob(struct db_rows *r, int n, struct str v);
/* 1: a row; 0: no more; <0 */
int db_next(struct db_rows *r, struct err *err);
/* Columns, from 0; borrowed until the next db_next or db_done. */
int64_t db_i64(struct db_rows *r, int column);
struct str db_str(struct db_rows *r, int column);
void db_done(struct db_rows **r); /* takes NULL */
/* Runs to the end, and is done: for statements that return nothing. */
int db_run(struct db_rows **r, struct err *err);
/* The same, and how many rows it inserted, changed or deleted. RETURNING tells that too, but makes
 * a table of what is returned, which costs more than the insertion. */
int db_run_changes(struct db_rows **r, struct err *err);

/* The engine's own check of its structure: one call of `bad` for each complaint. */
int db_check(struct db *db, void (*bad)(void *arg, struct str complaint), void *arg,
	     struct err *err);

#endif
