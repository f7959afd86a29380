#include "text/beside.h"

#include "base/check.h"

int main(void)
{
	static const char article[] =
		"北約秘書長表示，成員國將在下個月的會議上討論這一問題，並希望各方保持克制。"
		"他同時說，對話的大門始終敞開，任何人都可以走進來。";
	static const char english[] =
		"The committee will meet again next month to discuss the question, "
		"officials said on Tuesday after a long night of talks.";
	struct arena a;

	arena_init(&a);
	struct str zh = str_of(article), en = str_of(english);
	const struct {
		const char *why;
		struct str whole, part, want;
	} cases[] = {
		{ "equal texts leave nothing", zh, zh, S("") },
		{ "however short they are", S("20"), S("20"), S("") },
		{ "a short beginning is no passage", S("20 人"), S("20 元"), S("20 人") },
		{ "a passage that both begin with", arena_strf(&a, "%s 更多", article),
		  arena_strf(&a, "%s 更好", article), S("更多") },
		{ "white space does not count", arena_strf(&a, "  %s \n ", english), en, S("") },
		{ "what stands before and behind",
		  arena_strf(&a, "首頁 新聞 %s 相關新聞：颱風", article), zh,
		  S("首頁 新聞 相關新聞：颱風") },
		{ "words of the article in the furniture stay",
		  arena_strf(&a, "%s Related: officials said so", english), en,
		  S("Related: officials said so") },
		{ "nothing of the article is there", S("別的 文字"), zh, S("別的 文字") },
		{ "no article", zh, S(""), zh },
		{ "nothing at all", S(""), zh, S("") },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		CHECK_STR(cases[i].why, text_beside(&a, cases[i].whole, cases[i].part),
			  cases[i].want);
	arena_fini(&a);
	return check_done();
}
