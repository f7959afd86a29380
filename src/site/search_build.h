/* What the files of the search index's build share: docs/SEARCH.md has the format. */
#ifndef DIBAO_SITE_SEARCH_BUILD_H
#define DIBAO_SITE_SEARCH_BUILD_H

#include "site/build.h"
#include "site/gather.h"
#include "site/pack.h"
#include "site/spill.h"

enum {
	SEARCH_VERSION = 5,
	SEARCH_CHUNK = 8192, /* documents whose texts have packs of their own */
	SEARCH_SOURCES = 64, /* sources in one file, where there are more */
	SEARCH_INLINE = 4096 /* bytes of a part's head that stand in the root too */
};

/* What is in a part's packs. */
enum search_stream {
	SEARCH_INDEX,   /* i: tables of groups and of blocks, and the head above them */
	SEARCH_TERMS,   /* l: terms, with their documents where these are few */
	SEARCH_PLACES,  /* p: the documents of other terms; places */
	SEARCH_RECORDS, /* r: what is shown of documents, in groups */
	SEARCH_TEXTS,   /* x0-: of each chunk */
	SEARCH_STREAMS
};

/* Documents from..to that stand, and those that fell and can still be read, with their terms. */
struct search_part {
	int64_t from, to;
	uint64_t identity; /* of which documents it was made */
	int64_t docs;
	int64_t files; /* 0: not all of it is there */
	struct pack_place head;
	struct str head_piece; /* its bytes where they are few, in build.life */
};

/* "/search/g/0-16384-0123456789abcdef/"; the names of a stream's packs but for their numbers. */
struct str search_part_folder(struct arena *a, const struct search_part *p);
struct str search_stem(struct arena *a, const struct search_part *p, enum search_stream s,
		       int64_t chunk);
/* Of the bytes of its packs: small where it is, so that few are read where there are no ranges. */
size_t search_limit(const struct search_part *p);
/* Does its head lead to groups and blocks without tables between? A small one's does. */
bool search_flat(const struct search_part *p);

/* Makes a part; docs: all of the store's, by number. */
int search_put_part(struct build *b, const struct list *docs, struct search_part *part);
/* Sets its identity and how many documents it has. */
void search_part_identify(const struct list *docs, struct search_part *part);
/* Appends the ranks of those that fell, which are to be left out of what is found, as numbers of
 * the format; nothing where there are none. */
void search_part_fallen(const struct list *docs, const struct search_part *part, struct buf *out);

/* --- reading documents (search_docs.c) ---------------------------------------------------------
 */

/* One thread's, with a site and a gather of its own; the sink may be shared. */
struct search_docs;
struct search_docs *search_docs_new(struct site *site, const struct pack_sink *sink,
				    struct gather *gather, struct spill *records);
void search_docs_free(struct search_docs **d);

/* A chunk: SEARCH_CHUNK documents from `from` on, some chunks behind the part's begin; to be added
 * in the order of their numbers. What is written does not depend on what was read before. */
void search_docs_start(struct search_docs *d, const struct search_part *part, int64_t from);
/* number: in the part; *record: where among `records` what is shown of it is. ERR_IO. */
int search_docs_add(struct search_docs *d, const struct store_doc *doc, uint32_t number,
		    struct spill_place *record, struct err *err);
int search_docs_end(struct search_docs *d, struct err *err);

/* What a part's packs become: files of the site. */
struct part_files {
	struct build *b;
	struct pack_sink sink;
	int64_t count;
};
void part_files_start(struct part_files *f, struct build *b);

/* All documents of a part, in threads where they are many (search_crew.c). records: by number in
 * the part. What was read is the caller's, also after an error. */
enum { SEARCH_READERS = 4 }; /* each gathers in 25 MB */
struct search_read {
	struct gather *gathers[SEARCH_READERS];
	struct spill *records[SEARCH_READERS];
	size_t count;
};
/* Where the record of a document is. */
struct search_record {
	struct spill_place place;
	uint32_t reader;
};
int search_read_docs(struct build *b, const struct list *docs, struct search_part *part,
		     struct search_record *records, struct search_read *out);
void search_read_free(struct search_read *r);

/* --- writing lists (search_lists.c) --------------------------------------------------------------
 */

struct part_writer {
	struct search_part *part;
	struct arena arena;
	struct pack packs[SEARCH_TEXTS];
	bool flat;         /* no tables: what they hold stands in the head */
	struct buf groups; /* of each group of documents: hour, length */
	size_t group_count;
	int64_t groups_at; /* address of the first */
	int64_t group_hour, table_hour;
	struct buf tables; /* of each table of those: hour, length */
	int64_t tables_at;
	struct buf block; /* terms being filled */
	size_t block_bytes;
	struct buf run;    /* places of those that have few */
	struct buf first;  /* what tells that block's first term from the one before */
	struct buf blocks; /* of each block: that, length */
	size_t block_count;
	int64_t blocks_at;
	struct buf firsts; /* of each table of blocks: that of its first, length */
	int64_t firsts_at;
	struct buf entry;
	struct written {
		char bytes[GATHER_TERM_MAX];
		size_t len;
	} last, last_block, last_first; /* terms written last in each of the three */
	struct written before;          /* the last term of the block before */
	struct arena *life;             /* for what of the part outlives the writer */
	struct err *err;
};

struct part_writer *part_writer_new(struct build *b, struct search_part *part,
				    const struct pack_sink *sink);
void part_writer_free(struct part_writer **w);
/* Puts *bytes as a piece; it is empty afterwards. */
int part_writer_put(struct part_writer *w, enum search_stream stream, struct buf *bytes,
		    struct pack_place *out);
/* A group of documents, a piece of records; hour: that its first is not later than. */
int part_writer_group(struct part_writer *w, struct str piece, int64_t hour);
/* All terms, the head, and the packs that are not full. */
int part_writer_lists(struct part_writer *w, struct merge *m);

/* --- what is no part -----------------------------------------------------------------------------
 */

/* What the browser folds with. */
void search_tables(struct buf *out);

/* Puts b->bytes as a file whose name is noted first. */
int search_put(struct build *b, struct str path);

#endif
