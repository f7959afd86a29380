/*
 * related - the earlier articles that tell of what an article tells of.
 *
 * A window over articles in the order of their dates: those of the RELATED_MS before an article,
 * and of these the RELATED_WINDOW nearest. What an article shows depends on what is before it and
 * on nothing that comes later, so that a new article changes no older page. Two articles are near
 * where they share many of the terms that few others in the window have: their titles' and their
 * first lines'; terms are those of search. Whole numbers only: the same on every machine.
 *
 * Threads: a window belongs to one thread.
 */
#ifndef DIBAO_SITE_RELATED_H
#define DIBAO_SITE_RELATED_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

enum { RELATED_WINDOW = 400, RELATED_SHOWN = 5, RELATED_MS = 48 * 3600000 };

struct related;

struct related_article {
	int64_t id, date;
	struct str title, text, source; /* of text the beginning is enough */
	void *mine;                     /* of the caller */
};

/* `drop` (may be NULL) is called with the `mine` of an article that leaves the window. */
struct related *related_new(void (*drop)(void *mine));
void related_free(struct related **r);
void related_reset(struct related *r);

/*
 * The nearest before `article`, nearest first: at most RELATED_SHOWN, as their `mine`. How many. It
 * is taken into the window then: articles come in the order of date and id.
 */
size_t related_next(struct related *r, const struct related_article *article, void **out);
/* Only takes it in. */
void related_add(struct related *r, const struct related_article *article);

#endif
