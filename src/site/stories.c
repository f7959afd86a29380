#include "site/stories.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "text/fold.h"
#include "text/segment.h"
#include "text/utf8.h"

enum {
	TERMS_MAX = 500,
	TEXT_BYTES = 2000,
	TITLE_TIMES = 3,    /* a term of the title counts as much as so many of the text */
	ALIKE_PERCENT = 14, /* of their weights in common: one event */
	SAME_PERCENT = 60,  /* the same text: one story also within one source */
	WEIGHT_MAX = 10
};
static const int64_t window_ms = 48LL * 3600000;
static const int64_t source_ms = 4LL * 3600000; /* what a source more is worth */

enum { NONE = UINT32_MAX };

/* That an article has a term. */
struct posting {
	uint32_t article, times; /* 1, or TITLE_TIMES */
	uint32_t term;           /* its slot */
	uint32_t before;         /* of the article before that has it; NONE */
};

struct slot {
	uint64_t hash;
	uint32_t newest; /* posting; NONE: the slot is free */
	uint32_t articles;
};

/* The articles' terms: postings in the order of the articles, found by a table of their hashes. */
struct terms {
	struct posting *postings;
	uint32_t *first; /* posting of each article, and one more */
	uint64_t *weight;
	struct slot *slots;
	uint32_t count, mask;
	uint64_t *common; /* of the article looked at and each before it */
};

static void add_term(struct terms *ts, uint32_t article, uint64_t hash, uint32_t times)
{
	uint32_t at = (uint32_t)hash & ts->mask;

	while (ts->slots[at].newest != NONE && ts->slots[at].hash != hash)
		at = (at + 1) & ts->mask;
	struct slot *s = &ts->slots[at];
	/* The title's come first: they count for more. */
	if (s->newest != NONE && ts->postings[s->newest].article == article)
		return;
	ts->postings[ts->count] = (struct posting){ article, times, at, s->newest };
	*s = (struct slot){ hash, ts->count++, s->articles + 1 };
}

static size_t add_terms(struct terms *ts, struct arena *a, uint32_t article, struct str text,
			uint32_t times, size_t count)
{
	struct segment s;
	struct term t;

	segment_start(&s, fold_text(a, text));
	while (count < TERMS_MAX && segment_next(&s, &t)) {
		if (t.kind != TERM_WORD && t.kind != TERM_PAIR)
			continue;
		if (t.kind == TERM_WORD && t.text.len < 3) /* "of", "a", "5" */
			continue;
		add_term(ts, article, hash64_fast(t.text), times);
		count++;
	}
	return count;
}

/* The rarer, the heavier: 10 for a term of one article, 2 less each time twice as many have it. */
static uint32_t weight_of(size_t articles)
{
	uint32_t weight = WEIGHT_MAX;

	while (articles > 1 && weight > 0) {
		articles /= 2;
		weight -= 2;
	}
	return weight;
}

static void read_terms(struct terms *ts, struct arena *a, const struct story_article *articles,
		       size_t count)
{
	uint32_t slots = 1024;

	while (slots < 2 * count * TERMS_MAX)
		slots *= 2;
	*ts = (struct terms){
		.postings = arena_array(a, count * TERMS_MAX + 1, sizeof(*ts->postings)),
		.first = arena_array(a, count + 1, sizeof(*ts->first)),
		.weight = arena_array(a, count + 1, sizeof(*ts->weight)),
		.common = arena_array(a, count + 1, sizeof(*ts->common)),
		.slots = arena_array(a, slots, sizeof(*ts->slots)),
		.mask = slots - 1,
	};
	for (uint32_t i = 0; i < slots; i++)
		ts->slots[i].newest = NONE;
	for (uint32_t i = 0; i < count; i++) {
		ts->first[i] = ts->count;
		size_t n = add_terms(ts, a, i, articles[i].title, TITLE_TIMES, 0);
		add_terms(ts, a, i, utf8_cut(articles[i].text, TEXT_BYTES), 1, n);
	}
	ts->first[count] = ts->count;
	for (uint32_t i = 0; i < ts->count; i++) {
		struct posting *p = &ts->postings[i];

		p->times *= weight_of(ts->slots[p->term].articles);
		ts->weight[p->article] += p->times;
	}
}

/* The weights that an article has in common with each before it. */
static void find_common(struct terms *ts, uint32_t article)
{
	memset(ts->common, 0, article * sizeof(*ts->common));
	for (uint32_t i = ts->first[article]; i < ts->first[article + 1]; i++) {
		const struct posting *p = &ts->postings[i], *other;

		if (!p->times) /* everybody has it */
			continue;
		for (uint32_t before = p->before; before != NONE; before = other->before) {
			other = &ts->postings[before];
			ts->common[other->article] += p->times + other->times;
		}
	}
}

/* Whether the article looked at, y, and x before it tell the same. */
static bool belongs(const struct story_article *articles, const struct terms *ts, size_t x,
		    size_t y)
{
	int64_t apart = articles[x].date - articles[y].date;
	uint64_t both = ts->weight[x] + ts->weight[y];

	if (apart > window_ms || apart < -window_ms)
		return false;
	/* Percent of the weights of both that they have in common. */
	uint64_t alike = both ? ts->common[x] * 100 / both : 0;
	return alike >=
	       (str_eq(articles[x].source, articles[y].source) ? SAME_PERCENT : ALIKE_PERCENT);
}

static void add_member(struct story *s, const struct story_article *articles, size_t number)
{
	bool again = false;

	for (size_t i = 0; i < s->count; i++)
		again = again || str_eq(articles[s->members[i]].source, articles[number].source);
	s->members[s->count++] = number;
	s->sources += !again;
	s->rank = articles[s->members[0]].date + (int64_t)(s->sources - 1) * source_ms;
}

static int by_rank(const void *a, const void *b)
{
	const struct story *x = a, *y = b;

	if (x->rank != y->rank)
		return x->rank > y->rank ? -1 : 1;
	return x->members[0] < y->members[0] ? -1 : 1;
}

size_t stories_find(struct arena *a, const struct story_article *articles, size_t count,
		    struct story *out)
{
	struct terms terms;
	size_t stories = 0;

	assert(count <= STORIES_MAX_ARTICLES);
	read_terms(&terms, a, articles, count);
	for (size_t i = 0; i < count; i++) {
		struct story *home = NULL;

		find_common(&terms, (uint32_t)i);
		/* One that is like any member: an event is told in many words. */
		for (size_t j = 0; j < stories && !home; j++)
			for (size_t k = 0; k < out[j].count && !home; k++)
				if (belongs(articles, &terms, out[j].members[k], i))
					home = &out[j];
		if (!home) {
			home = &out[stories++];
			*home = (struct story){ .members =
							arena_array(a, count - i, sizeof(size_t)) };
		}
		add_member(home, articles, i);
	}
	if (stories)
		qsort(out, stories, sizeof(*out), by_rank);
	return stories;
}
