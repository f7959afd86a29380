/*
 * feed - entries out of RSS, Atom, CDF and JSON Feed bytes.
 *
 * Pure: reads only the bytes it is handed; no clock, no network, no store.
 * Threads: one reader belongs to one thread at a time; readers share nothing.
 * Limits: FEED_MAX_ENTRIES (ERR_LIMIT); what nests deeper than FEED_MAX_DEPTH, and what of a field
 * is longer than FEED_MAX_TEXT (private.h), is passed over. Entries stream: memory beyond the input
 * does not grow with their number.
 */
#ifndef DIBAO_FEED_FEED_H
#define DIBAO_FEED_FEED_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "model.h"

enum { FEED_MAX_ENTRIES = 1000000, FEED_MAX_DEPTH = 256 };

struct feed;

/* What the feed says of itself. Complete only after feed_next has returned 0: a title may follow
 * the entries. */
struct feed_info {
	const char *format; /* "rss2.0", "rss1.0", "rss0.9x", "atom1.0", "atom0.3", "cdf", "json1.1"
			       ... */
	const char *encoding; /* WHATWG name of what the bytes were in */
	bool malformed;       /* broke its own format's rules and was read all the same */
	struct str title, description, home_page_url, feed_url, next_url, icon, language, rights,
		generator;
	struct people authors;
	struct strs hubs; /* WebSub */
	int64_t updated;
	int64_t ttl_s; /* -1: not stated; from ttl, sy:updatePeriod, ... */
};

struct feed_options {
	struct str base;         /* relative links resolve against it */
	struct str content_type; /* the transport's Content-Type; may be empty */
	int zone_min;            /* zone of dates that state none */
};

/*
 * Starts reading `bytes`, which must outlive the reader. On success *out is the caller's, for
 * feed_close; else NULL. ERR_INPUT: no known feed format; the sentence says what it is instead.
 */
int feed_open(struct str bytes, const struct feed_options *opt, struct feed **out, struct err *err);

/*
 * What an entry's texts are: content_html (or content_text, where the feed says it is plain) is the
 * content, or the description where there is no content; summary is what else there is, as plain
 * text. All strings are UTF-8; those with markup are not sanitized.
 *
 * Next entry in document order: 1 and *out filled, 0 at the end, <0 on error. Strings in *out live
 * in `mem` (or in the input). A broken entry is skipped, not an error.
 */
int feed_next(struct feed *f, struct arena *mem, struct entry *out, struct err *err);

/* Borrowed until feed_close. */
const struct feed_info *feed_info(const struct feed *f);
void feed_close(struct feed **f);

#endif
