#include "text/json_in.h"

#include "base/buf.h"
#include "base/check.h"
#include "text/json.h"

/* The tree as it was read, written anew. */
static void write_value(struct json *out, const struct json_in *v, bool in_object)
{
	if (in_object)
		json_add_key(out, v->key);
	switch ((enum json_in_kind)v->kind) {
	case JSON_IN_NULL: json_add_null(out); return;
	case JSON_IN_FALSE: json_add_bool(out, false); return;
	case JSON_IN_TRUE: json_add_bool(out, true); return;
	case JSON_IN_NUMBER: json_add_raw(out, v->text); return;
	case JSON_IN_STRING: json_add_str(out, v->text); return;
	case JSON_IN_LIST: json_begin_array(out); break;
	case JSON_IN_OBJECT: json_begin_object(out); break;
	}
	for (const struct json_in *i = json_in_first(v); i; i = i->next)
		write_value(out, i, v->kind == JSON_IN_OBJECT);
	json_end(out);
}

/* Empty: none. */
static const struct {
	const char *why;
	struct str in, strict, lenient;
} cases[] = {
	{ "every kind of value",
	  STR("{\"a\":[1,-0.5e+3,true,false,null,\"s\",[],{}],\"b\":{\"\":0}}"),
	  STR("{\"a\":[1,-0.5e+3,true,false,null,\"s\",[],{}],\"b\":{\"\":0}}"),
	  STR("{\"a\":[1,-0.5e+3,true,false,null,\"s\",[],{}],\"b\":{\"\":0}}") },
	{ "spaces between them", STR(" [ 1 ,\t2\r\n, { \"a\" : 3 } ] "), STR("[1,2,{\"a\":3}]"),
	  STR("[1,2,{\"a\":3}]") },
	{ "what stands behind is not looked at", STR("[1];alert(2)"), STR("[1]"), STR("[1]") },
	{ "escapes",
	  STR("[\"a\\\"b\\\\c\\/d\\n\\u00e9\\u4e00\\ud83d\\ude00, and a text of more letters\"]"),
	  STR("[\"a\\\"b\\\\c/d\\n\xc3\xa9\xe4\xb8\x80\xf0\x9f\x98\x80, and a text of more "
	      "letters\"]"),
	  STR("[\"a\\\"b\\\\c/d\\n\xc3\xa9\xe4\xb8\x80\xf0\x9f\x98\x80, and a text of more "
	      "letters\"]") },
	{ "half a character", STR("[\"\\ud83d\\u0041\\ude00\\ud83d\"]"),
	  STR("[\"\xef\xbf\xbd"
	      "A\xef\xbf\xbd\xef\xbf\xbd\"]"),
	  STR("[\"\xef\xbf\xbd"
	      "A\xef\xbf\xbd\xef\xbf\xbd\"]") },
	{ "no figures", STR("[\"\\u00g0\"]"), STR(""), STR("") },
	{ "a line's end in a string", STR("[\"a\nb, and a text of some more letters\tc\"]"),
	  STR(""), STR("[\"a b, and a text of some more letters c\"]") },
	{ "a backslash too many", STR("[\"a\\'b\\\nc\"]"), STR(""), STR("[\"a'b c\"]") },
	{ "a comma too many", STR("{\"a\":[1,2, ],}"), STR(""), STR("{\"a\":[1,2]}") },
	{ "two are too many", STR("[1,,]"), STR(""), STR("") },
	{ "nothing but a comma", STR("[,]"), STR(""), STR("") },
	{ "marks of a comment", STR("<!--\n{\"a\":1}\n-->"), STR(""), STR("{\"a\":1}") },
	{ "a string alone is no document", STR("\"a\""), STR(""), STR("") },
	{ "a number that is none", STR("[01]"), STR(""), STR("") },
	{ "a number that ends early", STR("[1.]"), STR(""), STR("") },
	{ "a word that is none", STR("[nul]"), STR(""), STR("") },
	{ "names without quotes", STR("{a:1}"), STR(""), STR("") },
	{ "a string without end", STR("[\"abc"), STR(""), STR("") },
	{ "a string that ends in its escape", STR("[\"abc\\"), STR(""), STR("") },
	{ "and in that of its quote", STR("[\"a\\\""), STR(""), STR("") },
	{ "a list without end", STR("[1"), STR(""), STR("") },
	{ "no colon", STR("{\"a\" 1}"), STR(""), STR("") },
	{ "nothing", STR(""), STR(""), STR("") },
};

static struct str written(struct arena *mem, struct str in, bool lenient, struct buf *out)
{
	const struct json_in *v = json_in_read(mem, in, lenient);
	struct json j;

	buf_reset(out);
	json_start(&j, out, 0);
	if (v)
		write_value(&j, v, false);
	return str_trim(buf_str(out));
}

static void check_looking(struct arena *mem)
{
	const struct json_in *v =
		json_in_read(mem, S("{\"a\":1,\"b\":[\"x\"],\"a\":\"y\"}"), false);

	CHECK(v && v->count == 3);
	CHECK_STR("of two members the latter", json_in_str(json_in_get(v, "a")), S("y"));
	CHECK(!json_in_get(v, "c") && !json_in_get(NULL, "a") && !json_in_first(NULL));
	CHECK(json_in_first_of_list(v) == NULL);
	CHECK_STR("a list's", json_in_str(json_in_first_of_list(json_in_get(v, "b"))), S("x"));
	CHECK_STR("no string", json_in_str(json_in_first(v)), S(""));
}

/* What json writes is read again, wherever in a text an escape stands. */
static void check_written(struct arena *mem, struct buf *out)
{
	static const struct str marks[] = { STR("\""),      STR("\\"),   STR("\n"),
					    STR("\x01"),    STR("\x7f"), STR("\xe4\xb8\x80"),
					    STR("\xc3\xa9") };
	struct str letters = S("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJ");

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]) * letters.len * 2; i++) {
		size_t at = i / 2 % letters.len;
		struct str mark = marks[i / 2 / letters.len];
		struct str text = arena_strf(mem, "%.*s%.*s%.*s", STR_FMT(str_sub(letters, 0, at)),
					     STR_FMT(mark), STR_FMT(str_from(letters, at)));
		struct json j;

		buf_reset(out);
		json_start(&j, out, 0);
		j.valid = i % 2;
		json_begin_array(&j);
		json_add_str(&j, text);
		json_end(&j);
		CHECK_STR("the text that was written",
			  json_in_str(json_in_first(json_in_read(mem, buf_str(out), false))), text);
		CHECK(str_contains(buf_str(out), S("\x01")) == false &&
		      str_contains(buf_str(out), S("\n")) == false);
	}
}

static void check_limits(struct arena *mem, struct buf *in)
{
	for (int depth = JSON_IN_MAX_DEPTH; depth <= JSON_IN_MAX_DEPTH + 1; depth++) {
		buf_reset(in);
		for (int i = 0; i < depth; i++)
			buf_add_ch(in, '[');
		for (int i = 0; i < depth; i++)
			buf_add_ch(in, ']');
		CHECK((json_in_read(mem, buf_str(in), false) != NULL) ==
		      (depth == JSON_IN_MAX_DEPTH));
	}
	buf_reset(in);
	buf_add_ch(in, '[');
	for (int i = 0; i < JSON_IN_MAX_VALUES; i++)
		buf_add(in, S("1,"));
	buf_add(in, S("1]"));
	CHECK(json_in_read(mem, buf_str(in), false) == NULL);
}

int main(void)
{
	struct arena mem;
	struct buf out;

	arena_init(&mem);
	buf_init(&out, BUF_NO_MAX);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		CHECK_STR(cases[i].why, written(&mem, cases[i].in, false, &out), cases[i].strict);
		CHECK_STR(cases[i].why, written(&mem, cases[i].in, true, &out), cases[i].lenient);
	}
	check_looking(&mem);
	check_written(&mem, &out);
	check_limits(&mem, &out);
	buf_fini(&out);
	arena_fini(&mem);
	return check_done();
}
