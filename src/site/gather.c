/*
 * A term is one unit (a word, a field's value, a character) or two: the characters of a pair. Units
 * are few, so occurrences are numbers of units, sorted by two counting passes once the units are in
 * order; a table of all terms would be asked for each of them, and most of that is waiting for
 * memory.
 */
#include "site/gather.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/mem.h"
#include "text/utf8.h"

enum {
	PLACE_BITS = 22,
	RUN_DOCS = 1 << 10, /* what the bits beside a place can number */
	PLANE = 1 << 16,
	FLUSH_BYTES = 1 << 20,
	VARINT_MAX = 5 /* bytes of 32 bits */
};

#define TITLE (UINT32_C(1) << 31)

/* key: the first eight bytes, so that their order is that of the numbers. */
struct unit {
	uint64_t key;
	uint32_t at, len; /* all of its bytes, in `bytes` */
};

/* While gathered: numbers of units, + 1 and 0 for none in `second`; while sorted: their ranks. */
struct occurrence {
	uint32_t first;
	uint32_t second; /* and TITLE */
	uint32_t where;  /* document of the run, place */
};

struct run {
	off_t from, to;
	size_t doc_from, doc_count;
};

struct gather {
	struct unit *units;
	size_t unit_count, unit_cap;
	struct buf bytes;
	uint32_t
		*slots; /* unit + 1, or 0: a table of those that are not one character of plane 0 */
	size_t slot_count;
	uint32_t *characters; /* unit + 1, or 0: of plane 0 */
	struct occurrence *items, *sorted;
	size_t count, cap, run;
	struct list docs; /* uint32_t: of all runs */
	size_t run_docs;  /* where those of this one begin */
	struct list runs; /* struct run */
	int fd;
	off_t written;
	struct buf out;
};

int gather_new(const char *dir, const char *name, size_t run, struct gather **out, struct err *err)
{
	struct gather *g = mem_alloc(sizeof(*g));

	*out = NULL;
	g->fd = file_nameless(dir, name, err);
	if (g->fd < 0) {
		mem_free(g);
		return err->code;
	}
	g->run = run < GATHER_RUN ? run : GATHER_RUN;
	g->slot_count = 1 << 12;
	g->slots = mem_array(g->slot_count, sizeof(*g->slots));
	g->characters = mem_array(PLANE, sizeof(*g->characters));
	buf_init(&g->bytes, BUF_NO_MAX);
	buf_init(&g->out, BUF_NO_MAX);
	list_init(&g->docs, sizeof(uint32_t));
	list_init(&g->runs, sizeof(struct run));
	*out = g;
	return 0;
}

/* What only a gather that is still added to needs. */
static void drop_gathering(struct gather *g)
{
	mem_free(g->units);
	mem_free(g->slots);
	mem_free(g->characters);
	mem_free(g->items);
	mem_free(g->sorted);
	g->units = NULL;
	g->slots = g->characters = NULL;
	g->items = g->sorted = NULL;
	buf_fini(&g->bytes);
	buf_fini(&g->out);
}

void gather_free(struct gather **gp)
{
	struct gather *g = *gp;

	*gp = NULL;
	if (!g)
		return;
	drop_gathering(g);
	close(g->fd);
	list_fini(&g->docs);
	list_fini(&g->runs);
	mem_free(g);
}

/* --- gathering -------------------------------------------------------------------------------- */

static uint64_t key_of(struct str s)
{
	uint64_t key = 0;

	memcpy(&key, s.ptr, s.len < 8 ? s.len : 8);
	return __builtin_bswap64(key);
}

static struct str unit_str(const struct gather *g, const struct unit *u)
{
	return str_n(g->bytes.ptr + u->at, u->len);
}

static uint32_t new_unit(struct gather *g, struct str s)
{
	if (g->unit_count == g->unit_cap) {
		g->unit_cap = g->unit_cap ? g->unit_cap * 2 : 1 << 13;
		g->units = mem_realloc(g->units, g->unit_cap * sizeof(*g->units));
	}
	g->units[g->unit_count] =
		(struct unit){ key_of(s), (uint32_t)g->bytes.len, (uint32_t)s.len };
	buf_add(&g->bytes, s);
	return (uint32_t)g->unit_count++;
}

static size_t slot_of(const struct gather *g, struct str s)
{
	uint64_t h = (s.len > 8 ? hash64_fast(s) : key_of(s)) * UINT64_C(0x9E3779B97F4A7C15);

	return (size_t)(h >> 32) & (g->slot_count - 1);
}

static void grow_slots(struct gather *g)
{
	uint32_t *old = g->slots;
	size_t count = g->slot_count;

	g->slot_count *= 2;
	g->slots = mem_array(g->slot_count, sizeof(*g->slots));
	for (size_t i = 0; i < count; i++) {
		if (!old[i])
			continue;
		size_t at = slot_of(g, unit_str(g, &g->units[old[i] - 1]));
		while (g->slots[at])
			at = (at + 1) & (g->slot_count - 1);
		g->slots[at] = old[i];
	}
	mem_free(old);
}

static uint32_t unit_of(struct gather *g, struct str s)
{
	uint64_t key = key_of(s);

	if (g->unit_count * 3 >= g->slot_count * 2)
		grow_slots(g);
	size_t at = slot_of(g, s);
	for (; g->slots[at]; at = (at + 1) & (g->slot_count - 1)) {
		const struct unit *u = &g->units[g->slots[at] - 1];

		if (u->key == key && u->len == s.len && (s.len <= 8 || str_eq(unit_str(g, u), s)))
			return g->slots[at] - 1;
	}
	uint32_t unit = new_unit(g, s);
	g->slots[at] = unit + 1;
	return unit;
}

/* Three bytes are one character of plane 0, most often of CJK. */
static uint32_t character_of(struct gather *g, struct str s)
{
	const unsigned char *p = (const unsigned char *)s.ptr;

	if (s.len != 3 || p[0] < 0xE0)
		return unit_of(g, s);
	uint32_t *known = &g->characters[(p[0] & 15u) << 12 | (p[1] & 63u) << 6 | (p[2] & 63u)];
	if (!*known)
		*known = new_unit(g, s) + 1;
	return *known - 1;
}

static void add(struct gather *g, uint32_t first, uint32_t second, uint32_t place, bool title)
{
	size_t doc = g->docs.count - g->run_docs - 1;

	if (g->count == g->cap) { /* one text may be longer than a run */
		g->cap = g->cap ? g->cap * 2 : g->run + g->run / 8;
		g->items = mem_realloc(g->items, g->cap * sizeof(*g->items));
		mem_free(g->sorted);
		g->sorted = NULL;
	}
	g->items[g->count++] = (struct occurrence){
		.first = first,
		.second = title ? second | TITLE : second,
		.where = (uint32_t)doc << PLACE_BITS |
			 (place < GATHER_NOWHERE ? place : GATHER_NOWHERE),
	};
}

void gather_add(struct gather *g, struct str term, uint32_t place, bool title)
{
	add(g, character_of(g, str_sub(term, 0, GATHER_TERM_MAX)), 0, place, title);
}

void gather_add_pair(struct gather *g, struct str first, struct str second, uint32_t place,
		     bool title)
{
	uint32_t unit = character_of(g, first);

	add(g, unit, character_of(g, second) + 1, place, title);
}

/* --- a run ------------------------------------------------------------------------------------ */

static int by_bytes(const void *a, const void *b, void *arg)
{
	const struct gather *g = arg;
	const struct unit *x = &g->units[*(const uint32_t *)a],
			  *y = &g->units[*(const uint32_t *)b];

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return str_cmp(unit_str(g, x), unit_str(g, y));
}

/* *order: the units as they are sorted; returns the rank of each. */
static uint32_t *rank_units(struct gather *g, uint32_t **order)
{
	uint32_t *ranks = mem_array(g->unit_count + 1, sizeof(*ranks));

	*order = mem_array(g->unit_count + 1, sizeof(**order));
	for (size_t i = 0; i < g->unit_count; i++)
		(*order)[i] = (uint32_t)i;
	qsort_r(*order, g->unit_count, sizeof(**order), by_bytes, g);
	for (size_t i = 0; i < g->unit_count; i++)
		ranks[(*order)[i]] = (uint32_t)i;
	return ranks;
}

static void to_starts(uint32_t *counts, size_t n)
{
	uint32_t at = 0;

	for (size_t i = 0; i < n; i++) {
		uint32_t count = counts[i];

		counts[i] = at;
		at += count;
	}
}

/* By the first unit's rank, then the second's, then as they came. */
static void sort_occurrences(struct gather *g, const uint32_t *ranks)
{
	uint32_t *firsts = mem_array(g->unit_count + 1, sizeof(*firsts));
	uint32_t *seconds = mem_array(g->unit_count + 1, sizeof(*seconds));

	if (!g->sorted)
		g->sorted = mem_realloc(NULL, g->cap * sizeof(*g->sorted));
	for (size_t i = 0; i < g->count; i++) {
		struct occurrence *o = &g->items[i];
		uint32_t second = o->second & ~TITLE;

		o->first = ranks[o->first];
		if (second)
			o->second = (o->second & TITLE) | (ranks[second - 1] + 1);
		firsts[o->first]++;
		seconds[o->second & ~TITLE]++;
	}
	to_starts(firsts, g->unit_count + 1);
	to_starts(seconds, g->unit_count + 1);
	for (size_t i = 0; i < g->count; i++)
		g->sorted[seconds[g->items[i].second & ~TITLE]++] = g->items[i];
	for (size_t i = 0; i < g->count; i++)
		g->items[firsts[g->sorted[i].first]++] = g->sorted[i];
	mem_free(firsts);
	mem_free(seconds);
}

static unsigned char *put_varint(unsigned char *to, uint32_t n)
{
	for (; n >= 0x80; n >>= 7)
		*to++ = (unsigned char)(n | 0x80);
	*to++ = (unsigned char)n;
	return to;
}

/* The places of one document, as a part has them. */
static unsigned char *put_places(unsigned char *to, const struct occurrence *items, size_t count)
{
	uint32_t place = 0, step = 0;

	for (size_t i = 0; i < count; i++) {
		uint32_t next = (items[i].where & GATHER_NOWHERE) + 1;

		if (next > GATHER_NOWHERE || next == place)
			continue;
		if (step) /* another follows */
			to = put_varint(to, step << 1 | 1);
		step = next - place;
		place = next;
	}
	return put_varint(to, step << 1);
}

struct body {
	struct buf docs, places;
	size_t count;
	bool any_place;
};

/* The documents of a term: the last one first, for the newest are to come first and most often came
 * last. Each as its distance from the one before and whether in the title. */
static void put_body(struct body *b, const struct occurrence *items, size_t count, uint32_t last)
{
	buf_reset(&b->docs);
	buf_reset(&b->places);
	unsigned char *docs = (unsigned char *)buf_room(&b->docs, count * VARINT_MAX);
	unsigned char *places = (unsigned char *)buf_room(&b->places, count * VARINT_MAX);
	const unsigned char *docs_from = docs, *places_from = places;

	b->count = 0;
	b->any_place = false;
	for (size_t from, end = count; end > 0; end = from) {
		uint32_t doc = items[end - 1].where >> PLACE_BITS, title = 0;

		for (from = end; from > 0 && items[from - 1].where >> PLACE_BITS == doc; from--)
			title |= items[from - 1].second & TITLE;
		docs = put_varint(docs, (last - doc) << 1 | (title != 0));
		unsigned char *behind = put_places(places, items + from, end - from);
		b->any_place = b->any_place || *places;
		places = behind;
		last = doc;
		b->count++;
	}
	buf_advance(&b->docs, (size_t)(docs - docs_from));
	buf_advance(&b->places, (size_t)(places - places_from));
}

static int flush(struct gather *g, struct err *err)
{
	size_t done = 0;

	while (done < g->out.len) {
		ssize_t n = write(g->fd, g->out.ptr + done, g->out.len - done);

		if (n <= 0)
			return err_errno(err, ERR_IO, "the search index cannot be gathered");
		done += (size_t)n;
	}
	g->written += (off_t)done;
	buf_reset(&g->out);
	return 0;
}

/* An entry: lengths and counts as varints, the term, its documents, its places. */
static void put_entry(struct gather *g, const uint32_t *order, const struct occurrence *o,
		      const struct body *b)
{
	const struct unit *first = &g->units[order[o->first]], *second = NULL;
	unsigned char head[4 * VARINT_MAX], *to = head;

	if (o->second & ~TITLE)
		second = &g->units[order[(o->second & ~TITLE) - 1]];
	to = put_varint(to, first->len + (second ? second->len : 0));
	to = put_varint(to, (uint32_t)b->count << 1 | b->any_place);
	to = put_varint(to, (uint32_t)b->docs.len);
	to = put_varint(to, (uint32_t)b->places.len);
	buf_add_n(&g->out, head, (size_t)(to - head));
	buf_add(&g->out, unit_str(g, first));
	if (second)
		buf_add(&g->out, unit_str(g, second));
	buf_add_n(&g->out, b->docs.ptr, b->docs.len);
	buf_add_n(&g->out, b->places.ptr, b->places.len);
}

static bool same_term(const struct occurrence *a, const struct occurrence *b)
{
	return a->first == b->first && ((a->second ^ b->second) & ~TITLE) == 0;
}

static int put_entries(struct gather *g, const uint32_t *order, struct err *err)
{
	uint32_t last = (uint32_t)(g->docs.count - g->run_docs - 1);
	struct body body;
	int r = 0;

	buf_init(&body.docs, BUF_NO_MAX);
	buf_init(&body.places, BUF_NO_MAX);
	for (size_t from = 0, end; from < g->count && r == 0; from = end) {
		const struct occurrence *o = &g->items[from];

		for (end = from + 1; end < g->count && same_term(o, &g->items[end]); end++)
			;
		put_body(&body, o, end - from, last);
		put_entry(g, order, o, &body);
		if (g->out.len > FLUSH_BYTES)
			r = flush(g, err);
	}
	buf_fini(&body.docs);
	buf_fini(&body.places);
	return r == 0 ? flush(g, err) : r;
}

static void reverse(uint32_t *items, size_t count)
{
	for (size_t i = 0, j = count; i + 1 < j; i++) {
		uint32_t item = items[i];

		items[i] = items[--j];
		items[j] = item;
	}
}

static int write_run(struct gather *g, struct err *err)
{
	struct run run = { g->written, 0, g->run_docs, g->docs.count - g->run_docs };
	uint32_t *order, *ranks;
	int r = 0;

	if (!run.doc_count)
		return 0;
	if (g->count) {
		ranks = rank_units(g, &order);
		sort_occurrences(g, ranks);
		r = put_entries(g, order, err);
		mem_free(ranks);
		mem_free(order);
	}
	reverse(list_at(&g->docs, g->run_docs), run.doc_count);
	run.to = g->written;
	*(struct run *)list_add(&g->runs) = run;
	g->run_docs = g->docs.count;
	g->unit_count = g->count = 0;
	buf_reset(&g->bytes);
	memset(g->slots, 0, g->slot_count * sizeof(*g->slots));
	memset(g->characters, 0, PLANE * sizeof(*g->characters));
	return r;
}

int gather_doc(struct gather *g, uint32_t doc, struct err *err)
{
	if ((g->count > g->run || g->docs.count - g->run_docs == RUN_DOCS) && write_run(g, err) < 0)
		return err->code;
	*(uint32_t *)list_add(&g->docs) = doc;
	return 0;
}

int gather_end(struct gather *g, struct err *err)
{
	int r = write_run(g, err);

	drop_gathering(g);
	return r;
}

size_t gather_runs(const struct gather *g)
{
	return g->runs.count;
}

int gather_run(const struct gather *g, size_t i, struct gather_run *out)
{
	const struct run *run = list_at(&g->runs, i);

	*out = (struct gather_run){ run->from, run->to, list_at(&g->docs, run->doc_from),
				    run->doc_count };
	return g->fd;
}
