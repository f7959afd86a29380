/* What the files of store share. */
#ifndef DIBAO_STORE_PRIVATE_H
#define DIBAO_STORE_PRIVATE_H

#include "base/map.h"
#include "store/db.h"
#include "store/store.h"

/* A revision's id is its article's with the number behind it, so that they lie together and need no
 * second index. */
enum { REVISION_BITS = 16, REVISION_MAX = (1 << REVISION_BITS) - 1 };

struct index;

struct late {
	struct arena mem;
	struct map groups[STORE_GROUP_KINDS]; /* name -> struct late_group, by kind */
	struct list keywords;
};

struct store {
	struct db *db;
	bool write;
	bool writing; /* between begin and commit */
	bool indexing;
	bool unindexed; /* there may be articles that are not in the index yet */
	int64_t next_article, next_capture, next_change; /* known between begin and commit */
	char *load[STORE_ALL + 1];                       /* statements of load_article */
	struct index *index;
	struct late late;
};

/* One write outside begin and commit is a transaction of its own: `own` says that write_end has to
 * end it. */
int write_start(struct store *s, bool *own, struct err *err);
int write_end(struct store *s, bool own, int rc, struct err *err);

/* --- what is written at the end of a transaction: keywords and the counts of groups ----------- */

void late_init(struct late *l);
void late_fini(struct late *l);
void late_forget(struct late *l); /* the transaction is undone */
/* `n` articles more (or fewer); `date`: of what is added. */
void late_group_add(struct store *s, enum store_group_by kind, struct str name, int64_t n,
		    int64_t date);
/* Into the table and its counts, or out of them; what is there already stays as it is. */
int late_keyword_add(struct store *s, struct str name, int64_t date, int64_t article,
		     struct err *err);
int late_keyword_drop(struct store *s, struct str name, int64_t date, int64_t article,
		      struct err *err);
int late_write(struct store *s, struct err *err);

/* --- the journal of edits and deletions ------------------------------------------------------- */

int event_add(struct store *s, enum store_event_kind kind, int64_t article_id, int revision,
	      int64_t time, struct err *err);

/* --- rows ------------------------------------------------------------------------------------- */

/* The columns read_article reads, in its order; a is articles. */
extern const char article_columns[];
enum { ARTICLE_COLUMN_COUNT = 33 };

/* What is in the row beside struct article. */
struct article_row {
	int64_t date, doc;
	int month;
	struct str text_source;
};
/* Strings are copied into mem. more may be NULL. */
void read_article(struct db_rows *r, struct arena *mem, struct article *out,
		  struct article_row *more);
/* Sets text and html from the columns behind ARTICLE_COLUMN_COUNT. */
/* `most`: bytes of the text; 0: all of it. */
void read_article_text(struct db_rows *r, struct arena *mem, unsigned with, size_t most,
		       struct article *out);

struct str pack_strs(struct arena *mem, const struct strs *list);
struct strs unpack_strs(struct arena *mem, struct str s); /* borrowed from s */
struct str pack_people(struct arena *mem, const struct people *list);
struct str pack_attachments(struct arena *mem, const struct attachments *list);
struct str pack_dateline(struct arena *mem, const struct dateline *d);

/* One article by id; row may be NULL. ERR_NOTFOUND. */
int load_article(struct store *s, struct arena *mem, int64_t id, unsigned with, struct article *out,
		 struct article_row *row, struct err *err);

char *load_statement(unsigned with); /* owned by the caller */

/* --- the search index ------------------------------------------------------------------------- */

/*
 * Takes the article's text into the index under a new document number, row->doc, and lets the
 * number it had die. Where the index is not kept up row->doc is 0: to be indexed later.
 */
int index_article(struct store *s, const struct article *art, struct article_row *row,
		  struct err *err);
/* Writes what was gathered; before a commit. */
int index_flush(struct store *s, struct err *err);
/* How many different terms the article has: what its document should have in the index. */
int index_count_terms(struct store *s, const struct article *art, int64_t *out, struct err *err);
/* The same at a commit, with some of the articles that are not in the index yet. */
int index_finish(struct store *s, struct err *err);
/* Fills search_days of an index made before there were any. */
int docs_make_days(struct store *s, struct err *err);
void index_forget(struct store *s); /* what was gathered: a rollback */
void index_free(struct store *s);
/* What stood around the text of a revision; empty where nothing did. */
int store_around(struct store *s, struct arena *a, int64_t article, int revision, struct str *out,
		 struct err *err);

/* --- documents that fell (store_fallen.c) ----------------------------------------------------- */

/* Keeps what the index has of an article, which is about to have another document. To be called
 * before its revision is written; `added`: a source it has just got. */
int fallen_add(struct store *s, struct arena *mem, const struct article *art, int64_t doc,
	       int64_t date, struct str added, struct err *err);
/* There are more documents: forgets the fallen ones of parts that are made anew for that. */
int fallen_grow(struct store *s, int64_t before, int64_t now, struct err *err);
/* Puts them into a list of all documents; the texts of one. */
int fallen_read(struct store *s, struct list *docs, struct err *err);
int fallen_texts(struct store *s, struct arena *a, int64_t number, struct store_doc_text *out,
		 struct err *err);

#endif
