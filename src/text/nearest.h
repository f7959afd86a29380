/*
 * nearest - the word somebody most likely meant.
 */
#ifndef DIBAO_TEXT_NEAREST_H
#define DIBAO_TEXT_NEAREST_H

#include <stddef.h>

#include "base/str.h"

enum { NEAREST_MAX_BYTES = 64 };

/* How many single changes (insert, delete, replace, swap of neighbours; ASCII case is none) make
 * one of the other. */
size_t word_distance(struct str a, struct str b);

/* The one of `words` nearest to `wrong`, or empty where none is near enough to be what was meant.
 */
struct str nearest_word(struct str wrong, const struct str *words, size_t count);

#endif
