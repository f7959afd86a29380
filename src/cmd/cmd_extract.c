/* dibao extract */
#include "cmd/cmd.h"

const struct cmd_option cmd_extract_options[] = { { 0 } };

int cmd_extract(struct cmd_context *ctx, int argc, char **argv)
{
	(void)argc;
	(void)argv;
	return cmd_usage(ctx, "not built yet");
}
