#include "page/guard.h"

#include <string.h>

#include <lexbor/core/mem.h>
#include <lexbor/dom/interfaces/character_data.h>
#include <lexbor/dom/interfaces/document_fragment.h>
#include <lexbor/html/interfaces/template_element.h>
#include <lexbor/html/tokenizer/state.h>
#include <lexbor/html/tokenizer/state_rawtext.h>
#include <lexbor/html/tokenizer/state_script.h>
#include <lexbor/html/tree.h>

#include "page/tags.h"

enum { TAG_VOID = 1, TAG_RAW = 2, TAG_FORMATTING = 4 };

enum { MIN_ROOM = 1024 };

/*
 * Void elements cost no depth. Raw ones switch the tokenizer's state from inside the tree builder:
 * left out, their content would be read as markup; they cannot nest, so that they cost one level at
 * most.
 */
static const uint8_t tag_kinds[LXB_TAG__LAST_ENTRY] = {
	[LXB_TAG_AREA] = TAG_VOID,         [LXB_TAG_BASE] = TAG_VOID,
	[LXB_TAG_BASEFONT] = TAG_VOID,     [LXB_TAG_BGSOUND] = TAG_VOID,
	[LXB_TAG_BR] = TAG_VOID,           [LXB_TAG_COL] = TAG_VOID,
	[LXB_TAG_EMBED] = TAG_VOID,        [LXB_TAG_HR] = TAG_VOID,
	[LXB_TAG_IMAGE] = TAG_VOID,        [LXB_TAG_IMG] = TAG_VOID,
	[LXB_TAG_INPUT] = TAG_VOID,        [LXB_TAG_KEYGEN] = TAG_VOID,
	[LXB_TAG_LINK] = TAG_VOID,         [LXB_TAG_META] = TAG_VOID,
	[LXB_TAG_PARAM] = TAG_VOID,        [LXB_TAG_SOURCE] = TAG_VOID,
	[LXB_TAG_TRACK] = TAG_VOID,        [LXB_TAG_WBR] = TAG_VOID,
	[LXB_TAG_FRAME] = TAG_VOID,        [LXB_TAG_SCRIPT] = TAG_RAW,
	[LXB_TAG_STYLE] = TAG_RAW,         [LXB_TAG_TEXTAREA] = TAG_RAW,
	[LXB_TAG_TITLE] = TAG_RAW,         [LXB_TAG_IFRAME] = TAG_RAW,
	[LXB_TAG_XMP] = TAG_RAW,           [LXB_TAG_NOEMBED] = TAG_RAW,
	[LXB_TAG_NOFRAMES] = TAG_RAW,      [LXB_TAG_PLAINTEXT] = TAG_RAW,
	[LXB_TAG_NOSCRIPT] = TAG_RAW, /* with scripting on */
	[LXB_TAG_A] = TAG_FORMATTING,      [LXB_TAG_B] = TAG_FORMATTING,
	[LXB_TAG_BIG] = TAG_FORMATTING,    [LXB_TAG_CODE] = TAG_FORMATTING,
	[LXB_TAG_EM] = TAG_FORMATTING,     [LXB_TAG_FONT] = TAG_FORMATTING,
	[LXB_TAG_I] = TAG_FORMATTING,      [LXB_TAG_NOBR] = TAG_FORMATTING,
	[LXB_TAG_S] = TAG_FORMATTING,      [LXB_TAG_SMALL] = TAG_FORMATTING,
	[LXB_TAG_STRIKE] = TAG_FORMATTING, [LXB_TAG_STRONG] = TAG_FORMATTING,
	[LXB_TAG_TT] = TAG_FORMATTING,     [LXB_TAG_U] = TAG_FORMATTING,
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
	/* each one inserted walks all of its <select> */
	if (tag == LXB_TAG_OPTION && ++g->options > GUARD_MAX_OPTIONS)
		return true;
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

/* The text node the next characters would be added to; NULL: none there yet. */
static lxb_dom_node_t *growing_text(const lxb_html_tree_t *tree)
{
	size_t depth = lexbor_array_length(tree->open_elements);
	lxb_dom_node_t *node = depth ? lexbor_array_get(tree->open_elements, depth - 1) : NULL;

	if (!node || node->ns != LXB_NS_HTML)
		return node ? node->last_child : NULL;
	switch (node->local_name) {
	case LXB_TAG_TEMPLATE: return lxb_html_interface_template(node)->content->node.last_child;
	case LXB_TAG_TABLE:
	case LXB_TAG_TBODY:
	case LXB_TAG_THEAD:
	case LXB_TAG_TFOOT:
	case LXB_TAG_TR:
		while (depth && node->local_name != LXB_TAG_TABLE)
			node = lexbor_array_get(tree->open_elements, --depth);
		return node->prev;
	default: return node->last_child;
	}
}

/*
 * lexbor lets a text node grow by what each token brings, and copies all of it each time: "a</x>"
 * two million times would copy terabytes. Room ahead makes it linear.
 */
static void make_room(const lxb_html_tree_t *tree)
{
	lxb_dom_node_t *node = growing_text(tree);
	lexbor_str_t *text;

	if (!node || node->type != LXB_DOM_NODE_TYPE_TEXT)
		return;
	text = &lxb_dom_interface_character_data(node)->data;
	if (text->length > MIN_ROOM && lexbor_str_size(text) < text->length + MIN_ROOM / 4)
		lexbor_str_realloc(text, tree->document->dom_document.text, text->length * 2);
}

/* ---- raw text
 *
 * Between <style> and </style>, and mostly between <script> and </script>, there is nothing for
 * the parser to do but to look for the end. The tokenizer is given a state of ours that jumps
 * there; its own then goes on at the end tag.
 */

/* Where `</NAME` begins that ends a raw text; NULL: nowhere, or not so plainly. */
static const lxb_char_t *end_of_raw(const lxb_char_t *data, const lxb_char_t *end, struct str name)
{
	for (; (data = memchr(data, '<', (size_t)(end - data))); data++) {
		struct str rest = str_n((const char *)data + 1, (size_t)(end - data) - 1);

		/* Behind <!-- a script may go on past an end tag (13.2.5.20). */
		if (str_has_prefix(rest, S("!--")) && name.ptr[1] == 'c')
			return NULL;
		if (rest.len > name.len + 1 && rest.ptr[0] == '/' &&
		    str_has_prefix_nocase(str_from(rest, 1), name) &&
		    memchr("\t\n\f\r />", rest.ptr[name.len + 1], 7))
			return data;
	}
	return NULL;
}

static const lxb_char_t *jump(lxb_html_tokenizer_t *tkz, const lxb_char_t *data,
			      const lxb_char_t *end)
{
	struct guard *g = tkz->callback_token_ctx;

	(void)data;
	if (g->skip_to > end)
		return end;
	tkz->state = g->resume;
	return g->skip_to;
}

static const lxb_char_t *look_ahead(lxb_html_tokenizer_t *tkz, const lxb_char_t *data,
				    const lxb_char_t *end)
{
	struct guard *g = tkz->callback_token_ctx;
	bool script = g->resume == lxb_html_tokenizer_state_script_data_before;

	(void)end;
	/* Behind the page's last byte the tokenizer is given one of its own. */
	g->skip_to =
		tkz->is_eof ? NULL : end_of_raw(data, g->end, script ? S("script") : S("style"));
	/* The tokenizer makes something else of a NUL. */
	if (script && g->skip_to && memchr(data, 0, (size_t)(g->skip_to - data)))
		g->skip_to = NULL;
	tkz->state = g->skip_to ? jump : g->resume;
	if (g->skip_to && script) {
		*(struct str *)list_add(&g->scripts) =
			str_n((const char *)data, (size_t)(g->skip_to - data));
		lxb_html_tree_current_node(g->tree)->user = (void *)(uintptr_t)g->scripts.count;
	}
	return data;
}

/* Behind the start tag of one of the two the tree builder has set the state for its content. */
static void skip_raw(struct guard *g, lxb_html_tokenizer_t *tkz, lxb_tag_id_t tag)
{
	if ((tag == LXB_TAG_SCRIPT && tkz->state == lxb_html_tokenizer_state_script_data_before) ||
	    (tag == LXB_TAG_STYLE && tkz->state == lxb_html_tokenizer_state_rawtext_before)) {
		g->resume = tkz->state;
		tkz->state = look_ahead;
	}
}

struct str guard_script(const struct guard *g, const lxb_dom_node_t *script)
{
	size_t number = (size_t)(uintptr_t)script->user;

	return number ? *(struct str *)list_at(&g->scripts, number - 1) : (struct str){ 0 };
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
	token = g->build(tkz, token, g->build_ctx);
	if (tag == LXB_TAG__TEXT)
		make_room(g->build_ctx);
	else if (tag == LXB_TAG_SCRIPT || tag == LXB_TAG_STYLE)
		skip_raw(g, tkz, tag);
	if (tkz->state == lxb_html_tokenizer_state_data_before && !g->by_letter)
		tkz->state = tags_read;
	return token;
}

/* Long input goes in by pieces, so that the tables of names are looked after inside of one endless
 * tag, too. */
enum { WHOLE_BYTES = 32 << 10, PIECE_BYTES = 4 << 10 };

void guard_init(struct guard *g)
{
	memset(g, 0, sizeof(*g));
	list_init(&g->retired, sizeof(lexbor_hash_t *));
	list_init(&g->scripts, sizeof(struct str));
}

void guard_clean(struct guard *g)
{
	for (size_t i = 0; i < g->retired.count; i++) {
		lexbor_hash_t **hash = list_at(&g->retired, i);

		lexbor_hash_destroy(*hash, true);
	}
	list_reset(&g->retired);
	list_reset(&g->scripts);
}

void guard_fini(struct guard *g)
{
	guard_clean(g);
	list_fini(&g->retired);
	list_fini(&g->scripts);
}

static void start(struct guard *g, lxb_html_parser_t *parser)
{
	lxb_html_tokenizer_t *tkz = lxb_html_parser_tokenizer(parser);

	g->tree = lxb_html_parser_tree(parser);
	if (tkz->callback_token_done != on_token) {
		g->build = tkz->callback_token_done;
		g->build_ctx = tkz->callback_token_ctx;
	}
	lxb_html_tokenizer_callback_token_done_set(tkz, on_token, g);
	g->elements = g->options = 0;
	g->flat = false;
	if (g->dropped_any)
		memset(g->dropped, 0, sizeof(g->dropped));
	g->dropped_any = false;
}

static lexbor_hash_t *fresh_table(struct guard *g, lexbor_hash_t *full, size_t struct_size)
{
	lexbor_hash_t *fresh = lexbor_hash_create();

	if (lexbor_hash_init(fresh, 128, struct_size) != LXB_STATUS_OK) {
		lexbor_hash_destroy(fresh, true);
		return full;
	}
	*(lexbor_hash_t **)list_add(&g->retired) = full;
	return fresh;
}

/*
 * lexbor keeps names it does not know in tables of 128 chains that never grow: a million attributes
 * would be a million walks along thousands. A full table is put aside; that a name then has two
 * numbers costs only that its end tag may not find it.
 */
static void renew_tables(struct guard *g, lxb_html_tokenizer_t *tkz)
{
	lxb_dom_document_t *doc = &g->tree->document->dom_document;
	lxb_dom_document_t *owner = doc->node.owner_document ? doc->node.owner_document : doc;

	if (lexbor_dobject_allocated(doc->attrs->entries) > GUARD_MAX_NAMES) {
		doc->attrs = owner->attrs = fresh_table(g, doc->attrs, sizeof(lxb_dom_attr_data_t));
		lxb_html_tokenizer_attrs_set(tkz, doc->attrs);
	}
	if (lexbor_dobject_allocated(doc->tags->entries) > GUARD_MAX_NAMES) {
		doc->tags = owner->tags = fresh_table(g, doc->tags, sizeof(lxb_tag_data_t));
		lxb_html_tokenizer_tags_set(tkz, doc->tags);
	}
}

static lxb_status_t feed(struct guard *g, struct str html,
			 lxb_status_t (*process)(lxb_html_parser_t *, const lxb_char_t *, size_t),
			 lxb_html_parser_t *parser)
{
	lxb_html_tokenizer_t *tkz = lxb_html_parser_tokenizer(parser);
	size_t piece = html.len <= WHOLE_BYTES ? html.len : PIECE_BYTES;
	lxb_status_t status = LXB_STATUS_OK;

	g->end = (const lxb_char_t *)html.ptr + html.len;
	for (size_t pos = 0; pos < html.len && status == LXB_STATUS_OK; pos += piece) {
		struct str part = str_sub(html, pos, pos + piece);

		status = process(parser, (const lxb_char_t *)part.ptr, part.len);
		renew_tables(g, tkz);
	}
	return status;
}

lxb_dom_node_t *guard_parse_fragment(struct guard *g, lxb_html_parser_t *parser,
				     lxb_html_document_t *document, struct str html)
{
	if (lxb_html_parse_fragment_chunk_begin(parser, document, LXB_TAG_DIV, LXB_NS_HTML) !=
	    LXB_STATUS_OK)
		return NULL;
	start(g, parser);
	if (feed(g, html, lxb_html_parse_fragment_chunk_process, parser) != LXB_STATUS_OK)
		return NULL;
	return lxb_html_parse_fragment_chunk_end(parser);
}

bool guard_parse_document(struct guard *g, lxb_html_document_t *document, struct str html)
{
	lxb_html_parser_t *parser;

	if (lxb_html_document_parse_chunk_begin(document) != LXB_STATUS_OK)
		return false;
	parser = document->dom_document.parser;
	start(g, parser);
	if (feed(g, html, lxb_html_parse_chunk_process, parser) != LXB_STATUS_OK)
		return false;
	return lxb_html_document_parse_chunk_end(document) == LXB_STATUS_OK;
}
