#include "source/source.h"

#include "base/check.h"

static const struct {
	const char *why;
	struct str name, url, want;
} keys[] = {
	{ "a name", STR("BBC News: World"), STR("https://www.bbc.co.uk/"), STR("bbc-news-world") },
	{ "another script: the site", STR("中央社即時新聞"), STR("https://www.cna.com.tw/rss"),
	  STR("cna-com-tw") },
	{ "hardly a name", STR("2 中文新聞網"), STR("https://m.example.org/"), STR("example-org") },
	{ "no name", STR(""), STR("https://example.org/feed"), STR("example-org") },
	{ "nothing at all", STR("!"), STR("x"), STR("source") },
	{ "taken", STR("Taken"), STR("https://example.org/"), STR("taken-3") },
	{ "long", STR("The very long name of a newspaper that nobody reads any more"), STR(""),
	  STR("the-very-long-name-of-a-newspaper-t") },
};

static const struct {
	const char *why;
	struct schedule s;
	int64_t least, most; /* minutes */
} waits[] = {
	{ "nothing known: an hour", { .salt = 1 }, 60, 66 },
	{ "half of what it usually takes", { .gap_ms = 4 * 3600000, .salt = 2 }, 120, 132 },
	{ "a quick one: no less than 15 minutes", { .gap_ms = 1000, .salt = 3 }, 15, 17 },
	{ "a dead one: a day", { .gap_ms = (int64_t)90 * 86400000, .salt = 4 }, 1440, 1440 },
	{ "ttl is kept", { .gap_ms = 1000, .ttl_ms = 3 * 3600000, .salt = 5 }, 180, 198 },
	{ "max-age is kept", { .gap_ms = 1000, .max_age_ms = 2 * 3600000 }, 120, 132 },
	{ "an absurd ttl is a day", { .ttl_ms = (int64_t)400 * 86400000 }, 1440, 1440 },
	{ "the operator's word", { .every_ms = 60000, .ttl_ms = 3600000 }, 1, 1 },
	{ "a hub tells of changes",
	  { .gap_ms = 3600000, .push_until = (int64_t)9 * 86400000 },
	  720,
	  792 },
	{ "its word soon ends", { .gap_ms = 3600000, .push_until = 4600000 }, 60, 66 },
	{ "its word has ended", { .gap_ms = 3600000, .push_until = 900000 }, 30, 33 },
	{ "the operator's word stands before a hub's",
	  { .every_ms = 60000, .push_until = (int64_t)9 * 86400000 },
	  1,
	  1 },
	{ "a first failure", { .failures = 1 }, 5, 6 },
	{ "a third", { .failures = 3, .every_ms = 60000 }, 20, 22 },
	{ "a thousandth", { .failures = 1000 }, 1296, 1426 },
	{ "Retry-After", { .failures = 1, .retry_after_ms = 3600000 }, 60, 60 },
	{ "Retry-After of a week", { .failures = 1, .retry_after_ms = 604800000 }, 10080, 10080 },
};

int main(void)
{
	struct str taken_items[] = { STR("taken"), STR("taken-2") };
	struct strs taken = { taken_items, 2 };
	struct arena a;

	arena_init(&a);
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		CHECK_STR(keys[i].why, source_key(&a, keys[i].name, keys[i].url, &taken),
			  keys[i].want);
	for (size_t i = 0; i < sizeof(waits) / sizeof(*waits); i++) {
		int64_t wait = schedule_next(&waits[i].s, 1000000) - 1000000;

		if (wait < waits[i].least * 60000 || wait > waits[i].most * 60000)
			CHECK_I64(waits[i].why, wait / 60000, waits[i].least);
		CHECK(wait >= waits[i].least * 60000 && wait <= waits[i].most * 60000);
	}
	struct strs feeds = source_common_feeds(&a, S("https://example.org/blog?x=1"));
	CHECK_STR("below the page first", feeds.items[0], S("https://example.org/blog/feed/"));
	CHECK_STR("then the root", feeds.items[4], S("https://example.org/feed"));
	feeds = source_common_feeds(&a, S("https://example.org/"));
	CHECK_STR("no address twice", feeds.items[feeds.count - 1],
		  S("https://example.org/?feed=rss2"));
	int64_t times[] = { 100, 400, 200, 300 };
	CHECK_I64("mean gap", schedule_gap(times, 4), 100);
	CHECK_I64("too few", schedule_gap(times, 2), 0);
	arena_fini(&a);
	return check_done();
}
