#include "cmd/fetching.h"

#include "base/clock.h"
#include "text/date.h"

/* Who asks, and where to complain. */
static const char *user_agent(struct cmd_context *ctx, const struct config *config)
{
	struct str contact = config->contact;

	if (config->user_agent.len)
		return arena_cstr(ctx->arena, config->user_agent);
	if (!contact.len)
		return "dibao/" DIBAO_VERSION " (news mirror)";
	return arena_strf(ctx->arena, "dibao/%s (news mirror; %.*s)", DIBAO_VERSION,
			  STR_FMT(contact))
		.ptr;
}

struct fetch_options cmd_fetch_options(struct cmd_context *ctx, const struct config *config)
{
	return (struct fetch_options){
		.user_agent = user_agent(ctx, config),
		.max_connections = config->max_connections,
		.max_per_host = config->max_per_host,
		.timeout_ms = config->timeout_ms,
		.host_gap_ms = config->host_gap_ms,
		.allow_private = config->allow_private,
		.ignore_robots = config->ignore_robots,
		.proxy = arena_cstr(ctx->arena, config->proxy),
	};
}

int cmd_update_all(struct cmd_context *ctx, const struct config *config, struct updating *up,
		   struct err *err)
{
	const struct fetch_options fetch = cmd_fetch_options(ctx, config);
	const struct store_options store = {
		.where = cmd_path(ctx, config->store),
		.write = true,
		.index = config->search_index,
	};
	const char *blobs = cmd_path(ctx, config->blobs);
	const struct pipeline_options feeds = {
		.sources = up->sources,
		.source_count = up->source_count,
		.now = up->now,
		.named = up->named,
		.pushes = up->pushes,
		.push_count = up->push_count,
		.fetch = fetch,
		.max_feed_bytes = (size_t)config->max_feed_bytes,
		.max_page_bytes = (size_t)config->max_page_bytes,
		.store = store,
		.blobs = blobs,
		.stop = ctx->stop,
		.tell = up->tell_feeds,
		.fail = up->fail,
		.arg = up->arg,
	};
	/* Looks and pictures are of all sources, whichever were named. */
	const struct look_options looks = {
		.sources = config->sources,
		.source_count = config->source_count,
		.fetch = fetch,
		.max_bytes = (size_t)config->max_page_bytes,
		.store = store,
		.blobs = blobs,
		.began = clock_now(),
		.stop = ctx->stop,
		.tell = up->tell_looks,
		.arg = up->arg,
	};
	const struct media_options pictures = {
		.sources = config->sources,
		.source_count = config->source_count,
		.fetch = fetch,
		.max_bytes = (size_t)config->max_picture_bytes,
		.store = store,
		.blobs = blobs,
		.stop = ctx->stop,
		.tell = up->tell_pictures,
		.arg = up->arg,
	};
	int rc = pipeline_update(&feeds, &up->feeds, err);

	if (rc == 0 && !*ctx->stop)
		rc = look_update(&looks, &up->looks, err);
	if (rc == 0 && config->pictures && !*ctx->stop)
		rc = media_update(&pictures, &up->pictures, err);
	return rc;
}

struct str cmd_when(struct arena *a, int64_t when, int zone_min)
{
	struct date_fields f, now;

	if (when == TIME_UNSTATED)
		return S("never");
	date_fields(when, zone_min, &f);
	date_fields(clock_now(), zone_min, &now);
	if (f.year == now.year && f.month == now.month && f.day == now.day)
		return arena_strf(a, "%02d:%02d", f.hour, f.minute);
	return arena_strf(a, "%04d-%02d-%02d %02d:%02d", f.year, f.month, f.day, f.hour, f.minute);
}
