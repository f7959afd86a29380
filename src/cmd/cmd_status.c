/* dibao status - the health of every source. */
#include <stdio.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/map.h"
#include "cmd/fetching.h"
#include "store/store.h"
#include "text/json.h"
#include "text/width.h"

const struct cmd_option cmd_status_options[] = {
	{ "failing", OPTION_FLAG, NULL, "only those that fail" },
	{ "json", OPTION_FLAG, NULL, "as JSON" },
	{ 0 },
};

enum { KEY_COLUMNS = 24 };

struct health {
	const struct source *source;
	struct source_state state;      /* first_fetch TIME_UNSTATED: never fetched */
	const struct subscription *hub; /* at the hub that its feed names; NULL: none */
};

static const char *const subscription_words[] = { "asked", "active", "denied", "ending" };

static bool is_failing(const struct health *h)
{
	return h->state.failures > 0 || h->state.stopped;
}

static const char *word_for(const struct health *h)
{
	if (h->state.stopped)
		return "stopped";
	if (h->state.failures > 0)
		return "failing";
	return h->state.first_fetch == TIME_UNSTATED ? "new" : "ok";
}

/* What a reader of the list should do, or expect. */
static struct str remark_of(struct arena *a, const struct health *h, int zone_min)
{
	const struct source_state *st = &h->state;
	struct str next = cmd_when(a, st->next_due, zone_min);

	if (st->stopped)
		return arena_strf(a, "%.*s; not fetched any more", STR_FMT(st->last_error));
	if (st->failures > 0)
		return arena_strf(a, "%.*s, again at %.*s (%d in a row)", STR_FMT(st->last_error),
				  STR_FMT(next), st->failures);
	if (st->first_fetch == TIME_UNSTATED)
		return S("not fetched yet");
	if (st->last_error.len)
		return arena_strf(a, "%.*s; next at %.*s", STR_FMT(st->last_error), STR_FMT(next));
	if (h->hub && st->push_until > clock_now())
		return arena_strf(a, "pushed by its hub; next at %.*s", STR_FMT(next));
	return arena_strf(a, "next at %.*s", STR_FMT(next));
}

static void print_line(struct arena *a, const struct health *h, int zone_min, bool color)
{
	struct str last = cmd_when(a, h->state.last_success, zone_min);
	struct str remark = remark_of(a, h, zone_min);
	struct buf b;

	buf_init(&b, BUF_NO_MAX);
	buf_add_columns(&b, h->source->key, KEY_COLUMNS, true);
	buf_addf(&b, "  %s%-7s%s  %-16.*s  %7lld articles  ",
		 color && is_failing(h) ? "\033[31m" : "", word_for(h),
		 color && is_failing(h) ? "\033[0m" : "", STR_FMT(last),
		 (long long)h->state.articles);
	buf_add(&b, remark);
	printf("%.*s\n", STR_FMT(buf_str(&b)));
	buf_fini(&b);
}

static void add_subscription(struct json *j, const struct subscription *sub)
{
	json_member(j, "subscription", str_of(subscription_words[sub->state]));
	json_member_opt(j, "hub_error", sub->reason);
	json_member_time(j, "lease_until", sub->lease_until, 0);
	json_member_time(j, "last_push", sub->last_push, 0);
	json_member_i64(j, "pushes", sub->pushes);
	json_member_i64(j, "pushes_refused", sub->refused);
}

static void print_json(const struct health *items, size_t count)
{
	struct json j;
	struct buf b;

	buf_init(&b, BUF_NO_MAX);
	json_start(&j, &b, 2);
	json_begin_array(&j);
	for (size_t i = 0; i < count; i++) {
		const struct source_state *st = &items[i].state;

		json_begin_object(&j);
		json_member(&j, "key", items[i].source->key);
		json_member(&j, "name", items[i].source->name);
		json_member(&j, "url", items[i].source->url);
		json_member(&j, "health", str_of(word_for(&items[i])));
		json_member_opt(&j, "error", st->last_error);
		json_member_i64(&j, "failures", st->failures);
		json_member_time(&j, "last_fetch", st->last_fetch, 0);
		json_member_time(&j, "last_success", st->last_success, 0);
		json_member_time(&j, "last_new", st->last_new, 0);
		if (!st->stopped && st->first_fetch != TIME_UNSTATED)
			json_member_time(&j, "next", st->next_due, 0);
		json_member_opt(&j, "moved_to", st->moved_url);
		json_member_opt(&j, "hub", st->hub);
		if (items[i].hub)
			add_subscription(&j, items[i].hub);
		if (st->layout_changed)
			json_member_time(&j, "layout_changed", st->layout_changed, 0);
		json_member_i64(&j, "articles", st->articles);
		json_member_i64(&j, "fetches", st->fetches);
		json_member_i64(&j, "not_modified", st->not_modified);
		json_member_i64(&j, "bytes", st->bytes);
		json_end(&j);
	}
	json_end(&j);
	buf_add_ch(&b, '\n');
	fwrite(b.ptr, 1, b.len, stdout);
	buf_fini(&b);
}

static int load_subscriptions(struct cmd_context *ctx, struct store *store, struct health *items,
			      size_t count, struct err *err)
{
	struct subscription *subs;
	size_t sub_count;
	struct map by_source;
	int rc = store_subscriptions(store, ctx->arena, &subs, &sub_count, err);

	map_init(&by_source);
	for (size_t k = 0; rc >= 0 && k < sub_count; k++)
		if (subs[k].state != SUBSCRIPTION_ENDING)
			*map_put(&by_source, subs[k].source) = &subs[k];
	for (size_t i = 0; rc >= 0 && i < count; i++) {
		void **sub = map_get(&by_source, items[i].source->key);

		items[i].hub = sub ? *sub : NULL;
	}
	map_fini(&by_source);
	return rc;
}

/* A mirror that was never updated has no store yet: its sources are new. */
static int load(struct cmd_context *ctx, const struct config *config, struct health *items,
		size_t count, struct err *err)
{
	struct store_options opt = { .where = cmd_path(ctx, config->store) };
	struct store *store = NULL;
	int rc = store_open(&opt, &store, err);

	for (size_t i = 0; i < count; i++)
		items[i].state = (struct source_state){
			.first_fetch = TIME_UNSTATED,
			.last_fetch = TIME_UNSTATED,
			.last_success = TIME_UNSTATED,
			.last_new = TIME_UNSTATED,
		};
	if (rc == ERR_NOTFOUND)
		return 0;
	for (size_t i = 0; i < count && rc >= 0; i++) {
		struct source_state state;

		rc = store_source_get(store, ctx->arena, items[i].source->key, &state, err);
		if (rc == 0)
			items[i].state = state;
		else if (rc == ERR_NOTFOUND)
			rc = 0;
	}
	if (rc >= 0)
		rc = load_subscriptions(ctx, store, items, count, err);
	store_close(&store);
	return rc;
}

static int choose(struct cmd_context *ctx, const struct config *config, const struct cmd_args *args,
		  struct health **out, size_t *count)
{
	size_t n = args->word_count ? args->word_count : config->source_count;

	*out = arena_array(ctx->arena, n + 1, sizeof(**out));
	*count = n;
	for (size_t i = 0; i < n; i++) {
		(*out)[i].source = args->word_count ? config_source(config, str_of(args->words[i]))
						    : &config->sources[i];
		if (!(*out)[i].source)
			return cmd_no_source(ctx, config, str_of(args->words[i]));
	}
	return -1;
}

int cmd_status(struct cmd_context *ctx, int argc, char **argv)
{
	struct cmd_args args;
	struct config config;
	struct health *items = NULL;
	size_t count = 0, failing = 0, shown = 0;
	struct err err;
	int status = cmd_options(ctx, argc, argv, &args);

	if (status < 0)
		status = cmd_config(ctx, &config);
	if (status < 0)
		status = choose(ctx, &config, &args, &items, &count);
	if (status >= 0)
		return status;
	if (load(ctx, &config, items, count, &err) < 0)
		return cmd_fail(&err);
	for (size_t i = 0; i < count; i++) {
		failing += is_failing(&items[i]);
		if (!cmd_flag(&args, "failing") || is_failing(&items[i]))
			items[shown++] = items[i];
	}
	if (cmd_flag(&args, "json"))
		print_json(items, shown);
	for (size_t i = 0; i < shown && !cmd_flag(&args, "json"); i++)
		print_line(ctx->arena, &items[i], config.zone_min, ctx->color);
	return failing > 0 ? EXIT_PARTLY : EXIT_DONE;
}
