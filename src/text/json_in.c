#include "text/json_in.h"

#include <string.h>

#include "base/sixteen.h"
#include "text/utf8.h"

struct reader {
	const char *p, *end;
	struct arena *mem;
	bool lenient;
	size_t values;
	int depth;
};

static void skip_space(struct reader *r)
{
	while (r->p < r->end && (ch_is_space(*r->p) || (r->lenient && (unsigned char)*r->p < ' ')))
		r->p++;
}

static bool is_next(const struct reader *r, char ch)
{
	return r->p < r->end && *r->p == ch;
}

static bool take(struct reader *r, char ch)
{
	if (!is_next(r, ch))
		return false;
	r->p++;
	return true;
}

/* ---- strings */

static bool is_plain(char ch)
{
	return ch != '"' && ch != '\\' && (unsigned char)ch >= ' ';
}

/* The first character that is not plain; texts are long, so 16 at a time. */
static const char *plain_end(const char *p, const char *end)
{
	while (end - p >= 16) {
		sixteen v = sixteen_at(p);
		size_t n = sixteen_first((sixteen)((v == '"') | (v == '\\') | (v < ' ')));

		p += n;
		if (n < 16)
			return p;
	}
	while (p < end && is_plain(*p))
		p++;
	return p;
}

/* Four figures behind \u; -1: they are none. */
static int32_t read_hex(struct reader *r)
{
	int32_t n = 0;

	if (r->end - r->p < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		char ch = ch_lower(*r->p++);

		if (ch_is_digit(ch))
			n = n * 16 + (ch - '0');
		else if (ch >= 'a' && ch <= 'f')
			n = n * 16 + (ch - 'a' + 10);
		else
			return -1;
	}
	return n;
}

/* A character of two halves (UTF-16); half a one is U+FFFD. */
static bool read_unicode(struct reader *r, char **out)
{
	int32_t high = read_hex(r), low;

	if (high < 0)
		return false;
	uint32_t c = (uint32_t)high;
	if (high >= 0xDC00 && high <= 0xDFFF)
		c = UTF8_BAD;
	if (high >= 0xD800 && high <= 0xDBFF) {
		c = UTF8_BAD;
		if (r->end - r->p >= 6 && r->p[0] == '\\' && r->p[1] == 'u') {
			const char *back = r->p;
			r->p += 2;
			low = read_hex(r);
			if (low >= 0xDC00 && low <= 0xDFFF)
				c = 0x10000 + ((uint32_t)(high - 0xD800) << 10) +
				    (uint32_t)(low - 0xDC00);
			else
				r->p = back;
		}
	}
	*out += utf8_put(c, *out);
	return true;
}

static bool read_escape(struct reader *r, char **out)
{
	static const char names[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
	char ch = *r->p++;
	const char *at = ch ? strchr(names, ch) : NULL;

	if (ch == 'u')
		return read_unicode(r, out);
	if (at)
		*(*out)++ = meant[at - names];
	else if (r->lenient)
		*(*out)++ = (unsigned char)ch < ' ' ? ' ' : ch;
	return at || r->lenient;
}

/* From the first character that is not plain; what stood before it is copied too. */
static bool read_written(struct reader *r, const char *from, struct str *out)
{
	const char *close = r->p;
	char *text, *to;

	while (close < r->end && *close != '"')
		close += *close == '\\' ? 2 : 1;
	if (close >= r->end)
		return false;
	/* Nothing becomes longer: six bytes of \uXXXX are three at the most. */
	text = to = arena_alloc(r->mem, (size_t)(close - from) + 1);
	for (;;) {
		memcpy(to, from, (size_t)(r->p - from));
		to += r->p - from;
		if (*r->p == '"')
			break;
		if (*r->p == '\\') {
			r->p++;
			if (!read_escape(r, &to))
				return false;
		} else if (r->lenient) {
			*to++ = ' ';
			r->p++;
		} else {
			return false;
		}
		from = r->p;
		r->p = plain_end(from, close);
	}
	r->p++;
	*out = str_n(text, (size_t)(to - text));
	return true;
}

/* Behind the opening quote. */
static bool read_string(struct reader *r, struct str *out)
{
	const char *from = r->p;

	r->p = plain_end(r->p, r->end);
	if (r->p == r->end)
		return false;
	if (*r->p != '"')
		return read_written(r, from, out);
	*out = str_n(from, (size_t)(r->p++ - from));
	return true;
}

/* ---- other values */

static void skip_digits(struct reader *r)
{
	while (r->p < r->end && ch_is_digit(*r->p))
		r->p++;
}

static bool read_digits(struct reader *r)
{
	const char *from = r->p;

	skip_digits(r);
	return r->p > from;
}

static bool read_number(struct reader *r, struct str *out)
{
	const char *from = r->p;

	take(r, '-');
	if (take(r, '0') ? r->p < r->end && ch_is_digit(*r->p) : !read_digits(r))
		return false;
	if (take(r, '.') && !read_digits(r))
		return false;
	if (take(r, 'e') || take(r, 'E')) {
		if (!take(r, '+'))
			take(r, '-');
		if (!read_digits(r))
			return false;
	}
	*out = str_n(from, (size_t)(r->p - from));
	return true;
}

static bool read_word(struct reader *r, struct str word)
{
	if (!str_has_prefix(str_n(r->p, (size_t)(r->end - r->p)), word))
		return false;
	r->p += word.len;
	return true;
}

static bool read_value(struct reader *r, struct json_in *v);

/* Behind the opening bracket. */
static bool read_values(struct reader *r, struct json_in *v, char close)
{
	const struct json_in **next = &v->inside;

	if (++r->depth > JSON_IN_MAX_DEPTH)
		return false;
	v->inside = NULL;
	skip_space(r);
	if (!is_next(r, close)) {
		do {
			struct json_in *one = arena_alloc(r->mem, sizeof(*one));

			skip_space(r);
			if (r->lenient && v->count && is_next(r, close))
				break;
			if (v->kind == JSON_IN_OBJECT) {
				if (!take(r, '"') || !read_string(r, &one->key))
					return false;
				skip_space(r);
				if (!take(r, ':'))
					return false;
			}
			if (!read_value(r, one))
				return false;
			*next = one;
			next = &one->next;
			v->count++;
			skip_space(r);
		} while (take(r, ','));
	}
	r->depth--;
	return take(r, close);
}

static bool read_value(struct reader *r, struct json_in *v)
{
	skip_space(r);
	if (r->p == r->end || ++r->values > JSON_IN_MAX_VALUES)
		return false;
	switch (*r->p) {
	case '{':
		v->kind = JSON_IN_OBJECT;
		r->p++;
		return read_values(r, v, '}');
	case '[':
		v->kind = JSON_IN_LIST;
		r->p++;
		return read_values(r, v, ']');
	case '"':
		v->kind = JSON_IN_STRING;
		r->p++;
		return read_string(r, &v->text);
	case 't': v->kind = JSON_IN_TRUE; return read_word(r, S("true"));
	case 'f': v->kind = JSON_IN_FALSE; return read_word(r, S("false"));
	case 'n': v->kind = JSON_IN_NULL; return read_word(r, S("null"));
	default: v->kind = JSON_IN_NUMBER; return read_number(r, &v->text);
	}
}

const struct json_in *json_in_read(struct arena *mem, struct str s, bool lenient)
{
	struct reader r = { .p = s.ptr, .end = s.ptr + s.len, .mem = mem, .lenient = lenient };
	struct json_in *v;

	while (lenient && r.p < r.end && *r.p != '{' && *r.p != '[')
		r.p++;
	skip_space(&r);
	if (!is_next(&r, '{') && !is_next(&r, '['))
		return NULL;
	v = arena_alloc(mem, sizeof(*v));
	return read_value(&r, v) ? v : NULL;
}

/* ---- looking */

bool json_in_is(const struct json_in *v, enum json_in_kind kind)
{
	return v && v->kind == kind;
}

const struct json_in *json_in_first(const struct json_in *v)
{
	return v && v->kind >= JSON_IN_LIST ? v->inside : NULL;
}

const struct json_in *json_in_first_of_list(const struct json_in *v)
{
	return json_in_is(v, JSON_IN_LIST) ? v->inside : NULL;
}

const struct json_in *json_in_get(const struct json_in *v, const char *key)
{
	const struct json_in *found = NULL;
	struct str name = str_of(key);

	if (!json_in_is(v, JSON_IN_OBJECT))
		return NULL;
	for (const struct json_in *i = v->inside; i; i = i->next)
		if (str_eq(i->key, name))
			found = i;
	return found;
}

struct str json_in_str(const struct json_in *v)
{
	return json_in_is(v, JSON_IN_STRING) ? v->text : (struct str){ 0 };
}
