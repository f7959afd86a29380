/*
 * kind - what stands in place of an article: a consent wall, a login wall, an error page, nothing.
 *
 * Judged by the little text such pages have and by what they call themselves; a page with an
 * article's worth of text is never one of them, whatever banners lie over it.
 */
#include <string.h>

#include "page/private.h"

enum {
	WALL_MAX_CHARS = 3000,    /* of the whole page's text: walls say little */
	ARTICLE_MIN_CHARS = 1200, /* kept text with this much of it is an article */
	PROSE_MIN_CHARS = 250,    /* sentences that speak of something else: a short article */
	PROSE_BLOCK_CHARS = 40,
	COOKIE_LINE_CHARS = 30
};

struct kind_counts {
	uint32_t cookie, login, error; /* characters */
	uint32_t cookie_text;          /* of it, in lines that are no mere link or button */
	uint32_t cookies;              /* blocks */
	uint32_t prose, kept, all;
};

static struct kind_counts count_cues(const struct page_extractor *x)
{
	static const uint32_t walls = CUE_BIT(CUE_COOKIE) | CUE_BIT(CUE_LOGIN) |
				      CUE_BIT(CUE_PAYWALL) | CUE_BIT(CUE_ERROR);
	const struct tree *t = &x->tree;
	struct kind_counts n = { 0 };

	for (size_t i = 0; i < t->block_count; i++) {
		const struct block *b = &t->blocks[i];
		bool cookie = b->cues & CUE_BIT(CUE_COOKIE) || b->kinds & CLASS_BIT(CLASS_COOKIE);

		if (b->flags & (NODE_HIDDEN | NODE_NOSCRIPT))
			continue;
		n.all += b->chars;
		n.kept += b->keep ? b->chars : 0;
		if (b->keep && b->marks > 0 && b->chars >= PROSE_BLOCK_CHARS && !cookie &&
		    !(b->cues & walls))
			n.prose += b->chars;
		n.cookies += cookie && b->chars > 0;
		if (cookie)
			n.cookie += b->chars;
		if (cookie && b->chars >= COOKIE_LINE_CHARS && b->link_chars * 2 < b->chars)
			n.cookie_text += b->chars;
		if (b->cues & (CUE_BIT(CUE_LOGIN) | CUE_BIT(CUE_PAYWALL)))
			n.login += b->chars;
		if (b->cues & CUE_BIT(CUE_ERROR))
			n.error += b->tag >= LXB_TAG_H1 && b->tag <= LXB_TAG_H3 ? 1000 : b->chars;
	}
	return n;
}

/* "503 Service Temporarily Unavailable": a status of HTTP before anything else. */
static bool is_status(struct str title)
{
	return title.len >= 3 && (title.ptr[0] == '4' || title.ptr[0] == '5') &&
	       ch_is_digit(title.ptr[1]) && ch_is_digit(title.ptr[2]) &&
	       (title.len == 3 || (title.len < 60 && strchr(" -:|", title.ptr[3])));
}

/*
 * Little text in all, and of the little, what is not about cookies is no article. The foot of many
 * a page has "Privacy" and "Cookie settings", and a short article may have a banner below it.
 */
static bool is_consent_wall(const struct kind_counts *n, uint32_t title)
{
	if (n->all >= WALL_MAX_CHARS)
		return false;
	if (n->cookie * 3 > n->all)
		return true;
	if (n->prose >= PROSE_MIN_CHARS || n->kept >= ARTICLE_MIN_CHARS / 2 || n->cookies < 2)
		return false;
	return title & CUE_BIT(CUE_COOKIE) || n->cookie_text > n->prose * 2;
}

enum page_kind kind_judge(struct page_extractor *x)
{
	struct kind_counts n = count_cues(x);
	uint32_t title = vocab_cues(x->meta.title_tag) | vocab_cues(x->out->article.title);
	bool error = title & CUE_BIT(CUE_ERROR);

	if (n.kept >= ARTICLE_MIN_CHARS && !x->opt->fragment && !error)
		return PAGE_ARTICLE;
	if (x->opt->fragment)
		return n.kept ? PAGE_ARTICLE : PAGE_EMPTY;
	if (error && (n.all < WALL_MAX_CHARS || n.kept < ARTICLE_MIN_CHARS))
		return PAGE_ERROR;
	if (n.prose < PROSE_MIN_CHARS && is_status(x->meta.title_tag))
		return PAGE_ERROR;
	if (n.error >= 1000 && n.kept < 600)
		return PAGE_ERROR;
	if (is_consent_wall(&n, title))
		return PAGE_CONSENT_WALL;
	if (n.all < WALL_MAX_CHARS && n.login * 3 > n.all && n.kept < 400)
		return PAGE_LOGIN_WALL;
	if (n.all == 0)
		return PAGE_EMPTY;
	if (n.kept == 0)
		return PAGE_NO_ARTICLE;
	return PAGE_ARTICLE;
}
