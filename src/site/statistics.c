/*
 * The page of numbers, as pictures: articles a day by source, edits and deletions a day, articles a
 * month.
 *
 * It counts to the end of the day before the newest article's: so it changes once a day, not with
 * each article. Counts come from indexes over a few weeks, and from what is kept (groups, months).
 */
#include <stdlib.h>
#include <string.h>

#include "site/private.h"
#include "text/date.h"
#include "text/escape.h"

enum {
	DAYS = 56,
	COLOURS = 6, /* sources with a colour of their own, but the last: all others */
	COLUMN = 10, /* of a picture's units; a bar is a little smaller */
	BAR = 8,
	HEIGHT = 100
};

struct source_days {
	const struct site_source *source;
	int64_t days[DAYS], recent, total;
};

struct statistics {
	int64_t from, to; /* DAYS days, to the start of the newest article's day */
	int64_t articles[DAYS], events[STORE_EVENT_KINDS][DAYS];
	int64_t total, event_total[STORE_EVENT_KINDS];
	struct source_days *sources; /* the most in these days first */
	size_t source_count;
};

static int by_recent(const void *a, const void *b)
{
	const struct source_days *x = a, *y = b;

	if (x->recent != y->recent)
		return x->recent > y->recent ? -1 : 1;
	if (x->total != y->total)
		return x->total > y->total ? -1 : 1;
	return str_cmp(x->source->key, y->source->key);
}

static int count_source(struct site *s, struct statistics *st, struct source_days *d,
			const struct store_group *kept, size_t kept_count, struct err *err)
{
	struct store_query later = { .source = d->source->key,
				     .from = st->to,
				     .to = TIME_UNSTATED };
	int64_t after;

	if (store_days(s->store, d->source->key, st->from, DAYS, d->days, err) < 0 ||
	    store_count(s->store, &later, &after, err) < 0)
		return err->code;
	for (size_t i = 0; i < DAYS; i++)
		d->recent += d->days[i];
	for (size_t i = 0; i < kept_count; i++)
		if (str_eq(kept[i].name, d->source->key))
			d->total = kept[i].count - after;
	return 0;
}

static int count_sources(struct site *s, struct arena *a, struct statistics *st, struct err *err)
{
	struct store_group *kept;
	size_t count;

	if (store_groups(s->store, a, STORE_BY_SOURCE, 0, &kept, &count, err) < 0)
		return err->code;
	st->source_count = s->source_count;
	st->sources = arena_array(a, s->source_count + 1, sizeof(*st->sources));
	for (size_t i = 0; i < s->source_count; i++) {
		st->sources[i].source = &s->sources[i];
		if (count_source(s, st, &st->sources[i], kept, count, err) < 0)
			return err->code;
	}
	qsort(st->sources, st->source_count, sizeof(*st->sources), by_recent);
	return 0;
}

/* All articles before st->to: whole months are counted already. */
static int count_all(struct site *s, struct statistics *st, const struct store_group *months,
		     size_t count, struct err *err)
{
	struct store_query q = { .to = st->to };
	int64_t from, to;

	st->total = 0;
	for (size_t i = 0; i < count; i++) {
		if (!month_range(months[i].name, s->opt.zone_min, &from, &to) || from >= st->to)
			continue;
		if (to <= st->to) {
			st->total += months[i].count;
			continue;
		}
		int64_t part;
		q.from = from;
		if (store_count(s->store, &q, &part, err) < 0)
			return err->code;
		st->total += part;
	}
	return 0;
}

static int count_events(struct site *s, struct statistics *st, struct err *err)
{
	for (int kind = 0; kind < STORE_EVENT_KINDS; kind++)
		if (store_event_days(s->store, (enum store_event_kind)kind, st->from, DAYS,
				     st->events[kind], err) < 0 ||
		    store_event_count(s->store, (enum store_event_kind)kind, st->to,
				      &st->event_total[kind], err) < 0)
			return err->code;
	return 0;
}

/* --- pictures -----------------------------------------------------------------------------------
 */

static int64_t most_of(const int64_t *counts, size_t count)
{
	int64_t most = 0;

	for (size_t i = 0; i < count; i++)
		most = counts[i] > most ? counts[i] : most;
	return most;
}

static void start_picture(struct buf *out, size_t columns, struct str label)
{
	buf_addf(out,
		 "<svg class=\"chart\" viewBox=\"0 0 %zu %d\" preserveAspectRatio=\"none\" "
		 "role=\"img\" aria-label=\"",
		 columns * COLUMN, HEIGHT);
	buf_add_html(out, label);
	buf_add_cstr(out, "\">");
}

/* Height in tenths, so that no floating point decides a byte. */
static int64_t tenths(int64_t n, int64_t most)
{
	return most ? (n * HEIGHT * 10 + most / 2) / most : 0;
}

/* A bar for each count, standing on what is below it there (in counts), which grows by it. */
static void draw_bars(struct buf *out, const char *class, const int64_t *counts, size_t count,
		      int64_t *below, int64_t most)
{
	bool some = false;

	for (size_t i = 0; i < count; i++) {
		if (!counts[i])
			continue;
		int64_t foot = HEIGHT * 10 - tenths(below ? below[i] : 0, most);
		int64_t high =
			foot - HEIGHT * 10 + tenths((below ? below[i] : 0) + counts[i], most);

		if (!some)
			buf_addf(out, "<path class=\"%s\" d=\"", class);
		some = true;
		buf_addf(out, "M%zu %lld.%lldh%dv-%lld.%lldh-%dz", i * COLUMN + 1,
			 (long long)foot / 10, (long long)foot % 10, BAR, (long long)high / 10,
			 (long long)high % 10, BAR);
		if (below)
			below[i] += counts[i];
	}
	if (some)
		buf_add_cstr(out, "\"/>");
}

/* What stands beside every picture: its name, where it begins and ends, and how high it is. */
static struct value *put_picture_frame(struct arena *a, struct value *v, const char *key,
				       struct str name, struct str from, struct str to,
				       int64_t most)
{
	struct value *p = value_put_object(a, v, key);

	value_put_text(a, p, "name", name);
	value_put_text(a, p, "from", from);
	value_put_text(a, p, "to", to);
	value_put_i64(a, p, "most", most);
	return p;
}

static struct str day_text(struct site *s, struct arena *a, int64_t ms)
{
	return format_time(s, a, "date_short", ms, s->opt.zone_min);
}

/* "Articles a day, 1 October – 25 November: 1,204; at most 45" */
static struct str label_of(struct site *s, struct arena *a, struct str name, struct str from,
			   struct str to, const int64_t *counts, size_t count)
{
	int64_t sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += counts[i];
	return arena_strf(a, "%.*s, %.*s \xE2\x80\x93 %.*s: %lld; %.*s %lld", STR_FMT(name),
			  STR_FMT(from), STR_FMT(to), (long long)sum, STR_FMT(word(s, "at_most")),
			  (long long)most_of(counts, count));
}

static void put_bars(struct site *s, struct arena *a, struct value *v, const char *key,
		     struct str name, struct str from, struct str to, const int64_t *counts,
		     size_t count)
{
	int64_t most = most_of(counts, count);
	struct value *p = put_picture_frame(a, v, key, name, from, to, most);
	struct buf b;

	buf_init(&b, PAGE_MAX_OUT);
	start_picture(&b, count, label_of(s, a, name, from, to, counts, count));
	draw_bars(&b, "c1", counts, count, NULL, most);
	buf_add_cstr(&b, "</svg>");
	value_put_text(a, p, "picture", arena_str(a, buf_str(&b)));
	buf_fini(&b);
}

static void put_days(struct site *s, struct arena *a, struct value *v, const struct statistics *st)
{
	struct str name = word(s, "stats_days"), from = day_text(s, a, st->from);
	struct str to = day_text(s, a, st->to - DAY_MS);
	int64_t below[DAYS] = { 0 }, by_day[DAYS] = { 0 }, rest[DAYS] = { 0 };
	size_t own = st->source_count > COLOURS ? COLOURS - 1 : st->source_count;
	struct buf b;

	/* An article that two sources carry counts for both. */
	for (size_t i = 0; i < st->source_count; i++)
		for (size_t day = 0; day < DAYS; day++) {
			by_day[day] += st->sources[i].days[day];
			rest[day] += i >= own ? st->sources[i].days[day] : 0;
		}
	int64_t most = most_of(by_day, DAYS);
	struct value *p = put_picture_frame(a, v, "days", name, from, to, most);
	struct value *legend = value_put_list(a, p, "legend");
	buf_init(&b, PAGE_MAX_OUT);
	start_picture(&b, DAYS, label_of(s, a, name, from, to, st->articles, DAYS));
	for (size_t i = 0; i < own + (own < st->source_count); i++) {
		struct value *item = value_add_object(a, legend);
		char class[] = { 'c', (char)('1' + i), '\0' };

		value_put_text(a, item, "class", arena_str(a, str_of(class)));
		value_put_text(a, item, "name",
			       i < own ? st->sources[i].source->name : word(s, "other_sources"));
		draw_bars(&b, class, i < own ? st->sources[i].days : rest, DAYS, below, most);
	}
	buf_add_cstr(&b, "</svg>");
	value_put_text(a, p, "picture", arena_str(a, buf_str(&b)));
	buf_fini(&b);
}

/* Whole months, the oldest first; those without articles are gaps. */
static void put_months(struct site *s, struct arena *a, struct value *v,
		       const struct statistics *st, const struct store_group *months, size_t count)
{
	int zone = s->opt.zone_min;
	struct date_fields f, f0;
	int64_t from, to;

	while (count && month_range(months[0].name, zone, &from, &to) && to > st->to) {
		months++;
		count--;
	}
	if (count < 2 || !month_range(months[count - 1].name, zone, &from, &to))
		return;
	date_fields(from, zone, &f0);
	struct str first = format_time(s, a, "month", from, zone);
	month_range(months[0].name, zone, &from, &to);
	date_fields(from, zone, &f);
	size_t all = (size_t)((f.year - f0.year) * 12 + f.month - f0.month + 1);
	int64_t *counts = arena_array(a, all, sizeof(*counts));
	for (size_t i = 0; i < count; i++) {
		struct date_fields m;

		month_range(months[i].name, zone, &from, &to);
		date_fields(from, zone, &m);
		counts[(m.year - f0.year) * 12 + m.month - f0.month] = months[i].count;
	}
	month_range(months[0].name, zone, &from, &to);
	put_bars(s, a, v, "months", word(s, "stats_months"), first,
		 format_time(s, a, "month", from, zone), counts, all);
}

/* --- the page -----------------------------------------------------------------------------------
 */

static void put_total(struct arena *a, struct value *list, struct str name, int64_t count)
{
	struct value *item = value_add_object(a, list);

	value_put_text(a, item, "name", name);
	value_put_i64(a, item, "count", count);
}

static void put_numbers(struct site *s, struct arena *a, struct value *v,
			const struct page_head *head, const struct statistics *st)
{
	struct value *list = value_put_list(a, v, "totals");

	put_total(a, list, word(s, "articles"), st->total);
	put_total(a, list, word(s, "sources"), (int64_t)st->source_count);
	put_total(a, list, word(s, "edits"), st->event_total[STORE_EDITS]);
	put_total(a, list, word(s, "deletions"), st->event_total[STORE_DELETIONS]);
	list = value_put_list(a, v, "rows");
	for (size_t i = DAYS; i-- > 0;) {
		struct value *row = value_add_object(a, list);

		value_put_text(a, row, "day", day_text(s, a, st->from + (int64_t)i * DAY_MS));
		value_put_i64(a, row, "articles", st->articles[i]);
		value_put_i64(a, row, "edits", st->events[STORE_EDITS][i]);
		value_put_i64(a, row, "deletions", st->events[STORE_DELETIONS][i]);
	}
	list = value_put_list(a, v, "sources");
	for (size_t i = 0; i < st->source_count; i++) {
		const struct source_days *d = &st->sources[i];
		struct value *row = value_add_object(a, list);

		value_put_text(a, row, "name", d->source->name);
		value_put_text(a, row, "url", list_link(s, a, head, d->source->path));
		value_put_i64(a, row, "recent", d->recent);
		value_put_i64(a, row, "total", d->total);
	}
}

static int put_statistics(struct site *s, struct arena *a, struct value *v,
			  const struct page_head *head, struct statistics *st, struct err *err)
{
	struct store_group *months;
	size_t count;

	if (site_months(s, &months, &count, err) < 0 || count_all(s, st, months, count, err) < 0 ||
	    store_days(s->store, S(""), st->from, DAYS, st->articles, err) < 0 ||
	    count_sources(s, a, st, err) < 0 || count_events(s, st, err) < 0)
		return err->code;
	value_put_text(a, v, "until",
		       format_time(s, a, "date_long", st->to - DAY_MS, s->opt.zone_min));
	put_days(s, a, v, st);
	struct str from = day_text(s, a, st->from), to = day_text(s, a, st->to - DAY_MS);
	put_bars(s, a, v, "edits_days", word(s, "stats_edits"), from, to, st->events[STORE_EDITS],
		 DAYS);
	put_bars(s, a, v, "deletions_days", word(s, "stats_deletions"), from, to,
		 st->events[STORE_DELETIONS], DAYS);
	put_months(s, a, v, st, months, count);
	put_numbers(s, a, v, head, st);
	return 0;
}

int statistics_render(struct site *s, struct arena *a, struct buf *out, struct err *err)
{
	struct page_head head = { .path = STR("/statistics.html"), .title = word(s, "statistics") };
	struct statistics *st = arena_alloc(a, sizeof(*st));
	int64_t first, last;

	if (store_span(s->store, S(""), &first, &last, err) < 0)
		return err->code;
	struct value *v = page_value(s, a, &head);
	memset(st, 0, sizeof(*st));
	if (last != TIME_UNSTATED)
		st->to = day_start(last, s->opt.zone_min);
	st->from = st->to - DAYS * (int64_t)DAY_MS;
	bool empty = last == TIME_UNSTATED || first >= st->to;
	value_put_bool(a, v, "empty", empty);
	if (!empty && put_statistics(s, a, v, &head, st, err) < 0)
		return err->code;
	return page_render(s, "statistics", v, out, err);
}
