#include "base/check.h"
#include "page/page.h"

/* Bodies of a page whose text is long enough to be one; what must go out of each. */
static const struct {
	const char *why;
	struct str in, want;
} cases[] = {
	{ "divs of text are paragraphs",
	  STR("<div>The first thing happened, they said.</div><div>The second <b>thing</b> did "
	      "too, in time.</div>"),
	  STR("<p>The first thing happened, they said.</p>\n<p>The second <b>thing</b> did too, in "
	      "time.</p>") },
	{ "so is what stands between breaks, and the breaks go",
	  STR("The first thing happened, they said.<br><br><i>The second</i> thing did too, in "
	      "time."),
	  STR("<p>The first thing happened, they said.</p><p><i>The second</i> thing did too, in "
	      "time.</p>") },
	{ "an element about two paragraphs holds both",
	  STR("<b>The first thing happened, they said.<br><br>The second thing did too, in "
	      "time.</b>"),
	  STR("<b><p>The first thing happened, they said.</p><p>The second thing did too, in "
	      "time.</p></b>") },
	{ "a paragraph stays as it is, its breaks too",
	  STR("<p>The first thing happened,<br>they said.</p><p>The second thing did too, in "
	      "time.</p>"),
	  STR("<p>The first thing happened,<br>they said.</p><p>The second thing did too, in "
	      "time.</p>") },
	{ "a paragraph that begins as a label does is a paragraph",
	  STR("<p>甲隊今天贏了。</"
	      "p><p>公開賽共有11地、146名棋手參加，冠軍獎金60萬元。他打算把一部分捐給學校。</p>"),
	  STR("<p>甲隊今天贏了。</"
	      "p><p>公開賽共有11地、146名棋手參加，冠軍獎金60萬元。他打算把一部分捐給學校。</p>") },
	{ "a picture between paragraphs goes with what it shows",
	  STR("<p>The first thing happened, they said.</p><figure><img src=/i.png><figcaption>The "
	      "thing</figcaption>"
	      "</figure><p>The second thing did too, in time.</p>"),
	  STR("<p>The first thing happened, they said.</p><figure><img src=\"https://e.org/i.png\" "
	      "loading=\"lazy\" "
	      "referrerpolicy=\"no-referrer\"><figcaption>The thing</figcaption></figure><p>The "
	      "second thing did too, in "
	      "time.</p>") },
	{ "the mark by which a heading links to itself is none of its words",
	  STR("<h2>Things <a href='#t'>#</a></h2><p>The first thing happened in C<a "
	      "href=/c>#</a>, they said.</p><h2><a href='#u'>¶</a>Others</h2><p>The second thing "
	      "did too, in time.</p>"),
	  STR("<h2>Things </h2><p>The first thing happened in C<a href=\"https://e.org/c\" "
	      "rel=\"nofollow noopener noreferrer\">#</a>, they said.</p><h2>Others</h2><p>The "
	      "second thing did too, in time.</p>") },
	{ "a paragraph of ours begins with what it cuts in two",
	  STR("The first <i>thing happened, they said.<br><br>The second thing did too, in "
	      "time.</i>"),
	  STR("<p>The first <i>thing happened, they said.<br><br></i></p><p><i>The second thing "
	      "did too, in time.</i></p>") },
	{ "a link leads to a place in what goes out, else to the page",
	  STR("<p>The first thing<a href=#n>1</a> happened, they said<a href=#m>2</a>.</p><p "
	      "id=n>The second thing did too, in time.</p>"),
	  STR("<p>The first thing<a href=\"#in-n\">1</a> happened, they said<a "
	      "href=\"https://e.org/a#m\" rel=\"nofollow noopener noreferrer\">2</a>.</p><p "
	      "id=\"in-n\">The second thing did too, in time.</p>") },
	{ "a film's file and a recording's are linked",
	  STR("<p>The first thing happened, they said.</p><audio><source src=/a.mp3></audio><p>The "
	      "second thing did too, in time.</p>"),
	  STR("<p>The first thing happened, they said.</p><p><a href=\"https://e.org/a.mp3\" "
	      "rel=\"nofollow noopener noreferrer\">https://e.org/a.mp3</a></p><p>The second "
	      "thing did too, in time.</p>") },
	{ "a label is none",
	  STR("<p>The first thing happened, they said.</p><p>Published: 3 May 2026</p>"),
	  STR("<p>The first thing happened, they said.</p>") },
};

int main(void)
{
	struct page_extractor *x = page_new();
	struct page_options opt = { .url = STR("https://e.org/a"), .fragment = true };
	struct arena mem;

	arena_init(&mem);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct page_result out = { 0 };
		struct err err;

		CHECK(page_extract(x, &mem, cases[i].in, &opt, &out, &err) == 0);
		CHECK_STR(cases[i].why, str_trim(out.article.html), cases[i].want);
	}
	arena_fini(&mem);
	page_free(&x);
	return check_done();
}
