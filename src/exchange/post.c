/*
 * An article as a Jekyll file, in the shape the incumbents write (docs: "the post"), so that a site
 * made of such files goes on unchanged. Jekyll runs Liquid over the whole file and kramdown over
 * the body: what a publisher wrote may command neither.
 */
#include "exchange/private.h"

#include "text/date.h"
#include "text/utf8.h"

enum { NAME_MAX_BYTES = 200, TITLE_MAX_UNITS = 50 };

static int64_t date_of(const struct article *art)
{
	return art->published != TIME_UNSTATED ? art->published : art->first_seen;
}

/* 2023-01-23T10:04:06.000Z: three decimals, always. */
static void add_date(struct buf *out, int64_t ms)
{
	struct date_fields f;

	date_fields(ms, 0, &f);
	buf_addf(out, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", f.year, f.month, f.day, f.hour,
		 f.minute, f.second, f.ms);
}

/* "{{" and "{%" would be Liquid. */
static bool opens_liquid(struct str s, size_t i)
{
	return s.ptr[i] == '{' && i + 1 < s.len && (s.ptr[i + 1] == '{' || s.ptr[i + 1] == '%');
}

/* The body on one line: line ends are spaces, but for those that <pre> shows. */
static void add_body(struct buf *out, struct str html)
{
	int pre = 0;

	html = str_trim(html);
	for (size_t i = 0; i < html.len; i++) {
		struct str rest = str_from(html, i);

		if (str_has_prefix(rest, S("<pre")))
			pre++;
		else if (str_has_prefix(rest, S("</pre")) && pre > 0)
			pre--;
		if (html.ptr[i] == '\n')
			buf_add_cstr(out, pre ? "&#10;" : " ");
		else if (html.ptr[i] == '\r')
			continue;
		else if (opens_liquid(html, i))
			buf_add_cstr(out, "&#123;");
		else
			buf_add_ch(out, html.ptr[i]);
	}
}

/* Text of a Markdown link: its own characters are escaped. */
static void add_link_text(struct buf *out, struct str s)
{
	for (size_t pos = 0; pos < s.len;) {
		size_t at = pos;
		uint32_t c = utf8_next(s, &pos);

		if (c < ' ' || c == 0x7F || c == 0x85 || c == 0x2028 || c == 0x2029)
			buf_add_ch(out, ' ');
		else if (opens_liquid(s, at))
			buf_add_cstr(out, "&#123;");
		else if (c == '\\' || c == '[' || c == ']' || c == '*' || c == '_' || c == '`' ||
			 c == '<')
			buf_addf(out, "\\%c", (char)c);
		else
			buf_add_utf8(out, c);
	}
}

/* A space, a parenthesis or a brace would end the link, or be Liquid. */
static void add_link_url(struct buf *out, struct str url)
{
	for (size_t i = 0; i < url.len; i++) {
		unsigned char ch = (unsigned char)url.ptr[i];

		if (ch <= ' ' || ch == '(' || ch == ')' || ch == '<' || ch == '>' || ch == '{' ||
		    ch == '}' || ch == 0x7F)
			buf_addf(out, "%%%02X", ch);
		else
			buf_add_ch(out, (char)ch);
	}
}

static void add_list(struct buf *out, const char *key, const struct str *items, size_t count)
{
	buf_addf(out, "%s: [", key);
	for (size_t i = 0; i < count; i++) {
		buf_add_cstr(out, i ? ", " : " ");
		yaml_add(out, items[i]);
	}
	buf_add_cstr(out, count ? " ]\n" : "]\n");
}

static void add_author(struct buf *out, const struct article *art, struct str source_name)
{
	struct buf names;

	buf_init(&names, BUF_NO_MAX);
	for (size_t i = 0; i < art->authors.count; i++) {
		if (i > 0)
			buf_add_cstr(&names, ", ");
		buf_add(&names, art->authors.items[i].name);
	}
	buf_add_cstr(out, "author: ");
	yaml_add(out, names.len > 0 ? buf_str(&names) : source_name);
	buf_add_ch(out, '\n');
	buf_fini(&names);
}

void post_print(struct buf *out, const struct article *art, struct str source_name,
		struct str category)
{
	const int64_t date = date_of(art);
	struct str title = art->title.len > 0 ? art->title : art->url;

	buf_add_cstr(out, "---\nlayout: post\ntitle: ");
	yaml_add_quoted(out, title);
	buf_add_cstr(out, "\ndate: ");
	add_date(out, date);
	buf_add_ch(out, '\n');
	add_author(out, art, source_name);
	buf_add_cstr(out, "from: ");
	yaml_add(out, art->url);
	buf_add_ch(out, '\n');
	if (art->keywords.count > 0)
		add_list(out, "tags", art->keywords.items, art->keywords.count);
	else
		add_list(out, "tags", &source_name, 1);
	buf_add_cstr(out, "comments: True\n");
	add_list(out, "categories", category.len > 0 ? &category : &source_name, 1);
	buf_addf(out, "---\n<!--%lld-->\n[", (long long)date);
	add_link_text(out, title);
	buf_add_cstr(out, "](");
	add_link_url(out, art->url);
	buf_add_cstr(out, ")\n------\n\n<div>\n");
	add_body(out, art->html);
	buf_add_cstr(out, "\n</div>\n");
}

/* One character of a title in a file's name. What Windows refuses becomes "-", which Jekyll makes
 * of it anyway. */
static void add_name_char(struct buf *out, uint32_t c)
{
	static const char refused[] = "\\:*?\"<>|";

	if (c == '/') {
		buf_add_cstr(out, "--");
		return;
	}
	for (const char *p = refused; *p; p++)
		if (c == (unsigned char)*p)
			c = '-';
	if (c < ' ' || (c >= 0x7F && c < 0xA0) || c == UTF8_BAD)
		c = '-';
	/* Marks that turn text around, and spaces of no width, are no part of a name one can read
	 * or type. */
	if ((c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) ||
	    (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF)
		return;
	buf_add_utf8(out, c);
}

void post_name(struct buf *out, const struct article *art)
{
	/* Behind the date; room is left for "-99999" and ".md". */
	const size_t max = NAME_MAX_BYTES - 11 - 6 - 3;
	struct date_fields f;
	struct buf name;
	size_t units = 0;

	date_fields(date_of(art), 0, &f);
	buf_init(&name, BUF_NO_MAX);
	for (size_t pos = 0; pos < art->title.len && units < TITLE_MAX_UNITS;) {
		uint32_t c = utf8_next(art->title, &pos);

		units += c > 0xFFFF ? 2 : 1;
		add_name_char(&name, c);
	}
	struct str title = str_trim(utf8_cut(buf_str(&name), max));
	while (title.len > 0 &&
	       (title.ptr[title.len - 1] == '.' || title.ptr[title.len - 1] == ' '))
		title.len--;
	if (title.len == 0)
		title = art->key;
	buf_addf(out, "%04d-%02d-%02d-%.*s.md", f.year, f.month, f.day, STR_FMT(title));
	buf_fini(&name);
}
