/*
 * The first byte chooses the codings and the size of the pieces; whatever comes then, in whatever
 * pieces, gives the same, and nothing past the ceiling.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/buf.h"
#include "net/decode.h"

enum { MAX_BYTES = 1 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool keep(void *arg, struct str bytes)
{
	struct buf *b = arg;

	buf_add(b, str_sub(bytes, 0, MAX_BYTES - b->len));
	return b->len < MAX_BYTES;
}

static int decode(struct str codings, struct str bytes, size_t step, struct buf *out)
{
	struct decode *d = NULL;
	struct err err;
	int rc = decode_open(codings, keep, out, &d, &err);

	for (size_t at = 0; rc == 0 && at < bytes.len; at += step)
		rc = decode_add(d, str_sub(bytes, at, at + step), &err);
	if (rc == 0)
		rc = decode_is_whole(d);
	decode_close(&d);
	return rc;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct str codings[] = { STR("gzip"), STR("deflate"),  STR("br"),
					      STR("zstd"), STR("gzip, br"), STR("zstd, deflate") };
	struct buf whole, pieces;

	if (size < 1)
		return 0;
	struct str bytes = str_n((const char *)data + 1, size - 1), how = codings[data[0] % 6];
	buf_init(&whole, MAX_BYTES);
	buf_init(&pieces, MAX_BYTES);
	int one = decode(how, bytes, size, &whole);
	int two = decode(how, bytes, 1 + data[0] / 6, &pieces);
	if (one >= 0 && (one != two || !str_eq(buf_str(&whole), buf_str(&pieces))))
		abort();
	buf_fini(&whole);
	buf_fini(&pieces);
	return 0;
}
