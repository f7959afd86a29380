/*
 * store - articles, revisions, captures and the state of sources; and their search.
 *
 * Threads: a struct store belongs to one thread. One writer holds the mirror's lock; readers
 * (build, serve, search) open their own store and see whole commits. Everything reported after
 * store_commit is durable. Ids are made by us; times are passed in: the store reads no clock.
 */
#ifndef DIBAO_STORE_STORE_H
#define DIBAO_STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/list.h"
#include "blob/blob.h"
#include "model.h"

struct store;

/* Before the first store is opened, once, with no other thread yet. Without it all works as well,
 * and slower. */
void store_start_up(void);

struct store_options {
	const char *where; /* a path, or "postgres://..." (ERR_CONFIG: not built yet) */
	bool write;
	bool index; /* keep the search index up while writing */
};

/* Opens, and where `write` makes or migrates the tables. ERR_NOTFOUND, ERR_INPUT (damaged or too
 * new), ERR_AGAIN. */
int store_open(const struct store_options *opt, struct store **out, struct err *err);
void store_close(struct store **s);
/* Was it made by an older dibao? Opened for writing it is brought up to date. */
bool store_is_older(const char *where);
/* Another reader of the same archive, for another thread: it sees what is committed. */
int store_open_beside(const struct store *s, struct store **out, struct err *err);

/*
 * What is read between the two is of one state of the archive, and nobody is asked for each
 * statement whether it may be read. 1: end_reading lets go; 0: a transaction is open already.
 */
int store_begin_reading(struct store *s, struct err *err);
void store_end_reading(struct store *s);

/* Writes between begin and commit are one: all or nothing. commit is durable. */
int store_begin(struct store *s, struct err *err);
int store_commit(struct store *s, struct err *err);
void store_rollback(struct store *s);

/* --- sources -----------------------------------------------------------------------------------
 */

/* What the store knows of a source; sources.conf says what is followed. */
struct source_state {
	struct str key;
	struct str name, url, home_url, category; /* as last seen in sources.conf */
	struct str moved_url; /* permanent redirects followed for good: fetch this */
	int moved_count;      /* times a permanent redirect was seen in a row */
	struct str etag, last_modified;
	struct hash body_hash;  /* of the last body: equal bytes are not parsed again */
	struct str hubs, topic; /* WebSub: where it says its changes are told, best first and a
				   space between; and its name there */
	int64_t push_until; /* a hub has shown that it tells of changes: poll seldom until then */
	int64_t first_fetch, last_fetch, last_success, last_new; /* or TIME_UNSTATED */
	int64_t next_due;               /* the lease: moved on when work is taken */
	int failures;                   /* in a row */
	struct str last_error;          /* "403 from host"; empty: healthy */
	bool stopped;                   /* 410 */
	int64_t entries_seen, articles; /* counts */
	int64_t fetches, not_modified, bytes;
	struct str recent;      /* what it brought lately: source/recent.h */
	int64_t layout_changed; /* when its pages were made anew; 0: not seen to be */
};

int store_source_put(struct store *s, const struct source_state *st, struct err *err);
/* ERR_NOTFOUND */
int store_source_get(struct store *s, struct arena *a, struct str key, struct source_state *out,
		     struct err *err);
/* All, by key. */
int store_sources(struct store *s, struct arena *a, struct source_state **out, size_t *count,
		  struct err *err);

/* Ids of the source's articles dated after `date` and seen at `seen_from` or later that are not
 * gone; of the newest `limit` of them. */
int store_source_seen(struct store *s, struct arena *a, struct str source, int64_t date,
		      int64_t seen_from, int64_t limit, int64_t **out, size_t *count,
		      struct err *err);

/* What page has learnt of a source's furniture (page/furniture.h): of its pages, and of its feed's
 * entries. */
int store_furniture_put(struct store *s, struct str source, struct str pages, struct str entries,
			struct err *err);
/* ERR_NOTFOUND: nothing yet. */
int store_furniture_get(struct store *s, struct arena *a, struct str source, struct str *pages,
			struct str *entries, struct err *err);

/* --- subscriptions at hubs (WebSub) -------------------------------------------------------------
 */

enum subscription_state {
	SUBSCRIPTION_ASKED,  /* or about to be: the hub has not verified it yet */
	SUBSCRIPTION_ACTIVE, /* verified, until lease_until */
	SUBSCRIPTION_DENIED,
	SUBSCRIPTION_ENDING /* no longer wanted: unsubscribed when the hub has verified that */
};
struct subscription {
	struct str token; /* last part of the callback's address; who knows it may push */
	struct str source;
	struct str hub, topic;
	struct str secret;
	enum subscription_state state;
	int64_t lease_until; /* or TIME_UNSTATED */
	int64_t next_due;    /* when the hub is asked (again) */
	int tries;           /* in vain, in a row */
	int64_t last_push;   /* or TIME_UNSTATED */
	int64_t pushes, refused;
	struct str reason; /* why the last try was in vain */
};
/* All, by token. */
int store_subscriptions(struct store *s, struct arena *a, struct subscription **out, size_t *count,
			struct err *err);
int store_subscription_put(struct store *s, const struct subscription *sub, struct err *err);
int store_subscription_drop(struct store *s, struct str token, struct err *err);

/* --- captures ----------------------------------------------------------------------------------
 */

/* Sets c->id. The blob is already put. */
int store_capture_add(struct store *s, struct capture *c, struct err *err);
int store_capture_get(struct store *s, struct arena *a, int64_t id, struct capture *out,
		      struct err *err);

/* --- pictures of articles ----------------------------------------------------------------------
 */

/* A picture an article shows, kept as a blob so that the site asks nobody else for it. */
struct media {
	struct str url;
	struct str source; /* key of the source whose article wanted it first */
	struct str type;   /* "image/png"; empty: not kept (yet) */
	struct hash body;
	int64_t bytes;
	int width, height; /* 0: not known */
	int64_t fetched;   /* or TIME_UNSTATED */
	int64_t next_due;  /* INT64_MAX: kept, or given up */
	int tries;
	struct str reason; /* why it is not kept: "404 from host" */
};

/* Notes that the article shows it. Due at once where it is new. */
int store_media_want(struct store *s, struct str url, int64_t article_id, struct str source,
		     int64_t now, struct err *err);
/* Up to `limit` that are due, those of the newest articles first. */
int store_media_due(struct store *s, struct arena *a, int64_t now, int64_t limit,
		    struct media **out, size_t *count, struct err *err);
/* How a fetch went. Where it is kept now, the articles that show it have changed. */
int store_media_put(struct store *s, const struct media *m, struct err *err);
/* Whether any picture is kept. */
int store_media_any(struct store *s, bool *any, struct err *err);
/* ERR_NOTFOUND: not kept. */
int store_media_get(struct store *s, struct arena *a, struct str url, struct media *out,
		    struct err *err);
/* The same by the body's hash: for who serves it. */
int store_media_of_body(struct store *s, struct arena *a, const struct hash *body,
			struct media *out, struct err *err);

/* --- articles ----------------------------------------------------------------------------------
 */

/*
 * Which articles an entry may be: by canonical address, by an alias of it, or by guid inside the
 * source. 1 and *id, 0 when new.
 */
int store_article_find(struct store *s, struct str url, struct str source, struct str guid,
		       int64_t *id, struct err *err);

enum store_change { STORE_NEW, STORE_REVISED, STORE_SAME };

/*
 * Stores what was extracted: a new article (key, path and id are given here, once), a new revision
 * where title or text differ after normalisation (store_same_text), else last_seen and fields only.
 * `source` and `guid` of the article are added as one more way it came. `capture_id` 0: none.
 * `reextracted`: the text changed because *we* changed: replaced without a revision.
 */
struct store_put {
	const struct article *article; /* first_seen/last_seen = now unless set */
	int64_t capture_id;
	int64_t now;
	bool reextracted;
	bool edited; /* the caller compared like with like: what differs is the publisher's edit */
	/* A revision that was seen from then on is the same edit: it is amended. TIME_UNSTATED or
	 * 0: there is none. */
	int64_t amend_from;
	/*
	 * Asked where a difference would be an edit: what the standing revision's capture gives
	 * today. What does not differ from that is our change, and no revision. False: there is
	 * nothing to be had. May be NULL.
	 */
	bool (*remake)(void *arg, const struct article *stored, int64_t capture_id,
		       struct article *out);
	void *remake_arg;
	bool keep_path; /* article->path is given (an import) */
	struct str
		around; /* what stood around the article and is not shown: searched all the same */
};
int store_article_put(struct store *s, const struct store_put *put, int64_t *id,
		      enum store_change *change, struct err *err);
/* One more address that leads to it (before redirects, a feed's link). */
int store_alias_add(struct store *s, int64_t id, struct str url, struct err *err);
/*
 * Paths on our site that lead to articles besides the articles' own (aliases that start with "/":
 * the old addresses of an import): at most `limit` behind `after`, by name; and how many there are.
 */
int store_old_paths(struct store *s, struct arena *a, struct str after, int64_t limit,
		    struct strs *out, struct err *err);
int store_old_path_count(struct store *s, int64_t *count, struct err *err);
/* Marks gone (or back: TIME_UNSTATED), as is known `now`. */
int store_article_gone(struct store *s, int64_t id, int64_t gone, int64_t now, struct err *err);

enum store_with { STORE_FIELDS = 0, STORE_TEXT = 1, STORE_HTML = 2, STORE_ALL = 3 };

int store_article_get(struct store *s, struct arena *a, int64_t id, unsigned with,
		      struct article *out, struct err *err);
/* By key, path on the site, id in digits, address or alias. ERR_NOTFOUND. */
int store_article_named(struct store *s, struct arena *a, struct str name, unsigned with,
			struct article *out, struct err *err);
int store_revisions(struct store *s, struct arena *a, int64_t id, struct revision **out,
		    size_t *count, struct err *err);
/* One of them, without its HTML. ERR_NOTFOUND. */
int store_revision_get(struct store *s, struct arena *a, int64_t id, int number,
		       struct revision *out, struct err *err);
/* Sources that carry it, first first. */
int store_article_sources(struct store *s, struct arena *a, int64_t id, struct strs *out,
			  struct err *err);
/* Captures of it, oldest first. */
int store_article_captures(struct store *s, struct arena *a, int64_t id, int64_t **out,
			   size_t *count, struct err *err);

/* Which articles, in which order; all conditions must hold; empty or 0 or TIME_UNSTATED: no
 * condition. */
struct store_query {
	struct str source, keyword, category, language;
	int64_t from, to;      /* date (published, else first seen) in [from, to) */
	int64_t after_id;      /* ids above it, ascending: for walking everything */
	int64_t changed_after; /* change number above it: see store_change_number */
	bool oldest_first;     /* default: newest first by date, then id */
	bool as_changed; /* in the order of their changes: no order has to be made in memory */
	int64_t limit, offset; /* limit 0: all */
	unsigned with;
	size_t text_most; /* bytes of a text at the most, whole characters; 0: all of it */
};

struct store_walk;
int store_walk_open(struct store *s, const struct store_query *q, struct store_walk **out,
		    struct err *err);
/* 1 and *out (strings in a), 0 at the end. */
int store_walk_next(struct store_walk *w, struct arena *a, struct article *out, struct err *err);
void store_walk_close(struct store_walk **w);
int store_count(struct store *s, const struct store_query *q, int64_t *out, struct err *err);

/*
 * What publishers did to articles that were there: a journal of each kind, numbered from 1 without
 * gaps, to which is only added.
 */
enum store_event_kind { STORE_EDITS, STORE_DELETIONS, STORE_EVENT_KINDS };
struct store_event {
	enum store_event_kind kind;
	int64_t number;
	int64_t article_id;
	int revision; /* an edit's; of deletions 0: gone, 1: back again */
	int64_t time; /* when it was noticed */
};
/* Those numbered `from` to `to`, in order. */
int store_events(struct store *s, struct arena *a, enum store_event_kind kind, int64_t from,
		 int64_t to, struct store_event **out, size_t *count, struct err *err);
/* Those of one article, of both kinds. */
int store_article_events(struct store *s, struct arena *a, int64_t id, struct store_event **out,
			 size_t *count, struct err *err);
/* The last number of a kind; 0: none yet. */
int store_event_last(struct store *s, enum store_event_kind kind, int64_t *number, struct err *err);

/* The id of the article that came last; ids are without gaps. 0: none. */
int store_article_last(struct store *s, int64_t *id, struct err *err);

/* Grows with every change of an article: what a build remembers to know what is new. */
int store_change_number(struct store *s, int64_t *out, struct err *err);

/* Keywords, categories, months with their counts, most articles first (months: newest first). They
 * are written at the commit: until then they, and lists by keyword, are as the last one left them.
 */
struct store_group {
	struct str name;
	int64_t count;
	int64_t newest; /* date of its newest article */
};
enum store_group_by {
	STORE_BY_KEYWORD,
	STORE_BY_CATEGORY,
	STORE_BY_SOURCE,
	STORE_BY_MONTH,
	STORE_GROUP_KINDS
};
int store_groups(struct store *s, struct arena *a, enum store_group_by by, int64_t limit,
		 struct store_group **out, size_t *count, struct err *err);

/* --- counts by day ------------------------------------------------------------------------------
 */

/* The dates of the first and the last article of a source (empty: of all); TIME_UNSTATED where
 * there is none. */
int store_span(struct store *s, struct str source, int64_t *first, int64_t *last, struct err *err);
/* Adds to counts[i] how many articles of a source (empty: of all) have their date in day i of
 * `days`, each of 24 hours, the first from `from` on. Reads an index, in the time its rows there
 * take. */
int store_days(struct store *s, struct str source, int64_t from, size_t days, int64_t *counts,
	       struct err *err);
/* The same of the journal's rows; and how many of them are from before an instant. */
int store_event_days(struct store *s, enum store_event_kind kind, int64_t from, size_t days,
		     int64_t *counts, struct err *err);
int store_event_count(struct store *s, enum store_event_kind kind, int64_t before, int64_t *out,
		      struct err *err);

/* --- looking again ------------------------------------------------------------------------------
 */

/* When an article's page is looked at again, and what was seen there. */
struct look {
	int64_t article_id;
	int64_t due;
	int step;           /* how many looks of its schedule are done */
	int tries;          /* failures in a row */
	int64_t gone_first; /* when it was first found gone, not yet confirmed; else TIME_UNSTATED
			     */
	uint64_t title_hash,
		text_hash;  /* store_text_hash of what its page said last; 0: not known */
	uint64_t made_with; /* what was known when that was made; another value: text_hash says
			       nothing */
	int64_t based_on;   /* the revision that stood then, where the text is a feed's */
	struct str etag, last_modified;
};

/* Begins to look, unless it is begun. */
int store_look_begin(struct store *s, int64_t article_id, int64_t due, int step, struct err *err);
int store_look_put(struct store *s, const struct look *look, struct err *err);
/* Looks at it by then; where its schedule is over once more, as its last step. */
int store_look_hasten(struct store *s, int64_t article_id, int64_t due, int last_step,
		      struct err *err);
/* The feed tells of a revision: what the page said before it is forgotten, and the page looked at
 * by then. Nothing where that is done already, or where nothing more is looked at. */
int store_look_rebase(struct store *s, int64_t article_id, int64_t revision, int64_t due,
		      struct err *err);
/* Never again. */
int store_look_end(struct store *s, int64_t article_id, struct err *err);
/* Up to `limit` that are due, longest due first. */
int store_look_due(struct store *s, struct arena *a, int64_t now, int64_t limit, struct look **out,
		   size_t *count, struct err *err);

/* --- small state of other rooms (what a build made from what, ...)
 * ----------------------------------- */

int store_state_get(struct store *s, struct arena *a, struct str key, struct str *out,
		    struct err *err); /* ERR_NOTFOUND */
int store_state_put(struct store *s, struct str key, struct str value, struct err *err);

/* --- search -------------------------------------------------------------------------------------
 */

struct store_search {
	struct str query; /* terms, all of which must occur; "a phrase"; -without; source: tag:
			     from: to: */
	struct str source;
	int64_t from, to;
	int64_t limit, offset; /* limit 0: all */
	bool newest_first; /* else best first: newest, a match in the title counting as a year */
	bool no_snippets;  /* they cost a reading of each text */
	int zone_min;      /* of the days in from: and to:, minutes east of UTC */
};
enum { STORE_SEARCH_CHECKED = 50 };
struct store_hit {
	int64_t id;
	struct str snippet; /* plain text around the first match; \x01 and \x02 stand around what
			       matched */
};
/*
 * *total counts all that match: exactly, but for phrases (and runs of more than two CJK characters)
 * of which there are more than STORE_SEARCH_CHECKED: of those beyond, less than one in a thousand
 * is counted that is none. What is returned has been checked in its text. ERR_INPUT: the query
 * cannot be read. */
int store_search(struct store *s, struct arena *a, const struct store_search *q,
		 struct store_hit **out, size_t *count, int64_t *total, struct err *err);

/* Can the query be read at all? ERR_INPUT says why not; store_search says the same. */
int store_search_check(struct str query, struct err *err);
/* Articles that are not in the search index: written while `index` was off. With it on, each commit
 * takes some in. */
int store_unindexed(struct store *s, int64_t *out, struct err *err);

/*
 * The documents of the search index, by their numbers: an article, as it stands, has one; one that
 * changed has a new one, and where the old one was it says `fallen` while it can still be read, and
 * article 0 stands there later.
 */
struct store_doc {
	int64_t article, date;
	int revision;
	bool fallen;
};
/* Appends to out, a list of struct store_doc: its place there is a document's number. */
int store_docs(struct store *s, struct list *out, struct err *err);

/* What the index has of a document. Of a fallen one these are as they were: title, text, summary,
 * language and keywords. */
struct store_doc_text {
	struct article article;
	struct str around; /* what stood around the text and is searched too */
	struct strs sources;
};
int store_doc_read(struct store *s, struct arena *a, int64_t number, const struct store_doc *doc,
		   struct store_doc_text *out, struct err *err);

/*
 * Documents lie in parts, so that whoever makes another index of them need not make all of it anew
 * when there are more: *from and *to of the part that has a document of `count`. false: it is one
 * of the last, fewer than STORE_DOCS_LOOSE, which are in none. In all but the newest part documents
 * that fall can still be read, unless there are many.
 */
enum { STORE_DOCS_LOOSE = 8 };
bool store_docs_part(int64_t doc, int64_t count, int64_t *from, int64_t *to);

/* --- health --------------------------------------------------------------------------------------
 */

struct store_damage {
	struct str what; /* "article 7jx...: revision 2 is missing" */
};
/*
 * Checks everything: the database's own structure, articles against revisions and captures,
 * captures against blobs, the search index. 0; damages are listed. Calls `progress` (may be NULL)
 * now and then.
 */
int store_verify(struct store *s, struct blob *b, struct arena *a,
		 void (*progress)(void *arg, int64_t done, int64_t all), void *arg,
		 struct store_damage **out, size_t *count, struct err *err);

/* Equal for two texts that are the same by store_same_text. Never 0. */
uint64_t store_text_hash(struct str text);

/* True where two texts differ only in white space, punctuation width, or nothing. */
bool store_same_text(struct str a, struct str b);

#endif
