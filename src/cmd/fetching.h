/* fetching - what commands that fetch have in common. */
#ifndef DIBAO_CMD_FETCHING_H
#define DIBAO_CMD_FETCHING_H

#include "cmd/cmd.h"
#include "run/look.h"
#include "run/media.h"
#include "run/pipeline.h"

struct fetch_options cmd_fetch_options(struct cmd_context *ctx, const struct config *config);

/* One update: feeds and the pages they name, articles whose time has come for another look,
 * pictures. */
struct updating {
	const struct source *sources;
	size_t source_count;
	bool now;   /* what is not due too */
	bool named; /* the sources were named by the operator */
	const struct pipeline_push *pushes;
	size_t push_count;
	/* Told a few times a second; each may be NULL. */
	void (*tell_feeds)(void *arg, const struct pipeline_counts *counts);
	void (*tell_looks)(void *arg, const struct look_counts *counts);
	void (*tell_pictures)(void *arg, const struct media_counts *counts);
	void (*fail)(void *arg, const struct pipeline_failure *failure);
	void *arg;
	/* the result */
	struct pipeline_counts feeds;
	struct look_counts looks;
	struct media_counts pictures;
};
/* Under the mirror's lock. Ends early, losing nothing, where ctx->stop says so. */
int cmd_update_all(struct cmd_context *ctx, const struct config *config, struct updating *up,
		   struct err *err);

/* "14:10", or with the day when that is not today, in the mirror's zone; in a. */
struct str cmd_when(struct arena *a, int64_t when, int zone_min);

#endif
