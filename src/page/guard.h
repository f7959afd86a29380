/*
 * guard - ceilings for lexbor's tree construction, which has none of its own.
 *
 * HTML's parsing rules let a few bytes cost much: nesting without end, formatting elements that are
 *opened anew in every block, attributes by the million. A guard stands between the tokenizer and
 *the tree; past a ceiling it leaves tags out, so that the text of a hostile document still arrives,
 *flat, rather than nothing.
 *
 *	guard_init(&g);
 *	guard_parse_fragment(&g, parser, document, html)    or guard_parse_document(&g, document,
 *html)
 *	... the tree is used ...
 *	lxb_html_document_clean(document); guard_clean(&g);
 *
 * Threads: with its parser. Limits: GUARD_MAX_*.
 */
#ifndef DIBAO_PAGE_GUARD_H
#define DIBAO_PAGE_GUARD_H

#include <stdbool.h>
#include <stdint.h>

#include <lexbor/html/parser.h>

#include "base/list.h"
#include "base/str.h"

enum {
	GUARD_MAX_DEPTH = 256,     /* open elements */
	GUARD_MAX_FORMATTING = 64, /* entries that are opened anew in the next block */
	GUARD_MAX_ATTRS = 64,      /* of one element; the first count */
	GUARD_MAX_OPTIONS = 2000,
	GUARD_MAX_ELEMENTS = 1000000,     /* start tags of one document */
	GUARD_MAX_TREE_BYTES = 256 << 20, /* nodes of one document, those made by reopening too */
	GUARD_MAX_NAMES = 1024 /* unknown names in one of lexbor's tables, whose chains it walks */
};

struct guard {
	lxb_html_tree_t *tree;
	lxb_html_tokenizer_token_f build; /* lexbor's own consumer of tokens */
	void *build_ctx;
	size_t elements, options;
	bool by_letter; /* all through lexbor's own states: what tags.h is tested by */
	bool flat;      /* a ceiling of the whole document is passed: no more elements */
	bool dropped_any;
	uint32_t dropped[LXB_TAG__LAST_ENTRY]; /* start tags left out whose end tags must be too;
						  [0]: unknown tags */
	struct list retired;       /* full tables of names, which the tree still points into */
	const lxb_char_t *end;     /* of the bytes being parsed */
	const lxb_char_t *skip_to; /* the end of the raw text at hand */
	lxb_html_tokenizer_state_f resume;
	struct list scripts; /* struct str: views of those bytes */
};

void guard_init(struct guard *g);
void guard_fini(
	struct guard *g); /* before it, the documents it parsed must be cleaned or destroyed */
/* Frees what only the trees parsed so far needed; they must be cleaned or destroyed already. */
void guard_clean(struct guard *g);

/* What lxb_html_parse_fragment_by_tag_id gives for the inside of a <div>; NULL where lexbor gave
 * up. */
lxb_dom_node_t *guard_parse_fragment(struct guard *g, lxb_html_parser_t *parser,
				     lxb_html_document_t *document, struct str html);
/*
 * lxb_html_document_parse; false where lexbor gave up. What stands in a <style>, and in a <script>,
 * is not read a character at a time and copied into the tree only to be thrown away: most such
 * elements stay empty.
 */
bool guard_parse_document(struct guard *g, lxb_html_document_t *document, struct str html);

/* What stood in a <script> that stayed empty, as it is in the bytes parsed; else empty. */
struct str guard_script(const struct guard *g, const lxb_dom_node_t *script);

#endif