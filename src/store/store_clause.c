/*
 * Which documents of a segment answer a query.
 *
 * Every term has to be there, so the rarest is asked for first: where a segment does not have it,
 * no other is read. Then the lists are intersected from the shortest on, and only for what is left
 * are places read, the lists' bytes before them passed over unread.
 *
 * Memory is kept from segment to segment: there are dozens, and each needs about the same.
 */
#include <string.h>

#include "base/mem.h"
#include "store/search.h"

/* A term of the query, and its list in the segment at hand. */
struct term_list {
	struct str text;
	size_t unit;
	bool prefix;
	uint64_t seen;        /* documents in the segments so far */
	struct db_rows *rows; /* what `lists` is borrowed from */
	struct str lists;
	size_t count; /* 0: the segment does not have it */
	uint32_t *docs;
	size_t docs_cap;
	const char *places; /* in lists; NULL: not known */
};

struct asked {
	struct term_list *terms;
	size_t count;
	bool without;
};

struct clauses {
	struct store *s;
	struct arena mem;
	struct asked *asked; /* one a clause */
	size_t count;
	struct term_list **must; /* of all clauses that must be there, the rarest first */
	size_t must_count;
	struct term_list **title; /* the same terms as they are in titles */
	size_t title_count;
	struct docs found, in_title, without;
	struct places *at; /* of a document of `found` each: where its match may begin */
	size_t at_cap;
	struct buf set; /* a byte a document: the union of lists */
};

/* --- a query's terms -------------------------------------------------------------------------- */

static void add_title_term(struct clauses *c, const struct query_term *t)
{
	struct term_list *l = arena_alloc(&c->mem, sizeof(*l));
	struct str text = arena_strf(&c->mem, FIELD_TITLE "%.*s", STR_FMT(t->text));

	l->text = str_sub(text, 0, TERM_MAX_BYTES);
	l->prefix = t->prefix;
	c->title[c->title_count++] = l;
}

static void add_clause(struct clauses *c, const struct clause *from)
{
	struct asked *a = &c->asked[c->count++];

	a->without = from->without;
	a->terms = arena_array(&c->mem, from->term_count, sizeof(*a->terms));
	a->count = from->term_count;
	for (size_t i = 0; i < a->count; i++) {
		const struct query_term *t = &from->terms[i];

		a->terms[i].text = t->text;
		a->terms[i].unit = t->unit;
		a->terms[i].prefix = t->prefix;
		if (from->without)
			continue;
		c->must[c->must_count++] = &a->terms[i];
		if (!from->field)
			add_title_term(c, t);
	}
}

struct clauses *clauses_new(struct store *s, const struct query *q)
{
	struct clauses *c = mem_alloc(sizeof(*c));
	size_t terms = 0;

	c->s = s;
	arena_init(&c->mem);
	buf_init(&c->set, BUF_NO_MAX);
	for (size_t i = 0; i < q->count; i++)
		terms += q->clauses[i].term_count;
	c->asked = arena_array(&c->mem, q->count, sizeof(*c->asked));
	c->must = arena_array(&c->mem, terms, sizeof(*c->must));
	c->title = arena_array(&c->mem, terms, sizeof(*c->title));
	for (size_t i = 0; i < q->count; i++)
		add_clause(c, &q->clauses[i]);
	return c;
}

static void fini_term(struct term_list *t)
{
	db_done(&t->rows);
	mem_free(t->docs);
}

static void fini_docs(struct docs *d)
{
	mem_free(d->items);
	mem_free(d->unsure);
}

void clauses_free(struct clauses **clauses)
{
	struct clauses *c = *clauses;

	*clauses = NULL;
	if (!c)
		return;
	for (size_t i = 0; i < c->count; i++)
		for (size_t k = 0; k < c->asked[i].count; k++)
			fini_term(&c->asked[i].terms[k]);
	for (size_t i = 0; i < c->title_count; i++)
		fini_term(c->title[i]);
	fini_docs(&c->found);
	fini_docs(&c->in_title);
	fini_docs(&c->without);
	mem_free(c->at);
	buf_fini(&c->set);
	arena_fini(&c->mem);
	mem_free(c);
}

/* --- sets of documents ------------------------------------------------------------------------ */

static void copy_docs(struct docs *to, const uint32_t *items, size_t count)
{
	if (to->cap < count + 1) {
		to->cap = 2 * (count + 1);
		to->items = mem_realloc(to->items, to->cap * sizeof(*to->items));
		to->unsure = mem_realloc(to->unsure, to->cap);
	}
	if (count)
		memcpy(to->items, items, count * sizeof(*items));
	memset(to->unsure, 0, count + 1);
	to->count = count;
}

/* The place of the first document not before `doc`, from `at` on: in steps that double, then by
 * halves. */
static size_t find_doc(const uint32_t *items, size_t count, size_t at, uint32_t doc)
{
	size_t step = 1, low = at;

	while (at < count && items[at] < doc) {
		low = at + 1;
		at += step;
		step *= 2;
	}
	size_t high = at < count ? at : count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (items[middle] < doc)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Keeps what is in the list too. Where both are long it is as good as chance which is ahead: no
 * branch depends on it. */
static void intersect(struct docs *a, const uint32_t *items, size_t count)
{
	enum { MUCH_LONGER = 16 };
	size_t n = 0, i = 0, j = 0;

	if (count / MUCH_LONGER > a->count) {
		for (; i < a->count; i++) {
			j = find_doc(items, count, j, a->items[i]);
			if (j == count)
				break;
			if (items[j] == a->items[i])
				a->items[n++] = a->items[i];
		}
	} else {
		while (i < a->count && j < count) {
			uint32_t x = a->items[i], y = items[j];

			a->items[n] = x;
			n += x == y;
			i += x <= y;
			j += y <= x;
		}
	}
	a->count = n;
}

/* --- lists of a segment ----------------------------------------------------------------------- */

int segment_damaged(const struct segment_row *seg, struct err *err)
{
	return err_set(err, ERR_INPUT, "the search index is damaged: segment %d (dibao verify)",
		       (int)seg->id);
}

/* The block that would hold the term, positioned before it; 0: none. The rows have to be ended. */
static int open_block(struct clauses *c, const struct segment_row *seg, struct str term,
		      struct db_rows **r, struct err *err)
{
	if (db_query(c->s->db,
		     "SELECT data FROM search_blocks WHERE segment = $1 AND first <= $2"
		     " ORDER BY first DESC LIMIT 1",
		     r, err) < 0)
		return err->code;
	db_bind_i64(*r, 1, seg->id);
	db_bind_blob(*r, 2, term);
	return db_next(*r, err);
}

/* Fills in t->lists and t->count. */
static int find_entry(struct clauses *c, const struct segment_row *seg, struct term_list *t,
		      struct err *err)
{
	struct entry_reader e;

	t->count = 0;
	db_done(&t->rows);
	int rc = open_block(c, seg, t->text, &t->rows, err);
	if (rc <= 0)
		return rc;
	int found = entries_find(db_str(t->rows, 0), t->text, &e);
	if (found < 0)
		return segment_damaged(seg, err);
	if (found > 0) {
		t->count = e.count;
		t->seen += e.count;
		t->lists = e.lists;
	}
	return 0;
}

static void docs_room(struct term_list *t, size_t count)
{
	if (t->docs_cap >= count)
		return;
	t->docs_cap = count * 2;
	t->docs = mem_realloc(t->docs, t->docs_cap * sizeof(*t->docs));
}

/* Fills in t->docs and t->places from t->lists. */
static int decode_entry(const struct segment_row *seg, struct term_list *t, struct err *err)
{
	docs_room(t, t->count + 1);
	t->places = read_docs(t->lists, t->count, seg->base, t->docs);
	if (!t->places || t->docs[0] - seg->base >= seg->span ||
	    t->docs[t->count - 1] - seg->base >= seg->span)
		return segment_damaged(seg, err);
	if (!has_places(t->text, t->count, seg->level == TOP_LEVEL))
		t->places = NULL;
	return 0;
}

static int add_to_set(struct clauses *c, const struct segment_row *seg, struct term_list *t,
		      const struct entry_reader *e, struct err *err)
{
	docs_room(t, e->count + 1);
	if (!read_docs(e->lists, e->count, seg->base, t->docs))
		return segment_damaged(seg, err);
	for (size_t i = 0; i < e->count; i++)
		if (t->docs[i] - seg->base < seg->span)
			c->set.ptr[t->docs[i] - seg->base] = 1;
	return 0;
}

static int add_block_to_set(struct clauses *c, const struct segment_row *seg, struct term_list *t,
			    struct str block, bool *ended, struct err *err)
{
	struct entry_reader e;
	int more;

	entries_start(&e, block);
	while ((more = entries_next(&e)) > 0) {
		struct str term = str_n(e.term, e.term_len);

		if (str_has_prefix(term, t->text)) {
			if (add_to_set(c, seg, t, &e, err) < 0)
				return err->code;
		} else if (str_cmp(term, t->text) > 0) {
			*ended = true;
			return 0;
		}
	}
	return more < 0 ? segment_damaged(seg, err) : 0;
}

static int fill_set(struct clauses *c, const struct segment_row *seg, struct term_list *t,
		    struct err *err)
{
	struct db_rows *r;
	bool ended = false;
	int rc = open_block(c, seg, t->text, &r, err);

	if (rc > 0)
		rc = add_block_to_set(c, seg, t, db_str(r, 0), &ended, err);
	db_done(&r);
	if (rc < 0 || ended)
		return rc;
	if (db_query(c->s->db,
		     "SELECT data FROM search_blocks WHERE segment = $1 AND first > $2 "
		     "ORDER BY first",
		     &r, err) < 0)
		return err->code;
	db_bind_i64(r, 1, seg->id);
	db_bind_blob(r, 2, t->text);
	while (!ended && (rc = db_next(r, err)) > 0)
		if ((rc = add_block_to_set(c, seg, t, db_str(r, 0), &ended, err)) < 0)
			break;
	db_done(&r);
	return rc < 0 ? rc : 0;
}

/* One character: whatever begins with it. */
static int decode_prefix(struct clauses *c, const struct segment_row *seg, struct term_list *t,
			 struct err *err)
{
	size_t span = (size_t)seg->span;

	buf_reset(&c->set);
	memset(buf_room(&c->set, span + 8), 0, span + 8);
	int rc = fill_set(c, seg, t, err);
	if (rc < 0)
		return rc;
	docs_room(t, span + 1);
	t->count = 0;
	t->places = NULL;
	for (size_t i = 0; i < span; i += 8) {
		uint64_t eight;

		memcpy(&eight, c->set.ptr + i, 8);
		for (size_t k = i; eight && k < i + 8 && k < span; k++) {
			t->docs[t->count] = seg->base + (uint32_t)k;
			t->count += c->set.ptr[k] != 0;
		}
	}
	return 0;
}

/* --- clauses ---------------------------------------------------------------------------------- */

static bool rarer(const struct term_list *a, const struct term_list *b, bool here)
{
	if (a->prefix != b->prefix)
		return b->prefix; /* many lists in one */
	return here ? a->count < b->count : a->seen < b->seen;
}

/* The rarest first: in the segments so far, or in this one. */
static void sort_terms(struct term_list **terms, size_t count, bool here)
{
	for (size_t i = 1; i < count; i++) {
		struct term_list *t = terms[i];
		size_t at = i;

		for (; at > 0 && rarer(t, terms[at - 1], here); at--)
			terms[at] = terms[at - 1];
		terms[at] = t;
	}
}

static void list_terms(const struct asked *a, struct term_list *out[CLAUSE_MAX_UNITS])
{
	for (size_t i = 0; i < a->count; i++)
		out[i] = &a->terms[i];
}

/*
 * Narrows `docs` to what has all terms, or (begin) fills it with that. The terms come back in the
 * order of their lists here.
 */
static int intersect_terms(struct clauses *c, const struct segment_row *seg,
			   struct term_list **terms, size_t count, bool begin, struct docs *docs,
			   struct err *err)
{
	for (size_t i = 0; i < count; i++) {
		if (terms[i]->prefix)
			continue;
		if (find_entry(c, seg, terms[i], err) < 0)
			return err->code;
		if (!terms[i]->count) {
			docs->count = 0;
			return 0;
		}
	}
	sort_terms(terms, count, true);
	for (size_t i = 0; i < count && (begin || docs->count); i++) {
		struct term_list *t = terms[i];

		if ((t->prefix ? decode_prefix(c, seg, t, err) : decode_entry(seg, t, err)) < 0)
			return err->code;
		if (begin)
			copy_docs(docs, t->docs, t->count);
		else
			intersect(docs, t->docs, t->count);
		begin = false;
	}
	return 0;
}

/*
 * Narrows by one term of a clause: `at` has for each document where the clause may begin, modulo
 * 128. Documents with no place left drop out.
 */
static bool follow(struct clauses *c, struct term_list *t, struct docs *docs)
{
	const char *p = t->places, *end = t->lists.ptr + t->lists.len;
	unsigned by = (unsigned)(POSITIONS - t->unit % POSITIONS);
	size_t n = 0, j = 0;

	for (size_t i = 0; i < docs->count; i++) {
		size_t place = find_doc(t->docs, t->count, j, docs->items[i]);
		struct places here;
		bool many;

		if (place == t->count || (place > j && !skip_places(&p, end, place - j)) ||
		    !read_places(&p, end, &here, &many))
			return false;
		j = place + 1;
		here = places_and(places_shift(here, by), c->at[i]);
		if (!places_any(here))
			continue;
		docs->items[n] = docs->items[i];
		docs->unsure[n] = docs->unsure[i] | many;
		c->at[n++] = here;
	}
	docs->count = n;
	return true;
}

/* Several terms, one behind the other; `docs` have them all. */
static int follow_clause(struct clauses *c, const struct segment_row *seg, const struct asked *a,
			 struct docs *docs, struct err *err)
{
	struct term_list *terms[CLAUSE_MAX_UNITS];
	bool known = true;

	if (a->count < 2 || !docs->count)
		return 0;
	list_terms(a, terms);
	sort_terms(terms, a->count, true);
	if (c->at_cap < docs->count) {
		c->at_cap = docs->count * 2;
		c->at = mem_realloc(c->at, c->at_cap * sizeof(*c->at));
	}
	memset(c->at, 0xFF, docs->count * sizeof(*c->at));
	for (size_t i = 0; i < a->count && docs->count; i++) {
		/* A character by itself, beside words, may begin a longer run or end one: in its
		 * pairs' lists, and where is not known. */
		if (!terms[i]->places)
			known = false;
		else if (!follow(c, terms[i], docs))
			return segment_damaged(seg, err);
	}
	if (!known)
		memset(docs->unsure, 1, docs->count);
	return 0;
}

/* Drops what has the clause; what may have it stays, to be looked at. */
static int leave_out(struct clauses *c, const struct segment_row *seg, const struct asked *a,
		     struct err *err)
{
	struct docs *docs = &c->found, *out = &c->without;
	struct term_list *terms[CLAUSE_MAX_UNITS];
	size_t n = 0, j = 0;

	copy_docs(out, docs->items, docs->count);
	list_terms(a, terms);
	sort_terms(terms, a->count, false);
	if (intersect_terms(c, seg, terms, a->count, false, out, err) < 0 ||
	    follow_clause(c, seg, a, out, err) < 0)
		return err->code;
	for (size_t i = 0; i < docs->count; i++) {
		bool there = j < out->count && out->items[j] == docs->items[i];

		if (!there || out->unsure[j]) {
			docs->items[n] = docs->items[i];
			docs->unsure[n++] = docs->unsure[i] | there;
		}
		j += there;
	}
	docs->count = n;
	return 0;
}

int clauses_find(struct clauses *c, const struct segment_row *seg, struct docs **out,
		 struct err *err)
{
	*out = &c->found;
	c->found.count = 0;
	sort_terms(c->must, c->must_count, false);
	if (intersect_terms(c, seg, c->must, c->must_count, true, &c->found, err) < 0)
		return err->code;
	for (size_t i = 0; i < c->count && c->found.count; i++)
		if (!c->asked[i].without && follow_clause(c, seg, &c->asked[i], &c->found, err) < 0)
			return err->code;
	for (size_t i = 0; i < c->count && c->found.count; i++)
		if (c->asked[i].without && leave_out(c, seg, &c->asked[i], err) < 0)
			return err->code;
	return 0;
}

int clauses_in_title(struct clauses *c, const struct segment_row *seg, struct docs **out,
		     struct err *err)
{
	*out = &c->in_title;
	c->in_title.count = 0;
	if (!c->title_count)
		return 0;
	copy_docs(&c->in_title, c->found.items, c->found.count);
	sort_terms(c->title, c->title_count, false);
	return intersect_terms(c, seg, c->title, c->title_count, false, &c->in_title, err);
}
