#include <string.h>

#include "feed/rules.h"
#include "text/date.h"
#include "text/escape.h"
#include "text/url.h"
#include "text/utf8.h"

/* ---- attributes ---- */

struct str feed_attr(const struct xml_attr *attrs, size_t count, struct str name)
{
	for (size_t i = 0; i < count; i++)
		if (str_eq_nocase(attrs[i].name, name))
			return str_trim(attrs[i].value);
	return S("");
}

bool feed_has_attr(const struct xml_attr *attrs, size_t count, struct str name)
{
	for (size_t i = 0; i < count; i++)
		if (str_eq_nocase(attrs[i].name, name))
			return true;
	return false;
}

/* rdf:about, whatever prefix rdf has. */
struct str feed_attr_local(const struct xml_attr *attrs, size_t count, struct str local)
{
	for (size_t i = 0; i < count; i++) {
		struct str prefix, name;

		feed_split_name(attrs[i].name, &prefix, &name);
		if (str_eq_nocase(name, local))
			return str_trim(attrs[i].value);
	}
	return S("");
}

/* ---- small helpers the JSON reader shares ---- */

struct arena *feed_arena(struct feed *f)
{
	return f->entry ? f->mem : &f->own;
}

struct str feed_keep(struct feed *f, struct str s)
{
	return s.len ? arena_str(feed_arena(f), s) : S("");
}

struct str feed_url(struct arena *a, struct str base, struct str ref)
{
	static const struct str fine[] = {
		STR("http"),   STR("https"),  STR("ftp"),  STR("ftps"),
		STR("magnet"), STR("mailto"), STR("news"), STR("nntp"),
		STR("gopher"), STR("gemini"), STR("ipfs"), STR("rtsp"),
		STR("rtmp"),   STR("mms"),    STR("urn"),  STR("tag"),
	};
	struct str scheme;
	size_t colon;

	ref = str_trim(ref);
	if (!ref.len)
		return ref;
	if (ref.len > URL_MAX_BYTES)
		return S("");
	ref = url_resolve(a, base, ref);
	/* What is no address at all, "http://", and what runs: both are worth nothing to a reader.
	 */
	colon = str_find_ch(ref, ':');
	if (colon == STR_NONE || str_find_ch(str_sub(ref, 0, colon), '/') != STR_NONE)
		return arena_str(a, ref);
	scheme = str_trim(str_sub(ref, 0, colon));
	for (size_t i = 0; i < sizeof(fine) / sizeof(fine[0]); i++)
		if (str_eq_nocase(scheme, fine[i]))
			return arena_str(a, ref);
	return S("");
}

/* "&amp;", "&#8217;": a reference with its semicolon. */
static bool has_reference(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		size_t end = i + 1;

		if (s.ptr[i] != '&')
			continue;
		while (end < s.len && end < i + 12 &&
		       (ch_is_alnum(s.ptr[end]) || s.ptr[end] == '#'))
			end++;
		if (end > i + 2 && end < s.len && s.ptr[end] == ';')
			return true;
	}
	return false;
}

struct str feed_reference(struct arena *a, struct str ref)
{
	/* The two names whose characters HTML has changed since the HTML 4.01 that RSS 2.0 and RFC
	 * 4287 (by its reference [HTML]) speak of. */
	static const struct {
		struct str ref, text;
	} then[] = {
		{ STR("&lang;"), STR("\xe2\x8c\xa9") }, /* U+2329, equal to 〈 */
		{ STR("&rang;"), STR("\xe2\x8c\xaa") },
	};

	for (size_t i = 0; i < sizeof(then) / sizeof(then[0]); i++)
		if (str_eq(ref, then[i].ref))
			return then[i].text;
	return html_unescape(a, ref);
}

struct str feed_plain(struct arena *a, struct str s, enum feed_text type)
{
	switch (type) {
	case TEXT_PLAIN:
	case TEXT_BASE64_PLAIN: return utf8_squeeze(a, s);
	case TEXT_HTML:
	case TEXT_MARKUP:
	case TEXT_BASE64: return html_text(a, s);
	case TEXT_UNTYPED: break;
	}
	/* Untyped (RSS): as HTML; what reads "&amp;" even then was escaped once too often. */
	s = html_text(a, s);
	return has_reference(s) ? utf8_squeeze(a, html_unescape(a, s)) : s;
}

bool feed_date(const struct feed *f, struct str s, int64_t *ms, int *offset_min)
{
	struct date d;

	/* The very first instant of 1970 is what programs print for "none". */
	if (!date_parse(s, f->opt.zone_min, &d) || d.ms == 0)
		return false;
	*ms = d.ms;
	*offset_min = d.offset_min;
	return true;
}

void feed_add_person(struct arena *a, struct people *to, struct str name, struct str url)
{
	for (size_t i = 0; i < to->count; i++)
		if (str_eq(to->items[i].name, name) &&
		    (name.len || str_eq(to->items[i].url, url))) {
			if (!to->items[i].url.len)
				to->items[i].url = url;
			return;
		}
	if (to->count == FEED_MAX_LIST)
		return;
	to->items = arena_grow(a, to->items, to->count * sizeof(*to->items),
			       (to->count + 1) * sizeof(*to->items));
	to->items[to->count++] = (struct person){ S("author"), name, url };
}

void feed_add_author(struct feed *f, struct str name, struct str url, int rank)
{
	struct people *to = f->entry ? rank >= 5   ? &f->entry->authors
				       : rank >= 4 ? &f->draft.authors
						   : &f->draft.weak_authors
				     : &f->info.authors;

	if (!name.len && !url.len)
		return;
	if (rank < 4 && !f->entry && f->info.authors.count)
		return;
	feed_add_person(feed_arena(f), to, name, url);
}

void feed_add_tag(struct feed *f, struct str tag)
{
	struct strs *tags = &f->entry->tags;

	tag = feed_plain(f->mem, tag, TEXT_UNTYPED);
	if (!tag.len || tags->count == FEED_MAX_LIST)
		return;
	for (size_t i = 0; i < tags->count; i++)
		if (str_eq(tags->items[i], tag))
			return;
	tags->items = arena_grow(f->mem, tags->items, tags->count * sizeof(*tags->items),
				 (tags->count + 1) * sizeof(*tags->items));
	tags->items[tags->count++] = arena_str(f->mem, tag);
}

void feed_add_hub(struct feed *f, struct str url)
{
	struct strs *hubs = &f->info.hubs;

	if (!url.len || hubs->count == 16)
		return;
	for (size_t i = 0; i < hubs->count; i++)
		if (str_eq(hubs->items[i], url))
			return;
	hubs->items = arena_grow(&f->own, hubs->items, hubs->count * sizeof(*hubs->items),
				 (hubs->count + 1) * sizeof(*hubs->items));
	hubs->items[hubs->count++] = url;
}

void feed_add_attachment(struct feed *f, const struct attachment *att, bool media)
{
	struct attachment **items = media ? &f->draft.media : &f->entry->attachments.items;
	size_t *count = media ? &f->draft.media_count : &f->entry->attachments.count;

	if (!att->url.len || *count == FEED_MAX_LIST)
		return;
	for (size_t i = 0; i < *count; i++)
		if (str_eq((*items)[i].url, att->url))
			return;
	*items = arena_grow(f->mem, *items, *count * sizeof(**items),
			    (*count + 1) * sizeof(**items));
	(*items)[(*count)++] = *att;
}

/* A size or a duration; -1 for what is none. */
int64_t feed_amount(struct str s)
{
	int64_t n;

	return str_to_i64(str_trim(s), 0, (int64_t)1 << 53, &n) ? n : -1;
}

/* "3723", "62:03", "1:02:03". */
int64_t feed_duration(struct str s)
{
	int64_t total = 0, n;
	struct str piece;

	s = str_trim(s);
	if (!s.len || s.len > 20)
		return -1;
	while (str_split(&s, ':', &piece)) {
		size_t dot = str_find_ch(piece, '.');

		if (!str_to_i64(str_sub(piece, 0, dot == STR_NONE ? piece.len : dot), 0, 1000000,
				&n))
			return -1;
		total = total * 60 + n;
	}
	return total;
}

/* ---- persons ---- */

/* "a@b (Name)", "Name <a@b>", "Name (a@b)": the name; the address where there is no name. */
struct str feed_author_name(struct arena *a, struct str s)
{
	static const char pairs[2][2] = { { '(', ')' }, { '<', '>' } };

	s = str_trim(s);
	for (size_t i = 0; i < 2; i++) {
		size_t open = str_find_ch(s, pairs[i][0]), close = str_rfind_ch(s, pairs[i][1]);
		struct str before, inside;

		if (open == STR_NONE || close == STR_NONE || close < open)
			continue;
		before = str_trim(str_sub(s, 0, open));
		inside = str_trim(str_sub(s, open + 1, close));
		if (str_find_ch(before, '@') != STR_NONE && inside.len)
			return feed_plain(a, inside, TEXT_UNTYPED);
		if (str_find_ch(inside, '@') != STR_NONE && before.len)
			return feed_plain(a, before, TEXT_UNTYPED);
	}
	return feed_plain(a, s, TEXT_UNTYPED);
}

/* RSS's own element counts most, and the last of several; of Atom's links the first. */
void feed_set_home(struct feed *f, struct str url, int rank)
{
	if (!url.len || rank < f->feed_home_rank || (rank == f->feed_home_rank && rank < 7))
		return;
	f->info.home_page_url = url;
	f->feed_home_rank = rank;
}

struct str feed_from_base64(struct arena *a, struct str s)
{
	char *out = arena_alloc(a, s.len / 4 * 3 + 4);
	size_t n = 0;
	uint32_t bits = 0;
	int have = 0;

	for (size_t i = 0; i < s.len && s.ptr[i] != '='; i++) {
		char c = s.ptr[i];
		int v = c >= 'A' && c <= 'Z'   ? c - 'A'
			: c >= 'a' && c <= 'z' ? c - 'a' + 26
			: c >= '0' && c <= '9' ? c - '0' + 52
			: c == '+' || c == '-' ? 62
			: c == '/' || c == '_' ? 63
					       : -1;

		if (v < 0 && !ch_is_space(c))
			return s; /* not base64 at all: as it stands */
		if (v < 0)
			continue;
		bits = bits << 6 | (uint32_t)v;
		have += 6;
		if (have >= 8) {
			have -= 8;
			out[n++] = (char)(bits >> have & 0xFF);
		}
	}
	return utf8_clean(a, str_n(out, n));
}
