/*
 * One thread: reading is most of the work, but it is done seldom. Articles are walked by id, so
 * those of one feed's capture mostly follow each other and its body is unpacked once.
 */
#include "run/again.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/list.h"
#include "feed/feed.h"
#include "run/read.h"
#include "text/url.h"

enum { COMMIT_EVERY = 200, MAX_BODY_BYTES = 64 << 20, REASON = 160, WALK_AT_ONCE = 500 };

struct again {
	const struct again_options *opt;
	struct store *store;
	struct blob *blob;
	struct reader *reader;
	struct arena mem;         /* of one article */
	struct arena capture_mem; /* of the capture below */
	struct capture capture;   /* the last one read; id 0: none */
	struct buf body;
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

/* The body of a capture into g->body, unless it is there. */
static int load_capture(struct again *g, int64_t id, struct err *err)
{
	if (g->capture.id == id)
		return 0;
	g->capture = (struct capture){ 0 };
	arena_reset(&g->capture_mem);
	buf_reset(&g->body);
	if (store_capture_get(g->store, &g->capture_mem, id, &g->capture, err) < 0)
		return err->code;
	int rc = blob_get(g->blob, &g->capture.body, &g->body, err);
	if (rc == 0)
		rc = buf_check(&g->body, err);
	if (rc < 0)
		g->capture.id = 0;
	return rc;
}

static bool is_entry_of(struct arena *a, const struct entry *e, const struct article *art)
{
	if (art->guid.len)
		return str_eq(e->id, art->guid);
	return url_is_http(e->link) && str_eq(url_canonical(a, e->link), art->url);
}

/* The article's entry in the feed at hand. False: it is no feed, or has no such entry. */
static bool read_from_feed(struct again *g, const struct source *source,
			   const struct article *stored, struct article *out, char *reason)
{
	struct feed_options opt = {
		.base = g->capture.final_url,
		.content_type = g->capture.content_type,
		.zone_min = source->zone_min,
	};
	struct feed *feed = NULL;
	struct entry entry;
	struct err err;
	bool found = false;
	int rc = feed_open(buf_str(&g->body), &opt, &feed, &err);

	if (rc < 0) {
		snprintf(reason, REASON, "%.150s", err.msg);
		return false;
	}
	while (!found && (rc = feed_next(feed, reader_scratch(g->reader), &entry, &err)) > 0)
		found = is_entry_of(&g->mem, &entry, stored);
	if (found) {
		reader_entry(g->reader, source, &entry, out);
		if (!out->language.len)
			out->language = arena_str(&g->mem, feed_info(feed)->language);
	} else {
		snprintf(reason, REASON, "the feed that is kept has no such entry");
	}
	/* Strings of the entry may be views of the body, which stays. */
	feed_close(&feed);
	return found;
}

/* What the store has stands in for the feed's entry, which named the page. */
static bool read_from_page(struct again *g, const struct source *source,
			   const struct article *stored, struct article *out, char *reason)
{
	struct article feed = *stored;

	if (stored->text_from != FROM_FEED)
		feed.text = feed.html = (struct str){ 0 };
	if (stored->title_from != FROM_FEED)
		feed.title = (struct str){ 0 };
	struct page_seen seen;
	reader_scratch(g->reader);
	return reader_page(g->reader, source, &g->capture, buf_str(&g->body), &feed, out, &seen,
			   reason, REASON);
}

static bool read_from_import(struct again *g, const struct source *source,
			     const struct article *stored, struct article *out, char *reason)
{
	struct arena *mem = reader_scratch(g->reader);
	struct str markup = { 0 };

	if (g->opt->markup_of_import)
		markup = g->opt->markup_of_import(mem, &g->capture, buf_str(&g->body));
	if (!markup.len) {
		snprintf(reason, REASON, "the file that is kept has no text");
		return false;
	}
	*out = *stored;
	out->credits = (struct people){ 0 };
	out->dateline = (struct dateline){ 0 };
	reader_content(g->reader, source, markup, stored->url, out);
	out->text_from = stored->text_from;
	return true;
}

static bool looks_like_feed(const struct capture *c, struct str body)
{
	struct str front = str_sub(body, 0, 1024);

	return str_contains_nocase(c->content_type, S("xml")) ||
	       str_contains_nocase(c->content_type, S("json")) || str_contains(front, S("<rss")) ||
	       str_contains(front, S("<feed")) || str_contains(front, S("<rdf")) ||
	       str_contains(front, S("<?xml"));
}

static bool read_again(struct again *g, const struct source *source, const struct article *stored,
		       struct article *out, char *reason)
{
	struct str body = buf_str(&g->body);

	if (g->capture.status == 0)
		return read_from_import(g, source, stored, out, reason);
	/* An XHTML page may look like a feed: what is no feed is a page. */
	if (looks_like_feed(&g->capture, body) && read_from_feed(g, source, stored, out, reason))
		return true;
	return read_from_page(g, source, stored, out, reason);
}

static int put(struct again *g, const struct article *stored, struct article *made, struct err *err)
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
		.capture_id = g->capture.id,
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

static int again_article(struct again *g, int64_t id, struct err *err)
{
	static const struct source unknown;
	struct article stored, made;
	int64_t *captures;
	size_t count;
	char reason[REASON] = "";
	struct err lost;

	if (store_article_get(g->store, &g->mem, id, STORE_ALL, &stored, err) < 0 ||
	    store_article_captures(g->store, &g->mem, id, &captures, &count, err) < 0)
		return err->code;
	g->counts.articles++;
	if (count == 0) {
		g->counts.without_capture++;
		return 0;
	}
	const struct source *source = source_of(g, stored.source);
	if (load_capture(g, captures[count - 1], &lost) < 0)
		snprintf(reason, sizeof(reason), "%.150s", lost.msg);
	else if (read_again(g, source ? source : &unknown, &stored, &made, reason) && made.text.len)
		return put(g, &stored, &made, err);
	g->counts.failed++;
	if (g->opt->fail)
		g->opt->fail(g->opt->arg, &stored, reason[0] ? reason : "no text");
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

int again_run(const struct again_options *opt, struct again_counts *out, struct err *err)
{
	struct again g = { .opt = opt, .reader = reader_new() };

	arena_init(&g.mem);
	arena_init(&g.capture_mem);
	buf_init(&g.body, MAX_BODY_BYTES);
	int rc = store_open(&opt->store, &g.store, err);
	if (rc == 0)
		rc = blob_open(opt->blobs, &g.blob, err);
	if (rc == 0)
		rc = count_all(&g, err);
	if (rc == 0 && opt->only_count == 0)
		rc = again_source(&g, (struct str){ 0 }, err);
	for (size_t i = 0; rc == 0 && i < opt->only_count; i++)
		rc = again_source(&g, opt->only[i], err);
	if (rc == 0 && g.puts)
		rc = store_commit(g.store, err);
	store_close(&g.store);
	blob_close(&g.blob);
	reader_free(&g.reader);
	buf_fini(&g.body);
	arena_fini(&g.capture_mem);
	arena_fini(&g.mem);
	*out = g.counts;
	return rc;
}
