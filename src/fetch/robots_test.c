#include "fetch/robots.h"

#include <stdio.h>
#include <string.h>

#include "base/check.h"

#define RULES                                                                                      \
	"User-agent: *\nDisallow: /a\nAllow: /a/b\nDisallow: /*.gif$\nDisallow: /q?x=\n"           \
	"Disallow: /%e4%b8%ad\nDisallow: /%7Ejoe\nAllow: /same\nDisallow: /same\n"

static const struct {
	const char *why;
	struct str text, path;
	bool want;
} cases[] = {
	{ "nothing said allows", STR(""), STR("/x"), true },
	{ "a prefix forbids", STR(RULES), STR("/abc"), false },
	{ "the longer rule wins", STR(RULES), STR("/a/bc"), true },
	{ "others are free", STR(RULES), STR("/b"), true },
	{ "star and end", STR(RULES), STR("/x/y.gif"), false },
	{ "an end is an end", STR(RULES), STR("/x/y.gifs"), true },
	{ "a query is part of it", STR(RULES), STR("/q?x=1"), false },
	{ "another query is not", STR(RULES), STR("/q?y=1"), true },
	{ "bytes and escapes are one", STR(RULES), STR("/\xe4\xb8\xad"), false },
	{ "hex in either case", STR(RULES), STR("/%E4%B8%AD"), false },
	{ "unreserved escapes are the character", STR(RULES), STR("/~joe/"), false },
	{ "of two as long, allow", STR(RULES), STR("/same"), true },
	{ "robots.txt itself", STR("User-agent: *\nDisallow: /"), STR("/robots.txt"), true },
	{ "an empty Disallow allows", STR("User-agent: *\nDisallow:"), STR("/x"), true },
	{ "our own group counts",
	  STR("User-agent: *\nDisallow: /\nUser-agent: Dibao/2\nDisallow: /x"), STR("/y"), true },
	{ "and forbids", STR("User-agent: *\nAllow: /\nUser-agent: dibao\nDisallow: /x"), STR("/x"),
	  false },
	{ "another's does not", STR("User-agent: dibaox\nDisallow: /"), STR("/x"), true },
	{ "two agents, one group", STR("User-agent: a\nUser-agent: *\nDisallow: /x"), STR("/x"),
	  false },
	{ "two groups of one agent are one",
	  STR("User-agent: *\nDisallow: /x\nUser-agent: a\nDisallow: /\nUser-agent: *\nDisallow: "
	      "/y"),
	  STR("/x"), false },
	{ "a blank line ends no group", STR("User-agent: *\n\nDisallow: /x"), STR("/x"), false },
	{ "CR alone ends a line", STR("User-agent: *\rDisallow: /x\r# y"), STR("/x"), false },
	{ "comments", STR("User-agent: * # all\nDisallow: /x # y"), STR("/x"), false },
	{ "a byte order mark", STR("\xEF\xBB\xBFUser-agent: *\nDisallow: /x"), STR("/x"), false },
	{ "markup is no rule", STR("<html><body>Not found</body></html>"), STR("/x"), true },
	{ "many stars end", STR("User-agent: *\nDisallow: /*a*a*a*a*a*a*a*a*a*b"),
	  STR("/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac"), true },
	{ "star at the end", STR("User-agent: *\nDisallow: /x*"), STR("/xyz"), false },
	{ "star takes nothing too", STR("User-agent: *\nDisallow: /x*y$"), STR("/xy"), false },
};

static void check_long(struct arena *a)
{
	struct robots r;
	char text[600], path[400];

	/* "Disallow: /aaaa...b" longer than is kept forbids what begins like it; an Allow of that
	 * length nothing. */
	memset(path, 'a', sizeof(path));
	path[0] = '/';
	snprintf(text, sizeof(text), "User-agent: *\nDisallow: %.300sb\n", path);
	robots_parse(a, str_of(text), S("dibao"), &r);
	CHECK(!robots_allow(&r, str_n(path, 290)));
	CHECK(robots_allow(&r, str_n(path, 200)));
	snprintf(text, sizeof(text), "User-agent: *\nDisallow: /\nAllow: %.300s\n", path);
	robots_parse(a, str_of(text), S("dibao"), &r);
	CHECK(!robots_allow(&r, str_n(path, 320)));
}

int main(void)
{
	struct arena a;
	struct robots r;

	arena_init(&a);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		robots_parse(&a, cases[i].text, S("dibao"), &r);
		CHECK_I64(cases[i].why, robots_allow(&r, cases[i].path), cases[i].want);
		arena_reset(&a);
	}
	robots_parse(&a, S("User-agent: *\nCrawl-delay: 2.5\n"), S("dibao"), &r);
	CHECK_I64("half seconds", r.delay_ms, 2500);
	robots_parse(&a, S("User-agent: *\nCrawl-delay: 99999999999999999999\n"), S("dibao"), &r);
	CHECK_I64("an absurd delay is a day", r.delay_ms, 86400000);
	robots_parse(&a, S("User-agent: *\nCrawl-delay: -1\n"), S("dibao"), &r);
	CHECK_I64("no number is none", r.delay_ms, 0);
	check_long(&a);
	arena_fini(&a);
	return check_done();
}
