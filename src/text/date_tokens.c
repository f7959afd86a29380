#include "text/date_tokens.h"

#include <string.h>

#include "text/utf8.h"

static const struct unit {
	const char *text;
	enum token_kind kind;
	int value;
} units[] = {
	{ "年", TOKEN_YEAR, 0 },     { "년", TOKEN_YEAR, 0 },     { "月", TOKEN_MONTH, 0 },
	{ "월", TOKEN_MONTH, 0 },    { "日", TOKEN_DAY, 0 },      { "일", TOKEN_DAY, 0 },
	{ "號", TOKEN_DAY, 0 },      { "号", TOKEN_DAY, 0 },      { "時", TOKEN_HOUR, 0 },
	{ "时", TOKEN_HOUR, 0 },     { "點", TOKEN_HOUR, 0 },     { "点", TOKEN_HOUR, 0 },
	{ "시", TOKEN_HOUR, 0 },     { "分", TOKEN_MINUTE, 0 },   { "분", TOKEN_MINUTE, 0 },
	{ "秒", TOKEN_SECOND, 0 },   { "초", TOKEN_SECOND, 0 },   { "民國", TOKEN_ERA, 1911 },
	{ "民国", TOKEN_ERA, 1911 }, { "令和", TOKEN_ERA, 2018 }, { "平成", TOKEN_ERA, 1988 },
	{ "昭和", TOKEN_ERA, 1925 }, { "中華", TOKEN_NOISE, 0 },  { "公元", TOKEN_NOISE, 0 },
	{ "西元", TOKEN_NOISE, 0 },  { "西暦", TOKEN_NOISE, 0 },  { "上午", TOKEN_AM, 0 },
	{ "早上", TOKEN_AM, 0 },     { "凌晨", TOKEN_AM, 0 },     { "午前", TOKEN_AM, 0 },
	{ "清晨", TOKEN_AM, 0 },     { "오전", TOKEN_AM, 0 },     { "下午", TOKEN_PM, 0 },
	{ "晚上", TOKEN_PM, 0 },     { "午後", TOKEN_PM, 0 },     { "中午", TOKEN_PM, 0 },
	{ "傍晚", TOKEN_PM, 0 },     { "오후", TOKEN_PM, 0 },     { "曜日", TOKEN_NOISE, 0 },
	{ "曜", TOKEN_NOISE, 0 },    { "요일", TOKEN_NOISE, 0 },  { "整", TOKEN_NOISE, 0 },
	{ "：", TOKEN_SIGN, ':' },   { "，", TOKEN_SIGN, ',' },   { "／", TOKEN_SIGN, '/' },
	{ "－", TOKEN_SIGN, '-' },   { "–", TOKEN_SIGN, '-' },    { "−", TOKEN_SIGN, '-' },
	{ "．", TOKEN_SIGN, '.' },   { "·", TOKEN_SIGN, '.' },    { "、", TOKEN_SIGN, ',' },
	{ "　", TOKEN_SIGN, ' ' },
};

static const char *const week_prefixes[] = { "星期", "礼拜", "禮拜", "週", "周" };
static const char *const han_digits[] = {
	"〇", "一", "二", "三", "四", "五", "六", "七", "八", "九"
};

/* ---- words ---- */

/* Lower case without accents, for the scripts that names in date_names.c are in. */
static const struct {
	const char *from;
	char to[3];
} folds[] = {
	{ "áàâäãåăą", "a" }, { "éèêëěę", "e" }, { "íìîïı", "i" }, { "óòôöőõø", "o" },
	{ "úùûüűů", "u" },   { "çčćç", "c" },   { "ñńň", "n" },   { "šśşș", "s" },
	{ "žźż", "z" },      { "ýÿ", "y" },     { "ğ", "g" },     { "ł", "l" },
	{ "řŕ", "r" },       { "ďđ", "d" },     { "ťţț", "t" },   { "άά", "α" },
	{ "έέ", "ε" },       { "ήή", "η" },     { "ίϊΐί", "ι" },  { "όό", "ο" },
	{ "ύϋΰύ", "υ" },     { "ώώ", "ω" },     { "ё", "е" },
};

static uint32_t lower(uint32_t c)
{
	if (c < 0x80)
		return c >= 'A' && c <= 'Z' ? c + 32 : c;
	if ((c >= 0xC0 && c <= 0xDE && c != 0xD7) || (c >= 0x391 && c <= 0x3AB) ||
	    (c >= 0x410 && c <= 0x42F))
		return c + 32;
	if (c >= 0x400 && c <= 0x40F)
		return c + 80;
	if (c == 0x130)
		return 'i';
	if ((c >= 0x100 && c <= 0x137) || (c >= 0x14A && c <= 0x177))
		return c | 1;
	if ((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17E))
		return c + (c & 1);
	switch (c) {
	case 0x178: return 0xFF;
	case 0x218: return 0x219;
	case 0x21A: return 0x21B;
	case 0x386: return 0x3AC;
	case 0x388:
	case 0x389:
	case 0x38A: return c + 37;
	case 0x38C: return 0x3CC;
	case 0x38E:
	case 0x38F: return c + 63;
	case 0x3C2: return 0x3C3;
	}
	return c;
}

static void add_folded(struct token *t, uint32_t c)
{
	char one[4];
	size_t n;

	if (c >= 0x300 && c <= 0x36F) /* an accent of its own */
		return;
	n = utf8_put(lower(c), one);
	if (one[0] & 0x80)
		for (size_t i = 0; i < sizeof(folds) / sizeof(folds[0]); i++)
			if (str_find(str_of(folds[i].from), str_n(one, n)) != STR_NONE) {
				n = strlen(folds[i].to);
				memcpy(one, folds[i].to, n);
				break;
			}
	if (t->len + n < sizeof(t->word)) {
		memcpy(t->word + t->len, one, n);
		t->len += n;
	}
}

bool date_is_letter(uint32_t c)
{
	if (c < 0x80)
		return ch_is_alpha((char)c);
	return (c >= 0xC0 && c <= 0x24F && c != 0xD7 && c != 0xF7) || (c >= 0x300 && c <= 0x52F) ||
	       (c >= 0x1E00 && c <= 0x1FFF);
}

/* ---- tokens ---- */

static uint32_t peek(struct str s, size_t at, size_t *next)
{
	if (at >= s.len)
		return 0;
	*next = at;
	return utf8_next(s, next);
}

int date_digit_of(uint32_t c)
{
	if (c >= '0' && c <= '9')
		return (int)(c - '0');
	if (c >= 0xFF10 && c <= 0xFF19)
		return (int)(c - 0xFF10);
	return -1;
}

static struct token *add_token(struct tokens *ts, enum token_kind kind, size_t at)
{
	struct token *t;

	if (ts->count == DATE_MAX_TOKENS)
		return NULL;
	t = &ts->items[ts->count++];
	t->kind = kind;
	t->value = 0;
	t->digits = 0;
	t->before = 0;
	t->len = 0;
	t->at = at;
	t->end = at;
	return t;
}

static bool read_number(struct str s, size_t *pos, struct tokens *ts)
{
	struct token *t = add_token(ts, TOKEN_NUMBER, *pos);
	size_t next = *pos;
	int d;

	if (!t)
		return false;
	while (next < s.len && (d = date_digit_of(peek(s, *pos, &next))) >= 0) {
		if (t->digits < 18)
			t->value = t->value * 10 + d;
		t->digits++;
		*pos = next;
		if (next >= s.len)
			break;
	}
	t->end = *pos;
	return t->digits < 18;
}

/* A Chinese numeral: 二〇二三 digit by digit, or 二十三 by tens. */
static bool read_han_number(struct str s, size_t *pos, struct tokens *ts)
{
	size_t at = *pos;
	int64_t value = 0, tens = -1;
	int digits = 0;

	for (;;) {
		struct str rest = str_from(s, at);
		int d = -1;

		for (int i = 0; i < 10 && d < 0; i++)
			if (str_has_prefix(rest, str_of(han_digits[i])))
				d = i;
		if (d < 0 && str_has_prefix(rest, S("零")))
			d = 0;
		if (d >= 0) {
			value = value * 10 + d;
		} else if (tens < 0 && str_has_prefix(rest, S("十"))) {
			tens = digits ? value : 1;
			value = 0;
		} else {
			break;
		}
		at += 3;
		if (++digits > 8)
			return false;
	}
	if (digits == 0)
		return false;
	struct token *t = add_token(ts, TOKEN_NUMBER, *pos);
	if (!t)
		return false;
	t->value = tens >= 0 ? tens * 10 + value : value;
	t->digits = tens >= 0 ? 2 : digits;
	t->end = at;
	*pos = at;
	return true;
}

/* 星期一, 週日, 礼拜天: skipped with their number. */
static bool skip_han_weekday(struct str s, size_t *pos)
{
	for (size_t i = 0; i < sizeof(week_prefixes) / sizeof(week_prefixes[0]); i++) {
		struct str prefix = str_of(week_prefixes[i]);
		size_t at = *pos + prefix.len;

		if (!str_has_prefix(str_from(s, *pos), prefix))
			continue;
		if (at + 3 <= s.len && (unsigned char)s.ptr[at] >= 0xE3)
			at += 3;
		*pos = at;
		return true;
	}
	return false;
}

static bool read_unit(struct str s, size_t *pos, struct tokens *ts)
{
	struct str rest = str_from(s, *pos);

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		struct str text = str_of(units[i].text);

		if (!str_has_prefix(rest, text))
			continue;
		/* 火曜日: the day's name stands in front and is no unit; so does the 月 of (月). */
		if (units[i].kind != TOKEN_SIGN || units[i].value != ' ') {
			struct token *t = add_token(ts, units[i].kind, *pos);

			if (!t)
				return false;
			t->value = units[i].value;
			t->end = *pos + text.len;
		}
		*pos += text.len;
		uint32_t first = utf8_next(text, &(size_t){ 0 });
		ts->korean = ts->korean || utf8_is_hangul(first);
		ts->japanese = ts->japanese || str_has_prefix(text, S("午前")) ||
			       str_has_prefix(text, S("午後")) || str_has_prefix(text, S("令和")) ||
			       str_has_prefix(text, S("平成"));
		return true;
	}
	return false;
}

static void read_word(struct str s, size_t *pos, struct tokens *ts)
{
	struct token *t = add_token(ts, TOKEN_WORD, *pos);
	size_t next = *pos;

	if (!t) {
		ts->broken = true;
		return;
	}
	while (*pos < s.len) {
		uint32_t c = peek(s, *pos, &next);

		/* "a.m.", "μ.μ.": a full stop between single letters */
		if (c == '.' && t->len > 0 && t->len <= 2 && next < s.len) {
			size_t after = next;

			if (!date_is_letter(peek(s, next, &after)) ||
			    (after < s.len && date_is_letter(peek(s, after, &(size_t){ 0 }))))
				break;
		} else if (!date_is_letter(c) && c != '\'') {
			break;
		}
		add_folded(t, c);
		*pos = next;
	}
	t->end = *pos;
}

/* (UTC), (月), （周三）: a comment of RFC 822; never part of the date. */
static bool skip_comment(struct str s, size_t *pos)
{
	static const struct {
		struct str open, close;
	} pairs[] = { { STR("("), STR(")") }, { STR("（"), STR("）") }, { STR("["), STR("]") } };

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		if (!str_has_prefix(str_from(s, *pos), pairs[i].open))
			continue;
		size_t end = str_find(str_from(s, *pos), pairs[i].close);
		if (end == STR_NONE)
			return false;
		*pos += end + pairs[i].close.len;
		return true;
	}
	return false;
}

void date_tokens_of(struct str s, size_t max, struct tokens *ts)
{
	size_t pos = 0;

	ts->count = 0;
	ts->korean = ts->japanese = ts->broken = false;
	while (pos < s.len && !ts->broken && ts->count < max) {
		size_t next = pos;
		uint32_t c = peek(s, pos, &next);

		if (utf8_is_space(c) || c == 0xA0) {
			pos = next;
		} else if (date_digit_of(c) >= 0) {
			ts->broken = !read_number(s, &pos, ts);
			struct token *t = &ts->items[ts->count - 1];
			if (t->at > 0)
				t->before = s.ptr[t->at - 1];
		} else if (date_is_letter(c)) {
			read_word(s, &pos, ts);
		} else if (c < 0x80 && strchr("+-:/.,_|'", (int)c)) {
			struct token *t = add_token(ts, TOKEN_SIGN, pos);

			if (t) {
				t->value = c;
				t->end = next;
			}
			ts->broken = !t;
			pos = next;
		} else if (!skip_comment(s, &pos) && !skip_han_weekday(s, &pos) &&
			   !read_unit(s, &pos, ts) && !read_han_number(s, &pos, ts)) {
			ts->broken = true;
		}
	}
}
