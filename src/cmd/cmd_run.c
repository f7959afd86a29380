/* dibao run */
#include "cmd/cmd.h"

const struct cmd_option cmd_run_options[] = { { 0 } };

int cmd_run(struct cmd_context *ctx, int argc, char **argv)
{
	(void)argc;
	(void)argv;
	return cmd_usage(ctx, "not built yet");
}
