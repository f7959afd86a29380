/* Searching: what a query finds, in which order, as articles come and change. */
#include "store/fixture.h"

static const struct {
	const char *title, *text, *source, *tag;
	int day;
} news[] = {
	{ "北约秘书长访台", "北约秘书长表示，汉娜·阿伦特的猫。", "agency", "政治", 0 },
	{ "俄罗斯",
	  "他說北約與俄羅斯的關係。\n\nThe machine learning model of NATO's COVID-19 team.", "udn",
	  "科技", 10 },
	{ "華為5G手機", "人工智能很强。人工，智能。", "agency", "科技", 20 },
	{ "ＡＩ　時代", "Machine tools; deep learning. Ｆｕｌｌ width. café Straße", "bbc", "Tech",
	  30 },
	{ "長文", "工智能不是人工智慧，是人的。两败。俱伤", "bbc", "", 400 },
	{ "かな", "コンピュータは便利です。小猫", "nhk", "", 500 },
};
enum { NEWS = sizeof(news) / sizeof(*news) };

static void find(struct store *s, const char *query, struct store_search *what, int64_t first,
		 char *got, int64_t *total)
{
	struct store_hit *hits;
	size_t n;

	what->query = str_of(query);
	int rc = store_search(s, &mem, what, &hits, &n, total, &err);
	if (rc < 0) {
		snprintf(got, 600, "error: %s", err.msg);
		return;
	}
	for (size_t i = 0; i < n; i++)
		got[i] = (char)('a' + (hits[i].id - first));
	got[n] = 0;
}

static void test_search(struct store *s)
{
	static const struct {
		const char *why, *query, *want;
	} cases[] = {
		{ "two characters, either form", "北約", "ab" },
		{ "the reverse", "北约", "ab" },
		{ "across pairs", "約秘書", "a" },
		{ "pairs strewn about are no word", "人工智能", "c" },
		{ "nor over a full stop", "人工智能很", "c" },
		{ "not across punctuation", "两败俱", "" },
		{ "punctuation inside is no matter", "汉娜·阿伦特", "a" },
		{ "without it neither", "汉娜阿伦特", "" },
		{ "one character, anywhere in a run", "猫", "af" },
		{ "one character, at a run's end", "型", "" },
		{ "AND", "北约 俄罗斯", "b" },
		{ "phrase", "\"machine learning\"", "b" },
		{ "both words", "machine learning", "bd" },
		{ "a word with a hyphen", "COVID-19", "b" },
		{ "case and width", "ａｉ", "d" },
		{ "whole words", "mach", "" },
		{ "a word beside Han", "5G", "c" },
		{ "mixed", "华为5g", "c" },
		{ "width in the text", "full", "d" },
		{ "accents stay", "cafe", "" },
		{ "accents", "CAFÉ", "d" },
		{ "sharp s", "STRASSE", "d" },
		{ "kana", "ンピュ", "f" },
		{ "without", "北约 -俄罗斯", "a" },
		{ "without a phrase", "machine -\"machine learning\"", "d" },
		{ "source", "source:agency", "ac" },
		{ "source and word", "北约 source:udn", "b" },
		{ "not that source", "北约 -source:udn", "a" },
		{ "tag", "tag:科技", "bc" },
		{ "tag, folded", "tag:TECH", "d" },
		{ "from", "北约 from:2023-11-10", "a" },
		{ "to, inclusive", "source:bbc to:2023-10-15", "de" },
		{ "month", "source:bbc from:2022-10 to:2022-10", "e" },
		{ "title first", "人工", "ce" },
		{ "nothing", "量子纠缠", "" },
		{ "only punctuation", "。，！",
		  "error: the query has nothing to look for: give a word, source: or tag:" },
		{ "only what is not wanted", "-猫",
		  "error: the query has nothing to look for: give a word, source: or tag:" },
		{ "no date", "猫 from:2023-02-30",
		  "error: from:2023-02-30 is no date (2023, 2023-01 or 2023-01-23)" },
		{ "open quote", "\"a b", "error: a quotation mark is not closed: a b" },
		{ "empty field", "source:", "error: source: needs a value" },
	};
	int64_t first = 0, total;

	for (int i = 0; i < NEWS; i++) {
		struct article a = sample(arena_strf(&mem, "https://s.example/%d", i).ptr,
					  news[i].title, news[i].text);
		struct str tag = str_of(news[i].tag);

		a.source = str_of(news[i].source);
		a.keywords = (struct strs){ &tag, tag.len > 0 };
		a.published = NOW - news[i].day * (int64_t)DAY;
		int64_t id = put(s, &a, NOW, NULL);
		first = first ? first : id;
	}
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct store_search what = { .from = NOW - 600LL * DAY };
		char got[600] = "";

		find(s, cases[i].query, &what, first, got, &total);
		CHECK_STR(arena_strf(&mem, "%s: %s", cases[i].why, cases[i].query).ptr, str_of(got),
			  str_of(cases[i].want));
	}
}

static void test_search_changes(struct store *s)
{
	struct article a = sample("https://change.example/", "改前", "独一无二的旧词");
	struct store_search what = { .query = S("独一无二") };
	struct store_hit *hits;
	size_t n;
	int64_t total, id = put(s, &a, NOW, NULL);

	CHECK(store_search(s, &mem, &what, &hits, &n, &total, &err) == 0 && n == 1 && total == 1 &&
	      hits[0].id == id);
	CHECK_STR("the snippet marks", hits[0].snippet,
		  S("\x01"
		    "独一无二"
		    "\x02"
		    "的旧词"));
	a.text = S("獨一無二的新詞");
	put(s, &a, NOW + DAY, NULL);
	what.query = S("旧词");
	CHECK(store_search(s, &mem, &what, &hits, &n, &total, &err) == 0 && n == 0);
	what.query = S("新词");
	CHECK(store_search(s, &mem, &what, &hits, &n, &total, &err) == 0 && n == 1 &&
	      hits[0].id == id);
	CHECK_STR("as it is shown, not as it is folded", hits[0].snippet,
		  S("獨一無二的\x01"
		    "新詞"
		    "\x02"));
	a.source = S("another");
	put(s, &a, NOW + DAY, NULL);
	what.query = S("新词 source:another source:cna");
	CHECK(store_search(s, &mem, &what, &hits, &n, &total, &err) == 0 && n == 1);
	a = sample("https://square.example/", "方", "某㍿の発表");
	id = put(s, &a, NOW, NULL);
	what.query = S("式会");
	CHECK(store_search(s, &mem, &what, &hits, &n, &total, &err) == 0 && n == 1);
	CHECK_STR("a character that stands for several", hits[0].snippet,
		  S("某\x01"
		    "㍿"
		    "\x02"
		    "の発表"));
	a = sample("https://around.example/", "外", "正文在此");
	struct store_put around = { .article = &a, .now = NOW, .around = S("相關新聞：周边词语") };
	enum store_change change;
	CHECK(store_article_put(s, &around, &id, &change, &err) == 0);
	what.query = S("周邊詞語");
	CHECK(store_search(s, &mem, &what, &hits, &n, &total, &err) == 0 && n == 1 &&
	      hits[0].id == id);
	CHECK_STR("what stands around is found", hits[0].snippet,
		  S("相關新聞：\x01"
		    "周边词语"
		    "\x02"));
	/* Hundreds of small commits: segments are merged again and again. */
	for (int i = 0; i < 700; i++) {
		a = sample(arena_strf(&mem, "https://many.example/%d", i).ptr, "合并",
			   arena_strf(&mem, "段落%d 共同词", i).ptr);
		a.published = NOW - i * 1000;
		if (i % 5 == 0)
			CHECK(store_begin(s, &err) == 0);
		put(s, &a, NOW, NULL);
		if (i % 7 == 0) {
			a.text = arena_strf(&mem, "段落%d 后来改成别的", i);
			put(s, &a, NOW, NULL);
		}
		if (i % 5 == 4)
			CHECK(store_commit(s, &err) == 0);
	}
	what = (struct store_search){ .query = S("共同词"), .limit = 10, .offset = 20 };
	CHECK(store_search(s, &mem, &what, &hits, &n, &total, &err) == 0);
	CHECK_I64("merged segments forget the dead and nothing else", total, 600);
	CHECK_I64("limit", (int64_t)n, 10);
	struct article got;
	CHECK(store_article_get(s, &mem, hits[0].id, 0, &got, &err) == 0);
	CHECK_STR("newest first, and the offset counts", got.url, S("https://many.example/24"));
	what.query = S("段落699");
	CHECK(store_search(s, &mem, &what, &hits, &n, &total, &err) == 0 && total == 1);
}

/* Places are known modulo 128: hundreds that only look like the phrase, all newer than those that
 * have it. */
static void test_search_strewn(struct store *s)
{
	enum { STREWN = 600, WHOLE = 8, GAP = 128 };
	struct store_search what = { .query = S("\"zeroth alpha\""), .limit = 5 };
	struct store_hit *hits;
	struct article got;
	struct buf text;
	size_t n;
	int64_t total;

	buf_init(&text, BUF_NO_MAX);
	buf_add_cstr(&text, "zeroth");
	for (int i = 0; i < GAP; i++)
		buf_add_cstr(&text, " w");
	buf_add_cstr(&text, " alpha");
	CHECK(store_begin(s, &err) == 0);
	for (int i = 0; i < STREWN + WHOLE; i++) {
		struct article a = sample(arena_strf(&mem, "https://strewn.example/%d", i).ptr, "x",
					  i < STREWN ? buf_cstr(&text) : "zeroth alpha");

		/* The older a whole one, the sooner it came. */
		a.published = NOW - 1000LL * (i < STREWN ? i : 2 * STREWN + WHOLE - i);
		put(s, &a, NOW, NULL);
	}
	CHECK(store_commit(s, &err) == 0);
	buf_fini(&text);
	CHECK(store_search(s, &mem, &what, &hits, &n, &total, &err) == 0);
	CHECK_I64("as many as are shown", (int64_t)n, 5);
	for (size_t i = 0; i < n; i++) {
		CHECK(store_article_get(s, &mem, hits[i].id, 0, &got, &err) == 0);
		CHECK_STR(
			"those that have it, newest first", got.url,
			arena_strf(&mem, "https://strewn.example/%d", STREWN + WHOLE - 1 - (int)i));
	}
}

/* The index switched off, and on again. */
static void test_index_later(void)
{
	struct store_options off = { .where = where, .write = true };
	struct store_search what = { .query = S("后来才有索引") };
	struct store *s;
	struct store_hit *hits;
	size_t n;
	int64_t total, waiting;
	struct article a = sample("https://later.example/1", "晚", "后来才有索引");

	CHECK(store_open(&off, &s, &err) == 0);
	put(s, &a, NOW, NULL);
	CHECK(store_unindexed(s, &waiting, &err) == 0 && waiting == 1);
	CHECK(store_search(s, &mem, &what, &hits, &n, &total, &err) == 0 && n == 0);
	store_close(&s);
	s = open_store(true);
	CHECK(store_begin(s, &err) == 0 && store_commit(s, &err) == 0);
	CHECK(store_unindexed(s, &waiting, &err) == 0 && waiting == 0);
	CHECK(store_search(s, &mem, &what, &hits, &n, &total, &err) == 0 && n == 1);
	store_close(&s);
}

int main(void)
{
	fixture_start();
	struct store *s = open_store(true);
	test_search(s);
	test_search_changes(s);
	test_search_strewn(s);
	store_close(&s);
	test_index_later();
	return fixture_end();
}
