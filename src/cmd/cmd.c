/*
 * The command table, and what every command does alike: reading its options by its own table,
 * failing with one line, opening the mirror's settings.
 */
#include "cmd/cmd.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/hash.h"
#include "store/store.h"
#include "text/nearest.h"

const struct cmd cmd_table[] = {
	{ "init", "[DIR]", "make a mirror", cmd_init_options, cmd_init },
	{ "add", "URL...", "follow a source: a feed, or a page whose feed is found",
	  cmd_add_options, cmd_add },
	{ "import", "[FORMAT] PATH", "take over sources and articles: opml, subs, jekyll",
	  cmd_import_options, cmd_import },
	{ "update", "[SOURCE...]", "fetch what is due, extract, store", cmd_update_options,
	  cmd_update },
	{ "build", "", "render the static site, only what changed", cmd_build_options, cmd_build },
	{ "serve", "", "serve the site and its search over HTTP", cmd_serve_options, cmd_serve },
	{ "run", "", "update on schedule, build and serve, in one process", cmd_run_options,
	  cmd_run },
	{ "search", "QUERY", "search the full text", cmd_search_options, cmd_search },
	{ "list", "", "list articles, newest first", cmd_list_options, cmd_list },
	{ "show", "ARTICLE", "show one article, named by its address or its id", cmd_show_options,
	  cmd_show },
	{ "diff", "ARTICLE [REVISION [REVISION]]", "show what changed between revisions",
	  cmd_diff_options, cmd_diff },
	{ "status", "[SOURCE...]", "show the health of every source", cmd_status_options,
	  cmd_status },
	{ "verify", "", "check the whole archive and say what is damaged", cmd_verify_options,
	  cmd_verify },
	{ "export", "FORMAT", "write articles or sources: jekyll, json, opml", cmd_export_options,
	  cmd_export },
	{ "feed", "FILE|-", "parse one feed, print JSON", cmd_feed_options, cmd_feed },
	{ "extract", "FILE|-", "extract the article of one page, print JSON", cmd_extract_options,
	  cmd_extract },
	{ "sanitize", "FILE|-", "print the HTML that is safe to publish", cmd_sanitize_options,
	  cmd_sanitize },
	{ "completion", "bash|zsh|fish", "print the completion script of a shell",
	  cmd_completion_options, cmd_completion },
	{ 0 },
};

void cmd_start_up(void)
{
	hash_start_up();
	store_start_up();
}

const struct cmd *cmd_find(struct str name)
{
	for (const struct cmd *c = cmd_table; c->name; c++)
		if (str_eq(str_of(c->name), name))
			return c;
	return NULL;
}

const struct cmd *cmd_nearest(struct str name)
{
	struct str names[sizeof(cmd_table) / sizeof(cmd_table[0])];
	size_t count = 0;

	for (const struct cmd *c = cmd_table; c->name; c++)
		names[count++] = str_of(c->name);
	return cmd_find(nearest_word(name, names, count));
}

static void print_help(const struct cmd *cmd)
{
	printf("usage: dibao [-C DIR] %s%s%s%s\n\n%s\n", cmd->name,
	       cmd->options && cmd->options->name ? " [OPTION...]" : "", *cmd->args ? " " : "",
	       cmd->args, cmd->summary);
	if (cmd->options && cmd->options->name)
		printf("\n");
	for (const struct cmd_option *o = cmd->options; o && o->name; o++) {
		char left[64];

		snprintf(left, sizeof(left), "--%s%s%s", o->name, o->kind == OPTION_FLAG ? "" : " ",
			 o->kind == OPTION_FLAG ? "" : o->value);
		printf("  %-24s %s\n", left, o->help);
	}
}

static const struct cmd_option *find_option(const struct cmd *cmd, struct str name)
{
	for (const struct cmd_option *o = cmd->options; o && o->name; o++)
		if (str_eq(str_of(o->name), name))
			return o;
	return NULL;
}

static int fail_option(struct cmd_context *ctx, struct str name)
{
	struct str words[32], near;
	size_t count = 0;

	for (const struct cmd_option *o = ctx->cmd->options; o && o->name && count < 32; o++)
		words[count++] = str_of(o->name);
	near = nearest_word(name, words, count);
	if (near.len > 0)
		return cmd_usage(ctx, "no option --%.*s; did you mean --%.*s?", STR_FMT(name),
				 STR_FMT(near));
	return cmd_usage(ctx, "no option --%.*s", STR_FMT(name));
}

/* Reads the option at argv[*i] (and its value, moving *i); -1, or the exit status. */
static int read_option(struct cmd_context *ctx, int argc, char **argv, int *i, struct cmd_args *out)
{
	struct str name = str_of(argv[*i] + 2);
	const char *text = NULL;
	size_t equals = str_find_ch(name, '=');

	if (equals != STR_NONE) {
		text = name.ptr + equals + 1;
		name = str_sub(name, 0, equals);
	}
	const struct cmd_option *o = find_option(ctx->cmd, name);
	if (!o)
		return fail_option(ctx, name);
	if (o->kind == OPTION_FLAG && text)
		return cmd_usage(ctx, "--%s takes no value", o->name);
	if (o->kind != OPTION_FLAG && !text) {
		if (*i + 1 >= argc)
			return cmd_usage(ctx, "--%s needs a value: %s", o->name, o->value);
		text = argv[++*i];
	}
	struct cmd_value *v = &out->values[out->value_count++];
	*v = (struct cmd_value){ .name = o->name, .text = text };
	if (o->kind == OPTION_NUMBER && !str_to_i64(str_of(text), INT64_MIN, INT64_MAX, &v->number))
		return cmd_usage(ctx, "--%s takes a whole number, not %s", o->name, text);
	return -1;
}

int cmd_options(struct cmd_context *ctx, int argc, char **argv, struct cmd_args *out)
{
	bool ended = false;

	*out = (struct cmd_args){ 0 };
	out->values = arena_array(ctx->arena, (size_t)argc + 1, sizeof(*out->values));
	out->words = arena_array(ctx->arena, (size_t)argc + 1, sizeof(*out->words));
	for (int i = 1; i < argc; i++) {
		const char *arg = argv[i];

		if (ended || arg[0] != '-' || arg[1] == '\0') {
			out->words[out->word_count++] = argv[i];
		} else if (strcmp(arg, "--") == 0) {
			ended = true;
		} else if (strcmp(arg, "-h") == 0 || strcmp(arg, "--help") == 0) {
			print_help(ctx->cmd);
			return EXIT_DONE;
		} else if (strcmp(arg, "-V") == 0 || strcmp(arg, "--version") == 0) {
			printf("dibao %s\n", DIBAO_VERSION);
			return EXIT_DONE;
		} else if (arg[1] != '-') {
			return cmd_usage(ctx, "no option %s", arg);
		} else {
			int status = read_option(ctx, argc, argv, &i, out);
			if (status >= 0)
				return status;
		}
	}
	return -1;
}

static const struct cmd_value *find_value(const struct cmd_args *args, const char *name)
{
	for (size_t i = args->value_count; i-- > 0;)
		if (strcmp(args->values[i].name, name) == 0)
			return &args->values[i];
	return NULL;
}

bool cmd_flag(const struct cmd_args *args, const char *name)
{
	return find_value(args, name) != NULL;
}

const char *cmd_text(const struct cmd_args *args, const char *name)
{
	const struct cmd_value *v = find_value(args, name);

	return v ? v->text : NULL;
}

int64_t cmd_number(const struct cmd_args *args, const char *name, int64_t otherwise)
{
	const struct cmd_value *v = find_value(args, name);

	return v ? v->number : otherwise;
}

size_t cmd_texts(const struct cmd_args *args, const char *name, const char **out, size_t max)
{
	size_t n = 0;

	for (size_t i = 0; i < args->value_count && n < max; i++)
		if (strcmp(args->values[i].name, name) == 0)
			out[n++] = args->values[i].text;
	return n;
}

void cmd_print(struct str text)
{
	if (text.len)
		fwrite(text.ptr, 1, text.len, stdout);
}

int cmd_fail(const struct err *err)
{
	fflush(stdout);
	fprintf(stderr, "dibao: %s\n", err->msg);
	return err->code == ERR_AGAIN ? EXIT_IN_USE : EXIT_FAILED;
}

int cmd_usage(const struct cmd_context *ctx, const char *fmt, ...)
{
	va_list args;

	fprintf(stderr, "dibao: %s: ", ctx->cmd->name);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fprintf(stderr, " (dibao %s --help)\n", ctx->cmd->name);
	return EXIT_USAGE;
}

int cmd_config(struct cmd_context *ctx, struct config *out)
{
	struct err err;

	return config_load(ctx->arena, ctx->dir, out, &err) < 0 ? cmd_fail(&err) : -1;
}

char *cmd_path(struct cmd_context *ctx, struct str name)
{
	return path_join(ctx->arena, ctx->dir, arena_cstr(ctx->arena, name));
}

int cmd_lock(struct cmd_context *ctx)
{
	struct lock *lock = arena_alloc(ctx->arena, sizeof(*lock));
	struct err err;

	return lock_take(lock, cmd_path(ctx, S("dibao.lock")), ctx->cmd->name, &err) < 0
		       ? cmd_fail(&err)
		       : -1;
}

/* What an older dibao made, to what this one reads: under the mirror's lock, for as long as it
 * takes. */
static int bring_up_to_date(struct cmd_context *ctx, const struct store_options *opt,
			    struct err *err)
{
	const struct store_options write = { .where = opt->where, .write = true };
	struct store *store;
	struct lock lock;

	if (lock_take(&lock, cmd_path(ctx, S("dibao.lock")), ctx->cmd->name, err) < 0)
		return err_wrap(err, "an older dibao made the archive, and %s",
				err->code == ERR_AGAIN
					? "it is being written to"
					: "it cannot be brought up to date here; run \"dibao "
					  "update\" where it may be written to");
	fprintf(stderr, "dibao: %s: made by an older dibao: bringing it up to date\n", opt->where);
	int rc = store_open(&write, &store, err);
	if (rc == 0)
		store_close(&store);
	lock_release(&lock);
	return rc < 0 ? err_wrap(err, "made by an older dibao; run \"dibao update\" as its owner")
		      : 0;
}

int cmd_open_store(struct cmd_context *ctx, const struct store_options *opt, struct store **out,
		   struct err *err)
{
	int rc = store_open(opt, out, err);

	if (rc != ERR_INPUT || opt->write || !store_is_older(opt->where))
		return rc;
	rc = bring_up_to_date(ctx, opt, err);
	return rc < 0 ? rc : store_open(opt, out, err);
}

int cmd_store(struct cmd_context *ctx, const struct config *config, bool write, struct store **out)
{
	const struct store_options opt = {
		.where = str_contains(config->store, S("://"))
				 ? arena_cstr(ctx->arena, config->store)
				 : cmd_path(ctx, config->store),
		.write = write,
		.index = config->search_index,
	};
	struct err err;

	return cmd_open_store(ctx, &opt, out, &err) < 0 ? cmd_fail(&err) : -1;
}

int cmd_no_source(struct cmd_context *ctx, const struct config *config, struct str key)
{
	struct str *keys = arena_array(ctx->arena, config->source_count + 1, sizeof(*keys));
	struct err err;

	for (size_t i = 0; i < config->source_count; i++)
		keys[i] = config->sources[i].key;
	struct str near = nearest_word(key, keys, config->source_count);
	err_set(&err, ERR_NOTFOUND,
		near.len ? "no source %.*s in sources.conf; did you mean %.*s?"
			 : "no source %.*s in sources.conf",
		STR_FMT(key), STR_FMT(near));
	return cmd_fail(&err);
}

int cmd_show_of_store(struct cmd_context *ctx, const struct cmd_args *args,
		      int (*add)(struct cmd_context *ctx, const struct cmd_args *args,
				 const struct config *config, struct store *store, struct buf *out,
				 struct err *err))
{
	struct config config;
	struct store *store;
	struct err err;
	struct buf out;
	int status = cmd_config(ctx, &config);

	if (status < 0)
		status = cmd_store(ctx, &config, false, &store);
	if (status >= 0)
		return status;
	buf_init(&out, BUF_NO_MAX);
	if (add(ctx, args, &config, store, &out, &err) < 0)
		status = cmd_fail(&err);
	else
		cmd_print(buf_str(&out));
	buf_fini(&out);
	store_close(&store);
	return status < 0 ? EXIT_DONE : status;
}
