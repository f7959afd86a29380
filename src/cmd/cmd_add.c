/*
 * dibao add - follows sources: finds the feed, gives it a key, appends its section to sources.conf.
 *
 * Searching takes as long as somebody's server does, so it happens before sources.conf is held, and
 * what is followed is looked up again while it is held.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

#include "cmd/fetching.h"
#include "run/discover.h"
#include "source/source.h"
#include "text/url.h"

const struct cmd_option cmd_add_options[] = {
	{ "name", OPTION_TEXT, "NAME", "its name; default: what the feed calls itself" },
	{ "category", OPTION_TEXT, "CATEGORY",
	  "where its articles stand on the site; default: the name" },
	{ "allow-private", OPTION_FLAG, NULL, "it may be on this machine or a private network" },
	{ 0 },
};

/* Somebody types "example.org". */
static struct str with_scheme(struct cmd_context *ctx, const char *word)
{
	struct str s = str_trim(str_of(word));

	return str_contains(s, S("://")) ? s : arena_strf(ctx->arena, "https://%.*s", STR_FMT(s));
}

static const struct source *followed_as(struct arena *a, const struct config *config,
					struct str url)
{
	struct str wanted = url_resolve(a, url, url);

	for (size_t i = 0; i < config->source_count; i++)
		if (str_eq(url_resolve(a, config->sources[i].url, config->sources[i].url), wanted))
			return &config->sources[i];
	return NULL;
}

static int tell_followed(const struct source *s)
{
	printf("%.*s is followed already: %.*s\n", STR_FMT(s->key), STR_FMT(s->url));
	return EXIT_DONE;
}

static int append(struct cmd_context *ctx, struct source *s)
{
	struct config config;
	struct err err;
	int status = cmd_config(ctx, &config);

	if (status >= 0)
		return status;
	const struct source *same = followed_as(ctx->arena, &config, s->url);
	if (same)
		return tell_followed(same);
	struct strs taken = { arena_array(ctx->arena, config.source_count, sizeof(struct str)), 0 };
	for (size_t i = 0; i < config.source_count; i++)
		taken.items[taken.count++] = config.sources[i].key;
	s->key = source_key(ctx->arena, s->name, s->url, &taken);
	if (!s->name.len)
		s->name = s->key;
	if (config_append_sources(ctx->dir, s, 1, &err) < 0)
		return cmd_fail(&err);
	printf("%.*s: %.*s, %.*s\n", STR_FMT(s->key), STR_FMT(s->name), STR_FMT(s->url));
	return EXIT_DONE;
}

/* One add at a time reads and writes sources.conf; dibao.conf is what stays in its place to be
 * held. */
static int append_alone(struct cmd_context *ctx, struct source *s)
{
	int fd = open(cmd_path(ctx, S("dibao.conf")), O_RDONLY | O_CLOEXEC);

	if (fd >= 0)
		flock(fd, LOCK_EX);
	int status = append(ctx, s);
	if (fd >= 0)
		close(fd);
	return status;
}

static int add(struct cmd_context *ctx, const struct config *config, const struct cmd_args *args,
	       const char *word)
{
	struct fetch_options fetch = cmd_fetch_options(ctx, config);
	bool allow_private = cmd_flag(args, "allow-private");
	struct str url = with_scheme(ctx, word);
	struct discovered found;
	struct err err;

	const struct source *same = followed_as(ctx->arena, config, url);
	if (same)
		return tell_followed(same);
	fetch.allow_private = fetch.allow_private || allow_private;
	fetch.host_gap_ms = 0; /* a dozen small requests, while somebody waits */
	if (discover_feed(ctx->arena, &fetch, url, (size_t)config->max_feed_bytes, &found, &err) <
	    0) {
		int status = cmd_fail(&err);
		if (str_contains(str_of(err.msg), S("address is private")))
			fprintf(stderr,
				"dibao: for a source of your own: dibao add --allow-private\n");
		return status;
	}
	const char *name = cmd_text(args, "name");
	struct source s = {
		.name = name ? str_of(name) : found.title,
		.url = found.url,
		.home_url = url_is_http(found.home_url) ? found.home_url : (struct str){ 0 },
		.category = str_of(cmd_text(args, "category")),
		.kind = SOURCE_FEED,
		.allow_private = allow_private,
		.full_text = true,
		.look_again = true,
		.zone_min = config->zone_min,
	};
	return append_alone(ctx, &s);
}

int cmd_add(struct cmd_context *ctx, int argc, char **argv)
{
	struct cmd_args args;
	struct config config;
	int status = cmd_options(ctx, argc, argv, &args);
	size_t failed = 0;

	if (status >= 0)
		return status;
	if (args.word_count == 0)
		return cmd_usage(ctx, "which address?");
	if (args.word_count > 1 && cmd_text(&args, "name"))
		return cmd_usage(ctx, "--name names one source, not %zu", args.word_count);
	status = cmd_config(ctx, &config);
	if (status >= 0)
		return status;
	for (size_t i = 0; i < args.word_count && !*ctx->stop; i++)
		failed += add(ctx, &config, &args, args.words[i]) != EXIT_DONE;
	if (failed == 0)
		return EXIT_DONE;
	return failed == args.word_count ? EXIT_FAILED : EXIT_PARTLY;
}
