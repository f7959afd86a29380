/*
 * What the stages of a run share, and what they hand each other.
 *
 * An errand is one address on its way: it goes out on the network thread, is read by a worker and
 * stored by the writer, and belongs to whoever holds it. Only `lock` guards what several threads
 * touch.
 */
#ifndef DIBAO_RUN_PRIVATE_H
#define DIBAO_RUN_PRIVATE_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/arena.h"
#include "base/list.h"
#include "base/queue.h"
#include "base/thread.h"
#include "run/learnt.h"
#include "run/pipeline.h"
#include "run/remake.h"
#include "source/recent.h"
#include "source/source.h"

enum {
	RUN_MAX_WORKERS = 16,
	RUN_QUEUE = 8,    /* errands waiting for a worker; results waiting for the writer */
	RUN_WINDOW = 128, /* feeds inside fetch */
	RUN_MAX_WANTED_BYTES =
		8 << 20, /* entries waiting for their pages: past it no more feeds start */
	RUN_MAX_PAGES_A_SOURCE = 1000, /* in one run; the rest comes with the next */
	RUN_BATCH_ENTRIES = 16,
	RUN_BATCH_BYTES = 64 << 10,
	RUN_COMMIT_MS = 300,
	RUN_COMMIT_PUTS = 1000
};

/* A new article of this run: what it kept may turn out to be furniture when more is known. */
struct taught {
	int64_t id;
	struct lesson lesson; /* of what it kept */
	struct taught *next;
};

/* An article that the feed at hand names. */
struct present {
	int64_t id, date;
	struct present *next;
};

/* A source in this run. Belongs to the writer, but for what is set before the threads start. */
struct followed {
	const struct source *source;
	struct source_state state;
	struct str address; /* what is fetched: the source's, or where it moved for good */
	bool without_validators;
	const struct pipeline_push *push; /* came to us; NULL: is fetched */
	/* Loaded by the network thread when there is something to read, freed by the writer when
	 * the source has ended. */
	struct learnt *learnt;
	struct taught *taught;
	struct recent *recent; /* as state.recent says, and since; NULL: unread */
	struct present *present;
	size_t present_count;
	int64_t read_from; /* when its entries began to be stored; 0: not yet */
	/* the writer's, while its feed is being stored */
	struct arena arena; /* of the strings below and of those set in state */
	int64_t capture_id;
	int64_t pages_left, pages_asked, pages_failed;
	int64_t articles_new, entries;
	struct str final_url;
	struct schedule schedule;
	bool moved_for_good;
	bool parsed;            /* every entry of its feed has been seen */
	bool incomplete;        /* some pages come later: the feed is to be read again */
	struct str page_reason; /* why a page failed */
	struct str feed_reason; /* why its feed could not be read to the end; empty if it could */
};

struct turn {
	size_t round; /* sources of the same host before it */
	size_t place; /* in run.followed */
};

/* An entry whose page is fetched. */
struct wanted {
	struct arena arena;
	struct article article; /* as the feed has it; text empty where it had none */
	struct str link;
	int64_t known; /* id of the article, where an earlier look failed; else 0 */
	int tries;
	size_t bytes;        /* counted in run.wanted_bytes */
	struct wanted_also { /* other sources that brought the same address meanwhile */
		struct followed *followed;
		struct str guid;
		struct wanted_also *next;
	} * also;
};

struct errand {
	struct followed *followed;
	struct wanted *wanted; /* NULL: the source's feed */
	struct fetch_job *job;
	bool kept;           /* the body is in a blob */
	bool same_bytes;     /* as last time */
	struct errand *next; /* in run.asked */
};

/* One entry read by a worker. */
struct found {
	struct article article; /* without text where the entry has none worth keeping */
	struct str link;
	bool wants_page;
	struct lesson lesson; /* of an entry whose content is the article */
};

enum result_kind { RESULT_OUTCOME, RESULT_ENTRIES, RESULT_PAGE };

/* What a worker (or, for RESULT_OUTCOME, the network thread) has for the writer. */
struct result {
	enum result_kind kind;
	struct arena arena;
	struct errand *errand;
	/* RESULT_ENTRIES */
	struct found *items;
	size_t count;
	bool last; /* the errand ends with this one */
	/* what the feed says of itself, with the last */
	struct str home_url, hubs, topic;
	int64_t ttl_ms, gap_ms;
	/* RESULT_PAGE */
	struct article article;
	struct lesson lesson;
	/* either: why it could not be read; empty if it could */
	char reason[160];
};

struct failure_note {
	struct pipeline_failure failure;
	struct failure_note *next;
};

struct run {
	const struct pipeline_options *opt;
	struct blob *blob;
	struct store *store;   /* the writer's once threads run */
	struct store *reading; /* the network thread's */
	struct list again;     /* int64_t: articles to be read again at the end; the writer's */
	struct fetch *fetch;   /* the network thread's */
	struct queue *to_work, *to_write;
	struct thread workers[RUN_MAX_WORKERS], writer;
	int worker_count;
	struct arena arena;
	struct followed *followed;
	size_t followed_count;
	struct turn *turns; /* in which order they are fetched */
	atomic_size_t open; /* sources that have not ended */
	atomic_size_t wanted_bytes;
	atomic_bool stopping;                    /* asked to, or the store failed */
	pthread_mutex_t lock;                    /* of what follows */
	struct pipeline_counts counts;           /* as of the last commit */
	struct errand *asked_first, *asked_last; /* pages, by the writer for the network thread */
	struct failure_note *failures;
	struct arena notes;
	struct err err; /* what ended the run; code 0 if nothing did */
};

void *work_run(void *run);
void *write_run(void *run);

/* missing.c: the feed names the article; looks at those it no longer names, though it did when it
 * was read at `before` (0: it was not). */
void missing_note(struct followed *f, int64_t id, int64_t date);
int missing_look(struct run *r, struct followed *f, int64_t before, int64_t now, struct err *err);

void run_fail(struct run *r, const struct err *err); /* any thread: ends the run */
void errand_free(struct errand **e);
void result_free(struct result **res);
struct result *result_new(enum result_kind kind, struct errand *e);

/* A copy of everything in a, so that what it came from can go. */
void article_copy(struct arena *a, const struct article *from, struct article *to);
size_t article_bytes(const struct article *art);

#endif
