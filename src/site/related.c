/*
 * A ring of the last articles, and for each of their terms the set of those that have it, a bit
 * each: an article's terms tell whom it is like.
 *
 * A term has a number while an article of the window has it, the number that was free last: what
 * the articles of some time share lies together, and a term that goes is found without a search.
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
	NUMBERS = TERMS * RELATED_WINDOW + 1, /* of terms at once; 0 is none's */
	HEADS = 1 << 16,                      /* of chains of terms */
	SEEN = 256                            /* the same of one article's */
};

_Static_assert(NUMBERS <= UINT16_MAX, "a term's number has 16 bits");

/* Articles of the window, by the numbers of their slots. */
struct set {
	uint64_t words[SET_WORDS];
};

struct slot {
	int64_t id;
	uint64_t source;
	void *mine;
	uint8_t count, title_count; /* of terms; the title's come first */
	bool used;
};

struct related {
	void (*drop)(void *mine);
	struct buf folded;
	struct slot slots[RELATED_WINDOW];
	int64_t dates[RELATED_WINDOW];
	uint16_t terms[RELATED_WINDOW][TERMS];
	/* of the search that is going on */
	uint32_t scores[RELATED_WINDOW];
	uint8_t titles[RELATED_WINDOW]; /* so many of the title's terms */

	uint16_t heads[HEADS];
	/* of each term's number */
	uint16_t following[NUMBERS]; /* in its chain, or of those that are free */
	uint64_t hashes[NUMBERS];
	struct set sets[NUMBERS];
	uint16_t free, fresh; /* the first that is free; the first that never was a term's */
	size_t next;          /* slot */
};

struct related *related_new(void (*drop)(void *mine))
{
	struct related *r = mem_alloc(sizeof(*r));

	r->drop = drop;
	r->fresh = 1;
	buf_init(&r->folded, BUF_NO_MAX);
	return r;
}

static uint16_t *head_of(struct related *r, uint64_t hash)
{
	return &r->heads[hash >> 48]; /* HEADS */
}

/* The number of a term, which it gets where it has none. */
static uint16_t number_of(struct related *r, uint64_t hash)
{
	uint16_t *head = head_of(r, hash), n = *head;

	while (n && r->hashes[n] != hash)
		n = r->following[n];
	if (n)
		return n;
	n = r->free;
	if (n)
		r->free = r->following[n];
	else
		n = r->fresh++;
	r->hashes[n] = hash;
	r->following[n] = *head;
	*head = n;
	return n;
}

static void free_number(struct related *r, uint16_t n)
{
	uint16_t *at = head_of(r, r->hashes[n]);

	while (*at != n)
		at = &r->following[*at];
	*at = r->following[n];
	r->following[n] = r->free;
	r->free = n;
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
	for (size_t i = s->count; i-- > 0;) {
		uint16_t term = r->terms[number][i];
		struct set *has = &r->sets[term];

		has->words[number / 64] &= ~(UINT64_C(1) << number % 64);
		if (is_empty(has))
			free_number(r, term);
	}
	if (r->drop)
		r->drop(s->mine);
	s->used = false;
	s->count = 0;
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

/* The terms an article is known to have, by their hashes: places + 1 in `hashes`. */
struct seen {
	uint64_t hashes[TERMS];
	uint8_t places[SEEN];
	size_t count;
};

/* Nearly all are two Han characters of three bytes. The upper bits are well mixed; 0 is no term's.
 */
static uint64_t hash_of_term(struct str term)
{
	uint64_t bytes = 0;

	if (term.len != 6)
		return hash64_fast(term) * 0x9E3779B97F4A7C15u | 1;
	memcpy(&bytes, term.ptr, 6);
	return bytes * 0x9E3779B97F4A7C15u | 1;
}

static bool is_han(const char *p)
{
	unsigned char first = (unsigned char)p[0];

	return first >= 0xE5 && first <= 0xE9;
}

/* The next pair within a run of Han, without asking what else it may be. */
static bool next_han(struct segment *s, struct str *pair)
{
	if (s->previous == STR_NONE || s->text.len - s->pos < 3 || s->pos != s->previous + 3 ||
	    !is_han(s->text.ptr + s->pos))
		return false;
	*pair = str_n(s->text.ptr + s->previous, 6);
	s->previous = s->pos;
	s->pos += 3;
	s->paired = true;
	return true;
}

static void add_terms(struct related *r, struct seen *seen, struct str text)
{
	struct segment s;
	struct term t;

	buf_reset(&r->folded);
	fold_to(&r->folded, utf8_cut(text, TEXT_BYTES));
	segment_start(&s, buf_str(&r->folded));
	while (seen->count < TERMS) {
		if (next_han(&s, &t.text)) {
			t.kind = TERM_PAIR;
		} else if (!segment_next(&s, &t)) {
			break;
		}
		if (t.kind != TERM_WORD && t.kind != TERM_PAIR)
			continue;
		if (t.kind == TERM_WORD && t.text.len < 3) /* "of", "a", "5" */
			continue;
		uint64_t hash = hash_of_term(t.text);
		size_t at = hash >> 56; /* SEEN */
		while (seen->places[at] && seen->hashes[seen->places[at] - 1] != hash)
			at = (at + 1) % SEEN;
		if (seen->places[at])
			continue;
		seen->hashes[seen->count++] = hash;
		seen->places[at] = (uint8_t)seen->count;
	}
}

/* Reads its terms into the next slot; it is in no set yet. */
static struct slot *read_article(struct related *r, const struct related_article *art)
{
	struct slot *s = &r->slots[r->next];
	struct seen seen = { .count = 0 };

	add_terms(r, &seen, art->title);
	s->title_count = (uint8_t)seen.count;
	add_terms(r, &seen, art->text);
	empty_slot(r, r->next);
	*s = (struct slot){
		.id = art->id,
		.source = hash64_fast(art->source),
		.mine = art->mine,
		.count = (uint8_t)seen.count,
		.title_count = s->title_count,
		.used = true,
	};
	r->dates[r->next] = art->date;
	for (size_t i = 0; i < seen.count; i++)
		r->terms[r->next][i] = number_of(r, seen.hashes[i]);
	return s;
}

static void take_in(struct related *r)
{
	size_t number = r->next;

	for (size_t i = 0; i < r->slots[number].count; i++)
		r->sets[r->terms[number][i]].words[number / 64] |= UINT64_C(1) << number % 64;
	r->next = (number + 1) % RELATED_WINDOW;
}

/* The rarer, the heavier: 12 for a term nobody else has, 2 less each time twice as many have it. */
static uint32_t weight_of(size_t articles)
{
	uint32_t weight = 12;

	for (; articles > 1 && weight > 0; articles /= 2)
		weight -= 2;
	return weight;
}

/* Those of a search, and which words of the set have any. */
struct near {
	struct set set;
	uint8_t words[SET_WORDS], count;
};

/* Those that are not too old for the one in the next slot: they stand behind those that are. */
static struct near find_near(const struct related *r)
{
	int64_t from = r->dates[r->next] - RELATED_MS;
	struct near near = { .count = 0 };

	for (size_t i = r->next, left = RELATED_WINDOW;
	     left && r->slots[i].used && r->dates[i] >= from;
	     i = (i ? i : RELATED_WINDOW) - 1, left--)
		near.set.words[i / 64] |= UINT64_C(1) << i % 64;
	for (uint8_t i = 0; i < SET_WORDS; i++)
		if (near.set.words[i])
			near.words[near.count++] = i;
	return near;
}

/* Adds a term to those that have it too, of `near`; the weight it has. */
static uint32_t score_term(struct related *r, uint16_t term, const struct near *near, bool of_title)
{
	const struct set *has = &r->sets[term];
	uint64_t others[SET_WORDS], any = 0;
	size_t count = 0;

	for (size_t i = 0; i < near->count; i++)
		any |= others[i] = has->words[near->words[i]] & near->set.words[near->words[i]];
	if (!any)
		return weight_of(1) * (of_title ? TITLE_TIMES : 1);
	for (size_t i = 0; i < near->count; i++)
		for (uint64_t left = others[i]; left && count <= COMMON; left &= left - 1)
			count++;
	if (count > COMMON)
		return 0;
	uint32_t weight = weight_of(count + 1) * (of_title ? TITLE_TIMES : 1);
	for (size_t i = 0; i < near->count && weight; i++)
		for (uint64_t left = others[i]; left; left &= left - 1) {
			size_t other = near->words[i] * 64u + (size_t)__builtin_ctzll(left);

			r->scores[other] += weight;
			r->titles[other] += of_title;
		}
	return weight;
}

/* Whether slot x comes before y: higher score, then later date, then higher id. */
static bool is_better(const struct related *r, size_t x, size_t y)
{
	if (r->scores[x] != r->scores[y])
		return r->scores[x] > r->scores[y];
	if (r->dates[x] != r->dates[y])
		return r->dates[x] > r->dates[y];
	return r->slots[x].id > r->slots[y].id;
}

/* Puts a slot among the best, which are ordered. */
static size_t put_best(const struct related *r, size_t *best, size_t count, size_t number)
{
	size_t at = count;

	while (at > 0 && !is_better(r, best[at - 1], number))
		at--;
	if (at == RELATED_SHOWN)
		return count;
	count += count < RELATED_SHOWN;
	memmove(best + at + 1, best + at, (count - at - 1) * sizeof(*best));
	best[at] = number;
	return count;
}

static bool is_near(const struct related *r, const struct slot *s, size_t other, uint64_t all)
{
	uint64_t least = r->slots[other].source == s->source ? SAME_PERCENT
			 : r->titles[other] >= TITLE_MANY    ? TITLED_PERCENT
							     : ALIKE_PERCENT;

	return r->scores[other] * 100ull >= least * all;
}

size_t related_next(struct related *r, const struct related_article *article, void **out)
{
	const struct slot *s = read_article(r, article);
	const uint16_t *terms = r->terms[r->next];
	const struct near near = find_near(r);
	size_t best[RELATED_SHOWN], count = 0;
	uint64_t all = 0;

	memset(r->scores, 0, sizeof(r->scores));
	memset(r->titles, 0, sizeof(r->titles));
	for (size_t i = 0; i < s->count; i++)
		all += score_term(r, terms[i], &near, i < s->title_count);
	for (size_t i = 0; i < RELATED_WINDOW && all; i++)
		if (r->titles[i] >= TITLE_SOME && &r->slots[i] != s && is_near(r, s, i, all))
			count = put_best(r, best, count, i);
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
