/*
 * queue - a bounded queue of pointers between threads.
 *
 * A full queue makes the producer wait and an empty one the consumer: memory has
 * a ceiling. Pushing hands the job over. queue_end wakes everyone: pushes fail,
 * pops go on until the queue is empty.
 */
#ifndef DIBAO_BASE_QUEUE_H
#define DIBAO_BASE_QUEUE_H

#include <stdbool.h>
#include <stddef.h>

struct queue;

struct queue *queue_new(size_t capacity);
void queue_free(struct queue **q); /* empty, or what is in it leaks */

bool queue_push(struct queue *q, void *job);     /* waits; false: ended, job still yours */
bool queue_try_push(struct queue *q, void *job); /* false: full or ended */
void *queue_pop(struct queue *q);                /* waits; NULL: ended and empty */
void *queue_try_pop(struct queue *q);            /* NULL: empty just now */
/* Waits at most timeout_ms; NULL: nothing came, or ended and empty. */
void *queue_pop_for(struct queue *q, int timeout_ms);
size_t queue_len(struct queue *q);
void queue_end(struct queue *q);

#endif
