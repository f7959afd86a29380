/* What an article shows is the same in whatever order pages are asked for. */
#include "site/fixture.h"

enum { ARTICLES = 550, MINUTE = 60000 };

/* First more than the window holds in its two days, then fewer, then few. */
static int64_t date_of(int64_t number)
{
	int64_t slow = number > 500 ? number - 500 : 0, calm = number > 470 ? number - 470 : 0;

	return 1700000000000 + (number * 5 + calm * 15 + slow * 70) * MINUTE;
}

/* Events go on for some days, and are told by several sources. */
static int64_t put_article(struct store *s, int64_t number)
{
	static const char *const places[] = { "harbour", "library", "observatory", "orchard" };
	const char *place = places[number * 7 / 5 % 4];
	int64_t event = number / 90, now = date_of(number);
	struct article art = {
		.url = arena_strf(&mem, "https://example.org/%lld", (long long)number),
		.source = number % 3 ? S("a") : S("b"),
		.title = arena_strf(&mem, "The %s%lld opens gate%lld%s", place, (long long)event,
				    (long long)event, place),
		.text = arena_strf(&mem, "Visitors came to the %s%lld, word%lld.", place,
				   (long long)event, (long long)number),
		.html = S("<p>x</p>"),
		.published = now,
		.modified = TIME_UNSTATED,
		.gone = TIME_UNSTATED,
	};
	struct store_put put = { .article = &art, .now = now };
	enum store_change change;
	int64_t id = 0;

	art.guid = art.url;
	CHECK(store_article_put(s, &put, &id, &change, &err) == 0);
	return id;
}

/* The paths of what it shows. */
static struct str shown(struct site *site, struct store *s, int64_t id)
{
	struct article_context ctx = { 0 };
	struct article art;
	struct buf b;

	CHECK(site_refresh(site, &err) == 0);
	CHECK(store_article_get(s, &mem, id, STORE_ALL, &art, &err) == 0);
	CHECK(article_related(site, &mem, &art, &ctx, &err) == 0);
	buf_init(&b, BUF_NO_MAX);
	for (size_t i = 0; i < ctx.related_count; i++)
		buf_addf(&b, "%.*s\n", STR_FMT(ctx.related[i].path));
	struct str text = arena_str(&mem, buf_str(&b));
	buf_fini(&b);
	return text;
}

static struct site *open_live(struct store *s, bool live)
{
	struct site_options o = options;
	struct site *site = NULL;

	o.live = live;
	CHECK(site_open(&o, s, &site, &err) == 0);
	return site;
}

/* `at` by `step` through all of them, `step` and their number having no common divisor. */
static void check_order(const char *why, struct site *site, struct store *s, const int64_t *ids,
			const struct str *want, size_t step)
{
	for (size_t i = 0, at = step; i < ARTICLES; i++, at = (at + step) % ARTICLES)
		CHECK_STR(why, shown(site, s, ids[at]), want[at]);
}

int main(void)
{
	static struct str want[ARTICLES + 1];
	static int64_t ids[ARTICLES + 1];
	size_t some = 0;

	if (!fixture_start())
		return 1;
	struct store *s = open_store("nearby.db");
	for (int64_t i = 0; i < ARTICLES; i++)
		ids[i] = put_article(s, i);
	/* Each with a window of its own. */
	for (size_t i = 0; i < ARTICLES; i++) {
		struct site *site = open_live(s, false);

		want[i] = shown(site, s, ids[i]);
		some += want[i].len > 0;
		site_close(&site);
	}
	CHECK(some > ARTICLES / 2);
	struct site *site = open_live(s, false);
	check_order("forward, by a build", site, s, ids, want, 1);
	site_close(&site);
	site = open_live(s, true);
	check_order("forward", site, s, ids, want, 1);
	site_close(&site);
	site = open_live(s, true);
	check_order("back", site, s, ids, want, ARTICLES - 1);
	site_close(&site);
	site = open_live(s, true);
	check_order("here and there", site, s, ids, want, 39);
	site_close(&site);
	site = open_live(s, true);
	/* What changed is not remembered: one comes late. */
	CHECK_STR("before", shown(site, s, ids[540]), want[540]);
	struct article art;
	CHECK(store_article_get(s, &mem, ids[540], STORE_ALL, &art, &err) == 0);
	art.url = art.guid = S("https://example.org/late");
	art.published -= MINUTE;
	struct store_put put = { .article = &art, .now = art.published };
	enum store_change change;
	CHECK(store_article_put(s, &put, &ids[ARTICLES], &change, &err) == 0);
	CHECK(!str_eq(shown(site, s, ids[540]), want[540]));
	site_close(&site);
	store_close(&s);
	return fixture_end();
}
