/* Own posts, broken in the ways those of the incumbents are. */
#include "exchange/private.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/check.h"
#include "base/file.h"

#define FRONT(title)                                                                               \
	"---\nlayout: post\ntitle: " title "\ndate: 2023-01-23T10:04:06.000Z\nauthor: Agency\n"    \
	"from: https://a.example/1\ntags: [ Agency ]\ncomments: True\ncategories: [ Agency "       \
	"]\n---\n"
#define HEAD(title) "<!--1674468246000-->\n[" title "](https://a.example/1)\n------\n\n"
#define BODY        "<div>\n<p>Text.</p>\n</div>\n"

static const struct {
	const char *why;
	const char *path;
	struct str in;
	struct str title, from, html;
	int64_t date;
	unsigned faults;
} posts[] = {
	{ "as the incumbents write it", "_posts/2023-01-23-T.md",
	  STR(FRONT("\"T\"") HEAD("T") BODY), STR("T"), STR("https://a.example/1"),
	  STR("<div>\n<p>Text.</p>\n</div>"), 1674468246000, 0 },
	{ "escapes of YAML", "_posts/2023-01-23-T.md",
	  STR(FRONT("\"a \\\"b\\\" \\\\ \\u4e2d\"") HEAD("a \"b\" \\\\ 中") BODY),
	  STR("a \"b\" \\ 中"), STR("https://a.example/1"), STR("<div>\n<p>Text.</p>\n</div>"),
	  1674468246000, 0 },
	{ "quotes inside quotes", "_posts/2023-01-23-T.md",
	  STR(FRONT("\"a \"b\" c\"") HEAD("a \"b\" c") BODY), STR("a \"b\" c"),
	  STR("https://a.example/1"), STR("<div>\n<p>Text.</p>\n</div>"), 1674468246000,
	  POST_BROKEN_FRONT_MATTER },
	{ "a backslash that is no escape", "_posts/2023-01-23-T.md",
	  STR(FRONT("\"(\\o/)\"") HEAD("(\\o/)") BODY), STR("(\\o/)"), STR("https://a.example/1"),
	  STR("<div>\n<p>Text.</p>\n</div>"), 1674468246000, POST_BROKEN_FRONT_MATTER },
	{ "a colon in a plain title", "_posts/2023-01-23-T.md", STR(FRONT("a: b") BODY),
	  STR("a: b"), STR("https://a.example/1"), STR("<div>\n<p>Text.</p>\n</div>"),
	  1674468246000, POST_BROKEN_FRONT_MATTER },
	{ "CRLF and a BOM", "_posts/2023-01-23-T.md",
	  STR("\xEF\xBB\xBF---\r\ntitle: T\r\ndate: 2023-01-23 10:04:06 +0000\r\nfrom: "
	      "https://a.example/1\r\n---\r\n<p>x</p>\r\n"),
	  STR("T"), STR("https://a.example/1"), STR("<p>x</p>"), 1674468246000, 0 },
	{ "NaN for a comment", "_posts/2023-01-23-T.md",
	  STR(FRONT("T") "<!--NaN-->\n[T](https://a.example/1)\n------\n" BODY), STR("T"),
	  STR("https://a.example/1"), STR("<div>\n<p>Text.</p>\n</div>"), 1674468246000,
	  POST_BAD_COMMENT },
	{ "no date but the comment's", "_posts/2023-01-23-T.md",
	  STR("---\ntitle: T\nfrom: https://a.example/1\n---\n" HEAD("T") BODY), STR("T"),
	  STR("https://a.example/1"), STR("<div>\n<p>Text.</p>\n</div>"), 1674468246000, 0 },
	{ "no date but the name's", "_posts/2023-1-23-T.md",
	  STR("---\ntitle: T\nfrom: https://a.example/1\n---\n<p>x</p>"), STR("T"),
	  STR("https://a.example/1"), STR("<p>x</p>"), 1674432000000, POST_NO_DATE },
	{ "two dates", "_posts/2023-01-23-T.md",
	  STR(FRONT("T") "<!--1674460000000-->\n[T](https://a.example/1)\n------\n" BODY), STR("T"),
	  STR("https://a.example/1"), STR("<div>\n<p>Text.</p>\n</div>"), 1674468246000,
	  POST_DATE_MISMATCH },
	{ "no front matter: the heading has it all", "archived/2023-01-23/2023-01-23-Name.md",
	  STR(HEAD("T [x]") BODY), STR("T [x]"), STR("https://a.example/1"),
	  STR("<div>\n<p>Text.</p>\n</div>"), 1674468246000, POST_NO_FRONT_MATTER },
	{ "nothing but text: the name has title and date", "2023-01-23-Name here.md",
	  STR("<p>x</p>\n"), STR("Name here"), STR(""), STR("<p>x</p>"), 1674432000000,
	  POST_NO_FRONT_MATTER | POST_NO_DATE | POST_NO_ADDRESS },
	{ "front matter that nothing closes", "_posts/2023-01-23-T.md",
	  STR("---\ntitle: T\ndate: 2023-01-23T10:04:06Z\nfrom: https://a.example/1\n" HEAD("T")
		      BODY),
	  STR("T"), STR("https://a.example/1"), STR("<div>\n<p>Text.</p>\n</div>"), 1674468246000,
	  POST_BROKEN_FRONT_MATTER },
	{ "--- in the body", "_posts/2023-01-23-T.md", STR(FRONT("T") "<p>a</p>\n---\n<p>b</p>\n"),
	  STR("T"), STR("https://a.example/1"), STR("<p>a</p>\n---\n<p>b</p>"), 1674468246000, 0 },
	{ "encoded twice", "_posts/2023-01-23-T.md",
	  STR("---\ntitle: T\ndate: 2023-01-23T10:04:06Z\nfrom: "
	      "https://a.example/%25E4%25B8%25AD-1\n---\n<p>x</p>"),
	  STR("T"), STR("https://a.example/%E4%B8%AD-1"), STR("<p>x</p>"), 1674468246000,
	  POST_DOUBLE_ENCODED },
	{ "a percent sign is not twice", "_posts/2023-01-23-T.md",
	  STR("---\ntitle: T\ndate: 2023-01-23T10:04:06Z\nfrom: "
	      "https://a.example/100%25ab\n---\n<p>x</p>"),
	  STR("T"), STR("https://a.example/100%25ab"), STR("<p>x</p>"), 1674468246000, 0 },
	{ "Liquid", "_posts/2023-01-23-T.md", STR(FRONT("T") "{% raw %}<p>{x}</p>{% endraw %}\n"),
	  STR("T"), STR("https://a.example/1"), STR("<p>{x}</p>"), 1674468246000, POST_LIQUID },
	{ "a name cut inside a character", "_posts/2023-01-23-\xE4\xB8\xAD\xE6\x96.md",
	  STR("---\nfrom: https://a.example/1\ndate: 2023-01-23T10:04:06Z\n---\n<p>x</p>"),
	  STR("中"), STR("https://a.example/1"), STR("<p>x</p>"), 1674468246000, POST_BAD_NAME },
	{ "bytes that are no UTF-8", "_posts/2023-01-23-T.md", STR(FRONT("T") "<p>a\xFFz</p>"),
	  STR("T"), STR("https://a.example/1"), STR("<p>a\xEF\xBF\xBDz</p>"), 1674468246000,
	  POST_NOT_UTF8 },
	{ "nothing behind the front matter", "_posts/2023-01-23-T.md",
	  STR("---\ntitle: T\ndate: 2023-01-23T10:04:06Z\nfrom: https://a.example/1\n---"),
	  STR("T"), STR("https://a.example/1"), STR(""), 1674468246000, 0 },
	{ "Markdown", "_posts/2023-01-23-T.md", STR(FRONT("T") "One *two*.\n\n- a\n- [b](/c)\n"),
	  STR("T"), STR("https://a.example/1"),
	  STR("<p>One <em>two</em>.</p>\n<ul>\n<li>a</li>\n<li><a href=\"/c\">b</a></li>\n</ul>"),
	  1674468246000, POST_MARKDOWN },
};

static void check_posts(void)
{
	const struct jekyll_site site = { 0 };

	for (size_t i = 0; i < sizeof(posts) / sizeof(posts[0]); i++) {
		struct arena a;
		struct jekyll_post p;
		struct err err = { 0 };

		arena_init(&a);
		CHECK_I64(
			posts[i].why,
			jekyll_post_parse(&a, &site, str_of(posts[i].path), posts[i].in, &p, &err),
			0);
		CHECK_STR(posts[i].why, p.title, posts[i].title);
		CHECK_STR(posts[i].why, p.from, posts[i].from);
		CHECK_STR(posts[i].why, p.html, posts[i].html);
		CHECK_I64(posts[i].why, p.date, posts[i].date);
		CHECK_I64(posts[i].why, p.faults, posts[i].faults);
		arena_fini(&a);
	}
}

static void check_refused(void)
{
	const struct jekyll_site site = { 0 };
	struct arena a;
	struct jekyll_post p;
	struct err err = { 0 };

	arena_init(&a);
	CHECK_I64("an empty file",
		  jekyll_post_parse(&a, &site, S("2023-01-23-T.md"), S(" \n"), &p, &err),
		  ERR_INPUT);
	CHECK_I64("neither title nor text",
		  jekyll_post_parse(&a, &site, S("_posts/.md"), S("---\n---\n"), &p, &err),
		  ERR_INPUT);
	CHECK_I64("not shown",
		  jekyll_post_parse(&a, &site, S("2023-01-23-T.md"),
				    S("---\ntitle: T\npublished: false\n---\nx"), &p, &err),
		  ERR_INPUT);
	arena_fini(&a);
}

static const struct {
	const char *why;
	struct str permalink, path, front, want;
} links[] = {
	{ "the default", STR(""), STR("_posts/2023-01-23-A b!c.md"),
	  STR("categories: [ News, Asia ]\n"), STR("/news/asia/2023/01/23/A-b!c.html") },
	{ "the incumbents'", STR("/:year-:month-:day/:title/"),
	  STR("_posts/2023-01-23-人禍，天災?.md"), STR(""), STR("/2023-01-23/人禍-天災/") },
	{ "without a slash", STR("/:year-:month-:day/:title"), STR("_posts/2023-01-23-T.md"),
	  STR(""), STR("/2023-01-23/T.html") },
	{ "a style by name", STR("pretty"), STR("_posts/2023-01-23-T.md"), STR("category: X\n"),
	  STR("/x/2023/01/23/T/") },
	{ "none", STR("none"), STR("_posts/2023-01-23-T.md"), STR("tags: a\n"), STR("/T.html") },
	{ "slug, numbers without zeros", STR("/:i_month/:i_day/:slug.html"),
	  STR("_posts/2023-01-03-Abc D.md"), STR(""), STR("/1/3/abc-d.html") },
	{ "a name with an underline behind it", STR("/:year_:month_:day_:title"),
	  STR("_posts/2023-01-03-T.md"), STR(""), STR("/2023_01_03_T.html") },
	{ "the post's own", STR("pretty"), STR("_posts/2023-01-23-T.md"),
	  STR("permalink: /x/:title.htm\n"), STR("/x/T.htm.html") },
	{ "a category from a folder", STR(""), STR("sport/_posts/2023-01-23-T.md"), STR(""),
	  STR("/sport/2023/01/23/T.html") },
	{ "none leads out of the site", STR("/:categories/:title/"), STR("_posts/2023-01-23-T.md"),
	  STR("categories: [ \"..\", \"a/../b\" ]\n"), STR("/a/b/T/") },
	{ "day of the year", STR("ordinal"), STR("_posts/2023-02-01-T.md"), STR(""),
	  STR("/2023/032/T.html") },
	{ "marks and emoji", STR("/:title/"), STR("_posts/2023-01-23-Ünï️ 😀 e.md"), STR(""),
	  STR("/Ünï️-e/") },
};

static void check_links(void)
{
	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
		const struct jekyll_site site = { .permalink = links[i].permalink };
		struct arena a;
		struct jekyll_post p;
		struct err err = { 0 };

		arena_init(&a);
		struct str text =
			arena_strf(&a, "---\ntitle: T\n%.*s---\n<p>x</p>", STR_FMT(links[i].front));
		CHECK(jekyll_post_parse(&a, &site, links[i].path, text, &p, &err) == 0);
		CHECK_STR(links[i].why, p.path, links[i].want);
		arena_fini(&a);
	}
}

static void write_file(struct arena *a, const char *dir, const char *name, const char *text)
{
	struct err err;
	char *path = path_join(a, dir, name);
	struct str folder = str_sub(str_of(path), 0, str_rfind_ch(str_of(path), '/'));

	CHECK(dir_make(arena_cstr(a, folder), &err) == 0);
	CHECK(file_write(path, str_of(text), false, &err) == 0);
}

static void check_site(void)
{
	static const char *const names[] = { "_config.yml",
					     "README.md",
					     "_posts/2023-01-24-b.md",
					     "archived/2023-01-23/2023-01-23-a.md",
					     "_posts/undated.md",
					     "_layouts/2023-01-01-no.html",
					     "about.md",
					     "_site/2023-01-01-no.html" };
	char dir[] = "/tmp/dibao-jekyll-XXXXXX";
	struct arena a;
	struct jekyll_site site;
	struct strs files;
	struct err err = { 0 };

	CHECK(mkdtemp(dir) != NULL);
	arena_init(&a);
	CHECK_I64("no _config.yml", jekyll_site_load(&a, dir, &site, &err), ERR_NOTFOUND);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		write_file(&a, dir, names[i],
			   i ? "x"
			     : "# c\nname: 社会 # c\nurl: https://n.example/\nbaseurl: "
			       "\"/society\"\npermalink: /:title/\n"
			       "navigation:\n  - name: x\n    url: /y\ntimezone: Asia/Taipei\n");
	CHECK(jekyll_site_load(&a, dir, &site, &err) == 0);
	CHECK_STR("title", site.title, S("社会"));
	CHECK_STR("url, not that of a nested list", site.url, S("https://n.example"));
	CHECK_STR("baseurl", site.baseurl, S("/society"));
	CHECK_STR("permalink", site.permalink, S("/:title/"));
	CHECK_I64("zone", site.zone_min, 480);
	CHECK(jekyll_files(&a, dir, &files, &err) == 0);
	CHECK_I64("posts only", (int64_t)files.count, 3);
	if (files.count == 3) {
		CHECK_STR("by date", files.items[0], S("archived/2023-01-23/2023-01-23-a.md"));
		CHECK_STR("by date", files.items[1], S("_posts/2023-01-24-b.md"));
		CHECK_STR("a post without a date", files.items[2], S("_posts/undated.md"));
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		unlink(path_join(&a, dir, names[i]));
	static const char *const dirs[] = { "_posts", "archived/2023-01-23", "archived", "_layouts",
					    "_site" };
	for (size_t i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++)
		rmdir(path_join(&a, dir, dirs[i]));
	rmdir(dir);
	CHECK_I64("no such folder", jekyll_files(&a, dir, &files, &err), ERR_NOTFOUND);
	arena_fini(&a);
}

static const struct {
	const char *why;
	struct str in, want;
} markdown[] = {
	{ "paragraphs", STR("a\nb\n\nc"), STR("<p>a\nb</p>\n<p>c</p>") },
	{ "headings of both kinds", STR("# A\n\nB\n===\n\nC\n---\n"),
	  STR("<h1>A</h1>\n<h1>B</h1>\n<h2>C</h2>") },
	{ "a rule", STR("a\n\n---\n\nb"), STR("<p>a</p>\n<hr>\n<p>b</p>") },
	{ "lists", STR("1. a\n2. b\n"), STR("<ol>\n<li>a</li>\n<li>b</li>\n</ol>") },
	{ "code is text", STR("```\n<b> *x*\n```\n"),
	  STR("<pre><code>&lt;b&gt; *x*\n</code></pre>") },
	{ "spans", STR("**a** `<i>` _b_ snake_case ~~c~~"),
	  STR("<p><strong>a</strong> <code>&lt;i&gt;</code> <em>b</em> snake_case "
	      "<del>c</del></p>") },
	{ "a picture in a link", STR("[![alt](/i.png)](http://a.example/(x))"),
	  STR("<p><a href=\"http://a.example/(x)\"><img src=\"/i.png\" alt=\"alt\"></a></p>") },
	{ "an attribute cannot be left", STR("[a](x\"onclick=y)"),
	  STR("<p><a href=\"x&quot;onclick=y\">a</a></p>") },
	{ "quotation", STR("> a\n> b\n\nc"),
	  STR("<blockquote><p>a\nb\n</p></blockquote>\n<p>c</p>") },
	{ "a line break", STR("a  \nb"), STR("<p>a<br>\nb</p>") },
	{ "brackets that are no link", STR("[a] (b) [c]("), STR("<p>[a] (b) [c](</p>") },
	{ "nothing", STR(""), STR("") },
};

int main(void)
{
	check_posts();
	check_refused();
	check_links();
	check_site();
	for (size_t i = 0; i < sizeof(markdown) / sizeof(markdown[0]); i++) {
		struct arena a;

		arena_init(&a);
		CHECK_STR(markdown[i].why, markdown_html(&a, markdown[i].in), markdown[i].want);
		arena_fini(&a);
	}
	return check_done();
}
