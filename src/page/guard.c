#include "page/guard.h"

#include <string.h>

#include <lexbor/core/mem.h>
#include <lexbor/html/tree.h>

enum { TAG_VOID = 1, TAG_RAW = 2, TAG_FORMATTING = 4 };

/*
 * Void elements cost no depth. Raw ones switch the tokenizer's state from inside the tree builder: left out, their
 * content would be read as markup; they cannot nest, so that they cost one level at most.
 */
static const uint8_t tag_kinds[LXB_TAG__LAST_ENTRY] = {
	[LXB_TAG_AREA] = TAG_VOID, [LXB_TAG_BASE] = TAG_VOID, [LXB_TAG_BASEFONT] = TAG_VOID,
	[LXB_TAG_BGSOUND] = TAG_VOID, [LXB_TAG_BR] = TAG_VOID, [LXB_TAG_COL] = TAG_VOID,
	[LXB_TAG_EMBED] = TAG_VOID, [LXB_TAG_HR] = TAG_VOID, [LXB_TAG_IMAGE] = TAG_VOID,
	[LXB_TAG_IMG] = TAG_VOID, [LXB_TAG_INPUT] = TAG_VOID, [LXB_TAG_KEYGEN] = TAG_VOID,
	[LXB_TAG_LINK] = TAG_VOID, [LXB_TAG_META] = TAG_VOID, [LXB_TAG_PARAM] = TAG_VOID,
	[LXB_TAG_SOURCE] = TAG_VOID, [LXB_TAG_TRACK] = TAG_VOID, [LXB_TAG_WBR] = TAG_VOID,
	[LXB_TAG_FRAME] = TAG_VOID,
	[LXB_TAG_SCRIPT] = TAG_RAW, [LXB_TAG_STYLE] = TAG_RAW, [LXB_TAG_TEXTAREA] = TAG_RAW,
	[LXB_TAG_TITLE] = TAG_RAW, [LXB_TAG_IFRAME] = TAG_RAW, [LXB_TAG_XMP] = TAG_RAW,
	[LXB_TAG_NOEMBED] = TAG_RAW, [LXB_TAG_NOFRAMES] = TAG_RAW, [LXB_TAG_PLAINTEXT] = TAG_RAW,
	[LXB_TAG_NOSCRIPT] = TAG_RAW, /* with scripting on */
	[LXB_TAG_A] = TAG_FORMATTING, [LXB_TAG_B] = TAG_FORMATTING, [LXB_TAG_BIG] = TAG_FORMATTING,
	[LXB_TAG_CODE] = TAG_FORMATTING, [LXB_TAG_EM] = TAG_FORMATTING, [LXB_TAG_FONT] = TAG_FORMATTING,
	[LXB_TAG_I] = TAG_FORMATTING, [LXB_TAG_NOBR] = TAG_FORMATTING, [LXB_TAG_S] = TAG_FORMATTING,
	[LXB_TAG_SMALL] = TAG_FORMATTING, [LXB_TAG_STRIKE] = TAG_FORMATTING,
	[LXB_TAG_STRONG] = TAG_FORMATTING, [LXB_TAG_TT] = TAG_FORMATTING, [LXB_TAG_U] = TAG_FORMATTING,
};

static size_t tag_slot(lxb_tag_id_t tag)
{
	return tag < LXB_TAG__LAST_ENTRY ? (size_t)tag : 0;
}

static size_t tree_bytes(const lxb_html_tree_t *tree)
{
	const lexbor_mem_t *mem = tree->document->dom_document.mraw->mem;

	return mem->chunk_length * mem->chunk_min_size;
}

static bool past_ceiling(struct guard *g, const lxb_html_tree_t *tree, lxb_tag_id_t tag)
{
	uint8_t kind = tag_kinds[tag_slot(tag)];

	if (g->flat)
		return kind != TAG_RAW;
	if (++g->elements > GUARD_MAX_ELEMENTS || tree_bytes(tree) > GUARD_MAX_TREE_BYTES) {
		/* Forgetting the formatting list keeps the text to come from opening it anew. */
		tree->active_formatting->length = 0;
		g->flat = true;
		return kind != TAG_RAW;
	}
	if (kind == TAG_VOID || kind == TAG_RAW)
		return false;
	if (lexbor_array_length(tree->open_elements) >= GUARD_MAX_DEPTH)
		return true;
	return kind == TAG_FORMATTING &&
	       lexbor_array_length(tree->active_formatting) >= GUARD_MAX_FORMATTING;
}

static void cut_attributes(lxb_html_token_t *token)
{
	lxb_html_token_attr_t *attr = token->attr_first;

	for (size_t n = 1; attr && n < GUARD_MAX_ATTRS; n++)
		attr = attr->next;
	if (attr && attr->next) {
		attr->next = NULL;
		token->attr_last = attr;
	}
}

static lxb_html_token_t *on_token(lxb_html_tokenizer_t *tkz, lxb_html_token_t *token, void *ctx)
{
	struct guard *g = ctx;
	lxb_tag_id_t tag = token->tag_id;

	if (tag == LXB_TAG__UNDEF || tag > LXB_TAG__EM_DOCTYPE) {
		if (token->type & LXB_HTML_TOKEN_TYPE_CLOSE) {
			if (g->dropped_any && g->dropped[tag_slot(tag)]) {
				g->dropped[tag_slot(tag)]--;
				return token;
			}
		} else {
			if (past_ceiling(g, g->build_ctx, tag)) {
				if (tag_kinds[tag_slot(tag)] != TAG_VOID) {
					g->dropped[tag_slot(tag)]++;
					g->dropped_any = true;
				}
				return token;
			}
			cut_attributes(token);
		}
	}
	return g->build(tkz, token, g->build_ctx);
}

void guard_attach(struct guard *g, lxb_html_parser_t *parser)
{
	lxb_html_tokenizer_t *tkz = lxb_html_parser_tokenizer(parser);

	memset(g, 0, sizeof(*g));
	g->parser = parser;
	g->build = tkz->callback_token_done;
	g->build_ctx = tkz->callback_token_ctx;
	lxb_html_tokenizer_callback_token_done_set(tkz, on_token, g);
}

void guard_reset(struct guard *g)
{
	g->elements = 0;
	g->flat = false;
	if (g->dropped_any)
		memset(g->dropped, 0, sizeof(g->dropped));
	g->dropped_any = false;
}

lxb_dom_node_t *guard_parse_fragment(struct guard *g, lxb_html_document_t *document, struct str html)
{
	guard_reset(g);
	return lxb_html_parse_fragment_by_tag_id(g->parser, document, LXB_TAG_DIV, LXB_NS_HTML,
						 (const lxb_char_t *)html.ptr, html.len);
}
