/*
 * changed - the articles that have changed since one last looked through them.
 *
 * How far one has come is the store's change number, kept in its state under a name of one's own.
 */
#ifndef DIBAO_RUN_CHANGED_H
#define DIBAO_RUN_CHANGED_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "model.h"
#include "store/store.h"

/* art and what it points to end with the call, as does what is taken from row. Below 0 ends it all.
 */
typedef int changed_visit(void *arg, struct arena *row, const struct article *art, struct err *err);

/*
 * Shows each article that is new or revised since the last time to `visit`, read with the parts
 * `with` (STORE_*), and remembers under `key` how far it came: all in one transaction of store,
 * which is open for writing and in none. On an error nothing is kept, and the next time shows all
 * of them again.
 */
int changed_each(struct store *store, struct str key, unsigned with, changed_visit *visit,
		 void *arg, struct err *err);

#endif
