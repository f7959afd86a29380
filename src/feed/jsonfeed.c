/*
 * JSON Feed, read as it streams by: the top object's members one after the other, an item at a
 * time. A value of the wrong type is no value; what is cut off keeps its whole items. Nothing
 * recurses: what is skipped is counted.
 */
#include <string.h>

#include "feed/private.h"
#include "text/utf8.h"

/* ---- values ---- */

static size_t skip_space(struct str s, size_t at)
{
	while (at < s.len &&
	       (s.ptr[at] == ' ' || s.ptr[at] == '\n' || s.ptr[at] == '\r' || s.ptr[at] == '\t'))
		at++;
	return at;
}

static char peek(struct feed *f)
{
	f->pos = skip_space(f->root, f->pos);
	return f->pos < f->root.len ? f->root.ptr[f->pos] : '\0';
}

static bool take(struct feed *f, char ch)
{
	if (peek(f) != ch)
		return false;
	f->pos++;
	return true;
}

/* Behind the string that begins at `at`. */
static size_t string_end(struct str s, size_t at)
{
	for (at++; at < s.len; at++) {
		if (s.ptr[at] == '\\')
			at++;
		else if (s.ptr[at] == '"')
			return at + 1;
	}
	return s.len;
}

/* Over one value, however deep. */
static void skip_value(struct feed *f)
{
	size_t depth = 0;

	do {
		char ch = peek(f);

		if (f->pos >= f->root.len)
			return;
		if (ch == '"') {
			f->pos = string_end(f->root, f->pos);
		} else if (ch == '{' || ch == '[') {
			depth++;
			f->pos++;
		} else if (ch == '}' || ch == ']') {
			if (depth == 0)
				return;
			depth--;
			f->pos++;
		} else if (ch == ',' || ch == ':') {
			if (depth == 0)
				return;
			f->pos++;
		} else {
			while (f->pos < f->root.len &&
			       !strchr(",:]}[{\" \n\r\t", f->root.ptr[f->pos]))
				f->pos++;
			if (f->pos < f->root.len && f->root.ptr[f->pos] == '\0')
				f->pos++;
		}
	} while (depth);
}

static uint32_t hex4(struct str s, size_t at)
{
	uint32_t v = 0;

	if (at + 4 > s.len)
		return UTF8_BAD;
	for (size_t i = 0; i < 4; i++) {
		char c = ch_lower(s.ptr[at + i]);

		if (!ch_is_digit(c) && !(c >= 'a' && c <= 'f'))
			return UTF8_BAD;
		v = v << 4 | (uint32_t)(ch_is_digit(c) ? c - '0' : c - 'a' + 10);
	}
	return v;
}

static struct str unescape(struct arena *a, struct str s)
{
	char *out, *p;

	if (str_find_ch(s, '\\') == STR_NONE)
		return arena_str(a, s);
	out = p = arena_alloc(a, s.len + 1);
	for (size_t i = 0; i < s.len; i++) {
		static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
		const char *known;
		uint32_t c, low;

		if (s.ptr[i] != '\\' || i + 1 == s.len) {
			*p++ = s.ptr[i];
			continue;
		}
		i++;
		if (s.ptr[i] != 'u') {
			known = s.ptr[i] ? strchr(from, s.ptr[i]) : NULL;
			*p++ = known ? to[known - from] : s.ptr[i];
			continue;
		}
		c = hex4(s, i + 1);
		i += c == UTF8_BAD && (i + 4 >= s.len || hex4(s, i + 1) == UTF8_BAD) ? 0 : 4;
		if (c >= 0xD800 && c < 0xDC00 && i + 6 < s.len && s.ptr[i + 1] == '\\' &&
		    s.ptr[i + 2] == 'u') {
			low = hex4(s, i + 3);
			if (low >= 0xDC00 && low < 0xE000) {
				c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
				i += 6;
			}
		}
		p += utf8_put(c, p); /* 6 bytes give 3, 12 give 4: always room */
	}
	return str_n(out, (size_t)(p - out));
}

/* A string, in a; empty for a value of another type, which is passed over. */
static struct str text_value(struct feed *f, struct arena *a)
{
	size_t from, end;

	if (peek(f) != '"') {
		skip_value(f);
		return S("");
	}
	from = f->pos;
	end = string_end(f->root, from);
	f->pos = end;
	if (end - from < 2 || f->root.ptr[end - 1] != '"')
		return S("");
	return unescape(a, str_sub(f->root, from + 1, end - 1));
}

/* A string, or a number as it is written: ids come as both. */
static struct str id_value(struct feed *f, struct arena *a)
{
	char ch = peek(f);
	size_t from = f->pos;

	if (ch != '-' && !ch_is_digit(ch))
		return text_value(f, a);
	skip_value(f);
	return arena_str(a, str_sub(f->root, from, f->pos));
}

static int64_t amount_value(struct feed *f)
{
	size_t from;
	struct str s;
	int64_t n;

	peek(f);
	from = f->pos;
	skip_value(f);
	s = str_sub(f->root, from, f->pos);
	if (s.len > 1 && s.ptr[0] == '"')
		s = str_sub(s, 1, s.len - 1);
	if (str_find_ch(s, '.') != STR_NONE)
		s = str_sub(s, 0, str_find_ch(s, '.'));
	return str_to_i64(s, 0, (int64_t)1 << 53, &n) ? n : -1;
}

/*
 * Next member of the object being read: true, and its key. False at its end. A key is short; one
 * with escapes is none of ours.
 */
static bool next_key(struct feed *f, struct str *key)
{
	while (peek(f) == ',')
		f->pos++;
	if (take(f, '}') || f->pos >= f->root.len)
		return false;
	if (peek(f) != '"') {
		f->info.malformed = true;
		f->pos = f->root.len;
		return false;
	}
	size_t from = f->pos, end = string_end(f->root, from);
	*key = str_sub(f->root, from + 1, end - 1);
	f->pos = end;
	if (!take(f, ':')) {
		f->info.malformed = true;
		f->pos = f->root.len;
		return false;
	}
	return true;
}

/* Next element of the array being read; false at its end. */
static bool next_element(struct feed *f)
{
	for (char ch; (ch = peek(f)) == ',' || ch == ':' || ch == '}'; f->pos++)
		f->info.malformed = f->info.malformed || ch != ',';
	return !take(f, ']') && f->pos < f->root.len;
}

/* ---- fields ---- */

static void read_author(struct feed *f)
{
	struct arena *a = feed_arena(f);
	struct str key, name = S(""), url = S("");

	if (peek(f) == '"') { /* "author": "Name" */
		feed_add_author(f, text_value(f, a), S(""), 5);
		return;
	}
	if (!take(f, '{')) {
		skip_value(f);
		return;
	}
	while (next_key(f, &key)) {
		if (str_eq(key, S("name")))
			name = str_trim(text_value(f, a));
		else if (str_eq(key, S("url")))
			url = feed_url(a, f->base, text_value(f, a));
		else
			skip_value(f);
	}
	feed_add_author(f, name, url, 5);
}

static void read_authors(struct feed *f)
{
	if (!take(f, '[')) {
		read_author(f);
		return;
	}
	while (next_element(f))
		read_author(f);
}

static void read_hubs(struct feed *f)
{
	struct str key;

	if (!take(f, '[')) {
		skip_value(f);
		return;
	}
	while (next_element(f)) {
		if (!take(f, '{')) {
			skip_value(f);
			continue;
		}
		while (next_key(f, &key)) {
			if (str_eq(key, S("url")))
				feed_add_hub(f, feed_url(&f->own, f->base, text_value(f, &f->own)));
			else
				skip_value(f);
		}
	}
}

static void read_tags(struct feed *f)
{
	if (!take(f, '[')) {
		feed_add_tag(f, text_value(f, f->mem));
		return;
	}
	while (next_element(f))
		feed_add_tag(f, id_value(f, f->mem));
}

static void read_attachments(struct feed *f)
{
	struct str key;

	if (!take(f, '[')) {
		skip_value(f);
		return;
	}
	while (next_element(f)) {
		struct attachment att = { .size_bytes = -1, .duration_seconds = -1 };

		if (!take(f, '{')) {
			skip_value(f);
			continue;
		}
		while (next_key(f, &key)) {
			if (str_eq(key, S("url")))
				att.url = feed_url(f->mem, f->base, text_value(f, f->mem));
			else if (str_eq(key, S("mime_type")))
				att.mime_type = text_value(f, f->mem);
			else if (str_eq(key, S("title")))
				att.title = text_value(f, f->mem);
			else if (str_eq(key, S("size_in_bytes")))
				att.size_bytes = amount_value(f);
			else if (str_eq(key, S("duration_in_seconds")))
				att.duration_seconds = amount_value(f);
			else
				skip_value(f);
		}
		feed_add_attachment(f, &att, false);
	}
}

enum member {
	MEMBER_ID,
	MEMBER_URL,
	MEMBER_EXTERNAL_URL,
	MEMBER_TITLE,
	MEMBER_CONTENT_HTML,
	MEMBER_CONTENT_TEXT,
	MEMBER_SUMMARY,
	MEMBER_IMAGE,
	MEMBER_BANNER,
	MEMBER_PUBLISHED,
	MEMBER_MODIFIED,
	MEMBER_AUTHORS,
	MEMBER_TAGS,
	MEMBER_LANGUAGE,
	MEMBER_ATTACHMENTS,
	MEMBER_DESCRIPTION,
	MEMBER_HOME,
	MEMBER_FEED,
	MEMBER_NEXT,
	MEMBER_ICON,
	MEMBER_FAVICON,
	MEMBER_HUBS,
	MEMBER_VERSION,
	MEMBER_ITEMS
};

static const struct {
	struct str key;
	enum member member;
} members[] = {
	{ STR("id"), MEMBER_ID },
	{ STR("url"), MEMBER_URL },
	{ STR("external_url"), MEMBER_EXTERNAL_URL },
	{ STR("title"), MEMBER_TITLE },
	{ STR("content_html"), MEMBER_CONTENT_HTML },
	{ STR("content_text"), MEMBER_CONTENT_TEXT },
	{ STR("summary"), MEMBER_SUMMARY },
	{ STR("image"), MEMBER_IMAGE },
	{ STR("banner_image"), MEMBER_BANNER },
	{ STR("date_published"), MEMBER_PUBLISHED },
	{ STR("date_modified"), MEMBER_MODIFIED },
	{ STR("author"), MEMBER_AUTHORS },
	{ STR("authors"), MEMBER_AUTHORS },
	{ STR("tags"), MEMBER_TAGS },
	{ STR("language"), MEMBER_LANGUAGE },
	{ STR("attachments"), MEMBER_ATTACHMENTS },
	{ STR("description"), MEMBER_DESCRIPTION },
	{ STR("home_page_url"), MEMBER_HOME },
	{ STR("feed_url"), MEMBER_FEED },
	{ STR("next_url"), MEMBER_NEXT },
	{ STR("icon"), MEMBER_ICON },
	{ STR("favicon"), MEMBER_FAVICON },
	{ STR("hubs"), MEMBER_HUBS },
	{ STR("version"), MEMBER_VERSION },
	{ STR("items"), MEMBER_ITEMS },
};

static int member_of(struct str key)
{
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		if (str_eq(members[i].key, key))
			return (int)members[i].member;
	return -1;
}

static void read_member_of_item(struct feed *f, int member)
{
	struct entry *e = f->entry;
	struct arena *a = f->mem;
	int offset;

	switch (member) {
	case MEMBER_ID: f->draft.guid = str_trim(id_value(f, a)); break;
	case MEMBER_URL: e->link = feed_url(a, f->base, text_value(f, a)); break;
	case MEMBER_EXTERNAL_URL: e->external_url = feed_url(a, f->base, text_value(f, a)); break;
	case MEMBER_TITLE: e->title = utf8_squeeze(a, text_value(f, a)); break;
	case MEMBER_CONTENT_HTML:
		f->draft.content = text_value(f, a);
		f->draft.content_type = TEXT_HTML;
		break;
	case MEMBER_CONTENT_TEXT: f->draft.description = text_value(f, a); break;
	case MEMBER_SUMMARY: e->summary = text_value(f, a); break;
	case MEMBER_IMAGE: e->image = feed_url(a, f->base, text_value(f, a)); break;
	case MEMBER_BANNER: {
		struct str url = feed_url(a, f->base, text_value(f, a));

		if (!e->image.len)
			e->image = url;
		break;
	}
	case MEMBER_PUBLISHED:
		feed_date(f, text_value(f, a), &e->published, &e->published_offset_min);
		break;
	case MEMBER_MODIFIED: feed_date(f, text_value(f, a), &e->modified, &offset); break;
	case MEMBER_AUTHORS: read_authors(f); break;
	case MEMBER_TAGS: read_tags(f); break;
	case MEMBER_LANGUAGE: e->language = text_value(f, a); break;
	case MEMBER_ATTACHMENTS: read_attachments(f); break;
	default: skip_value(f);
	}
}

/* The object at hand as an entry; false where it is no object, or is cut off. */
static bool read_item(struct feed *f)
{
	struct str key;

	if (!take(f, '{')) {
		f->info.malformed = true;
		skip_value(f);
		return false;
	}
	f->entry = arena_alloc(f->mem, sizeof(*f->entry));
	f->entry->published = f->entry->modified = TIME_UNSTATED;
	f->draft = (struct feed_draft){ .duration = -1 };
	while (next_key(f, &key))
		read_member_of_item(f, member_of(key));
	if (f->pos >= f->root.len && f->root.ptr[f->root.len - 1] != '}') {
		f->info.malformed = true;
		f->entry = NULL;
		return false;
	}
	struct entry *e = f->entry;
	struct str language = e->language, summary = e->summary, plain = f->draft.description;
	f->draft.description = S("");
	f->draft.base = e->link.len ? e->link : f->base;
	feed_finish_entry(f);
	e->language = language;
	e->summary = summary;
	e->summary_is_text = true;
	e->content_text = plain;
	if (!e->content_html.len && !plain.len && summary.len) {
		e->content_text = summary;
		e->summary = S("");
	}
	return true;
}

static void read_member_of_feed(struct feed *f, int member)
{
	struct feed_info *info = &f->info;
	struct arena *a = &f->own;
	struct str url;

	switch (member) {
	case MEMBER_VERSION: {
		struct str version = text_value(f, a);

		info->format =
			str_has_suffix(version, S("/1")) || str_has_suffix(version, S("/1.0"))
				? "json1.0"
				: "json1.1";
		break;
	}
	case MEMBER_TITLE: info->title = utf8_squeeze(a, text_value(f, a)); break;
	case MEMBER_DESCRIPTION: info->description = utf8_squeeze(a, text_value(f, a)); break;
	case MEMBER_HOME: info->home_page_url = feed_url(a, f->base, text_value(f, a)); break;
	case MEMBER_FEED: info->feed_url = feed_url(a, f->base, text_value(f, a)); break;
	case MEMBER_NEXT: info->next_url = feed_url(a, f->base, text_value(f, a)); break;
	case MEMBER_ICON:
		url = feed_url(a, f->base, text_value(f, a));
		if (url.len)
			info->icon = url;
		break;
	case MEMBER_FAVICON:
		url = feed_url(a, f->base, text_value(f, a));
		if (!info->icon.len)
			info->icon = url;
		break;
	case MEMBER_AUTHORS: read_authors(f); break;
	case MEMBER_LANGUAGE: info->language = text_value(f, a); break;
	case MEMBER_HUBS: read_hubs(f); break;
	default: skip_value(f);
	}
}

/* ---- the reader ---- */

bool feed_json_open(struct feed *f)
{
	bool is_feed = false;
	struct str key;

	if (!take(f, '{'))
		return false;
	f->info.format = "json1.1";
	while (!is_feed && next_key(f, &key)) {
		int member = member_of(key);
		size_t from;

		peek(f);
		from = f->pos;
		is_feed = member == MEMBER_ITEMS ? peek(f) == '[' : false;
		if (member == MEMBER_VERSION)
			is_feed = str_contains(text_value(f, &f->own), S("jsonfeed.org/version/"));
		else if (!is_feed)
			skip_value(f);
		if (is_feed && member == MEMBER_VERSION)
			f->pos = from;
	}
	f->pos = 1;
	f->info.malformed = false;
	return is_feed;
}

int feed_json_next(struct feed *f)
{
	struct str key;

	for (;;) {
		if (f->json_in_items) {
			while (next_element(f))
				if (read_item(f))
					return 1;
			f->json_in_items = false;
		}
		if (f->json_end || !next_key(f, &key)) {
			f->json_end = true;
			if (f->root.len && str_trim(f->root).ptr[str_trim(f->root).len - 1] != '}')
				f->info.malformed = true;
			return 0;
		}
		int member = member_of(key);
		if (member == MEMBER_ITEMS && take(f, '['))
			f->json_in_items = true;
		else
			read_member_of_feed(f, member);
	}
}
