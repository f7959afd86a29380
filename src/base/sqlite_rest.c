#include "base/sqlite_rest.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"

bool sqlite_at_rest(const char *path)
{
	struct arena a;

	if (!file_on_read_only(path))
		return false;
	arena_init(&a);
	bool has_log = file_exists(arena_strf(&a, "%s-wal", path).ptr);
	arena_fini(&a);
	return !has_log;
}

int sqlite_open_at_rest(const char *path, sqlite3 **out)
{
	struct buf uri;

	buf_init(&uri, BUF_NO_MAX);
	/* Behind two slashes stands a host, which "//a/b" would be taken to name. */
	buf_add_cstr(&uri, path[0] == '/' ? "file://" : "file:");
	for (const char *c = path; *c; c++) {
		if (strchr("?#%", *c))
			buf_addf(&uri, "%%%02X", (unsigned char)*c);
		else
			buf_add_ch(&uri, *c);
	}
	buf_add_cstr(&uri, "?immutable=1");
	int rc =
		sqlite3_open_v2(buf_cstr(&uri), out,
				SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI, NULL);
	buf_fini(&uri);
	return rc;
}
