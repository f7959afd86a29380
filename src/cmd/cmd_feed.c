/*
 * dibao feed - one feed as JSON Feed 1.1. Items are written as they are read, so what the feed says
 * of itself behind them comes after "items"; no member is written twice.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/sandbox.h"
#include "cmd/cmd.h"
#include "feed/feed.h"
#include "page/sanitize.h"
#include "text/escape.h"
#include "text/json.h"

enum { INPUT_MAX = 512 << 20, CHUNK = 64 << 10 };

const struct cmd_option cmd_feed_options[] = {
	{ "base", OPTION_TEXT, "URL", "the feed's own address: relative links resolve against it" },
	{ "type", OPTION_TEXT, "CONTENT-TYPE", "the Content-Type it was served with" },
	{ "no-sanitize", OPTION_FLAG, NULL,
	  "print the HTML as the feed has it: not safe to publish" },
	{ 0 },
};

struct printer {
	struct buf buf;
	struct json json;
	struct sanitizer *sanitizer; /* NULL: HTML as it stands */
	struct buf html;
	unsigned told; /* members of the feed already written, a bit each */
	bool started;
	bool failed; /* standard output cannot be written */
};

/* ---- out ---- */

static void flush(struct printer *p)
{
	struct str s = buf_str(&p->buf);

	if (s.len && !p->failed && fwrite(s.ptr, 1, s.len, stdout) != s.len)
		p->failed = true;
	buf_reset(&p->buf);
}

static void print_people(struct json *j, const struct people *people)
{
	if (!people->count)
		return;
	json_add_key(j, S("authors"));
	json_begin_array(j);
	for (size_t i = 0; i < people->count; i++) {
		json_begin_object(j);
		json_member_opt(j, "name", people->items[i].name);
		json_member_opt(j, "url", people->items[i].url);
		json_end(j);
	}
	json_end(j);
}

static void print_hubs(struct json *j, const struct strs *hubs)
{
	json_add_key(j, S("hubs"));
	json_begin_array(j);
	for (size_t i = 0; i < hubs->count; i++) {
		json_begin_object(j);
		json_member(j, "type", S("WebSub"));
		json_member(j, "url", hubs->items[i]);
		json_end(j);
	}
	json_end(j);
}

/* What is known of the feed by now and was not written yet. */
static void print_info(struct printer *p, const struct feed_info *info)
{
	const struct {
		const char *key;
		struct str value;
	} texts[] = {
		{ "title", info->title },       { "home_page_url", info->home_page_url },
		{ "feed_url", info->feed_url }, { "description", info->description },
		{ "icon", info->icon },         { "language", info->language },
		{ "next_url", info->next_url },
	};
	size_t count = sizeof(texts) / sizeof(texts[0]);

	for (size_t i = 0; i < count; i++) {
		if ((p->told >> i & 1) || !texts[i].value.len)
			continue;
		json_member(&p->json, texts[i].key, texts[i].value);
		p->told |= 1u << i;
	}
	if (info->authors.count && !(p->told >> count & 1)) {
		print_people(&p->json, &info->authors);
		p->told |= 1u << count;
	}
	if (info->hubs.count && !(p->told >> (count + 1) & 1)) {
		print_hubs(&p->json, &info->hubs);
		p->told |= 2u << count;
	}
}

static void print_start(struct printer *p, const struct feed_info *info)
{
	json_start(&p->json, &p->buf, 1);
	p->json.valid = true; /* feed and sanitize give nothing else */
	json_begin_object(&p->json);
	json_member(&p->json, "version", S("https://jsonfeed.org/version/1.1"));
	print_info(p, info);
	json_add_key(&p->json, S("items"));
	json_begin_array(&p->json);
	p->started = true;
}

static void print_end(struct printer *p, const struct feed_info *info)
{
	struct json *j = &p->json;

	json_end(j);
	print_info(p, info);
	if (!info->title.len) /* the one member JSON Feed demands */
		json_member(j, "title", S(""));
	json_add_key(j, S("_dibao"));
	json_begin_object(j);
	json_member(j, "format", str_of(info->format));
	json_member(j, "encoding", str_of(info->encoding));
	json_add_key(j, S("malformed"));
	json_add_bool(j, info->malformed);
	if (info->ttl_s >= 0)
		json_member_i64(j, "ttl_s", info->ttl_s);
	json_member_time(j, "updated", info->updated, 0);
	json_member_opt(j, "rights", info->rights);
	json_member_opt(j, "generator", info->generator);
	json_end(j);
	json_end(j);
	flush(p);
}

/* ---- items ---- */

static void print_html(struct printer *p, struct arena *mem, const char *key, struct str html,
		       struct str base)
{
	struct err err;

	if (!html.len)
		return;
	if (!p->sanitizer) {
		json_member(&p->json, key, html);
		return;
	}
	buf_reset(&p->html);
	if (sanitize_html(p->sanitizer, html, base, &p->html, &err) < 0) {
		/* past a ceiling of the sanitizer: the text of it is safe */
		buf_reset(&p->html);
		buf_add_html(&p->html, html_text(mem, html));
	}
	json_member_opt(&p->json, key, buf_str(&p->html));
}

static void print_attachments(struct json *j, const struct attachments *atts)
{
	if (!atts->count)
		return;
	json_add_key(j, S("attachments"));
	json_begin_array(j);
	for (size_t i = 0; i < atts->count; i++) {
		const struct attachment *att = &atts->items[i];

		json_begin_object(j);
		json_member(j, "url", att->url);
		json_member_opt(j, "mime_type", att->mime_type);
		json_member_opt(j, "title", att->title);
		if (att->size_bytes >= 0)
			json_member_i64(j, "size_in_bytes", att->size_bytes);
		if (att->duration_seconds >= 0)
			json_member_i64(j, "duration_in_seconds", att->duration_seconds);
		json_end(j);
	}
	json_end(j);
}

static void print_entry(struct printer *p, struct arena *mem, const struct entry *e)
{
	struct json *j = &p->json;

	json_begin_object(j);
	json_member(j, "id", e->id);
	json_member_opt(j, "url", e->link);
	json_member_opt(j, "external_url", e->external_url);
	json_member_opt(j, "title", e->title);
	print_html(p, mem, "content_html", e->content_html, e->content_base);
	/* one of the two must be there, says JSON Feed */
	if (e->content_text.len || !e->content_html.len)
		json_member(j, "content_text", e->content_text);
	json_member_opt(j, "summary", e->summary);
	json_member_opt(j, "image", e->image);
	json_member_time(j, "date_published", e->published, e->published_offset_min);
	json_member_time(j, "date_modified", e->modified, 0);
	print_people(j, &e->authors);
	if (e->tags.count) {
		json_add_key(j, S("tags"));
		json_begin_array(j);
		for (size_t i = 0; i < e->tags.count; i++)
			json_add_str(j, e->tags.items[i]);
		json_end(j);
	}
	json_member_opt(j, "language", e->language);
	print_attachments(j, &e->attachments);
	json_end(j);
	if (p->buf.len >= CHUNK)
		flush(p);
}

static int print_feed(struct printer *p, struct feed *feed, struct err *err)
{
	struct arena mem;
	struct entry entry;
	int got;

	arena_init(&mem);
	while ((got = feed_next(feed, &mem, &entry, err)) > 0 && !p->failed) {
		if (!p->started)
			print_start(p, feed_info(feed));
		print_entry(p, &mem, &entry);
		arena_reset(&mem);
	}
	if (!p->started)
		print_start(p, feed_info(feed));
	print_end(p, feed_info(feed));
	arena_fini(&mem);
	return got;
}

int cmd_feed(struct cmd_context *ctx, int argc, char **argv)
{
	struct feed_options opt = { 0 };
	struct printer p = { 0 };
	struct feed *feed = NULL;
	struct cmd_args args;
	struct buf input;
	struct err err;
	int status = cmd_options(ctx, argc, argv, &args), ret;

	if (status >= 0)
		return status;
	if (args.word_count != 1)
		return cmd_usage(ctx, "one FILE, or - for standard input");
	opt.base = str_of(cmd_text(&args, "base"));
	opt.content_type = str_of(cmd_text(&args, "type"));
	buf_init(&input, INPUT_MAX);
	buf_init(&p.buf, BUF_NO_MAX);
	buf_init(&p.html, INPUT_MAX);
	ret = file_read(args.words[0], &input, &err);
	if (ret == 0)
		ret = sandbox_parser(&err);
	if (ret == 0 && (ret = feed_open(buf_str(&input), &opt, &feed, &err)) < 0)
		err_wrap(&err, "%s", args.words[0]);
	if (ret == 0) {
		p.sanitizer = cmd_flag(&args, "no-sanitize") ? NULL : sanitize_new();
		if (p.sanitizer)
			sanitize_set_plain(p.sanitizer, true);
		if ((ret = print_feed(&p, feed, &err)) < 0)
			err_wrap(&err, "%s", args.words[0]);
		sanitize_free(&p.sanitizer);
	}
	feed_close(&feed);
	buf_fini(&p.html);
	buf_fini(&p.buf);
	buf_fini(&input);
	return ret < 0 ? cmd_fail(&err) : EXIT_DONE;
}
