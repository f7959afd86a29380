/* Words and times in the mirror's language. A time's pattern is one of the words: "{Y}年{n}月{j}日 {H}:{i}". */
#include <stdio.h>

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
	return arena_strf(a, "%.*s%lld%.*s", STR_FMT(str_sub(text, 0, at)), (long long)n,
			  STR_FMT(str_from(text, at + 3)));
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

static void add_zone(struct buf *out, int offset_min)
{
	int minutes = offset_min < 0 ? -offset_min : offset_min;

	buf_add(out, S("UTC"));
	if (!minutes)
		return;
	buf_addf(out, "%s%d", offset_min < 0 ? "\xE2\x88\x92" : "+", minutes / 60);
	if (minutes % 60)
		buf_addf(out, ":%02d", minutes % 60);
}

static void add_token(const struct site *s, struct buf *out, struct str token, const struct date_fields *f,
		      int offset_min)
{
	if (str_eq(token, S("Y")))
		buf_addf(out, "%d", f->year);
	else if (str_eq(token, S("n")))
		buf_addf(out, "%d", f->month);
	else if (str_eq(token, S("j")))
		buf_addf(out, "%d", f->day);
	else if (str_eq(token, S("M")))
		buf_add(out, nth(word(s, "months"), f->month - 1));
	else if (str_eq(token, S("D")))
		buf_add(out, nth(word(s, "weekdays"), f->weekday));
	else if (str_eq(token, S("H")))
		buf_addf(out, "%02d", f->hour);
	else if (str_eq(token, S("i")))
		buf_addf(out, "%02d", f->minute);
	else if (str_eq(token, S("z")))
		add_zone(out, offset_min);
}

struct str format_time(const struct site *s, struct arena *a, const char *key, int64_t ms, int offset_min)
{
	struct str pattern = word(s, key);
	struct date_fields f;
	struct buf b;

	if (ms == TIME_UNSTATED)
		return S("");
	date_fields(ms, offset_min, &f);
	buf_init(&b, 256);
	while (pattern.len) {
		size_t open = str_find_ch(pattern, '{');
		size_t close = str_find_ch(pattern, '}');

		if (open == STR_NONE || close == STR_NONE || close < open)
			break;
		buf_add(&b, str_sub(pattern, 0, open));
		add_token(s, &b, str_sub(pattern, open + 1, close), &f, offset_min);
		pattern = str_from(pattern, close + 1);
	}
	buf_add(&b, pattern);
	struct str text = arena_str(a, buf_str(&b));
	buf_fini(&b);
	return text;
}

struct str rfc3339(struct arena *a, int64_t ms, int offset_min)
{
	struct buf b;

	if (ms == TIME_UNSTATED)
		return S("");
	buf_init(&b, 64);
	buf_add_rfc3339(&b, ms - ((ms % 1000) + 1000) % 1000, offset_min);
	struct str text = arena_str(a, buf_str(&b));
	buf_fini(&b);
	return text;
}
