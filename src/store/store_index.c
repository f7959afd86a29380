/*
 * The search index while writing.
 *
 * A text becomes terms (fold, segment); the terms of many texts are gathered in memory and written
 * as one sorted segment at the commit of the articles themselves, so that index and articles are
 * never apart. Small segments are merged into larger ones, eight at a time, up to where they have
 * TOP_DOCS documents; those stand for good. So a posting is rewritten a few times in its life,
 * however many articles there are.
 *
 * A document is a number of our own, growing (store_docs.c). A revised article is a new document,
 * and the old one dies: its record is zeroed, and a merge leaves it out.
 */
#include <stdlib.h>
#include <string.h>

#include "base/list.h"
#include "base/mem.h"
#include "store/index.h"
#include "store/postings.h"
#include "store/private.h"
#include "text/fold.h"
#include "text/segment.h"
#include "text/utf8.h"

enum {
	GATHER_MAX =
		1 << 19, /* occurrences in memory: 4 MB, and as many again while they are sorted */
	BACKLOG_A_COMMIT = 500,
	DOC_BITS = 20, /* documents in one gathering */
	POSITION_BITS = 7
};

/* A term in the gathering. key: its first eight bytes, so that their order is that of the numbers.
 */
struct gathered {
	uint64_t key;
	uint32_t len, count, rest; /* rest: place of the bytes behind the eighth in `long_terms` */
};

/* The key stands in the slot, so that finding a term misses the cache once. */
struct slot {
	uint64_t key;
	uint32_t len, number; /* number: term + 1, or 0 where the slot is free */
};

/*
 * Occurrences wait a little before their terms are looked up, so that the slot can be on its way
 * from memory meanwhile: the table is larger than the caches, and without this most of the time of
 * indexing is spent waiting for it.
 */
struct waiting {
	uint64_t key;
	size_t at; /* its slot */
	uint32_t len;
	uint32_t doc_place;
	char rest[TERM_MAX_BYTES - 8];
};
enum { WAITING = 16 };

struct index {
	struct waiting waiting[WAITING];
	size_t waiting_first, waiting_count;
	struct gathered *terms;
	size_t term_count, term_cap;
	struct slot *slots;
	size_t slot_count; /* a power of two */
	int slot_shift;    /* 64 - its logarithm */
	struct buf long_terms;
	uint64_t *occurrences; /* term << 27 | document << 7 | place */
	size_t occurrence_count, occurrence_cap;
	struct list docs;  /* struct doc_record of the documents gathered */
	int64_t first_doc; /* number of the first of them; 0: not known yet */
	struct buf folded;
	struct block block;
};

/* --- terms ------------------------------------------------------------------------------------ */

static uint64_t key_of(const char *p, size_t len)
{
	uint64_t key = 0;

	if (len >= 8) {
		memcpy(&key, p, 8);
		return __builtin_bswap64(key);
	}
	for (size_t i = 0; i < len; i++)
		key = key << 8 | (unsigned char)p[i];
	return len ? key << (64 - 8 * len) : 0;
}

/* Multiplication carries upwards: it is the high bits that depend on all of the key. */
static size_t slot_of(const struct index *ix, uint64_t key, struct str rest)
{
	if (rest.len)
		key ^= hash64_fast(rest);
	key ^= key >> 32;
	return (size_t)(key * UINT64_C(0x9E3779B97F4A7C15) >> ix->slot_shift);
}

static struct str rest_of(const struct index *ix, const struct gathered *g)
{
	return g->len > 8 ? str_n(ix->long_terms.ptr + g->rest, g->len - 8) : str_n("", 0);
}

static void grow_slots(struct index *ix)
{
	mem_free(ix->slots);
	ix->slot_count = ix->slot_count ? ix->slot_count * 2 : 1 << 16;
	ix->slot_shift = 64 - __builtin_ctzll(ix->slot_count);
	ix->slots = mem_array(ix->slot_count, sizeof(*ix->slots));
	for (size_t i = 0; i < ix->term_count; i++) {
		const struct gathered *g = &ix->terms[i];
		size_t at = slot_of(ix, g->key, rest_of(ix, g));

		while (ix->slots[at].number)
			at = (at + 1) & (ix->slot_count - 1);
		ix->slots[at] = (struct slot){ g->key, g->len, (uint32_t)i + 1 };
	}
}

static uint32_t term_number(struct index *ix, const struct waiting *w)
{
	struct str rest = str_n(w->rest, w->len > 8 ? w->len - 8 : 0);
	size_t at = w->at;

	for (; ix->slots[at].number; at = (at + 1) & (ix->slot_count - 1)) {
		const struct slot *slot = &ix->slots[at];

		if (slot->key == w->key && slot->len == w->len &&
		    (!rest.len || memcmp(rest_of(ix, &ix->terms[slot->number - 1]).ptr, rest.ptr,
					 rest.len) == 0))
			return slot->number - 1;
	}
	if (ix->term_count == ix->term_cap) {
		ix->term_cap = ix->term_cap ? ix->term_cap * 2 : 1 << 15;
		ix->terms = mem_realloc(ix->terms, ix->term_cap * sizeof(*ix->terms));
	}
	ix->terms[ix->term_count] =
		(struct gathered){ w->key, w->len, 0, (uint32_t)ix->long_terms.len };
	buf_add(&ix->long_terms, rest);
	ix->slots[at] = (struct slot){ w->key, w->len, (uint32_t)++ix->term_count };
	return (uint32_t)ix->term_count - 1;
}

static void look_up_first(struct index *ix)
{
	const struct waiting *w = &ix->waiting[ix->waiting_first];

	if (ix->occurrence_count == ix->occurrence_cap) { /* one text longer than a gathering */
		ix->occurrence_cap *= 2;
		ix->occurrences =
			mem_realloc(ix->occurrences, ix->occurrence_cap * sizeof(*ix->occurrences));
	}
	ix->occurrences[ix->occurrence_count++] =
		(uint64_t)term_number(ix, w) << (DOC_BITS + POSITION_BITS) | w->doc_place;
	ix->waiting_first = (ix->waiting_first + 1) % WAITING;
	ix->waiting_count--;
}

static void look_up_waiting(struct index *ix)
{
	while (ix->waiting_count)
		look_up_first(ix);
}

static void add_occurrence(struct index *ix, const char *p, size_t len, size_t doc, size_t place)
{
	if (len > TERM_MAX_BYTES)
		len = TERM_MAX_BYTES;
	if (ix->waiting_count == WAITING)
		look_up_first(ix);
	if ((ix->term_count + WAITING) * 3 >= ix->slot_count * 2) {
		look_up_waiting(ix);
		grow_slots(ix);
	}
	struct waiting *w = &ix->waiting[(ix->waiting_first + ix->waiting_count++) % WAITING];
	w->key = key_of(p, len);
	w->len = (uint32_t)len;
	if (len > 8)
		memcpy(w->rest, p + 8, len - 8);
	w->at = slot_of(ix, w->key, str_n(w->rest, len > 8 ? len - 8 : 0));
	w->doc_place = (uint32_t)doc << POSITION_BITS | (uint32_t)(place & (POSITIONS - 1));
	__builtin_prefetch(&ix->slots[w->at]);
}

static void add_field(struct index *ix, const char *field, struct str value, size_t doc)
{
	char term[TERM_MAX_BYTES];
	size_t len = value.len < TERM_MAX_BYTES - 1 ? value.len : TERM_MAX_BYTES - 1;

	term[0] = *field;
	memcpy(term + 1, value.ptr, len);
	add_occurrence(ix, term, len + 1, doc, 0);
}

/* --- documents -------------------------------------------------------------------------------- */

/* Sets the record of a document: dead, or of another date. */
static int set_doc(struct store *s, int64_t doc, struct doc_record record, struct err *err)
{
	struct index *ix = s->index;

	if (ix && ix->first_doc && doc >= ix->first_doc) {
		*(struct doc_record *)list_at(&ix->docs, (size_t)(doc - ix->first_doc)) = record;
		return 0;
	}
	return docs_put(s, doc, &record, 1, err);
}

/* --- gathering -------------------------------------------------------------------------------- */

static struct index *index_new(void)
{
	struct index *ix = mem_alloc(sizeof(*ix));

	ix->occurrence_cap = GATHER_MAX;
	ix->occurrences = mem_array(GATHER_MAX, sizeof(*ix->occurrences));
	list_init(&ix->docs, sizeof(struct doc_record));
	buf_init(&ix->folded, BUF_NO_MAX);
	buf_init(&ix->long_terms, BUF_NO_MAX);
	block_init(&ix->block);
	return ix;
}

void index_free(struct store *s)
{
	struct index *ix = s->index;

	s->index = NULL;
	if (!ix)
		return;
	mem_free(ix->terms);
	mem_free(ix->slots);
	mem_free(ix->occurrences);
	list_fini(&ix->docs);
	buf_fini(&ix->folded);
	buf_fini(&ix->long_terms);
	block_fini(&ix->block);
	mem_free(ix);
}

void index_forget(struct store *s)
{
	struct index *ix = s->index;

	if (!ix)
		return;
	ix->term_count = ix->occurrence_count = 0;
	if (ix->slots)
		memset(ix->slots, 0, ix->slot_count * sizeof(*ix->slots));
	list_reset(&ix->docs);
	buf_reset(&ix->long_terms);
	ix->first_doc = 0;
}

static void gather_text(struct index *ix, struct str text, size_t title_len, size_t doc)
{
	struct segment seg;
	struct term term;
	char title[TERM_MAX_BYTES];

	segment_start(&seg, text);
	while (segment_next(&seg, &term)) {
		add_occurrence(ix, term.text.ptr, term.text.len, doc, term.unit);
		if (term.from >= title_len)
			continue;
		size_t len =
			term.text.len < TERM_MAX_BYTES - 1 ? term.text.len : TERM_MAX_BYTES - 1;
		title[0] = *FIELD_TITLE;
		memcpy(title + 1, term.text.ptr, len);
		add_occurrence(ix, title, len + 1, doc, 0);
	}
}

static int gather_sources(struct store *s, struct index *ix, const struct article *art, size_t doc,
			  struct err *err)
{
	struct db_rows *r;
	int rc;

	add_field(ix, FIELD_SOURCE, art->source, doc);
	if (db_query(s->db, "SELECT source FROM article_sources WHERE article_id = $1", &r, err) <
	    0)
		return err->code;
	db_bind_i64(r, 1, art->id);
	while ((rc = db_next(r, err)) > 0)
		if (!str_eq(db_str(r, 0), art->source))
			add_field(ix, FIELD_SOURCE, db_str(r, 0), doc);
	db_done(&r);
	return rc;
}

/* What stood around the text comes last: it is searched, and not shown. */
static int fold_around(struct store *s, struct index *ix, const struct article *art,
		       struct err *err)
{
	struct db_rows *r;

	if (db_query(s->db, "SELECT around FROM revisions WHERE id = $1", &r, err) < 0)
		return err->code;
	db_bind_i64(r, 1, art->id << REVISION_BITS | art->revision);
	int rc = db_next(r, err);
	if (rc > 0 && db_str(r, 0).len > 0) {
		buf_add_ch(&ix->folded, '\n');
		fold_to(&ix->folded, db_str(r, 0));
	}
	db_done(&r);
	return rc < 0 ? rc : 0;
}

static int gather(struct store *s, struct index *ix, const struct article *art, struct err *err)
{
	size_t doc = ix->docs.count - 1;

	buf_reset(&ix->folded);
	fold_to(&ix->folded, art->title);
	size_t title_len = ix->folded.len;
	buf_add_ch(&ix->folded, '\n');
	fold_to(&ix->folded, art->text);
	if (fold_around(s, ix, art, err) < 0)
		return err->code;
	gather_text(ix, buf_str(&ix->folded), title_len, doc);
	for (size_t i = 0; i < art->keywords.count && i < 32; i++) {
		buf_reset(&ix->folded);
		fold_to(&ix->folded, art->keywords.items[i]);
		add_field(ix, FIELD_TAG, str_trim(buf_str(&ix->folded)), doc);
	}
	int rc = gather_sources(s, ix, art, doc, err);
	look_up_waiting(ix);
	return rc;
}

int index_article(struct store *s, const struct article *art, struct article_row *row,
		  struct err *err)
{
	int64_t old = row->doc;

	row->doc = 0;
	if (old > 0 && set_doc(s, old, (struct doc_record){ 0 }, err) < 0)
		return err->code;
	if (!s->indexing)
		return 0;
	if (!s->index)
		s->index = index_new();
	struct index *ix = s->index;
	/* Room for a long text, or what is there goes out first. */
	if (ix->docs.count > 0 &&
	    (ix->occurrence_count + art->text.len / 3 > GATHER_MAX ||
	     ix->docs.count >= (1 << DOC_BITS) - 1) &&
	    index_flush(s, err) < 0)
		return err->code;
	if (!ix->first_doc && docs_next(s, &ix->first_doc, err) < 0)
		return err->code;
	row->doc = ix->first_doc + (int64_t)ix->docs.count;
	*(struct doc_record *)list_add(&ix->docs) =
		(struct doc_record){ art->id << REVISION_BITS | art->revision, row->date };
	return gather(s, ix, art, err);
}

/*
 * Articles written while the index was off come in as others are written: some at each commit, so
 * that no commit takes long.
 */
static int index_waiting_articles(struct store *s, struct err *err)
{
	struct db_rows *r;
	struct arena mem;
	int64_t ids[BACKLOG_A_COMMIT];
	int count = 0, rc;

	if (db_query(s->db, "SELECT id FROM articles WHERE doc = 0 LIMIT $1", &r, err) < 0)
		return err->code;
	db_bind_i64(r, 1, BACKLOG_A_COMMIT);
	while ((rc = db_next(r, err)) > 0)
		ids[count++] = db_i64(r, 0);
	db_done(&r);
	s->unindexed = count > 0;
	arena_init(&mem);
	for (int i = 0; rc == 0 && i < count; i++) {
		struct article art;
		struct article_row row;

		arena_reset(&mem);
		rc = load_article(s, &mem, ids[i], STORE_TEXT, &art, &row, err);
		if (rc == 0)
			rc = index_article(s, &art, &row, err);
		if (rc == 0)
			rc = db_query(s->db, "UPDATE articles SET doc = $2 WHERE id = $1", &r, err);
		if (rc < 0)
			break;
		db_bind_i64(r, 1, ids[i]);
		db_bind_i64(r, 2, row.doc);
		rc = db_run(&r, err);
	}
	arena_fini(&mem);
	return rc;
}

int index_finish(struct store *s, struct err *err)
{
	if (s->indexing && s->unindexed && index_waiting_articles(s, err) < 0)
		return err->code;
	return index_flush(s, err);
}

int store_unindexed(struct store *s, int64_t *out, struct err *err)
{
	struct db_rows *r;

	if (db_query(s->db, "SELECT COUNT(*) FROM articles WHERE doc = 0", &r, err) < 0)
		return err->code;
	int rc = db_next(r, err);
	*out = rc > 0 ? db_i64(r, 0) : 0;
	db_done(&r);
	return rc < 0 ? rc : 0;
}

int index_count_terms(struct store *s, const struct article *art, int64_t *out, struct err *err)
{
	if (!s->index)
		s->index = index_new();
	index_forget(s);
	list_add(&s->index->docs);
	int rc = gather(s, s->index, art, err);
	*out = (int64_t)s->index->term_count;
	index_forget(s);
	return rc;
}

/* --- writing a segment ------------------------------------------------------------------------ */

/* Terms in their order: by the first eight bytes with a radix sort, the few that share them by
 * comparison. */
static int compare_rest(const void *a, const void *b, void *arg)
{
	const struct index *ix = arg;
	const struct gathered *x = &ix->terms[*(const uint32_t *)a],
			      *y = &ix->terms[*(const uint32_t *)b];
	struct str xs = str_n(ix->long_terms.ptr + x->rest, x->len > 8 ? x->len - 8 : 0);
	struct str ys = str_n(ix->long_terms.ptr + y->rest, y->len > 8 ? y->len - 8 : 0);

	if (x->len <= 8 || y->len <= 8)
		return (x->len > y->len) - (x->len < y->len);
	return str_cmp(xs, ys);
}

static uint32_t *sort_terms(struct index *ix)
{
	size_t n = ix->term_count;
	uint32_t *order = mem_array(n, sizeof(*order)), *other = mem_array(n, sizeof(*other));

	for (size_t i = 0; i < n; i++)
		order[i] = (uint32_t)i;
	for (int shift = 0; shift < 64; shift += 8) {
		size_t starts[257] = { 0 };

		for (size_t i = 0; i < n; i++)
			starts[(ix->terms[i].key >> shift & 255) + 1]++;
		for (int i = 0; i < 256; i++)
			starts[i + 1] += starts[i];
		for (size_t i = 0; i < n; i++)
			other[starts[ix->terms[order[i]].key >> shift & 255]++] = order[i];
		uint32_t *swap = order;
		order = other;
		other = swap;
	}
	mem_free(other);
	for (size_t i = 0, j; i < n; i = j) {
		for (j = i + 1; j < n && ix->terms[order[j]].key == ix->terms[order[i]].key; j++)
			;
		if (j - i > 1)
			qsort_r(order + i, j - i, sizeof(*order), compare_rest, ix);
	}
	return order;
}

static size_t term_of(uint64_t occurrence)
{
	return (size_t)(occurrence >> (DOC_BITS + POSITION_BITS));
}

/* The occurrences by term, in the order of the documents they came in; fetched ahead, as they lie
 * far apart. */
static uint64_t *sort_occurrences(struct index *ix, const uint32_t *order)
{
	enum { AHEAD = 16 };
	size_t n = ix->occurrence_count;
	uint64_t *sorted = mem_array(n + 1, sizeof(*sorted)), *all = ix->occurrences;
	uint32_t *starts = mem_array(ix->term_count + 1, sizeof(*starts)), at = 0;

	for (size_t i = 0; i < n; i++) {
		__builtin_prefetch(&starts[term_of(all[i + AHEAD < n ? i + AHEAD : i])], 1);
		starts[term_of(all[i])]++;
	}
	for (size_t i = 0; i < ix->term_count; i++) {
		uint32_t count = starts[order[i]];

		ix->terms[order[i]].count = count;
		starts[order[i]] = at;
		at += count;
	}
	for (size_t i = 0; i < n; i++) {
		if (i + AHEAD < n)
			__builtin_prefetch(&starts[term_of(all[i + AHEAD])], 1);
		if (i + AHEAD / 2 < n)
			__builtin_prefetch(&sorted[starts[term_of(all[i + AHEAD / 2])]], 1);
		sorted[starts[term_of(all[i])]++] = all[i];
	}
	mem_free(starts);
	return sorted;
}

static struct str term_bytes(const struct index *ix, const struct gathered *g,
			     char out[TERM_MAX_BYTES])
{
	uint64_t key = __builtin_bswap64(g->key);

	memcpy(out, &key, 8);
	if (g->len > 8)
		memcpy(out + 8, ix->long_terms.ptr + g->rest, g->len - 8);
	return str_n(out, g->len);
}

/* One posting a document out of a term's occurrences; how many. */
static size_t make_postings(const uint64_t *from, size_t count, uint32_t first_doc,
			    struct posting *out)
{
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		uint32_t doc =
			first_doc + (uint32_t)(from[i] >> POSITION_BITS & ((1u << DOC_BITS) - 1));
		struct places at = places_one(from[i] & (POSITIONS - 1));

		if (n > 0 && out[n - 1].doc == doc)
			out[n - 1].at = places_or(out[n - 1].at, at);
		else
			out[n++] = (struct posting){ doc, at, false };
	}
	return n;
}

static int write_gathered(struct store *s, struct index *ix, struct err *err)
{
	struct segment_out w;
	uint32_t *order = sort_terms(ix);
	uint64_t *sorted = sort_occurrences(ix, order);
	struct posting *list = mem_array(ix->docs.count + 1, sizeof(*list));
	char bytes[TERM_MAX_BYTES];
	int rc = segment_out_start(&w, s, &ix->block, (uint32_t)ix->first_doc,
				   (int64_t)ix->docs.count, err);
	const uint64_t *at = sorted;

	for (size_t i = 0; rc == 0 && i < ix->term_count; i++) {
		const struct gathered *g = &ix->terms[order[i]];
		size_t n = make_postings(at, g->count, w.base, list);

		rc = segment_out_add(&w, term_bytes(ix, g, bytes), list, n, err);
		at += g->count;
	}
	if (rc == 0)
		rc = segment_out_finish(&w, (int64_t)ix->docs.count, err);
	mem_free(list);
	mem_free(sorted);
	mem_free(order);
	return rc;
}

int index_flush(struct store *s, struct err *err)
{
	struct index *ix = s->index;

	if (!ix || !ix->docs.count)
		return 0;
	if (ix->first_doc + (int64_t)ix->docs.count > UINT32_MAX)
		return err_set(err, ERR_LIMIT, "the search index is full: 4,294,967,295 documents");
	if (docs_put(s, ix->first_doc, ix->docs.items, ix->docs.count, err) < 0 ||
	    write_gathered(s, ix, err) < 0 ||
	    fallen_grow(s, ix->first_doc, ix->first_doc + (int64_t)ix->docs.count, err) < 0)
		return err->code;
	index_forget(s);
	return merge_segments(s, err);
}
