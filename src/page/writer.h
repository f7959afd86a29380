/*
 * writer - HTML that every parser reads as the tree it was written from.
 *
 * It keeps the stack of what it has opened and refuses, moves or closes whatever an HTML parser
 * would have moved or closed by itself (rules.h). A start tag is held back until something stands
 * in the element, so that what is empty is not written.
 */
#ifndef DIBAO_PAGE_WRITER_H
#define DIBAO_PAGE_WRITER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"
#include "page/rules.h"

enum {
	WRITER_MAX_DEPTH = 128,
	/* Far below GUARD_MAX_FORMATTING, with a marker for each table around: reading it back
	   drops none. */
	WRITER_MAX_FORMATTING = 16
};

struct writer_open {
	const void *node; /* what it was opened for */
	size_t held_at;   /* its start tag in `held` */
	uint8_t tag;
};

struct writer {
	struct buf *out;
	struct buf held; /* start tags not yet written */
	size_t depth;
	size_t written; /* elements of the stack whose start tag is out */
	unsigned paragraphs, links, headings, formatting, captions,
		lines; /* open ones; lines: neither block nor cell */
	struct writer_open stack[WRITER_MAX_DEPTH];
};

void writer_init(struct writer *w);
void writer_fini(struct writer *w);
void writer_start(struct writer *w, struct buf *out);

/*
 * Opens an element of this tag, or the one that stands for it: its rule, and attributes follow,
 * then writer_opened. NULL where it may not stand: what is in it goes on in its parent.
 */
const struct rule *writer_open(struct writer *w, lxb_tag_id_t tag, const void *node);
void writer_attr(struct writer *w, struct str name, struct str value);
void writer_attr_flag(struct writer *w, struct str name);
void writer_opened(struct writer *w);
/* What was opened last is written though it may stay empty. */
void writer_keep(struct writer *w);
/* Closes what was opened for node, where it still is. */
void writer_close(struct writer *w, const void *node);

void writer_text(struct writer *w, struct str text);
/* True where a paragraph of its own may be put. */
bool writer_in_flow(const struct writer *w);

/* Nothing but white space and what is left out. */
bool writer_is_blank(struct str text);
/* Appends text with & < > (and quotes, in an attribute) escaped; control characters are left out.
 */
void writer_escape(struct buf *b, struct str text, bool attribute);

#endif
