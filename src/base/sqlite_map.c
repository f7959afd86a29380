/*
 * The file's methods are replaced by a copy whose xFetch knows all of the file. The file itself is
 * not opened once more: closing it would give up the locks that SQLite holds on it. A mapping of
 * nothing, remapped to another size, is one more mapping of the same file.
 */
#include "base/sqlite_map.h"

#include <stdint.h>
#include <sys/mman.h>

static bool map_file(struct sqlite_map *m, sqlite3_file *f)
{
	sqlite3_int64 size;
	void *first = NULL;

	if (m->refused)
		return false;
	if (m->real->xFileSize(f, &size) == SQLITE_OK && size > 0 &&
	    (uint64_t)size < SIZE_MAX / 2 && m->real->xFetch(f, 0, 1, &first) == SQLITE_OK &&
	    first) {
		void *base = mremap(first, 0, (size_t)size, MREMAP_MAYMOVE);

		m->real->xUnfetch(f, 0, first);
		if (base != MAP_FAILED) {
			/* What a search wants lies all over it: read with what is around it, the
			 * first search of a million articles took 5 GB. */
			madvise(base, (size_t)size, MADV_RANDOM);
			m->base = base;
			m->size = (size_t)size;
		}
	}
	m->refused = !m->base;
	return m->base != NULL;
}

static void unmap_file(struct sqlite_map *m)
{
	if (m->base)
		munmap(m->base, m->size);
	m->base = NULL;
	m->size = 0;
}

static int fetch(sqlite3_file *f, sqlite3_int64 at, int size, void **out)
{
	struct sqlite_map *m = (struct sqlite_map *)(uintptr_t)f->pMethods;

	if (!m->base && !map_file(m, f))
		return m->real->xFetch(f, at, size, out);
	bool within = at >= 0 && (size_t)at < m->size && (size_t)size <= m->size - (size_t)at;
	*out = within ? m->base + at : NULL;
	return SQLITE_OK;
}

/* NULL: the file changed, and may be shorter. */
static int unfetch(sqlite3_file *f, sqlite3_int64 at, void *page)
{
	struct sqlite_map *m = (struct sqlite_map *)(uintptr_t)f->pMethods;

	if (!page)
		unmap_file(m);
	else if (m->base && (char *)page >= m->base && (char *)page < m->base + m->size)
		return SQLITE_OK;
	return m->real->xUnfetch(f, at, page);
}

void sqlite_map_all(sqlite3 *db, struct sqlite_map *m)
{
	sqlite3_file *f = NULL;

	if (sqlite3_file_control(db, "main", SQLITE_FCNTL_FILE_POINTER, (void *)&f) != SQLITE_OK ||
	    !f || !f->pMethods || f->pMethods->iVersion < 3)
		return;
	m->real = f->pMethods;
	m->methods = *m->real;
	m->methods.xFetch = fetch;
	m->methods.xUnfetch = unfetch;
	f->pMethods = &m->methods;
}

void sqlite_unmap(struct sqlite_map *m)
{
	unmap_file(m);
}
