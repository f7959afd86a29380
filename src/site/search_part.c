/*
 * A part of the search index: its documents are read in the order of their numbers (search_crew.c,
 * search_docs.c), their terms come back sorted (gather.h) and are written as lists
 * (search_lists.c), and what is shown of them goes into groups by their ranks.
 */
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "site/search_build.h"
#include "site/shard.h"

enum {
	GROUP_DOCS = 8, /* whose numbers, dates and records are a piece */
	HOUR = 3600000,
	SMALL_PART = 16384, /* documents: its files are small, too, and it has no tables */
	LARGE_PART = 65536
};

struct str search_part_folder(struct arena *a, const struct search_part *p)
{
	return arena_strf(a, "/search/g/%lld-%lld-%016llx/", (long long)p->from, (long long)p->to,
			  (unsigned long long)p->identity);
}

struct str search_stem(struct arena *a, const struct search_part *p, enum search_stream s,
		       int64_t chunk)
{
	struct str folder = search_part_folder(a, p);

	if (s < SEARCH_TEXTS)
		return arena_strf(a, "%.*s%c", STR_FMT(folder), "ilpr"[s]);
	return arena_strf(a, "%.*sx%lld-", STR_FMT(folder), (long long)chunk);
}

size_t search_limit(const struct search_part *p)
{
	int64_t span = p->to - p->from;

	return span <= SMALL_PART   ? PACK_BYTES / 8
	       : span <= LARGE_PART ? PACK_BYTES / 4
				    : PACK_BYTES;
}

bool search_flat(const struct search_part *p)
{
	return p->to - p->from <= SMALL_PART;
}

static int newest_first(const void *x, const void *y, void *arg)
{
	const struct list *docs = arg;
	const struct store_doc *a = list_at(docs, *(const uint32_t *)x),
			       *b = list_at(docs, *(const uint32_t *)y);

	if (a->date != b->date)
		return a->date < b->date ? 1 : -1;
	return (a->article < b->article) - (a->article > b->article);
}

void search_part_identify(const struct list *docs, struct search_part *part)
{
	struct hash_state hash;

	part->docs = 0;
	hash_start(&hash);
	for (int64_t i = part->from; i < part->to; i++) {
		const struct store_doc *doc = list_at(docs, (size_t)i);
		int64_t what[] = { SEARCH_VERSION, i, doc->article, doc->revision, doc->date };

		if (!doc->article)
			continue;
		part->docs++;
		hash_update(&hash, str_n((const char *)what, sizeof(what)));
	}
	struct hash whole = hash_finish(&hash);
	memcpy(&part->identity, whole.bytes, sizeof(part->identity));
}

/* All of it, newest first. */
static uint32_t *order_docs(const struct list *docs, const struct search_part *part)
{
	uint32_t *out = mem_array((size_t)part->docs + 1, sizeof(*out));
	size_t n = 0;

	for (int64_t i = part->from; i < part->to; i++)
		if (((const struct store_doc *)list_at(docs, (size_t)i))->article)
			out[n++] = (uint32_t)i;
	if (n)
		qsort_r(out, n, sizeof(*out), newest_first, (void *)(uintptr_t)docs);
	return out;
}

/* How many of the sorted documents come before one. */
static size_t count_before(const struct list *docs, const uint32_t *sorted, size_t count,
			   uint32_t doc)
{
	size_t low = 0;

	while (low < count) {
		size_t middle = low + (count - low) / 2;

		if (newest_first(&sorted[middle], &doc, (void *)(uintptr_t)docs) < 0)
			low = middle + 1;
		else
			count = middle;
	}
	return low;
}

/* A rank is how many come before: few are asked for, so all need not be sorted. */
void search_part_fallen(const struct list *docs, const struct search_part *part, struct buf *out)
{
	struct list fallen;

	list_init(&fallen, sizeof(uint32_t));
	for (int64_t i = part->from; i < part->to; i++)
		if (((const struct store_doc *)list_at(docs, (size_t)i))->fallen)
			*(uint32_t *)list_add(&fallen) = (uint32_t)i;
	if (fallen.count) {
		uint32_t *ranks = mem_array(fallen.count + 1, sizeof(*ranks));

		qsort_r(fallen.items, fallen.count, sizeof(uint32_t), newest_first,
			(void *)(uintptr_t)docs);
		for (int64_t i = part->from; i < part->to; i++)
			if (((const struct store_doc *)list_at(docs, (size_t)i))->article)
				ranks[count_before(docs, fallen.items, fallen.count,
						   (uint32_t)i)]++;
		/* ranks[i]: of those behind the fallen one before i, up to i itself. */
		for (size_t i = 1; i < fallen.count; i++)
			ranks[i] += ranks[i - 1];
		for (size_t i = 0; i < fallen.count; i++)
			ranks[i]--;
		shard_numbers(out, ranks, fallen.count);
		mem_free(ranks);
	}
	list_fini(&fallen);
}

/* By number in the part: the rank. */
static uint32_t *rank_docs(const struct search_part *part, const uint32_t *order)
{
	uint32_t *ranks = mem_array((size_t)(part->to - part->from), sizeof(*ranks));

	for (int64_t i = 0; i < part->docs; i++)
		ranks[order[i] - part->from] = (uint32_t)i;
	return ranks;
}

/* --- groups ----------------------------------------------------------------------------------- */

/* Steps of time: most are whole seconds. */
static void add_step(struct buf *out, int64_t ms)
{
	shard_varint(out, ms % 1000 ? (uint64_t)ms << 1 | 1 : (uint64_t)(ms / 1000) << 1);
}

static int64_t date_at(const struct list *docs, uint32_t number)
{
	return ((const struct store_doc *)list_at(docs, number))->date;
}

/* The hour that a time is not later than. */
static int64_t hour_of(int64_t ms)
{
	return ms / HOUR + (ms % HOUR > 0);
}

/* Of some ranks: which document stands there, from when it is, and what is shown of it. */
static int fill_group(struct buf *group, const struct list *docs, const struct search_part *part,
		      const uint32_t *order, size_t count, const struct search_record *records,
		      const struct search_read *read, struct err *err)
{
	int64_t date = hour_of(date_at(docs, order[0])) * HOUR, number = 0;

	for (size_t i = 0; i < count; i++) {
		const struct search_record *record = &records[order[i] - part->from];
		int64_t next = date_at(docs, order[i]);

		shard_signed(group, (int64_t)order[i] - number);
		add_step(group, date - next);
		shard_varint(group, record->place.len);
		if (spill_read(read->records[record->reader], record->place, group, err) < 0)
			return err->code;
		number = order[i];
		date = next;
	}
	return 0;
}

static int put_groups(struct part_writer *w, const struct list *docs, const uint32_t *order,
		      const struct search_record *records, const struct search_read *read)
{
	size_t count = (size_t)w->part->docs;
	struct squeezer *squeezer = squeezer_new();
	struct buf group, squeezed;
	int r = 0;

	buf_init(&group, BUF_NO_MAX);
	buf_init(&squeezed, BUF_NO_MAX);
	for (size_t i = 0; i < count && r == 0; i += GROUP_DOCS) {
		buf_reset(&group);
		buf_reset(&squeezed);
		r = fill_group(&group, docs, w->part, order + i,
			       GROUP_DOCS < count - i ? GROUP_DOCS : count - i, records, read,
			       w->err);
		shard_squeeze(squeezer, &squeezed, buf_str(&group));
		if (r == 0)
			r = part_writer_group(w, buf_str(&squeezed),
					      hour_of(date_at(docs, order[i])));
	}
	buf_fini(&group);
	buf_fini(&squeezed);
	squeezer_free(&squeezer);
	return r;
}

/* --- a part ----------------------------------------------------------------------------------- */

/* A full pack becomes a file of the site. */
static int put_pack(void *arg, struct str path, struct buf *bytes, struct err *err)
{
	struct part_files *f = arg;
	struct build *b = f->b;

	(void)err; /* it is b->err */
	f->count++;
	if (b->anew || !output_exists(b->output, path))
		manifest_file(b, path);
	if (manifest_flush(b, b->err) < 0)
		return b->err->code;
	return build_put_bytes(b, path, bytes);
}

void part_files_start(struct part_files *f, struct build *b)
{
	*f = (struct part_files){ .b = b, .sink = { put_pack, f } };
}

static int put_lists(struct build *b, const struct list *docs, struct search_part *part,
		     const uint32_t *order, const struct search_record *records,
		     const struct search_read *read, struct merge *m)
{
	struct part_files files;
	struct part_writer *w;

	part_files_start(&files, b);
	w = part_writer_new(b, part, &files.sink);
	int r = put_groups(w, docs, order, records, read);
	if (r == 0)
		r = part_writer_lists(w, m);
	part->files += files.count;
	part_writer_free(&w);
	return r;
}

int search_put_part(struct build *b, const struct list *docs, struct search_part *part)
{
	struct search_read read = { 0 };
	struct merge *m = NULL;
	uint32_t *order = order_docs(docs, part), *ranks = rank_docs(part, order);
	struct search_record *records =
		mem_array((size_t)(part->to - part->from), sizeof(*records));

	part->files = 0;
	int r = search_read_docs(b, docs, part, records, &read);
	if (r == 0)
		r = merge_open(read.gathers, read.count, ranks, &m, b->err);
	if (r == 0)
		r = put_lists(b, docs, part, order, records, &read, m);
	if (r < 0)
		part->files = 0;
	merge_close(&m);
	search_read_free(&read);
	mem_free(records);
	mem_free(ranks);
	mem_free(order);
	return r;
}
