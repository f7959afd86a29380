/* dibao build */
#include "cmd/cmd.h"

const struct cmd_option cmd_build_options[] = { { 0 } };

int cmd_build(struct cmd_context *ctx, int argc, char **argv)
{
	(void)argc;
	(void)argv;
	return cmd_usage(ctx, "not built yet");
}
