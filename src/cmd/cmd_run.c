/*
 * dibao run - a mirror that keeps itself: updates when something is due, builds what changed,
 * serves, in one process.
 *
 * One thread does one thing after another; the server's threads only read. What they tell besides
 * the site (/healthz, /readyz, /metrics) is made after each round and copied out under a lock, so
 * that a request never waits for an update. Settings are read again on SIGHUP, and before each
 * round where the files have changed.
 */
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/notify.h"
#include "base/thread.h"
#include "cmd/fetching.h"
#include "run/hub.h"
#include "serve/serve.h"
#include "source/recent.h"
#include "text/date.h"

const struct cmd_option cmd_run_options[] = {
	{ "listen", OPTION_TEXT, "ADDR:PORT", "serve there, instead of the setting's address" },
	{ "no-serve", OPTION_FLAG, NULL, "update and build only" },
	{ "no-build", OPTION_FLAG, NULL, "update and serve only: serve needs no built files" },
	{ "log", OPTION_TEXT, "FORMAT", "lines of the log: plain, logfmt, json (plain)" },
	{ "rounds", OPTION_NUMBER, "N", "end after so many rounds (0: never)" },
	{ 0 },
};

enum { STEP_MS = 200, MIN_WAIT_MS = 1000, MAX_WAIT_MS = 60000, METRICS_MAX = 16 << 20 };

static const char hub_folder[] = "/websub/"; /* of the addresses that hubs push to */

/* What one round after another adds up to. */
struct totals {
	int64_t rounds, failed_rounds, new, edited, gone, pages, bytes, pictures, written;
	int64_t last_round, last_success, update_ms, build_ms;
};

struct running {
	struct cmd_context ctx; /* its arena is the scratch of one round */
	const struct cmd_args *args;
	struct arena scratch;
	struct arena arena; /* of the settings below */
	struct config config;
	int64_t config_stamp;
	struct serve *serve;
	struct hub *hub;
	struct hub_counts hubs;
	struct totals totals;
	int64_t next_due;
	int64_t watchdog_ms, watchdog_last;
	pthread_mutex_t lock; /* of what follows; held for no call outside */
	struct buf metrics;
	bool ready;
	char trouble[200]; /* why the last round failed; empty: it did not */
};

static void pat(struct running *r)
{
	int64_t now = clock_mono_ms();

	if (!r->watchdog_ms || now - r->watchdog_last < r->watchdog_ms)
		return;
	r->watchdog_last = now;
	notify_state("WATCHDOG=1");
}

/* --- settings
 * --------------------------------------------------------------------------------------- */

/* Changes when either file does. */
static int64_t stamp_of(struct running *r, struct arena *a)
{
	static const char *const names[] = { "dibao.conf", "sources.conf" };
	int64_t stamp = 1;

	for (size_t i = 0; i < 2; i++) {
		struct stat st;

		if (stat(path_join(a, r->ctx.dir, names[i]), &st) == 0)
			stamp = stamp * 31 + (int64_t)st.st_mtim.tv_sec * 1000003 +
				st.st_mtim.tv_nsec + st.st_size;
	}
	return stamp;
}

/* The settings anew where they have changed; settings with an error are told, and those there were
 * stay. */
static bool reload(struct running *r, bool first, struct err *err)
{
	struct arena fresh;
	struct config config;

	arena_init(&fresh);
	int64_t stamp = stamp_of(r, &fresh);
	if (!first && !*r->ctx.reload && stamp == r->config_stamp) {
		arena_fini(&fresh);
		return false;
	}
	*r->ctx.reload = 0;
	r->config_stamp = stamp;
	if (config_load(&fresh, r->ctx.dir, &config, err) < 0) {
		if (!first)
			log_line(LOG_ERROR, "the settings stay as they were: %s", err->msg);
		arena_fini(&fresh);
		return false;
	}
	arena_fini(&r->arena);
	r->arena = fresh;
	r->config = config;
	if (!first)
		log_line(LOG_INFO, "settings read again: %zu sources", config.source_count);
	return true;
}

/* --- what is told over HTTP besides the site
 * --------------------------------------------------------- */

static bool tell_health(void *arg, struct str path, struct buf *out, const char **type, int *status)
{
	struct running *r = arg;
	bool known = true;

	pthread_mutex_lock(&r->lock);
	if (str_eq(path, S("/healthz"))) {
		buf_addf(out, "%s\n", r->trouble[0] ? r->trouble : "ok");
		*status = r->trouble[0] ? 500 : 200;
	} else if (str_eq(path, S("/readyz"))) {
		buf_addf(out, "%s\n", r->ready ? "ready" : "the first round is not done");
		*status = r->ready ? 200 : 503;
	} else if (str_eq(path, S("/metrics"))) {
		*type = "text/plain; version=0.0.4; charset=utf-8";
		buf_add(out, buf_str(&r->metrics));
	} else {
		known = false;
	}
	pthread_mutex_unlock(&r->lock);
	return known;
}

static void add_metric(struct buf *b, const char *name, const char *kind, const char *help,
		       double value)
{
	buf_addf(b, "# HELP dibao_%s %s\n# TYPE dibao_%s %s\ndibao_%s %.17g\n", name, help, name,
		 kind, name, value);
}

/* A label's value: quotes, backslashes and line breaks are escaped (the exposition format 0.0.4).
 */
static void add_label(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] == '"' || s.ptr[i] == '\\')
			buf_add_ch(b, '\\');
		if (s.ptr[i] == '\n')
			buf_add(b, S("\\n"));
		else
			buf_add_ch(b, s.ptr[i]);
	}
}

static void add_source_metrics(struct buf *b, const struct source_state *st, size_t count)
{
	static const struct {
		const char *name, *kind, *help;
	} metrics[] = {
		{ "source_success_age_seconds", "gauge",
		  "Seconds since the source was last fetched with success" },
		{ "source_failures", "gauge", "Failures in a row" },
		{ "source_articles", "gauge", "Articles of the source" },
		{ "source_fetches_total", "counter", "Fetches of the source" },
		{ "source_not_modified_total", "counter", "Fetches answered with 304" },
		{ "source_bytes_total", "counter", "Bytes received for the source" },
		{ "source_newest_age_seconds", "gauge", "Age of its newest article" },
		{ "source_unusually_silent_seconds", "gauge",
		  "Its silence where that is longer than it ever is" },
		{ "source_short_texts", "gauge",
		  "How many of its last 16 texts are far below the usual length" },
	};
	int64_t now = clock_now();

	for (size_t m = 0; m < sizeof(metrics) / sizeof(metrics[0]); m++) {
		buf_addf(b, "# HELP dibao_%s %s\n# TYPE dibao_%s %s\n", metrics[m].name,
			 metrics[m].help, metrics[m].name, metrics[m].kind);
		for (size_t i = 0; i < count; i++) {
			bool asked = st[i].last_success != TIME_UNSTATED;
			struct recent recent;

			recent_load(&recent, st[i].recent);
			const int64_t values[] = {
				asked ? (now - st[i].last_success) / 1000 : -1,
				st[i].failures,
				st[i].articles,
				st[i].fetches,
				st[i].not_modified,
				st[i].bytes,
				recent.newest ? (now - recent.newest) / 1000 : -1,
				asked ? recent_silence(&recent, st[i].last_success) / 1000 : 0,
				recent_short(&recent),
			};
			buf_addf(b, "dibao_%s{source=\"", metrics[m].name);
			add_label(b, st[i].key);
			buf_addf(b, "\"} %" PRId64 "\n", values[m]);
		}
	}
}

static void make_metrics(struct running *r, const struct source_state *states, size_t count)
{
	const struct totals *t = &r->totals;
	struct buf b;

	buf_init(&b, METRICS_MAX);
	add_metric(&b, "rounds_total", "counter", "Rounds of update and build", (double)t->rounds);
	add_metric(&b, "rounds_failed_total", "counter", "Rounds that could not be done",
		   (double)t->failed_rounds);
	add_metric(&b, "articles_new_total", "counter", "New articles", (double)t->new);
	add_metric(&b, "articles_edited_total", "counter", "Edits found", (double)t->edited);
	add_metric(&b, "articles_gone_total", "counter", "Articles found gone", (double)t->gone);
	add_metric(&b, "pages_total", "counter", "Pages fetched", (double)t->pages);
	add_metric(&b, "pictures_total", "counter", "Pictures kept", (double)t->pictures);
	add_metric(&b, "received_bytes_total", "counter", "Bytes received", (double)t->bytes);
	add_metric(&b, "files_written_total", "counter", "Files of the site written",
		   (double)t->written);
	add_metric(&b, "last_round_timestamp_seconds", "gauge", "End of the last round",
		   (double)t->last_round / 1000);
	add_metric(&b, "last_success_timestamp_seconds", "gauge",
		   "End of the last round that could be done", (double)t->last_success / 1000);
	add_metric(&b, "update_duration_seconds", "gauge", "Duration of the last update",
		   (double)t->update_ms / 1000);
	add_metric(&b, "build_duration_seconds", "gauge", "Duration of the last build",
		   (double)t->build_ms / 1000);
	add_metric(&b, "subscriptions", "gauge", "Subscriptions at hubs",
		   (double)r->hubs.subscriptions);
	add_metric(&b, "subscriptions_active", "gauge", "Those that their hubs have verified",
		   (double)r->hubs.active);
	add_metric(&b, "pushes_total", "counter", "Pushes taken from hubs", (double)r->hubs.pushes);
	add_metric(&b, "pushes_refused_total", "counter", "Pushes with a wrong signature",
		   (double)r->hubs.refused);
	add_source_metrics(&b, states, count);
	pthread_mutex_lock(&r->lock);
	struct buf old = r->metrics;
	r->metrics = b;
	pthread_mutex_unlock(&r->lock);
	buf_fini(&old);
}

/* --- a round
 * ---------------------------------------------------------------------------------------- */

static void tell_feeds(void *arg, const struct pipeline_counts *counts)
{
	(void)counts;
	pat(arg);
}

static void tell_looks(void *arg, const struct look_counts *counts)
{
	(void)counts;
	pat(arg);
}

static void tell_pictures(void *arg, const struct media_counts *counts)
{
	(void)counts;
	pat(arg);
}

static void tell_build(void *arg, int64_t done, int64_t all)
{
	(void)done;
	(void)all;
	pat(arg);
}

static void tell_failure(void *arg, const struct pipeline_failure *f)
{
	struct running *r = arg;
	struct arena a;

	arena_init(&a);
	struct str when = cmd_when(&a, f->next_due, r->config.zone_min);
	if (f->stopped)
		log_line(LOG_WARN, "%.*s: %.*s; it is not fetched any more", STR_FMT(f->key),
			 STR_FMT(f->reason));
	else
		log_line(LOG_WARN, "%.*s: %.*s, again at %.*s", STR_FMT(f->key), STR_FMT(f->reason),
			 STR_FMT(when));
	arena_fini(&a);
}

static void tell_hub_failure(void *arg, const struct hub_failure *f)
{
	struct running *r = arg;
	struct arena a;

	arena_init(&a);
	struct str when = cmd_when(&a, f->next_due, r->config.zone_min);
	log_line(LOG_WARN, "%.*s: its hub %.*s: %.*s, again at %.*s", STR_FMT(f->source),
		 STR_FMT(f->hub), STR_FMT(f->reason), STR_FMT(when));
	arena_fini(&a);
}

static int tend_hubs(struct running *r, struct err *err)
{
	const struct config *c = &r->config;
	const struct hub_options opt = {
		.store = { .where = cmd_path(&r->ctx, c->store), .write = true },
		.fetch = cmd_fetch_options(&r->ctx, c),
		.callback = c->hub_callback.len && r->serve
				    ? arena_strf(&r->scratch, "%.*s%s", STR_FMT(c->hub_callback),
						 hub_folder + 1)
				    : (struct str){ 0 },
		.sources = c->sources,
		.source_count = c->source_count,
		.stop = r->ctx.stop,
		.fail = tell_hub_failure,
		.arg = r,
	};
	int64_t active = r->hubs.active;
	int rc = hub_tend(r->hub, &opt, &r->hubs, err);

	if (r->hubs.asked || r->hubs.active != active)
		log_line(LOG_INFO, "hubs: %lld asked, %lld of %lld subscriptions active",
			 (long long)r->hubs.asked, (long long)r->hubs.active,
			 (long long)r->hubs.subscriptions);
	return rc;
}

static int update(struct running *r, bool *changed, struct err *err)
{
	struct pipeline_push *pushes;
	size_t push_count = hub_take(r->hub, &pushes);
	struct updating up = {
		.sources = r->config.sources,
		.source_count = r->config.source_count,
		.pushes = pushes,
		.push_count = push_count,
		.tell_feeds = tell_feeds,
		.tell_looks = tell_looks,
		.tell_pictures = tell_pictures,
		.fail = tell_failure,
		.arg = r,
	};
	int64_t started = clock_mono_ms();
	int rc = cmd_update_all(&r->ctx, &r->config, &up, err);
	hub_give_back(&pushes, push_count);
	struct totals *t = &r->totals;
	int64_t edited = up.feeds.articles_revised + up.looks.edited;

	t->update_ms = clock_mono_ms() - started;
	t->new += up.feeds.articles_new;
	t->edited += edited;
	t->gone += up.looks.gone;
	t->pages += up.feeds.pages;
	t->pictures += up.pictures.kept;
	t->bytes += up.feeds.bytes + up.looks.bytes + up.pictures.bytes;
	*changed =
		up.feeds.articles_new + edited + up.looks.gone + up.looks.back + up.pictures.kept >
		0;
	if (up.feeds.sources || up.looks.looked || up.pictures.due)
		log_line(LOG_INFO,
			 "%lld sources: %lld new, %lld edited, %lld unchanged, %lld failed; %lld "
			 "looked at "
			 "again, %lld gone; %lld pictures (%.1f s)",
			 (long long)up.feeds.sources_done, (long long)up.feeds.articles_new,
			 (long long)edited, (long long)up.feeds.not_modified,
			 (long long)up.feeds.sources_failed, (long long)up.looks.looked,
			 (long long)up.looks.gone, (long long)up.pictures.kept,
			 (double)t->update_ms / 1000);
	return rc;
}

static int build(struct running *r, struct err *err)
{
	struct site_progress progress = { .tell = tell_build, .arg = r, .stop = r->ctx.stop };
	struct site_options opt;
	struct site_built built = { 0 };
	struct store *store;
	struct site *site = NULL;
	int64_t started = clock_mono_ms();
	const struct store_options where = { .where = cmd_path(&r->ctx, r->config.store) };

	if (store_open(&where, &store, err) < 0)
		return err->code;
	cmd_site(&r->ctx, &r->config, &opt);
	int rc = site_open(&opt, store, &site, err);
	if (rc == 0)
		rc = site_build(site, cmd_path(&r->ctx, S("site")), &progress, &built, err);
	site_close(&site);
	store_close(&store);
	r->totals.build_ms = clock_mono_ms() - started;
	r->totals.written += built.written;
	if (rc == 0 && built.written + built.removed)
		log_line(LOG_INFO, "site: %lld written, %lld removed (%.1f s)",
			 (long long)built.written, (long long)built.removed,
			 (double)r->totals.build_ms / 1000);
	return rc;
}

/* When the next source is due, and the numbers of all. */
static int look_ahead(struct running *r, struct err *err)
{
	const struct store_options where = { .where = cmd_path(&r->ctx, r->config.store) };
	struct source_state *states;
	struct store *store;
	struct arena a;
	size_t count;

	if (store_open(&where, &store, err) < 0)
		return err->code;
	arena_init(&a);
	r->next_due = INT64_MAX;
	int rc = store_sources(store, &a, &states, &count, err);
	for (size_t i = 0; rc == 0 && i < count; i++)
		if (config_source(&r->config, states[i].key) && !states[i].stopped &&
		    states[i].next_due < r->next_due)
			r->next_due = states[i].next_due;
	if (r->hubs.next_due < r->next_due)
		r->next_due = r->hubs.next_due;
	if (rc == 0)
		make_metrics(r, states, count);
	arena_fini(&a);
	store_close(&store);
	return rc;
}

static void round_of(struct running *r, bool whole)
{
	bool changed = false;
	struct err err = { 0 };

	arena_reset(&r->scratch);
	int rc = tend_hubs(r, &err);

	if (rc == 0)
		rc = update(r, &changed, &err);

	if (rc == 0 && (changed || whole) && !cmd_flag(r->args, "no-build") && !*r->ctx.stop)
		rc = build(r, &err);
	struct totals *t = &r->totals;
	t->rounds++;
	t->last_round = clock_now();
	if (rc < 0 && !*r->ctx.stop) {
		t->failed_rounds++;
		log_line(LOG_ERROR, "%s", err.msg);
	} else {
		t->last_success = t->last_round;
	}
	struct err ahead = { 0 };
	int looked = look_ahead(r, &ahead);
	pthread_mutex_lock(&r->lock);
	r->ready = true;
	snprintf(r->trouble, sizeof(r->trouble), "%.199s",
		 rc < 0       ? err.msg
		 : looked < 0 ? ahead.msg
			      : "");
	pthread_mutex_unlock(&r->lock);
}

/* Until something is due, a hub has called, the settings change, or the end is asked for. */
static void wait_for_work(struct running *r)
{
	const struct timespec step = { 0, STEP_MS * 1000000 };
	int64_t until = clock_mono_ms() + MAX_WAIT_MS, due = clock_now() + MIN_WAIT_MS;
	bool listens = !r->trouble[0]; /* after a round that failed a push waits as all else does */

	if (due < r->next_due)
		due = r->next_due;
	while (!*r->ctx.stop && !*r->ctx.reload && !(listens && hub_has_news(r->hub)) &&
	       clock_now() < due && clock_mono_ms() < until) {
		nanosleep(&step, NULL);
		pat(r);
	}
}

/* --- what hubs ask and push --------------------------------------------------------------------
 */

static int expect_push(void *arg, struct str token)
{
	struct running *r = arg;

	return hub_expects(r->hub, token);
}

static int take_call(void *arg, const struct serve_call *call, struct buf *out)
{
	struct running *r = arg;

	if (call->post) {
		const struct hub_content content = {
			.body = call->body,
			.content_type = call->content_type,
			.signature = serve_header(call, "X-Hub-Signature"),
		};

		return hub_push(r->hub, call->name, &content);
	}
	const struct hub_question question = {
		.mode = serve_argument(call, "hub.mode"),
		.topic = serve_argument(call, "hub.topic"),
		.challenge = serve_argument(call, "hub.challenge"),
		.lease_seconds = serve_argument(call, "hub.lease_seconds"),
		.reason = serve_argument(call, "hub.reason"),
	};

	return hub_verify(r->hub, call->name, &question, out);
}

static int start_serving(struct running *r, struct err *err)
{
	const char *listen = cmd_text(r->args, "listen");
	struct serve_options opt = {
		.listen = listen ? listen : arena_cstr(&r->arena, r->config.listen),
		.store = { .where = cmd_path(&r->ctx, r->config.store) },
		.threads = thread_cpus(),
		.extra = tell_health,
		.extra_arg = r,
		.hook = { .folder = str_of(hub_folder),
			  .max_body = (size_t)r->config.max_feed_bytes,
			  .expect = expect_push,
			  .take = take_call,
			  .arg = r },
	};

	if (cmd_flag(r->args, "no-serve"))
		return 0;
	cmd_site(&r->ctx, &r->config, &opt.site);
	if (serve_reopen(&opt, &r->serve, err) < 0)
		return err->code;
	log_line(LOG_INFO, "serving at %s, port %d", opt.listen, serve_port(r->serve));
	return 0;
}

/* A mirror that has never been updated has no store yet; the server wants one. */
static int make_store(struct running *r, struct err *err)
{
	const struct store_options opt = {
		.where = cmd_path(&r->ctx, r->config.store),
		.write = true,
		.index = r->config.search_index,
	};
	struct store *store;

	if (store_open(&opt, &store, err) < 0)
		return err->code;
	store_close(&store);
	return 0;
}

static int live(struct running *r, struct err *err)
{
	int64_t rounds = cmd_number(r->args, "rounds", 0);

	if (make_store(r, err) < 0 || look_ahead(r, err) < 0 || start_serving(r, err) < 0)
		return err->code;
	notify_state("READY=1");
	bool whole = true;
	while (!*r->ctx.stop) {
		round_of(r, whole);
		mem_trim();
		if (rounds && r->totals.rounds >= rounds)
			break;
		wait_for_work(r);
		whole = reload(r, false, err);
		if (whole && !*r->ctx.stop && start_serving(r, err) < 0)
			return err->code;
	}
	notify_state("STOPPING=1");
	return 0;
}

/* -1 to go on, else the status (told). */
static int set_log(struct cmd_context *ctx, const char *format)
{
	static const struct {
		const char *name;
		enum log_format format;
	} formats[] = { { "plain", LOG_PLAIN }, { "logfmt", LOG_LOGFMT }, { "json", LOG_JSON } };

	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (!format || strcmp(format, formats[i].name) == 0) {
			log_setup(LOG_INFO, formats[i].format);
			return -1;
		}
	return cmd_usage(ctx, "--log is plain, logfmt or json, not %s", format);
}

int cmd_run(struct cmd_context *ctx, int argc, char **argv)
{
	struct running r = { .ctx = *ctx, .watchdog_ms = notify_watchdog_ms() };
	struct cmd_args args;
	struct err err = { 0 };
	int status = cmd_options(ctx, argc, argv, &args);

	if (status < 0)
		status = args.word_count ? cmd_usage(ctx, "no argument is taken: %s", args.words[0])
					 : set_log(ctx, cmd_text(&args, "log"));
	if (status >= 0)
		return status;
	r.args = &args;
	arena_init(&r.arena);
	arena_init(&r.scratch);
	r.ctx.arena = &r.scratch;
	r.hub = hub_new();
	buf_init(&r.metrics, METRICS_MAX);
	pthread_mutex_init(&r.lock, NULL);
	if (!reload(&r, true, &err))
		status = cmd_fail(&err);
	else
		status = cmd_lock(ctx);
	if (status < 0)
		status = live(&r, &err) < 0 ? cmd_fail(&err) : EXIT_DONE;
	serve_close(&r.serve);
	hub_free(&r.hub);
	pthread_mutex_destroy(&r.lock);
	buf_fini(&r.metrics);
	arena_fini(&r.arena);
	arena_fini(&r.scratch);
	return status;
}
