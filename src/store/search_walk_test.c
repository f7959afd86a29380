/*
 * Searching against a walk over all texts: thousands of them, of few characters, so that pairs are
 * common, phrases nearly there, and lists long; in segments that stand for good and in young ones.
 */
#include "store/fixture.h"

enum { TEXTS = 17000, EDITED = 600, QUERIES = 250, LIMIT = 12 };

static struct text {
	char bytes[200], title[20];
	int64_t date, id;
	int64_t rank; /* for the query at hand */
} texts[TEXTS];

static uint32_t seed = 7;

static uint32_t draw(uint32_t below)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % below;
}

/* The first characters are far more common than the last. */
static const char *draw_char(uint32_t kinds)
{
	static const char *const chars[] = { "甲", "乙", "丙", "丁", "戊", "己",
					     "庚", "辛", "壬", "癸", "子", "丑" };

	return chars[draw(draw(kinds) + 1)];
}

static void draw_text(char *out, size_t len, uint32_t kinds)
{
	*out = '\0';
	for (size_t i = 0; i < len; i++)
		memcpy(out + 3 * i, draw_char(kinds), 4);
}

static void put_text(struct store *s, int i)
{
	struct article a =
		sample(arena_strf(&mem, "https://walk.example/%d", i).ptr,
		       arena_strf(&mem, "n%d %s", i, texts[i].title).ptr, texts[i].bytes);

	a.published = texts[i].date;
	texts[i].id = put(s, &a, NOW, NULL);
}

/* Now and then one where a pair stands more often than places are kept. */
static void write_texts(struct store *s)
{
	CHECK(store_begin(s, &err) == 0);
	for (int i = 0; i < TEXTS; i++) {
		draw_text(texts[i].bytes, draw(40) ? 5 + draw(8) : 60, draw(40) ? 12 : 2);
		draw_text(texts[i].title, draw(4), 12);
		texts[i].date = NOW - draw(1500) * (int64_t)DAY - draw(DAY);
		put_text(s, i);
	}
	CHECK(store_commit(s, &err) == 0);
	for (int k = 0; k < EDITED; k++) {
		int i = (int)draw(TEXTS);

		if (k % 100 == 0)
			CHECK(store_begin(s, &err) == 0);
		draw_text(texts[i].bytes, 5 + draw(8), 12);
		put_text(s, i);
		if (k % 100 == 99)
			CHECK(store_commit(s, &err) == 0);
		arena_reset(&mem);
	}
}

struct asked {
	char clauses[3][20];
	bool without[3];
	size_t count;
	int64_t from, to;
};

static bool answers(const struct asked *q, const struct text *t)
{
	for (size_t i = 0; i < q->count; i++)
		if ((strstr(t->bytes, q->clauses[i]) || strstr(t->title, q->clauses[i])) ==
		    q->without[i])
			return false;
	return (!q->from || t->date >= q->from) && (!q->to || t->date < q->to);
}

/* Has the title every term: every two characters that stand together, or the one? */
static bool in_title(const struct asked *q, const struct text *t)
{
	for (size_t i = 0; i < q->count; i++) {
		size_t len = strlen(q->clauses[i]), size = len < 6 ? len : 6;

		for (size_t at = 0; !q->without[i] && at + size <= len; at += 3)
			if (!memmem(t->title, strlen(t->title), q->clauses[i] + at, size))
				return false;
	}
	return true;
}

static int better(const void *a, const void *b)
{
	const struct text *x = *(struct text *const *)a, *y = *(struct text *const *)b;

	if (x->rank != y->rank)
		return x->rank < y->rank ? 1 : -1;
	return x->id < y->id ? 1 : -1;
}

static struct asked draw_query(void)
{
	struct asked q = { .count = 1 + draw(3) };

	for (size_t i = 0; i < q.count; i++) {
		draw_text(q.clauses[i], 1 + draw(4), 12);
		q.without[i] = i > 0 && draw(3) == 0;
	}
	q.from = draw(3) ? 0 : NOW - draw(1500) * (int64_t)DAY - draw(DAY);
	q.to = draw(3) ? 0 : NOW - draw(700) * (int64_t)DAY - draw(DAY);
	return q;
}

static void test_query(struct store *s)
{
	static const struct text *want[TEXTS];
	struct asked q = draw_query();
	struct store_search what = { .from = q.from, .to = q.to };
	struct store_hit *hits;
	struct buf query;
	size_t n, count = 0;
	int64_t total;

	buf_init(&query, BUF_NO_MAX);
	for (size_t i = 0; i < q.count; i++)
		buf_addf(&query, "%s%s ", q.without[i] ? "-" : "", q.clauses[i]);
	what.query = buf_str(&query);
	what.limit = draw(4) ? LIMIT : 0;
	what.offset = draw(4) ? 0 : draw(2 * LIMIT);
	what.newest_first = draw(2);
	for (int i = 0; i < TEXTS; i++)
		if (answers(&q, &texts[i])) {
			bool title = !what.newest_first && in_title(&q, &texts[i]);

			texts[i].rank = texts[i].date + (title ? 365 * (int64_t)DAY : 0);
			want[count++] = &texts[i];
		}
	qsort(want, count, sizeof(*want), better);
	CHECK(store_search(s, &mem, &what, &hits, &n, &total, &err) == 0);
	CHECK_I64(arena_strf(&mem, "%s: how many", buf_cstr(&query)).ptr, total, (int64_t)count);
	size_t first = (size_t)what.offset < count ? (size_t)what.offset : count;
	size_t shown = what.limit && count - first > LIMIT ? LIMIT : count - first;
	CHECK_I64("shown", (int64_t)n, (int64_t)shown);
	for (size_t i = 0; i < n && i < shown; i++)
		CHECK_I64("in order", hits[i].id, want[first + i]->id);
	buf_fini(&query);
	arena_reset(&mem);
}

int main(void)
{
	fixture_start();
	struct store *s = open_store(true);
	write_texts(s);
	for (int i = 0; i < QUERIES; i++)
		test_query(s);
	store_close(&s);
	return fixture_end();
}
