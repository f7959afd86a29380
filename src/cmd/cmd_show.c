/* dibao show: one article, for reading in a terminal or for a program. */
#include <stdio.h>
#include <string.h>

#include "cmd/cmd.h"
#include "store/store.h"
#include "text/date.h"
#include "text/json.h"
#include "text/width.h"

const struct cmd_option cmd_show_options[] = {
	{ "json", OPTION_FLAG, NULL, "print a JSON Feed item" },
	{ "html", OPTION_FLAG, NULL, "print the article's sanitized HTML" },
	{ "revisions", OPTION_FLAG, NULL, "list its revisions" },
	{ 0 },
};

/* A publisher's text for a terminal: line ends stay, nothing in it commands the terminal. */
static void add_safe(struct buf *out, struct str s)
{
	struct str line;

	for (bool first = true; str_split(&s, '\n', &line); first = false) {
		if (!first)
			buf_add_ch(out, '\n');
		buf_add_columns(out, line, line.len, false);
	}
}

static void add_time(struct buf *out, const char *label, int64_t ms, int zone_min)
{
	struct date_fields f;

	if (ms == TIME_UNSTATED || ms == 0)
		return;
	date_fields(ms, zone_min, &f);
	buf_addf(out, "%-11s %04d-%02d-%02d %02d:%02d %c%02d:%02d\n", label, f.year, f.month, f.day,
		 f.hour, f.minute, zone_min < 0 ? '-' : '+',
		 (zone_min < 0 ? -zone_min : zone_min) / 60,
		 (zone_min < 0 ? -zone_min : zone_min) % 60);
}

static void add_field(struct buf *out, const char *label, struct str value)
{
	if (value.len == 0)
		return;
	buf_addf(out, "%-11s ", label);
	add_safe(out, value);
	buf_add_ch(out, '\n');
}

static void add_people(struct buf *out, const struct article *art)
{
	for (size_t i = 0; i < art->authors.count; i++)
		add_field(out, "author", art->authors.items[i].name);
	for (size_t i = 0; i < art->credits.count; i++) {
		char role[32];

		if (str_eq(art->credits.items[i].role, S("author")))
			continue;
		snprintf(role, sizeof(role), "%.*s", STR_FMT(art->credits.items[i].role));
		add_field(out, role, art->credits.items[i].name);
	}
}

static void add_keywords(struct buf *out, const struct article *art)
{
	if (art->keywords.count == 0)
		return;
	buf_addf(out, "%-11s", "keywords");
	for (size_t i = 0; i < art->keywords.count; i++) {
		buf_add_cstr(out, i ? ", " : " ");
		add_safe(out, art->keywords.items[i]);
	}
	buf_add_ch(out, '\n');
}

static void add_article(struct buf *out, const struct config *config, const struct article *art)
{
	const struct source *source = config_source(config, art->source);

	add_safe(out, art->title);
	buf_add_cstr(out, "\n\n");
	add_field(out, "source",
		  source               ? source->name
		  : art->site_name.len ? art->site_name
				       : art->source);
	add_people(out, art);
	add_time(out, "published", art->published, art->published_offset_min);
	add_time(out, "modified", art->modified, art->published_offset_min);
	add_time(out, "first seen", art->first_seen, config->zone_min);
	add_time(out, "gone since", art->gone, config->zone_min);
	if (art->revision > 1)
		buf_addf(out, "%-11s %d\n", "revisions", art->revision);
	add_keywords(out, art);
	add_field(out, "address", art->url);
	add_field(out, "on the site", art->path);
	add_field(out, "id", art->key);
	buf_add_ch(out, '\n');
	add_safe(out, art->text);
	buf_add_ch(out, '\n');
}

static void add_revisions_json(struct buf *out, const struct article *art,
			       const struct revision *revisions, size_t count)
{
	struct json j;

	json_start(&j, out, 2);
	json_begin_object(&j);
	json_member(&j, "version", S("https://jsonfeed.org/version/1.1"));
	json_member(&j, "title", art->title);
	json_member_opt(&j, "home_page_url", art->url);
	json_add_key(&j, S("items"));
	json_begin_array(&j);
	for (size_t i = 0; i < count; i++) {
		char id[64];

		json_begin_object(&j);
		snprintf(id, sizeof(id), "%.*s#%d", STR_FMT(art->key), revisions[i].number);
		json_member(&j, "id", str_of(id));
		json_member_opt(&j, "url", art->url);
		json_member_opt(&j, "title", revisions[i].title);
		json_member_opt(&j, "content_html", revisions[i].html);
		json_member(&j, "content_text", revisions[i].text);
		json_member_time(&j, "date_modified", revisions[i].seen, 0);
		json_add_key(&j, S("_dibao"));
		json_begin_object(&j);
		json_member_i64(&j, "revision", revisions[i].number);
		json_end(&j);
		json_end(&j);
	}
	json_end(&j);
	json_end(&j);
	buf_add_ch(out, '\n');
}

static int add_revisions(struct cmd_context *ctx, const struct config *config, struct store *store,
			 const struct article *art, bool json, struct buf *out, struct err *err)
{
	struct revision *revisions;
	size_t count;

	if (store_revisions(store, ctx->arena, art->id, &revisions, &count, err) < 0)
		return err->code;
	if (json) {
		add_revisions_json(out, art, revisions, count);
		return 0;
	}
	for (size_t i = 0; i < count; i++) {
		struct date_fields f;

		date_fields(revisions[i].seen, config->zone_min, &f);
		buf_addf(out, "%4d  %04d-%02d-%02d %02d:%02d  %7zu bytes  ", revisions[i].number,
			 f.year, f.month, f.day, f.hour, f.minute, revisions[i].text.len);
		add_safe(out, revisions[i].title);
		buf_add_ch(out, '\n');
	}
	return 0;
}

static int print_article(struct cmd_context *ctx, const struct cmd_args *args,
			 const struct config *config, struct store *store, struct buf *out,
			 struct err *err)
{
	struct article art;
	struct json j;

	if (store_article_named(store, ctx->arena, str_of(args->words[0]), STORE_ALL, &art, err) <
	    0)
		return err->code;
	if (cmd_flag(args, "revisions"))
		return add_revisions(ctx, config, store, &art, cmd_flag(args, "json"), out, err);
	if (cmd_flag(args, "json")) {
		json_start(&j, out, 2);
		cmd_json_article(&j, &art);
		buf_add_ch(out, '\n');
	} else if (cmd_flag(args, "html")) {
		buf_add(out, art.html);
		buf_add_ch(out, '\n');
	} else {
		add_article(out, config, &art);
	}
	return 0;
}

int cmd_show(struct cmd_context *ctx, int argc, char **argv)
{
	struct cmd_args args;
	int status = cmd_options(ctx, argc, argv, &args);

	if (status >= 0)
		return status;
	if (args.word_count != 1)
		return cmd_usage(
			ctx,
			"one article is named: by its address, its id, or its path on the site");
	if (cmd_flag(&args, "html") && (cmd_flag(&args, "json") || cmd_flag(&args, "revisions")))
		return cmd_usage(ctx, "--html stands alone");
	return cmd_show_of_store(ctx, &args, print_article);
}
