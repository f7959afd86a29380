/* dibao update - fetches what is due, extracts, stores. */
#include <stdio.h>

#include "base/clock.h"
#include "cmd/fetching.h"

const struct cmd_option cmd_update_options[] = {
	{ "now", OPTION_FLAG, NULL, "what is not due too" },
	{ 0 },
};

struct update {
	struct cmd_context *ctx;
	const struct config *config;
	struct arena scratch;
	int64_t started;
	bool shown; /* a line of progress stands on the terminal */
};

static void clear_progress(struct update *u)
{
	if (u->shown)
		fprintf(stderr, "\r\033[K");
	u->shown = false;
}

static void show_progress(void *arg, const struct pipeline_counts *n)
{
	struct update *u = arg;
	double seconds = (double)(clock_mono_ms() - u->started) / 1000;

	if (!u->ctx->progress || seconds <= 0)
		return;
	double rate = (double)n->sources_done / seconds;
	fprintf(stderr, "\r\033[K%lld of %lld sources, %lld new articles, %lld pages, %.1f MB",
		(long long)n->sources_done, (long long)n->sources, (long long)n->articles_new,
		(long long)n->pages, (double)n->bytes / 1e6);
	if (n->sources_failed > 0)
		fprintf(stderr, ", %lld failed", (long long)n->sources_failed);
	if (rate > 0 && n->sources > n->sources_done)
		fprintf(stderr, ", %.0f s left", (double)(n->sources - n->sources_done) / rate);
	fflush(stderr);
	u->shown = true;
}

static void show_failure(void *arg, const struct pipeline_failure *f)
{
	struct update *u = arg;
	struct str when = cmd_when(&u->scratch, f->next_due, u->config->zone_min);

	clear_progress(u);
	if (f->stopped)
		fprintf(stderr, "dibao: %.*s: %.*s; it is not fetched any more\n", STR_FMT(f->key),
			STR_FMT(f->reason));
	else
		fprintf(stderr, "dibao: %.*s: %.*s, again at %.*s\n", STR_FMT(f->key),
			STR_FMT(f->reason), STR_FMT(when));
	arena_reset(&u->scratch);
}

/* The sources named, or all. -1 to go on, else the status (told). */
static int choose(struct cmd_context *ctx, const struct config *config, const struct cmd_args *args,
		  struct source **out, size_t *count)
{
	*out = config->sources;
	*count = config->source_count;
	if (args->word_count == 0)
		return -1;
	*out = arena_array(ctx->arena, args->word_count, sizeof(**out));
	*count = 0;
	for (size_t i = 0; i < args->word_count; i++) {
		const struct source *s = config_source(config, str_of(args->words[i]));

		if (!s)
			return cmd_no_source(ctx, config, str_of(args->words[i]));
		(*out)[(*count)++] = *s;
	}
	return -1;
}

static void print_summary(const struct pipeline_counts *n, const struct look_counts *looks,
			  const struct media_counts *pictures, double seconds)
{
	printf("%lld source%s: %lld new article%s, %lld edited; %lld unchanged, %lld failed",
	       (long long)n->sources_done, n->sources_done == 1 ? "" : "s",
	       (long long)n->articles_new, n->articles_new == 1 ? "" : "s",
	       (long long)(n->articles_revised + looks->edited), (long long)n->not_modified,
	       (long long)n->sources_failed);
	if (n->pages)
		printf("; %lld of %lld pages", (long long)(n->pages - n->pages_failed),
		       (long long)n->pages);
	if (looks->looked)
		printf("; %lld looked at again, %lld gone", (long long)looks->looked,
		       (long long)looks->gone);
	if (pictures->due)
		printf("; %lld of %lld pictures", (long long)pictures->kept,
		       (long long)pictures->due);
	printf(" (%.1f s)\n", seconds);
}

static void show_looks(void *arg, const struct look_counts *n)
{
	struct update *u = arg;

	if (!u->ctx->progress || !n->looked)
		return;
	fprintf(stderr,
		"\r\033[K%lld articles looked at again, %lld edited, %lld gone, %lld failed",
		(long long)n->looked, (long long)n->edited, (long long)n->gone,
		(long long)n->failed);
	fflush(stderr);
	u->shown = true;
}

static void show_pictures(void *arg, const struct media_counts *n)
{
	struct update *u = arg;

	if (!u->ctx->progress || !n->due)
		return;
	fprintf(stderr, "\r\033[K%lld of %lld pictures, %.1f MB", (long long)n->kept,
		(long long)n->due, (double)n->bytes / 1e6);
	if (n->failed > 0)
		fprintf(stderr, ", %lld failed", (long long)n->failed);
	fflush(stderr);
	u->shown = true;
}

static int update(struct cmd_context *ctx, const struct config *config, struct updating *up)
{
	struct update u = { .ctx = ctx, .config = config, .started = clock_mono_ms() };
	struct err err;

	up->tell_feeds = show_progress;
	up->tell_looks = show_looks;
	up->tell_pictures = show_pictures;
	up->fail = show_failure;
	up->arg = &u;
	arena_init(&u.scratch);
	int rc = cmd_update_all(ctx, config, up, &err);
	clear_progress(&u);
	arena_fini(&u.scratch);
	print_summary(&up->feeds, &up->looks, &up->pictures,
		      (double)(clock_mono_ms() - u.started) / 1000);
	if (rc < 0)
		return cmd_fail(&err);
	if (*ctx->stop) {
		fprintf(stderr, "dibao: stopped before the end; what is stored is whole, and the "
				"next update goes on\n");
		return EXIT_FAILED;
	}
	return up->feeds.sources_failed > 0 ? EXIT_PARTLY : EXIT_DONE;
}

int cmd_update(struct cmd_context *ctx, int argc, char **argv)
{
	struct updating up = { 0 };
	struct cmd_args args;
	struct config config;
	struct source *sources = NULL;
	int status = cmd_options(ctx, argc, argv, &args);

	if (status < 0)
		status = cmd_config(ctx, &config);
	if (status < 0)
		status = choose(ctx, &config, &args, &sources, &up.source_count);
	if (status < 0)
		status = cmd_lock(ctx);
	if (status >= 0)
		return status;
	if (config.source_count == 0) {
		fprintf(stderr, "dibao: no source is followed yet: dibao add URL\n");
		return EXIT_DONE;
	}
	up.sources = sources;
	up.now = cmd_flag(&args, "now");
	up.named = args.word_count > 0;
	return update(ctx, &config, &up);
}
