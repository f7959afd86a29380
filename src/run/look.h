/*
 * look - looks again at articles on a widening schedule, so that edits and deletions do not go
 * unseen.
 *
 * An edit of title or text is a revision; what changes around the article is none. Gone (404, 410,
 * led to the front page, or a page that has become an error page) on two looks a day apart is
 * marked gone; what comes back is marked back. Politely: under fetch's rules, LOOK_AT_ONCE at a
 * time, with validators.
 */
#ifndef DIBAO_RUN_LOOK_H
#define DIBAO_RUN_LOOK_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "blob/blob.h"
#include "fetch/fetch.h"
#include "model.h"
#include "store/store.h"

enum { LOOK_AT_ONCE = 32, LOOK_STEPS = 6 };

/* After publication; what is found older than the last is not looked at again. */
extern const int64_t look_after_ms[LOOK_STEPS]; /* 1 h, 6 h, 1 d, 3 d, 7 d, 30 d */

struct look_counts {
	int64_t looked, unchanged, edited, gone, back, failed;
	int64_t bytes;
};

struct look_options {
	const struct source *sources;
	size_t source_count;
	struct fetch_options fetch;
	size_t max_bytes; /* of one page */
	struct store_options store;
	const char *blobs;
	int64_t began; /* of the update it is part of: an edit seen since then is the same edit */
	const atomic_int *stop; /* not 0: end soon, losing nothing */
	void (*tell)(void *arg, const struct look_counts *counts); /* may be NULL */
	void *arg;
};

int look_update(const struct look_options *opt, struct look_counts *out, struct err *err);

#endif
