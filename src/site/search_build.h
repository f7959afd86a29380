/* What the files of the search index's build share: docs/SEARCH.md has the format. */
#ifndef DIBAO_SITE_SEARCH_BUILD_H
#define DIBAO_SITE_SEARCH_BUILD_H

#include "site/build.h"

enum {
	SEARCH_VERSION = 1,
	SEARCH_GROUP = 8, /* documents whose records are one file; fewer of the newest are in no
			     part, but looked through */
	SEARCH_NEW = 128, /* a part that is written anew with each group ends before so many */
	SEARCH_YOUNG =
		2048, /* ... and the next, written anew with each SEARCH_NEW, before so many */
	SEARCH_PART = 65536, /* a part of so many is finished */
	SEARCH_PIECE = 4096, /* bytes of the texts of a group in one file */
	SEARCH_CHUNK = 512   /* documents whose state is remembered as one */
};

/* Documents from..to that stand, as lists of their terms. */
struct search_part {
	int64_t from, to;
	uint64_t identity; /* of which documents it was made */
	int64_t docs;
	int64_t tables, terms, lists, places; /* files of each kind */
};

/* "/search/g/0-12288-0123456789abcdef/l" and the like, without number and ".js". */
struct str search_part_file(struct arena *a, const struct search_part *p, const char *kind);

/* Makes the lists of a part; docs: all of the store's, by number. */
int search_put_part(struct build *b, const struct list *docs, struct search_part *part);
/* Sets its identity and how many documents it has. */
void search_part_identify(const struct list *docs, struct search_part *part);

/* What the browser folds with. */
void search_tables(struct buf *out);

/* Puts b->bytes as a file whose name is noted first. */
int search_put(struct build *b, struct str path);

#endif
