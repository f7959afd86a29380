/*
 * A ring of the last articles, and for each of their terms the set of those that have it, a bit
 * each: an article's terms tell whom it is like, one line of the cache a term.
 */
#include "site/related.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
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
	SET_WORDS = (RELATED_WINDOW + 63) / 64,
	PLACES = 1 << 16, /* of terms, of which there are TERMS * RELATED_WINDOW at most */
	SEEN = 256        /* the same of one article's */
};

/* Articles of the window, by the numbers of their slots. */
struct set {
	uint64_t words[SET_WORDS];
};

/* A term of the window, found by its hash; 0: the place is free. */
struct place {
	uint64_t hash;
	struct set has;
};

struct slot {
	int64_t id, date;
	uint64_t source;
	void *mine;
	uint8_t count, title_count; /* of terms; the title's come first */
	bool used;
	/* of the search that is going on */
	uint32_t score, titles;
};

struct related {
	void (*drop)(void *mine);
	struct buf folded;
	struct slot slots[RELATED_WINDOW];
	uint64_t terms[RELATED_WINDOW][TERMS]; /* hashes */
	struct place places[PLACES];
	size_t next; /* slot */
};

struct related *related_new(void (*drop)(void *mine))
{
	struct related *r = mem_alloc(sizeof(*r));

	r->drop = drop;
	buf_init(&r->folded, BUF_NO_MAX);
	return r;
}

static size_t home_of(uint64_t hash)
{
	return hash >> 48; /* PLACES */
}

/* Where a term is, or is to be put. */
static size_t place_of(const struct related *r, uint64_t hash)
{
	size_t at = home_of(hash);

	while (r->places[at].hash && r->places[at].hash != hash)
		at = (at + 1) % PLACES;
	return at;
}

/* Those behind move up, so that nobody looks for them past a free place. */
static void free_place(struct related *r, size_t hole)
{
	for (size_t at = (hole + 1) % PLACES; r->places[at].hash; at = (at + 1) % PLACES) {
		size_t away = (at - home_of(r->places[at].hash)) % PLACES;

		if (away < (at - hole) % PLACES)
			continue;
		r->places[hole] = r->places[at];
		hole = at;
	}
	r->places[hole] = (struct place){ 0 };
}

static bool is_empty(const struct set *set)
{
	uint64_t any = 0;

	for (size_t i = 0; i < SET_WORDS; i++)
		any |= set->words[i];
	return !any;
}

static void empty_slot(struct related *r, size_t number)
{
	struct slot *s = &r->slots[number];

	if (!s->used)
		return;
	for (size_t i = 0; i < s->count; i++) {
		size_t at = place_of(r, r->terms[number][i]);
		struct set *has = &r->places[at].has;

		has->words[number / 64] &= ~(UINT64_C(1) << number % 64);
		if (is_empty(has))
			free_place(r, at);
	}
	if (r->drop)
		r->drop(s->mine);
	s->used = false;
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
	buf_fini(&r->folded);
	mem_free(r);
	*rp = NULL;
}

/* The terms an article is known to have: numbers + 1 of its slot's, by their hashes. */
struct seen {
	uint8_t numbers[SEEN];
};

static void add_terms(struct related *r, struct seen *seen, struct str text)
{
	struct slot *slot = &r->slots[r->next];
	uint64_t *terms = r->terms[r->next];
	struct segment s;
	struct term t;

	buf_reset(&r->folded);
	fold_to(&r->folded, utf8_cut(text, TEXT_BYTES));
	segment_start(&s, buf_str(&r->folded));
	while (slot->count < TERMS && segment_next(&s, &t)) {
		if (t.kind != TERM_WORD && t.kind != TERM_PAIR)
			continue;
		if (t.kind == TERM_WORD && t.text.len < 3) /* "of", "a", "5" */
			continue;
		/* Hashes of short words differ in their lower bits only; and 0 is no term's. */
		uint64_t hash = hash64_fast(t.text) * 0x9E3779B97F4A7C15u | 1;
		size_t at = hash >> 56; /* SEEN */
		while (seen->numbers[at] && terms[seen->numbers[at] - 1] != hash)
			at = (at + 1) % SEEN;
		if (seen->numbers[at])
			continue;
		terms[slot->count++] = hash;
		seen->numbers[at] = slot->count;
		__builtin_prefetch(&r->places[home_of(hash)], 1);
	}
}

/* Reads its terms into the next slot; it is in no set yet. */
static struct slot *read_article(struct related *r, const struct related_article *art)
{
	struct slot *s = &r->slots[r->next];
	struct seen seen = { 0 };

	empty_slot(r, r->next);
	s->id = art->id;
	s->date = art->date;
	s->source = hash64_fast(art->source);
	s->mine = art->mine;
	s->used = true;
	s->count = 0;
	add_terms(r, &seen, art->title);
	s->title_count = s->count;
	add_terms(r, &seen, art->text);
	return s;
}

static void take_in(struct related *r)
{
	size_t number = r->next;
	const uint64_t *terms = r->terms[number];

	for (size_t i = 0; i < r->slots[number].count; i++) {
		struct place *p = &r->places[place_of(r, terms[i])];

		p->hash = terms[i];
		p->has.words[number / 64] |= UINT64_C(1) << number % 64;
	}
	r->next = (number + 1) % RELATED_WINDOW;
	/* The one that leaves next: its terms have lain untouched since it came. */
	terms = r->terms[r->next];
	for (size_t i = 0; i < r->slots[r->next].count; i++)
		__builtin_prefetch(&r->places[home_of(terms[i])], 1);
}

/* The rarer, the heavier: 12 for a term nobody else has, 2 less each time twice as many have it. */
static uint32_t weight_of(size_t articles)
{
	uint32_t weight = 12;

	for (; articles > 1 && weight > 0; articles /= 2)
		weight -= 2;
	return weight;
}

/* Those that are not too old for `s`. */
static struct set set_of_near(const struct related *r, const struct slot *s)
{
	struct set set = { 0 };

	for (size_t i = 0; i < RELATED_WINDOW; i++)
		if (r->slots[i].used && r->slots[i].date >= s->date - RELATED_MS)
			set.words[i / 64] |= UINT64_C(1) << i % 64;
	return set;
}

/* Adds a term to those that have it too, of `near`; the weight it has. */
static uint32_t score_term(struct related *r, uint64_t term, const struct set *near, bool of_title)
{
	const struct place *p = &r->places[place_of(r, term)];
	struct set others;
	size_t count = 0;

	if (!p->hash)
		return weight_of(1) * (of_title ? TITLE_TIMES : 1);
	for (size_t i = 0; i < SET_WORDS; i++) {
		others.words[i] = p->has.words[i] & near->words[i];
		for (uint64_t left = others.words[i]; left && count <= COMMON; left &= left - 1)
			count++;
	}
	if (count > COMMON)
		return 0;
	uint32_t weight = weight_of(count + 1) * (of_title ? TITLE_TIMES : 1);
	for (size_t i = 0; i < SET_WORDS && count && weight; i++)
		for (uint64_t left = others.words[i]; left; left &= left - 1) {
			struct slot *o = &r->slots[i * 64 + (size_t)__builtin_ctzll(left)];

			o->score += weight;
			o->titles += of_title;
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
	const uint64_t *terms = r->terms[r->next];
	const struct set near = set_of_near(r, s);
	size_t best[RELATED_SHOWN], count = 0;
	uint64_t all = 0;

	for (size_t i = 0; i < RELATED_WINDOW; i++)
		r->slots[i].score = r->slots[i].titles = 0;
	for (size_t i = 0; i < s->count; i++)
		all += score_term(r, terms[i], &near, i < s->title_count);
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
