#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/check.h"
#include "base/file.h"

static char dir[] = "/tmp/dibao-config-XXXXXX";

static void write_file(const char *name, struct str text)
{
	struct arena a;
	struct err err;

	arena_init(&a);
	CHECK(file_write(path_join(&a, dir, name), text, false, &err) == 0);
	arena_fini(&a);
}

/* Rows with an empty `want` must load; the others fail with a sentence that holds `want`. */
static const struct {
	const char *why;
	struct str mirror, sources, want;
} cases[] = {
	{ "nothing set", STR(""), STR(""), STR("") },
	{ "comments in three styles", STR("# a\n// b\n/* c */\ntitle = x # d\n"), STR(""),
	  STR("") },
	{ "unquoted words are values", STR("title = News\nhost_gap = 2s\n"), STR(""), STR("") },
	{ "wrong option: line and the right one", STR("\ntitel = \"x\"\n"), STR(""),
	  STR("dibao.conf:2: no option titel here; did you mean title?") },
	{ "comments of every kind are counted right",
	  STR("# a\n\n// b \"\n/* c\n'd' */\ntitle = \"# no // comment\" # yes\nblobs = "
	      "http://x//y#z\nfoo = 1\n"),
	  STR(""), STR("dibao.conf:8: no option foo here") },
	{ "nothing near", STR("colour = red\n"), STR(""),
	  STR("dibao.conf:1: no option colour here") },
	{ "a source's option in dibao.conf", STR("every = 1h\n"), STR(""),
	  STR("dibao.conf:1: no option every") },
	{ "wrong bool", STR("noindex = ture\n"), STR(""),
	  STR("dibao.conf:1: noindex must be true or false, not \"ture\"; did you mean true?") },
	{ "wrong number", STR("max_per_host = many\n"), STR(""),
	  STR("dibao.conf:1: max_per_host must be a whole number, not \"many\"") },
	{ "number too small", STR("max_per_host = 0\n"), STR(""),
	  STR("max_per_host must be more: it is 0") },
	{ "number too big", STR("max_per_host = 65\n"), STR(""),
	  STR("must be less: it is 65, and may be 1 to 64") },
	{ "time without unit", STR("host_gap = 5\n"), STR(""),
	  STR("host_gap must be a time with its unit") },
	{ "time out of bounds", STR("timeout = 30d\n"), STR(""), STR("timeout must be less") },
	{ "size", STR("max_page = 5XB\n"), STR(""), STR("max_page must be a size") },
	{ "zone", STR("zone = \"Asia/Taipei\"\n"), STR(""),
	  STR("zone must be an offset like +08:00") },
	{ "address", STR("base_url = \"ftp://x/\"\n"), STR(""),
	  STR("base_url must be an address with http://") },
	{ "language", STR("language = \"zh Hant\"\n"), STR(""),
	  STR("language must be a language tag") },
	{ "set twice", STR("title = a\n\ntitle = b\n"), STR(""),
	  STR("dibao.conf:3: title is set twice, first on line 1") },
	{ "text not closed", STR("title = \"a\n\n"), STR(""),
	  STR("the file ends inside a quoted text") },
	{ "value missing", STR("title =\n"), STR(""),
	  STR("the file ends in the middle of an option") },
	{ "comment not closed", STR("/* title = a\n"), STR(""), STR("*/ is missing") },
	{ "not UTF-8", STR("title = \"\xB4\xFA\"\n"), STR(""),
	  STR("dibao.conf:1: title is not UTF-8") },
	{ "control character", STR("title = a\n\0"), STR(""),
	  STR("dibao.conf:2: a control character (0)") },
	{ "a brace that nothing opened", STR("}\n"), STR(""), STR("dibao.conf:1: ") },

	{ "a source", STR(""), STR("source \"a\" { url = \"http://a/\" }\n"), STR("") },
	{ "empty list", STR(""), STR("source \"a\" { url = \"http://a/\" keep = {} }\n"), STR("") },
	{ "section not closed", STR(""), STR("source \"a\" {\n url = \"http://a/\"\n"),
	  STR("the last section is not closed") },
	{ "key twice", STR(""),
	  STR("source a { url = \"http://a/\" }\nsource a { url = \"http://b/\" }\n"),
	  STR("sources.conf:2: source \"a\" stands twice, first on line 1") },
	{ "url twice", STR(""),
	  STR("source a {\n url = \"http://a/\" }\nsource b {\n url = \"http://a/\"\n}\n"),
	  STR("sources.conf:5: source \"b\": this url is followed already, on line 2") },
	{ "no url", STR(""), STR("source a { name = x }\n"),
	  STR("sources.conf:1: source \"a\" has no url") },
	{ "bad key", STR(""), STR("source \"A b\" { url = \"http://a/\" }\n"),
	  STR("a key is 1 to 40 of") },
	{ "wrong option in a section", STR(""),
	  STR("source a {\n url = \"http://a/\"\n fulltext = no\n}\n"),
	  STR("sources.conf:3: no option fulltext here; did you mean full_text?") },
	{ "bad selector", STR(""),
	  STR("source a {\n url = \"http://a/\"\n drop = { \"div..\" }\n}\n"),
	  STR("sources.conf:3: drop: ") },
	{ "kind", STR(""), STR("source a {\n url = \"http://a/\"\n kind = atom\n}\n"),
	  STR("sources.conf:3: kind must be feed or page, not \"atom\"") },
	{ "another section", STR(""), STR("sauce a { }\n"),
	  STR("no option sauce here; did you mean source?") },
};

static void check_cases(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct arena a;
		struct config c;
		struct err err = { 0 };

		arena_init(&a);
		write_file("dibao.conf", cases[i].mirror);
		write_file("sources.conf", cases[i].sources);
		int rc = config_load(&a, dir, &c, &err);
		bool ok = cases[i].want.len == 0 ? rc == 0
						 : rc == ERR_CONFIG && str_contains(str_of(err.msg),
										    cases[i].want);
		if (!ok)
			CHECK_STR(cases[i].why, str_of(err.msg), cases[i].want);
		CHECK(ok);
		arena_fini(&a);
	}
}

static void check_values(void)
{
	struct arena a;
	struct config c;
	struct err err = { 0 };

	arena_init(&a);
	write_file("dibao.conf",
		   (struct str)STR("title = \"A \\\"b\\\"\"\nzone = \"+08:00\"\nbase_url = "
				   "\"https://e.org/n\"\n"
				   "max_page = 5MB\ntimeout = \"1m 30s\"\nnoindex = yes\n"));
	write_file("sources.conf",
		   (struct str)STR("source one {\n url = \"https://e.org/f\"\n every = 30m\n keep "
				   "= { \"main\", \".x\" }\n}\n"
				   "source two {\n url = \"https://e.org/g\"\n name = \"臺\"\n "
				   "zone = \"-03:30\"\n"
				   " kind = page\n full_text = false\n allow_private = true\n}\n"));
	CHECK(config_load(&a, dir, &c, &err) == 0);
	CHECK_STR("escapes", c.title, S("A \"b\""));
	CHECK_STR("a base address ends with a slash", c.base_url, S("https://e.org/n/"));
	CHECK_STR("default", c.store, S("archive.db"));
	CHECK_I64("zone", c.zone_min, 480);
	CHECK_I64("size", c.max_page_bytes, 5000000);
	CHECK_I64("time in parts", c.timeout_ms, 90000);
	CHECK(c.noindex && !c.allow_private && c.search_index);
	CHECK_I64("sources", (int64_t)c.source_count, 2);
	if (c.source_count == 2) {
		const struct source *s = config_source(&c, S("two"));

		CHECK_STR("the key stands for the name", c.sources[0].name, S("one"));
		CHECK_I64("the mirror's zone", c.sources[0].zone_min, 480);
		CHECK_I64("every", c.sources[0].every_ms, 1800000);
		CHECK_I64("keep", (int64_t)c.sources[0].keep.count, 2);
		CHECK_STR("keep", c.sources[0].keep.items[1], S(".x"));
		CHECK(c.sources[0].full_text && c.sources[0].kind == SOURCE_FEED);
		CHECK_STR("the name stands for the category", s->category, S("臺"));
		CHECK_I64("own zone", s->zone_min, -210);
		CHECK(s->kind == SOURCE_PAGE && !s->full_text && s->allow_private &&
		      s->keep.count == 0);
	}
	CHECK(config_source(&c, S("three")) == NULL);
	arena_fini(&a);
}

/* What append writes, load reads; the comments and sections before it stay. */
static void check_round_trip(void)
{
	struct arena a;
	struct config c;
	struct err err = { 0 };
	struct str drop[] = { STR("div[class=\"a b\"]"), STR("#x > p") };
	const struct source in[] = {
		{ .key = STR("a"),
		  .name = STR("\"N\\\" ${HOME} #{}\n2"),
		  .url = STR("https://e.org/?a=1&b=#c"),
		  .category = STR("Cat"),
		  .home_url = STR("https://e.org/"),
		  .full_text = false,
		  .zone_min = -90,
		  .every_ms = 5400000,
		  .drop = { drop, 2 },
		  .allow_private = true,
		  .kind = SOURCE_PAGE },
		{ .key = STR("b"),
		  .name = STR("b"),
		  .url = STR("http://b/"),
		  .category = STR("b"),
		  .full_text = true },
	};

	arena_init(&a);
	write_file("dibao.conf", (struct str)STR(""));
	write_file("sources.conf", (struct str)STR("# mine"));
	CHECK(config_append_sources(dir, in, 1, &err) == 0 &&
	      config_append_sources(dir, in + 1, 1, &err) == 0);
	CHECK(config_load(&a, dir, &c, &err) == 0);
	CHECK_STR("no error", str_of(err.msg), S(""));
	CHECK_I64("both are there", (int64_t)c.source_count, 2);
	for (size_t i = 0; i < c.source_count && i < 2; i++) {
		const struct source *s = &c.sources[i];

		CHECK_STR("key", s->key, in[i].key);
		CHECK_STR("url", s->url, in[i].url);
		CHECK_STR("name", s->name, in[i].name);
		CHECK_STR("category", s->category, in[i].category);
		CHECK_STR("home", s->home_url, in[i].home_url);
		CHECK_I64("every", s->every_ms, in[i].every_ms);
		CHECK_I64("zone", s->zone_min, in[i].zone_min);
		CHECK_I64("drop", (int64_t)s->drop.count, (int64_t)in[i].drop.count);
		CHECK(s->kind == in[i].kind && s->full_text == in[i].full_text &&
		      s->allow_private == in[i].allow_private);
		for (size_t j = 0; j < s->drop.count && j < 2; j++)
			CHECK_STR("selector", s->drop.items[j], drop[j]);
	}
	arena_fini(&a);
}

/* The file that init writes loads; so it does with every # before an option taken away, and means
 * the same. */
static void check_default_file(void)
{
	struct arena a;
	struct config c, d;
	struct err err = { 0 };
	struct buf text, active;

	arena_init(&a);
	buf_init(&text, BUF_NO_MAX);
	buf_init(&active, BUF_NO_MAX);
	config_print_default(&text);
	write_file("dibao.conf", buf_str(&text));
	write_file("sources.conf", (struct str)STR(""));
	CHECK(config_load(&a, dir, &c, &err) == 0);
	for (struct str rest = buf_str(&text), line; str_split(&rest, '\n', &line);) {
		CHECK(line.len <= 100);
		buf_add(&active, line.len > 1 && line.ptr[0] == '#' && line.ptr[1] != ' '
					 ? str_from(line, 1)
					 : line);
		buf_add_ch(&active, '\n');
	}
	write_file("dibao.conf", buf_str(&active));
	CHECK(config_load(&a, dir, &d, &err) == 0);
	CHECK_STR("no error", str_of(err.msg), S(""));
	CHECK_STR("title", d.title, c.title);
	CHECK_I64("max_feed", d.max_feed_bytes, c.max_feed_bytes);
	CHECK_I64("host_gap", d.host_gap_ms, c.host_gap_ms);
	buf_reset(&text);
	config_print_default_sources(&text);
	write_file("sources.conf", buf_str(&text));
	CHECK(config_load(&a, dir, &d, &err) == 0 && d.source_count == 0);
	buf_fini(&active);
	buf_fini(&text);
	arena_fini(&a);
}

int main(void)
{
	struct err err = { 0 };
	struct config c;
	struct arena a;

	if (!mkdtemp(dir))
		return 1;
	arena_init(&a);
	CHECK(config_load(&a, dir, &c, &err) == ERR_NOTFOUND);
	CHECK(str_contains(str_of(err.msg), S("not a mirror")));
	arena_fini(&a);
	check_cases();
	check_values();
	check_round_trip();
	check_default_file();
	arena_init(&a);
	unlink(path_join(&a, dir, "dibao.conf"));
	unlink(path_join(&a, dir, "sources.conf"));
	rmdir(dir);
	arena_fini(&a);
	return check_done();
}
