#include "text/charset.h"

#include <string.h>

#include <lexbor/encoding/encoding.h>

#include "base/buf.h"
#include "text/charset_guess.h"
#include "text/utf8.h"

enum {
	PROLOG_BYTES = 1024,
	META_BYTES = 4096,
	CHUNK = 4096,
	FACTS_ENOUGH = 1000,
	PAIRS_ENOUGH = 16
};

static struct str name_of(const lxb_encoding_data_t *e)
{
	return str_of((const char *)e->name);
}

/* ---- labels ---- */

/* NULL for a label that says nothing: unknown, or one whose only use is attack ("replacement":
 * UTF-7's kin). */
static const lxb_encoding_data_t *encoding_of_label(struct str label)
{
	const lxb_encoding_data_t *e;

	label = str_trim(label);
	if (label.len == 0 || label.len > 40)
		return NULL;
	e = lxb_encoding_data_by_pre_name((const lxb_char_t *)label.ptr, label.len);
	if (!e || e->encoding == LXB_ENCODING_REPLACEMENT ||
	    e->encoding == LXB_ENCODING_X_USER_DEFINED)
		return NULL;
	return e->encoding == LXB_ENCODING_GBK ? lxb_encoding_data(LXB_ENCODING_GB18030) : e;
}

static bool is_utf16(const lxb_encoding_data_t *e)
{
	return e->encoding == LXB_ENCODING_UTF_16BE || e->encoding == LXB_ENCODING_UTF_16LE;
}

/* The value behind `name` and "=", quoted or not; empty if none. *pos moves behind it. */
static struct str value_after(struct str s, struct str name, size_t *pos)
{
	size_t at = str_find_nocase(str_from(s, *pos), name);
	struct str rest;
	char quote;
	size_t end;

	if (at == STR_NONE) {
		*pos = s.len;
		return S("");
	}
	*pos += at + name.len;
	rest = str_from(s, *pos);
	for (end = 0; end < rest.len && ch_is_space(rest.ptr[end]);)
		end++;
	if (end == rest.len || rest.ptr[end] != '=')
		return S("");
	for (end++; end < rest.len && ch_is_space(rest.ptr[end]);)
		end++;
	rest = str_from(rest, end);
	quote = rest.len ? rest.ptr[0] : 0;
	if (quote == '"' || quote == '\'') {
		rest = str_from(rest, 1);
		end = str_find_ch(rest, quote);
		return str_trim(str_sub(rest, 0, end == STR_NONE ? 0 : end));
	}
	for (end = 0;
	     end < rest.len && !ch_is_space(rest.ptr[end]) && !strchr(";,\"'?>/", rest.ptr[end]);)
		end++;
	return str_sub(rest, 0, end);
}

struct str charset_of_content_type(struct str content_type)
{
	size_t semicolon = str_find_ch(content_type, ';'), pos = 0;

	if (semicolon == STR_NONE)
		return S("");
	content_type = str_from(content_type, semicolon);
	while (pos < content_type.len) {
		struct str value = value_after(content_type, S("charset"), &pos);

		if (value.len)
			return value;
	}
	return S("");
}

struct str charset_of_xml(struct str bytes)
{
	struct str head = str_sub(bytes, 0, PROLOG_BYTES);
	size_t from = str_find(head, S("<?xml")), to, pos = 0;

	if (from == STR_NONE)
		return S("");
	head = str_from(head, from);
	to = str_find_ch(head, '>');
	return value_after(str_sub(head, 0, to == STR_NONE ? head.len : to), S("encoding"), &pos);
}

struct str charset_of_html(struct str bytes)
{
	struct str head = str_sub(bytes, 0, META_BYTES);
	size_t pos = 0;

	for (;;) {
		size_t at = str_find_nocase(str_from(head, pos), S("<meta")), to, in = 0;
		struct str tag, value;

		if (at == STR_NONE)
			return S("");
		pos += at + 5;
		to = str_find_ch(str_from(head, pos), '>');
		tag = str_sub(head, pos, to == STR_NONE ? head.len : pos + to);
		/* "charset" is an attribute of its own, or stands in the content of http-equiv */
		while (in < tag.len) {
			value = value_after(tag, S("charset"), &in);
			if (value.len)
				return value;
		}
	}
}

/* ---- decoding ---- */

static bool add_codepoints(char **out, const lxb_codepoint_t *cps, size_t count)
{
	bool damaged = false;
	char *p = *out;

	for (size_t i = 0; i < count; i++) {
		if (cps[i] < 0x80) {
			*p++ = (char)cps[i];
			continue;
		}
		damaged = damaged || cps[i] == UTF8_BAD || cps[i] > LXB_ENCODING_MAX_CODEPOINT;
		p += utf8_put(cps[i], p);
	}
	*out = p;
	return damaged;
}

static bool is_multibyte(const lxb_encoding_data_t *e)
{
	switch (e->encoding) {
	case LXB_ENCODING_BIG5:
	case LXB_ENCODING_EUC_JP:
	case LXB_ENCODING_EUC_KR:
	case LXB_ENCODING_GBK:
	case LXB_ENCODING_GB18030:
	case LXB_ENCODING_SHIFT_JIS:
	case LXB_ENCODING_ISO_2022_JP:
	case LXB_ENCODING_UTF_16BE:
	case LXB_ENCODING_UTF_16LE:
	case LXB_ENCODING_UTF_8: return true;
	default: return false;
	}
}

/*
 * One byte a character: a table of what each is, made by decoding every byte by itself. (lexbor's
 * decoders of whole texts do not say how far they came when one of these is undefined.)
 */
static struct str decode_narrow(struct arena *a, struct str bytes, const lxb_encoding_data_t *e,
				bool *damaged)
{
	struct {
		char text[4];
		unsigned char len;
	} table[256];
	size_t total = 0;
	char *out, *p;

	for (size_t i = 0; i < 256; i++) {
		lxb_codepoint_t c = UTF8_BAD, bad = UTF8_BAD;
		lxb_char_t byte = (lxb_char_t)i;
		const lxb_char_t *at = &byte;
		lxb_encoding_decode_t ctx = { 0 };

		lxb_encoding_decode_init(&ctx, e, &c, 1);
		lxb_encoding_decode_replace_set(&ctx, &bad, 1);
		e->decode(&ctx, &at, &byte + 1);
		table[i].len = (unsigned char)utf8_put(c, table[i].text);
	}
	for (size_t i = 0; i < bytes.len; i++)
		total += table[(unsigned char)bytes.ptr[i]].len;
	out = p = arena_alloc(a, total + 1);
	*damaged = false;
	for (size_t i = 0; i < bytes.len; i++) {
		size_t len = table[(unsigned char)bytes.ptr[i]].len;

		memcpy(p, table[(unsigned char)bytes.ptr[i]].text, len);
		*damaged = *damaged || (len == 3 && memcmp(p, "\xEF\xBF\xBD", 3) == 0);
		p += len;
	}
	return str_n(out, total);
}

/* Into out, up to end; false when it does not fit. *p is behind what was written. */
static bool decode_into(struct str bytes, const lxb_encoding_data_t *e, char **p, const char *end,
			bool *damaged)
{
	const lxb_char_t *at = (const lxb_char_t *)bytes.ptr, *stop = at + bytes.len;
	lxb_codepoint_t cps[CHUNK], bad = LXB_ENCODING_REPLACEMENT_CODEPOINT;
	lxb_encoding_decode_t ctx = { 0 };
	lxb_status_t status;

	*damaged = false;
	lxb_encoding_decode_init(&ctx, e, cps, CHUNK);
	lxb_encoding_decode_replace_set(&ctx, &bad, 1);
	do {
		lxb_encoding_decode_buf_used_set(&ctx, 0);
		status = e->decode(&ctx, &at, stop);
		if (status != LXB_STATUS_SMALL_BUFFER && ctx.buffer_used < ctx.buffer_length)
			lxb_encoding_decode_finish(&ctx); /* half a character at the end */
		if ((size_t)(end - *p) < ctx.buffer_used * 4)
			return false;
		*damaged = add_codepoints(p, cps, ctx.buffer_used) || *damaged;
	} while (status == LXB_STATUS_SMALL_BUFFER && ctx.buffer_used > 0);
	return true;
}

/*
 * bytes in the encoding e, as UTF-8 in a. Two bytes mostly become three at the worst, and one
 * becomes three (half-width kana, breaches) in texts that are rare enough to be done again.
 */
static struct str decode(struct arena *a, struct str bytes, const lxb_encoding_data_t *e,
			 bool *damaged)
{
	size_t slack = (size_t)CHUNK * 4, room = bytes.len + bytes.len / 2 + slack;
	char *out, *p;

	if (!is_multibyte(e))
		return decode_narrow(a, bytes, e, damaged);
	out = p = arena_alloc(a, room);
	if (!decode_into(bytes, e, &p, out + room, damaged)) {
		room = bytes.len * 3 + slack;
		out = p = arena_alloc(a, room);
		decode_into(bytes, e, &p, out + room, damaged);
	}
	return str_n(out, (size_t)(p - out));
}

static struct str decode_utf32(struct arena *a, struct str bytes, bool big, bool *damaged)
{
	size_t count = bytes.len / 4;
	char *out = arena_alloc(a, count * 4 + 4), *p = out;

	*damaged = bytes.len % 4 != 0;
	for (size_t i = 0; i < count; i++) {
		const unsigned char *b = (const unsigned char *)bytes.ptr + i * 4;
		uint32_t c = big ? (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 |
					     (uint32_t)b[2] << 8 | b[3]
				 : (uint32_t)b[3] << 24 | (uint32_t)b[2] << 16 |
					     (uint32_t)b[1] << 8 | b[0];

		*damaged = *damaged || c > LXB_ENCODING_MAX_CODEPOINT;
		p += utf8_put(c, p);
	}
	return str_n(out, (size_t)(p - out));
}

/* ---- which one ---- */

enum wide { NOT_WIDE, UTF16_LE, UTF16_BE, UTF32_LE, UTF32_BE };

static const struct {
	enum wide wide;
	struct str bom;
} boms[] = {
	{ UTF32_LE, STR("\xFF\xFE\0\0") },
	{ UTF32_BE, STR("\0\0\xFE\xFF") },
	{ UTF16_LE, STR("\xFF\xFE") },
	{ UTF16_BE, STR("\xFE\xFF") },
};

/* By the NULs around the ASCII that every document of ours begins with. */
static enum wide wide_without_bom(struct str bytes)
{
	static const struct {
		enum wide wide;
		int nuls[4]; /* 1: NUL, 0: another byte */
	} patterns[] = {
		{ UTF32_BE, { 1, 1, 1, 0 } },
		{ UTF32_LE, { 0, 1, 1, 1 } },
		{ UTF16_BE, { 1, 0, 1, 0 } },
		{ UTF16_LE, { 0, 1, 0, 1 } },
	};
	size_t look = bytes.len < 32 ? bytes.len / 4 * 4 : 32;

	for (size_t i = 0; look >= 4 && i < sizeof(patterns) / sizeof(patterns[0]); i++) {
		size_t ok = 0, first = 0;

		for (size_t at = 0; at < look; at++) {
			ok += (bytes.ptr[at] == 0) == patterns[i].nuls[at % 4];
			first = at < 4 ? ok : first;
		}
		/* the first characters are ASCII; of those behind them a few may not be */
		if (first == 4 && ok * 4 >= look * 3)
			return patterns[i].wide;
	}
	return NOT_WIDE;
}

static struct str decode_wide(struct arena *a, struct str bytes, enum wide wide,
			      struct charset *out)
{
	static const struct str names[] = {
		[UTF16_LE] = STR("UTF-16LE"),
		[UTF16_BE] = STR("UTF-16BE"),
		[UTF32_LE] = STR("UTF-32LE"),
		[UTF32_BE] = STR("UTF-32BE"),
	};

	out->name = names[wide];
	if (wide == UTF32_LE || wide == UTF32_BE)
		return decode_utf32(a, bytes, wide == UTF32_BE, &out->damaged);
	return decode(
		a, bytes,
		lxb_encoding_data(wide == UTF16_BE ? LXB_ENCODING_UTF_16BE : LXB_ENCODING_UTF_16LE),
		&out->damaged);
}

/* How much of s is UTF-8: characters of several bytes, of three or four, and breaches. */
struct utf8_facts {
	size_t good, long_good, bad;
};

/* Bytes that are UTF-8 but for a few: cut at an end, or damaged on the way. */
static bool is_mostly_utf8(const struct utf8_facts *f)
{
	/* Three bytes of another encoding pass for a character once in a hundred times. */
	return f->good >= 4 * f->bad || f->long_good * 2 >= f->bad;
}

static struct utf8_facts utf8_facts_of(struct str s)
{
	struct utf8_facts f = { 0 };

	for (size_t pos = 0; pos < s.len;) {
		size_t at = pos;

		if (!((unsigned char)s.ptr[pos] & 0x80)) {
			pos++;
			continue;
		}
		if (utf8_next(s, &pos) == UTF8_BAD &&
		    !(pos - at == 3 && (unsigned char)s.ptr[at] == 0xEF)) {
			f.bad++;
			if (f.bad % FACTS_ENOUGH == 0 &&
			    !is_mostly_utf8(&f)) /* it will not become any better */
				return f;
			continue;
		}
		f.good++;
		f.long_good += pos - at > 2;
	}
	return f;
}

static struct str as_utf8(struct arena *a, struct str bytes, struct charset *out)
{
	struct str clean = utf8_clean(a, bytes);

	out->name = (struct str)STR("UTF-8");
	out->damaged = clean.ptr != bytes.ptr;
	return clean;
}

/* Decodes by the label; false where the label is plainly wrong: then nothing of it is kept. */
static bool decode_by_label(struct arena *a, struct str bytes, const lxb_encoding_data_t *e,
			    struct charset *out, struct str *text)
{
	size_t errors =
		e->encoding == LXB_ENCODING_ISO_2022_JP ? 0 : charset_errors(bytes, e->encoding);

	if (errors > 2 && errors * 20 > charset_high_bytes(bytes))
		return false;
	*text = decode(a, bytes, e, &out->damaged);
	out->name = name_of(e);
	return true;
}

/*
 * Latin-1 is what servers and tools say when nobody told them. Its letters past ASCII stand among
 * others, one by one; where they come in pairs throughout and the other label says that they are
 * Chinese, Japanese or Korean, or they read as that, the label is none.
 */
static bool is_label_by_default(struct str bytes, const lxb_encoding_data_t *e,
				const lxb_encoding_data_t *other)
{
	const lxb_encoding_data_t *guess;
	size_t high = 0, paired = 0;

	if (e->encoding != LXB_ENCODING_WINDOWS_1252)
		return false;
	for (size_t i = 0; i < bytes.len; i++) {
		if (!(bytes.ptr[i] & 0x80))
			continue;
		high++;
		paired += (i > 0 && bytes.ptr[i - 1] & 0x80) ||
			  (i + 1 < bytes.len && bytes.ptr[i + 1] & 0x80);
	}
	if (paired * 4 < high * 3)
		return false;
	if (other && is_multibyte(other) && charset_errors(bytes, other->encoding) == 0)
		return true;
	if (high < PAIRS_ENOUGH)
		return false;
	guess = lxb_encoding_data(charset_guess(bytes));
	return is_multibyte(guess) && charset_errors(bytes, guess->encoding) == 0;
}

struct str charset_to_utf8(struct arena *a, struct str bytes, struct str header_label,
			   struct str document_label, struct charset *out)
{
	const lxb_encoding_data_t *labels[2] = { encoding_of_label(header_label),
						 encoding_of_label(document_label) };
	bool utf8_bom = false;
	enum wide wide;
	struct str text;

	*out = (struct charset){ .name = STR("UTF-8") };
	for (size_t i = 0; i < sizeof(boms) / sizeof(boms[0]); i++)
		if (str_has_prefix(bytes, boms[i].bom))
			return decode_wide(a, str_from(bytes, boms[i].bom.len), boms[i].wide, out);
	for (; str_has_prefix(bytes, S("\xEF\xBB\xBF")); utf8_bom = true) /* some write two */
		bytes = str_from(bytes, 3);
	if (!utf8_bom && (wide = wide_without_bom(bytes)) != NOT_WIDE)
		return decode_wide(a, bytes, wide, out);
	if (utf8_valid(bytes)) {
		/* Pure ASCII is what the label says (ISO-2022-JP is ASCII to the eye); else UTF-8
		 * wins: text of another encoding is UTF-8 by chance only where it is a few
		 * characters of two bytes. */
		const lxb_encoding_data_t *e = labels[0] ? labels[0] : labels[1];
		bool ascii = utf8_is_ascii(bytes);

		out->detected = !e;
		if (!e || is_utf16(e) || utf8_bom)
			return bytes;
		if (!ascii || e->encoding == LXB_ENCODING_UTF_8)
			return bytes;
		out->name = name_of(e);
		return e->encoding == LXB_ENCODING_ISO_2022_JP ? decode(a, bytes, e, &out->damaged)
							       : bytes;
	}
	struct utf8_facts facts = utf8_facts_of(bytes);
	if (utf8_bom || is_mostly_utf8(&facts))
		return as_utf8(a, bytes, out);
	for (size_t i = 0; i < 2; i++)
		if (labels[i] && labels[i]->encoding != LXB_ENCODING_UTF_8 &&
		    !is_utf16(labels[i]) && !is_label_by_default(bytes, labels[i], labels[1 - i]) &&
		    decode_by_label(a, bytes, labels[i], out, &text))
			return text;
	out->detected = true;
	const lxb_encoding_data_t *e = lxb_encoding_data(charset_guess(bytes));
	out->name = name_of(e);
	return decode(a, bytes, e, &out->damaged);
}
