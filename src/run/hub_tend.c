/* What subscriptions need between two updates: written, begun, renewed, ended. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/hmac.h"
#include "base/map.h"
#include "base/mem.h"
#include "run/hub_private.h"
#include "run/manners.h"
#include "source/source.h"
#include "text/url.h"

enum {
	WAIT_MS = 100,
	AT_ONCE = 16,
	MAX_ANSWER_BYTES = 64 << 10,
	FIRST_RETRY_MS = 10 * 60 * 1000,
	MAX_RETRY_MS = 24 * 3600 * 1000,
	MAX_END_TRIES = 3 /* a hub that does not want to know forgets us when the lease ends */
};

static const struct str callback_key = STR("hub-callback");

struct tending {
	struct hub *hub;
	const struct hub_options *opt;
	struct store *store;
	struct fetch *fetch;
	struct arena arena;
	struct map states; /* key -> struct source_state * */
	struct str callback;
	int begun; /* subscriptions, when wishes were last compared */
	struct hub_counts counts;
};

/* --- the store ---------------------------------------------------------------------------------
 */

/* The source is polled soon, as if no hub told of its changes. */
static int poll_soon(struct tending *t, struct source_state *st, struct err *err)
{
	int64_t soon = st->last_fetch + SCHEDULE_LEAST_MS;

	if (st->push_until == 0)
		return 0;
	st->push_until = 0;
	if (st->next_due > soon)
		st->next_due = soon;
	return store_source_put(t->store, st, err);
}

static int load_states(struct tending *t, struct err *err)
{
	struct source_state *states;
	size_t count;

	if (store_sources(t->store, &t->arena, &states, &count, err) < 0)
		return err->code;
	for (size_t i = 0; i < count; i++) {
		*map_put(&t->states, states[i].key) = &states[i];
		/* Nobody has listened while no process ran. */
		if (!t->hub->loaded && poll_soon(t, &states[i], err) < 0)
			return err->code;
	}
	return 0;
}

static int load(struct tending *t, struct err *err)
{
	struct subscription *rows;
	size_t count;

	if (store_subscriptions(t->store, &t->arena, &rows, &count, err) < 0)
		return err->code;
	for (size_t i = 0; i < count; i++)
		hub_add(t->hub, &rows[i]);
	return 0;
}

/* Where hubs find us. Where that has changed they are told at once. */
static int find_callback(struct tending *t, struct err *err)
{
	struct err none;
	struct str last = { 0 };

	store_state_get(t->store, &t->arena, callback_key, &last, &none);
	t->callback = t->opt->callback.len ? t->opt->callback : last;
	if (str_eq(t->callback, last))
		return 0;
	pthread_mutex_lock(&t->hub->lock);
	for (struct hub_sub *sub = t->hub->subs; sub; sub = sub->next) {
		sub->row.next_due = clock_now();
		sub->dirty = true;
	}
	pthread_mutex_unlock(&t->hub->lock);
	return store_state_put(t->store, callback_key, t->callback, err);
}

/* A copy of the next one that is not written yet; its strings stay where they are. */
static bool take_dirty(struct tending *t, struct subscription *out)
{
	bool found = false;

	pthread_mutex_lock(&t->hub->lock);
	for (struct hub_sub *sub = t->hub->subs; sub && !found; sub = sub->next) {
		if (!sub->dirty)
			continue;
		sub->dirty = false;
		*out = sub->row;
		out->reason = arena_str(&t->arena, str_of(sub->reason));
		found = true;
	}
	pthread_mutex_unlock(&t->hub->lock);
	return found;
}

static struct hub_sub *take_ended(struct tending *t)
{
	struct hub_sub **at = &t->hub->subs, *ended = NULL;

	pthread_mutex_lock(&t->hub->lock);
	while (*at && !(*at)->ended)
		at = &(*at)->next;
	if (*at) {
		ended = *at;
		*at = ended->next;
	}
	pthread_mutex_unlock(&t->hub->lock);
	return ended;
}

static int write_all(struct tending *t, struct err *err)
{
	struct hub_sub *ended;
	struct subscription row;
	int rc = 0;

	while (rc == 0 && (ended = take_ended(t))) {
		rc = store_subscription_drop(t->store, ended->row.token, err);
		mem_free(ended);
	}
	while (rc == 0 && take_dirty(t, &row)) {
		void **state = map_get(&t->states, row.source);

		rc = store_subscription_put(t->store, &row, err);
		if (rc == 0 && row.state == SUBSCRIPTION_DENIED && state)
			rc = poll_soon(t, *state, err);
	}
	return rc;
}

/* --- what is wanted ----------------------------------------------------------------------------
 */

static const struct source_state *state_of(const struct tending *t, struct str key)
{
	void **place = map_get(&t->states, key);

	return place ? *place : NULL;
}

static bool wants_hub(const struct tending *t, const struct source_state *st)
{
	return t->opt->callback.len && st && !st->stopped && st->hubs.len && url_is_http(st->topic);
}

/* It said no, it failed, or it has twice not verified what it was asked. Under the lock. */
static bool has_refused(const struct hub_sub *sub)
{
	const struct subscription *row = &sub->row;

	return row->state == SUBSCRIPTION_DENIED ||
	       (row->state == SUBSCRIPTION_ASKED && row->tries > 0 &&
		(row->tries > 1 || sub->reason[0]));
}

/* Under the lock. */
static void no_longer(struct hub_sub *sub)
{
	if (sub->row.state == SUBSCRIPTION_ENDING)
		return;
	if (has_refused(sub))
		sub->ended = true;
	sub->row.state = SUBSCRIPTION_ENDING;
	sub->row.next_due = clock_now();
	sub->row.tries = 0;
	sub->dirty = true;
}

static struct str place_of(struct tending *t, struct str source, struct str hub)
{
	return arena_strf(&t->arena, "%.*s %.*s", STR_FMT(source), STR_FMT(hub));
}

/* One of a source's hubs is enough; while none is, each that refuses is asked again when its time
 * comes. Under the lock. */
static void choose_one(struct hub_sub *sub, struct map *have)
{
	void **place = map_put(have, sub->row.source);
	struct hub_sub *other = *place;

	if (!other) {
		*place = sub;
	} else if (sub->row.state == SUBSCRIPTION_ACTIVE &&
		   other->row.state != SUBSCRIPTION_ACTIVE) {
		no_longer(other);
		*place = sub;
	} else {
		no_longer(sub);
	}
}

/*
 * Ends what nothing wants any more. The hub that serves a source, or may, is put into `have` by
 * source, and every hub that was asked for one into `asked`.
 */
static void look_through(struct tending *t, const struct map *followed, struct map *have,
			 struct map *asked)
{
	int64_t now = clock_now();

	pthread_mutex_lock(&t->hub->lock);
	for (struct hub_sub *sub = t->hub->subs; sub; sub = sub->next) {
		const struct source_state *st = state_of(t, sub->row.source);

		if (!map_get(followed, sub->row.source) || !wants_hub(t, st) ||
		    !hub_is_named(st->hubs, sub->row.hub) || !str_eq(st->topic, sub->row.topic))
			no_longer(sub);
		if (sub->row.state == SUBSCRIPTION_ENDING)
			continue;
		if (sub->row.state == SUBSCRIPTION_ACTIVE && sub->row.lease_until <= now) {
			sub->row.state = SUBSCRIPTION_ASKED;
			sub->row.lease_until = TIME_UNSTATED;
			sub->dirty = true;
		}
		*map_put(asked, place_of(t, sub->row.source, sub->row.hub)) = sub;
		if (!has_refused(sub))
			choose_one(sub, have);
	}
	/* Where one serves, those that refused are let go: they are asked again should it fail. */
	for (struct hub_sub *sub = t->hub->subs; sub; sub = sub->next) {
		void **place = map_get(have, sub->row.source);
		const struct hub_sub *one = place ? *place : NULL;

		if (one && one->row.state == SUBSCRIPTION_ACTIVE && has_refused(sub))
			no_longer(sub);
	}
	pthread_mutex_unlock(&t->hub->lock);
}

static void begin(struct tending *t, const struct source_state *st, struct str hub)
{
	char token[HUB_TOKEN_HEX + 1], secret[HUB_SECRET_HEX + 1];

	random_hex(token, HUB_TOKEN_HEX / 2);
	random_hex(secret, HUB_SECRET_HEX / 2);
	const struct subscription row = {
		.token = str_of(token),
		.source = st->key,
		.hub = hub,
		.topic = st->topic,
		.secret = str_of(secret),
		.state = SUBSCRIPTION_ASKED,
		.lease_until = TIME_UNSTATED,
		.next_due = clock_now(),
		.last_push = TIME_UNSTATED,
	};
	hub_add(t->hub, &row)->dirty = true;
	t->begun++;
}

/* The first of its hubs that was not asked yet. */
static void begin_next(struct tending *t, const struct source_state *st, const struct map *asked)
{
	struct str hubs = st->hubs, hub;

	while (str_split(&hubs, ' ', &hub))
		if (!map_get(asked, place_of(t, st->key, hub))) {
			begin(t, st, hub);
			return;
		}
}

static void compare_wishes(struct tending *t)
{
	const struct hub_options *opt = t->opt;
	struct map followed, have, asked;

	map_init(&followed);
	map_init(&have);
	map_init(&asked);
	t->begun = 0;
	for (size_t i = 0; i < opt->source_count; i++)
		*map_put(&followed, opt->sources[i].key) = (void *)(uintptr_t)&opt->sources[i];
	look_through(t, &followed, &have, &asked);
	for (size_t i = 0; i < opt->source_count; i++) {
		const struct source_state *st = state_of(t, opt->sources[i].key);

		if (wants_hub(t, st) && !map_get(&have, st->key))
			begin_next(t, st, &asked);
	}
	map_fini(&followed);
	map_fini(&have);
	map_fini(&asked);
}

/* --- asking hubs (WebSub 5.1) ------------------------------------------------------------------
 */

static void add_field(struct tending *t, struct buf *b, const char *name, struct str value)
{
	struct str text = url_escape(&t->arena, value);

	buf_addf(b, "%s%s=%.*s", b->len ? "&" : "", name, STR_FMT(text));
}

static struct fetch_job *request_for(struct tending *t, const struct hub_sub *sub)
{
	const struct subscription *row = &sub->row;
	struct fetch_job *job = fetch_job_new(row->hub);
	bool ending = row->state == SUBSCRIPTION_ENDING;
	struct buf b;

	buf_init(&b, BUF_NO_MAX);
	add_field(t, &b, "hub.mode", ending ? S("unsubscribe") : S("subscribe"));
	add_field(t, &b, "hub.topic", row->topic);
	add_field(t, &b, "hub.callback",
		  arena_strf(&t->arena, "%.*s%.*s", STR_FMT(t->callback), STR_FMT(row->token)));
	if (!ending) {
		add_field(t, &b, "hub.secret", row->secret);
		buf_addf(&b, "&hub.lease_seconds=%d", HUB_LEASE_S);
	}
	job->post = arena_str(&job->arena, buf_str(&b));
	job->post_type = S("application/x-www-form-urlencoded");
	job->max_bytes = MAX_ANSWER_BYTES;
	/* The feed invites us to this one request; robots.txt is about crawling. */
	job->ignore_robots = true;
	buf_fini(&b);
	return job;
}

static void push(struct tending *t, struct hub_sub *sub)
{
	struct err unread;

	pthread_mutex_lock(&t->hub->lock);
	struct fetch_job *job = request_for(t, sub);
	sub->heard = false;
	pthread_mutex_unlock(&t->hub->lock);
	for (size_t i = 0; i < t->opt->source_count; i++)
		if (str_eq(t->opt->sources[i].key, sub->row.source))
			job->allow_private = t->opt->sources[i].allow_private;
	job->owner = sub;
	manners_load(t->store, t->fetch, job->url, job->allow_private, &unread);
	fetch_push(t->fetch, job);
	t->counts.asked++;
}

static int64_t retry_at(const struct hub_sub *sub, const struct fetch_job *job)
{
	int64_t wait = (int64_t)FIRST_RETRY_MS << (sub->row.tries < 8 ? sub->row.tries : 8);

	if (wait > MAX_RETRY_MS)
		wait = MAX_RETRY_MS;
	/* Up to a tenth more: those that failed together do not come back together. */
	wait += (int64_t)(hash64_of(sub->row.token) % 1000) * (wait / 10000);
	return clock_now() + (job->retry_after_ms > wait ? job->retry_after_ms : wait);
}

static void take_answer(struct tending *t, struct fetch_job *job)
{
	struct hub_sub *sub = job->owner;
	struct hub_failure failure = { sub->row.source, sub->row.hub, str_of(job->reason), 0 };
	bool failed = job->outcome != FETCH_GOT;

	if (job->outcome == FETCH_STOPPED)
		return; /* it stays due */
	pthread_mutex_lock(&t->hub->lock);
	if (failed) {
		sub->row.next_due = retry_at(sub, job);
		sub->row.tries++;
		hub_set_reason(sub, str_of(job->reason));
	} else if (!sub->heard) { /* it verifies when it likes; in vain until then */
		sub->row.next_due = clock_now() + HUB_VERIFY_MS;
		sub->row.tries++;
	}
	sub->dirty = true;
	failure.next_due = sub->row.next_due;
	pthread_mutex_unlock(&t->hub->lock);
	t->counts.failed += failed;
	if (failed && t->opt->fail)
		t->opt->fail(t->opt->arg, &failure);
}

/* The next that is due and was not asked in this round; one that was asked to end often enough has
 * ended. */
static struct hub_sub *next_due(struct tending *t)
{
	struct hub_sub *found = NULL;
	int64_t now = clock_now();

	pthread_mutex_lock(&t->hub->lock);
	for (struct hub_sub *sub = t->hub->subs; sub && !found; sub = sub->next) {
		if (sub->asked || sub->ended || sub->row.next_due > now)
			continue;
		if (sub->row.state == SUBSCRIPTION_ENDING && sub->row.tries >= MAX_END_TRIES) {
			sub->ended = true;
			continue;
		}
		sub->asked = true;
		found = sub;
	}
	pthread_mutex_unlock(&t->hub->lock);
	return found;
}

static bool stopped(const struct tending *t)
{
	return t->opt->stop && *t->opt->stop;
}

static int ask_hubs(struct tending *t, struct err *err)
{
	int64_t until = clock_mono_ms() + HUB_MAX_TEND_MS;
	struct hub_sub *sub = next_due(t);

	if (!sub)
		return 0;
	if (!t->fetch && fetch_open(&t->opt->fetch, &t->fetch, err) < 0)
		return err->code;
	while (sub || fetch_pending(t->fetch)) {
		while (sub && fetch_pending(t->fetch) < AT_ONCE) {
			push(t, sub);
			sub = next_due(t);
		}
		if (stopped(t) || clock_mono_ms() > until) {
			fetch_stop(t->fetch);
			sub = NULL;
		}
		struct fetch_job *job = fetch_wait(t->fetch, WAIT_MS);
		if (job)
			take_answer(t, job);
		fetch_job_free(&job);
	}
	return manners_save(t->store, t->fetch, err);
}

/* --- all of it ---------------------------------------------------------------------------------
 */

static void count(struct tending *t)
{
	struct hub_counts *c = &t->counts;

	c->next_due = INT64_MAX;
	pthread_mutex_lock(&t->hub->lock);
	for (struct hub_sub *sub = t->hub->subs; sub; sub = sub->next) {
		sub->asked = false;
		c->subscriptions++;
		c->active += sub->row.state == SUBSCRIPTION_ACTIVE;
		c->pushes += sub->row.pushes;
		c->refused += sub->row.refused;
		if (sub->row.next_due < c->next_due)
			c->next_due = sub->row.next_due;
	}
	pthread_mutex_unlock(&t->hub->lock);
}

static int write_wishes(struct tending *t, struct err *err)
{
	if (store_begin(t->store, err) < 0)
		return err->code;
	int rc = load_states(t, err);
	if (rc == 0 && !t->hub->loaded)
		rc = load(t, err);
	if (rc == 0) {
		t->hub->loaded = true;
		rc = find_callback(t, err);
	}
	if (rc == 0) {
		compare_wishes(t);
		rc = write_all(t, err);
	}
	if (rc < 0) {
		store_rollback(t->store);
		return rc;
	}
	return store_commit(t->store, err);
}

/* Where a hub refuses, the next that the feed names is asked in the same round. */
static int ask_in_turn(struct tending *t, struct err *err)
{
	int rc = 0;

	for (int n = 0; rc == 0 && n < HUB_MAX_NAMED && !stopped(t); n++) {
		rc = ask_hubs(t, err);
		if (rc == 0)
			compare_wishes(t);
		if (rc < 0 || !t->begun)
			break;
		rc = write_all(t, err);
	}
	return rc;
}

int hub_tend(struct hub *h, const struct hub_options *opt, struct hub_counts *out, struct err *err)
{
	struct tending t = { .hub = h, .opt = opt };

	*out = (struct hub_counts){ .next_due = INT64_MAX };
	if (h->loaded && !h->subs && !opt->callback.len)
		return 0;
	arena_init(&t.arena);
	map_init(&t.states);
	int rc = store_open(&opt->store, &t.store, err);
	if (rc == 0)
		rc = write_wishes(&t, err);
	if (rc == 0)
		rc = ask_in_turn(&t, err);
	if (rc == 0)
		rc = write_all(&t, err);
	fetch_drain(t.fetch);
	fetch_close(&t.fetch);
	store_close(&t.store);
	count(&t);
	*out = t.counts;
	map_fini(&t.states);
	arena_fini(&t.arena);
	return rc < 0 ? rc : 0;
}
