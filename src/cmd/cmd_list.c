/* dibao list: articles, newest first. */
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "store/store.h"
#include "text/date.h"
#include "text/json.h"
#include "text/width.h"

enum { LIST_DEFAULT = 50, KEY_COLUMNS = 13, SOURCE_COLUMNS = 20, NO_LIMIT_COLUMNS = 1 << 20 };

const struct cmd_option cmd_list_options[] = {
	{ "source", OPTION_TEXT, "KEY", "only of this source" },
	{ "tag", OPTION_TEXT, "TAG", "only with this keyword" },
	{ "category", OPTION_TEXT, "CATEGORY", "only of this category" },
	{ "from", OPTION_TEXT, "DATE", "from this day on: 2026, 2026-01, 2026-01-31" },
	{ "to", OPTION_TEXT, "DATE", "up to and with this day, month or year" },
	{ "limit", OPTION_NUMBER, "N", "at most so many (50; 0: all)" },
	{ "json", OPTION_FLAG, NULL, "print a JSON Feed" },
	{ 0 },
};

int cmd_days(struct cmd_context *ctx, const struct cmd_args *args, int zone_min, int64_t *from,
	     int64_t *to)
{
	static const char *const names[] = { "from", "to" };
	int64_t *const places[] = { from, to };

	for (int end = 0; end < 2; end++) {
		const char *text = cmd_text(args, names[end]);

		*places[end] = TIME_UNSTATED;
		if (text && !date_span(str_of(text), zone_min, end, places[end]))
			return cmd_usage(ctx,
					 "--%s takes a day, month or year like 2026-01-31, 2026-01 "
					 "or 2026, not %s",
					 names[end], text);
	}
	if (*from != TIME_UNSTATED && *to != TIME_UNSTATED && *from >= *to)
		return cmd_usage(ctx, "--from %s is behind --to %s", cmd_text(args, "from"),
				 cmd_text(args, "to"));
	return -1;
}

/* Columns of the terminal on standard output, or as good as none. */
static size_t terminal_columns(void)
{
	struct winsize size;

	if (!isatty(STDOUT_FILENO))
		return NO_LIMIT_COLUMNS;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40)
		return size.ws_col;
	return 80;
}

static void add_line(struct buf *out, const struct config *config, const struct article *art,
		     size_t columns)
{
	const struct source *source = config_source(config, art->source);
	int64_t when = art->date; /* what is stated, where that can be */
	const size_t left = KEY_COLUMNS + 2 + 16 + 2 + SOURCE_COLUMNS + 2;
	struct date_fields f;

	date_fields(when, config->zone_min, &f);
	buf_add_columns(out, art->key, KEY_COLUMNS, true);
	buf_addf(out, "  %04d-%02d-%02d %02d:%02d  ", f.year, f.month, f.day, f.hour, f.minute);
	buf_add_columns(out,
			source               ? source->name
			: art->site_name.len ? art->site_name
					     : art->source,
			SOURCE_COLUMNS, true);
	buf_add_cstr(out, "  ");
	buf_add_columns(out, art->title.len ? art->title : art->url,
			columns > left + 10 ? columns - left : 10, false);
	buf_add_ch(out, '\n');
}

/* At most `most` of the walk (0: all). */
static int print_lines(struct cmd_context *ctx, const struct config *config,
		       struct store_walk *walk, bool json, int64_t most)
{
	struct buf out;
	struct json j;
	struct arena a;
	struct article art;
	struct err err;
	size_t columns = terminal_columns();
	int64_t count = 0;
	bool more = false;
	int rc;

	arena_init(&a);
	buf_init(&out, BUF_NO_MAX);
	json_start(&j, &out, 2);
	if (json) {
		json_begin_object(&j);
		json_member(&j, "version", S("https://jsonfeed.org/version/1.1"));
		json_member(&j, "title", config->title);
		json_add_key(&j, S("items"));
		json_begin_array(&j);
	}
	while ((rc = store_walk_next(walk, &a, &art, &err)) == 1 && !ferror(stdout) &&
	       !*ctx->stop && !(more = most && count == most)) {
		count++;
		if (json)
			cmd_json_article(&j, &art);
		else
			add_line(&out, config, &art, columns);
		cmd_print(buf_str(&out));
		buf_reset(&out);
		arena_reset(&a);
	}
	if (json) {
		json_end(&j);
		json_end(&j);
		printf("%.*s\n", STR_FMT(buf_str(&out)));
	}
	buf_fini(&out);
	arena_fini(&a);
	if (rc < 0)
		return cmd_fail(&err);
	if (!json && more)
		fprintf(stderr, "dibao: the newest %lld (--limit)\n", (long long)count);
	else if (!json && !count)
		fprintf(stderr, "dibao: no articles\n");
	return EXIT_DONE;
}

/* -1 to go on, else the status. */
static int read_query(struct cmd_context *ctx, const struct cmd_args *args,
		      const struct config *config, struct store_query *q)
{
	*q = (struct store_query){
		.source = str_of(cmd_text(args, "source")),
		.keyword = str_of(cmd_text(args, "tag")),
		.category = str_of(cmd_text(args, "category")),
		.limit = cmd_number(args, "limit", LIST_DEFAULT),
		.with = cmd_flag(args, "json") ? STORE_ALL : STORE_FIELDS,
	};
	if (args->word_count > 0)
		return cmd_usage(ctx, "no argument is taken: %s", args->words[0]);
	if (q->limit < 0)
		return cmd_usage(ctx, "--limit is 0 (all) or more");
	return cmd_days(ctx, args, config->zone_min, &q->from, &q->to);
}

/* A source that was never there is a slip of the hand, not an empty list. */
static int check_source(struct cmd_context *ctx, const struct config *config, struct store *store,
			struct str key)
{
	struct source_state state;
	struct err err;

	if (key.len == 0 || config_source(config, key) ||
	    store_source_get(store, ctx->arena, key, &state, &err) == 0)
		return -1;
	err_set(&err, ERR_NOTFOUND, "no source %.*s in this mirror", STR_FMT(key));
	return cmd_fail(&err);
}

int cmd_list(struct cmd_context *ctx, int argc, char **argv)
{
	struct cmd_args args;
	struct config config;
	struct store *store;
	struct store_query q;
	struct store_walk *walk = NULL;
	struct err err;
	int status = cmd_options(ctx, argc, argv, &args);

	if (status < 0)
		status = cmd_config(ctx, &config);
	if (status < 0)
		status = read_query(ctx, &args, &config, &q);
	if (status < 0)
		status = cmd_store(ctx, &config, false, &store);
	if (status >= 0)
		return status;
	status = check_source(ctx, &config, store, q.source);
	int64_t most = q.limit;
	q.limit += most > 0 && most < INT64_MAX; /* to know of more */
	if (status < 0)
		status = store_walk_open(store, &q, &walk, &err) < 0
				 ? cmd_fail(&err)
				 : print_lines(ctx, &config, walk, cmd_flag(&args, "json"), most);
	store_walk_close(&walk);
	store_close(&store);
	return status;
}
