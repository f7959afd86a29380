/* Documents of the search index that fell: which are kept as they were, and for how long. */
#include "base/list.h"
#include "store/fixture.h"

enum { ARTICLES = 299, PART = 256 /* of 300 documents the first part */ };

static struct article draft(int n)
{
	struct article art =
		sample(arena_strf(&mem, "https://a.example/%d", n).ptr, "題", "原來的文字，很長。");

	art.keywords.items = arena_alloc(&mem, sizeof(struct str));
	art.keywords.items[art.keywords.count++] = S("舊詞");
	return art;
}

static void write_some(struct store *s, int from, int to)
{
	CHECK(store_begin(s, &err) == 0);
	for (int i = from; i < to; i++) {
		struct article art = draft(i);

		put(s, &art, NOW, NULL);
	}
	CHECK(store_commit(s, &err) == 0);
}

static void edit(struct store *s, int n, const char *text)
{
	struct article art = draft(n);

	art.text = arena_strf(&mem, "%s %d", text, n);
	put(s, &art, NOW + DAY, NULL);
}

/* The document of a number; with its texts where it has some. */
static struct store_doc doc_at(struct store *s, size_t number, struct store_doc_text *out)
{
	struct store_doc doc = { 0 };
	struct list docs;

	list_init(&docs, sizeof(doc));
	CHECK(store_docs(s, &docs, &err) == 0);
	if (number < docs.count)
		doc = *(struct store_doc *)list_at(&docs, number);
	list_fini(&docs);
	if (out && doc.article)
		CHECK(store_doc_read(s, &mem, (int64_t)number, &doc, out, &err) == 0);
	return doc;
}

static int64_t count_fallen(struct store *s)
{
	struct list docs;
	int64_t n = 0;

	list_init(&docs, sizeof(struct store_doc));
	CHECK(store_docs(s, &docs, &err) == 0);
	for (size_t i = 0; i < docs.count; i++)
		n += ((struct store_doc *)list_at(&docs, i))->fallen;
	list_fini(&docs);
	return n;
}

/* Parts lie behind one another, end at multiples of 8, and what is behind the first that changed
 * is all that changes as there are more documents. */
static void test_parts(void)
{
	static const int64_t counts[] = { 0,     7,     8,     127,    128,    2047,   2048,   4100,
					  32767, 32768, 65540, 262143, 262144, 300000, 1000003 };

	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
		int64_t count = counts[i], at = 0, from, to, parts = 0;

		for (; store_docs_part(at, count, &from, &to); at = to, parts++) {
			int64_t from_last, to_last;

			CHECK(from == at && to > from && to - from <= 262144);
			CHECK(to % STORE_DOCS_LOOSE == 0);
			CHECK(store_docs_part(to - 1, count, &from_last, &to_last));
			CHECK(from_last == from && to_last == to);
		}
		CHECK(from == at && to == count && count - at < STORE_DOCS_LOOSE);
		CHECK(parts <= count / 262144 + 4);
	}
}

static void test_kept(struct store *s)
{
	struct article art = draft(20);
	struct store_doc_text was;
	struct store_doc doc;

	/* Document 11 is that of draft 10: the first of all is 1. */
	edit(s, 10, "改過的文字");
	doc = doc_at(s, 11, &was);
	CHECK(doc.fallen && doc.article == 11 && doc.revision == 1);
	CHECK_STR("the text as it was", was.article.text, S("原來的文字，很長。"));
	CHECK_STR("its title", was.article.title, S("題"));
	CHECK_STR("its language", was.article.language, S("zh-Hant"));
	CHECK(was.article.keywords.count == 1 && was.sources.count == 1);
	CHECK(was.article.path.len > 0);
	doc = doc_at(s, ARTICLES + 1, &was);
	CHECK(!doc.fallen && doc.article == 11 && doc.revision == 2);
	CHECK_STR("the text as it is", was.article.text, S("改過的文字 10"));

	/* One more source, which the document did not have; then other keywords. */
	art.source = S("bbc");
	put(s, &art, NOW + DAY, NULL);
	CHECK(doc_at(s, 21, &was).fallen);
	CHECK(was.sources.count == 1 && str_eq(was.sources.items[0], S("cna")));
	CHECK(!doc_at(s, ARTICLES + 2, &was).fallen);
	CHECK_I64("sources", (int64_t)was.sources.count, 2);
	art = draft(30);
	art.keywords.items[0] = S("新詞");
	put(s, &art, NOW + DAY, NULL);
	CHECK(doc_at(s, 31, &was).fallen);
	CHECK_STR("keywords", was.article.keywords.items[0], S("舊詞"));

	/* Our own reading changed: no revision has the old text any more. */
	art = draft(40);
	art.text = S("讀得更好的文字，也很長。");
	struct store_put p = { .article = &art, .now = NOW + DAY, .reextracted = true };
	enum store_change change;
	int64_t id;
	CHECK(store_article_put(s, &p, &id, &change, &err) == 0);
	CHECK(change == STORE_SAME && doc_at(s, 41, &was).fallen);
	CHECK_STR("the text as it was read", was.article.text, S("原來的文字，很長。"));
	/* Another language is shown beside a result. */
	art = draft(50);
	art.language = S("ja");
	put(s, &art, NOW + DAY, NULL);
	CHECK(doc_at(s, 51, &was).fallen);
	CHECK_STR("language", was.article.language, S("zh-Hant"));
	CHECK_I64("five fell", count_fallen(s), 5);

	/* What is in the newest part, or in none, is not kept. */
	edit(s, PART + 10, "改");
	CHECK(!doc_at(s, PART + 11, NULL).article);
	CHECK_I64("still five", count_fallen(s), 5);
}

/* Too many: their part is made anew without them. */
static void test_limit(struct store *s)
{
	for (int i = 60; count_fallen(s) < PART / 8 && i < 120; i++)
		edit(s, i, "第二版");
	CHECK_I64("an eighth", count_fallen(s), PART / 8);
	edit(s, 120, "第二版");
	CHECK_I64("one more", count_fallen(s), 0);
	edit(s, 121, "第二版");
	CHECK_I64("begins again", count_fallen(s), 1);
}

/* More documents: parts that grow are made anew, so what fell in them is forgotten. */
static void test_grown(struct store *s)
{
	struct list docs;

	write_some(s, 1000, 1020); /* the first part stays */
	CHECK_I64("kept", count_fallen(s), 1);
	write_some(s, 1020, 1120);
	list_init(&docs, sizeof(struct store_doc));
	CHECK(store_docs(s, &docs, &err) == 0);
	CHECK(docs.count > 384 && docs.count < 512);
	list_fini(&docs);
	CHECK_I64("forgotten", count_fallen(s), 0);
}

int main(void)
{
	fixture_start();
	test_parts();
	struct store *s = open_store(true);
	write_some(s, 0, ARTICLES);
	test_kept(s);
	test_limit(s);
	test_grown(s);
	store_close(&s);
	return fixture_end();
}
