/*
 * tables - the vocabulary and the trees as script/vocab.c makes them of src/page/vocab when dibao
 * is built, so that nothing is read at the start: how they lie, and what the maker and those who
 * ask reckon alike.
 *
 * Few pointers: what has none needs no relocation, and is shared between processes.
 */
#ifndef DIBAO_PAGE_TABLES_H
#define DIBAO_PAGE_TABLES_H

#include <string.h>

#include "page/private.h"

/* ---- phrases */

struct vocab_phrase {
	uint32_t off, len; /* of its letters in vocab_text */
	uint64_t value;    /* kinds, cues or languages as bits; of a list, its place */
};

extern const char vocab_text[];
extern const struct vocab_phrase vocab_phrases[];

/* From a phrase to what it stands for, by open addressing. */
enum vocab_table {
	TABLE_CLASS,  /* a class's word: its kinds */
	TABLE_LABEL,  /* all of a text: its cues */
	TABLE_ROLE,   /* the label of a credit: its role, as a place in vocab_roles */
	TABLE_LIST,   /* the name of a list: its place in vocab_lists */
	TABLE_MEMBER, /* the name of a list, a line's end, an entry of it */
	TABLE_STOP,   /* a common word: the languages that have it, in the order of their list */
	TABLE_COUNT
};

struct vocab_range {
	uint32_t first, mask; /* of the slots; there are mask + 1 */
};

extern const struct vocab_range vocab_tables[TABLE_COUNT];
extern const uint8_t vocab_marks[]; /* of a slot's hash, 0 for a free one: most words are in none */
extern const uint16_t vocab_slots[]; /* the place in vocab_phrases */

extern const struct vocab_list vocab_lists[];
extern const struct str vocab_roles[];

/* The letters as the figures of a number: that of two words together is made from those of each. */
#define HASH_BASE 16777619u

static inline uint32_t hash_step(uint32_t h, char ch)
{
	return h * HASH_BASE + (uint8_t)ch;
}

static inline uint32_t hash_end(uint32_t h)
{
	h = (h ^ h >> 15) * 0x85EBCA6Bu;
	return h ^ h >> 13;
}

static inline uint32_t hash_word(struct str w)
{
	uint32_t h = 0;

	for (size_t i = 0; i < w.len; i++)
		h = hash_step(h, w.ptr[i]);
	return hash_end(h);
}

static inline uint8_t word_mark(uint32_t hash)
{
	return (uint8_t)(hash >> 24 | 1);
}

/* ---- the cues that are looked for at the start, at the end and inside of a text */

enum cue_mode { CUE_STARTS, CUE_ENDS, CUE_HAS, CUE_MODES };
enum { CUE_KEYS = 1024 };

/* Those of a key stand from vocab_cue_keys[mode][key] on, to where the next key's begin. */
extern const uint16_t vocab_cue_keys[CUE_MODES][CUE_KEYS + 1];
extern const struct vocab_phrase vocab_cue_phrases[];

static inline uint32_t pair_of(const char *at)
{
	return (uint32_t)(unsigned char)at[0] << 8 | (unsigned char)at[1];
}

/* Of a phrase: two letters, or one character of three bytes. */
static inline uint32_t front_key(struct str s)
{
	uint32_t first = pair_of(s.ptr);

	if ((unsigned char)s.ptr[0] >= 0xE0 && s.len > 2)
		first = first << 8 | (unsigned char)s.ptr[2];
	return (first * 0x9E3779B1u) >> 22;
}

static inline uint32_t end_key(struct str s)
{
	return (pair_of(s.ptr + s.len - 2) * 0x9E3779B1u) >> 22;
}

/* ---- bits by which most texts are known to be in no table */

enum vocab_filter {
	FILTER_STARTS = CUE_STARTS, /* first three bytes, hashed (last ones for ENDS) */
	FILTER_ENDS = CUE_ENDS,
	FILTER_HAS = CUE_HAS,
	FILTER_LABEL, /* length and first bytes of a label */
	FILTER_STOP,  /* and of a common word */
	FILTER_COUNT
};

/* Small enough to stay in the cache, and one bit in twenty of it set at most. */
enum { FILTER_BITS = 15, FILTER_BYTES = 1 << (FILTER_BITS - 3) };

extern const uint8_t vocab_filters[FILTER_COUNT][FILTER_BYTES];

static inline uint32_t filter_hash(uint32_t n, uint32_t factor)
{
	return (n * factor) >> (32 - FILTER_BITS);
}

/* The bit of three bytes at p; the third of a text of two is 0. */
static inline uint32_t front_bit(const char *p, size_t len)
{
	uint32_t three = (uint32_t)(uint8_t)p[0] | (uint32_t)(uint8_t)p[1] << 8;

	if (len > 2)
		three |= (uint32_t)(uint8_t)p[2] << 16;
	return filter_hash(three, 0x9E3779B1u);
}

static inline uint32_t end_bit(struct str s)
{
	return s.len > 2 ? front_bit(s.ptr + s.len - 3, 3) : front_bit(s.ptr, 2);
}

static inline uint32_t label_bit(struct str s)
{
	uint32_t first = 0;

	memcpy(&first, s.ptr, s.len < 4 ? s.len : 4);
	return filter_hash(first ^ (uint32_t)s.len * 0x9E3779B1u, 0x85EBCA6Bu);
}

/* ---- the trees */

/*
 * Siblings stand side by side, so that a step is arithmetic: `next`, or the one behind it. A leaf
 * leads to itself. A group of trees is walked down as many steps as the deepest leaf in it has: a
 * branch that nobody can foresee costs more than steps on the spot.
 */
struct model_node {
	uint32_t key; /* of the threshold; of a leaf, above all */
	uint16_t feature;
	uint16_t next; /* left: not above the threshold */
};

enum { MODEL_GROUP = 8 }; /* so many are asked between two looks at what they say */

struct model_group {
	uint16_t roots[MODEL_GROUP];
	uint16_t steps;
};

extern const struct model_node model_nodes[];
extern const float model_answers[]; /* of the leaves, by node */
extern const struct model_group model_groups[];
extern const uint32_t model_group_count;

/*
 * A number that is above another's where the one float is above the other, so that a step down a
 * tree is an integer comparison, whose outcome is added without more ado.
 */
static inline uint32_t key_of(float value)
{
	uint32_t bits;

	memcpy(&bits, &value, sizeof(bits));
	return bits ^ ((uint32_t)((int32_t)bits >> 31) | UINT32_C(0x80000000));
}

/* ---- fold.c */

enum { FOLD_MAX = 120 }; /* bytes of a phrase */

/* Lower case (ASCII and the Latin, Greek, Cyrillic letters that pair by a fixed distance) in `out`,
 * of which `max` bytes are there. */
struct str fold_phrase(struct str s, char *out, size_t max);

#endif
