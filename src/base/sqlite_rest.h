/*
 * SQLite databases at rest: closed whole, no log beside them, on a medium that nobody can write to.
 * In WAL mode SQLite wants shared memory beside the file and cannot make any there, so it is told
 * that nothing changes.
 */
#ifndef DIBAO_BASE_SQLITE_REST_H
#define DIBAO_BASE_SQLITE_REST_H

#include <sqlite3.h>
#include <stdbool.h>

bool sqlite_at_rest(const char *path);
/* An SQLite result code; *out is to be closed as after sqlite3_open_v2. For one thread at a time.
 */
int sqlite_open_at_rest(const char *path, sqlite3 **out);

#endif
