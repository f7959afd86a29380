/*
 * Lists of articles: of a source, a category, a tag, a month.
 *
 * Their pages are numbered from the oldest article on, LIST_PAGE each, so a new one changes the
 * newest page and no other. The newest page has between LIST_PAGE and twice that; when it is full,
 * its older half becomes the next number.
 */
#include <string.h>

#include "site/private.h"
#include "text/date.h"

int64_t list_pages(int64_t total)
{
	return total < 2 * LIST_PAGE ? 0 : total / LIST_PAGE - 1;
}

size_t list_files(struct arena *a, enum list_kind kind, struct str path, int64_t page,
		  struct str out[2])
{
	if (page)
		path = arena_strf(a, "%.*s/%lld", STR_FMT(path), (long long)page);
	out[0] = str_join(a, path, S(".html"));
	out[1] = str_join(a, path, S(".xml"));
	return kind == LIST_SOURCE || kind == LIST_TAG ? 2 : 1;
}

int list_query(struct site *s, const struct list_ref *ref, struct store_query *q, struct err *err)
{
	*q = (struct store_query){ .from = TIME_UNSTATED, .to = TIME_UNSTATED, .with = STORE_TEXT };
	switch (ref->kind) {
	case LIST_SOURCE: q->source = ref->name; return 0;
	case LIST_CATEGORY: q->category = ref->name; return 0;
	case LIST_TAG: q->keyword = ref->name; return 0;
	case LIST_MONTH:
		if (month_range(ref->name, s->opt.zone_min, &q->from, &q->to))
			return 0;
		break;
	case LIST_KINDS: break;
	}
	return err_set(err, ERR_NOTFOUND, "no list %.*s", STR_FMT(ref->name));
}

int list_total(struct site *s, const struct list_ref *ref, int64_t *total, struct err *err)
{
	struct store_query q;
	const struct site_category *c = site_category(s, ref->name);
	int64_t least = ref->kind == LIST_TAG ? TAG_MIN : ref->kind == LIST_MONTH ? 1 : 0;

	if (list_query(s, ref, &q, err) < 0 || store_count(s->store, &q, total, err) < 0)
		return err->code;
	if (*total < least || (ref->kind == LIST_SOURCE && !site_source(s, ref->name)) ||
	    (ref->kind == LIST_CATEGORY && (!c || !c->page)))
		return err_set(err, ERR_NOTFOUND, "no list %.*s", STR_FMT(ref->name));
	return 0;
}

struct str list_title(struct site *s, struct arena *a, const struct list_ref *ref)
{
	const struct site_source *source;
	int64_t from, to;

	if (ref->kind == LIST_SOURCE && (source = site_source(s, ref->name)))
		return source->name;
	if (ref->kind == LIST_MONTH && month_range(ref->name, s->opt.zone_min, &from, &to))
		return format_time(s, a, "month", from, s->opt.zone_min);
	return ref->name;
}

/* Headlines by day. */
static void put_days(struct site *s, struct arena *a, struct value *v, const struct page_head *head,
		     const struct headline *items, size_t count)
{
	struct value *days = value_put_list(a, v, "days"), *list = NULL;
	struct date_fields before = { 0 };

	for (size_t i = 0; i < count; i++) {
		struct date_fields f;

		date_fields(items[i].date, s->opt.zone_min, &f);
		if (!list || f.day != before.day || f.month != before.month ||
		    f.year != before.year) {
			struct value *day = value_add_object(a, days);

			value_put_text(
				a, day, "day",
				format_time(s, a, "date_long", items[i].date, s->opt.zone_min));
			list = value_put_list(a, day, "items");
			before = f;
		}
		put_headline(s, a, head, value_add_object(a, list), &items[i]);
	}
}

static struct str numbered(struct arena *a, struct str list, int64_t page)
{
	return arena_strf(a, "%.*s/%lld.html", STR_FMT(list), (long long)page);
}

void put_pager(struct site *s, struct arena *a, struct value *v, const struct page_head *head,
	       struct str list, int64_t page, int64_t pages)
{
	int64_t older = page ? page - 1 : pages, newer = page ? page + 1 : 0;
	struct value *pager;

	if (!pages)
		return;
	pager = value_put_object(a, v, "pager");
	if (older > 0)
		value_put_text(a, pager, "older", page_link(s, a, head, numbered(a, list, older)));
	if (page && newer <= pages)
		value_put_text(a, pager, "newer", page_link(s, a, head, numbered(a, list, newer)));
	if (page) {
		value_put_text(a, pager, "newest", list_link(s, a, head, list));
		value_put_bool(a, pager, "newer_is_newest", newer > pages);
		value_put_text(a, pager, "number", word_n(s, a, "page_n", page));
	} else {
		value_put_text(a, pager, "oldest", page_link(s, a, head, numbered(a, list, 1)));
	}
}

/* What stands under the title of a list. */
static void put_about(struct site *s, struct arena *a, struct value *v,
		      const struct page_head *head, const struct list_view *view)
{
	static const char *const kinds[] = {
		[LIST_SOURCE] = "source_word",
		[LIST_CATEGORY] = "category_word",
		[LIST_TAG] = "tag_word",
		[LIST_MONTH] = "month_word",
	};
	const struct site_source *source =
		view->ref.kind == LIST_SOURCE ? site_source(s, view->ref.name) : NULL;
	const struct site_category *c =
		view->ref.kind == LIST_CATEGORY ? site_category(s, view->ref.name) : NULL;

	value_put_text(a, v, "kind", word(s, kinds[view->ref.kind]));
	/* Numbered pages do not say how many there are now: they would change with each article. */
	if (!view->page)
		value_put_text(a, v, "total_text", word_n(s, a, "articles_n", view->total));
	if (source) {
		value_put_text(a, v, "home", source->home_url.len ? source->home_url : source->url);
		c = site_category(s, source->category);
		if (c && c->page) {
			value_put_text(a, v, "category", c->name);
			value_put_text(a, v, "category_url", list_link(s, a, head, c->path));
		}
		return;
	}
	if (!c)
		return;
	struct value *list = value_put_list(a, v, "members");
	for (size_t i = 0; i < c->count; i++) {
		struct value *item = value_add_object(a, list);

		value_put_text(a, item, "name", c->sources[i]->name);
		value_put_text(a, item, "url", list_link(s, a, head, c->sources[i]->path));
	}
	value_put_bool(a, v, "has_members", true);
}

int list_render(struct site *s, struct arena *a, const struct list_view *view, struct buf *out,
		struct err *err)
{
	struct str title = list_title(s, a, &view->ref);
	struct page_head head = { .title = title };

	head.path = view->page ? arena_strf(a, "%.*s/%lld.html", STR_FMT(view->path),
					    (long long)view->page)
			       : arena_strf(a, "%.*s.html", STR_FMT(view->path));
	if (view->page)
		head.title = arena_strf(a, "%.*s (%lld)", STR_FMT(title), (long long)view->page);
	if (view->ref.kind == LIST_SOURCE || view->ref.kind == LIST_TAG) {
		head.feed_path = arena_strf(a, "%.*s.xml", STR_FMT(view->path));
		head.feed_title = title;
	}
	struct value *v = page_value(s, a, &head);
	value_put_text(a, v, "title", title);
	value_put_bool(a, v, "of_source", view->ref.kind == LIST_SOURCE);
	value_put_bool(a, v, "empty", view->count == 0);
	put_about(s, a, v, &head, view);
	put_days(s, a, v, &head, view->items, view->count);
	put_pager(s, a, v, &head, view->path, view->page, view->pages);
	if (view->ref.kind == LIST_SOURCE && !view->page && view->count &&
	    calendar_put(s, a, v, &head, site_source(s, view->ref.name), err) < 0)
		return err->code;
	value_index(a, v);
	return page_render(s, "list", v, out, err);
}

/* The first and the last article; 0 where there is none. */
static int find_ends(struct site *s, struct article *first, struct article *last, struct err *err)
{
	struct store_query q = { .from = TIME_UNSTATED, .to = TIME_UNSTATED, .limit = 1 };
	int r = 1;

	for (int i = 0; i < 2 && r > 0; i++) {
		struct store_walk *walk = NULL;

		q.oldest_first = i == 0;
		r = store_walk_open(s->store, &q, &walk, err);
		if (r == 0)
			r = store_walk_next(walk, &s->index, i ? last : first, err);
		store_walk_close(&walk);
	}
	return r;
}

int site_months(struct site *s, struct store_group **out, size_t *count, struct err *err)
{
	struct article first = { 0 }, last = { 0 };
	struct date_fields f, f0;
	int r = s->months ? 0 : find_ends(s, &first, &last, err);

	if (r < 0)
		return r;
	if (r > 0) {
		date_fields(article_date(&last), s->opt.zone_min, &f);
		date_fields(article_date(&first), s->opt.zone_min, &f0);
		int64_t months = (f.year - f0.year) * 12LL + f.month - f0.month + 1;
		s->months = arena_array(&s->index, (size_t)months, sizeof(*s->months));
		for (int64_t i = 0, year = f.year, month = f.month; i < months; i++) {
			struct store_group *g = &s->months[s->month_count];
			struct store_query q = { 0 };

			g->name = arena_strf(&s->index, "%04lld-%02lld", (long long)year,
					     (long long)month);
			if (month_range(g->name, s->opt.zone_min, &q.from, &q.to) &&
			    store_count(s->store, &q, &g->count, err) < 0) {
				s->months = NULL;
				s->month_count = 0;
				return err->code;
			}
			s->month_count += g->count > 0;
			year -= month == 1;
			month = month == 1 ? 12 : month - 1;
		}
	}
	*out = s->months;
	*count = s->month_count;
	return 0;
}
