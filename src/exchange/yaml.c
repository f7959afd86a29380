/*
 * As much YAML as front matter has, read as a person would: incumbents write titles with quotes
 * inside quotes and backslashes that are no escapes, which a YAML parser refuses and the whole post
 * with it.
 */
#include "exchange/private.h"

#include <string.h>

#include "base/list.h"
#include "text/utf8.h"

struct reader {
	struct arena *a;
	struct str text;
	size_t pos;
	bool broken;
};

/* The next line without its end; false at the end of the text. */
static bool next_line(struct reader *r, struct str *line)
{
	if (r->pos >= r->text.len)
		return false;
	struct str rest = str_from(r->text, r->pos);
	size_t end = str_find_ch(rest, '\n');

	*line = str_sub(rest, 0, end);
	r->pos += end == STR_NONE ? rest.len : end + 1;
	if (line->len > 0 && line->ptr[line->len - 1] == '\r')
		line->len--;
	return true;
}

static bool peek_line(const struct reader *r, struct str *line)
{
	struct reader copy = *r;

	return next_line(&copy, line);
}

/* "key:" at the start of a line: the length of key, else 0. */
static size_t key_length(struct str line)
{
	size_t i = 0;

	while (i < line.len && (ch_is_alnum(line.ptr[i]) || line.ptr[i] == '_' ||
				line.ptr[i] == '-' || line.ptr[i] == '.'))
		i++;
	if (i == 0 || i >= line.len || line.ptr[i] != ':')
		return 0;
	return i + 1 == line.len || ch_is_space(line.ptr[i + 1]) ? i : 0;
}

/* --- scalars --- */

static int hex_value(struct str s, size_t from, size_t count, uint32_t *out)
{
	*out = 0;
	for (size_t i = from; i < from + count; i++) {
		char ch = i < s.len ? ch_lower(s.ptr[i]) : 'x';

		if (ch_is_digit(ch))
			*out = *out * 16 + (uint32_t)(ch - '0');
		else if (ch >= 'a' && ch <= 'f')
			*out = *out * 16 + (uint32_t)(ch - 'a' + 10);
		else
			return -1;
	}
	return 0;
}

/* One escape of a double-quoted text at s.ptr[i] == '\\'; bytes read, or 0 where it is none. */
static size_t decode_escape(struct str s, size_t i, struct buf *out)
{
	static const char from[] = "0abtnvfre \"/\\N_LP";
	static const uint32_t to[] = { 0,   7,   8,   9,    10,   11,   12,     13,    27,
				       ' ', '"', '/', '\\', 0x85, 0xA0, 0x2028, 0x2029 };
	static const char hex[] = "xuU";
	uint32_t c;
	char ch = i + 1 < s.len ? s.ptr[i + 1] : '\0';
	const char *known = ch ? strchr(from, ch) : NULL;

	if (known) {
		buf_add_utf8(out, to[known - from]);
		return 2;
	}
	known = ch ? strchr(hex, ch) : NULL;
	if (!known)
		return 0;
	size_t digits = (size_t)2 << (known - hex);
	if (hex_value(s, i + 2, digits, &c) < 0)
		return 0;
	buf_add_utf8(out, c);
	return 2 + digits;
}

static struct str decode_double(struct reader *r, struct str s)
{
	struct buf out;

	if (str_find_ch(s, '\\') == STR_NONE)
		return s;
	buf_init(&out, BUF_NO_MAX);
	for (size_t i = 0; i < s.len;) {
		size_t n = s.ptr[i] == '\\' ? decode_escape(s, i, &out) : 0;

		r->broken = r->broken || (s.ptr[i] == '\\' && n == 0);
		if (n == 0)
			buf_add_ch(&out, s.ptr[i++]);
		i += n;
	}
	struct str text = arena_str(r->a, buf_str(&out));
	buf_fini(&out);
	return text;
}

static struct str decode_single(struct reader *r, struct str s)
{
	struct buf out;

	if (str_find(s, S("''")) == STR_NONE)
		return s;
	buf_init(&out, BUF_NO_MAX);
	for (size_t i = 0; i < s.len; i++) {
		buf_add_ch(&out, s.ptr[i]);
		if (s.ptr[i] == '\'' && i + 1 < s.len && s.ptr[i + 1] == '\'')
			i++;
	}
	struct str text = arena_str(r->a, buf_str(&out));
	buf_fini(&out);
	return text;
}

/* Offset of the quote that closes s (which starts with one), or STR_NONE. */
static size_t closing_quote(struct str s)
{
	char quote = s.ptr[0];

	for (size_t i = 1; i < s.len; i++) {
		if (quote == '"' && s.ptr[i] == '\\')
			i++;
		else if (s.ptr[i] == quote && quote == '\'' && i + 1 < s.len &&
			 s.ptr[i + 1] == '\'')
			i++;
		else if (s.ptr[i] == quote)
			return i;
	}
	return STR_NONE;
}

/* Nothing, or a comment, may stand behind a closing quote. */
static bool ends_here(struct str rest)
{
	struct str t = str_trim(rest);

	return t.len == 0 || (t.ptr[0] == '#' && rest.ptr != t.ptr);
}

static struct str quoted_inside(struct reader *r, struct str s, size_t end)
{
	struct str inside = str_sub(s, 1, end);

	return s.ptr[0] == '"' ? decode_double(r, inside) : decode_single(r, inside);
}

/* s starts with a quote. A text over several lines is joined with spaces, as YAML folds it. */
static struct str read_quoted(struct reader *r, struct str s)
{
	size_t end = closing_quote(s);
	struct str line;

	if (end != STR_NONE && ends_here(str_from(s, end + 1)))
		return quoted_inside(r, s, end);
	size_t last = str_rfind_ch(s, s.ptr[0]);
	if (last != STR_NONE && last > 0) {
		r->broken = true; /* quotes inside quotes: the last one is meant */
		return quoted_inside(r, s, last);
	}
	struct reader ahead = *r;
	struct str all = s;
	for (int lines = 0; lines < 20 && next_line(&ahead, &line) && key_length(line) == 0 &&
			    !str_eq(str_trim(line), S("---"));
	     lines++) {
		all = arena_strf(r->a, "%.*s %.*s", STR_FMT(all), STR_FMT(str_trim(line)));
		end = closing_quote(all);
		if (end == STR_NONE)
			continue;
		r->pos = ahead.pos;
		return quoted_inside(r, all, end);
	}
	r->broken = true;
	return str_from(s, 1);
}

static struct str read_plain(struct reader *r, struct str s)
{
	for (size_t i = 1; i < s.len; i++)
		if (s.ptr[i] == '#' && ch_is_space(s.ptr[i - 1]))
			return str_trim(str_sub(s, 0, i));
	if (str_contains(s, S(": ")) || (s.len > 0 && strchr("&*!%@`|>", s.ptr[0])))
		r->broken = true;
	return str_eq(s, S("~")) || str_eq(s, S("null")) ? (struct str){ 0 } : s;
}

static struct str read_scalar(struct reader *r, struct str s)
{
	s = str_trim(s);
	if (s.len == 0)
		return s;
	return s.ptr[0] == '"' || s.ptr[0] == '\'' ? read_quoted(r, s) : read_plain(r, s);
}

/* "|" and ">": the indented lines behind, joined. */
static struct str read_block(struct reader *r, char style)
{
	struct buf out;
	struct str line;

	buf_init(&out, BUF_NO_MAX);
	while (peek_line(r, &line) && (str_trim(line).len == 0 || ch_is_space(line.ptr[0]))) {
		next_line(r, &line);
		if (out.len > 0)
			buf_add_ch(&out, style == '|' ? '\n' : ' ');
		buf_add(&out, str_trim(line));
	}
	struct str text = str_trim(arena_str(r->a, buf_str(&out)));
	buf_fini(&out);
	return text;
}

/* --- lists --- */

static void add_value(struct list *values, struct str s)
{
	if (s.len > 0)
		*(struct str *)list_add(values) = s;
}

/* "[ a, "b, c", d ]": s starts with the bracket; a list over several lines is joined first. */
static void read_flow(struct reader *r, struct str s, struct list *values)
{
	struct str line;

	for (int lines = 0;
	     str_rfind_ch(s, ']') == STR_NONE && lines < 1000 && peek_line(r, &line) &&
	     key_length(line) == 0 && !str_eq(str_trim(line), S("---"));
	     lines++) {
		next_line(r, &line);
		s = arena_strf(r->a, "%.*s %.*s", STR_FMT(s), STR_FMT(line));
	}
	/* The last bracket is meant: names have brackets too. */
	size_t end = str_rfind_ch(s, ']');
	if (end == STR_NONE)
		r->broken = true;
	s = str_trim(str_sub(s, 1, end));
	while (s.len > 0) {
		bool quoted = s.ptr[0] == '"' || s.ptr[0] == '\'';
		size_t close = quoted ? closing_quote(s) : STR_NONE;
		size_t from = close == STR_NONE ? 0 : close + 1;
		size_t comma = str_find_ch(str_from(s, from), ',');
		struct str item = str_trim(str_sub(s, 0, comma == STR_NONE ? comma : from + comma));

		if (close != STR_NONE && item.len == close + 1)
			add_value(values, quoted_inside(r, item, close));
		else
			add_value(values, item);
		s = comma == STR_NONE ? (struct str){ 0 } : str_trim(str_from(s, from + comma + 1));
	}
}

static void read_dashes(struct reader *r, struct list *values)
{
	struct str line, item;

	while (peek_line(r, &line)) {
		item = str_trim(line);
		if (item.len == 0 || item.ptr[0] != '-' || str_has_prefix(item, S("---")) ||
		    (item.len > 1 && item.ptr[1] != ' '))
			break;
		next_line(r, &line);
		add_value(values, read_scalar(r, str_from(item, 1)));
	}
}

static void skip_nested(struct reader *r)
{
	struct str line;

	while (peek_line(r, &line) && line.len > 0 && ch_is_space(line.ptr[0]))
		next_line(r, &line);
}

/* --- the document --- */

static void read_field(struct reader *r, struct str key, struct str value, struct yaml_field *out)
{
	struct list values;
	struct str next;

	list_init(&values, sizeof(struct str));
	*out = (struct yaml_field){ .key = key };
	value = str_trim(value);
	if (value.len > 0 && value.ptr[0] == '[') {
		out->is_list = true;
		read_flow(r, value, &values);
	} else if (value.len > 0 && value.len <= 2 &&
		   (value.ptr[0] == '|' || value.ptr[0] == '>')) {
		add_value(&values, read_block(r, value.ptr[0]));
	} else if (value.len > 0 && value.ptr[0] != '#') {
		add_value(&values, read_scalar(r, value));
	} else if (peek_line(r, &next)) {
		struct str item = str_trim(next);

		out->is_list =
			item.len > 0 && item.ptr[0] == '-' && !str_has_prefix(item, S("---"));
		if (out->is_list)
			read_dashes(r, &values);
		else
			skip_nested(r);
	}
	out->values.count = values.count;
	out->values.items = arena_array(r->a, values.count, sizeof(struct str));
	if (values.count > 0)
		memcpy(out->values.items, values.items, values.count * sizeof(struct str));
	list_fini(&values);
}

/* "---" on a line of its own among the next few: the front matter goes on behind a line that is no
 * YAML. */
static bool closes_soon(const struct reader *r)
{
	struct reader copy = *r;
	struct str line;

	for (int lines = 0; lines < 40 && next_line(&copy, &line); lines++)
		if (str_eq(str_trim(line), S("---")))
			return true;
	return false;
}

void yaml_read(struct arena *a, struct str text, bool front, struct yaml *out)
{
	struct reader r = { .a = a, .text = text };
	struct list fields;
	struct str line;

	*out = (struct yaml){ 0 };
	list_init(&fields, sizeof(struct yaml_field));
	for (size_t start = 0; next_line(&r, &line); start = r.pos) {
		struct str trimmed = str_trim(line);
		size_t key = key_length(line);

		if (front && (str_eq(trimmed, S("---")) || str_eq(trimmed, S("...")))) {
			out->closed = true;
			break;
		}
		if (trimmed.len == 0 || trimmed.ptr[0] == '#' || str_eq(trimmed, S("---")))
			continue;
		if (key == 0) {
			r.broken = true;
			if (front &&
			    (line.ptr[0] == '<' || line.ptr[0] == '[' || !closes_soon(&r))) {
				r.pos = start; /* what should have closed it is missing: the body
						  begins */
				break;
			}
			continue;
		}
		if (fields.count < YAML_MAX_FIELDS)
			read_field(&r, str_sub(line, 0, key), str_from(line, key + 1),
				   list_add(&fields));
	}
	out->broken = r.broken;
	out->end = r.pos;
	out->count = fields.count;
	out->fields = arena_array(a, fields.count, sizeof(*out->fields));
	if (fields.count > 0)
		memcpy(out->fields, fields.items, fields.count * sizeof(*out->fields));
	list_fini(&fields);
}

static const struct yaml_field *field_named(const struct yaml *y, const char *key)
{
	for (size_t i = 0; i < y->count; i++)
		if (str_eq(y->fields[i].key, str_of(key)))
			return &y->fields[i];
	return NULL;
}

struct str yaml_text(const struct yaml *y, const char *key)
{
	const struct yaml_field *f = field_named(y, key);

	return f && !f->is_list && f->values.count > 0 ? f->values.items[0] : (struct str){ 0 };
}

/* A list; of a plain text its words, as Jekyll splits them. */
struct strs yaml_list(struct arena *a, const struct yaml *y, const char *key)
{
	const struct yaml_field *f = field_named(y, key);
	struct strs out = { 0 };
	struct str rest, word;

	if (!f || f->values.count == 0)
		return out;
	if (f->is_list)
		return f->values;
	rest = f->values.items[0];
	out.items = arena_array(a, rest.len / 2 + 1, sizeof(*out.items));
	while (str_split(&rest, ' ', &word))
		if (word.len > 0)
			out.items[out.count++] = word;
	return out;
}

/* --- writing --- */

/* Plain words that YAML 1.1 reads as something else than text. */
static bool is_special(struct str s)
{
	static const struct str words[] = { STR("y"),    STR("n"),     STR("yes"), STR("no"),
					    STR("true"), STR("false"), STR("on"),  STR("off"),
					    STR("null"), STR("~"),     STR("<<"),  STR("=") };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (str_eq_nocase(s, words[i]))
			return true;
	/* Numbers, dates, times, .inf: whatever starts like one. */
	size_t i = s.len > 1 && (s.ptr[0] == '-' || s.ptr[0] == '+') ? 1 : 0;
	return i < s.len && (ch_is_digit(s.ptr[i]) || s.ptr[i] == '.');
}

static bool is_plain(struct str s)
{
	if (s.len == 0 || strchr("-?:,[]{}#&*!|>'\"%@` ", s.ptr[0]) || is_special(s))
		return false;
	for (size_t pos = 0; pos < s.len;) {
		size_t at = pos;
		uint32_t c = utf8_next(s, &pos);

		if (c < ' ' || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029 ||
		    c == 0xFEFF || c == UTF8_BAD)
			return false;
		if (c < 0x80 && strchr(",[]{}\"\\", (int)c))
			return false;
		if (c == ':' && (pos == s.len || ch_is_space(s.ptr[pos])))
			return false;
		if (c == '#' && at > 0 && ch_is_space(s.ptr[at - 1]))
			return false;
	}
	return !ch_is_space(s.ptr[s.len - 1]);
}

void yaml_add_quoted(struct buf *out, struct str s)
{
	buf_add_ch(out, '"');
	for (size_t pos = 0; pos < s.len;) {
		uint32_t c = utf8_next(s, &pos);

		if (c == '"' || c == '\\')
			buf_addf(out, "\\%c", (char)c);
		else if (c == '\n')
			buf_add_cstr(out, "\\n");
		else if (c == '\t')
			buf_add_cstr(out, "\\t");
		else if (c < ' ' || (c >= 0x7F && c < 0xA0))
			buf_addf(out, "\\x%02X", (unsigned)c);
		else if (c == 0x2028 || c == 0x2029 || c == 0xFEFF)
			buf_addf(out, "\\u%04X", (unsigned)c);
		else
			buf_add_utf8(out, c);
	}
	buf_add_ch(out, '"');
}

void yaml_add(struct buf *out, struct str s)
{
	if (is_plain(s))
		buf_add(out, s);
	else
		yaml_add_quoted(out, s);
}
