/*
 * simhash - a fingerprint of a text, near in bits where texts are near in words (Charikar 2002).
 *
 * Over the terms search knows (fold.h, segment.h), so that case, width and Traditional or
 * Simplified characters make no difference; a term counts by the logarithm of how often it occurs.
 * Pure; any thread. The same on every machine and from run to run: it may be stored.
 */
#ifndef DIBAO_TEXT_SIMHASH_H
#define DIBAO_TEXT_SIMHASH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

/*
 * Bits in which two forms of one article may differ: an edited paragraph, a newsroom's own first
 * sentence. Two articles of one language differ in 15 and more (simhash_test.c).
 */
enum { SIMHASH_NEAR_BITS = 7 };

/* 0 for a text without terms, and for no other. Works in `a`. */
uint64_t simhash_of(struct arena *a, struct str text);
int simhash_distance(uint64_t x, uint64_t y); /* 0 to 64 */
bool simhash_is_near(uint64_t x, uint64_t y); /* false where either is 0 */

#endif
