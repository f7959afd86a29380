/*
 * What a worker does: bytes of a feed to entries, bytes of a page to an article. It touches neither
 * the network nor the store nor a file, and after sandbox_parser it could not.
 *
 * Each entry is read in a scratch arena and only what is kept is copied into the batch, so that a
 * feed of a thousand entries costs what its longest does.
 */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/sandbox.h"
#include "feed/feed.h"
#include "run/hub.h"
#include "run/private.h"
#include "run/read.h"
#include "source/source.h"
#include "text/link.h"
#include "text/url.h"
#include "text/utf8.h"

enum { MAX_DATES = 64, OWN_NAME_BYTES = 120 };

struct worker {
	struct run *run;
	struct reader *reader;
};

/* --- feeds --------------------------------------------------------------------------------- */

struct result *result_new(enum result_kind kind, struct errand *e)
{
	struct result *res = mem_alloc(sizeof(*res));

	res->kind = kind;
	res->errand = e;
	arena_init(&res->arena);
	return res;
}

static void send(struct worker *w, struct result *res)
{
	if (!queue_push(w->run->to_write, res))
		result_free(&res);
}

/* A link of an entry of the feed at hand. */
struct seen_link {
	struct str title;
	size_t batch, index; /* where its first entry is */
};

struct reading {
	struct worker *worker;
	struct errand *errand;
	struct result *batch;
	size_t batches; /* sent */
	struct arena names;
	struct map links; /* address -> struct seen_link */
	int64_t dates[MAX_DATES];
	size_t date_count;
};

static struct result *new_batch(struct errand *e)
{
	struct result *res = result_new(RESULT_ENTRIES, e);

	res->items = arena_array(&res->arena, RUN_BATCH_ENTRIES, sizeof(*res->items));
	return res;
}

/* The page it stands on, and which of those there: with its title as the fragment. */
static void give_own_address(struct result *batch, struct found *found)
{
	struct article *art = &found->article;
	struct str name = utf8_cut(art->title.len ? art->title : art->guid, OWN_NAME_BYTES);

	art->url = arena_strf(&batch->arena, "%.*s#%.*s", STR_FMT(art->url),
			      STR_FMT(url_escape(&batch->arena, name)));
	/* No alias: the bare address leads to no one article. */
	art->fetched_url = found->link = (struct str){ 0 };
	found->wants_page = false;
}

/*
 * Entries of one document that share a link: with the same title they are one, and the first
 * stands; with other titles the link is that of a page of news, and each is an article of its own.
 * False: the entry is dropped.
 */
static bool check_link(struct reading *rd, struct found *found)
{
	struct article *art = &found->article;

	if (!art->url.len)
		return true;
	void **place = map_put(&rd->links, arena_str(&rd->names, art->url));
	struct seen_link *seen = *place;
	if (!seen) {
		seen = arena_alloc(&rd->names, sizeof(*seen));
		*seen = (struct seen_link){ arena_str(&rd->names, art->title), rd->batches,
					    rd->batch->count - 1 };
		*place = seen;
		return true;
	}
	if (str_eq(seen->title, art->title))
		return false;
	/* The first cannot be called back once it is sent: it keeps the bare address. */
	if (seen->batch == rd->batches)
		give_own_address(rd->batch, &rd->batch->items[seen->index]);
	seen->batch = SIZE_MAX;
	give_own_address(rd->batch, found);
	return true;
}

static void read_entry(struct reading *rd, const struct feed *feed, const struct entry *e)
{
	struct worker *w = rd->worker;
	const struct source *source = rd->errand->followed->source;
	struct found *found = &rd->batch->items[rd->batch->count++];
	struct article art;

	if (e->published != TIME_UNSTATED && rd->date_count < MAX_DATES)
		rd->dates[rd->date_count++] = e->published;
	reader_entry(w->reader, source, e, &art);
	if (!art.language.len && feed_info(feed)->language.len) {
		art.language = feed_info(feed)->language;
		art.language_from = FROM_FEED;
	}
	found->wants_page = !reader_is_full(source, e, &art);
	if (!found->wants_page)
		reader_lesson(w->reader, &rd->batch->arena, &found->lesson);
	article_copy(&rd->batch->arena, &art, &found->article);
	found->link = found->article.fetched_url;
	if (!check_link(rd, found)) {
		rd->batch->count--;
		return;
	}
	if (rd->batch->count == RUN_BATCH_ENTRIES || rd->batch->arena.used > RUN_BATCH_BYTES) {
		send(w, rd->batch);
		rd->batches++;
		rd->batch = new_batch(rd->errand);
	}
}

/* What the answer's headers say stands before what the feed says (WebSub 4). */
static void note_hubs(struct result *res, const struct feed_info *info, const struct capture *c)
{
	struct str headers = c->headers, line;
	struct link link;

	while (str_split(&headers, '\n', &line)) {
		if (!str_has_prefix_nocase(line, S("link:")))
			continue;
		line = str_from(line, 5);
		while (link_next(&line, &link)) {
			if (link.anchored)
				continue;
			struct str target = url_resolve(&res->arena, c->final_url, link.target);
			if (link_is(&link, S("hub")))
				res->hubs = hub_name(&res->arena, res->hubs, target);
			else if (link_is(&link, S("self")) && !res->topic.len)
				res->topic = target;
		}
	}
	for (size_t i = 0; i < info->hubs.count; i++)
		res->hubs = hub_name(&res->arena, res->hubs, info->hubs.items[i]);
	if (!res->topic.len)
		res->topic = arena_str(&res->arena, info->feed_url);
}

static void note_feed(struct reading *rd, const struct feed_info *info)
{
	struct result *res = rd->batch;

	res->home_url = arena_str(&res->arena, info->home_page_url);
	note_hubs(res, info, &rd->errand->job->capture);
	res->ttl_ms = info->ttl_s > 0 ? info->ttl_s * 1000 : 0;
	res->gap_ms = schedule_gap(rd->dates, rd->date_count);
}

static void work_feed(struct worker *w, struct errand *e)
{
	struct reading rd = { .worker = w, .errand = e, .batch = new_batch(e) };
	struct feed_options opt = {
		.base = e->job->capture.final_url,
		.content_type = e->job->capture.content_type,
		.zone_min = e->followed->source->zone_min,
	};
	struct feed *feed = NULL;
	struct err err = { 0 };
	struct entry entry;

	arena_init(&rd.names);
	map_init(&rd.links);
	reader_use(w->reader, e->followed->learnt);
	int rc = feed_open(e->job->body, &opt, &feed, &err);

	while (rc >= 0 && !atomic_load(&w->run->stopping)) {
		rc = feed_next(feed, reader_scratch(w->reader), &entry, &err);
		if (rc <= 0)
			break;
		read_entry(&rd, feed, &entry);
	}
	if (feed)
		note_feed(&rd, feed_info(feed));
	if (rc < 0)
		snprintf(rd.batch->reason, sizeof(rd.batch->reason), "%.159s", err.msg);
	feed_close(&feed);
	map_fini(&rd.links);
	arena_fini(&rd.names);
	rd.batch->last = true;
	send(w, rd.batch);
}

/* --- pages --------------------------------------------------------------------------------- */

static void work_page(struct worker *w, struct errand *e)
{
	struct result *res = result_new(RESULT_PAGE, e);
	struct article art;
	struct page_seen seen;

	reader_scratch(w->reader);
	reader_use(w->reader, e->followed->learnt);
	if (reader_page(w->reader, e->followed->source, &e->job->capture, e->job->body,
			&e->wanted->article, &art, &seen, res->reason, sizeof(res->reason)))
		reader_lesson(w->reader, &res->arena, &res->lesson);
	else
		art = e->wanted->article;
	article_copy(&res->arena, &art, &res->article);
	fetch_job_drop_body(e->job);
	send(w, res);
}

void *work_run(void *arg)
{
	struct run *r = arg;
	struct worker w = { .run = r, .reader = reader_new() };
	struct errand *e = NULL;
	struct err err;

	if (sandbox_parser(&err) < 0)
		log_line(LOG_WARN, "%s", err.msg);
	while ((e = queue_pop(r->to_work))) {
		if (atomic_load(&r->stopping))
			errand_free(&e);
		else if (e->wanted)
			work_page(&w, e);
		else
			work_feed(&w, e);
	}
	reader_free(&w.reader);
	return NULL;
}
