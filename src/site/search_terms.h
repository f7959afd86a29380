/*
 * search_terms - the terms of a document, as the search index beside the site has them.
 *
 * Threads: one of these belongs to one thread.
 */
#ifndef DIBAO_SITE_SEARCH_TERMS_H
#define DIBAO_SITE_SEARCH_TERMS_H

#include "model.h"
#include "site/gather.h"

struct search_terms;

/* To be filled into gather, borrowed. */
struct search_terms *search_terms_new(struct gather *gather);
void search_terms_free(struct search_terms **t);

/* What is searched of an article. */
struct search_text {
	struct str title, text, around, source;
	const struct strs *sources, *keywords;
};
/* doc: as gather_doc has it. ERR_IO. */
int search_terms_add(struct search_terms *t, uint32_t doc, const struct search_text *text,
		     struct err *err);

#endif
