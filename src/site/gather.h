/*
 * gather - the terms of many texts turned around: from documents in their order to sorted terms
 * with their documents.
 *
 * Memory has a ceiling: what is gathered is written sorted to a file without a name now and then,
 * and read back merged.
 */
#ifndef DIBAO_SITE_GATHER_H
#define DIBAO_SITE_GATHER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/list.h"
#include "base/str.h"

enum {
	GATHER_TERM_MAX = 64,
	GATHER_DOCS_MAX = 1 << 17,
	GATHER_NOWHERE = (1 << 22) - 1 /* a place that says: somewhere */
};

/* dir: a folder for the file. */
struct gather;
int gather_new(const char *dir, struct gather **out, struct err *err);
void gather_free(struct gather **g);

/* Documents come ascending, places inside one too. A longer term is cut. */
void gather_add(struct gather *g, struct str term, uint32_t doc, uint32_t place, bool title);
/* Between two documents. ERR_IO. */
int gather_doc_done(struct gather *g, struct err *err);

/* A term with its documents. */
struct gathered_term {
	struct str term;
	size_t count;
	const uint32_t *docs;
	size_t title_count;
	const uint32_t *titles; /* which of docs, by their place there, have it in the title */
	struct str places; /* of each document the distances, of which the first is one more, times
			      two, + 1 where another follows; 0: nowhere; varints */
	bool any_place;
};
int gather_read(struct gather *g, struct err *err);
/* 1 and *out, borrowed until the next; 0: no more. */
int gather_next(struct gather *g, struct gathered_term *out, struct err *err);

#endif
