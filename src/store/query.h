/*
 * query - what a reader asks, as clauses; and where a text answers them.
 *
 *	北約 "machine learning" -猫 source:cna tag:科技 from:2023-01 to:2023-06-30
 *
 * Pure. Everything has been folded: a text is compared as search compares it.
 */
#ifndef DIBAO_STORE_QUERY_H
#define DIBAO_STORE_QUERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

enum { QUERY_MAX_BYTES = 4096, QUERY_MAX_CLAUSES = 64, CLAUSE_MAX_UNITS = 128 };

/* A character of CJK, or a word. */
struct unit {
	struct str text;
	bool cjk;
	bool joined; /* CJK right behind CJK: nothing may stand between */
};

/* What the index is asked for: a pair, a word, or all terms that begin with one character. */
struct query_term {
	struct str text;
	size_t unit;
	bool prefix;
};

struct clause {
	struct unit *units; /* of a text; none for a field */
	size_t unit_count;
	struct query_term *terms;
	size_t term_count;
	bool without;
	bool field;
};

struct query {
	struct clause *clauses;
	size_t count;
	int64_t from, to; /* [from, to), or TIME_UNSTATED */
	int zone_min;
};

/* ERR_INPUT says what cannot be read. Days are `zone_min` east of UTC. Everything lives in mem. */
int query_parse(struct arena *mem, struct str text, int zone_min, struct query *out,
		struct err *err);
/* One more condition: source:NAME. */
void query_add_source(struct arena *mem, struct query *q, struct str source);

/* A clause made ready for looking through unfolded text. */
struct matcher;
struct matcher *matcher_new(struct arena *mem, const struct clause *c);
/* The first place at or behind `at` where it stands: true and [*from, *to). */
bool matcher_find(const struct matcher *m, struct str text, size_t at, size_t *from, size_t *to);

/* The first match of any of them, the longest of those that begin there. */
bool matchers_find(struct matcher *const *matchers, size_t count, struct str text, size_t at,
		   size_t *from, size_t *to);

/*
 * Plain text of at most about 160 characters around the first match, which matchers_find has found
 * at [from, to) or (found: false) nowhere; \x01 and \x02 around each; in mem.
 */
struct str make_snippet(struct arena *mem, struct str text, bool found, size_t from, size_t to,
			struct matcher *const *matchers, size_t count);

#endif
