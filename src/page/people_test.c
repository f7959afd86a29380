#include "base/check.h"
#include "page/private.h"

#define TEXT                                                                                       \
	"<p>The council met on Tuesday evening and spoke, for the better part of an hour, about "  \
	"the roof of the mill, which nobody wanted to pay for.</p><p>In the end the mayor "        \
	"offered to ask the owls, who were there first, and the meeting was closed.</p>"
/* clang-format off */
#define ZH \
	"<p>港務局星期二晚上開會，談了將近一個小時，" \
	"主要是磨坊的屋頂，沒有人願意出錢，" \
	"也沒有人願意看它倒下來。</p>" \
	"<p>最後市長說，不如先問問住在那裡的貓頭鷹，" \
	"牠們比誰都早來，大家笑了一陣，會議就這樣結束了"
/* clang-format on */

static const struct {
	const char *why;
	struct str in, want;
} rows[] = {
	{ "a name alone, of whom the page tells more",
	  STR("<title>Mill</title><h1>Mill</h1><div>Ada Moor</div>" TEXT
	      "<p>Ada Moor is a reporter for the harbour, and for what lies beyond it.</p>"),
	  STR("Ada Moor") },
	{ "what was studied is nobody",
	  STR("<title>Mill</title><meta name=author content='Ada Moor, R.D., "
	      "MPH'><h1>Mill</h1>" TEXT),
	  STR("Ada Moor") },
	{ "a name and a place in the last bracket",
	  STR("<title>磨坊</title><h1>磨坊</h1>" ZH "。（姚峰 上海報導）</p>"), STR("姚峰") },
	{ "the later bracket, whatever its width",
	  STR("<title>磨坊</title><h1>磨坊</h1>" ZH "（見圖）。(港報記者 陳小明)</p>"),
	  STR("陳小明") },
	{ "a name in brackets beside the date",
	  STR("<title>磨坊</title><h1>磨坊</h1><div>2004年7月16日08:19 [ 黃宇 ] "
	      "港報</div>" ZH "。</p>"),
	  STR("黃宇") },
	{ "a reporter and the place the report is from",
	  STR("<title>磨坊</title><h1>磨坊</h1><div>本報記者羅大同發自港口</div>" ZH "。</p>"),
	  STR("羅大同") },
	{ "and where nothing parts them",
	  STR("<title>磨坊</title><h1>磨坊</h1><p>【記者羅大同港口報導】" ZH "。</p>"),
	  STR("羅大同") },
	{ "an agency's reporter in the dateline",
	  STR("<title>磨坊</title><h1>磨坊</h1><p>（中央社記者羅大同港口3日電）" ZH "。</p>"),
	  STR("羅大同") },
	{ "a name and what its bearer is",
	  STR("<title>磨坊</title><h1>磨坊</h1><div>羅大同 港報特約撰稿人</div>" ZH "。</p>"),
	  STR("羅大同") },
	{ "a house and a name",
	  STR("<title>磨坊</title><h1>磨坊</h1><div>港口新聞網 羅大同</div>" ZH "。</p>"),
	  STR("羅大同") },
	{ "a desk, a name and a place",
	  STR("<title>磨坊</title><h1>磨坊</h1><div>生活中心／羅大同港口報導</div>" ZH "。</p>"),
	  STR("羅大同") },
	{ "a label that a stroke parts from its name",
	  STR("<title>磨坊</title><h1>磨坊</h1><div>文／羅大同　攝影／陳小明</div>" ZH "。</p>"),
	  STR("羅大同") },
	{ "the maker of the system is no author",
	  STR("<title>磨坊</title><meta name=author content=港口網絡><h1>磨坊</h1>" ZH
	      "。（袁源）</p>"),
	  STR("袁源") },
};

int main(void)
{
	struct page_extractor *x = page_new();
	struct page_options opt = { .url = STR("https://e.org/a") };
	struct page_result out;
	struct arena mem;
	struct err err = { 0 };

	arena_init(&mem);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct str page = arena_strf(&mem, "<html><body>%.*s", STR_FMT(rows[i].in));

		CHECK_I64(rows[i].why, page_extract(x, &mem, page, &opt, &out, &err), 0);
		CHECK_I64(rows[i].why, (int64_t)out.article.authors.count, 1);
		if (out.article.authors.count)
			CHECK_STR(rows[i].why, out.article.authors.items[0].name, rows[i].want);
	}
	struct str edited = S("<title>磨坊</title><h1>磨坊</h1><div>生活中心／高雄報導</div><p>" ZH
			      "。</p><p>（記者 羅大同／綜合報導／責任編輯：林妍）</p>");
	CHECK_I64("editors", page_extract(x, &mem, edited, &opt, &out, &err), 0);
	CHECK_I64("a place behind a desk is no name", (int64_t)out.article.authors.count, 1);
	CHECK_I64("who edited is no author", (int64_t)out.article.credits.count, 2);
	if (out.article.credits.count == 2)
		CHECK_STR("but a credit", out.article.credits.items[1].role, S("editor"));
	arena_fini(&mem);
	page_free(&x);
	return check_done();
}
