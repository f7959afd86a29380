/*
 * SQLite databases mapped whole. SQLite itself maps what it was built to, 2 GB mostly, and reads
 * the rest through a cache, a system call and a copy a page; and of what it maps a page that is not
 * in memory brings the 128 KB around it, as for a file that is read from its beginning on.
 */
#ifndef DIBAO_BASE_SQLITE_MAP_H
#define DIBAO_BASE_SQLITE_MAP_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>

/* All zero: nothing mapped. */
struct sqlite_map {
	sqlite3_io_methods methods;
	const sqlite3_io_methods *real;
	char *base; /* of the whole file, as long as it was */
	size_t size;
	bool refused;
};

/* From now on all of `db`'s pages are read through a mapping, where the system can; for one that
 * maps already, and only reads. `m` has to stay where it is until sqlite_unmap. */
void sqlite_map_all(sqlite3 *db, struct sqlite_map *m);
/* Behind sqlite3_close. */
void sqlite_unmap(struct sqlite_map *m);

#endif
