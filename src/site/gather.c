#include "site/gather.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/mem.h"
#include "site/shard.h"

enum {
	GATHER_MAX = 1 << 20, /* occurrences in memory: 8 MB, and as many while they are sorted */
	PLACE_BITS = 22,
	DOC_BITS = 17,
	TERM_SHIFT = 1 + PLACE_BITS + DOC_BITS
};

/* key: the first eight bytes, so that their order is that of the numbers. */
struct seen {
	uint64_t key;
	uint32_t len, rest; /* rest: place of the bytes behind the eighth in `long_terms` */
};

/* A sorted part of the file, being read: terms with their documents, ascending. */
struct run {
	struct str rest;
	struct str term, body;
	size_t count;
	bool ended;
};

struct gather {
	struct seen *terms;
	size_t term_count, term_cap;
	uint32_t *slots; /* term + 1, or 0 */
	size_t slot_count;
	struct buf long_terms;
	uint64_t *occurrences; /* term, document, place, title */
	size_t occurrence_count, occurrence_cap;
	int fd;
	struct buf out;
	struct list ends; /* size_t: where each run ends in the file */
	size_t written;
	struct str mapped;
	struct run *runs;
	char term[GATHER_TERM_MAX];
	struct list docs, titles; /* uint32_t */
	struct buf places;
};

static const struct str folder_end = STR("/search.tmp");

int gather_new(const char *dir, struct gather **out, struct err *err)
{
	struct gather *g = mem_alloc(sizeof(*g));
	struct buf path;

	buf_init(&path, BUF_NO_MAX);
	buf_add_cstr(&path, dir);
	buf_add(&path, folder_end);
	g->fd = open(buf_cstr(&path), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0666);
	if (g->fd < 0) {
		err_errno(err, ERR_IO, "%s cannot be written", buf_cstr(&path));
		buf_fini(&path);
		mem_free(g);
		return err->code;
	}
	unlink(buf_cstr(&path));
	buf_fini(&path);
	g->occurrence_cap = GATHER_MAX;
	g->occurrences = mem_realloc(NULL, GATHER_MAX * sizeof(*g->occurrences));
	g->slot_count = 1 << 16;
	g->slots = mem_array(g->slot_count, sizeof(*g->slots));
	buf_init(&g->long_terms, BUF_NO_MAX);
	buf_init(&g->out, BUF_NO_MAX);
	buf_init(&g->places, BUF_NO_MAX);
	list_init(&g->ends, sizeof(size_t));
	list_init(&g->docs, sizeof(uint32_t));
	list_init(&g->titles, sizeof(uint32_t));
	*out = g;
	return 0;
}

void gather_free(struct gather **gp)
{
	struct gather *g = *gp;

	*gp = NULL;
	if (!g)
		return;
	if (g->mapped.len)
		munmap((void *)(uintptr_t)g->mapped.ptr, g->mapped.len);
	close(g->fd);
	mem_free(g->terms);
	mem_free(g->slots);
	mem_free(g->occurrences);
	mem_free(g->runs);
	buf_fini(&g->long_terms);
	buf_fini(&g->out);
	buf_fini(&g->places);
	list_fini(&g->ends);
	list_fini(&g->docs);
	list_fini(&g->titles);
	mem_free(g);
}

/* --- gathering -------------------------------------------------------------------------------- */

static uint64_t key_of(struct str term)
{
	uint64_t key = 0;

	memcpy(&key, term.ptr, term.len < 8 ? term.len : 8);
	return __builtin_bswap64(key);
}

static struct str rest_of(const struct gather *g, const struct seen *t)
{
	return t->len > 8 ? str_n(g->long_terms.ptr + t->rest, t->len - 8) : S("");
}

static size_t slot_of(const struct gather *g, uint64_t key, struct str rest)
{
	if (rest.len)
		key ^= hash64_fast(rest);
	key = (key ^ key >> 32) * UINT64_C(0x9E3779B97F4A7C15);
	return (size_t)(key >> 32) & (g->slot_count - 1);
}

static void grow_slots(struct gather *g)
{
	mem_free(g->slots);
	g->slot_count *= 2;
	g->slots = mem_array(g->slot_count, sizeof(*g->slots));
	for (size_t i = 0; i < g->term_count; i++) {
		size_t at = slot_of(g, g->terms[i].key, rest_of(g, &g->terms[i]));

		while (g->slots[at])
			at = (at + 1) & (g->slot_count - 1);
		g->slots[at] = (uint32_t)i + 1;
	}
}

static size_t term_number(struct gather *g, struct str term)
{
	uint64_t key = key_of(term);
	struct str rest = str_from(term, term.len < 8 ? term.len : 8);

	if (g->term_count * 3 >= g->slot_count * 2)
		grow_slots(g);
	size_t at = slot_of(g, key, rest);
	for (; g->slots[at]; at = (at + 1) & (g->slot_count - 1)) {
		const struct seen *t = &g->terms[g->slots[at] - 1];

		if (t->key == key && t->len == term.len && str_eq(rest_of(g, t), rest))
			return g->slots[at] - 1;
	}
	if (g->term_count == g->term_cap) {
		g->term_cap = g->term_cap ? g->term_cap * 2 : 1 << 15;
		g->terms = mem_realloc(g->terms, g->term_cap * sizeof(*g->terms));
	}
	g->terms[g->term_count] =
		(struct seen){ key, (uint32_t)term.len, (uint32_t)g->long_terms.len };
	buf_add(&g->long_terms, rest);
	g->slots[at] = (uint32_t)++g->term_count;
	return g->term_count - 1;
}

void gather_add(struct gather *g, struct str term, uint32_t doc, uint32_t place, bool title)
{
	if (g->occurrence_count == g->occurrence_cap) { /* one text longer than a gathering */
		g->occurrence_cap *= 2;
		g->occurrences =
			mem_realloc(g->occurrences, g->occurrence_cap * sizeof(*g->occurrences));
	}
	if (place > GATHER_NOWHERE)
		place = GATHER_NOWHERE;
	g->occurrences[g->occurrence_count++] =
		(uint64_t)term_number(g, str_sub(term, 0, GATHER_TERM_MAX)) << TERM_SHIFT |
		(uint64_t)doc << (PLACE_BITS + 1) | (uint64_t)place << 1 | title;
}

/* --- a run ------------------------------------------------------------------------------------ */

struct ordered {
	uint64_t key;
	uint32_t number, count;
};

static int by_term(const void *a, const void *b, void *arg)
{
	const struct ordered *x = a, *y = b;
	const struct gather *g = arg;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	const struct seen *s = &g->terms[x->number], *t = &g->terms[y->number];
	if (s->len <= 8 || t->len <= 8)
		return (s->len > t->len) - (s->len < t->len);
	return str_cmp(rest_of(g, s), rest_of(g, t));
}

/* The occurrences by term, in the order of the documents they came in. */
static uint64_t *sort_occurrences(struct gather *g, struct ordered *order)
{
	uint32_t *starts = mem_array(g->term_count + 1, sizeof(*starts)), at = 0;
	uint64_t *sorted = mem_realloc(NULL, (g->occurrence_count + 1) * sizeof(*sorted));

	for (size_t i = 0; i < g->occurrence_count; i++)
		starts[g->occurrences[i] >> TERM_SHIFT]++;
	for (size_t i = 0; i < g->term_count; i++) {
		order[i].count = starts[order[i].number];
		starts[order[i].number] = at;
		at += order[i].count;
	}
	for (size_t i = 0; i < g->occurrence_count; i++)
		sorted[starts[g->occurrences[i] >> TERM_SHIFT]++] = g->occurrences[i];
	mem_free(starts);
	return sorted;
}

static uint32_t doc_of(uint64_t occurrence)
{
	return (uint32_t)(occurrence >> (PLACE_BITS + 1)) & ((1u << DOC_BITS) - 1);
}

/* Each document of a term: its number, whether in the title, and the places as a part has them. */
static size_t put_body(struct buf *out, const uint64_t *items, size_t count)
{
	size_t docs = 0;
	uint32_t last_doc = 0;

	for (size_t i = 0, end; i < count; i = end) {
		uint32_t doc = doc_of(items[i]), place = 0, step = 0;
		bool title = false;

		for (end = i; end < count && doc_of(items[end]) == doc; end++)
			title = title || (items[end] & 1);
		shard_varint(out, (uint64_t)(doc - last_doc) << 1 | title);
		for (; i < end; i++) {
			uint32_t next = ((uint32_t)(items[i] >> 1) & GATHER_NOWHERE) + 1;

			if (next > GATHER_NOWHERE || next == place)
				continue;
			if (step) /* another follows */
				shard_varint(out, (uint64_t)step << 1 | 1);
			step = next - place;
			place = next;
		}
		shard_varint(out, (uint64_t)step << 1);
		last_doc = doc;
		docs++;
	}
	return docs;
}

static int flush(struct gather *g, struct err *err)
{
	size_t written = 0;

	while (written < g->out.len) {
		ssize_t n = write(g->fd, g->out.ptr + written, g->out.len - written);

		if (n <= 0)
			return err_errno(err, ERR_IO, "the search index cannot be gathered");
		written += (size_t)n;
	}
	g->written += written;
	buf_reset(&g->out);
	return 0;
}

static int write_run(struct gather *g, struct err *err)
{
	struct ordered *order = mem_array(g->term_count + 1, sizeof(*order));
	struct buf body;
	int r = 0;

	for (size_t i = 0; i < g->term_count; i++)
		order[i] = (struct ordered){ g->terms[i].key, (uint32_t)i, 0 };
	if (g->term_count)
		qsort_r(order, g->term_count, sizeof(*order), by_term, g);
	uint64_t *sorted = sort_occurrences(g, order);
	const uint64_t *at = sorted;
	buf_init(&body, BUF_NO_MAX);
	for (size_t i = 0; i < g->term_count && r == 0; i++) {
		const struct seen *t = &g->terms[order[i].number];
		uint64_t key = __builtin_bswap64(t->key);

		buf_reset(&body);
		size_t docs = put_body(&body, at, order[i].count);
		at += order[i].count;
		shard_varint(&g->out, t->len);
		buf_add_n(&g->out, &key, t->len < 8 ? t->len : 8);
		buf_add(&g->out, rest_of(g, t));
		shard_varint(&g->out, docs);
		shard_varint(&g->out, body.len);
		buf_add(&g->out, buf_str(&body));
		if (g->out.len > 1 << 20)
			r = flush(g, err);
	}
	if (r == 0)
		r = flush(g, err);
	*(size_t *)list_add(&g->ends) = g->written;
	buf_fini(&body);
	mem_free(sorted);
	mem_free(order);
	g->term_count = g->occurrence_count = 0;
	memset(g->slots, 0, g->slot_count * sizeof(*g->slots));
	buf_reset(&g->long_terms);
	return r;
}

int gather_doc_done(struct gather *g, struct err *err)
{
	return g->occurrence_count > GATHER_MAX * 7 / 8 ? write_run(g, err) : 0;
}

/* --- reading ---------------------------------------------------------------------------------- */

/* Of bytes that this file wrote. */
static uint64_t take_varint(struct str *from)
{
	uint64_t n = 0;
	size_t i = 0;

	for (unsigned shift = 0; i < from->len; shift += 7) {
		unsigned char c = (unsigned char)from->ptr[i++];

		n |= (uint64_t)(c & 0x7F) << shift;
		if (c < 0x80)
			break;
	}
	*from = str_from(*from, i);
	return n;
}

static struct str take_bytes(struct str *from, size_t len)
{
	struct str out = str_sub(*from, 0, len);

	*from = str_from(*from, len);
	return out;
}

static void run_next(struct run *r)
{
	if (!r->rest.len) {
		r->ended = true;
		return;
	}
	r->term = take_bytes(&r->rest, take_varint(&r->rest));
	r->count = take_varint(&r->rest);
	r->body = take_bytes(&r->rest, take_varint(&r->rest));
}

int gather_read(struct gather *g, struct err *err)
{
	if (write_run(g, err) < 0)
		return err->code;
	if (g->written) {
		void *at = mmap(NULL, g->written, PROT_READ, MAP_PRIVATE, g->fd, 0);

		if (at == MAP_FAILED)
			return err_errno(err, ERR_IO, "the search index cannot be read back");
		g->mapped = str_n(at, g->written);
	}
	g->runs = mem_array(g->ends.count + 1, sizeof(*g->runs));
	for (size_t i = 0, from = 0; i < g->ends.count; i++) {
		size_t end = *(size_t *)list_at(&g->ends, i);

		g->runs[i].rest = str_sub(g->mapped, from, end);
		run_next(&g->runs[i]);
		from = end;
	}
	return 0;
}

static void take_docs(struct gather *g, struct run *r, bool *any_place)
{
	uint32_t doc = 0;

	for (size_t i = 0; i < r->count; i++) {
		uint64_t head = take_varint(&r->body);
		const char *from = r->body.ptr;
		uint64_t step = take_varint(&r->body);

		doc += (uint32_t)(head >> 1);
		if (head & 1)
			*(uint32_t *)list_add(&g->titles) = (uint32_t)g->docs.count;
		*(uint32_t *)list_add(&g->docs) = doc;
		*any_place = *any_place || step;
		while (step & 1)
			step = take_varint(&r->body);
		buf_add_n(&g->places, from, (size_t)(r->body.ptr - from));
	}
}

int gather_next(struct gather *g, struct gathered_term *out, struct err *err)
{
	const struct run *least = NULL;
	bool any_place = false;

	(void)err;
	for (size_t i = 0; i < g->ends.count; i++)
		if (!g->runs[i].ended && (!least || str_cmp(g->runs[i].term, least->term) < 0))
			least = &g->runs[i];
	if (!least)
		return 0;
	struct str term = str_n(g->term, least->term.len);
	memcpy(g->term, least->term.ptr, least->term.len);
	list_reset(&g->docs);
	list_reset(&g->titles);
	buf_reset(&g->places);
	for (size_t i = 0; i < g->ends.count; i++)
		if (!g->runs[i].ended && str_eq(g->runs[i].term, term)) {
			take_docs(g, &g->runs[i], &any_place);
			run_next(&g->runs[i]);
		}
	*out = (struct gathered_term){
		.term = term,
		.count = g->docs.count,
		.docs = g->docs.items,
		.title_count = g->titles.count,
		.titles = g->titles.items,
		.places = buf_str(&g->places),
		.any_place = any_place,
	};
	return 1;
}
