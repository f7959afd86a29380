#include "site/stories.h"

#include "base/check.h"

enum { HOUR = 3600000, NOON = 1700000000 };

static struct arena mem;

/* Newest first. `with` is the number of an earlier row whose story it must be of, or its own. */
static const struct {
	const char *why, *source, *title, *text;
	int hours_ago;
	size_t with;
} rows[] = {
	{ "a story", "a", "北約秘書長月底訪日",
	  "北約秘書長史托騰柏格將於月底訪問日本，與首相岸田文雄會談。", 0, 0 },
	{ "told in other words and characters", "b", "北约秘书长史托腾柏格拟访日",
	  "史托腾柏格预计月底访问日本，同首相岸田文雄举行会谈，讨论台海局势。", 3, 0 },
	{ "another event of the day", "c", "渡輪因強風停航三天",
	  "渡輪公司宣布，因為強風，明天起停航三天，請旅客改搭巴士。", 4, 2 },
	{ "the same by a third", "c", "北約秘書長將訪日會岸田",
	  "日本媒體報導，北約秘書長史托騰柏格月底訪日，會見首相岸田文雄。", 5, 0 },
	{ "in English it is another text", "d", "NATO chief to visit Japan",
	  "NATO Secretary General Stoltenberg will visit Japan at the end of the month.", 6, 4 },
	{ "in English, again", "e", "Stoltenberg to visit Japan and meet Kishida",
	  "The NATO secretary general will visit Japan at the end of this month.", 7, 4 },
	{ "one source goes on about the ferry", "c", "渡輪停航首日 旅客湧向巴士",
	  "渡輪停航第一天，車站擠滿旅客，公司加開班次。", 8, 6 },
	{ "the same words, long before", "f", "北約秘書長月底訪日",
	  "北約秘書長史托騰柏格將於月底訪問日本，與首相岸田文雄會談。", 90, 7 },
	{ "nothing to go by", "g", "", "", 91, 8 },
	{ "nothing again", "h", "", "", 91, 9 },
};

int main(void)
{
	size_t count = sizeof(rows) / sizeof(rows[0]), of[16];
	struct story_article articles[16];
	struct story stories[16];

	arena_init(&mem);
	for (size_t i = 0; i < count; i++)
		articles[i] =
			(struct story_article){ str_of(rows[i].title), str_of(rows[i].text),
						str_of(rows[i].source),
						NOON * 1000LL - (int64_t)rows[i].hours_ago * HOUR };
	size_t n = stories_find(&mem, articles, count, stories);
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < stories[i].count; j++)
			of[stories[i].members[j]] = stories[i].members[0];
	for (size_t i = 0; i < count; i++)
		CHECK_I64(rows[i].why, (int64_t)of[i], (int64_t)rows[i].with);
	CHECK_I64("three sources tell the first", (int64_t)stories[0].sources, 3);
	CHECK_I64("which most sources tell comes first", (int64_t)stories[0].members[0], 0);
	CHECK_I64("none of none", (int64_t)stories_find(&mem, articles, 0, stories), 0);
	arena_fini(&mem);
	return check_done();
}
