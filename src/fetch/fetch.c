/*
 * Jobs wait in a queue of their host. A host with jobs is in one of three places: in the ready
 * list, when a request may start now; in the heap, when its gap must pass first; or in neither,
 * when all its connections are busy. So a step costs what it starts, however many hosts wait.
 */
#include "fetch/fetch.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/list.h"
#include "base/map.h"
#include "base/mem.h"
#include "fetch/robots.h"
#include "text/date.h"
#include "text/url.h"

enum {
	DRAIN_MS = 200,
	ROBOTS_KEPT_MS = 12 * 3600 * 1000,
	ROBOTS_FAILED_KEPT_MS = 10 * 60 * 1000,
	ROBOTS_TEXT_KEPT = 32 << 10,
	DEAD_AFTER = 3, /* requests in a row that got no connection */
	DEAD_FOR_MS = 60 * 1000,
	BUSY_AFTER = 3,          /* answers of 503 in a row */
	BUSY_FOR_MS = 60 * 1000, /* without Retry-After */
	MAX_AGE_MS = 24 * 3600 * 1000
};

struct job_queue {
	struct fetch_job *first, *last;
};

struct fetch_host {
	struct str name;
	struct job_queue jobs;
	int active;
	int64_t gap_ms;
	int64_t next_start;    /* clock_mono_ms */
	int64_t blocked_until; /* clock_now; it asked to be left alone */
	int64_t dead_until;    /* clock_mono_ms */
	int dead_in_a_row;
	int busy_in_a_row; /* answers of 503 */
	enum http_failure dead_failure;
	char dead_reason[120];
	bool listed; /* in the ready list or the heap */
	struct fetch_host *next_ready;
};

enum robots_state { ROBOTS_UNKNOWN, ROBOTS_ASKED, ROBOTS_KNOWN, ROBOTS_FAILED };

/* scheme://host:port, what a robots.txt speaks for. */
struct fetch_origin {
	struct str root;
	enum robots_state state;
	int64_t expires; /* clock_mono_ms */
	struct arena arena;
	struct robots rules;
	struct str text; /* of robots.txt, where it is short enough to be kept; in arena */
	int64_t fetched; /* clock_now; TIME_UNSTATED: it was given to us, or is not worth keeping */
	enum http_failure failure;
	char reason[160];
	struct job_queue waiting;
};

struct fetch {
	struct fetch_options opt;
	struct http *http;
	struct arena arena; /* names of hosts and origins */
	struct arena scratch;
	struct map hosts, origins;
	struct fetch_host *ready_first, *ready_last;
	struct list waiting; /* heap of struct fetch_host *, by next_start */
	struct job_queue ended;
	struct job_queue active;
	size_t pending; /* not counting our own requests for robots.txt */
	bool stopped;
};

/* --- queues -------------------------------------------------------------------------------- */

static void queue_add_last(struct job_queue *q, struct fetch_job *job)
{
	job->next = NULL;
	job->previous = q->last;
	*(q->last ? &q->last->next : &q->first) = job;
	q->last = job;
}

static void queue_add_first(struct job_queue *q, struct fetch_job *job)
{
	job->previous = NULL;
	job->next = q->first;
	*(q->first ? &q->first->previous : &q->last) = job;
	q->first = job;
}

static void queue_remove(struct job_queue *q, struct fetch_job *job)
{
	*(job->previous ? &job->previous->next : &q->first) = job->next;
	*(job->next ? &job->next->previous : &q->last) = job->previous;
	job->next = job->previous = NULL;
}

static struct fetch_job *queue_take(struct job_queue *q)
{
	struct fetch_job *job = q->first;

	if (job)
		queue_remove(q, job);
	return job;
}

static struct fetch_host **heap_at(struct fetch *f, size_t i)
{
	return list_at(&f->waiting, i);
}

static void heap_swap(struct fetch *f, size_t i, size_t j)
{
	struct fetch_host *host = *heap_at(f, i);

	*heap_at(f, i) = *heap_at(f, j);
	*heap_at(f, j) = host;
}

static void heap_add(struct fetch *f, struct fetch_host *host)
{
	size_t i = f->waiting.count;

	*(struct fetch_host **)list_add(&f->waiting) = host;
	while (i > 0 && (*heap_at(f, (i - 1) / 2))->next_start > (*heap_at(f, i))->next_start) {
		heap_swap(f, i, (i - 1) / 2);
		i = (i - 1) / 2;
	}
}

static struct fetch_host *heap_take(struct fetch *f)
{
	struct fetch_host *top = *heap_at(f, 0);
	size_t i = 0;

	heap_swap(f, 0, f->waiting.count - 1);
	f->waiting.count--;
	for (;;) {
		size_t least = i;

		for (size_t child = 2 * i + 1; child <= 2 * i + 2 && child < f->waiting.count;
		     child++)
			if ((*heap_at(f, child))->next_start < (*heap_at(f, least))->next_start)
				least = child;
		if (least == i)
			return top;
		heap_swap(f, i, least);
		i = least;
	}
}

/* Puts a host where it belongs, unless it is there. */
static void list_host(struct fetch *f, struct fetch_host *host)
{
	int limit = host->gap_ms > 0 && host->gap_ms > f->opt.host_gap_ms ? 1 : f->opt.max_per_host;

	if (host->listed || !host->jobs.first || host->active >= limit)
		return;
	host->listed = true;
	if (host->next_start > clock_mono_ms()) {
		heap_add(f, host);
		return;
	}
	host->next_ready = NULL;
	*(f->ready_last ? &f->ready_last->next_ready : &f->ready_first) = host;
	f->ready_last = host;
}

/* --- hosts and origins --------------------------------------------------------------------- */

static struct fetch_host *host_of(struct fetch *f, struct str name)
{
	void **place = map_get(&f->hosts, name);

	if (place)
		return *place;
	struct fetch_host *host = arena_alloc(&f->arena, sizeof(*host));
	host->name = arena_str(&f->arena, name);
	host->gap_ms = f->opt.host_gap_ms;
	host->blocked_until = TIME_UNSTATED;
	*map_put(&f->hosts, host->name) = host;
	return host;
}

static struct fetch_origin *origin_of(struct fetch *f, const struct url *u, bool allow_private)
{
	/* What a request that may reach private addresses learnt says nothing to one that may not.
	 */
	struct str key = arena_strf(&f->scratch, "%s%.*s://%.*s:%d", allow_private ? "+" : "",
				    STR_FMT(u->scheme), STR_FMT(u->host), u->port);
	void **place = map_get(&f->origins, key);

	if (place)
		return *place;
	struct fetch_origin *origin = arena_alloc(&f->arena, sizeof(*origin));
	key = arena_str(&f->arena, key);
	origin->root = str_from(key, allow_private ? 1 : 0);
	origin->fetched = TIME_UNSTATED;
	arena_init(&origin->arena);
	*map_put(&f->origins, key) = origin;
	return origin;
}

/* --- jobs ---------------------------------------------------------------------------------- */

struct fetch_job *fetch_job_new(struct str url)
{
	struct fetch_job *job = mem_alloc(sizeof(*job));

	arena_init(&job->arena);
	job->url = arena_str(&job->arena, url);
	job->max_age_ms = 0;
	return job;
}

void fetch_job_free(struct fetch_job **job)
{
	if (!*job)
		return;
	http_response_free(&(*job)->response);
	arena_fini(&(*job)->arena);
	mem_free(*job);
	*job = NULL;
}

void fetch_job_drop_body(struct fetch_job *job)
{
	job->body = (struct str){ 0 };
	if (!job->response)
		return;
	mem_free(job->response->body);
	job->response->body = NULL;
}

static void visit(struct fetch *f, struct fetch_job *job, bool first);
static void robots_ended(struct fetch *f, struct fetch_job *job);

static void end_job(struct fetch *f, struct fetch_job *job, enum fetch_outcome outcome)
{
	job->outcome = outcome;
	job->capture.url = job->url;
	job->capture.final_url = job->at;
	job->host = NULL;
	if (job->robots_of)
		robots_ended(f, job);
	else
		queue_add_last(&f->ended, job);
}

static enum fetch_outcome outcome_of(enum http_failure failure)
{
	return failure == HTTP_FAIL_FORBIDDEN ? FETCH_FORBIDDEN : FETCH_FAILED;
}

static void fail_job(struct fetch *f, struct fetch_job *job, enum fetch_outcome outcome,
		     enum http_failure failure, const char *reason)
{
	job->failure = failure;
	if (job->reason != reason)
		snprintf(job->reason, sizeof(job->reason), "%.159s", reason);
	end_job(f, job, outcome);
}

/* --- robots.txt ---------------------------------------------------------------------------- */

static void ask_robots(struct fetch *f, struct fetch_origin *origin, const struct fetch_job *from)
{
	struct str url = arena_strf(&f->scratch, "%.*s/robots.txt", STR_FMT(origin->root));
	struct fetch_job *job = fetch_job_new(url_resolve(&f->scratch, url, url));

	job->robots_of = origin;
	job->allow_private = from->allow_private;
	job->max_bytes = ROBOTS_MAX_BYTES;
	origin->state = ROBOTS_ASKED;
	visit(f, job, true);
}

/* RFC 9309 2.3.1: what is missing allows all, what cannot be reached allows nothing. */
static void robots_ended(struct fetch *f, struct fetch_job *job)
{
	struct fetch_origin *origin = job->robots_of;
	int status = job->capture.status;

	arena_reset(&origin->arena);
	origin->rules = (struct robots){ 0 };
	origin->state = ROBOTS_KNOWN;
	origin->expires = clock_mono_ms() + ROBOTS_KEPT_MS;
	origin->text = (struct str){ 0 };
	origin->fetched = clock_now();
	if (job->outcome == FETCH_GOT) {
		robots_parse(&origin->arena, job->body, S("dibao"), &origin->rules);
		if (job->body.len <= ROBOTS_TEXT_KEPT)
			origin->text = arena_str(&origin->arena, job->body);
		else
			origin->fetched = TIME_UNSTATED;
	} else if (!(status >= 400 && status < 500) && job->failure != HTTP_FAIL_REDIRECTS) {
		origin->state = ROBOTS_FAILED;
		origin->fetched = TIME_UNSTATED;
		origin->expires = clock_mono_ms() + ROBOTS_FAILED_KEPT_MS;
		origin->failure = job->failure;
		snprintf(origin->reason, sizeof(origin->reason), "%s%.140s",
			 status ? "robots.txt: " : "", job->reason);
	}
	struct fetch_job *waiting = NULL;
	while ((waiting = queue_take(&origin->waiting)))
		visit(f, waiting, false);
	fetch_job_free(&job);
}

/* --- where a job goes next ----------------------------------------------------------------- */

/* True when robots.txt lets the job go on; else it waits or has ended. */
static bool pass_robots(struct fetch *f, struct fetch_job *job, const struct url *u)
{
	if (job->robots_of || job->ignore_robots || f->opt.ignore_robots)
		return true;
	struct fetch_origin *origin = origin_of(f, u, job->allow_private);
	bool fresh = origin->expires > clock_mono_ms();
	if (origin->state == ROBOTS_ASKED || origin->state == ROBOTS_UNKNOWN || !fresh) {
		queue_add_last(&origin->waiting, job);
		if (origin->state != ROBOTS_ASKED)
			ask_robots(f, origin, job);
		return false;
	}
	if (origin->state == ROBOTS_FAILED) {
		fail_job(f, job, outcome_of(origin->failure), origin->failure, origin->reason);
		return false;
	}
	int64_t delay_ms = origin->rules.delay_ms;
	if (delay_ms > FETCH_MAX_CRAWL_DELAY_MS)
		delay_ms = FETCH_MAX_CRAWL_DELAY_MS;
	struct fetch_host *host = host_of(f, u->host);
	if (delay_ms > host->gap_ms)
		host->gap_ms = delay_ms;
	struct str path = u->query.len ? arena_strf(&f->scratch, "%.*s?%.*s", STR_FMT(u->path),
						    STR_FMT(u->query))
				       : u->path;
	if (robots_allow(&origin->rules, path))
		return true;
	fail_job(f, job, FETCH_FORBIDDEN, HTTP_FAIL_FORBIDDEN, "robots.txt forbids it");
	return false;
}

/* True when the host has asked, or shown, that it should be left alone for now; the job has then
 * ended. */
static bool host_is_away(struct fetch *f, struct fetch_job *job, struct fetch_host *host)
{
	int64_t now = clock_now();

	if (host->blocked_until != TIME_UNSTATED && host->blocked_until > now) {
		job->retry_after_ms = host->blocked_until - now;
		snprintf(job->reason, sizeof(job->reason), "%.*s asked to be left alone",
			 (int)(host->name.len > 80 ? 80 : host->name.len), host->name.ptr);
		fail_job(f, job, FETCH_LATER, HTTP_OK, job->reason);
		return true;
	}
	if (host->dead_until > clock_mono_ms()) {
		fail_job(f, job, FETCH_FAILED, host->dead_failure, host->dead_reason);
		return true;
	}
	return false;
}

static void visit(struct fetch *f, struct fetch_job *job, bool first)
{
	struct url u;
	struct err err;

	if (f->stopped) {
		end_job(f, job, FETCH_STOPPED);
		return;
	}
	if (!job->at.len)
		job->at = job->url;
	if (url_parse(&f->scratch, job->at, &u, &err) < 0) {
		fail_job(f, job, FETCH_FAILED, HTTP_FAIL_PROTOCOL, "the address is malformed");
		return;
	}
	if (!str_eq(u.scheme, S("http")) && !str_eq(u.scheme, S("https"))) {
		snprintf(job->reason, sizeof(job->reason),
			 "only http and https are fetched, not %.*s:",
			 (int)(u.scheme.len > 20 ? 20 : u.scheme.len), u.scheme.ptr);
		fail_job(f, job, FETCH_FORBIDDEN, HTTP_FAIL_FORBIDDEN, job->reason);
		return;
	}
	struct fetch_host *host = host_of(f, u.host);
	if (host_is_away(f, job, host) || !pass_robots(f, job, &u))
		return;
	job->host = host;
	if (first)
		queue_add_first(&host->jobs, job);
	else
		queue_add_last(&host->jobs, job);
	list_host(f, host);
}

void fetch_push(struct fetch *f, struct fetch_job *job)
{
	f->pending++;
	job->allow_private = job->allow_private || f->opt.allow_private;
	visit(f, job, false);
	arena_reset(&f->scratch);
}

/* --- requests ------------------------------------------------------------------------------ */

static void start(struct fetch *f, struct fetch_job *job)
{
	struct http_request req = {
		.url = job->at,
		.etag = job->etag,
		.last_modified = job->last_modified,
		.accept = job->accept,
		.body = job->post,
		.body_type = job->post_type,
		.allow_private = job->allow_private,
		.max_bytes = job->max_bytes,
		.cut_long = job->robots_of != NULL,
		.timeout_ms = f->opt.timeout_ms,
		.job = job,
	};
	struct fetch_host *host = job->host;
	struct err err;

	host->next_start = clock_mono_ms() + host->gap_ms;
	if (http_start(f->http, &req, &err) < 0) {
		fail_job(f, job, FETCH_FAILED, HTTP_FAIL_PROTOCOL, err.msg);
		return;
	}
	host->active++;
	queue_add_last(&f->active, job);
}

/* Starts what may start. */
static void pump(struct fetch *f)
{
	int64_t now = clock_mono_ms();

	while (f->waiting.count > 0 && (*heap_at(f, 0))->next_start <= now) {
		struct fetch_host *host = heap_take(f);

		host->listed = false;
		list_host(f, host);
	}
	while (f->ready_first && http_active(f->http) < (size_t)f->opt.max_connections) {
		struct fetch_host *host = f->ready_first;
		struct fetch_job *job = NULL;

		f->ready_first = host->next_ready;
		if (!f->ready_first)
			f->ready_last = NULL;
		host->listed = false;
		while ((job = queue_take(&host->jobs)) && host_is_away(f, job, host))
			;
		if (job)
			start(f, job);
		list_host(f, host);
	}
}

/* --- answers ------------------------------------------------------------------------------- */

static int64_t cap_ms(int64_t ms, int64_t max)
{
	return ms < 0 ? 0 : ms > max ? max : ms;
}

static int64_t retry_after(const struct http_response *r)
{
	struct str value = http_header(r, "Retry-After");
	struct date date;
	int64_t seconds = 0;

	if (value.len == 0)
		return 0;
	if (str_to_i64(value, 0, FETCH_MAX_RETRY_AFTER_MS / 1000, &seconds))
		return seconds * 1000;
	if (ch_is_digit(value.ptr[0]) && str_find_ch(value, ' ') == STR_NONE)
		return FETCH_MAX_RETRY_AFTER_MS; /* more than we keep */
	if (date_parse(value, 0, &date))
		return cap_ms(date.ms - clock_now(), FETCH_MAX_RETRY_AFTER_MS);
	return 0;
}

static int64_t max_age(const struct http_response *r)
{
	struct str control = http_header(r, "Cache-Control"), part;
	struct date expires, date;
	int64_t seconds = 0;

	while (str_split(&control, ',', &part)) {
		part = str_trim(part);
		if (str_eq_nocase(part, S("no-cache")) || str_eq_nocase(part, S("no-store")))
			return 0;
		if (str_has_prefix_nocase(part, S("max-age=")) &&
		    str_to_i64(str_from(part, 8), 0, INT32_MAX, &seconds))
			return cap_ms(seconds * 1000, MAX_AGE_MS);
	}
	if (date_parse(http_header(r, "Expires"), 0, &expires) &&
	    date_parse(http_header(r, "Date"), 0, &date))
		return cap_ms(expires.ms - date.ms, MAX_AGE_MS);
	return 0;
}

static void note_dead(struct fetch_host *host, const struct http_response *r)
{
	bool dead = r->failure == HTTP_FAIL_DNS || r->failure == HTTP_FAIL_CONNECT ||
		    (r->failure == HTTP_FAIL_TIMEOUT && r->status == 0);

	if (!dead) {
		host->dead_in_a_row = 0;
		return;
	}
	if (++host->dead_in_a_row < DEAD_AFTER)
		return;
	host->dead_until = clock_mono_ms() + DEAD_FOR_MS;
	host->dead_failure = r->failure;
	snprintf(host->dead_reason, sizeof(host->dead_reason), "%.119s", r->reason);
}

static bool is_redirect(int status)
{
	return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

static bool is_on_trail(const struct fetch_job *job, struct str url)
{
	for (size_t i = 0; i < job->trail.count; i++)
		if (str_eq(job->trail.items[i], url))
			return true;
	return str_eq(job->at, url);
}

/* Goes where the answer points, or ends the job. */
static void follow(struct fetch *f, struct fetch_job *job)
{
	struct str location = http_header(job->response, "Location");
	int status = job->response->status;

	if (location.len == 0) {
		snprintf(job->reason, sizeof(job->reason), "%d without an address to go to",
			 status);
		fail_job(f, job, FETCH_FAILED, HTTP_FAIL_REDIRECTS, job->reason);
		return;
	}
	if (job->post.len && status != 307 && status != 308) {
		snprintf(job->reason, sizeof(job->reason), "%d to a POST", status);
		fail_job(f, job, FETCH_FAILED, HTTP_FAIL_REDIRECTS, job->reason);
		return;
	}
	struct str to = url_resolve(&job->arena, job->at, location);
	to = arena_str(&job->arena, str_sub(to, 0, str_find_ch(to, '#')));
	if (!job->trail.items)
		job->trail.items =
			arena_array(&job->arena, FETCH_MAX_REDIRECTS, sizeof(struct str));
	if (is_on_trail(job, to)) {
		fail_job(f, job, FETCH_FAILED, HTTP_FAIL_REDIRECTS, "it redirects in a circle");
		return;
	}
	if (job->trail.count == FETCH_MAX_REDIRECTS) {
		snprintf(job->reason, sizeof(job->reason), "more than %d redirects",
			 FETCH_MAX_REDIRECTS);
		fail_job(f, job, FETCH_FAILED, HTTP_FAIL_REDIRECTS, job->reason);
		return;
	}
	job->only_permanent =
		(job->trail.count == 0 || job->only_permanent) && (status == 301 || status == 308);
	job->trail.items[job->trail.count++] = job->at;
	job->at = to;
	http_response_free(&job->response);
	visit(f, job, true);
}

static void set_capture(struct fetch_job *job)
{
	struct http_response *r = job->response;
	struct capture *c = &job->capture;

	c->fetched = r->finished;
	c->status = r->status;
	c->headers = str_of(r->headers);
	c->content_type = http_header(r, "Content-Type");
	c->etag = http_header(r, "ETag");
	c->last_modified = http_header(r, "Last-Modified");
	job->wire_bytes += r->wire_bytes;
}

/* A host that says when is believed; one 503 that does not may be that of a single broken page. */
static void leave_alone(struct fetch_host *host, struct fetch_job *job)
{
	host->busy_in_a_row++;
	job->retry_after_ms = retry_after(job->response);
	if (job->retry_after_ms > 0)
		host->blocked_until = clock_now() + job->retry_after_ms;
	else if (job->response->status == 429 || host->busy_in_a_row >= BUSY_AFTER)
		host->blocked_until = clock_now() + BUSY_FOR_MS;
}

static void take_answer(struct fetch *f, struct fetch_job *job, struct fetch_host *host)
{
	struct http_response *r = job->response;
	bool asked = job->etag.len || job->last_modified.len;

	set_capture(job);
	if (r->failure != HTTP_OK) {
		job->capture.status = 0;
		fail_job(f, job, outcome_of(r->failure), r->failure, r->reason);
		return;
	}
	job->max_age_ms = max_age(r);
	if (r->status < 500)
		host->busy_in_a_row = 0;
	if (is_redirect(r->status)) {
		follow(f, job);
		return;
	}
	job->moved_for_good = job->trail.count > 0 && job->only_permanent;
	if (r->status == 304 && asked) {
		end_job(f, job, FETCH_SAME);
		return;
	}
	if (r->status >= 200 && r->status < 300) {
		job->body = str_n(r->body, r->body_len);
		job->capture.body_bytes = (int64_t)r->body_len;
		end_job(f, job, FETCH_GOT);
		return;
	}
	if (r->status == 429 || r->status == 503)
		leave_alone(host, job);
	snprintf(job->reason, sizeof(job->reason), "%d from %.*s%s", r->status,
		 (int)(host->name.len > 80 ? 80 : host->name.len), host->name.ptr,
		 r->status == 304 ? " to a request without validators" : "");
	fail_job(f, job, r->status == 410 ? FETCH_GONE : FETCH_FAILED, HTTP_OK, job->reason);
}

static void take_response(struct fetch *f, struct http_response *r)
{
	struct fetch_job *job = r->job;
	struct fetch_host *host = job->host;

	queue_remove(&f->active, job);
	host->active--;
	job->response = r;
	note_dead(host, r);
	take_answer(f, job, host);
	list_host(f, host);
}

struct fetch_job *fetch_wait(struct fetch *f, int timeout_ms)
{
	int64_t deadline = clock_mono_ms() + timeout_ms;

	for (;;) {
		pump(f);
		arena_reset(&f->scratch);
		struct fetch_job *job = queue_take(&f->ended);
		if (job) {
			f->pending--;
			return job;
		}
		int64_t now = clock_mono_ms(), until = deadline;
		if (f->waiting.count > 0 && (*heap_at(f, 0))->next_start < until)
			until = (*heap_at(f, 0))->next_start;
		struct http_response *r = http_wait(f->http, until > now ? (int)(until - now) : 0);
		if (r)
			take_response(f, r);
		else if (until == deadline || clock_mono_ms() < until)
			return NULL; /* the time is up, or somebody woke us */
	}
}

size_t fetch_pending(const struct fetch *f)
{
	return f->pending;
}

void fetch_wake(struct fetch *f)
{
	http_wake(f->http);
}

/* --- life ---------------------------------------------------------------------------------- */

static int open_http(struct fetch *f, struct err *err)
{
	struct http_options opt = {
		.user_agent = f->opt.user_agent,
		.max_connections = f->opt.max_connections,
		.max_per_host = f->opt.max_per_host,
		.proxy = f->opt.proxy,
	};

	return http_open(&opt, &f->http, err);
}

int fetch_open(const struct fetch_options *opt, struct fetch **out, struct err *err)
{
	struct fetch *f = mem_alloc(sizeof(*f));

	*out = NULL;
	f->opt = *opt;
	if (f->opt.max_connections < 1)
		f->opt.max_connections = 1;
	if (f->opt.max_per_host < 1)
		f->opt.max_per_host = 1;
	if (open_http(f, err) < 0) {
		mem_free(f);
		return err->code;
	}
	arena_init(&f->arena);
	arena_init(&f->scratch);
	map_init(&f->hosts);
	map_init(&f->origins);
	list_init(&f->waiting, sizeof(struct fetch_host *));
	*out = f;
	return 0;
}

void fetch_stop(struct fetch *f)
{
	struct fetch_job *job = NULL;

	f->stopped = true;
	http_cancel(f->http);
	while ((job = queue_take(&f->active)))
		end_job(f, job, FETCH_STOPPED);
	for (size_t i = 0; i < f->hosts.cap; i++) {
		struct fetch_host *host = f->hosts.slots[i].used ? f->hosts.slots[i].value : NULL;

		while (host && (job = queue_take(&host->jobs)))
			end_job(f, job, FETCH_STOPPED);
	}
	for (size_t i = 0; i < f->origins.cap; i++) {
		struct fetch_origin *origin =
			f->origins.slots[i].used ? f->origins.slots[i].value : NULL;

		while (origin && (job = queue_take(&origin->waiting)))
			end_job(f, job, FETCH_STOPPED);
	}
}

void fetch_drain(struct fetch *f)
{
	if (!f)
		return;
	fetch_stop(f);
	while (fetch_pending(f)) {
		struct fetch_job *job = fetch_wait(f, DRAIN_MS);

		fetch_job_free(&job);
	}
}

void fetch_close(struct fetch **f)
{
	struct fetch_job *job = NULL;

	if (!*f)
		return;
	fetch_stop(*f);
	while ((job = queue_take(&(*f)->ended)))
		fetch_job_free(&job);
	for (size_t i = 0; i < (*f)->origins.cap; i++)
		if ((*f)->origins.slots[i].used)
			arena_fini(&((struct fetch_origin *)(*f)->origins.slots[i].value)->arena);
	http_close(&(*f)->http);
	list_fini(&(*f)->waiting);
	map_fini(&(*f)->hosts);
	map_fini(&(*f)->origins);
	arena_fini(&(*f)->arena);
	arena_fini(&(*f)->scratch);
	mem_free(*f);
	*f = NULL;
}

/* --- what is kept between two runs --------------------------------------------------------- */

bool fetch_wants_robots(struct fetch *f, struct arena *a, struct str url, bool allow_private,
			struct str *name)
{
	struct url u;
	struct err err;
	bool wanted = false;

	if (!f->opt.ignore_robots && url_parse(&f->scratch, url, &u, &err) == 0 && u.host.len) {
		allow_private = allow_private || f->opt.allow_private;
		struct fetch_origin *origin = origin_of(f, &u, allow_private);

		wanted = origin->state == ROBOTS_UNKNOWN;
		if (wanted)
			*name = arena_strf(a, "%s%.*s", allow_private ? "+" : "",
					   STR_FMT(origin->root));
	}
	arena_reset(&f->scratch);
	return wanted;
}

void fetch_give_robots(struct fetch *f, const struct fetch_wish *wish)
{
	void **place = map_get(&f->origins, wish->name);
	struct fetch_origin *origin = place ? *place : NULL;
	int64_t age = clock_now() - wish->when;

	if (!origin || origin->state != ROBOTS_UNKNOWN || age < 0 || age >= ROBOTS_KEPT_MS)
		return;
	robots_parse(&origin->arena, wish->robots, S("dibao"), &origin->rules);
	origin->state = ROBOTS_KNOWN;
	origin->expires = clock_mono_ms() + ROBOTS_KEPT_MS - age;
}

void fetch_give_host(struct fetch *f, const struct fetch_wish *wish)
{
	struct fetch_host *host = host_of(f, wish->name);

	if (host->blocked_until == TIME_UNSTATED || wish->when > host->blocked_until)
		host->blocked_until = wish->when;
}

bool fetch_learnt_robots(struct fetch *f, size_t *at, struct fetch_wish *out)
{
	while (*at < f->origins.cap) {
		const struct map_slot *slot = &f->origins.slots[(*at)++];
		const struct fetch_origin *origin = slot->value;

		if (!slot->used || origin->fetched == TIME_UNSTATED)
			continue;
		*out = (struct fetch_wish){ slot->key, origin->text, origin->fetched };
		return true;
	}
	return false;
}

bool fetch_learnt_host(struct fetch *f, size_t *at, struct fetch_wish *out)
{
	while (*at < f->hosts.cap) {
		const struct map_slot *slot = &f->hosts.slots[(*at)++];
		const struct fetch_host *host = slot->value;

		if (!slot->used || host->blocked_until == TIME_UNSTATED)
			continue;
		*out = (struct fetch_wish){ .name = host->name, .when = host->blocked_until };
		return true;
	}
	return false;
}
