/* dibao status - the health of every source. */
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/map.h"
#include "cmd/fetching.h"
#include "source/recent.h"
#include "store/store.h"
#include "text/date.h"
#include "text/json.h"
#include "text/width.h"

const struct cmd_option cmd_status_options[] = {
	{ "failing", OPTION_FLAG, NULL,
	  "only those that fail, are silent, or whose texts fall short" },
	{ "json", OPTION_FLAG, NULL, "as JSON" },
	{ 0 },
};

enum { KEY_COLUMNS = 24, MANY_SOURCES = 16, LAYOUT_DAYS = 14, LATE_MS = 3600 * 1000 };

#define DAY_MS INT64_C(86400000)

struct health {
	const struct source *source;
	struct source_state state; /* first_fetch TIME_UNSTATED: never fetched */
	struct recent recent;
	const struct subscription *hub; /* at the hub that its feed names; NULL: none */
};

static const char *const subscription_words[] = { "asked", "active", "denied", "ending" };

static bool is_failing(const struct health *h)
{
	return h->state.failures > 0 || h->state.stopped;
}

/* As of when it was last asked: what nobody asked is not silent. */
static int64_t silence_of(const struct health *h)
{
	int64_t asked = h->state.last_success;

	return asked == TIME_UNSTATED ? 0 : recent_silence(&h->recent, asked);
}

/* What is fetched, and is not what it was: nothing fails, but somebody should look. */
static bool is_odd(const struct health *h)
{
	return recent_falls_short(&h->recent) || silence_of(h) > 0;
}

static const char *word_for(const struct health *h)
{
	if (h->state.stopped)
		return "stopped";
	if (h->state.failures > 0)
		return "failing";
	if (h->state.first_fetch == TIME_UNSTATED)
		return "new";
	if (recent_falls_short(&h->recent))
		return "short";
	return silence_of(h) > 0 ? "silent" : "ok";
}

/* How often it publishes, in the largest unit that gives a whole number; empty: not known. */
static struct str rate_of(struct arena *a, const struct health *h)
{
	static const struct {
		const char *unit;
		int64_t days;
	} units[] = { { "day", 1 }, { "week", 7 }, { "month", 30 } };
	int64_t rate = recent_rate(&h->recent);

	if (rate > 0 && rate * 30 < 100)
		return S("less than monthly");
	for (size_t i = 0; rate > 0 && i < sizeof(units) / sizeof(units[0]); i++)
		if (rate * units[i].days >= 100)
			return arena_strf(a, "usually %lld a %s",
					  (long long)(rate * units[i].days + 50) / 100,
					  units[i].unit);
	return (struct str){ 0 };
}

static void add_part(struct buf *b, struct str part)
{
	if (b->len && part.len)
		buf_add(b, S("; "));
	buf_add(b, part);
}

/* What is not as it usually is. */
static void add_oddities(struct arena *a, const struct health *h, int zone_min, struct buf *b)
{
	const struct recent *r = &h->recent;
	int64_t layout = h->state.layout_changed, silence = silence_of(h);
	bool fresh = layout && clock_now() - layout < LAYOUT_DAYS * DAY_MS;
	struct date_fields d;

	date_fields(layout, zone_min, &d);
	if (fresh)
		add_part(b,
			 arena_strf(a, "layout changed on %04d-%02d-%02d", d.year, d.month, d.day));
	if (recent_falls_short(r))
		add_part(b, arena_strf(a,
				       "%lld of the last %d texts are far below the usual %lld "
				       "characters",
				       (long long)recent_short(r), (int)RECENT_LAST,
				       (long long)r->usual));
	if (silence > 0)
		add_part(b, arena_strf(a, "silent for %lld d", (long long)(silence / DAY_MS)));
}

/* What a reader of the list should do, or expect. */
static struct str remark_of(struct arena *a, const struct health *h, int zone_min)
{
	const struct source_state *st = &h->state;
	struct str next = cmd_when(a, st->next_due, zone_min);
	bool late = st->next_due < clock_now() - LATE_MS;
	struct buf b;

	if (st->first_fetch == TIME_UNSTATED)
		return S("not fetched yet");
	buf_init(&b, BUF_NO_MAX);
	add_part(&b, st->last_error);
	if (!is_failing(h))
		add_oddities(a, h, zone_min, &b);
	if (h->hub && st->push_until > clock_now() && !is_failing(h))
		add_part(&b, S("pushed by its hub"));
	if (st->stopped)
		add_part(&b, S("not fetched any more"));
	else if (st->failures > 0)
		buf_addf(&b, ", again at %.*s (%d in a row)", STR_FMT(next), st->failures);
	else
		add_part(&b,
			 arena_strf(a, late ? "due since %.*s" : "next at %.*s", STR_FMT(next)));
	struct str remark = arena_str(a, buf_str(&b));
	buf_fini(&b);
	return remark;
}

static void print_line(struct arena *a, const struct health *h, int zone_min, bool color)
{
	const char *paint = is_failing(h) ? "\033[31m" : is_odd(h) ? "\033[33m" : "";
	struct str last = cmd_when(a, h->state.last_success, zone_min);
	struct recent_day week = recent_week(&h->recent, clock_now());
	struct buf b;

	buf_init(&b, BUF_NO_MAX);
	buf_add_columns(&b, h->source->key, KEY_COLUMNS, true);
	buf_addf(&b, "  %s%-7s%s  %-16.*s", color ? paint : "", word_for(h),
		 color && *paint ? "\033[0m" : "", STR_FMT(last));
	buf_addf(&b, "  %5lld new %4lld changed %4lld failed  %-18.*s  ", (long long)week.new,
		 (long long)week.changed, (long long)week.failed, STR_FMT(rate_of(a, h)));
	buf_add(&b, remark_of(a, h, zone_min));
	printf("%.*s\n", STR_FMT(buf_str(&b)));
	buf_fini(&b);
}

/* What the columns are; what is not said by their words. */
static void print_head(void)
{
	printf("%-*s  %-7s  %-16s  %-33s\n", (int)KEY_COLUMNS, "source", "health", "last success",
	       "in seven days");
}

/* In articles a day, with two decimals. */
static struct str number_of_rate(struct arena *a, int64_t rate)
{
	return arena_strf(a, "%lld.%02lld", (long long)(rate / 100), (long long)(rate % 100));
}

static void add_recent(struct json *j, struct arena *a, const struct health *h)
{
	const struct recent *r = &h->recent;
	struct recent_day week = recent_week(r, clock_now());
	int64_t silence = silence_of(h);

	json_add_key(j, S("week"));
	json_begin_object(j);
	json_member_i64(j, "new", week.new);
	json_member_i64(j, "changed", week.changed);
	json_member_i64(j, "failed", week.failed);
	json_end(j);
	if (recent_rate(r) > 0) {
		json_add_key(j, S("articles_a_day"));
		json_add_raw(j, number_of_rate(a, recent_rate(r)));
	}
	if (r->newest)
		json_member_time(j, "newest", r->newest, 0);
	if (silence > 0)
		json_member_i64(j, "silent_for_s", silence / 1000);
	if (r->usual)
		json_member_i64(j, "usual_characters", r->usual);
	json_member_i64(j, "short_texts", recent_short(r));
	if (h->state.layout_changed)
		json_member_time(j, "layout_changed", h->state.layout_changed, 0);
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

/* That which serves it or may, else the first its feed names. */
static struct str hub_of(const struct health *h)
{
	struct str hubs = h->state.hubs, first = { 0 };

	if (h->hub)
		return h->hub->hub;
	str_split(&hubs, ' ', &first);
	return first;
}

static void print_json(struct arena *a, const struct health *items, size_t count)
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
		json_member_opt(&j, "hub", hub_of(&items[i]));
		if (items[i].hub)
			add_subscription(&j, items[i].hub);
		add_recent(&j, a, &items[i]);
		json_member_i64(&j, "articles", st->articles);
		json_member_i64(&j, "fetches", st->fetches);
		json_member_i64(&j, "not_modified", st->not_modified);
		json_member_i64(&j, "bytes", st->bytes);
		json_end(&j);
	}
	json_end(&j);
	buf_add_ch(&b, '\n');
	cmd_print(buf_str(&b));
	buf_fini(&b);
}

/* Of several hubs the one that serves, else the one that may. */
static void choose_subscription(struct map *by_source, struct subscription *sub)
{
	static const int rank[] = {
		[SUBSCRIPTION_ACTIVE] = 3,
		[SUBSCRIPTION_ASKED] = 2,
		[SUBSCRIPTION_DENIED] = 1,
		[SUBSCRIPTION_ENDING] = 0,
	};
	void **place = map_get(by_source, sub->source);
	const struct subscription *other = place ? *place : NULL;

	if (rank[sub->state] > (other ? rank[other->state] : 0))
		*map_put(by_source, sub->source) = sub;
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
		choose_subscription(&by_source, &subs[k]);
	for (size_t i = 0; rc >= 0 && i < count; i++) {
		void **sub = map_get(&by_source, items[i].source->key);

		items[i].hub = sub ? *sub : NULL;
	}
	map_fini(&by_source);
	return rc;
}

/* The states of all where many are wanted, else of each. */
static int load_states(struct cmd_context *ctx, struct store *store, struct health *items,
		       size_t count, struct err *err)
{
	struct source_state *states = NULL, one;
	size_t state_count = 0;
	struct map by_key;
	int rc = count > MANY_SOURCES ? store_sources(store, ctx->arena, &states, &state_count, err)
				      : 0;

	map_init(&by_key);
	for (size_t i = 0; i < state_count; i++)
		*map_put(&by_key, states[i].key) = &states[i];
	for (size_t i = 0; i < count && rc >= 0; i++) {
		void **known = map_get(&by_key, items[i].source->key);

		if (known) {
			items[i].state = *(struct source_state *)*known;
		} else if (!states) {
			rc = store_source_get(store, ctx->arena, items[i].source->key, &one, err);
			if (rc == 0)
				items[i].state = one;
			rc = rc == ERR_NOTFOUND ? 0 : rc;
		}
		recent_load(&items[i].recent, items[i].state.recent);
	}
	map_fini(&by_key);
	return rc;
}

/* A mirror that was never updated has no store yet: its sources are new. */
static int load(struct cmd_context *ctx, const struct config *config, struct health *items,
		size_t count, struct err *err)
{
	struct store_options opt = { .where = cmd_path(ctx, config->store) };
	struct store *store = NULL;
	int rc = cmd_open_store(ctx, &opt, &store, err);

	for (size_t i = 0; i < count; i++)
		items[i].state = (struct source_state){
			.first_fetch = TIME_UNSTATED,
			.last_fetch = TIME_UNSTATED,
			.last_success = TIME_UNSTATED,
			.last_new = TIME_UNSTATED,
		};
	if (rc == ERR_NOTFOUND)
		return 0;
	if (rc >= 0)
		rc = load_states(ctx, store, items, count, err);
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
		if (!cmd_flag(&args, "failing") || is_failing(&items[i]) || is_odd(&items[i]))
			items[shown++] = items[i];
	}
	if (cmd_flag(&args, "json"))
		print_json(ctx->arena, items, shown);
	else if (isatty(STDOUT_FILENO) && shown > 0)
		print_head();
	for (size_t i = 0; i < shown && !cmd_flag(&args, "json"); i++)
		print_line(ctx->arena, &items[i], config.zone_min, ctx->color);
	return failing > 0 ? EXIT_PARTLY : EXIT_DONE;
}
