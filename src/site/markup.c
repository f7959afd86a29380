/*
 * The last pass over an article's HTML. It is sanitized when it comes here (attributes quoted,
 * elements closed); what is left to do is ours alone: a page of the mirror asks no other host for
 * anything, so pictures are shown from our own files, and those that are not kept, and players,
 * become links to where they are.
 */
#include <string.h>

#include "site/private.h"
#include "text/escape.h"
#include "text/utf8.h"

enum media_kind {
	MEDIA_NONE,
	MEDIA_ANCHOR,
	MEDIA_PICTURE,
	MEDIA_VIDEO,
	MEDIA_AUDIO,
	MEDIA_FRAME,
	MEDIA_SOURCE,
	MEDIA_DROP,
	MEDIA_HEADING,
	MEDIA_TABLE
};

static const struct {
	struct str name;
	enum media_kind media;
} elements[] = {
	{ STR("a"), MEDIA_ANCHOR },     { STR("img"), MEDIA_PICTURE },
	{ STR("video"), MEDIA_VIDEO },  { STR("audio"), MEDIA_AUDIO },
	{ STR("iframe"), MEDIA_FRAME }, { STR("source"), MEDIA_SOURCE },
	{ STR("picture"), MEDIA_DROP }, { STR("track"), MEDIA_DROP },
	{ STR("embed"), MEDIA_FRAME },  { STR("object"), MEDIA_DROP },
	{ STR("param"), MEDIA_DROP },   { STR("link"), MEDIA_DROP },
	{ STR("meta"), MEDIA_DROP },    { STR("base"), MEDIA_DROP },
	{ STR("script"), MEDIA_DROP },  { STR("style"), MEDIA_DROP },
	{ STR("table"), MEDIA_TABLE },
};

struct tag {
	enum media_kind media;
	bool end;
	int level; /* of a heading */
	struct str src, alt, title, srcset;
};

static enum media_kind media_of(struct str name)
{
	if (name.len > 7)
		return MEDIA_NONE;
	for (size_t i = 0; i < sizeof(elements) / sizeof(elements[0]); i++)
		if (str_eq_nocase(name, elements[i].name))
			return elements[i].media;
	return MEDIA_NONE;
}

/* One attribute at *pos of a tag's inside; false at its end. */
static bool next_attribute(struct str s, size_t *pos, struct str *name, struct str *value)
{
	while (*pos < s.len && (ch_is_space(s.ptr[*pos]) || s.ptr[*pos] == '/'))
		++*pos;
	if (*pos >= s.len || s.ptr[*pos] == '>')
		return false;
	size_t from = *pos;
	while (*pos < s.len && !ch_is_space(s.ptr[*pos]) && s.ptr[*pos] != '=' &&
	       s.ptr[*pos] != '>' && (s.ptr[*pos] != '/' || *pos == from))
		++*pos;
	*name = str_sub(s, from, *pos);
	*value = S("");
	if (*pos >= s.len || s.ptr[*pos] != '=')
		return true;
	char quote = ++*pos < s.len ? s.ptr[*pos] : '\0';
	bool quoted = quote == '"' || quote == '\'';
	from = *pos += quoted;
	while (*pos < s.len &&
	       (quoted ? s.ptr[*pos] != quote : !ch_is_space(s.ptr[*pos]) && s.ptr[*pos] != '>'))
		++*pos;
	*value = str_sub(s, from, *pos);
	*pos += quoted && *pos < s.len;
	return true;
}

/* Reads the tag that begins at s[at] == '<'; the offset behind it. */
static size_t read_tag(struct str s, size_t at, struct tag *tag)
{
	size_t pos = at + 1, from;
	struct str name, value;

	*tag = (struct tag){ 0 };
	tag->end = pos < s.len && s.ptr[pos] == '/';
	pos += tag->end;
	from = pos;
	while (pos < s.len && ch_is_alnum(s.ptr[pos]))
		pos++;
	tag->media = media_of(str_sub(s, from, pos));
	if (pos == from + 2 && ch_lower(s.ptr[from]) == 'h' && s.ptr[from + 1] >= '1' &&
	    s.ptr[from + 1] <= '6') {
		tag->media = MEDIA_HEADING;
		tag->level = s.ptr[from + 1] - '0';
	}
	while (next_attribute(s, &pos, &name, &value)) {
		if (str_eq_nocase(name, S("src")))
			tag->src = value;
		else if (str_eq_nocase(name, S("alt")))
			tag->alt = value;
		else if (str_eq_nocase(name, S("title")))
			tag->title = value;
		else if (str_eq_nocase(name, S("srcset")))
			tag->srcset = value;
	}
	return pos < s.len ? pos + 1 : s.len;
}

/* What the browser would fetch from another host. */
static bool is_outside(struct str src)
{
	return !str_has_prefix_nocase(src, S("data:image/")) &&
	       (str_find_ch(src, ':') != STR_NONE || str_has_prefix(src, S("//")) ||
		str_has_prefix(src, S("\\")) || str_has_prefix(src, S("/\\")));
}

/* An attribute's value as element text and as another attribute: "<" and quotes are escaped, "&"
 * already is. */
static void add_value(struct buf *out, struct str value)
{
	size_t from = 0;

	for (size_t i = 0; i < value.len; i++) {
		char ch = value.ptr[i];

		if (ch != '<' && ch != '>' && ch != '"')
			continue;
		buf_add(out, str_sub(value, from, i));
		buf_add(out, ch == '<' ? S("&lt;") : ch == '>' ? S("&gt;") : S("&quot;"));
		from = i + 1;
	}
	buf_add(out, str_from(value, from));
}

static void add_link(struct buf *out, const struct tag *tag, const struct site *s, bool in_anchor)
{
	static const char *const keys[] = {
		[MEDIA_PICTURE] = "picture",
		[MEDIA_VIDEO] = "video",
		[MEDIA_AUDIO] = "audio",
		[MEDIA_FRAME] = "embedded",
	};
	struct str src = str_trim(tag->src), alt = str_trim(tag->alt.len ? tag->alt : tag->title);
	bool link = !in_anchor && (str_has_prefix_nocase(src, S("https:")) ||
				   str_has_prefix_nocase(src, S("http:")));

	if (link) {
		buf_add(out, S("<a class=\"media\" rel=\"noopener noreferrer nofollow\" href=\""));
		add_value(out, src);
		buf_add(out, S("\">"));
	} else {
		buf_add(out, S("<span class=\"media\">"));
	}
	buf_add(out, S("<span class=\"kind\">"));
	buf_add_html(out, word(s, keys[tag->media]));
	buf_add(out, S("</span> "));
	add_value(out, alt);
	buf_add_cstr(out, link ? "</a>" : "</span>");
}

static bool stays(const struct tag *tag)
{
	if (tag->media == MEDIA_PICTURE)
		return !is_outside(tag->src) && !tag->srcset.len;
	return tag->media == MEDIA_NONE || tag->media == MEDIA_ANCHOR ||
	       tag->media == MEDIA_HEADING || tag->media == MEDIA_TABLE;
}

/*
 * The page's own title is its only h1, and no level is skipped below it: readers who hear a page go
 * from heading to heading. *level is that of the heading before.
 */
static size_t put_heading(struct buf *out, struct str html, size_t kept, size_t at,
			  const struct tag *tag, int *level)
{
	if (!tag->end) {
		int most = *level + 1 < 6 ? *level + 1 : 6;

		*level = tag->level < 2 ? 2 : tag->level > most ? most : tag->level;
	}
	if (tag->level == *level)
		return kept;
	buf_add(out, str_sub(html, kept, at));
	buf_add(out, tag->end ? S("</h") : S("<h"));
	buf_add_ch(out, (char)('0' + *level));
	return at + (tag->end ? 4 : 3);
}

/* Puts a link, or nothing, where the tag was. */
static void replace(struct buf *out, struct tag *tag, const struct site *s, bool in_anchor,
		    enum media_kind *player)
{
	switch (tag->media) {
	case MEDIA_PICTURE: add_link(out, tag, s, in_anchor); break;
	case MEDIA_VIDEO:
	case MEDIA_AUDIO:
	case MEDIA_FRAME:
		*player = MEDIA_NONE;
		if (!tag->end && tag->src.len)
			add_link(out, tag, s, in_anchor);
		else if (!tag->end)
			*player = tag->media; /* the first <source> says where it is */
		break;
	case MEDIA_SOURCE:
		tag->media = *player;
		*player = MEDIA_NONE;
		if (tag->media != MEDIA_NONE && tag->src.len)
			add_link(out, tag, s, in_anchor);
		break;
	case MEDIA_NONE:
	case MEDIA_ANCHOR:
	case MEDIA_DROP:
	case MEDIA_HEADING:
	case MEDIA_TABLE: break;
	}
}

/* Shows a picture that is kept. */
static bool show_picture(struct site *s, struct arena *a, const struct tag *tag,
			 const struct page_head *head, struct buf *out)
{
	struct picture_shown p;

	if (tag->media != MEDIA_PICTURE || tag->end ||
	    !picture_find(s, a, html_unescape(a, str_trim(tag->src)), &p))
		return false;
	struct buf alt;
	buf_init(&alt, PAGE_MAX_OUT);
	add_value(&alt, tag->alt);
	picture_add(s, a, out, &p, head, buf_str(&alt));
	buf_fini(&alt);
	return true;
}

/* Most tags are <p> and </p>: what begins like none of the elements is passed over. */
static bool may_begin_element(char first)
{
	static const bool begins[26] = {
		['a' - 'a'] = true, ['h' - 'a'] = true, ['i' - 'a'] = true, ['v' - 'a'] = true,
		['s' - 'a'] = true, ['p' - 'a'] = true, ['t' - 'a'] = true, ['e' - 'a'] = true,
		['o' - 'a'] = true, ['l' - 'a'] = true, ['m' - 'a'] = true, ['b' - 'a'] = true,
	};

	return begins[ch_lower(first) - 'a'];
}

/* Adds what changes, with what is before it; where the rest begins. */
static size_t link_media(struct site *s, struct arena *a, struct str html,
			 const struct page_head *head, struct buf *out)
{
	enum media_kind player = MEDIA_NONE;
	bool in_anchor = false;
	int level = 1;
	size_t kept = 0, at = 0;

	while (at < html.len) {
		const char *lt = memchr(html.ptr + at, '<', html.len - at);
		struct tag tag;

		if (!lt)
			break;
		at = (size_t)(lt - html.ptr);
		char next = at + 1 < html.len ? html.ptr[at + 1] : '\0';
		if (next == '/')
			next = at + 2 < html.len ? html.ptr[at + 2] : '\0';
		/* A sign that begins no tag must not come to stand before what would make it one.
		 */
		if (!ch_is_alpha(next)) {
			buf_add(out, str_sub(html, kept, at));
			buf_add(out, S("&lt;"));
			kept = ++at;
			continue;
		}
		if (!may_begin_element(next) ||
		    (next == 'p' && html.len - at > 3 && (lt[2] == '>' || lt[3] == '>'))) {
			at++;
			continue;
		}
		size_t end = read_tag(html, at, &tag);
		if (!stays(&tag)) {
			buf_add(out, str_sub(html, kept, at));
			if (!show_picture(s, a, &tag, head, out))
				replace(out, &tag, s, in_anchor, &player);
			kept = end;
		} else if (tag.media == MEDIA_ANCHOR) {
			in_anchor = !tag.end;
		} else if (tag.media == MEDIA_HEADING) {
			kept = put_heading(out, html, kept, at, &tag, &level);
		} else if (tag.media == MEDIA_TABLE && !tag.end && head) {
			/* A wide one scrolls by itself, and must by keyboard too. */
			buf_add(out, str_sub(html, kept, at));
			buf_add(out, S("<table tabindex=\"0\""));
			kept = at + sizeof("<table") - 1;
		}
		at = end;
	}
	return kept;
}

void media_to_links(struct site *s, struct arena *a, struct str html, const struct page_head *head,
		    struct buf *out)
{
	size_t rest = link_media(s, a, html, head, out);

	buf_add(out, str_from(html, rest));
}

struct str media_linked(struct site *s, struct arena *a, struct str html,
			const struct page_head *head, struct buf *out)
{
	size_t rest = link_media(s, a, html, head, out);

	if (!rest && !out->len)
		return html;
	buf_add(out, str_from(html, rest));
	return buf_str(out);
}

enum { EXCERPT_READS = 4096 }; /* bytes */
_Static_assert(EXCERPT_READS + 4 < TEXT_LOOKED_AT, "an excerpt must know that more follows");

/* An address inside text says nothing in two lines of it. */
static size_t skip_address(struct str text, size_t at)
{
	static const char in_address[] = "-._~:/?#[]@!$&'()*+,;=%";
	struct str rest = str_from(text, at);
	size_t len = 0;

	if (!str_has_prefix(rest, S("https://")) && !str_has_prefix(rest, S("http://")))
		return 0;
	while (len < rest.len && rest.ptr[len] &&
	       (ch_is_alnum(rest.ptr[len]) || strchr(in_address, rest.ptr[len])))
		len++;
	return len;
}

/* The character at *pos; nearly all are ASCII, or Han and kana of three bytes. */
static uint32_t next_char(struct str text, size_t *pos)
{
	const unsigned char *p = (const unsigned char *)text.ptr + *pos;

	if (p[0] < 0x80) {
		++*pos;
		return p[0];
	}
	if (p[0] >= 0xE3 && p[0] <= 0xE9 && text.len - *pos >= 3 && (p[1] & 0xC0) == 0x80 &&
	    (p[2] & 0xC0) == 0x80) {
		*pos += 3;
		return (p[0] & 15u) << 12 | (p[1] & 63u) << 6 | (p[2] & 63u);
	}
	return utf8_next(text, pos);
}

/* Whether the character at `pos` is one of U+4E00 to U+9FFF. */
static bool is_han_at(struct str text, size_t pos)
{
	const unsigned char *p = (const unsigned char *)text.ptr + pos;

	return text.len - pos >= 3 && p[0] >= 0xE4 && p[0] <= 0xE9 &&
	       (p[0] > 0xE4 || p[1] >= 0xB8) && (p[1] & 0xC0) == 0x80 && (p[2] & 0xC0) == 0x80;
}

static uint32_t han_at(struct str text, size_t pos)
{
	const unsigned char *p = (const unsigned char *)text.ptr + pos;

	return (p[0] & 15u) << 12 | (p[1] & 63u) << 6 | (p[2] & 63u);
}

static bool is_blank(uint32_t c)
{
	return c <= 0x20 || c == 0x3000 || c == 0xA0 || c == 0x200B || c == 0xFEFF;
}

struct str excerpt(struct arena *a, struct str text, int columns)
{
	size_t pos = 0, len = 0, space = 0;
	size_t max = text.len < EXCERPT_READS ? text.len : EXCERPT_READS;
	/* A character has a column at the least, and four bytes at the most. */
	size_t room = 4 * ((size_t)columns + 2);
	char *out = arena_alloc(a, (room < max ? room : max) + 8);
	bool cut = false;
	uint32_t before = ' ';
	int same = 0;

	while (pos < max) {
		/* A run of Han: as below, where nothing is a blank, or four times the same. */
		while (columns >= 2 && is_han_at(text, pos) && pos + 3 <= max) {
			uint32_t c = han_at(text, pos);

			if (c == before)
				break;
			same = 0;
			before = c;
			columns -= 2;
			memcpy(out + len, text.ptr + pos, 3);
			space = len += 3;
			pos += 3;
		}
		if (pos == max)
			break;
		size_t from = pos, skip = text.ptr[pos] == 'h' ? skip_address(text, pos) : 0;
		uint32_t c = ' ';

		if (skip)
			pos += skip;
		else
			c = next_char(text, &pos);
		if (pos > max)
			break;
		same = c == before ? same + 1 : 0;
		before = is_blank(c) ? ' ' : c;
		if (is_blank(c)) {
			if (len == 0 || out[len - 1] == ' ')
				continue;
			space = len;
			out[len++] = ' ';
			columns--;
			continue;
		}
		if (same > 3) /* a rule drawn with characters */
			continue;
		columns -= c >= 0x1100 ? 2 : 1;
		if (columns < 0) {
			cut = true;
			break;
		}
		memcpy(out + len, text.ptr + from, pos - from);
		len += pos - from;
		if (c >= 0x1100)
			space = len; /* a line of Han may end anywhere */
	}
	cut = cut || pos < text.len;
	if (cut && space && len - space < 40)
		len = space;
	while (len > 0 && out[len - 1] == ' ')
		len--;
	if (cut && len) {
		memcpy(out + len, "\xE2\x80\xA6", 3);
		len += 3;
	}
	return str_n(out, len);
}

struct str language_tag(struct arena *a, struct str language)
{
	size_t len = 0;

	if (language.len > 35)
		return S("");
	for (size_t i = 0; i < language.len; i++)
		len += ch_is_alnum(language.ptr[i]) || language.ptr[i] == '-' ||
		       language.ptr[i] == '_';
	if (len != language.len)
		return S("");
	if (str_find_ch(language, '_') == STR_NONE)
		return language;
	char *out = arena_cstr(a, language);
	for (size_t i = 0; i < len; i++)
		if (out[i] == '_')
			out[i] = '-';
	return str_n(out, len);
}
