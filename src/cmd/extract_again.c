/* dibao extract --again - the mirror's articles made anew from the captures it has kept. */
#include <stdio.h>

#include "base/clock.h"
#include "cmd/cmd.h"
#include "exchange/exchange.h"
#include "run/again.h"

struct shown {
	struct cmd_context *ctx;
	int64_t started;
	bool line; /* a line of progress stands on the terminal */
};

static void clear_line(struct shown *s)
{
	if (s->line)
		fprintf(stderr, "\r\033[K");
	s->line = false;
}

static void tell(void *arg, const struct again_counts *n)
{
	struct shown *s = arg;
	double seconds = (double)(clock_mono_ms() - s->started) / 1000;

	if (!s->ctx->progress || seconds <= 0 || n->articles % 16)
		return;
	double rate = (double)n->articles / seconds;
	fprintf(stderr,
		"\r\033[K%lld of %lld articles, %lld changed, %lld failed, %.0f a second, %.0f s "
		"left",
		(long long)n->articles, (long long)n->all, (long long)n->changed,
		(long long)n->failed, rate, rate > 0 ? (double)(n->all - n->articles) / rate : 0.0);
	fflush(stderr);
	s->line = true;
}

static void fail(void *arg, const struct article *art, const char *reason)
{
	clear_line(arg);
	fprintf(stderr, "dibao: %.*s: %s; it stays as it is\n", STR_FMT(art->url), reason);
}

/* An imported post's markup, whatever site it came from: only its body counts here. */
static struct str markup_of_import(struct arena *a, const struct capture *c, struct str bytes)
{
	static const struct jekyll_site no_site;
	struct jekyll_post post;
	struct err err;

	return jekyll_post_parse(a, &no_site, c->url, bytes, &post, &err) < 0 ? (struct str){ 0 }
									      : post.html;
}

/* Keys named on the command line. -1 to go on, else the status (told). */
static int read_keys(struct cmd_context *ctx, const struct config *config,
		     const struct cmd_args *args, struct str **out)
{
	*out = arena_array(ctx->arena, args->word_count + 1, sizeof(**out));
	for (size_t i = 0; i < args->word_count; i++) {
		(*out)[i] = str_of(args->words[i]);
		if (!config_source(config, (*out)[i]))
			return cmd_no_source(ctx, config, (*out)[i]);
	}
	return -1;
}

int cmd_extract_again(struct cmd_context *ctx, const struct cmd_args *args)
{
	struct shown shown = { .ctx = ctx, .started = clock_mono_ms() };
	struct again_counts n = { 0 };
	struct config config;
	struct str *keys;
	struct err err;
	int status = cmd_config(ctx, &config);

	if (status < 0)
		status = read_keys(ctx, &config, args, &keys);
	if (status < 0)
		status = cmd_lock(ctx);
	if (status >= 0)
		return status;
	struct again_options opt = {
		.sources = config.sources,
		.source_count = config.source_count,
		.only = keys,
		.only_count = args->word_count,
		.store = { .where = cmd_path(ctx, config.store),
			   .write = true,
			   .index = config.search_index },
		.blobs = cmd_path(ctx, config.blobs),
		.markup_of_import = markup_of_import,
		.stop = ctx->stop,
		.tell = tell,
		.fail = fail,
		.arg = &shown,
	};
	int rc = again_run(&opt, &n, &err);
	clear_line(&shown);
	printf("%lld articles read again: %lld changed, %lld failed, %lld without a capture (%.1f "
	       "s)\n",
	       (long long)n.articles, (long long)n.changed, (long long)n.failed,
	       (long long)n.without_capture, (double)(clock_mono_ms() - shown.started) / 1000);
	if (rc < 0)
		return cmd_fail(&err);
	if (*ctx->stop) {
		fprintf(stderr, "dibao: stopped before the end; what is done stays done\n");
		return EXIT_FAILED;
	}
	return n.failed ? EXIT_PARTLY : EXIT_DONE;
}
