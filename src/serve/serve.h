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

/* A request below the folder of a hook. Views are borrowed during the call. */
struct serve_call {
	struct str name; /* behind the folder */
	bool post;
	struct str body, content_type;
	void *connection; /* for serve_header and serve_argument */
};
struct str serve_header(const struct serve_call *call, const char *name);
struct str serve_argument(const struct serve_call *call, const char *name); /* of a GET's query */

/* Takes what is asked of and posted to "/.../FOLDER/NAME", on any thread. */
struct serve_hook {
	struct str folder; /* "/websub/" */
	size_t max_body;
	/* Before a body is read: 0 to go on, else the status to refuse it with. */
	int (*expect)(void *arg, struct str name);
	/* The status; plain text may be appended. */
	int (*take)(void *arg, const struct serve_call *call, struct buf *out);
	void *arg;
};

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
	struct serve_hook hook; /* take NULL: there is none */
};

int serve_open(const struct serve_options *opt, struct serve **out, struct err *err);
/*
 * The same with other options: nobody who comes meanwhile is turned away, unless it listens
 * elsewhere from now on. On an error *s is closed. *s NULL: serve_open.
 */
int serve_reopen(const struct serve_options *opt, struct serve **s, struct err *err);
/* Port it listens on (where 0 was asked). */
int serve_port(const struct serve *s);
void serve_close(struct serve **s);

#endif
