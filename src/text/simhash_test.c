#include "text/simhash.h"

#include "base/check.h"

static const struct str ferry = STR(
	"A ferry with two hundred people on board lost its engine off the northern island on "
	"Monday night, the coast "
	"guard said. Two tugs reached the ship after three hours and took it to the harbour, where "
	"buses waited. "
	"Nobody was hurt. The company that runs the line said that the ship was looked at in "
	"spring and that nothing "
	"had been found. It will stay in the yard until the cause is known; a smaller ship takes "
	"its place from "
	"Wednesday on. Passengers with tickets for this week can travel on another day or have "
	"their money back. The "
	"line carries forty thousand people a month and is the only way to the island in winter.");

static const struct str ferry_edited = STR(
	"A ferry with two hundred and ten people on board lost its engine off the northern island "
	"on Monday night, the "
	"coast guard said. Two tugs reached the ship after four hours and took it to the harbour, "
	"where buses waited. "
	"Nobody was hurt. The company that runs the line said that the ship was looked at in "
	"spring and that nothing "
	"had been found. It will stay in the yard until the cause is known; a smaller ship takes "
	"its place from "
	"Thursday on. Passengers with tickets for this week can travel on another day or have "
	"their money back. The "
	"line carries forty thousand people a month and is the only way to the island in winter.");

static const struct str budget = STR("The city council voted on Tuesday for a budget that leaves "
				     "the libraries open on Sundays but closes two of the "
				     "five swimming pools. The mayor called it the least bad of "
				     "four drafts. Money for schools grows by three per "
				     "cent, less than prices did. The opposition said that the "
				     "hole in the accounts had been known for a year and "
				     "that nothing had been done about it. A petition against the "
				     "closing of the pools has eleven thousand names; "
				     "its first hearing is on Friday. Street lamps will be turned "
				     "down after midnight, which saves less than the "
				     "council had hoped for when it bought them.");

static const struct str ship =
	STR("渡輪在星期一夜裡於北島外海失去動力，船上有兩百名乘客，海巡署說。兩艘拖船三小時後抵達，"
	    "把船拖進港口，巴士在那裡等候。"
	    "沒有人受傷。經營航線的公司說，這艘船春天才檢查過，沒有發現問題。原因查明以前，船會留在"
	    "船廠；星期三起由一艘較小的船代替。"
	    "持有本週船票的乘客可以改期或退款。這條航線每月運送四萬人，冬天是上島的唯一方法。");

static const struct str ship_simplified =
	STR("渡轮在星期一夜里于北岛外海失去动力，船上有两百名乘客，海巡署说。两艘拖船三小时后抵达，"
	    "把船拖进港口，巴士在那里等候。"
	    "没有人受伤。经营航线的公司说，这艘船春天才检查过，没有发现问题。原因查明以前，船会留在"
	    "船厂；星期三起由一艘较小的船代替。"
	    "持有本周船票的乘客可以改期或退款。这条航线每月运送四万人，冬天是上岛的唯一方法。");

static const struct str council =
	STR("市議會星期二通過預算，圖書館星期天照常開放，五座游泳池關閉兩座。市長說這是四個版本裡最"
	    "不壞的一個。學校經費增加百分之三，"
	    "低於物價的漲幅。反對黨說，帳上的缺口一年前就知道了，卻什麼也沒做。反對關閉游泳池的請願"
	    "已有一萬一千人連署，星期五第一次聽證。"
	    "路燈午夜以後調暗，省下的錢比議會買燈時期待的少。");

static void check_far(struct arena *a, const char *why, struct str x, struct str y)
{
	int bits = simhash_distance(simhash_of(a, x), simhash_of(a, y));

	if (bits < 15)
		CHECK_I64(why, bits, 15);
	CHECK(!simhash_is_near(simhash_of(a, x), simhash_of(a, y)));
}

static void check_near(struct arena *a, const char *why, struct str x, struct str y)
{
	int bits = simhash_distance(simhash_of(a, x), simhash_of(a, y));

	if (bits > SIMHASH_NEAR_BITS)
		CHECK_I64(why, bits, SIMHASH_NEAR_BITS);
	CHECK(simhash_is_near(simhash_of(a, x), simhash_of(a, y)));
}

int main(void)
{
	struct arena a;

	arena_init(&a);
	check_near(&a, "a few words edited", ferry, ferry_edited);
	check_near(&a, "without its last sentence", ferry, str_sub(ferry, 0, ferry.len - 98));
	check_near(&a, "Traditional and Simplified", ship, ship_simplified);
	check_near(&a, "Chinese without its last sentence", ship, str_sub(ship, 0, ship.len - 99));
	check_far(&a, "two articles in English", ferry, budget);
	check_far(&a, "two articles in Chinese", ship, council);
	check_far(&a, "two languages", ferry, ship);
	CHECK(simhash_of(&a, S("Ferry, LINE")) == simhash_of(&a, S("ferry line")));
	CHECK(simhash_of(&a, S("")) == 0);
	CHECK(simhash_of(&a, S(" \n... ")) == 0);
	CHECK(simhash_of(&a, S("a")) != 0);
	CHECK(!simhash_is_near(0, 0));
	CHECK_I64("bits that differ", simhash_distance(0xF0, 0x0F), 8);
	CHECK_I64("all of them", simhash_distance(0, ~(uint64_t)0), 64);
	/* stored fingerprints must go on being comparable */
	CHECK_I64("it never changes", (int64_t)(simhash_of(&a, S("one two three")) >> 1),
		  5849990501938075320);
	arena_fini(&a);
	return check_done();
}
