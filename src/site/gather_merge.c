/* Batches of merged terms go from a thread to the one who writes them, and back to be filled again:
 * to find the least of some hundred runs takes about as long as to write what was found. */
#include <string.h>

#include "base/mem.h"
#include "base/queue.h"
#include "base/thread.h"
#include "site/gather.h"

enum { BATCHES = 4, BATCH_BYTES = 1 << 18 };

struct held {
	size_t term_len, count, title_count, places_len;
	bool any_place;
};

struct batch {
	struct list terms;  /* struct held */
	struct buf numbers; /* uint32_t: documents and titles of each */
	struct buf bytes;   /* term and places of each */
};

struct merge {
	struct runs *runs;
	struct batch batches[BATCHES];
	struct queue *full, *empty;
	struct thread thread;
	bool running;
	struct err err; /* of the thread, once `full` has ended */
	int result;
	/* Being taken from: */
	struct batch *batch;
	size_t next, numbers_at, bytes_at;
};

static void hold(struct batch *b, const struct gathered_term *t)
{
	*(struct held *)list_add(&b->terms) = (struct held){
		t->term.len, t->count, t->title_count, t->places.len, t->any_place,
	};
	buf_add_n(&b->numbers, t->docs, t->count * sizeof(*t->docs));
	buf_add_n(&b->numbers, t->titles, t->title_count * sizeof(*t->titles));
	buf_add(&b->bytes, t->term);
	buf_add(&b->bytes, t->places);
}

static void empty_batch(struct batch *b)
{
	list_reset(&b->terms);
	buf_reset(&b->numbers);
	buf_reset(&b->bytes);
}

static void *run(void *arg)
{
	struct merge *m = arg;
	struct gathered_term t;
	struct batch *b;

	m->result = 1;
	while (m->result > 0 && (b = queue_pop(m->empty))) {
		empty_batch(b);
		while (b->numbers.len + b->bytes.len < BATCH_BYTES &&
		       (m->result = runs_next(m->runs, &t, &m->err)) > 0)
			hold(b, &t);
		queue_push(m->full, b);
	}
	queue_end(m->full);
	return NULL;
}

int merge_open(struct gather *const *gathers, size_t count, const uint32_t *rank_of,
	       struct merge **out, struct err *err)
{
	struct merge *m = mem_alloc(sizeof(*m));

	*out = m;
	m->full = queue_new(BATCHES);
	m->empty = queue_new(BATCHES);
	for (size_t i = 0; i < BATCHES; i++) {
		list_init(&m->batches[i].terms, sizeof(struct held));
		buf_init(&m->batches[i].numbers, BUF_NO_MAX);
		buf_init(&m->batches[i].bytes, BUF_NO_MAX);
		queue_push(m->empty, &m->batches[i]);
	}
	if (runs_open(gathers, count, rank_of, &m->runs, err) < 0 ||
	    thread_start(&m->thread, "merge", run, m, err) < 0)
		return err->code;
	m->running = true;
	return 0;
}

/* The next batch that has a term. */
static int take_batch(struct merge *m, struct err *err)
{
	do {
		if (m->batch)
			queue_push(m->empty, m->batch);
		m->batch = queue_pop(m->full);
		m->next = m->numbers_at = m->bytes_at = 0;
		if (!m->batch && m->result < 0)
			*err = m->err;
		if (!m->batch)
			return m->result;
	} while (!m->batch->terms.count);
	return 1;
}

int merge_next(struct merge *m, struct gathered_term *out, struct err *err)
{
	if (!m->batch || m->next == m->batch->terms.count) {
		int r = take_batch(m, err);

		if (r <= 0)
			return r;
	}
	const struct held *h = list_at(&m->batch->terms, m->next++);
	const uint32_t *numbers = (const void *)(m->batch->numbers.ptr + m->numbers_at);
	const char *bytes = m->batch->bytes.ptr + m->bytes_at;

	*out = (struct gathered_term){
		.term = str_n(bytes, h->term_len),
		.count = h->count,
		.docs = numbers,
		.title_count = h->title_count,
		.titles = numbers + h->count,
		.places = str_n(bytes + h->term_len, h->places_len),
		.any_place = h->any_place,
	};
	m->numbers_at += (h->count + h->title_count) * sizeof(*numbers);
	m->bytes_at += h->term_len + h->places_len;
	return 1;
}

void merge_close(struct merge **mp)
{
	struct merge *m = *mp;

	*mp = NULL;
	if (!m)
		return;
	queue_end(m->empty);
	if (m->running)
		thread_join(&m->thread);
	while (queue_try_pop(m->full) || queue_try_pop(m->empty))
		;
	for (size_t i = 0; i < BATCHES; i++) {
		list_fini(&m->batches[i].terms);
		buf_fini(&m->batches[i].numbers);
		buf_fini(&m->batches[i].bytes);
	}
	queue_free(&m->full);
	queue_free(&m->empty);
	runs_close(&m->runs);
	mem_free(m);
}
