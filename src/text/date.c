/*
 * One scanner for every way to write a date. The text becomes a few tokens (numbers, words, CJK
 * units, signs); walking them, whatever says its own meaning (a month's name, "12:30", "年", a
 * zone) is taken, and the numbers that are left over are year, month and day by their number of
 * digits and their order. There is no list of formats to fall out of.
 */
#include "text/date.h"

#include <string.h>

#include "text/date_names.h"
#include "text/date_tokens.h"
#include "text/utf8.h"

enum {
	MAX_BYTES = 256,
	MAX_NUMBERS = 3,
	YEAR_MIN = 1000,
	YEAR_MAX = 9999,
	DAY_MS = 86400000,
	UNSET = -1
};

struct reading {
	int year, month, day, hour, minute, second, ms;
	int offset_min;
	bool has_zone, pm, am;
	bool month_named, month_first, era;
	int era_offset;
	int64_t numbers[MAX_NUMBERS];
	int digits[MAX_NUMBERS];
	char before[MAX_NUMBERS];
	size_t number_count;
};

/* ---- meaning ---- */

static bool is_sign(const struct tokens *ts, size_t i, char sign)
{
	return i < ts->count && ts->items[i].kind == TOKEN_SIGN && ts->items[i].value == sign;
}

static bool is_number(const struct tokens *ts, size_t i, int max_digits)
{
	return i < ts->count && ts->items[i].kind == TOKEN_NUMBER &&
	       ts->items[i].digits <= max_digits;
}

/* "10:04[:06[.789]]" at token i; gives the token behind it, or 0. */
static size_t take_clock(const struct tokens *ts, size_t i, struct reading *r)
{
	if (r->hour != UNSET || !is_number(ts, i, 2) || !is_sign(ts, i + 1, ':') ||
	    !is_number(ts, i + 2, 2))
		return 0;
	r->hour = (int)ts->items[i].value;
	r->minute = (int)ts->items[i + 2].value;
	i += 3;
	if (is_sign(ts, i, ':') && is_number(ts, i + 1, 2)) {
		r->second = (int)ts->items[i + 1].value;
		i += 2;
	}
	/* fractions: ".789", ",789", and ":4" as some write it */
	if ((is_sign(ts, i, '.') || is_sign(ts, i, ',') || is_sign(ts, i, ':')) &&
	    is_number(ts, i + 1, 17) && ts->items[i].end == ts->items[i + 1].at) {
		int64_t fraction = ts->items[i + 1].value;

		for (int d = ts->items[i + 1].digits; d > 3; d--)
			fraction /= 10;
		for (int d = ts->items[i + 1].digits; d < 3; d++)
			fraction *= 10;
		r->ms = (int)fraction;
		i += 2;
	}
	return i;
}

/* "+0800", "-05:00", "+8" at token i; gives the token behind it, or 0. */
static size_t take_offset(const struct tokens *ts, size_t i, struct reading *r)
{
	int hours, minutes = 0;
	bool negative;

	if (!(is_sign(ts, i, '+') || is_sign(ts, i, '-')) || !is_number(ts, i + 1, 4))
		return 0;
	negative = ts->items[i].value == '-';
	hours = (int)ts->items[i + 1].value;
	if (ts->items[i + 1].digits > 2) {
		minutes = hours % 100;
		hours /= 100;
		i += 2;
	} else if (is_sign(ts, i + 2, ':') && is_number(ts, i + 3, 2)) {
		minutes = (int)ts->items[i + 3].value;
		i += 4;
	} else {
		i += 2;
	}
	if (hours > 14 || minutes > 59)
		return 0;
	r->offset_min = negative ? -(hours * 60 + minutes) : hours * 60 + minutes;
	r->has_zone = true;
	return i;
}

/* A run of digits that is a whole date or time: 20031231, 20031231101455, 2003365, 101455. */
static bool take_compact(const struct token *t, struct reading *r)
{
	int64_t v = t->value;

	if (t->digits == 14 || t->digits == 12) {
		if (t->digits == 14) {
			r->second = (int)(v % 100);
			v /= 100;
		}
		r->minute = (int)(v % 100);
		r->hour = (int)(v / 100 % 100);
		v /= 10000;
	} else if (t->digits == 6 && r->year != UNSET && r->hour == UNSET) {
		r->hour = (int)(v / 10000);
		r->minute = (int)(v / 100 % 100);
		r->second = (int)(v % 100);
		return true;
	} else if (t->digits == 7 && r->year == UNSET) {
		r->year = (int)(v / 1000);
		r->month = 1;
		r->day = (int)(v % 1000); /* of the year */
		return r->day >= 1 && r->day <= 366;
	} else if (t->digits != 8) {
		return false;
	}
	if (r->year != UNSET)
		return false;
	r->year = (int)(v / 10000);
	r->month = (int)(v / 100 % 100);
	r->day = (int)(v % 100);
	return true;
}

static bool take_number(const struct token *t, struct reading *r)
{
	if (t->digits > 4)
		return take_compact(t, r);
	if (r->number_count == MAX_NUMBERS)
		return false;
	r->numbers[r->number_count] = t->value;
	r->digits[r->number_count] = t->digits;
	r->before[r->number_count] = t->before;
	r->number_count++;
	return true;
}

static int whole_year(int64_t year, int digits)
{
	if (digits <= 2) /* RFC 2822 4.3 */
		return (int)(year < 50 ? year + 2000 : year + 1900);
	/* Three digits are a year of the Republic (112 = 2023) where they could be one. */
	if (digits == 3)
		return (int)(year < 100 ? year + 1900 : year + 1911);
	return (int)year;
}

/* A number and the CJK unit behind it. */
static bool take_unit(const struct token *number, const struct token *unit, struct reading *r)
{
	int v = (int)number->value;
	int *field = NULL;

	switch (unit->kind) {
	case TOKEN_YEAR:
		field = &r->year;
		v = r->era ? v + r->era_offset : whole_year(v, number->digits);
		break;
	case TOKEN_MONTH: field = &r->month; break;
	case TOKEN_DAY: field = &r->day; break;
	case TOKEN_HOUR: field = &r->hour; break;
	case TOKEN_MINUTE: field = &r->minute; break;
	case TOKEN_SECOND: field = &r->second; break;
	default: return false;
	}
	if (number->digits > 4 || (*field != UNSET && !(unit->kind == TOKEN_SECOND && *field == 0)))
		return false;
	*field = v;
	return true;
}

/* A word at token i; gives the token behind what it takes, or 0 where it has no place in a date. */
static size_t take_word(const struct tokens *ts, size_t i, int zone_min, struct reading *r)
{
	const struct token *t = &ts->items[i];
	int value;
	size_t next;

	/* "a. m.", as Spanish has it */
	if (t->len == 1 && (t->word[0] == 'a' || t->word[0] == 'p') && is_sign(ts, i + 1, '.') &&
	    i + 2 < ts->count && ts->items[i + 2].len == 1 && ts->items[i + 2].word[0] == 'm') {
		r->am = t->word[0] == 'a';
		r->pm = !r->am;
		return i + 3;
	}
	switch (date_word_of(str_n(t->word, t->len), zone_min, &value)) {
	case DATE_WORD_MONTH:
		/* "mar. 23 mai": what stands in front of all numbers may have been a day of the
		 * week */
		if (r->month_named && !r->month_first)
			return 0;
		r->month_first = !r->month_named && r->number_count == 0;
		r->month = value;
		r->month_named = true;
		return i + 1;
	case DATE_WORD_ZONE:
		if (!r->has_zone)
			r->offset_min = value;
		r->has_zone = true;
		next = take_offset(ts, i + 1, r);
		if (!next && (is_sign(ts, i + 1, '+') || is_sign(ts, i + 1, '-')))
			return 0;
		return next ? next : i + 1;
	case DATE_WORD_AM: r->am = true; return i + 1;
	case DATE_WORD_PM: r->pm = true; return i + 1;
	case DATE_WORD_HOURS: return i + 1;
	case DATE_WORD_WEEKDAY:
	case DATE_WORD_FILLER: return i + 1;
	case DATE_WORD_NONE: break;
	}
	return 0;
}

/* "9h15", "9 Uhr 15", "9h": gives the token behind it, or 0. */
static size_t take_hours_word(const struct tokens *ts, size_t i, struct reading *r)
{
	int value;

	if (r->hour != UNSET || !is_number(ts, i, 2) || i + 1 >= ts->count ||
	    ts->items[i + 1].kind != TOKEN_WORD ||
	    date_word_of(str_n(ts->items[i + 1].word, ts->items[i + 1].len), 0, &value) !=
		    DATE_WORD_HOURS)
		return 0;
	r->hour = (int)ts->items[i].value;
	r->minute = 0;
	if (!is_number(ts, i + 2, 2))
		return i + 2;
	r->minute = (int)ts->items[i + 2].value;
	return i + 3;
}

static bool take_tokens(const struct tokens *ts, int zone_min, struct reading *r)
{
	size_t next;

	for (size_t i = 0; i < ts->count; i = next) {
		const struct token *t = &ts->items[i];

		next = i + 1;
		switch (t->kind) {
		case TOKEN_NUMBER:
			if (next < ts->count && ts->items[next].kind >= TOKEN_YEAR &&
			    ts->items[next].kind <= TOKEN_SECOND) {
				if (!take_unit(t, &ts->items[next], r))
					return false;
				next++;
				break;
			}
			if ((next = take_clock(ts, i, r)) || (next = take_hours_word(ts, i, r)))
				break;
			next = i + 1;
			/* "T1014": hours and minutes without a colon */
			if (t->digits == 4 && i > 0 && ts->items[i - 1].kind == TOKEN_WORD &&
			    ts->items[i - 1].len == 1 && ts->items[i - 1].word[0] == 't' &&
			    r->hour == UNSET) {
				r->hour = (int)(t->value / 100);
				r->minute = (int)(t->value % 100);
				break;
			}
			if (!take_number(t, r))
				return false;
			break;
		case TOKEN_WORD:
			if (!(next = take_word(ts, i, zone_min, r)))
				return false;
			break;
		case TOKEN_SIGN:
			/* behind the time a sign is an offset's, unless it is a dash */
			if (t->value == '+' ||
			    (t->value == '-' && r->hour != UNSET && is_number(ts, next, 4) &&
			     ts->items[next].at == t->end)) {
				if (!(next = take_offset(ts, i, r)))
					return false;
			}
			break;
		case TOKEN_ERA:
			r->era = true;
			r->era_offset = (int)t->value;
			break;
		case TOKEN_AM: r->am = true; break;
		case TOKEN_PM: r->pm = true; break;
		case TOKEN_NOISE: break;
		default: /* a unit without its number: (月), 火曜日 */ break;
		}
	}
	return true;
}

/* Year, month and day out of the numbers that did not say what they are. */
static bool place_numbers(struct reading *r)
{
	int64_t *n = r->numbers;
	int *d = r->digits;

	if (r->number_count == 0)
		return true;
	/* "23 一月 2023": a unit says the month as a name does */
	if (r->month_named || (r->month != UNSET && r->year == UNSET && r->day == UNSET)) {
		size_t year = r->number_count; /* none */

		if (r->number_count == 2)
			year = d[0] >= 3 || n[0] > 31 ? 0 : 1;
		else if (r->number_count == 1 && (d[0] == 4 || r->year != UNSET))
			year = r->year != UNSET ? 1 : 0;
		if (r->number_count > 2 || (year < r->number_count && r->year != UNSET))
			return false;
		for (size_t i = 0; i < r->number_count; i++) {
			if (i == year)
				r->year = d[i] == 3 ? (int)n[i] + 1900 : whole_year(n[i], d[i]);
			else if (r->day == UNSET)
				r->day = (int)n[i];
			else
				return false;
		}
		return true;
	}
	if (r->year != UNSET || r->month != UNSET) /* 年 or a compact date said it all */
		return false;
	if (d[0] >= 3 || (r->number_count == 3 && n[0] > 31) || r->era) {
		r->year = r->era ? (int)n[0] + r->era_offset : whole_year(n[0], d[0]);
		if (r->number_count == 2 && d[1] == 3 && n[1] <= 366) { /* 2003-365 */
			r->month = 1;
			r->day = (int)n[1];
			return true;
		}
		if (r->number_count > 1)
			r->month = (int)n[1];
		if (r->number_count > 2)
			r->day = (int)n[2];
		return d[0] != 3 || r->number_count == 3;
	}
	if (r->number_count != 3)
		return false;
	/* 23/01/2023, 1/23/2023: the number past 12 tells; else slashes are American, other signs
	 * are not */
	bool month_first = n[1] > 12 || (n[0] <= 12 && r->before[1] == '/');
	r->month = (int)(month_first ? n[0] : n[1]);
	r->day = (int)(month_first ? n[1] : n[0]);
	r->year = whole_year(n[2], d[2]);
	return d[2] == 4 || d[2] == 2;
}

static int64_t days_of_civil(int64_t y, int month, int day)
{
	int64_t era, yoe, doy;

	y -= month <= 2;
	era = (y >= 0 ? y : y - 399) / 400;
	yoe = y - era * 400;
	doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

static bool finish(struct reading *r, const struct tokens *ts, int zone_min, bool whole_day,
		   struct date *out)
{
	int64_t ms;
	int max_day = 31;

	out->has = 0;
	if (!place_numbers(r) || r->year == UNSET || r->year < YEAR_MIN || r->year > YEAR_MAX)
		return false;
	if ((r->hour != UNSET || whole_day) && (r->day == UNSET || r->month == UNSET))
		return false;
	if (r->month == UNSET && r->day != UNSET)
		return false;
	if (r->month == 1 && r->day > 31) /* a day of the year */
		max_day = 366;
	r->month = r->month == UNSET ? 1 : r->month;
	r->day = r->day == UNSET ? 1 : r->day;
	if (r->month < 1 || r->month > 12 || r->day < 1 || r->day > max_day)
		return false;
	if (r->hour != UNSET) {
		out->has |= DATE_HAS_TIME;
		if (r->pm && r->hour < 12)
			r->hour += 12;
		else if (r->am && r->hour == 12)
			r->hour = 0;
	}
	r->hour = r->hour == UNSET ? 0 : r->hour;
	r->minute = r->minute == UNSET ? 0 : r->minute;
	if (r->hour > 24 || r->minute > 59 || r->second > 60 ||
	    (r->hour == 24 && (r->minute || r->second)))
		return false;
	if (r->has_zone)
		out->has |= DATE_HAS_ZONE;
	else if (zone_min == 0 && (ts->korean || ts->japanese))
		r->offset_min = 9 * 60;
	else
		r->offset_min = zone_min;
	/* The 31st of a short month is the 1st of the next: an instant a day off is better than
	 * none. */
	ms = (((days_of_civil(r->year, r->month, 1) + r->day - 1) * 24 + r->hour) * 60 + r->minute -
	      r->offset_min) *
		     60000 +
	     r->second * 1000 + r->ms;
	/* the zone may have moved it out of the years that were let in */
	if (ms < days_of_civil(YEAR_MIN, 1, 1) * DAY_MS ||
	    ms >= days_of_civil(YEAR_MAX + 1, 1, 1) * DAY_MS)
		return false;
	out->ms = ms;
	out->offset_min = r->offset_min;
	return true;
}

static bool interpret(const struct tokens *ts, int zone_min, bool whole_day, struct date *out)
{
	struct reading r = {
		.year = UNSET, .month = UNSET, .day = UNSET, .hour = UNSET, .minute = UNSET
	};

	return take_tokens(ts, zone_min, &r) && finish(&r, ts, zone_min, whole_day, out);
}

/* Seconds or milliseconds since 1970, as some programs print a date: ten or thirteen digits, and
 * nothing else. */
static bool of_epoch(const struct tokens *ts, struct date *out)
{
	const struct token *t = &ts->items[0];

	if (ts->count != 1 || t->kind != TOKEN_NUMBER || (t->digits != 10 && t->digits != 13))
		return false;
	out->ms = t->digits == 10 ? t->value * 1000 : t->value;
	out->offset_min = 0;
	out->has = DATE_HAS_TIME | DATE_HAS_ZONE;
	return true;
}

/*
 * ISO 8601 of 1988 with the century, or more, left out: 031231, 03-12-31, 03335, 03-335, -0312,
 * -03-12. Only where it is all there is, for in a text these are just numbers.
 */
static bool of_truncated_iso(const struct tokens *ts, int zone_min, struct date *out)
{
	struct date_fields f = { .month = 1, .day = 1 };
	int64_t n[3] = { 0 };
	int d[3] = { 0 }, count = 0;
	bool dash = is_sign(ts, 0, '-');

	for (size_t i = dash; i < ts->count; i++) {
		if (is_sign(ts, i, '-') && count > 0)
			continue;
		if (ts->items[i].kind != TOKEN_NUMBER || count == 3)
			return false;
		n[count] = ts->items[i].value;
		d[count++] = ts->items[i].digits;
	}
	f.year = 2000 + (int)n[0];
	if (count == 1 && d[0] == 6 && !dash) {
		f.year = 2000 + (int)(n[0] / 10000);
		f.month = (int)(n[0] / 100 % 100);
		f.day = (int)(n[0] % 100);
	} else if (count == 1 && d[0] == 5 && !dash) {
		f.year = 2000 + (int)(n[0] / 1000);
		f.day = (int)(n[0] % 1000);
	} else if (count == 1 && d[0] == 4 && dash) {
		f.year = 2000 + (int)(n[0] / 100);
		f.month = (int)(n[0] % 100);
	} else if (count == 2 && d[0] == 2 && d[1] == 3 && !dash) {
		f.day = (int)n[1];
	} else if (count == 2 && d[0] == 2 && d[1] == 2 && dash) {
		f.month = (int)n[1];
	} else if (count == 3 && d[0] == 2 && d[1] == 2 && d[2] == 2 && !dash) {
		f.month = (int)n[1];
		f.day = (int)n[2];
	} else {
		return false;
	}
	if (f.year >= 2050)
		f.year -= 100;
	if (f.month < 1 || f.month > 12 || f.day < 1 || f.day > (f.month == 1 ? 366 : 31))
		return false;
	out->ms = date_from_fields(&f, zone_min);
	out->offset_min = zone_min;
	return true;
}

bool date_parse(struct str s, int zone_min, struct date *out)
{
	struct tokens ts;

	*out = (struct date){ .ms = TIME_UNSTATED };
	s = str_trim(s);
	if (s.len > MAX_BYTES)
		return false;
	date_tokens_of(s, DATE_MAX_TOKENS, &ts);
	if (ts.broken || ts.count == 0)
		return false;
	if (of_epoch(&ts, out) || of_truncated_iso(&ts, zone_min, out) ||
	    interpret(&ts, zone_min, false, out))
		return true;
	*out = (struct date){ .ms = TIME_UNSTATED };
	return false;
}

/* ---- in running text ---- */

/* Tokens in front of the first word that has no place in any date. */
static size_t count_fitting(const struct tokens *ts)
{
	int value;

	for (size_t i = 0; i < ts->count; i++)
		if (ts->items[i].kind == TOKEN_WORD &&
		    date_word_of(str_n(ts->items[i].word, ts->items[i].len), 0, &value) ==
			    DATE_WORD_NONE)
			return i;
	return ts->count;
}

/* The longest beginning of s that is a date with its day. */
static bool date_at(struct str s, int zone_min, struct date *out)
{
	struct tokens ts;

	/* The first word alone speaks against a date nearly everywhere in a text. */
	date_tokens_of(str_sub(s, 0, 80), 1, &ts);
	if (count_fitting(&ts) == 0)
		return false;
	date_tokens_of(str_sub(s, 0, 80), DATE_MAX_TOKENS, &ts);
	for (ts.count = count_fitting(&ts); ts.count >= 3; ts.count--) {
		const struct token *last = &ts.items[ts.count - 1];

		/* a number goes on with letters or digits: "2023-01-23px" */
		if (last->kind == TOKEN_SIGN)
			continue;
		if (last->kind == TOKEN_NUMBER && last->end < s.len &&
		    ch_is_alnum(s.ptr[last->end]))
			continue;
		if (interpret(&ts, zone_min, true, out))
			return true;
	}
	return false;
}

/* Whether a date can begin with the character at `at`: behind no digit and no letter. */
static bool may_begin(struct str s, size_t at, uint32_t c)
{
	char before = at > 0 ? s.ptr[at - 1] : ' ';

	if (date_digit_of(c) >= 0)
		return !ch_is_digit(before) && before != '.' && before != '-' && before != '/' &&
		       before != ':';
	if (date_is_letter(c))
		return !ch_is_alpha(before) && !((unsigned char)before & 0x80);
	return c == 0x6C11 || c == 0x4EE4 || c == 0x5E73 || c == 0x662D || c == 0x4E8C ||
	       c == 0x4E00;
}

bool date_find(struct str text, int zone_min, struct date *out)
{
	size_t pos = 0;

	*out = (struct date){ .ms = TIME_UNSTATED };
	while (pos < text.len) {
		size_t at = pos;
		uint32_t c = utf8_next(text, &pos);

		if (may_begin(text, at, c) && date_at(str_from(text, at), zone_min, out))
			return true;
	}
	*out = (struct date){ .ms = TIME_UNSTATED };
	return false;
}

static int digits_at(struct str s, size_t at)
{
	int n = 0;

	while (at < s.len && ch_is_digit(s.ptr[at++]))
		n++;
	return n;
}

static int number_at(struct str s, size_t at, int digits)
{
	int n = 0;

	while (digits-- > 0)
		n = n * 10 + (s.ptr[at++] - '0');
	return n;
}

static bool is_url_sign(struct str s, size_t at)
{
	return at < s.len && (s.ptr[at] == '/' || s.ptr[at] == '-' || s.ptr[at] == '_');
}

/* Year, month and day from `at`: 20230123, 2023/01/23, 2023/0123, 2023-1-23. */
static bool date_in_path(struct str s, size_t at, struct date_fields *f)
{
	int n = digits_at(s, at);

	if (n != 4 && n != 8)
		return false;
	f->year = number_at(s, at, 4);
	if (n == 8) {
		at += 4;
	} else {
		if (!is_url_sign(s, at + 4))
			return false;
		at += 5;
		n = digits_at(s, at);
		if (n != 4 && n != 1 && n != 2)
			return false;
	}
	if (n == 8 || n == 4) {
		f->month = number_at(s, at, 2);
		f->day = number_at(s, at + 2, 2);
	} else {
		int m = n;

		f->month = number_at(s, at, m);
		if (!is_url_sign(s, at + (size_t)m))
			return false;
		at += (size_t)m + 1;
		n = digits_at(s, at);
		if (n != 1 && n != 2)
			return false;
		f->day = number_at(s, at, n);
	}
	return f->year >= 1990 && f->year < 2100 && f->month >= 1 && f->month <= 12 &&
	       f->day >= 1 && f->day <= 31;
}

/* Does a sentence or a parenthesis end there? */
static bool ends_something(struct str s)
{
	static const struct str ends[] = { STR("）"), STR(")"),  STR("】"), STR("]"),
					   STR("。"), STR("」"), STR("！"), STR("？") };

	s = str_trim(s);
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (str_has_suffix(s, ends[i]))
			return true;
	return false;
}

bool date_at_end(struct str text, int zone_min, struct date *out)
{
	enum { DIGITS = 7, YEAR_DIGITS = 3, BEFORE_YEAR_1 = 1911 };

	*out = (struct date){ .ms = TIME_UNSTATED };
	text = str_trim(text);
	if (text.len < DIGITS)
		return false;
	size_t at = text.len - DIGITS;
	/* Behind other words it is a number like any other. */
	if (digits_at(text, at) != DIGITS || !ends_something(str_sub(text, 0, at)))
		return false;
	struct date_fields f = {
		.year = BEFORE_YEAR_1 + number_at(text, at, YEAR_DIGITS),
		.month = number_at(text, at + YEAR_DIGITS, 2),
		.day = number_at(text, at + YEAR_DIGITS + 2, 2),
	}, back;
	/* Of the years of news on the web. */
	if (f.year < 1990 || f.year >= 2100)
		return false;
	int64_t ms = date_from_fields(&f, zone_min);
	date_fields(ms, zone_min, &back);
	if (back.month != f.month || back.day != f.day)
		return false;
	*out = (struct date){ .ms = ms, .offset_min = zone_min };
	return true;
}

bool date_of_url(struct str url, int zone_min, struct date *out)
{
	size_t from = str_find(url, S("://"));

	*out = (struct date){ .ms = TIME_UNSTATED };
	for (size_t at = from == STR_NONE ? 0 : from + 3; at < url.len; at++) {
		struct date_fields f = { 0 };

		if (!ch_is_digit(url.ptr[at]) || (at > 0 && ch_is_digit(url.ptr[at - 1])))
			continue;
		if (!date_in_path(url, at, &f))
			continue;
		out->ms = date_from_fields(&f, zone_min);
		out->offset_min = zone_min;
		return true;
	}
	return false;
}

bool date_span(struct str s, int zone_min, bool behind, int64_t *out)
{
	static const int64_t most[] = { 9998, 12, 31 };
	int64_t parts[3] = { 0, 1, 1 };
	struct date_fields back;
	struct str piece;
	int n = 0;

	for (; s.len && n < 3 && str_split(&s, '-', &piece); n++)
		if (str_has_prefix(piece, S("+")) || !str_to_i64(piece, 1, most[n], &parts[n]))
			return false;
	if (s.len || n == 0)
		return false;
	struct date_fields f = { .year = (int)parts[0],
				 .month = (int)parts[1],
				 .day = (int)parts[2] };
	date_fields(date_from_fields(&f, 0), 0, &back);
	if (back.day != f.day) /* the 30th of a February is in March */
		return false;
	if (behind && n == 1)
		f.year++;
	if (behind && n == 2 && ++f.month == 13) {
		f.month = 1;
		f.year++;
	}
	*out = date_from_fields(&f, zone_min) + (behind && n == 3 ? DAY_MS : 0);
	return true;
}

/* ---- back ---- */

void date_fields(int64_t ms, int offset_min, struct date_fields *out)
{
	int64_t local = ms + (int64_t)offset_min * 60000, days, rest, z, era, doe, yoe, doy, mp;

	days = local / DAY_MS;
	rest = local % DAY_MS;
	if (rest < 0) {
		rest += DAY_MS;
		days--;
	}
	z = days + 719468;
	era = (z >= 0 ? z : z - 146096) / 146097;
	doe = z - era * 146097;
	yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	mp = (5 * doy + 2) / 153;
	out->day = (int)(doy - (153 * mp + 2) / 5 + 1);
	out->month = (int)(mp < 10 ? mp + 3 : mp - 9);
	out->year = (int)(yoe + era * 400 + (out->month <= 2));
	out->hour = (int)(rest / 3600000);
	out->minute = (int)(rest / 60000 % 60);
	out->second = (int)(rest / 1000 % 60);
	out->ms = (int)(rest % 1000);
	out->weekday = (int)(((days + 4) % 7 + 7) % 7);
}

int64_t date_from_fields(const struct date_fields *f, int offset_min)
{
	return ((days_of_civil(f->year, f->month, f->day) * 24 + f->hour) * 60 + f->minute -
		offset_min) *
		       60000 +
	       f->second * 1000 + f->ms;
}

/* n in so many digits; behind them `after`. printf takes longer than all the rest of a date. */
static char *put_digits(char *p, int n, int digits, char after)
{
	for (int i = digits; i-- > 0; n /= 10)
		p[i] = (char)('0' + n % 10);
	p[digits] = after;
	return p + digits + 1;
}

void buf_add_rfc3339(struct buf *b, int64_t ms, int offset_min)
{
	struct date_fields f;
	char text[48], *p = text;

	date_fields(ms, offset_min, &f);
	if (f.year < 0 || f.year > 9999) { /* no date of ours */
		buf_addf(b, "%d-%02d-%02dT%02d:%02d:%02dZ", f.year, f.month, f.day, f.hour,
			 f.minute, f.second);
		return;
	}
	p = put_digits(p, f.year, 4, '-');
	p = put_digits(p, f.month, 2, '-');
	p = put_digits(p, f.day, 2, 'T');
	p = put_digits(p, f.hour, 2, ':');
	p = put_digits(p, f.minute, 2, ':');
	p = put_digits(p, f.second, 2, '.');
	if (f.ms)
		p = put_digits(p, f.ms, 3, '.');
	p--; /* the last full stop */
	if (offset_min == 0) {
		*p++ = 'Z';
	} else {
		*p++ = offset_min < 0 ? '-' : '+';
		offset_min = offset_min < 0 ? -offset_min : offset_min;
		p = put_digits(p, offset_min / 60, 2, ':');
		p = put_digits(p, offset_min % 60, 2, '\0') - 1;
	}
	buf_add_n(b, text, (size_t)(p - text));
}

void buf_add_rfc822(struct buf *b, int64_t ms)
{
	static const char days[] = "SunMonTueWedThuFriSat",
			  names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	struct date_fields f;

	date_fields(ms, 0, &f);
	buf_addf(b, "%.3s, %02d %.3s %04d %02d:%02d:%02d GMT", days + (size_t)f.weekday * 3, f.day,
		 names + (size_t)(f.month - 1) * 3, f.year, f.hour, f.minute, f.second);
}

bool date_zone(struct str s, int *offset_min)
{
	struct tokens ts;
	struct reading r = { 0 };
	int value;

	date_tokens_of(str_trim(s), DATE_MAX_TOKENS, &ts);
	if (ts.broken || ts.count == 0)
		return false;
	if (ts.items[0].kind == TOKEN_WORD) {
		if (date_word_of(str_n(ts.items[0].word, ts.items[0].len), 0, &value) !=
		    DATE_WORD_ZONE)
			return false;
		if (ts.count > 1 && take_offset(&ts, 1, &r) != ts.count)
			return false;
		*offset_min = ts.count > 1 ? r.offset_min : value;
		return true;
	}
	if (take_offset(&ts, 0, &r) != ts.count)
		return false;
	*offset_min = r.offset_min;
	return true;
}
