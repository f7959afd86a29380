/*
 * blob - bytes named by their hash: captured bodies and media. On disk (blobs/), or S3.
 *
 * Threads: a struct blob may be used by several at once. Put is durable only after blob_sync: the
 * writer syncs once a batch, before the database commits what names the blobs. A body is kept
 * compressed (zstd) and checked against its name when read.
 */
#ifndef DIBAO_BLOB_BLOB_H
#define DIBAO_BLOB_BLOB_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/str.h"

struct blob;

/* where: a directory (made if absent), or "s3://..." (ERR_CONFIG: not built yet). */
int blob_open(const char *where, struct blob **out, struct err *err);
void blob_close(struct blob **b);

/* Stores bytes unless they are there; *name is their hash. */
int blob_put(struct blob *b, struct str bytes, struct hash *name, struct err *err);
/* Makes every put so far durable. */
int blob_sync(struct blob *b, struct err *err);
/* Appends the bytes. ERR_NOTFOUND; ERR_INPUT: damaged (they are not what their name says). */
int blob_get(struct blob *b, const struct hash *name, struct buf *out, struct err *err);
bool blob_has(struct blob *b, const struct hash *name);

/* Every blob in turn: 1 and *name, 0 at the end. For verify. */
struct blob_walk;
int blob_walk_open(struct blob *b, struct blob_walk **out, struct err *err);
int blob_walk_next(struct blob_walk *w, struct hash *name, struct err *err);
void blob_walk_close(struct blob_walk **w);

#endif
