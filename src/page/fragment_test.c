#include "base/check.h"
#include "page/private.h"

#define SAY                                                                                        \
	"<p>Many warned of the roof, and of what it would cost, and few of them had ever been up " \
	"there, in the wind, with a hammer and a bag of nails.</p><p>To be sure, it is too early " \
	"to tell. A single quarter says nothing, and the mill has stood for longer than that.</p>"
#define LEAD                                                                                       \
	"<div class=body><p>The council has closed the mill. Is it the roof, or is it the owls? "  \
	"We have asked three who know.</p></div>"

static const struct {
	const char *why;
	struct str in, has, lacks;
} rows[] = {
	{ "a round of experts whose says are marked as comments",
	  STR(LEAD "<div id=comments class=comment-wrapper><article class=comment><h3>Ada Moor</h3>"
		   "<div class=comment-body>" SAY "</div></article><article class=comment><h3>Ben "
		   "Quay</h3><div class=comment-body>" SAY "</div></article></div>"),
	  STR("A single quarter says nothing"), STR("\f") },
	{ "with dates they are readers' comments",
	  STR(LEAD "<div id=comments class=comment-wrapper><article class=comment><p>2026-03-05 "
		   "10:20</p><div class=comment-body>" SAY "</div></article><article "
		   "class=comment><p>2026-03-05 10:40</p><div class=comment-body>" SAY
		   "</div></article></div>"),
	  STR("We have asked three"), STR("A single quarter says nothing") },
	{ "a list of the text's own",
	  STR(LEAD "<ul class=postList><li>First, the roof, which nobody pays for.</li><li>Then "
		   "the owls, whom nobody asks.</li></ul>" SAY),
	  STR("whom nobody asks"), STR("\f") },
};

int main(void)
{
	struct page_extractor *x = page_new();
	struct page_options opt = { .url = STR("https://e.org/a"), .fragment = true };
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
