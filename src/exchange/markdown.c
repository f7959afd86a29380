/*
 * Markdown as far as articles use it: paragraphs, headings, lists, quotations, rules, fenced code;
 * emphasis, code, links, images, line breaks. Markup passes as it is: what comes out goes through
 * page and sanitize like any HTML. Reference links, tables and footnotes stay as they were written:
 * the original is kept, and can be read again.
 */
#include "exchange/private.h"

#include "text/escape.h"

enum { MAX_SPAN_DEPTH = 8 };

static bool is_blank(struct str line)
{
	return str_trim(line).len == 0;
}

/* --- inside a line --- */

static void add_spans(struct buf *out, struct str s, int depth);

/* "](address "title")" behind a link's text at s.ptr[0]: bytes read, 0 where it is none. */
static size_t read_target(struct str s, struct str *url)
{
	if (!str_has_prefix(s, S("](")))
		return 0;
	size_t depth = 1, i = 2;
	for (; i < s.len && depth > 0; i++)
		depth = s.ptr[i] == '(' ? depth + 1 : s.ptr[i] == ')' ? depth - 1 : depth;
	if (depth > 0)
		return 0;
	*url = str_trim(str_sub(s, 2, i - 1));
	size_t space = str_find_ch(*url, ' ');
	*url = str_sub(*url, 0, space);
	if (str_has_prefix(*url, S("<")) && str_has_suffix(*url, S(">")))
		*url = str_sub(*url, 1, url->len - 1);
	return i;
}

/* A link or image at s.ptr[0]; bytes read, or 0. */
static size_t add_link(struct buf *out, struct str s, int depth)
{
	bool image = s.ptr[0] == '!';
	size_t from = image ? 2 : 1, i = from, brackets = 1;
	struct str url, text;

	if (image && (s.len < 2 || s.ptr[1] != '['))
		return 0;
	for (; i < s.len && s.ptr[i] != '\n'; i++) {
		brackets = s.ptr[i] == '['   ? brackets + 1
			   : s.ptr[i] == ']' ? brackets - 1
					     : brackets;
		if (brackets == 0)
			break;
	}
	if (brackets > 0)
		return 0;
	size_t target = read_target(str_from(s, i), &url);
	if (target == 0)
		return 0;
	text = str_sub(s, from, i);
	buf_add_cstr(out, image ? "<img src=\"" : "<a href=\"");
	buf_add_html(out, url);
	buf_add_cstr(out, image ? "\" alt=\"" : "\">");
	if (image) {
		buf_add_html(out, text);
		buf_add_cstr(out, "\">");
	} else {
		add_spans(out, text, depth + 1);
		buf_add_cstr(out, "</a>");
	}
	return i + target;
}

/* Text between two equal marks ("**", "_", "`") at s.ptr[0]; bytes read, or 0. */
static size_t add_marked(struct buf *out, struct str s, int depth)
{
	static const struct {
		struct str mark;
		const char *element;
	} marks[] = {
		{ STR("**"), "strong" }, { STR("__"), "strong" }, { STR("~~"), "del" },
		{ STR("`"), "code" },    { STR("*"), "em" },      { STR("_"), "em" },
	};

	for (size_t m = 0; m < sizeof(marks) / sizeof(marks[0]); m++) {
		struct str mark = marks[m].mark;
		struct str inside = str_from(s, mark.len);
		size_t end = str_has_prefix(s, mark) ? str_find(inside, mark) : STR_NONE;

		if (end == STR_NONE || end == 0 || ch_is_space(inside.ptr[0]) ||
		    ch_is_space(inside.ptr[end - 1]))
			continue;
		buf_addf(out, "<%s>", marks[m].element);
		if (mark.ptr[0] == '`')
			buf_add_html(out, str_sub(inside, 0, end));
		else
			add_spans(out, str_sub(inside, 0, end), depth + 1);
		buf_addf(out, "</%s>", marks[m].element);
		return mark.len * 2 + end;
	}
	return 0;
}

/* "<https://...>" */
static size_t add_autolink(struct buf *out, struct str s)
{
	size_t end = str_find_ch(s, '>');
	struct str url = str_sub(s, 1, end);

	if (end == STR_NONE ||
	    !(str_has_prefix(url, S("http://")) || str_has_prefix(url, S("https://"))))
		return 0;
	buf_add_cstr(out, "<a href=\"");
	buf_add_html(out, url);
	buf_add_cstr(out, "\">");
	buf_add_html(out, url);
	buf_add_cstr(out, "</a>");
	return end + 1;
}

static void add_spans(struct buf *out, struct str s, int depth)
{
	for (size_t i = 0; i < s.len;) {
		struct str rest = str_from(s, i);
		bool inside_word = i > 0 && ch_is_alnum(s.ptr[i - 1]);
		size_t n = 0;
		char ch = s.ptr[i];

		if (ch == '\\' && i + 1 < s.len && !ch_is_alnum(s.ptr[i + 1]) &&
		    (unsigned char)s.ptr[i + 1] < 0x80) {
			buf_add_html(out, str_sub(s, i + 1, i + 2));
			n = 2;
		} else if (depth < MAX_SPAN_DEPTH && (ch == '[' || ch == '!')) {
			n = add_link(out, rest, depth);
		} else if (depth < MAX_SPAN_DEPTH &&
			   (ch == '*' || ch == '`' || ch == '~' || (ch == '_' && !inside_word))) {
			n = add_marked(out, rest, depth);
		} else if (ch == '<') {
			n = add_autolink(out, rest);
		} else if (str_has_prefix(rest, S("  \n"))) {
			buf_add_cstr(out, "<br>\n");
			n = 3;
		}
		if (n == 0)
			buf_add_ch(out, ch);
		i += n ? n : 1;
	}
}

/* --- blocks --- */

struct blocks {
	struct buf *out;
	struct str rest;
	const char *list; /* the list that is open: "ul", "ol", or NULL */
};

static void close_list(struct blocks *b)
{
	if (b->list)
		buf_addf(b->out, "</%s>\n", b->list);
	b->list = NULL;
}

/* "- x", "* x", "1. x": what is behind the mark; NULL element where it is no item. */
static const char *item_of(struct str line, struct str *text)
{
	struct str t = str_trim(line);
	size_t i = 0;

	if (t.len > 1 && (t.ptr[0] == '-' || t.ptr[0] == '*' || t.ptr[0] == '+') &&
	    t.ptr[1] == ' ') {
		*text = str_trim(str_from(t, 2));
		return "ul";
	}
	while (i < t.len && i < 4 && ch_is_digit(t.ptr[i]))
		i++;
	if (i == 0 || i + 1 >= t.len || (t.ptr[i] != '.' && t.ptr[i] != ')') || t.ptr[i + 1] != ' ')
		return NULL;
	*text = str_trim(str_from(t, i + 2));
	return "ol";
}

static int heading_level(struct str line)
{
	int level = 0;

	while ((size_t)level < line.len && line.ptr[level] == '#')
		level++;
	return level > 0 && level < 7 && (size_t)level < line.len && line.ptr[level] == ' ' ? level
											    : 0;
}

static bool is_rule(struct str line)
{
	struct str t = str_trim(line);
	size_t marks = 0;

	for (size_t i = 0; i < t.len; i++) {
		if (t.ptr[i] != '-' && t.ptr[i] != '*' && t.ptr[i] != '_' && t.ptr[i] != ' ')
			return false;
		if (t.ptr[i] != t.ptr[0] && t.ptr[i] != ' ')
			return false;
		marks += t.ptr[i] != ' ';
	}
	return marks >= 3;
}

static void add_code(struct blocks *b, struct str fence)
{
	struct str line;

	buf_add_cstr(b->out, "<pre><code>");
	while (str_split(&b->rest, '\n', &line) && !str_has_prefix(str_trim(line), fence)) {
		buf_add_html(b->out, line);
		buf_add_ch(b->out, '\n');
	}
	buf_add_cstr(b->out, "</code></pre>\n");
}

static void add_quotation(struct blocks *b, struct str first)
{
	struct str line = first;

	buf_add_cstr(b->out, "<blockquote><p>");
	for (bool more = true; more;) {
		struct str behind = b->rest;

		add_spans(b->out, str_trim(str_from(str_trim(line), 1)), 0);
		buf_add_ch(b->out, '\n');
		more = str_split(&behind, '\n', &line) && str_has_prefix(str_trim(line), S(">"));
		if (more)
			b->rest = behind;
	}
	buf_add_cstr(b->out, "</p></blockquote>\n");
}

static bool starts_block(struct str line)
{
	struct str text, t = str_trim(line);

	return is_blank(line) || heading_level(t) > 0 || item_of(line, &text) ||
	       str_has_prefix(t, S(">")) || str_has_prefix(t, S("```")) ||
	       str_has_prefix(t, S("~~~")) || is_rule(line);
}

/* The heading's level that a line of "===" or "---" gives what stands above it, or 0. */
static int underline_level(struct str line)
{
	struct str t = str_trim(line);

	for (size_t i = 0; i < t.len; i++)
		if (t.ptr[i] != t.ptr[0])
			return 0;
	return t.len < 2 ? 0 : t.ptr[0] == '=' ? 1 : t.ptr[0] == '-' ? 2 : 0;
}

/* Lines up to a blank one or another block. */
static void add_paragraph(struct blocks *b, struct str first)
{
	struct str text = first, behind = b->rest, line;
	int level = 0;

	while (level == 0 && str_split(&behind, '\n', &line)) {
		level = underline_level(line);
		if (level == 0 && starts_block(line))
			break;
		b->rest = behind;
		if (level == 0)
			text.len = (size_t)(line.ptr + line.len - text.ptr);
	}
	buf_addf(b->out, level ? "<h%d>" : "<p>", level);
	add_spans(b->out, str_trim(text), 0);
	buf_addf(b->out, level ? "</h%d>\n" : "</p>\n", level);
}

static void add_block(struct blocks *b, struct str line)
{
	struct str t = str_trim(line), text;
	const char *list = item_of(line, &text);
	int level = heading_level(t);

	if (list && !is_rule(line)) {
		if (b->list != list) {
			close_list(b);
			buf_addf(b->out, "<%s>\n", list);
		}
		b->list = list;
		buf_add_cstr(b->out, "<li>");
		add_spans(b->out, text, 0);
		buf_add_cstr(b->out, "</li>\n");
		return;
	}
	if (is_blank(line))
		return;
	close_list(b);
	if (level > 0) {
		buf_addf(b->out, "<h%d>", level);
		add_spans(b->out, str_trim(str_from(t, (size_t)level)), 0);
		buf_addf(b->out, "</h%d>\n", level);
	} else if (str_has_prefix(t, S("```")) || str_has_prefix(t, S("~~~"))) {
		add_code(b, str_sub(t, 0, 3));
	} else if (str_has_prefix(t, S(">"))) {
		add_quotation(b, line);
	} else if (is_rule(line)) {
		buf_add_cstr(b->out, "<hr>\n");
	} else {
		add_paragraph(b, line);
	}
}

struct str markdown_html(struct arena *a, struct str text)
{
	struct buf out;
	struct blocks b = { .out = &out, .rest = text };
	struct str line;

	buf_init(&out, 4 * (size_t)EXCHANGE_MAX_POST);
	while (str_split(&b.rest, '\n', &line))
		add_block(&b, line);
	close_list(&b);
	struct str html = arena_str(a, str_trim(buf_str(&out)));
	buf_fini(&out);
	return html;
}
