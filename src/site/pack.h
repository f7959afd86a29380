/*
 * pack - pieces of the search index behind one another in files, each a script as shard.h has it.
 *
 * A piece has an address, PACK_BYTES times the number of its file plus where in it its first byte
 * is, and a length: of the bytes as they stand there, escaped, so that a reader can ask for them
 * alone (Range). A file has a limit. A piece that has no room in what is left of it begins the next
 * one, right behind PACK_HEAD, and is there whatever its length; so the addresses of pieces in
 * sequence follow from the first and the lengths.
 *
 * Threads: a pack belongs to one thread; packs share nothing but what their sink shares.
 */
#ifndef DIBAO_SITE_PACK_H
#define DIBAO_SITE_PACK_H

#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

enum {
	PACK_BYTES = 1 << 20,       /* the highest limit */
	PACK_HEAD = 7,              /* dibao(" */
	PACK_TAIL = 2,              /* ") */
	PACK_PIECE_MAX = 200 * 1024 /* of a piece before escaping, which may double it */
};

/* Takes a file that is full, from the thread that fills it; *bytes is empty afterwards. */
struct pack_sink {
	int (*put)(void *arg, struct str path, struct buf *bytes, struct err *err);
	void *arg;
};

struct pack_place {
	int64_t at;
	uint32_t len;
};

struct pack {
	const struct pack_sink *sink;
	struct str
		stem; /* borrowed: "/search/g/0-512-0123456789abcdef/l", to which "0.js" is added */
	size_t limit;
	struct buf file;
	int64_t files; /* that are full */
};

/* limit: of a file's bytes; from a disk a file is read whole, and from a host without ranges. */
void pack_init(struct pack *p, struct str stem, size_t limit, const struct pack_sink *sink);
void pack_fini(struct pack *p);

/* Appends a piece as it is; nothing is a piece of no bytes. ERR_IO of the sink. */
int pack_add(struct pack *p, struct str piece, struct pack_place *out, struct err *err);
/* The last file, where there is one; then p->files is how many there are. */
int pack_end(struct pack *p, struct err *err);

/* The path of a stem's file. */
struct str pack_path(struct arena *a, struct str stem, int64_t number);

#endif
