/* dibao run: not built yet, and says so. */
#include <stdio.h>

#include "cmd/cmd.h"

const struct cmd_option cmd_run_options[] = { { 0 } };

int cmd_run(struct cmd_context *ctx, int argc, char **argv)
{
	struct cmd_args args;
	int status = cmd_options(ctx, argc, argv, &args);

	if (status >= 0)
		return status;
	fprintf(stderr, "dibao: run comes in a later release; until then let cron or a timer start "
			"`dibao update` "
			"and `dibao build`, and keep `dibao serve` running\n");
	return EXIT_USAGE;
}
