/*
 * source - what is followed, where a page's feed is, and when a source is due.
 */
#ifndef DIBAO_SOURCE_SOURCE_H
#define DIBAO_SOURCE_SOURCE_H

#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"
#include "model.h"

/* A key for sources.conf out of a name and an address: [a-z0-9-], at most 40 bytes, none of `taken`. */
struct str source_key(struct arena *a, struct str name, struct str url, const struct strs *taken);

/* Addresses where a site's feed often stands (/feed, /rss.xml, ...), to be tried in turn. */
struct strs source_common_feeds(struct arena *a, struct str page_url);

/* What schedule knows of a source. */
struct schedule {
	int64_t every_ms;      /* the operator's; 0: none */
	int64_t ttl_ms;        /* the feed's; 0: none */
	int64_t max_age_ms;    /* the transport's; 0: none */
	int64_t gap_ms;        /* usual time between its entries; 0: unknown */
	int64_t retry_after_ms;
	int failures;          /* in a row */
	uint64_t salt;         /* spreads sources: hash of the key */
};
/* When to look again after a fetch that ended at `now`. */
int64_t schedule_next(const struct schedule *s, int64_t now);

#endif
