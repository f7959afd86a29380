/*
 * fixture - for tests: a page parsed with tags.h, and by lexbor's own states, is the same tree.
 */
#ifndef DIBAO_PAGE_FIXTURE_H
#define DIBAO_PAGE_FIXTURE_H

#include <lexbor/html/html.h>

#include "base/buf.h"
#include "page/guard.h"

/* Longer bytes are parsed by pieces of so many. */
enum { FIXTURE_PIECE = 4096, FIXTURE_BEFORE = 9 * FIXTURE_PIECE };

static inline lxb_status_t fixture_add(const lxb_char_t *data, size_t len, void *ctx)
{
	buf_add_n(ctx, data, len);
	return LXB_STATUS_OK;
}

static inline void fixture_write(struct str html, bool by_letter, struct buf *out)
{
	lxb_html_document_t *doc = lxb_html_document_create();
	struct guard g;

	guard_init(&g);
	g.by_letter = by_letter;
	buf_reset(out);
	if (guard_parse_document(&g, doc, html))
		lxb_html_serialize_tree_cb(lxb_dom_interface_node(doc), fixture_add, out);
	lxb_html_document_destroy(doc);
	guard_fini(&g);
}

/* `at` of its bytes stand before the end of a piece; 0: all of it is one. */
static inline bool fixture_is_same(struct str html, size_t at, struct buf *fast, struct buf *slow)
{
	struct buf page;

	buf_init(&page, BUF_NO_MAX);
	if (at) {
		buf_add(&page, S("<!--"));
		while (page.len < FIXTURE_BEFORE - 3 - at)
			buf_add_ch(&page, ' ');
		buf_add(&page, S("-->"));
	}
	buf_add(&page, html);
	fixture_write(buf_str(&page), false, fast);
	fixture_write(buf_str(&page), true, slow);
	buf_fini(&page);
	return str_eq(buf_str(fast), buf_str(slow));
}

#endif
