#include "store/postings.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/mem.h"

enum { MANY = 3000 };

static uint32_t seed = 1;

static uint32_t draw(uint32_t below)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % below;
}

/* `count` postings whose distances are at most `gap`, a wild one now and then. */
static void make(struct posting *list, size_t count, uint32_t base, uint32_t gap)
{
	uint32_t doc = base;

	for (size_t i = 0; i < count; i++) {
		doc += (i ? 1 : 0) + draw(gap);
		if (draw(50) == 0)
			doc += draw(1000000);
		list[i] = (struct posting){ .doc = doc };
		for (uint32_t k = draw(12) + 1; k > 0; k--)
			list[i].at = places_or(list[i].at, places_one(draw(POSITIONS)));
	}
}

static size_t bits(struct places p)
{
	return (size_t)(__builtin_popcountll(p.low) + __builtin_popcountll(p.high));
}

static void check_lists(const struct entry_reader *e, const struct posting *list, uint32_t base,
			bool places)
{
	static uint32_t docs[MANY];
	const char *p = read_docs(e->lists, e->count, base, docs),
		   *end = e->lists.ptr + e->lists.len;

	CHECK(p != NULL);
	for (size_t i = 0; p && i < e->count; i++) {
		struct places at;
		bool many;

		CHECK_I64("document", docs[i], list[i].doc);
		if (!places)
			continue;
		CHECK(read_places(&p, end, &at, &many));
		CHECK(many == (bits(list[i].at) > POSITIONS_MAX));
		CHECK(many || (at.low == list[i].at.low && at.high == list[i].at.high));
	}
	CHECK(p == end);
}

/* What is written is read back, in lists of every length and density. */
static void test_round_trip(void)
{
	static const size_t counts[] = { 1, 2, 15, 16, 17, 100, MANY };
	static const uint32_t gaps[] = { 1, 2, 30, 200, 5000 };
	static struct posting list[MANY];
	struct block b;

	block_init(&b);
	for (int final = 0; final < 2; final++)
		for (size_t c = 0; c < sizeof(counts) / sizeof(*counts); c++)
			for (size_t g = 0; g < sizeof(gaps) / sizeof(*gaps); g++) {
				struct entry_reader e;
				uint32_t base = draw(100000);

				block_start(&b);
				b.final = final;
				make(list, counts[c], base, gaps[g]);
				CHECK(block_add(&b, S("北约"), base, list, counts[c]));
				char *copy = mem_alloc(
					b.bytes.len); /* so that reading past its end is seen */
				memcpy(copy, b.bytes.ptr, b.bytes.len);
				entries_start(&e, str_n(copy, b.bytes.len));
				CHECK(entries_next(&e) == 1);
				CHECK_I64("documents", (int64_t)e.count, (int64_t)counts[c]);
				check_lists(&e, list, base,
					    has_places(S("北约"), counts[c], final));
				CHECK(entries_next(&e) == 0);
				mem_free(copy);
				block_start(&b);
				CHECK(block_add(&b, S(FIELD_TAG "x"), base, list, counts[c]));
				entries_start(&e, buf_str(&b.bytes));
				CHECK(entries_next(&e) == 1);
				check_lists(&e, list, base, false);
			}
	block_fini(&b);
}

static void test_terms(void)
{
	static const struct str terms[] = {
		STR("\x01title"),
		STR("\x02source"),
		STR("a"),
		STR("ab"),
		STR("abcdefghijklmnopqrstuvwxyz"),
		STR("abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijkl"),
		STR("abcdefghijklmnopqrstuvwxz"),
		STR("北"),
		STR("北约"),
		STR("北约\x01"),
	};
	struct posting one = { .doc = 7, .at = places_one(3) };
	struct entry_reader e;
	struct block b;
	size_t i = 0;

	block_init(&b);
	for (; i < sizeof(terms) / sizeof(*terms); i++)
		CHECK(block_add(&b, terms[i], 7, &one, 1));
	entries_start(&e, buf_str(&b.bytes));
	for (i = 0; entries_next(&e) > 0; i++)
		CHECK_STR("term", str_n(e.term, e.term_len), terms[i]);
	CHECK_I64("terms", (int64_t)i, sizeof(terms) / sizeof(*terms));
	for (size_t k = 0; k < i; k++) {
		CHECK_I64("found", entries_find(buf_str(&b.bytes), terms[k], &e), 1);
		/* neither its beginnings nor what it begins */
		struct str half = str_sub(terms[k], 0, terms[k].len - 1);
		bool there = false;
		for (size_t m = 0; m < i; m++)
			there |= str_eq(terms[m], half);
		CHECK_I64("half", entries_find(buf_str(&b.bytes), half, &e), there);
		char longer[80];
		memcpy(longer, terms[k].ptr, terms[k].len);
		longer[terms[k].len] = '\x02';
		CHECK_I64("longer",
			  entries_find(buf_str(&b.bytes), str_n(longer, terms[k].len + 1), &e), 0);
	}
	CHECK_STR("first", str_n(b.first, b.first_len), terms[0]);
	size_t added = 0;
	while (block_add(&b, S("zzz"), 7, &one, 1))
		added++;
	CHECK(added > 500 && b.bytes.len <= BLOCK_BYTES); /* a full block says so */
	block_fini(&b);
}

static void test_places(void)
{
	struct places p = places_or(places_one(127), places_one(3));

	CHECK(places_any(places_and(places_shift(p, 1), places_one(0)))); /* round the corner */
	CHECK(places_any(places_and(places_shift(p, 64), places_one(67))));
	CHECK(places_any(places_and(places_shift(p, 125), places_one(0))));
	CHECK(!places_any(places_and(places_shift(p, 2), places_one(4))));
	CHECK(places_any(places_and(places_shift(p, 0), places_one(127))));
}

/* Passing over many documents' places at once ends where passing over each does. */
static void test_skipping(void)
{
	static struct posting list[MANY];
	static uint32_t docs[MANY];
	struct entry_reader e;
	struct block b;

	block_init(&b);
	make(list, MANY, 1, 3);
	CHECK(block_add(&b, S("猫"), 1, list, MANY));
	entries_start(&e, buf_str(&b.bytes));
	CHECK(entries_next(&e) == 1);
	const char *start = read_docs(e.lists, e.count, 1, docs), *end = e.lists.ptr + e.lists.len;
	for (size_t from = 0; from < 40; from++)
		for (size_t count = 0; count < 100; count++) {
			const char *one = start, *all;
			struct places at;
			bool many;

			CHECK(skip_places(&one, end, from));
			all = one;
			for (size_t i = 0; i < count; i++)
				CHECK(read_places(&one, end, &at, &many));
			CHECK(skip_places(&all, end, count) && all == one);
		}
	const char *p = start;
	CHECK(skip_places(&p, end, MANY) && p == end);
	p = start;
	CHECK(!skip_places(&p, end, MANY + 1));
	block_fini(&b);
}

/* Bytes that are no block: told, never followed out of bounds (the sanitizers watch). */
static void test_damage(void)
{
	static struct posting list[64];
	static uint32_t docs[1 << 16];
	struct block b;

	block_init(&b);
	make(list, 64, 5, 100);
	CHECK(block_add(&b, S("猫"), 5, list, 3));
	CHECK(block_add(&b, S("猫狗"), 5, list, 64));
	for (int round = 0; round < 20000; round++) {
		size_t len = draw((uint32_t)b.bytes.len) + 1;
		char *copy = mem_alloc(len);
		struct entry_reader e;
		int rc;

		memcpy(copy, b.bytes.ptr, len);
		for (uint32_t k = draw(4); k > 0; k--)
			copy[draw((uint32_t)len)] = (char)draw(256);
		entries_find(str_n(copy, len), S("猫狗"), &e);
		entries_start(&e, str_n(copy, len));
		while ((rc = entries_next(&e)) > 0) {
			const char *p = read_docs(e.lists, e.count, 5, docs),
				   *end = e.lists.ptr + e.lists.len;
			struct places at;
			bool many;

			while (p && p < end && read_places(&p, end, &at, &many))
				;
		}
		mem_free(copy);
	}
	block_fini(&b);
}

int main(void)
{
	test_places();
	test_terms();
	test_round_trip();
	test_skipping();
	test_damage();
	return check_done();
}
