/*
 * The page of an article's edits: each revision against the one before it, the newest first, as
 * paragraphs with <del> and <ins>. What stayed the same is folded: paragraphs away from a change
 * are counted, and of a long stretch inside one its ends are shown. What a text was as a whole
 * stands below, behind a <details>.
 */
#include <string.h>

#include "site/private.h"
#include "text/diff.h"
#include "text/escape.h"
#include "text/utf8.h"
#include "text/width.h"

static const struct str edits_end = STR(".edits.html");

enum { WORD_LOOK = 24 }; /* bytes in which a cut looks for the end of a word */

struct str article_edits_file(struct arena *a, const struct article *art)
{
	struct str file = article_file(a, art);

	if (str_has_suffix(file, S(".html"))) {
		struct str path = str_join(a, str_sub(file, 0, file.len - 5), edits_end);

		if (path_is_safe(path))
			return path;
	}
	/* A name without ".html" might be that of another article, and one may be too long for more
	 * to stand behind it. */
	return arena_strf(a, "/a/%.*s.edits.html", STR_FMT(art->key));
}

struct str article_of_edits(struct arena *a, struct str path)
{
	if (!str_has_suffix(path, edits_end))
		return S("");
	return str_join(a, str_sub(path, 0, path.len - edits_end.len), S(".html"));
}

/* --- a difference as markup ----------------------------------------------------------------- */

static bool is_space_at(struct str s, size_t at)
{
	return at < s.len && s.ptr[at] == ' ';
}

/* The bytes of s's first `columns` columns, cut behind a word where one ends near. */
static size_t head_len(struct str s, int columns)
{
	size_t pos = 0, next;

	while (pos < s.len) {
		next = pos;
		columns -= char_width(utf8_next(s, &next));
		if (columns < 0)
			break;
		pos = next;
	}
	if (pos == s.len)
		return pos;
	for (size_t back = 0; back < WORD_LOOK && back < pos; back++)
		if (is_space_at(s, pos - back))
			return pos - back;
	return pos;
}

/* Where its last `columns` columns begin. */
static size_t tail_from(struct str s, int columns)
{
	size_t all = text_width(s), skip = all > (size_t)columns ? all - (size_t)columns : 0;
	size_t pos = head_len(s, (int)skip);

	for (size_t on = 0; on < WORD_LOOK && pos + on < s.len; on++)
		if (is_space_at(s, pos + on))
			return pos + on + 1;
	return pos;
}

static void add_fold(struct buf *out)
{
	buf_add(out, S(" <span class=\"fold\">…</span> "));
}

static void add_same(struct buf *out, const struct diff_line *line, size_t at, int keep)
{
	struct str text = line->pieces[at].text;
	bool first = at == 0, last = at + 1 == line->count;
	size_t width = text_width(text);

	if (!keep || width <= (size_t)(first || last ? keep : 2 * keep) + WORD_LOOK) {
		buf_add_html(out, text);
		return;
	}
	if (!first || last)
		buf_add_html(out, str_sub(text, 0, head_len(text, keep)));
	add_fold(out);
	if (!last)
		buf_add_html(out, str_from(text, tail_from(text, keep)));
}

void diff_line_add(const struct site *s, struct buf *out, const struct diff_line *line,
		   const struct diff_cut *cut)
{
	static const struct {
		const char *open, *close, *label;
	} marks[] = {
		[DIFF_DELETED] = { "<del>", "</del>", "deleted_label" },
		[DIFF_INSERTED] = { "<ins>", "</ins>", "inserted_label" },
	};
	size_t total = 0;

	for (size_t i = 0; i < line->count; i++) {
		const struct diff_piece *p = &line->pieces[i];
		size_t len = cut->changed ? head_len(p->text, cut->changed) : p->text.len;

		if (cut->total && total > (size_t)cut->total) {
			add_fold(out);
			return;
		}
		total += text_width(str_sub(p->text, 0, len));
		if (p->kind == DIFF_SAME) {
			add_same(out, line, i, cut->same);
			continue;
		}
		buf_add_cstr(out, marks[p->kind].open);
		if (cut->labels) {
			buf_add(out, S("<span class=\"visually-hidden\">"));
			buf_add_html(out, word(s, marks[p->kind].label));
			buf_add(out, S(" </span>"));
		}
		buf_add_html(out, str_sub(p->text, 0, len));
		if (len < p->text.len)
			buf_add(out, S("…"));
		buf_add_cstr(out, marks[p->kind].close);
	}
}

static struct str line_html(struct site *s, struct arena *a, const struct diff_line *line)
{
	static const struct diff_cut cut = { .same = 160, .labels = true };
	struct buf b;

	buf_init(&b, PAGE_MAX_OUT);
	diff_line_add(s, &b, line, &cut);
	struct str html = arena_str(a, buf_str(&b));
	buf_fini(&b);
	return html;
}

/* --- the page ------------------------------------------------------------------------------- */

/* With one paragraph around each change, to know where it stands. */
static bool is_shown(const struct diff_line *lines, size_t count, size_t i)
{
	for (size_t k = i ? i - 1 : 0; k <= i + 1 && k < count; k++)
		if (lines[k].changed)
			return true;
	return false;
}

static void put_fold(struct site *s, struct arena *a, struct value *list, int64_t skipped)
{
	if (skipped)
		value_put_text(a, value_add_object(a, list), "fold",
			       word_n(s, a, "unchanged_n", skipped));
}

static void put_paragraphs(struct site *s, struct arena *a, struct value *v, const struct diff *d)
{
	struct diff_line *lines;
	int64_t skipped = 0;
	size_t count;

	diff_lines(a, d, &lines, &count);
	struct value *list = value_put_list(a, v, "paragraphs");
	for (size_t i = 0; i < count; i++) {
		if (!is_shown(lines, count, i)) {
			skipped++;
			continue;
		}
		put_fold(s, a, list, skipped);
		skipped = 0;
		value_put_text(a, value_add_object(a, list), "html", line_html(s, a, &lines[i]));
	}
	put_fold(s, a, list, skipped);
}

static void put_whole(struct arena *a, struct value *v, struct str text)
{
	struct value *list = value_put_list(a, v, "before");
	struct str line;

	while (str_split(&text, '\n', &line))
		if (str_trim(line).len)
			value_put_text(a, value_add_object(a, list), "paragraph", line);
}

static void put_edit(struct site *s, struct arena *a, struct value *v, const struct revision *was,
		     const struct revision *now)
{
	struct diff title, text;
	struct diff_line *lines;
	size_t count;

	value_put_i64(a, v, "number", now->number);
	put_time(s, a, v, "seen", "date_time_zone", now->seen, s->opt.zone_min);
	diff_texts(a, was->title, now->title, &title);
	diff_texts(a, was->text, now->text, &text);
	diff_lines(a, &title, &lines, &count);
	value_put_text(a, v, "title_html",
		       diff_is_empty(&title) || !count ? S("") : line_html(s, a, &lines[0]));
	value_put_bool(a, v, "same_text", diff_is_empty(&text));
	if (diff_is_empty(&text))
		return;
	put_paragraphs(s, a, v, &text);
	put_whole(a, v, was->text);
}

int edits_render(struct site *s, struct arena *a, const struct article *art,
		 const struct revision *revisions, size_t count, struct buf *out, struct err *err)
{
	const struct site_source *source = site_source(s, art->source);
	struct page_head head = { .path = article_edits_file(a, art) };
	struct headline h;

	headline_of(a, art, &h);
	head.title = arena_strf(a, "%.*s \xE2\x80\x93 %.*s", STR_FMT(word(s, "edits")),
				STR_FMT(h.title));
	struct value *v = page_value(s, a, &head);
	value_put_text(a, v, "title", h.title);
	value_put_text(a, v, "url", page_link(s, a, &head, h.path));
	value_put_text(a, v, "text_lang",
		       h.language.len && !str_eq(h.language, s->opt.language) ? h.language : S(""));
	value_put_text(a, v, "source", source ? source->name : art->source);
	if (source)
		value_put_text(a, v, "source_url", list_link(s, a, &head, source->path));
	value_put_text(a, v, "edited_text", word_n(s, a, "edited_n", art->revision - 1));
	put_time(s, a, v, "gone", "date_time_zone", art->gone, s->opt.zone_min);
	struct value *list = value_put_list(a, v, "edits");
	for (size_t i = count; i-- > 1;)
		put_edit(s, a, value_add_object(a, list), &revisions[i - 1], &revisions[i]);
	put_time(s, a, v, "first_seen", "date_time_zone", art->first_seen, s->opt.zone_min);
	return page_render(s, "revisions", v, out, err);
}
