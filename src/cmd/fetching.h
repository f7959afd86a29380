/* fetching - what commands that fetch have in common. */
#ifndef DIBAO_CMD_FETCHING_H
#define DIBAO_CMD_FETCHING_H

#include "cmd/cmd.h"
#include "run/pipeline.h"

struct fetch_options cmd_fetch_options(struct cmd_context *ctx, const struct config *config);

/* "14:10", or with the day when that is not today, in the mirror's zone; in a. */
struct str cmd_when(struct arena *a, int64_t when, int zone_min);

#endif
