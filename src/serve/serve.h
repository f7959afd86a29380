/*
 * serve - the site over HTTP, rendered from the store: the only user of libmicrohttpd.
 */
#ifndef DIBAO_SERVE_SERVE_H
#define DIBAO_SERVE_SERVE_H

#include <stdbool.h>

#include "base/err.h"
#include "site/site.h"
#include "store/store.h"

struct serve;

struct serve_options {
	const char *listen; /* "127.0.0.1:8080", "[::1]:8080", ":8080" */
	struct site_options site;
	struct store_options store; /* each thread opens its own, for reading */
	int threads;
	/*
	 * Answers a path that is no page of the site (health, metrics) before the site is asked:
	 * true, with the answer's body appended, its type (static) and status set. On any thread;
	 * may be NULL.
	 */
	bool (*extra)(void *arg, struct str path, struct buf *out, const char **type, int *status);
	void *extra_arg;
};

int serve_open(const struct serve_options *opt, struct serve **out, struct err *err);
/* Port it listens on (where 0 was asked). */
int serve_port(const struct serve *s);
void serve_close(struct serve **s);

#endif
