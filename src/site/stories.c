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

struct story_term {
	uint64_t hash;
	uint32_t times; /* 1, or TITLE_TIMES */
};

struct story_terms {
	struct story_term *terms; /* by hash, each once */
	size_t count;
	uint64_t weight;
};

static int by_hash(const void *a, const void *b)
{
	const struct story_term *x = a, *y = b;

	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	return x->times > y->times ? -1 : x->times < y->times;
}

static size_t add_terms(struct arena *a, struct str text, uint32_t times, struct story_term *out,
			size_t count)
{
	struct segment s;
	struct term t;

	segment_start(&s, fold_text(a, text));
	while (count < TERMS_MAX && segment_next(&s, &t)) {
		if (t.kind != TERM_WORD && t.kind != TERM_PAIR)
			continue;
		if (t.kind == TERM_WORD && t.text.len < 3) /* "of", "a", "5" */
			continue;
		out[count++] = (struct story_term){ hash64_fast(t.text), times };
	}
	return count;
}

static void read_terms(struct arena *a, const struct story_article *art, struct story_terms *out)
{
	size_t count, kept = 0;

	out->terms = arena_array(a, TERMS_MAX, sizeof(*out->terms));
	count = add_terms(a, art->title, TITLE_TIMES, out->terms, 0);
	count = add_terms(a, utf8_cut(art->text, TEXT_BYTES), 1, out->terms, count);
	if (count)
		qsort(out->terms, count, sizeof(*out->terms), by_hash);
	for (size_t i = 0; i < count; i++)
		if (!kept || out->terms[kept - 1].hash != out->terms[i].hash)
			out->terms[kept++] = out->terms[i];
	out->count = kept;
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

static int by_number(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* How many articles have a hash: the length of its run. */
static size_t run_of(const uint64_t *all, size_t count, uint64_t hash)
{
	size_t low = 0, high = count, n = 0;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (all[middle] < hash)
			low = middle + 1;
		else
			high = middle;
	}
	while (low + n < count && all[low + n] == hash && n < 64)
		n++;
	return n;
}

/* Puts weights in place of times. */
static void weigh(struct arena *a, struct story_terms *terms, size_t count)
{
	size_t all_count = 0, at = 0;

	for (size_t i = 0; i < count; i++)
		all_count += terms[i].count;
	uint64_t *all = arena_array(a, all_count + 1, sizeof(*all));
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < terms[i].count; j++)
			all[at++] = terms[i].terms[j].hash;
	qsort(all, all_count, sizeof(*all), by_number);
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < terms[i].count; j++) {
			struct story_term *t = &terms[i].terms[j];

			t->times *= weight_of(run_of(all, all_count, t->hash));
			terms[i].weight += t->times;
		}
}

/* Percent of the weights of both that they have in common. */
static uint64_t likeness(const struct story_terms *x, const struct story_terms *y)
{
	uint64_t common = 0;

	for (size_t i = 0, j = 0; i < x->count && j < y->count;) {
		if (x->terms[i].hash == y->terms[j].hash)
			common += x->terms[i++].times + y->terms[j++].times;
		else if (x->terms[i].hash < y->terms[j].hash)
			i++;
		else
			j++;
	}
	return x->weight + y->weight ? common * 100 / (x->weight + y->weight) : 0;
}

static bool belongs(const struct story_article *articles, const struct story_terms *terms, size_t x,
		    size_t y)
{
	int64_t apart = articles[x].date - articles[y].date;
	uint64_t alike;

	if (apart > window_ms || apart < -window_ms)
		return false;
	alike = likeness(&terms[x], &terms[y]);
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
	struct story_terms *terms = arena_array(a, count, sizeof(*terms));
	size_t stories = 0;

	assert(count <= STORIES_MAX_ARTICLES);
	for (size_t i = 0; i < count; i++)
		read_terms(a, &articles[i], &terms[i]);
	weigh(a, terms, count);
	for (size_t i = 0; i < count; i++) {
		struct story *home = NULL;

		/* One that is like any member: an event is told in many words. */
		for (size_t j = 0; j < stories && !home; j++)
			for (size_t k = 0; k < out[j].count && !home; k++)
				if (belongs(articles, terms, out[j].members[k], i))
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
