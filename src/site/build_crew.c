/*
 * Threads that make pages and write them, while the one that walks over the store fills the lists.
 * A batch goes from the walk to a thread and back: some articles, or whatever else makes a page. A
 * few are there for each thread, so memory has its ceiling and nobody waits for the other at every
 * article.
 *
 * Where a site that is read is built anew, a list must not name a page that is not there: before
 * anything else is put, all that was handed over is waited for. A fresh one nobody reads, and all
 * its pages can be made in any order.
 */
#include <stdatomic.h>

#include "base/list.h"
#include "base/mem.h"
#include "base/queue.h"
#include "base/thread.h"
#include "site/build.h"

enum { BATCH_ARTICLES = 24, BATCH_BYTES = 1 << 20, BATCHES_EACH = 3, WORKERS_MAX = 8 };

struct batch {
	struct arena arena;
	struct {
		struct article art;
		struct article_context ctx;
		struct headline h;
	} items[BATCH_ARTICLES];
	size_t count;
	struct list held; /* struct kept * */
	crew_work *work;  /* instead of articles; or NULL */
	const void *what; /* of it, in the arena */
};

struct worker {
	struct crew *crew;
	struct thread thread;
	struct build build; /* its own site, arena, bytes and hand; the rest is shared */
	struct err err;     /* read when `failed` is set */
	atomic_bool failed;
	bool running;
};

struct crew {
	struct build *b;
	struct queue *todo, *done;
	struct batch batches[WORKERS_MAX * BATCHES_EACH];
	struct batch *idle[WORKERS_MAX * BATCHES_EACH], *filling;
	size_t idle_count, batch_count;
	struct worker workers[WORKERS_MAX];
	size_t worker_count;
};

static int put_page(struct build *b, const struct article *art, struct article_context *ctx,
		    const struct headline *h)
{
	ctx->headline = h;
	int r = build_edits(b, art, ctx);

	if (r == 0)
		r = article_render(b->site, &b->page, art, ctx, &b->bytes, b->err);
	if (r == 0)
		r = build_pictures(b);
	if (r == 0)
		r = build_put(b, h->path);
	arena_reset(&b->page);
	return r;
}

static void *run(void *arg)
{
	struct worker *w = arg;
	struct batch *batch;

	while ((batch = queue_pop(w->crew->todo))) {
		if (batch->work && !atomic_load(&w->failed) &&
		    batch->work(&w->build, batch->what) < 0)
			atomic_store(&w->failed, true);
		for (size_t i = 0; i < batch->count && !atomic_load(&w->failed); i++)
			if (put_page(&w->build, &batch->items[i].art, &batch->items[i].ctx,
				     &batch->items[i].h) < 0)
				atomic_store(&w->failed, true);
		queue_push(w->crew->done, batch);
	}
	return NULL;
}

static int start_worker(struct crew *c, struct worker *w, struct err *err)
{
	w->crew = c;
	w->build = (struct build){
		.dir = c->b->dir,
		.output = c->b->output,
		.manifest = c->b->manifest,
		.anew = c->b->anew,
		.err = &w->err,
	};
	arena_init(&w->build.life);
	arena_init(&w->build.page);
	buf_init(&w->build.bytes, PAGE_MAX_OUT);
	w->build.hand = output_hand(c->b->output);
	c->worker_count++;
	if (site_open_beside(c->b->site, &w->build.site, err) < 0 ||
	    store_begin_reading(w->build.site->store, err) < 0)
		return err->code;
	int r = thread_start(&w->thread, "page", run, w, err);
	w->running = r == 0;
	return r;
}

static void empty_batch(struct batch *batch)
{
	for (size_t i = 0; i < batch->held.count; i++)
		kept_drop(*(struct kept **)list_at(&batch->held, i));
	list_reset(&batch->held);
	arena_reset(&batch->arena);
	batch->count = 0;
	batch->work = NULL;
}

static void take_back(struct crew *c)
{
	c->idle[c->idle_count++] = queue_pop(c->done);
}

static struct batch *take_idle(struct crew *c)
{
	if (!c->idle_count)
		take_back(c);
	struct batch *batch = c->idle[--c->idle_count];
	empty_batch(batch);
	return batch;
}

static int check(struct crew *c)
{
	for (size_t i = 0; i < c->worker_count; i++)
		if (atomic_load(&c->workers[i].failed)) {
			*c->b->err = c->workers[i].err;
			return c->b->err->code;
		}
	return 0;
}

bool crew_makes_all(const struct build *b)
{
	return b->crew && b->fresh;
}

static void hand_over(struct crew *c)
{
	if (c->filling && c->filling->count)
		queue_push(c->todo, c->filling);
	else if (c->filling)
		c->idle[c->idle_count++] = c->filling;
	c->filling = NULL;
}

int crew_start(struct build *b, struct crew **out)
{
	struct crew *c = mem_alloc(sizeof(*c));
	int count = thread_cpus(), r = 0;

	count = count > WORKERS_MAX ? WORKERS_MAX : count;
	c->b = b;
	c->batch_count = (size_t)count * BATCHES_EACH;
	c->todo = queue_new(c->batch_count);
	c->done = queue_new(c->batch_count);
	for (size_t i = 0; i < c->batch_count; i++) {
		arena_init(&c->batches[i].arena);
		list_init(&c->batches[i].held, sizeof(struct kept *));
		c->idle[c->idle_count++] = &c->batches[i];
	}
	*out = c;
	for (int i = 0; i < count && r == 0; i++)
		r = start_worker(c, &c->workers[i], b->err);
	return r;
}

struct batch *crew_room(struct crew *c)
{
	/* Not before: the walk used its arena until now. */
	if (c->filling &&
	    (c->filling->count == BATCH_ARTICLES || c->filling->arena.used >= BATCH_BYTES))
		hand_over(c);
	if (!c->filling)
		c->filling = take_idle(c);
	return c->filling;
}

struct batch *crew_batch(struct crew *c)
{
	return take_idle(c);
}

struct arena *batch_arena(struct batch *batch)
{
	return &batch->arena;
}

void batch_hold(struct batch *batch, struct kept *k)
{
	*(struct kept **)list_add(&batch->held) = kept_hold(k);
}

int crew_do(struct crew *c, struct batch *batch, crew_work *work, const void *what)
{
	batch->work = work;
	batch->what = what;
	queue_push(c->todo, batch);
	return check(c);
}

int crew_add(struct crew *c, const struct article *art, const struct article_context *ctx,
	     const struct headline *h)
{
	struct batch *batch = c->filling;

	batch->items[batch->count].art = *art;
	batch->items[batch->count].ctx = *ctx;
	batch->items[batch->count++].h = *h;
	return check(c);
}

int crew_wait(struct crew *c)
{
	hand_over(c);
	while (c->idle_count < c->batch_count)
		take_back(c);
	return check(c);
}

int crew_end(struct crew **cp, int r)
{
	struct crew *c = *cp;

	*cp = NULL;
	if (!c)
		return r;
	if (r >= 0)
		hand_over(c);
	queue_end(c->todo);
	for (size_t i = 0; i < c->worker_count; i++) {
		struct worker *w = &c->workers[i];

		if (w->running)
			thread_join(&w->thread);
		site_close_beside(&w->build.site);
		arena_fini(&w->build.life);
		arena_fini(&w->build.page);
		buf_fini(&w->build.bytes);
	}
	if (r >= 0 && check(c) < 0)
		r = c->b->err->code;
	for (size_t i = 0; i < c->batch_count; i++) {
		empty_batch(&c->batches[i]);
		list_fini(&c->batches[i].held);
		arena_fini(&c->batches[i].arena);
	}
	queue_free(&c->todo);
	queue_free(&c->done);
	mem_free(c);
	return r;
}
