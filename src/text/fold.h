/*
 * fold - text as search compares it: NFKC, case, Traditional to Simplified by character; what has
 * no width goes.
 *
 * One implementation for the store, the site's index and (as the same table) the browser.
 * The text shown is never changed. Pure; any thread.
 */
#ifndef DIBAO_TEXT_FOLD_H
#define DIBAO_TEXT_FOLD_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"

/*
 * A copy in a (malformed UTF-8 becomes U+FFFD). What belongs together in one place of the text is
 * folded together, so folding a text is folding its lines.
 */
struct str fold_text(struct arena *a, struct str s);
/* Appends it to out, which keeps its memory from text to text. */
void fold_to(struct buf *out, struct str s);

/*
 * fold_text, and where each folded byte comes from: (*from)[i] is the place in s of what became
 * byte i; one more element, s.len, ends them.
 */
struct str fold_mapped(struct arena *a, struct str s, size_t **from);

uint32_t fold_han(uint32_t c); /* Traditional to Simplified, and 著 to 着; else c */

/* Characters that fold_han takes to c, not c itself; how many, at most max. */
size_t fold_han_sources(uint32_t c, uint32_t *out, size_t max);

#endif
