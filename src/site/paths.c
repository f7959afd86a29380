/*
 * Names of pages. A tag may be called anything, "C/C++", "..", "CON" or 10,000 characters of emoji;
 * the name of its page is made of what every file system and web host takes, and where that loses
 * anything a piece of the hash tells it from others.
 */
#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "site/private.h"
#include "text/date.h"
#include "text/utf8.h"

enum { SLUG_MAX = 60 };

static const struct {
	enum list_kind kind;
	struct str folder;
} folders[] = {
	{ LIST_SOURCE, STR("/source/") },
	{ LIST_CATEGORY, STR("/category/") },
	{ LIST_TAG, STR("/tag/") },
};

/* Names Windows keeps for itself, whatever comes behind a dot. */
static bool is_device(struct str s)
{
	static const struct str names[] = { STR("con"), STR("prn"), STR("aux"), STR("nul") };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (str_eq_nocase(s, names[i]))
			return true;
	return s.len == 4 && ch_is_digit(s.ptr[3]) &&
	       (str_has_prefix_nocase(s, S("com")) || str_has_prefix_nocase(s, S("lpt")));
}

/* Invisible, or turning the line around: no place in an address. */
static bool is_hidden(uint32_t c)
{
	return c < 0xA0 || (c >= 0x2000 && c <= 0x206F) || c == 0x3000 || c == 0xFEFF ||
	       c == 0x00AD || (c >= 0xD800 && c <= 0xF8FF) || (c >= 0xFE00 && c <= 0xFE0F) ||
	       (c >= 0xFFF0 && c <= 0xFFFF) || c >= 0xE0000;
}

void slug_add(struct buf *out, struct str name)
{
	char slug[SLUG_MAX + 8], hex[HASH_HEX + 1];
	size_t len = 0, pos = 0;
	bool same = name.len > 0;

	while (pos < name.len) {
		uint32_t c = utf8_next(name, &pos);
		char bytes[4];
		size_t n = utf8_put(c, bytes);

		if (c < 0x80) {
			bytes[0] = ch_lower((char)c);
			if (!ch_is_alnum(bytes[0]))
				bytes[0] = '-';
			same = same && bytes[0] == (char)c;
			if (bytes[0] == '-' && (len == 0 || slug[len - 1] == '-')) {
				same = false;
				continue;
			}
		} else if (is_hidden(c)) {
			same = false;
			continue;
		} else if (!utf8_is_cjk(c)) {
			same = false; /* it may have a case, which some file systems fold and others
					 do not */
		}
		if (len + n > SLUG_MAX) {
			same = false;
			break;
		}
		memcpy(slug + len, bytes, n);
		len += n;
	}
	while (len > 0 && slug[len - 1] == '-') {
		len--;
		same = false;
	}
	same = same && !is_device(str_n(slug, len));
	buf_add_n(out, slug, len);
	if (same)
		return;
	struct hash h = hash_of(name);
	hash_to_hex(&h, hex);
	if (len > 0)
		buf_add_ch(out, '-');
	buf_add_n(out, hex, 10);
}

struct str list_path(struct arena *a, const struct list_ref *ref)
{
	struct buf b;

	if (ref->kind == LIST_MONTH) { /* "2023-01" */
		char *path = arena_cstr(a, str_join(a, S("/"), ref->name));

		if (ref->name.len > 4)
			path[5] = '/';
		return str_n(path, ref->name.len + 1);
	}
	buf_init(&b, 4096);
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		if (folders[i].kind == ref->kind)
			buf_add(&b, folders[i].folder);
	if (ref->kind == LIST_SOURCE)
		buf_add(&b, ref->name); /* a key is its own slug */
	else
		slug_add(&b, ref->name);
	struct str path = arena_str(a, buf_str(&b));
	buf_fini(&b);
	return path;
}

/* "NAME.html", "NAME/3.html", "NAME.xml" or "NAME/3.xml"; false for anything else. */
static bool parse_list(struct str rest, struct route *out)
{
	size_t slash = str_find_ch(rest, '/');
	bool feed = str_has_suffix(rest, S(".xml"));

	if (!feed && !str_has_suffix(rest, S(".html")))
		return false;
	rest = str_sub(rest, 0, rest.len - (feed ? 4 : 5));
	out->kind = feed ? ROUTE_LIST_FEED : ROUTE_LIST;
	out->slug = str_sub(rest, 0, slash == STR_NONE ? rest.len : slash);
	if (slash != STR_NONE && !feed && out->list == LIST_SOURCE &&
	    str_eq(str_from(rest, slash + 1), S("calendar"))) {
		out->kind = ROUTE_CALENDAR;
		return slash > 0;
	}
	if (slash != STR_NONE && (!str_to_i64(str_from(rest, slash + 1), 1, 1 << 30, &out->page) ||
				  rest.ptr[slash + 1] == '0'))
		return false;
	return out->slug.len > 0;
}

static bool all_digits(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!ch_is_digit(s.ptr[i]))
			return false;
	return s.len > 0;
}

/* "/2023/01.html", "/2023/01/3.html" */
static bool parse_month(struct arena *a, struct str path, struct route *out)
{
	if (path.len < 8 || !all_digits(str_sub(path, 1, 5)) || path.ptr[5] != '/' ||
	    !all_digits(str_sub(path, 6, 8)))
		return false;
	if (!parse_list(str_from(path, 6), out) || out->kind != ROUTE_LIST || out->slug.len != 2)
		return false;
	out->list = LIST_MONTH;
	out->slug = arena_strf(a, "%.*s-%.*s", STR_FMT(str_sub(path, 1, 5)),
			       STR_FMT(str_sub(path, 6, 8)));
	return true;
}

/* "/sitemap/2023-01-1.xml" */
static bool parse_sitemap(struct str path, struct route *out)
{
	struct str rest = str_from(path, sizeof("/sitemap/") - 1);

	if (!str_has_prefix(path, S("/sitemap/")) || !str_has_suffix(path, S(".xml")) ||
	    rest.len < 8 + 4 || rest.ptr[7] != '-' ||
	    !str_to_i64(str_sub(rest, 8, rest.len - 4), 1, 1 << 30, &out->page) ||
	    rest.ptr[8] == '0')
		return false;
	out->kind = ROUTE_SITEMAP_PART;
	out->slug = str_sub(rest, 0, 7);
	return true;
}

/* "/3.html": a number as we write it. */
static bool parse_number(struct str rest, const char *end, int64_t *number)
{
	struct str digits = str_sub(rest, 1, rest.len - strlen(end));

	return rest.len > 1 + strlen(end) && rest.ptr[0] == '/' && rest.ptr[1] != '0' &&
	       str_has_suffix(rest, str_of(end)) && str_to_i64(digits, 1, 1 << 30, number);
}

/* "/edits.html", "/edits/3.html", "/edits.xml" */
static bool parse_events(struct str path, struct route *out)
{
	struct str rest;

	if (!events_of_path(path, &out->events, &rest))
		return false;
	out->kind = str_eq(rest, S(".xml")) ? ROUTE_EVENTS_FEED : ROUTE_EVENTS;
	return str_eq(rest, S(".xml")) || str_eq(rest, S(".html")) ||
	       parse_number(rest, ".html", &out->page);
}

/* "/feed/3.xml" */
static bool parse_archive(struct str path, struct route *out)
{
	out->kind = ROUTE_FEED_ARCHIVE;
	return str_has_prefix(path, S("/feed/")) &&
	       parse_number(str_from(path, 5), ".xml", &out->page);
}

void route_parse(struct arena *a, struct str path, struct route *out)
{
	static const struct {
		struct str path;
		enum route_kind kind;
	} fixed[] = {
		{ STR("/"), ROUTE_FRONT },
		{ STR("/index.html"), ROUTE_FRONT },
		{ STR("/feed.xml"), ROUTE_FEED },
		{ STR("/archive.html"), ROUTE_ARCHIVE },
		{ STR("/sources.html"), ROUTE_SOURCES },
		{ STR("/tags.html"), ROUTE_TAGS },
		{ STR("/statistics.html"), ROUTE_STATISTICS },
		{ STR("/search.html"), ROUTE_SEARCH },
		{ STR("/404.html"), ROUTE_MISSING },
		{ STR("/sitemap.xml"), ROUTE_SITEMAP },
		{ STR("/sitemap-news.xml"), ROUTE_SITEMAP_NEWS },
		{ STR("/robots.txt"), ROUTE_ROBOTS },
		{ STR("/opensearch.xml"), ROUTE_OPENSEARCH },
		{ STR("/manifest.webmanifest"), ROUTE_MANIFEST },
		{ STR("/offline.html"), ROUTE_OFFLINE },
	};

	*out = (struct route){ .kind = ROUTE_OTHER };
	for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++)
		if (str_eq(path, fixed[i].path)) {
			out->kind = fixed[i].kind;
			return;
		}
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		if (str_has_prefix(path, folders[i].folder)) {
			out->list = folders[i].kind;
			if (parse_list(str_from(path, folders[i].folder.len), out))
				return;
		}
	if (parse_month(a, path, out) || parse_sitemap(path, out) || parse_events(path, out) ||
	    parse_archive(path, out))
		return;
	*out = (struct route){ .kind = article_of_edits(a, path).len ? ROUTE_EDITS_OF
								     : ROUTE_OTHER };
}

bool path_is_safe(struct str path)
{
	struct str rest = str_from(path, 1), piece;

	if (path.len < 2 || path.ptr[0] != '/' || path.len > 2000)
		return false;
	while (str_split(&rest, '/', &piece)) {
		if (piece.len > 250 || (piece.len && piece.ptr[0] == '.'))
			return false; /* no "..", and nothing hidden: our own state is */
		if (!piece.len && rest.len)
			return false;
		for (size_t i = 0; i < piece.len; i++)
			if ((unsigned char)piece.ptr[i] < 0x20 || piece.ptr[i] == '\\' ||
			    piece.ptr[i] == 0x7F)
				return false;
	}
	return true;
}

struct str path_file(struct arena *a, struct str path)
{
	if (!path.len || path.ptr[path.len - 1] == '/')
		return arena_strf(a, "%.*sindex.html", STR_FMT(path));
	return path;
}

/* Unreserved (RFC 3986), and "/". */
static bool is_plain(char ch)
{
	static const uint64_t plain[4] = { 0x03FFE00000000000, 0x47FFFFFE87FFFFFE };
	unsigned char c = (unsigned char)ch;

	return plain[c >> 6] >> (c & 63) & 1;
}

#define SIXTEEN(x)                                                                                 \
	"%" x "0", "%" x "1", "%" x "2", "%" x "3", "%" x "4", "%" x "5", "%" x "6", "%" x "7",    \
		"%" x "8", "%" x "9", "%" x "A", "%" x "B", "%" x "C", "%" x "D", "%" x "E",       \
		"%" x "F"

/* Bytes from 0x80 on, of which most names are made that have to be escaped. */
static const char not_ascii[128][4] = {
	SIXTEEN("8"), SIXTEEN("9"), SIXTEEN("A"), SIXTEEN("B"),
	SIXTEEN("C"), SIXTEEN("D"), SIXTEEN("E"), SIXTEEN("F"),
};

char *path_escape_to(char *at, struct str path)
{
	static const char hex[] = "0123456789ABCDEF";

	for (size_t i = 0; i < path.len; i++) {
		unsigned char c = (unsigned char)path.ptr[i];

		if (c >= 0x80) {
			memcpy(at, not_ascii[c - 0x80], 3);
			at += 3;
			continue;
		}
		if (is_plain(path.ptr[i])) {
			*at++ = path.ptr[i];
			continue;
		}
		at[0] = '%';
		at[1] = hex[c >> 4];
		at[2] = hex[c & 15];
		at += 3;
	}
	return at;
}

struct str path_escape(struct arena *a, struct str path)
{
	size_t more = 0;

	for (size_t i = 0; i < path.len; i++)
		more += !is_plain(path.ptr[i]);
	if (!more)
		return path;
	char *out = arena_alloc(a, path.len + 2 * more + 1);
	return str_n(out, (size_t)(path_escape_to(out, path) - out));
}

int path_depth(struct str path)
{
	const char *end = path.ptr + path.len;
	int depth = -1;

	for (const char *at = path.ptr; path.len && (at = memchr(at, '/', (size_t)(end - at)));
	     at++)
		depth++;
	return depth < 0 ? 0 : depth;
}

struct str month_of(struct arena *a, int64_t ms, int zone_min)
{
	struct date_fields f;

	date_fields(ms, zone_min, &f);
	if (f.year < 0 || f.year > 9999)
		return arena_strf(a, "%04d-%02d", f.year, f.month);
	/* Asked of every article, some times over. */
	char *text = arena_alloc(a, sizeof("2023-01"));
	for (int at = 3, left = f.year; at >= 0; at--, left /= 10)
		text[at] = (char)('0' + left % 10);
	text[4] = '-';
	text[5] = (char)('0' + f.month / 10);
	text[6] = (char)('0' + f.month % 10);
	return str_n(text, 7);
}

bool month_range(struct str month, int zone_min, int64_t *from, int64_t *to)
{
	struct date_fields f = { .day = 1 };
	int64_t year, number;

	if (month.len != 7 || month.ptr[4] != '-' ||
	    !str_to_i64(str_sub(month, 0, 4), 0, 9999, &year) ||
	    !str_to_i64(str_from(month, 5), 1, 12, &number))
		return false;
	f.year = (int)year;
	f.month = (int)number;
	*from = date_from_fields(&f, zone_min);
	f.year += number == 12;
	f.month = number == 12 ? 1 : (int)number + 1;
	*to = date_from_fields(&f, zone_min);
	return true;
}
