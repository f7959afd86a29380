/*
 * What changed since the last build, and what that touches.
 *
 * An article that changed touches its own page, the lists it stands on and stood on (the manifest
 * remembers), and of each keyword the next articles, which show it among the earlier ones. Lists
 * are put from the page on where the article stands. The rest of the site is not looked at, however
 * large it is.
 */
#include <stdlib.h>
#include <string.h>

#include "base/list.h"
#include "base/mem.h"
#include "site/build.h"
#include "site/related.h"

enum {
	SOME_AT_MOST = 20000, /* more articles than this, and more than SOME_SHARE of all:
				 everything is built */
	SOME_SHARE = 4,
	TOGETHER_MS = 3600000, /* dates so near are looked behind at once */
	TAG_ALL = TAG_MIN + 1  /* a keyword with so few articles may have got or lost its page: all
				  of them show it */
};

/* A list that is touched from a date on. */
struct touched {
	struct list_ref ref;
	int64_t from;
	struct list dates;
};

/* An article and its place in the order of all. */
struct dated {
	int64_t date, id;
};

struct some {
	struct build *b;
	struct map lists;    /* key -> struct touched * */
	struct list changed; /* int64_t ids, those that changed */
	struct list also;    /* struct dated: those, and those whose pages may show one of them */
	struct list dates;   /* int64_t: of those that changed, now and before */
	struct map known;    /* paths of those whose page is there already */
};

static void touch(struct some *sm, struct str key, int64_t date)
{
	void **at = map_get(&sm->lists, key);
	struct list_ref ref;
	struct touched *t;

	if (at) {
		t = *at;
	} else {
		struct str kept = arena_str(&sm->b->life, key);

		if (!list_of_key(kept, &ref))
			return;
		t = arena_alloc(&sm->b->life, sizeof(*t));
		t->ref = ref;
		t->from = date;
		list_init(&t->dates, sizeof(int64_t));
		*map_put(&sm->lists, kept) = t;
	}
	t->from = date < t->from ? date : t->from;
	if (t->ref.kind == LIST_TAG || t->ref.kind == LIST_SOURCE)
		*(int64_t *)list_add(&t->dates) = date;
}

static void touch_old(void *arg, struct str path, int64_t date, struct str lists)
{
	struct str key;

	(void)path;
	*(int64_t *)list_add(&((struct some *)arg)->dates) = date;
	while (str_split(&lists, '\t', &key))
		touch(arg, key, date);
}

static int look_at(struct some *sm, struct arena *row, const struct article *art)
{
	struct build *b = sm->b;
	struct str path = article_file(row, art);
	struct strs sources;

	if (store_article_sources(b->site->store, row, art->id, &sources, b->err) < 0)
		return b->err->code;
	struct strs lists = article_lists(b->site, row, art, &sources);
	for (size_t i = 0; i < lists.count; i++)
		touch(sm, lists.items[i], article_date(art));
	if (output_exists(b->output, path))
		*map_put(&sm->known, arena_str(&b->life, path)) = sm;
	manifest_article(b, path, article_date(art), &lists);
	if (art->revision > 1 && !output_exists(b->output, article_edits_file(row, art)))
		manifest_file(b, article_edits_file(row, art));
	*(int64_t *)list_add(&sm->changed) = art->id;
	*(int64_t *)list_add(&sm->dates) = article_date(art);
	*(struct dated *)list_add(&sm->also) = (struct dated){ article_date(art), art->id };
	return 0;
}

static int find_changed(struct some *sm, int64_t since)
{
	struct store_query q = { .from = TIME_UNSTATED,
				 .to = TIME_UNSTATED,
				 .changed_after = since };
	struct store_walk *walk = NULL;
	struct arena row;
	struct article art;
	struct list all;
	int r = store_walk_open(sm->b->site->store, &q, &walk, sm->b->err);

	arena_init(&row);
	list_init(&all, sizeof(int64_t));
	while (r >= 0 && (r = store_walk_next(walk, &row, &art, sm->b->err)) > 0) {
		*(int64_t *)list_add(&all) = art.id;
		arena_reset(&row);
	}
	store_walk_close(&walk);
	for (size_t i = 0; r >= 0 && i < all.count; i++) {
		r = store_article_get(sm->b->site->store, &row, *(int64_t *)list_at(&all, i),
				      STORE_FIELDS, &art, sm->b->err);
		if (r >= 0)
			r = look_at(sm, &row, &art);
		arena_reset(&row);
	}
	list_fini(&all);
	arena_fini(&row);
	return r < 0 ? r : 0;
}

/* Ids of a keyword's articles from a date on, the oldest first. */
static int take_following(struct some *sm, struct str keyword, int64_t from, int64_t limit)
{
	struct store_query q = {
		.keyword = keyword,
		.from = from,
		.to = TIME_UNSTATED,
		.oldest_first = true,
		.limit = limit,
	};
	struct store_walk *walk = NULL;
	struct arena row;
	struct article art;
	int r = store_walk_open(sm->b->site->store, &q, &walk, sm->b->err);

	arena_init(&row);
	while (r >= 0 && (r = store_walk_next(walk, &row, &art, sm->b->err)) > 0) {
		*(struct dated *)list_add(&sm->also) = (struct dated){ article_date(&art), art.id };
		arena_reset(&row);
	}
	store_walk_close(&walk);
	arena_fini(&row);
	return r;
}

static int by_date(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

static int by_place(const void *a, const void *b)
{
	const struct dated *x = a, *y = b;

	if (x->date != y->date)
		return x->date < y->date ? -1 : 1;
	return x->id < y->id ? -1 : x->id > y->id;
}

/* The articles in [from, last], and as many behind that as a window over them reaches. */
static int take_window(struct some *sm, int64_t from, int64_t last)
{
	struct store_query q = {
		.from = from,
		.to = last + RELATED_MS + 1,
		.oldest_first = true,
	};
	struct store_walk *walk = NULL;
	struct arena row;
	struct article art;
	int behind = 0;
	int r = store_walk_open(sm->b->site->store, &q, &walk, sm->b->err);

	arena_init(&row);
	while (r >= 0 && behind < RELATED_WINDOW &&
	       (r = store_walk_next(walk, &row, &art, sm->b->err)) > 0) {
		behind += article_date(&art) > last;
		*(struct dated *)list_add(&sm->also) = (struct dated){ article_date(&art), art.id };
		arena_reset(&row);
	}
	store_walk_close(&walk);
	arena_fini(&row);
	return r < 0 ? r : 0;
}

/* What an article shows of those before it may be other where one came, went or changed. */
static int find_behind(struct some *sm)
{
	const int64_t *dates = sm->dates.items;
	size_t first = 0;

	if (sm->dates.count)
		qsort(sm->dates.items, sm->dates.count, sizeof(int64_t), by_date);
	for (size_t i = 0; i < sm->dates.count; i++) {
		if (i + 1 < sm->dates.count && dates[i + 1] - dates[i] < TOGETHER_MS)
			continue;
		if (take_window(sm, dates[first], dates[i]) < 0)
			return sm->b->err->code;
		first = i + 1;
	}
	return 0;
}

/* Of a keyword: the next articles after each date where one came or went; all, where there are few.
 */
static int find_also(struct some *sm, struct touched *t)
{
	struct store_query q = { .keyword = t->ref.name,
				 .from = TIME_UNSTATED,
				 .to = TIME_UNSTATED };
	int64_t count, before = TIME_UNSTATED;

	if (store_count(sm->b->site->store, &q, &count, sm->b->err) < 0)
		return sm->b->err->code;
	/* With n articles coming at once the keyword may have had as few as count - n. */
	if (count - (int64_t)t->dates.count <= TAG_ALL)
		return take_following(sm, t->ref.name, TIME_UNSTATED,
				      TAG_ALL + (int64_t)t->dates.count);
	qsort(t->dates.items, t->dates.count, sizeof(int64_t), by_date);
	for (size_t i = 0; i < t->dates.count; i++) {
		int64_t date = *(int64_t *)list_at(&t->dates, i);

		if (date == before)
			continue;
		before = date;
		/* More than MORE_EACH, for those that came with this date or just after it. */
		if (take_following(sm, t->ref.name, date, 2 * MORE_EACH + (int64_t)t->dates.count) <
		    0)
			return sm->b->err->code;
	}
	return 0;
}

static int put_article(struct build *b, int64_t id)
{
	struct article_context ctx;
	struct article art;
	int r = store_article_get(b->site->store, &b->page, id, STORE_ALL, &art, b->err);

	if (r == 0)
		r = article_context(b->site, &b->page, &art, &ctx, b->err);
	if (r == 0)
		r = build_edits(b, &art, &ctx);
	if (r == 0)
		r = article_render(b->site, &b->page, &art, &ctx, &b->bytes, b->err);
	if (r == 0)
		r = build_pictures(b);
	if (r == 0)
		r = build_put(b, article_file(&b->page, &art));
	arena_reset(&b->page);
	return r < 0 ? r : build_tell(b, 1);
}

static int put_articles(struct some *sm)
{
	int64_t last = 0;

	if (sm->also.count)
		qsort(sm->also.items, sm->also.count, sizeof(struct dated), by_place);
	sm->b->all = (int64_t)sm->also.count;
	for (size_t i = 0; i < sm->also.count; i++) {
		const struct dated *d = list_at(&sm->also, i);

		if (d->id != last && put_article(sm->b, d->id) < 0)
			return sm->b->err->code;
		last = d->id;
	}
	return 0;
}

/* Removes a page of a list, and its feed; 1: there was one. */
static int remove_page(struct build *b, const struct touched *t, struct str list, int64_t page)
{
	struct str files[2];
	size_t count = list_files(&b->life, t->ref.kind, list, page, files);
	int had = 0;

	for (size_t i = 0; i < count; i++) {
		if (!output_exists(b->output, files[i]))
			continue;
		had = 1;
		if (output_remove(b->output, files[i], b->err) < 0)
			return b->err->code;
	}
	return had;
}

/* Removes numbered pages from `page` on, as far as there are any. */
static int remove_pages(struct build *b, const struct touched *t, struct str list, int64_t page)
{
	int had;

	while ((had = remove_page(b, t, list, page)) > 0)
		page++;
	return had;
}

static int remove_list(struct build *b, const struct touched *t, struct str list)
{
	if (remove_pages(b, t, list, 1) < 0 || remove_page(b, t, list, 0) < 0)
		return b->err->code;
	return 0;
}

/* Notes the files a list will have that are not there yet. */
static void note_list(struct build *b, const struct list_ref *ref, struct str list, int64_t from,
		      int64_t pages)
{
	for (int64_t page = 0; page <= pages; page = page ? page + 1 : from + 1) {
		struct str files[2];
		size_t count = list_files(&b->life, ref->kind, list, page, files);

		for (size_t i = 0; i < count; i++)
			if (!output_exists(b->output, files[i]))
				manifest_file(b, files[i]);
	}
}

static int put_list(struct build *b, const struct touched *t)
{
	struct str list = list_path(&b->life, &t->ref);
	struct store_query q;
	int64_t total, before, pages, from;
	int r = list_total(b->site, &t->ref, &total, b->err);

	if (r == ERR_NOTFOUND)
		return remove_list(b, t, list);
	if (r < 0 || list_query(b->site, &t->ref, &q, b->err) < 0)
		return b->err->code;
	if (q.to == TIME_UNSTATED || q.to > t->from)
		q.to = t->from;
	before = 0;
	if (t->from != TIME_UNSTATED && t->from != 0 &&
	    (q.from == TIME_UNSTATED || q.from < q.to) &&
	    store_count(b->site->store, &q, &before, b->err) < 0)
		return b->err->code;
	pages = list_pages(total);
	from = before / LIST_PAGE;
	/* Where the last numbered page is new, the one before it links to it now. */
	from = from > pages - 2 ? pages - 2 : from;
	from = from < 0 ? 0 : from;
	note_list(b, &t->ref, list, from, pages);
	if (manifest_flush(b, b->err) < 0 || build_list(b, &t->ref, from, total) < 0)
		return b->err->code;
	return remove_pages(b, t, list, pages + 1);
}

/*
 * The older years of a source's calendar change with an article of theirs, and when the newest year
 * is another: all of its articles came now, or the last of one after it went.
 */
static int put_calendar(struct build *b, const struct touched *t)
{
	const struct site_source *source = site_source(b->site, t->ref.name);
	struct store_query q = { .source = t->ref.name, .to = TIME_UNSTATED };
	struct calendar_span span;
	int64_t newest, last = t->from;

	if (!source)
		return 0;
	if (calendar_span(b->site, source->key, &span, b->err) < 0)
		return b->err->code;
	q.from = span.newest;
	if (store_count(b->site->store, &q, &newest, b->err) < 0)
		return b->err->code;
	for (size_t i = 0; i < t->dates.count; i++) {
		int64_t date = *(int64_t *)list_at(&t->dates, i);

		last = date > last ? date : last;
	}
	if (t->from >= span.shown && newest > (int64_t)t->dates.count && last < span.end)
		return 0;
	return build_calendar(b, source);
}

/* The sitemaps of a month from the touched date on. */
static int put_sitemaps(struct build *b, const struct touched *t)
{
	struct store_query q;
	int64_t total, before = 0, part;

	if (list_query(b->site, &t->ref, &q, b->err) < 0 ||
	    store_count(b->site->store, &q, &total, b->err) < 0)
		return b->err->code;
	q.to = t->from < q.to ? t->from : q.to;
	if (q.from < q.to && store_count(b->site->store, &q, &before, b->err) < 0)
		return b->err->code;
	for (part = before / SITEMAP_PAGE + 1; part <= (total + SITEMAP_PAGE - 1) / SITEMAP_PAGE;
	     part++) {
		struct str path = sitemap_path(&b->life, t->ref.name, part);

		if (!output_exists(b->output, path))
			manifest_file(b, path);
		int r = sitemap_part(b->site, &b->page, t->ref.name, part, &b->bytes, b->err);
		if (r == 0)
			r = build_put(b, path);
		arena_reset(&b->page);
		if (r < 0)
			return r;
	}
	while (output_exists(b->output, sitemap_path(&b->life, t->ref.name, part)))
		if (output_remove(b->output, sitemap_path(&b->life, t->ref.name, part++), b->err) <
		    0)
			return b->err->code;
	return 0;
}

static int put_lists(struct some *sm)
{
	for (size_t i = 0; i < sm->lists.cap; i++) {
		struct touched *t = sm->lists.slots[i].value;

		if (!sm->lists.slots[i].used)
			continue;
		if ((t->ref.kind == LIST_SOURCE && put_calendar(sm->b, t) < 0) ||
		    put_list(sm->b, t) < 0 ||
		    (t->ref.kind == LIST_MONTH && put_sitemaps(sm->b, t) < 0))
			return sm->b->err->code;
	}
	return 0;
}

static void touch_new_sources(struct some *sm, const struct build_state *old)
{
	const struct site *s = sm->b->site;

	for (size_t i = 0; i < s->source_count; i++) {
		struct list_ref ref = { LIST_SOURCE, s->sources[i].key };

		if (map_get(&old->sources, s->sources[i].key))
			continue;
		touch(sm, list_key(&sm->b->life, &ref), INT64_MAX);
		ref = (struct list_ref){ LIST_CATEGORY, s->sources[i].category };
		if (s->sources[i].category_page)
			touch(sm, list_key(&sm->b->life, &ref), INT64_MAX);
	}
}

static int put_all(struct some *sm, const struct build_state *old)
{
	static const char *const last[] = {
		"/archive.html", "/sources.html", "/tags.html",   "/statistics.html",
		"/index.html",   "/feed.xml",     "/sitemap.xml",
	};
	struct build *b = sm->b;

	if (find_changed(sm, old->change) < 0)
		return b->err->code;
	touch_new_sources(sm, old);
	if (sm->known.count && manifest_lookup(b->dir, &sm->known, touch_old, sm, b->err) < 0)
		return b->err->code;
	if (find_behind(sm) < 0)
		return b->err->code;
	for (size_t i = 0; i < sm->lists.cap; i++) {
		struct touched *t = sm->lists.slots[i].value;

		if (sm->lists.slots[i].used && t->ref.kind == LIST_TAG && find_also(sm, t) < 0)
			return b->err->code;
	}
	if (sm->changed.count)
		qsort(sm->changed.items, sm->changed.count, sizeof(int64_t), by_date);
	if (manifest_flush(b, b->err) < 0 || put_articles(sm) < 0 || put_lists(sm) < 0 ||
	    build_search(b) < 0 || build_journal(b, old, &sm->changed) < 0)
		return b->err->code;
	for (size_t i = 0; i < sizeof(last) / sizeof(last[0]); i++)
		if (build_page(b, last[i]) < 0)
			return b->err->code;
	return sitemap_has_news(b->site) ? build_page(b, "/sitemap-news.xml") : 0;
}

int build_some(struct build *b, const struct build_state *old, struct err *err)
{
	struct store_query all = { .from = TIME_UNSTATED, .to = TIME_UNSTATED };
	struct store_query q = all;
	struct some sm = { .b = b };
	int64_t changed, total;
	int r;

	if (old->change == b->site->index_change && old->sources.count == b->site->source_count)
		return 1;
	if (old->change > b->site->index_change)
		return 0; /* another store than the last build's */
	q.changed_after = old->change;
	if (store_count(b->site->store, &q, &changed, err) < 0)
		return err->code;
	if (changed > 64) {
		if (store_count(b->site->store, &all, &total, err) < 0)
			return err->code;
		if (changed > SOME_AT_MOST || changed > total / SOME_SHARE)
			return 0;
	}
	if (manifest_start(b, false, err) < 0)
		return err->code;
	map_init(&sm.lists);
	map_init(&sm.known);
	list_init(&sm.changed, sizeof(int64_t));
	list_init(&sm.also, sizeof(struct dated));
	list_init(&sm.dates, sizeof(int64_t));
	r = put_all(&sm, old);
	for (size_t i = 0; i < sm.lists.cap; i++)
		if (sm.lists.slots[i].used)
			list_fini(&((struct touched *)sm.lists.slots[i].value)->dates);
	list_fini(&sm.changed);
	list_fini(&sm.also);
	list_fini(&sm.dates);
	map_fini(&sm.lists);
	map_fini(&sm.known);
	if (r == 0 && fclose(b->manifest) != 0)
		r = err_errno(err, ERR_IO, "%s/.dibao/manifest cannot be written", b->dir);
	if (r == 0)
		b->manifest = NULL;
	return r < 0 ? r : 1;
}
