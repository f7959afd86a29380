/* thread - threads that are joined, and how many processors there are. */
#ifndef DIBAO_BASE_THREAD_H
#define DIBAO_BASE_THREAD_H

#include <pthread.h>

#include "base/err.h"

struct thread {
	pthread_t handle;
};

/* Signals are blocked in the new thread; the main thread takes them. */
int thread_start(struct thread *t, const char *name, void *(*run)(void *), void *arg,
		 struct err *err);
void thread_join(struct thread *t);
int thread_cpus(void);

#endif
