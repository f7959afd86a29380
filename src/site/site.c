/* Opening a site, what it knows of sources and categories, and which page a path is. */
#include "site/site.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "site/private.h"
#include "text/utf8.h"

static struct str base_path_of(struct arena *a, struct str base_url)
{
	size_t scheme = str_find(base_url, S("://"));
	struct str rest = scheme == STR_NONE ? base_url : str_from(base_url, scheme + 3);
	size_t slash = str_find_ch(rest, '/');

	if (slash == STR_NONE)
		return S("/");
	rest = str_from(rest, slash);
	return rest.ptr[rest.len - 1] == '/' ? rest : arena_strf(a, "%.*s/", STR_FMT(rest));
}

static void copy_options(struct site *s, const struct site_options *opt)
{
	struct arena *a = &s->arena;
	struct str language = language_tag(a, arena_str(a, opt->language));

	s->opt = *opt;
	s->opt.title = utf8_clean(a, arena_str(a, opt->title.len ? opt->title : S("dibao")));
	s->opt.subtitle = utf8_clean(a, arena_str(a, opt->subtitle));
	s->opt.language = language.len ? language : S("en");
	s->opt.author = utf8_clean(a, arena_str(a, opt->author));
	s->opt.base_url = arena_str(a, opt->base_url);
	s->opt.theme_dir = arena_str(a, opt->theme_dir);
	s->opt.comments = arena_str(a, opt->comments);
	s->base_path = base_path_of(a, s->opt.base_url);
}

/* Files of the theme that a site has only where it is set. */
static bool is_of_offline(struct str name)
{
	return str_eq(name, S("offline.js")) || str_eq(name, S("worker.js"));
}

int site_open(const struct site_options *opt, struct store *store, struct site **out,
	      struct err *err)
{
	struct site *s = mem_alloc(sizeof(*s));

	*out = NULL;
	arena_init(&s->arena);
	arena_init(&s->index);
	buf_init(&s->scratch, PAGE_MAX_OUT);
	map_init(&s->source_by_key);
	map_init(&s->source_by_name);
	map_init(&s->keywords);
	list_init(&s->pictures, sizeof(struct picture_file));
	s->store = store;
	copy_options(s, opt);
	if (theme_open(&s->arena, s->opt.theme_dir, &s->theme, err) < 0 ||
	    theme_words(&s->arena, &s->theme, s->opt.language, &s->words, err) < 0) {
		site_close(&s);
		return err->code;
	}
	for (size_t i = 0; i < s->theme.count; i++)
		if (is_of_offline(s->theme.entries[i].name))
			s->theme.entries[i].published = opt->offline;
	s->shared = value_object(&s->arena);
	value_put_text(&s->arena, s->shared, "title", s->opt.title);
	value_put_text(&s->arena, s->shared, "subtitle", s->opt.subtitle);
	value_put_text(&s->arena, s->shared, "lang", s->opt.language);
	value_put_bool(&s->arena, s->shared, "noindex", s->opt.noindex);
	value_put_bool(&s->arena, s->shared, "offline", s->opt.offline);
	value_put_bool(&s->arena, s->shared, "search", !s->opt.no_search);
	value_put_bool(&s->arena, s->shared, "comments", s->opt.comments.len > 0);
	value_put_bool(&s->arena, s->shared, "opensearch",
		       s->opt.base_url.len > 0 && (s->opt.live || !s->opt.no_search));
	*out = s;
	return 0;
}

static void forget_index(struct site *s)
{
	map_fini(&s->source_by_key);
	map_fini(&s->source_by_name);
	map_fini(&s->keywords);
	arena_reset(&s->index);
	s->sources = NULL;
	s->categories = NULL;
	s->months = NULL;
	s->source_count = s->category_count = s->month_count = 0;
	s->keywords_loaded = s->indexed = false;
}

void site_close(struct site **sp)
{
	struct site *s = *sp;

	if (!s)
		return;
	forget_index(s);
	list_fini(&s->pictures);
	nearby_close(s);
	blob_close(&s->blob);
	buf_fini(&s->scratch);
	arena_fini(&s->index);
	arena_fini(&s->arena);
	mem_free(s);
	*sp = NULL;
}

int site_open_beside(const struct site *s, struct site **out, struct err *err)
{
	struct site *beside = mem_alloc(sizeof(*beside));

	*out = NULL;
	*beside = *s;
	beside->blob = NULL;
	beside->blob_tried = false;
	buf_init(&beside->scratch, PAGE_MAX_OUT);
	list_init(&beside->pictures, sizeof(struct picture_file));
	if (store_open_beside(s->store, &beside->store, err) < 0) {
		mem_free(beside);
		return err->code;
	}
	*out = beside;
	return 0;
}

void site_close_beside(struct site **sp)
{
	struct site *s = *sp;

	if (!s)
		return;
	list_fini(&s->pictures);
	blob_close(&s->blob);
	buf_fini(&s->scratch);
	store_close(&s->store);
	mem_free(s);
	*sp = NULL;
}

static struct site_category *find_category(struct site *s, struct str name)
{
	for (size_t i = 0; i < s->category_count; i++)
		if (str_eq(s->categories[i].name, name))
			return &s->categories[i];
	return NULL;
}

static void add_to_category(struct site *s, struct site_source *source)
{
	struct site_category *c = find_category(s, source->category);

	if (!c) {
		c = &s->categories[s->category_count++];
		c->name = source->category;
	}
	c->sources = arena_grow(&s->index, c->sources, c->count * sizeof(void *),
				(c->count + 1) * sizeof(void *));
	c->sources[c->count++] = source;
}

static void finish_categories(struct site *s)
{
	for (size_t i = 0; i < s->category_count; i++) {
		struct site_category *c = &s->categories[i];
		struct list_ref ref = { LIST_CATEGORY, c->name };

		c->page = c->count > 1 || !str_eq(c->sources[0]->name, c->name);
		c->path = list_path(&s->index, &ref);
		for (size_t j = 0; j < c->count; j++)
			c->sources[j]->category_page = c->page;
	}
}

static uint64_t source_hash(struct arena *a, const struct site_source *source)
{
	return hash64_of(arena_strf(a, "%.*s\n%.*s\n%.*s\n%.*s\n%d", STR_FMT(source->name),
				    STR_FMT(source->category), STR_FMT(source->home_url),
				    STR_FMT(source->url), source->category_page));
}

static void take_source(struct site *s, struct site_source *source, const struct source_state *st)
{
	struct list_ref ref = { LIST_SOURCE, st->key };

	*source = (struct site_source){
		.key = st->key,
		.home_url = st->home_url,
		.url = st->url,
		.name = st->name.len ? st->name : st->key,
		.path = list_path(&s->index, &ref),
		.articles = st->articles,
		.last_success = st->last_success,
		.first_fetch = st->first_fetch,
	};
	source->category = st->category.len ? st->category : source->name;
	*map_put(&s->source_by_key, source->key) = source;
	*map_put(&s->source_by_name, source->name) = source;
	add_to_category(s, source);
}

int site_refresh(struct site *s, struct err *err)
{
	struct source_state *states;
	int64_t change;

	if (store_change_number(s->store, &change, err) < 0)
		return err->code;
	if (s->indexed && s->index_change == change)
		return 0;
	forget_index(s);
	map_init(&s->source_by_key);
	map_init(&s->source_by_name);
	map_init(&s->keywords);
	if (store_sources(s->store, &s->index, &states, &s->source_count, err) < 0 ||
	    store_media_any(s->store, &s->has_pictures, err) < 0)
		return err->code;
	s->sources = arena_array(&s->index, s->source_count + 1, sizeof(*s->sources));
	s->categories = arena_array(&s->index, s->source_count + 1, sizeof(*s->categories));
	for (size_t i = 0; i < s->source_count; i++)
		take_source(s, &s->sources[i], &states[i]);
	finish_categories(s);
	for (size_t i = 0; i < s->source_count; i++)
		s->sources[i].hash = source_hash(&s->index, &s->sources[i]);
	if (store_article_last(s->store, &s->last_article, err) < 0)
		return err->code;
	for (int kind = 0; kind < STORE_EVENT_KINDS; kind++)
		if (store_event_last(s->store, (enum store_event_kind)kind, &s->last_event[kind],
				     err) < 0)
			return err->code;
	s->index_change = change;
	s->indexed = true;
	return 0;
}

int site_load_keywords(struct site *s, struct err *err)
{
	struct store_group *groups;
	size_t count;

	if (s->keywords_loaded)
		return 0;
	if (store_groups(s->store, &s->index, STORE_BY_KEYWORD, 0, &groups, &count, err) < 0)
		return err->code;
	for (size_t i = 0; i < count; i++)
		*map_put(&s->keywords, groups[i].name) = &groups[i];
	s->keywords_loaded = true;
	return 0;
}

const struct site_source *site_source(const struct site *s, struct str key)
{
	void **found = map_get(&s->source_by_key, key);

	return found ? *found : NULL;
}

const struct site_category *site_category(const struct site *s, struct str name)
{
	for (size_t i = 0; i < s->category_count; i++)
		if (str_eq(s->categories[i].name, name))
			return &s->categories[i];
	return NULL;
}

int site_tag_path(struct site *s, struct arena *a, struct str keyword, struct str *path, bool *own,
		  struct err *err)
{
	struct list_ref ref = { LIST_TAG, keyword };
	void **source = map_get(&s->source_by_name, keyword);
	int64_t count = 0;

	*own = !source;
	*path = S("");
	if (source) {
		*path = ((struct site_source *)*source)->path;
		return 0;
	}
	if (s->keywords_loaded) {
		void **group = map_get(&s->keywords, keyword);

		count = group ? ((struct store_group *)*group)->count : 0;
	} else {
		struct store_query q = { .keyword = keyword,
					 .from = TIME_UNSTATED,
					 .to = TIME_UNSTATED };

		if (store_count(s->store, &q, &count, err) < 0)
			return err->code;
	}
	if (count >= TAG_MIN)
		*path = list_path(a, &ref);
	return 0;
}

static bool has_slug(struct str name, struct str slug)
{
	struct buf b;

	buf_init(&b, 4096);
	slug_add(&b, name);
	bool same = str_eq(buf_str(&b), slug);
	buf_fini(&b);
	return same;
}

/* A slug is most often the keyword itself. Where it is not, all keywords are compared with it. */
static int find_tag(struct site *s, struct str slug, struct str *name, struct err *err)
{
	struct store_query q = { .keyword = slug, .from = TIME_UNSTATED, .to = TIME_UNSTATED };
	int64_t count = 0;

	if (has_slug(slug, slug) && store_count(s->store, &q, &count, err) < 0)
		return err->code;
	*name = slug;
	if (count > 0)
		return 0;
	if (site_load_keywords(s, err) < 0)
		return err->code;
	for (size_t i = 0; i < s->keywords.cap; i++)
		if (s->keywords.slots[i].used && has_slug(s->keywords.slots[i].key, slug)) {
			*name = s->keywords.slots[i].key;
			return 0;
		}
	return err_set(err, ERR_NOTFOUND, "no keyword %.*s", STR_FMT(slug));
}

static int find_list(struct site *s, struct arena *a, const struct route *r, struct list_ref *ref,
		     struct err *err)
{
	*ref = (struct list_ref){ r->list, r->slug };
	if (r->list == LIST_TAG && find_tag(s, r->slug, &ref->name, err) < 0)
		return err->code;
	if (r->list == LIST_CATEGORY) {
		size_t i = 0;

		while (i < s->category_count && !has_slug(s->categories[i].name, r->slug))
			i++;
		if (i == s->category_count)
			return err_set(err, ERR_NOTFOUND, "no category %.*s", STR_FMT(r->slug));
		ref->name = s->categories[i].name;
	}
	ref->name = arena_str(a, ref->name);
	if (r->list == LIST_TAG && map_get(&s->source_by_name, ref->name))
		return err_set(err, ERR_NOTFOUND, "%.*s is a source", STR_FMT(ref->name));
	return 0;
}

/* What a page of a list shows, or its feed tells. */
static int read_list(struct site *s, struct arena *a, const struct route *r, struct list_view *out,
		     struct site_page *page, struct err *err)
{
	struct list_view view = { .page = r->page };
	struct headline *items;
	struct store_query q;
	struct store_walk *walk = NULL;
	struct article art;
	int n = 0;

	if (find_list(s, a, r, &view.ref, err) < 0 ||
	    list_total(s, &view.ref, &view.total, err) < 0 || list_query(s, &view.ref, &q, err) < 0)
		return err->code;
	view.path = list_path(a, &view.ref);
	view.pages = list_pages(view.total);
	if (view.page > view.pages)
		return err_set(err, ERR_NOTFOUND, "no page %lld", (long long)view.page);
	q.limit = view.page ? LIST_PAGE : view.total - view.pages * LIST_PAGE;
	q.offset =
		view.page ? view.total - view.page * LIST_PAGE : 0; /* newest first: from the end */
	items = arena_array(a, (size_t)q.limit + 1, sizeof(*items));
	if (q.limit > 0)
		n = store_walk_open(s->store, &q, &walk, err);
	while (q.limit > 0 && n >= 0 && view.count < (size_t)q.limit &&
	       (n = store_walk_next(walk, a, &art, err)) > 0) {
		/* An article that came late, and one edited, change the page, whatever their dates
		 * are. */
		int64_t changed = art.revision > 1 ? art.last_seen : art.first_seen;

		headline_of(a, &art, &items[view.count++]);
		page->modified = changed > page->modified ? changed : page->modified;
	}
	store_walk_close(&walk);
	if (n < 0)
		return n;
	view.items = items;
	*out = view;
	return 0;
}

static int render_list(struct site *s, struct arena *a, const struct route *r, struct buf *out,
		       struct site_page *page, struct err *err)
{
	struct list_view view;

	if (read_list(s, a, r, &view, page, err) < 0)
		return err->code;
	return list_render(s, a, &view, out, err);
}

/* The article at a path, with another name of it that a host of static sites may know. */
static int find_article(struct site *s, struct arena *a, struct str *path, struct article *art,
			struct err *err)
{
	int r;

	if (str_has_prefix(*path, S("/a/")) && str_has_suffix(*path, S(".html")))
		r = store_article_named(s->store, a, str_sub(*path, 3, path->len - 5), STORE_ALL,
					art, err);
	else
		r = store_article_named(s->store, a, *path, STORE_ALL, art, err);
	if (r == ERR_NOTFOUND && str_has_suffix(*path, S("/index.html")))
		r = store_article_named(s->store, a, str_sub(*path, 0, path->len - 10), STORE_ALL,
					art, err);
	/* Hosts of static sites answer "/a" with "/a.html", and old sites link to it so. */
	if (r == ERR_NOTFOUND && str_rfind_ch(*path, '.') == STR_NONE &&
	    !str_has_suffix(*path, S("/"))) {
		*path = arena_strf(a, "%.*s.html", STR_FMT(*path));
		r = store_article_named(s->store, a, *path, STORE_ALL, art, err);
	}
	return r;
}

static int render_edits_of(struct site *s, struct arena *a, struct str path, struct buf *out,
			   struct site_page *page, struct err *err)
{
	struct str file = article_of_edits(a, path);
	struct revision *revisions;
	struct article art;
	size_t count;
	int r = find_article(s, a, &file, &art, err);

	if (r == 0 && (art.revision < 2 || !str_eq(article_edits_file(a, &art), path)))
		r = err_set(err, ERR_NOTFOUND, "no page %.*s", STR_FMT(path));
	if (r < 0 || store_revisions(s->store, a, art.id, &revisions, &count, err) < 0)
		return err->code;
	page->modified = count ? revisions[count - 1].seen : TIME_UNSTATED;
	return edits_render(s, a, &art, revisions, count, out, err);
}

static int render_article(struct site *s, struct arena *a, struct str path, struct buf *out,
			  struct site_page *page, struct err *err)
{
	struct article_context ctx;
	struct article art;
	int r = find_article(s, a, &path, &art, err);

	if (r < 0)
		return r;
	page->content_type = S("text/html; charset=utf-8");
	if (!str_eq(article_file(a, &art), path_file(a, path))) {
		/* An old address of it; its other names (its id, its address) are no pages. */
		if (!str_has_prefix(path, S("/a/")) && path_is_safe(path_file(a, path)))
			return moved_render(s, a, path_file(a, path), &art, out, err);
		return err_set(err, ERR_NOTFOUND, "no page %.*s", STR_FMT(path));
	}
	if (article_context(s, a, &art, &ctx, err) < 0)
		return err->code;
	page->modified = art.modified > art.first_seen ? art.modified : art.first_seen;
	if (ctx.revision_count && ctx.revisions[ctx.revision_count - 1].seen > page->modified)
		page->modified = ctx.revisions[ctx.revision_count - 1].seen;
	return article_render(s, a, &art, &ctx, out, err);
}

static int render_other(struct site *s, struct arena *a, struct str path, struct buf *out,
			struct site_page *page, struct err *err)
{
	const struct theme_entry *e = theme_find(&s->theme, str_from(path, 1));

	if (str_has_prefix(path, S("/media/")))
		return picture_render(s, a, path, out, page, err);

	if (!e || !e->published)
		return render_article(s, a, path, out, page, err);
	page->content_type = theme_content_type(e->name);
	buf_add(out, e->bytes);
	return buf_check(out, err);
}

static int render_feed_of_list(struct site *s, struct arena *a, const struct route *r,
			       struct buf *out, struct site_page *page, struct err *err)
{
	struct list_view view;

	if (r->list == LIST_MONTH || r->list == LIST_CATEGORY)
		return err_set(err, ERR_NOTFOUND, "no feed");
	if (read_list(s, a, r, &view, page, err) < 0)
		return err->code;
	return feed_list(s, a, &view, out, err);
}

int site_render(struct site *s, struct arena *a, struct str path, struct buf *out,
		struct site_page *page, struct err *err)
{
	return site_refresh(s, err) < 0 ? (int)err->code
					: site_render_known(s, a, path, out, page, err);
}

int site_render_known(struct site *s, struct arena *a, struct str path, struct buf *out,
		      struct site_page *page, struct err *err)
{
	struct route r;

	*page = (struct site_page){ theme_content_type(path_file(a, path)), TIME_UNSTATED };
	if (!path.len || path.ptr[0] != '/')
		return err_set(err, ERR_NOTFOUND, "no page %.*s", STR_FMT(path));
	route_parse(a, path, &r);
	switch (r.kind) {
	case ROUTE_FRONT: return front_render(s, a, out, err);
	case ROUTE_FEED:
		page->content_type = S("application/atom+xml; charset=utf-8");
		return feed_whole(s, a, out, err);
	case ROUTE_LIST: return render_list(s, a, &r, out, page, err);
	case ROUTE_LIST_FEED:
		page->content_type = S("application/atom+xml; charset=utf-8");
		return render_feed_of_list(s, a, &r, out, page, err);
	case ROUTE_CALENDAR: return calendar_render(s, a, r.slug, out, err);
	case ROUTE_STATISTICS: return statistics_render(s, a, out, err);
	case ROUTE_ARCHIVE: return archive_render(s, a, out, err);
	case ROUTE_SOURCES: return sources_render(s, a, out, err);
	case ROUTE_TAGS: return tags_render(s, a, out, err);
	case ROUTE_SEARCH: return search_render(s, a, out, err);
	case ROUTE_MISSING: return missing_render(s, a, out, err);
	case ROUTE_SITEMAP: return sitemap_index(s, a, out, err);
	case ROUTE_SITEMAP_PART: return sitemap_part(s, a, r.slug, r.page, out, err);
	case ROUTE_SITEMAP_NEWS: return sitemap_news(s, a, out, err);
	case ROUTE_ROBOTS: robots_render(s, out); return buf_check(out, err);
	case ROUTE_OPENSEARCH:
		if (!s->opt.base_url.len) /* it must name an absolute address */
			return err_set(err, ERR_NOTFOUND, "no base address");
		page->content_type = S("application/opensearchdescription+xml; charset=utf-8");
		opensearch_render(s, out);
		return buf_check(out, err);
	case ROUTE_EVENTS: return events_render(s, a, r.events, r.page, out, err);
	case ROUTE_EVENTS_FEED:
		page->content_type = S("application/atom+xml; charset=utf-8");
		return events_feed(s, a, r.events, out, err);
	case ROUTE_FEED_ARCHIVE:
		page->content_type = S("application/atom+xml; charset=utf-8");
		return feed_archive(s, a, r.page, out, err);
	case ROUTE_EDITS_OF: return render_edits_of(s, a, path, out, page, err);
	case ROUTE_MANIFEST:
		page->content_type = S("application/manifest+json; charset=utf-8");
		manifest_render(s, out);
		return buf_check(out, err);
	case ROUTE_OFFLINE:
		return s->opt.offline ? offline_render(s, a, out, err)
				      : err_set(err, ERR_NOTFOUND, "offline is not set");
	case ROUTE_OTHER: break;
	}
	return render_other(s, a, path, out, page, err);
}
