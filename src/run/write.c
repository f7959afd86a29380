/*
 * What the writer does: it alone owns the store. Results are stored in the order they come, many in
 * a transaction; a source's state is put when the last of its articles has been, in the same
 * transaction or a later one.
 */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/map.h"
#include "base/mem.h"
#include "run/look.h"
#include "run/private.h"
#include "text/date.h"
#include "text/url.h"
#include "text/utf8.h"

enum { MAX_PAGE_TRIES = 4 };

struct writer {
	struct run *run;
	struct arena scratch;
	struct map wanted;  /* address -> struct wanted * on its way, or NULL */
	struct arena names; /* its keys, and the struct wanted_also */
	size_t wanted_live;
	struct remaker *remaker;
	bool begun;
	int64_t begun_at;
	int puts;
	struct pipeline_counts counts;
};

/* --- transactions -------------------------------------------------------------------------- */

static int begin(struct writer *w, struct err *err)
{
	if (w->begun)
		return 0;
	if (store_begin(w->run->store, err) < 0)
		return err->code;
	w->begun = true;
	w->begun_at = clock_mono_ms();
	w->puts = 0;
	return 0;
}

static int commit(struct writer *w, struct err *err)
{
	if (!w->begun)
		return 0;
	/* First what is named, then the names. */
	if (blob_sync(w->run->blob, err) < 0 || store_commit(w->run->store, err) < 0) {
		store_rollback(w->run->store);
		w->begun = false;
		return err->code;
	}
	w->begun = false;
	pthread_mutex_lock(&w->run->lock);
	w->counts.sources = w->run->counts.sources;
	w->run->counts = w->counts;
	pthread_mutex_unlock(&w->run->lock);
	return 0;
}

/* --- sources ------------------------------------------------------------------------------- */

static void note_failure(struct writer *w, const struct followed *f)
{
	struct run *r = w->run;

	pthread_mutex_lock(&r->lock);
	struct failure_note *note = arena_alloc(&r->notes, sizeof(*note));
	note->failure = (struct pipeline_failure){
		.key = f->source->key,
		.reason = arena_str(&r->notes, f->state.last_error),
		.next_due = f->state.next_due,
		.stopped = f->state.stopped,
	};
	note->next = r->failures;
	r->failures = note;
	pthread_mutex_unlock(&r->lock);
}

/*
 * Polling goes on, but seldom, while a hub tells of changes. When the source was last fetched
 * stays: however often a hub pushes, it does not put polling off for ever.
 */
static int put_pushed(struct writer *w, struct followed *f, int64_t now, struct err *err)
{
	struct source_state *st = &f->state;
	struct schedule pushed = { .every_ms = f->source->every_ms, .push_until = f->push->until };

	if (f->push->until > now && st->last_fetch != TIME_UNSTATED) {
		int64_t later = schedule_next(&pushed, st->last_fetch);

		st->push_until = f->push->until;
		if (later > st->next_due)
			st->next_due = later;
	}
	if (f->incomplete && st->next_due > now + SCHEDULE_LEAST_MS)
		st->next_due = now + SCHEDULE_LEAST_MS;
	w->puts++;
	w->counts.sources_done++;
	w->counts.pushes++;
	return store_source_put(w->run->store, st, err);
}

/*
 * What was learnt, into the store; and which articles of this run keep what turned out to be
 * furniture when more of their fellows were known.
 */
static int put_learnt(struct writer *w, struct followed *f, int64_t now, struct err *err)
{
	bool anew = false;

	if (!f->learnt)
		return 0;
	for (const struct taught *t = f->taught; t; t = t->next)
		if (learnt_tells(f->learnt, &t->lesson))
			*(int64_t *)list_add(&w->run->again) = t->id;
	if (learnt_save(f->learnt, w->run->store, f->source->key, &anew, err) < 0)
		return err->code;
	if (anew)
		f->state.layout_changed = now;
	return 0;
}

static struct recent *recent_of(struct followed *f)
{
	if (!f->recent) {
		f->recent = arena_alloc(&f->arena, sizeof(*f->recent));
		recent_load(f->recent, f->state.recent);
	}
	return f->recent;
}

static int put_state(struct writer *w, struct followed *f, int64_t now, struct err *err)
{
	struct source_state *st = &f->state;
	const struct source *source = f->source;

	st->key = source->key;
	st->name = source->name;
	st->url = source->url;
	st->category = source->category;
	if (source->home_url.len)
		st->home_url = source->home_url;
	if (st->first_fetch == TIME_UNSTATED)
		st->first_fetch = now;
	if (put_learnt(w, f, now, err) < 0)
		return err->code;
	if (f->recent)
		st->recent = recent_save(f->recent, &f->arena);
	if (f->push)
		return put_pushed(w, f, now, err);
	st->last_fetch = now;
	st->fetches++;
	f->schedule.every_ms = source->every_ms;
	f->schedule.salt = hash64_of(source->key);
	f->schedule.failures = st->failures;
	f->schedule.push_until = st->push_until;
	st->next_due = schedule_next(&f->schedule, now);
	if (f->incomplete && st->next_due > now + SCHEDULE_LEAST_MS)
		st->next_due = now + SCHEDULE_LEAST_MS;
	int rc = store_source_put(w->run->store, st, err);
	w->puts++;
	w->counts.sources_done++;
	return rc;
}

/* The source has ended for this run. */
static void close_source(struct writer *w, struct followed *f)
{
	learnt_free(&f->learnt);
	arena_fini(&f->arena);
	atomic_fetch_sub(&w->run->open, 1);
	fetch_wake(w->run->fetch);
}

/* A permanent redirect is believed when it was there three times, and led to the feed each time. */
static void note_move(struct followed *f)
{
	struct source_state *st = &f->state;

	if (f->push || !str_eq(f->address, f->source->url))
		return; /* nothing was asked, or it is being followed already */
	if (!f->moved_for_good || !f->final_url.len) {
		st->moved_count = 0;
		st->moved_url = (struct str){ 0 };
		return;
	}
	st->moved_count = str_eq(st->moved_url, f->final_url) ? st->moved_count + 1 : 1;
	st->moved_url = f->final_url;
}

/* It says at least that something has changed: the source itself is asked. */
static int push_failed(struct writer *w, struct followed *f, const char *reason, struct err *err)
{
	struct source_state *st = &f->state;
	struct str before = st->last_error;

	st->next_due = clock_now();
	st->last_error = arena_strf(&f->arena, "what its hub pushed cannot be read: %s", reason);
	note_failure(w, f);
	st->last_error = before;
	w->counts.sources_done++;
	w->puts++;
	if (store_source_put(w->run->store, st, err) < 0)
		return err->code;
	close_source(w, f);
	return 0;
}

static int source_failed(struct writer *w, struct followed *f, const char *reason, bool gone,
			 struct err *err)
{
	struct source_state *st = &f->state;

	if (f->push)
		return push_failed(w, f, reason, err);
	st->failures++;
	recent_failed(recent_of(f), clock_now());
	st->last_error = arena_str(&f->arena, str_of(reason));
	st->stopped = gone;
	/* Where it moved to no longer answers: next time ask where it was. */
	if (!str_eq(f->address, f->source->url)) {
		st->moved_count = 0;
		st->moved_url = (struct str){ 0 };
		st->stopped = false;
	}
	if (put_state(w, f, clock_now(), err) < 0)
		return err->code;
	w->counts.sources_failed++;
	note_failure(w, f);
	close_source(w, f);
	return 0;
}

static int source_done(struct writer *w, struct followed *f, struct err *err)
{
	struct source_state *st = &f->state;
	int64_t now = clock_now();

	st->failures = 0;
	st->stopped = false;
	st->last_success = now;
	st->last_error = (struct str){ 0 };
	st->entries_seen += f->entries;
	st->articles += f->articles_new;
	if (f->articles_new > 0)
		st->last_new = now;
	/* Found by polling what no hub had told of. */
	if (f->articles_new > 0 && !f->push)
		st->push_until = 0;
	if (f->pages_failed > 0)
		st->last_error = arena_strf(&f->arena, "%lld of %lld pages: %.*s",
					    (long long)f->pages_failed, (long long)f->pages_asked,
					    STR_FMT(f->page_reason));
	if (f->incomplete) {
		st->etag = st->last_modified = (struct str){ 0 };
		st->body_hash = (struct hash){ 0 };
	}
	note_move(f);
	if (f->read_from) {
		int64_t before = recent_of(f)->read_from;

		recent_of(f)->read_from = f->read_from;
		if (missing_look(w->run, f, before, now, err) < 0)
			return err->code;
	}
	if (put_state(w, f, now, err) < 0)
		return err->code;
	close_source(w, f);
	return 0;
}

/* Ends the source if nothing of it is on its way any more. One that was stopped in the middle stays
 * due. */
static int end_source(struct writer *w, struct followed *f, struct err *err)
{
	if (!f->parsed || f->pages_left > 0 || atomic_load(&w->run->stopping))
		return 0;
	return f->feed_reason.len ? source_failed(w, f, f->feed_reason.ptr, false, err)
				  : source_done(w, f, err);
}

/* A date in the future would make every later look "not modified" (RFC 9110 8.8.2.1). */
static void take_validators(struct followed *f, const struct capture *c)
{
	f->state.etag = arena_str(&f->arena, c->etag);
	f->state.last_modified = arena_str(&f->arena, c->last_modified);
	struct date date;
	if (c->last_modified.len && date_parse(c->last_modified, 0, &date) && date.ms > c->fetched)
		f->state.last_modified = (struct str){ 0 };
}

/* Nothing new: twice the wait of last time is not too long, half as much again is polite. */
static int source_same(struct writer *w, struct followed *f, const struct errand *e,
		       struct err *err)
{
	const struct source_state *st = &f->state;

	if (st->failures == 0 && st->push_until == 0 && st->last_fetch != TIME_UNSTATED &&
	    st->next_due > st->last_fetch)
		f->schedule.gap_ms = (st->next_due - st->last_fetch) * 5 / 2;
	w->counts.not_modified += !f->push;
	f->state.not_modified += !f->push;
	if (e->same_bytes && !f->push)
		take_validators(f, &e->job->capture);
	return source_done(w, f, err);
}

static void remember_host(struct writer *w, const struct fetch_job *job, struct err *err)
{
	struct url u;
	struct err bad;

	if (job->retry_after_ms <= 0 || job->outcome == FETCH_LATER ||
	    url_parse(&w->scratch, job->capture.final_url, &u, &bad) < 0)
		return;
	store_state_put(
		w->run->store, arena_strf(&w->scratch, "host-until:%.*s", STR_FMT(u.host)),
		arena_strf(&w->scratch, "%lld", (long long)(clock_now() + job->retry_after_ms)),
		err);
}

/* --- articles ------------------------------------------------------------------------------ */

static int add_alias(struct writer *w, int64_t id, struct str address, struct str url,
		     struct err *err)
{
	if (!url_is_http(address) || str_eq(address, url))
		return 0;
	address = url_canonical(&w->scratch, address);
	return str_eq(address, url) ? 0 : store_alias_add(w->run->store, id, address, err);
}

/* A new article teaches what its source's look like, once. */
static void learn(struct followed *f, int64_t id, const struct lesson *lesson)
{
	if (!f->learnt || !lesson->count)
		return;
	learnt_take(f->learnt, lesson);
	struct taught *t = arena_alloc(&f->arena, sizeof(*t));
	*t = (struct taught){ .id = id, .next = f->taught };
	t->lesson.fragment = lesson->fragment;
	t->lesson.blocks = arena_array(&f->arena, lesson->count, sizeof(*t->lesson.blocks));
	for (size_t i = 0; i < lesson->count; i++)
		if (lesson->blocks[i].kept)
			t->lesson.blocks[t->lesson.count++] = lesson->blocks[i];
	f->taught = t;
}

/* The standing text as it is read today: what is compared with it was read today, too. */
struct remaking {
	struct writer *writer;
	const struct followed *followed;
};

static bool remake(void *arg, const struct article *stored, int64_t capture_id, struct article *out)
{
	const struct remaking *m = arg;
	struct run *r = m->writer->run;
	char reason[160];

	if (!m->writer->remaker)
		m->writer->remaker = remaker_new(r->store, r->blob, NULL);
	return remake_article(m->writer->remaker, m->followed->source, m->followed->learnt, stored,
			      NULL, capture_id, out, reason, sizeof(reason));
}

static int put_article(struct writer *w, struct followed *f, const struct article *art,
		       const struct lesson *lesson, struct str link, int64_t capture_id,
		       int64_t *id, struct err *err)
{
	enum store_change change = STORE_SAME;
	struct remaking remaking = { w, f };
	struct store_put put = {
		.article = art,
		.capture_id = capture_id,
		.now = clock_now(),
		.remake = remake,
		.remake_arg = &remaking,
	};

	if (store_article_put(w->run->store, &put, id, &change, err) < 0)
		return err->code;
	w->puts++;
	missing_note(f, *id, art->published);
	if (change == STORE_NEW) {
		learn(f, *id, lesson);
		recent_new(recent_of(f), put.now, art->published, utf8_count(art->text));
		f->articles_new++;
		w->counts.articles_new++;
	} else if (change == STORE_REVISED) {
		recent_changed(recent_of(f), put.now);
		w->counts.articles_revised++;
	}
	if (add_alias(w, *id, link, art->url, err) < 0)
		return err->code;
	if (!str_eq(link, art->fetched_url) &&
	    add_alias(w, *id, art->fetched_url, art->url, err) < 0)
		return err->code;
	return 0;
}

static int add_capture(struct writer *w, const struct errand *e, int64_t *id, struct err *err)
{
	struct capture c = e->job->capture;

	if (!e->kept)
		return 0;
	if (store_capture_add(w->run->store, &c, err) < 0)
		return err->code;
	*id = c.id;
	return 0;
}

/* --- entries ------------------------------------------------------------------------------- */

/* How often the page of a known article has failed for a while; 0: it has not, or not for a while.
 */
static int tries_of(struct writer *w, int64_t id)
{
	struct str value;
	struct err err;
	int64_t tries = 0;

	struct str key = arena_strf(&w->scratch, "page-again:%lld", (long long)id);
	if (store_state_get(w->run->store, &w->scratch, key, &value, &err) == 0)
		str_to_i64(value, 0, MAX_PAGE_TRIES, &tries);
	return (int)tries;
}

static int set_tries(struct writer *w, int64_t id, int tries, struct err *err)
{
	struct str key = arena_strf(&w->scratch, "page-again:%lld", (long long)id);

	return store_state_put(w->run->store, key, arena_strf(&w->scratch, "%d", tries), err);
}

/* A map only grows: what has been forgotten is left behind now and then. */
static void shrink_wanted(struct writer *w)
{
	struct map map;
	struct arena names;

	map_init(&map);
	arena_init(&names);
	for (size_t i = 0; i < w->wanted.cap; i++) {
		struct map_slot *slot = &w->wanted.slots[i];

		if (slot->used && slot->value)
			*map_put(&map, arena_str(&names, slot->key)) = slot->value;
	}
	for (size_t i = 0; i < map.cap; i++) {
		struct wanted *wanted = map.slots[i].used ? map.slots[i].value : NULL;

		for (struct wanted_also **at = wanted ? &wanted->also : NULL; at && *at;
		     at = &(*at)->next) {
			struct wanted_also *also = arena_alloc(&names, sizeof(*also));

			*also = **at;
			also->guid = arena_str(&names, also->guid);
			*at = also;
		}
	}
	map_fini(&w->wanted);
	arena_fini(&w->names);
	w->wanted = map;
	w->names = names;
}

/* Sends for the page of an entry, or joins an errand that is after the same address. */
static void ask_page(struct writer *w, struct followed *f, const struct found *found, int64_t known,
		     int tries)
{
	struct run *r = w->run;
	void **place = map_get(&w->wanted, found->article.url);

	f->pages_left++;
	f->pages_asked++;
	if (place && *place) {
		struct wanted *other = *place;
		struct wanted_also *also = arena_alloc(&w->names, sizeof(*also));

		*also = (struct wanted_also){ f, arena_str(&w->names, found->article.guid),
					      other->also };
		other->also = also;
		return;
	}
	struct wanted *wanted = mem_alloc(sizeof(*wanted));
	arena_init(&wanted->arena);
	article_copy(&wanted->arena, &found->article, &wanted->article);
	wanted->link = wanted->article.fetched_url;
	wanted->known = known;
	wanted->tries = tries;
	if (w->wanted.count > 2 * w->wanted_live + 1024) {
		shrink_wanted(w);
		place = NULL;
	}
	if (!place)
		place = map_put(&w->wanted, arena_str(&w->names, found->article.url));
	*place = wanted;
	w->wanted_live++;
	struct errand *e = mem_alloc(sizeof(*e));
	e->followed = f;
	e->wanted = wanted;
	wanted->bytes = wanted->arena.used;
	atomic_fetch_add(&r->wanted_bytes, wanted->bytes);
	pthread_mutex_lock(&r->lock);
	*(r->asked_last ? &r->asked_last->next : &r->asked_first) = e;
	r->asked_last = e;
	pthread_mutex_unlock(&r->lock);
	fetch_wake(r->fetch);
}

static int store_entry(struct writer *w, struct followed *f, struct found *found, struct err *err)
{
	int64_t id = 0;
	int known = 0;

	w->counts.entries++;
	f->entries++;
	if (found->wants_page && found->article.url.len) {
		struct str none = { 0 };

		known = store_article_find(w->run->store, found->article.url, none, none, &id, err);
		if (known < 0)
			return known;
		int tries = known ? tries_of(w, id) : 0;
		if (!known || tries > 0) {
			if (!atomic_load(&w->run->stopping) &&
			    f->pages_asked < RUN_MAX_PAGES_A_SOURCE) {
				ask_page(w, f, found, id, tries);
				return 0;
			}
			f->incomplete = true;
			return 0;
		}
		/* Its text came from its page: the feed's teaser says nothing of it. */
		found->article.text = found->article.html = (struct str){ 0 };
		found->article.text_from = FROM_NOWHERE;
	}
	int64_t revised = w->counts.articles_revised;

	if (put_article(w, f, &found->article, &found->lesson, found->link, f->capture_id, &id,
			err) < 0)
		return err->code;
	/* The text that goes with a teaser's new title: on its page, in this update's looks. */
	if (!found->wants_page || w->counts.articles_revised == revised || !f->source->look_again)
		return 0;
	return store_look_hasten(w->run->store, id, clock_now(), LOOK_STEPS - 1, err);
}

static int store_entries(struct writer *w, struct result *res, struct err *err)
{
	struct errand *e = res->errand;
	struct followed *f = e->followed;

	if (!f->read_from)
		f->read_from = clock_now();
	if (f->capture_id == 0 && add_capture(w, e, &f->capture_id, err) < 0)
		return err->code;
	for (size_t i = 0; i < res->count; i++) {
		if (store_entry(w, f, &res->items[i], err) < 0)
			return err->code;
		arena_reset(&w->scratch);
	}
	if (!res->last)
		return 0;
	f->parsed = true;
	f->state.bytes += (int64_t)e->job->wire_bytes;
	f->schedule.max_age_ms = e->job->max_age_ms;
	if (res->reason[0])
		f->feed_reason = arena_str(&f->arena, str_of(res->reason));
	if (res->reason[0])
		return end_source(w, f, err);
	/* A push may have the new entries alone: what is asked for later is still the whole. */
	if (f->push)
		return end_source(w, f, err);
	take_validators(f, &e->job->capture);
	f->state.body_hash = e->job->capture.body;
	f->state.hubs = arena_str(&f->arena, res->hubs);
	f->state.topic = arena_str(&f->arena, res->topic);
	if (res->home_url.len)
		f->state.home_url = arena_str(&f->arena, res->home_url);
	f->final_url = arena_str(&f->arena, e->job->capture.final_url);
	f->moved_for_good = e->job->moved_for_good;
	f->schedule.ttl_ms = res->ttl_ms;
	f->schedule.gap_ms = res->gap_ms;
	return end_source(w, f, err);
}

/* --- pages --------------------------------------------------------------------------------- */

/* May the same page be there tomorrow? */
static bool may_pass(const struct fetch_job *job)
{
	int status = job->capture.status;

	if (job->outcome == FETCH_LATER || job->outcome == FETCH_STOPPED)
		return true;
	return job->outcome == FETCH_FAILED && (status == 0 || status == 429 || status >= 500);
}

static int page_ended(struct writer *w, struct followed *f, struct err *err)
{
	f->pages_left--;
	return end_source(w, f, err);
}

static int page_also(struct writer *w, const struct article *art, struct wanted *wanted,
		     struct err *err)
{
	static const struct lesson none;
	int64_t id = 0;

	for (struct wanted_also *also = wanted->also; also; also = also->next) {
		struct article way = *art;

		way.source = also->followed->source->key;
		way.guid = also->guid;
		if (put_article(w, also->followed, &way, &none, wanted->link, 0, &id, err) < 0 ||
		    page_ended(w, also->followed, err) < 0)
			return err->code;
	}
	return 0;
}

static void forget_wanted(struct writer *w, struct wanted *wanted)
{
	void **place = map_get(&w->wanted, wanted->article.url);

	if (!place || *place != wanted)
		return;
	*place = NULL;
	w->wanted_live--;
}

static int store_page(struct writer *w, struct errand *e, const struct article *art,
		      const struct lesson *lesson, const char *reason, struct err *err)
{
	struct followed *f = e->followed;
	struct wanted *wanted = e->wanted;
	int64_t id = 0, capture_id = 0;

	forget_wanted(w, wanted);
	w->counts.pages++;
	w->counts.bytes += (int64_t)e->job->wire_bytes;
	f->state.bytes += (int64_t)e->job->wire_bytes;
	if (add_capture(w, e, &capture_id, err) < 0 ||
	    put_article(w, f, art, lesson, wanted->link, reason[0] ? f->capture_id : capture_id,
			&id, err) < 0)
		return err->code;
	bool again = reason[0] && may_pass(e->job) && wanted->tries < MAX_PAGE_TRIES;
	if ((again || wanted->tries > 0) &&
	    set_tries(w, id, again ? wanted->tries + 1 : 0, err) < 0)
		return err->code;
	if (reason[0]) {
		recent_failed(recent_of(f), clock_now());
		w->counts.pages_failed++;
		f->pages_failed++;
		f->incomplete = f->incomplete || again;
		if (!f->page_reason.len)
			f->page_reason = arena_str(&f->arena, str_of(reason));
	}
	return page_also(w, art, wanted, err) < 0 ? err->code : page_ended(w, f, err);
}

/* --- outcomes without a body --------------------------------------------------------------- */

static int store_outcome(struct writer *w, struct errand *e, struct err *err)
{
	static const struct lesson none;
	struct fetch_job *job = e->job;
	struct followed *f = e->followed;

	remember_host(w, job, err);
	if (job->outcome == FETCH_STOPPED) {
		if (e->wanted)
			forget_wanted(w, e->wanted);
		return 0; /* the source stays due */
	}
	if (e->wanted)
		return store_page(w, e, &e->wanted->article, &none,
				  job->reason[0] ? job->reason : "no answer", err);
	f->state.bytes += (int64_t)job->wire_bytes;
	w->counts.bytes += (int64_t)job->wire_bytes;
	f->schedule.max_age_ms = job->max_age_ms;
	f->schedule.retry_after_ms = job->retry_after_ms;
	f->final_url = arena_str(&f->arena, job->capture.final_url);
	f->moved_for_good = job->moved_for_good;
	if (job->outcome == FETCH_SAME || job->outcome == FETCH_GOT)
		return source_same(w, f, e, err);
	return source_failed(w, f, job->reason, job->outcome == FETCH_GONE, err);
}

static int store_result(struct writer *w, struct result *res, struct err *err)
{
	if (begin(w, err) < 0)
		return err->code;
	switch (res->kind) {
	case RESULT_OUTCOME: return store_outcome(w, res->errand, err);
	case RESULT_ENTRIES: return store_entries(w, res, err);
	case RESULT_PAGE:
		return store_page(w, res->errand, &res->article, &res->lesson, res->reason, err);
	}
	return 0;
}

/* Time or size says so, or nothing more comes just now. */
static bool should_commit(const struct writer *w)
{
	return w->begun &&
	       (w->puts >= RUN_COMMIT_PUTS || clock_mono_ms() - w->begun_at >= RUN_COMMIT_MS);
}

static void write_all(struct writer *w)
{
	struct run *r = w->run;
	struct err err = { 0 };
	bool failed = false;

	for (;;) {
		struct result *res = w->begun ? queue_pop_for(r->to_write, RUN_COMMIT_MS)
					      : queue_pop(r->to_write);
		bool idle = !res;

		if (!res && !w->begun)
			return;
		if (res && !failed && store_result(w, res, &err) < 0)
			failed = true;
		result_free(&res);
		arena_reset(&w->scratch);
		if (!failed && (idle || should_commit(w)) && commit(w, &err) < 0)
			failed = true;
		if (failed && w->begun) {
			store_rollback(r->store);
			w->begun = false;
		}
		if (failed)
			run_fail(r, &err);
	}
}

void *write_run(void *arg)
{
	struct writer w = { .run = arg };

	arena_init(&w.scratch);
	arena_init(&w.names);
	map_init(&w.wanted);
	write_all(&w);
	remaker_free(&w.remaker);
	map_fini(&w.wanted);
	arena_fini(&w.names);
	arena_fini(&w.scratch);
	return NULL;
}
