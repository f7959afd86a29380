/* Characters, addresses, markup and JSON. */
#include "base/check.h"
#include "text/escape.h"
#include "text/json.h"
#include "text/url.h"
#include "text/utf8.h"

static void test_utf8(struct arena *a)
{
	static const struct {
		const char *why;
		struct str in, want;
	} clean[] = {
		{ "valid stays", STR("北約 ok"), STR("北約 ok") },
		{ "a lone continuation",
		  STR("a\x80"
		      "b"),
		  STR("a\xEF\xBF\xBD"
		      "b") },
		{ "cut off at the end", STR("\xE5\x8C"), STR("\xEF\xBF\xBD") },
		{ "overlong slash", STR("\xC0\xAF"), STR("\xEF\xBF\xBD\xEF\xBF\xBD") },
		{ "a surrogate", STR("\xED\xA0\x80"), STR("\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD") },
		{ "past U+10FFFF", STR("\xF4\x90\x80\x80"),
		  STR("\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD") },
	};

	for (size_t i = 0; i < sizeof(clean) / sizeof(clean[0]); i++)
		CHECK_STR(clean[i].why, utf8_clean(a, clean[i].in), clean[i].want);
	CHECK_STR("runs of any white space",
		  utf8_squeeze(a, S(" a\n\t b\xE3\x80\x80\xC2\xA0"
				    "c \0")),
		  S("a b c"));
	CHECK_STR("nothing to squeeze", utf8_squeeze(a, S("a b, c")), S("a b, c"));
	CHECK_STR("two spaces", utf8_squeeze(a, S("a b,  c")), S("a b, c"));
	CHECK_STR("at the end", utf8_squeeze(a, S("a b ")), S("a b"));
	CHECK_STR("at the start", utf8_squeeze(a, S(" a b")), S("a b"));
	CHECK_STR("a control character", utf8_squeeze(a, S("a \x01 b")), S("a b"));
	CHECK_STR("between characters", utf8_cut(S("北約"), 5), S("北"));
	CHECK_I64("characters", (int64_t)utf8_count(S("a北😀")), 3);
	CHECK_STR("between runs of both kinds",
		  utf8_squeeze(a, S("北京  ab\xE3\x80\x80京か\x7F \xE4\xB8 c\xE2\x80\x8B한글 d ")),
		  S("北京 ab 京か \xEF\xBF\xBD c 한글 d"));
	CHECK_I64("across words", (int64_t)utf8_count(S("é北京a😀ñ12345678北京ab😀😀é")), 21);
	CHECK_I64("none", (int64_t)utf8_count(S("")), 0);
}

/* A line break inside is dropped by the standard, and sends an address through lexbor's parser: it
 * must say the same of it as the short way does. */
static void test_url_both_ways(struct arena *a)
{
	static const struct {
		const char *why;
		struct str url;
	} cases[] = {
		{ "a name", STR("https://a-1.example/x/y.html") },
		{ "query and fragment", STR("http://a.example/?a=b?c&d#e?f#g") },
		{ "both empty", STR("https://a.example/?#") },
		{ "a port", STR("http://a.example:8080/x") },
		{ "the scheme's own port", STR("https://a.example:443/") },
		{ "zero in front of a port", STR("http://a.example:080/") },
		{ "no such port", STR("http://a.example:65536/") },
		{ "no port behind the colon", STR("http://a.example:/") },
		{ "an address of IPv4", STR("http://127.1.0.1:8700/2026/x") },
		{ "no byte", STR("http://1.2.3.256/") },
		{ "octal", STR("http://1.2.3.010/") },
		{ "three parts", STR("http://127.0.1/") },
		{ "five parts", STR("http://1.2.3.4.5/") },
		{ "hexadecimal", STR("http://a.0xff/") },
		{ "a dot at the end", STR("http://a.example./") },
		{ "two dots", STR("http://a..example/") },
		{ "user info", STR("http://u:p@a.example/") },
		{ "dots in the path", STR("http://a.example/x/../y/./z") },
		{ "punycode", STR("http://xn--bcher-kva.example/") },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct str url = cases[i].url;
		struct url one = { 0 }, other = { 0 };
		struct err err;
		int ok = url_parse(a, url, &one, &err),
		    same = url_parse(a, arena_strf(a, "h\n%.*s", STR_FMT(str_from(url, 1))), &other,
				     &err);

		CHECK_I64(cases[i].why, ok, same);
		CHECK_STR(cases[i].why, one.href, other.href);
		CHECK_STR(cases[i].why, one.scheme, other.scheme);
		CHECK_STR(cases[i].why, one.host, other.host);
		CHECK_I64(cases[i].why, one.port, other.port);
		CHECK_STR(cases[i].why, one.path, other.path);
		CHECK_STR(cases[i].why, one.query, other.query);
		CHECK_STR(cases[i].why, one.fragment, other.fragment);
	}
}

static void test_url(struct arena *a)
{
	static const struct {
		const char *why;
		struct str base, ref, want;
	} resolve[] = {
		{ "plain", STR("https://a.example/x/y"), STR("https://b.example/z?q=1#f"),
		  STR("https://b.example/z?q=1#f") },
		{ "relative", STR("https://a.example/x/y"), STR("../z"),
		  STR("https://a.example/z") },
		{ "root", STR("https://a.example/x/y"), STR("/z"), STR("https://a.example/z") },
		{ "scheme only missing", STR("https://a.example/x"), STR("//b.example/z"),
		  STR("https://b.example/z") },
		{ "query", STR("https://a.example/x/y"), STR("?p=2"),
		  STR("https://a.example/x/y?p=2") },
		{ "no base", STR(""), STR(" /z "), STR("/z") },
		{ "upper-case host", STR(""), STR("HTTP://A.Example"), STR("http://a.example/") },
		{ "line breaks dropped, in a base that is none too", STR("http://e \n<x/"),
		  STR("http://e.org/a\nb"), STR("http://e.org/ab") },
		{ "dots resolved", STR(""), STR("http://a.example/x/../y"),
		  STR("http://a.example/y") },
		{ "encoded dots too", STR(""), STR("http://a.example/x/%2e%2e/y"),
		  STR("http://a.example/y") },
		{ "Han is percent-encoded", STR("https://a.example/"), STR("北"),
		  STR("https://a.example/%E5%8C%97") },
		{ "no host", STR(""), STR("http://"), STR("http://") },
	};
	static const struct {
		const char *why;
		struct str in, want;
	} canonical[] = {
		{ "tracking goes", STR("https://a.example/x?utm_source=rss&id=7&fbclid=z"),
		  STR("https://a.example/x?id=7") },
		{ "nothing is left of the query", STR("https://a.example/x?utm_source=rss"),
		  STR("https://a.example/x") },
		{ "fragment goes", STR("https://a.example/x#top"), STR("https://a.example/x") },
		{ "a route stays", STR("https://a.example/#!/x"), STR("https://a.example/#!/x") },
		{ "port, user and case", STR("HTTPS://u:p@A.Example:443/X"),
		  STR("https://a.example/X") },
		{ "an odd port stays", STR("http://a.example:8080/"),
		  STR("http://a.example:8080/") },
		{ "from= names a section", STR("http://a.example/?from=7"),
		  STR("http://a.example/?from=7") },
		{ "no address stays", STR("tag:x,2020:1"), STR("tag:x,2020:1") },
	};

	for (size_t i = 0; i < sizeof(resolve) / sizeof(resolve[0]); i++)
		CHECK_STR(resolve[i].why, url_resolve(a, resolve[i].base, resolve[i].ref),
			  resolve[i].want);
	for (size_t i = 0; i < sizeof(canonical) / sizeof(canonical[0]); i++)
		CHECK_STR(canonical[i].why, url_canonical(a, canonical[i].in), canonical[i].want);
	CHECK(url_same_site(a, S("https://www.a.example/x"), S("http://m.a.example/")));
	CHECK(!url_same_site(a, S("https://a.example/x"), S("https://b.example/")));
	CHECK(!url_same_site(a, S(""), S("")));
	CHECK_STR("there", url_escape(a, S("北 a/")), S("%E5%8C%97%20a%2F"));
	CHECK_STR("and back", url_unescape(a, S("%E5%8C%97%20a%2F%zz%")), S("北 a/%zz%"));
}

static void test_escape(struct arena *a)
{
	static const struct {
		const char *why;
		struct str in, want;
	} escape[] = {
		{ "markup is inert", STR("<b>"), STR("&lt;b&gt;") },
		{ "attribute is closed", STR("\"'"), STR("&quot;&#39;") },
		{ "NUL is one byte", STR("a\0b"), STR("a\0b") },
	}, unescape[] = {
		{ "named", STR("&eacute;&amp;&lt;"), STR("é&<") },
		{ "without its semicolon", STR("&copy 2020 &ampx"), STR("© 2020 &x") },
		{ "the longest name", STR("&notin;&not;"), STR("∉¬") },
		{ "numbers", STR("&#21271;&#x5317;&#X5317"), STR("北北北") },
		{ "windows-1252", STR("&#146;"), STR("’") },
		{ "NUL and past the end", STR("&#0;&#x110000;"), STR("\xEF\xBF\xBD\xEF\xBF\xBD") },
		{ "no reference", STR("a & b &; &#; &#x; &zzz; &"),
		  STR("a & b &; &#; &#x; &zzz; &") },
		{ "once only", STR("&amp;lt;"), STR("&lt;") },
	}, text[] = {
		{ "tags go", STR("a <b>bold</b> <i class='>'>x</i>"), STR("a bold x") },
		{ "breaks are spaces", STR("one<br/>two<p>three"), STR("one two three") },
		{ "no tag", STR("1 < 2 and 3 > 2"), STR("1 < 2 and 3 > 2") },
		{ "script and comment", STR("a<script>b</script>c<!-- d > -->e"), STR("ace") },
		{ "references last", STR("&lt;b&gt;"), STR("<b>") },
	};
	struct buf b;

	buf_init(&b, BUF_NO_MAX);
	for (size_t i = 0; i < sizeof(escape) / sizeof(escape[0]); i++) {
		buf_reset(&b);
		buf_add_html(&b, escape[i].in);
		CHECK_STR(escape[i].why, buf_str(&b), escape[i].want);
	}
	for (size_t i = 0; i < sizeof(unescape) / sizeof(unescape[0]); i++)
		CHECK_STR(unescape[i].why, html_unescape(a, unescape[i].in), unescape[i].want);
	for (size_t i = 0; i < sizeof(text) / sizeof(text[0]); i++)
		CHECK_STR(text[i].why, html_text(a, text[i].in), text[i].want);
	buf_reset(&b);
	buf_add_xml(&b, S("a\x01\xEF\xBF\xBE<"));
	CHECK_STR("what XML forbids goes", buf_str(&b), S("a&lt;"));
	buf_fini(&b);
}

static void test_json(void)
{
	struct buf b;
	struct json j;

	buf_init(&b, BUF_NO_MAX);
	json_start(&j, &b, 0);
	json_begin_object(&j);
	json_member(&j, "a",
		    S("q\"\\\n\x01"
		      "北\xFF</x>"));
	json_member_opt(&j, "none", S(""));
	json_add_key(&j, S("list"));
	json_begin_array(&j);
	json_add_i64(&j, -1);
	json_add_bool(&j, true);
	json_add_null(&j);
	json_begin_object(&j);
	json_end(&j);
	json_end(&j);
	json_end(&j);
	CHECK_STR(
		"escaped, nested, cleaned", buf_str(&b),
		S("{\"a\":\"q\\\"\\\\\\n\\u0001北\xEF\xBF\xBD</x>\",\"list\":[-1,true,null,{}]}"));
	buf_reset(&b);
	json_start(&j, &b, 1);
	j.in_html = true;
	json_begin_array(&j);
	json_add_str(&j, S("</script>&"));
	json_end(&j);
	CHECK_STR("inert inside HTML", buf_str(&b), S("[\n \"\\u003c/script\\u003e\\u0026\"\n]\n"));
	buf_fini(&b);
}

int main(void)
{
	struct arena a;

	arena_init(&a);
	test_utf8(&a);
	test_url(&a);
	test_url_both_ways(&a);
	test_escape(&a);
	test_json();
	arena_fini(&a);
	return check_done();
}
