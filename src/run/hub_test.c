#include "run/hub.h"

#include "base/check.h"
#include "run/hub_private.h"

#define TOPIC  STR("http://e/feed.xml")
#define SIGNED STR("sha1=22f65e7311b1ec97b2c4c0c4dcb6bf99762d61d9") /* of "<rss/>" under "key" */

static const struct {
	const char *why;
	enum subscription_state state;
	struct hub_question question;
	int status;
	enum subscription_state then;
} questions[] = {
	{ "what was asked for is agreed to",
	  SUBSCRIPTION_ASKED,
	  { STR("subscribe"), TOPIC, STR("abc"), STR("3600"), STR("") },
	  200,
	  SUBSCRIPTION_ACTIVE },
	{ "a lease is renewed",
	  SUBSCRIPTION_ACTIVE,
	  { STR("subscribe"), TOPIC, STR("abc"), STR("3600"), STR("") },
	  200,
	  SUBSCRIPTION_ACTIVE },
	{ "a lease that is no number is the one we asked for",
	  SUBSCRIPTION_ASKED,
	  { STR("subscribe"), TOPIC, STR("abc"), STR("soon"), STR("") },
	  200,
	  SUBSCRIPTION_ACTIVE },
	{ "another topic is not ours",
	  SUBSCRIPTION_ASKED,
	  { STR("subscribe"), STR("http://e/other"), STR("abc"), STR("3600"), STR("") },
	  404,
	  SUBSCRIPTION_ASKED },
	{ "without a challenge there is nothing to say",
	  SUBSCRIPTION_ASKED,
	  { STR("subscribe"), TOPIC, STR(""), STR("3600"), STR("") },
	  404,
	  SUBSCRIPTION_ASKED },
	{ "an end that nobody wants",
	  SUBSCRIPTION_ACTIVE,
	  { STR("unsubscribe"), TOPIC, STR("abc"), STR(""), STR("") },
	  404,
	  SUBSCRIPTION_ACTIVE },
	{ "an end that is wanted",
	  SUBSCRIPTION_ENDING,
	  { STR("unsubscribe"), TOPIC, STR("abc"), STR(""), STR("") },
	  200,
	  SUBSCRIPTION_ENDING },
	{ "what is ending does not begin again",
	  SUBSCRIPTION_ENDING,
	  { STR("subscribe"), TOPIC, STR("abc"), STR("3600"), STR("") },
	  404,
	  SUBSCRIPTION_ENDING },
	{ "denied",
	  SUBSCRIPTION_ASKED,
	  { STR("denied"), TOPIC, STR(""), STR(""), STR("no") },
	  200,
	  SUBSCRIPTION_DENIED },
	{ "a hub may end it too",
	  SUBSCRIPTION_ACTIVE,
	  { STR("denied"), TOPIC, STR(""), STR(""), STR("") },
	  200,
	  SUBSCRIPTION_DENIED },
	{ "no mode",
	  SUBSCRIPTION_ASKED,
	  { STR(""), TOPIC, STR("abc"), STR(""), STR("") },
	  404,
	  SUBSCRIPTION_ASKED },
};

static struct hub_sub *add(struct hub *h, struct str token, struct str source,
			   enum subscription_state state)
{
	const struct subscription row = {
		.token = token,
		.source = source,
		.hub = STR("http://hub/"),
		.topic = TOPIC,
		.secret = STR("key"),
		.state = state,
		.lease_until = TIME_UNSTATED,
		.last_push = TIME_UNSTATED,
	};

	return hub_add(h, &row);
}

static void test_questions(void)
{
	for (size_t i = 0; i < sizeof(questions) / sizeof(questions[0]); i++) {
		struct hub *h = hub_new();
		struct hub_sub *sub = add(h, S("token"), S("a"), questions[i].state);
		struct buf out;

		buf_init(&out, BUF_NO_MAX);
		int status = hub_verify(h, S("token"), &questions[i].question, &out);
		CHECK_I64(questions[i].why, status, questions[i].status);
		CHECK_I64(questions[i].why, sub->row.state, questions[i].then);
		CHECK_STR(questions[i].why, buf_str(&out),
			  status == 200 ? questions[i].question.challenge : S(""));
		CHECK_I64("no other token", hub_verify(h, S("toke"), &questions[i].question, &out),
			  404);
		buf_fini(&out);
		hub_free(&h);
	}
}

static size_t waiting(struct hub *h)
{
	struct pipeline_push *pushes;
	size_t count = hub_take(h, &pushes);

	hub_give_back(&pushes, count);
	return count;
}

static void test_pushes(void)
{
	struct hub *h = hub_new();
	struct hub_sub *one = add(h, S("one"), S("a"), SUBSCRIPTION_ACTIVE);
	add(h, S("two"), S("b"), SUBSCRIPTION_ENDING);
	add(h, S("three"), S("a"), SUBSCRIPTION_ASKED);
	struct hub_content c = { .body = STR("<rss/>"), .signature = SIGNED };
	struct hub_content unsigned_one = { .body = STR("<rss/>") };

	CHECK_I64("unknown", hub_push(h, S("four"), &c), 404);
	CHECK_I64("over", hub_push(h, S("two"), &c), 410);
	CHECK_I64("thanked for", hub_push(h, S("one"), &unsigned_one), 202);
	CHECK_I64("and forgotten", (int64_t)waiting(h), 0);
	CHECK_I64("counted", one->row.refused, 1);
	CHECK(!hub_has_news(h));
	CHECK_I64("taken", hub_push(h, S("one"), &c), 202);
	CHECK_I64("the same again", hub_push(h, S("one"), &c), 202);
	CHECK_I64("of the same source", hub_push(h, S("three"), &c), 202);
	CHECK_I64("once", one->row.pushes, 1);
	CHECK(hub_has_news(h));
	CHECK_I64("one of a source at a time", (int64_t)waiting(h), 1);
	CHECK(hub_has_news(h));
	CHECK_I64("then the next", (int64_t)waiting(h), 1);
	CHECK_I64("then none", (int64_t)waiting(h), 0);
	CHECK(!hub_has_news(h));
	hub_free(&h);
}

static void test_ceiling(void)
{
	struct hub *h = hub_new();
	struct hub_content c = { .body = STR("<rss/>"), .signature = SIGNED };

	add(h, S("one"), S("a"), SUBSCRIPTION_ACTIVE);
	h->waiting_bytes = HUB_MAX_WAITING_BYTES;
	CHECK_I64("later", hub_expects(h, S("one")), 503);
	CHECK_I64("later", hub_push(h, S("one"), &c), 503);
	h->waiting_bytes = 0;
	CHECK_I64("there is room again", hub_expects(h, S("one")), 0);
	hub_free(&h);
}

static void test_names(void)
{
	struct arena a;
	struct str hubs = { 0 };

	arena_init(&a);
	CHECK(!hub_is_named(hubs, S("")));
	hubs = hub_name(&a, hubs, S("https://one.example/"));
	hubs = hub_name(&a, hubs, S("https://one.example/"));
	hubs = hub_name(&a, hubs, S("ftp://two.example/"));
	hubs = hub_name(&a, hubs, S("https://two.example/a b"));
	CHECK_STR("once, and only an address", hubs, S("https://one.example/"));
	hubs = hub_name(&a, hubs, S("https://two.example/"));
	CHECK(hub_is_named(hubs, S("https://two.example/")));
	CHECK(!hub_is_named(hubs, S("https://two.example")));
	hubs = hub_name(&a, hubs, S("http://three/"));
	hubs = hub_name(&a, hubs, S("http://four/"));
	CHECK_STR("four are enough", hub_name(&a, hubs, S("http://five/")), hubs);
	arena_fini(&a);
}

int main(void)
{
	test_names();
	test_questions();
	test_pushes();
	test_ceiling();
	return check_done();
}
