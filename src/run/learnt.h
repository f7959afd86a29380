/*
 * learnt - what is known of one source's furniture (page/furniture.h): of its pages, and of its
 * feed's entries.
 *
 * Kept in the store. What was known at the beginning is what all of a run is read with, so that the
 * same bytes give the same text however the threads take turns; what is learnt meanwhile counts
 * from the next time on. Only who writes learns, because only there it is known whether an article
 * is new, and what is learnt twice counts as repeated.
 *
 * Threads: any may use `known`; the rest belongs to who learns.
 */
#ifndef DIBAO_RUN_LEARNT_H
#define DIBAO_RUN_LEARNT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/map.h"
#include "base/str.h"
#include "page/furniture.h"
#include "store/store.h"

struct known_furniture {
	struct furniture *pages, *entries; /* NULL: nothing is known */
};

struct learnt {
	struct known_furniture known;   /* as loaded */
	struct known_furniture growing; /* with what was learnt since; NULL: nothing was */
};

/* What cannot be read is learnt anew. */
int learnt_load(struct store *s, struct str source, struct learnt **out, struct err *err);
void learnt_free(struct learnt **l); /* takes NULL */
void learnt_take(struct learnt *l, const struct lesson *lesson);
/* Does the article keep what has turned out to be furniture? */
bool learnt_tells(const struct learnt *l, const struct lesson *lesson);
/* Where anything was learnt: kept, and known from now on. *anew: the source's pages have been made
 * anew meanwhile. */
int learnt_save(struct learnt *l, struct store *s, struct str source, bool *anew, struct err *err);

/* Of many sources in turn; of at most LEARNT_AT_ONCE at a time. */
enum { LEARNT_AT_ONCE = 200 };
struct learnt_book {
	struct store *store;
	struct arena keys;
	struct map sources; /* key -> struct learnt * */
};
void learnt_book_init(struct learnt_book *b, struct store *store);
void learnt_book_fini(struct learnt_book *b);
/* 1: it is loaded just now; 0: it was there. *out is borrowed until the next call. */
int learnt_book_get(struct learnt_book *b, struct str source, struct learnt **out, struct err *err);

#endif
