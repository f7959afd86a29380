/*
 * page - the article out of a page's bytes: the whole article and nothing but the article.
 *
 * Pure. Threads: one extractor belongs to one thread at a time and is reused from page to page, so
 * that its memory is; extractors share nothing. Limits: PAGE_MAX_* (ERR_LIMIT).
 */
#ifndef DIBAO_PAGE_PAGE_H
#define DIBAO_PAGE_PAGE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "model.h"

enum { PAGE_MAX_BYTES = 16 << 20, PAGE_MAX_NODES = 400000 };

struct page_extractor;

struct page_options {
	struct str url;          /* after redirects; relative links resolve against it */
	struct str content_type; /* the transport's; may be empty */
	int zone_min;            /* zone of dates that state none */
	struct strs keep, drop;  /* CSS selectors, checked with page_check_selector */
	bool fragment; /* a feed's content: no <html> around it, title and date known from elsewhere
			*/
	bool body_only;   /* no fields and no text are wanted: enough for page_lesson */
	struct str title; /* the title where it is known (an entry's), else empty: helps to find the
			     body */
};

/* What stands in place of an article. */
enum page_kind {
	PAGE_ARTICLE,
	PAGE_NO_ARTICLE,
	PAGE_ERROR,
	PAGE_CONSENT_WALL,
	PAGE_LOGIN_WALL,
	PAGE_NOT_HTML,
	PAGE_EMPTY
};

struct page_result {
	enum page_kind kind;
	struct article article;   /* fields known; strings in the arena given */
	struct str stated_title;  /* the page's own, also where the options knew one */
	struct str canonical_url; /* rel=canonical where it is on the same site, else options.url */
	struct str charset;
	struct strs feeds; /* addresses of <link rel=alternate> feeds, best first */
};

struct page_extractor *page_new(void);
void page_free(struct page_extractor **x);

/*
 * Extracts one page. 0 and *out filled, strings in `mem`. ERR_INPUT where there is no article,
 * *out->kind says why and the sentence too ("no article: consent wall"); fields found all the same
 * are filled. ERR_LIMIT past a ceiling.
 */
int page_extract(struct page_extractor *x, struct arena *mem, struct str bytes,
		 const struct page_options *opt, struct page_result *out, struct err *err);

/*
 * What the page extracted last teaches of the furniture of its source (page/furniture.h), whatever
 * came of it. What was learnt is used for pages extracted from page_use on; NULL: nothing. It must
 * outlive its use.
 */
struct furniture;
struct lesson;
void page_lesson(const struct page_extractor *x, struct arena *mem, struct lesson *out);
void page_use(struct page_extractor *x, const struct furniture *f);

/* Whether a block of the page extracted last has the text in it, kept for the article or not. */
bool page_says(const struct page_extractor *x, struct str text);

/* Text for machines, which page_extract refuses unless it is a fragment: robots.txt, a style sheet,
 * a script. */
bool page_is_code(struct str bytes);

/* ERR_CONFIG: not a CSS selector. */
int page_check_selector(struct str selector, struct err *err);

/* Links to feeds named by a page (rel=alternate), and its title, for `add`. */
struct page_feed {
	struct str url, title, type;
};
struct page_feeds {
	struct str title;
	struct page_feed *items;
	size_t count;
};
int page_find_feeds(struct page_extractor *x, struct arena *mem, struct str bytes, struct str url,
		    struct str content_type, struct page_feeds *out, struct err *err);

#endif
