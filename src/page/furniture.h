/*
 * furniture - what is learnt of one source from its pages: the blocks that stand on many of them,
 * and the paths of elements where its articles stand.
 *
 * No single page can tell an appeal for donations from a paragraph; three pages of a source can. A
 * block is known by a fingerprint of its text (digits and punctuation apart), a path by the tags
 * and class words of the elements around. What is learnt only shifts the judgement of blocks. Where
 * a source is made anew, its pages stop fitting, and what was learnt is let go.
 *
 * Each article is to be learnt from once: what is met twice counts as repeated.
 *
 * Threads: one at a time learns; several may use what nobody changes. Limits: FURNITURE_MAX_ENTRIES
 * blocks and paths each; the rarest give way.
 */
#ifndef DIBAO_PAGE_FURNITURE_H
#define DIBAO_PAGE_FURNITURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

enum {
	FURNITURE_MAX_ENTRIES = 8192,
	FURNITURE_MIN_PAGES = 3 /* fewer say nothing */
};

struct furniture;

/* What one page teaches. */
struct lesson_block {
	uint32_t text, path; /* fingerprints; text 0: too short to say anything */
	uint32_t prose;      /* its characters, where it reads like a paragraph; else 0 */
	float score;         /* as the page was judged, what was known included */
	bool kept;           /* as part of the article */
};
struct lesson {
	struct lesson_block *blocks;
	size_t count;
	size_t telling; /* of them, those with a fingerprint */
	bool fragment;  /* of a feed's content, not of a page */
	bool judged;    /* scores are there */
};

struct furniture *furniture_new(void);
void furniture_free(struct furniture **f);

void furniture_learn(struct furniture *f, const struct lesson *lesson);
/* Does the page keep a block that is furniture by what is known now? */
bool furniture_tells(const struct furniture *f, const struct lesson *lesson);
/*
 * Would a page that was extracted when nothing was known come out otherwise by what is known now?
 * Where it is not plain that it would not: true.
 */
bool furniture_alters(const struct furniture *f, const struct lesson *lesson, struct arena *mem);

/* How many pages it was learnt from; since it was last let go. */
size_t furniture_pages(const struct furniture *f);
/* How often a source was seen to be made anew. */
size_t furniture_drifts(const struct furniture *f);

/* As bytes, for a store; and back. ERR_INPUT: no such bytes, and f is as new. */
void furniture_save(const struct furniture *f, struct buf *out);
int furniture_load(struct furniture *f, struct str bytes, struct err *err);

#endif
