/* dibao export: articles as Jekyll posts or a JSON Feed, sources as OPML. */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/map.h"
#include "cmd/import.h"
#include "exchange/exchange.h"
#include "store/store.h"
#include "text/json.h"

const struct cmd_option cmd_export_options[] = {
	{ "out", OPTION_TEXT, "DIR", "jekyll: folder of the site, whose _posts is written (here)" },
	{ "original", OPTION_FLAG, NULL, "jekyll: the imported files as they were, byte for byte" },
	{ "source", OPTION_TEXT, "KEY", "only articles of this source" },
	{ "from", OPTION_TEXT, "DATE", "articles from this day on: 2026, 2026-01, 2026-01-31" },
	{ "to", OPTION_TEXT, "DATE", "articles up to and with this day, month or year" },
	{ 0 },
};

struct export
{
	struct cmd_context *ctx;
	const struct cmd_args *args;
	struct config config;
	struct store *store;
	struct store_query query; /* which articles */
	const char *out;
};

/* --- posts --- */

struct posts {
	struct export *ex;
	struct arena names; /* what stays while the map does */
	struct map taken;   /* names given in this run, lower case: no file system may take two for
			       one */
	struct map dirs;    /* made */
	int64_t written, unchanged;
};

static void lower_ascii(char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		s[i] = ch_lower(s[i]);
}

/* The post's own file name: DATE-TITLE.md, and DATE-TITLE-2.md for a second one. */
static const char *unique_name(struct posts *p, struct arena *a, const struct article *art)
{
	struct buf b;
	struct str name;

	buf_init(&b, BUF_NO_MAX);
	post_name(&b, art);
	struct str plain = arena_str(a, buf_str(&b));
	buf_fini(&b);
	name = plain;
	for (int n = 2;; n++) {
		char *key = arena_cstr(&p->names, name);

		lower_ascii(key, name.len);
		void **place = map_put(&p->taken, str_n(key, name.len));
		if (!*place) {
			*place = p;
			return name.ptr;
		}
		name = arena_strf(a, "%.*s-%d.md", STR_FMT(str_sub(plain, 0, plain.len - 3)), n);
	}
}

/* Writes what is not there already: an export said again touches what changed. */
static int write_changed(struct posts *p, const char *path, struct str bytes, struct err *err)
{
	struct buf old;
	struct err none;

	buf_init(&old, bytes.len);
	bool same = file_read(path, &old, &none) == 0 && str_eq(buf_str(&old), bytes);
	buf_fini(&old);
	if (same) {
		p->unchanged++;
		return 0;
	}
	p->written++;
	return file_write(path, bytes, false, err);
}

static int make_folder(struct posts *p, const char *path, struct err *err)
{
	if (map_get(&p->dirs, str_of(path)))
		return 0;
	*map_put(&p->dirs, arena_str(&p->names, str_of(path))) = p;
	return dir_make(path, err);
}

static int export_post(struct posts *p, struct arena *a, const struct article *art, struct err *err)
{
	const struct source *source = config_source(&p->ex->config, art->source);
	struct str name = source ? source->name : art->site_name.len ? art->site_name : art->source;
	struct buf text;

	buf_init(&text, BUF_NO_MAX);
	post_print(&text, art, name, source ? source->category : name);
	const char *path = path_join(a, path_join(a, p->ex->out, "_posts"), unique_name(p, a, art));
	int rc = write_changed(p, path, buf_str(&text), err);
	buf_fini(&text);
	return rc;
}

static int export_posts(struct posts *p, struct err *err)
{
	struct store_query q = p->ex->query;
	struct store_walk *walk;
	struct article art;
	struct arena a;
	int rc;

	/* By id: a name once given to the first of two stays with it. */
	q.after_id = -1;
	q.with = STORE_HTML;
	arena_init(&a);
	if (make_folder(p, path_join(&a, p->ex->out, "_posts"), err) < 0 ||
	    store_walk_open(p->ex->store, &q, &walk, err) < 0) {
		arena_fini(&a);
		return err->code;
	}
	while ((rc = store_walk_next(walk, &a, &art, err)) == 1 && !*p->ex->ctx->stop) {
		rc = export_post(p, &a, &art, err);
		if (rc < 0)
			break;
		arena_reset(&a);
	}
	store_walk_close(&walk);
	arena_fini(&a);
	return rc < 0 ? rc : 0;
}

/* A path out of the archive leads nowhere but below the folder it is written to. */
static bool is_safe_path(struct str path)
{
	struct str part;

	if (path.len == 0 || path.ptr[0] == '/')
		return false;
	while (str_split(&path, '/', &part))
		if (part.len == 0 || str_eq(part, S(".")) || str_eq(part, S("..")))
			return false;
	return true;
}

static int export_original(struct posts *p, struct blob *blobs, const struct imported *file,
			   const char *root, struct err *err)
{
	struct arena a;
	struct buf bytes;
	int rc;

	if (!is_safe_path(file->path))
		return err_set(err, ERR_INPUT,
			       "the imported file %.*s has a path that leads elsewhere",
			       STR_FMT(file->path));
	arena_init(&a);
	buf_init(&bytes, BUF_NO_MAX);
	char *path = path_join(&a, root, arena_cstr(&a, file->path));
	char *slash = strrchr(path, '/');
	if (slash)
		*slash = '\0';
	rc = slash ? make_folder(p, path, err) : 0;
	if (slash)
		*slash = '/';
	if (rc == 0)
		rc = blob_get(blobs, &file->body, &bytes, err);
	if (rc == 0)
		rc = write_changed(p, path, buf_str(&bytes), err);
	buf_fini(&bytes);
	arena_fini(&a);
	return rc;
}

/* 1: several sites were imported; 0: one. */
static int several_sites(struct store *store, struct err *err)
{
	struct imported_walk *walk;
	struct imported file;
	struct str first = { 0 };
	struct arena a;
	bool several = false;
	int rc = imported_open(store, &walk, err);

	arena_init(&a);
	while (rc >= 0 && !several && (rc = imported_next(walk, &file, err)) > 0) {
		several = first.ptr && !str_eq(file.label, first);
		if (!first.ptr)
			first = arena_str(&a, file.label);
	}
	if (rc >= 0 && !first.ptr)
		rc = err_set(err, ERR_NOTFOUND, "nothing was imported into this mirror");
	imported_close(&walk);
	arena_fini(&a);
	return rc < 0 ? rc : several;
}

/* Files of one import go where they were; of several, each into a folder of its site's name. */
static int export_originals(struct posts *p, struct err *err)
{
	struct cmd_context *ctx = p->ex->ctx;
	struct imported_walk *walk = NULL;
	struct imported file;
	struct blob *blobs = NULL;
	int several = several_sites(p->ex->store, err);
	int rc = several < 0 ? several : blob_open(cmd_path(ctx, p->ex->config.blobs), &blobs, err);

	if (rc == 0)
		rc = imported_open(p->ex->store, &walk, err);
	while (rc >= 0 && !*ctx->stop && (rc = imported_next(walk, &file, err)) > 0) {
		const char *root = p->ex->out;
		struct arena a;

		arena_init(&a);
		if (several)
			root = path_join(&a, root,
					 is_safe_path(file.label) ? arena_cstr(&a, file.label)
								  : "site");
		rc = export_original(p, blobs, &file, root, err);
		arena_fini(&a);
	}
	imported_close(&walk);
	blob_close(&blobs);
	return rc;
}

static int export_jekyll(struct export *ex)
{
	struct posts p = { .ex = ex };
	struct err err;

	arena_init(&p.names);
	map_init(&p.taken);
	map_init(&p.dirs);
	int rc = cmd_flag(ex->args, "original") ? export_originals(&p, &err)
						: export_posts(&p, &err);
	map_fini(&p.taken);
	map_fini(&p.dirs);
	arena_fini(&p.names);
	if (rc < 0)
		return cmd_fail(&err);
	printf("%lld file%s written, %lld unchanged, in %s\n", (long long)p.written,
	       p.written == 1 ? "" : "s", (long long)p.unchanged,
	       cmd_flag(ex->args, "original") ? ex->out
					      : path_join(ex->ctx->arena, ex->out, "_posts"));
	return EXIT_DONE;
}

/* --- JSON Feed and OPML --- */

static int export_json(struct export *ex)
{
	struct store_walk *walk;
	struct article art;
	struct arena a;
	struct buf out;
	struct json j;
	struct err err;
	int rc;

	ex->query.with = STORE_ALL;
	if (store_walk_open(ex->store, &ex->query, &walk, &err) < 0)
		return cmd_fail(&err);
	arena_init(&a);
	buf_init(&out, BUF_NO_MAX);
	json_start(&j, &out, 1);
	json_begin_object(&j);
	json_member(&j, "version", S("https://jsonfeed.org/version/1.1"));
	json_member(&j, "title", ex->config.title);
	json_member_opt(&j, "home_page_url", ex->config.base_url);
	json_member_opt(&j, "description", ex->config.subtitle);
	json_member_opt(&j, "language", ex->config.language);
	json_add_key(&j, S("items"));
	json_begin_array(&j);
	while ((rc = store_walk_next(walk, &a, &art, &err)) == 1 && !*ex->ctx->stop &&
	       !ferror(stdout)) {
		cmd_json_article(&j, &art);
		cmd_print(buf_str(&out));
		buf_reset(&out);
		arena_reset(&a);
	}
	json_end(&j);
	json_end(&j);
	printf("%s\n", buf_cstr(&out));
	buf_fini(&out);
	arena_fini(&a);
	store_walk_close(&walk);
	return rc < 0 ? cmd_fail(&err) : EXIT_DONE;
}

static int export_opml(struct export *ex)
{
	struct buf out;

	buf_init(&out, BUF_NO_MAX);
	opml_print(&out, ex->config.title, ex->config.sources, ex->config.source_count);
	cmd_print(buf_str(&out));
	buf_fini(&out);
	return EXIT_DONE;
}

/* --- the command --- */

static const struct format {
	const char *name;
	int (*run)(struct export *ex); /* NULL: comes later */
} formats[] = {
	{ "jekyll", export_jekyll },
	{ "json", export_json },
	{ "opml", export_opml },
	{ "warc", NULL },
	{ "wacz", NULL },
	{ "epub", NULL },
	{ "atom", NULL },
	{ "sqlite", NULL },
};

static const struct format *format_named(const char *name)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (strcmp(formats[i].name, name) == 0)
			return &formats[i];
	return NULL;
}

static int read_query(struct export *ex)
{
	ex->query = (struct store_query){ .source = str_of(cmd_text(ex->args, "source")) };
	return cmd_days(ex->ctx, ex->args, ex->config.zone_min, &ex->query.from, &ex->query.to);
}

int cmd_export(struct cmd_context *ctx, int argc, char **argv)
{
	struct cmd_args args;
	struct export ex = { .ctx = ctx, .args = &args };
	int status = cmd_options(ctx, argc, argv, &args);

	if (status >= 0)
		return status;
	if (args.word_count != 1)
		return cmd_usage(ctx, "one format is named: jekyll, json or opml");
	const struct format *format = format_named(args.words[0]);
	if (!format)
		return cmd_usage(ctx, "no format %s: jekyll, json or opml", args.words[0]);
	if (!format->run) {
		fprintf(stderr, "dibao: export %s comes in a later release\n", format->name);
		return EXIT_USAGE;
	}
	bool jekyll = format->run == export_jekyll;
	if (!jekyll && (cmd_text(&args, "out") || cmd_flag(&args, "original")))
		return cmd_usage(ctx, "--out and --original are for jekyll; %s is printed",
				 format->name);
	ex.out = cmd_text(&args, "out") ? cmd_text(&args, "out") : ".";
	status = cmd_config(ctx, &ex.config);
	if (status < 0)
		status = read_query(&ex);
	if (status < 0)
		status = cmd_store(ctx, &ex.config, false, &ex.store);
	if (status < 0)
		status = format->run(&ex);
	store_close(&ex.store);
	return status;
}
