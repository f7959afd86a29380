/* What the halves of searching share: which documents of a segment answer a query (store_clause.c),
 * and what becomes of them (store_search.c). */
#ifndef DIBAO_STORE_SEARCH_H
#define DIBAO_STORE_SEARCH_H

#include "store/index.h"
#include "store/query.h"

/* Documents, ascending. */
struct docs {
	uint32_t *items;       /* numbers of documents */
	unsigned char *unsure; /* each: places were not enough to tell that a phrase is there */
	size_t count, cap;
};

/* A query made ready to be asked of one segment after another. */
struct clauses;
/* `q` is borrowed. For clauses_free. */
struct clauses *clauses_new(struct store *s, const struct query *q);
void clauses_free(struct clauses **c);
/* The segment's documents that answer; borrowed until the next call. ERR_INPUT: it is damaged. */
int clauses_find(struct clauses *c, const struct segment_row *seg, struct docs **out,
		 struct err *err);
/* Of those, the ones that have every term of the query's texts in their title. */
int clauses_in_title(struct clauses *c, const struct segment_row *seg, struct docs **out,
		     struct err *err);

/* Says that it is: ERR_INPUT. */
int segment_damaged(const struct segment_row *seg, struct err *err);

#endif
