/*
 * One thread: reading is most of the work, but it is done seldom. Articles are walked by id, so
 * those of one feed's capture mostly follow each other and its body is unpacked once.
 *
 * Where little is known of a source's furniture (its articles are older than the learning of it, or
 * were imported), it is learnt first, from the articles that came last.
 */
#include "run/again.h"

#include <stdio.h>
#include <string.h>

#include "base/list.h"
#include "page/furniture.h"
#include "run/learnt.h"
#include "run/remake.h"

enum { COMMIT_EVERY = 200, REASON = 160, WALK_AT_ONCE = 500, LEARN_FROM = 40 };

struct again {
	const struct again_options *opt;
	struct store *store;
	struct blob *blob;
	struct remaker *remaker;
	struct arena mem; /* of one article */
	struct learnt_book learnt;
	struct again_counts counts;
	int64_t puts; /* since the last commit */
};

static const struct source *source_of(const struct again *g, struct str key)
{
	for (size_t i = 0; i < g->opt->source_count; i++)
		if (str_eq(g->opt->sources[i].key, key))
			return &g->opt->sources[i];
	return NULL;
}

static int put(struct again *g, const struct article *stored, struct article *made,
	       int64_t capture_id, struct err *err)
{
	enum store_change change;
	int64_t id, before, after;

	/* It stays the article it is, whatever address the page states today. */
	made->url = stored->url;
	made->fetched_url = stored->fetched_url;
	made->source = stored->source;
	made->guid = stored->guid;
	made->first_seen = stored->first_seen;
	made->last_seen = stored->last_seen;
	made->gone = stored->gone;
	struct store_put sp = {
		.article = made,
		.capture_id = capture_id,
		.now = stored->last_seen,
		.reextracted = true,
	};
	if (!g->puts++ && store_begin(g->store, err) < 0)
		return err->code;
	if (store_change_number(g->store, &before, err) < 0 ||
	    store_article_put(g->store, &sp, &id, &change, err) < 0 ||
	    store_change_number(g->store, &after, err) < 0)
		return err->code;
	g->counts.changed += after != before;
	if (g->puts < COMMIT_EVERY)
		return 0;
	g->puts = 0;
	return store_commit(g->store, err);
}

/* The newest capture of an article, read as its source is today. 0: there is none. */
static int remake(struct again *g, const struct source *source, struct learnt *learnt,
		  const struct article *stored, struct article *made, int64_t *capture_id,
		  char *reason, struct err *err)
{
	static const struct source unknown;
	int64_t *captures;
	size_t count;

	*capture_id = 0;
	if (store_article_captures(g->store, &g->mem, stored->id, &captures, &count, err) < 0)
		return err->code;
	if (count == 0)
		return 0;
	*capture_id = captures[count - 1];
	return remake_article(g->remaker, source ? source : &unknown, learnt, stored, NULL,
			      *capture_id, made, reason, REASON);
}

static int learn_from(struct again *g, const struct source *source, struct learnt *learnt,
		      int64_t id, struct err *err)
{
	struct article stored, made;
	struct lesson lesson;
	int64_t capture_id;
	char reason[REASON];

	if (store_article_get(g->store, &g->mem, id, STORE_ALL, &stored, err) < 0)
		return err->code;
	int rc = remake(g, source, learnt, &stored, &made, &capture_id, reason, err);
	if (rc <= 0)
		return rc;
	remake_lesson(g->remaker, &g->mem, &lesson);
	learnt_take(learnt, &lesson);
	return 0;
}

static int learn_source(struct again *g, const struct source *source, struct str key,
			struct learnt *learnt, struct err *err)
{
	struct store_query q = {
		.source = key,
		.from = TIME_UNSTATED,
		.to = TIME_UNSTATED,
		.limit = LEARN_FROM,
	};
	struct store_walk *walk = NULL;
	struct article art;
	struct arena mem;
	int64_t ids[LEARN_FROM];
	size_t count = 0;
	int rc = store_walk_open(g->store, &q, &walk, err);

	arena_init(&mem);
	while (rc >= 0 && count < LEARN_FROM && (rc = store_walk_next(walk, &mem, &art, err)) > 0) {
		ids[count++] = art.id;
		arena_reset(&mem);
	}
	store_walk_close(&walk);
	arena_fini(&mem);
	for (size_t i = 0; rc >= 0 && i < count; i++)
		rc = learn_from(g, source, learnt, ids[i], err);
	bool anew;
	return rc < 0 ? rc : learnt_save(learnt, g->store, key, &anew, err);
}

static size_t pages_of(const struct furniture *f)
{
	return f ? furniture_pages(f) : 0;
}

/* What is known of a source's furniture. */
static int learnt_of(struct again *g, const struct source *source, struct str key,
		     struct learnt **out, struct err *err)
{
	int fresh = learnt_book_get(&g->learnt, key, out, err);

	if (fresh <= 0)
		return fresh;
	if (pages_of((*out)->known.pages) + pages_of((*out)->known.entries) >= FURNITURE_MIN_PAGES)
		return 0;
	return learn_source(g, source, key, *out, err);
}

static int again_article(struct again *g, int64_t id, struct err *err)
{
	struct article stored, made;
	struct learnt *learnt;
	int64_t capture_id;
	char reason[REASON] = "";

	if (store_article_get(g->store, &g->mem, id, STORE_ALL, &stored, err) < 0)
		return err->code;
	const struct source *source = source_of(g, stored.source);
	if (learnt_of(g, source, stored.source, &learnt, err) < 0)
		return err->code;
	int rc = remake(g, source, learnt, &stored, &made, &capture_id, reason, err);
	if (rc < 0)
		return rc;
	g->counts.articles++;
	if (rc > 0)
		return put(g, &stored, &made, capture_id, err);
	if (capture_id == 0) {
		g->counts.without_capture++;
		return 0;
	}
	g->counts.failed++;
	if (g->opt->fail)
		g->opt->fail(g->opt->arg, &stored, reason);
	return 0;
}

/* Ids of the next articles of a source, or of all; taken before anything is written to them. */
static int next_ids(struct again *g, struct str source, int64_t after, struct list *ids,
		    struct err *err)
{
	struct store_query q = {
		.source = source,
		.after_id = after,
		.from = TIME_UNSTATED,
		.to = TIME_UNSTATED,
		.limit = WALK_AT_ONCE,
	};
	struct store_walk *walk = NULL;
	struct article art;
	int rc = store_walk_open(g->store, &q, &walk, err);

	list_reset(ids);
	while (rc >= 0 && (rc = store_walk_next(walk, &g->mem, &art, err)) > 0) {
		*(int64_t *)list_add(ids) = art.id;
		arena_reset(&g->mem);
	}
	store_walk_close(&walk);
	return rc;
}

static bool stopped(const struct again *g)
{
	return g->opt->stop && *g->opt->stop;
}

static int again_source(struct again *g, struct str source, struct err *err)
{
	struct list ids;
	int64_t after = -1; /* by id from the first on: 0 would be no condition */
	int rc;

	list_init(&ids, sizeof(int64_t));
	do {
		rc = next_ids(g, source, after, &ids, err);
		for (size_t i = 0; rc == 0 && i < ids.count && !stopped(g); i++) {
			after = *(int64_t *)list_at(&ids, i);
			rc = again_article(g, after, err);
			arena_reset(&g->mem);
			if (g->opt->tell)
				g->opt->tell(g->opt->arg, &g->counts);
		}
	} while (rc == 0 && ids.count == WALK_AT_ONCE && !stopped(g));
	list_fini(&ids);
	return rc;
}

static int count_all(struct again *g, struct err *err)
{
	size_t n = g->opt->only_count ? g->opt->only_count : 1;

	for (size_t i = 0; i < n; i++) {
		struct store_query q = {
			.source = g->opt->only_count ? g->opt->only[i] : (struct str){ 0 },
			.from = TIME_UNSTATED,
			.to = TIME_UNSTATED,
		};
		int64_t count;

		if (store_count(g->store, &q, &count, err) < 0)
			return err->code;
		g->counts.all += count;
	}
	return 0;
}

static int again_all(struct again *g, struct err *err)
{
	const struct again_options *opt = g->opt;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < opt->id_count && !stopped(g); i++) {
		rc = again_article(g, opt->ids[i], err);
		arena_reset(&g->mem);
	}
	if (opt->id_count)
		return rc;
	if (opt->only_count == 0)
		return again_source(g, (struct str){ 0 }, err);
	for (size_t i = 0; rc == 0 && i < opt->only_count; i++)
		rc = again_source(g, opt->only[i], err);
	return rc;
}

int again_run(const struct again_options *opt, struct again_counts *out, struct err *err)
{
	struct again g = { .opt = opt };

	arena_init(&g.mem);
	int rc = store_open(&opt->store, &g.store, err);
	if (rc == 0)
		rc = blob_open(opt->blobs, &g.blob, err);
	learnt_book_init(&g.learnt, g.store);
	if (rc == 0)
		g.remaker = remaker_new(g.store, g.blob, opt->markup_of_import);
	if (rc == 0 && !opt->id_count)
		rc = count_all(&g, err);
	if (rc == 0)
		rc = again_all(&g, err);
	if (rc == 0 && g.puts)
		rc = store_commit(g.store, err);
	learnt_book_fini(&g.learnt);
	remaker_free(&g.remaker);
	store_close(&g.store);
	blob_close(&g.blob);
	arena_fini(&g.mem);
	*out = g.counts;
	return rc;
}
