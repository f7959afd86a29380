/*
 * The site's pages of edits and of deletions, out of the store's journal, and their feeds.
 *
 * Like lists they are numbered from the oldest event on, so that one more changes the newest page
 * and no other. An event shows what was so then: the title of that revision and the first lines of
 * what changed, not what came after.
 */
#include <string.h>

#include "site/private.h"
#include "text/date.h"
#include "text/diff.h"
#include "text/escape.h"

enum { EVENT_MONTHS_MAX = 1200 };

/* What is told of an event's article, besides the article as it is. */
struct told {
	const struct store_event *event;
	struct article art;
	struct headline h;
	struct revision was, now; /* of an edit */
};

static const struct {
	const char *name;
	const char *title, *empty, *total, *help;
} kinds[] = {
	[STORE_EDITS] = { "edits", "edits", "no_edits", "edits_n", "all_edits_help" },
	[STORE_DELETIONS] = { "deletions", "deletions", "no_deletions", "deletions_n",
			      "deletions_help" },
};

struct str events_path(struct arena *a, enum store_event_kind kind, int64_t page)
{
	return page ? arena_strf(a, "/%s/%lld.html", kinds[kind].name, (long long)page)
		    : arena_strf(a, "/%s.html", kinds[kind].name);
}

struct str events_feed_path(struct arena *a, enum store_event_kind kind)
{
	return arena_strf(a, "/%s.xml", kinds[kind].name);
}

bool events_of_path(struct str path, enum store_event_kind *kind, struct str *rest)
{
	for (size_t i = 0; i < STORE_EVENT_KINDS; i++) {
		struct str name = str_of(kinds[i].name);

		*kind = (enum store_event_kind)i;
		*rest = str_from(path, 1 + name.len);
		if (str_has_prefix(str_from(path, 1), name))
			return true;
	}
	return false;
}

static int read_event(struct site *s, struct arena *a, const struct store_event *event,
		      struct told *t, struct err *err)
{
	*t = (struct told){ .event = event };
	if (store_article_get(s->store, a, event->article_id, STORE_TEXT, &t->art, err) < 0)
		return err->code;
	headline_of(a, &t->art, &t->h);
	if (event->kind != STORE_EDITS)
		return 0;
	if (store_revision_get(s->store, a, t->art.id, event->revision - 1, &t->was, err) < 0 ||
	    store_revision_get(s->store, a, t->art.id, event->revision, &t->now, err) < 0)
		return err->code;
	return 0;
}

/* The title then, with what changed in it. */
static void add_title(struct site *s, struct arena *a, struct buf *out, const struct told *t)
{
	static const struct diff_cut cut = { .same = 120, .changed = 200, .labels = true };
	struct diff_line *lines;
	struct diff d;
	size_t count;

	diff_texts(a, t->was.title, t->now.title, &d);
	diff_lines(a, &d, &lines, &count);
	if (count)
		diff_line_add(s, out, &lines[0], &cut);
	else
		buf_add_html(out, t->h.title);
}

/* The first paragraph that changed. */
static void add_changes(struct site *s, struct arena *a, struct buf *out, const struct told *t)
{
	static const struct diff_cut cut = {
		.same = 36,
		.changed = 120,
		.total = 260,
		.labels = true,
	};
	struct diff_line *lines;
	struct diff d;
	size_t count, i = 0;

	diff_texts(a, t->was.text, t->now.text, &d);
	diff_lines(a, &d, &lines, &count);
	while (i < count && !lines[i].changed)
		i++;
	if (i < count)
		diff_line_add(s, out, &lines[i], &cut);
}

/* What one of the above adds, as a member. */
static void put_markup(struct site *s, struct arena *a, struct value *v, const char *key,
		       void (*add)(struct site *, struct arena *, struct buf *,
				   const struct told *),
		       const struct told *t)
{
	struct buf b;

	buf_init(&b, PAGE_MAX_OUT);
	add(s, a, &b, t);
	value_put_text(a, v, key, arena_str(a, buf_str(&b)));
	buf_fini(&b);
}

static struct str edit_link(const struct site *s, struct arena *a, const struct page_head *head,
			    const struct told *t)
{
	return arena_strf(a, "%.*s#edit-%d",
			  STR_FMT(page_link(s, a, head, article_edits_file(a, &t->art))),
			  t->event->revision);
}

static void put_event(struct site *s, struct arena *a, const struct page_head *head,
		      struct value *v, const struct told *t)
{
	bool edit = t->event->kind == STORE_EDITS;

	put_headline(s, a, head, v, &t->h);
	value_put_text(a, v, "article_url", page_link(s, a, head, t->h.path));
	value_put_text(a, v, "published",
		       format_time(s, a, "date_short", t->h.date, s->opt.zone_min));
	put_time(s, a, v, "noticed", "time", t->event->time, s->opt.zone_min);
	value_put_text(a, v, "what",
		       edit ? S("") : word(s, t->event->revision ? "back_short" : "gone_short"));
	value_put_bool(a, v, "is_edit", edit);
	if (!edit)
		return;
	value_put_text(a, v, "edit_url", edit_link(s, a, head, t));
	put_markup(s, a, v, "title_html", add_title, t);
	put_markup(s, a, v, "changes_html", add_changes, t);
}

/* By day, newest first; the newest day of each month has a place to link to. */
static int put_days(struct site *s, struct arena *a, struct value *v, const struct page_head *head,
		    const struct store_event *events, size_t count, struct err *err)
{
	struct value *days = value_put_list(a, v, "days"), *list = NULL;
	struct date_fields before = { 0 }, f;

	for (size_t i = count; i-- > 0; before = f) {
		struct told t;

		date_fields(events[i].time, s->opt.zone_min, &f);
		if (read_event(s, a, &events[i], &t, err) < 0)
			return err->code;
		bool month = !list || f.month != before.month || f.year != before.year;
		if (month || f.day != before.day) {
			struct value *day = value_add_object(a, days);

			value_put_text(a, day, "anchor",
				       month ? month_of(a, events[i].time, s->opt.zone_min)
					     : S(""));
			value_put_text(
				a, day, "day",
				format_time(s, a, "date_long", events[i].time, s->opt.zone_min));
			list = value_put_list(a, day, "items");
		}
		put_event(s, a, head, value_add_object(a, list), &t);
	}
	return 0;
}

/* --- months: on which page each begins ------------------------------------------------------ */

static int time_of(struct site *s, struct arena *a, enum store_event_kind kind, int64_t number,
		   int64_t *time, struct err *err)
{
	struct store_event *events;
	size_t count;
	int r = store_events(s->store, a, kind, number, number, &events, &count, err);

	if (r == 0 && count != 1)
		r = err_set(err, ERR_NOTFOUND, "no event %lld", (long long)number);
	if (r == 0)
		*time = events[0].time;
	return r;
}

/* The first number that was noticed at `time` or later, above `low`; last + 1 where there is none.
 */
static int first_from(struct site *s, struct arena *a, enum store_event_kind kind, int64_t low,
		      int64_t time, int64_t *number, struct err *err)
{
	int64_t high = s->last_event[kind] + 1, at;

	while (low < high) {
		int64_t middle = low + (high - low) / 2;

		if (time_of(s, a, kind, middle, &at, err) < 0)
			return err->code;
		if (at < time)
			low = middle + 1;
		else
			high = middle;
	}
	*number = low;
	return 0;
}

struct event_month {
	struct str name;
	int64_t last; /* its newest event's number */
};

static int find_months(struct site *s, struct arena *a, enum store_event_kind kind,
		       struct list *out, struct err *err)
{
	int64_t number = 1, time, from, to;

	while (number <= s->last_event[kind] && out->count < EVENT_MONTHS_MAX) {
		struct event_month *m = list_add(out);

		if (time_of(s, a, kind, number, &time, err) < 0)
			return err->code;
		m->name = month_of(a, time, s->opt.zone_min);
		if (!month_range(m->name, s->opt.zone_min, &from, &to))
			return err_set(err, ERR_INPUT, "an event of no month");
		if (first_from(s, a, kind, number + 1, to, &number, err) < 0)
			return err->code;
		m->last = number - 1;
	}
	return 0;
}

/* Each month with a link to its newest event: from there on one reads back. */
static int put_months(struct site *s, struct arena *a, struct value *v,
		      const struct page_head *head, enum store_event_kind kind, struct err *err)
{
	int64_t pages = list_pages(s->last_event[kind]), from, to;
	struct value *list = value_put_list(a, v, "months");
	struct list months;

	list_init(&months, sizeof(struct event_month));
	int r = find_months(s, a, kind, &months, err);
	for (size_t i = months.count; r == 0 && i-- > 0;) {
		const struct event_month *m = list_at(&months, i);
		int64_t page = (m->last - 1) / LIST_PAGE + 1;
		struct str path = events_path(a, kind, page > pages ? 0 : page);
		struct value *item = value_add_object(a, list);

		month_range(m->name, s->opt.zone_min, &from, &to);
		value_put_text(a, item, "name", format_time(s, a, "month", from, s->opt.zone_min));
		value_put_text(a, item, "url",
			       arena_strf(a, "%.*s#%.*s", STR_FMT(page_link(s, a, head, path)),
					  STR_FMT(m->name)));
	}
	value_put_bool(a, v, "has_months", months.count > 1);
	list_fini(&months);
	return r;
}

int events_render(struct site *s, struct arena *a, enum store_event_kind kind, int64_t page,
		  struct buf *out, struct err *err)
{
	int64_t last = s->last_event[kind], pages = list_pages(last);
	int64_t from = page ? (page - 1) * LIST_PAGE + 1 : pages * LIST_PAGE + 1;
	struct str title = word(s, kinds[kind].title);
	struct page_head head = {
		.path = events_path(a, kind, page),
		.title = page ? arena_strf(a, "%.*s (%lld)", STR_FMT(title), (long long)page)
			      : title,
		.feed_path = events_feed_path(a, kind),
		.feed_title = title,
	};
	struct store_event *events;
	size_t count;

	if (page > pages)
		return err_set(err, ERR_NOTFOUND, "no page %lld", (long long)page);
	if (store_events(s->store, a, kind, from, page ? from + LIST_PAGE - 1 : last, &events,
			 &count, err) < 0)
		return err->code;
	struct value *v = page_value(s, a, &head);
	value_put_text(a, v, "title", title);
	value_put_text(a, v, "help", word(s, kinds[kind].help));
	value_put_text(a, v, "empty", count ? S("") : word(s, kinds[kind].empty));
	if (!page && last)
		value_put_text(a, v, "total_text", word_n(s, a, kinds[kind].total, last));
	if (put_days(s, a, v, &head, events, count, err) < 0 ||
	    (!page && put_months(s, a, v, &head, kind, err) < 0))
		return err->code;
	put_pager(s, a, v, &head, arena_strf(a, "/%s", kinds[kind].name), page, pages);
	return page_render(s, "events", v, out, err);
}

/* --- feeds ---------------------------------------------------------------------------------- */

/* All lines that changed, as paragraphs. */
static void add_paragraphs(struct site *s, struct arena *a, struct buf *out, const struct told *t)
{
	static const struct diff_cut cut = { .same = 160 };
	struct str texts[2][2] = { { t->was.title, t->now.title }, { t->was.text, t->now.text } };

	for (int part = 0; part < 2; part++) {
		struct diff_line *lines;
		struct diff d;
		size_t count;

		diff_texts(a, texts[part][0], texts[part][1], &d);
		diff_lines(a, &d, &lines, &count);
		for (size_t i = 0; i < count; i++) {
			if (!lines[i].changed)
				continue;
			buf_add_cstr(out, part ? "<p>" : "<h2>");
			diff_line_add(s, out, &lines[i], &cut);
			buf_add_cstr(out, part ? "</p>\n" : "</h2>\n");
		}
	}
}

static void add_entry(struct site *s, struct arena *a, struct buf *out, const struct told *t)
{
	bool edit = t->event->kind == STORE_EDITS;
	const struct site_source *source = site_source(s, t->h.source);
	struct str name = source ? source->name : t->h.source;
	struct str page = edit ? public_url(s, a, article_edits_file(a, &t->art))
			       : public_url(s, a, t->h.path);
	struct buf html;

	feed_entry_open(s, out, &t->h);
	feed_element(out, "title", edit && t->now.title.len ? t->now.title : t->h.title);
	feed_element(
		out, "id",
		arena_strf(a, "%.*s#%s-%lld", STR_FMT(feed_entry_id(s, a, &t->h)),
			   edit ? "edit" : "deletion",
			   edit ? (long long)t->event->revision : (long long)t->event->number));
	feed_link(out, "alternate",
		  edit ? arena_strf(a, "%.*s#edit-%d", STR_FMT(page), t->event->revision) : page,
		  "text/html");
	feed_time(a, out, "updated", t->event->time);
	buf_add(out, S("<author><name>"));
	buf_add_xml(out, name.len ? name : s->opt.title);
	buf_add(out, S("</name></author>\n"));
	if (!edit) {
		feed_element(out, "summary",
			     word(s, t->event->revision ? "back_short" : "gone_short"));
	} else {
		buf_init(&html, PAGE_MAX_OUT);
		add_paragraphs(s, a, &html, t);
		buf_add(out, S("<content type=\"html\">"));
		buf_add_xml(out, buf_str(&html));
		buf_add(out, S("</content>\n"));
		buf_fini(&html);
	}
	buf_add(out, S("</entry>\n"));
}

int events_feed(struct site *s, struct arena *a, enum store_event_kind kind, struct buf *out,
		struct err *err)
{
	struct str title = word(s, kinds[kind].title);
	struct feed_head head = {
		.path = events_feed_path(a, kind),
		.page = events_path(a, kind, 0),
		.title = arena_strf(a, "%.*s \xE2\x80\x93 %.*s", STR_FMT(title),
				    STR_FMT(s->opt.title)),
		.updated = TIME_UNSTATED,
	};
	int64_t last = s->last_event[kind];
	struct store_event *events;
	struct buf entries;
	size_t count;
	int r = store_events(s->store, a, kind, last - FEED_WHOLE + 1, last, &events, &count, err);

	buf_init(&entries, PAGE_MAX_OUT);
	for (size_t i = r == 0 ? count : 0; r == 0 && i-- > 0;) {
		struct told t;

		if ((r = read_event(s, a, &events[i], &t, err)) < 0)
			break;
		if (events[i].time > head.updated)
			head.updated = events[i].time;
		add_entry(s, a, &entries, &t);
	}
	if (r == 0)
		r = feed_finish(s, a, &head, &entries, out, err);
	buf_fini(&entries);
	return r;
}
