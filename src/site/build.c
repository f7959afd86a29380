/*
 * The whole site out of the store, in one walk over the articles from the oldest on.
 *
 * Order: theme, articles, lists, the pages that lead to lists, feeds, sitemaps; then what is no
 * longer there goes. So no page names one that is not there yet. A site that does not exist is
 * built beside its place and moved there when it is whole; one that exists is changed file by file.
 *
 * Memory: an open list holds up to LIST_HELD headlines, a keyword the last MORE_EACH of its
 * articles; neither grows with the age of the mirror.
 */
#include "site/build.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/mem.h"
#include "site/related.h"
#include "text/date.h"

int build_tell(struct build *b, int64_t more)
{
	b->done += more;
	if (!b->progress)
		return 0;
	if (b->progress->stop && *b->progress->stop)
		return err_set(b->err, ERR_AGAIN, "stopped; the next build goes on from here");
	if (b->progress->tell && (b->done % 256 == 0 || b->done == b->all))
		b->progress->tell(b->progress->arg, b->done, b->all);
	return 0;
}

int build_put_bytes(struct build *b, struct str path, struct buf *bytes)
{
	if (b->hand)
		return output_hand_put(b->hand, path, buf_str(bytes), b->err);
	if (b->crew && !b->fresh && crew_wait(b->crew) < 0)
		return b->err->code;
	return output_put(b->output, path, bytes, b->err);
}

int build_put(struct build *b, struct str path)
{
	if (buf_check(&b->bytes, b->err) < 0)
		return err_wrap(b->err, "%.*s", STR_FMT(path));
	int r = build_put_bytes(b, path, &b->bytes);
	buf_reset(&b->bytes);
	return r;
}

/* `path` is a string that ends with NUL. */
static int put_rendered(struct build *b, const void *path)
{
	struct site_page page;
	int r;

	list_reset(&b->site->pictures);
	r = site_render_known(b->site, &b->page, str_of(path), &b->bytes, &page, b->err);
	if (r == 0)
		r = build_pictures(b);
	if (r == 0)
		r = build_put(b, str_of(path));
	arena_reset(&b->page);
	return r;
}

int build_page(struct build *b, const char *path)
{
	if (b->anew || !output_exists(b->output, str_of(path)))
		manifest_file(b, str_of(path));
	if (manifest_flush(b, b->err) < 0)
		return b->err->code;
	if (!crew_makes_all(b))
		return put_rendered(b, path);
	struct batch *batch = crew_batch(b->crew);
	return crew_do(b->crew, batch, put_rendered, arena_cstr(batch_arena(batch), str_of(path)));
}

int build_edits(struct build *b, const struct article *art, const struct article_context *ctx)
{
	int r = 0;

	if (art->revision > 1)
		r = edits_render(b->site, &b->page, art, ctx->revisions, ctx->revision_count,
				 &b->bytes, b->err);
	if (r == 0 && art->revision > 1)
		r = build_put(b, article_edits_file(&b->page, art));
	return r;
}

int build_calendar(struct build *b, const struct site_source *source)
{
	struct str path = calendar_path(&b->life, source);
	bool has;

	if (calendar_has_page(b->site, source->key, &has, b->err) < 0)
		return b->err->code;
	if (has)
		return build_page(b, path.ptr);
	return output_exists(b->output, path) ? output_remove(b->output, path, b->err) : 0;
}

/* A list's key in the manifest: "s:cna", "t:北約". */
struct str list_key(struct arena *a, const struct list_ref *ref)
{
	static const struct str kinds[] = { STR("s:"), STR("c:"), STR("t:"), STR("m:") };

	return str_join(a, kinds[ref->kind], ref->name);
}

bool list_of_key(struct str key, struct list_ref *ref)
{
	static const char kinds[] = "sctm";
	const char *at = key.len > 2 ? memchr(kinds, key.ptr[0], 4) : NULL;

	if (!at)
		return false;
	*ref = (struct list_ref){ (enum list_kind)(at - kinds), str_from(key, 2) };
	return true;
}

struct strs article_lists(struct site *s, struct arena *a, const struct article *art,
			  const struct strs *sources)
{
	struct strs tags = article_tags(a, art);
	struct strs out = { arena_array(a, tags.count + 2 * sources->count + 1, sizeof(struct str)),
			    0 };
	struct list_ref ref = { LIST_MONTH, month_of(a, article_date(art), s->opt.zone_min) };

	out.items[out.count++] = list_key(a, &ref);
	for (size_t i = 0; i < sources->count; i++) {
		const struct site_source *source = site_source(s, sources->items[i]);
		bool again = false;

		ref = (struct list_ref){ LIST_SOURCE, sources->items[i] };
		if (!source)
			continue;
		out.items[out.count++] = list_key(a, &ref);
		if (!source->category_page)
			continue;
		ref = (struct list_ref){ LIST_CATEGORY, source->category };
		struct str key = list_key(a, &ref);
		for (size_t j = 0; j < out.count; j++)
			again = again || str_eq(out.items[j], key);
		if (!again)
			out.items[out.count++] = key;
	}
	for (size_t i = 0; i < tags.count; i++) {
		ref = (struct list_ref){ LIST_TAG, tags.items[i] };
		if (!map_get(&s->source_by_name, tags.items[i]))
			out.items[out.count++] = list_key(a, &ref);
	}
	return out;
}

/* --- all of it
 * ------------------------------------------------------------------------------------ */

/* The last articles of a keyword, newest first. */
struct ring {
	struct kept *items[MORE_EACH];
};

struct whole {
	struct build *b;
	struct map lists; /* list_key -> struct list_builder * */
	struct related *nearby;
	struct map rings; /* keyword -> struct ring * */
	struct list_builder month;
	struct buf sitemap;
	struct str sitemap_month;
	int64_t sitemap_part, sitemap_count;
};

static int put_theme(struct build *b)
{
	const struct theme *t = &b->site->theme;
	static const char *const fixed[] = { "/search.html", "/404.html", "/robots.txt",
					     "/manifest.webmanifest" };

	for (size_t i = 0; i < t->count; i++) {
		if (!t->entries[i].published)
			continue;
		struct str path = arena_strf(&b->life, "/%.*s", STR_FMT(t->entries[i].name));
		if (build_page(b, path.ptr) < 0)
			return b->err->code;
	}
	for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++)
		if (build_page(b, fixed[i]) < 0)
			return b->err->code;
	if (b->site->opt.offline && build_page(b, "/offline.html") < 0)
		return b->err->code;
	return b->site->opt.base_url.len ? build_page(b, "/opensearch.xml") : 0;
}

static int end_sitemap(struct whole *w)
{
	struct build *b = w->b;

	if (!w->sitemap_count)
		return 0;
	struct str path = sitemap_path(&b->page, w->sitemap_month, w->sitemap_part);
	sitemap_end(&w->sitemap);
	buf_add(&b->bytes, buf_str(&w->sitemap));
	buf_reset(&w->sitemap);
	w->sitemap_count = 0;
	manifest_file(b, path);
	return build_put(b, path);
}

static int add_to_sitemap(struct whole *w, const struct headline *h, struct str month)
{
	struct build *b = w->b;
	bool same = str_eq(month, w->sitemap_month);

	if (!same || w->sitemap_count == SITEMAP_PAGE) {
		if (end_sitemap(w) < 0)
			return b->err->code;
		w->sitemap_part = same ? w->sitemap_part + 1 : 1;
		if (!same)
			w->sitemap_month = arena_str(&b->life, month);
	}
	if (!w->sitemap_count++)
		sitemap_start(&w->sitemap);
	sitemap_add(b->site, &b->page, &w->sitemap, h->path, h->updated);
	return 0;
}

static void note_list(struct build *b, const struct list_builder *l)
{
	int64_t pages = l->pages + (l->count >= 2 * LIST_PAGE ? 1 : 0);

	for (int64_t page = 0; page <= pages; page++) {
		struct str files[2];
		size_t count = list_files(&b->page, l->ref.kind, l->path, page, files);

		for (size_t i = 0; i < count; i++)
			manifest_file(b, files[i]);
	}
}

static int end_list(struct build *b, struct list_builder *l)
{
	note_list(b, l);
	int r = list_builder_end(b, l);
	list_builder_fini(l);
	return r;
}

static int add_to_month(struct whole *w, struct kept *k, struct str month)
{
	struct list_ref ref = { LIST_MONTH, month };

	if (w->month.path.len && !str_eq(w->month.ref.name, month)) {
		if (end_list(w->b, &w->month) < 0)
			return w->b->err->code;
		w->month.path = S("");
	}
	if (!w->month.path.len)
		list_builder_init(w->b, &w->month, &ref);
	return list_builder_add(w->b, &w->month, k);
}

static struct list_builder *list_in(struct whole *w, struct str key)
{
	void **at = map_get(&w->lists, key);
	struct list_ref ref;

	if (at)
		return *at;
	list_of_key(key, &ref);
	struct list_builder *l = arena_alloc(&w->b->life, sizeof(*l));
	list_builder_init(w->b, l, &ref);
	*map_put(&w->lists, list_key(&w->b->life, &l->ref)) = l;
	return l;
}

/* Months are done when the walk has passed them; tags are read for themselves, being too many to
 * hold open. */
static int add_to_lists(struct whole *w, const struct headline *h, const struct strs *keys)
{
	struct kept *k = kept_new(h, false);
	int r = 0;

	for (size_t i = 0; i < keys->count && r == 0; i++) {
		struct str name = str_from(keys->items[i], 2);

		switch (keys->items[i].ptr[0]) {
		case 'm':
			r = add_to_month(w, k, name);
			if (r == 0)
				r = add_to_sitemap(w, h, name);
			break;
		case 's':
		case 'c': r = list_builder_add(w->b, list_in(w, keys->items[i]), k); break;
		}
	}
	if (r == 0 && w->b->archive)
		r = archive_add(w->b, k);
	kept_drop(k);
	return r;
}

static struct ring *ring_of(struct whole *w, struct str keyword)
{
	void **at = map_get(&w->rings, keyword);

	if (at)
		return *at;
	struct ring *ring = arena_alloc(&w->b->life, sizeof(*ring));
	*map_put(&w->rings, arena_str(&w->b->life, keyword)) = ring;
	return ring;
}

/* What came before of the article's keywords; and then this article for those to come. */
static int take_more(struct whole *w, struct batch *batch, const struct article *art,
		     struct article_context *ctx)
{
	struct arena *row = batch_arena(batch);
	struct more *more;
	struct err *err = w->b->err;

	if (article_more_keywords(w->b->site, row, art, &more, &ctx->more_count, err) < 0)
		return err->code;
	for (size_t i = 0; i < ctx->more_count; i++) {
		const struct ring *ring = ring_of(w, more[i].keyword);

		while (more[i].count < MORE_EACH && ring->items[more[i].count]) {
			struct kept *k = ring->items[more[i].count];

			batch_hold(batch, k);
			more[i].items[more[i].count++] = k->h;
		}
	}
	more_distinct(more, ctx);
	ctx->more = more;
	return 0;
}

static void take_related(struct whole *w, struct batch *batch, const struct article *art,
			 const struct headline *h, struct article_context *ctx)
{
	struct headline *items = arena_array(batch_arena(batch), RELATED_SHOWN, sizeof(*items));
	struct kept *found[RELATED_SHOWN];

	ctx->related_count = nearby_next(w->nearby, art, h, found);
	for (size_t i = 0; i < ctx->related_count; i++) {
		batch_hold(batch, found[i]);
		items[i] = found[i]->h;
	}
	ctx->related = items;
}

static int remember_more(struct whole *w, struct arena *row, const struct article *art,
			 const struct headline *h)
{
	struct strs tags = article_tags(row, art);
	struct kept *k = NULL;

	for (size_t i = 0; i < tags.count; i++) {
		struct str path;
		bool own;

		if (site_tag_path(w->b->site, row, tags.items[i], &path, &own, w->b->err) < 0)
			return w->b->err->code;
		if (!path.len || !own)
			continue;
		struct ring *ring = ring_of(w, tags.items[i]);
		k = k ? kept_hold(k) : kept_new(h, true);
		kept_drop(ring->items[MORE_EACH - 1]);
		memmove(ring->items + 1, ring->items, (MORE_EACH - 1) * sizeof(ring->items[0]));
		ring->items[0] = k;
	}
	return 0;
}

/* Hands it to those who make its page, and puts it on its lists. */
static int put_article(struct whole *w, struct batch *batch, const struct article *art)
{
	struct build *b = w->b;
	struct arena *row = batch_arena(batch);
	struct article_context ctx = { 0 };
	struct revision *revisions = NULL;
	struct headline h;

	headline_of(row, art, &h);
	take_related(w, batch, art, &h, &ctx);
	if (take_more(w, batch, art, &ctx) < 0 ||
	    store_article_sources(b->site->store, row, art->id, &ctx.sources, b->err) < 0)
		return b->err->code;
	if (art->revision > 1 && store_revisions(b->site->store, row, art->id, &revisions,
						 &ctx.revision_count, b->err) < 0)
		return b->err->code;
	ctx.revisions = revisions;
	struct strs lists = article_lists(b->site, row, art, &ctx.sources);
	manifest_article(b, h.path, h.date, &lists);
	if (art->revision > 1)
		manifest_file(b, article_edits_file(row, art));
	int r = crew_add(b->crew, art, &ctx, &h);
	if (r == 0)
		r = add_to_lists(w, &h, &lists);
	if (r == 0)
		r = remember_more(w, row, art, &h);
	return r < 0 ? r : build_tell(b, 1);
}

static int put_articles(struct whole *w)
{
	struct store_query q = {
		.from = TIME_UNSTATED,
		.to = TIME_UNSTATED,
		.oldest_first = true,
		.with = STORE_ALL,
		.text_most = TEXT_LOOKED_AT,
	};
	struct build *b = w->b;
	struct store_walk *walk = NULL;
	struct article art;
	int r = store_walk_open(b->site->store, &q, &walk, b->err);

	while (r >= 0) {
		struct batch *batch = crew_room(b->crew);

		r = store_walk_next(walk, batch_arena(batch), &art, b->err);
		if (r <= 0)
			break;
		r = put_article(w, batch, &art);
	}
	store_walk_close(&walk);
	if (r == 0 && w->month.path.len)
		r = end_list(b, &w->month);
	return r == 0 ? end_sitemap(w) : r;
}

/* Pages at the old addresses of an import, that lead to their articles. */
static int put_old_paths(struct build *b)
{
	struct arena a;
	struct str after = { 0 };
	struct strs paths;
	int r = 0;

	arena_init(&a);
	do {
		r = store_old_paths(b->site->store, &a, after, 1000, &paths, b->err);
		for (size_t i = 0; r == 0 && i < paths.count; i++) {
			struct str file = path_file(&a, paths.items[i]);
			struct site_page page;

			r = site_render_known(b->site, &b->page, file, &b->bytes, &page, b->err);
			if (r == 0) {
				manifest_file(b, file);
				r = build_put(b, file);
			} else if (r == ERR_NOTFOUND) { /* an address that is no file, or is one of
							   our own pages */
				r = 0;
			}
			buf_reset(&b->bytes);
			arena_reset(&b->page);
		}
		after = paths.count ? arena_str(&b->life, paths.items[paths.count - 1]) : S("");
		arena_reset(&a);
	} while (r == 0 && after.len);
	arena_fini(&a);
	return r;
}

/* A keyword's, whose articles are read for themselves. */
static int put_tag(struct build *b, const void *what)
{
	int r = build_list(b, what, 0, 0);

	arena_reset(&b->life); /* a worker's: it had the list's names */
	return r;
}

static int put_tags(struct build *b)
{
	struct site *s = b->site;

	for (size_t i = 0; i < s->keywords.cap; i++) {
		const struct map_slot *slot = &s->keywords.slots[i];
		struct list_ref ref = { LIST_TAG, slot->key };
		struct list_builder noted;
		int r;

		if (!slot->used || ((struct store_group *)slot->value)->count < TAG_MIN ||
		    map_get(&s->source_by_name, slot->key))
			continue;
		list_builder_init(b, &noted, &ref);
		noted.pages = list_pages(((struct store_group *)slot->value)->count);
		note_list(b, &noted);
		if (crew_makes_all(b)) {
			struct batch *batch = crew_batch(b->crew);
			struct list_ref *mine = arena_alloc(batch_arena(batch), sizeof(*mine));

			*mine = ref;
			r = crew_do(b->crew, batch, put_tag, mine);
		} else {
			r = build_list(b, &ref, 0, 0);
		}
		if (r < 0 || build_tell(b, 0) < 0)
			return b->err->code;
	}
	return 0;
}

static int put_lists(struct whole *w)
{
	struct site *s = w->b->site;

	for (size_t i = 0; i < s->source_count; i++) {
		struct list_ref ref = { LIST_SOURCE, s->sources[i].key };

		if (build_calendar(w->b, &s->sources[i]) < 0 ||
		    end_list(w->b, list_in(w, list_key(&w->b->life, &ref))) < 0)
			return w->b->err->code;
	}
	for (size_t i = 0; i < s->category_count; i++) {
		struct list_ref ref = { LIST_CATEGORY, s->categories[i].name };

		if (s->categories[i].page &&
		    end_list(w->b, list_in(w, list_key(&w->b->life, &ref))) < 0)
			return w->b->err->code;
	}
	return put_tags(w->b);
}

static void drop_whole(struct whole *w)
{
	for (size_t i = 0; i < w->rings.cap; i++)
		if (w->rings.slots[i].used)
			for (size_t j = 0; j < MORE_EACH; j++)
				kept_drop(((struct ring *)w->rings.slots[i].value)->items[j]);
	for (size_t i = 0; i < w->lists.cap; i++)
		if (w->lists.slots[i].used)
			list_builder_fini(w->lists.slots[i].value);
	list_builder_fini(&w->month);
	related_free(&w->nearby);
	map_fini(&w->rings);
	map_fini(&w->lists);
	buf_fini(&w->sitemap);
}

static int put_with_crew(struct whole *w)
{
	struct build *b = w->b;
	int r = crew_start(b, &b->crew);

	if (crew_makes_all(b))
		b->archive = archive_new(b);
	if (r == 0)
		r = put_articles(w);
	if (r == 0)
		r = put_lists(w);
	if (r == 0)
		r = build_journal(b, NULL, NULL);
	r = crew_end(&b->crew, r);
	archive_free(&b->archive);
	return r;
}

int build_all(struct build *b, struct err *err)
{
	static const char *const last[] = {
		"/archive.html", "/sources.html", "/tags.html",   "/statistics.html",
		"/index.html",   "/feed.xml",     "/sitemap.xml",
	};
	struct store_query q = { .from = TIME_UNSTATED, .to = TIME_UNSTATED };
	struct whole w = { .b = b };

	if (manifest_start(b, true, err) < 0 || site_load_keywords(b->site, err) < 0 ||
	    store_count(b->site->store, &q, &b->all, err) < 0)
		return err->code;
	w.nearby = nearby_window();
	map_init(&w.rings);
	map_init(&w.lists);
	buf_init(&w.sitemap, PAGE_MAX_OUT);
	int r = put_theme(b);
	if (r == 0)
		r = put_with_crew(&w);
	if (r == 0)
		r = put_old_paths(b);
	if (r == 0)
		r = build_search(b);
	drop_whole(&w);
	for (size_t i = 0; r == 0 && i < sizeof(last) / sizeof(last[0]); i++)
		r = build_page(b, last[i]);
	if (r == 0 && sitemap_has_news(b->site))
		r = build_page(b, "/sitemap-news.xml");
	return r == 0 ? manifest_finish_anew(b, err) : r;
}

/* --- which way
 * ------------------------------------------------------------------------------------ */

/* Everything a page is made of besides the store. */
static uint64_t fingerprint(const struct site *s, int64_t old_paths)
{
	const struct site_options *o = &s->opt;
	struct str parts[] = {
		S(DIBAO_VERSION), o->title,    o->subtitle, o->language,
		o->author,        o->base_url, o->comments,
	};
	struct hash_state st;
	uint64_t numbers[] = { s->theme.fingerprint, (uint64_t)(int64_t)o->zone_min,
			       o->noindex,           o->live,
			       (uint64_t)old_paths,  o->packed,
			       o->offline,           o->no_search },
		 out;

	hash_start(&st);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		uint64_t len = parts[i].len;

		hash_update(&st, str_n((const char *)&len, sizeof(len)));
		hash_update(&st, parts[i]);
	}
	hash_update(&st, str_n((const char *)numbers, sizeof(numbers)));
	struct hash h = hash_finish(&st);
	memcpy(&out, h.bytes, sizeof(out));
	return out;
}

/* A source that pages show otherwise now; or a new one whose name is somebody's keyword. */
static int sources_differ(struct build *b, const struct build_state *old, bool *differ)
{
	const struct site *s = b->site;

	*differ = false;
	for (size_t i = 0; i < s->source_count && !*differ; i++) {
		void **was = map_get(&old->sources, s->sources[i].key);
		struct store_query q = {
			.keyword = s->sources[i].name,
			.from = TIME_UNSTATED,
			.to = TIME_UNSTATED,
			.limit = 1,
		};
		int64_t count;

		if (was) {
			*differ = *(uint64_t *)*was != s->sources[i].hash;
			continue;
		}
		if (store_count(s->store, &q, &count, b->err) < 0)
			return b->err->code;
		*differ = count > 0;
	}
	*differ = *differ || old->sources.count > s->source_count;
	return 0;
}

static int build_in(struct build *b, struct site_built *built, struct err *err)
{
	/* What comes while it builds is for the next one. */
	struct build_state old, now = {
		.change = b->site->index_change,
		.last_article = b->site->last_article,
	};
	struct output_counts counts = { 0 };
	struct lock lock;
	int64_t old_paths;
	bool differ = true;
	int r;

	if (store_old_path_count(b->site->store, &old_paths, err) < 0)
		return err->code;
	memcpy(now.last_event, b->site->last_event, sizeof(now.last_event));
	now.packed = b->site->opt.packed;
	now.fingerprint = fingerprint(b->site, old_paths);
	if (dir_make(path_join(&b->life, b->dir, ".dibao"), err) < 0 ||
	    lock_take(&lock, path_join(&b->life, b->dir, ".dibao/lock"), "build", err) < 0)
		return err->code;
	r = state_read(&b->life, b->dir, &old, err);
	if (r == 0 && old.known && old.fingerprint == now.fingerprint)
		r = sources_differ(b, &old, &differ);
	if (r == 0)
		r = output_open(b->dir, b->fresh,
				now.packed   ? PACKED_BESIDE
				: old.packed ? PACKED_GONE
					     : PACKED_NONE,
				&b->output, err);
	if (r == 0) {
		r = differ ? 0 : build_some(b, &old, err);
		built->whole = r == 0;
		if (r == 0)
			r = build_all(b, err);
		if (b->manifest)
			fclose(b->manifest);
		struct err late;
		if (output_close(&b->output, r >= 0, &counts, &late) < 0 && r >= 0) {
			*err = late;
			r = late.code;
		}
		if (r >= 0)
			r = manifest_place(b, err);
		if (r >= 0)
			r = build_search_done(b, err);
		if (r >= 0)
			r = state_write(b->dir, b->site, &now, err);
	}
	map_fini(&old.sources);
	built->written = counts.written;
	built->unchanged = counts.unchanged;
	built->removed = counts.removed;
	lock_release(&lock);
	return r < 0 ? r : 0;
}

static bool is_empty_dir(const char *dir)
{
	return rmdir(dir) == 0 && mkdir(dir, 0777) == 0;
}

int site_build(struct site *s, const char *out_dir, const struct site_progress *progress,
	       struct site_built *built, struct err *err)
{
	struct build b = { .site = s, .progress = progress, .err = err };
	int r, reading;

	*built = (struct site_built){ 0 };
	arena_init(&b.life);
	arena_init(&b.page);
	buf_init(&b.bytes, PAGE_MAX_OUT);
	size_t len = strlen(out_dir);
	while (len > 1 && out_dir[len - 1] == '/')
		len--;
	char *out = arena_cstr(&b.life, str_n(out_dir, len));
	b.fresh = !dir_exists(out) || is_empty_dir(out);
	b.dir = b.fresh ? arena_strf(&b.life, "%s.building", out).ptr : out;
	r = reading = store_begin_reading(s->store, err);
	if (r >= 0)
		r = site_refresh(s, err);
	if (r == 0)
		r = dir_make(b.dir, err);
	if (r == 0)
		r = build_in(&b, built, err);
	if (reading > 0)
		store_end_reading(s->store);
	if (r == 0 && b.fresh && rename(b.dir, out) != 0)
		r = err_errno(err, ERR_IO, "%s cannot be put in its place", b.dir);
	buf_fini(&b.bytes);
	arena_fini(&b.page);
	arena_fini(&b.life);
	return r;
}
