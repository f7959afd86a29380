/*
 * kind - what stands in place of an article: a consent wall, a login wall, an error page, nothing.
 *
 * Judged by the little text such pages have and by what they call themselves; a page with an
 * article's worth of text is never one of them, whatever banners lie over it.
 */
#include "page/private.h"

enum {
	WALL_MAX_CHARS = 3000,    /* of the whole page's text: walls say little */
	ARTICLE_MIN_CHARS = 1200, /* kept text with this much of it is an article */
	LITTLE_CHARS = 160
};

struct kind_counts {
	uint32_t cookie, login, error, paywall, kept, all;
};

static struct kind_counts count_cues(const struct page_extractor *x)
{
	const struct tree *t = &x->tree;
	struct kind_counts n = { 0 };

	for (size_t i = 0; i < t->block_count; i++) {
		const struct block *b = &t->blocks[i];

		if (b->flags & (NODE_HIDDEN | NODE_NOSCRIPT))
			continue;
		n.all += b->chars;
		n.kept += b->keep ? b->chars : 0;
		if (b->cues & CUE_BIT(CUE_COOKIE) || b->kinds & CLASS_BIT(CLASS_COOKIE))
			n.cookie += b->chars;
		if (b->cues & (CUE_BIT(CUE_LOGIN) | CUE_BIT(CUE_PAYWALL)))
			n.login += b->chars;
		if (b->cues & CUE_BIT(CUE_ERROR))
			n.error += b->tag >= LXB_TAG_H1 && b->tag <= LXB_TAG_H3 ? 1000 : b->chars;
	}
	return n;
}

enum page_kind kind_judge(struct page_extractor *x)
{
	struct kind_counts n = count_cues(x);
	uint32_t title = vocab_cues(x->vocab, x->meta.title_tag) |
			 vocab_cues(x->vocab, x->out->article.title);

	if (n.kept >= ARTICLE_MIN_CHARS && !x->opt->fragment && !(title & CUE_BIT(CUE_ERROR)))
		return PAGE_ARTICLE;
	if (x->opt->fragment)
		return n.kept ? PAGE_ARTICLE : PAGE_EMPTY;
	if (title & CUE_BIT(CUE_ERROR) && (n.all < WALL_MAX_CHARS || n.kept < ARTICLE_MIN_CHARS))
		return PAGE_ERROR;
	if (n.error >= 1000 && n.kept < 600)
		return PAGE_ERROR;
	if (n.all < WALL_MAX_CHARS && n.cookie * 3 > n.all)
		return PAGE_CONSENT_WALL;
	if (n.all < WALL_MAX_CHARS && n.login * 3 > n.all && n.kept < 400)
		return PAGE_LOGIN_WALL;
	if (n.all == 0)
		return PAGE_EMPTY;
	if (n.kept == 0)
		return PAGE_NO_ARTICLE;
	return PAGE_ARTICLE;
}
