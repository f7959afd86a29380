/*
 * A ring of the last articles, and for each term the list of those that have it: an article is
 * compared with those it shares a term with and no others.
 */
#include "site/related.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "text/fold.h"
#include "text/segment.h"
#include "text/utf8.h"

enum {
	TERMS = 112, /* of an article */
	TEXT_BYTES = 420,
	TITLE_TIMES = 3,    /* a term of the title counts as much as so many of the text */
	ALIKE_PERCENT = 16, /* of its weight that another has too: the same event */
	TITLED_PERCENT = 9, /* ... where they have many terms of its title in common */
	SAME_PERCENT = 55,  /* ... within one source: the same text */
	TITLE_SOME = 2,     /* so many terms of its title the other must have */
	TITLE_MANY = 5,
	COMMON = 64, /* a term that so many have says nothing */
	BUCKETS = 1 << 14
};

struct node {
	uint64_t hash;
	int32_t next, before; /* of the same bucket; -1: none; before of the first: -2 - bucket */
	uint32_t times;
};

struct slot {
	int64_t id, date;
	uint64_t source;
	void *mine;
	size_t count; /* of nodes */
	bool used;
	/* of the search that is going on */
	uint32_t score, titles;
};

struct related {
	void (*drop)(void *mine);
	struct arena words;
	struct slot slots[RELATED_WINDOW];
	struct node nodes[RELATED_WINDOW * TERMS];
	int32_t first[BUCKETS];
	size_t next; /* slot */
};

struct related *related_new(void (*drop)(void *mine))
{
	struct related *r = mem_alloc(sizeof(*r));

	r->drop = drop;
	arena_init(&r->words);
	memset(r->first, 0xFF, sizeof(r->first));
	return r;
}

static void unlink_node(struct related *r, const struct node *n)
{
	if (n->before >= 0)
		r->nodes[n->before].next = n->next;
	else
		r->first[-2 - n->before] = n->next;
	if (n->next >= 0)
		r->nodes[n->next].before = n->before;
}

static void link_node(struct related *r, int32_t number)
{
	struct node *n = &r->nodes[number];
	int32_t bucket = (int32_t)((n->hash >> 40) % BUCKETS);

	n->before = -2 - bucket;
	n->next = r->first[bucket];
	if (n->next >= 0)
		r->nodes[n->next].before = number;
	r->first[bucket] = number;
}

static void empty_slot(struct related *r, size_t number)
{
	struct slot *s = &r->slots[number];

	if (!s->used)
		return;
	for (size_t i = 0; i < s->count; i++)
		unlink_node(r, &r->nodes[number * TERMS + i]);
	if (r->drop)
		r->drop(s->mine);
	*s = (struct slot){ 0 };
}

void related_reset(struct related *r)
{
	for (size_t i = 0; i < RELATED_WINDOW; i++)
		empty_slot(r, i);
	r->next = 0;
}

void related_free(struct related **rp)
{
	struct related *r = *rp;

	if (!r)
		return;
	related_reset(r);
	arena_fini(&r->words);
	mem_free(r);
	*rp = NULL;
}

static size_t add_terms(struct arena *a, struct str text, uint32_t times, struct node *out,
			size_t count)
{
	struct segment s;
	struct term t;

	segment_start(&s, fold_text(a, text));
	while (count < TERMS && segment_next(&s, &t)) {
		bool again = false;

		if (t.kind != TERM_WORD && t.kind != TERM_PAIR)
			continue;
		if (t.kind == TERM_WORD && t.text.len < 3) /* "of", "a", "5" */
			continue;
		/* Hashes of short words differ in their lower bits only, and buckets are of others.
		 */
		uint64_t hash = hash64_fast(t.text) * 0x9E3779B97F4A7C15u;
		for (size_t i = 0; i < count && !again; i++)
			again = out[i].hash == hash;
		if (!again)
			out[count++] = (struct node){ .hash = hash, .times = times };
	}
	return count;
}

/* Reads its terms into the next slot; they are in no bucket yet. */
static struct slot *read_article(struct related *r, const struct related_article *art)
{
	struct slot *s = &r->slots[r->next];
	struct node *nodes = &r->nodes[r->next * TERMS];

	empty_slot(r, r->next);
	*s = (struct slot){ .id = art->id,
			    .date = art->date,
			    .source = hash64_fast(art->source),
			    .mine = art->mine,
			    .used = true };
	s->count = add_terms(&r->words, utf8_cut(art->title, TEXT_BYTES), TITLE_TIMES, nodes, 0);
	s->count = add_terms(&r->words, utf8_cut(art->text, TEXT_BYTES), 1, nodes, s->count);
	arena_reset(&r->words);
	return s;
}

static void take_in(struct related *r)
{
	struct slot *s = &r->slots[r->next];

	for (size_t i = 0; i < s->count; i++)
		link_node(r, (int32_t)(r->next * TERMS + i));
	r->next = (r->next + 1) % RELATED_WINDOW;
}

/* The rarer, the heavier: 12 for a term nobody else has, 2 less each time twice as many have it. */
static uint32_t weight_of(size_t articles)
{
	uint32_t weight = 12;

	for (; articles > 1 && weight > 0; articles /= 2)
		weight -= 2;
	return weight;
}

/* Adds a term of `s` to those that have it too; the weight it has. */
static uint32_t score_term(struct related *r, const struct slot *s, const struct node *term)
{
	uint16_t others[COMMON];
	size_t count = 0;

	for (int32_t n = r->first[(term->hash >> 40) % BUCKETS]; n >= 0; n = r->nodes[n].next) {
		size_t other = (size_t)n / TERMS;

		if (r->nodes[n].hash != term->hash || r->slots[other].date < s->date - RELATED_MS)
			continue;
		if (count == COMMON)
			return 0;
		others[count++] = (uint16_t)other;
	}
	uint32_t weight = weight_of(count + 1) * term->times;
	for (size_t i = 0; i < count && weight; i++) {
		r->slots[others[i]].score += weight;
		r->slots[others[i]].titles += term->times > 1;
	}
	return weight;
}

/* Puts a slot among the best, which are ordered: higher score, then later date, then higher id. */
static size_t put_best(const struct related *r, size_t *best, size_t count, size_t number)
{
	const struct slot *s = &r->slots[number];
	size_t at = count;

	while (at > 0) {
		const struct slot *o = &r->slots[best[at - 1]];

		if (o->score > s->score ||
		    (o->score == s->score &&
		     (o->date > s->date || (o->date == s->date && o->id > s->id))))
			break;
		at--;
	}
	if (at == RELATED_SHOWN)
		return count;
	count += count < RELATED_SHOWN;
	memmove(best + at + 1, best + at, (count - at - 1) * sizeof(*best));
	best[at] = number;
	return count;
}

static bool is_near(const struct slot *s, const struct slot *o, uint64_t all)
{
	uint64_t least = o->source == s->source    ? SAME_PERCENT
			 : o->titles >= TITLE_MANY ? TITLED_PERCENT
						   : ALIKE_PERCENT;

	return o->titles >= TITLE_SOME && o->score * 100ull >= least * all;
}

size_t related_next(struct related *r, const struct related_article *article, void **out)
{
	const struct slot *s = read_article(r, article);
	const struct node *terms = &r->nodes[r->next * TERMS];
	size_t best[RELATED_SHOWN], count = 0;
	uint64_t all = 0;

	for (size_t i = 0; i < RELATED_WINDOW; i++)
		r->slots[i].score = r->slots[i].titles = 0;
	for (size_t i = 0; i < s->count; i++)
		all += score_term(r, s, &terms[i]);
	for (size_t i = 0; i < RELATED_WINDOW && all; i++) {
		if (&r->slots[i] != s && is_near(s, &r->slots[i], all))
			count = put_best(r, best, count, i);
	}
	for (size_t i = 0; i < count; i++)
		out[i] = r->slots[best[i]].mine;
	take_in(r);
	return count;
}

void related_add(struct related *r, const struct related_article *article)
{
	read_article(r, article);
	take_in(r);
}
