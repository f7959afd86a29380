/* What is an edit of the publisher's, and what is our own reading that has changed. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/check.h"
#include "store/store.h"

#define NOW INT64_C(1700000000000)

static struct arena mem;
static struct err err;

static struct article sample(const char *url, const char *title, const char *text)
{
	return (struct article){
		.url = str_of(url),
		.source = S("cna"),
		.title = str_of(title),
		.text = str_of(text),
		.html = str_of(text),
		.published = NOW,
		.modified = TIME_UNSTATED,
		.gone = TIME_UNSTATED,
		.text_from = FROM_PAGE,
		.title_from = FROM_PAGE,
	};
}

/* What the capture of the standing text gives today; NULL: it is not to be had. */
static bool remake(void *arg, const struct article *stored, int64_t capture_id, struct article *out)
{
	const char *text = arg;

	CHECK_I64("the standing text's own capture", capture_id, 7);
	*out = *stored;
	out->text = str_of(text);
	return text != NULL;
}

/* Each article stands with the text "Old and furniture." since NOW. */
static const struct {
	const char *why;
	const char *title, *text; /* as read now */
	const char *remade;
	int64_t now, amend_from;
	int revision;
	const char *stands;
} cases[] = {
	{ "an edit, nothing to compare with", "T", "New.", NULL, NOW + 9, 0, 2, "New." },
	{ "an edit", "T", "New.", "Old.", NOW + 9, 0, 2, "New." },
	{ "we cut furniture now", "T", "Old.", "Old.", NOW + 9, 0, 1, "Old." },
	{ "another title is an edit", "U", "Old.", "Old.", NOW + 9, 0, 2, "Old." },
	{ "no difference", "T", "Old and furniture.", "Old.", NOW + 9, 0, 1, "Old and furniture." },
	{ "the first reading is never amended", "T", "New.", NULL, NOW + 9, NOW, 2, "New." },
};

static void test_readings(struct store *s)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct str url = arena_strf(&mem, "https://e.org/%zu", i);
		struct article old = sample(url.ptr, "T", "Old and furniture."), got;
		struct article new = sample(url.ptr, cases[i].title, cases[i].text);
		struct store_put first = { .article = &old, .capture_id = 7, .now = NOW };
		struct store_put put = {
			.article = &new,
			.capture_id = 8,
			.now = cases[i].now,
			.amend_from = cases[i].amend_from,
			.remake = remake,
			.remake_arg = (void *)(uintptr_t)cases[i].remade,
		};
		enum store_change change;
		int64_t id;

		CHECK(store_article_put(s, &first, &id, &change, &err) == 0);
		CHECK(store_article_put(s, &put, &id, &change, &err) == 0);
		CHECK(store_article_get(s, &mem, id, STORE_ALL, &got, &err) == 0);
		CHECK_I64(cases[i].why, got.revision, cases[i].revision);
		CHECK_STR(cases[i].why, got.text, str_of(cases[i].stands));
	}
}

/* A feed's new title, then the page's new text: one edit where one update finds both. */
static void test_amended(struct store *s)
{
	struct article old = sample("https://e.org/a", "T", "Old."), title = old, text = old, got;
	struct store_put put = { .article = &old, .capture_id = 7, .now = NOW };
	enum store_change change;
	int64_t id, *captures;
	size_t count;

	old.title_from = title.title_from = FROM_FEED;
	CHECK(store_article_put(s, &put, &id, &change, &err) == 0);
	title.title = S("U");
	title.text = title.html = (struct str){ 0 };
	put = (struct store_put){ .article = &title, .capture_id = 8, .now = NOW + 10 };
	CHECK(store_article_put(s, &put, &id, &change, &err) == 0);
	CHECK(change == STORE_REVISED);
	CHECK(store_article_captures(s, &mem, id, &captures, &count, &err) == 0);
	CHECK_I64("the text is still of its page's capture", captures[count - 1], 7);
	text.title = S("U");
	text.text = S("New.");
	put = (struct store_put){
		.article = &text,
		.capture_id = 9,
		.now = NOW + 12,
		.edited = true,
		.amend_from = NOW + 10,
	};
	CHECK(store_article_put(s, &put, &id, &change, &err) == 0);
	CHECK(store_article_get(s, &mem, id, STORE_ALL, &got, &err) == 0);
	CHECK_I64("one revision has both", got.revision, 2);
	CHECK_STR("the text", got.text, S("New."));
	put.amend_from = put.now = NOW + 20;
	text.text = S("Newer.");
	CHECK(store_article_put(s, &put, &id, &change, &err) == 0);
	CHECK_I64("the next update's is one of its own", change, STORE_REVISED);
}

int main(void)
{
	char dir[] = "/tmp/dibao-edit-XXXXXX";
	struct store_options opt = { .write = true };
	struct store *s;

	arena_init(&mem);
	if (!mkdtemp(dir))
		return 1;
	struct str where = arena_strf(&mem, "%s/archive.db", dir);
	opt.where = arena_cstr(&mem, where);
	if (store_open(&opt, &s, &err) < 0)
		return 1;
	test_readings(s);
	test_amended(s);
	store_close(&s);
	unlink(opt.where);
	rmdir(dir);
	arena_fini(&mem);
	return check_done();
}
