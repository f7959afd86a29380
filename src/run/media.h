/*
 * media - keeps the pictures articles show, so that a mirror's pages ask no other host for
 * anything.
 *
 * After an update: articles that changed are looked through, what they show is fetched under the
 * same politeness as everything else, and kept as blobs. One thread; memory is bounded by
 * MEDIA_AT_ONCE pictures of max_bytes.
 */
#ifndef DIBAO_RUN_MEDIA_H
#define DIBAO_RUN_MEDIA_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "blob/blob.h"
#include "fetch/fetch.h"
#include "model.h"
#include "store/store.h"

enum { MEDIA_AT_ONCE = 16, MEDIA_PER_ARTICLE = 60, MEDIA_MAX_TRIES = 5 };

struct media_counts {
	int64_t due, kept, failed;
	int64_t bytes; /* of what is kept */
};

struct media_options {
	const struct source *sources; /* their allow_private holds for their pictures */
	size_t source_count;
	struct fetch_options fetch;
	size_t max_bytes; /* of one picture */
	struct store_options store;
	const char *blobs;
	const atomic_int *stop; /* not 0: end soon, losing nothing */
	void (*tell)(void *arg, const struct media_counts *counts); /* may be NULL */
	void *arg;
};

/* 0; a picture that cannot be had is counted, tried again later, and given up after
 * MEDIA_MAX_TRIES. */
int media_update(const struct media_options *opt, struct media_counts *out, struct err *err);

#endif
