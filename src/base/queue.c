#include "base/queue.h"

#include <errno.h>
#include <pthread.h>
#include <time.h>

#include "base/mem.h"

struct queue {
	pthread_mutex_t lock;
	pthread_cond_t not_empty;
	pthread_cond_t not_full;
	void **jobs; /* a ring */
	size_t cap;
	size_t first;
	size_t count;
	bool ended;
};

struct queue *queue_new(size_t capacity)
{
	struct queue *q = mem_alloc(sizeof(*q));
	pthread_condattr_t attr;

	pthread_mutex_init(&q->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&q->not_empty, &attr);
	pthread_cond_init(&q->not_full, &attr);
	pthread_condattr_destroy(&attr);
	q->cap = capacity;
	q->jobs = mem_array(capacity, sizeof(*q->jobs));
	return q;
}

void queue_free(struct queue **q)
{
	if (!*q)
		return;
	pthread_cond_destroy(&(*q)->not_empty);
	pthread_cond_destroy(&(*q)->not_full);
	pthread_mutex_destroy(&(*q)->lock);
	mem_free((*q)->jobs);
	mem_free(*q);
	*q = NULL;
}

static bool put(struct queue *q, void *job)
{
	if (q->ended || q->count == q->cap)
		return false;
	q->jobs[(q->first + q->count++) % q->cap] = job;
	pthread_cond_signal(&q->not_empty);
	return true;
}

static void *take(struct queue *q)
{
	if (q->count == 0)
		return NULL;
	void *job = q->jobs[q->first];

	q->first = (q->first + 1) % q->cap;
	q->count--;
	pthread_cond_signal(&q->not_full);
	return job;
}

bool queue_push(struct queue *q, void *job)
{
	pthread_mutex_lock(&q->lock);
	while (!q->ended && q->count == q->cap)
		pthread_cond_wait(&q->not_full, &q->lock);
	bool done = put(q, job);
	pthread_mutex_unlock(&q->lock);
	return done;
}

bool queue_try_push(struct queue *q, void *job)
{
	pthread_mutex_lock(&q->lock);
	bool done = put(q, job);
	pthread_mutex_unlock(&q->lock);
	return done;
}

void *queue_pop(struct queue *q)
{
	pthread_mutex_lock(&q->lock);
	while (!q->ended && q->count == 0)
		pthread_cond_wait(&q->not_empty, &q->lock);
	void *job = take(q);
	pthread_mutex_unlock(&q->lock);
	return job;
}

void *queue_try_pop(struct queue *q)
{
	pthread_mutex_lock(&q->lock);
	void *job = take(q);
	pthread_mutex_unlock(&q->lock);
	return job;
}

void *queue_pop_for(struct queue *q, int timeout_ms)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += timeout_ms / 1000;
	until.tv_nsec += (long)(timeout_ms % 1000) * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_nsec -= 1000000000;
		until.tv_sec++;
	}
	pthread_mutex_lock(&q->lock);
	while (!q->ended && q->count == 0)
		if (pthread_cond_timedwait(&q->not_empty, &q->lock, &until) == ETIMEDOUT)
			break;
	void *job = take(q);
	pthread_mutex_unlock(&q->lock);
	return job;
}

size_t queue_len(struct queue *q)
{
	pthread_mutex_lock(&q->lock);
	size_t count = q->count;
	pthread_mutex_unlock(&q->lock);
	return count;
}

void queue_end(struct queue *q)
{
	pthread_mutex_lock(&q->lock);
	q->ended = true;
	pthread_cond_broadcast(&q->not_empty);
	pthread_cond_broadcast(&q->not_full);
	pthread_mutex_unlock(&q->lock);
}
