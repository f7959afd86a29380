/*
 * decode - the codings a body comes in (RFC 9110 8.4): gzip, deflate, br, zstd, one inside another.
 *
 * Not left to curl, which takes a stream that ends too early for a whole one.
 *
 * Threads: one decoding belongs to one thread at a time. Limits: DECODE_MAX_CODINGS; windows of 16
 * MiB. What comes out is not counted here: the sink says when it is enough.
 */
#ifndef DIBAO_NET_DECODE_H
#define DIBAO_NET_DECODE_H

#include <stdbool.h>

#include "base/err.h"
#include "base/str.h"

enum { DECODE_MAX_CODINGS = 3 };

/* What is asked for. */
#define DECODE_CODINGS "gzip, deflate, br, zstd"

/* Takes decoded bytes; false: it wants no more. */
typedef bool decode_sink(void *arg, struct str bytes);

struct decode;

/* `codings` as in Content-Encoding: in the order they were applied. ERR_INPUT: one is not known. */
int decode_open(struct str codings, decode_sink *sink, void *arg, struct decode **out,
		struct err *err);
/* The next bytes. ERR_INPUT: they are not what the coding says; ERR_LIMIT: the sink has enough. */
int decode_add(struct decode *d, struct str bytes, struct err *err);
/* After the last: false where the stream should go on. */
bool decode_is_whole(const struct decode *d);
void decode_close(struct decode **d);

#endif
