/*
 * hub - subscriptions at the hubs that feeds name, and the pushes they bring: WebSub (W3C
 * Recommendation of 23 January 2018), the subscriber's side.
 *
 * Each subscription has a callback address of its own that nobody can guess, and a secret its
 * pushes are signed with. Polling goes on, seldom, once a hub has shown that it tells of changes.
 *
 * Threads: hub_verify, hub_expects and hub_push on any; all else belongs to the thread that owns
 * the store between two updates. Limits: HUB_MAX_WAITING_BYTES of pushes wait; past it a hub is
 * asked to come again.
 */
#ifndef DIBAO_RUN_HUB_H
#define DIBAO_RUN_HUB_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "fetch/fetch.h"
#include "model.h"
#include "run/pipeline.h"
#include "store/store.h"

enum {
	HUB_MAX_WAITING_BYTES = 16 << 20,
	HUB_MAX_CHALLENGE = 4096,
	HUB_MAX_NAMED = 4,           /* hubs of one feed */
	HUB_MAX_TEND_MS = 30000,     /* of asking hubs, between two updates */
	HUB_LEASE_S = 10 * 24 * 3600 /* what is asked for */
};

struct hub;

/* Is `address` among `hubs`, which a space divides? */
bool hub_is_named(struct str hubs, struct str address);
/* `hubs` with `address` behind them, unless it is there, is none, or they are HUB_MAX_NAMED. */
struct str hub_name(struct arena *a, struct str hubs, struct str address);

struct hub *hub_new(void);
void hub_free(struct hub **h);

/* --- what hubs ask of us: any thread; the results are statuses of HTTP -------------------------
 */

/* The arguments of a request for the callback; empty where they are missing. */
struct hub_question {
	struct str mode, topic, challenge, lease_seconds, reason;
};
/* Is this subscription (its end) what we want? 200 with the challenge appended, or 404. */
int hub_verify(struct hub *h, struct str token, const struct hub_question *q, struct buf *out);

/* Before a body is read: 0, or 404 (no such callback), 410 (no longer), 503 (later). */
int hub_expects(struct hub *h, struct str token);
struct hub_content {
	struct str body, content_type;
	struct str signature; /* X-Hub-Signature */
};
/* Takes a push. One that is not signed as it should be is thanked for and forgotten (WebSub 7.1).
 */
int hub_push(struct hub *h, struct str token, const struct hub_content *c);

/* --- between two updates -----------------------------------------------------------------------
 */

struct hub_failure {
	struct str source, hub, reason;
	int64_t next_due;
};

struct hub_options {
	struct store_options store;
	struct fetch_options fetch;
	struct str callback; /* "https://example.org/websub/"; empty: no subscriptions are wanted */
	const struct source *sources;
	size_t source_count;
	const atomic_int *stop;
	void (*fail)(void *arg, const struct hub_failure *f); /* may be NULL */
	void *arg;
};

struct hub_counts {
	int64_t asked, failed;         /* in this call */
	int64_t subscriptions, active; /* as they stand now */
	int64_t pushes, refused;       /* since they began */
	int64_t next_due;              /* INT64_MAX: nothing is */
};

/*
 * Writes what hubs have said, begins subscriptions that sources want, renews those whose lease
 * ends, ends those that nothing wants any more. The first call reads what the store has; sources
 * whose hub had told of changes are polled soon, for nobody has listened meanwhile.
 */
int hub_tend(struct hub *h, const struct hub_options *opt, struct hub_counts *out, struct err *err);

/* Is there something for hub_tend or hub_take to do? */
bool hub_has_news(struct hub *h);

/* At most one push a source, oldest first; an array to be given to hub_give_back. The rest waits.
 */
size_t hub_take(struct hub *h, struct pipeline_push **out);
void hub_give_back(struct pipeline_push **pushes, size_t count);

#endif
