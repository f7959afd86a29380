/* selector - the operator's rules by hand: CSS selectors, checked, and what they match. */
#include <lexbor/css/css.h>
#include <lexbor/selectors/selectors.h>

#include "page/private.h"

static lxb_css_selector_list_t *parse_selector(lxb_css_parser_t *parser, struct str selector)
{
	return lxb_css_selectors_parse(parser, (const lxb_char_t *)selector.ptr, selector.len);
}

int page_check_selector(struct str selector, struct err *err)
{
	lxb_css_parser_t *parser = lxb_css_parser_create();
	bool ok = false;

	if (lxb_css_parser_init(parser, NULL) == LXB_STATUS_OK && str_trim(selector).len) {
		lxb_css_selector_list_t *list = parse_selector(parser, selector);
		ok = list != NULL && parser->status == LXB_STATUS_OK;
		if (list)
			lxb_css_selector_list_destroy_memory(list);
	}
	lxb_css_parser_destroy(parser, true);
	if (!ok)
		return err_set(err, ERR_CONFIG, "not a CSS selector: %.*s", STR_FMT(selector));
	return 0;
}

static lxb_status_t on_match(lxb_dom_node_t *node, lxb_css_selector_specificity_t spec, void *ctx)
{
	(void)spec;
	node->user = ctx;
	return LXB_STATUS_OK;
}

static void match_all(struct page_extractor *x, const struct strs *rules, void *mark)
{
	lxb_css_parser_t *parser = lxb_css_parser_create();
	lxb_selectors_t *selectors = lxb_selectors_create();

	if (lxb_css_parser_init(parser, NULL) == LXB_STATUS_OK &&
	    lxb_selectors_init(selectors) == LXB_STATUS_OK)
		for (size_t i = 0; i < rules->count; i++) {
			lxb_css_selector_list_t *list = parse_selector(parser, rules->items[i]);
			if (!list)
				continue;
			lxb_selectors_find(selectors, &x->doc->dom_document.node, list, on_match,
					   mark);
			lxb_css_selector_list_destroy_memory(list);
		}
	lxb_selectors_destroy(selectors, true);
	lxb_css_parser_destroy(parser, true);
}

/* Marks what the rules match on the nodes; a dropped element inside a kept one stays dropped. */
void selector_mark(struct page_extractor *x)
{
	static char keep, drop;
	struct tree *t = &x->tree;

	if (!x->opt->keep.count && !x->opt->drop.count)
		return;
	match_all(x, &x->opt->keep, &keep);
	match_all(x, &x->opt->drop, &drop);
	for (uint32_t i = 1; i < t->count; i++) {
		struct node *n = &t->nodes[i];
		uint16_t above = t->nodes[n->parent].flags & (NODE_KEEP | NODE_DROP);

		n->flags |= above;
		if (n->flags & NODE_TEXT)
			continue;
		if (n->dom->user == &drop)
			n->flags = (uint16_t)((n->flags & ~NODE_KEEP) | NODE_DROP);
		else if (n->dom->user == &keep && !(n->flags & NODE_DROP))
			n->flags |= NODE_KEEP;
		n->dom->user = NULL;
	}
	for (size_t i = 0; i < t->block_count; i++)
		t->blocks[i].flags |= t->nodes[t->blocks[i].first].flags & (NODE_KEEP | NODE_DROP);
}

/* After the choice: with a keep rule only what it matches, never what a drop rule does. */
void selector_apply(struct page_extractor *x)
{
	struct tree *t = &x->tree;
	bool any = false;

	for (size_t i = 0; i < t->block_count; i++)
		any |= (t->blocks[i].flags & NODE_KEEP) != 0;
	for (size_t i = 0; i < t->block_count; i++) {
		struct block *b = &t->blocks[i];
		if (any && x->opt->keep.count)
			b->keep = b->flags & NODE_KEEP;
		if (b->flags & NODE_DROP)
			b->keep = false;
	}
	if (any && x->opt->keep.count)
		x->root = t->body;
}
