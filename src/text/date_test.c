#include "text/date.h"

#include "base/arena.h"
#include "base/check.h"

/* clang-format off */

/* What comes out, as RFC 3339 in UTC; "" for no date. */
static const struct {
	const char *why;
	struct str in, want;
	int zone_min;
} parses[] = {
	{ "RFC 822", STR("Thu, 01 Jan 2004 19:48:21 GMT"), STR("2004-01-01T19:48:21Z"), 0 },
	{ "two-digit year", STR("Thu, 01 Jan 04 19:48:21 GMT"), STR("2004-01-01T19:48:21Z"), 0 },
	{ "last century", STR("01 Jan 98 19:48 EST"), STR("1998-01-02T00:48:00Z"), 0 },
	{ "no spaces", STR("Fri,24 Nov 2023 18:28:36 -0000"), STR("2023-11-24T18:28:36Z"), 0 },
	{ "comma behind the month", STR("Mon, 13 Feb, 2012 06:28:00 UTC"),
	  STR("2012-02-13T06:28:00Z"), 0 },
	{ "no time", STR("Thu, 01 Jan 2004"), STR("2004-01-01T00:00:00Z"), 0 },
	{ "zone with a folder", STR("Wed, 19 Aug 2009 18:28:00 Etc/GMT"),
	  STR("2009-08-19T18:28:00Z"), 0 },
	{ "odd offset", STR("Sun, 19 Feb 2012 22:40:00 GMT-01:01"), STR("2012-02-19T23:41:00Z"),
	  0 },
	{ "month before day", STR("Thu Aug 30 2012 17:26:16 +0200"), STR("2012-08-30T15:26:16Z"),
	  0 },
	{ "one digit each", STR("Sun, 16 Dec 2012 1:2:3:4 GMT"), STR("2012-12-16T01:02:03.400Z"),
	  0 },
	{ "comment", STR("Sun, 16 Dec 2012 11:47:32 +0000 (UTC)"), STR("2012-12-16T11:47:32Z"), 0 },
	{ "JavaScript", STR("Sun Dec 16 2012 11:47:32 GMT+0800 (China Standard Time)"),
	  STR("2012-12-16T03:47:32Z"), 0 },
	{ "two-letter zone", STR("Mon, 26 January 2004 16:31:00 PT"), STR("2004-01-27T00:31:00Z"),
	  0 },
	{ "unknown month", STR("Sun, 16 zzz 2012 11:47:32 GMT"), STR(""), 0 },
	{ "day is no number", STR("Sun, Dec x 2012 11:47:32 GMT"), STR(""), 0 },
	{ "year is no number", STR("Sun, Dec 16 zz 11:47:32 GMT"), STR(""), 0 },
	{ "zone is no number", STR("Sun, Dec 16 2012 11:47:32 +zz:00"), STR(""), 0 },
	{ "zone is half a number", STR("Sun, Dec 16 2012 11:47:32 GMT+00:zz"), STR(""), 0 },
	{ "past the end of a month", STR("Thu, 31 Jun 2004 19:48:21 GMT"),
	  STR("2004-07-01T19:48:21Z"), 0 },
	{ "asctime", STR("Sun Jul 15 01:16:00 2012"), STR("2012-07-15T01:16:00Z"), 0 },
	{ "asctime with an offset", STR("Sun Jul 15 01:16:00 +0000 2012"),
	  STR("2012-07-15T01:16:00Z"), 0 },
	{ "Java", STR("Mon Jan 23 10:04:06 CST 2023"), STR("2023-01-23T16:04:06Z"), 0 },
	{ "the same from a source at +08:00", STR("Mon Jan 23 10:04:06 CST 2023"),
	  STR("2023-01-23T02:04:06Z"), 480 },
	{ "RFC 3339", STR("2003-12-31T18:14:55+08:00"), STR("2003-12-31T10:14:55Z"), 0 },
	{ "fraction", STR("2003-12-31T10:14:55.1234Z"), STR("2003-12-31T10:14:55.123Z"), 0 },
	{ "year", STR("2003"), STR("2003-01-01T00:00:00Z"), 0 },
	{ "year and month", STR("2003-12"), STR("2003-12-01T00:00:00Z"), 0 },
	{ "day of the year", STR("2003-335"), STR("2003-12-01T00:00:00Z"), 0 },
	{ "three-digit month", STR("2003-012-31T10:14:55+00:00"), STR("2003-12-31T10:14:55Z"), 0 },
	{ "compact", STR("20031231"), STR("2003-12-31T00:00:00Z"), 0 },
	{ "compact with time", STR("20031231T101455Z"), STR("2003-12-31T10:14:55Z"), 0 },
	{ "compact, all one number", STR("20031231101455"), STR("2003-12-31T10:14:55Z"), 0 },
	{ "space for T", STR("2004-07-08 23:56:58.0"), STR("2004-07-08T23:56:58Z"), 0 },
	{ "leap second", STR("2016-12-31T23:59:60Z"), STR("2017-01-01T00:00:00Z"), 0 },
	{ "midnight at the end", STR("2016-12-31T24:00:00Z"), STR("2017-01-01T00:00:00Z"), 0 },
	{ "no zone: the source's", STR("2023-01-23 10:04"), STR("2023-01-23T02:04:00Z"), 480 },
	{ "Chinese", STR("2023年1月23日 10時04分"), STR("2023-01-23T02:04:00Z"), 480 },
	{ "Chinese, afternoon", STR("2023年1月23日 星期一 下午3:04"), STR("2023-01-23T15:04:00Z"),
	  0 },
	{ "Chinese numerals", STR("二〇二三年一月二十三日"), STR("2023-01-23T00:00:00Z"), 0 },
	{ "Republic of China", STR("民國112年1月23日"), STR("2023-01-23T00:00:00Z"), 0 },
	{ "the same in short", STR("112/01/23"), STR("2023-01-23T00:00:00Z"), 0 },
	{ "Korean has one zone", STR("2004년 05월 28일  오후 11:23:17"),
	  STR("2004-05-28T14:23:17Z"), 0 },
	{ "Korean, half of the day first", STR("2004-05-28 오전 1:31:15"),
	  STR("2004-05-27T16:31:15Z"), 0 },
	{ "Japanese era", STR("令和5年1月23日 午前10:00"), STR("2023-01-23T01:00:00Z"), 0 },
	{ "full-width", STR("２０２３／０１／２３　１０：０４"), STR("2023-01-23T10:04:00Z"), 0 },
	{ "Greek", STR("Κυρ, 11 Ιούλ 2004 12:00:00 EST"), STR("2004-07-11T17:00:00Z"), 0 },
	{ "Hungarian", STR("2004-július-13T9:15-05:00"), STR("2004-07-13T14:15:00Z"), 0 },
	{ "Russian", STR("23 января 2023 г. 10:04"), STR("2023-01-23T10:04:00Z"), 0 },
	{ "German", STR("Montag, 23. März 2023, 10.04 Uhr"), STR(""), 0 },
	{ "German with a colon", STR("Montag, 23. März 2023, 10:04 Uhr"),
	  STR("2023-03-23T10:04:00Z"), 0 },
	{ "French", STR("lundi 1er août 2022 à 9h15"), STR("2022-08-01T09:15:00Z"), 0 },
	{ "Spanish", STR("Lun, 23 ene 2023 10:04:00 +0100"), STR("2023-01-23T09:04:00Z"), 0 },
	{ "Danish", STR("man, 23 maj 2022 10:04:00 GMT"), STR("2022-05-23T10:04:00Z"), 0 },
	{ "a day that reads as a month", STR("mar. 23 mai 2023 10:04"), STR("2023-05-23T10:04:00Z"),
	  0 },
	{ "halves of the day with spaces", STR("23 de enero de 2023, 3:04 p. m."),
	  STR("2023-01-23T15:04:00Z"), 0 },
	{ "Italian", STR("lun, 23 gen 2023 10:04:00 +0100"), STR("2023-01-23T09:04:00Z"), 0 },
	{ "Portuguese", STR("Seg, 02 Out 2023 10:04:00 -0300"), STR("2023-10-02T13:04:00Z"), 0 },
	{ "Polish", STR("pon., 23 paź 2023 10:04:00 +0200"), STR("2023-10-23T08:04:00Z"), 0 },
	{ "Russian, short", STR("Пн, 23 янв 2023 10:04:00 +0300"), STR("2023-01-23T07:04:00Z"), 0 },
	{ "Danish, short", STR("ons, 18 okt 2023 10:04:00 +0200"), STR("2023-10-18T08:04:00Z"), 0 },
	{ "German, short", STR("Mi, 18 Okt 2023 10:04:00 +0200"), STR("2023-10-18T08:04:00Z"), 0 },
	{ "German, March", STR("Do, 2. Mär 2023 10:04:00 +0100"), STR("2023-03-02T09:04:00Z"), 0 },
	{ "French, short", STR("jeu, 24 févr. 2022 10:04:00 +0100"), STR("2022-02-24T09:04:00Z"),
	  0 },
	{ "Greek, May", STR("Τρι, 02 Μάι 2023 10:04:00 +0300"), STR("2023-05-02T07:04:00Z"), 0 },
	{ "Turkish", STR("Pzt, 23 Oca 2023 10:04:00 +0300"), STR("2023-01-23T07:04:00Z"), 0 },
	{ "Chinese words in English order", STR("週一, 23 一月 2023 10:04:00 +0000"),
	  STR("2023-01-23T10:04:00Z"), 0 },
	{ "Japanese words in English order", STR("月, 23 1月 2023 10:04:00 +0900"),
	  STR("2023-01-23T01:04:00Z"), 0 },
	{ "December in Chinese", STR("週日, 31 十二月 2023 10:04:00 +0800"), STR("2023-12-31T02:04:00Z"),
	  0 },
	{ "Korean words in English order", STR("월, 23 1월 2023 10:04:00 +0900"),
	  STR("2023-01-23T01:04:00Z"), 0 },
	{ "AM and PM", STR("1/23/2023 12:04:06 AM"), STR("2023-01-23T00:04:06Z"), 0 },
	{ "day first where the number says so", STR("23/01/2023"), STR("2023-01-23T00:00:00Z"), 0 },
	{ "day first with full stops", STR("02.01.2023 10:04"), STR("2023-01-02T10:04:00Z"), 0 },
	{ "truncated ISO 8601", STR("03-12-31"), STR("2003-12-31T00:00:00Z"), 0 },
	{ "the same without dashes", STR("031231"), STR("2003-12-31T00:00:00Z"), 0 },
	{ "its day of the year", STR("03335"), STR("2003-12-01T00:00:00Z"), 0 },
	{ "its year and month", STR("-0312"), STR("2003-12-01T00:00:00Z"), 0 },
	{ "not any number", STR("12499"), STR(""), 0 },
	{ "Perforce", STR("Fri, 2006/09/15 08:19:53 EDT"), STR("2006-09-15T12:19:53Z"), 0 },
	{ "seconds since 1970", STR("1674468246"), STR("2023-01-23T10:04:06Z"), 0 },
	{ "zero is no date", STR("0000-00-00T00:00:00Z"), STR(""), 0 },
	{ "-1", STR("-1"), STR(""), 0 },
	{ "twenty digits", STR("99999999999999999999"), STR(""), 0 },
	{ "thirteenth month", STR("2024-13-45T25:61:61Z"), STR(""), 0 },
	{ "hour 25", STR("2003-12-31T25:14:55Z"), STR(""), 0 },
	{ "before the year 1000 by its zone", STR("1000-01-01T00:00+08:00"), STR(""), 0 },
	{ "past the year 9999 by its zone", STR("9999-12-31T23:00-05:00"), STR(""), 0 },
	{ "day only", STR("23"), STR(""), 0 },
	{ "words", STR("yesterday"), STR(""), 0 },
	{ "empty", STR(""), STR(""), 0 },
	{ "no UTF-8", STR("\xff\xfe 2003"), STR(""), 0 },
};

static const struct {
	const char *why;
	struct str in, want;
} finds[] = {
	{ "in a sentence", STR("Published on January 23, 2023 by Li, 5 comments"),
	  STR("2023-01-23T00:00:00Z") },
	{ "with its time", STR("發佈時間：2023-01-23 10:04 來源：新華社"), STR("2023-01-23T10:04:00Z") },
	{ "Chinese", STR("（記者李四）2023年1月23日上午9:30報導"), STR("2023-01-23T09:30:00Z") },
	{ "none", STR("chapter 3, page 12 of 2023 pages"), STR("") },
	{ "not inside a number", STR("call 555-2023-01-23"), STR("") },
}, urls[] = {
	{ "folders", STR("https://e.org/2023/01/23/x.html"), STR("2023-01-23T00:00:00Z") },
	{ "two folders", STR("https://e.org/n1/2023/0123/c1-2.html"), STR("2023-01-23T00:00:00Z") },
	{ "one piece", STR("https://e.org/a/20230123_7.html"), STR("2023-01-23T00:00:00Z") },
	{ "dashes", STR("https://e.org/2023-1-23-x"), STR("2023-01-23T00:00:00Z") },
	{ "month only", STR("https://e.org/2023/01/x"), STR("") },
	{ "a number", STR("https://e.org/2023123456"), STR("") },
}, ends[] = {
	{ "a report's end", STR("他沒有回答。（編輯：高照芬）1120123"), STR("2023-01-23T00:00:00Z") },
	{ "with space around", STR("（譯者：王嘉語/核稿：林治平） 1091231\n"),
	  STR("2020-12-31T00:00:00Z") },
	{ "before the year 100", STR("（完）0990228"), STR("2010-02-28T00:00:00Z") },
	{ "no such day", STR("（完）1120230"), STR("") },
	{ "no such month", STR("（完）1121323"), STR("") },
	{ "a longer number", STR("電話 021120123"), STR("") },
	{ "a part of one", STR("電話 02-1120123"), STR("") },
	{ "not at the end", STR("1120123 是一個數字"), STR("") },
	{ "nothing before it", STR("1120123"), STR("") },
	{ "an amount", STR("總共賣出 1120123"), STR("") },
	{ "a year nobody wrote news in", STR("（完）9990101"), STR("") },
};

/* clang-format on */

static void check_date(const char *why, bool ok, const struct date *d, struct str want)
{
	struct buf b;

	buf_init(&b, 100);
	if (ok)
		buf_add_rfc3339(&b, d->ms, 0);
	else
		CHECK(d->ms == TIME_UNSTATED);
	CHECK_STR(why, buf_str(&b), want);
	buf_fini(&b);
}

/* "YYYY-MM-DD" of an instant in a zone. */
static struct str day_of(struct arena *a, int64_t ms, int zone_min)
{
	struct date_fields f;

	date_fields(ms, zone_min, &f);
	if (f.hour || f.minute || f.second || f.ms)
		return S("not midnight");
	return arena_strf(a, "%04d-%02d-%02d", f.year, f.month, f.day);
}

static void test_span(struct arena *a)
{
	static const struct {
		const char *text, *from, *to; /* to: the first day after it; NULL: it is none */
	} rows[] = {
		{ "2023", "2023-01-01", "2024-01-01" },
		{ "2023-02", "2023-02-01", "2023-03-01" },
		{ "2023-12", "2023-12-01", "2024-01-01" },
		{ "2023-12-31", "2023-12-31", "2024-01-01" },
		{ "2024-02-29", "2024-02-29", "2024-03-01" },
		{ "2000-02-29", "2000-02-29", "2000-03-01" },
		{ "2023-02-29", NULL, NULL },
		{ "1900-02-29", NULL, NULL },
		{ "2023-04-31", NULL, NULL },
		{ "2023-13", NULL, NULL },
		{ "2023-00", NULL, NULL },
		{ "2023-01-02-03", NULL, NULL },
		{ "23:01", NULL, NULL },
		{ "+202", NULL, NULL },
		{ "next year", NULL, NULL },
		{ "", NULL, NULL },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct str text = str_of(rows[i].text);
		int64_t from = 0, to = 0;
		bool is_one = date_span(text, 480, false, &from);

		CHECK_I64(rows[i].text, is_one, rows[i].from != NULL);
		CHECK_I64(rows[i].text, date_span(text, 480, true, &to), is_one);
		if (!is_one)
			continue;
		CHECK_STR(rows[i].text, day_of(a, from, 480), str_of(rows[i].from));
		CHECK_STR(rows[i].text, day_of(a, to, 480), str_of(rows[i].to));
	}
}

int main(void)
{
	struct date d;
	int offset;

	for (size_t i = 0; i < sizeof(parses) / sizeof(parses[0]); i++)
		check_date(parses[i].why, date_parse(parses[i].in, parses[i].zone_min, &d), &d,
			   parses[i].want);
	for (size_t i = 0; i < sizeof(finds) / sizeof(finds[0]); i++)
		check_date(finds[i].why, date_find(finds[i].in, 0, &d), &d, finds[i].want);
	for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++)
		check_date(urls[i].why, date_of_url(urls[i].in, 0, &d), &d, urls[i].want);
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		check_date(ends[i].why, date_at_end(ends[i].in, 0, &d), &d, ends[i].want);

	CHECK(date_parse(S("2023-01-23"), 0, &d) && d.has == 0);
	CHECK(date_parse(S("2023-01-23 10:04"), 0, &d) && d.has == DATE_HAS_TIME);
	CHECK(date_parse(S("2023-01-23T10:04+08:00"), 0, &d) &&
	      d.has == (DATE_HAS_TIME | DATE_HAS_ZONE));
	CHECK_I64("the zone stated is kept", d.offset_min, 480);
	CHECK(date_zone(S("+08:00"), &offset) && offset == 480);
	CHECK(date_zone(S("UTC-5"), &offset) && offset == -300);
	CHECK(!date_zone(S("Asia/Taipei"), &offset));

	for (int64_t day = -200000; day < 200000; day += 37) {
		struct date_fields f;

		date_fields(day * 86400000 + 3723004, 480, &f);
		CHECK_I64("fields and back", date_from_fields(&f, 480), day * 86400000 + 3723004);
	}
	struct arena a;
	arena_init(&a);
	test_span(&a);
	arena_fini(&a);
	struct buf b;
	buf_init(&b, 100);
	buf_add_rfc3339(&b, 1674468246000, 480);
	buf_add_ch(&b, ' ');
	buf_add_rfc822(&b, 1674468246000);
	CHECK_STR("written", buf_str(&b),
		  S("2023-01-23T18:04:06+08:00 Mon, 23 Jan 2023 10:04:06 GMT"));
	buf_fini(&b);
	return check_done();
}
