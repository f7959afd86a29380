/* Conditional requests, ranges, compression: RFC 9110 sections 8, 13 and 14. */
#include <stdio.h>
#include <string.h>

#include <zlib.h>

#include "base/hash.h"
#include "serve/private.h"
#include "text/date.h"

enum { COMPRESS_FROM = 1024, COMPRESS_LEVEL = 5 };

bool etag_in(struct str list, struct str etag)
{
	struct str one;

	while (str_split(&list, ',', &one)) {
		one = str_trim(one);
		if (str_eq(one, S("*")))
			return true;
		if (str_has_prefix(one, S("W/")))
			one = str_from(one, 2);
		if (str_eq(one, etag))
			return true;
	}
	return false;
}

enum range range_parse(struct str header, size_t len, size_t *from, size_t *to)
{
	int64_t first, last = INT64_MAX;

	if (!str_has_prefix_nocase(header, S("bytes=")) || str_find_ch(header, ',') != STR_NONE)
		return RANGE_NONE;
	header = str_trim(str_from(header, 6));
	size_t dash = str_find_ch(header, '-');
	if (dash == STR_NONE)
		return RANGE_NONE;
	struct str left = str_trim(str_sub(header, 0, dash)),
		   right = str_trim(str_from(header, dash + 1));
	if (!left.len) {
		if (!str_to_i64(right, 0, INT64_MAX, &last))
			return RANGE_NONE;
		if (last == 0 || len == 0)
			return RANGE_OUTSIDE;
		*from = (uint64_t)last >= len ? 0 : len - (size_t)last;
		*to = len;
		return RANGE_PART;
	}
	if (!str_to_i64(left, 0, INT64_MAX, &first) ||
	    (right.len && !str_to_i64(right, 0, INT64_MAX, &last)) || last < first)
		return RANGE_NONE;
	if ((uint64_t)first >= len)
		return RANGE_OUTSIDE;
	*from = (size_t)first;
	*to = (uint64_t)last >= len ? len : (size_t)last + 1;
	return RANGE_PART;
}

static const char content_policy[] =
	"default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; "
	"object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'";

static char *add_header(struct answer *a, const char *name)
{
	a->headers[a->header_count].name = name;
	return a->headers[a->header_count++].value;
}

static void add_text(struct answer *a, const char *name, const char *value)
{
	snprintf(add_header(a, name), sizeof(a->headers[0].value), "%s", value);
}

static bool takes_gzip(struct str accepted)
{
	struct str one;

	while (str_split(&accepted, ',', &one)) {
		size_t semicolon = str_find_ch(one, ';');
		struct str name =
			str_trim(str_sub(one, 0, semicolon == STR_NONE ? one.len : semicolon));
		struct str weight =
			semicolon == STR_NONE ? S("") : str_trim(str_from(one, semicolon + 1));

		if (str_eq_nocase(name, S("gzip")))
			return !str_eq(weight, S("q=0")) && !str_eq(weight, S("q=0.0"));
	}
	return false;
}

static bool is_text(struct str type)
{
	return str_has_prefix(type, S("text/")) || str_contains(type, S("xml")) ||
	       str_contains(type, S("json"));
}

/* True where the body is gzip now. */
static bool compress_body(struct buf *body)
{
	z_stream z = { 0 };
	struct buf out;
	bool done = false;

	if (deflateInit2(&z, COMPRESS_LEVEL, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		return false;
	size_t bound = deflateBound(&z, body->len);
	buf_init(&out, BUF_NO_MAX);
	char *room = buf_room(&out, bound);
	z.next_in = (Bytef *)body->ptr;
	z.avail_in = (uInt)body->len;
	z.next_out = (Bytef *)room;
	z.avail_out = (uInt)bound;
	if (deflate(&z, Z_FINISH) == Z_STREAM_END) {
		buf_advance(&out, z.total_out);
		buf_fini(body);
		*body = out;
		done = true;
	} else {
		buf_fini(&out);
	}
	deflateEnd(&z);
	return done;
}

static bool is_fresh(const struct answer *a, const struct request_headers *h, struct str etag)
{
	struct date since;

	if (h->if_none_match.len)
		return etag_in(h->if_none_match, etag);
	return h->if_modified_since.len && a->modified != TIME_UNSTATED &&
	       date_parse(h->if_modified_since, 0, &since) && a->modified / 1000 <= since.ms / 1000;
}

static void choose_range(struct answer *a, const struct request_headers *h, struct str etag)
{
	size_t from, to, all = a->body.len;

	/* A range of what has changed since is of no use: the whole is sent. Dates are too coarse
	 * to say so. */
	if (!h->range.len || h->head || (h->if_range.len && !str_eq(h->if_range, etag)))
		return;
	switch (range_parse(h->range, all, &from, &to)) {
	case RANGE_NONE: return;
	case RANGE_PART:
		a->status = 206;
		a->from = from;
		a->len = to - from;
		snprintf(add_header(a, "Content-Range"), 160, "bytes %zu-%zu/%zu", from, to - 1,
			 all);
		return;
	case RANGE_OUTSIDE:
		a->status = 416;
		a->len = 0;
		snprintf(add_header(a, "Content-Range"), 160, "bytes */%zu", all);
		return;
	}
}

void answer_finish(struct answer *a, const struct request_headers *h)
{
	char etag[32];
	struct buf date;
	bool text = is_text(a->type), ok = a->status == 200;
	bool zip = text && a->body.len >= COMPRESS_FROM && !h->range.len &&
		   takes_gzip(h->accept_encoding);

	a->header_count = 0;
	snprintf(etag, sizeof(etag), "\"%016llx%s\"",
		 (unsigned long long)hash64_of(buf_str(&a->body)), zip ? "z" : "");
	if (ok && is_fresh(a, h, str_of(etag))) {
		a->status = 304;
		buf_reset(&a->body);
	} else if (zip && compress_body(&a->body)) {
		add_text(a, "Content-Encoding", "gzip");
	}
	a->from = 0;
	a->len = a->body.len;
	if (a->status == 200)
		choose_range(a, h, str_of(etag));
	if (text)
		add_text(a, "Vary", "Accept-Encoding");
	if (a->status != 304)
		snprintf(add_header(a, "Content-Type"), 160, "%.*s", STR_FMT(a->type));
	add_text(a, "Cache-Control", a->cache);
	/* The second wall behind the sanitizer: nothing runs, and nothing is asked of other hosts.
	 */
	if (!a->foreign)
		add_text(a, "Content-Security-Policy", content_policy);
	add_text(a, "X-Content-Type-Options", "nosniff");
	add_text(a, "Referrer-Policy", "no-referrer");
	if (!ok)
		return;
	add_text(a, "ETag", etag);
	add_text(a, "Accept-Ranges", "bytes");
	if (a->modified == TIME_UNSTATED)
		return;
	buf_init(&date, 64);
	buf_add_rfc822(&date, a->modified);
	add_text(a, "Last-Modified", buf_cstr(&date));
	buf_fini(&date);
}
