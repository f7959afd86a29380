/*
 * fold - text as search compares it: NFKC, case, Traditional to Simplified by character.
 *
 * One implementation for the store, the site's index and (as the same table) the browser.
 * The text shown is never changed.
 */
#ifndef DIBAO_TEXT_FOLD_H
#define DIBAO_TEXT_FOLD_H

#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

struct str fold_text(struct arena *a, struct str s);
uint32_t fold_han(uint32_t c); /* Traditional to Simplified, and 著 to 着; else c */

#endif
