/* Databases at rest, under names that an address would take for something else. */
#include "base/sqlite_rest.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/check.h"
#include "base/str.h"

static bool is_opened(const char *path)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *s = NULL;
	bool good = sqlite_open_at_rest(path, &db) == SQLITE_OK &&
		    sqlite3_prepare_v2(db, "SELECT v FROM t", -1, &s, NULL) == SQLITE_OK &&
		    sqlite3_step(s) == SQLITE_ROW && sqlite3_column_int(s, 0) == 7;

	sqlite3_finalize(s);
	sqlite3_close(db);
	return good;
}

int main(void)
{
	static const char *const names[] = { "plain.db", "a?b#c.db", "100%41.db", "新聞.db" };
	char dir[] = "/tmp/dibao-rest-XXXXXX", path[100];

	CHECK(mkdtemp(dir) != NULL);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		sqlite3 *db = NULL;

		snprintf(path, sizeof(path), "/%s/%s", dir, names[i]);
		CHECK(sqlite3_open(path + 1, &db) == SQLITE_OK);
		CHECK(sqlite3_exec(db, "CREATE TABLE t AS SELECT 7 AS v", NULL, NULL, NULL) ==
		      SQLITE_OK);
		sqlite3_close(db);
		CHECK_I64(names[i], is_opened(path), true); /* with two slashes before it */
		CHECK_I64(names[i], is_opened(path + 1), true);
		CHECK(chdir(dir) == 0);
		CHECK_I64(names[i], is_opened(names[i]), true);
		CHECK(unlink(path) == 0);
	}
	CHECK(rmdir(dir) == 0);
	return check_done();
}
