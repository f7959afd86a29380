/* dibao import: sources out of OPML and subs.json; sources and articles out of a Jekyll site. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/map.h"
#include "cmd/import.h"
#include "exchange/exchange.h"
#include "source/source.h"
#include "text/json.h"
#include "text/url.h"

const struct cmd_option cmd_import_options[] = {
	{ "dry-run", OPTION_FLAG, NULL, "change nothing, say what would be" },
	{ "json", OPTION_FLAG, NULL, "print the report as JSON" },
	{ "workers", OPTION_NUMBER, "N", "threads that take posts apart (one a processor)" },
	{ 0 },
};

enum format { FORMAT_UNKNOWN, FORMAT_OPML, FORMAT_SUBS, FORMAT_JEKYLL };

static const struct {
	const char *name;
	enum format format;
} formats[] = { { "opml", FORMAT_OPML },
		{ "subs", FORMAT_SUBS },
		{ "subs.json", FORMAT_SUBS },
		{ "jekyll", FORMAT_JEKYLL } };

static enum format format_named(struct str name)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (str_eq_nocase(name, str_of(formats[i].name)))
			return formats[i].format;
	return FORMAT_UNKNOWN;
}

/* By the first bytes; a post without front matter has only its name. */
static enum format detect(struct str bytes, struct str name)
{
	struct str start = str_trim(str_sub(bytes, 0, 4096));

	if (str_has_prefix(start, S("\xEF\xBB\xBF")))
		start = str_trim(str_from(start, 3));
	if (str_has_prefix(start, S("---")))
		return FORMAT_JEKYLL;
	if (str_has_prefix(start, S("[")) || str_has_prefix(start, S("{")))
		return FORMAT_SUBS;
	/* UTF-16 too: its letters have zeros between them. */
	if (str_contains_nocase(start, S("<opml")) || str_has_prefix(start, S("<")) ||
	    str_has_prefix(start, S("\xFF\xFE")) || str_has_prefix(start, S("\xFE\xFF")))
		return FORMAT_OPML;
	return str_has_suffix(name, S(".md")) || str_has_suffix(name, S(".markdown"))
		       ? FORMAT_JEKYLL
		       : FORMAT_UNKNOWN;
}

static struct strs taken_keys(struct arena *a, const struct config *config, size_t more)
{
	struct strs taken = { .count = config->source_count };

	taken.items = arena_array(a, config->source_count + more, sizeof(*taken.items));
	for (size_t i = 0; i < config->source_count; i++)
		taken.items[i] = config->sources[i].key;
	return taken;
}

int import_sources(struct cmd_context *ctx, struct config *config, const struct source *sources,
		   size_t count, bool dry_run, size_t *added, struct err *err)
{
	struct strs taken = taken_keys(ctx->arena, config, count);
	struct source *all = arena_array(ctx->arena, config->source_count + count, sizeof(*all));
	struct map urls;
	int rc = 0;

	*added = 0;
	map_init(&urls);
	if (config->source_count > 0)
		memcpy(all, config->sources, config->source_count * sizeof(*all));
	for (size_t i = 0; i < config->source_count; i++)
		*map_put(&urls, config->sources[i].url) = all;
	for (size_t i = 0; i < count; i++) {
		struct source *s = &all[config->source_count + *added];

		if (map_get(&urls, sources[i].url))
			continue;
		*map_put(&urls, sources[i].url) = all;
		*s = sources[i];
		if (s->name.len == 0)
			s->name = url_site(ctx->arena, s->url);
		if (s->category.len == 0)
			s->category = s->name;
		s->zone_min = config->zone_min;
		s->key = source_key(ctx->arena, s->name, s->url, &taken);
		taken.items[taken.count++] = s->key;
		(*added)++;
	}
	if (!dry_run && *added > 0)
		rc = config_append_sources(ctx->dir, all + config->source_count, *added, err);
	if (rc == 0) {
		config->sources = all;
		config->source_count += *added;
	}
	map_fini(&urls);
	return rc;
}

static void report_lists(const struct import_options *opt, size_t found, size_t added)
{
	if (opt->json) {
		struct buf out;
		struct json j;

		buf_init(&out, BUF_NO_MAX);
		json_start(&j, &out, 2);
		json_begin_object(&j);
		json_member_i64(&j, "sources_found", (int64_t)found);
		json_member_i64(&j, "sources_new", (int64_t)added);
		json_end(&j);
		printf("%s\n", buf_cstr(&out));
		buf_fini(&out);
		return;
	}
	printf("%zu source%s found, %zu %s, %zu followed already\n", found, found == 1 ? "" : "s",
	       added, opt->dry_run ? "would be new" : "new", found - added);
}

static int import_list(struct cmd_context *ctx, struct config *config,
		       const struct import_options *opt, enum format format, struct str bytes)
{
	struct source *sources;
	size_t count, added;
	struct err err;

	int rc = format == FORMAT_OPML ? opml_parse(ctx->arena, bytes, &sources, &count, &err)
				       : subs_parse(ctx->arena, bytes, &sources, &count, &err);
	if (rc == 0)
		rc = import_sources(ctx, config, sources, count, opt->dry_run, &added, &err);
	if (rc < 0) {
		if (rc == ERR_INPUT || rc == ERR_LIMIT)
			err_wrap(&err, "%s", opt->path);
		return cmd_fail(&err);
	}
	report_lists(opt, count, added);
	return EXIT_DONE;
}

static int import_file(struct cmd_context *ctx, struct config *config,
		       const struct import_options *opt, enum format format)
{
	struct buf bytes;
	struct err err;
	int status;

	buf_init(&bytes, EXCHANGE_MAX_BYTES);
	if (file_read(opt->path, &bytes, &err) < 0) {
		buf_fini(&bytes);
		return cmd_fail(&err);
	}
	if (format == FORMAT_UNKNOWN)
		format = detect(buf_str(&bytes), str_of(opt->path));
	if (format == FORMAT_UNKNOWN) {
		err_set(&err, ERR_INPUT, "%s: neither OPML nor subs.json nor a Jekyll post",
			opt->path);
		status = cmd_fail(&err);
	} else if (format == FORMAT_JEKYLL) {
		status = import_jekyll(ctx, config, opt);
	} else {
		status = import_list(ctx, config, opt, format, buf_str(&bytes));
	}
	buf_fini(&bytes);
	return status;
}

int cmd_import(struct cmd_context *ctx, int argc, char **argv)
{
	struct cmd_args args;
	struct config config;
	struct stat st;
	enum format format = FORMAT_UNKNOWN;
	int status = cmd_options(ctx, argc, argv, &args);

	if (status >= 0)
		return status;
	if (args.word_count < 1 || args.word_count > 2)
		return cmd_usage(ctx,
				 "a file or folder is named, with its format before it if need be");
	if (args.word_count == 2 &&
	    (format = format_named(str_of(args.words[0]))) == FORMAT_UNKNOWN)
		return cmd_usage(ctx, "no format %s: opml, subs or jekyll", args.words[0]);
	const struct import_options opt = {
		.path = args.words[args.word_count - 1],
		.dry_run = cmd_flag(&args, "dry-run"),
		.json = cmd_flag(&args, "json"),
		.workers = (int)cmd_number(&args, "workers", 0),
	};
	if (opt.workers < 0 || opt.workers > 64)
		return cmd_usage(ctx, "--workers is 1 to 64");
	status = cmd_config(ctx, &config);
	if (status < 0 && !opt.dry_run)
		status = cmd_lock(ctx);
	if (status >= 0)
		return status;
	bool is_folder =
		strcmp(opt.path, "-") != 0 && stat(opt.path, &st) == 0 && S_ISDIR(st.st_mode);
	if (is_folder && format != FORMAT_UNKNOWN && format != FORMAT_JEKYLL)
		return cmd_usage(ctx, "%s is a folder; only jekyll is one", opt.path);
	return is_folder ? import_jekyll(ctx, &config, &opt)
			 : import_file(ctx, &config, &opt, format);
}
