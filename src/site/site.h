/*
 * site - pages made from the store: one renderer, used by build for files and by serve for
 * requests.
 *
 * Threads: a struct site belongs to one thread; open one a thread. Reads the store, never writes
 * articles.
 */
#ifndef DIBAO_SITE_SITE_H
#define DIBAO_SITE_SITE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "blob/blob.h"
#include "store/store.h"

struct site;

struct site_options {
	struct str title, subtitle, language, author;
	struct str base_url;  /* "https://example.org/news/"; empty: relative addresses only, feeds
				 use "/" */
	struct str theme_dir; /* overlays the theme in the binary; may not exist */
	struct str comments;  /* HTML snippet put where an article asks for comments; empty: none */
	int zone_min;         /* zone of dates on list pages */
	bool noindex;
	bool packed;       /* a .gz beside each file that is text */
	bool offline;      /* a service worker keeps what was read */
	const char *blobs; /* where the pictures are kept; NULL: pages have links in place of
			      pictures */
	bool live;         /* for serve: the search page has a form that /search answers */
	bool no_search;    /* the build leaves out the search index that needs no server */
	int64_t now;       /* time of the build, for "updated"; SOURCE_DATE_EPOCH where set */
};

/* ERR_CONFIG: a template has an error; the sentence names file and line. */
int site_open(const struct site_options *opt, struct store *store, struct site **out,
	      struct err *err);
void site_close(struct site **s);

/* One page or file of the site by its path ("/", "/2023/01/23/KEY.html", "/style.css",
 * "/feed.xml"). Strings in a and bytes appended to out. ERR_NOTFOUND. */
struct site_page {
	struct str content_type;
	int64_t modified;
};
int site_render(struct site *s, struct arena *a, struct str path, struct buf *out,
		struct site_page *page, struct err *err);

/* The answer page of /search, for serve. */
int site_render_search(struct site *s, struct arena *a, struct str query, int64_t page_number,
		       struct buf *out, struct err *err);

struct site_progress {
	void (*tell)(void *arg, int64_t done, int64_t all); /* articles; may be NULL */
	void *arg;
	const atomic_int
		*stop; /* not 0: end soon (ERR_AGAIN); the next build goes on; may be NULL */
};
struct site_built {
	int64_t written, unchanged, removed;
	bool whole; /* everything was looked at, not only what changed since the last build */
};
/* Builds the whole site into out_dir, writing only what differs; each file atomically. */
int site_build(struct site *s, const char *out_dir, const struct site_progress *progress,
	       struct site_built *built, struct err *err);

#endif
