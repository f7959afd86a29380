/*
 * pipeline - stages, queues and workers: the only place where stages meet.
 *
 * The caller's thread runs the network, a worker a core parses and extracts, one writer owns the
 * store. pipeline_update runs until everything that was due is stored; what is counted is durable.
 * A source's validators are committed with its articles or after them, so that no 304 ever hides
 * what was not stored.
 */
#ifndef DIBAO_RUN_PIPELINE_H
#define DIBAO_RUN_PIPELINE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "blob/blob.h"
#include "fetch/fetch.h"
#include "model.h"
#include "store/store.h"

struct pipeline_counts {
	int64_t sources; /* due, or pushed */
	int64_t pushes;  /* stored */
	int64_t sources_done, sources_failed, not_modified;
	int64_t entries, pages, pages_failed;
	int64_t articles_new, articles_revised;
	int64_t bytes; /* as transferred */
};

/* A source that could not be fetched or read. Strings are borrowed during the call. */
struct pipeline_failure {
	struct str key, reason;
	int64_t next_due;
	bool stopped; /* 410: it is not fetched any more */
};

/* A feed, or what is new of it, that came to us. */
struct pipeline_push {
	struct str source; /* key */
	struct str body, content_type;
	int64_t received;
	int64_t until; /* its hub tells of changes until then; 0: it has not promised to */
	void *owner;   /* the caller's */
};

struct pipeline_options {
	const struct source *sources;
	size_t source_count;
	bool now;   /* what is not due too */
	bool named; /* somebody asked for just these: those that were stopped too */
	const struct pipeline_push
		*pushes; /* at most one a source; stored as if it had been fetched */
	size_t push_count;
	struct fetch_options fetch;
	size_t max_feed_bytes, max_page_bytes;
	struct store_options store;
	const char *blobs;
	const atomic_int *stop; /* not 0: end soon, losing nothing; may be NULL */
	/* Called on the caller's thread; both may be NULL. */
	void (*tell)(void *arg, const struct pipeline_counts *counts); /* a few times a second */
	void (*fail)(void *arg, const struct pipeline_failure *failure);
	void *arg;
};

/* 0; failures of single sources are told, counted, and stand in the store. */
int pipeline_update(const struct pipeline_options *opt, struct pipeline_counts *out,
		    struct err *err);

#endif
