/* dibao diff: what changed between two revisions of an article. */
#include <stdio.h>

#include "base/list.h"
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

/* The part of a span that stands on one line. */
struct piece {
	struct str text;
	enum diff_kind kind;
};

struct line {
	size_t first, count; /* pieces */
	bool changed;
};

struct lines {
	struct list pieces, lines;
};

static struct line *new_line(struct lines *l)
{
	struct line *line = list_add(&l->lines);

	line->first = l->pieces.count;
	return line;
}

/* Blank lines are left out: every line is a paragraph. */
static void lines_init(struct lines *l, const struct diff *d)
{
	struct line *line;

	list_init(&l->pieces, sizeof(struct piece));
	list_init(&l->lines, sizeof(struct line));
	line = new_line(l);
	for (size_t i = 0; i < d->count; i++) {
		struct str rest = d->spans[i].text, text;

		for (bool first = true; str_split(&rest, '\n', &text); first = false) {
			if (!first && line->count)
				line = new_line(l);
			if (!text.len)
				continue;
			*(struct piece *)list_add(&l->pieces) =
				(struct piece){ text, d->spans[i].kind };
			line->count++;
			line->changed = line->changed || d->spans[i].kind != DIFF_SAME;
		}
		text = d->spans[i].text;
		if (text.len && text.ptr[text.len - 1] == '\n' && line->count)
			line = new_line(l);
	}
	if (!line->count)
		l->lines.count--;
}

static void lines_fini(struct lines *l)
{
	list_fini(&l->pieces);
	list_fini(&l->lines);
}

static void add_line(struct buf *out, const struct lines *l, const struct line *line,
		     const struct marks *marks, bool html)
{
	for (size_t i = 0; i < line->count; i++) {
		const struct piece *p = list_at(&l->pieces, line->first + i);

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
	for (size_t k = i ? i - 1 : 0; k <= i + 1 && k < l->lines.count; k++) {
		if (((struct line *)list_at(&l->lines, k))->changed)
			return true;
	}
	return false;
}

static void add_paragraphs(struct buf *out, const struct lines *l, const struct marks *marks,
			   bool all)
{
	size_t skipped = 0;

	for (size_t i = 0; i <= l->lines.count; i++) {
		bool end = i == l->lines.count;

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
		add_line(out, l, list_at(&l->lines, i), marks, false);
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

static void add_terminal(struct buf *out, const struct compared *c, int zone_min,
			 const struct marks *marks, bool all)
{
	struct lines title, text;

	lines_init(&title, &c->title);
	lines_init(&text, &c->text);
	for (size_t i = 0; i < title.lines.count; i++) {
		add_line(out, &title, list_at(&title.lines, i), marks, false);
		buf_add_ch(out, '\n');
	}
	add_revision(out, "-", c->before, zone_min);
	add_revision(out, "+", c->after, zone_min);
	add_paragraphs(out, &text, marks, all);
	lines_fini(&title);
	lines_fini(&text);
}

static void add_elements(struct buf *out, const struct diff *d, const char *name)
{
	struct lines l;

	lines_init(&l, d);
	for (size_t i = 0; i < l.lines.count; i++) {
		buf_addf(out, "<%s>", name);
		add_line(out, &l, list_at(&l.lines, i), &markup, true);
		buf_addf(out, "</%s>\n", name);
	}
	lines_fini(&l);
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
		add_elements(out, &c.title, "h1");
		add_elements(out, &c.text, "p");
	} else if (diff_is_empty(&c.title) && diff_is_empty(&c.text)) {
		fprintf(stderr, "dibao: %s: %s\n", args->words[0],
			count == 1 ? "it has one revision" : "nothing changed");
	} else {
		add_terminal(out, &c, config->zone_min, ctx->color ? &terminal : &plain,
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
