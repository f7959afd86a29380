/* Words and times in the mirror's language. A time's pattern is one of the words: "{Y}年{n}月{j}日
 * {H}:{i}". */
#include "site/private.h"
#include "text/date.h"

struct str word(const struct site *s, const char *key)
{
	return theme_word(s->words, str_of(key));
}

struct str word_n(const struct site *s, struct arena *a, const char *key, int64_t n)
{
	struct str text = word(s, key);
	size_t at = str_find(text, S("{n}"));

	if (n == 1) {
		struct str one = theme_word(s->words, arena_strf(a, "%s_1", key));

		if (one.len)
			return one;
	}
	if (at == STR_NONE)
		return text;
	struct buf b;
	buf_init(&b, BUF_NO_MAX);
	buf_add(&b, str_sub(text, 0, at));
	buf_add_i64(&b, n);
	buf_add(&b, str_from(text, at + 3));
	text = arena_str(a, buf_str(&b));
	buf_fini(&b);
	return text;
}

/* The nth of "January|February|..." */
static struct str nth(struct str names, int n)
{
	struct str piece;

	while (str_split(&names, '|', &piece))
		if (n-- == 0)
			return piece;
	return S("");
}

/* At least two digits where `pad`. */
static void add_number(struct buf *out, int n, bool pad)
{
	char digits[12];
	size_t at = sizeof(digits);
	unsigned left = n < 0 ? 0u - (unsigned)n : (unsigned)n;

	if (left < 100 && n >= 0) { /* most: without a loop */
		if (pad || n > 9)
			buf_add_ch(out, (char)('0' + n / 10));
		buf_add_ch(out, (char)('0' + n % 10));
		return;
	}
	do
		digits[--at] = (char)('0' + left % 10);
	while (left /= 10);
	if (pad && at == sizeof(digits) - 1)
		digits[--at] = '0';
	if (n < 0)
		digits[--at] = '-';
	buf_add_n(out, digits + at, sizeof(digits) - at);
}

static void add_zone(struct buf *out, int offset_min)
{
	int minutes = offset_min < 0 ? -offset_min : offset_min;

	buf_add(out, S("UTC"));
	if (!minutes)
		return;
	buf_add(out, offset_min < 0 ? S("\xE2\x88\x92") : S("+"));
	add_number(out, minutes / 60, false);
	if (minutes % 60 == 0)
		return;
	buf_add_ch(out, ':');
	add_number(out, minutes % 60, true);
}

static void add_token(const struct site *s, struct buf *out, char token,
		      const struct date_fields *f, int offset_min)
{
	switch (token) {
	case 'Y': add_number(out, f->year, false); break;
	case 'n': add_number(out, f->month, false); break;
	case 'j': add_number(out, f->day, false); break;
	case 'M': buf_add(out, nth(word(s, "months"), f->month - 1)); break;
	case 'D': buf_add(out, nth(word(s, "weekdays"), f->weekday)); break;
	case 'H': add_number(out, f->hour, true); break;
	case 'i': add_number(out, f->minute, true); break;
	case 'z': add_zone(out, offset_min); break;
	}
}

struct str format_time(const struct site *s, struct arena *a, const char *key, int64_t ms,
		       int offset_min)
{
	struct str pattern = word(s, key);
	char room[257];
	struct buf b = { .ptr = room, .cap = sizeof(room), .max = sizeof(room) - 1 };
	struct date_fields f;

	if (ms == TIME_UNSTATED)
		return S("");
	date_fields(ms, offset_min, &f);
	while (pattern.len) {
		size_t at = str_find_ch(pattern, '{');

		if (at == STR_NONE || at + 2 >= pattern.len || pattern.ptr[at + 2] != '}')
			break;
		buf_add(&b, str_sub(pattern, 0, at));
		add_token(s, &b, pattern.ptr[at + 1], &f, offset_min);
		pattern = str_from(pattern, at + 3);
	}
	buf_add(&b, pattern);
	return arena_str(a, buf_str(&b));
}

static char *two(char *at, int n)
{
	*at++ = (char)('0' + n / 10 % 10);
	*at++ = (char)('0' + n % 10);
	return at;
}

/* To the second; dates of the years 0 to 9999, and there are no others in RFC 3339. */
struct str rfc3339(struct arena *a, int64_t ms, int offset_min)
{
	struct date_fields f;
	int minutes = offset_min < 0 ? -offset_min : offset_min;
	char *text, *at;

	if (ms == TIME_UNSTATED)
		return S("");
	date_fields(ms, offset_min, &f);
	if (f.year < 0 || f.year > 9999)
		return S("");
	at = text = arena_alloc(a, 32);
	at = two(two(at, f.year / 100), f.year % 100);
	*at++ = '-';
	at = two(at, f.month);
	*at++ = '-';
	at = two(at, f.day);
	*at++ = 'T';
	at = two(at, f.hour);
	*at++ = ':';
	at = two(at, f.minute);
	*at++ = ':';
	at = two(at, f.second);
	if (!offset_min)
		*at++ = 'Z';
	else
		*at++ = offset_min < 0 ? '-' : '+';
	if (offset_min) {
		at = two(at, minutes / 60);
		*at++ = ':';
		at = two(at, minutes % 60);
	}
	return str_n(text, (size_t)(at - text));
}

void put_time(struct site *s, struct arena *a, struct value *v, const char *key, const char *format,
	      int64_t ms, int offset_min)
{
	if (ms == TIME_UNSTATED)
		return;
	struct value *time = value_put_object(a, v, key);
	value_put_plain(a, time, "datetime", rfc3339(a, ms, offset_min));
	value_put_text(a, time, "text", format_time(s, a, format, ms, offset_min));
}
