#include "base/check.h"
#include "page/private.h"

#define MILL                                                                                       \
	"<p>The council met on Tuesday evening and spoke, for the better part of an hour, about "  \
	"the roof of the mill, which nobody wanted to pay for.</p>"                                \
	"<p>In the end the mayor offered to ask the owls, who were there first, and the meeting "  \
	"was closed with a laugh.</p>"
#define OWLS                                                                                       \
	"<p>The owls of the mill, asked on Monday, said nothing at all, and flew off over the "    \
	"harbour, where the fishermen had left them a herring.</p>"
#define BOATS                                                                                      \
	"<p>Four boats came home on Sunday, late and low in the water, and the whole street went " \
	"down to the quay to carry baskets until it was dark.</p>"
#define ENTRY(title, day, text)                                                                    \
	"<div class=entry><div class=entry-title>" title "</div><div class=date>2026-03-" day      \
	" 10:20</div><div class=entry-text>" text "</div><div class=foot>3 comments | <a "         \
	"href=/c>Leave a comment</a></div></div>"
#define MINUTE(clock, text) "<div class=entry><div class=time>" clock "</div>" text "</div>"
#define POST(text)                                                                                 \
	"<div class=embed><blockquote class='twitter-tweet'><p lang=en dir=ltr>" text              \
	"</p>&mdash; "                                                                             \
	"The owls (@owls) <a href='https://twitter.com/owls/status/1'>March 5, 2026</a>"           \
	"</blockquote></div>"
#define ANSWER(day, text)                                                                          \
	"<div class=item><h4>re: the mill 2026-03-" day " 08:12 <a href=/u>a reader</a></h4>"      \
	"<p>" text "</p></div>"

static const struct {
	const char *why;
	struct str in, has, lacks;
} rows[] = {
	{ "the day's page of a blog: its first entry",
	  STR("<html><title>The harbour blog</title><body>" ENTRY("Mill", "05", MILL)
		      ENTRY("Owls", "04", OWLS) ENTRY("Boats", "03", BOATS)),
	  STR("roof of the mill"), STR("Four boats") },
	{ "the entry with the title, wherever it stands",
	  STR("<html><title>Owls</title><body>" ENTRY("Mill", "05", MILL)
		      ENTRY("Owls", "04", "<h1>Owls</h1>" OWLS) ENTRY("Boats", "03", BOATS)),
	  STR("The owls of the mill"), STR("roof of the mill") },
	{ "a ticker's entries answer to nobody and stay together",
	  STR("<html><title>The storm as it came</title><body><h1>The storm as it "
	      "came</h1>" MINUTE("10:20", MILL) MINUTE("09:50", OWLS) MINUTE("09:10", BOATS)),
	  STR("Four boats"), STR("Leave a comment") },
	{ "another site's post in the midst of the article, but not one behind it",
	  STR("<html><title>Mill</title><body><article><h1>Mill</h1>" MILL POST("It is our roof")
		      OWLS BOATS
	      "</article><div class=widget><h4>Follow us</h4>" POST("Read us every day") "</div>"),
	  STR("It is our roof"), STR("every day") },
	{ "more comments than article",
	  STR("<html><title>Mill</title><body><div class=post><h1>Mill</h1>" MILL
	      "</div><div id=comments><h3>Comments</h3>" ANSWER(
		      "05", "I was there, and it was the other way about: the owls left first, and "
			    "then, after a while, the mayor.")
		      ANSWER("06", "My father built that roof, in a summer without rain, and he "
				   "was never paid for it, not a penny.")
			      ANSWER("07", "Has anybody asked the miller? He may have a word to "
					   "say, being the one who lives there.")
				      ANSWER("08", "There is no miller, there has not been one "
						   "for years, as everybody knows, or should.")
					      ANSWER("09", "Well, I saw smoke from the chimney "
							   "on Friday, and it was no owl that lit "
							   "the fire.") "</div>"),
	  STR("roof of the mill"), STR("My father") },
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
		CHECK_I64(rows[i].why, page_extract(x, &mem, rows[i].in, &opt, &out, &err), 0);
		CHECK_I64(rows[i].why, str_contains(out.article.text, rows[i].has), true);
		CHECK_I64(rows[i].why, str_contains(out.article.text, rows[i].lacks), false);
	}
	arena_fini(&mem);
	page_free(&x);
	return check_done();
}
