/* What the files of this room share. */
#ifndef DIBAO_SITE_PRIVATE_H
#define DIBAO_SITE_PRIVATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/list.h"
#include "base/map.h"
#include "model.h"
#include "site/site.h"
#include "site/theme.h"
#include "text/url.h"

enum {
	LIST_PAGE = 50,  /* headlines of a numbered page; the newest page has up to twice as many,
			    less one */
	NEWS_MAX = 1000, /* addresses in the sitemap of news, says Google */
	NEWS_DAYS = 2,   /* ... and how old they may be */
	SITEMAP_PAGE = 1000, /* addresses of one sitemap: small, since the newest is written anew
				with each article */
	FEED_WHOLE = 40,     /* articles in the feed of everything, at least */
	FEED_ARCHIVE = 50,   /* ... in each part of its archive */
	FEED_PART = 20,      /* ... told with all their text in the feed of a source */
	TAG_MIN = 2,         /* a tag has a page from so many articles on */
	TAGS_SHOWN = 400,    /* on the page of tags */
	MORE_EACH = 3,       /* earlier articles shown for each keyword */
	MORE_TAGS = 4,       /* keywords for which they are shown */
	PAGE_MAX_OUT = 64 << 20,
	DAY_MS = 86400000
};

/* --- which page a path is ------------------------------------------------------------------------
 */

enum list_kind { LIST_SOURCE, LIST_CATEGORY, LIST_TAG, LIST_MONTH, LIST_KINDS };

/* A list of articles: the source's key, the category, the keyword, or "2023-01". */
struct list_ref {
	enum list_kind kind;
	struct str name;
};

enum route_kind {
	ROUTE_FRONT,
	ROUTE_FEED,
	ROUTE_LIST,
	ROUTE_LIST_FEED,
	ROUTE_CALENDAR,
	ROUTE_STATISTICS,
	ROUTE_ARCHIVE,
	ROUTE_SOURCES,
	ROUTE_TAGS,
	ROUTE_SEARCH,
	ROUTE_MISSING,
	ROUTE_SITEMAP,
	ROUTE_SITEMAP_PART,
	ROUTE_SITEMAP_NEWS,
	ROUTE_ROBOTS,
	ROUTE_OPENSEARCH,
	ROUTE_MANIFEST,
	ROUTE_OFFLINE,
	ROUTE_EDITS_OF, /* of one article */
	ROUTE_EVENTS,
	ROUTE_EVENTS_FEED,
	ROUTE_FEED_ARCHIVE,
	ROUTE_OTHER
};

struct route {
	enum route_kind kind;
	enum list_kind list;
	enum store_event_kind events;
	struct str slug; /* of a list; "2023-01" for a month and its sitemaps */
	int64_t page;    /* 0: the newest */
};

/* `path` is decoded and begins with "/". */
void route_parse(struct arena *a, struct str path, struct route *out);
/* "/tag/NAME", to which ".html", "/3.html" and ".xml" are added. */
struct str list_path(struct arena *a, const struct list_ref *ref);
/* A file name that is safe everywhere and tells any two names apart, whatever the file system
 * thinks of case. */
void slug_add(struct buf *out, struct str name);
/* An article's path: safe to be a file below the site. */
bool path_is_safe(struct str path);
/* The file of a path: "/" and "/x/" have an index.html. */
struct str path_file(struct arena *a, struct str path);
/* Percent-encodes what is no "/" and not unreserved. */
struct str path_escape(struct arena *a, struct str path);
/* The same to where there is room for three times as much; its end. */
char *path_escape_to(char *at, struct str path);
int path_depth(struct str path);
/* "2023-01" of an instant, and back to the two instants between which a month lies. */
struct str month_of(struct arena *a, int64_t ms, int zone_min);
bool month_range(struct str month, int zone_min, int64_t *from, int64_t *to);

/* --- the site ------------------------------------------------------------------------------------
 */

struct site_source {
	struct str key, name, home_url, url, category, language;
	struct str path; /* "/source/KEY" */
	int64_t articles, last_success, first_fetch;
	bool category_page; /* its category has a page of its own */
	uint64_t hash;      /* of what other pages show of it */
};

struct site_category {
	struct str name, path;
	struct site_source **sources;
	size_t count;
	bool page; /* more in it than one source of the same name */
};

struct site {
	struct site_options opt;
	struct store *store;
	struct arena arena;
	struct theme theme;
	struct value *words;
	struct value *shared; /* what every page has: the site, words */
	struct str base_path; /* "/" or "/news/" of base_url */
	struct blob *blob;    /* NULL until a picture is looked for */
	bool blob_tried;
	struct list pictures; /* struct picture_file: those on the pages rendered since it was last
				 emptied */

	struct arena index; /* the rest, as of: */
	int64_t index_change;
	int64_t last_article, last_event[STORE_EVENT_KINDS];
	bool indexed;
	bool has_pictures; /* any at all */
	struct site_source *sources;
	size_t source_count;
	struct map source_by_key, source_by_name;
	struct site_category *categories;
	size_t category_count;
	struct store_group *months; /* newest first; NULL until they are asked for */
	size_t month_count;
	struct nearby *nearby; /* or NULL */
	struct buf scratch;    /* of one page being made */
	struct map keywords;   /* name -> struct store_group *, only when loaded */
	bool keywords_loaded;
};

/*
 * The same site for another thread to make articles' pages with: it has its own reader of the store
 * and its own room for a page, and shares the rest, which nobody may change while it is open: no
 * site_refresh, nothing put into its arenas.
 */
int site_open_beside(const struct site *s, struct site **out, struct err *err);
void site_close_beside(struct site **s);

/* Looks again at sources and categories where something changed. */
int site_refresh(struct site *s, struct err *err);
/* As site_render, of what is known already: a build is of one state, and its threads share that. */
int site_render_known(struct site *s, struct arena *a, struct str path, struct buf *out,
		      struct site_page *page, struct err *err);
/* Counts of all keywords; else each is asked for. */
int site_load_keywords(struct site *s, struct err *err);
const struct site_source *site_source(const struct site *s, struct str key); /* or NULL */
const struct site_category *site_category(const struct site *s, struct str name);

/* The page of a keyword: its tag page, the page of the source of that name, or empty where it has
 * none. */
int site_tag_path(struct site *s, struct arena *a, struct str keyword, struct str *path, bool *own,
		  struct err *err);

struct str article_file(struct arena *a,
			const struct article *art); /* its path, or one by its key */
int64_t article_date(const struct article *art);
/* Distinct keywords, at most 30, in order. */
struct strs article_tags(struct arena *a, const struct article *art);

/* --- one article on a list -----------------------------------------------------------------------
 */

struct headline {
	int64_t id, date;
	int offset_min;
	struct str path, title, language, source, excerpt, url;
	struct str image; /* at the publisher's; only the front page shows it */
	int64_t updated;
	int64_t gone; /* or TIME_UNSTATED */
};

/* Strings of art are borrowed; the excerpt is in a. */
void headline_of(struct arena *a, const struct article *art, struct headline *out);

/* Earlier articles of one keyword, newest first. */
struct more {
	struct str keyword, path;
	struct headline items[MORE_EACH];
	size_t count;
};

/* --- pages (appended to out) ---------------------------------------------------------------------
 */

/* What a page's head needs. */
struct page_head {
	struct str path; /* of the page: for links relative to it */
	struct str title, description, canonical, feed_path, feed_title, language;
	bool article, absolute; /* absolute: links from base_path (404.html) */
	int64_t modified;
};

struct value *page_value(struct site *s, struct arena *a, const struct page_head *head);
struct str page_link(const struct site *s, struct arena *a, const struct page_head *head,
		     struct str path);
/* The newest page of a list, by its list_path. */
struct str list_link(const struct site *s, struct arena *a, const struct page_head *head,
		     struct str list);
/* Puts page_link, and list_link. */
void put_link(const struct site *s, struct arena *a, const struct page_head *head, struct value *v,
	      const char *key, struct str path);
void put_list_link(const struct site *s, struct arena *a, const struct page_head *head,
		   struct value *v, const char *key, struct str list);
struct str str_join(struct arena *a, struct str x, struct str y);
void put_headline(struct site *s, struct arena *a, const struct page_head *head, struct value *v,
		  const struct headline *h);
int page_render(struct site *s, const char *name, const struct value *v, struct buf *out,
		struct err *err);
struct str word(const struct site *s, const char *key);
/* The word with "{n}" replaced. */
struct str word_n(const struct site *s, struct arena *a, const char *key, int64_t n);
struct str format_time(const struct site *s, struct arena *a, const char *key, int64_t ms,
		       int offset_min);
struct str rfc3339(struct arena *a, int64_t ms, int offset_min);
/* An object of `datetime` and `text`; nothing where the time is not stated. */
void put_time(struct site *s, struct arena *a, struct value *v, const char *key, const char *format,
	      int64_t ms, int offset_min);

/* The page at an article's old address: it leads to the article, without a script. */
int moved_render(struct site *s, struct arena *a, struct str file, const struct article *art,
		 struct buf *out, struct err *err);

/* What an article's page shows besides the article. */
struct article_context {
	const struct headline *related; /* of those before it that tell of the same */
	size_t related_count;
	const struct more *more;
	size_t more_count;
	struct strs sources; /* that carry it */
	const struct revision *revisions;
	size_t revision_count;
	const struct headline *headline; /* of it, where it is made already; may be NULL */
};
int article_render(struct site *s, struct arena *a, const struct article *art,
		   const struct article_context *ctx, struct buf *out, struct err *err);
/* Finds the context in the store. */
int article_context(struct site *s, struct arena *a, const struct article *art,
		    struct article_context *ctx, struct err *err);
/* The keywords of which earlier articles are shown, with their pages. */
int article_more_keywords(struct site *s, struct arena *a, const struct article *art,
			  struct more **out, size_t *count, struct err *err);
/* What is shown for an earlier keyword is not shown again. */
void more_distinct(struct more *more, const struct article_context *ctx);
/* Sets those before it that tell of the same. Cheapest in the order of the articles' dates. */
int article_related(struct site *s, struct arena *a, const struct article *art,
		    struct article_context *ctx, struct err *err);
void nearby_close(struct site *s);

/* Its page of edits, where it has more revisions than one: beside the article, "KEY.edits.html". */
struct str article_edits_file(struct arena *a, const struct article *art);
/* The article's file, of a path that may be such a page's; empty where it is none. */
struct str article_of_edits(struct arena *a, struct str path);
int edits_render(struct site *s, struct arena *a, const struct article *art,
		 const struct revision *revisions, size_t count, struct buf *out, struct err *err);

/* How much of a difference's line is shown, in columns; 0: all of it. */
struct diff_cut {
	int same;    /* of what is the same, on each side of a change */
	int changed; /* of each change */
	int total;
	bool labels; /* words before <ins> and <del>, for who does not see them */
};
struct diff_line;
void diff_line_add(const struct site *s, struct buf *out, const struct diff_line *line,
		   const struct diff_cut *cut);

struct list_view {
	struct list_ref ref;
	struct str path;              /* list_path */
	const struct headline *items; /* newest first */
	size_t count;
	int64_t page, pages; /* page 0: the newest; pages: how many numbered ones there are */
	int64_t total;
};
int list_render(struct site *s, struct arena *a, const struct list_view *view, struct buf *out,
		struct err *err);
/* Links from one page of a list (0: the newest) to the others; `list` is its path without number.
 */
void put_pager(struct site *s, struct arena *a, struct value *v, const struct page_head *head,
	       struct str list, int64_t page, int64_t pages);
/* Lists of sources and of tags have feeds. Fills in the files of a page (0: the newest) of a list
 * at `path`: itself, and its feed where there is one. How many. */
size_t list_files(struct arena *a, enum list_kind kind, struct str path, int64_t page,
		  struct str out[2]);
/* How many numbered pages `total` articles make. */
int64_t list_pages(int64_t total);
int list_query(struct site *s, const struct list_ref *ref, struct store_query *q, struct err *err);
/* How many articles; ERR_NOTFOUND where the list has no page. */
int list_total(struct site *s, const struct list_ref *ref, int64_t *total, struct err *err);
struct str list_title(struct site *s, struct arena *a, const struct list_ref *ref);

/* Puts what of a source's calendar stands on its own page. */
int calendar_put(struct site *s, struct arena *a, struct value *v, const struct page_head *head,
		 const struct site_source *source, struct err *err);
/* The page of older years: "/source/KEY/calendar.html". ERR_NOTFOUND: there are none. */
int calendar_render(struct site *s, struct arena *a, struct str key, struct buf *out,
		    struct err *err);
struct str calendar_path(struct arena *a, const struct site_source *source);
int calendar_has_page(struct site *s, struct str source, bool *has, struct err *err);
/* From when on a source's articles stand in the calendar of its own page; where the newest one's
 * year begins and ends. */
struct calendar_span {
	int64_t shown, newest, end;
};
int calendar_span(struct site *s, struct str source, struct calendar_span *out, struct err *err);
/* The first instant of the day of `ms`, and of a year. */
int64_t day_start(int64_t ms, int zone_min);
int64_t year_start(int year, int zone_min);

/* Pages of edits and of deletions: "/edits.html", "/edits/3.html", "/edits.xml". */
struct str events_path(struct arena *a, enum store_event_kind kind, int64_t page);
struct str events_feed_path(struct arena *a, enum store_event_kind kind);
/* Which kind a path is of, and what stands behind its name: ".html", "/3.html". */
bool events_of_path(struct str path, enum store_event_kind *kind, struct str *rest);
int events_render(struct site *s, struct arena *a, enum store_event_kind kind, int64_t page,
		  struct buf *out, struct err *err);
int events_feed(struct site *s, struct arena *a, enum store_event_kind kind, struct buf *out,
		struct err *err);

int front_render(struct site *s, struct arena *a, struct buf *out, struct err *err);
int archive_render(struct site *s, struct arena *a, struct buf *out, struct err *err);
int sources_render(struct site *s, struct arena *a, struct buf *out, struct err *err);
int tags_render(struct site *s, struct arena *a, struct buf *out, struct err *err);
int statistics_render(struct site *s, struct arena *a, struct buf *out, struct err *err);
int search_render(struct site *s, struct arena *a, struct buf *out, struct err *err);
int offline_render(struct site *s, struct arena *a, struct buf *out, struct err *err);
int missing_render(struct site *s, struct arena *a, struct buf *out, struct err *err);
/* Every month with articles, newest first. */
int site_months(struct site *s, struct store_group **out, size_t *count, struct err *err);

/* --- feeds and files for machines ----------------------------------------------------------------
 */

struct feed_head {
	struct str path, page; /* its own, and the page that shows the same */
	struct str title;
	int64_t updated;
	struct str of; /* path of the feed it is a part of the archive of; empty: it is none */
	struct str previous; /* path of the part of the archive before it; empty: none */
};
void feed_start(struct site *s, struct arena *a, const struct feed_head *head, struct buf *out);
void feed_element(struct buf *out, const char *name, struct str text); /* nothing where empty */
void feed_link(struct buf *out, const char *rel, struct str url, const char *type);
void feed_time(struct arena *a, struct buf *out, const char *name, int64_t ms);
/* <entry>, with its language where that is not the feed's. */
void feed_entry_open(const struct site *s, struct buf *out, const struct headline *h);
struct str feed_entry_id(const struct site *s, struct arena *a, const struct headline *h);
/* Head, entries, end: times of entries decide what the head says. */
int feed_finish(struct site *s, struct arena *a, const struct feed_head *head, struct buf *entries,
		struct buf *out, struct err *err);
/* How many parts the archive of the feed of everything has, numbered from 1. */
int64_t feed_archives(const struct site *s);
struct str feed_archive_path(struct arena *a, int64_t number);
int feed_archive(struct site *s, struct arena *a, int64_t number, struct buf *out, struct err *err);
/* The same of articles that are known, in the order in which they came. */
int feed_archive_of(struct site *s, struct arena *a, int64_t number,
		    const struct headline items[FEED_ARCHIVE], struct buf *out, struct err *err);
int feed_whole(struct site *s, struct arena *a, struct buf *out, struct err *err);
/* The feed of a page of a list: of a numbered one, a part of the archive of the newest one's. */
int feed_list(struct site *s, struct arena *a, const struct list_view *view, struct buf *out,
	      struct err *err);
int sitemap_index(struct site *s, struct arena *a, struct buf *out, struct err *err);
int sitemap_part(struct site *s, struct arena *a, struct str month, int64_t part, struct buf *out,
		 struct err *err);
/* Of the last days before the newest article: the clock of the build would give other bytes each
 * time. ERR_NOTFOUND: it is not to be indexed, or has no address of its own. */
int sitemap_news(struct site *s, struct arena *a, struct buf *out, struct err *err);
bool sitemap_has_news(const struct site *s);
void sitemap_start(struct buf *out);
void sitemap_add(const struct site *s, struct arena *a, struct buf *out, struct str path,
		 int64_t modified);
void sitemap_end(struct buf *out);
struct str sitemap_path(struct arena *a, struct str month, int64_t part);
void robots_render(const struct site *s, struct buf *out);
void opensearch_render(const struct site *s, struct buf *out);
void manifest_render(const struct site *s, struct buf *out);
/* Absolute where base_url is set, else from the root; percent-encoded. */
struct str public_url(const struct site *s, struct arena *a, struct str path);
/* The same as XML. */
void public_url_to(const struct site *s, struct buf *out, struct str path);

/* --- pictures ------------------------------------------------------------------------------------
 */

/* A file of ours that a page needs. */
struct picture_file {
	struct hash body;
	const char *extension;
};

struct picture_shown {
	struct hash body;
	struct str path;   /* "/media/ab/HASH.png" */
	int width, height; /* 0: not known */
};

/* Whether the picture at `url` is kept; it is then noted in s->pictures as shown. */
bool picture_find(struct site *s, struct arena *a, struct str url, struct picture_shown *out);
/* <img>; alt is escaped already. head NULL: for a feed, its address as the public sees it. */
void picture_add(const struct site *s, struct arena *a, struct buf *out,
		 const struct picture_shown *p, const struct page_head *head, struct str alt);
int picture_render(struct site *s, struct arena *a, struct str path, struct buf *out,
		   struct site_page *page, struct err *err);

/* --- markup --------------------------------------------------------------------------------------
 */

/*
 * Sanitized HTML for our pages: pictures that are kept are shown from our own files; what else
 * would be fetched from elsewhere (img, video, audio, iframe ...) becomes a link to it. head: NULL
 * for a feed. `picture` and the like are the words shown.
 */
void media_to_links(struct site *s, struct arena *a, struct str html, const struct page_head *head,
		    struct buf *out);
/* The same; where nothing changes, `html` itself, and out stays empty. */
struct str media_linked(struct site *s, struct arena *a, struct str html,
			const struct page_head *head, struct buf *out);
/* What of an article's text its headline and its page look at, in bytes. */
enum { TEXT_LOOKED_AT = 4200 };
/* The first `columns` columns of text (CJK takes two), white space folded, "…" behind what is cut.
 */
struct str excerpt(struct arena *a, struct str text, int columns);
/* [A-Za-z0-9-] of a language tag. */
struct str language_tag(struct arena *a, struct str language);

#endif
