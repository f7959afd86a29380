/*
 * read - an article out of an entry or out of a page: what a worker does, and what is done again
 * with captures kept.
 *
 * Touches neither the network nor the store nor a file. Threads: a reader belongs to one thread and
 * is reused, so that its memory is. What it fills lives until the next reader_scratch.
 */
#ifndef DIBAO_RUN_READ_H
#define DIBAO_RUN_READ_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/str.h"
#include "model.h"
#include "page/furniture.h"
#include "run/learnt.h"

struct reader;

struct reader *reader_new(void);
void reader_free(struct reader **r);
/* Forgets all it has filled; the arena may be used for what is read next. */
struct arena *reader_scratch(struct reader *r);

/* What is known of the source's furniture, for what is read from now on; NULL: nothing. Borrowed.
 */
void reader_use(struct reader *r, const struct learnt *learnt);
/* What the page or content read last teaches of it, in a; nothing where there was none. */
void reader_lesson(const struct reader *r, struct arena *a, struct lesson *out);

/* Text, markup and what stands in the text of art, from a piece of a page: a feed's content, a
 * post. */
void reader_content(struct reader *r, const struct source *source, struct str markup,
		    struct str base, struct article *art);
void reader_entry(struct reader *r, const struct source *source, const struct entry *e,
		  struct article *art);
/* Does the feed itself carry the article? */
bool reader_is_full(const struct source *source, const struct entry *e, const struct article *art);

/*
 * The article of the page captured as c, whose address was c->url; what the page does not say is
 * taken from `feed`. The text is the one that has more of the article. False: there is none, for
 * `reason`.
 */
struct page_seen {
	bool gone; /* the address leads to the front page, to a page of another kind, or to one that
		      says there is nothing */
	struct str title; /* the page's own */
};
bool reader_page(struct reader *r, const struct source *source, const struct capture *c,
		 struct str bytes, const struct article *feed, struct article *out,
		 struct page_seen *seen, char *reason, size_t reason_size);
/* Whether the page read last has the text in one of its blocks, the article's or not. */
bool reader_says(const struct reader *r, struct str text);

#endif
