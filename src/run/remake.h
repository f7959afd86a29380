/*
 * remake - an article read anew from a capture that is kept, with today's extractor and what is
 * known of its source today.
 *
 * What a page says now is compared with what it said then as *we* read both today: so a text that
 * differs only because we have changed is no edit.
 *
 * Threads: one at a time. What it gives lives until the next call.
 */
#ifndef DIBAO_RUN_REMAKE_H
#define DIBAO_RUN_REMAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"
#include "blob/blob.h"
#include "model.h"
#include "run/learnt.h"
#include "run/read.h"
#include "store/store.h"

struct remaker;

/*
 * store and blob are borrowed. markup_of_import gives the markup of the article in an imported file
 * (a capture without an HTTP status; empty: there is none), and may be NULL.
 */
struct remaker *remaker_new(struct store *store, struct blob *blob,
			    struct str (*markup_of_import)(struct arena *a, const struct capture *c,
							   struct str bytes));
void remaker_free(struct remaker **m);

/*
 * `hint` stands in for the feed's entry that named the page; NULL: what `stored` says of it. False:
 * there is no article, for `reason`.
 */
bool remake_article(struct remaker *m, const struct source *source, const struct learnt *learnt,
		    const struct article *stored, const struct article *hint, int64_t capture_id,
		    struct article *out, char *reason, size_t reason_size);
/* The title that the page read last states itself; empty where it was no page. */
struct str remake_title(const struct remaker *m);
/* What the one read last teaches, in a. */
void remake_lesson(const struct remaker *m, struct arena *a, struct lesson *out);

#endif
