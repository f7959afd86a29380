#include "exchange/exchange.h"

#include "base/check.h"

/* What a list gives, as "name|url|home|category" lines. */
static struct str flat(struct arena *a, const struct source *s, size_t count)
{
	struct buf b;

	buf_init(&b, BUF_NO_MAX);
	for (size_t i = 0; i < count; i++)
		buf_addf(&b, "%.*s|%.*s|%.*s|%.*s\n", STR_FMT(s[i].name), STR_FMT(s[i].url),
			 STR_FMT(s[i].home_url), STR_FMT(s[i].category));
	struct str out = arena_str(a, buf_str(&b));
	buf_fini(&b);
	return out;
}

#define HEAD "<opml version=\"2.0\"><head><title>t</title></head><body>"
#define TAIL "</body></opml>"

static const struct {
	const char *why;
	struct str in, want; /* an empty `want` must fail */
} lists[] = {
	{ "2.0, a folder is the category",
	  STR(HEAD "<outline text=\"Asia\"><outline type=\"rss\" text=\"A\" "
		   "xmlUrl=\"https://a.example/f\""
		   " htmlUrl=\"https://a.example/\"/></outline>" TAIL),
	  STR("A|https://a.example/f|https://a.example/|Asia\n") },
	{ "the innermost folder counts, and ends with it",
	  STR(HEAD "<outline text=\"X\"><outline text=\"Y\"><outline xmlUrl=\"http://y.example/\" "
		   "text=\"y\"/></outline>"
		   "<outline xmlUrl=\"http://x.example/\" text=\"x\"/></outline>"
		   "<outline xmlUrl=\"http://z.example/\" text=\"z\"/>" TAIL),
	  STR("y|http://y.example/||Y\nx|http://x.example/||X\nz|http://z.example/||\n") },
	{ "1.0, attributes in any case, title before text",
	  STR("<OPML version=\"1.0\"><body><OUTLINE XMLURL=\"http://a.example/\" TEXT=\"t\" "
	      "Title=\"T\"/></body></OPML>"),
	  STR("T|http://a.example/||\n") },
	{ "category attribute where there is no folder",
	  STR(HEAD
	      "<outline text=\"a\" xmlUrl=\"http://a.example/\" category=\"/News/Asia,/b\"/>" TAIL),
	  STR("a|http://a.example/||Asia\n") },
	{ "one address once",
	  STR(HEAD "<outline text=\"a\" xmlUrl=\"http://a.example\"/><outline text=\"b\" "
		   "xmlUrl=\"http://a.example/\"/>" TAIL),
	  STR("a|http://a.example/||\n") },
	{ "a bare ampersand, and HTML's names",
	  STR(HEAD "<outline text=\"caf&eacute; & R&amp;D &#x4e2d;\" "
		   "xmlUrl=\"http://a.example/?a=1&b=2\"/>" TAIL),
	  STR("café & R&D 中|http://a.example/?a=1&b=2||\n") },
	{ "escaped twice",
	  STR(HEAD "<outline text=\"R&amp;amp;D\" xmlUrl=\"http://a.example/\"/>" TAIL),
	  STR("R&D|http://a.example/||\n") },
	{ "feed: addresses", STR(HEAD "<outline text=\"a\" xmlUrl=\"feed://a.example/x\"/>" TAIL),
	  STR("a|https://a.example/x||\n") },
	{ "what is no web address is left out",
	  STR(HEAD "<outline text=\"a\" xmlUrl=\"file:///etc/passwd\"/><outline text=\"b\" "
		   "xmlUrl=\"http://b.example/\"/>" TAIL),
	  STR("b|http://b.example/||\n") },
	{ "GB2312 with its declaration",
	  STR("<?xml version=\"1.0\" encoding=\"GB2312\"?>" HEAD
	      "<outline text=\"\xD6\xD0\xCE\xC4\xD0\xC2\xCE\xC5\" "
	      "xmlUrl=\"http://a.example/\"/>" TAIL),
	  STR("中文新闻|http://a.example/||\n") },
	{ "UTF-16",
	  STR("\xFF\xFE<\0o\0p\0m\0l\0>\0<\0o\0u\0t\0l\0i\0n\0e\0 \0t\0e\0x\0t\0=\0\"\0-N\"\0 "
	      "\0x\0m\0l\0U\0r\0l\0=\0\""
	      "\0h\0t\0t\0p\0:\0/\0/\0"
	      "a\0.\0"
	      "b\0/\0\"\0/\0>\0<\0/\0o\0p\0m\0l\0>\0"),
	  STR("中|http://a.b/||\n") },
	{ "declared UTF-16 but is UTF-8",
	  STR("\n<?xml version=\"1.0\" encoding=\"utf-16\"?>" HEAD
	      "<outline text=\"中\" xmlUrl=\"http://a.example/\"/>" TAIL),
	  STR("中|http://a.example/||\n") },
	{ "cut off", STR(HEAD "<outline text=\"a\" xmlUrl=\"http://a.example/\"/>"), STR("") },
	{ "not OPML", STR("<rss><channel/></rss>"), STR("") },
	{ "no feeds", STR(HEAD "<outline text=\"a\"/>" TAIL), STR("") },
	{ "no bytes", STR(""), STR("") },
	{ "entities of its own are not expanded",
	  STR("<!DOCTYPE opml [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;\">]>" HEAD
	      "<outline text=\"&b;\" xmlUrl=\"http://a.example/\"/>" TAIL),
	  STR("") },
};

static void check_lists(void)
{
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		struct arena a;
		struct err err;
		struct source *s;
		size_t count;

		arena_init(&a);
		int rc = opml_parse(&a, lists[i].in, &s, &count, &err);
		CHECK_STR(lists[i].why, rc == 0 ? flat(&a, s, count) : S(""), lists[i].want);
		CHECK_I64(lists[i].why, rc, lists[i].want.len ? 0 : ERR_INPUT);
		arena_fini(&a);
	}
}

static void check_limits(void)
{
	struct arena a;
	struct buf b;
	struct err err;
	struct source *s;
	size_t count;

	arena_init(&a);
	buf_init(&b, BUF_NO_MAX);
	buf_add_cstr(&b, "<opml>");
	for (int i = 0; i < 100; i++)
		buf_add_cstr(&b, "<outline text=\"x\">");
	CHECK_I64("depth is bounded", opml_parse(&a, buf_str(&b), &s, &count, &err), ERR_LIMIT);
	buf_fini(&b);
	arena_fini(&a);
}

static void check_round_trip(void)
{
	static const struct source in[] = {
		{ .name = STR("A <\"&'> b"),
		  .url = STR("https://a.example/?x=1&y=2"),
		  .category = STR("One & two") },
		{ .name = STR("B"),
		  .url = STR("https://b.example/"),
		  .home_url = STR("https://b.example/home"),
		  .category = STR("B") },
		{ .name = STR("C"),
		  .url = STR("https://c.example/"),
		  .category = STR("One & two") },
	};
	struct arena a;
	struct buf b;
	struct err err;
	struct source *s;
	size_t count = 0;

	arena_init(&a);
	buf_init(&b, BUF_NO_MAX);
	opml_print(&b, S("T & t"), in, 3);
	CHECK(opml_parse(&a, buf_str(&b), &s, &count, &err) == 0);
	CHECK_STR("written and read", flat(&a, s, count),
		  S("A <\"&'> b|https://a.example/?x=1&y=2||One & two\nC|https://c.example/||One & "
		    "two\n"
		    "B|https://b.example/|https://b.example/home|\n"));
	buf_fini(&b);
	arena_fini(&a);
}

static const struct {
	const char *why;
	struct str in, want;
} subs[] = {
	{ "as the incumbents write it",
	  STR("[{\"site\":\"路透\",\"url\":\"https://a.example/f\"}]"),
	  STR("路透|https://a.example/f||\n") },
	{ "BOM, twice the same, one without address",
	  STR("\xEF\xBB\xBF[{\"site\":\"a\",\"url\":\"https://"
	      "a.example\"},{\"site\":\"a2\",\"url\":\"https://a.example/\"},"
	      "{\"site\":\"b\"},\"c\",{\"name\":\"d\",\"url\":\"http://d.example/"
	      "\",\"category\":\"D\"}]"),
	  STR("a|https://a.example/||\nd|http://d.example/||D\n") },
	{ "cut off", STR("[{\"site\":\"a\""), STR("") },
	{ "an object", STR("{\"site\":\"a\",\"url\":\"https://a.example\"}"), STR("") },
	{ "nothing in it", STR("[]"), STR("") },
	{ "no bytes", STR(""), STR("") },
};

static void check_subs(void)
{
	for (size_t i = 0; i < sizeof(subs) / sizeof(subs[0]); i++) {
		struct arena a;
		struct err err;
		struct source *s;
		size_t count;

		arena_init(&a);
		int rc = subs_parse(&a, subs[i].in, &s, &count, &err);
		CHECK_STR(subs[i].why, rc == 0 ? flat(&a, s, count) : S(""), subs[i].want);
		CHECK_I64(subs[i].why, rc, subs[i].want.len ? 0 : ERR_INPUT);
		arena_fini(&a);
	}
}

int main(void)
{
	check_lists();
	check_limits();
	check_round_trip();
	check_subs();
	return check_done();
}
