/* What the files of the search index share: documents, segments, and their upkeep. */
#ifndef DIBAO_STORE_INDEX_H
#define DIBAO_STORE_INDEX_H

#include "store/postings.h"
#include "store/private.h"

enum {
	DOCS_A_BLOCK = 500,      /* 8,000 bytes: one page */
	DAYS_A_BLOCK = 4000,     /* the same */
	SEGMENT_BLOCK_BITS = 24, /* a block's id is its segment's with its number behind */
	MERGE_FANOUT = 8,
	TOP_DOCS = 16384, /* a segment of as many is never rewritten */
	TOP_LEVEL = 15
};

/* What search_docs has of each document; all zero: dead. */
struct doc_record {
	int64_t revision_id;
	int64_t date;
};

/* What search_days has of each: the day of its date, from the first of 1900 on as 1, what is before
 * or long behind as the first or last there is; 0: dead. */
uint16_t doc_day(int64_t date);

/* The number the next document gets; 1 is the first ever, since 0 says "not indexed". */
int docs_next(struct store *s, int64_t *out, struct err *err);
/* Writes the records of `count` documents from `doc` on, new ones or others in their place. */
int docs_put(struct store *s, int64_t doc, const struct doc_record *records, size_t count,
	     struct err *err);
/* The block of records or days; empty where there is none. */
int read_doc_block(struct store *s, int64_t block, struct buf *out, struct err *err);
int read_day_block(struct store *s, int64_t block, struct buf *out, struct err *err);

struct segment_row {
	int64_t id;
	uint32_t base;
	int64_t span, docs;
	int level;
};
/* All of them, oldest first, in mem. */
int read_segments(struct store *s, struct arena *mem, struct segment_row **out, size_t *count,
		  struct err *err);

/* Writing one segment: entries in order, then segment_out_finish. */
struct segment_out {
	struct store *s;
	struct block *block;
	int64_t segment, blocks, docs;
	uint32_t base;
};
/* `docs`: about how many it will have. */
int segment_out_start(struct segment_out *w, struct store *s, struct block *block, uint32_t base,
		      int64_t docs, struct err *err);
int segment_out_add(struct segment_out *w, struct str term, const struct posting *list,
		    size_t count, struct err *err);
int segment_out_finish(struct segment_out *w, int64_t span, struct err *err);

/* Merges as long as there are MERGE_FANOUT segments of one size. */
int merge_segments(struct store *s, struct err *err);

#endif
