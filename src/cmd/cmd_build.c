/* dibao build: the static site, only what changed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "cmd/cmd.h"
#include "site/site.h"
#include "store/store.h"

const struct cmd_option cmd_build_options[] = {
	{ "out", OPTION_TEXT, "DIR", "write the site there (site, in the mirror)" },
	{ "base-url", OPTION_TEXT, "URL", "the address it will have, instead of the setting's" },
	{ 0 },
};

void cmd_site(struct cmd_context *ctx, const struct config *config, struct site_options *out)
{
	*out = (struct site_options){
		.title = config->title,
		.subtitle = config->subtitle,
		.language = config->language,
		.author = config->author,
		.base_url = config->base_url,
		.comments = config->comments,
		.theme_dir = str_of(cmd_path(ctx, config->theme.len ? config->theme : S("theme"))),
		.blobs = cmd_path(ctx, config->blobs),
		.zone_min = config->zone_min,
		.noindex = config->noindex,
		.packed = config->gzip,
		.offline = config->offline,
		.no_search = !config->site_search,
	};
}

static void tell(void *arg, int64_t done, int64_t all)
{
	(void)arg;
	fprintf(stderr, "\rbuilding: %lld of %lld articles", (long long)done, (long long)all);
}

static void clear_line(const struct cmd_context *ctx)
{
	if (ctx->progress)
		fprintf(stderr, "\r\033[K");
}

int cmd_build(struct cmd_context *ctx, int argc, char **argv)
{
	struct site_progress progress = { .tell = ctx->progress ? tell : NULL, .stop = ctx->stop };
	struct site_options opt;
	struct site_built built;
	struct cmd_args args;
	struct config config;
	struct store *store;
	struct site *site = NULL;
	struct err err;
	int status = cmd_options(ctx, argc, argv, &args);

	if (status >= 0)
		return status;
	if (args.word_count)
		return cmd_usage(ctx, "no argument is taken: %s", args.words[0]);
	if ((status = cmd_config(ctx, &config)) >= 0 ||
	    (status = cmd_store(ctx, &config, false, &store)) >= 0)
		return status;
	cmd_site(ctx, &config, &opt);
	if (cmd_text(&args, "base-url"))
		opt.base_url = str_of(cmd_text(&args, "base-url"));
	/* As on the command line: a folder named there is seen from where one stands, not from the
	 * mirror. */
	const char *out = cmd_text(&args, "out");
	if (!out)
		out = cmd_path(ctx, S("site"));
	int rc = site_open(&opt, store, &site, &err);
	if (rc == 0)
		rc = site_build(site, out, &progress, &built, &err);
	clear_line(ctx);
	site_close(&site);
	store_close(&store);
	if (rc < 0 && ctx->stop && *ctx->stop) {
		fprintf(stderr, "dibao: %s\n", err.msg);
		return EXIT_FAILED;
	}
	if (rc < 0)
		return cmd_fail(&err);
	printf("%s: %lld written, %lld unchanged, %lld removed\n", out, (long long)built.written,
	       (long long)built.unchanged, (long long)built.removed);
	return EXIT_DONE;
}
