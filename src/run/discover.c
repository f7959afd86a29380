#include "run/discover.h"

#include <string.h>

#include "feed/feed.h"
#include "page/page.h"
#include "source/source.h"
#include "text/escape.h"
#include "text/url.h"

enum { MAX_NAMED = 8, WAIT_MS = 60 * 60 * 1000 };

struct search {
	struct arena *arena;
	struct fetch *fetch;
	size_t max_bytes;
	struct discovered *out;
};

/* Fetches one address; NULL and *err where there is nothing to read. */
static struct fetch_job *get(struct search *s, struct str url, struct err *err)
{
	struct fetch_job *job = fetch_job_new(url);

	job->max_bytes = s->max_bytes;
	fetch_push(s->fetch, job);
	job = fetch_wait(s->fetch, WAIT_MS);
	if (!job || job->outcome != FETCH_GOT) {
		err_set(err, ERR_IO, "%.*s: %s", STR_FMT(url),
			job && job->reason[0] ? job->reason : "no answer");
		fetch_job_free(&job);
	}
	return job;
}

/* Reads the job's bytes as a feed, to its end: what it says of itself may stand there. */
static int read_feed(struct search *s, const struct fetch_job *job, struct str fallback_title,
		     struct err *err)
{
	struct feed_options opt = {
		.base = job->capture.final_url,
		.content_type = job->capture.content_type,
	};
	struct feed *feed = NULL;
	struct entry entry;
	struct arena mem;
	int rc = feed_open(job->body, &opt, &feed, err);

	if (rc < 0)
		return rc;
	arena_init(&mem);
	while ((rc = feed_next(feed, &mem, &entry, err)) > 0)
		arena_reset(&mem);
	arena_fini(&mem);
	if (rc == 0) {
		const struct feed_info *info = feed_info(feed);
		struct str title = str_trim(info->title);

		s->out->url = arena_str(s->arena,
					job->moved_for_good ? job->capture.final_url : job->url);
		s->out->title = arena_str(s->arena, title.len ? title : fallback_title);
		s->out->home_url = arena_str(s->arena, info->home_page_url);
	}
	feed_close(&feed);
	return rc;
}

static int try_address(struct search *s, struct str url, struct str title)
{
	struct err err;
	struct fetch_job *job = get(s, url, &err);

	if (!job)
		return err.code;
	int rc = read_feed(s, job, title, &err);
	fetch_job_free(&job);
	return rc;
}

static int search_page(struct search *s, const struct fetch_job *page, struct err *err)
{
	struct page_extractor *extractor = page_new();
	struct page_feeds named = { 0 };
	struct str url = page->capture.final_url;
	struct err no_page;
	int rc = page_find_feeds(extractor, s->arena, page->body, url, page->capture.content_type,
				 &named, &no_page);

	for (size_t i = 0; rc == 0 && i < named.count && i < MAX_NAMED; i++)
		if (try_address(s, named.items[i].url, named.title) == 0)
			goto found;
	struct strs common = source_common_feeds(s->arena, url);
	for (size_t i = 0; i < common.count; i++)
		if (try_address(s, common.items[i], named.title) == 0)
			goto found;
	page_free(&extractor);
	return err_set(err, ERR_NOTFOUND,
		       "%.*s: it is no feed, names none, and none is where feeds often are",
		       STR_FMT(url));
found:
	page_free(&extractor);
	if (!s->out->home_url.len)
		s->out->home_url = arena_str(s->arena, url);
	return 0;
}

int discover_feed(struct arena *a, const struct fetch_options *opt, struct str url,
		  size_t max_bytes, struct discovered *out, struct err *err)
{
	struct search s = { .arena = a, .max_bytes = max_bytes, .out = out };
	struct err no_feed;

	*out = (struct discovered){ 0 };
	if (fetch_open(opt, &s.fetch, err) < 0)
		return err->code;
	struct fetch_job *job = get(&s, url, err);
	int rc = job ? read_feed(&s, job, (struct str){ 0 }, &no_feed) : err->code;
	if (job && rc < 0)
		rc = search_page(&s, job, err);
	fetch_job_free(&job);
	fetch_close(&s.fetch);
	return rc;
}
