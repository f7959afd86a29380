#include "base/check.h"
#include "page/private.h"

#include <string.h>

/* Something to read, so that a page is one. */
#define SENTENCES                                                                                  \
	"<p>The council met on Tuesday evening and spoke, for the better part of an hour, about "  \
	"the roof of the mill.</p>"                                                                \
	"<p>Nobody wanted to pay for it, nobody wanted it to fall in, and so the talk went round " \
	"the table twice, slowly.</p>"                                                             \
	"<p>In the end the mayor offered to ask the owls, who were there first, and the meeting "  \
	"was closed with a laugh.</p>"

static const struct {
	const char *why;
	struct str in;
	enum page_kind want;
} kinds[] = {
	{ "sentences are an article", STR("<html><title>Mill</title><body>" SENTENCES),
	  PAGE_ARTICLE },
	{ "nothing is empty", STR(" \n"), PAGE_EMPTY },
	{ "markup without text is empty", STR("<html><body><div></div>"), PAGE_EMPTY },
	{ "a PDF", STR("%PDF-1.4 ..."), PAGE_NOT_HTML },
	{ "an image", STR("\x89PNG\r\n\x1a\n"), PAGE_NOT_HTML },
	{ "an error page",
	  STR("<html><title>404 Not Found</title><body><h1>Not Found</h1><p>The requested URL was "
	      "not "
	      "found on this server, sorry.</p>"),
	  PAGE_ERROR },
	{ "a consent wall",
	  STR("<html><title>Before you go on</title><body><div class=cookie-consent><p>We use "
	      "cookies "
	      "and other means to show you what you like, and our 812 partners do, too.</p>"
	      "<button>Accept all</button></div>"),
	  PAGE_CONSENT_WALL },
	{ "a consent wall of three lines, by its title and its buttons",
	  STR("<html><title>Before you continue to Gazette</title><body><h1>Before you "
	      "continue</h1><div>We use cookies and data to</div><ul><li>Keep our services "
	      "running, day and night</li></ul><button>Reject all</button><button>Accept "
	      "all</button>"),
	  PAGE_CONSENT_WALL },
	{ "the choice between tracking and paying",
	  STR("<html><title>Gazette</title><body><h1>Mit Werbung weiterlesen</h1><p>Besuchen Sie "
	      "uns wie gewohnt mit Werbung und Tracking. Ihre Zustimmung ist jederzeit "
	      "widerrufbar.</p><button>Akzeptieren und weiter</button>"),
	  PAGE_CONSENT_WALL },
	{ "a short article over a banner is an article",
	  STR("<html><title>Mill</title><body><h1>Mill</h1><p>The mill is closed until Monday, "
	      "says the council, because of the owls, who were there first, and because of the "
	      "roof, which is not there any more.</p><p>Who has a ticket may keep it for another "
	      "day, or give it to the owls.</p><div>We use cookies.</div><a href=/c>Cookie "
	      "settings</a> <a href=/p>Privacy policy</a>"),
	  PAGE_ARTICLE },
	{ "a login wall",
	  STR("<html><title>Sign in</title><body><form><h1>Sign in</h1><label>Password</label>"
	      "<input type=password></form><p>Create an account to continue reading.</p>"),
	  PAGE_LOGIN_WALL },
	{ "a status of HTTP in the title",
	  STR("<html><title>503 Gone fishing</title><body><p>nginx, as far as it goes, and no "
	      "more.</p>"),
	  PAGE_ERROR },
	{ "a page that says it is none",
	  STR("<html><title>某報</title><body><h1>很抱歉，您要找的頁面不存在</"
	      "h1><p>該文章可能已被刪除或移動，"
	      "請回到首頁。</p>"),
	  PAGE_ERROR },
	{ "an API's answer", STR("{\"id\": 1, \"text\": \"<p>The mill is closed.</p>\"}"),
	  PAGE_NOT_HTML },
	{ "a feed", STR("<?xml version='1.0'?>\n<rss version='2.0'><channel></channel></rss>"),
	  PAGE_NOT_HTML },
	{ "bytes of no kind", STR("\x01\x02\x03\x04 and so on, \x05\x06\x07\x08 and on"),
	  PAGE_NOT_HTML },
};

static void test_kinds(struct page_extractor *x, struct arena *mem)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct page_options opt = { .url = STR("https://e.org/a") };
		struct page_result out;
		struct err err = { 0 };
		int result = page_extract(x, mem, kinds[i].in, &opt, &out, &err);

		CHECK_I64(kinds[i].why, out.kind, kinds[i].want);
		CHECK((result == 0) == (kinds[i].want == PAGE_ARTICLE));
		CHECK(result == 0 || str_has_prefix(str_of(err.msg), S("no article: ")));
	}
}

/* Ten megabytes of one tag, a million attributes: refused or read, in bounded time and memory. */
static void test_ceilings(struct page_extractor *x, struct arena *mem)
{
	struct page_options opt = { .url = STR("https://e.org/a") };
	struct page_result out;
	struct err err = { 0 };
	struct buf b;

	buf_init(&b, 2 * (size_t)PAGE_MAX_BYTES);
	while (b.len < 10u << 20)
		buf_add(&b, S("<b>"));
	CHECK(page_extract(x, mem, buf_str(&b), &opt, &out, &err) < 0);
	buf_reset(&b);
	buf_add(&b, S("<p"));
	for (int i = 0; i < 1000000; i++)
		buf_addf(&b, " a%d", i);
	buf_add(&b, S(">" SENTENCES));
	CHECK(page_extract(x, mem, buf_str(&b), &opt, &out, &err) <= 0);
	buf_reset(&b);
	while (b.len <= PAGE_MAX_BYTES)
		buf_add(&b, S(SENTENCES));
	CHECK(page_extract(x, mem, buf_str(&b), &opt, &out, &err) == ERR_LIMIT);
	/* Each of these took minutes: paragraphs that differ in a number only, and an articleBody
	 * in which none of them is. */
	buf_reset(&b);
	buf_add(&b, S("<script "
		      "type='application/ld+json'>{\"@type\":\"NewsArticle\",\"articleBody\":\""));
	for (int i = 0; i < 200000; i++)
		buf_add(&b, S("some other words "));
	buf_add(&b, S("\"}</script>"));
	for (int i = 0; i < 100000; i++)
		buf_addf(&b, "<p>A sentence of its own, number %d.</p>", i);
	CHECK(page_extract(x, mem, buf_str(&b), &opt, &out, &err) == 0);
	buf_fini(&b);
	/* And the extractor goes on. */
	CHECK(page_extract(x, mem, S("<html><title>Mill</title><body>" SENTENCES), &opt, &out,
			   &err) == 0);
	CHECK_STR("after a page past a ceiling the next is read", out.article.title, S("Mill"));
}

static void test_fields(struct page_extractor *x, struct arena *mem)
{
	struct str page =
		S("<html lang=de><head><title>Die Mühle | Hafenblatt</title>"
		  "<meta property='og:site_name' content='Hafenblatt'>"
		  "<meta name=author content='Von Ada Moor und Ben Quay'>"
		  "<meta name=news_keywords content='Mühle, Eule'>"
		  "<meta property='article:published_time' content='2026-03-05T09:30:00+01:00'>"
		  "<link rel=canonical href='/a?utm_source=x#top'></head><body><h1>Die "
		  "Mühle</h1>" SENTENCES);
	struct page_options opt = { .url = STR("https://e.org/b") };
	struct page_result out;
	struct err err;

	CHECK(page_extract(x, mem, page, &opt, &out, &err) == 0);
	const struct article *a = &out.article;
	CHECK_STR("the title is without the site's name", a->title, S("Die Mühle"));
	CHECK_STR("canonical address without tracking", out.canonical_url, S("https://e.org/a"));
	CHECK_I64("two authors of one line", (int64_t)a->authors.count, 2);
	if (a->authors.count == 2) {
		CHECK_STR("the label goes", a->authors.items[0].name, S("Ada Moor"));
		CHECK_STR("the second", a->authors.items[1].name, S("Ben Quay"));
	}
	CHECK_I64("the instant", a->published, INT64_C(1772699400000));
	CHECK_I64("its offset", a->published_offset_min, 60);
	CHECK_I64("keywords", (int64_t)a->keywords.count, 2);
	CHECK_STR("the text's language against the attribute's", a->language, S("en"));
}

static void test_titles(struct page_extractor *x, struct arena *mem)
{
	static const struct {
		const char *why;
		struct str head, want;
	} rows[] = {
		{ "a site's name that is the page's own title cuts nothing off",
		  STR("<title>The mill - and its owls</title><meta name=application-name "
		      "content='The mill - and its owls'></head><body><h1>The mill - and its "
		      "owls</h1>"),
		  STR("The mill - and its owls") },
		{ "parts that only the style sheet sets apart",
		  STR("<title>The mill Owls were there first - Gazette</title><meta "
		      "property=og:site_name content=Gazette></head><body><h1>"
		      "<span>The mill</span><span>Owls were there first</span></h1>"),
		  STR("The mill Owls were there first") },
		{ "two places that agree, against a line for search engines",
		  STR("<title>Mill roof cost owls council mayor</title><meta property=og:title "
		      "content='The owls were there first'><script "
		      "type='application/ld+json'>{\"@type\":\"NewsArticle\","
		      "\"headline\":\"The owls were there first\"}</script></head><body>"
		      "<h1>Mill roof cost owls council mayor</h1>"),
		  STR("The owls were there first") },
		{ "a headline that stands in og:title alone, where <title> is made from the <h1>",
		  STR("<title>Owls stop mill roof repair - Gazette</title><meta "
		      "property=og:site_name content=Gazette><meta property=og:type "
		      "content=article><meta property=og:title content='The owls were there "
		      "first'></head><body><h1>Owls stop mill roof repair</h1>"),
		  STR("The owls were there first") },
		{ "but not where twitter:title sides with the <h1>",
		  STR("<title>Owls stop mill roof repair - Gazette</title><meta "
		      "property=og:site_name content=Gazette><meta property=og:type "
		      "content=article><meta property=og:title content='The owls were there "
		      "first'><meta name=twitter:title content='Owls stop mill roof repair'>"
		      "</head><body><h1>Owls stop mill roof repair</h1>"),
		  STR("Owls stop mill roof repair") },
		{ "nor where it lacks no more than a kicker",
		  STR("<title>Harbour: Owls stop mill roof repair - Gazette</title><meta "
		      "property=og:site_name content=Gazette><meta property=og:type "
		      "content=article><meta property=og:title content='Owls stop mill roof "
		      "repair'></head><body><h1>Harbour: Owls stop mill roof repair</h1>"),
		  STR("Harbour: Owls stop mill roof repair") },
		{ "a headline in JSON-LD alone, told from another there",
		  STR("<title>Owls: Mill roof waits</title><meta property=og:type "
		      "content=article><meta property=og:title content='Owls: Mill roof waits'>"
		      "<script type='application/ld+json'>{\"@type\":\"NewsArticle\","
		      "\"headline\":\"Mill roof has to wait for owls\","
		      "\"alternativeHeadline\":\"Mill roof waits\"}</script></head><body>"
		      "<h1>Owls: Mill roof waits</h1>"),
		  STR("Mill roof has to wait for owls") },
		{ "a <h1> that leads to the front page is the site's name",
		  STR("<title>Harbour notes: An evening at the mill</title></head><body>"
		      "<h1><a href='/'>Harbour notes</a></h1><h2>An evening at the mill</h2>"),
		  STR("An evening at the mill") },
		{ "and so is one that ends <title> behind a longer headline",
		  STR("<title>An evening at the mill_News_Harbour notes</title></head><body>"
		      "<h1>Harbour notes</h1><h2>An evening at the mill</h2>"),
		  STR("An evening at the mill") },
		{ "a headline cut short for JSON-LD",
		  STR("<title>Council, after three evenings of talk about the mill, its roof and "
		      "its owls, moves the repair to September</title><script "
		      "type='application/ld+json'>{\"@type\":\"Article\",\"headline\":\"Council, "
		      "after three evenings of talk about the mill, its roof and its owls, moves "
		      "the\"}</script></head><body>"),
		  STR("Council, after three evenings of talk about the mill, its roof and its "
		      "owls, moves the repair to September") },
		{ "a bold line above the text, where <title> says nothing of the page",
		  STR("<title>View</title></head><body><table><tr><td "
		      "align=center><b>An evening at the mill</b></td></tr></table>"),
		  STR("An evening at the mill") },
		{ "but not where the page says what <title> says",
		  STR("<title>An evening at the mill</title></head><body><p>An evening at the "
		      "mill</p><p><b>By our own reporter</b></p>"),
		  STR("An evening at the mill") },
		{ "behind the site's name",
		  STR("<title>Harbour notes » An evening at the mill</title></head><body>"
		      "<p align=center>An evening at the mill</p>"),
		  STR("An evening at the mill") },
		{ "one word shared is chance",
		  STR("<title>A wedding: planning and checklist</title><meta property=og:title "
		      "content='A wedding: planning and checklist'></head><body><h1>Details</h1>"
		      "<h1>Planning</h1>"),
		  STR("A wedding: planning and checklist") },
		{ "a <title> that is the same on all pages, and a line made as a title",
		  STR("<title>The harbour blog</title></head><body><div class=nav>Home</div><div "
		      "class=post-title>An evening at the mill</div><div class=date>5 March "
		      "2026</div>"),
		  STR("An evening at the mill") },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct str page =
			arena_strf(mem, "<html><head>%.*s%s", STR_FMT(rows[i].head), SENTENCES);
		struct page_options opt = { .url = STR("https://e.org/a") };
		struct page_result out;
		struct err err;

		CHECK(page_extract(x, mem, page, &opt, &out, &err) == 0);
		CHECK_STR(rows[i].why, out.article.title, rows[i].want);
	}
}

static void test_tags(struct page_extractor *x, struct arena *mem)
{
	static const struct {
		const char *why, *links;
		int64_t count;
	} rows[] = {
		{ "a block of tags", "<a href=/t/owls>owls</a> <a href=/t/mill>the old mill</a>",
		  2 },
		{ "a block of archives", "<a href=/t/1>May 2025 (3)</a> <a href=/t/2>June (12)</a>",
		  0 },
		{ "a block of other articles",
		  "<a href=/2>Owls move into the old mill again</a> <a href=/3>Council puts off "
		  "the "
		  "roof until September</a> <a href=/4>Owls</a>",
		  0 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct str page = arena_strf(mem,
					     "<html><title>Mill</title><body><div>%s</div><div "
					     "class=tags>%s</div>",
					     SENTENCES, rows[i].links);
		struct page_options opt = { .url = STR("https://e.org/a") };
		struct page_result out;
		struct err err;

		CHECK(page_extract(x, mem, page, &opt, &out, &err) == 0);
		CHECK_I64(rows[i].why, (int64_t)out.article.keywords.count, rows[i].count);
	}
}

static void test_datelines(struct page_extractor *x, struct arena *mem)
{
	static const struct {
		const char *why;
		struct str lead, place;
		int day;
	} rows[] = {
		{ "an agency in brackets",
		  STR("<p>LONDON (Reuters) - The mill is closed, it is said, "
		      "and the owls stay where they are.</p>"),
		  STR("LONDON"), 0 },
		{ "a day behind the place",
		  STR("<p>PUTRAJAYA, Nov 22 — The mill is closed, it is "
		      "said, and the owls stay where they are.</p>"),
		  STR("PUTRAJAYA"), 22 },
		{ "a country behind the place",
		  STR("<p>PARIS, FRANCE — The mill is closed, it is "
		      "said, and the owls stay where they are.</p>"),
		  STR("PARIS, FRANCE"), 0 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct str page = arena_strf(mem, "<html><title>Mill</title><body>%.*s%s",
					     STR_FMT(rows[i].lead), SENTENCES);
		struct page_options opt = { .url = STR("https://e.org/a") };
		struct page_result out;
		struct err err;

		CHECK(page_extract(x, mem, page, &opt, &out, &err) == 0);
		CHECK_STR(rows[i].why, out.article.dateline.place, rows[i].place);
		CHECK_I64(rows[i].why, out.article.dateline.day, rows[i].day);
	}
}

static void test_feeds(struct page_extractor *x, struct arena *mem)
{
	struct str page =
		S("<html><head><title>Harbour</title><link rel=alternate "
		  "type='application/atom+xml' href='/f' "
		  "title='All'><link rel='alternate' type='application/json' href='/wp-json/x'>"
		  "<link rel=alternate hreflang=fr href=/fr></head><body>");
	struct page_feeds feeds;
	struct err err;

	CHECK(page_find_feeds(x, mem, page, S("https://e.org/a/"), S(""), &feeds, &err) == 0);
	CHECK_I64("an API and a translation are no feeds", (int64_t)feeds.count, 1);
	if (feeds.count)
		CHECK_STR("absolute", feeds.items[0].url, S("https://e.org/f"));
	CHECK_STR("the page's title", feeds.title, S("Harbour"));
}

static void test_vocab(void)
{
	static const struct {
		const char *why;
		struct str value;
		enum class_kind kind;
		bool has;
	} rows[] = {
		{ "words by hyphen", STR("post-body"), CLASS_BODY_SURE, true },
		{ "by case", STR("articleBody"), CLASS_BODY_SURE, true },
		{ "by underscore, hashed modules", STR("styles_articleBody__x8d2F"),
		  CLASS_BODY_SURE, true },
		{ "two classes are not one word", STR("post body"), CLASS_BODY_SURE, false },
		{ "a part of a word is none", STR("adapter"), CLASS_AD, false },
		{ "nor is a longer word", STR("shareholder"), CLASS_SHARE, false },
		{ "a word of its own", STR("ad-slot"), CLASS_AD, true },
		{ "the last two of three", STR("xyz-post-body"), CLASS_BODY_SURE, true },
		{ "behind a word as long as no word is",
		  STR("aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeee-share"), CLASS_SHARE,
		  true },
		{ "which is none itself", STR("shareaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeee"),
		  CLASS_SHARE, false },
		{ "capitals", STR("SHARE BAR"), CLASS_SHARE, true },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		CHECK_I64(rows[i].why, (vocab_class(rows[i].value) >> rows[i].kind) & 1,
			  rows[i].has);
	CHECK(vocab_cues(S("» Related articles:")) & CUE_BIT(CUE_RELATED));
	CHECK(vocab_cues(S("延伸閱讀：")) & CUE_BIT(CUE_RELATED));
	CHECK(!(vocab_cues(S("Relatedness is a matter of degree, they said.")) &
		CUE_BIT(CUE_RELATED)));
	CHECK(vocab_cues(S("本報 版權所有 2026")) & CUE_BIT(CUE_COPYRIGHT));
	CHECK(vocab_cues(S("Or you can follow me on the way")) & CUE_BIT(CUE_FOLLOW));
	CHECK(!(vocab_cues(S("Or you can unfollow me on the way")) & CUE_BIT(CUE_FOLLOW)));
	CHECK_STR("a role by its label", vocab_role(S("譯者")), S("translator"));
}

int main(void)
{
	struct page_extractor *x = page_new();
	struct arena mem;

	arena_init(&mem);
	test_kinds(x, &mem);
	test_fields(x, &mem);
	test_titles(x, &mem);
	test_tags(x, &mem);
	test_datelines(x, &mem);
	test_feeds(x, &mem);
	test_vocab();
	test_ceilings(x, &mem);
	arena_fini(&mem);
	page_free(&x);
	return check_done();
}
