/*
 * Transfers on curl's multi interface. Handles are kept from one request to the next: making one
 * costs more than a small request does.
 *
 * The address is checked twice: before a socket is made, which nothing that redirects or resolves
 * anew gets round; and before a request goes out, because curl may reuse a connection that another
 * request, allowed to, had made.
 */
#include "net/http.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <errno.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "net/address.h"
#include "net/decode.h"

enum {
	CONNECT_TIMEOUT_MS = 10000,
	LEAST_BYTES_PER_S = 100,
	SLOW_FOR_S = 20,
	RATIO_FREE_BYTES = 1 << 20,
	MAX_IDLE_HANDLES = 256,
	OWN_DESCRIPTORS = 32
};

struct transfer {
	struct http *http;
	CURL *easy;
	struct curl_slist *lines;
	struct http_response *response;
	struct buf body, headers;
	size_t max_bytes, header_bytes;
	int informational;
	bool allow_private;
	bool body_begun;
	struct decode *decode; /* from the body's first byte on */
	bool cut_long, was_cut;
	char said[CURL_ERROR_SIZE]; /* curl's own sentence */
	struct transfer *next, *previous;
};

struct http {
	CURLM *multi;
	char *user_agent;
	char *proxy;
	char *certificates; /* SSL_CERT_FILE: trusted instead of the system's; NULL: those */
	size_t active;
	struct transfer *transfers;
	CURL *idle[MAX_IDLE_HANDLES];
	size_t idle_count;
	atomic_bool woken;
};

static void fail(struct transfer *t, enum http_failure failure, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* The first cause stands: curl's own complaint about our stopping it comes later. */
static void fail(struct transfer *t, enum http_failure failure, const char *fmt, ...)
{
	va_list args;

	if (t->response->failure != HTTP_OK)
		return;
	t->response->failure = failure;
	va_start(args, fmt);
	vsnprintf(t->response->reason, sizeof(t->response->reason), fmt, args);
	va_end(args);
}

/* --- what curl calls ----------------------------------------------------------------------- */

static bool may_connect(struct transfer *t, const struct sockaddr *sa)
{
	enum address_kind kind = address_kind(sa);

	if (kind == ADDRESS_PUBLIC || (kind == ADDRESS_PRIVATE && t->allow_private))
		return true;
	fail(t, HTTP_FAIL_FORBIDDEN,
	     kind == ADDRESS_PRIVATE ? "the address is private"
				     : "the address is never fetched from");
	return false;
}

static curl_socket_t open_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *addr)
{
	struct transfer *t = arg;

	(void)purpose;
	/* With a proxy this is the proxy's address, which the operator chose. */
	if (!t->http->proxy && !may_connect(t, &addr->addr))
		return CURL_SOCKET_BAD;
	int fd = socket(addr->family, addr->socktype | SOCK_CLOEXEC, addr->protocol);
	/* A family this kernel does not have is no lack: another address may do. */
	if (fd < 0 && errno != EAFNOSUPPORT)
		fail(t, HTTP_FAIL_LOCAL, "no socket here: %s", strerror(errno));
	return fd < 0 ? CURL_SOCKET_BAD : fd;
}

static int before_request(void *arg, char *remote_ip, char *local_ip, int remote_port,
			  int local_port)
{
	struct transfer *t = arg;
	struct sockaddr_in in = { .sin_family = AF_INET };
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };

	(void)local_ip;
	(void)remote_port;
	(void)local_port;
	if (t->http->proxy)
		return CURL_PREREQFUNC_OK;
	if (inet_pton(AF_INET, remote_ip, &in.sin_addr) == 1)
		return may_connect(t, (struct sockaddr *)&in) ? CURL_PREREQFUNC_OK
							      : CURL_PREREQFUNC_ABORT;
	if (inet_pton(AF_INET6, remote_ip, &in6.sin6_addr) == 1)
		return may_connect(t, (struct sockaddr *)&in6) ? CURL_PREREQFUNC_OK
							       : CURL_PREREQFUNC_ABORT;
	fail(t, HTTP_FAIL_FORBIDDEN, "the address is not known");
	return CURL_PREREQFUNC_ABORT;
}

static size_t take_header(char *ptr, size_t size, size_t count, void *arg)
{
	struct transfer *t = arg;
	struct str line = str_n(ptr, size * count);

	t->header_bytes += line.len;
	if (t->header_bytes > HTTP_MAX_HEADERS_READ) {
		fail(t, HTTP_FAIL_TOO_LARGE, "more than %d bytes of headers",
		     HTTP_MAX_HEADERS_READ);
		return 0;
	}
	if (t->body_begun)
		return line.len; /* a trailer */
	if (str_has_prefix(line, S("HTTP/"))) {
		if (++t->informational > HTTP_MAX_INFORMATIONAL) {
			fail(t, HTTP_FAIL_PROTOCOL, "more than %d responses to one request",
			     HTTP_MAX_INFORMATIONAL);
			return 0;
		}
		buf_reset(&t->headers);
		return line.len;
	}
	if (!str_has_prefix_nocase(line, S("set-cookie:")) && str_trim(line).len > 0)
		buf_add(&t->headers, line);
	return line.len;
}

static bool is_bomb(struct transfer *t)
{
	curl_off_t wire = 0;

	if (t->body.len < RATIO_FREE_BYTES ||
	    curl_easy_getinfo(t->easy, CURLINFO_SIZE_DOWNLOAD_T, &wire) != CURLE_OK)
		return false;
	return wire > 0 && t->body.len / HTTP_MAX_RATIO > (size_t)wire;
}

/* Decoded. */
static bool keep_body(void *arg, struct str bytes)
{
	struct transfer *t = arg;

	if (t->cut_long && bytes.len >= t->max_bytes - t->body.len) {
		buf_add_n(&t->body, bytes.ptr, t->max_bytes - t->body.len);
		t->was_cut = true;
		return false;
	}
	if (bytes.len > t->max_bytes - t->body.len) {
		fail(t, HTTP_FAIL_TOO_LARGE, "more than %zu bytes", t->max_bytes);
		return false;
	}
	buf_add(&t->body, bytes);
	if (is_bomb(t)) {
		fail(t, HTTP_FAIL_TOO_LARGE, "inflates to more than %d times its size",
		     HTTP_MAX_RATIO);
		return false;
	}
	return true;
}

/* What the headers say of the body's codings; they may say it in several lines. */
static int begin_body(struct transfer *t, struct err *err)
{
	struct str rest = buf_str(&t->headers), line;
	struct buf codings;

	buf_init(&codings, HTTP_MAX_HEADERS);
	while (str_split(&rest, '\n', &line)) {
		if (!str_has_prefix_nocase(line, S("content-encoding:")))
			continue;
		buf_add(&codings, str_from(line, 17));
		buf_add_ch(&codings, ',');
	}
	int rc = decode_open(buf_str(&codings), keep_body, t, &t->decode, err);
	buf_fini(&codings);
	return rc;
}

static size_t take_body(char *ptr, size_t size, size_t count, void *arg)
{
	struct transfer *t = arg;
	size_t len = size * count;
	struct err err;

	if ((!t->decode && begin_body(t, &err) < 0) ||
	    decode_add(t->decode, str_n(ptr, len), &err) < 0) {
		if (!t->was_cut)
			fail(t, HTTP_FAIL_ENCODING, "%s", err.msg);
		return 0;
	}
	t->body_begun = true;
	return len;
}

/* --- starting ------------------------------------------------------------------------------ */

static CURL *take_handle(struct http *h)
{
	CURL *easy = h->idle_count > 0 ? h->idle[--h->idle_count] : curl_easy_init();

	return easy;
}

static void give_handle(struct http *h, CURL *easy)
{
	if (h->idle_count == MAX_IDLE_HANDLES) {
		curl_easy_cleanup(easy);
		return;
	}
	curl_easy_reset(easy);
	h->idle[h->idle_count++] = easy;
}

static void free_transfer(struct transfer *t)
{
	if (t->previous)
		t->previous->next = t->next;
	else
		t->http->transfers = t->next;
	if (t->next)
		t->next->previous = t->previous;
	curl_slist_free_all(t->lines);
	decode_close(&t->decode);
	buf_fini(&t->body);
	buf_fini(&t->headers);
	http_response_free(&t->response);
	mem_free(t);
}

/* A server's word is sent back only where it can be nothing but a header's value. */
static bool is_sendable(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.ptr[i] < 0x20 || (unsigned char)s.ptr[i] > 0x7e)
			return false;
	return s.len > 0 && s.len <= 1024;
}

static void add_line(struct transfer *t, const char *name, struct str value)
{
	char line[1200];

	if (!is_sendable(value))
		return;
	snprintf(line, sizeof(line), "%s: %.*s", name, STR_FMT(value));
	struct curl_slist *more = curl_slist_append(t->lines, line);
	if (more)
		t->lines = more;
}

static void set_limits(struct transfer *t, const struct http_request *req)
{
	long timeout_ms = req->timeout_ms > 0 ? req->timeout_ms : 60000;

	curl_easy_setopt(t->easy, CURLOPT_TIMEOUT_MS, timeout_ms);
	curl_easy_setopt(t->easy, CURLOPT_CONNECTTIMEOUT_MS,
			 timeout_ms < CONNECT_TIMEOUT_MS ? timeout_ms : (long)CONNECT_TIMEOUT_MS);
	curl_easy_setopt(t->easy, CURLOPT_LOW_SPEED_LIMIT, (long)LEAST_BYTES_PER_S);
	curl_easy_setopt(t->easy, CURLOPT_LOW_SPEED_TIME, (long)SLOW_FOR_S);
	if (!req->cut_long)
		curl_easy_setopt(t->easy, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)req->max_bytes);
	curl_easy_setopt(t->easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(t->easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(t->easy, CURLOPT_HTTP09_ALLOWED, 0L);
	curl_easy_setopt(t->easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(t->easy, CURLOPT_PROXY, t->http->proxy ? t->http->proxy : "");
	curl_easy_setopt(t->easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	curl_easy_setopt(t->easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	curl_easy_setopt(t->easy, CURLOPT_OPENSOCKETDATA, t);
	curl_easy_setopt(t->easy, CURLOPT_PREREQFUNCTION, before_request);
	curl_easy_setopt(t->easy, CURLOPT_PREREQDATA, t);
}

static void set_request(struct transfer *t, const struct http_request *req)
{
	add_line(t, "If-None-Match", req->etag);
	add_line(t, "If-Modified-Since", req->last_modified);
	add_line(t, "Accept", req->accept.len ? req->accept : S("*/*"));
	add_line(t, "Accept-Encoding", S(DECODE_CODINGS));
	if (req->body.len > 0) {
		add_line(t, "Content-Type", req->body_type);
		curl_easy_setopt(t->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)req->body.len);
		curl_easy_setopt(t->easy, CURLOPT_COPYPOSTFIELDS, req->body.ptr);
	}
	curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, t->lines);
	curl_easy_setopt(t->easy, CURLOPT_USERAGENT, t->http->user_agent);
	curl_easy_setopt(t->easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
	/* One connection for all streams: the second request waits to see whether the first one's
	 * speaks HTTP/2. Over plain TCP nobody does. */
	curl_easy_setopt(t->easy, CURLOPT_PIPEWAIT,
			 (long)str_has_prefix_nocase(req->url, S("https:")));
	if (t->http->certificates)
		curl_easy_setopt(t->easy, CURLOPT_CAINFO, t->http->certificates);
	curl_easy_setopt(t->easy, CURLOPT_HEADERFUNCTION, take_header);
	curl_easy_setopt(t->easy, CURLOPT_HEADERDATA, t);
	curl_easy_setopt(t->easy, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(t->easy, CURLOPT_WRITEDATA, t);
	curl_easy_setopt(t->easy, CURLOPT_PRIVATE, t);
	curl_easy_setopt(t->easy, CURLOPT_ERRORBUFFER, t->said);
}

int http_start(struct http *h, const struct http_request *req, struct err *err)
{
	char url[8200];
	CURL *easy = NULL;

	if (req->url.len >= sizeof(url))
		return err_set(err, ERR_LIMIT, "the address is longer than %zu bytes",
			       sizeof(url) - 1);
	if (memchr(req->url.ptr, '\0', req->url.len))
		return err_set(err, ERR_INPUT, "the address has a NUL in it");
	snprintf(url, sizeof(url), "%.*s", STR_FMT(req->url));
	easy = take_handle(h);
	if (!easy)
		return err_set(err, ERR_IO, "curl makes no more transfers");

	struct transfer *t = mem_alloc(sizeof(*t));
	t->http = h;
	t->easy = easy;
	t->max_bytes = req->max_bytes;
	t->allow_private = req->allow_private;
	t->cut_long = req->cut_long;
	buf_init(&t->body, req->max_bytes);
	buf_init(&t->headers, HTTP_MAX_HEADERS);
	t->response = mem_alloc(sizeof(*t->response));
	t->response->job = req->job;
	t->response->started = clock_now();
	t->next = h->transfers;
	if (t->next)
		t->next->previous = t;
	h->transfers = t;
	curl_easy_setopt(easy, CURLOPT_URL, url);
	set_limits(t, req);
	set_request(t, req);
	if (curl_multi_add_handle(h->multi, easy) != CURLM_OK) {
		give_handle(h, easy);
		free_transfer(t);
		return err_set(err, ERR_IO, "curl takes no more transfers");
	}
	h->active++;
	return 0;
}

/* --- ending -------------------------------------------------------------------------------- */

static const struct {
	CURLcode code;
	enum http_failure failure;
	const char *reason; /* NULL: curl's own words */
} outcomes[] = {
	{ CURLE_COULDNT_RESOLVE_HOST, HTTP_FAIL_DNS, "the host's name is not known" },
	{ CURLE_COULDNT_RESOLVE_PROXY, HTTP_FAIL_DNS, "the proxy's name is not known" },
	{ CURLE_COULDNT_CONNECT, HTTP_FAIL_CONNECT, "the host takes no connection" },
	{ CURLE_OPERATION_TIMEDOUT, HTTP_FAIL_TIMEOUT, "timed out" },
	{ CURLE_SSL_CONNECT_ERROR, HTTP_FAIL_TLS, "the TLS handshake failed" },
	{ CURLE_PEER_FAILED_VERIFICATION, HTTP_FAIL_TLS, "the TLS certificate is not trusted" },
	{ CURLE_SSL_CERTPROBLEM, HTTP_FAIL_TLS, NULL },
	{ CURLE_SSL_CIPHER, HTTP_FAIL_TLS, NULL },
	{ CURLE_SSL_CACERT_BADFILE, HTTP_FAIL_TLS, NULL },
	{ (CURLcode)100, HTTP_FAIL_TOO_LARGE, "too large" }, /* CURLE_TOO_LARGE, named since 8.6 */
	{ CURLE_URL_MALFORMAT, HTTP_FAIL_PROTOCOL, "the address is malformed" },
	{ CURLE_PARTIAL_FILE, HTTP_FAIL_CUT, "the answer was cut short" },
	{ CURLE_OUT_OF_MEMORY, HTTP_FAIL_TOO_LARGE,
	  "a header is too long" }, /* what curl calls it */
	{ CURLE_RECV_ERROR, HTTP_FAIL_CUT, "the connection broke" },
	{ CURLE_SEND_ERROR, HTTP_FAIL_CUT, "the connection broke" },
	{ CURLE_GOT_NOTHING, HTTP_FAIL_CUT, "the host closed without an answer" },
	{ CURLE_BAD_CONTENT_ENCODING, HTTP_FAIL_ENCODING, "the body could not be decoded" },
	{ CURLE_WEIRD_SERVER_REPLY, HTTP_FAIL_PROTOCOL, "the answer is not HTTP" },
	{ CURLE_UNSUPPORTED_PROTOCOL, HTTP_FAIL_PROTOCOL, "the answer is not HTTP" },
};

static void name_failure(struct transfer *t, CURLcode code)
{
	if (str_contains_nocase(str_of(t->said), S("too large response headers")))
		fail(t, HTTP_FAIL_TOO_LARGE, "too many bytes of headers");
	/* A stated length, or from curl 8.4 on one that grows past the ceiling before we count it.
	 */
	if (code == CURLE_FILESIZE_EXCEEDED)
		fail(t, HTTP_FAIL_TOO_LARGE, "more than %zu bytes", t->max_bytes);
	for (size_t i = 0; i < sizeof(outcomes) / sizeof(*outcomes); i++)
		if (outcomes[i].code == code)
			fail(t, outcomes[i].failure, "%s",
			     outcomes[i].reason ? outcomes[i].reason : curl_easy_strerror(code));
	fail(t, HTTP_FAIL_PROTOCOL, "%s", curl_easy_strerror(code));
}

static void set_outcome(struct transfer *t, CURLcode code)
{
	struct http_response *r = t->response;
	curl_off_t wire = 0;
	long status = 0;

	if (code != CURLE_OK)
		name_failure(t, code);
	/* Where one of a name's addresses was refused and another answered, that answer stands. */
	if (code == CURLE_OK && t->decode && !decode_is_whole(t->decode)) {
		r->failure = HTTP_OK;
		fail(t, HTTP_FAIL_CUT, "the answer was cut short");
	} else if (code == CURLE_OK || t->was_cut) {
		r->failure = HTTP_OK;
		r->reason[0] = '\0';
	}
	curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(t->easy, CURLINFO_SIZE_DOWNLOAD_T, &wire);
	r->status = (int)status;
	r->wire_bytes = (size_t)wire;
	r->finished = clock_now();
	buf_cstr(&t->headers);
	buf_cstr(&t->body);
	r->body = buf_take(&t->body, &r->body_len);
	r->headers = buf_take(&t->headers, NULL);
}

static struct http_response *take_ended(struct http *h)
{
	CURLMsg *msg = NULL;
	int left = 0;

	while ((msg = curl_multi_info_read(h->multi, &left))) {
		struct transfer *t = NULL;
		CURL *easy = msg->easy_handle;
		CURLcode code = msg->data.result;

		if (msg->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(easy, CURLINFO_PRIVATE, &t);
		set_outcome(t, code);
		curl_multi_remove_handle(h->multi, easy);
		give_handle(h, easy);
		h->active--;
		struct http_response *r = t->response;
		t->response = NULL;
		free_transfer(t);
		return r;
	}
	return NULL;
}

struct http_response *http_wait(struct http *h, int timeout_ms)
{
	int64_t deadline = clock_mono_ms() + timeout_ms;
	int running = 0;

	for (;;) {
		struct http_response *r = take_ended(h);
		if (r)
			return r;
		curl_multi_perform(h->multi, &running);
		r = take_ended(h);
		if (r)
			return r;
		int64_t left = deadline - clock_mono_ms();
		if (left <= 0 || atomic_exchange(&h->woken, false))
			return NULL;
		curl_multi_poll(h->multi, NULL, 0, (int)left, NULL);
	}
}

/* --- life ---------------------------------------------------------------------------------- */

static char *copy_text(const char *s)
{
	size_t len = strlen(s);
	char *copy = mem_alloc(len + 1);

	memcpy(copy, s, len);
	return copy;
}

/* No more connections than leave the rest of the process, its database and blobs, what it needs. */
static int cap_connections(int wanted)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 ||
	    limit.rlim_cur >= (rlim_t)wanted + OWN_DESCRIPTORS)
		return wanted;
	return limit.rlim_cur > OWN_DESCRIPTORS ? (int)(limit.rlim_cur - OWN_DESCRIPTORS) : 1;
}

int http_open(const struct http_options *opt, struct http **out, struct err *err)
{
	struct http *h = mem_alloc(sizeof(*h));

	*out = NULL;
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
		mem_free(h);
		return err_set(err, ERR_IO, "curl does not start");
	}
	h->multi = curl_multi_init();
	if (!h->multi) {
		curl_global_cleanup();
		mem_free(h);
		return err_set(err, ERR_IO, "curl does not start");
	}
	h->user_agent = copy_text(opt->user_agent ? opt->user_agent : "dibao/" DIBAO_VERSION);
	h->proxy = opt->proxy && *opt->proxy ? copy_text(opt->proxy) : NULL;
	long connections = cap_connections(opt->max_connections);
	const char *certificates = getenv("SSL_CERT_FILE");
	h->certificates = certificates && *certificates ? copy_text(certificates) : NULL;
	curl_multi_setopt(h->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, connections);
	curl_multi_setopt(h->multi, CURLMOPT_MAX_HOST_CONNECTIONS, (long)opt->max_per_host);
	curl_multi_setopt(h->multi, CURLMOPT_MAXCONNECTS, connections);
	*out = h;
	return 0;
}

void http_cancel(struct http *h)
{
	while (h->transfers) {
		curl_multi_remove_handle(h->multi, h->transfers->easy);
		curl_easy_cleanup(h->transfers->easy);
		free_transfer(h->transfers);
	}
	h->active = 0;
}

void http_close(struct http **h)
{
	if (!*h)
		return;
	http_cancel(*h);
	for (size_t i = 0; i < (*h)->idle_count; i++)
		curl_easy_cleanup((*h)->idle[i]);
	curl_multi_cleanup((*h)->multi);
	curl_global_cleanup();
	mem_free((*h)->user_agent);
	mem_free((*h)->proxy);
	mem_free((*h)->certificates);
	mem_free(*h);
	*h = NULL;
}

size_t http_active(const struct http *h)
{
	return h->active;
}

void http_wake(struct http *h)
{
	atomic_store(&h->woken, true);
	curl_multi_wakeup(h->multi);
}

void http_response_free(struct http_response **r)
{
	if (!*r)
		return;
	mem_free((*r)->headers);
	mem_free((*r)->body);
	mem_free(*r);
	*r = NULL;
}

struct str http_header(const struct http_response *r, const char *name)
{
	struct str rest = str_of(r->headers), line;

	while (str_split(&rest, '\n', &line)) {
		size_t colon = str_find_ch(line, ':');

		if (colon != STR_NONE &&
		    str_eq_nocase(str_trim(str_sub(line, 0, colon)), str_of(name)))
			return str_trim(str_from(line, colon + 1));
	}
	return str_n(NULL, 0);
}
