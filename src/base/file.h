/*
 * file - whole files in and out, durably and never half.
 *
 * Paths are NUL-terminated bytes. Messages name the path.
 */
#ifndef DIBAO_BASE_FILE_H
#define DIBAO_BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

/* Reads all of path ("-": standard input) into *out. ERR_NOTFOUND, ERR_IO, ERR_LIMIT past out->max.
 */
int file_read(const char *path, struct buf *out, struct err *err);

/*
 * Writes bytes to a temporary file beside path, then renames it over path: a reader
 * sees the old file or the new one. With `sync` both are on the disk on return.
 */
int file_write(const char *path, struct str bytes, bool sync, struct err *err);

/* Opens a new file dir/name for writing and reading back, and takes its name away: it ends with the
 * descriptor, which is returned. ERR_IO. */
int file_nameless(const char *dir, const char *name, struct err *err);

bool file_exists(const char *path);
bool dir_exists(const char *path);
/* Is it on a file system that is mounted read-only? */
bool file_on_read_only(const char *path);

/* mkdir -p. */
int dir_make(const char *path, struct err *err);
/* Flushes a directory's own entries. */
int dir_sync(const char *path, struct err *err);

/* "dir/name" in a; name alone when dir is empty or ".", or name is absolute. */
char *path_join(struct arena *a, const char *dir, const char *name);

/*
 * Takes the lock file (made if absent, our pid and command written in it) until
 * lock_release or the end of the process. ERR_AGAIN names who holds it.
 */
struct lock {
	int fd;
};
int lock_take(struct lock *l, const char *path, const char *what, struct err *err);
void lock_release(struct lock *l);

#endif
