#include "site/template.h"

#include <jansson.h>

#include "base/check.h"

/* data is JSON; p is a partial of the name "p", q one of the name "q". */
static const struct {
	const char *why, *data, *text, *p, *q, *want;
} rows[] = {
	{ "plain text stays", "{}", "Hello {planet}, a } b {\n", 0, 0,
	  "Hello {planet}, a } b {\n" },
	{ "a variable", "{\"subject\":\"world\"}", "Hello, {{subject}}!\n", 0, 0,
	  "Hello, world!\n" },
	{ "text is escaped", "{\"a\":\"& \\\" < > '\"}", "{{a}}", 0, 0,
	  "&amp; &quot; &lt; &gt; &#39;" },
	{ "three braces are raw", "{\"a\":\"& \\\" < >\"}", "{{{a}}}|{{&a}}|{{& a }}", 0, 0,
	  "& \" < >|& \" < >|& \" < >" },
	{ "a number is text", "{\"mph\":85}", "{{mph}} {{{mph}}}", 0, 0, "85 85" },
	{ "null is empty", "{\"a\":null}", "I ({{a}}) be seen", 0, 0, "I () be seen" },
	{ "a miss is empty", "{}", "I ({{a}}{{{a}}}{{&a}}) be", 0, 0, "I () be" },
	{ "white space about a variable stays", "{\"s\":\"-\"}",
	  "| {{s}} | {{ s }} |\n {{{ s }}}\n", 0, 0, "| - | - |\n -\n" },
	{ "dotted names", "{\"a\":{\"b\":{\"c\":\"deep\"}}}", "{{a.b.c}} == {{#a}}{{b.c}}{{/a}}", 0,
	  0, "deep == deep" },
	{ "a broken chain is empty", "{\"a\":{}}", "({{a.b.c}})", 0, 0, "()" },
	{ "a broken chain does not look further out", "{\"a\":{\"b\":{}},\"c\":{\"name\":\"Jim\"}}",
	  "({{a.b.c.name}})", 0, 0, "()" },
	{ "the first part decides where the rest is looked for",
	  "{\"a\":{\"b\":{}},\"b\":{\"c\":\"ERROR\"}}", "{{#a}}{{b.c}}{{/a}}", 0, 0, "" },
	{ "implicit iterator", "{\"l\":[\"a\",\"<\"]}", "{{#l}}({{.}}){{{.}}}{{/l}}", 0, 0,
	  "(a)a(&lt;)<" },
	{ "implicit iterator of the root", "\"top\"", "{{.}}", 0, 0, "top" },

	{ "a true section", "{\"b\":true}", "\"{{#b}}shown{{/b}}\"", 0, 0, "\"shown\"" },
	{ "a false section", "{\"b\":false}", "\"{{#b}}hidden{{/b}}\"", 0, 0, "\"\"" },
	{ "null is false", "{\"b\":null}", "\"{{#b}}hidden{{/b}}\"", 0, 0, "\"\"" },
	{ "an empty text is false", "{\"b\":\"\"}", "\"{{#b}}hidden{{/b}}{{^b}}none{{/b}}\"", 0, 0,
	  "\"none\"" },
	{ "a missing section", "{}", "[{{#b}}hidden{{/b}}]", 0, 0, "[]" },
	{ "an object is a context", "{\"c\":{\"name\":\"Joe\"}}", "{{#c}}Hi {{name}}.{{/c}}", 0, 0,
	  "Hi Joe." },
	{ "the outer context is seen",
	  "{\"a\":\"foo\",\"b\":\"wrong\",\"s\":{\"b\":\"bar\"},\"c\":{\"d\":\"baz\"}}",
	  "{{#s}}{{a}}, {{b}}, {{c.d}}{{/s}}", 0, 0, "foo, bar, baz" },
	{ "contexts stack up",
	  "{\"a\":{\"one\":1},\"b\":{\"two\":2},\"c\":{\"three\":3,\"d\":{\"four\":4,\"five\":5}}}",
	  "{{#a}}{{one}}{{#b}}{{one}}{{two}}{{one}}{{#c}}{{one}}{{two}}{{three}}{{#d}}{{four}}{{"
	  "five}}{{/d}}{{/c}}{{/b}}{{/a}}",
	  0, 0, "112112345" },
	{ "a list", "{\"l\":[{\"i\":1},{\"i\":2},{\"i\":3}]}", "\"{{#l}}{{i}}{{/l}}\"", 0, 0,
	  "\"123\"" },
	{ "an empty list", "{\"l\":[]}", "[{{#l}}x{{/l}}]", 0, 0, "[]" },
	{ "the same section twice", "{\"b\":true}",
	  "{{#b}}\n* 1\n{{/b}}\n* 2\n{{#b}}\n* 3\n{{/b}}\n", 0, 0, "* 1\n* 2\n* 3\n" },
	{ "nested sections of one name", "{\"b\":true}", "| A {{#b}}B {{#b}}C{{/b}} D{{/b}} E |", 0,
	  0, "| A B C D E |" },
	{ "nested and false", "{\"b\":false}", "| A {{#b}}B {{#b}}C{{/b}} D{{/b}} E |", 0, 0,
	  "| A  E |" },
	{ "lists in lists", "{\"l\":[[1,2],[3]]}", "{{#l}}({{#.}}{{.}}{{/.}}){{/l}}", 0, 0,
	  "(12)(3)" },
	{ "a dotted section", "{\"a\":{\"b\":{\"c\":true}}}",
	  "{{#a.b.c}}here{{/a.b.c}}{{#a.x.c}}no{{/a.x.c}}", 0, 0, "here" },
	{ "sections within a line keep its space", "{\"b\":true}", " | {{#b}}\t|\t{{/b}} | \n", 0,
	  0, " | \t|\t | \n" },
	{ "two on one line stay a line", "{\"b\":true}", " {{#b}}YES{{/b}}\n {{#b}}GOOD{{/b}}\n", 0,
	  0, " YES\n GOOD\n" },
	{ "standalone lines vanish", "{\"b\":true}", "| This Is\n{{#b}}\n|\n{{/b}}\n| A Line\n", 0,
	  0, "| This Is\n|\n| A Line\n" },
	{ "indented standalone lines vanish", "{\"b\":true}",
	  "| This Is\n  {{#b}}\n|\n\t{{/b}} \n| A Line", 0, 0, "| This Is\n|\n| A Line" },
	{ "CR LF ends a standalone line", "{\"b\":true}", "|\r\n{{#b}}\r\n{{/b}}\r\n|", 0, 0,
	  "|\r\n|" },
	{ "no line before", "{\"b\":true}", "  {{#b}}\n#{{/b}}\n/", 0, 0, "#\n/" },
	{ "no line after", "{\"b\":true}", "#{{#b}}\n/\n  {{/b}}", 0, 0, "#\n/\n" },
	{ "a pair alone on a line is no standalone tag", "{\"b\":true}", "a\n{{#b}}{{/b}}\nb", 0, 0,
	  "a\n\nb" },
	{ "white space in tags", "{\"b\":true}", "|{{# b }}={{/ b }}|", 0, 0, "|=|" },

	{ "inverted", "{\"b\":false,\"l\":[],\"n\":null}",
	  "{{^b}}1{{/b}}{{^l}}2{{/l}}{{^n}}3{{/n}}{{^m}}4{{/m}}", 0, 0, "1234" },
	{ "inverted and true", "{\"b\":true,\"l\":[1],\"o\":{}}",
	  "[{{^b}}1{{/b}}{{^l}}2{{/l}}{{^o}}3{{/o}}]", 0, 0, "[]" },
	{ "inverted stands alone too", "{}", "|\n {{^b}} \n|\n{{/b}}\n|", 0, 0, "|\n|\n|" },
	{ "inverted sees the outer context", "{\"a\":\"x\"}", "{{^b}}{{a}}{{/b}}", 0, 0, "x" },

	{ "a comment", "{}", "12345{{! Comment }}67890", 0, 0, "1234567890" },
	{ "a comment of several lines", "{}", "12345{{!\n a\n b\n}}67890\n", 0, 0, "1234567890\n" },
	{ "a standalone comment", "{}", "Begin.\n  {{! Comment }}\nEnd.\n", 0, 0,
	  "Begin.\nEnd.\n" },
	{ "a standalone comment of several lines", "{}", "Begin.\n{{!\nSomething\n}}\nEnd.\n", 0, 0,
	  "Begin.\nEnd.\n" },
	{ "a comment within a line", "{}", "  12 {{! 34 }}\n", 0, 0, "  12 \n" },
	{ "a comment beside text", "{}", "12345 {{! x }} 67890", 0, 0, "12345  67890" },
	{ "a comment is no variable", "{\"!c\":1,\"c\":2}", "<{{!c}}>", 0, 0, "<>" },

	{ "set delimiters", "{\"t\":\"Hey!\"}", "{{=<% %>=}}(<%t%>)", 0, 0, "(Hey!)" },
	{ "delimiters that look like patterns", "{\"t\":\"It\"}", "({{=[ ]=}}[t])", 0, 0, "(It)" },
	{ "sections under other delimiters", "{\"s\":true,\"d\":\"I\"}",
	  "[\n{{#s}}\n  {{d}}\n  |d|\n{{/s}}\n\n{{= | | =}}\n|#s|\n  {{d}}\n  |d|\n|/s|\n]\n", 0, 0,
	  "[\n  I\n  |d|\n\n  {{d}}\n  I\n]\n" },
	{ "a partial has its own delimiters", "{\"v\":\"yes\"}",
	  "[ {{>p}} ]\n{{= | | =}}\n[ |>p| ]\n", ".{{v}}.", 0, "[ .yes. ]\n[ .yes. ]\n" },
	{ "delimiters set in a partial end with it", "{\"v\":\"yes\"}",
	  "[ {{>p}} ]\n[ .{{v}}.  .|v|. ]\n", ".{{v}}. {{= | | =}} .|v|.", 0,
	  "[ .yes.  .yes. ]\n[ .yes.  .|v|. ]\n" },
	{ "a standalone set delimiters", "{}", "Begin.\n  {{=@ @=}}\nEnd.\n", 0, 0,
	  "Begin.\nEnd.\n" },
	{ "delimiters with space about them", "{}", "|{{= @   @ =}}|", 0, 0, "||" },
	{ "raw under other delimiters", "{\"a\":\"<\"}", "{{=<% %>=}}<%{a}%><%&a%><%a%>", 0, 0,
	  "<<&lt;" },

	{ "a partial", "{}", "\"{{>p}}\"", "from partial", 0, "\"from partial\"" },
	{ "a missing partial is empty where lenient", "{}", "\"{{>none}}\"", 0, 0, "\"\"" },
	{ "a partial sees the context", "{\"t\":\"content\"}", "\"{{>p}}\"", "*{{t}}*", 0,
	  "\"*content*\"" },
	{ "a partial that calls itself", "{\"c\":\"X\",\"n\":[{\"c\":\"Y\",\"n\":[]}]}", "{{>p}}",
	  "{{c}}<{{#n}}{{>p}}{{/n}}>", 0, "X<Y<>>" },
	{ "a partial in a partial", "{\"a\":\"hello\",\"b\":\"world\"}", "{{>p}}", "*{{a}} {{>q}}*",
	  "{{b}}!", "*hello world!*" },
	{ "space about an inline partial stays", "{}", "| {{>p}} |", "\t|\t", 0, "| \t|\t |" },
	{ "an inline partial is not indented", "{\"d\":\"|\"}", "  {{d}}  {{> p}}\n", ">\n>", 0,
	  "  |  >\n>\n" },
	{ "a standalone partial ends its line", "{}", "|\r\n{{>p}}\r\n|", ">", 0, "|\r\n>|" },
	{ "a standalone partial without a line before", "{}", "  {{>p}}\n>", ">\n>", 0,
	  "  >\n  >>" },
	{ "a standalone partial without a line after", "{}", ">\n  {{>p}}", ">\n>", 0,
	  ">\n  >\n  >" },
	{ "each line of a partial is indented, no line of a value", "{\"content\":\"<\\n->\"}",
	  "\\\n {{>p}}\n/\n", "|\n{{{content}}}\n|\n", 0, "\\\n |\n <\n->\n |\n/\n" },
	{ "a line that begins with a section is indented", "{\"b\":true}", "  {{>p}}\n",
	  "{{#b}}x{{/b}}\n{{#b}}\ny\n{{/b}}\n", 0, "  x\n  y\n" },
	{ "indentations add up", "{}", "  {{>p}}\n", "a\n {{>q}}\nb\n", "c\nd\n",
	  "  a\n   c\n   d\n  b\n" },
	{ "a partial's name may have space", "{\"b\":true}", "|{{> p }}|", "[]", 0, "|[]|" },
	{ "Han and emoji are bytes like others", "{\"標題\":\"北約😀\"}", "《{{標題}}》", 0, 0,
	  "《北約😀》" },
	{ "the last newline of a literal begins no line of its own", "{\"a\":\"1\"}", " {{>p}}\n",
	  "x\n\n{{a}}\n", 0, " x\n \n 1\n" },
};

static struct value from_json(struct arena *a, const json_t *j)
{
	struct value v = { .kind = VALUE_NONE };
	const char *key;
	json_t *item;
	size_t i;

	if (json_is_boolean(j)) {
		v.kind = json_is_true(j) ? VALUE_TRUE : VALUE_FALSE;
	} else if (json_is_string(j)) {
		v = value_text(arena_str(a, str_of(json_string_value(j))));
	} else if (json_is_integer(j)) {
		v = value_text(arena_strf(a, "%lld", (long long)json_integer_value(j)));
	} else if (json_is_array(j)) {
		v.kind = VALUE_LIST;
		json_array_foreach(j, i, item) value_add(a, &v, from_json(a, item));
	} else if (json_is_object(j)) {
		v.kind = VALUE_OBJECT;
		json_object_foreach((json_t *)(uintptr_t)j, key, item)
			value_put_key(a, &v, arena_str(a, str_of(key)), from_json(a, item));
	}
	return v;
}

static void test_rows(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct arena a;
		struct err err = { 0 };
		struct buf out;
		json_t *j = json_loads(rows[i].data, JSON_DECODE_ANY, NULL);

		arena_init(&a);
		buf_init(&out, BUF_NO_MAX);
		struct value root = from_json(&a, j);
		struct template_set *set = template_set_new(&a);
		int r = template_add(set, S("main"), S("main.html"), str_of(rows[i].text), &err);
		if (r == 0 && rows[i].p)
			r = template_add(set, S("p"), S("p.html"), str_of(rows[i].p), &err);
		if (r == 0 && rows[i].q)
			r = template_add(set, S("q"), S("q.html"), str_of(rows[i].q), &err);
		if (r == 0)
			r = template_link(set, true, &err);
		if (r == 0)
			r = template_render(template_find(set, S("main")), &root, &out, &err);
		CHECK_I64(rows[i].why, r, 0);
		CHECK_STR(rows[i].why, buf_str(&out), str_of(rows[i].want));
		json_decref(j);
		buf_fini(&out);
		arena_fini(&a);
	}
}

static const struct {
	const char *why, *text, *want;
} wrong[] = {
	{ "an open section names its line", "a\n\n{{#x}}\nb\n",
	  "f.html:3: section \"x\" is not closed" },
	{ "the wrong one is closed", "{{#x}}\n{{#y}}\n{{/x}}{{/y}}",
	  "f.html:3: \"x\" is closed where \"y\" of line 2 is open" },
	{ "closed and never opened", "\n{{/x}}", "f.html:2: closes what is not open: \"x\"" },
	{ "a tag without an end", "ok\n{{x", "f.html:2: a tag is not closed" },
	{ "three braces want three", "{{{x}}", "f.html:1: a tag is not closed" },
	{ "no name", "{{ }}", "f.html:1: a tag has no name" },
	{ "delimiters want two", "{{=x=}}", "f.html:1: no two delimiters \"x\"" },
	{ "delimiters have no space", "{{=a b c=}}", "f.html:1: no two delimiters \"a b c\"" },
	{ "a missing partial", "x\n{{>none}}", "f.html:2: no template \"none\"" },
};

static void test_wrong(void)
{
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct arena a;
		struct err err = { 0 };

		arena_init(&a);
		struct template_set *set = template_set_new(&a);
		int r = template_add(set, S("f"), S("f.html"), str_of(wrong[i].text), &err);
		if (r == 0)
			r = template_link(set, false, &err);
		CHECK_I64(wrong[i].why, r, ERR_CONFIG);
		CHECK_STR(wrong[i].why, str_of(err.msg), str_of(wrong[i].want));
		arena_fini(&a);
	}
}

static void test_depth(void)
{
	struct arena a;
	struct err err = { 0 };
	struct buf out;

	arena_init(&a);
	buf_init(&out, BUF_NO_MAX);
	struct template_set *set = template_set_new(&a);
	CHECK(template_add(set, S("f"), S("f.html"), S("{{>f}}"), &err) == 0);
	CHECK(template_link(set, false, &err) == 0);
	CHECK_I64("a partial that calls itself for ever ends",
		  template_render(template_find(set, S("f")), value_object(&a), &out, &err),
		  ERR_LIMIT);
	buf_fini(&out);
	buf_init(&out, 4);
	CHECK(template_add(set, S("g"), S("g.html"), S("12345"), &err) == 0);
	CHECK_I64("a ceiling is told",
		  template_render(template_find(set, S("g")), value_object(&a), &out, &err),
		  ERR_LIMIT);
	buf_fini(&out);
	arena_fini(&a);
}

int main(void)
{
	test_rows();
	test_wrong();
	test_depth();
	return check_done();
}
