#include "text/json.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/sixteen.h"
#include "text/date.h"
#include "text/utf8.h"

void json_start(struct json *j, struct buf *out, int indent)
{
	*j = (struct json){ .out = out, .indent = indent, .first = true };
}

static void newline(struct json *j)
{
	if (!j->indent)
		return;
	buf_add_ch(j->out, '\n');
	for (int i = 0; i < j->depth * j->indent; i++)
		buf_add_ch(j->out, ' ');
}

/* What stands between the value before and this one. */
static void separate(struct json *j)
{
	if (j->after_key) {
		j->after_key = false;
		return;
	}
	if (j->depth == 0)
		return;
	if (!j->first)
		buf_add_ch(j->out, ',');
	newline(j);
	j->first = false;
}

static void begin(struct json *j, char open, char close)
{
	separate(j);
	assert(j->depth < JSON_MAX_DEPTH);
	buf_add_ch(j->out, open);
	j->close[j->depth++] = close;
	j->first = true;
}

void json_begin_object(struct json *j)
{
	begin(j, '{', '}');
}

void json_begin_array(struct json *j)
{
	begin(j, '[', ']');
}

void json_end(struct json *j)
{
	assert(j->depth > 0);
	char close = j->close[--j->depth];
	if (!j->first)
		newline(j);
	buf_add_ch(j->out, close);
	j->first = false;
	if (j->depth == 0 && j->indent)
		buf_add_ch(j->out, '\n');
}

/* 1: may be copied as it stands. Bytes above 127 are looked at as characters. */
static const unsigned char plain[128] = {
	[' '] = 1, ['!'] = 1, ['#'] = 1, ['$'] = 1, ['%'] = 1, ['&'] = 2, ['\''] = 1, ['('] = 1,
	[')'] = 1, ['*'] = 1, ['+'] = 1, [','] = 1, ['-'] = 1, ['.'] = 1, ['/'] = 1,  ['0'] = 1,
	['1'] = 1, ['2'] = 1, ['3'] = 1, ['4'] = 1, ['5'] = 1, ['6'] = 1, ['7'] = 1,  ['8'] = 1,
	['9'] = 1, [':'] = 1, [';'] = 1, ['<'] = 2, ['='] = 1, ['>'] = 2, ['?'] = 1,  ['@'] = 1,
	['A'] = 1, ['B'] = 1, ['C'] = 1, ['D'] = 1, ['E'] = 1, ['F'] = 1, ['G'] = 1,  ['H'] = 1,
	['I'] = 1, ['J'] = 1, ['K'] = 1, ['L'] = 1, ['M'] = 1, ['N'] = 1, ['O'] = 1,  ['P'] = 1,
	['Q'] = 1, ['R'] = 1, ['S'] = 1, ['T'] = 1, ['U'] = 1, ['V'] = 1, ['W'] = 1,  ['X'] = 1,
	['Y'] = 1, ['Z'] = 1, ['['] = 1, [']'] = 1, ['^'] = 1, ['_'] = 1, ['`'] = 1,  ['a'] = 1,
	['b'] = 1, ['c'] = 1, ['d'] = 1, ['e'] = 1, ['f'] = 1, ['g'] = 1, ['h'] = 1,  ['i'] = 1,
	['j'] = 1, ['k'] = 1, ['l'] = 1, ['m'] = 1, ['n'] = 1, ['o'] = 1, ['p'] = 1,  ['q'] = 1,
	['r'] = 1, ['s'] = 1, ['t'] = 1, ['u'] = 1, ['v'] = 1, ['w'] = 1, ['x'] = 1,  ['y'] = 1,
	['z'] = 1, ['{'] = 1, ['|'] = 1, ['}'] = 1, ['~'] = 1,
};

static void add_escape(struct buf *b, unsigned char ch)
{
	static const char hex[] = "0123456789abcdef";
	char text[6] = { '\\', 'u', '0', '0', hex[ch >> 4], hex[ch & 15] };

	switch (ch) {
	case '"': buf_add(b, S("\\\"")); break;
	case '\\': buf_add(b, S("\\\\")); break;
	case '\n': buf_add(b, S("\\n")); break;
	case '\r': buf_add(b, S("\\r")); break;
	case '\t': buf_add(b, S("\\t")); break;
	default: buf_add_n(b, text, sizeof(text));
	}
}

/* Over what needs no escape, by sixteen bytes: to the first that does, or is above. */
static size_t skip_plain(struct str s, size_t pos, unsigned char above)
{
	while (s.len - pos >= 16) {
		sixteen v = sixteen_at(s.ptr + pos);
		size_t n = sixteen_first((sixteen)((v < ' ') | (v == '"') | (v == '\\') |
						   (v == 0x7f) | (v > above)));

		pos += n;
		if (n < 16)
			break;
	}
	return pos;
}

/* The end of what may be copied, where bytes above 127 are known to be in order. */
static size_t copy_valid_to(struct str s, size_t pos)
{
	pos = skip_plain(s, pos, 0xff);
	while (pos < s.len && ((unsigned char)s.ptr[pos] >= 0x80 || plain[(size_t)s.ptr[pos]]))
		pos++;
	return pos;
}

/* Bytes from pos that may be copied: plain ASCII and well-formed characters (U+2028/9 too: JSON
 * allows them). */
static size_t copy_to(struct str s, size_t pos, unsigned char limit)
{
	while (pos < s.len) {
		if (limit == 2)
			pos = skip_plain(s, pos, 0x7f);
		while (pos < s.len && (unsigned char)s.ptr[pos] < 0x80) {
			unsigned char ch = (unsigned char)s.ptr[pos];

			if (plain[ch] == 0 || plain[ch] > limit)
				return pos;
			pos++;
		}
		if (pos == s.len)
			return pos;
		size_t next = utf8_skip_wide(s, pos);
		if (next == pos && utf8_next(s, &next) == UTF8_BAD)
			return pos;
		pos = next;
	}
	return pos;
}

static void add_string(struct json *j, struct str s)
{
	buf_add_ch(j->out, '"');
	for (size_t pos = 0; pos < s.len;) {
		size_t to = j->valid && !j->in_html ? copy_valid_to(s, pos)
						    : copy_to(s, pos, j->in_html ? 1 : 2);

		buf_add(j->out, str_sub(s, pos, to));
		if (to >= s.len)
			break;
		pos = to;
		if ((unsigned char)s.ptr[pos] < 0x80)
			add_escape(j->out, (unsigned char)s.ptr[pos++]);
		else
			buf_add_utf8(j->out, utf8_next(s, &pos));
	}
	buf_add_ch(j->out, '"');
}

void json_add_key(struct json *j, struct str key)
{
	separate(j);
	add_string(j, key);
	buf_add_ch(j->out, ':');
	if (j->indent)
		buf_add_ch(j->out, ' ');
	j->after_key = true;
}

void json_add_str(struct json *j, struct str s)
{
	separate(j);
	add_string(j, s);
}

void json_add_i64(struct json *j, int64_t n)
{
	separate(j);
	buf_add_i64(j->out, n);
}

void json_add_bool(struct json *j, bool b)
{
	separate(j);
	buf_add(j->out, b ? S("true") : S("false"));
}

void json_add_null(struct json *j)
{
	separate(j);
	buf_add(j->out, S("null"));
}

void json_add_raw(struct json *j, struct str json_text)
{
	separate(j);
	buf_add(j->out, json_text);
}

void json_member(struct json *j, const char *key, struct str value)
{
	json_add_key(j, str_of(key));
	json_add_str(j, value);
}

void json_member_opt(struct json *j, const char *key, struct str value)
{
	if (value.len)
		json_member(j, key, value);
}

void json_member_i64(struct json *j, const char *key, int64_t n)
{
	json_add_key(j, str_of(key));
	json_add_i64(j, n);
}

void json_member_time(struct json *j, const char *key, int64_t ms, int offset_min)
{
	if (ms == TIME_UNSTATED)
		return;
	json_add_key(j, str_of(key));
	separate(j);
	buf_add_ch(j->out, '"');
	buf_add_rfc3339(j->out, ms, offset_min);
	buf_add_ch(j->out, '"');
}
