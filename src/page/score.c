/*
 * score - which blocks are the article: the container first, then the blocks in it.
 */
#include <string.h>

#include "base/mem.h"
#include "page/private.h"

static const uint64_t furniture_kinds =
	CLASS_BIT(CLASS_NAV) | CLASS_BIT(CLASS_RELATED) | CLASS_BIT(CLASS_SHARE) | CLASS_BIT(CLASS_COMMENT) |
	CLASS_BIT(CLASS_AD) | CLASS_BIT(CLASS_NEWSLETTER) | CLASS_BIT(CLASS_FOOTER) | CLASS_BIT(CLASS_SIDEBAR) |
	CLASS_BIT(CLASS_COOKIE) | CLASS_BIT(CLASS_BIO) | CLASS_BIT(CLASS_TOC) | CLASS_BIT(CLASS_BREADCRUMB) |
	CLASS_BIT(CLASS_CAPTION) | CLASS_BIT(CLASS_TAGS);

static float weigh(const struct block *b)
{
	if (b->chars < 20 || b->flags & (NODE_HIDDEN | NODE_NOSCRIPT | NODE_BUTTON))
		return 0;
	float links = (float)b->link_chars / (float)b->chars;
	float w = (float)b->chars * (1 - links) * (1 - links);

	if (b->marks == 0)
		w *= 0.2f;
	if (b->kinds & furniture_kinds)
		w *= 0.2f;
	if (b->tag == LXB_TAG_LI || b->tag == LXB_TAG_TD)
		w *= 0.6f;
	else if (b->tag != LXB_TAG_P && b->tag != LXB_TAG_DIV)
		w *= 0.4f;
	return w;
}

static bool is_candidate(const struct node *n)
{
	return n->flags & NODE_ITEMBODY || n->kinds & CLASS_BIT(CLASS_BODY_SURE) ||
	       (n->kinds & CLASS_BIT(CLASS_BODY) && n->kinds & CLASS_BIT(CLASS_ARTICLE));
}

/* The heaviest element that says it is the body, where it has enough of the page; else where the weight gathers. */
static uint32_t find_container(struct page_extractor *x, const float *sum)
{
	const struct tree *t = &x->tree;
	uint32_t best = 0;
	float best_weight = 0, total = sum[t->block_count];

	for (uint32_t i = 1; i < t->count; i++) {
		const struct node *n = &t->nodes[i];
		float w = sum[n->block_end] - sum[n->block];

		if (!(n->flags & NODE_TEXT) && is_candidate(n) && w > best_weight * 1.05f) {
			best = i;
			best_weight = w;
		}
	}
	if (best && best_weight >= 0.4f * total)
		return best;
	uint32_t at = t->body;
	for (;;) {
		float here = sum[t->nodes[at].block_end] - sum[t->nodes[at].block], top = 0;
		uint32_t child = at + 1, heaviest = 0;

		while (child < t->nodes[at].end) {
			float w = sum[t->nodes[child].block_end] - sum[t->nodes[child].block];
			if (w > top && !(t->nodes[child].flags & NODE_TEXT)) {
				top = w;
				heaviest = child;
			}
			child = t->nodes[child].end;
		}
		if (!heaviest || top < 0.7f * here || t->nodes[heaviest].tag == LXB_TAG_P)
			return at;
		at = heaviest;
	}
}

/* Marks that say "furniture" are not believed on what holds most of the text. */
static bool is_furniture(const struct tree *t, const struct block *b, uint32_t root, const float *sum)
{
	float total = sum[t->nodes[root].block_end] - sum[t->nodes[root].block];

	for (uint32_t i = b->box; i > root; i = t->nodes[i].parent) {
		const struct node *n = &t->nodes[i];
		float w = sum[n->block_end] - sum[n->block];

		if (w > 0.5f * total)
			break;
		if (n->kinds & furniture_kinds && !(n->kinds & CLASS_BIT(CLASS_BODY_SURE)))
			return true;
		if (n->tag == LXB_TAG_NAV || n->tag == LXB_TAG_FOOTER || n->tag == LXB_TAG_ASIDE)
			return true;
	}
	return false;
}

void body_choose(struct page_extractor *x)
{
	struct tree *t = &x->tree;
	float *sum = arena_array(x->mem, t->block_count + 1, sizeof(*sum));

	for (size_t i = 0; i < t->block_count; i++)
		sum[i + 1] = sum[i] + weigh(&t->blocks[i]);
	x->root = find_container(x, sum);
	const struct node *root = &t->nodes[x->root];
	for (size_t i = root->block; i < root->block_end; i++) {
		struct block *b = &t->blocks[i];
		bool link = b->link_chars * 10 > b->chars * 6;

		if (b->flags & (NODE_HIDDEN | NODE_NOSCRIPT | NODE_BUTTON) || is_furniture(t, b, x->root, sum))
			continue;
		if (b->tag == LXB_TAG_FIGCAPTION || b->tag == LXB_TAG_H1 || link)
			continue;
		if (b->cues && b->chars < 200)
			continue;
		b->keep = true;
	}
}

void body_trim(struct page_extractor *x)
{
	struct tree *t = &x->tree;

	/* A heading with nothing kept behind it heads nothing. */
	for (size_t i = t->block_count; i-- > 0;) {
		struct block *b = &t->blocks[i];
		if (!b->keep)
			continue;
		if (b->tag < LXB_TAG_H1 || b->tag > LXB_TAG_H6)
			break;
		b->keep = false;
	}
}
