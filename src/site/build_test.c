/* A site that is built: anew, as its mirror grows, interrupted; and serve beside it. */
#include <stdatomic.h>

#include "base/list.h"
#include "site/fixture.h"
#include "text/diff.h"
#include "text/utf8.h"

enum { HOUR = 3600000, DAY = 24 * HOUR };
static const int64_t START = 1700000000000; /* 2023-11-14T22:13:20Z */

static void put_source(struct store *s, const char *key, const char *name, const char *category)
{
	struct source_state st = {
		.key = str_of(key),
		.name = str_of(name),
		.url = S("https://example.org/feed"),
		.category = str_of(category),
		.home_url = S("https://example.org/"),
		.first_fetch = TIME_UNSTATED,
		.last_fetch = TIME_UNSTATED,
		.last_success = TIME_UNSTATED,
		.last_new = TIME_UNSTATED,
	};

	CHECK(store_source_put(s, &st, &err) == 0);
}

struct draft {
	const char *url, *source, *title, *text;
	const char *keywords[4];
	int64_t published;
};

static int64_t put_draft(struct store *s, const struct draft *d)
{
	struct str keywords[4];
	struct article art = {
		.url = str_of(d->url),
		.guid = str_of(d->url),
		.source = str_of(d->source),
		.title = str_of(d->title),
		.text = str_of(d->text),
		.html = arena_strf(&mem, "<p>%s</p>", d->text),
		.language = S("en"),
		.published = d->published,
		.modified = TIME_UNSTATED,
		.gone = TIME_UNSTATED,
		.keywords = { keywords, 0 },
	};
	struct store_put put = { .article = &art, .now = d->published + HOUR };
	enum store_change change;
	int64_t id = 0;

	while (art.keywords.count < 4 && d->keywords[art.keywords.count]) {
		keywords[art.keywords.count] = str_of(d->keywords[art.keywords.count]);
		art.keywords.count++;
	}
	if (store_article_put(s, &put, &id, &change, &err) < 0)
		fprintf(stderr, "put: %s\n", err.msg);
	CHECK(id > 0);
	return id;
}

static struct site_built build(struct store *s, const char *out)
{
	struct site *site = open_site(s);
	struct site_built built = { 0 };
	int rc = site_build(site, in_root(out), NULL, &built, &err);

	if (rc < 0)
		fprintf(stderr, "site_build: %s\n", err.msg);
	CHECK(rc == 0);
	site_close(&site);
	return built;
}

/* A folder as text: every file but our own state, with its bytes' hash. */
static struct list found;
static size_t found_root;

static int take_file(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	struct buf b;

	(void)st;
	(void)at;
	if (kind != FTW_F || strstr(path, "/.dibao/"))
		return 0;
	buf_init(&b, BUF_NO_MAX);
	CHECK(file_read(path, &b, &err) == 0);
	*(struct str *)list_add(&found) = arena_strf(&mem, "%s %016llx\n", path + found_root,
						     (unsigned long long)hash64_of(buf_str(&b)));
	buf_fini(&b);
	return 0;
}

static int by_text(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static struct str folder_text(const char *name)
{
	const char *path = in_root(name);
	struct buf b;

	list_init(&found, sizeof(struct str));
	found_root = strlen(path);
	nftw(path, take_file, 16, FTW_PHYS);
	if (found.count)
		qsort(found.items, found.count, found.item_size, by_text);
	buf_init(&b, BUF_NO_MAX);
	for (size_t i = 0; i < found.count; i++)
		buf_add(&b, *(struct str *)list_at(&found, i));
	struct str text = arena_str(&mem, buf_str(&b));
	buf_fini(&b);
	list_fini(&found);
	return text;
}

/* The first line in which two folders differ is shown, not all of them. */
static void check_same_folder(const char *why, const char *a, const char *b)
{
	struct str x = folder_text(a), y = folder_text(b), p, q;

	while (str_split(&x, '\n', &p) && str_split(&y, '\n', &q))
		if (!str_eq(p, q)) {
			CHECK_STR(why, p, q);
			return;
		}
	CHECK_STR(why, x, y);
}

/* What serve would answer is what build wrote, for every file but the search index: serve searches
 * the store. */
static void check_served(struct store *s, const char *out)
{
	struct site *site = open_site(s);
	struct str all = folder_text(out), line, path;
	struct buf got, want;

	buf_init(&got, BUF_NO_MAX);
	buf_init(&want, BUF_NO_MAX);
	while (str_split(&all, '\n', &line) && str_split(&line, ' ', &path)) {
		const char *name = arena_cstr(&mem, path);

		if (str_has_prefix(path, S("/search/")))
			continue;
		buf_reset(&want);
		CHECK(file_read(path_join(&mem, in_root(out), name + 1), &want, &err) == 0);
		CHECK_STR(name, rendered(site, name, &got), buf_str(&want));
	}
	buf_fini(&got);
	buf_fini(&want);
	site_close(&site);
}

/* --- a mirror that grows, changes and shrinks
 * ----------------------------------------------------- */

static uint32_t seed = 7;

static uint32_t draw(uint32_t below)
{
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 8) % below;
}

static void draw_article(struct store *s, int n, int64_t published, int edit)
{
	static const char *const sources[] = { "alpha", "beta", "gamma" };
	static const char *const words[] = { "nato",  "C/C++", "Alpha News", "one", "two",
					     "three", "rare",  "tea",        "火星" };
	struct draft d = {
		.url = arena_strf(&mem, "https://example.org/%d", n).ptr,
		.source = sources[draw(3)],
		.published = published,
		.title = arena_strf(&mem, "Article %d.%d", n, edit).ptr,
		.text = arena_strf(&mem, "The text of article %d, in state %d, is here.", n, edit)
				.ptr,
	};

	for (int i = 0; i < 3; i++)
		d.keywords[i] = words[draw(i ? 9 : 2)];
	if (n % 17 == 0)
		d.keywords[0] = arena_strf(&mem, "only %d", n / 34).ptr;
	put_draft(s, &d);
}

static void put_sources(struct store *s)
{
	put_source(s, "alpha", "Alpha News", "Alpha News");
	put_source(s, "beta", "Beta", "World");
	put_source(s, "gamma", "Gamma", "World");
}

static void test_growing(void)
{
	struct store *s = open_store("grow.db");
	int n = 0;

	put_sources(s);
	CHECK(build(s, "grow").whole);
	check_served(s, "grow");
	for (int round = 0; round < 14; round++) {
		int count = round == 1 ? 420 : 1 + (int)draw(9);

		CHECK(store_begin(s, &err) == 0);
		for (int i = 0; i < count; i++, n++) /* most are new, some come late */
			draw_article(s, n,
				     START + (int64_t)n * (HOUR / 2) -
					     (draw(5) == 0 ? (int64_t)draw(400) * HOUR : 0),
				     0);
		for (int i = 0; round > 1 && i < 3;
		     i++) { /* edits, some of them with another date */
			int old = (int)draw((uint32_t)n);

			draw_article(s, old, START + (int64_t)old * (HOUR / 2) + (i == 2 ? DAY : 0),
				     round);
		}
		CHECK(store_commit(s, &err) == 0);
		if (round == 5)
			put_source(s, "delta", "Delta", "Science");
		struct site_built built = build(s, "grow");
		CHECK(round <= 2 || !built.whole);
		build(s, "clean");
		check_same_folder("what was built step by step is what is built at once", "grow",
				  "clean");
		remove_tree(in_root("clean"));
	}
	check_served(s, "grow");
	struct site_built again = build(s, "grow");
	CHECK_I64("nothing changed, nothing written", again.written + again.removed, 0);
	put_source(s, "beta", "Beta renamed", "World");
	draw_article(s, n, START + (int64_t)n * (HOUR / 2), 0);
	build(s, "grow");
	build(s, "clean");
	check_same_folder("a source's name stands on many pages", "grow", "clean");
	remove_tree(in_root("clean"));
	store_close(&s);
}

/* --- edits ----------------------------------------------------------------------------------- */

static const struct {
	const char *why, *before, *after, *want;
} changes[] = {
	{ "words", "one two three", "one 2 three", "one <del>two</del><ins>2</ins> three" },
	{ "characters of Han", "北約秘書長訪日", "北約主席訪日",
	  "北約<del>秘書長</del><ins>主席</ins>訪日" },
	{ "markup is text", "a <b>x</b> c", "a <i>x</i> c",
	  "a &lt;<del>b</del><ins>i</ins>&gt;x&lt;/<del>b</del><ins>i</ins>&gt; c" },
	{ "what is the same for long is folded, at the end of a word",
	  "Once upon a time there was a very long sentence that nobody had changed, and then 1 "
	  "came",
	  "Once upon a time there was a very long sentence that nobody had changed, and then 2 "
	  "came",
	  " <span class=\"fold\">…</span> changed, and then <del>1</del><ins>2</ins> came" },
};

static void test_changes(struct site *site)
{
	static const struct diff_cut cut = { .same = 12 };
	struct diff_line *lines;
	struct diff d;
	struct buf out;
	size_t count;

	buf_init(&out, BUF_NO_MAX);
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		buf_reset(&out);
		diff_texts(&mem, str_of(changes[i].before), str_of(changes[i].after), &d);
		diff_lines(&mem, &d, &lines, &count);
		CHECK_I64(changes[i].why, (int64_t)count, 1);
		diff_line_add(site, &out, &lines[0], &cut);
		CHECK_STR(changes[i].why, buf_str(&out), str_of(changes[i].want));
	}
	buf_fini(&out);
}

/* An article that is edited twice and then gone: its mark, its page, and nothing where nothing was.
 */
static void test_edits(void)
{
	struct store *s = open_store("edits.db");
	struct draft d = { .url = "https://example.org/e",
			   .source = "alpha",
			   .title = "First title",
			   .text = "One paragraph stays.\n\nAnother says that 3 came.",
			   .published = START };
	struct buf out;

	put_source(s, "alpha", "Alpha", "Alpha");
	int64_t id = put_draft(s, &d);
	d.url = "https://example.org/f";
	put_draft(s, &d);
	d.url = "https://example.org/e";
	d.title = "Second title";
	put_draft(s, &d);
	d.text = "One paragraph stays.\n\nAnother says that 5 came.";
	put_draft(s, &d);
	build(s, "edits");
	CHECK(store_article_gone(s, id, START + DAY, START + 2 * DAY, &err) == 0);
	build(s, "edits");
	build(s, "clean");
	check_same_folder("edits and deletions, step by step and at once", "edits", "clean");
	remove_tree(in_root("clean"));
	check_served(s, "edits");

	struct site *site = open_site(s);
	struct article art;
	CHECK(store_article_get(s, &mem, id, STORE_FIELDS, &art, &err) == 0);
	struct str file = article_edits_file(&mem, &art);
	const char *page = arena_cstr(&mem, art.path), *edits = arena_cstr(&mem, file);
	CHECK(str_has_suffix(file, S(".edits.html")));
	CHECK_STR("an article's page and its edits know each other", article_of_edits(&mem, file),
		  art.path);
	buf_init(&out, BUF_NO_MAX);
	CHECK(str_contains(rendered(site, page, &out), S("edited 2 times")));
	CHECK(str_contains(rendered(site, page, &out), S("Withdrawn by the publisher")));
	CHECK(str_contains(rendered(site, page, &out), S(".edits.html\"")));
	CHECK(str_contains(rendered(site, edits, &out), S("First")));
	CHECK(str_contains(rendered(site, edits, &out), S("id=\"edit-3\"")));
	CHECK(str_contains(rendered(site, edits, &out), S("1 paragraph unchanged")) ||
	      str_contains(rendered(site, edits, &out), S("One paragraph stays.")));
	CHECK(store_article_named(s, &mem, S("https://example.org/f"), STORE_FIELDS, &art, &err) ==
	      0);
	CHECK_STR("no page of edits where there are none",
		  rendered(site, arena_cstr(&mem, article_edits_file(&mem, &art)), &out), S(""));
	test_changes(site);
	buf_fini(&out);
	site_close(&site);
	store_close(&s);
}

static int64_t count_of(struct str s, struct str what)
{
	int64_t n = 0;

	for (size_t at; (at = str_find(s, what)) != STR_NONE; s = str_from(s, at + what.len))
		n++;
	return n;
}

/* From a source's feed back through its archive (RFC 5005): every article, once. */
static void test_chain(struct store *s, struct site *site, struct buf *out)
{
	struct store_query q = { .source = S("alpha"), .from = TIME_UNSTATED, .to = TIME_UNSTATED };
	struct str path = S("/source/alpha.xml"), before = S("rel=\"prev-archive\" type=\"");
	int64_t total = 0, entries = 0, parts = 0;

	CHECK(store_count(s, &q, &total, &err) == 0);
	for (; path.len; parts++) {
		struct str feed = rendered(site, arena_cstr(&mem, path), out);
		size_t at = str_find(feed, before);

		entries += count_of(feed, S("<entry")) + count_of(feed, S("<at:deleted-entry"));
		CHECK_I64("an archive says so", count_of(feed, S("<fh:archive/>")), parts > 0);
		path = S("");
		if (at == STR_NONE)
			continue;
		feed = str_from(feed, at + before.len);
		feed = str_from(feed, str_find(feed, S("/news/")) + 5);
		path = arena_str(&mem, str_sub(feed, 0, str_find_ch(feed, '"')));
	}
	CHECK_I64("entries", entries, total);
	CHECK_I64("parts", parts, 1 + list_pages(total));
	CHECK(parts > 2);
}

static void test_lookup(void)
{
	struct store *s = open_store("grow.db");
	struct site *site = open_site(s);
	struct buf out;
	static const char *const none[] = {
		"",
		"x",
		"/nothing",
		"/../../etc/passwd",
		"/source/nobody.html",
		"/source/alpha/0.html",
		"/source/alpha/999.html",
		"/source/alpha/01.html",
		"/source/alpha/999.xml",
		"/source/alpha/calendar.xml",
		"/category/news/1.xml",
		"/tag/nothing.html",
		"/2023/13.html",
		"/1999/01.html",
		"/sitemap/2023-11-99.xml",
		"/category/Alpha News.html",
		"/category/World.html",
		"/_head.html",
		"/front.html",
		"/strings/en.txt",
		"/source/.html",
		"/1",
		"https://example.org/1",
		"/source/alpha/1.html/x",
	};

	buf_init(&out, BUF_NO_MAX);
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		struct site_page page;

		CHECK_I64(none[i], site_render(site, &mem, str_of(none[i]), &out, &page, &err),
			  ERR_NOTFOUND);
	}
	CHECK(str_contains(rendered(site, "/", &out), S("<title>The &lt;Mirror&gt;</title>")));
	CHECK(str_contains(rendered(site, "/404.html", &out), S("href=\"/news/style.css\"")));
	CHECK(str_contains(rendered(site, "/feed.xml", &out), S("https://example.org/news/2023/")));
	test_chain(s, site, &out);
	/* Its publisher states UTC, as machines do: the mirror's own clock, as in the lists. */
	struct article one;
	CHECK(store_article_get(s, &mem, 1, STORE_FIELDS, &one, &err) == 0);
	CHECK(str_contains(rendered(site, arena_cstr(&mem, one.path), &out), S(" UTC+8</time>")));
	buf_fini(&out);
	site_close(&site);
	store_close(&s);
}

/* One article more, in a mirror with many: how many files it touches. */
static void test_few_files(void)
{
	struct store *s = open_store("few.db");
	struct draft d = { .source = "a",
			   .text = "Some text that is long enough to be shown in lists." };

	put_source(s, "a", "A", "A");
	CHECK(store_begin(s, &err) == 0);
	for (int i = 0; i < 333; i++) {
		d.url = d.title = arena_strf(&mem, "https://example.org/%d", i).ptr;
		d.keywords[0] = i % 2 ? "odd" : "even";
		d.published = START + (int64_t)i * HOUR;
		put_draft(s, &d);
	}
	CHECK(store_commit(s, &err) == 0);
	build(s, "few");
	d.url = d.title = "https://example.org/new";
	d.published = START + (int64_t)333 * HOUR;
	put_draft(s, &d);
	struct site_built built = build(s, "few");
	CHECK(!built.whole);
	/* Ten of pages, feeds and sitemaps, three of the search; with each eighth article five more
	 * of that. */
	CHECK(built.written <= 12 + 6);
	CHECK(built.written >= 8);
	store_close(&s);
}

/* What changed of an old article: the parts of the search index stay, and all is as at once. */
static void test_old_articles(void)
{
	struct store *s = open_store("old.db");
	struct draft d = { .source = "a", .text = "Some text of an article that is old by now." };

	put_source(s, "a", "A", "A");
	put_source(s, "b", "B", "B");
	CHECK(store_begin(s, &err) == 0);
	for (int i = 0; i < 329; i++) {
		d.url = d.title = arena_strf(&mem, "https://example.org/%d", i).ptr;
		d.keywords[0] = i % 2 ? "odd" : "even";
		d.published = START + (int64_t)(i * 7 % 100) * HOUR;
		put_draft(s, &d);
	}
	CHECK(store_commit(s, &err) == 0);
	build(s, "old");
	struct str parts = folder_text("old/search/g");
	for (int i = 0; i < 5; i++) {
		d.url = d.title = arena_strf(&mem, "https://example.org/%d", 30 * i + 3).ptr;
		d.keywords[0] = i == 1 ? "other" : "odd";
		d.source = i == 2 ? "b" : "a";
		d.published = START + (int64_t)((30 * i + 3) * 7 % 100 + (i == 3)) * HOUR;
		d.text = i == 4 ? "Quite another text."
				: "Some text of an article that is old by now.";
		put_draft(s, &d);
	}
	struct site_built built = build(s, "old");
	CHECK(!built.whole && built.written < 40);
	/* There are five documents more, which are not the eighth of anything. */
	CHECK_STR("no part was made anew", folder_text("old/search/g"), parts);
	build(s, "clean");
	check_same_folder("what fell is as it was", "old", "clean");
	remove_tree(in_root("clean"));
	/* So many that it is better to make the part anew. */
	for (int i = 0; i < 60; i++) {
		d.url = d.title = arena_strf(&mem, "https://example.org/%d", 4 * i).ptr;
		d.text = "Yet another text.";
		put_draft(s, &d);
		if (i % 20 == 0)
			build(s, "old");
	}
	build(s, "old");
	build(s, "clean");
	check_same_folder("a part without what fell", "old", "clean");
	remove_tree(in_root("clean"));
	store_close(&s);
}

/* Hundreds of edits and deletions, some taken back: a few files each time, and all as at once. */
static void test_journal(void)
{
	struct store *s = open_store("journal.db");
	int n = 130;

	put_sources(s);
	CHECK(store_begin(s, &err) == 0);
	for (int i = 0; i < n; i++)
		draw_article(s, i, START + (int64_t)i * HOUR, 0);
	CHECK(store_commit(s, &err) == 0);
	build(s, "journal");
	for (int round = 1; round < 9; round++) {
		int edits = round == 2 ? 260 : (int)draw(60);

		CHECK(store_begin(s, &err) == 0);
		for (int i = 0; i < edits; i++) {
			int old = (int)draw((uint32_t)n);

			draw_article(s, old, START + (int64_t)old * HOUR, 1000 * round + i);
		}
		for (int i = 0; i < (round == 3 ? 260 : 3); i++) {
			int64_t id = 1 + draw((uint32_t)n),
				now = START + (int64_t)round * 20 * DAY + i;

			CHECK(store_article_gone(s, id, draw(3) ? now - DAY : TIME_UNSTATED, now,
						 &err) == 0);
		}
		for (int i = 0; i < (int)draw(20); i++, n++)
			draw_article(s, n, START + (int64_t)n * HOUR, 0);
		CHECK(store_commit(s, &err) == 0);
		struct site_built built = build(s, "journal");
		CHECK(round == 2 || round == 3 || !built.whole);
		build(s, "clean");
		check_same_folder("edits step by step are edits at once", "journal", "clean");
		remove_tree(in_root("clean"));
	}
	check_served(s, "journal");
	/* One edit more touches what shows it, and the part of the search index it was in; one new
	 * article no page of edits. */
	draw_article(s, 7, START + 7 * HOUR, 99999);
	CHECK(build(s, "journal").written <= 30 + 30);
	struct site *site = open_site(s);
	struct buf out;
	buf_init(&out, BUF_NO_MAX);
	static const char *const there[] = { "/edits.html",       "/edits/1.html",
					     "/edits.xml",        "/deletions.html",
					     "/deletions/1.html", "/deletions.xml",
					     "/feed/1.xml",       "/feed/2.xml" };
	for (size_t i = 0; i < sizeof(there) / sizeof(there[0]); i++)
		if (!rendered(site, there[i], &out).len)
			CHECK_STR(there[i], S("missing"), S("there"));
	static const char *const none[] = { "/edits/0.html",  "/edits/01.html", "/edits/99.html",
					    "/edits/1.htmlx", "/feed/0.xml",    "/feed/99.xml",
					    "/feed/1.html",   "/editsx.html" };
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		CHECK_STR(none[i], rendered(site, none[i], &out), S(""));
	CHECK(str_contains(rendered(site, "/feed.xml", &out), S("rel=\"prev-archive\"")));
	CHECK(str_contains(rendered(site, "/feed.xml", &out), S("<at:deleted-entry ref=")));
	CHECK(str_contains(rendered(site, "/feed/2.xml", &out), S("feed/1.xml\"")));
	CHECK(str_contains(rendered(site, "/edits.html", &out), S("<del>")));
	buf_fini(&out);
	site_close(&site);
	store_close(&s);
}

static void stop_soon(void *arg, int64_t done, int64_t all)
{
	(void)all;
	if (done > 0)
		atomic_store((atomic_int *)arg, 1);
}

static void test_interrupted(void)
{
	struct store *s = open_store("stop.db");
	atomic_int stop = 0;
	struct site_progress progress = { .tell = stop_soon, .arg = &stop, .stop = &stop };
	struct site_built built;

	put_source(s, "alpha", "Alpha", "Alpha");
	put_source(s, "beta", "Beta", "Beta");
	put_source(s, "gamma", "Gamma", "Gamma");
	CHECK(store_begin(s, &err) == 0);
	for (int i = 0; i < 700; i++)
		draw_article(s, i, START + (int64_t)i * HOUR, 0);
	CHECK(store_commit(s, &err) == 0);
	struct site *site = open_site(s);
	CHECK_I64("a build can be stopped",
		  site_build(site, in_root("stop"), &progress, &built, &err), ERR_AGAIN);
	CHECK(!dir_exists(in_root("stop")));
	site_close(&site);
	built = build(s, "stop");
	CHECK(built.unchanged > 200); /* it went on */
	CHECK(!dir_exists(in_root("stop.building")));
	build(s, "clean");
	check_same_folder("stopped, then finished: the same", "stop", "clean");
	/* Killed in the middle of a line of what it remembers. */
	struct draft d = { .url = "https://example.org/9999",
			   .source = "beta",
			   .title = "After",
			   .text = "Text.",
			   .published = START };
	struct buf manifest;
	put_draft(s, &d);
	buf_init(&manifest, BUF_NO_MAX);
	CHECK(file_read(in_root("stop/.dibao/manifest"), &manifest, &err) == 0);
	struct article art;
	CHECK(store_article_named(s, &mem, S("https://example.org/0"), STORE_FIELDS, &art, &err) ==
	      0);
	buf_addf(&manifest, "A\t%.*s\t%lld\tm:202", STR_FMT(art.path), (long long)art.date);
	CHECK(file_write(in_root("stop/.dibao/manifest"), buf_str(&manifest), false, &err) == 0);
	buf_fini(&manifest);
	draw_article(s, 0, START, 7);
	CHECK(!build(s, "stop").whole);
	build(s, "clean");
	check_same_folder("killed in a line, then finished: the same", "stop", "clean");
	/* A file of somebody else's, and one that was damaged. */
	CHECK(file_write(in_root("stop/CNAME"), S("example.org"), false, &err) == 0);
	CHECK(file_write(in_root("stop/index.html"), S("damaged"), false, &err) == 0);
	CHECK(unlink(in_root("stop/.dibao/state")) == 0);
	build(s, "stop");
	CHECK(file_exists(in_root("stop/CNAME")));
	CHECK(unlink(in_root("stop/CNAME")) == 0);
	check_same_folder("everything is compared where the state is lost", "stop", "clean");
	store_close(&s);
}

/* --- what publishers may say
 * ---------------------------------------------------------------------- */

static void test_hostile(void)
{
	static const char evil[] = "\"'></script><script>alert(1)</script>{{title}}<!--";
	struct store *s = open_store("evil.db");
	struct draft d = { .url = "https://example.org/e?<script>",
			   .source = "evil",
			   .title = evil,
			   .text = "plain",
			   .keywords = { evil, "../../x", "con", 0 },
			   .published = START };
	struct buf out;

	put_source(s, "evil", evil, "<b>cat</b>");
	put_draft(s, &d);
	d.url = "https://example.org/f";
	put_draft(s, &d);
	build(s, "evil");
	struct str all = folder_text("evil"), line, path;
	buf_init(&out, BUF_NO_MAX);
	while (str_split(&all, '\n', &line) && str_split(&line, ' ', &path)) {
		CHECK(!str_contains(path, S("/.")));
		buf_reset(&out);
		CHECK(file_read(
			      path_join(&mem, in_root("evil"), arena_cstr(&mem, str_from(path, 1))),
			      &out, &err) == 0);
		if (str_contains(buf_str(&out), S("<script>alert")) ||
		    str_contains(buf_str(&out), S("<b>cat")))
			CHECK_STR("no text of a publisher is markup", path, S(""));
		if (!str_contains(path, S("robots")) && !str_has_prefix(path, S("/style")))
			CHECK(!str_contains(buf_str(&out), S("{{")) ||
			      str_contains(buf_str(&out), S("{{title}}")));
	}
	buf_fini(&out);
	check_served(s, "evil");
	store_close(&s);
}

int main(void)
{
	if (!fixture_start())
		return 1;
	test_growing();
	test_lookup();
	test_few_files();
	test_old_articles();
	test_edits();
	test_journal();
	test_interrupted();
	test_hostile();
	return fixture_end();
}
