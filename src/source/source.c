#include "source/source.h"

#include <stdio.h>
#include <stdlib.h>

#include "text/url.h"

/* --- keys ---------------------------------------------------------------------------------- */

/* Letters and digits of s, the rest as single "-", at most `max` bytes, cut between words where
 * there are any. */
static size_t slug(struct str s, char *out, size_t max)
{
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++) {
		if (ch_is_alnum(s.ptr[i])) {
			if (n == max)
				break;
			out[n++] = ch_lower(s.ptr[i]);
		} else if (n > 0 && n < max && out[n - 1] != '-') {
			out[n++] = '-';
		}
	}
	while (n > 0 && out[n - 1] == '-')
		n--;
	return n;
}

/* A name that is mostly in another script gives no useful slug. */
static bool says_enough(struct str name, size_t slug_len)
{
	return slug_len >= 2 && slug_len * 2 >= name.len;
}

static bool is_taken(const struct strs *taken, struct str key)
{
	for (size_t i = 0; taken && i < taken->count; i++)
		if (str_eq(taken->items[i], key))
			return true;
	return false;
}

struct str source_key(struct arena *a, struct str name, struct str url, const struct strs *taken)
{
	char bytes[SOURCE_MAX_KEY];
	size_t room = SOURCE_MAX_KEY - 5; /* for "-9999" */
	size_t n = slug(name, bytes, room);

	if (!says_enough(name, n))
		n = slug(url_site(a, url), bytes, room);
	struct str stem = n ? str_n(bytes, n) : S("source");
	struct str key = arena_str(a, stem);
	for (int i = 2; is_taken(taken, key); i++)
		key = arena_strf(a, "%.*s-%d", STR_FMT(stem), i);
	return key;
}

/* --- where a feed often stands ------------------------------------------------------------- */

/* Relative ones are tried below the page first: a site may keep several blogs. */
static const struct str below[] = { STR("feed/"), STR("rss.xml"), STR("atom.xml"),
				    STR("index.xml") };
static const struct str at_root[] = {
	STR("/feed"),
	STR("/feed/"),
	STR("/rss"),
	STR("/rss.xml"),
	STR("/feed.xml"),
	STR("/atom.xml"),
	STR("/index.xml"),
	STR("/rss/"),
	STR("/index.rdf"),
	STR("/feed.json"),
	STR("/feeds/posts/default"),
	STR("/rss/index.xml"),
	STR("/feeds/all.atom.xml"),
	STR("/?feed=rss2"),
};

static void add_address(struct arena *a, struct strs *out, struct str base, struct str ref)
{
	struct str url = url_resolve(a, base, ref);

	for (size_t i = 0; i < out->count; i++)
		if (str_eq(out->items[i], url))
			return;
	out->items[out->count++] = arena_str(a, url);
}

struct strs source_common_feeds(struct arena *a, struct str page_url)
{
	size_t below_count = sizeof(below) / sizeof(*below);
	size_t root_count = sizeof(at_root) / sizeof(*at_root);
	struct strs out = { arena_array(a, below_count + root_count, sizeof(struct str)), 0 };
	struct str base = arena_str(a, str_sub(page_url, 0, str_find_ch(page_url, '?')));

	/* "/blog" and "/blog/" are one page to their makers, and two bases to RFC 3986. */
	if (!str_has_suffix(base, S("/")) && str_rfind_ch(base, '.') < str_rfind_ch(base, '/'))
		base = arena_strf(a, "%.*s/", STR_FMT(base));
	for (size_t i = 0; i < below_count; i++)
		add_address(a, &out, base, below[i]);
	for (size_t i = 0; i < root_count; i++)
		add_address(a, &out, base, at_root[i]);
	return out;
}

/* --- when it is due ------------------------------------------------------------------------ */

static int64_t clamp(int64_t n, int64_t least, int64_t most)
{
	return n < least ? least : n > most ? most : n;
}

/* Up to a tenth more, the same for one source and instant: sources added together drift apart. */
static int64_t spread(const struct schedule *s, int64_t wait, int64_t now)
{
	uint64_t mixed = (s->salt ^ (uint64_t)now) * 0x9E3779B97F4A7C15u;

	return wait + (int64_t)((mixed >> 32) % 1000) * (wait / 10000);
}

static int64_t healthy_wait(const struct schedule *s, int64_t now)
{
	int64_t wait = s->every_ms, pushed = s->push_until - now;

	if (wait > 0)
		return wait;
	wait = s->gap_ms > 0 ? s->gap_ms / 2 : SCHEDULE_USUAL_MS;
	wait = clamp(wait, SCHEDULE_LEAST_MS, SCHEDULE_MOST_MS);
	if (s->ttl_ms > wait)
		wait = s->ttl_ms;
	if (s->max_age_ms > wait)
		wait = s->max_age_ms;
	if (pushed > wait)
		wait = pushed < SCHEDULE_PUSHED_MS ? pushed : clamp(wait, SCHEDULE_PUSHED_MS, wait);
	return clamp(wait, 0, SCHEDULE_MOST_MS);
}

static int64_t failing_wait(const struct schedule *s)
{
	int64_t wait = SCHEDULE_FIRST_RETRY_MS;

	for (int i = 1; i < s->failures && wait < SCHEDULE_MOST_MS; i++)
		wait *= 2;
	/* Room for the spread: hosts that died together do not all come back in the same second of
	 * each day. */
	return clamp(wait, 0, SCHEDULE_MOST_MS / 10 * 9);
}

int64_t schedule_next(const struct schedule *s, int64_t now)
{
	int64_t wait = s->failures > 0 ? failing_wait(s) : healthy_wait(s, now);

	if (s->failures > 0 || s->every_ms == 0)
		wait = clamp(spread(s, wait, now), 0, SCHEDULE_MOST_MS);
	return now + (s->retry_after_ms > wait ? s->retry_after_ms : wait);
}

static int compare_newest_first(const void *x, const void *y)
{
	int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;

	return (a < b) - (a > b);
}

int64_t schedule_gap(int64_t *published, size_t count)
{
	enum { LOOKED_AT = 11 };

	qsort(published, count, sizeof(*published), compare_newest_first);
	if (count > LOOKED_AT)
		count = LOOKED_AT;
	if (count < 3)
		return 0;
	/* The mean over the newest: a median is 0 where entries come in bunches. */
	int64_t gap = (published[0] - published[count - 1]) / (int64_t)(count - 1);
	return gap > 0 ? gap : 0;
}
