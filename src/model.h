/*
 * model - the nouns of dibao as plain structs, for every stage. Structs only.
 *
 * Strings are views of UTF-8 in the arena of whoever filled the struct. Times are ms since 1970 UTC
 * or TIME_UNSTATED. An empty string, or a count of 0, is "not known".
 */
#ifndef DIBAO_MODEL_H
#define DIBAO_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/str.h"

struct strs {
	struct str *items;
	size_t count;
};

/* Somebody named by a publisher. */
struct person {
	struct str role; /* "author", "translator", "editor", "photographer", "reporter" ... */
	struct str name;
	struct str url;
};

struct people {
	struct person *items;
	size_t count;
};

struct attachment {
	struct str url;
	struct str mime_type;
	struct str title;
	int64_t size_bytes;       /* -1: not stated */
	int64_t duration_seconds; /* -1: not stated */
};

struct attachments {
	struct attachment *items;
	size_t count;
};

/* Something followed. The text of sources.conf is the truth; the store keeps its state. */
enum source_kind { SOURCE_FEED, SOURCE_PAGE };

struct source {
	struct str key;      /* the section's title: unique, [a-z0-9-]; its directory on the site */
	struct str name;     /* as readers see it */
	struct str url;      /* what is fetched */
	struct str home_url; /* the publisher's page */
	struct str category; /* default: name */
	enum source_kind kind;
	struct str ignore_robots; /* why its robots.txt is not obeyed; empty: it is */
	bool allow_private;       /* loopback and private addresses may be fetched */
	bool look_again;  /* articles are looked at again for edits and deletions (default) */
	bool full_text;   /* fetch the article's page where the feed has no full text (default) */
	int zone_min;     /* zone of its undated-zone dates, minutes east of UTC */
	int64_t every_ms; /* 0: by how often it publishes */
	struct strs keep; /* CSS selectors, page's rules by hand */
	struct strs drop;
};

/* The bytes one fetch returned. */
struct capture {
	int64_t id;
	struct str url;       /* as asked */
	struct str final_url; /* after redirects */
	int64_t fetched;
	int status; /* HTTP status; 0: not from HTTP (an import) */
	struct str content_type;
	struct str headers; /* all of the last response's, as received, "\r\n" lines */
	struct str etag;
	struct str last_modified;
	struct hash body; /* name of the blob */
	int64_t body_bytes;
};

/* One element of a feed. */
struct entry {
	struct str id;   /* publisher's id, else the link; never empty */
	struct str link; /* absolute URL; empty if the entry has none */
	struct str external_url;
	struct str title;   /* plain text */
	struct str summary; /* plain text */
	bool summary_is_text;
	struct str content_html; /* markup, not sanitized */
	struct str content_text; /* where the feed says it is plain */
	struct str content_base; /* what relative links in the content resolve against */
	struct str image;
	struct str language;
	struct str comments_url;
	int64_t published;
	int64_t modified;
	int published_offset_min;
	struct people authors;
	struct strs tags;
	struct attachments attachments;
};

/* Where a field came from. */
enum origin {
	FROM_NOWHERE,
	FROM_FEED,
	FROM_JSONLD,
	FROM_META,
	FROM_MICRODATA,
	FROM_PAGE,
	FROM_TEXT,
	FROM_URL,
	FROM_HEADER,
	FROM_IMPORT,
	FROM_SOURCE
};

struct dateline {
	struct str text;  /* 中央社東京23日綜合外電報導 */
	struct str place; /* 東京 */
	int day;          /* of the month; 0: not stated */
};

/* What has an address and a history, at its newest revision. */
struct article {
	int64_t id;     /* in the store; 0 before it is stored */
	struct str key; /* 13 lower-case base32 characters, of the canonical address; for people and
			   files */
	struct str url; /* its canonical address: its identity */
	struct str fetched_url; /* where it was fetched */
	struct str path;        /* on our site, "/2023/01/23/KEY.html"; given once */
	struct str source;      /* key of the source that brought it first */
	struct str guid;        /* entry's id in that source */

	struct str title;
	struct str text; /* blocks separated by a blank line */
	struct str html; /* sanitized */
	struct str summary;
	struct str language; /* BCP 47 */
	struct str image;
	struct str site_name;
	struct str section;
	struct str licence;
	struct dateline dateline;
	struct people authors; /* those who wrote it */
	struct people credits; /* everybody, by role */
	struct strs keywords;  /* the publisher's */
	struct attachments attachments;
	bool paywalled;

	int64_t published;
	int published_offset_min;
	int64_t modified;
	int64_t first_seen;
	int64_t last_seen;
	int64_t date; /* the store's: what it is ordered by; published unless that is missing or
			 absurd, else first_seen */
	int64_t gone; /* marked gone, and since when */
	int revision; /* 1 for the first */

	enum origin title_from, text_from, published_from, authors_from, keywords_from,
		language_from;
};

/* One state of an article's text. */
struct revision {
	int64_t article_id;
	int number; /* 1, 2, ... */
	int64_t seen;
	int64_t capture_id;
	struct str title;
	struct str text;
	struct str html;
};

#endif
