/* What hub.c and hub_tend.c share. */
#ifndef DIBAO_RUN_HUB_PRIVATE_H
#define DIBAO_RUN_HUB_PRIVATE_H

#include <pthread.h>

#include "base/arena.h"
#include "run/hub.h"

enum {
	HUB_TOKEN_HEX = 40,
	HUB_SECRET_HEX = 64,
	HUB_MAX_TAKEN = 256,
	HUB_DENIED_MS = 7 * 24 * 3600 * 1000, /* before a hub that said no is asked again */
	HUB_VERIFY_MS = 3600 * 1000           /* given to it for verifying */
};

struct hub_sub {
	struct subscription row; /* its reason is the one below */
	char reason[160];
	bool dirty; /* not written yet */
	bool asked; /* in this round */
	bool heard; /* since it was asked */
	bool ended; /* the hub has verified its end, or will not any more */
	struct hub_sub *next;
};

/* A push that waits for the next update. */
struct hub_waiting {
	struct str token, source; /* in the hub's arena */
	char *body, *content_type;
	size_t len;
	int64_t received, until;
	struct hub_waiting *next;
};

struct hub {
	struct arena arena; /* of the subscriptions' strings: those that never change */
	bool loaded;
	pthread_mutex_t lock; /* of what follows; only hub_tend adds and frees subscriptions */
	struct hub_sub *subs;
	struct hub_waiting *waiting;
	size_t waiting_bytes;
	bool news;
};

struct hub_sub *hub_add(struct hub *h, const struct subscription *row);
void hub_set_reason(struct hub_sub *sub, struct str reason);

#endif
