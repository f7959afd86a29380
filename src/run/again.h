/*
 * again - articles made anew from the captures that are kept, with today's extractor.
 *
 * A text that changes because we changed is no revision of the publisher's: it takes the place of
 * the newest one. What today's extractor finds no article in stays as it is.
 */
#ifndef DIBAO_RUN_AGAIN_H
#define DIBAO_RUN_AGAIN_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "blob/blob.h"
#include "model.h"
#include "store/store.h"

struct again_counts {
	int64_t articles; /* looked at */
	int64_t changed;
	int64_t failed;          /* no article is found in what is kept */
	int64_t without_capture; /* nothing is kept to read */
	int64_t all;             /* to be looked at */
};

struct again_options {
	const struct source *sources; /* their zone, keep and drop hold */
	size_t source_count;
	const struct str *only; /* keys of the sources whose articles are looked at; none: all */
	size_t only_count;
	const int64_t *ids; /* just these articles, where there are any */
	size_t id_count;
	struct store_options store; /* for writing */
	const char *blobs;
	/* As remaker_new takes it. */
	struct str (*markup_of_import)(struct arena *a, const struct capture *c, struct str bytes);
	const atomic_int *stop;
	void (*tell)(void *arg, const struct again_counts *counts);             /* may be NULL */
	void (*fail)(void *arg, const struct article *art, const char *reason); /* may be NULL */
	void *arg;
};

/* What was committed stays where it stops early; a second run finds it unchanged. */
int again_run(const struct again_options *opt, struct again_counts *out, struct err *err);

#endif
