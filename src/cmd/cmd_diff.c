/* dibao diff: what changed between two revisions of an article. */
#include <stdio.h>

#include "cmd/cmd.h"
#include "store/store.h"
#include "text/date.h"
#include "text/diff.h"
#include "text/escape.h"
#include "text/json.h"
#include "text/width.h"

const struct cmd_option cmd_diff_options[] = {
	{ "json", OPTION_FLAG, NULL, "print spans of what is the same, deleted, inserted" },
	{ "html", OPTION_FLAG, NULL, "print paragraphs with <del> and <ins>" },
	{ "all", OPTION_FLAG, NULL, "print paragraphs in which nothing changed, too" },
	{ 0 },
};

struct compared {
	const struct article *article;
	const struct revision *before, *after;
	struct diff title, text;
};

/* What stands around a span, by kind. */
struct marks {
	const char *open[3], *close[3];
};

static const struct marks terminal = { { "", "\033[9;31m", "\033[32m" },
				       { "", "\033[0m", "\033[0m" } };
static const struct marks plain = { { "", "[-", "{+" }, { "", "-]", "+}" } };
static const struct marks markup = { { "", "<del>", "<ins>" }, { "", "</del>", "</ins>" } };

struct lines {
	struct diff_line *items;
	size_t count;
};

static void add_line(struct buf *out, const struct diff_line *line, const struct marks *marks,
		     bool html)
{
	for (size_t i = 0; i < line->count; i++) {
		const struct diff_piece *p = &line->pieces[i];

		buf_add_cstr(out, marks->open[p->kind]);
		if (html)
			buf_add_html(out, p->text);
		else
			buf_add_columns(out, p->text, p->text.len, false);
		buf_add_cstr(out, marks->close[p->kind]);
	}
}

/* With one paragraph around each change, to know where it stands. */
static bool is_shown(const struct lines *l, size_t i)
{
	for (size_t k = i ? i - 1 : 0; k <= i + 1 && k < l->count; k++) {
		if (l->items[k].changed)
			return true;
	}
	return false;
}

static void add_paragraphs(struct buf *out, const struct lines *l, const struct marks *marks,
			   bool all)
{
	size_t skipped = 0;

	for (size_t i = 0; i <= l->count; i++) {
		bool end = i == l->count;

		if (!end && !all && !is_shown(l, i)) {
			skipped++;
			continue;
		}
		if (skipped)
			buf_addf(out, "\n... %zu paragraph%s without a change\n", skipped,
				 skipped == 1 ? "" : "s");
		skipped = 0;
		if (end)
			break;
		buf_add_ch(out, '\n');
		add_line(out, &l->items[i], marks, false);
		buf_add_ch(out, '\n');
	}
}

static void add_revision(struct buf *out, const char *sign, const struct revision *r, int zone_min)
{
	struct date_fields f;

	date_fields(r->seen, zone_min, &f);
	buf_addf(out, "%s revision %d, seen %04d-%02d-%02d %02d:%02d\n", sign, r->number, f.year,
		 f.month, f.day, f.hour, f.minute);
}

static void add_terminal(struct buf *out, struct arena *a, const struct compared *c, int zone_min,
			 const struct marks *marks, bool all)
{
	struct lines title, text;

	diff_lines(a, &c->title, &title.items, &title.count);
	diff_lines(a, &c->text, &text.items, &text.count);
	for (size_t i = 0; i < title.count; i++) {
		add_line(out, &title.items[i], marks, false);
		buf_add_ch(out, '\n');
	}
	add_revision(out, "-", c->before, zone_min);
	add_revision(out, "+", c->after, zone_min);
	add_paragraphs(out, &text, marks, all);
}

static void add_elements(struct buf *out, struct arena *a, const struct diff *d, const char *name)
{
	struct lines l;

	diff_lines(a, d, &l.items, &l.count);
	for (size_t i = 0; i < l.count; i++) {
		buf_addf(out, "<%s>", name);
		add_line(out, &l.items[i], &markup, true);
		buf_addf(out, "</%s>\n", name);
	}
}

static void add_json_spans(struct json *j, const char *key, const struct diff *d)
{
	static const char *const kinds[] = { "same", "deleted", "inserted" };

	json_add_key(j, str_of(key));
	json_begin_array(j);
	for (size_t i = 0; i < d->count; i++) {
		json_begin_object(j);
		json_member(j, kinds[d->spans[i].kind], d->spans[i].text);
		json_end(j);
	}
	json_end(j);
}

static void add_json_revision(struct json *j, const char *key, const struct revision *r)
{
	json_add_key(j, str_of(key));
	json_begin_object(j);
	json_member_i64(j, "revision", r->number);
	json_member_time(j, "seen", r->seen, 0);
	json_end(j);
}

static void add_json(struct buf *out, const struct compared *c)
{
	struct json j;

	json_start(&j, out, 2);
	json_begin_object(&j);
	json_member(&j, "id", c->article->key);
	json_member_opt(&j, "url", c->article->url);
	add_json_revision(&j, "before", c->before);
	add_json_revision(&j, "after", c->after);
	add_json_spans(&j, "title", &c->title);
	add_json_spans(&j, "text", &c->text);
	json_end(&j);
	buf_add_ch(out, '\n');
}

/* --- which revisions */

static int find_revision(const struct revision *revisions, size_t count, const char *number,
			 const struct revision **out, struct err *err)
{
	int64_t n;

	if (!str_to_i64(str_of(number), 1, INT32_MAX, &n))
		return err_set(err, ERR_INPUT, "\"%s\" is no revision: they are numbered from 1",
			       number);
	for (size_t i = 0; i < count; i++) {
		if (revisions[i].number == n) {
			*out = &revisions[i];
			return 0;
		}
	}
	return err_set(err, ERR_NOTFOUND, "there is no revision %s: the last is %d", number,
		       count ? revisions[count - 1].number : 0);
}

/* None named: the last two; one: that and the last. */
static int choose(const struct cmd_args *args, const struct revision *revisions, size_t count,
		  struct compared *c, struct err *err)
{
	if (count == 0)
		return err_set(err, ERR_NOTFOUND, "it has no revisions");
	c->after = &revisions[count - 1];
	c->before = count > 1 ? &revisions[count - 2] : c->after;
	if (args->word_count > 1 &&
	    find_revision(revisions, count, args->words[1], &c->before, err) < 0)
		return err->code;
	if (args->word_count > 2 &&
	    find_revision(revisions, count, args->words[2], &c->after, err) < 0)
		return err->code;
	return 0;
}

static int add_diff(struct cmd_context *ctx, const struct cmd_args *args,
		    const struct config *config, struct store *store, struct buf *out,
		    struct err *err)
{
	struct revision *revisions;
	struct compared c = { 0 };
	struct article art;
	size_t count;

	if (store_article_named(store, ctx->arena, str_of(args->words[0]), STORE_FIELDS, &art,
				err) < 0)
		return err->code;
	if (store_revisions(store, ctx->arena, art.id, &revisions, &count, err) < 0 ||
	    choose(args, revisions, count, &c, err) < 0)
		return err_wrap(err, "%s", args->words[0]);
	c.article = &art;
	diff_texts(ctx->arena, c.before->title, c.after->title, &c.title);
	diff_texts(ctx->arena, c.before->text, c.after->text, &c.text);
	if (cmd_flag(args, "json")) {
		add_json(out, &c);
	} else if (cmd_flag(args, "html")) {
		add_elements(out, ctx->arena, &c.title, "h1");
		add_elements(out, ctx->arena, &c.text, "p");
	} else if (diff_is_empty(&c.title) && diff_is_empty(&c.text)) {
		fprintf(stderr, "dibao: %s: %s\n", args->words[0],
			count == 1 ? "it has one revision" : "nothing changed");
	} else {
		add_terminal(out, ctx->arena, &c, config->zone_min, ctx->color ? &terminal : &plain,
			     cmd_flag(args, "all"));
	}
	return 0;
}

int cmd_diff(struct cmd_context *ctx, int argc, char **argv)
{
	struct cmd_args args;
	int status = cmd_options(ctx, argc, argv, &args);

	if (status >= 0)
		return status;
	if (args.word_count < 1 || args.word_count > 3)
		return cmd_usage(ctx, "one article is named, and at most two of its revisions");
	if (cmd_flag(&args, "html") && cmd_flag(&args, "json"))
		return cmd_usage(ctx, "--html and --json do not go together");
	return cmd_show_of_store(ctx, &args, add_diff);
}
