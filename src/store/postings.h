/*
 * postings - the search index's lists as bytes: which documents a term is in, and about where.
 *
 * A segment is a sorted run of entries in blocks of at most about BLOCK_BYTES. An entry:
 *
 *	1 byte    high half: bytes shared with the term before (in the block); low half: bytes of
 *its own; 15: a varint follows varints   for each half that is 15, what it is above 15 bytes     of
 *its own varint    length of what follows << 1, + 1 where there is one document only varint
 *documents, where there are more the documents: the first less the segment's base, then the
 *distances; varints in a list shorter than LONG_LIST, Rice codes in a longer one bytes     for each
 *document the places where the term is, modulo 128, ascending, the high bit set on all but the
 *last; POSITIONS_MANY alone for more than POSITIONS_MAX. Terms of fields have none, nor have short
 *lists of segments that stand for good
 *
 * Places of pairs as they are would cost more than the index may have (0.6 of the text); modulo 128
 *and capped they are a byte each, and tell a phrase from its pairs strewn about in all but about
 *one of a thousand. Short lists need none: their few texts are soon looked at.
 */
#ifndef DIBAO_STORE_POSTINGS_H
#define DIBAO_STORE_POSTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"

enum {
	BLOCK_BYTES = 16200, /* two pages: less is left empty at their ends than with one */
	LONG_LIST = 16,
	TERM_MAX_BYTES = 64,
	POSITIONS = 128,
	POSITIONS_MAX = 16,
	POSITIONS_MANY = 0xFF
};

/* Terms of fields begin with one of these. */
#define FIELD_TITLE  "\x01"
#define FIELD_SOURCE "\x02"
#define FIELD_TAG    "\x03"
bool term_is_field(struct str term);

/* A set of places modulo 128. */
struct places {
	uint64_t low, high;
};

static inline struct places places_one(unsigned position)
{
	unsigned p = position % POSITIONS;

	return p < 64 ? (struct places){ UINT64_C(1) << p, 0 }
		      : (struct places){ 0, UINT64_C(1) << (p - 64) };
}

static inline struct places places_and(struct places a, struct places b)
{
	return (struct places){ a.low & b.low, a.high & b.high };
}

static inline struct places places_or(struct places a, struct places b)
{
	return (struct places){ a.low | b.low, a.high | b.high };
}

/* Each place + by, modulo 128. */
static inline struct places places_shift(struct places p, unsigned by)
{
	by %= POSITIONS;
	if (by >= 64) {
		p = (struct places){ p.high, p.low };
		by -= 64;
	}
	if (by == 0)
		return p;
	return (struct places){ p.low << by | p.high >> (64 - by),
				p.high << by | p.low >> (64 - by) };
}

static inline bool places_any(struct places p)
{
	return (p.low | p.high) != 0;
}

struct posting {
	uint32_t doc;
	struct places at;
	bool many; /* more places than are kept: anywhere */
};

/* Writing: entries in the order of their terms. */
struct block {
	struct buf bytes;
	char first[TERM_MAX_BYTES], last[TERM_MAX_BYTES];
	size_t first_len, last_len;
	struct buf entry; /* the one being made */
	bool final;       /* the segment will not be merged again */
};
void block_init(struct block *b);
void block_fini(struct block *b);
void block_start(struct block *b); /* empty again */
/* False where the block is full: write it, block_start, and add again. */
bool block_add(struct block *b, struct str term, uint32_t base, const struct posting *list,
	       size_t count);

/* Reading. */
struct entry_reader {
	struct str rest;
	char term[TERM_MAX_BYTES];
	size_t term_len;
	size_t count;     /* documents */
	struct str lists; /* documents and places */
};
void entries_start(struct entry_reader *r, struct str block);
/* 1: the next entry; 0: no more; -1: damaged */
int entries_next(struct entry_reader *r);
/* The entry of one term: 1, count and lists filled; 0: not in this block; -1: damaged */
int entries_find(struct str block, struct str term, struct entry_reader *r);

/* The documents of an entry into out[count]; where the places begin, or NULL: damaged. */
const char *read_docs(struct str lists, size_t count, uint32_t base, uint32_t *out);
/* The places of the next document; false: damaged. Mostly there is one. */
bool read_more_places(const char **p, const char *end, struct places *at, bool *many);
static inline bool read_places(const char **p, const char *end, struct places *at, bool *many)
{
	if (*p == end || (unsigned char)**p >= POSITIONS)
		return read_more_places(p, end, at, many);
	*at = places_one((unsigned char)*(*p)++);
	*many = false;
	return true;
}
/* Has a list of so many documents places, in a segment that stands for good or will be merged? */
bool has_places(struct str term, size_t count, bool final);
/* Over the places of the next `count` documents. */
bool skip_places(const char **p, const char *end, size_t count);

#endif
