/*
 * shard - the bytes of the search index's files, as docs/SEARCH.md has them.
 *
 * A file is a script that hands one string over, so that a page on a disk can read it, where
 * nothing else can: dibao("..."). The string is bytes, one a character, in the encoding that every
 * browser has for that (windows-1252), but for six that must not stand in it.
 */
#ifndef DIBAO_SITE_SHARD_H
#define DIBAO_SITE_SHARD_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"

enum { RICE_FROM = 8 }; /* a shorter list of numbers is varints */

void shard_varint(struct buf *out, uint64_t n);
/* Small for numbers around 0. */
void shard_signed(struct buf *out, int64_t n);
/* Ascending numbers, each once. */
void shard_numbers(struct buf *out, const uint32_t *items, size_t count);
/* A string behind one sorted before it: bytes shared, bytes of its own, those. At most 255. */
void shard_shared(struct buf *out, struct str before, struct str s);

/* Deflates; kept between pieces, for one thread. */
struct squeezer;
struct squeezer *squeezer_new(void);
void squeezer_free(struct squeezer **q);

/* A piece: a byte, 1 where the bytes behind it are deflated (which makes them fewer), else 0. */
void shard_squeeze(struct squeezer *q, struct buf *out, struct str bytes);

/* The parts of a file: its begin, bytes so that they can stand in it, its end. */
void shard_open(struct buf *out);
size_t shard_escaped_len(struct str bytes);
void shard_escape(struct buf *out, struct str bytes);
void shard_close(struct buf *out);

/* The file that has these bytes as its one piece. */
void shard_write(struct buf *out, struct str bytes);

#endif
