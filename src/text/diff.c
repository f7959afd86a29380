/*
 * Myers' greedy algorithm (An O(ND) Difference Algorithm and Its Variations, 1986), first over
 * lines, then over the words of each stretch of lines that differ. Its trace takes D * D numbers,
 * so D has a ceiling. Then what is the same by chance (a comma between two replaced words) is
 * counted as replaced too: a reader wants phrases, not crumbs.
 */
#include "text/diff.h"

#include <string.h>

#include "base/list.h"
#include "base/map.h"
#include "base/mem.h"
#include "text/utf8.h"

enum { MAX_STEPS = 200 * 1000 * 1000 };

struct tokens {
	struct str text;
	struct list ends; /* size_t: where each ends; it begins where the one before ended */
	struct list ids;  /* uint32_t: equal tokens have equal ids */
};

/* Tokens [a0, a1) of the old text became [b0, b1) of the new. */
struct edit {
	size_t a0, a1, b0, b1;
};

/* --- tokens */

enum char_kind { KIND_SPACE, KIND_WORD, KIND_ALONE };

static enum char_kind kind_of(uint32_t c)
{
	if (c == '\n')
		return KIND_ALONE;
	if (utf8_is_space(c))
		return KIND_SPACE;
	if (utf8_is_cjk(c))
		return KIND_ALONE;
	if (c < 0x80)
		return ch_is_alnum((char)c) ? KIND_WORD : KIND_ALONE;
	/* General Punctuation, and the marks of Latin-1 */
	if ((c >= 0x2000 && c < 0x2070) || (c < 0xC0 && c != 0xAA && c != 0xB5 && c != 0xBA))
		return KIND_ALONE;
	return KIND_WORD;
}

static size_t word_end(struct str s, size_t pos)
{
	enum char_kind kind = kind_of(utf8_next(s, &pos));

	while (kind != KIND_ALONE && pos < s.len) {
		size_t next = pos;

		if (kind_of(utf8_next(s, &next)) != kind)
			break;
		pos = next;
	}
	return pos;
}

static size_t line_end(struct str s, size_t pos)
{
	size_t len = str_find_ch(str_from(s, pos), '\n');

	return len == STR_NONE ? s.len : pos + len + 1;
}

static void tokens_init(struct tokens *t, struct str text, struct map *ids, bool lines)
{
	t->text = text;
	list_init(&t->ends, sizeof(size_t));
	list_init(&t->ids, sizeof(uint32_t));
	for (size_t pos = 0; pos < text.len;) {
		size_t end = lines ? line_end(text, pos) : word_end(text, pos);
		void **place = map_put(ids, str_sub(text, pos, end));

		if (!*place)
			*place = (void *)(uintptr_t)ids->count;
		*(size_t *)list_add(&t->ends) = end;
		*(uint32_t *)list_add(&t->ids) = (uint32_t)(uintptr_t)*place;
		pos = end;
	}
}

static void tokens_fini(struct tokens *t)
{
	list_fini(&t->ends);
	list_fini(&t->ids);
}

static size_t offset(const struct tokens *t, size_t token)
{
	return token ? *(size_t *)list_at(&t->ends, token - 1) : 0;
}

static struct str tokens_text(const struct tokens *t, size_t from, size_t to)
{
	return str_sub(t->text, offset(t, from), offset(t, to));
}

/* --- Myers */

struct pair {
	const uint32_t *a, *b;
	int32_t n, m;
};

static int32_t follow(const struct pair *p, int32_t x, int32_t k)
{
	while (x < p->n && x - k < p->m && p->a[x] == p->b[x - k])
		x++;
	return x;
}

/* Where round d - 1 leaves off for diagonal k, and whether by an insertion. prev[k] is valid for
 * |k| < d. */
static bool by_insertion(const int32_t *prev, int32_t d, int32_t k)
{
	return k == -d || (k != d && prev[k - 1] < prev[k + 1]);
}

/* Round d of the trace: numbers for diagonals -d to d, behind those of all rounds before. */
static int32_t *round_of(int32_t *trace, int32_t d)
{
	return trace + (ptrdiff_t)d * d + d;
}

/* The number of edits, or -1 past the ceiling; the trace is for mem_free. */
static int32_t search(const struct pair *p, int32_t max_d, int32_t **trace)
{
	size_t cap = 0;

	*trace = NULL;
	for (int32_t d = 0; d <= max_d; d++) {
		size_t need = ((size_t)d + 1) * ((size_t)d + 1);
		int32_t *now, *prev;

		if (need > cap) {
			cap = need * 2;
			*trace = mem_realloc(*trace, cap * sizeof(**trace));
		}
		now = round_of(*trace, d);
		prev = d ? round_of(*trace, d - 1) : NULL;
		for (int32_t k = -d; k <= d; k += 2) {
			int32_t x = 0;

			if (d)
				x = by_insertion(prev, d, k) ? prev[k + 1] : prev[k - 1] + 1;
			now[k] = x = follow(p, x, k);
			if (x >= p->n && x - k >= p->m)
				return d;
		}
	}
	return -1;
}

static void add_edit(struct list *edits, size_t a0, size_t a1, size_t b0, size_t b1)
{
	*(struct edit *)list_add(edits) = (struct edit){ a0, a1, b0, b1 };
}

/* Marks what was deleted and inserted, from the end back. */
static void backtrack(const struct pair *p, int32_t *trace, int32_t d, bool *deleted,
		      bool *inserted)
{
	int32_t x = p->n, y = p->m;

	for (; d > 0; d--) {
		int32_t *prev = round_of(trace, d - 1);
		int32_t k = x - y;

		if (by_insertion(prev, d, k)) {
			x = prev[k + 1];
			y = x - (k + 1);
			inserted[y] = true;
		} else {
			x = prev[k - 1];
			y = x - (k - 1);
			deleted[x] = true;
		}
	}
}

static void collect(const struct pair *p, const bool *deleted, const bool *inserted, size_t shift,
		    struct list *edits)
{
	size_t n = (size_t)p->n, m = (size_t)p->m, x = 0, y = 0;

	while (x < n || y < m) {
		size_t a0 = x, b0 = y;

		while ((x < n && deleted[x]) || (y < m && inserted[y])) {
			if (x < n && deleted[x])
				x++;
			else
				y++;
		}
		if (x > a0 || y > b0)
			add_edit(edits, shift + a0, shift + x, shift + b0, shift + y);
		else
			x++, y++;
	}
}

/* Edits that make b of a, in order; true where they are exact. */
static bool compare(const struct tokens *ta, const struct tokens *tb, struct list *edits)
{
	const uint32_t *a = ta->ids.items, *b = tb->ids.items;
	size_t n = ta->ids.count, m = tb->ids.count, head = 0, steps;
	int32_t *trace, d, max_d;
	struct pair p;
	bool *marks;

	while (head < n && head < m && a[head] == b[head])
		head++;
	while (n > head && m > head && a[n - 1] == b[m - 1])
		n--, m--;
	if (head == n || head == m) {
		if (head < n || head < m)
			add_edit(edits, head, n, head, m);
		return true;
	}
	if (n > INT32_MAX / 4 || m > INT32_MAX / 4) {
		add_edit(edits, head, n, head, m);
		return false;
	}
	p = (struct pair){ a + head, b + head, (int32_t)(n - head), (int32_t)(m - head) };
	steps = MAX_STEPS / (n - head + m - head) + 1;
	max_d = steps < DIFF_MAX_EDITS ? (int32_t)steps : DIFF_MAX_EDITS;
	d = search(&p, max_d, &trace);
	if (d < 0) {
		add_edit(edits, head, n, head, m);
	} else {
		marks = mem_alloc((size_t)p.n + (size_t)p.m + 1);
		backtrack(&p, trace, d, marks, marks + p.n);
		collect(&p, marks, marks + p.n, head, edits);
		mem_free(marks);
	}
	mem_free(trace);
	return d >= 0;
}

/* --- for readers */

static size_t larger_side(const struct tokens *ta, const struct tokens *tb, const struct edit *e)
{
	size_t deleted = utf8_count(tokens_text(ta, e->a0, e->a1));
	size_t inserted = utf8_count(tokens_text(tb, e->b0, e->b1));

	return deleted > inserted ? deleted : inserted;
}

/* Joins two edits where what is the same between them is no longer than either. */
static void join_crumbs(const struct tokens *ta, const struct tokens *tb, struct list *edits)
{
	size_t kept = 0;

	for (size_t i = 0; i < edits->count; i++) {
		struct edit e = *(struct edit *)list_at(edits, i);

		while (kept) {
			struct edit *last = list_at(edits, kept - 1);
			struct str between = tokens_text(ta, last->a1, e.a0);
			size_t len = utf8_count(between);

			if (str_find_ch(between, '\n') != STR_NONE ||
			    len > larger_side(ta, tb, last) || len > larger_side(ta, tb, &e))
				break;
			e.a0 = last->a0;
			e.b0 = last->b0;
			kept--;
		}
		*(struct edit *)list_at(edits, kept++) = e;
	}
	edits->count = kept;
}

/* How good a place it is for a change to begin behind this token. */
static int boundary(const struct tokens *t, size_t token)
{
	static const struct str stops[] = { STR("."),  STR("!"), STR("?"),  STR("。"), STR("！"),
					    STR("？"), STR("”"), STR("」"), STR("…") };
	struct str text;

	if (!token)
		return 4;
	text = tokens_text(t, token - 1, token);
	if (text.ptr[text.len - 1] == '\n')
		return text.len == 1 ? 4 : 3;
	for (size_t i = 0; i < sizeof(stops) / sizeof(stops[0]); i++) {
		if (str_eq(text, stops[i]))
			return 2;
	}
	return ch_is_space(text.ptr[text.len - 1]);
}

/*
 * "a. [b. ]c" and "a[. b]. c" say the same; the first says it to a reader. What is only inserted
 * (or only deleted: then t is the old text) moves along what repeats to where a sentence begins.
 * [*from, *to) are its tokens, `left` and `right` the tokens it may reach.
 */
static ptrdiff_t best_slide(const struct tokens *t, size_t from, size_t to, size_t left,
			    size_t right)
{
	const uint32_t *ids = t->ids.items;
	ptrdiff_t slide = 0, best = 0;
	int best_score;

	for (; from > left && ids[from - 1] == ids[to - 1]; from--, to--)
		slide--;
	best = slide;
	best_score = boundary(t, from);
	for (; to < right && ids[from] == ids[to]; from++, to++) {
		int score = boundary(t, from + 1);

		slide++;
		if (score >= best_score) {
			best = slide;
			best_score = score;
		}
	}
	return best;
}

static void slide_edits(const struct tokens *ta, const struct tokens *tb, struct list *edits)
{
	for (size_t i = 0; i < edits->count; i++) {
		struct edit *e = list_at(edits, i);
		const struct edit *prev = i ? list_at(edits, i - 1) : NULL;
		const struct edit *next = i + 1 < edits->count ? list_at(edits, i + 1) : NULL;
		ptrdiff_t by = 0;

		if (e->a0 == e->a1)
			by = best_slide(tb, e->b0, e->b1, prev ? prev->b1 : 0,
					next ? next->b0 : tb->ids.count);
		else if (e->b0 == e->b1)
			by = best_slide(ta, e->a0, e->a1, prev ? prev->a1 : 0,
					next ? next->a0 : ta->ids.count);
		e->a0 += (size_t)by;
		e->a1 += (size_t)by;
		e->b0 += (size_t)by;
		e->b1 += (size_t)by;
	}
}

static void add_span(struct list *spans, enum diff_kind kind, struct str text)
{
	struct diff_span *last = spans->count ? list_at(spans, spans->count - 1) : NULL;

	if (!text.len)
		return;
	if (last && last->kind == kind && last->text.ptr + last->text.len == text.ptr) {
		last->text.len += text.len;
		return;
	}
	*(struct diff_span *)list_add(spans) = (struct diff_span){ kind, text };
}

static void add_edits(const struct tokens *ta, const struct tokens *tb, const struct list *edits,
		      struct list *spans)
{
	size_t pos = 0;

	for (size_t i = 0; i < edits->count; i++) {
		const struct edit *e = list_at(edits, i);

		add_span(spans, DIFF_SAME, tokens_text(ta, pos, e->a0));
		add_span(spans, DIFF_DELETED, tokens_text(ta, e->a0, e->a1));
		add_span(spans, DIFF_INSERTED, tokens_text(tb, e->b0, e->b1));
		pos = e->a1;
	}
	add_span(spans, DIFF_SAME, tokens_text(ta, pos, ta->ends.count));
}

static bool diff_words(struct str before, struct str after, struct list *spans)
{
	struct tokens ta, tb;
	struct list edits;
	struct map ids;
	bool exact;

	map_init(&ids);
	tokens_init(&ta, before, &ids, false);
	tokens_init(&tb, after, &ids, false);
	list_init(&edits, sizeof(struct edit));
	exact = compare(&ta, &tb, &edits);
	join_crumbs(&ta, &tb, &edits);
	slide_edits(&ta, &tb, &edits);
	add_edits(&ta, &tb, &edits, spans);
	list_fini(&edits);
	tokens_fini(&ta);
	tokens_fini(&tb);
	map_fini(&ids);
	return exact;
}

void diff_texts(struct arena *a, struct str before, struct str after, struct diff *out)
{
	struct list edits, spans;
	struct tokens ta, tb;
	struct map ids;
	size_t pos = 0;

	map_init(&ids);
	tokens_init(&ta, before, &ids, true);
	tokens_init(&tb, after, &ids, true);
	list_init(&edits, sizeof(struct edit));
	list_init(&spans, sizeof(struct diff_span));
	out->coarse = !compare(&ta, &tb, &edits);
	slide_edits(&ta, &tb, &edits);
	for (size_t i = 0; i < edits.count; i++) {
		const struct edit *e = list_at(&edits, i);

		add_span(&spans, DIFF_SAME, tokens_text(&ta, pos, e->a0));
		if (!diff_words(tokens_text(&ta, e->a0, e->a1), tokens_text(&tb, e->b0, e->b1),
				&spans))
			out->coarse = true;
		pos = e->a1;
	}
	add_span(&spans, DIFF_SAME, tokens_text(&ta, pos, ta.ends.count));
	out->count = spans.count;
	out->spans = arena_array(a, spans.count, sizeof(struct diff_span));
	if (spans.count)
		memcpy(out->spans, spans.items, spans.count * sizeof(struct diff_span));
	list_fini(&spans);
	list_fini(&edits);
	tokens_fini(&ta);
	tokens_fini(&tb);
	map_fini(&ids);
}

bool diff_is_empty(const struct diff *d)
{
	return d->count == 0 || (d->count == 1 && d->spans[0].kind == DIFF_SAME);
}

/* --- by lines */

/* A line begins behind the last piece; one without pieces is begun already. */
static struct diff_line *begin_line(struct list *lines, struct diff_piece *at)
{
	struct diff_line *line = lines->count ? list_at(lines, lines->count - 1) : NULL;

	if (!line || line->count)
		line = list_add(lines);
	line->pieces = at;
	return line;
}

void diff_lines(struct arena *a, const struct diff *d, struct diff_line **out, size_t *count)
{
	size_t most = 0;
	struct list lines;

	for (size_t i = 0; i < d->count; i++) {
		most++;
		for (size_t k = 0; k < d->spans[i].text.len; k++)
			most += d->spans[i].text.ptr[k] == '\n';
	}
	struct diff_piece *piece = arena_array(a, most + 1, sizeof(*piece));
	list_init(&lines, sizeof(struct diff_line));
	struct diff_line *line = begin_line(&lines, piece);
	for (size_t i = 0; i < d->count; i++) {
		const struct diff_span *span = &d->spans[i];
		struct str rest = span->text, text;

		for (bool first = true; str_split(&rest, '\n', &text); first = false) {
			if (!first)
				line = begin_line(&lines, piece);
			if (!text.len)
				continue;
			*piece++ = (struct diff_piece){ span->kind, text };
			line->count++;
			line->changed = line->changed || span->kind != DIFF_SAME;
		}
		if (span->text.len && span->text.ptr[span->text.len - 1] == '\n')
			line = begin_line(&lines, piece);
	}
	*count = lines.count - (line->count == 0);
	*out = arena_array(a, lines.count, sizeof(**out));
	memcpy(*out, lines.items, lines.count * sizeof(**out));
	list_fini(&lines);
}
