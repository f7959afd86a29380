/* dibao init: a directory becomes a mirror. Nothing that stands there is ever overwritten. */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "cmd/cmd.h"
#include "store/store.h"

const struct cmd_option cmd_init_options[] = {
	{ "title", OPTION_TEXT, "TEXT", "what the site is called" },
	{ 0 },
};

/* The default file; with a title, its line is set. */
static void print_mirror_conf(struct buf *out, const char *title)
{
	struct buf text;

	buf_init(&text, BUF_NO_MAX);
	config_print_default(&text);
	for (struct str rest = buf_str(&text), line; str_split(&rest, '\n', &line);) {
		if (title && str_has_prefix(line, S("#title = ")))
			config_print_text(out, "title", str_of(title));
		else
			buf_add(out, line);
		buf_add_ch(out, '\n');
	}
	buf_fini(&text);
}

/* 1 where the file was made, 0 where it was there. */
static int make_file(struct cmd_context *ctx, const char *dir, const char *name, struct str text,
		     struct err *err)
{
	const char *path = path_join(ctx->arena, dir, name);

	if (file_exists(path))
		return 0;
	return file_write(path, text, true, err) < 0 ? err->code : 1;
}

static int make_files(struct cmd_context *ctx, const char *dir, const char *title, struct err *err)
{
	struct buf text;
	int rc;

	buf_init(&text, BUF_NO_MAX);
	config_print_default_sources(&text);
	rc = make_file(ctx, dir, "sources.conf", buf_str(&text), err);
	if (rc >= 0)
		rc = make_file(ctx, dir, ".gitignore",
			       S("# What git need not keep: the archive has its own backup, the "
				 "site is built from it.\n"
				 "archive.db*\nblobs/\nsite/\ndibao.lock\n"),
			       err);
	buf_reset(&text);
	print_mirror_conf(&text, title);
	/* Last, because it is what makes a directory a mirror: interrupted before, init can be said
	 * again. */
	if (rc >= 0)
		rc = make_file(ctx, dir, "dibao.conf", buf_str(&text), err);
	buf_fini(&text);
	return rc;
}

/* The empty store, so that list, build and serve have one from the first day. */
static int make_store(struct cmd_context *ctx, const char *dir)
{
	struct config config;
	struct store *store;
	int status;

	ctx->dir = dir;
	status = cmd_config(ctx, &config);
	if (status < 0)
		status = cmd_lock(ctx);
	if (status < 0)
		status = cmd_store(ctx, &config, true, &store);
	if (status < 0)
		store_close(&store);
	return status;
}

int cmd_init(struct cmd_context *ctx, int argc, char **argv)
{
	struct cmd_args args;
	struct err err;
	int status = cmd_options(ctx, argc, argv, &args);

	if (status >= 0)
		return status;
	if (args.word_count > 1)
		return cmd_usage(ctx, "one directory, not %zu", args.word_count);
	const char *dir =
		args.word_count ? path_join(ctx->arena, ctx->dir, args.words[0]) : ctx->dir;
	if (file_exists(path_join(ctx->arena, dir, "dibao.conf"))) {
		err_set(&err, ERR_INPUT, "%s is a mirror already; nothing was changed",
			strcmp(dir, ".") == 0 ? "this directory" : dir);
		return cmd_fail(&err);
	}
	if (dir_make(dir, &err) < 0 || make_files(ctx, dir, cmd_text(&args, "title"), &err) < 0)
		return cmd_fail(&err);
	status = make_store(ctx, dir);
	if (status >= 0)
		return status;
	printf("%s is a mirror now: settings in dibao.conf, sources in sources.conf\n"
	       "next: dibao add URL, or dibao import FILE; then dibao update\n",
	       strcmp(dir, ".") == 0 ? "this directory" : dir);
	return EXIT_DONE;
}
