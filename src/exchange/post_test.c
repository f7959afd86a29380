#include "exchange/private.h"

#include "base/check.h"
#include "text/utf8.h"

static void check_shape(void)
{
	struct str tags[] = { STR("北約"), STR("a, b"), STR("yes") };
	struct person author = { .name = STR("J. Doe: x") };
	const struct article art = {
		.title = STR("A \"b\" \\ [c] {{d}}"),
		.url = STR("https://a.example/1?x=(y)"),
		.html = STR("\n<p>a\nb {{ c }} {% d %}</p>\n<pre>1\n2</pre>\n"),
		.published = 1674468246000,
		.keywords = { tags, 3 },
		.authors = { &author, 1 },
	};
	struct buf b;

	buf_init(&b, BUF_NO_MAX);
	post_print(&b, &art, S("Agency"), S("World"));
	CHECK_STR("every part, nothing a command", buf_str(&b),
		  S("---\nlayout: post\ntitle: \"A \\\"b\\\" \\\\ [c] {{d}}\"\ndate: "
		    "2023-01-23T10:04:06.000Z\n"
		    "author: \"J. Doe: x\"\nfrom: https://a.example/1?x=(y)\ntags: [ 北約, \"a, "
		    "b\", \"yes\" ]\n"
		    "comments: True\ncategories: [ World ]\n---\n<!--1674468246000-->\n"
		    "[A \"b\" \\\\ \\[c\\] "
		    "&#123;{d}}](https://a.example/1?x=%28y%29)\n------\n\n<div>\n"
		    "<p>a b &#123;{ c }} &#123;% d %}</p> <pre>1&#10;2</pre>\n</div>\n"));
	buf_fini(&b);
}

/* Of a source without keywords and authors its name stands in their place, as the incumbents have
 * it. */
static void check_bare(void)
{
	const struct article art = { .title = STR("T"),
				     .url = STR("https://a.example/1"),
				     .html = STR("<p>a</p>"),
				     .published = TIME_UNSTATED,
				     .first_seen = 1674468246007 };
	struct buf b;

	buf_init(&b, BUF_NO_MAX);
	post_print(&b, &art, S("(臺)中央社CNA"), S(""));
	CHECK_STR("an incumbent's post", buf_str(&b),
		  S("---\nlayout: post\ntitle: \"T\"\ndate: 2023-01-23T10:04:06.007Z\nauthor: "
		    "(臺)中央社CNA\n"
		    "from: https://a.example/1\ntags: [ (臺)中央社CNA ]\ncomments: True\n"
		    "categories: [ (臺)中央社CNA "
		    "]\n---\n<!--1674468246007-->\n[T](https://a.example/1)\n------\n\n"
		    "<div>\n<p>a</p>\n</div>\n"));
	buf_fini(&b);
}

#define TEN   "一二三四五六七八九十"
#define FIFTY TEN TEN TEN TEN TEN

static const struct {
	const char *why;
	struct str title, want;
} names[] = {
	{ "plain", STR("Title here"), STR("2023-01-23-Title here.md") },
	{ "slashes as the incumbents have them", STR("AC/DC"), STR("2023-01-23-AC--DC.md") },
	{ "fifty characters, as the incumbents cut", STR(FIFTY "more"),
	  STR("2023-01-23-" FIFTY ".md") },
	{ "not what Windows refuses", STR("a: b? <c> \"d\" e|f\\g*"),
	  STR("2023-01-23-a- b- -c- -d- e-f-g-.md") },
	{ "no controls, no invisible marks",
	  STR("a\nb\xE2\x80\xAE"
	      "c\0d"),
	  STR("2023-01-23-a-bc-d.md") },
	{ "no way up", STR("../../etc"), STR("2023-01-23-..--..--etc.md") },
	{ "no stop or space at the end", STR("Wait... "), STR("2023-01-23-Wait.md") },
	{ "a title of nothing", STR("..."), STR("2023-01-23-key.md") },
};

static void check_names(void)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct article art = { .title = names[i].title,
					     .key = STR("key"),
					     .published = 1674468246000 };
		struct buf b;

		buf_init(&b, BUF_NO_MAX);
		post_name(&b, &art);
		CHECK_STR(names[i].why, buf_str(&b), names[i].want);
		buf_fini(&b);
	}
	const struct article art = {
		.title = STR("😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀"),
		.published = 1674468246000
	};
	struct buf b;
	buf_init(&b, BUF_NO_MAX);
	post_name(&b, &art);
	CHECK(b.len <= 200 && utf8_valid(buf_str(&b)));
	buf_fini(&b);
}

/* What is plain must be read as this text by YAML 1.1 and 1.2; the rest stands in quotes. */
static const struct {
	const char *why;
	struct str in, want;
} scalars[] = {
	{ "words", STR("New York Times"), STR("New York Times") },
	{ "an address", STR("https://a.example/#x"), STR("https://a.example/#x") },
	{ "colon and space", STR("a: b"), STR("\"a: b\"") },
	{ "colon at the end", STR("a:"), STR("\"a:\"") },
	{ "a comment", STR("a #b"), STR("\"a #b\"") },
	{ "C# is none", STR("C#"), STR("C#") },
	{ "lists", STR("a, b"), STR("\"a, b\"") },
	{ "brackets", STR("[a]"), STR("\"[a]\"") },
	{ "yes is a bool", STR("Yes"), STR("\"Yes\"") },
	{ "1e3 is a number", STR("1e3"), STR("\"1e3\"") },
	{ "so is .5", STR(".5"), STR("\".5\"") },
	{ "null", STR("Null"), STR("\"Null\"") },
	{ "nothing", STR(""), STR("\"\"") },
	{ "an anchor", STR("&a"), STR("\"&a\"") },
	{ "a line end", STR("a\nb"), STR("\"a\\nb\"") },
	{ "a control", STR("a\x01"), STR("\"a\\x01\"") },
	{ "a line separator", STR("a\xE2\x80\xA8"), STR("\"a\\u2028\"") },
	{ "a quote inside", STR("a\"b"), STR("\"a\\\"b\"") },
	{ "an apostrophe inside", STR("it's"), STR("it's") },
	{ "a space at the end", STR("a "), STR("\"a \"") },
};

int main(void)
{
	struct arena a;
	struct buf b;

	check_shape();
	check_bare();
	check_names();
	for (size_t i = 0; i < sizeof(scalars) / sizeof(scalars[0]); i++) {
		buf_init(&b, BUF_NO_MAX);
		yaml_add(&b, scalars[i].in);
		CHECK_STR(scalars[i].why, buf_str(&b), scalars[i].want);
		buf_fini(&b);
	}
	arena_init(&a);
	CHECK_STR("slug", jekyll_slug(&a, S("-A  b!_é-"), false, true), S("a-b-é"));
	arena_fini(&a);
	return check_done();
}
