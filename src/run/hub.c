/*
 * What hubs say is noted in memory, by the server's threads, and written by hub_tend; so a
 * verification is answered at once, however long an update takes. A subscription is in the store
 * before its hub is asked for it, for the hub may verify it before it answers.
 *
 * Killed in between, we have at worst forgotten a verification or a push: the subscription is asked
 * for again, and polling brings what the push had.
 */
#include "run/hub.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/hmac.h"
#include "base/mem.h"
#include "run/hub_private.h"
#include "text/url.h"

enum { LEAST_LEASE_S = 60, MOST_LEASE_S = 365 * 24 * 3600 };

bool hub_is_named(struct str hubs, struct str address)
{
	struct str hub;

	while (str_split(&hubs, ' ', &hub))
		if (str_eq(hub, address))
			return true;
	return false;
}

struct str hub_name(struct arena *a, struct str hubs, struct str address)
{
	struct str rest = hubs, hub;
	int count = 0;

	while (str_split(&rest, ' ', &hub))
		count++;
	if (!url_is_http(address) || str_find_ch(address, ' ') != STR_NONE ||
	    count >= HUB_MAX_NAMED || hub_is_named(hubs, address))
		return hubs;
	return hubs.len ? arena_strf(a, "%.*s %.*s", STR_FMT(hubs), STR_FMT(address))
			: arena_str(a, address);
}

struct hub *hub_new(void)
{
	struct hub *h = mem_alloc(sizeof(*h));

	pthread_mutex_init(&h->lock, NULL);
	arena_init(&h->arena);
	return h;
}

static void push_free(struct hub_waiting **push)
{
	mem_free((*push)->body);
	mem_free((*push)->content_type);
	mem_free(*push);
	*push = NULL;
}

void hub_free(struct hub **hp)
{
	struct hub *h = *hp;

	if (!h)
		return;
	while (h->waiting) {
		struct hub_waiting *push = h->waiting;

		h->waiting = push->next;
		push_free(&push);
	}
	while (h->subs) {
		struct hub_sub *sub = h->subs;

		h->subs = sub->next;
		mem_free(sub);
	}
	pthread_mutex_destroy(&h->lock);
	arena_fini(&h->arena);
	mem_free(h);
	*hp = NULL;
}

struct hub_sub *hub_add(struct hub *h, const struct subscription *row)
{
	struct hub_sub *sub = mem_alloc(sizeof(*sub));

	sub->row = *row;
	sub->row.token = arena_str(&h->arena, row->token);
	sub->row.source = arena_str(&h->arena, row->source);
	sub->row.hub = arena_str(&h->arena, row->hub);
	sub->row.topic = arena_str(&h->arena, row->topic);
	sub->row.secret = arena_str(&h->arena, row->secret);
	hub_set_reason(sub, row->reason);
	pthread_mutex_lock(&h->lock);
	sub->next = h->subs;
	h->subs = sub;
	pthread_mutex_unlock(&h->lock);
	return sub;
}

void hub_set_reason(struct hub_sub *sub, struct str reason)
{
	snprintf(sub->reason, sizeof(sub->reason), "%.*s",
		 (int)(reason.len < sizeof(sub->reason) ? reason.len : sizeof(sub->reason) - 1),
		 reason.len ? reason.ptr : "");
	sub->row.reason = str_of(sub->reason);
}

/* Under the lock. */
static struct hub_sub *find(struct hub *h, struct str token)
{
	for (struct hub_sub *sub = h->subs; sub; sub = sub->next)
		if (str_eq(sub->row.token, token))
			return sub;
	return NULL;
}

/* --- verification (WebSub 5.3) -----------------------------------------------------------------
 */

static void note(struct hub *h, struct hub_sub *sub)
{
	sub->dirty = true;
	h->news = true;
}

static void begin_lease(struct hub *h, struct hub_sub *sub, struct str seconds)
{
	int64_t lease_s = HUB_LEASE_S, now = clock_now();

	if (str_to_i64(seconds, 0, INT64_MAX, &lease_s) && lease_s > MOST_LEASE_S)
		lease_s = MOST_LEASE_S;
	if (lease_s < LEAST_LEASE_S)
		lease_s = LEAST_LEASE_S;
	sub->row.state = SUBSCRIPTION_ACTIVE;
	sub->row.lease_until = now + lease_s * 1000;
	sub->row.next_due = sub->row.lease_until - lease_s * 1000 / 5; /* time for some tries */
	sub->row.tries = 0;
	hub_set_reason(sub, S(""));
	note(h, sub);
}

static void be_denied(struct hub *h, struct hub_sub *sub, struct str reason)
{
	struct arena a;

	arena_init(&a);
	sub->row.state = SUBSCRIPTION_DENIED;
	sub->row.lease_until = TIME_UNSTATED;
	sub->row.next_due = clock_now() + HUB_DENIED_MS;
	hub_set_reason(sub, arena_strf(&a, "denied%s%.*s", reason.len ? ": " : "",
				       (int)(reason.len < 120 ? reason.len : 120), reason.ptr));
	note(h, sub);
	arena_fini(&a);
}

static bool answer_question(struct hub *h, struct hub_sub *sub, const struct hub_question *q)
{
	bool ending = sub->row.state == SUBSCRIPTION_ENDING;

	if (!str_eq(q->topic, sub->row.topic))
		return false;
	if (str_eq(q->mode, S("denied")) && !ending) {
		be_denied(h, sub, q->reason);
		return true;
	}
	if (q->challenge.len == 0 || q->challenge.len > HUB_MAX_CHALLENGE)
		return false;
	if (str_eq(q->mode, S("subscribe")) && !ending) {
		begin_lease(h, sub, q->lease_seconds);
		return true;
	}
	if (str_eq(q->mode, S("unsubscribe")) && ending) {
		sub->ended = true;
		note(h, sub);
		return true;
	}
	return false;
}

int hub_verify(struct hub *h, struct str token, const struct hub_question *q, struct buf *out)
{
	pthread_mutex_lock(&h->lock);
	struct hub_sub *sub = find(h, token);
	bool wanted = sub && answer_question(h, sub, q);
	if (wanted)
		sub->heard = true;
	pthread_mutex_unlock(&h->lock);
	if (wanted)
		buf_add(out, q->challenge);
	return wanted ? 200 : 404;
}

/* --- pushes (WebSub 7) -------------------------------------------------------------------------
 */

int hub_expects(struct hub *h, struct str token)
{
	pthread_mutex_lock(&h->lock);
	struct hub_sub *sub = find(h, token);
	int status = !sub                                        ? 404
		     : sub->row.state == SUBSCRIPTION_ENDING     ? 410
		     : h->waiting_bytes >= HUB_MAX_WAITING_BYTES ? 503
								 : 0;
	pthread_mutex_unlock(&h->lock);
	return status;
}

static char *copy(struct str s)
{
	char *text = mem_alloc(s.len + 1);

	if (s.len)
		memcpy(text, s.ptr, s.len);
	return text;
}

/* Under the lock: false where it stands there already. */
static bool queue(struct hub *h, struct hub_sub *sub, const struct hub_content *c)
{
	struct hub_waiting **last = &h->waiting;

	for (; *last; last = &(*last)->next)
		if (str_eq((*last)->token, sub->row.token) &&
		    str_eq(str_n((*last)->body, (*last)->len), c->body))
			return false;
	struct hub_waiting *push = mem_alloc(sizeof(*push));
	push->token = sub->row.token;
	push->source = sub->row.source;
	push->received = clock_now();
	push->until = sub->row.state == SUBSCRIPTION_ACTIVE ? sub->row.lease_until : 0;
	push->len = c->body.len;
	push->body = copy(c->body);
	push->content_type = copy(c->content_type);
	*last = push;
	h->waiting_bytes += push->len;
	return true;
}

/* Under the lock. */
static bool has_room(const struct hub *h, size_t len)
{
	return h->waiting_bytes == 0 || (h->waiting_bytes < HUB_MAX_WAITING_BYTES &&
					 len <= HUB_MAX_WAITING_BYTES - h->waiting_bytes);
}

int hub_push(struct hub *h, struct str token, const struct hub_content *c)
{
	char secret[HUB_SECRET_HEX + 1] = "";
	int status = hub_expects(h, token);

	if (status)
		return status;
	pthread_mutex_lock(&h->lock);
	struct hub_sub *sub = find(h, token);
	if (sub)
		snprintf(secret, sizeof(secret), "%.*s", STR_FMT(sub->row.secret));
	pthread_mutex_unlock(&h->lock);
	/* Without the lock: a large body takes its time. */
	bool signed_well = hmac_check(c->signature, str_of(secret), c->body);
	status = 202;
	pthread_mutex_lock(&h->lock);
	sub = find(h, token);
	if (!sub) {
		status = 410;
	} else if (!signed_well) {
		sub->row.refused++;
		sub->dirty = true;
	} else if (!has_room(h, c->body.len)) {
		status = 503;
	} else if (queue(h, sub, c)) {
		sub->row.pushes++;
		sub->row.last_push = clock_now();
		note(h, sub);
	}
	pthread_mutex_unlock(&h->lock);
	return status;
}

bool hub_has_news(struct hub *h)
{
	pthread_mutex_lock(&h->lock);
	bool news = h->news;
	pthread_mutex_unlock(&h->lock);
	return news;
}

static bool is_taken(const struct pipeline_push *pushes, size_t count, struct str source)
{
	for (size_t i = 0; i < count; i++)
		if (str_eq(pushes[i].source, source))
			return true;
	return false;
}

size_t hub_take(struct hub *h, struct pipeline_push **out)
{
	size_t count = 0;

	pthread_mutex_lock(&h->lock);
	*out = mem_array(HUB_MAX_TAKEN, sizeof(**out));
	for (struct hub_waiting **at = &h->waiting; *at && count < HUB_MAX_TAKEN;) {
		struct hub_waiting *push = *at;

		if (is_taken(*out, count, push->source)) {
			at = &push->next;
			continue;
		}
		*at = push->next;
		h->waiting_bytes -= push->len;
		(*out)[count++] = (struct pipeline_push){
			.source = push->source,
			.body = str_n(push->body, push->len),
			.content_type = str_of(push->content_type),
			.received = push->received,
			.until = push->until,
			.owner = push,
		};
	}
	h->news = h->waiting != NULL;
	pthread_mutex_unlock(&h->lock);
	return count;
}

void hub_give_back(struct pipeline_push **pushes, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct hub_waiting *push = (*pushes)[i].owner;

		push_free(&push);
	}
	mem_free(*pushes);
	*pushes = NULL;
}
