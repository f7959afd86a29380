/*
 * sanitize - HTML that is safe to publish, from HTML that is not.
 *
 * Allow-list of elements, attributes and schemes. Stable: sanitizing the result gives it again, and
 * a browser parses it to the same tree. Addresses are absolute; links carry rel, images loading and
 * referrerpolicy; lazy images and srcset are resolved, tracking pixels out; frames and players
 * become links.
 *
 * Pure. Threads: one sanitizer belongs to one thread at a time and is reused, so that its memory
 * is. Limits: SANITIZE_MAX_BYTES of input (ERR_LIMIT). What nests deeper than WRITER_MAX_DEPTH is
 * flattened.
 */
#ifndef DIBAO_PAGE_SANITIZE_H
#define DIBAO_PAGE_SANITIZE_H

#include <stdbool.h>

#include <lexbor/dom/dom.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

enum { SANITIZE_MAX_BYTES = 16 << 20 };

struct sanitizer;

struct sanitizer *sanitize_new(void);
void sanitize_free(struct sanitizer **s);

/*
 * Plain: as safe, but without what only a published page wants (rel, loading, referrerpolicy): what
 * `feed` prints, for those who add their own.
 */
void sanitize_set_plain(struct sanitizer *s, bool plain);

/*
 * Appends the safe form of the fragment `html` (UTF-8; what is malformed becomes U+FFFD) to out.
 * Relative addresses resolve against base; without a base they are kept relative where they are
 * harmless. ERR_LIMIT past out's ceiling or the input's: then nothing is appended.
 */
int sanitize_html(struct sanitizer *s, struct str html, struct str base, struct buf *out,
		  struct err *err);

/*
 * A choice of a parsed tree's nodes, in the order of the document: what is to be written of it. A
 * step is an element (what is chosen of its content follows), a text, or a paragraph that the tree
 * has no element for. Texts that nothing begins or ends between are one step.
 */
struct sanitize_step {
	lxb_dom_node_t *node; /* the element; NULL: a paragraph or a text */
	uint32_t at, end;     /* steps whose `at` lies before its `end` stand in it; 0: a text */
	size_t from, len;     /* a text: in `texts` */
};
struct sanitize_steps {
	const struct sanitize_step *items;
	size_t count;
	struct str texts; /* UTF-8 */
};

/* sanitize_html of what those steps would be as HTML, without its being written and parsed. */
int sanitize_steps(struct sanitizer *s, const struct sanitize_steps *steps, struct str base,
		   struct buf *out, struct err *err);

#endif
