/*
 * The rate is that of the days up to the newest article, so that a source does not forget how often
 * it published by falling silent.
 *
 * The usual length is the median of the last texts. While many fall short of it, it gives way by
 * little with each: a publisher who has turned to short pieces is believed after some hundred of
 * them, and until then somebody should look.
 */
#include "source/recent.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"

#define DAY_MS INT64_C(86400000)

enum { LEAST_TEXTS = 8, LEAST_ARTICLES = 4, SHORT_OF = 3, MAX_BYTES = 4096 };

/* --- as text ------------------------------------------------------------------------------------
 */

/* Every number of r, in the order they are saved. */
static size_t list_numbers(struct recent *r, int64_t **out)
{
	size_t n = 0;

	out[n++] = &r->newest;
	for (int i = 0; i < RECENT_DAYS; i++)
		out[n++] = &r->published[i];
	out[n++] = &r->today;
	for (int i = 0; i < RECENT_WEEK; i++) {
		out[n++] = &r->week[i].new;
		out[n++] = &r->week[i].changed;
		out[n++] = &r->week[i].failed;
	}
	out[n++] = &r->usual;
	out[n++] = &r->text_count;
	for (int i = 0; i < RECENT_TEXTS; i++)
		out[n++] = &r->texts[i];
	out[n++] = &r->read_from;
	return n;
}

enum { NUMBERS = 1 + RECENT_DAYS + 1 + 3 * RECENT_WEEK + 2 + RECENT_TEXTS + 1 };

void recent_load(struct recent *r, struct str saved)
{
	int64_t *numbers[NUMBERS];
	size_t count = list_numbers(r, numbers);
	struct str word;

	*r = (struct recent){ 0 };
	/* Zeros at the end are not saved. */
	for (size_t i = 0; i < count && str_split(&saved, ' ', &word); i++)
		if (!str_to_i64(word, 0, INT64_MAX, numbers[i])) {
			*r = (struct recent){ 0 };
			return;
		}
}

struct str recent_save(const struct recent *r, struct arena *a)
{
	struct recent copy = *r;
	int64_t *numbers[NUMBERS];
	size_t count = list_numbers(&copy, numbers);
	struct buf b;

	while (count > 0 && *numbers[count - 1] == 0)
		count--;
	buf_init(&b, MAX_BYTES);
	for (size_t i = 0; i < count; i++) {
		if (i)
			buf_add_ch(&b, ' ');
		buf_add_i64(&b, *numbers[i]);
	}
	struct str saved = arena_str(a, buf_str(&b));
	buf_fini(&b);
	return saved;
}

/* --- what happens -------------------------------------------------------------------------------
 */

static int64_t day_of(int64_t ms)
{
	return ms / DAY_MS;
}

static void turn_to(struct recent *r, int64_t now)
{
	int64_t on = day_of(now) - r->today;

	if (on <= 0)
		return;
	for (int64_t i = RECENT_WEEK; i-- > 0;)
		r->week[i] = i >= on ? r->week[i - on] : (struct recent_day){ 0 };
	r->today = day_of(now);
}

static void count_date(struct recent *r, int64_t date)
{
	int64_t on = day_of(date) - day_of(r->newest);

	if (date < 0 || (r->newest && on <= -RECENT_DAYS))
		return;
	if (r->newest == 0)
		on = 0;
	for (int64_t i = RECENT_DAYS; on > 0 && i-- > 0;)
		r->published[i] = i >= on ? r->published[i - on] : 0;
	r->published[on < 0 ? -on : 0]++;
	if (date > r->newest)
		r->newest = date;
}

static int compare_numbers(const void *x, const void *y)
{
	const int64_t *a = x, *b = y;

	return *a < *b ? -1 : *a > *b;
}

static void count_text(struct recent *r, size_t chars)
{
	int64_t sorted[RECENT_TEXTS];

	r->texts[r->text_count++ % RECENT_TEXTS] = (int64_t)chars;
	if (r->usual && recent_falls_short(r)) {
		r->usual -= r->usual / 128;
		return;
	}
	size_t n = (size_t)(r->text_count < RECENT_TEXTS ? r->text_count : RECENT_TEXTS);
	if (n < LEAST_TEXTS)
		return;
	memcpy(sorted, r->texts, n * sizeof(*sorted));
	qsort(sorted, n, sizeof(*sorted), compare_numbers);
	r->usual = sorted[n / 2];
}

void recent_new(struct recent *r, int64_t now, int64_t date, size_t chars)
{
	turn_to(r, now);
	r->week[0].new ++;
	count_date(r, date == TIME_UNSTATED || date > now ? now : date);
	count_text(r, chars);
}

void recent_changed(struct recent *r, int64_t now)
{
	turn_to(r, now);
	r->week[0].changed++;
}

void recent_failed(struct recent *r, int64_t now)
{
	turn_to(r, now);
	r->week[0].failed++;
}

/* --- what is unusual ----------------------------------------------------------------------------
 */

struct recent_day recent_week(const struct recent *r, int64_t now)
{
	struct recent turned = *r;
	struct recent_day sum = { 0 };

	turn_to(&turned, now);
	for (int i = 0; i < RECENT_WEEK; i++) {
		sum.new += turned.week[i].new;
		sum.changed += turned.week[i].changed;
		sum.failed += turned.week[i].failed;
	}
	return sum;
}

/* Articles of the days known, how many days those are, and the longest run of days without any. */
static int64_t count_days(const struct recent *r, int64_t *days, int64_t *gap)
{
	int64_t sum = 0, run = 0;

	*days = *gap = 0;
	for (int i = 0; i < RECENT_DAYS; i++) {
		run = r->published[i] ? 0 : run + 1;
		if (!r->published[i])
			continue;
		sum += r->published[i];
		*days = i + 1;
	}
	for (int i = 0; i < *days; i++) {
		run = r->published[i] ? 0 : run + 1;
		*gap = run > *gap ? run : *gap;
	}
	return sum;
}

int64_t recent_rate(const struct recent *r)
{
	int64_t days, gap, sum = count_days(r, &days, &gap);

	return sum < LEAST_ARTICLES ? 0 : sum * 100 / days;
}

int64_t recent_silence(const struct recent *r, int64_t now)
{
	int64_t days, gap, sum = count_days(r, &days, &gap);
	int64_t silence = now - r->newest;

	/* Of less than a week nobody knows what its weekends are like. */
	if (sum < LEAST_ARTICLES || days < RECENT_WEEK)
		return 0;
	/* Longer than the longest pause, and than three times the usual one. */
	int64_t bound = (gap + 1) * DAY_MS + DAY_MS / 2, usual = 3 * days * DAY_MS / sum;
	return silence > bound && silence > usual ? silence : 0;
}

int64_t recent_short(const struct recent *r)
{
	int64_t n = 0;

	for (int64_t i = 0; i < RECENT_LAST && i < r->text_count; i++)
		n += r->texts[(r->text_count - 1 - i) % RECENT_TEXTS] * SHORT_OF < r->usual;
	return n;
}

bool recent_falls_short(const struct recent *r)
{
	return r->text_count > RECENT_LAST && recent_short(r) * 2 >= RECENT_LAST;
}
