/*
 * dateline - where and on which day a report was filed, as agencies write it at the front of the
 * first paragraph: （中央社東京23日綜合外電報導）, 新华社北京1月23日电, LONDON (Reuters) -, PARIS,
 * March 3 (AP) —
 */
#include <string.h>

#include "page/private.h"
#include "text/utf8.h"

/* The last run of digits before a day's mark (日), and where it starts. */
static bool find_day(struct str s, size_t *from, int *day)
{
	size_t at = str_find(s, S("日"));

	if (at == STR_NONE || at == 0 || !ch_is_digit(s.ptr[at - 1]))
		return false;
	size_t i = at;
	while (i > 0 && ch_is_digit(s.ptr[i - 1]) && at - i < 2)
		i--;
	int64_t n = 0;
	if (!str_to_i64(str_sub(s, i, at), 1, 31, &n))
		return false;
	*day = (int)n;
	/* 1月23日: the place ends before the month. */
	if (i >= 3 && memcmp(s.ptr + i - 3, "\xe6\x9c\x88", 3) == 0) {
		i -= 3;
		while (i > 0 && ch_is_digit(s.ptr[i - 1]))
			i--;
	}
	*from = i;
	return true;
}

/* How a report ends its dateline: 23日電, 23日專電, 23日綜合外電報導. */
static bool ends_report(struct str s)
{
	static const struct str ends[] = { STR("電"), STR("电"), STR("報導"), STR("報道"),
					   STR("报道") };

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (str_has_suffix(s, ends[i]))
			return true;
	return false;
}

/* Without the agency in front: a known one, or what calls itself one (…社, …網, …報) where the
 * whole reads as a report. */
static struct str strip_agency(struct str s)
{
	const struct vocab_list *agencies = vocab_list("agency");
	static const struct str kinds[] = { STR("社"), STR("網"), STR("网"), STR("報"), STR("报") };
	size_t longest = 0;

	for (size_t i = 0; i < agencies->count; i++)
		if (str_has_prefix(s, agencies->items[i]) && agencies->items[i].len > longest)
			longest = agencies->items[i].len;
	if (longest || !ends_report(s))
		return str_from(s, longest);
	size_t first = STR_NONE;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		size_t at = str_find(str_sub(s, 0, 24), kinds[i]);
		first = at < first ? at : first;
	}
	return first == STR_NONE || first == 0 ? s : str_from(s, first + 3);
}

enum { DATELINE_MAX = 120 };

static bool read_chinese(struct page_extractor *x, struct str text, struct dateline *out)
{
	struct str body = text;
	size_t from = 0, end = STR_NONE;
	int day = 0;

	body = str_sub(body, 0, DATELINE_MAX + 8); /* no need to look through all of the text */
	if (str_has_prefix(body, S("（")) || str_has_prefix(body, S("【"))) {
		body = str_from(body, 3);
		end = str_find(body, str_has_prefix(text, S("（")) ? S("）") : S("】"));
	} else if (str_has_prefix(body, S("("))) {
		body = str_from(body, 1);
		end = str_find_ch(body, ')');
	} else {
		/* Without brackets it ends with 电 or 電. */
		size_t a = str_find(body, S("电")), b = str_find(body, S("電"));
		end = a < b ? a : b;
		end = end == STR_NONE ? end : end + 3;
	}
	if (end == STR_NONE || end > DATELINE_MAX)
		return false;
	body = str_sub(body, 0, end);
	struct str rest = strip_agency(body);
	if (rest.len == body.len || !find_day(rest, &from, &day))
		return false;
	struct str place = str_trim(str_sub(rest, 0, from));
	if (str_has_prefix(place, S("記者")) || str_has_prefix(place, S("记者"))) {
		struct str names = str_trim(str_from(place, 6));

		place = (struct str){ 0 };
		x->reporters = arena_str(x->mem, han_reporters(names, &place));
	}
	*out = (struct dateline){ body, place, day };
	return true;
}

static bool is_upper_place(struct str s)
{
	size_t upper = 0;

	if (s.len < 3 || s.len > 40)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		char ch = s.ptr[i];
		if (ch >= 'a' && ch <= 'z')
			return false;
		if (ch_is_digit(ch) || ch == '!' || ch == '?' || ch == ':' || ch == '"')
			return false;
		upper += ch >= 'A' && ch <= 'Z';
	}
	return upper >= 3;
}

/* The day in "Nov 22" or "22 Nov": one number and one word; else 0. */
static int day_of(struct str s)
{
	size_t letters = 0, digits = 0, runs = 0;
	int day = 0;

	for (size_t i = 0; i < s.len; i++) {
		char ch = s.ptr[i];
		bool digit = ch_is_digit(ch);

		runs += digit && (i == 0 || !ch_is_digit(s.ptr[i - 1]));
		digits += digit;
		letters += ch_is_alpha(ch) || (unsigned char)ch >= 0x80;
		if (digit && day < 100)
			day = day * 10 + (ch - '0');
	}
	return runs == 1 && digits <= 2 && letters >= 3 && s.len < 16 && day <= 31 ? day : 0;
}

/* LONDON (Reuters) - text; WASHINGTON (AP) — text; PARIS — text; PUTRAJAYA, Nov 22 — text */
static bool read_latin(struct str text, struct dateline *out)
{
	static const struct str dashes[] = { STR(" - "),  STR(" – "), STR(" — "),
					     STR(" -- "), STR(") —"), STR(") -") };
	size_t at = STR_NONE;

	for (size_t i = 0; i < sizeof(dashes) / sizeof(dashes[0]); i++) {
		size_t k = str_find(str_sub(text, 0, 90), dashes[i]);
		if (k != STR_NONE && dashes[i].ptr[0] == ')')
			k++;
		at = k < at ? k : at;
	}
	if (at == STR_NONE)
		return false;
	struct str head = str_trim(str_sub(text, 0, at)), place = head;
	size_t bracket = str_find_ch(head, '(');
	if (bracket != STR_NONE && head.ptr[head.len - 1] == ')') {
		struct str agency = str_sub(head, bracket + 1, head.len - 1);
		if (!vocab_in("agency", agency))
			return false;
		place = str_trim(str_sub(head, 0, bracket));
	}
	struct str city = str_sub(place, 0, str_find_ch(place, ','));
	if (!is_upper_place(city))
		return false;
	size_t comma = str_rfind_ch(place, ',');
	int day = comma == STR_NONE ? 0 : day_of(str_trim(str_from(place, comma + 1)));
	if (day)
		place = str_trim(str_sub(place, 0, comma));
	*out = (struct dateline){ head, place, day };
	return true;
}

void dateline_read(struct page_extractor *x)
{
	const struct tree *t = &x->tree;
	struct dateline d = { 0 };

	for (size_t i = 0, seen = 0; i < t->block_count && seen < 2; i++) {
		if (!t->blocks[i].keep)
			continue;
		struct str text = block_text(t, &t->blocks[i]);
		seen++;
		if (!read_chinese(x, text, &d) && !read_latin(text, &d))
			continue;
		x->out->article.dateline = (struct dateline){ arena_str(x->mem, d.text),
							      arena_str(x->mem, d.place), d.day };
		return;
	}
}
