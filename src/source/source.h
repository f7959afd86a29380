/*
 * source - what is followed, where a page's feed is, and when a source is due.
 *
 * Pure: the time is passed in.
 */
#ifndef DIBAO_SOURCE_SOURCE_H
#define DIBAO_SOURCE_SOURCE_H

#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"
#include "model.h"

enum { SOURCE_MAX_KEY = 40 };

/* A key for sources.conf out of a name and an address: [a-z0-9-], at most SOURCE_MAX_KEY bytes,
 * none of `taken`. */
struct str source_key(struct arena *a, struct str name, struct str url, const struct strs *taken);

/* Addresses where a site's feed often stands (/feed, /rss.xml, ...), to be tried in turn. */
struct strs source_common_feeds(struct arena *a, struct str page_url);

/* What schedule knows of a source. */
struct schedule {
	int64_t every_ms;   /* the operator's; 0: none */
	int64_t ttl_ms;     /* the feed's; 0: none */
	int64_t max_age_ms; /* the transport's; 0: none */
	int64_t push_until; /* a hub tells of changes until then; 0: none does */
	int64_t gap_ms;     /* usual time between its entries; 0: unknown */
	int64_t retry_after_ms;
	int failures;  /* in a row */
	uint64_t salt; /* spreads sources: hash of the key */
};

enum {
	SCHEDULE_LEAST_MS = 15 * 60 * 1000,
	SCHEDULE_USUAL_MS = 60 * 60 * 1000,
	SCHEDULE_PUSHED_MS = 12 * 3600 * 1000,
	SCHEDULE_MOST_MS = 24 * 3600 * 1000,
	SCHEDULE_FIRST_RETRY_MS = 5 * 60 * 1000
};

/*
 * When to look again after a fetch that ended at `now`. The operator's word stands; else twice as
 * often as it publishes, never sooner than the feed or the transport says, never later than in a
 * day. Where a hub tells of changes, half a day is often enough, and never later than its word
 * holds. After failures the wait doubles up to a day. A host's Retry-After is always waited for.
 */
int64_t schedule_next(const struct schedule *s, int64_t now);

/* Usual time between entries published at these instants (any order, changed by the call); 0: too
 * few to tell. */
int64_t schedule_gap(int64_t *published, size_t count);

#endif
