/*
 * stories - which of some articles tell of one event.
 *
 * Pure. Two articles tell of one event where they share many of the terms that few others have,
 * within two days. Terms are those of search: Traditional and Simplified are one, case and width do
 * not count. The same input gives the same stories on every machine: whole numbers only.
 */
#ifndef DIBAO_SITE_STORIES_H
#define DIBAO_SITE_STORIES_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

enum { STORIES_MAX_ARTICLES = 500 };

struct story_article {
	struct str title, text, source; /* of text the beginning is enough */
	int64_t date;
};

struct story {
	size_t *members; /* numbers of articles, in the order given */
	size_t count;
	size_t sources; /* distinct */
	int64_t rank; /* ms: its newest article's date, and a few hours for each source besides the
			 first */
};

/*
 * Every article is in one story, most alone in theirs. `articles` are newest first; stories come
 * highest rank first. `out` has room for `count`. How many stories.
 */
size_t stories_find(struct arena *a, const struct story_article *articles, size_t count,
		    struct story *out);

#endif
