#include "text/escape.h"

#include <string.h>

#include <lexbor/core/core.h>
#include <lexbor/core/sbst.h>
/* The table of named references is lexbor's own, in a header it installs. */
#include <lexbor/html/tokenizer/res.h>

#include "text/utf8.h"

static const char *html_reference(char ch)
{
	switch (ch) {
	case '&': return "&amp;";
	case '<': return "&lt;";
	case '>': return "&gt;";
	case '"': return "&quot;";
	case '\'': return "&#39;";
	default: return NULL;
	}
}

/* Bytes that are not themselves in markup: most text has few, and is passed over quickly. */
static const bool is_special[256] = {
	['&'] = true, ['<'] = true, ['>'] = true, ['"'] = true, ['\''] = true
};

static const uint64_t each_byte = UINT64_C(0x0101010101010101);

/* Not 0 where a byte of x is ch. */
static uint64_t bytes_like(uint64_t x, unsigned char ch)
{
	uint64_t differ = x ^ (each_byte * ch);

	return (differ - each_byte) & ~differ & (each_byte << 7);
}

/* Sixteen bytes, as gcc and clang have them on every machine. */
typedef unsigned char bytes16 __attribute__((vector_size(16)));
typedef uint64_t words2 __attribute__((vector_size(16)));

/* Passes over what stands for itself, sixteen bytes at a time. & and ' differ in one bit, < and >
 * in another. */
static size_t skip_plain_html(struct str s, size_t at)
{
	for (bytes16 x; s.len - at >= sizeof(x); at += sizeof(x)) {
		memcpy(&x, s.ptr + at, sizeof(x));
		words2 special =
			(words2)((x | 1) == '\'') | (words2)((x | 2) == '>') | (words2)(x == '"');
		if (special[0] | special[1])
			break;
	}
	return at;
}

void buf_add_html(struct buf *b, struct str s)
{
	size_t from = 0;

	for (size_t i = skip_plain_html(s, 0); i < s.len; i++) {
		if (!is_special[(unsigned char)s.ptr[i]])
			continue;
		buf_add(b, str_sub(s, from, i));
		buf_add_cstr(b, html_reference(s.ptr[i]));
		from = i + 1;
		i = skip_plain_html(s, from) - 1;
	}
	buf_add(b, str_from(s, from));
}

/* XML 1.0, production Char: no C0 but tab, LF, CR; no surrogates; no U+FFFE, U+FFFF. */
static bool xml_allows(uint32_t c)
{
	return c >= 0x20 ? c != 0xFFFE && c != 0xFFFF : c == 9 || c == 10 || c == 13;
}

/* The same, of ASCII without control characters: what it stops at need be none of these. */
static size_t skip_plain_ascii(struct str s, size_t at)
{
	for (uint64_t x; s.len - at >= sizeof(x); at += sizeof(x)) {
		memcpy(&x, s.ptr + at, sizeof(x));
		uint64_t low = (x - each_byte * 0x20) | x;

		if ((low & (each_byte << 7)) | bytes_like(x & ~each_byte, '&') |
		    bytes_like(x & ~(each_byte << 1), '<') | bytes_like(x, '"'))
			break;
	}
	return at;
}

/* How many bytes from `at` on are XML as they are, without decoding what is plainly a character. */
static size_t plain_xml(struct str s, size_t at)
{
	const unsigned char *p = (const unsigned char *)s.ptr;
	size_t i = at;

	while (i < s.len) {
		if (p[i] < 0x80) {
			i = skip_plain_ascii(s, i);
			if (i == s.len || p[i] >= 0x80)
				continue;
			if (p[i] < 0x20 || is_special[p[i]])
				break;
			i++;
		} else if (p[i] >= 0xE1 && p[i] <= 0xEC && s.len - i > 2 &&
			   (p[i + 1] & 0xC0) == 0x80 && (p[i + 2] & 0xC0) == 0x80) {
			i += 3; /* U+1000 to U+CFFF: no surrogate, nothing forbidden */
		} else {
			break;
		}
	}
	return i - at;
}

/* What is malformed was U+FFFD when it was decoded, and is written so. */
void buf_add_xml(struct buf *b, struct str s)
{
	for (size_t pos = 0; pos < s.len;) {
		size_t plain = plain_xml(s, pos);

		buf_add(b, str_sub(s, pos, pos + plain));
		pos += plain;
		if (pos == s.len)
			break;
		uint32_t c = utf8_next(s, &pos);
		const char *reference = c < 0x80 ? html_reference((char)c) : NULL;
		if (reference)
			buf_add_cstr(b, reference);
		else if (xml_allows(c))
			buf_add_utf8(b, c);
	}
}

/* Numeric references 128-159 mean windows-1252 (HTML, "numeric character reference end state"). */
static const uint16_t windows_1252[32] = {
	0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
	0x2039, 0x0152, 0x8D,   0x017D, 0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
	0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178,
};

static int digit_value(char ch, int base)
{
	int value = ch_is_digit(ch) ? ch - '0' : ch_is_alpha(ch) ? ch_lower(ch) - 'a' + 10 : 99;

	return value < base ? value : -1;
}

/* s starts with "&#"; the bytes it takes, 0 where it is no reference. */
static size_t numeric_reference(struct str s, char *out, size_t *out_len)
{
	int base = s.len > 2 && ch_lower(s.ptr[2]) == 'x' ? 16 : 10;
	size_t i = base == 16 ? 3 : 2, first = i;
	uint32_t c = 0;

	for (; i < s.len && digit_value(s.ptr[i], base) >= 0; i++)
		if (c <= 0x10FFFF)
			c = c * (uint32_t)base + (uint32_t)digit_value(s.ptr[i], base);
	if (i == first)
		return 0;
	if (i < s.len && s.ptr[i] == ';')
		i++;
	if (c >= 0x80 && c <= 0x9F)
		c = windows_1252[c - 0x80];
	*out_len = utf8_put(c == 0 ? UTF8_BAD : c, out);
	return i;
}

/* s starts with "&"; the longest name of the table. */
static size_t named_reference(struct str s, char *out, size_t *out_len)
{
	const lexbor_sbst_entry_static_t *table = lxb_html_tokenizer_res_entities_sbst,
					 *entry = table + 1;
	size_t taken = 0;

	for (size_t i = 1; i < s.len; i++) {
		entry = lexbor_sbst_entry_static_find(table, entry, (lxb_char_t)s.ptr[i]);
		if (!entry)
			break;
		if (entry->value) {
			memcpy(out, entry->value, entry->value_len);
			*out_len = entry->value_len;
			taken = i + 1;
		}
		if (!entry->next)
			break;
		entry = table + entry->next;
	}
	return taken;
}

enum { REFERENCE_MAX = 8 }; /* bytes of the longest decoded reference: two characters */

struct str html_unescape(struct arena *a, struct str s)
{
	if (str_find_ch(s, '&') == STR_NONE)
		return s;
	/* No reference is shorter than what it stands for, but for a few two-character ones. */
	char *out = arena_alloc(a, s.len * 2 + REFERENCE_MAX + 1);
	size_t len = 0;
	for (size_t i = 0; i < s.len;) {
		size_t taken = 0, made = 0;

		if (s.ptr[i] == '&' && i + 1 < s.len)
			taken = s.ptr[i + 1] == '#'
					? numeric_reference(str_from(s, i), out + len, &made)
					: named_reference(str_from(s, i), out + len, &made);
		if (!taken) {
			out[len++] = s.ptr[i++];
			continue;
		}
		len += made;
		i += taken;
	}
	return str_n(out, len);
}

static const struct str spaced_tags[] = {
	STR("br"), STR("p"),  STR("div"),        STR("li"),      STR("ul"),      STR("ol"),
	STR("td"), STR("tr"), STR("table"),      STR("h1"),      STR("h2"),      STR("h3"),
	STR("h4"), STR("h5"), STR("h6"),         STR("hr"),      STR("dd"),      STR("dt"),
	STR("dl"), STR("th"), STR("blockquote"), STR("section"), STR("article"),
};

static bool is_spaced(struct str name)
{
	for (size_t i = 0; i < sizeof(spaced_tags) / sizeof(spaced_tags[0]); i++)
		if (str_eq_nocase(name, spaced_tags[i]))
			return true;
	return false;
}

/* End of the tag that starts at s.ptr[0] == '<', behind its '>'; quotes are respected. 0: no tag.
 */
static size_t tag_end(struct str s, struct str *name, bool *closing)
{
	size_t i = 1;
	char quote = 0;

	*closing = s.len > 1 && s.ptr[1] == '/';
	if (*closing)
		i++;
	size_t from = i;
	if (i >= s.len ||
	    !(ch_is_alpha(s.ptr[i]) || (!*closing && (s.ptr[i] == '!' || s.ptr[i] == '?'))))
		return 0;
	if (str_has_prefix(s, S("<!--"))) {
		size_t end = str_find(str_from(s, 4), S("-->"));

		*name = S("!");
		return end == STR_NONE ? s.len : 4 + end + 3;
	}
	while (i < s.len &&
	       (ch_is_alnum(s.ptr[i]) || s.ptr[i] == '!' || s.ptr[i] == '?' || s.ptr[i] == ':'))
		i++;
	*name = str_sub(s, from, i);
	for (; i < s.len; i++) {
		if (quote)
			quote = s.ptr[i] == quote ? 0 : quote;
		else if (s.ptr[i] == '"' || s.ptr[i] == '\'')
			quote = s.ptr[i];
		else if (s.ptr[i] == '>')
			return i + 1;
	}
	/* An unclosed quote hides the end: the first ">" then. */
	i = str_find_ch(s, '>');
	return i == STR_NONE ? 0 : i + 1;
}

struct str html_text(struct arena *a, struct str s)
{
	if (str_find_ch(s, '<') == STR_NONE)
		return utf8_squeeze(a, html_unescape(a, s));
	char *out = arena_alloc(a, s.len + 1);
	size_t len = 0;
	for (size_t i = 0; i < s.len;) {
		struct str name;
		bool closing;
		size_t end = s.ptr[i] == '<' ? tag_end(str_from(s, i), &name, &closing) : 0;

		if (!end) {
			size_t next = str_find_ch(str_from(s, i + 1), '<');
			size_t n = next == STR_NONE ? s.len - i : next + 1;

			memcpy(out + len, s.ptr + i, n);
			len += n;
			i += n;
			continue;
		}
		i += end;
		if (is_spaced(name))
			out[len++] = ' ';
		if (!closing &&
		    (str_eq_nocase(name, S("script")) || str_eq_nocase(name, S("style")))) {
			struct str close =
				str_eq_nocase(name, S("script")) ? S("</script") : S("</style");
			size_t at = str_find_nocase(str_from(s, i), close);

			i = at == STR_NONE ? s.len : i + at;
		}
	}
	return utf8_squeeze(a, html_unescape(a, str_n(out, len)));
}
