/*
 * render - the blocks that are kept, as text and as HTML.
 */
#include <string.h>

#include "page/private.h"
#include "text/escape.h"
#include "text/url.h"

static uint32_t row_of(const struct tree *t, const struct block *b)
{
	for (uint32_t i = b->box; i != 0; i = t->nodes[i].parent)
		if (t->nodes[i].tag == LXB_TAG_TR)
			return i;
	return 0;
}

/* Blocks a blank line apart; the cells of a row stand in one line. */
void render_text(struct page_extractor *x, struct buf *out)
{
	const struct tree *t = &x->tree;
	uint32_t row = 0;

	for (size_t i = 0; i < t->block_count; i++) {
		const struct block *b = &t->blocks[i];

		if (!b->keep || b->len == 0)
			continue;
		bool cell = b->tag == LXB_TAG_TD || b->tag == LXB_TAG_TH;
		uint32_t here = cell ? row_of(t, b) : 0;
		if (out->len)
			buf_add(out, here && here == row ? S("\t") : S("\n\n"));
		row = here;
		buf_add(out, block_text(t, b));
	}
}

/* ---- HTML */

struct html {
	struct page_extractor *x;
	struct list open;     /* struct sanitize_step: what is open, the innermost last */
	bool text_open;       /* the last step is a text, and nothing began or ended since */
	const uint32_t *kept; /* running count of kept text nodes: a subtree's is a difference */
	uint32_t *paragraph;  /* of the node a paragraph starts at, where it has no element of its
				 own: its end */
	uint32_t first, last; /* of the kept texts: pictures between them go out */
	uint32_t lead, lead_end; /* the picture above the text, or 0 */
	uint32_t
		caption_end; /* everything before it goes out: the caption of a picture that does */
};

enum { MAX_CAPTION = 800 };

static bool is_media(uint16_t tag)
{
	return tag == LXB_TAG_IMG || tag == LXB_TAG_VIDEO || tag == LXB_TAG_AUDIO ||
	       tag == LXB_TAG_IFRAME;
}

/* Elements that go out as they are; the others only with what is inside them. */
static bool is_structure(uint16_t tag)
{
	switch (tag) {
	case LXB_TAG_P:
	case LXB_TAG_H1:
	case LXB_TAG_H2:
	case LXB_TAG_H3:
	case LXB_TAG_H4:
	case LXB_TAG_H5:
	case LXB_TAG_H6:
	case LXB_TAG_UL:
	case LXB_TAG_OL:
	case LXB_TAG_LI:
	case LXB_TAG_DL:
	case LXB_TAG_DT:
	case LXB_TAG_DD:
	case LXB_TAG_BLOCKQUOTE:
	case LXB_TAG_PRE:
	case LXB_TAG_CODE:
	case LXB_TAG_TABLE:
	case LXB_TAG_THEAD:
	case LXB_TAG_TBODY:
	case LXB_TAG_TFOOT:
	case LXB_TAG_TR:
	case LXB_TAG_TD:
	case LXB_TAG_TH:
	case LXB_TAG_CAPTION:
	case LXB_TAG_FIGURE:
	case LXB_TAG_FIGCAPTION:
	case LXB_TAG_A:
	case LXB_TAG_B:
	case LXB_TAG_STRONG:
	case LXB_TAG_I:
	case LXB_TAG_EM:
	case LXB_TAG_U:
	case LXB_TAG_S:
	case LXB_TAG_SUB:
	case LXB_TAG_SUP:
	case LXB_TAG_MARK:
	case LXB_TAG_SMALL:
	case LXB_TAG_Q:
	case LXB_TAG_CITE:
	case LXB_TAG_ABBR:
	case LXB_TAG_TIME:
	case LXB_TAG_KBD:
	case LXB_TAG_SAMP:
	case LXB_TAG_VAR:
	case LXB_TAG_DEL:
	case LXB_TAG_INS:
	case LXB_TAG_RUBY:
	case LXB_TAG_RT:
	case LXB_TAG_RP:
	case LXB_TAG_BR:
	case LXB_TAG_HR:
	case LXB_TAG_IMG:
	case LXB_TAG_PICTURE:
	case LXB_TAG_SOURCE:
	case LXB_TAG_VIDEO:
	case LXB_TAG_AUDIO:
	case LXB_TAG_DETAILS:
	case LXB_TAG_SUMMARY:
	case LXB_TAG_WBR:
	case LXB_TAG_DFN:
	case LXB_TAG_BDI:
	case LXB_TAG_BDO:
	case LXB_TAG_IFRAME: return true;
	default: return false;
	}
}

static bool has_kept(const struct html *h, uint32_t from, uint32_t to)
{
	return h->kept[to] > h->kept[from];
}

/*
 * Text that stands in a div, or between line breaks, is a paragraph all the same: it starts at the
 * outermost inline element that holds nothing of another block.
 */
static void mark_paragraph(struct html *h, size_t at)
{
	const struct tree *t = &h->x->tree;
	const struct block *b = &t->blocks[at];
	uint32_t start = b->first, end = b->last + 1, before = at ? t->blocks[at - 1].last : 0;
	uint32_t after = at + 1 < t->block_count ? t->blocks[at + 1].first : (uint32_t)t->count;

	if (b->tag != LXB_TAG_DIV)
		return;
	for (uint32_t up = t->nodes[start].parent;
	     up > b->box && up > before && t->nodes[up].end <= after; up = t->nodes[up].parent)
		start = up;
	for (uint32_t up = t->nodes[b->last].parent; up > b->box && up >= start;
	     up = t->nodes[up].parent)
		end = t->nodes[up].end;
	h->paragraph[start] = end;
}

/* A break is spacing where all text about it is in paragraphs of ours. */
static bool is_spacing(const struct html *h, const struct node *n, bool in_paragraph)
{
	const struct tree *t = &h->x->tree;

	if (n->tag != LXB_TAG_BR || in_paragraph)
		return false;
	for (uint32_t i = n->parent; i != 0 && i != h->x->root; i = t->nodes[i].parent)
		if (t->nodes[i].flags & NODE_BLOCK && is_structure(t->nodes[i].tag))
			return false;
	return true;
}

/* Whether an element's subtree goes out: text of the article, or a picture that stands between such
 * text. */
static bool goes_out(const struct html *h, uint32_t i)
{
	const struct tree *t = &h->x->tree;
	const struct node *n = &t->nodes[i];

	if (has_kept(h, i, n->end))
		return true;
	if (n->flags & (NODE_HIDDEN | NODE_NOSCRIPT))
		return false;
	if (i < h->caption_end)
		return true;
	bool lead = i >= h->lead && i < h->lead_end;
	if (!lead && (i < h->first || i > h->last))
		return false;
	return is_media(n->tag) || n->tag == LXB_TAG_BR || n->tag == LXB_TAG_HR ||
	       n->tag == LXB_TAG_SOURCE;
}

static void add_text(struct html *h, uint32_t i, struct str text)
{
	struct list *steps = &h->x->steps;
	struct buf *texts = &h->x->texts;
	struct sanitize_step *last;

	if (h->text_open) {
		last = list_at(steps, steps->count - 1);
	} else {
		last = list_add(steps);
		*last = (struct sanitize_step){ .at = i, .from = texts->len };
	}
	buf_add(texts, text);
	last->len = texts->len - last->from;
	h->text_open = true;
}

/* dom: NULL for a paragraph of ours. */
static void add_element(struct html *h, uint32_t i, lxb_dom_node_t *dom, uint32_t end)
{
	struct sanitize_step *step = list_add(&h->x->steps);

	*step = (struct sanitize_step){ .node = dom, .at = i, .end = end };
	*(struct sanitize_step *)list_add(&h->open) = *step;
	h->text_open = false;
}

static struct sanitize_step open_at(const struct html *h, size_t n)
{
	return *(struct sanitize_step *)list_at(&h->open, n);
}

static bool is_in_line(const lxb_dom_node_t *node)
{
	return node && !tree_is_block((uint16_t)node->local_name);
}

static void close_before(struct html *h, uint32_t i)
{
	while (h->open.count && open_at(h, h->open.count - 1).end <= i) {
		h->open.count--;
		h->text_open = false;
	}
}

/*
 * A paragraph of ours ends the one it begins in, with the elements in the line that go on from that
 * into this: they begin in it anew.
 */
static void add_paragraph(struct html *h, uint32_t i, uint32_t end)
{
	size_t count = h->open.count, from = count;

	while (from && is_in_line(open_at(h, from - 1).node))
		from--;
	bool divides = from && !open_at(h, from - 1).node;
	add_element(h, i, NULL, end);
	for (; divides && from < count; from++) {
		struct sanitize_step step = open_at(h, from);
		add_element(h, i, step.node, step.end < end ? step.end : end);
	}
}

static void add_kept_text(struct html *h, uint32_t i)
{
	if (h->kept[i + 1] > h->kept[i] || i < h->caption_end) {
		lexbor_str_t *s = &lxb_dom_interface_character_data(h->x->tree.nodes[i].dom)->data;
		add_text(h, i, str_n((const char *)s->data, s->length));
	}
}

static bool has_media(const struct html *h, uint32_t i)
{
	const struct tree *t = &h->x->tree;

	for (uint32_t k = i; k < t->nodes[i].end; k++)
		if (is_media(t->nodes[k].tag) && goes_out(h, k))
			return true;
	return false;
}

/* Of a picture that goes out its caption does too: it is no part of the text, but of the article's
 * markup. */
static bool is_caption(const struct html *h, uint32_t i)
{
	const struct tree *t = &h->x->tree;
	uint32_t up = t->nodes[i].parent;

	if (t->nodes[i].tag != LXB_TAG_FIGCAPTION || t->nodes[i].chars > MAX_CAPTION ||
	    t->nodes[i].flags & NODE_HIDDEN)
		return false;
	while (up != 0 && t->nodes[up].tag != LXB_TAG_FIGURE)
		up = t->nodes[up].parent;
	return up != 0 && has_media(h, up);
}

static void add_nodes(struct html *h, uint32_t from, uint32_t to)
{
	const struct tree *t = &h->x->tree;
	uint32_t paragraph_end = 0;

	for (uint32_t i = from; i < to;) {
		const struct node *n = &t->nodes[i];

		close_before(h, i);
		if (h->paragraph[i]) {
			paragraph_end = h->paragraph[i];
			add_paragraph(h, i, paragraph_end);
		}
		if (n->flags & NODE_TEXT) {
			add_kept_text(h, i++);
			continue;
		}
		if (is_caption(h, i))
			h->caption_end = n->end;
		if (is_spacing(h, n, i < paragraph_end) || (!goes_out(h, i) && !has_media(h, i))) {
			i = n->end;
			continue;
		}
		if (is_structure(n->tag) && n->dom->ns == LXB_NS_HTML)
			add_element(h, i, n->dom, n->end);
		else if (n->flags & NODE_BLOCK)
			add_text(h, i, S("\n"));
		i++;
	}
}

/*
 * The picture above the text: the last <figure> before it, in a fragment any picture, that stands
 * in nothing which calls itself something else.
 */
static void find_lead(struct html *h)
{
	static const uint64_t other =
		CLASS_BIT(CLASS_NAV) | CLASS_BIT(CLASS_RELATED) | CLASS_BIT(CLASS_SHARE) |
		CLASS_BIT(CLASS_COMMENT) | CLASS_BIT(CLASS_AD) | CLASS_BIT(CLASS_NEWSLETTER) |
		CLASS_BIT(CLASS_AUTHOR) | CLASS_BIT(CLASS_BIO) | CLASS_BIT(CLASS_TOOLS) |
		CLASS_BIT(CLASS_PROMO) | CLASS_BIT(CLASS_WIDGET) | CLASS_BIT(CLASS_SIDEBAR);
	const struct tree *t = &h->x->tree;

	for (uint32_t i = h->first; i-- > h->x->root;) {
		const struct node *n = &t->nodes[i];
		bool fits =
			n->tag == LXB_TAG_FIGURE || (h->x->opt->fragment && n->tag == LXB_TAG_IMG);

		for (uint32_t up = i; fits && up != h->x->root && up != 0; up = t->nodes[up].parent)
			fits = !(t->nodes[up].kinds & other) && !(t->nodes[up].flags & NODE_HIDDEN);
		if (!fits || n->end > h->first)
			continue;
		h->lead = i;
		h->lead_end = n->end;
		return;
	}
}

void render_html(struct page_extractor *x, struct buf *out)
{
	const struct tree *t = &x->tree;
	struct html h = { .x = x };
	struct err ignored;
	uint32_t *kept = arena_array(x->mem, t->count + 1, sizeof(*kept));

	h.first = UINT32_MAX;
	h.paragraph = arena_array(x->mem, t->count + 1, sizeof(*h.paragraph));
	for (size_t i = 0; i < t->block_count; i++) {
		const struct block *b = &t->blocks[i];

		if (!b->keep)
			continue;
		mark_paragraph(&h, i);
		h.first = b->first < h.first ? b->first : h.first;
		h.last = b->last > h.last ? b->last : h.last;
		for (uint32_t k = b->first; k <= b->last; k++)
			kept[k + 1] = 1;
	}
	for (uint32_t i = 0; i < t->count; i++)
		kept[i + 1] += kept[i];
	h.kept = kept;
	if (!h.last)
		return;
	find_lead(&h);
	list_reset(&x->steps);
	buf_reset(&x->texts);
	list_init(&h.open, sizeof(struct sanitize_step));
	add_nodes(&h, x->root, t->nodes[x->root].end);
	list_fini(&h.open);
	struct sanitize_steps steps = { x->steps.items, x->steps.count, buf_str(&x->texts) };
	(void)sanitize_steps(x->sanitizer, &steps, x->url, out, &ignored);
}
