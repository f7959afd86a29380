/* Which earlier articles are shown, and that a window begun in the middle finds the same. */
#include "site/related.h"

#include <string.h>

#include "base/check.h"

enum { HOUR = 3600000 };

static const struct row {
	const char *title, *text, *source;
	int64_t hours;
	const char *want; /* numbers of those before it, nearest first */
	const char *why;
} rows[] = {
	{ "蘭汀圍棋公開賽 14歲蘇念卿逆轉奪冠",
	  "蘭汀圍棋公開賽十五日決賽，十四歲的蘇念卿執黑中盤勝。", "a", 0, "",
	  "nothing is before it" },
	{ "十四岁少女苏念卿夺得兰汀围棋公开赛冠军",
	  "兰汀围棋公开赛决赛今天落幕，十四岁的苏念卿逆转夺冠。", "b", 2, "0",
	  "another source, in the other script" },
	{ "渡輪公司宣布停航三天", "因為強風，渡輪公司明天起停航三天，請旅客改搭其他班次。", "a", 3,
	  "", "another event of a source" },
	{ "蘭汀圍棋公開賽明年移師青嶼", "主辦單位表示，場地租約到期。", "a", 4, "1",
	  "another source's on the same event; its own has another text" },
	{ "渡輪公司宣布停航三天", "因為強風，渡輪公司明天起停航三天，請旅客改搭其他班次。", "c", 5,
	  "2", "the same text elsewhere" },
	{ "渡輪公司宣布停航三天（更新）",
	  "因為強風，渡輪公司明天起停航三天，請旅客改搭其他班次。票款退還。", "a", 6, "4 2",
	  "the nearest first, of its own source too where the text is the same" },
	{ "", "", "d", 7, "", "nothing in common with nothing" },
	{ "十四岁少女苏念卿夺得兰汀围棋公开赛冠军",
	  "兰汀围棋公开赛决赛今天落幕，十四岁的苏念卿逆转夺冠。", "e", 60, "",
	  "two days later it is another event" },
};
enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

static struct related_article article_of(size_t i)
{
	return (struct related_article){
		.id = (int64_t)i + 1,
		.date = rows[i].hours * HOUR,
		.title = str_of(rows[i].title),
		.text = str_of(rows[i].text),
		.source = str_of(rows[i].source),
		.mine = (void *)&rows[i],
	};
}

static void check_row(size_t i, void *const *found, size_t count)
{
	char got[64] = "";
	size_t len = 0;

	for (size_t j = 0; j < count; j++) {
		const struct row *r = found[j];

		if (len)
			got[len++] = ' ';
		got[len++] = (char)('0' + (r - rows));
		got[len] = '\0';
	}
	CHECK_STR(rows[i].why, str_of(got), str_of(rows[i].want));
}

static int dropped;

static void drop(void *mine)
{
	(void)mine;
	dropped++;
}

int main(void)
{
	void *found[RELATED_SHOWN];
	struct related *r = related_new(drop);

	for (size_t i = 0; i < ROWS; i++) {
		struct related_article art = article_of(i);

		check_row(i, found, related_next(r, &art, found));
	}
	/* As for one page: what is before it is taken in, and it alone is asked for. */
	for (size_t i = 0; i < ROWS; i++) {
		struct related_article art;

		related_reset(r);
		for (size_t j = 0; j < i; j++) {
			art = article_of(j);
			related_add(r, &art);
		}
		art = article_of(i);
		check_row(i, found, related_next(r, &art, found));
	}
	/* Older ones leave when it is full, and are given back once each. */
	related_reset(r);
	dropped = 0;
	for (size_t i = 0; i < 3 * RELATED_WINDOW; i++) {
		struct related_article art = article_of(i % 2);

		art.date = (int64_t)i;
		related_next(r, &art, found);
	}
	CHECK_I64("the window is full", dropped, 2 * RELATED_WINDOW);
	related_free(&r);
	CHECK_I64("all are given back", dropped, 3 * RELATED_WINDOW);
	return check_done();
}
