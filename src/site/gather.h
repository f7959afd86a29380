/*
 * gather - the terms of many texts turned around: from documents to sorted terms with their
 * documents.
 *
 * Memory has a ceiling: what is gathered is sorted and written to a file without a name whenever
 * there is much of it (a run), and all runs are read back together (gather_runs.c). What comes out
 * does not depend on where a run ended, nor on which gather a document was in.
 *
 * Threads: a gather belongs to one thread; a merge reads gathers that nobody adds to any more.
 */
#ifndef DIBAO_SITE_GATHER_H
#define DIBAO_SITE_GATHER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/list.h"
#include "base/str.h"

enum {
	GATHER_TERM_MAX = 64,          /* bytes; a longer one is cut */
	GATHER_RUN = 1 << 20,          /* occurrences in memory, of 24 bytes */
	GATHER_NOWHERE = (1 << 22) - 1 /* a place that says: somewhere */
};

/* dir: a folder for the file; name: the file's, while it is opened; run: how many occurrences are
 * held, at most GATHER_RUN. */
struct gather;
int gather_new(const char *dir, const char *name, size_t run, struct gather **out, struct err *err);
void gather_free(struct gather **g);

/* What is added next is of this document, a number of the caller's; each comes once. ERR_IO. */
int gather_doc(struct gather *g, uint32_t doc, struct err *err);
/* Places come ascending. Whoever adds pairs of characters adds nothing else that begins with such a
 * character and is longer: pairs are sorted by their first, then their second one. */
void gather_add(struct gather *g, struct str term, uint32_t place, bool title);
void gather_add_pair(struct gather *g, struct str first, struct str second, uint32_t place,
		     bool title);
/* Nothing more comes. */
int gather_end(struct gather *g, struct err *err);

/* --- reading back ----------------------------------------------------------------------------- */

/* A sorted part of a file; its documents in the order in which its lists number them. */
struct gather_run {
	off_t from, to;
	const uint32_t *docs;
	size_t doc_count;
};
/* How many; the i-th, with its file. */
size_t gather_runs(const struct gather *g);
int gather_run(const struct gather *g, size_t i, struct gather_run *out);

/* A term with its documents, by their ranks. */
struct gathered_term {
	struct str term;
	size_t count;
	const uint32_t *docs; /* ascending */
	size_t title_count;
	const uint32_t *titles; /* which of docs, by their place there, have it in the title */
	struct str places; /* of each document the distances, of which the first is one more, times
			      two, + 1 where another follows; 0: nowhere; varints */
	bool any_place;
};

/* All runs of `count` gathers; rank_of: by document, what stands for it, below 2^19. Both outlive
 * the runs. */
struct runs;
int runs_open(struct gather *const *gathers, size_t count, const uint32_t *rank_of,
	      struct runs **out, struct err *err);
/* In the order of the terms' bytes. 1 and *out, borrowed until the next; 0: no more. ERR_IO. */
int runs_next(struct runs *r, struct gathered_term *out, struct err *err);
void runs_close(struct runs **r);

/* The same, merged ahead by a thread of its own (gather_merge.c). */
struct merge;
int merge_open(struct gather *const *gathers, size_t count, const uint32_t *rank_of,
	       struct merge **out, struct err *err);
int merge_next(struct merge *m, struct gathered_term *out, struct err *err);
void merge_close(struct merge **m);

#endif
