/* Both ends in one file: a server of one thread says what the table says, and fetch is judged by
 * what comes back. */
#include "fetch/fetch.h"

#include <arpa/inet.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/check.h"
#include "base/clock.h"
#include "base/thread.h"

#define OK "HTTP/1.1 200 OK\r\nConnection: close\r\n"
#define MOVED(how, to)                                                                             \
	"HTTP/1.1 " how " M\r\nConnection: close\r\nContent-Length: 0\r\nLocation: " to "\r\n\r\n"

static const struct page {
	const char *path, *answer;
} pages[] = {
	{ "/robots.txt",
	  OK "Content-Length: 38\r\n\r\nUser-agent: *\nDisallow: /private\n\n\n\n\n\n" },
	{ "/plain", OK "Content-Type: text/plain\r\nETag: \"e\"\r\nCache-Control: max-age=60\r\n"
		       "Set-Cookie: a=b\r\nContent-Length: 5\r\n\r\nplain" },
	{ "/moved", MOVED("301", "/moved2") },
	{ "/moved2", MOVED("308", "/plain") },
	{ "/found", MOVED("302", "/plain") },
	{ "/circle", MOVED("302", "/circle2") },
	{ "/circle2", MOVED("302", "/circle") },
	{ "/to-private", MOVED("302", "/private/x") },
	{ "/to-file", MOVED("302", "file:///etc/passwd") },
	{ "/to-zero", MOVED("302", "http://0.0.0.0:1/") },
	{ "/to-metadata", MOVED("302", "http://[::ffff:169.254.169.254]/latest") },
	{ "/to-nowhere", "HTTP/1.1 302 M\r\nConnection: close\r\nContent-Length: 0\r\n\r\n" },
	{ "/same", "HTTP/1.1 304 N\r\nConnection: close\r\n\r\n" },
	{ "/gone", "HTTP/1.1 410 G\r\nConnection: close\r\nContent-Length: 0\r\n\r\n" },
	{ "/missing", "HTTP/1.1 404 N\r\nConnection: close\r\nContent-Length: 0\r\n\r\n" },
	{ "/cut", OK "Content-Length: 50\r\n\r\nshort" },
	{ "/two-lengths", OK "Content-Length: 5\r\nContent-Length: 9\r\n\r\nplain" },
	{ "/said-too-long", OK "Content-Length: 5000\r\n\r\nplain" },
	{ "/is-too-long",
	  OK "\r\n0123456789012345678901234567890123456789012345678901234567890123456789"
	     "0123456789012345678901234567890123456789" },
	{ "/not-gzip", OK "Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\nplain" },
	{ "/nothing", "" },
	{ "/http09", "plain" },
};

struct server {
	int fd, port;
	struct thread thread;
	atomic_int hits;
	char seen[4096]; /* the last request */
};

static void answer(struct server *s, int fd)
{
	char path[256] = "";
	const char *text = "HTTP/1.1 500 E\r\nConnection: close\r\n\r\n";
	ssize_t n = recv(fd, s->seen, sizeof(s->seen) - 1, 0);

	s->seen[n > 0 ? n : 0] = '\0';
	sscanf(s->seen, "GET %255s", path);
	atomic_fetch_add(&s->hits, 1);
	for (size_t i = 0; i < sizeof(pages) / sizeof(*pages); i++)
		if (strcmp(path, pages[i].path) == 0)
			text = pages[i].answer;
	if (strcmp(path, "/busy") == 0)
		text = "HTTP/1.1 429 B\r\nConnection: close\r\nRetry-After: 99999999999999\r\n\r\n";
	if (strlen(text) > 0 && send(fd, text, strlen(text), MSG_NOSIGNAL) < 0)
		perror("send");
	shutdown(fd, SHUT_WR);
	while (recv(fd, path, sizeof(path), 0) > 0)
		;
	close(fd);
}

static void *serve(void *arg)
{
	struct server *s = arg;

	for (;;) {
		int fd = accept(s->fd, NULL, NULL);
		if (fd < 0)
			return NULL;
		answer(s, fd);
	}
}

static void server_start(struct server *s)
{
	struct sockaddr_in in = { .sin_family = AF_INET,
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(in);
	struct err err;

	s->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	CHECK(bind(s->fd, (struct sockaddr *)&in, sizeof(in)) == 0);
	CHECK(listen(s->fd, 16) == 0);
	getsockname(s->fd, (struct sockaddr *)&in, &len);
	s->port = ntohs(in.sin_port);
	CHECK(thread_start(&s->thread, "origin", serve, s, &err) == 0);
}

static struct fetch *open_fetch(void)
{
	struct fetch_options opt = { .user_agent = "dibao-test",
				     .max_connections = 4,
				     .max_per_host = 2,
				     .timeout_ms = 5000 };
	struct fetch *f = NULL;
	struct err err;

	CHECK(fetch_open(&opt, &f, &err) == 0);
	return f;
}

static struct fetch_job *get(struct fetch *f, struct server *s, const char *path,
			     bool allow_private, const char *etag)
{
	char url[300];

	snprintf(url, sizeof(url), "http://127.0.0.1:%d%s", s->port, path);
	struct fetch_job *job = fetch_job_new(str_of(url));
	job->allow_private = allow_private;
	job->etag = str_of(etag);
	job->max_bytes = 100;
	fetch_push(f, job);
	struct fetch_job *back = NULL;
	for (int i = 0; i < 100 && !back; i++)
		back = fetch_wait(f, 100);
	CHECK(back == job);
	CHECK_I64("nothing is left inside", (int64_t)fetch_pending(f), 0);
	return back;
}

static const struct {
	const char *why, *path, *etag;
	bool allow_private;
	enum fetch_outcome want;
	enum http_failure failure;
	const char *reason;
} cases[] = {
	{ "a page", "/plain", "", true, FETCH_GOT, HTTP_OK, "" },
	{ "a private address", "/plain", "", false, FETCH_FORBIDDEN, HTTP_FAIL_FORBIDDEN,
	  "the address is private" },
	{ "robots.txt is obeyed", "/private/x", "", true, FETCH_FORBIDDEN, HTTP_FAIL_FORBIDDEN,
	  "robots.txt forbids it" },
	{ "and behind a redirect", "/to-private", "", true, FETCH_FORBIDDEN, HTTP_FAIL_FORBIDDEN,
	  "robots.txt forbids it" },
	{ "a redirect", "/found", "", true, FETCH_GOT, HTTP_OK, "" },
	{ "for good", "/moved", "", true, FETCH_GOT, HTTP_OK, "" },
	{ "in a circle", "/circle", "", true, FETCH_FAILED, HTTP_FAIL_REDIRECTS,
	  "it redirects in a circle" },
	{ "to a file", "/to-file", "", true, FETCH_FORBIDDEN, HTTP_FAIL_FORBIDDEN,
	  "only http and https are fetched, not file:" },
	{ "to the host itself", "/to-zero", "", true, FETCH_FORBIDDEN, HTTP_FAIL_FORBIDDEN,
	  "the address is never fetched from" },
	{ "to metadata, mapped", "/to-metadata", "", true, FETCH_FORBIDDEN, HTTP_FAIL_FORBIDDEN,
	  "the address is never fetched from" },
	{ "to nowhere", "/to-nowhere", "", true, FETCH_FAILED, HTTP_FAIL_REDIRECTS,
	  "302 without an address to go to" },
	{ "unchanged", "/same", "\"e\"", true, FETCH_SAME, HTTP_OK, "" },
	{ "unchanged, unasked", "/same", "", true, FETCH_FAILED, HTTP_OK,
	  "304 from 127.0.0.1 to a request without validators" },
	{ "gone", "/gone", "", true, FETCH_GONE, HTTP_OK, "410 from 127.0.0.1" },
	{ "missing", "/missing", "", true, FETCH_FAILED, HTTP_OK, "404 from 127.0.0.1" },
	{ "cut short", "/cut", "", true, FETCH_FAILED, HTTP_FAIL_CUT, "the answer was cut short" },
	{ "a length over the ceiling", "/said-too-long", "", true, FETCH_FAILED,
	  HTTP_FAIL_TOO_LARGE, "more than 100 bytes" },
	{ "a body over the ceiling", "/is-too-long", "", true, FETCH_FAILED, HTTP_FAIL_TOO_LARGE,
	  "more than 100 bytes" },
	{ "no gzip at all", "/not-gzip", "", true, FETCH_FAILED, HTTP_FAIL_ENCODING,
	  "the body could not be decoded" },
	{ "nothing", "/nothing", "", true, FETCH_FAILED, HTTP_FAIL_CUT,
	  "the host closed without an answer" },
	{ "HTTP/0.9", "/http09", "", true, FETCH_FAILED, HTTP_FAIL_PROTOCOL,
	  "the answer is not HTTP" },
};

static void check_cases(struct server *s)
{
	struct fetch *f = open_fetch();

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct fetch_job *job =
			get(f, s, cases[i].path, cases[i].allow_private, cases[i].etag);

		CHECK_I64(cases[i].why, job->outcome, cases[i].want);
		CHECK_I64(cases[i].why, job->failure, cases[i].failure);
		CHECK_STR(cases[i].why, str_of(job->reason), str_of(cases[i].reason));
		fetch_job_free(&job);
	}
	fetch_close(&f);
}

static void check_details(struct server *s)
{
	struct fetch *f = open_fetch();
	struct fetch_job *job = get(f, s, "/moved", true, "\"x\"");

	CHECK(job->moved_for_good);
	CHECK(str_has_suffix(job->capture.final_url, S("/plain")));
	CHECK(str_has_suffix(job->capture.url, S("/moved")));
	CHECK_STR("the body", job->body, S("plain"));
	CHECK_STR("its type", job->capture.content_type, S("text/plain"));
	CHECK_STR("its validator", job->capture.etag, S("\"e\""));
	CHECK_I64("how long it is fresh", job->max_age_ms, 60000);
	CHECK(!str_contains_nocase(job->capture.headers, S("cookie")));
	CHECK(str_contains(str_of(s->seen), S("If-None-Match: \"x\"\r\n")));
	CHECK(str_contains(str_of(s->seen), S("User-Agent: dibao-test\r\n")));
	CHECK(!str_contains_nocase(str_of(s->seen), S("Cookie")));
	fetch_job_free(&job);
	job = get(f, s, "/found", true, "\"a\rX-Injected: 1\"");
	CHECK(!job->moved_for_good);
	CHECK(!str_contains(str_of(s->seen), S("X-Injected")));
	fetch_job_free(&job);
	fetch_close(&f);
}

static void check_busy(struct server *s)
{
	struct fetch *f = open_fetch();
	struct fetch_job *job = get(f, s, "/busy", true, "");

	CHECK_STR("busy", str_of(job->reason), S("429 from 127.0.0.1"));
	CHECK_I64("an absurd wait is a week", job->retry_after_ms, FETCH_MAX_RETRY_AFTER_MS);
	fetch_job_free(&job);
	int hits = atomic_load(&s->hits);
	job = get(f, s, "/plain", true, "");
	CHECK_I64("its host is left alone", job->outcome, FETCH_LATER);
	CHECK_I64("and not asked", atomic_load(&s->hits), hits);
	struct fetch_wish wish;
	size_t at = 0;
	CHECK(fetch_learnt_host(f, &at, &wish) && wish.when > clock_now());
	CHECK_STR("which host", wish.name, S("127.0.0.1"));
	fetch_job_free(&job);
	fetch_close(&f);
}

/* What one run learnt saves the next a request, and binds it. */
static void check_wishes(struct server *s)
{
	struct fetch *f = open_fetch(), *next = open_fetch();
	struct fetch_job *job = get(f, s, "/plain", true, "");
	struct fetch_wish wish;
	struct str name, url = arena_str(&job->arena, job->url);
	struct arena a;
	size_t at = 0;

	arena_init(&a);
	CHECK(fetch_learnt_robots(f, &at, &wish));
	CHECK(!fetch_wants_robots(f, &a, url, true, &name));
	CHECK(fetch_wants_robots(next, &a, url, true, &name));
	CHECK_STR("the origin's name", name, wish.name);
	fetch_give_robots(next, &wish);
	int hits = atomic_load(&s->hits);
	struct fetch_job *refused = get(next, s, "/private/x", true, "");
	CHECK_STR("it binds", str_of(refused->reason), S("robots.txt forbids it"));
	CHECK_I64("nothing was asked", atomic_load(&s->hits), hits);
	at = 0;
	CHECK(!fetch_learnt_robots(next, &at, &wish));
	arena_fini(&a);
	fetch_job_free(&refused);
	fetch_job_free(&job);
	fetch_close(&f);
	fetch_close(&next);
}

static void check_stop(struct server *s)
{
	struct fetch *f = open_fetch();

	for (int i = 0; i < 10; i++) {
		char url[64];

		snprintf(url, sizeof(url), "http://127.0.0.%d:%d/plain", 1 + i % 2, s->port);
		struct fetch_job *job = fetch_job_new(str_of(url));
		job->allow_private = true;
		job->max_bytes = 100;
		fetch_push(f, job);
	}
	fetch_wait(f, 0);
	fetch_stop(f);
	int back = 0;
	struct fetch_job *job = NULL;
	while ((job = fetch_wait(f, 0))) {
		fetch_job_free(&job);
		back++;
	}
	CHECK_I64("all come back", back, 10);
	CHECK_I64("none is inside", (int64_t)fetch_pending(f), 0);
	fetch_close(&f);
}

int main(void)
{
	struct server s = { 0 };

	server_start(&s);
	check_cases(&s);
	check_details(&s);
	check_busy(&s);
	check_wishes(&s);
	check_stop(&s);
	shutdown(s.fd, SHUT_RDWR);
	thread_join(&s.thread);
	close(s.fd);
	return check_done();
}
