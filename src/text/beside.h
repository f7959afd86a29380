/*
 * beside - what of a text is not in another: the furniture, where one is a page and the other its
 * article.
 *
 * White space does not count. Pure; any thread.
 */
#ifndef DIBAO_TEXT_BESIDE_H
#define DIBAO_TEXT_BESIDE_H

#include "base/arena.h"
#include "base/str.h"

/* The words of `whole` that `part` does not have in a passage of some length, in order, one space
 * between them; in a. */
struct str text_beside(struct arena *a, struct str whole, struct str part);

#endif
