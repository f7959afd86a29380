/*
 * The documents of a part are read by several threads, a chunk at a time: a chunk's packs are its
 * own, and what the threads gather is merged. So it makes no difference who read what.
 */
#include <stdatomic.h>

#include "base/mem.h"
#include "base/queue.h"
#include "base/thread.h"
#include "site/search_build.h"

enum {
	FEW_DOCS = 1024, /* sooner read than threads are begun */
	TELL_MS = 100
};

struct reader {
	struct search_crew *crew;
	struct thread thread;
	bool running;
	struct build own; /* a thread's: its site and hand; the rest is shared */
	struct build *b;  /* that, or the caller's */
	struct err err;
	int result;
	struct part_files files;
	struct search_docs *docs;
	struct gather *gather; /* this and the records are the caller's in the end */
	struct spill *records;
};

struct search_crew {
	struct build *b;
	const struct list *docs;
	const struct search_part *part;
	struct search_record *records;
	atomic_llong next;   /* where the next chunk begins */
	atomic_bool stopped; /* by the caller, or because a reader failed */
	struct queue *ended; /* struct reader *: threads that are done */
	struct reader readers[SEARCH_READERS];
	size_t count;
};

static int read_chunk(struct reader *r, int64_t from)
{
	struct search_crew *c = r->crew;
	int64_t to = from + SEARCH_CHUNK < c->part->to ? from + SEARCH_CHUNK : c->part->to;

	search_docs_start(r->docs, c->part, from);
	for (int64_t i = from; i < to && !atomic_load(&c->stopped); i++) {
		const struct store_doc *doc = list_at(c->docs, (size_t)i);
		int64_t number = i - c->part->from;
		struct search_record *record = &c->records[number];

		record->reader = (uint32_t)(r - c->readers);
		if (doc->article &&
		    search_docs_add(r->docs, doc, (uint32_t)number, &record->place, r->b->err) < 0)
			return r->b->err->code;
		if (r->b == c->b && build_tell(r->b, 0) < 0)
			return r->b->err->code;
	}
	return search_docs_end(r->docs, r->b->err);
}

static int read_chunks(struct reader *r)
{
	struct search_crew *c = r->crew;
	int64_t from;
	int result = 0;

	while (result == 0 && !atomic_load(&c->stopped) &&
	       (from = atomic_fetch_add(&c->next, SEARCH_CHUNK)) < c->part->to)
		result = read_chunk(r, from);
	if (result == 0)
		result = gather_end(r->gather, r->b->err);
	if (result == 0)
		result = spill_end(r->records, r->b->err);
	if (result < 0)
		atomic_store(&c->stopped, true);
	return result;
}

static void *run(void *arg)
{
	struct reader *r = arg;

	r->result = read_chunks(r);
	queue_push(r->crew->ended, r);
	return NULL;
}

/* One that reads and writes as `b` does. */
static int add_reader(struct search_crew *c, struct reader *r, struct build *b)
{
	char name[32];

	snprintf(name, sizeof(name), ".dibao/search-%zu.tmp", c->count++);
	r->crew = c;
	r->b = b;
	part_files_start(&r->files, b);
	if (gather_new(c->b->dir, name, GATHER_RUN, &r->gather, c->b->err) < 0 ||
	    spill_new(c->b->dir, name, &r->records, c->b->err) < 0)
		return c->b->err->code;
	r->docs = search_docs_new(b->site, &r->files.sink, r->gather, r->records);
	return 0;
}

static int start_thread(struct search_crew *c, struct reader *r)
{
	r->own = (struct build){
		.dir = c->b->dir,
		.output = c->b->output,
		.hand = output_hand(c->b->output),
		.manifest = c->b->manifest,
		.anew = c->b->anew,
		.err = &r->err,
	};
	if (site_open_beside(c->b->site, &r->own.site, c->b->err) < 0 ||
	    add_reader(c, r, &r->own) < 0 ||
	    thread_start(&r->thread, "search", run, r, c->b->err) < 0)
		return c->b->err->code;
	r->running = true;
	return 0;
}

/* Until all are done; the caller goes on being told, and may want an end. */
static int wait_for(struct search_crew *c, int result)
{
	size_t left = 0;

	for (size_t i = 0; i < c->count; i++)
		left += c->readers[i].running;
	while (left) {
		struct reader *r = queue_pop_for(c->ended, TELL_MS);

		if (r && r->result < 0 && result == 0) {
			*c->b->err = r->err;
			result = r->result;
		}
		left -= r != NULL;
		if (result == 0)
			result = build_tell(c->b, 0);
		if (result < 0)
			atomic_store(&c->stopped, true);
	}
	return result;
}

static int read_in_threads(struct search_crew *c)
{
	int64_t chunks = (c->part->to - c->part->from + SEARCH_CHUNK - 1) / SEARCH_CHUNK;
	int64_t most = thread_cpus() < SEARCH_READERS ? thread_cpus() : SEARCH_READERS;
	int r = 0;

	c->ended = queue_new(SEARCH_READERS);
	for (int64_t i = 0; i < most && i < chunks && r == 0; i++)
		r = start_thread(c, &c->readers[i]);
	if (r < 0)
		atomic_store(&c->stopped, true);
	r = wait_for(c, r);
	queue_free(&c->ended);
	return r;
}

static void end_reader(struct reader *r)
{
	if (r->running)
		thread_join(&r->thread);
	search_docs_free(&r->docs);
	site_close_beside(&r->own.site);
}

int search_read_docs(struct build *b, const struct list *docs, struct search_part *part,
		     struct search_record *records, struct search_read *out)
{
	struct search_crew *c = mem_alloc(sizeof(*c));
	int r;

	*c = (struct search_crew){ .b = b, .docs = docs, .part = part, .records = records };
	atomic_store(&c->next, part->from);
	if (part->docs > FEW_DOCS) {
		r = read_in_threads(c);
	} else {
		r = add_reader(c, &c->readers[0], b);
		if (r == 0)
			r = read_chunks(&c->readers[0]);
	}
	out->count = c->count;
	for (size_t i = 0; i < c->count; i++) {
		out->gathers[i] = c->readers[i].gather;
		out->records[i] = c->readers[i].records;
		part->files += c->readers[i].files.count;
		end_reader(&c->readers[i]);
	}
	mem_free(c);
	return r;
}

void search_read_free(struct search_read *r)
{
	for (size_t i = 0; i < r->count; i++) {
		gather_free(&r->gathers[i]);
		spill_free(&r->records[i]);
	}
	r->count = 0;
}
