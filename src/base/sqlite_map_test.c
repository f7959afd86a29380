/* A database of which SQLite maps the beginning only: the rest is mapped, read as it is, and grows.
 */
#include "base/sqlite_map.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/check.h"
#include "base/str.h"

static char path[] = "/tmp/dibao-map-XXXXXX";

static void run(sqlite3 *db, const char *sql)
{
	char *why = NULL;

	CHECK_I64(sql, sqlite3_exec(db, sql, NULL, NULL, &why), SQLITE_OK);
	sqlite3_free(why);
}

/* How many of the rows are what they should be. */
static int64_t count_good(sqlite3 *db)
{
	sqlite3_stmt *s;
	int64_t good = -1;

	CHECK(sqlite3_prepare_v2(db, "SELECT COUNT(*) FROM t WHERE v = printf('%0*d', 3000 + n, n)",
				 -1, &s, NULL) == SQLITE_OK);
	if (sqlite3_step(s) == SQLITE_ROW)
		good = sqlite3_column_int64(s, 0);
	sqlite3_finalize(s);
	return good;
}

static void add_rows(sqlite3 *db, int from, int to)
{
	char sql[200];

	snprintf(sql, sizeof(sql),
		 "WITH RECURSIVE c(n) AS (VALUES (%d) UNION ALL SELECT n + 1 FROM c WHERE n < %d)"
		 " INSERT INTO t SELECT n, printf('%%0*d', 3000 + n, n) FROM c",
		 from, to - 1);
	run(db, sql);
}

int main(void)
{
	struct sqlite_map map = { 0 };
	sqlite3 *writer, *reader;

	close(mkstemp(path));
	CHECK(sqlite3_open(path, &writer) == SQLITE_OK);
	run(writer, "PRAGMA journal_mode = WAL; CREATE TABLE t (n INTEGER PRIMARY KEY, v TEXT)");
	add_rows(writer, 0, 300);
	run(writer, "PRAGMA wal_checkpoint(TRUNCATE)");

	CHECK(sqlite3_open(path, &reader) == SQLITE_OK);
	run(reader, "PRAGMA mmap_size = 65536; PRAGMA query_only = ON");
	sqlite_map_all(reader, &map);
	CHECK_I64("read through the mapping", count_good(reader), 300);
	CHECK(map.base != NULL && map.size > 900000);

	add_rows(writer, 300, 400);
	CHECK_I64("what is in the log comes from there", count_good(reader), 400);
	run(writer, "PRAGMA wal_checkpoint(TRUNCATE)");
	CHECK_I64("behind where the file ended", count_good(reader), 400);
	CHECK_I64("again", count_good(reader), 400);
	run(writer, "DELETE FROM t WHERE n >= 20; VACUUM; PRAGMA wal_checkpoint(TRUNCATE)");
	CHECK_I64("a file that shrank", count_good(reader), 20);
	CHECK(map.size < 900000);
	add_rows(writer, 20, 500);
	run(writer, "PRAGMA wal_checkpoint(TRUNCATE)");
	CHECK_I64("and grew", count_good(reader), 500);
	CHECK_I64("again", count_good(reader), 500);

	sqlite3_close(reader);
	sqlite_unmap(&map);
	sqlite3_close(writer);
	unlink(path);
	return check_done();
}
