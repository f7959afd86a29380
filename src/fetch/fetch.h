/*
 * fetch - from an address to a capture, politely: conditional GET, per-host gaps and limits, robots.txt, back-off.
 *
 * One struct fetch belongs to the network thread. It never asks the store: validators come inside the job.
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

struct fetch;

struct fetch_options {
	const char *user_agent;
	int max_connections;
	int max_per_host;
	int64_t host_gap_ms;
	bool allow_private;
	bool ignore_robots;
	const char *proxy;
};

/* One thing to fetch; it owns its arena, and belongs to fetch until it comes back. */
struct fetch_job {
	struct arena arena;
	struct str url, etag, last_modified;
	bool allow_private;
	bool ignore_robots;
	size_t max_bytes;
	void *owner;                /* the caller's */
	/* the result */
	enum http_failure failure;
	char reason[160];           /* what failed, for status: "403 from host" */
	int64_t retry_after_ms;     /* 0: the host said nothing */
	bool not_modified;
	bool moved_for_good;
	int64_t max_age_ms;         /* Cache-Control, Expires; 0: nothing said */
	struct capture capture;     /* body hash not yet set */
	struct str body;            /* in the arena */
};

int fetch_open(const struct fetch_options *opt, struct fetch **out, struct err *err);
void fetch_close(struct fetch **f);
struct fetch_job *fetch_job_new(struct str url);
void fetch_job_free(struct fetch_job **job);

/* Hands the job over; it waits inside until its host may be asked. */
void fetch_push(struct fetch *f, struct fetch_job *job);
/* A job that has ended, or NULL after timeout_ms. */
struct fetch_job *fetch_wait(struct fetch *f, int timeout_ms);
size_t fetch_pending(const struct fetch *f); /* pushed and not yet come back */
void fetch_wake(struct fetch *f);            /* any thread */

#endif
