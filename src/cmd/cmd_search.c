/* dibao search: full text, by the store's index. */
#include <stdio.h>

#include "cmd/cmd.h"
#include "store/store.h"
#include "text/date.h"
#include "text/escape.h"
#include "text/json.h"
#include "text/width.h"

enum { SEARCH_DEFAULT = 20 };

const struct cmd_option cmd_search_options[] = {
	{ "source", OPTION_TEXT, "KEY", "only of this source" },
	{ "from", OPTION_TEXT, "DATE", "from this day on: 2026, 2026-01, 2026-01-31" },
	{ "to", OPTION_TEXT, "DATE", "up to and with this day, month or year" },
	{ "newest", OPTION_FLAG, NULL, "newest first, whatever the title says" },
	{ "limit", OPTION_NUMBER, "N", "at most so many (20; 0: all)" },
	{ "offset", OPTION_NUMBER, "N", "without the first so many" },
	{ "json", OPTION_FLAG, NULL, "print a JSON Feed" },
	{ 0 },
};

/* The snippet with what stands around a match said by `on` and `off`; its text escaped for HTML, or
 * safe to show. */
static void add_snippet(struct buf *out, struct str snippet, const char *on, const char *off,
			bool html)
{
	while (snippet.len) {
		size_t end = 0;

		while (end < snippet.len && snippet.ptr[end] != '\x01' &&
		       snippet.ptr[end] != '\x02')
			end++;
		if (html)
			buf_add_html(out, str_sub(snippet, 0, end));
		else
			buf_add_columns(out, str_sub(snippet, 0, end), end, false);
		if (end < snippet.len)
			buf_add_cstr(out, snippet.ptr[end] == '\x01' ? on : off);
		snippet = str_from(snippet, end + 1);
	}
}

static void add_item(struct json *j, const struct article *art, struct str snippet)
{
	struct buf plain, marked;

	buf_init(&plain, BUF_NO_MAX);
	buf_init(&marked, BUF_NO_MAX);
	for (size_t i = 0; i < snippet.len; i++)
		if (snippet.ptr[i] != '\x01' && snippet.ptr[i] != '\x02')
			buf_add_ch(&plain, snippet.ptr[i]);
	add_snippet(&marked, snippet, "<mark>", "</mark>", true);
	json_begin_object(j);
	json_member(j, "id", art->key);
	json_member_opt(j, "url", art->url);
	json_member_opt(j, "title", art->title);
	json_member(j, "content_text", buf_str(&plain));
	json_member_opt(j, "image", art->image);
	json_member_time(j, "date_published", art->published, art->published_offset_min);
	json_member_opt(j, "language", art->language);
	json_add_key(j, S("_dibao"));
	json_begin_object(j);
	json_member(j, "path", art->path);
	json_member_opt(j, "source", art->source);
	json_member_opt(j, "snippet_html", buf_str(&marked));
	json_member_time(j, "first_seen", art->first_seen, 0);
	json_member_time(j, "gone", art->gone, 0);
	json_end(j);
	json_end(j);
	buf_fini(&plain);
	buf_fini(&marked);
}

static void add_lines(struct buf *out, const struct cmd_context *ctx, const struct config *config,
		      const struct article *art, struct str snippet)
{
	int64_t when = art->published != TIME_UNSTATED ? art->published : art->first_seen;
	struct date_fields f;

	date_fields(when, config->zone_min, &f);
	buf_add_columns(out, art->key, art->key.len, true);
	buf_addf(out, "  %04d-%02d-%02d  ", f.year, f.month, f.day);
	buf_add_columns(out, art->title.len ? art->title : art->url, art->title.len + art->url.len,
			false);
	buf_add_cstr(out, "\n    ");
	add_snippet(out, snippet, ctx->color ? "\x1b[1m" : "", ctx->color ? "\x1b[0m" : "", false);
	buf_add_ch(out, '\n');
}

static void begin_json(struct json *j, struct buf *out, const struct config *config,
		       struct str query, int64_t total)
{
	json_start(j, out, 2);
	json_begin_object(j);
	json_member(j, "version", S("https://jsonfeed.org/version/1.1"));
	json_member(j, "title", config->title);
	json_add_key(j, S("_dibao"));
	json_begin_object(j);
	json_member(j, "query", query);
	json_member_i64(j, "total", total);
	json_end(j);
	json_add_key(j, S("items"));
	json_begin_array(j);
}

static int print_hits(struct cmd_context *ctx, const struct config *config, struct store *store,
		      const struct store_search *what, bool json)
{
	struct store_hit *hits;
	size_t count;
	int64_t total;
	struct buf out;
	struct json j;
	struct err err;
	struct arena a;
	int status = EXIT_DONE;

	if (store_search(store, ctx->arena, what, &hits, &count, &total, &err) < 0)
		return cmd_fail(&err);
	arena_init(&a);
	buf_init(&out, BUF_NO_MAX);
	if (json)
		begin_json(&j, &out, config, what->query, total);
	for (size_t i = 0; i < count && status == EXIT_DONE && !*ctx->stop; i++) {
		struct article art;

		arena_reset(&a);
		if (store_article_get(store, &a, hits[i].id, STORE_FIELDS, &art, &err) < 0)
			status = cmd_fail(&err);
		else if (json)
			add_item(&j, &art, hits[i].snippet);
		else
			add_lines(&out, ctx, config, &art, hits[i].snippet);
	}
	if (json) {
		json_end(&j);
		json_end(&j);
		buf_add_ch(&out, '\n');
	}
	cmd_print(buf_str(&out));
	if (!json && !total)
		fprintf(stderr, "dibao: nothing found\n");
	else if (!json && (int64_t)count < total)
		fprintf(stderr, "dibao: %zu of %lld (--limit, --offset)\n", count,
			(long long)total);
	buf_fini(&out);
	arena_fini(&a);
	return status;
}

/* All words are one query: dibao search 北約 秘書長. */
static struct str join_words(struct cmd_context *ctx, const struct cmd_args *args)
{
	struct buf b;

	buf_init(&b, BUF_NO_MAX);
	for (size_t i = 0; i < args->word_count; i++) {
		if (i)
			buf_add_ch(&b, ' ');
		buf_add_cstr(&b, args->words[i]);
	}
	struct str all = arena_str(ctx->arena, buf_str(&b));
	buf_fini(&b);
	return all;
}

/* -1 to go on, else the status. */
static int read_search(struct cmd_context *ctx, const struct cmd_args *args, int zone_min,
		       struct store_search *what)
{
	struct err err;

	*what = (struct store_search){
		.query = join_words(ctx, args),
		.source = str_of(cmd_text(args, "source")),
		.limit = cmd_number(args, "limit", SEARCH_DEFAULT),
		.offset = cmd_number(args, "offset", 0),
		.newest_first = cmd_flag(args, "newest"),
		.zone_min = zone_min,
	};
	if (args->word_count == 0)
		return cmd_usage(ctx, "what is to be searched for?");
	if (what->limit < 0 || what->offset < 0)
		return cmd_usage(ctx, "--limit and --offset are 0 or more");
	int status = cmd_days(ctx, args, zone_min, &what->from, &what->to);
	if (status < 0 && store_search_check(what->query, &err) < 0)
		status = cmd_usage(ctx, "%s", err.msg);
	return status;
}

int cmd_search(struct cmd_context *ctx, int argc, char **argv)
{
	struct cmd_args args;
	struct config config;
	struct store *store;
	struct store_search what;
	struct err err;
	int64_t missing = 0;
	int status = cmd_options(ctx, argc, argv, &args);

	if (status < 0)
		status = cmd_config(ctx, &config);
	if (status < 0)
		status = read_search(ctx, &args, config.zone_min, &what);
	if (status < 0)
		status = cmd_store(ctx, &config, false, &store);
	if (status >= 0)
		return status;
	status = print_hits(ctx, &config, store, &what, cmd_flag(&args, "json"));
	if (store_unindexed(store, &missing, &err) == 0 && missing > 0)
		fprintf(stderr, "dibao: %lld articles are not in the search index\n",
			(long long)missing);
	store_close(&store);
	return status;
}
