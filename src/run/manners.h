/*
 * manners - what hosts asked of us, kept in the store between two runs: robots.txt, Retry-After.
 *
 * For whoever owns both the store and the fetch at the time.
 */
#ifndef DIBAO_RUN_MANNERS_H
#define DIBAO_RUN_MANNERS_H

#include "base/err.h"
#include "fetch/fetch.h"
#include "store/store.h"

/* Tells f what is known of the host of url, before url is pushed. */
int manners_load(struct store *s, struct fetch *f, struct str url, bool allow_private,
		 struct err *err);
/* Keeps what f has learnt. */
int manners_save(struct store *s, struct fetch *f, struct err *err);

#endif
