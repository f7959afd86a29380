/*
 * On which days a source had articles: a square for each day, month by month.
 *
 * The source's own page, which each of its articles rewrites anyhow, has the year of the newest one
 * and the year before; what is older is a page of its own, that nothing new touches.
 */
#include <string.h>

#include "site/private.h"
#include "text/date.h"
#include "text/escape.h"

enum {
	YEARS_SHOWN = 2,
	YEARS_MAX = 400,
	CELL = 10, /* of the picture's units; a square is a little smaller: 8 */
	DAYS_MOST = 31,
	LEVELS = 5
};

/* The least articles of a day for each shade; they do not depend on the other days, so that no day
 * changes another's. */
static const int64_t shades[LEVELS] = { 0, 1, 3, 8, 20 };

static int shade_of(int64_t articles)
{
	int shade = LEVELS - 1;

	while (articles < shades[shade])
		shade--;
	return shade;
}

int64_t day_start(int64_t ms, int zone_min)
{
	struct date_fields f;

	date_fields(ms, zone_min, &f);
	f.hour = f.minute = f.second = f.ms = 0;
	return date_from_fields(&f, zone_min);
}

static int year_of(int64_t ms, int zone_min)
{
	struct date_fields f;

	date_fields(ms, zone_min, &f);
	return f.year;
}

int64_t year_start(int year, int zone_min)
{
	const struct date_fields f = { .year = year, .month = 1, .day = 1 };

	return date_from_fields(&f, zone_min);
}

/* One month of a source: its first day, and what is known of it: a day before the first article, or
 * after the last, is no gap. */
struct month {
	int64_t from, to; /* instants */
	int64_t first, last;
	const int64_t *counts; /* of its days */
};

static bool is_known(const struct month *m, int64_t day)
{
	return m->from + (day + 1) * DAY_MS > m->first && m->from + day * DAY_MS <= m->last;
}

/* Columns are weeks, which begin on Monday; rows their days. */
static void add_square(struct buf *out, int64_t column, int64_t row)
{
	buf_add_ch(out, 'M');
	buf_add_i64(out, column * CELL + 1);
	buf_add_ch(out, ' ');
	buf_add_i64(out, row * CELL + 1);
	buf_add(out, S("h8v8h-8z"));
}

static void draw_month(const struct site *s, const struct month *m, struct str label,
		       struct buf *out)
{
	int64_t days = (m->to - m->from) / DAY_MS;
	struct date_fields f;

	date_fields(m->from, s->opt.zone_min, &f);
	int64_t before = (f.weekday + 6) % 7;
	/* Six weeks of seven days. */
	buf_add(out, S("<svg class=\"days\" viewBox=\"0 0 60 70\" role=\"img\" aria-label=\""));
	buf_add_html(out, label);
	buf_add_cstr(out, "\">");
	for (int shade = 0; shade < LEVELS; shade++) {
		bool some = false;

		for (int64_t day = 0; day < days; day++) {
			if (!is_known(m, day) || shade_of(m->counts[day]) != shade)
				continue;
			if (!some) {
				buf_add(out, S("<path class=\"d"));
				buf_add_i64(out, shade);
				buf_add(out, S("\" d=\""));
			}
			some = true;
			add_square(out, (before + day) / 7, (before + day) % 7);
		}
		if (some)
			buf_add_cstr(out, "\"/>");
	}
	buf_add_cstr(out, "</svg>");
}

/* "January 2023: 45 articles, 3 days without any: 4, 5, 19" */
static struct str month_label(const struct site *s, struct arena *a, const struct month *m,
			      int64_t total, struct str name)
{
	int64_t days = (m->to - m->from) / DAY_MS, gaps = 0;
	struct buf b;

	buf_init(&b, 4096);
	for (int64_t day = 0; day < days; day++)
		gaps += is_known(m, day) && !m->counts[day];
	buf_add(&b, name);
	buf_add_cstr(&b, ": ");
	buf_add(&b, word_n(s, a, "articles_n", total));
	if (gaps) {
		buf_add_cstr(&b, ", ");
		buf_add(&b, word_n(s, a, "gaps_n", gaps));
	}
	for (int64_t day = 0, told = 0; total && day < days; day++)
		if (is_known(m, day) && !m->counts[day]) {
			buf_add(&b, told++ ? S(", ") : S(": "));
			buf_add_i64(&b, day + 1);
		}
	struct str label = arena_str(a, buf_str(&b));
	buf_fini(&b);
	return label;
}

static void put_month(struct site *s, struct arena *a, struct value *list,
		      const struct page_head *head, const struct month *m)
{
	struct list_ref ref = { LIST_MONTH, month_of(a, m->from, s->opt.zone_min) };
	struct value *v = value_add_object(a, list);
	int64_t days = (m->to - m->from) / DAY_MS, total = 0;
	struct buf b;

	for (int64_t day = 0; day < days; day++)
		total += m->counts[day];
	buf_init(&b, 1 << 16);
	draw_month(
		s, m,
		month_label(s, a, m, total, format_time(s, a, "month", m->from, s->opt.zone_min)),
		&b);
	value_put_text(a, v, "name", format_time(s, a, "month_short", m->from, s->opt.zone_min));
	value_put_text(a, v, "url", total ? list_link(s, a, head, list_path(a, &ref)) : S(""));
	value_put_text(a, v, "days", arena_str(a, buf_str(&b)));
	buf_fini(&b);
}

static int put_year(struct site *s, struct arena *a, struct value *years,
		    const struct page_head *head, struct str source, int year,
		    const struct month *known, struct err *err)
{
	int zone = s->opt.zone_min;
	int64_t counts[366 + 1] = { 0 };
	struct month m = *known;
	int64_t from = year_start(year, zone);
	size_t days = (size_t)((year_start(year + 1, zone) - from) / DAY_MS);

	if (store_days(s->store, source, from, days, counts, err) < 0)
		return err->code;
	struct value *v = value_add_object(a, years);
	value_put_text(a, v, "year", format_time(s, a, "year", from, zone));
	struct value *list = value_put_list(a, v, "months");
	for (int month = 1; month <= 12; month++) {
		struct str name = arena_strf(a, "%04d-%02d", year, month);

		if (!month_range(name, zone, &m.from, &m.to) || m.to <= m.first || m.from > m.last)
			continue;
		m.counts = counts + (m.from - from) / DAY_MS;
		put_month(s, a, list, head, &m);
	}
	return 0;
}

/* The years of the source's own page, or those before. */
static int find_years(struct site *s, struct str source, bool older, struct month *known, int *from,
		      int *to, struct err *err)
{
	int zone = s->opt.zone_min;

	*known = (struct month){ 0 };
	*from = 1;
	*to = 0;
	if (store_span(s->store, source, &known->first, &known->last, err) < 0)
		return err->code;
	if (known->last == TIME_UNSTATED)
		return 0;
	int newest = year_of(known->last, zone), oldest = year_of(known->first, zone);
	int least = newest - YEARS_SHOWN + 1;
	oldest = oldest < newest - YEARS_MAX ? newest - YEARS_MAX : oldest < 0 ? 0 : oldest;
	*from = older || oldest > least ? oldest : least;
	*to = older ? least - 1 : newest;
	return 0;
}

static int put_years(struct site *s, struct arena *a, struct value *v, const struct page_head *head,
		     struct str source, bool older, struct err *err)
{
	struct month known;
	int from, to;

	if (find_years(s, source, older, &known, &from, &to, err) < 0)
		return err->code;
	struct value *years = value_put_list(a, v, "years");
	for (int year = to; year >= from; year--)
		if (put_year(s, a, years, head, source, year, &known, err) < 0)
			return err->code;
	return 0;
}

struct str calendar_path(struct arena *a, const struct site_source *source)
{
	return arena_strf(a, "%.*s/calendar.html", STR_FMT(source->path));
}

int calendar_has_page(struct site *s, struct str source, bool *has, struct err *err)
{
	struct month known;
	int from, to;

	if (find_years(s, source, true, &known, &from, &to, err) < 0)
		return err->code;
	*has = from <= to;
	return 0;
}

int calendar_span(struct site *s, struct str source, struct calendar_span *out, struct err *err)
{
	int zone = s->opt.zone_min;
	struct month known;
	int from, to;

	if (find_years(s, source, false, &known, &from, &to, err) < 0)
		return err->code;
	out->shown = year_start(to - YEARS_SHOWN + 1, zone);
	out->newest = year_start(to, zone);
	out->end = year_start(to + 1, zone);
	return 0;
}

int calendar_put(struct site *s, struct arena *a, struct value *v, const struct page_head *head,
		 const struct site_source *source, struct err *err)
{
	bool older = false;

	if (calendar_has_page(s, source->key, &older, err) < 0)
		return err->code;
	struct value *calendar = value_put_object(a, v, "calendar");
	if (older)
		value_put_text(a, calendar, "older",
			       page_link(s, a, head, calendar_path(a, source)));
	return put_years(s, a, calendar, head, source->key, false, err);
}

int calendar_render(struct site *s, struct arena *a, struct str key, struct buf *out,
		    struct err *err)
{
	const struct site_source *source = site_source(s, key);
	struct page_head head = { 0 };
	bool has = false;

	if (source && calendar_has_page(s, key, &has, err) < 0)
		return err->code;
	if (!has)
		return err_set(err, ERR_NOTFOUND, "no calendar of %.*s", STR_FMT(key));
	head.path = calendar_path(a, source);
	head.title =
		arena_strf(a, "%.*s: %.*s", STR_FMT(source->name), STR_FMT(word(s, "coverage")));
	struct value *v = page_value(s, a, &head);
	value_put_text(a, v, "source", source->name);
	value_put_text(a, v, "source_url", list_link(s, a, &head, source->path));
	struct value *calendar = value_put_object(a, v, "calendar");
	if (put_years(s, a, calendar, &head, key, true, err) < 0)
		return err->code;
	return page_render(s, "calendar", v, out, err);
}
