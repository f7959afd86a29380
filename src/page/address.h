/*
 * address - what a page says an address is, as one that may be published.
 */
#ifndef DIBAO_PAGE_ADDRESS_H
#define DIBAO_PAGE_ADDRESS_H

#include "base/arena.h"
#include "base/str.h"

/* ref as it is taken before parsing (URL standard, 4.4): white space and controls off both ends,
 * tabs and line breaks out anywhere, and other controls with them. */
struct str address_stripped(struct arena *a, struct str ref);

/*
 * `ref` against base, absolute, of an allowed scheme (rules.h, bits SCHEME_*); the empty str for
 * anything else. Without a base (or with one that is no web address) a relative one stays relative
 * where SCHEME_WEB is asked for.
 */
struct str address_safe(struct arena *a, struct str base, struct str ref, unsigned schemes);

#endif
