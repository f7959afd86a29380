/* What was gathered comes back sorted, and the same however it was cut into runs. */
#include "site/gather.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/check.h"
#include "base/mem.h"

enum { DOCS = 1500, TERMS_EACH = 30, GATHERS_MAX = 3 };

static uint64_t take(struct str *from)
{
	uint64_t n = 0;

	for (unsigned shift = 0; from->len; shift += 7) {
		unsigned char c = (unsigned char)*from->ptr;

		*from = str_from(*from, 1);
		n |= (uint64_t)(c & 0x7F) << shift;
		if (c < 0x80)
			break;
	}
	return n;
}

/* "term 3t:1,4 7:\n": documents, t in the title, places. */
static void list_term(struct buf *out, const struct gathered_term *t)
{
	struct str places = t->places;
	size_t title = 0;

	buf_add(out, t->term);
	for (size_t i = 0; i < t->count; i++) {
		bool in_title = title < t->title_count && t->titles[title] == i;
		int64_t place = -1;

		title += in_title;
		buf_addf(out, " %u%s:", t->docs[i], in_title ? "t" : "");
		for (uint64_t step = 1; step & 1;) {
			step = take(&places);
			place += (int64_t)(step >> 1);
			if (step)
				buf_addf(out, "%lld%s", (long long)place, step & 1 ? "," : "");
		}
	}
	CHECK_I64("every place belongs to a document", (int64_t)places.len, 0);
	buf_add_ch(out, '\n');
}

static void list_merged(struct gather *const *gathers, size_t count, const uint32_t *ranks,
			struct buf *out)
{
	struct merge *m;
	struct gathered_term t;
	struct err err;
	int r = merge_open(gathers, count, ranks, &m, &err);

	while (r == 0 && merge_next(m, &t, &err) > 0)
		list_term(out, &t);
	CHECK(r == 0);
	merge_close(&m);
}

static struct gather *new_gather(size_t run)
{
	struct gather *g;
	struct err err;

	if (gather_new(".", "gather_test.tmp", run, &g, &err) < 0)
		abort();
	return g;
}

static void test_lists(void)
{
	static const uint32_t ranks[] = { 2, 0, 1 };
	struct gather *g = new_gather(GATHER_RUN);
	struct buf out;
	struct err err;

	gather_doc(g, 0, &err);
	gather_add(g, S("word"), 0, true);
	gather_add_pair(g, S("北"), S("约"), 1, true);
	gather_add(g, S("北"), 1, false);
	gather_add(g, S("word"), 5, false);
	gather_doc(g, 1, &err); /* has no term */
	gather_doc(g, 2, &err);
	gather_add(g, S("wordwordword"), 0, false);
	gather_add(g, S("\x02key"), GATHER_NOWHERE, false);
	gather_add_pair(g, S("北"), S("𠀀"), 3, false);
	gather_add_pair(g, S("北"), S("京"), 4, false);
	gather_add(g, S("word"), 6, false);
	CHECK(gather_end(g, &err) == 0);
	buf_init(&out, BUF_NO_MAX);
	list_merged(&g, 1, ranks, &out);
	CHECK_STR("bytes' order, ranks' order, places", buf_str(&out),
		  S("\x02key 1:\nword 1:6 2t:0,5\nwordwordword 1:0\n北 2:1\n北京 1:4\n北约 2t:1\n"
		    "北𠀀 1:3\n"));
	buf_fini(&out);
	gather_free(&g);
}

/* Always the same, and different enough. */
static uint32_t draw(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 8;
}

static void add_drawn(struct gather *g, uint32_t doc)
{
	uint32_t state = doc * 7919u;

	for (uint32_t i = 0; i < TERMS_EACH; i++) {
		uint32_t most = 1 + draw(&state) % 400;
		uint32_t n = draw(&state) % most;
		char text[GATHER_TERM_MAX * 2];

		snprintf(text, sizeof(text),
			 n % 50 == 9 ? "%080u"
			 : n % 3     ? "t%u"
				     : "term number %u",
			 n);
		gather_add(g, str_of(text), n % 7 ? i * 3 : GATHER_NOWHERE, i < 4);
	}
}

static void list_drawn(size_t run, size_t gathers, struct buf *out)
{
	struct gather *g[GATHERS_MAX];
	uint32_t ranks[DOCS];
	struct err err;

	for (size_t i = 0; i < gathers; i++)
		g[i] = new_gather(run);
	for (uint32_t doc = 0; doc < DOCS; doc++) {
		struct gather *into = g[doc / 40 % gathers];

		ranks[doc] = doc < 500 ? DOCS - 1 - doc : (doc * 7u) % 1000;
		gather_doc(into, doc, &err);
		add_drawn(into, doc);
	}
	for (size_t i = 0; i < gathers; i++)
		CHECK(gather_end(g[i], &err) == 0);
	list_merged(g, gathers, ranks, out);
	for (size_t i = 0; i < gathers; i++)
		gather_free(&g[i]);
}

static void test_runs(void)
{
	static const struct row {
		size_t run, gathers;
		const char *why;
	} rows[] = {
		{ 1, 1, "a run for each document" },
		{ 500, 1, "many runs" },
		{ 5000, 3, "several gathers" },
		{ GATHER_RUN, 2, "runs that end where they can number no more documents" },
	};
	struct buf want, got;

	buf_init(&want, BUF_NO_MAX);
	buf_init(&got, BUF_NO_MAX);
	list_drawn(GATHER_RUN, 1, &want);
	CHECK(want.len > 100000);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		buf_reset(&got);
		list_drawn(rows[i].run, rows[i].gathers, &got);
		check_that(str_eq(buf_str(&got), buf_str(&want)), rows[i].why, __FILE__, __LINE__);
	}
	buf_fini(&want);
	buf_fini(&got);
}

/* Whoever fails to write goes before all is merged. */
static void test_left_early(void)
{
	uint32_t ranks[DOCS];
	struct gather *g = new_gather(100);
	struct gathered_term t;
	struct merge *m;
	struct err err;

	for (uint32_t doc = 0; doc < DOCS; doc++) {
		ranks[doc] = (1u << 19) - 1 - doc;
		gather_doc(g, doc, &err);
		add_drawn(g, doc);
	}
	CHECK(gather_end(g, &err) == 0);
	CHECK(merge_open(&g, 1, ranks, &m, &err) == 0);
	CHECK(merge_next(m, &t, &err) == 1);
	CHECK(t.docs[t.count - 1] > 1u << 18); /* ranks may be as large */
	merge_close(&m);
	gather_free(&g);
}

int main(void)
{
	test_lists();
	test_left_early();
	test_runs();
	return check_done();
}
