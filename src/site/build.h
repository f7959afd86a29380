/* What the files of the build share: build.c (everything), build_some.c (what changed),
 * build_list.c, build_state.c. */
#ifndef DIBAO_SITE_BUILD_H
#define DIBAO_SITE_BUILD_H

#include <stdio.h>

#include "base/file.h"
#include "base/list.h"
#include "site/output.h"
#include "site/private.h"

/* What the last build left beside the files, in OUT/.dibao: of what it was made, and which files it
 * wrote. */
struct build_state {
	bool known;           /* there is one of this kind */
	uint64_t fingerprint; /* theme, settings, program */
	bool packed;          /* .gz files were made */
	int64_t change;       /* the store's change number */
	struct map sources;   /* key -> hash of what other pages show of it (uint64_t *) */
	int64_t last_article, last_event[STORE_EVENT_KINDS]; /* as in struct site */
};

struct build {
	struct site *site;
	const char *dir; /* where it is built; moved to its place at the end when fresh */
	struct output *output;
	struct output_hand *hand; /* a worker's: files are written at once, not queued */
	struct archive *archive;  /* parts the walk has met; NULL: each is read for itself */
	struct crew *crew;        /* makes pages while all is built; NULL: there is none */
	FILE *manifest;
	bool fresh;        /* nobody reads it before it is whole */
	bool anew;         /* it lists everything, in place of the old one */
	struct arena life; /* as long as the build */
	struct arena page; /* reset after each page */
	struct buf bytes;
	const struct site_progress *progress;
	int64_t done, all;
	struct str search_state; /* what the search will have been made of; empty: as it was */
	struct err *err;
};

int state_read(struct arena *a, const char *dir, struct build_state *out, struct err *err);
/* Writes it: `made` is what it was made from, as it was known when the build began. */
int state_write(const char *dir, const struct site *s, const struct build_state *made,
		struct err *err);

/*
 * The manifest has a line for each file: "F<TAB>PATH", and for articles
 * "A<TAB>PATH<TAB>DATE<TAB>LIST..." with the lists it stands on. A line is there before the file
 * is.
 */
int manifest_start(struct build *b, bool anew, struct err *err);
void manifest_file(struct build *b, struct str path);
void manifest_article(struct build *b, struct str path, int64_t date, const struct strs *lists);
int manifest_flush(struct build *b, struct err *err);
/* Removes files of the old manifest that the new one has not. */
int manifest_finish_anew(struct build *b, struct err *err);
/* Puts the new one in its place, when they are gone. */
int manifest_place(struct build *b, struct err *err);
/* The lists and dates old lines have for a path; calls back for each line. */
int manifest_lookup(const char *dir, const struct map *paths,
		    void (*found)(void *arg, struct str path, int64_t date, struct str lists),
		    void *arg, struct err *err);

/* Puts b->bytes as `path`. */
int build_put(struct build *b, struct str path);
/* The same of other bytes, without asking how many they are. */
int build_put_bytes(struct build *b, struct str path, struct buf *bytes);
/* Renders one page of the site by its path and puts it. */
int build_page(struct build *b, const char *path);
/* Puts the page of a source's older years, or removes it where there are none; before the source's
 * own. */
int build_calendar(struct build *b, const struct site_source *source);
int build_tell(struct build *b, int64_t more);
/* Puts the pictures that the page just rendered shows; before the page itself. */
int build_pictures(struct build *b);

/* Puts an article's page of edits, where it has one; before the article, which links to it. */
int build_edits(struct build *b, const struct article *art, const struct article_context *ctx);

/* Article, its lists and its page. */
struct strs article_lists(struct site *s, struct arena *a, const struct article *art,
			  const struct strs *sources);
struct str list_key(struct arena *a, const struct list_ref *ref);
bool list_of_key(struct str key, struct list_ref *ref);

/* --- filling lists, oldest first
 * ------------------------------------------------------------------ */

/* A headline that several lists hold; freed with the last of them. */
struct kept {
	int holders;
	struct headline h;
};
struct kept *kept_new(const struct headline *h, bool brief); /* brief: without excerpt */
struct kept *kept_hold(struct kept *k);
void kept_drop(struct kept *k);

/* A window (related.h) whose articles' `mine` are kept headlines. */
struct related *nearby_window(void);
/* The nearest before `art`, which is taken in: at most RELATED_SHOWN, held by the window. */
size_t nearby_next(struct related *window, const struct article *art, const struct headline *h,
		   struct kept **out);

struct list_builder {
	struct list_ref ref;
	struct str path;
	struct kept **items; /* oldest first; those on no page yet */
	size_t count;
	int64_t pages; /* numbered pages put */
};
void list_builder_init(struct build *b, struct list_builder *l, const struct list_ref *ref);
int list_builder_add(struct build *b, struct list_builder *l, struct kept *k);
/* Puts what is left: the last numbered page, the newest page, and the feed. */
int list_builder_end(struct build *b, struct list_builder *l);
void list_builder_fini(struct list_builder *l);
/* A list of `total` articles out of the store, without its first `from_page` numbered pages. */
int build_list(struct build *b, const struct list_ref *ref, int64_t from_page, int64_t total);

/* --- threads that make pages
 * -------------------------------------------------------------------- */

/*
 * Work is handed over in batches: what belongs to it lies in the arena of its batch or is a `kept`
 * the batch holds. Pages are written in any order: whoever writes one that names them calls
 * crew_wait before, unless nobody reads the site yet.
 */
struct batch;
struct arena *batch_arena(struct batch *batch);
void batch_hold(struct batch *batch, struct kept *k);

int crew_start(struct build *b, struct crew **out);
/* Where the next article is put. */
struct batch *crew_room(struct crew *c);
int crew_add(struct crew *c, const struct article *art, const struct article_context *ctx,
	     const struct headline *h);
/* For anything else: `work` is called with `what` by one of the threads, with its own build. */
struct batch *crew_batch(struct crew *c);
typedef int crew_work(struct build *b, const void *what);
int crew_do(struct crew *c, struct batch *batch, crew_work *work, const void *what);
int crew_wait(struct crew *c);
/* Waits where all went well; frees. */
int crew_end(struct crew **c, int r);
/* Whether pages that are no articles' are made by the crew too. */
bool crew_makes_all(const struct build *b);

/*
 * The archive of the feed while all articles are walked over: a part is put when the walk has met
 * all of its articles. What came in quite another order than that of the dates, of so many articles
 * that they are not held, is read by build_journal.
 */
struct archive *archive_new(struct build *b);
int archive_add(struct build *b, struct kept *k);
void archive_free(struct archive **archive);

/* What is numbered as it comes: pages of edits and deletions, the archive of the feed. `old` NULL:
 * all of it; else what came since, and what shows one of the `changed` articles (int64_t ids). */
int build_journal(struct build *b, const struct build_state *old, const struct list *changed);

/* The search index. */
int build_search(struct build *b);
/* Remembers what it was made of: when all files are in their places. */
int build_search_done(struct build *b, struct err *err);

int build_all(struct build *b, struct err *err);
/* 1: done; 0: all must be built. */
int build_some(struct build *b, const struct build_state *old, struct err *err);

#endif
