#include "net/decode.h"

#include <zlib.h>
#include <zstd.h>

#include "base/buf.h"
#include "base/check.h"

/* "hello, hello" as one uncompressed meta-block of brotli (RFC 7932 9.2). */
#define BROTLI                                                                                     \
	S("\xb0\x00\x10"                                                                           \
	  "hello, hello\x03")

static struct str text = STR("hello, hello");

static bool keep(void *arg, struct str bytes)
{
	buf_add(arg, bytes);
	return true;
}

static bool keep_five(void *arg, struct str bytes)
{
	struct buf *b = arg;

	buf_add(b, str_sub(bytes, 0, 5 - b->len));
	return b->len < 5;
}

/* Feeds pieces of `step` bytes: 1 whole, 0 cut short, <0 broken. */
static int decode(struct str codings, struct str bytes, size_t step, struct buf *out)
{
	struct decode *d = NULL;
	struct err err;
	int rc = decode_open(codings, keep, out, &d, &err);

	buf_reset(out);
	for (size_t at = 0; rc == 0 && at < bytes.len; at += step)
		rc = decode_add(d, str_sub(bytes, at, at + step), &err);
	if (rc == 0)
		rc = decode_is_whole(d);
	decode_close(&d);
	return rc;
}

static struct str deflated(struct buf *b, int window_bits, struct str bytes)
{
	z_stream z = { 0 };

	deflateInit2(&z, 9, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY);
	size_t bound = deflateBound(&z, bytes.len);
	z.next_in = (Bytef *)(uintptr_t)bytes.ptr;
	z.avail_in = (uInt)bytes.len;
	z.next_out = (Bytef *)buf_room(b, bound);
	z.avail_out = (uInt)bound;
	CHECK(deflate(&z, Z_FINISH) == Z_STREAM_END);
	buf_advance(b, z.total_out);
	deflateEnd(&z);
	return buf_str(b);
}

static struct str zstd_of(struct buf *b, struct str bytes)
{
	size_t bound = ZSTD_compressBound(bytes.len);

	buf_advance(b, ZSTD_compress(buf_room(b, bound), bound, bytes.ptr, bytes.len, 3));
	return buf_str(b);
}

/* Whole in pieces of any size; wherever it is cut, it is known to be. */
static void check_coding(const char *why, struct str codings, struct str bytes, struct str want)
{
	struct buf out;

	buf_init(&out, BUF_NO_MAX);
	for (size_t step = 1; step <= bytes.len; step++) {
		CHECK_I64(why, decode(codings, bytes, step, &out), 1);
		CHECK_STR(why, buf_str(&out), want);
	}
	for (size_t len = 1; len < bytes.len; len++)
		CHECK_I64(why, decode(codings, str_sub(bytes, 0, len), len, &out), 0);
	CHECK_I64("nothing at all is whole", decode(codings, S(""), 1, &out), 1);
	buf_fini(&out);
}

static void check_stop(struct str bytes)
{
	struct decode *d = NULL;
	struct err err;
	struct buf out;

	buf_init(&out, BUF_NO_MAX);
	CHECK(decode_open(S("gzip"), keep_five, &out, &d, &err) == 0);
	CHECK_I64("the sink has enough", decode_add(d, bytes, &err), ERR_LIMIT);
	CHECK_STR("so much", buf_str(&out), S("hello"));
	decode_close(&d);
	buf_fini(&out);
}

/* A body as long as the pieces that are decoded at a time ends all the same. */
static void check_full_pieces(void)
{
	struct buf bytes, coded, out;

	buf_init(&bytes, BUF_NO_MAX);
	buf_init(&coded, BUF_NO_MAX);
	buf_init(&out, BUF_NO_MAX);
	for (int i = 0; i < 32 << 10; i++)
		buf_add_ch(&bytes, (char)('a' + i % 26));
	CHECK_I64("gzip",
		  decode(S("gzip"), deflated(&coded, 15 + 16, buf_str(&bytes)), 1 << 20, &out), 1);
	CHECK_I64("all of it", (int64_t)out.len, 32 << 10);
	coded.len = 0;
	CHECK_I64("zstd", decode(S("zstd"), zstd_of(&coded, buf_str(&bytes)), 1 << 20, &out), 1);
	CHECK_I64("all of it", (int64_t)out.len, 32 << 10);
	buf_fini(&bytes);
	buf_fini(&coded);
	buf_fini(&out);
}

/* What stands behind the last member is padding to its end, whatever it looks like. */
static void check_padding(struct buf *gzip)
{
	struct buf out;

	buf_init(&out, BUF_NO_MAX);
	buf_add(gzip, str_n("\0\x1f\0", 3));
	for (size_t step = 1; step <= gzip->len; step++) {
		CHECK_I64("padding", decode(S("gzip"), buf_str(gzip), step, &out), 1);
		CHECK_STR("padding", buf_str(&out), text);
	}
	gzip->len -= 3;
	buf_fini(&out);
}

static const struct {
	const char *why;
	struct str codings, bytes;
	int rc;
} odd[] = {
	{ "plain text is no gzip", STR("gzip"), STR("plain text"), ERR_INPUT },
	{ "nor br", STR("br"), STR("\xff\xff plain text"), ERR_INPUT },
	{ "a zstd older than its RFC", STR("zstd"),
	  STR("\x26\xb5\x2f\xfd\x04\x58\xb3\xf6\0\xd8\x04\0\x18\xe5"), ERR_INPUT },
	{ "nor zstd", STR("zstd"), STR("plain text"), ERR_INPUT },
	{ "a coding nobody knows", STR("rot13"), STR("cynva"), ERR_INPUT },
	{ "too many", STR("gzip, gzip, gzip, gzip"), STR("x"), ERR_INPUT },
	{ "none", STR(""), STR("plain"), 1 },
	{ "by name", STR("identity"), STR("plain"), 1 },
};

int main(void)
{
	struct buf gzip, twice, zlib, raw, zstd, inner, out;

	buf_init(&gzip, BUF_NO_MAX);
	buf_init(&twice, BUF_NO_MAX);
	buf_init(&zlib, BUF_NO_MAX);
	buf_init(&raw, BUF_NO_MAX);
	buf_init(&zstd, BUF_NO_MAX);
	buf_init(&inner, BUF_NO_MAX);
	buf_init(&out, BUF_NO_MAX);
	check_coding("gzip", S("gzip"), deflated(&gzip, 15 + 16, text), text);
	check_padding(&gzip);
	check_full_pieces();
	check_coding("deflate", S("deflate"), deflated(&zlib, 15, text), text);
	check_coding("deflate without a frame", S("DEFLATE"), deflated(&raw, -15, text), text);
	check_coding("zstd", S("zstd"), zstd_of(&zstd, text), text);
	check_coding("br", S(" br "), BROTLI, text);
	check_coding("gzip inside zstd", S("gzip, zstd"), zstd_of(&inner, buf_str(&gzip)), text);
	check_stop(buf_str(&gzip));
	/* A second member, and padding. */
	buf_add(&twice, buf_str(&gzip));
	buf_add(&twice, buf_str(&gzip));
	buf_add(&twice, str_n("\0\0", 2));
	CHECK_I64("members", decode(S("x-gzip"), buf_str(&twice), 7, &out), 1);
	CHECK_STR("members", buf_str(&out), S("hello, hellohello, hello"));
	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++)
		CHECK_I64(odd[i].why, decode(odd[i].codings, odd[i].bytes, 100, &out), odd[i].rc);
	struct buf *const all[] = { &gzip, &twice, &zlib, &raw, &zstd, &inner, &out };
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		buf_fini(all[i]);
	return check_done();
}
