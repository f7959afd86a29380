/*
 * Like is compared with like: what a page says now with what it said when it was last looked at
 * (look.text_hash), or with the stored text where that came from the page. A text that came from a
 * feed is not compared with the page's: the first look only notes what the page says.
 */
#include "run/look.h"

#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/map.h"
#include "base/mem.h"
#include "run/changed.h"
#include "run/learnt.h"
#include "run/manners.h"
#include "run/read.h"
#include "run/remake.h"
#include "source/recent.h"
#include "text/url.h"

#define MINUTE_MS (INT64_C(60) * 1000)
#define HOUR_MS   (60 * MINUTE_MS)
#define DAY_MS    (24 * HOUR_MS)
#define RUN_MS    (5 * MINUTE_MS) /* of one run: what is left comes with the next */
#define STATE_KEY S("look.change")

const int64_t look_after_ms[LOOK_STEPS] = { HOUR_MS,    6 * HOUR_MS, DAY_MS,
					    3 * DAY_MS, 7 * DAY_MS,  30 * DAY_MS };

enum { DUE_AT_ONCE = 500, COMMIT_EVERY = 64, WAIT_MS = 200, MAX_TRIES = 6, REASON = 160 };

struct looker {
	const struct look_options *opt;
	struct store *store;
	struct blob *blob;
	struct fetch *fetch;
	struct reader *reader;
	struct remaker *remaker;
	struct learnt_book learnt;
	struct learnt *learnt_now; /* of the article at hand */
	struct arena arena;        /* of one batch of what is due */
	struct arena mem;          /* of one article */
	struct map sources;        /* key -> const struct source * */
	struct look_counts counts;
	int puts;      /* since the last commit */
	int64_t until; /* clock_mono_ms: nothing more is begun */
};

static bool stopped(const struct looker *l)
{
	return l->opt->stop && *l->opt->stop;
}

static bool time_is_up(const struct looker *l)
{
	return clock_mono_ms() > l->until;
}

static const struct source *source_of(const struct looker *l, struct str key)
{
	void **place = map_get(&l->sources, key);

	return place ? *place : NULL;
}

/* --- which, and when
 * -------------------------------------------------------------------------------- */

static int64_t born(const struct article *art)
{
	return art->published != TIME_UNSTATED && art->published < art->first_seen
		       ? art->published
		       : art->first_seen;
}

/* The first step of the schedule that lies behind `now`; LOOK_STEPS: none. */
static int next_step(const struct article *art, int from, int64_t now)
{
	int step = from;

	while (step < LOOK_STEPS && born(art) + look_after_ms[step] <= now)
		step++;
	return step;
}

/*
 * Of an article whose text is a feed's nobody has seen the page, and a feed's text may differ from
 * it for other reasons than an edit: its page is looked at at once, before the schedule's first
 * step, for later looks to compare with. So it is when the feed tells of an edit: what the page
 * said before is no base any more. A revised article otherwise goes on with the schedule it has.
 */
static int begin(void *arg, struct arena *row, const struct article *art, struct err *err)
{
	struct looker *l = arg;
	const struct source *source = source_of(l, art->source);
	int step = next_step(art, 0, art->first_seen);
	bool fed = art->text_from == FROM_FEED;

	(void)row;
	if (!source || !source->look_again || !url_is_http(art->fetched_url))
		return 0;
	if (art->revision != 1)
		return fed ? store_look_rebase(l->store, art->id, art->revision, clock_now(), err)
			   : 0;
	if (step == LOOK_STEPS)
		return 0;
	return store_look_begin(l->store, art->id,
				fed ? clock_now() : born(art) + look_after_ms[step], step, err);
}

/* --- what a look finds
 * ------------------------------------------------------------------------------ */

static int move_on(struct looker *l, struct look *look, const struct article *art, int64_t now,
		   struct err *err)
{
	look->tries = 0;
	/* A look ahead of its time leaves the step to come. */
	look->step = next_step(art, look->step, now);
	if (look->step >= LOOK_STEPS)
		return store_look_end(l->store, look->article_id, err);
	look->due = born(art) + look_after_ms[look->step];
	return store_look_put(l->store, look, err);
}

/* A failure that says nothing of the article: again later, and in the end with the next step. */
static int try_later(struct looker *l, struct look *look, const struct fetch_job *job,
		     const struct article *art, int64_t now, struct err *err)
{
	int64_t wait = HOUR_MS << (look->tries < 5 ? look->tries : 5);

	l->counts.failed++;
	if (++look->tries > MAX_TRIES)
		return move_on(l, look, art, now, err);
	look->due = now + (wait > job->retry_after_ms ? wait : job->retry_after_ms);
	return store_look_put(l->store, look, err);
}

/* In what its source did lately. */
static int note_change(struct looker *l, struct str source, int64_t now, struct err *err)
{
	struct source_state state;
	struct recent recent;

	int rc = store_source_get(l->store, &l->mem, source, &state, err);
	if (rc < 0)
		return rc == ERR_NOTFOUND ? 0 : rc;
	recent_load(&recent, state.recent);
	recent_changed(&recent, now);
	state.recent = recent_save(&recent, &l->mem);
	return store_source_put(l->store, &state, err);
}

/* Gone for the first time is not believed: it is looked at once more a day later. */
static int found_gone(struct looker *l, struct look *look, const struct article *art, int64_t now,
		      struct err *err)
{
	if (art->gone != TIME_UNSTATED)
		return move_on(l, look, art, now, err);
	if (look->gone_first == TIME_UNSTATED) {
		look->gone_first = now;
		look->due = now + DAY_MS;
		return store_look_put(l->store, look, err);
	}
	l->counts.gone++;
	if (store_article_gone(l->store, art->id, look->gone_first, now, err) < 0 ||
	    note_change(l, art->source, now, err) < 0)
		return err->code;
	look->gone_first = TIME_UNSTATED;
	return move_on(l, look, art, now, err);
}

static int found_there(struct looker *l, struct look *look, const struct article *art, int64_t now,
		       struct err *err)
{
	look->gone_first = TIME_UNSTATED;
	if (art->gone == TIME_UNSTATED)
		return 0;
	l->counts.back++;
	return store_article_gone(l->store, art->id, TIME_UNSTATED, now, err);
}

/* How the page at hand is read: what it said then is read the same way. */
struct reading {
	struct looker *looker;
	const struct source *source;
	const struct learnt *learnt;
	const struct article *hint;
	bool text, title; /* what differs */
};

static bool remake(void *arg, const struct article *stored, int64_t capture_id, struct article *out)
{
	const struct reading *r = arg;
	char reason[REASON];

	if (!remake_article(r->looker->remaker, r->source, r->learnt, stored, r->hint, capture_id,
			    out, reason, sizeof(reason)))
		return false;
	if (!r->title)
		out->title = stored->title;
	return true;
}

static int put_edit(struct looker *l, struct look *look, struct fetch_job *job,
		    struct reading *reading, const struct article *stored, struct article *made,
		    int64_t now, struct err *err)
{
	struct capture c = job->capture;
	enum store_change change;
	int64_t id;

	if (blob_put(l->blob, job->body, &c.body, err) < 0 ||
	    store_capture_add(l->store, &c, err) < 0)
		return err->code;
	made->url = stored->url;
	made->fetched_url = stored->fetched_url;
	made->guid = stored->guid;
	made->last_seen = now;
	struct store_put put = {
		.article = made,
		.capture_id = c.id,
		.now = now,
		.edited = true,
		.amend_from = l->opt->began,
		.remake = stored->text_from != FROM_FEED ? remake : NULL,
		.remake_arg = reading,
	};
	if (store_article_put(l->store, &put, &id, &change, err) < 0)
		return err->code;
	if (change != STORE_REVISED) {
		l->counts.unchanged++;
		return 0;
	}
	l->counts.edited++;
	look->based_on = stored->revision + 1; /* seen on the page: it is the base already */
	return note_change(l, stored->source, now, err);
}

/* Whether what a page says differs from what it said; notes what it says. `before` 0: not known, so
 * no difference. */
static bool differs(uint64_t *seen, uint64_t before, struct str now)
{
	uint64_t hash = store_text_hash(now);

	if (!before)
		before = *seen ? *seen : hash;
	*seen = hash;
	return before != hash;
}

/* What an older program made of the page cannot be compared with what this one makes of it. */
static void forget_other_reading(struct look *look)
{
	uint64_t with = hash64_of(S(DIBAO_VERSION));

	if (look->made_with != with)
		look->text_hash = look->title_hash = 0;
	look->made_with = with;
}

static bool read_page(struct looker *l, const struct reading *r, const struct fetch_job *job,
		      struct article *made, struct page_seen *seen, char *reason)
{
	reader_use(l->reader, r->learnt);
	return reader_page(l->reader, r->source, &job->capture, job->body, r->hint, made, seen,
			   reason, REASON);
}

/*
 * What the page's title was when its text was read, where the article's own is its feed's: 0 where
 * that is not known, or where the feed has told of another since.
 */
static uint64_t title_before(struct looker *l, const struct reading *r,
			     const struct article *stored)
{
	struct revision first;
	struct article made;
	struct err err;
	char reason[REASON];

	if (stored->revision != 1 || stored->text_from == FROM_FEED ||
	    store_revision_get(l->store, &l->mem, stored->id, 1, &first, &err) < 0 ||
	    !remake_article(l->remaker, r->source, r->learnt, stored, r->hint, first.capture_id,
			    &made, reason, sizeof(reason)))
		return 0;
	struct str title = remake_title(l->remaker);
	return title.len ? store_text_hash(title) : 0;
}

enum { COMPARED_LINES = 1000 };

static size_t hash_lines(struct str text, uint64_t *out)
{
	size_t n = 0;
	struct str line;

	while (n < COMPARED_LINES && str_split(&text, '\n', &line))
		if (line.len)
			out[n++] = store_text_hash(line);
	return n;
}

static bool has_hash(const uint64_t *hashes, size_t count, uint64_t hash)
{
	for (size_t i = 0; i < count; i++)
		if (hashes[i] == hash)
			return true;
	return false;
}

/*
 * Whether the page read last still has all that is stored, and nothing else was made of it: then a
 * paragraph was taken for furniture, because of what stands beside it, and nobody edited anything.
 */
static bool stands_unedited(struct looker *l, const struct article *stored, struct str made)
{
	uint64_t *ours = arena_array(&l->mem, COMPARED_LINES, sizeof(*ours)),
		 *theirs = arena_array(&l->mem, COMPARED_LINES, sizeof(*theirs));
	size_t our_count = hash_lines(stored->text, ours), their_count = hash_lines(made, theirs);
	struct str line, rest = stored->text;

	if (our_count == COMPARED_LINES || their_count == COMPARED_LINES)
		return false;
	for (size_t i = 0; i < their_count; i++)
		if (!has_hash(ours, our_count, theirs[i]))
			return false;
	for (size_t i = 0; str_split(&rest, '\n', &line);)
		if (line.len && !has_hash(theirs, their_count, ours[i++]) &&
		    !reader_says(l->reader, line))
			return false;
	return true;
}

/*
 * Whether title and text differ from what the page said. Where the text is a feed's, only a hash of
 * what the page said is there: it is made without what was learnt, which grows.
 */
static void find_edit(struct looker *l, struct look *look, struct fetch_job *job, struct reading *r,
		      const struct article *stored, struct article *made, struct page_seen *seen)
{
	bool own_text = stored->text_from != FROM_FEED, own_title = stored->title_from != FROM_FEED;
	const struct learnt *learnt = l->learnt_now;
	struct article again;
	char reason[REASON];

	forget_other_reading(look);
	if (!own_title && !look->title_hash && !store_same_text(seen->title, stored->title))
		look->title_hash = title_before(l, r, stored);
	r->text =
		differs(&look->text_hash, own_text ? store_text_hash(stored->text) : 0, made->text);
	/* Where the text is the page's own, what is kept of it is read again (put_edit). */
	if (r->text && !own_text)
		r->text = !stands_unedited(l, stored, made->text);
	r->title = seen->title.len &&
		   differs(&look->title_hash, own_title ? store_text_hash(stored->title) : 0,
			   seen->title);
	if (r->text && !own_text) {
		r->learnt = learnt;
		if (read_page(l, r, job, &again, seen, reason))
			*made = again;
	}
	made->title = r->title ? seen->title : stored->title;
	made->title_from = r->title ? FROM_PAGE : stored->title_from;
	if (!r->text) {
		made->text = stored->text;
		made->html = stored->html;
		made->text_from = stored->text_from;
	}
}

/* The page as it is now against the page as it was. */
static int compare(struct looker *l, struct look *look, struct fetch_job *job,
		   const struct article *stored, int64_t now, struct err *err)
{
	static const struct source unknown;
	const struct source *source = source_of(l, stored->source);
	struct article made, hint = *stored;
	struct reading r = { .looker = l, .source = source ? source : &unknown, .hint = &hint };
	struct page_seen seen;
	char reason[REASON];

	if (learnt_book_get(&l->learnt, stored->source, &l->learnt_now, err) < 0)
		return err->code;
	if (stored->text_from != FROM_FEED)
		r.learnt = l->learnt_now;
	/* Read as it was read before: with the title that is known. */
	hint.text = hint.html = (struct str){ 0 };
	reader_scratch(l->reader);
	if (!read_page(l, &r, job, &made, &seen, reason))
		return seen.gone ? found_gone(l, look, stored, now, err)
				 : try_later(l, look, job, stored, now, err);
	if (found_there(l, look, stored, now, err) < 0)
		return err->code;
	find_edit(l, look, job, &r, stored, &made, &seen);
	if (!r.text && !r.title)
		l->counts.unchanged++;
	else if (put_edit(l, look, job, &r, stored, &made, now, err) < 0)
		return err->code;
	look->etag = job->capture.etag;
	look->last_modified = job->capture.last_modified;
	return move_on(l, look, stored, now, err);
}

static int judge(struct looker *l, struct look *look, struct fetch_job *job, struct err *err)
{
	struct article stored;
	int64_t now = clock_now();

	if (store_article_get(l->store, &l->mem, look->article_id, STORE_ALL, &stored, err) < 0)
		return err->code;
	l->counts.looked++;
	l->counts.bytes += (int64_t)job->wire_bytes;
	switch (job->outcome) {
	case FETCH_GOT: return compare(l, look, job, &stored, now, err);
	case FETCH_SAME:
		l->counts.unchanged++;
		return found_there(l, look, &stored, now, err) < 0
			       ? err->code
			       : move_on(l, look, &stored, now, err);
	case FETCH_GONE: return found_gone(l, look, &stored, now, err);
	case FETCH_FAILED:
		if (job->capture.status == 404 || job->capture.status == 410)
			return found_gone(l, look, &stored, now, err);
		return try_later(l, look, job, &stored, now, err);
	case FETCH_FORBIDDEN: return store_look_end(l->store, look->article_id, err);
	case FETCH_LATER:
	case FETCH_STOPPED: break;
	}
	return try_later(l, look, job, &stored, now, err);
}

/* --- the run
 * ---------------------------------------------------------------------------------------- */

static int commit(struct looker *l, struct err *err)
{
	l->puts = 0;
	if (blob_sync(l->blob, err) < 0)
		return err->code;
	return store_commit(l->store, err);
}

static int take(struct looker *l, struct fetch_job *job, struct err *err)
{
	if (!l->puts++ && store_begin(l->store, err) < 0)
		return err->code;
	int rc = judge(l, job->owner, job, err);
	arena_reset(&l->mem);
	if (rc < 0)
		return rc;
	return l->puts >= COMMIT_EVERY ? commit(l, err) : 0;
}

/* What is looked at no more: its source is not followed any longer, or its operator does not want
 * it. */
static int push(struct looker *l, struct look *look, struct err *err)
{
	struct article art;

	if (store_article_get(l->store, &l->mem, look->article_id, STORE_FIELDS, &art, err) < 0)
		return err->code;
	const struct source *source = source_of(l, art.source);
	if (!source || !source->look_again) {
		arena_reset(&l->mem);
		return store_look_end(l->store, look->article_id, err);
	}
	struct fetch_job *job = fetch_job_new(art.fetched_url);
	job->owner = look;
	/* Validators are of what the page said when it was read: without that a 304 would say
	 * nothing. */
	if (look->text_hash) {
		job->etag = look->etag;
		job->last_modified = look->last_modified;
	}
	job->max_bytes = l->opt->max_bytes;
	job->allow_private = source->allow_private;
	job->ignore_robots = source->ignore_robots.len > 0;
	struct err unread; /* what hosts asked before; without it they are asked anew */
	manners_load(l->store, l->fetch, job->url, job->allow_private, &unread);
	fetch_push(l->fetch, job);
	arena_reset(&l->mem);
	return 0;
}

static int look_batch(struct looker *l, struct look *due, size_t count, struct err *err)
{
	size_t next = 0;
	int rc = 0;

	while (rc == 0 && (next < count || fetch_pending(l->fetch))) {
		while (rc == 0 && next < count && fetch_pending(l->fetch) < LOOK_AT_ONCE &&
		       !stopped(l) && !time_is_up(l))
			rc = push(l, &due[next++], err);
		if (stopped(l))
			fetch_stop(l->fetch);
		if (stopped(l) || time_is_up(l))
			next = count;
		struct fetch_job *job = rc == 0 ? fetch_wait(l->fetch, WAIT_MS) : NULL;
		if (job && job->outcome != FETCH_STOPPED)
			rc = take(l, job, err);
		fetch_job_free(&job);
		if (l->opt->tell)
			l->opt->tell(l->opt->arg, &l->counts);
	}
	if (rc < 0)
		return rc;
	return l->puts ? commit(l, err) : 0;
}

static int look_all(struct looker *l, struct err *err)
{
	int64_t started = clock_now();
	struct look *due;
	size_t count = 0;

	do {
		arena_reset(&l->arena);
		/* Each look is due later than now afterwards, or not at all: the loop ends. */
		if (store_look_due(l->store, &l->arena, started, DUE_AT_ONCE, &due, &count, err) <
			    0 ||
		    look_batch(l, due, count, err) < 0)
			return err->code;
	} while (count == DUE_AT_ONCE && !stopped(l) && !time_is_up(l));
	return 0;
}

int look_update(const struct look_options *opt, struct look_counts *out, struct err *err)
{
	struct looker l = { .opt = opt, .reader = reader_new(), .until = clock_mono_ms() + RUN_MS };

	arena_init(&l.arena);
	arena_init(&l.mem);
	map_init(&l.sources);
	for (size_t i = 0; i < opt->source_count; i++)
		*map_put(&l.sources, opt->sources[i].key) = (void *)(uintptr_t)&opt->sources[i];
	int rc = store_open(&opt->store, &l.store, err);
	if (rc == 0)
		rc = blob_open(opt->blobs, &l.blob, err);
	if (rc == 0)
		rc = fetch_open(&opt->fetch, &l.fetch, err);
	learnt_book_init(&l.learnt, l.store);
	l.remaker = remaker_new(l.store, l.blob, NULL);
	if (rc == 0)
		rc = changed_each(l.store, STATE_KEY, 0, begin, &l, err);
	if (rc == 0 && !stopped(&l))
		rc = look_all(&l, err);
	fetch_drain(l.fetch);
	if (rc == 0)
		rc = manners_save(l.store, l.fetch, err);
	fetch_close(&l.fetch);
	learnt_book_fini(&l.learnt);
	remaker_free(&l.remaker);
	store_close(&l.store);
	blob_close(&l.blob);
	reader_free(&l.reader);
	map_fini(&l.sources);
	arena_fini(&l.mem);
	arena_fini(&l.arena);
	*out = l.counts;
	return rc < 0 ? rc : 0;
}
