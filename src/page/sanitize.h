/*
 * sanitize - HTML that is safe to publish, from HTML that is not.
 *
 * Allow-list of elements, attributes and schemes. Stable: sanitizing the result gives it again, and a
 * browser parses it to the same tree. Addresses are absolute; links carry rel, images loading and referrerpolicy;
 * lazy images and srcset are resolved, tracking pixels out.
 *
 * Pure. Threads: one sanitizer belongs to one thread at a time and is reused, so that its memory is.
 */
#ifndef DIBAO_PAGE_SANITIZE_H
#define DIBAO_PAGE_SANITIZE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

struct sanitizer;

struct sanitizer *sanitize_new(void);
void sanitize_free(struct sanitizer **s);

/*
 * Appends the safe form of the fragment `html` (UTF-8) to out. Relative addresses resolve against base; without a
 * base they are kept relative where they are harmless. ERR_LIMIT past out's ceiling or the depth ceiling: then nothing is appended.
 */
int sanitize_html(struct sanitizer *s, struct str html, struct str base, struct buf *out,
		  struct err *err);

#endif
