/* The front page and the pages that lead to others: archive, sources, tags, search, not found. */
#include <string.h>

#include "site/private.h"
#include "site/stories.h"

enum {
	FRONT_LOOKED_AT = 150, /* newest articles the front page is made of */
	FRONT_LEADS = 11,      /* shown with their first lines, each of another source */
	FRONT_PICTURES = 3,    /* leads with their picture, where it is kept */
	FRONT_OTHERS = 5,      /* of other sources on the same story */
	FRONT_LATEST = 18,
	FRONT_SECTIONS = 12, /* categories, or sources where there is one category */
	FRONT_SECTION = 5
};

static int newest(struct site *s, struct arena *a, struct store_query *q, struct headline *out,
		  size_t *count, struct err *err)
{
	struct store_walk *walk = NULL;
	struct article art;
	int r = store_walk_open(s->store, q, &walk, err);

	*count = 0;
	while (r >= 0 && *count < (size_t)q->limit && (r = store_walk_next(walk, a, &art, err)) > 0)
		headline_of(a, &art, &out[(*count)++]);
	store_walk_close(&walk);
	return r < 0 ? r : 0;
}

/*
 * What leads: the stories that most sources tell, and the newest; the first of each in turn, so
 * that one source which publishes every minute does not push the others off the page. Then whatever
 * comes next.
 */
static size_t choose_leads(const struct headline *items, const struct story *stories, size_t count,
			   const struct story **leads)
{
	size_t n = 0;

	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < count && n < FRONT_LEADS; i++) {
			const struct headline *h = &items[stories[i].members[0]];
			bool seen = pass == 0 && h->excerpt.len < 60;

			for (size_t j = 0; j < n && !seen; j++)
				seen = leads[j] == &stories[i] ||
				       (pass == 0 && stories[i].sources < 2 &&
					str_eq(items[leads[j]->members[0]].source, h->source));
			if (!seen)
				leads[n++] = &stories[i];
		}
	return n;
}

/* The front page's articles, and the stories they tell. */
struct front {
	struct headline *items;
	struct story_article *texts;
	struct story *stories;
	size_t count, story_count;
};

static int read_front(struct site *s, struct arena *a, struct front *f, struct err *err)
{
	struct store_query q = {
		.from = TIME_UNSTATED,
		.to = TIME_UNSTATED,
		.limit = FRONT_LOOKED_AT,
		.with = STORE_TEXT,
	};
	struct store_walk *walk = NULL;
	struct article art;
	int r = store_walk_open(s->store, &q, &walk, err);

	*f = (struct front){
		.items = arena_array(a, FRONT_LOOKED_AT, sizeof(*f->items)),
		.texts = arena_array(a, FRONT_LOOKED_AT, sizeof(*f->texts)),
		.stories = arena_array(a, FRONT_LOOKED_AT, sizeof(*f->stories)),
	};
	while (r >= 0 && f->count < FRONT_LOOKED_AT &&
	       (r = store_walk_next(walk, a, &art, err)) > 0) {
		headline_of(a, &art, &f->items[f->count]);
		f->texts[f->count++] =
			(struct story_article){ art.title, art.text, art.source, art.date };
	}
	store_walk_close(&walk);
	if (r < 0)
		return r;
	f->story_count = stories_find(a, f->texts, f->count, f->stories);
	return 0;
}

static int put_section(struct site *s, struct arena *a, struct value *list,
		       const struct page_head *head, const struct list_ref *ref, struct err *err)
{
	struct headline items[FRONT_SECTION];
	struct store_query q;
	size_t count;

	if (list_query(s, ref, &q, err) < 0)
		return err->code;
	q.limit = FRONT_SECTION;
	q.with = STORE_FIELDS;
	if (newest(s, a, &q, items, &count, err) < 0)
		return err->code;
	if (!count)
		return 0;
	struct value *section = value_add_object(a, list);
	value_put_bool(a, section, "of_source", ref->kind == LIST_SOURCE);
	value_put_text(a, section, "title", list_title(s, a, ref));
	value_put_text(a, section, "url", list_link(s, a, head, list_path(a, ref)));
	struct value *inside = value_put_list(a, section, "items");
	for (size_t i = 0; i < count; i++)
		put_headline(s, a, head, value_add_object(a, inside), &items[i]);
	return 0;
}

/* The categories with the most articles; the sources, where there is one category. */
static int put_sections(struct site *s, struct arena *a, struct value *v,
			const struct page_head *head, struct err *err)
{
	struct value *list = value_put_list(a, v, "sections");
	bool by_source = s->category_count < 2;
	struct store_group *groups;
	size_t count;

	if (s->source_count < 2)
		return 0;
	if (store_groups(s->store, a, by_source ? STORE_BY_SOURCE : STORE_BY_CATEGORY, 0, &groups,
			 &count, err) < 0)
		return err->code;
	for (size_t i = 0; i < count && list->count < FRONT_SECTIONS; i++) {
		const struct site_category *c = by_source ? NULL : site_category(s, groups[i].name);
		struct list_ref ref = { LIST_SOURCE, groups[i].name };

		if (c)
			ref = (struct list_ref){ c->page ? LIST_CATEGORY : LIST_SOURCE,
						 c->page ? c->name : c->sources[0]->key };
		if ((c || site_source(s, ref.name)) && put_section(s, a, list, head, &ref, err) < 0)
			return err->code;
	}
	value_put_bool(a, v, "has_sections", list->count > 0);
	return 0;
}

static void put_picture(struct site *s, struct arena *a, struct value *v,
			const struct page_head *head, struct str image)
{
	struct picture_shown shown;
	struct buf b;

	if (!picture_find(s, a, image, &shown))
		return;
	buf_init(&b, 4096);
	picture_add(s, a, &b, &shown, head, S(""));
	value_put_text(a, v, "picture", arena_str(a, buf_str(&b)));
	buf_fini(&b);
}

static void put_leads(struct site *s, struct arena *a, struct value *v,
		      const struct page_head *head, const struct front *f, bool *taken)
{
	const struct story *leads[FRONT_LEADS];
	size_t n = choose_leads(f->items, f->stories, f->story_count, leads);
	struct value *list = value_put_list(a, v, "leads");

	for (size_t i = 0; i < n; i++) {
		struct value *item = value_add_object(a, list);
		const struct headline *first = &f->items[leads[i]->members[0]];

		put_headline(s, a, head, item, first);
		value_put_bool(a, item, "first", i == 0);
		if (i < FRONT_PICTURES)
			put_picture(s, a, item, head, first->image);
		value_put_bool(a, item, "has_others", leads[i]->count > 1);
		struct value *others = value_put_list(a, item, "others");
		for (size_t j = 0; j < leads[i]->count; j++) {
			taken[leads[i]->members[j]] = true;
			if (j > 0 && j <= FRONT_OTHERS)
				put_headline(s, a, head, value_add_object(a, others),
					     &f->items[leads[i]->members[j]]);
		}
	}
}

int front_render(struct site *s, struct arena *a, struct buf *out, struct err *err)
{
	struct page_head head = { .path = STR("/index.html"), .feed_path = STR("/feed.xml") };
	bool taken[FRONT_LOOKED_AT] = { false };
	struct front f;

	if (read_front(s, a, &f, err) < 0)
		return err->code;
	head.feed_title = s->opt.title;
	head.description = s->opt.subtitle;
	struct value *v = page_value(s, a, &head);
	value_put_bool(a, v, "empty", f.count == 0);
	if (f.count > 0)
		value_put_text(a, v, "edition",
			       format_time(s, a, "date_long", f.items[0].date, s->opt.zone_min));
	put_leads(s, a, v, &head, &f, taken);
	struct value *list = value_put_list(a, v, "latest");
	for (size_t i = 0, shown = 0; i < f.count && shown < FRONT_LATEST; i++) {
		if (taken[i])
			continue;
		put_headline(s, a, &head, value_add_object(a, list), &f.items[i]);
		shown++;
	}
	value_put_bool(a, v, "has_latest", list->count > 0);
	if (put_sections(s, a, v, &head, err) < 0)
		return err->code;
	return page_render(s, "front", v, out, err);
}

int archive_render(struct site *s, struct arena *a, struct buf *out, struct err *err)
{
	struct page_head head = { .path = STR("/archive.html"), .title = word(s, "archive") };
	struct store_group *months;
	size_t count;

	if (site_months(s, &months, &count, err) < 0)
		return err->code;
	struct value *v = page_value(s, a, &head);
	struct value *years = value_put_list(a, v, "years"), *list = NULL;
	for (size_t i = 0; i < count; i++) {
		struct list_ref ref = { LIST_MONTH, months[i].name };
		int64_t from = 0, to = 0;

		if (!list ||
		    !str_eq(str_sub(months[i].name, 0, 4), str_sub(months[i - 1].name, 0, 4))) {
			struct value *year = value_add_object(a, years);

			month_range(months[i].name, s->opt.zone_min, &from, &to);
			value_put_text(a, year, "year",
				       format_time(s, a, "year", from, s->opt.zone_min));
			list = value_put_list(a, year, "months");
		}
		struct value *month = value_add_object(a, list);
		month_range(months[i].name, s->opt.zone_min, &from, &to);
		value_put_text(a, month, "name",
			       format_time(s, a, "month_short", from, s->opt.zone_min));
		value_put_text(a, month, "url", list_link(s, a, &head, list_path(a, &ref)));
		value_put_text(a, month, "count", word_n(s, a, "articles_n", months[i].count));
	}
	value_put_bool(a, v, "empty", count == 0);
	return page_render(s, "archive", v, out, err);
}

int sources_render(struct site *s, struct arena *a, struct buf *out, struct err *err)
{
	struct page_head head = { .path = STR("/sources.html"), .title = word(s, "sources") };
	struct value *v = page_value(s, a, &head);
	struct value *list = value_put_list(a, v, "categories");

	for (size_t i = 0; i < s->category_count; i++) {
		const struct site_category *c = &s->categories[i];
		struct value *category = value_add_object(a, list);

		value_put_text(a, category, "name", c->name);
		if (c->page)
			value_put_text(a, category, "url", list_link(s, a, &head, c->path));
		value_put_bool(a, category, "alone", !c->page);
		struct value *inside = value_put_list(a, category, "items");
		for (size_t j = 0; j < c->count; j++) {
			const struct site_source *source = c->sources[j];
			struct value *item = value_add_object(a, inside);

			value_put_text(a, item, "name", source->name);
			value_put_text(a, item, "url", list_link(s, a, &head, source->path));
			value_put_text(a, item, "feed",
				       page_link(s, a, &head,
						 arena_strf(a, "%.*s.xml", STR_FMT(source->path))));
			value_put_text(a, item, "home", source->home_url);
		}
	}
	value_put_bool(a, v, "empty", list->count == 0);
	return page_render(s, "sources", v, out, err);
}

int tags_render(struct site *s, struct arena *a, struct buf *out, struct err *err)
{
	struct page_head head = { .path = STR("/tags.html"), .title = word(s, "tags") };
	struct store_group *groups;
	size_t count;

	if (store_groups(s->store, a, STORE_BY_KEYWORD, TAGS_SHOWN + 100, &groups, &count, err) < 0)
		return err->code;
	struct value *v = page_value(s, a, &head);
	struct value *list = value_put_list(a, v, "tags");
	for (size_t i = 0; i < count && list->count < TAGS_SHOWN; i++) {
		struct list_ref ref = { LIST_TAG, groups[i].name };
		static const char *const sizes[] = { "s1", "s2", "s3", "s4" };
		size_t size = (size_t)((groups[i].count >= 8) + (groups[i].count >= 40) +
				       (groups[i].count >= 200));

		if (groups[i].count < TAG_MIN || map_get(&s->source_by_name, groups[i].name))
			continue;
		struct value *item = value_add_object(a, list);
		value_put_text(a, item, "name", groups[i].name);
		value_put_text(a, item, "size", str_of(sizes[size]));
		value_put_text(a, item, "url", list_link(s, a, &head, list_path(a, &ref)));
	}
	value_put_bool(a, v, "empty", list->count == 0);
	return page_render(s, "tags", v, out, err);
}

int search_render(struct site *s, struct arena *a, struct buf *out, struct err *err)
{
	struct page_head head = { .path = STR("/search.html"), .title = word(s, "search") };
	struct value *v = page_value(s, a, &head);

	value_put_bool(a, v, "live", s->opt.live);
	value_put_bool(a, v, "is_search", true);
	return page_render(s, "search", v, out, err);
}

int offline_render(struct site *s, struct arena *a, struct buf *out, struct err *err)
{
	struct page_head head = { .path = STR("/offline.html"),
				  .title = word(s, "offline"),
				  .absolute = true };

	return page_render(s, "offline", page_value(s, a, &head), out, err);
}

int missing_render(struct site *s, struct arena *a, struct buf *out, struct err *err)
{
	struct page_head head = { .path = STR("/404.html"),
				  .title = word(s, "missing"),
				  .absolute = true };
	struct value *v = page_value(s, a, &head);

	value_put_bool(a, v, "live", s->opt.live);
	return page_render(s, "missing", v, out, err);
}
