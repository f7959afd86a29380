/*
 * pipeline - stages, queues and workers: the only place where stages meet.
 *
 * One network thread, a worker a core, one writer; bounded queues between them. pipeline_update
 * runs until everything that was due is stored.
 */
#ifndef DIBAO_RUN_PIPELINE_H
#define DIBAO_RUN_PIPELINE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "blob/blob.h"
#include "fetch/fetch.h"
#include "model.h"
#include "store/store.h"

struct pipeline_counts {
	int64_t sources, sources_done, sources_failed, not_modified;
	int64_t entries, pages, pages_failed;
	int64_t articles_new, articles_revised;
	int64_t bytes;
};

struct pipeline_options {
	const struct source *sources;
	size_t source_count;
	bool now;                 /* what is not due too */
	struct fetch_options fetch;
	size_t max_feed_bytes, max_page_bytes;
	struct store_options store;
	const char *blobs;
	const volatile int *stop; /* not 0: end soon, losing nothing */
	void (*tell)(void *arg, const struct pipeline_counts *counts); /* may be NULL */
	void *arg;
};

/* 0; failures of single sources are counted, logged, and stand in the store. */
int pipeline_update(const struct pipeline_options *opt, struct pipeline_counts *out,
		    struct err *err);

#endif
