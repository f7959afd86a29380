#include "text/link.h"

#include "base/buf.h"
#include "base/check.h"

static const struct {
	const char *why;
	struct str in, want; /* TARGET(RELS) of each, ! where it is anchored */
} cases[] = {
	{ "one", STR("<https://h/>; rel=\"hub\""), STR("https://h/(hub)") },
	{ "two in one header, a token for a value",
	  STR("<https://h/>;rel=hub , </f.xml> ; rel=self"), STR("https://h/(hub)/f.xml(self)") },
	{ "a comma in the target", STR("</f?a,b>; rel=self"), STR("/f?a,b(self)") },
	{ "several relations", STR("<a>; rel=\"self alternate\""), STR("a(self alternate)") },
	{ "other parameters, a comma in quotes", STR("<a>; title=\"x, <b>; rel=hub\"; rel=self"),
	  STR("a(self)") },
	{ "a quoted quote", STR("<a>; title=\"x\\\"; rel=hub\"; rel=self"), STR("a(self)") },
	{ "the first rel counts", STR("<a>; rel=self; rel=hub"), STR("a(self)") },
	{ "of another place", STR("<a>; rel=self; anchor=\"/b\""), STR("a(self)!") },
	{ "a link without a relation is passed over", STR("<a>, <b>; rel=hub"), STR("b(hub)") },
	{ "no links", STR("hub"), STR("") },
	{ "nothing", STR(""), STR("") },
	{ "cut in the target", STR("<http://h"), STR("") },
	{ "cut in quotes", STR("<a>; rel=\"hub"), STR("a(hub)") },
	{ "cut behind a backslash", STR("<a>; rel=\"hub\\"), STR("a(hub\\)") },
	{ "cut behind the name", STR("<a>; rel"), STR("") },
};

int main(void)
{
	struct link hub = { .rels = STR("alternate HUB") };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct str rest = cases[i].in;
		struct link link;
		struct buf b;

		buf_init(&b, BUF_NO_MAX);
		while (link_next(&rest, &link))
			buf_addf(&b, "%.*s(%.*s)%s", STR_FMT(link.target), STR_FMT(link.rels),
				 link.anchored ? "!" : "");
		CHECK_STR(cases[i].why, buf_str(&b), cases[i].want);
		buf_fini(&b);
	}
	CHECK(link_is(&hub, S("hub")) && !link_is(&hub, S("self")));
	return check_done();
}
