/* dibao completion */
#include "cmd/cmd.h"

const struct cmd_option cmd_completion_options[] = { { 0 } };

int cmd_completion(struct cmd_context *ctx, int argc, char **argv)
{
	(void)argc;
	(void)argv;
	return cmd_usage(ctx, "not built yet");
}
