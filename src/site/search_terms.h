/*
 * search_terms - the terms of a document, as the search index beside the site has them.
 *
 * Threads: one of these belongs to one thread.
 */
#ifndef DIBAO_SITE_SEARCH_TERMS_H
#define DIBAO_SITE_SEARCH_TERMS_H

#include "base/list.h"
#include "model.h"
#include "site/gather.h"

struct search_terms;

/* To be filled into gather, borrowed. */
struct search_terms *search_terms_new(struct gather *gather);
void search_terms_free(struct search_terms **t);

/* A piece of a text, or of what stood around it: where it begins there. */
struct search_piece {
	size_t from;
	size_t folded; /* ... and in the folded text */
	uint32_t
		place; /* of what comes first in it; where it cannot be told, of what comes later */
};

/* What is searched of an article. */
struct search_text {
	struct str title, text, around, source;
	const struct strs *sources, *keywords;
	struct list
		*pieces; /* struct search_piece, those of the text first; their places are set */
	size_t text_pieces;
};
/* Does nothing that begins here combine with what stands before it? Then what stands on either side
 * may be folded by itself. */
bool search_cuts(struct str text, size_t at);
/* doc: as gather_doc has it. ERR_IO. */
int search_terms_add(struct search_terms *t, uint32_t doc, const struct search_text *text,
		     struct err *err);

#endif
