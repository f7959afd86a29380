#include "text/nearest.h"

#include "base/check.h"

static const struct str words[] = {
	STR("title"),    STR("full_text"), STR("base_url"), STR("keep"),
	STR("max_page"), STR("max_feed"),  STR("drop"),
};

static const struct {
	const char *why;
	struct str in, want;
} cases[] = {
	{ "a letter is missing", STR("titel"), STR("title") },
	{ "two are swapped", STR("ttile"), STR("title") },
	{ "case is no difference", STR("Title"), STR("title") },
	{ "another joint", STR("full-text"), STR("full_text") },
	{ "no joint", STR("baseurl"), STR("base_url") },
	{ "a beginning", STR("full"), STR("full_text") },
	{ "of two near ones the nearer", STR("max_fed"), STR("max_feed") },
	{ "a short word allows one change", STR("kep"), STR("keep") },
	{ "nothing near: say nothing", STR("colour"), STR("") },
	{ "nothing for nothing", STR(""), STR("") },
};

int main(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CHECK_STR(cases[i].why,
			  nearest_word(cases[i].in, words, sizeof(words) / sizeof(words[0])),
			  cases[i].want);
	CHECK_I64("a swap is one change", (int64_t)word_distance(S("abcd"), S("acbd")), 1);
	CHECK_I64("from nothing", (int64_t)word_distance(S(""), S("abc")), 3);
	CHECK_I64("to nothing", (int64_t)word_distance(S("abc"), S("")), 3);
	return check_done();
}
