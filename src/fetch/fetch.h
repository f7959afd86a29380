/*
 * fetch - from an address to a capture, politely: conditional GET, per-host gaps and limits,
 * robots.txt, redirects, Retry-After.
 *
 * One struct fetch belongs to the network thread. It never asks the store: validators come inside
 * the job. A redirect is one more request: its host is waited for, its robots.txt asked, its
 * address checked.
 */
#ifndef DIBAO_FETCH_FETCH_H
#define DIBAO_FETCH_FETCH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "model.h"
#include "net/http.h"

enum {
	FETCH_MAX_REDIRECTS = 10,
	FETCH_MAX_RETRY_AFTER_MS =
		7 * 24 * 3600 * 1000, /* a host that asks for longer gets a week */
	FETCH_MAX_CRAWL_DELAY_MS = 60 * 1000
};

struct fetch;

struct fetch_options {
	const char *user_agent;
	int max_connections;
	int max_per_host;
	int timeout_ms; /* of one request; 0: a minute */
	int64_t host_gap_ms;
	bool allow_private;
	bool ignore_robots;
	const char *proxy;
};

enum fetch_outcome {
	FETCH_GOT,       /* capture and body */
	FETCH_SAME,      /* 304 to our validators */
	FETCH_FAILED,    /* `reason`; capture.status where the host said one */
	FETCH_GONE,      /* 410 */
	FETCH_FORBIDDEN, /* by robots.txt, or an address that is not fetched from */
	FETCH_LATER,     /* the host wants to be left alone: retry_after_ms */
	FETCH_STOPPED    /* fetch_stop came first */
};

/* One thing to fetch; it owns its arena, and belongs to fetch until it comes back. */
struct fetch_job {
	struct arena arena;
	struct str url;                 /* borrowed from whoever pushes, or in the arena */
	struct str etag, last_modified; /* the same */
	struct str accept;
	struct str post, post_type; /* not empty: a POST; the same */
	bool allow_private;
	bool ignore_robots;
	size_t max_bytes;
	void *owner; /* the caller's */
	/* the result */
	enum fetch_outcome outcome;
	enum http_failure failure;
	char reason[160];       /* what failed, for status: "403 from example.org" */
	int64_t retry_after_ms; /* 0: the host said nothing */
	bool moved_for_good;    /* redirected, and each time by a 301 or 308 */
	int64_t max_age_ms;     /* Cache-Control, Expires; 0: nothing said */
	struct capture capture; /* body hash not yet set */
	struct str body;        /* lives as long as the job */
	size_t wire_bytes;
	/* fetch's own */
	struct http_response *response;
	struct fetch_job *next, *previous;
	struct fetch_host *host;
	struct fetch_origin *robots_of; /* a request for robots.txt itself */
	struct str at;                  /* where redirects led so far */
	struct strs trail;
	bool only_permanent;
};

int fetch_open(const struct fetch_options *opt, struct fetch **out, struct err *err);
/* Every job must have come back: fetch_drain sees to it. */
void fetch_close(struct fetch **f);
/* Ends everything inside and frees the jobs as they come back; takes NULL. */
void fetch_drain(struct fetch *f);
struct fetch_job *fetch_job_new(struct str url); /* url is copied */
void fetch_job_free(struct fetch_job **job);
/* Lets go of the body, which may be large, before the job itself. */
void fetch_job_drop_body(struct fetch_job *job);

/* Hands the job over; it waits inside until its host may be asked. */
void fetch_push(struct fetch *f, struct fetch_job *job);
/* A job that has ended, or NULL after timeout_ms or fetch_wake. */
struct fetch_job *fetch_wait(struct fetch *f, int timeout_ms);
size_t fetch_pending(const struct fetch *f); /* pushed and not yet come back */
void fetch_wake(struct fetch *f);            /* any thread */
/* Ends everything: jobs inside come back as FETCH_STOPPED. */
void fetch_stop(struct fetch *f);

/*
 * What hosts asked of us, to be kept between two runs: robots.txt by origin, and until when
 * (clock_now) a host wants to be left alone. An origin's name is fetch's own, to be given back as
 * it was.
 */
struct fetch_wish {
	struct str name; /* of the origin or the host */
	struct str robots;
	int64_t when; /* robots.txt was fetched, or the host may be asked again */
};
/* True, and *name in a, where the robots.txt of url's origin is wanted and not known yet. */
bool fetch_wants_robots(struct fetch *f, struct arena *a, struct str url, bool allow_private,
			struct str *name);
void fetch_give_robots(struct fetch *f, const struct fetch_wish *wish);
void fetch_give_host(struct fetch *f, const struct fetch_wish *wish);
/* Those learnt since fetch_open, one a call, from *at = 0; borrowed. False: no more. */
bool fetch_learnt_robots(struct fetch *f, size_t *at, struct fetch_wish *out);
bool fetch_learnt_host(struct fetch *f, size_t *at, struct fetch_wish *out);

#endif
