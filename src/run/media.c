/*
 * What is wanted stands in the store, so that a run that ends early loses nothing: the next goes
 * on. The change number up to which articles have been looked through is kept as the state
 * "media.change".
 */
#include "run/media.h"

#include <string.h>

#include "base/clock.h"
#include "base/map.h"
#include "base/mem.h"
#include "run/changed.h"
#include "run/manners.h"
#include "text/escape.h"
#include "text/picture.h"
#include "text/url.h"

enum {
	DUE_AT_ONCE = 500,
	COMMIT_EVERY = 32,
	WAIT_MS = 200,
	RETRY_MS = 3600 * 1000 /* doubled with each try */
};
#define RUN_MS       (INT64_C(5) * 60 * 1000) /* of one run: what is left comes with the next */
#define STATE_KEY    S("media.change")
#define MAX_RETRY_MS (INT64_C(7) * 24 * 3600 * 1000)

struct media_run {
	const struct media_options *opt;
	struct store *store;
	struct blob *blob;
	struct fetch *fetch;
	struct arena arena; /* of one batch of what is due */
	struct map sources; /* key -> const struct source * */
	struct media_counts counts;
	int puts;      /* since the last commit */
	int64_t until; /* clock_mono_ms: nothing more is begun */
};

static bool stopped(const struct media_run *m)
{
	return m->opt->stop && *m->opt->stop;
}

static bool time_is_up(const struct media_run *m)
{
	return clock_mono_ms() > m->until;
}

/* --- what articles show
 * ----------------------------------------------------------------------------- */

/* The next picture's address in sanitized HTML (attributes quoted, one form each); false at the
 * end. */
static bool next_picture(struct arena *a, struct str *html, struct str *url)
{
	for (;;) {
		size_t at = str_find(*html, S("<img"));

		if (at == STR_NONE)
			return false;
		*html = str_from(*html, at + 4);
		struct str tag = str_sub(*html, 0, str_find_ch(*html, '>'));
		size_t src = str_find(tag, S(" src=\""));
		if (src == STR_NONE)
			continue;
		tag = str_from(tag, src + 6);
		*url = html_unescape(a, str_sub(tag, 0, str_find_ch(tag, '"')));
		if (url_is_http(*url) && url->len <= URL_MAX_BYTES)
			return true;
	}
}

static int want_of_article(void *arg, struct arena *a, const struct article *art, struct err *err)
{
	struct media_run *m = arg;
	struct str html = art->html, url;
	int64_t now = clock_now();

	for (int n = 0; n < MEDIA_PER_ARTICLE && next_picture(a, &html, &url); n++)
		if (store_media_want(m->store, url, art->id, art->source, now, err) < 0)
			return err->code;
	if (url_is_http(art->image) && art->image.len <= URL_MAX_BYTES)
		return store_media_want(m->store, art->image, art->id, art->source, now, err);
	return 0;
}

/* --- fetching them
 * ---------------------------------------------------------------------------------- */

static int commit(struct media_run *m, struct err *err)
{
	m->puts = 0;
	/* The bodies first: no row names bytes that are not there. */
	if (blob_sync(m->blob, err) < 0)
		return err->code;
	return store_commit(m->store, err);
}

/* A failure is for now, unless the host says otherwise or it has been tried often enough. */
static void note_failure(struct media *media, const struct fetch_job *job, const char *reason)
{
	int64_t wait = (int64_t)RETRY_MS << (media->tries < 8 ? media->tries : 8);

	media->tries++;
	media->reason = str_of(reason);
	if (wait < job->retry_after_ms)
		wait = job->retry_after_ms;
	media->next_due = clock_now() + (wait < MAX_RETRY_MS ? wait : MAX_RETRY_MS);
	bool for_good = job->outcome == FETCH_GONE || job->outcome == FETCH_FORBIDDEN ||
			job->capture.status == 404 || job->failure == HTTP_FAIL_TOO_LARGE;
	if (for_good || media->tries >= MEDIA_MAX_TRIES)
		media->next_due = INT64_MAX;
}

static int take(struct media_run *m, struct fetch_job *job, struct err *err)
{
	struct media *media = job->owner;
	struct picture picture;

	media->fetched = clock_now();
	if (job->outcome != FETCH_GOT) {
		note_failure(media, job, job->reason);
		m->counts.failed++;
	} else if (!picture_read(job->body, &picture)) {
		note_failure(media, job, "no picture of a kind that is kept");
		media->next_due = INT64_MAX;
		m->counts.failed++;
	} else {
		if (blob_put(m->blob, job->body, &media->body, err) < 0)
			return err->code;
		media->type = str_of(picture.type);
		media->bytes = (int64_t)job->body.len;
		media->width = picture.width;
		media->height = picture.height;
		media->reason = S("");
		media->next_due = INT64_MAX;
		m->counts.kept++;
		m->counts.bytes += media->bytes;
	}
	if (!m->puts++ && store_begin(m->store, err) < 0)
		return err->code;
	if (store_media_put(m->store, media, err) < 0)
		return err->code;
	return m->puts >= COMMIT_EVERY ? commit(m, err) : 0;
}

static void push(struct media_run *m, struct media *media)
{
	struct fetch_job *job = fetch_job_new(media->url);
	void **place = map_get(&m->sources, media->source);
	const struct source *source = place ? *place : NULL;

	job->owner = media;
	job->accept = S("image/avif,image/webp,image/png,image/jpeg,image/gif;q=0.9,*/*;q=0.1");
	job->max_bytes = m->opt->max_bytes;
	job->allow_private = source && source->allow_private;
	job->ignore_robots = source && source->ignore_robots.len > 0;
	struct err unread; /* what hosts asked before; without it they are asked anew */
	manners_load(m->store, m->fetch, job->url, job->allow_private, &unread);
	fetch_push(m->fetch, job);
}

/* Fetches `count` of them, MEDIA_AT_ONCE under way together. */
static int fetch_batch(struct media_run *m, struct media *due, size_t count, struct err *err)
{
	size_t next = 0;
	int rc = 0;

	while (rc == 0 && (next < count || fetch_pending(m->fetch))) {
		while (next < count && fetch_pending(m->fetch) < MEDIA_AT_ONCE && !stopped(m) &&
		       !time_is_up(m))
			push(m, &due[next++]);
		if (stopped(m))
			fetch_stop(m->fetch);
		if (stopped(m) || time_is_up(m))
			next = count;
		struct fetch_job *job = fetch_wait(m->fetch, WAIT_MS);
		if (job && job->outcome != FETCH_STOPPED)
			rc = take(m, job, err);
		fetch_job_free(&job);
		if (m->opt->tell)
			m->opt->tell(m->opt->arg, &m->counts);
	}
	if (rc < 0)
		return rc;
	return m->puts ? commit(m, err) : 0;
}

static int fetch_all(struct media_run *m, struct err *err)
{
	int64_t started = clock_now();
	struct media *due;
	size_t count = 0;

	do {
		arena_reset(&m->arena);
		/* What fails is due again later than now: the loop ends. */
		if (store_media_due(m->store, &m->arena, started, DUE_AT_ONCE, &due, &count, err) <
		    0)
			return err->code;
		m->counts.due += (int64_t)count;
		if (fetch_batch(m, due, count, err) < 0)
			return err->code;
	} while (count == DUE_AT_ONCE && !stopped(m) && !time_is_up(m));
	return 0;
}

int media_update(const struct media_options *opt, struct media_counts *out, struct err *err)
{
	struct media_run m = { .opt = opt, .until = clock_mono_ms() + RUN_MS };

	arena_init(&m.arena);
	map_init(&m.sources);
	for (size_t i = 0; i < opt->source_count; i++)
		*map_put(&m.sources, opt->sources[i].key) = (void *)(uintptr_t)&opt->sources[i];
	int rc = store_open(&opt->store, &m.store, err);
	if (rc == 0)
		rc = blob_open(opt->blobs, &m.blob, err);
	if (rc == 0)
		rc = fetch_open(&opt->fetch, &m.fetch, err);
	if (rc == 0)
		rc = changed_each(m.store, STATE_KEY, STORE_HTML, want_of_article, &m, err);
	if (rc == 0 && !stopped(&m))
		rc = fetch_all(&m, err);
	fetch_drain(m.fetch);
	if (rc == 0)
		rc = manners_save(m.store, m.fetch, err);
	fetch_close(&m.fetch);
	store_close(&m.store);
	blob_close(&m.blob);
	map_fini(&m.sources);
	arena_fini(&m.arena);
	*out = m.counts;
	return rc < 0 ? rc : 0;
}
