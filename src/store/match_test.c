/* What folding a text finds is found by looking through it as it is. (The reverse is not so for
 * some hundred signs that stand for letters, as ㏞ does: between two words of a phrase they are
 * signs.) */
#include "base/check.h"
#include "store/query.h"
#include "text/fold.h"
#include "text/utf8.h"

static struct arena mem;

/* Says which text, where folding finds what looking does not. */
static void check_found(const struct matcher *m, struct str text)
{
	size_t from, to;

	if (matcher_find(m, fold_text(&mem, text), 0, &from, &to) &&
	    !matcher_find(m, text, 0, &from, &to))
		CHECK_STR("found only folded", text, S(""));
}

/* Every character between two that are looked for, before them, and before one with a selector
 * behind it. */
static void check_character(const struct matcher *m, struct str first, struct str second,
			    uint32_t c)
{
	static const char *const behind[] = { "", "\xEF\xB8\x8F" };
	char bytes[4];
	struct str one = str_n(bytes, utf8_put(c, bytes));

	for (size_t i = 0; i < 2; i++) {
		check_found(m, arena_strf(&mem, "%.*s%.*s%s%.*s", STR_FMT(first), STR_FMT(one),
					  behind[i], STR_FMT(second)));
		check_found(m, arena_strf(&mem, "%.*s%s%.*s%.*s", STR_FMT(one), behind[i],
					  STR_FMT(first), STR_FMT(second)));
	}
	arena_reset(&mem);
}

/* Texts are looked through sixteen bytes at a time: wherever it stands, behind much that is like
 * it, and before little or nothing. */
static void check_places(void)
{
	static const struct {
		const char *query, *like, *there;
	} rows[] = {
		{ "北约", "北京，化学约", "北約" }, { "ab", "abc，bab Ｂ", "Ａb" },
		{ "5g", "5gs，Ｂ５.", "５G" },      { "𠮷野", "𠮷，𠮶野", "𠮷野" },
		{ "état", "étate é，", "état" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct arena life;
		struct query q;
		struct err err;
		size_t from, to;

		arena_init(&life);
		CHECK(query_parse(&life, str_of(rows[i].query), 0, &q, &err) == 0);
		struct matcher *m = matcher_new(&life, &q.clauses[0]);
		for (int before = 0; before < 40; before++)
			for (int behind = 0; behind < 12; behind++) {
				struct str pad = arena_strf(&mem, "%*s%s%s ", before, "",
							    before % 3 ? rows[i].like : "",
							    before % 5 ? rows[i].like : "");
				struct str text = arena_strf(&mem, "%s%s%*s", pad.ptr,
							     rows[i].there, behind, "");

				CHECK(!matcher_find(m, pad, 0, &from, &to));
				CHECK(matcher_find(m, text, 0, &from, &to));
				CHECK_I64(text.ptr, (int64_t)from, (int64_t)pad.len);
				CHECK_I64(text.ptr, (int64_t)to,
					  (int64_t)(text.len - (size_t)behind));
				arena_reset(&mem);
			}
		arena_fini(&life);
	}
}

int main(void)
{
	static const struct {
		const char *query, *first, *second;
	} rows[] = { { "北约", "北", "约" }, { "ab", "a", "b" }, { "\"a b\"", "a", "b" } };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct arena life;
		struct query q;
		struct err err;

		arena_init(&life);
		CHECK(query_parse(&life, str_of(rows[i].query), 0, &q, &err) == 0);
		struct matcher *m = matcher_new(&life, &q.clauses[0]);
		for (uint32_t c = 0x80; c < 0x20000; c++)
			if (c < 0xD800 || c > 0xDFFF)
				check_character(m, str_of(rows[i].first), str_of(rows[i].second),
						c);
		arena_fini(&life);
	}
	check_places();
	arena_fini(&mem);
	return check_done();
}
