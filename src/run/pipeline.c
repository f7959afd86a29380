/*
 * The network thread's part of a run, and how a run begins and ends.
 *
 * Feeds go into fetch a window at a time, hosts taking turns, and no further while entries that
 * wait for their pages hold more than RUN_MAX_WANTED_BYTES: so memory does not grow with what is
 * followed. A full queue to the workers makes this thread wait, and while it waits no socket is
 * read. The writer never waits for it.
 */
#include "run/pipeline.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/map.h"
#include "base/mem.h"
#include "run/again.h"
#include "run/manners.h"
#include "run/private.h"
#include "text/url.h"

enum { TELL_MS = 200, WAIT_MS = 100, NO_VALIDATORS_EVERY = 100, CLOCK_SLACK_MS = 3600 * 1000 };

void run_fail(struct run *r, const struct err *err)
{
	pthread_mutex_lock(&r->lock);
	if (!r->err.code)
		r->err = *err;
	pthread_mutex_unlock(&r->lock);
	atomic_store(&r->stopping, true);
	fetch_wake(r->fetch);
}

void errand_free(struct errand **e)
{
	if (!*e)
		return;
	if ((*e)->wanted) {
		arena_fini(&(*e)->wanted->arena);
		mem_free((*e)->wanted);
	}
	fetch_job_free(&(*e)->job);
	mem_free(*e);
	*e = NULL;
}

void result_free(struct result **res)
{
	if (!*res)
		return;
	if ((*res)->kind != RESULT_ENTRIES || (*res)->last)
		errand_free(&(*res)->errand);
	arena_fini(&(*res)->arena);
	mem_free(*res);
	*res = NULL;
}

/* --- what is due --------------------------------------------------------------------------- */

static int compare_turns(const void *x, const void *y)
{
	const struct turn *a = x, *b = y;

	if (a->round != b->round)
		return a->round < b->round ? -1 : 1;
	return a->place < b->place ? -1 : a->place > b->place;
}

/* State of a source that was never fetched, or whose address was changed by hand. */
static struct source_state fresh_state(struct str key)
{
	return (struct source_state){
		.key = key,
		.first_fetch = TIME_UNSTATED,
		.last_fetch = TIME_UNSTATED,
		.last_success = TIME_UNSTATED,
		.last_new = TIME_UNSTATED,
		.next_due = 0,
	};
}

static void set_state(struct followed *f, const struct source_state *known)
{
	f->state = known ? *known : fresh_state(f->source->key);
	if (known && !str_eq(known->url, f->source->url)) {
		struct source_state *st = &f->state;

		st->etag = st->last_modified = st->moved_url = (struct str){ 0 };
		st->body_hash = (struct hash){ 0 };
		st->moved_count = st->failures = 0;
		st->stopped = false;
		st->next_due = 0;
	}
	bool moved = f->state.moved_count >= 3 && f->state.moved_url.len;
	f->address = moved ? f->state.moved_url : f->source->url;
	/* Now and then everything is asked for: a server that says 304 for ever would hide what is
	 * new. */
	f->without_validators = f->state.fetches % NO_VALIDATORS_EVERY == NO_VALIDATORS_EVERY - 1;
}

static bool is_due(const struct pipeline_options *opt, const struct followed *f, int64_t now)
{
	if (f->push)
		return !f->state.stopped;
	if (f->state.stopped && !(opt->named && opt->now))
		return false;
	/* Fetched in the future: the clock was wrong then, and what it said of the next time too.
	 */
	bool clock_went_back =
		f->state.last_fetch != TIME_UNSTATED && f->state.last_fetch > now + CLOCK_SLACK_MS;
	return opt->now || clock_went_back || f->state.next_due <= now;
}

/* Hosts take turns, so that one with many sources holds up none of the others. */
static int take_turns(struct run *r, struct err *err)
{
	struct map hosts;
	struct arena scratch;
	int rc = 0;

	map_init(&hosts);
	arena_init(&scratch);
	r->turns = mem_array(r->followed_count + 1, sizeof(*r->turns));
	for (size_t i = 0; i < r->followed_count && rc == 0; i++) {
		struct str address = r->followed[i].address;
		struct url u = { 0 };
		struct err bad;

		url_parse(&scratch, address, &u, &bad);
		void **seen = map_get(&hosts, u.host);
		if (!seen) {
			seen = map_put(&hosts, arena_str(&r->arena, u.host));
			rc = manners_load(r->store, r->fetch, address,
					  r->followed[i].source->allow_private, err);
		}
		size_t round = (size_t)(uintptr_t)*seen;
		r->turns[i] = (struct turn){ round, i };
		*seen = (void *)(uintptr_t)(round + 1);
		arena_reset(&scratch);
	}
	map_fini(&hosts);
	arena_fini(&scratch);
	qsort(r->turns, r->followed_count, sizeof(*r->turns), compare_turns);
	return rc;
}

static bool is_as_told(const struct source *source, const struct source_state *st)
{
	return str_eq(st->name, source->name) && str_eq(st->url, source->url) &&
	       str_eq(st->category, source->category);
}

/* What sources.conf says anew stands in the store before any article that belongs to it. */
static int put_told(struct run *r, struct followed *f, struct err *err)
{
	const struct source *source = f->source;

	f->state.key = source->key;
	f->state.name = source->name;
	f->state.url = source->url;
	f->state.category = source->category;
	if (source->home_url.len)
		f->state.home_url = source->home_url;
	return store_source_put(r->store, &f->state, err);
}

static int load_due(struct run *r, struct err *err)
{
	const struct pipeline_options *opt = r->opt;
	struct source_state *states = NULL;
	size_t state_count = 0, count = 0;
	struct map by_key, pushed;
	int64_t now = clock_now();

	if (store_sources(r->store, &r->arena, &states, &state_count, err) < 0)
		return err->code;
	map_init(&by_key);
	for (size_t i = 0; i < state_count; i++)
		*map_put(&by_key, states[i].key) = &states[i];
	map_init(&pushed);
	for (size_t i = 0; i < opt->push_count; i++)
		*map_put(&pushed, opt->pushes[i].source) = (void *)(uintptr_t)&opt->pushes[i];
	r->followed = mem_array(opt->source_count + 1, sizeof(*r->followed));
	int rc = store_begin(r->store, err);
	for (size_t i = 0; i < opt->source_count && rc >= 0; i++) {
		struct followed *f = &r->followed[count];
		void **known = map_get(&by_key, opt->sources[i].key);
		void **push = map_get(&pushed, opt->sources[i].key);

		*f = (struct followed){ .source = &opt->sources[i], .push = push ? *push : NULL };
		set_state(f, known ? *known : NULL);
		if (!known || !is_as_told(f->source, *known))
			rc = put_told(r, f, err);
		count += is_due(opt, f, now);
	}
	if (rc >= 0)
		rc = store_commit(r->store, err);
	map_fini(&by_key);
	map_fini(&pushed);
	r->followed_count = count;
	r->counts.sources = (int64_t)count;
	atomic_store(&r->open, count);
	return rc < 0 ? rc : take_turns(r, err);
}

/* --- out to the network -------------------------------------------------------------------- */

static void push_feed(struct run *r, struct followed *f)
{
	struct errand *e = mem_alloc(sizeof(*e));
	struct fetch_job *job = fetch_job_new(f->address);

	e->followed = f;
	e->job = job;
	if (!f->without_validators) {
		job->etag = f->state.etag;
		job->last_modified = f->state.last_modified;
	}
	job->accept = S("application/rss+xml, application/atom+xml, application/feed+json, "
			"application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.5");
	job->allow_private = f->source->allow_private;
	job->ignore_robots = f->source->ignore_robots.len > 0;
	job->max_bytes = r->opt->max_feed_bytes;
	job->owner = e;
	fetch_push(r->fetch, job);
}

static void take_back(struct run *r, struct fetch_job *job);

/* What came to us goes on as if it had just been fetched. */
static void take_push(struct run *r, struct followed *f)
{
	struct errand *e = mem_alloc(sizeof(*e));
	struct fetch_job *job = fetch_job_new(f->address);

	e->followed = f;
	e->job = job;
	job->owner = e;
	job->outcome = FETCH_GOT;
	job->body = f->push->body;
	job->capture = (struct capture){
		.url = job->url,
		.final_url = job->url,
		.fetched = f->push->received,
		.status = 200,
		.content_type = f->push->content_type,
		.body_bytes = (int64_t)f->push->body.len,
	};
	job->wire_bytes = f->push->body.len;
	take_back(r, job);
}

static void push_page(struct run *r, struct errand *e)
{
	struct fetch_job *job = fetch_job_new(e->wanted->link);

	job->accept = S("text/html, application/xhtml+xml, */*;q=0.5");
	job->allow_private = e->followed->source->allow_private;
	job->ignore_robots = e->followed->source->ignore_robots.len > 0;
	job->max_bytes = r->opt->max_page_bytes;
	job->owner = e;
	e->job = job;
	fetch_push(r->fetch, job);
}

/* The pages that the writer asked for. */
static void push_asked(struct run *r)
{
	pthread_mutex_lock(&r->lock);
	struct errand *e = r->asked_first;
	r->asked_first = r->asked_last = NULL;
	pthread_mutex_unlock(&r->lock);
	while (e) {
		struct errand *next = e->next;

		e->next = NULL;
		push_page(r, e);
		e = next;
	}
}

/* --- back from it -------------------------------------------------------------------------- */

static void send_outcome(struct run *r, struct errand *e)
{
	struct result *res = result_new(RESULT_OUTCOME, e);

	if (!queue_push(r->to_write, res))
		result_free(&res);
}

/* Keeps the bytes before anything parses them. */
static int keep_body(struct run *r, struct errand *e, struct err *err)
{
	static const struct hash none;
	const struct hash *last = &e->followed->state.body_hash;
	struct fetch_job *job = e->job;

	if (!e->wanted && !hash_eq(last, &none)) {
		struct hash now = hash_of(job->body);
		e->same_bytes = hash_eq(&now, last);
	}
	if (e->same_bytes)
		return 0;
	if (blob_put(r->blob, job->body, &job->capture.body, err) < 0)
		return err->code;
	e->kept = true;
	return 0;
}

/* What is known of the source's furniture is wanted where there is something to read. */
static int recall(struct run *r, struct errand *e, struct err *err)
{
	struct followed *f = e->followed;

	if (!e->kept || f->learnt)
		return 0;
	return learnt_load(r->reading, f->source->key, &f->learnt, err);
}

static void take_back(struct run *r, struct fetch_job *job)
{
	struct errand *e = job->owner;
	struct err err = { 0 };

	if (e->wanted)
		atomic_fetch_sub(&r->wanted_bytes, e->wanted->bytes);
	if (job->outcome == FETCH_GOT && (keep_body(r, e, &err) < 0 || recall(r, e, &err) < 0)) {
		run_fail(r, &err);
		errand_free(&e);
		return;
	}
	if (!e->kept) {
		send_outcome(r, e);
		return;
	}
	if (!queue_push(r->to_work, e))
		errand_free(&e);
}

/* --- the run ------------------------------------------------------------------------------- */

static void tell(struct run *r)
{
	pthread_mutex_lock(&r->lock);
	struct pipeline_counts counts = r->counts;
	struct failure_note *note = r->failures;
	r->failures = NULL;
	pthread_mutex_unlock(&r->lock);
	if (r->opt->tell)
		r->opt->tell(r->opt->arg, &counts);
	/* They stand newest first. */
	struct failure_note *turned = NULL;
	while (note) {
		struct failure_note *next = note->next;

		note->next = turned;
		turned = note;
		note = next;
	}
	for (; turned && r->opt->fail; turned = turned->next)
		r->opt->fail(r->opt->arg, &turned->failure);
}

static bool should_stop(struct run *r)
{
	if (r->opt->stop && *r->opt->stop)
		atomic_store(&r->stopping, true);
	return atomic_load(&r->stopping);
}

static void run_network(struct run *r)
{
	size_t started = 0;
	int64_t told = clock_mono_ms();

	while (atomic_load(&r->open) > 0 && !should_stop(r)) {
		push_asked(r);
		while (started < r->followed_count && fetch_pending(r->fetch) < RUN_WINDOW &&
		       atomic_load(&r->wanted_bytes) < RUN_MAX_WANTED_BYTES) {
			struct followed *f = &r->followed[r->turns[started++].place];

			if (f->push)
				take_push(r, f);
			else
				push_feed(r, f);
		}
		struct fetch_job *job = fetch_wait(r->fetch, WAIT_MS);
		if (job)
			take_back(r, job);
		if (clock_mono_ms() - told >= TELL_MS) {
			tell(r);
			told = clock_mono_ms();
		}
	}
	if (!should_stop(r))
		return;
	struct fetch_job *job = NULL;
	fetch_stop(r->fetch);
	push_asked(r);
	while ((job = fetch_wait(r->fetch, 0)))
		take_back(r, job);
}

static int start_threads(struct run *r, struct err *err)
{
	int cpus = thread_cpus();

	if (thread_start(&r->writer, "write", write_run, r, err) < 0)
		return err->code;
	for (; r->worker_count < cpus && r->worker_count < RUN_MAX_WORKERS; r->worker_count++) {
		if (thread_start(&r->workers[r->worker_count], "work", work_run, r, err) < 0) {
			run_fail(r, err);
			break;
		}
	}
	return 0;
}

/* Whatever is on its way arrives before the threads end. */
static void end_threads(struct run *r)
{
	struct errand *e = NULL;

	queue_end(r->to_work);
	for (int i = 0; i < r->worker_count; i++)
		thread_join(&r->workers[i]);
	while ((e = queue_try_pop(r->to_work)))
		errand_free(&e);
	queue_end(r->to_write);
	thread_join(&r->writer);
	push_asked(r); /* asked for after the network had ended */
	struct fetch_job *job = NULL;
	fetch_stop(r->fetch);
	while ((job = fetch_wait(r->fetch, 0))) {
		e = job->owner;
		errand_free(&e);
	}
}

static int run_open(struct run *r, struct err *err)
{
	const struct store_options reading = { .where = r->opt->store.where };

	if (blob_open(r->opt->blobs, &r->blob, err) < 0 ||
	    store_open(&r->opt->store, &r->store, err) < 0 ||
	    store_open(&reading, &r->reading, err) < 0 ||
	    fetch_open(&r->opt->fetch, &r->fetch, err) < 0)
		return err->code;
	return load_due(r, err);
}

static void run_close(struct run *r)
{
	for (size_t i = 0; i < r->followed_count; i++) {
		learnt_free(&r->followed[i].learnt);
		arena_fini(&r->followed[i].arena);
	}
	mem_free(r->followed);
	mem_free(r->turns);
	fetch_close(&r->fetch);
	store_close(&r->reading);
	store_close(&r->store);
	list_fini(&r->again);
	blob_close(&r->blob);
	queue_free(&r->to_work);
	queue_free(&r->to_write);
	arena_fini(&r->arena);
	arena_fini(&r->notes);
	pthread_mutex_destroy(&r->lock);
}

/*
 * What was read before enough was known of its source's furniture, from the captures just kept.
 * Where the run is ended before, those articles keep it until they are looked at again.
 */
static int read_early_again(struct run *r, struct err *err)
{
	const struct again_options opt = {
		.sources = r->opt->sources,
		.source_count = r->opt->source_count,
		.ids = r->again.items,
		.id_count = r->again.count,
		.store = r->opt->store,
		.blobs = r->opt->blobs,
		.stop = r->opt->stop,
	};
	struct again_counts counts;

	return r->again.count ? again_run(&opt, &counts, err) : 0;
}

int pipeline_update(const struct pipeline_options *opt, struct pipeline_counts *out,
		    struct err *err)
{
	struct run r = { .opt = opt };
	int rc = 0;

	pthread_mutex_init(&r.lock, NULL);
	list_init(&r.again, sizeof(int64_t));
	r.to_work = queue_new(RUN_QUEUE);
	r.to_write = queue_new(RUN_QUEUE);
	rc = run_open(&r, err);
	if (rc == 0)
		rc = start_threads(&r, err);
	if (rc == 0) {
		run_network(&r);
		end_threads(&r);
		tell(&r);
		if (!r.err.code)
			rc = manners_save(r.store, r.fetch, err);
		if (!r.err.code && rc == 0)
			rc = read_early_again(&r, err);
	}
	*out = r.counts;
	if (rc == 0 && r.err.code) {
		*err = r.err;
		rc = err->code;
	}
	run_close(&r);
	return rc;
}
