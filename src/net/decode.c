/* A coding is three functions; they hand what they have decoded to the coding before them. */
#include "net/decode.h"

#include <brotli/decode.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#include "base/mem.h"

enum { PIECE_BYTES = 16 << 10, ZSTD_WINDOW_BITS = 24 };

struct stage {
	const struct coding *coding;
	struct decode *decode;
	z_stream zlib;
	BrotliDecoderState *brotli;
	ZSTD_DStream *zstd;
	bool begun;  /* there were bytes */
	bool whole;  /* it may end here */
	bool over;   /* it has ended: what comes is padding */
	bool raw;    /* deflate without zlib's frame */
	bool inside; /* a frame of zstd */
};

struct decode {
	decode_sink *sink;
	void *arg;
	struct stage stages[DECODE_MAX_CODINGS]; /* the last applied first */
	int count;
};

struct coding {
	const char *name;
	int (*add)(struct stage *s, struct str bytes, struct err *err);
	bool (*open)(struct stage *s);
	void (*close)(struct stage *s);
};

static int broken(struct err *err)
{
	return err_set(err, ERR_INPUT, "the body could not be decoded");
}

/* What a stage has decoded. */
static int hand_on(struct stage *s, const void *bytes, size_t len, struct err *err)
{
	struct decode *d = s->decode;
	struct str piece = str_n(bytes, len);
	struct stage *next = s + 1;

	if (len == 0)
		return 0;
	if (next < d->stages + d->count) {
		next->begun = true;
		return next->coding->add(next, piece, err);
	}
	return d->sink(d->arg, piece) ? 0 : err_set(err, ERR_LIMIT, "enough");
}

/* --- gzip and deflate --------------------------------------------------------------------------
 */

static bool open_gzip(struct stage *s)
{
	return inflateInit2(&s->zlib, 15 + 16) == Z_OK;
}

static bool open_deflate(struct stage *s)
{
	return inflateInit2(&s->zlib, 15) == Z_OK;
}

static void close_zlib(struct stage *s)
{
	inflateEnd(&s->zlib);
}

static int add_zlib(struct stage *s, struct str bytes, struct err *err)
{
	unsigned char out[PIECE_BYTES];
	int rc = Z_OK;

	s->zlib.next_in = (Bytef *)(uintptr_t)bytes.ptr;
	s->zlib.avail_in = (uInt)bytes.len;
	do {
		s->zlib.next_out = out;
		s->zlib.avail_out = sizeof(out);
		rc = inflate(&s->zlib, Z_NO_FLUSH);
		if (rc != Z_OK && rc != Z_STREAM_END && rc != Z_BUF_ERROR)
			return broken(err);
		if (hand_on(s, out, sizeof(out) - s->zlib.avail_out, err) < 0)
			return err->code;
		s->whole = rc == Z_STREAM_END;
	} while (rc == Z_OK && (s->zlib.avail_in > 0 || s->zlib.avail_out == 0));
	return 0;
}

/* Several members one behind another are one body (RFC 1952 2.2); padding behind them is none. */
static int add_gzip(struct stage *s, struct str bytes, struct err *err)
{
	while (bytes.len && !s->over) {
		s->over = s->whole && bytes.ptr[0] != '\x1f';
		if (s->over)
			return 0;
		if (s->whole && inflateReset(&s->zlib) != Z_OK)
			return broken(err);
		s->whole = false;
		if (add_zlib(s, bytes, err) < 0)
			return err->code;
		bytes = str_from(bytes, bytes.len - s->zlib.avail_in);
		if (!s->whole)
			return 0;
	}
	return 0;
}

/* Half of the world's servers leave zlib's frame out: its first byte tells (RFC 1950 2.2). */
static int add_deflate(struct stage *s, struct str bytes, struct err *err)
{
	if (s->whole)
		return 0;
	if (s->zlib.total_in == 0 && !s->raw && ((unsigned char)bytes.ptr[0] & 0x8f) != 0x08) {
		s->raw = true;
		if (inflateReset2(&s->zlib, -15) != Z_OK)
			return broken(err);
	}
	return add_zlib(s, bytes, err);
}

/* --- br ----------------------------------------------------------------------------------------
 */

static bool open_brotli(struct stage *s)
{
	s->brotli = BrotliDecoderCreateInstance(NULL, NULL, NULL);
	return s->brotli != NULL;
}

static void close_brotli(struct stage *s)
{
	if (s->brotli)
		BrotliDecoderDestroyInstance(s->brotli);
}

static int add_brotli(struct stage *s, struct str bytes, struct err *err)
{
	const uint8_t *in = (const uint8_t *)bytes.ptr;
	size_t left = bytes.len;
	BrotliDecoderResult rc = BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT;

	while (!s->whole && rc == BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT) {
		uint8_t out[PIECE_BYTES], *at = out;
		size_t room = sizeof(out);

		rc = BrotliDecoderDecompressStream(s->brotli, &left, &in, &room, &at, NULL);
		if (rc == BROTLI_DECODER_RESULT_ERROR)
			return broken(err);
		if (hand_on(s, out, sizeof(out) - room, err) < 0)
			return err->code;
		s->whole = rc == BROTLI_DECODER_RESULT_SUCCESS;
	}
	return 0;
}

/* --- zstd --------------------------------------------------------------------------------------
 */

static bool open_zstd(struct stage *s)
{
	s->zstd = ZSTD_createDStream();
	return s->zstd && !ZSTD_isError(ZSTD_DCtx_setParameter(s->zstd, ZSTD_d_windowLogMax,
							       ZSTD_WINDOW_BITS));
}

static void close_zstd(struct stage *s)
{
	ZSTD_freeDStream(s->zstd);
}

/* Whether a frame that begins so is one of RFC 8878 (3.1.1, 3.1.2), not of the library's own past.
 */
static bool begins_frame(char ch)
{
	unsigned char byte = (unsigned char)ch;

	return byte == 0x28 || (byte >= 0x50 && byte <= 0x5f);
}

static int add_zstd(struct stage *s, struct str bytes, struct err *err)
{
	ZSTD_inBuffer in = { bytes.ptr, bytes.len, 0 };
	bool full = false;

	while (in.pos < in.size || (full && !s->whole)) {
		char out[PIECE_BYTES];
		ZSTD_outBuffer to = { out, sizeof(out), 0 };
		size_t rc;

		if (!s->inside && !begins_frame(bytes.ptr[in.pos]))
			return broken(err);
		rc = ZSTD_decompressStream(s->zstd, &to, &in);
		if (ZSTD_isError(rc))
			return broken(err);
		s->inside = rc != 0;
		if (hand_on(s, out, to.pos, err) < 0)
			return err->code;
		s->whole = rc == 0;
		full = to.pos == to.size;
	}
	return 0;
}

/* --- all of them -------------------------------------------------------------------------------
 */

static const struct coding codings_known[] = {
	{ "gzip", add_gzip, open_gzip, close_zlib },
	{ "x-gzip", add_gzip, open_gzip, close_zlib },
	{ "deflate", add_deflate, open_deflate, close_zlib },
	{ "br", add_brotli, open_brotli, close_brotli },
	{ "zstd", add_zstd, open_zstd, close_zstd },
};

static const struct coding *find(struct str name)
{
	for (size_t i = 0; i < sizeof(codings_known) / sizeof(codings_known[0]); i++)
		if (str_eq_nocase(name, str_of(codings_known[i].name)))
			return &codings_known[i];
	return NULL;
}

static int add_stage(struct decode *d, struct str name, struct err *err)
{
	const struct coding *coding = find(name);

	if (!coding)
		return err_set(err, ERR_INPUT, "the body is coded as %.*s, which is not known",
			       (int)(name.len < 40 ? name.len : 40), name.ptr);
	if (d->count == DECODE_MAX_CODINGS)
		return err_set(err, ERR_INPUT, "the body is coded more than %d times",
			       DECODE_MAX_CODINGS);
	/* What was applied last comes off first. */
	memmove(d->stages + 1, d->stages, (size_t)d->count * sizeof(*d->stages));
	d->stages[0] = (struct stage){ .coding = coding };
	d->count++;
	return 0;
}

int decode_open(struct str codings, decode_sink *sink, void *arg, struct decode **out,
		struct err *err)
{
	struct decode *d = mem_alloc(sizeof(*d));
	struct str name;
	int opened = 0, rc = 0;

	*out = NULL;
	d->sink = sink;
	d->arg = arg;
	while (rc == 0 && str_split(&codings, ',', &name)) {
		name = str_trim(name);
		if (name.len && !str_eq_nocase(name, S("identity")) &&
		    !str_eq_nocase(name, S("none")))
			rc = add_stage(d, name, err);
	}
	for (; rc == 0 && opened < d->count; opened++) {
		d->stages[opened].decode = d;
		if (!d->stages[opened].coding->open(&d->stages[opened]))
			rc = broken(err);
	}
	if (rc < 0) {
		d->count = opened;
		decode_close(&d);
		return rc;
	}
	*out = d;
	return 0;
}

int decode_add(struct decode *d, struct str bytes, struct err *err)
{
	if (bytes.len == 0)
		return 0;
	if (d->count == 0)
		return d->sink(d->arg, bytes) ? 0 : err_set(err, ERR_LIMIT, "enough");
	d->stages[0].begun = true;
	return d->stages[0].coding->add(&d->stages[0], bytes, err);
}

bool decode_is_whole(const struct decode *d)
{
	for (int i = 0; i < d->count; i++)
		if (d->stages[i].begun && !d->stages[i].whole)
			return false;
	return true;
}

void decode_close(struct decode **dp)
{
	struct decode *d = *dp;

	if (!d)
		return;
	for (int i = 0; i < d->count; i++)
		d->stages[i].coding->close(&d->stages[i]);
	mem_free(d);
	*dp = NULL;
}
