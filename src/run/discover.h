/*
 * discover - the feed behind an address: the address itself, a feed its page names, or a common
 * path.
 */
#ifndef DIBAO_RUN_DISCOVER_H
#define DIBAO_RUN_DISCOVER_H

#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "fetch/fetch.h"

struct discovered {
	struct str url;   /* the feed's */
	struct str title; /* what it calls itself, else the page's title */
	struct str home_url;
};

/*
 * Strings of *out live in a. ERR_NOTFOUND: there is no feed, and the sentence says what there is;
 * ERR_IO: the address could not be fetched.
 */
int discover_feed(struct arena *a, const struct fetch_options *opt, struct str url,
		  size_t max_bytes, struct discovered *out, struct err *err);

#endif
