/* dibao serve: the site and its search over HTTP, until Ctrl-C. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/thread.h"
#include "cmd/cmd.h"
#include "serve/serve.h"

const struct cmd_option cmd_serve_options[] = {
	{ "listen", OPTION_TEXT, "ADDR:PORT",
	  "listen there (127.0.0.1:8080; port 0: any that is free)" },
	{ 0 },
};

static void print_address(const char *listen, int port)
{
	const char *colon = strrchr(listen, ':');
	int len = colon ? (int)(colon - listen) : 0;

	/* What listens everywhere is reached here by the loopback address. */
	if (len == 0 || strncmp(listen, "0.0.0.0", 7) == 0)
		printf("http://127.0.0.1:%d/\n", port);
	else if (strncmp(listen, "[::]", 4) == 0)
		printf("http://[::1]:%d/\n", port);
	else
		printf("http://%.*s:%d/\n", len, listen, port);
	fflush(stdout);
}

int cmd_serve(struct cmd_context *ctx, int argc, char **argv)
{
	struct serve_options opt = { .threads = thread_cpus() };
	struct timespec step = { 0, 100000000 };
	struct cmd_args args;
	struct config config;
	struct store *store;
	struct serve *serve;
	struct err err;
	int status = cmd_options(ctx, argc, argv, &args);

	if (status >= 0)
		return status;
	if (args.word_count)
		return cmd_usage(ctx, "no argument is taken: %s", args.words[0]);
	/* The store is opened once here, so that what is wrong with it is said as by every command.
	 */
	if ((status = cmd_config(ctx, &config)) >= 0 ||
	    (status = cmd_store(ctx, &config, false, &store)) >= 0)
		return status;
	store_close(&store);
	cmd_site(ctx, &config, &opt.site);
	opt.store.where = cmd_path(ctx, config.store);
	opt.listen = cmd_text(&args, "listen");
	if (!opt.listen)
		opt.listen = arena_cstr(ctx->arena, config.listen);
	if (serve_open(&opt, &serve, &err) < 0)
		return cmd_fail(&err);
	print_address(opt.listen, serve_port(serve));
	while (!*ctx->stop)
		nanosleep(&step, NULL);
	serve_close(&serve);
	return EXIT_DONE;
}
