/*
 * entries - a page with several texts of one make: the article is one of them.
 *
 * The day's page of a blog, a thread of a forum, an article with ten times its length of comments:
 * all read like prose, and the greatest part of it is not the article. Two things tell: each entry
 * has its own date or name and its own way to answer ("3 comments", "reply"), and comments stand in
 * an element that says so, below the text and without the title. A ticker's entries have their
 * times but nothing to answer to; they stay together.
 */
#include "page/private.h"

enum { ENTRY_CHARS = 60, TEXT_CHARS = 100, MAX_SHORT = 80 };

struct entry_signs {
	uint32_t chars; /* kept */
	uint32_t stamps, answers;
};

static struct entry_signs signs_of(const struct page_extractor *x, size_t from, size_t to)
{
	struct entry_signs s = { 0 };

	for (size_t i = from; i < to; i++) {
		const struct block *b = &x->tree.blocks[i];

		s.chars += b->keep ? b->chars : 0;
		s.stamps += shape_is_stamp(&x->feature_page, i);
		s.answers +=
			b->chars > 0 && b->chars <= MAX_SHORT && b->cues & CUE_BIT(CUE_COMMENT);
	}
	return s;
}

static bool is_prose(const struct block *b)
{
	return b->chars >= 20 && b->marks > 0 && b->link_chars * 3 < b->chars;
}

static void drop_range(struct tree *t, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		t->blocks[i].keep = false;
}

static bool has_title(const struct page_extractor *x, const struct node *n)
{
	size_t title = x->feature_page.title;

	return title != STR_NONE && title >= n->block && title < n->block_end;
}

/* Comments: marked as such, dated more than once, apart from the title, below enough of a text. */
static void drop_comments(struct page_extractor *x)
{
	struct tree *t = &x->tree;
	uint32_t before = 0;
	size_t counted = x->feature_page.title == STR_NONE ? 0 : x->feature_page.title;

	for (uint32_t i = t->body; i < t->count; i++) {
		const struct node *n = &t->nodes[i];

		if (!(n->flags & NODE_BLOCK) || !(n->kinds & CLASS_BIT(CLASS_COMMENT)) ||
		    n->kinds & CLASS_BIT(CLASS_BODY_SURE) || has_title(x, n))
			continue;
		for (; counted < n->block; counted++)
			before += t->blocks[counted].keep ? t->blocks[counted].chars : 0;
		if (before >= TEXT_CHARS && signs_of(x, n->block, n->block_end).stamps >= 2)
			drop_range(t, n->block, n->block_end);
	}
}

/* An entry nothing of which was thought an article: its sentences then. */
static void keep_sentences(struct tree *t, const struct node *n)
{
	for (size_t i = n->block; i < n->block_end; i++) {
		struct block *b = &t->blocks[i];
		b->keep = is_prose(b) && !b->cues;
	}
}

/* The class path of the longest paragraph that is kept. */
static uint32_t main_path(const struct page_extractor *x, const struct node *n)
{
	const struct tree *t = &x->tree;
	uint32_t path = 0, longest = 0;

	for (size_t i = n->block; i < n->block_end; i++)
		if (t->blocks[i].keep && is_prose(&t->blocks[i]) && t->blocks[i].chars > longest) {
			longest = t->blocks[i].chars;
			path = x->feature_page.path_of[i];
		}
	return path;
}

static bool has_path(const struct page_extractor *x, const struct node *n, uint32_t path)
{
	const struct tree *t = &x->tree;

	for (size_t i = n->block; i < n->block_end; i++)
		if (is_prose(&t->blocks[i]) && t->blocks[i].chars >= ENTRY_CHARS &&
		    x->feature_page.path_of[i] == path)
			return true;
	return false;
}

/* Among the like children of one element, those with a text, a date and an answer each: only the
 * one with the title stays, else the first. */
static bool choose_entry(struct page_extractor *x, uint32_t parent, uint32_t kept)
{
	struct tree *t = &x->tree;
	const struct feature_group *groups = x->feature_page.groups;
	uint32_t entries = 0, texts = 0, chars = 0, chosen = 0;
	uint32_t path = main_path(x, &t->nodes[parent]);

	for (uint32_t i = parent + 1; i < t->nodes[parent].end; i = t->nodes[i].end) {
		const struct node *n = &t->nodes[i];

		if (groups[i].count < 2)
			continue;
		struct entry_signs s = signs_of(x, n->block, n->block_end);
		bool entry = s.stamps > 0 && s.answers > 0;
		if (s.chars < ENTRY_CHARS && !(entry && has_path(x, n, path)))
			continue;
		texts++;
		entries += entry;
		chars += s.chars;
		if (chosen == 0 || (has_title(x, n) && !has_title(x, &t->nodes[chosen])))
			chosen = i;
	}
	if (entries < 2 || entries * 10 < texts * 6 || chars * 10 < kept * 8)
		return false;
	for (uint32_t i = parent + 1; i < t->nodes[parent].end; i = t->nodes[i].end)
		if (i != chosen && groups[i].count >= 2)
			drop_range(t, t->nodes[i].block, t->nodes[i].block_end);
	const struct node *n = &t->nodes[chosen];
	if (signs_of(x, n->block, n->block_end).chars == 0)
		keep_sentences(t, n);
	return true;
}

void body_choose_entry(struct page_extractor *x)
{
	struct tree *t = &x->tree;
	struct entry_signs all;

	drop_comments(x);
	all = signs_of(x, 0, t->block_count);
	if (all.stamps < 2 || all.answers < 2)
		return;
	for (uint32_t i = t->body; i < t->count; i++)
		if (t->nodes[i].flags & NODE_BLOCK &&
		    t->nodes[i].block_end - t->nodes[i].block >= 4 && choose_entry(x, i, all.chars))
			return;
}
