#include <sqlite3.h>

#include "store/fixture.h"

static void test_article(struct store *s)
{
	enum store_change change;
	struct str words[] = { STR("北約"), STR("秘書長") };
	struct person who[] = { { STR("translator"), STR("王\t小明"), STR("") },
				{ STR("editor"), STR("李"), STR("") } };
	struct attachment file = { STR("https://a.example/x.mp3"), STR("audio/mpeg"), STR("x"), 7,
				   -1 };
	struct article a = sample("https://a.example/1", "標題一", "第一段。\n\n第二段。"), got;

	a.keywords = (struct strs){ words, 2 };
	a.credits = (struct people){ who, 2 };
	a.attachments = (struct attachments){ &file, 1 };
	a.dateline = (struct dateline){ STR("中央社東京23日電"), STR("東京"), 23 };
	int64_t id = put(s, &a, NOW, &change);
	CHECK(change == STORE_NEW);
	CHECK(store_article_get(s, &mem, id, STORE_ALL, &got, &err) == 0);
	CHECK_STR("title", got.title, a.title);
	CHECK_STR("text", got.text, a.text);
	CHECK_STR("html", got.html, a.html);
	CHECK_I64("key", (int64_t)got.key.len, 13);
	CHECK_STR("path is dated where the article is, 06:13 of the 14th in Taipei", got.path,
		  arena_strf(&mem, "/2023/11/14/%.*s.html", STR_FMT(got.key)));
	CHECK_I64("keywords", (int64_t)got.keywords.count, 2);
	CHECK_STR("keyword", got.keywords.items[1], words[1]);
	CHECK_STR("a tab inside a name goes", got.credits.items[0].name, S("王 小明"));
	CHECK_STR("role", got.credits.items[1].role, S("editor"));
	CHECK_I64("attachment size", got.attachments.items[0].size_bytes, 7);
	CHECK_I64("unstated length stays unstated", got.attachments.items[0].duration_seconds, -1);
	CHECK_I64("dateline day", got.dateline.day, 23);
	CHECK_I64("first seen", got.first_seen, NOW);
	CHECK_I64("not gone", got.gone, TIME_UNSTATED);
	CHECK(got.text_from == FROM_PAGE);

	int64_t before, after;
	CHECK(store_change_number(s, &before, &err) == 0);
	CHECK(put(s, &a, NOW + DAY, &change) == id && change == STORE_SAME);
	CHECK(store_change_number(s, &after, &err) == 0);
	CHECK_I64("nothing to build when nothing changed", after, before);
	CHECK(store_article_get(s, &mem, id, STORE_FIELDS, &got, &err) == 0);
	CHECK_I64("last seen moves", got.last_seen, NOW + DAY);
	CHECK_I64("first seen stays", got.first_seen, NOW);

	const struct {
		const char *why, *name;
	} names[] = {
		{ "key", arena_cstr(&mem, got.key) },
		{ "path", arena_cstr(&mem, got.path) },
		{ "id", arena_strf(&mem, "%d", (int)id).ptr },
		{ "address", "https://a.example/1" },
		{ "address with tracking", "https://a.example/1?utm_source=x" },
	};
	for (size_t i = 0; i < 5; i++) {
		CHECK(store_article_named(s, &mem, str_of(names[i].name), STORE_FIELDS, &got,
					  &err) == 0);
		CHECK_I64(names[i].why, got.id, id);
	}
	CHECK(store_article_named(s, &mem, S("/2023/11/15/x.html"), 0, &got, &err) == ERR_NOTFOUND);
}

static int64_t revision_count(struct store *s, int64_t id)
{
	struct revision *r;
	size_t n;

	CHECK(store_revisions(s, &mem, id, &r, &n, &err) == 0);
	for (size_t i = 0; i < n; i++)
		CHECK_I64("revisions are numbered from 1", r[i].number, (int64_t)i + 1);
	return (int64_t)n;
}

static void test_revisions(struct store *s)
{
	enum store_change change;
	struct article a = sample("https://a.example/rev", "標題", "內文，一。"), got;
	int64_t id = put(s, &a, NOW, &change);
	static const struct {
		const char *why;
		const char *title, *text;
		enum origin from;
		const char *source;
		bool again;
		enum store_change want;
		int64_t revisions;
	} steps[] = {
		{ "white space and width are no edit", "標題", "內文,\n一 。", FROM_PAGE, "cna",
		  false, STORE_SAME, 1 },
		{ "nothing extracted is no edit", "", "", FROM_PAGE, "cna", false, STORE_SAME, 1 },
		{ "a text that differs is", "標題", "內文，二。", FROM_PAGE, "cna", false,
		  STORE_REVISED, 2 },
		{ "a title that differs is", "新標題", "內文，二。", FROM_PAGE, "cna", false,
		  STORE_REVISED, 3 },
		{ "a feed's shorter text is not an edit of the page's", "新標題", "內文", FROM_FEED,
		  "cna", false, STORE_SAME, 3 },
		{ "what we extract better is no edit", "新標題", "內文，二。三。", FROM_PAGE, "cna",
		  true, STORE_SAME, 3 },
		{ "another source's feed is no edit", "別的標題", "短", FROM_FEED, "udn", false,
		  STORE_SAME, 3 },
		{ "back to an older text is an edit", "新標題", "內文，一。", FROM_PAGE, "cna",
		  false, STORE_REVISED, 4 },
	};

	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++) {
		a = sample("https://a.example/rev", steps[i].title, steps[i].text);
		a.text_from = steps[i].from;
		a.source = str_of(steps[i].source);
		struct store_put p = { .article = &a,
				       .now = NOW + DAY,
				       .reextracted = steps[i].again };
		int64_t same;
		CHECK(store_article_put(s, &p, &same, &change, &err) == 0);
		CHECK_I64(steps[i].why, change, steps[i].want);
		CHECK_I64("the same article", same, id);
		CHECK_I64(steps[i].why, revision_count(s, id), steps[i].revisions);
	}
	CHECK(store_article_get(s, &mem, id, STORE_ALL, &got, &err) == 0);
	CHECK_STR("the newest text stands", got.text, S("內文，一。"));
	struct strs sources;
	CHECK(store_article_sources(s, &mem, id, &sources, &err) == 0);
	CHECK(sources.count == 2 && str_eq(sources.items[0], S("cna")) &&
	      str_eq(sources.items[1], S("udn")));

	CHECK(store_article_gone(s, id, NOW, NOW + 1, &err) == 0);
	CHECK(store_article_get(s, &mem, id, STORE_TEXT, &got, &err) == 0);
	CHECK(got.gone == NOW && got.text.len > 0);
	CHECK(store_article_gone(s, id, NOW, NOW + 2, &err) == 0); /* known already */
	CHECK(store_article_gone(s, id, TIME_UNSTATED, NOW + 3, &err) == 0);
}

/* What test_revisions has done, in the journal. */
static void test_events(struct store *s)
{
	static const struct {
		enum store_event_kind kind;
		int64_t number, time;
		int revision;
	} want[] = {
		{ STORE_EDITS, 1, NOW + DAY, 2 },   { STORE_EDITS, 2, NOW + DAY, 3 },
		{ STORE_EDITS, 3, NOW + DAY, 4 },   { STORE_DELETIONS, 1, NOW + 1, 0 },
		{ STORE_DELETIONS, 2, NOW + 3, 1 },
	};
	struct store_event *events;
	struct revision revision;
	int64_t id, last;
	size_t count;

	CHECK(store_article_find(s, S("https://a.example/rev"), S(""), S(""), &id, &err) == 1);
	CHECK(store_article_events(s, &mem, id, &events, &count, &err) == 0);
	CHECK_I64("edits, a deletion and a return", (int64_t)count, 5);
	for (size_t i = 0; i < count && i < 5; i++)
		CHECK(events[i].kind == want[i].kind && events[i].number == want[i].number &&
		      events[i].time == want[i].time && events[i].revision == want[i].revision);
	CHECK(store_events(s, &mem, STORE_EDITS, 2, 3, &events, &count, &err) == 0);
	CHECK(count == 2 && events[0].number == 2 && events[1].article_id == id);
	CHECK(store_event_last(s, STORE_EDITS, &last, &err) == 0 && last == 3);
	CHECK(store_revision_get(s, &mem, id, 3, &revision, &err) == 0);
	CHECK_STR("the title of that time", revision.title, S("新標題"));
	CHECK_I64("no such revision", store_revision_get(s, &mem, id, 5, &revision, &err),
		  ERR_NOTFOUND);
	CHECK(store_article_last(s, &last, &err) == 0 && last >= id);
}

static void test_identity(struct store *s)
{
	struct article a = sample("https://b.example/x", "一", "文"), b, got;
	enum store_change change;
	int64_t id = put(s, &a, NOW, NULL), found = 0;

	b = a;
	b.url = S("https://b.example/x-moved");
	CHECK_I64("a guid known in the source is the same article", put(s, &b, NOW, &change), id);
	CHECK(store_article_find(s, S("https://b.example/x-moved"), S(""), S(""), &found, &err) ==
		      1 &&
	      found == id);
	b.url = S("https://b.example/other");
	b.title = S("完全不同");
	int64_t other = put(s, &b, NOW, &change);
	CHECK(other != id && change == STORE_NEW); /* a feed that gives every entry one guid */
	CHECK_I64("a guid of two articles names none",
		  store_article_find(s, S(""), S("cna"), a.guid, &found, &err), 0);
	CHECK(store_alias_add(s, id, S("https://short.example/1"), &err) == 0);
	CHECK(store_article_find(s, S("https://short.example/1"), S(""), S(""), &found, &err) ==
		      1 &&
	      found == id);

	a = sample("", "無連結", "文");
	a.guid = S("only-a-guid");
	id = put(s, &a, NOW, &change);
	CHECK(change == STORE_NEW);
	CHECK_I64("an entry without a link is known by its guid", put(s, &a, NOW, &change), id);

	a = sample("https://b.example/import", "舊", "文");
	a.path = S("/old/2019/title.html");
	struct store_put p = { .article = &a, .now = NOW, .keep_path = true };
	CHECK(store_article_put(s, &p, &id, &change, &err) == 0);
	CHECK(store_article_named(s, &mem, a.path, 0, &got, &err) == 0 && got.id == id);
	a.url = S("https://b.example/import2");
	a.guid = S("2");
	CHECK(store_article_put(s, &p, &other, &change, &err) == 0);
	CHECK(store_article_get(s, &mem, other, 0, &got, &err) == 0);
	CHECK(other != id &&
	      !str_eq(got.path, a.path)); /* two of one path: the second gets its own */
	a.url = a.guid = S("");
	CHECK(store_article_put(s, &p, &other, &change, &err) == ERR_INPUT);
}

static void test_dates(struct store *s)
{
	static const struct {
		const char *why;
		int64_t published;
		int offset;
		const char *path;
	} cases[] = {
		{ "the article's own day", 1674468246000, 0, "/2023/01/23/" },
		{ "of its own zone", 1674518400000 - 1, 480, "/2023/01/24/" },
		{ "before 1970", -86400000LL * 366, 0, "/1968/12/31/" },
		{ "unstated: when it was seen", TIME_UNSTATED, 0, "/2023/11/14/" },
		{ "of the future: not believed", NOW + 3 * DAY, 0, "/2023/11/14/" },
		{ "absurd: not believed", INT64_MIN + 1, 0, "/2023/11/14/" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct article got, a = sample(arena_strf(&mem, "https://d.example/%d", (int)i).ptr,
					       "日", "文");

		a.published = cases[i].published;
		a.published_offset_min = cases[i].offset;
		int64_t id = put(s, &a, NOW, NULL);
		CHECK(store_article_get(s, &mem, id, 0, &got, &err) == 0);
		CHECK_STR(cases[i].why, str_sub(got.path, 0, 12), str_of(cases[i].path));
		CHECK_I64("what was stated is kept", got.published, cases[i].published);
	}
}

static void test_walks(struct store *s)
{
	struct str tag[] = { STR("walk") };
	struct source_state st = { .key = S("w"),
				   .category = S("科技"),
				   .first_fetch = TIME_UNSTATED };
	struct store_group *groups;
	size_t n;

	CHECK(store_source_put(s, &st, &err) == 0);
	for (int i = 0; i < 30; i++) {
		struct article a =
			sample(arena_strf(&mem, "https://w.example/%d", i).ptr, "走", "文");

		a.source = i % 3 ? S("w") : S("v");
		a.guid = a.url;
		a.published = NOW - (int64_t)(i * 7 % 30) * DAY * 10;
		if (i % 2)
			a.keywords = (struct strs){ tag, 1 };
		put(s, &a, NOW, NULL);
	}
	static const struct {
		const char *why;
		struct store_query q;
		int64_t want;
	} cases[] = {
		{ "by source", { .source = STR("w") }, 20 },
		{ "by keyword", { .keyword = STR("walk") }, 15 },
		{ "both", { .source = STR("w"), .keyword = STR("walk") }, 10 },
		{ "by category", { .category = STR("科技") }, 20 },
		{ "from", { .source = STR("w"), .from = NOW - 50LL * DAY }, 4 },
		{ "limit", { .keyword = STR("walk"), .limit = 4, .offset = 2 }, 4 },
		{ "nobody", { .source = STR("nobody") }, 0 },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct store_walk *w;
		struct article a;
		int64_t seen = 0, last = INT64_MAX, counted;

		CHECK(store_walk_open(s, &cases[i].q, &w, &err) == 0);
		while (store_walk_next(w, &mem, &a, &err) > 0) {
			CHECK(a.published <= last);
			last = a.published;
			seen++;
		}
		store_walk_close(&w);
		CHECK_I64(cases[i].why, seen, cases[i].want);
		if (!cases[i].q.limit) {
			CHECK(store_count(s, &cases[i].q, &counted, &err) == 0);
			CHECK_I64(cases[i].why, counted, cases[i].want);
		}
	}
	CHECK(store_groups(s, &mem, STORE_BY_KEYWORD, 1, &groups, &n, &err) == 0);
	CHECK(n == 1 && str_eq(groups[0].name, S("walk")) && groups[0].count == 15);
	CHECK(store_groups(s, &mem, STORE_BY_CATEGORY, 0, &groups, &n, &err) == 0);
	CHECK(n == 1 && groups[0].count == 20);
	CHECK(store_groups(s, &mem, STORE_BY_MONTH, 1, &groups, &n, &err) == 0);
	CHECK_STR("months: newest first", groups[0].name, S("2023-11"));
	st.category = S("財經");
	CHECK(store_source_put(s, &st, &err) == 0);
	CHECK(store_groups(s, &mem, STORE_BY_CATEGORY, 0, &groups, &n, &err) == 0);
	CHECK(n == 1 && str_eq(groups[0].name, S("財經")));
	CHECK(store_source_get(s, &mem, S("w"), &st, &err) == 0);
	CHECK_I64("a source's articles are counted", st.articles, 20);
	CHECK_I64("a time unstated stays so", st.first_fetch, TIME_UNSTATED);
}

/* An article that changes goes to the end of the walk by changes. */
static void test_walk_as_changed(struct store *s)
{
	struct article a = sample("https://order.example/1", "一", "文"), b = a, got;
	struct store_query q = { .from = TIME_UNSTATED, .to = TIME_UNSTATED, .as_changed = true };
	struct store_walk *w;
	int64_t ids[2] = { 0 };

	b.url = b.guid = S("https://order.example/2");
	b.published += DAY / 2;
	CHECK(store_change_number(s, &q.changed_after, &err) == 0);
	int64_t first = put(s, &a, NOW, NULL), second = put(s, &b, NOW, NULL);
	a.text = S("另一段文");
	put(s, &a, NOW, NULL);
	CHECK(store_walk_open(s, &q, &w, &err) == 0);
	for (int i = 0; i < 2 && store_walk_next(w, &mem, &got, &err) > 0; i++)
		ids[i] = got.id;
	CHECK(store_walk_next(w, &mem, &got, &err) == 0);
	store_walk_close(&w);
	CHECK(ids[0] == second && ids[1] == first);
}

static int64_t count_of(struct store *s, enum store_group_by by, const char *name)
{
	struct store_group *groups;
	size_t n;

	CHECK(store_groups(s, &mem, by, 0, &groups, &n, &err) == 0);
	for (size_t i = 0; i < n; i++)
		if (str_eq(groups[i].name, str_of(name)))
			return groups[i].count;
	return 0;
}

/* What is written at the commit only follows all that came before it. */
static void test_one_transaction(struct store *s)
{
	struct str first[] = { STR("late-a"), STR("late-b"), STR("late-a") },
		   then[] = { STR("late-b"), STR("late-c") };
	struct source_state st = { .key = S("late"), .category = S("late-1") };
	struct article a = sample("https://late.example/1", "題", "文");

	CHECK(store_source_put(s, &st, &err) == 0);
	a.source = S("late");
	a.keywords = (struct strs){ first, 3 };
	CHECK(store_begin(s, &err) == 0);
	put(s, &a, NOW, NULL);
	store_rollback(s);
	CHECK_I64("what is undone", count_of(s, STORE_BY_KEYWORD, "late-a"), 0);
	CHECK(store_begin(s, &err) == 0);
	put(s, &a, NOW, NULL);
	a.keywords = (struct strs){ then, 2 };
	put(s, &a, NOW, NULL);
	st.category = S("late-2");
	CHECK(store_source_put(s, &st, &err) == 0);
	CHECK(store_commit(s, &err) == 0);
	CHECK_I64("added and dropped", count_of(s, STORE_BY_KEYWORD, "late-a"), 0);
	CHECK_I64("kept, once", count_of(s, STORE_BY_KEYWORD, "late-b"), 1);
	CHECK_I64("added", count_of(s, STORE_BY_KEYWORD, "late-c"), 1);
	CHECK_I64("the category it left", count_of(s, STORE_BY_CATEGORY, "late-1"), 0);
	CHECK_I64("the one it came to", count_of(s, STORE_BY_CATEGORY, "late-2"), 1);
	CHECK_I64("by source", count_of(s, STORE_BY_SOURCE, "late"), 1);
}

static void test_fields(struct store *s)
{
	struct str one[] = { STR("甲") }, two[] = { STR("乙"), STR("丙") };
	struct article a = sample("https://f.example/1", "題", "文"), got;
	struct store_group *groups;
	size_t n;
	enum store_change change;

	a.keywords = (struct strs){ one, 1 };
	int64_t id = put(s, &a, NOW, NULL), before, after;
	CHECK(store_change_number(s, &before, &err) == 0);
	a.keywords = (struct strs){ two, 2 };
	a.summary = S("摘要");
	a.published = NOW - 400LL * DAY;
	put(s, &a, NOW, &change);
	CHECK(change == STORE_SAME); /* keywords and dates are no edit of the text ... */
	CHECK(store_change_number(s, &after, &err) == 0);
	CHECK(after > before); /* ... but the page has to be built again */
	CHECK(store_article_get(s, &mem, id, 0, &got, &err) == 0);
	CHECK(got.keywords.count == 2 && str_eq(got.summary, S("摘要")));
	CHECK_STR("the address never moves", str_sub(got.path, 0, 8), S("/2023/11"));
	CHECK(store_groups(s, &mem, STORE_BY_KEYWORD, 0, &groups, &n, &err) == 0);
	for (size_t i = 0; i < n; i++)
		CHECK(!str_eq(groups[i].name, S("甲")));
	struct store_query q = { .keyword = S("乙"), .to = NOW - 300LL * DAY };
	CHECK(store_count(s, &q, &after, &err) == 0);
	CHECK_I64("lists by keyword follow the date", after, 1);
	/* another source fills gaps, and overwrites nothing */
	a.source = S("udn");
	a.summary = S("別人的摘要");
	a.image = S("https://f.example/i.jpg");
	put(s, &a, NOW, NULL);
	CHECK(store_article_get(s, &mem, id, 0, &got, &err) == 0);
	CHECK_STR("summary", got.summary, S("摘要"));
	CHECK_STR("image", got.image, S("https://f.example/i.jpg"));
	/* nor does the same source's feed, where the article came from its page */
	a.source = S("cna");
	a.text = a.html = a.title = (struct str){ 0 };
	a.text_from = FROM_NOWHERE;
	a.keywords = (struct strs){ one, 1 };
	a.section = S("國際");
	a.language = S("zh");
	put(s, &a, NOW, NULL);
	CHECK(store_article_get(s, &mem, id, 0, &got, &err) == 0);
	CHECK(got.keywords.count == 2);
	CHECK_STR("language", got.language, S("zh-Hant"));
	CHECK_STR("section", got.section, S("國際"));
}

static void test_transactions(struct store *s)
{
	struct article a = sample("https://t.example/1", "題", "文");
	struct capture c = { .url = S("https://t.example/1"), .fetched = NOW, .status = 200 }, back;
	struct store *reader = open_store(false);
	int64_t found;

	CHECK(store_begin(s, &err) == 0);
	CHECK(store_capture_add(s, &c, &err) == 0 && c.id > 0);
	put(s, &a, NOW, NULL);
	CHECK_I64("a reader sees whole commits",
		  store_article_find(reader, a.url, S(""), S(""), &found, &err), 0);
	store_rollback(s);
	CHECK_I64("nothing stays of a rollback",
		  store_article_find(s, a.url, S(""), S(""), &found, &err), 0);
	CHECK(store_capture_get(s, &mem, c.id, &back, &err) == ERR_NOTFOUND);
	CHECK(store_begin(s, &err) == 0);
	CHECK(store_capture_add(s, &c, &err) == 0);
	struct store_put p = { .article = &a, .now = NOW, .capture_id = c.id };
	enum store_change change;
	CHECK(store_article_put(s, &p, &found, &change, &err) == 0);
	CHECK(store_commit(s, &err) == 0);
	CHECK(store_article_find(reader, a.url, S(""), S(""), &found, &err) == 1);
	int64_t *captures;
	size_t n;
	CHECK(store_article_captures(s, &mem, found, &captures, &n, &err) == 0);
	CHECK(n == 1 && captures[0] == c.id);
	CHECK(store_state_put(s, S("k"), S("v\0w"), &err) == 0);
	struct str v;
	CHECK(store_state_get(reader, &mem, S("k"), &v, &err) == 0);
	CHECK_STR("state holds any bytes", v, S("v\0w"));
	CHECK(store_state_get(s, &mem, S("absent"), &v, &err) == ERR_NOTFOUND);
	CHECK(store_state_put(reader, S("k"), S("x"), &err) < 0); /* readers do not write */
	store_close(&reader);
}

/* Each article: its number among the hits' ids is its letter. */

static int64_t damages(struct store *s, struct blob *b, const char *part)
{
	struct store_damage *found;
	size_t n;
	int64_t with = 0;

	int rc = store_verify(s, b, &mem, NULL, NULL, &found, &n, &err);
	if (rc < 0)
		fprintf(stderr, "verify: %s\n", err.msg);
	CHECK(rc == 0);
	for (size_t i = 0; i < n; i++) {
		with += str_contains(found[i].what, str_of(part));
		if (!*part)
			fprintf(stderr, "damage: %.*s\n", STR_FMT(found[i].what));
	}
	return *part ? with : (int64_t)n;
}

/* Each damage, made by hand, is found; mended again, nothing is. */
static void test_verify(void)
{
	static const struct {
		const char *want, *harm, *mend;
	} cases[] = {
		{ "", NULL, NULL },
		{ "its newest revision is missing",
		  "CREATE TEMP TABLE t AS SELECT * FROM revisions WHERE id = (SELECT MAX(id) FROM "
		  "revisions); DELETE FROM"
		  " revisions WHERE id IN (SELECT id FROM t)",
		  "INSERT INTO revisions SELECT * FROM t; DROP TABLE t" },
		{ "its article is missing",
		  "INSERT INTO revisions VALUES (65536000001, 0, 0, '', '', '', '')",
		  "DELETE FROM revisions WHERE id = 65536000001" },
		{ "the capture it was made from",
		  "UPDATE revisions SET capture_id = 77 WHERE capture_id = 1",
		  "UPDATE revisions SET capture_id = 1 WHERE capture_id = 77" },
		{ "its body is missing", "UPDATE captures SET body = x'00' WHERE id = 2",
		  "UPDATE captures SET body = (SELECT body FROM captures WHERE id = 1) WHERE id = "
		  "2" },
		{ "counted wrong", "UPDATE groups SET count = count + 1 WHERE kind = 3",
		  "UPDATE groups SET count = count - 1 WHERE kind = 3" },
		{ "keyword nobody", "INSERT INTO keywords VALUES ('nobody', 1, 1)",
		  "DELETE FROM keywords WHERE name = 'nobody'" },
		{ "segment",
		  "CREATE TEMP TABLE t AS SELECT * FROM search_blocks WHERE id = (SELECT MAX(id) "
		  "FROM search_blocks);"
		  "UPDATE search_blocks SET data = x'ffffffff' WHERE id IN (SELECT id FROM t)",
		  "REPLACE INTO search_blocks SELECT * FROM t; DROP TABLE t" },
		{ "terms of",
		  "CREATE TEMP TABLE t AS SELECT * FROM search_blocks WHERE id = (SELECT MAX(id) "
		  "FROM search_blocks);"
		  "DELETE FROM search_blocks WHERE id IN (SELECT id FROM t)",
		  "INSERT INTO search_blocks SELECT * FROM t; DROP TABLE t" },
		{ "document 3 fell and stands",
		  "INSERT INTO search_fallen VALUES (3, 1, 1); INSERT INTO search_fallen_texts"
		  " VALUES (3, '', '', '', '', '', '', '')",
		  "DELETE FROM search_fallen; DELETE FROM search_fallen_texts" },
		{ "document 0 fell without a text", "INSERT INTO search_fallen VALUES (0, 1, 1)",
		  "DELETE FROM search_fallen" },
		{ "another record",
		  "CREATE TEMP TABLE t AS SELECT * FROM search_docs; UPDATE search_docs SET data ="
		  " zeroblob(length(data))",
		  "REPLACE INTO search_docs SELECT * FROM t; DROP TABLE t" },
		{ "have another day",
		  "CREATE TEMP TABLE t AS SELECT * FROM search_days; UPDATE search_days SET data ="
		  " zeroblob(length(data))",
		  "REPLACE INTO search_days SELECT * FROM t; DROP TABLE t" },
	};
	struct store *s;
	struct blob *b;
	struct str words[] = { STR("甲"), STR("乙") };

	where = path_join(&mem, dir, "verify.db");
	s = open_store(true);
	CHECK(blob_open(path_join(&mem, dir, "blobs"), &b, &err) == 0);
	CHECK(store_begin(s, &err) == 0);
	for (int i = 0; i < 40; i++) {
		struct article a = sample(arena_strf(&mem, "https://v.example/%d", i).ptr, "題",
					  arena_strf(&mem, "文字%d 更多的文字", i % 30).ptr);
		struct capture c = { .url = a.url, .fetched = NOW, .status = 200, .body_bytes = 4 };
		struct store_put p = { .article = &a, .now = NOW };
		int64_t id;
		enum store_change change;

		a.keywords = (struct strs){ words, (size_t)(i % 3) };
		CHECK(blob_put(b, a.text, &c.body, &err) == 0);
		CHECK(store_capture_add(s, &c, &err) == 0);
		p.capture_id = c.id;
		CHECK(store_article_put(s, &p, &id, &change, &err) == 0);
		a.text = S("改過的文字");
		if (i % 4 == 0)
			CHECK(store_article_put(s, &p, &id, &change, &err) == 0);
	}
	CHECK(blob_sync(b, &err) == 0);
	CHECK(store_commit(s, &err) == 0);
	sqlite3 *raw;
	CHECK(sqlite3_open(where, &raw) == SQLITE_OK);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		if (cases[i].harm) {
			CHECK(sqlite3_exec(raw, cases[i].harm, NULL, NULL, NULL) == SQLITE_OK);
			bool told = damages(s, b, cases[i].want) > 0;
			CHECK_STR("found", told ? str_of(cases[i].want) : S("(not found)"),
				  str_of(cases[i].want));
			CHECK(sqlite3_exec(raw, cases[i].mend, NULL, NULL, NULL) == SQLITE_OK);
		}
		CHECK_I64("nothing wrong", damages(s, b, ""), 0);
	}
	sqlite3_close(raw);
	blob_close(&b);
	store_close(&s);
}

static void test_opening(void)
{
	struct store *s;
	struct store_options opt = { .where = path_join(&mem, dir, "absent.db") };

	CHECK(store_open(&opt, &s, &err) == ERR_NOTFOUND && s == NULL);
	opt.where = "postgres://localhost/news";
	CHECK(store_open(&opt, &s, &err) == ERR_CONFIG);
	opt.where = path_join(&mem, dir, "other");
	CHECK(file_write(opt.where,
			 S("this is no database at all, but it is long enough to look at "
			   "............"),
			 false, &err) == 0);
	CHECK(store_open(&opt, &s, &err) == ERR_INPUT);
	opt.write = true;
	CHECK(store_open(&opt, &s, &err) == ERR_INPUT);
}

int main(void)
{
	fixture_start();
	struct store *s = open_store(true);
	test_article(s);
	test_revisions(s);
	test_events(s);
	test_identity(s);
	test_dates(s);
	test_walks(s);
	test_walk_as_changed(s);
	test_one_transaction(s);
	test_fields(s);
	test_transactions(s);
	store_close(&s);
	test_verify();
	test_opening();
	return fixture_end();
}
