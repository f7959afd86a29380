/*
 * dibao extract - the article of one page as JSON, or of many; --again is in extract_again.c.
 *
 * One page is parsed with the rights to open anything taken away. A batch opens a file a page, so
 * it keeps them.
 */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/list.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/sandbox.h"
#include "cmd/cmd.h"
#include "model.h"
#include "page/furniture.h"
#include "page/page.h"
#include "text/json.h"
#include "text/url.h"

const struct cmd_option cmd_extract_options[] = {
	{ "base", OPTION_TEXT, "URL", "the page's address: relative links resolve against it" },
	{ "type", OPTION_TEXT, "CONTENT-TYPE", "the Content-Type it was served with" },
	{ "keep", OPTION_TEXT, "SELECTOR",
	  "take what this CSS selector matches (may be repeated)" },
	{ "drop", OPTION_TEXT, "SELECTOR",
	  "leave out what this CSS selector matches (may be repeated)" },
	{ "again", OPTION_FLAG, NULL,
	  "no file: make the articles of this mirror, or of the sources named, anew from what is "
	  "kept" },
	{ "batch", OPTION_TEXT, "LIST",
	  "many pages: lines of PATH<TAB>URL; prints a JSON object a line" },
	{ 0 },
};

enum { MAX_SELECTORS = 64, OUT_MAX = 64 << 20, LIST_MAX = 256 << 20 };

/*
 * No <html>, <head>, <body> or doctype in it: a piece of a page, such as a feed's content. With a
 * script it is a page whose head somebody cut off.
 */
static bool is_fragment(struct str bytes)
{
	static const struct str tags[] = { STR("<!doctype"), STR("<html"),  STR("<head"),
					   STR("<body"),     STR("<title"), STR("<meta"),
					   STR("<frameset"), STR("<script") };
	struct str front = str_sub(bytes, 0, 64 << 10);

	for (size_t at; (at = str_find_ch(front, '<')) != STR_NONE;) {
		front = str_from(front, at);
		for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++)
			if (str_has_prefix_nocase(front, tags[i]))
				return false;
		front = str_from(front, 1);
	}
	return !page_is_code(bytes);
}

static int read_selectors(struct cmd_context *ctx, const struct cmd_args *args, const char *name,
			  struct strs *out)
{
	const char *texts[MAX_SELECTORS];
	struct err err;

	out->count = cmd_texts(args, name, texts, MAX_SELECTORS);
	out->items = arena_array(ctx->arena, out->count + 1, sizeof(*out->items));
	for (size_t i = 0; i < out->count; i++) {
		out->items[i] = str_of(texts[i]);
		if (page_check_selector(out->items[i], &err) < 0)
			return cmd_usage(ctx, "--%s: %s", name, err.msg);
	}
	return -1;
}

static int print_out(struct buf *out)
{
	struct err err;

	if (buf_check(out, &err) < 0)
		return cmd_fail(&err);
	cmd_print(buf_str(out));
	return EXIT_DONE;
}

static int extract_one(struct cmd_context *ctx, const char *path, struct page_options *opt)
{
	struct page_extractor *x = page_new();
	struct page_result result;
	struct buf bytes, out;
	struct json j;
	struct err err;
	int status = EXIT_DONE;

	buf_init(&bytes, PAGE_MAX_BYTES);
	buf_init(&out, OUT_MAX);
	if (file_read(path, &bytes, &err) < 0 || sandbox_parser(&err) < 0) {
		status = cmd_fail(&err);
		goto out;
	}
	opt->fragment = is_fragment(buf_str(&bytes));
	if (page_extract(x, ctx->arena, buf_str(&bytes), opt, &result, &err) < 0) {
		if (strcmp(path, "-") != 0)
			err_wrap(&err, "%s", path);
		status = cmd_fail(&err);
		goto out;
	}
	json_start(&j, &out, 2);
	cmd_json_article(&j, &result.article);
	buf_add_ch(&out, '\n');
	status = print_out(&out);
out:
	page_free(&x);
	buf_fini(&bytes);
	buf_fini(&out);
	return status;
}

/* What a batch learns of one site: of its own pages first, before any of them is printed. */
struct site {
	size_t lines;
	struct furniture *furniture;
};

/*
 * A page that taught its site, as it came out when nothing was known yet. Where all that was learnt
 * of the site since would not alter it, it need not be read again.
 */
struct taught {
	struct str printed; /* empty: to be read again in any case */
	struct lesson lesson;
};

enum {
	TAUGHT_MAX_BYTES = 12 << 20, /* of them all: the pages of a longer list are read twice */
	EXPECTED_BYTES = 24 << 20    /* what a batch of ordinary pages comes to use */
};

struct batch {
	struct page_extractor *extractor;
	const struct page_options *common;
	struct map sites;
	struct list taught; /* in the order of the list */
	size_t next_taught;
	struct arena keep; /* the sites, and what is taught */
	struct arena mem;  /* of one page */
	struct buf bytes, out;
};

static struct site *site_of(struct batch *b, struct str line)
{
	size_t tab = str_find_ch(line, '\t');

	if (tab == STR_NONE)
		return NULL;
	struct str host = url_site(&b->mem, str_trim(str_from(line, tab + 1)));
	if (host.len == 0)
		return NULL;
	void **place = map_get(&b->sites, host);
	if (!place) {
		place = map_put(&b->sites, arena_str(&b->keep, host));
		*place = arena_alloc(&b->keep, sizeof(struct site));
	}
	return *place;
}

/* Enough pages to tell furniture from text. */
static bool is_taught(const struct site *site)
{
	return site && site->lines >= FURNITURE_MIN_PAGES;
}

static int read_page(struct batch *b, struct str line, struct page_options *opt, struct err *err)
{
	size_t tab = str_find_ch(line, '\t');

	if (tab != STR_NONE)
		opt->url = str_trim(str_from(line, tab + 1));
	buf_reset(&b->bytes);
	if (file_read(arena_cstr(&b->mem, str_sub(line, 0, tab)), &b->bytes, err) < 0)
		return err->code;
	opt->fragment = is_fragment(buf_str(&b->bytes));
	return 0;
}

/* One line of the list, into b->out. A page that cannot be read is an object that says so: the
 * others still come. */
static void extract_line(struct batch *b, struct str line)
{
	struct page_options opt = *b->common;
	struct page_result result = { 0 };
	struct json j;
	struct err err = { 0 };
	struct str path = str_sub(line, 0, str_find_ch(line, '\t'));

	result.article.published = result.article.modified = TIME_UNSTATED;
	result.article.first_seen = result.article.last_seen = result.article.gone = TIME_UNSTATED;
	int failed = read_page(b, line, &opt, &err);
	if (failed == 0)
		failed = page_extract(b->extractor, &b->mem, buf_str(&b->bytes), &opt, &result,
				      &err);
	buf_reset(&b->out);
	json_start(&j, &b->out, 0);
	cmd_json_page(&j, &result.article, path, failed < 0 ? str_of(err.msg) : S(""));
	buf_add_ch(&b->out, '\n');
}

/* The page of a line into what is known of its site. */
static void learn_line(struct batch *b, struct str line, struct site *site)
{
	struct taught *t = list_add(&b->taught);
	struct page_options opt = *b->common;
	struct page_result result;
	struct err ignored;

	if (!site->furniture)
		site->furniture = furniture_new();
	if (b->keep.used < TAUGHT_MAX_BYTES) {
		extract_line(b, line);
		page_lesson(b->extractor, &b->keep, &t->lesson);
		furniture_learn(site->furniture, &t->lesson);
		t->printed = arena_str(&b->keep, buf_str(&b->out));
		return;
	}
	opt.body_only = true;
	if (read_page(b, line, &opt, &ignored) < 0)
		return;
	(void)page_extract(b->extractor, &b->mem, buf_str(&b->bytes), &opt, &result, &ignored);
	page_lesson(b->extractor, &b->mem, &t->lesson);
	furniture_learn(site->furniture, &t->lesson);
	t->lesson = (struct lesson){ 0 };
}

static void learn_sites(struct batch *b, struct str lines, const atomic_int *stop)
{
	struct str line;

	for (struct str rest = lines; str_split(&rest, '\n', &line);) {
		struct site *site = site_of(b, line);
		if (site)
			site->lines++;
		arena_reset(&b->mem);
	}
	while (!*stop && str_split(&lines, '\n', &line)) {
		struct site *site = site_of(b, line);
		if (is_taught(site))
			learn_line(b, line, site);
		arena_reset(&b->mem);
	}
}

static int print_line(struct batch *b, struct str line)
{
	struct site *site = site_of(b, line);
	struct taught *t = is_taught(site) ? list_at(&b->taught, b->next_taught++) : NULL;

	if (t && t->printed.len && !furniture_alters(site->furniture, &t->lesson, &b->mem)) {
		cmd_print(t->printed);
		return EXIT_DONE;
	}
	page_use(b->extractor, site ? site->furniture : NULL);
	extract_line(b, line);
	return print_out(&b->out);
}

static void batch_init(struct batch *b, const struct page_options *common)
{
	*b = (struct batch){ .extractor = page_new(), .common = common };
	map_init(&b->sites);
	list_init(&b->taught, sizeof(struct taught));
	arena_init(&b->keep);
	arena_init(&b->mem);
	buf_init(&b->bytes, PAGE_MAX_BYTES);
	buf_init(&b->out, OUT_MAX);
}

static void batch_fini(struct batch *b)
{
	for (size_t i = 0; i < b->sites.cap; i++)
		if (b->sites.slots[i].used)
			furniture_free(&((struct site *)b->sites.slots[i].value)->furniture);
	map_fini(&b->sites);
	list_fini(&b->taught);
	arena_fini(&b->keep);
	arena_fini(&b->mem);
	buf_fini(&b->bytes);
	buf_fini(&b->out);
	page_free(&b->extractor);
}

static int extract_batch(struct cmd_context *ctx, const char *list,
			 const struct page_options *common)
{
	struct batch b;
	struct buf lines;
	struct err err;
	int status = EXIT_DONE;

	mem_expect(EXPECTED_BYTES);
	buf_init(&lines, LIST_MAX);
	batch_init(&b, common);
	if (file_read(list, &lines, &err) < 0) {
		status = cmd_fail(&err);
		goto out;
	}
	struct str rest = buf_str(&lines), line;
	learn_sites(&b, rest, ctx->stop);
	while (status == EXIT_DONE && !*ctx->stop && str_split(&rest, '\n', &line)) {
		if (str_trim(line).len == 0)
			continue;
		status = print_line(&b, line);
		arena_reset(&b.mem);
	}
out:
	batch_fini(&b);
	buf_fini(&lines);
	return status;
}

int cmd_extract(struct cmd_context *ctx, int argc, char **argv)
{
	struct page_options opt = { 0 };
	struct cmd_args args;
	int status = cmd_options(ctx, argc, argv, &args);

	if (status < 0)
		status = read_selectors(ctx, &args, "keep", &opt.keep);
	if (status < 0)
		status = read_selectors(ctx, &args, "drop", &opt.drop);
	if (status >= 0)
		return status;
	if (cmd_flag(&args, "again"))
		return cmd_extract_again(ctx, &args);
	opt.url = str_of(cmd_text(&args, "base"));
	opt.content_type = str_of(cmd_text(&args, "type"));
	const char *list = cmd_text(&args, "batch");
	if (list)
		return args.word_count ? cmd_usage(ctx, "--batch takes no other file")
				       : extract_batch(ctx, list, &opt);
	if (args.word_count != 1)
		return cmd_usage(ctx, "name one FILE, or - for standard input");
	return extract_one(ctx, args.words[0], &opt);
}
