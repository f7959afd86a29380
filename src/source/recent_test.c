#include "source/recent.h"

#include "base/check.h"
#include "base/clock.h"

#define DAY  INT64_C(86400000)
#define HOUR INT64_C(3600000)
#define NOON (INT64_C(19000) * DAY + DAY / 2)

/* So many articles at noon of each day, from the first on. */
static const struct {
	const char *why;
	const char *a_day; /* digits */
	int64_t then;      /* hours of silence */
	int64_t rate, silent_days;
} rhythms[] = {
	{ "nothing", "", 0, 0, 0 },
	{ "too few to tell", "111", 1000, 0, 0 },
	{ "two a day, a day ago", "2222222", 24, 200, 0 },
	{ "two a day, three days ago", "2222222", 72, 200, 3 },
	{ "known for three days only", "222", 96, 200, 0 },
	{ "not at weekends, on a Sunday night", "3333300333330033333", 60, 236, 0 },
	{ "not at weekends, on the Wednesday after", "3333300333330033333", 24 * 4, 236, 4 },
	{ "once a week, ten days ago", "1000000100000010000001", 24 * 10, 18, 0 },
	{ "once a week, a month ago", "1000000100000010000001", 24 * 30, 18, 30 },
	{ "a year ago: it is still known what was usual", "2222222", 24 * 365, 200, 365 },
};

static void test_rhythms(void)
{
	for (size_t k = 0; k < sizeof(rhythms) / sizeof(rhythms[0]); k++) {
		struct recent r = { 0 };
		int64_t last = NOON;

		for (int i = 0; rhythms[k].a_day[i]; i++)
			for (char n = '0'; n < rhythms[k].a_day[i]; n++)
				recent_new(&r, last = NOON + i * DAY, NOON + i * DAY, 1000);
		int64_t now = last + rhythms[k].then * HOUR;
		CHECK_I64(rhythms[k].why, recent_rate(&r), rhythms[k].rate);
		CHECK_I64(rhythms[k].why, recent_silence(&r, now) / DAY, rhythms[k].silent_days);
	}
}

/* First so many of one length, then so many of another. */
static const struct {
	const char *why;
	int first;
	size_t first_chars;
	int then;
	size_t then_chars;
	int64_t fell;
	bool falls_short;
} texts[] = {
	{ "few: nothing is usual", 5, 3000, 0, 0, 0, false },
	{ "all alike", 30, 3000, 5, 2500, 0, false },
	{ "a few short ones", 30, 3000, 5, 300, 5, false },
	{ "half of the last", 30, 3000, 8, 300, 8, true },
	{ "all of the last", 30, 3000, 60, 300, 16, true },
	{ "in the end it is believed", 30, 3000, 400, 300, 0, false },
	{ "longer ones are no alarm", 30, 300, 20, 3000, 0, false },
};

static void test_texts(void)
{
	for (size_t k = 0; k < sizeof(texts) / sizeof(texts[0]); k++) {
		struct recent r = { 0 };

		for (int i = 0; i < texts[k].first; i++)
			recent_new(&r, NOON, NOON, texts[k].first_chars);
		for (int i = 0; i < texts[k].then; i++)
			recent_new(&r, NOON, NOON, texts[k].then_chars);
		CHECK_I64(texts[k].why, recent_short(&r), texts[k].fell);
		CHECK_I64(texts[k].why, recent_falls_short(&r), texts[k].falls_short);
	}
}

static void test_week(void)
{
	struct recent r = { 0 };

	recent_new(&r, NOON, NOON, 1);
	recent_new(&r, NOON + 3 * DAY, TIME_UNSTATED, 1);
	recent_changed(&r, NOON + 4 * DAY);
	recent_failed(&r, NOON + 4 * DAY);
	struct recent_day week = recent_week(&r, NOON + 4 * DAY);
	CHECK_I64("new", week.new, 2);
	CHECK_I64("changed", week.changed, 1);
	CHECK_I64("failed", week.failed, 1);
	CHECK_I64("a week later", recent_week(&r, NOON + 8 * DAY).new, 1);
	CHECK_I64("long after", recent_week(&r, NOON + 80 * DAY).failed, 0);
	CHECK_I64("a clock that jumped back", recent_week(&r, NOON).new, 2);
}

static void test_saved(void)
{
	struct recent r = { 0 }, copy;
	struct arena a;

	arena_init(&a);
	recent_new(&r, NOON, NOON - 2 * DAY, 777);
	recent_new(&r, NOON, NOON + 2 * DAY, 888);
	recent_failed(&r, NOON);
	struct str saved = recent_save(&r, &a);
	recent_load(&copy, saved);
	CHECK_STR("there and back", recent_save(&copy, &a), saved);
	CHECK_I64("the future is not believed", copy.newest, NOON);
	recent_load(&copy, S("1 2 x"));
	CHECK_STR("what cannot be read is empty", recent_save(&copy, &a), S(""));
	arena_fini(&a);
}

int main(void)
{
	test_rhythms();
	test_texts();
	test_week();
	test_saved();
	return check_done();
}
