/*
 * http - the HTTP client: the only user of libcurl.
 *
 * One struct http belongs to one thread, which starts requests and takes results; every transfer
 * runs inside http_wait. HTTP/1.1 and 2, gzip, br and zstd, ceilings on size, ratio and time. No
 * cookies, no .netrc, no proxy from the environment; certificates that SSL_CERT_FILE names, else
 * the system's. Redirects are not followed here but handed back: whoever follows one asks its
 * robots.txt and waits its turn. Every address is checked after resolution, at each connect (see
 * address.h).
 */
#ifndef DIBAO_NET_HTTP_H
#define DIBAO_NET_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

struct http;

/* Header bytes kept, and read in all (trailers and informational responses too). */
enum { HTTP_MAX_HEADERS = 64 << 10, HTTP_MAX_HEADERS_READ = 4 << 20, HTTP_MAX_INFORMATIONAL = 8 };
/* A body past 1 MiB that inflates by more than this is a bomb. */
enum { HTTP_MAX_RATIO = 400 };

struct http_options {
	const char *user_agent;
	int max_connections; /* all hosts */
	int max_per_host;
	const char *proxy; /* NULL or "": none (the environment's is not read) */
};

/* What is asked. Strings are copied by http_start. */
struct http_request {
	struct str url;
	struct str etag;          /* If-None-Match; empty: not sent */
	struct str last_modified; /* If-Modified-Since */
	struct str accept;        /* empty: any */
	struct str body;          /* not empty: POST */
	struct str body_type;
	bool allow_private;
	size_t max_bytes; /* of the decoded body */
	bool cut_long;    /* past max_bytes the body is cut there, and that is no failure */
	int timeout_ms;   /* whole transfer */
	void *job;        /* comes back with the result */
};

/* Why there is no answer. */
enum http_failure {
	HTTP_OK,
	HTTP_FAIL_DNS,
	HTTP_FAIL_CONNECT,
	HTTP_FAIL_TLS,
	HTTP_FAIL_TIMEOUT,
	HTTP_FAIL_TOO_LARGE,
	HTTP_FAIL_REDIRECTS,
	HTTP_FAIL_FORBIDDEN, /* a private address or a scheme not followed */
	HTTP_FAIL_PROTOCOL,
	HTTP_FAIL_ENCODING,
	HTTP_FAIL_CUT,  /* ended before its length */
	HTTP_FAIL_LOCAL /* our own machine has run out of something; the host is not to blame */
};

/* What came. Owned by the caller, for http_response_free. */
struct http_response {
	void *job;
	enum http_failure failure;
	char reason[160]; /* a sentence, where failure is not HTTP_OK */
	int status;
	char *headers; /* of the last response, as received, without Set-Cookie */
	char *body;
	size_t body_len;
	size_t wire_bytes;         /* as transferred */
	int64_t started, finished; /* clock_now */
};

int http_open(const struct http_options *opt, struct http **out, struct err *err);
void http_close(struct http **h);

int http_start(struct http *h, const struct http_request *req, struct err *err);
/* Runs transfers until one has ended (returned, the caller's) or timeout_ms passed (NULL). */
struct http_response *http_wait(struct http *h, int timeout_ms);
size_t http_active(const struct http *h);
/* Drops every transfer; none of them comes back. */
void http_cancel(struct http *h);
/* Any thread: makes http_wait return early. */
void http_wake(struct http *h);
void http_response_free(struct http_response **r);

/* Value of a header (name without colon, any case) in the last response; empty if none. */
struct str http_header(const struct http_response *r, const char *name);

#endif
