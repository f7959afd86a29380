#include "base/thread.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

int thread_start(struct thread *t, const char *name, void *(*run)(void *), void *arg,
		 struct err *err)
{
	sigset_t all, before;

	/* A new thread inherits the mask of the one that starts it. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	int failed = pthread_create(&t->handle, NULL, run, arg);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (failed) {
		char text[96];

		return err_set(err, ERR_IO, "thread %s: %s", name,
			       strerror_r(failed, text, sizeof(text)));
	}
	pthread_setname_np(t->handle, name);
	return 0;
}

void thread_join(struct thread *t)
{
	pthread_join(t->handle, NULL);
}

int thread_cpus(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	return n < 1 ? 1 : n > 64 ? 64 : (int)n;
}
