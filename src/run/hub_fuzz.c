/*
 * Whatever a hub asks and pushes: lines of mode, topic, challenge, lease and signature, then a
 * body. Only the right topic is agreed to, and no push is taken without the secret.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "run/hub.h"
#include "run/hub_private.h"
#include "text/link.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_links(struct str rest)
{
	const char *end = rest.ptr + rest.len;
	struct link link;

	while (link_next(&rest, &link)) {
		if (link.target.len && link.target.ptr + link.target.len > end)
			abort();
		link_is(&link, S("hub"));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct subscription row = {
		.token = STR("t"),
		.source = STR("a"),
		.topic = STR("http://e/f"),
		.secret = STR("k"),
		.state = SUBSCRIPTION_ASKED,
	};
	struct str rest = { (const char *)data, size }, signature;
	struct hub_question q = { 0 };
	struct hub *h = hub_new();
	struct pipeline_push *pushes;
	struct buf out;

	check_links(rest);
	hub_add(h, &row);
	if (!str_split(&rest, '\n', &q.mode) || !str_split(&rest, '\n', &q.topic) ||
	    !str_split(&rest, '\n', &q.challenge) || !str_split(&rest, '\n', &q.lease_seconds) ||
	    !str_split(&rest, '\n', &signature)) {
		hub_free(&h);
		return 0;
	}
	q.reason = q.challenge;
	buf_init(&out, BUF_NO_MAX);
	if (hub_verify(h, S("t"), &q, &out) == 200 && !str_eq(q.topic, row.topic))
		abort();
	const struct hub_content c = { .body = rest, .signature = signature };
	hub_push(h, S("t"), &c);
	size_t count = hub_take(h, &pushes);
	/* Nobody guesses an HMAC; a seed has the right one of "<rss/>". */
	if (count && !str_eq(pushes[0].body, S("<rss/>")))
		abort();
	hub_give_back(&pushes, count);
	buf_fini(&out);
	hub_free(&h);
	return 0;
}
