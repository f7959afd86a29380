#include "base/check.h"
#include "page/furniture.h"
#include "page/page.h"

/* Reads like any paragraph; only that it stands on every page tells it from one. */
#define APPEAL                                                                                     \
	"<p>The harbour has had a paper of its own for ninety years, written by people who live "  \
	"here, and it will go on.</p>"

static const char *const bodies[] = {
	"<p>The council met on Tuesday evening and spoke, for the better part of an hour, about "
	"the roof of the mill.</p>"
	"<p>Nobody wanted to pay for it, nobody wanted it to fall in, and so the talk went round "
	"the table twice.</p>",
	"<p>The ferry sailed again on Thursday, four days after a storm had torn its landing stage "
	"away, they said.</p>"
	"<p>Until the stage is mended, boats land at the north beach, which adds half an hour to "
	"the crossing, or more.</p>",
	"<p>Five young owls were counted on Sunday. They sat on the new beam as if it had been put "
	"there for them.</p>"
	"<p>The top floor stays closed to visitors until autumn. Readers can hear them, and nobody "
	"has complained yet.</p>",
	"<p>It rained on the morning of the regatta, and nobody minded, because it had rained on "
	"every one before it.</p>"
	"<p>The first race went to the sisters from the north beach, who had built their boat from "
	"the landing stage.</p>",
};

enum { PAGES = sizeof(bodies) / sizeof(bodies[0]) };

static void extract(struct page_extractor *x, struct arena *mem, const char *body,
		    const char *class, struct page_result *out)
{
	struct page_options opt = { .url = STR("https://e.org/2026/a") };
	struct str html = arena_strf(
		mem,
		"<html><head><title>%.40s</title></head><body><div class=\"%s\">%s" APPEAL
		"</div></body></html>",
		body + 3, class, body);
	struct err err;

	CHECK(page_extract(x, mem, html, &opt, out, &err) == 0);
}

static void learn(struct page_extractor *x, struct arena *mem, struct furniture *f)
{
	struct lesson lesson;

	page_lesson(x, mem, &lesson);
	furniture_learn(f, &lesson);
}

/* Learnt in as many sittings as there are pages, with a store in between. */
static void test_sittings(struct page_extractor *x, struct arena *mem)
{
	struct furniture *f = furniture_new();
	struct page_result out;
	struct lesson first;
	struct buf saved;
	struct err err;

	buf_init(&saved, 1 << 20);
	extract(x, mem, bodies[0], "text", &out);
	page_lesson(x, mem, &first);
	CHECK(!furniture_tells(f, &first));
	for (int i = 0; i < PAGES; i++) {
		buf_reset(&saved);
		extract(x, mem, bodies[i], "text", &out);
		learn(x, mem, f);
		furniture_save(f, &saved);
		CHECK(furniture_load(f, buf_str(&saved), &err) == 0);
	}
	CHECK_I64("what is saved is all there is", (int64_t)furniture_pages(f), PAGES);
	CHECK(furniture_tells(f, &first));
	furniture_free(&f);
	buf_fini(&saved);
}

/* Lines of one length, of characters that begin with one byte: only the whole text tells. */
static void test_han(struct page_extractor *x, struct arena *mem)
{
	static const char *const lines[] = { "渡輪將停航三天", "漁港颱風警報聲", "港滿漲潮時間表",
					     "漁船沉沒消息站" };
	struct furniture *f = furniture_new();
	struct page_options opt = { .url = STR("https://e.org/2026/a"), .fragment = true };
	struct page_result out;
	struct lesson lesson;
	struct err err;

	for (size_t i = 0; i < 4; i++) {
		struct str html = arena_strf(mem, "<p>%s</p><p>%s</p>", lines[i], bodies[i] + 3);
		CHECK(page_extract(x, mem, html, &opt, &out, &err) == 0);
		page_lesson(x, mem, &lesson);
		furniture_learn(f, &lesson);
		CHECK(!furniture_tells(f, &lesson));
	}
	furniture_free(&f);
}

/* A page of twelve blocks, so that it counts, made with that class. */
static void teach_page(struct page_extractor *x, struct arena *mem, int i, const char *class,
		       struct furniture *f)
{
	struct page_result out;
	struct str body = arena_strf(mem, "<p>%s%s%s%s%s</p>", bodies[i % PAGES], bodies[0],
				     bodies[1], bodies[2], bodies[3]);

	extract(x, mem, arena_cstr(mem, body), class, &out);
	learn(x, mem, f);
}

/*
 * What was made of a page before anything was known of its site holds where furniture_alters says
 * so. A page of other paragraphs in another frame has nothing that was learnt.
 */
static void test_alters(struct page_extractor *x, struct arena *mem)
{
	struct furniture *f = furniture_new();
	struct page_options opt = { .url = STR("https://e.org/2026/b") };
	struct str other = arena_strf(mem, "<html><body><main>%s%s</main></body></html>",
				      "<p>Nothing of this stands anywhere else, it was written for "
				      "one page, and it says so twice, or nearly.</p>",
				      bodies[3]);
	struct page_result first[PAGES], out;
	struct lesson lessons[PAGES], lone, none = { 0 };
	struct err err;

	for (int i = 0; i < PAGES; i++) {
		extract(x, mem, bodies[i], "text", &first[i]);
		page_lesson(x, mem, &lessons[i]);
		CHECK(!furniture_alters(f, &lessons[i], mem));
	}
	for (int i = 0; i < PAGES; i++)
		furniture_learn(f, &lessons[i]);
	CHECK(page_extract(x, mem, other, &opt, &out, &err) == 0);
	page_lesson(x, mem, &lone);
	CHECK(!furniture_alters(f, &lone, mem));
	CHECK(furniture_alters(f, &none, mem));
	page_use(x, f);
	for (int i = 0; i < PAGES; i++) {
		CHECK(furniture_alters(f, &lessons[i], mem));
		extract(x, mem, bodies[i], "text", &out);
		CHECK(!str_eq(out.article.text, first[i].article.text));
	}
	page_use(x, NULL);
	furniture_free(&f);
}

static void test_drift(struct page_extractor *x, struct arena *mem)
{
	struct furniture *f = furniture_new();

	for (int i = 0; i < 20; i++)
		teach_page(x, mem, i, "old", f);
	teach_page(x, mem, 0, "odd", f);
	teach_page(x, mem, 0, "old", f);
	CHECK_I64("one odd page is none", (int64_t)furniture_drifts(f), 0);
	for (int i = 0; i < 12; i++)
		teach_page(x, mem, i, "new", f);
	CHECK_I64("a new design is noticed, once", (int64_t)furniture_drifts(f), 1);
	CHECK_I64("it is learnt from there on", (int64_t)furniture_pages(f), 7);
	for (int i = 0; i < 26; i++)
		teach_page(x, mem, i, arena_cstr(mem, arena_strf(mem, "x%c", 'a' + i)), f);
	CHECK_I64("where none is like another, none is new", (int64_t)furniture_drifts(f), 1);
	furniture_free(&f);
}

int main(void)
{
	struct page_extractor *x = page_new();
	struct furniture *f = furniture_new(), *copy = furniture_new();
	struct page_result out;
	struct arena mem;
	struct buf saved;
	struct err err;

	arena_init(&mem);
	buf_init(&saved, 1 << 20);
	extract(x, &mem, bodies[0], "text", &out);
	CHECK(str_contains(out.article.text, S("ninety years")));
	for (int i = 0; i < PAGES; i++) {
		extract(x, &mem, bodies[i], "text", &out);
		learn(x, &mem, f);
	}
	CHECK_I64("every page counts", (int64_t)furniture_pages(f), PAGES);
	furniture_save(f, &saved);
	CHECK(furniture_load(copy, buf_str(&saved), &err) == 0);
	page_use(x, copy);
	for (int i = 0; i < PAGES; i++) {
		extract(x, &mem, bodies[i], "text", &out);
		CHECK(!str_contains(out.article.text, S("ninety years")));
		CHECK(str_contains(out.article.text, str_sub(str_of(bodies[i]), 3, 60)));
	}
	page_use(x, NULL);
	CHECK(furniture_load(copy, S("furniture 9 1 1 1 1\n"), &err) == ERR_INPUT);
	CHECK(furniture_load(copy, S("furniture 2 5 0 0 0\nt xyz 1 2\n"), &err) == ERR_INPUT);
	CHECK_I64("what cannot be read leaves nothing", (int64_t)furniture_pages(copy), 0);

	test_drift(x, &mem);
	test_sittings(x, &mem);
	test_alters(x, &mem);
	test_han(x, &mem);
	buf_fini(&saved);
	arena_fini(&mem);
	furniture_free(&copy);
	furniture_free(&f);
	page_free(&x);
	return check_done();
}
