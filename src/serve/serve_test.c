#include "serve/serve.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/check.h"
#include "base/file.h"
#include "serve/private.h"

static struct arena mem;
static struct err err;
static char *dir;

static const struct {
	const char *why, *list, *etag;
	bool want;
} etags[] = {
	{ "itself", "\"a\"", "\"a\"", true },
	{ "another", "\"b\"", "\"a\"", false },
	{ "weakly", "W/\"a\"", "\"a\"", true },
	{ "one of several", "\"x\" , W/\"y\",\"a\"", "\"a\"", true },
	{ "anything", "*", "\"a\"", true },
	{ "nothing", "", "\"a\"", false },
	{ "a part of it", "\"aa\"", "\"a\"", false },
};

static const struct {
	const char *why, *header;
	size_t len;
	enum range want;
	size_t from, to;
} ranges[] = {
	{ "the first ten", "bytes=0-9", 100, RANGE_PART, 0, 10 },
	{ "from there on", "bytes=90-", 100, RANGE_PART, 90, 100 },
	{ "the last ten", "bytes=-10", 100, RANGE_PART, 90, 100 },
	{ "more than there is at the end", "bytes=-1000", 100, RANGE_PART, 0, 100 },
	{ "an end past the end", "bytes=50-1000", 100, RANGE_PART, 50, 100 },
	{ "a start past the end", "bytes=100-", 100, RANGE_OUTSIDE, 0, 0 },
	{ "the last none", "bytes=-0", 100, RANGE_OUTSIDE, 0, 0 },
	{ "of nothing", "bytes=0-", 0, RANGE_OUTSIDE, 0, 0 },
	{ "backwards is none", "bytes=9-3", 100, RANGE_NONE, 0, 0 },
	{ "two are not given", "bytes=0-1,5-6", 100, RANGE_NONE, 0, 0 },
	{ "another unit", "lines=0-1", 100, RANGE_NONE, 0, 0 },
	{ "no number", "bytes=a-b", 100, RANGE_NONE, 0, 0 },
	{ "too large a number", "bytes=99999999999999999999-", 100, RANGE_NONE, 0, 0 },
	{ "nothing said", "bytes=-", 100, RANGE_NONE, 0, 0 },
};

static void test_headers(void)
{
	for (size_t i = 0; i < sizeof(etags) / sizeof(etags[0]); i++)
		CHECK_I64(etags[i].why, etag_in(str_of(etags[i].list), str_of(etags[i].etag)),
			  etags[i].want);
	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
		size_t from = 0, to = 0;

		CHECK_I64(ranges[i].why,
			  range_parse(str_of(ranges[i].header), ranges[i].len, &from, &to),
			  ranges[i].want);
		CHECK_I64(ranges[i].why, (int64_t)from, (int64_t)ranges[i].from);
		CHECK_I64(ranges[i].why, (int64_t)to, (int64_t)ranges[i].to);
	}
}

/* --- over a socket
 * -------------------------------------------------------------------------------- */

static struct str ask(int port, const char *request)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_port = htons((uint16_t)port),
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct buf b;
	ssize_t n;

	buf_init(&b, BUF_NO_MAX);
	CHECK(connect(fd, (struct sockaddr *)&at, sizeof(at)) == 0);
	CHECK(write(fd, request, strlen(request)) == (ssize_t)strlen(request));
	char *room;
	while ((room = buf_room(&b, 65536)) && (n = read(fd, room, 65536)) > 0)
		buf_advance(&b, (size_t)n);
	close(fd);
	struct str answer = arena_str(&mem, buf_str(&b));
	buf_fini(&b);
	return answer;
}

static struct str get(int port, const char *method, const char *path, const char *headers)
{
	return ask(port,
		   arena_strf(&mem, "%s %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n%s\r\n",
			      method, path, headers)
			   .ptr);
}

static struct str body_of(struct str answer)
{
	size_t at = str_find(answer, S("\r\n\r\n"));

	return at == STR_NONE ? S("") : str_from(answer, at + 4);
}

static struct str header_of(struct str answer, const char *name)
{
	size_t end = str_find(answer, S("\r\n\r\n"));
	size_t at = str_find_nocase(str_sub(answer, 0, end), arena_strf(&mem, "\n%s: ", name));

	if (at == STR_NONE)
		return S("");
	struct str rest = str_from(answer, at + strlen(name) + 3);
	return str_sub(rest, 0, str_find(rest, S("\r\n")));
}

static int64_t status_of(struct str answer)
{
	int64_t status = 0;

	str_to_i64(str_sub(answer, 9, 12), 100, 999, &status);
	return status;
}

static void fill_store(const char *where)
{
	struct store_options opt = { .where = where, .write = true, .index = true };
	struct store *s;
	enum store_change change;
	int64_t id;
	struct source_state st = {
		.key = S("src"),
		.name = S("Source"),
		.url = S("https://example.org/feed"),
		.category = S("Source"),
		.first_fetch = TIME_UNSTATED,
		.last_fetch = TIME_UNSTATED,
		.last_success = TIME_UNSTATED,
		.last_new = TIME_UNSTATED,
	};
	struct article art = {
		.url = S("https://example.org/a"),
		.guid = S("a"),
		.source = S("src"),
		.title = S("北約 & others"),
		.text = S("北約秘書長訪日。"),
		.html = S("<p>北約秘書長訪日。</p>"),
		.language = S("zh-Hant"),
		.published = 1700000000000,
		.modified = TIME_UNSTATED,
		.gone = TIME_UNSTATED,
	};
	struct store_put put = { .article = &art, .now = 1700000000000 };

	CHECK(store_open(&opt, &s, &err) == 0);
	CHECK(store_source_put(s, &st, &err) == 0);
	CHECK(store_article_put(s, &put, &id, &change, &err) == 0);
	store_close(&s);
}

static void test_pages(int port)
{
	static const struct {
		const char *why, *path;
		int status;
		const char *type, *part;
	} rows[] = {
		{ "the front page", "/", 200, "text/html; charset=utf-8", "北約 &amp; others" },
		{ "the same by its file", "/index.html", 200, "text/html; charset=utf-8",
		  "北約 &amp; others" },
		{ "a feed", "/feed.xml", 200, "application/atom+xml; charset=utf-8", "<feed" },
		{ "the style", "/style.css", 200, "text/css; charset=utf-8", "--paper" },
		{ "an icon", "/favicon.svg", 200, "image/svg+xml", "<svg" },
		{ "a month", "/2023/11.html", 200, "text/html; charset=utf-8", "北約" },
		{ "below the base path", "/news/2023/11.html", 200, "text/html; charset=utf-8",
		  "北約" },
		{ "a page that is not", "/nothing", 404, "text/html; charset=utf-8",
		  "href=\"/news/index.html\"" },
		{ "up", "/../../../etc/passwd", 404, "text/html; charset=utf-8", "" },
		{ "up, encoded", "/%2e%2e/%2e%2e/etc/passwd", 404, "text/html; charset=utf-8", "" },
		{ "a template is no page", "/_head.html", 404, "text/html; charset=utf-8", "" },
		{ "a search", "/search?q=%E5%8C%97%E7%B4%84", 200, "text/html; charset=utf-8",
		  "<mark>" },
		{ "a search in other characters", "/search?q=%E5%8C%97%E7%BA%A6", 200,
		  "text/html; charset=utf-8", "<mark>" },
		{ "a search by the page's name", "/search.html?q=%E5%8C%97%E7%BA%A6", 200,
		  "text/html; charset=utf-8", "<mark>" },
		{ "the page for searches", "/search.html", 200, "text/html; charset=utf-8",
		  "<form" },
		{ "a search for nothing", "/search?q=", 200, "text/html; charset=utf-8", "<form" },
		{ "a search that is markup", "/search?q=%22%3E%3Cscript%3E", 200,
		  "text/html; charset=utf-8", "value=\"&quot;&gt;&lt;script&gt;\"" },
		{ "a search that cannot be read", "/search?q=from:never", 200,
		  "text/html; charset=utf-8", "role=\"alert\"" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct str answer = get(port, "GET", rows[i].path, "");

		CHECK_I64(rows[i].why, status_of(answer), rows[i].status);
		CHECK_STR(rows[i].why, header_of(answer, "Content-Type"), str_of(rows[i].type));
		if (!str_contains(body_of(answer), str_of(rows[i].part)))
			CHECK_STR(rows[i].why, body_of(answer), str_of(rows[i].part));
	}
}

static void test_protocol(int port)
{
	struct str whole = get(port, "GET", "/style.css", ""), answer;
	struct str etag = header_of(whole, "ETag"), page = get(port, "GET", "/2023/11.html", "");
	const char *match = arena_strf(&mem, "If-None-Match: %.*s\r\n", STR_FMT(etag)).ptr;

	answer = get(port, "HEAD", "/style.css", "");
	CHECK_I64("HEAD", status_of(answer), 200);
	CHECK_STR("HEAD has no body", body_of(answer), S(""));
	CHECK_STR("and says its length", header_of(answer, "Content-Length"),
		  header_of(whole, "Content-Length"));
	CHECK_I64("not modified", status_of(get(port, "GET", "/style.css", match)), 304);
	CHECK_I64("modified", status_of(get(port, "GET", "/", match)), 200);
	answer = get(port, "GET", "/2023/11.html",
		     arena_strf(&mem, "If-Modified-Since: %.*s\r\n",
				STR_FMT(header_of(page, "Last-Modified")))
			     .ptr);
	CHECK_I64("not modified since", status_of(answer), 304);
	answer = get(port, "GET", "/2023/11.html",
		     "If-Modified-Since: Sat, 01 Jan 2000 00:00:00 GMT\r\n");
	CHECK_I64("modified since", status_of(answer), 200);
	answer = get(port, "GET", "/style.css", "Range: bytes=5-9\r\n");
	CHECK_I64("a part", status_of(answer), 206);
	CHECK_STR("a part", body_of(answer), str_sub(body_of(whole), 5, 10));
	CHECK(str_has_prefix(header_of(answer, "Content-Range"), S("bytes 5-9/")));
	answer = get(port, "GET", "/style.css", "Range: bytes=5-9\r\nIf-Range: \"other\"\r\n");
	CHECK_I64("the whole, where the part is of something older", status_of(answer), 200);
	CHECK_I64("outside",
		  status_of(get(port, "GET", "/style.css", "Range: bytes=99999999-\r\n")), 416);
	answer = get(port, "GET", "/style.css", "Accept-Encoding: br;q=1, gzip\r\n");
	CHECK_STR("compressed", header_of(answer, "Content-Encoding"), S("gzip"));
	CHECK(body_of(answer).len < body_of(whole).len / 2 &&
	      !str_eq(header_of(answer, "ETag"), etag));
	answer = get(port, "GET", "/style.css", "Accept-Encoding: gzip;q=0\r\n");
	CHECK_STR("not compressed", header_of(answer, "Content-Encoding"), S(""));
	answer = ask(port, "POST /search HTTP/1.1\r\nHost: x\r\nConnection: "
			   "close\r\nContent-Length: 3\r\n\r\nq=x");
	CHECK_I64("nothing is posted", status_of(answer), 405);
	CHECK_I64("nothing is deleted", status_of(get(port, "DELETE", "/", "")), 405);
	CHECK_STR("and what is allowed is said", header_of(get(port, "DELETE", "/", ""), "Allow"),
		  S("GET, HEAD"));
}

static void test_opening(const struct serve_options *opt, int port)
{
	static const char *const wrong[] = { "8080", "127.0.0.1", "127.0.0.1:99999", "::1:80",
					     "127.0.0.1:x" };
	struct serve_options o = *opt;
	struct serve *s = NULL;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		o.listen = wrong[i];
		CHECK_I64(wrong[i], serve_open(&o, &s, &err), ERR_CONFIG);
	}
	o.listen = arena_strf(&mem, "127.0.0.1:%d", port).ptr;
	CHECK_I64("a port in use", serve_open(&o, &s, &err), ERR_IO);
	CHECK(str_contains(str_of(err.msg), S("in use")));
	o.listen = "127.0.0.1:0";
	o.store.where = path_join(&mem, dir, "none.db");
	CHECK_I64("no store", serve_open(&o, &s, &err), ERR_NOTFOUND);
}

int main(void)
{
	const char *tmp = getenv("TMPDIR");
	struct serve_options opt = {
		.listen = "127.0.0.1:0",
		.threads = 2,
		.site = { .title = S("Mirror"),
			  .language = S("en"),
			  .zone_min = 480,
			  .base_url = S("https://example.org/news") },
	};
	struct serve *s = NULL;

	arena_init(&mem);
	test_headers();
	dir = path_join(&mem, tmp && *tmp ? tmp : "/tmp", "dibao-serve-XXXXXX");
	if (!mkdtemp(dir))
		return 1;
	opt.store.where = path_join(&mem, dir, "archive.db");
	fill_store(opt.store.where);
	CHECK(serve_open(&opt, &s, &err) == 0);
	if (s) {
		test_pages(serve_port(s));
		test_protocol(serve_port(s));
		test_opening(&opt, serve_port(s));
	}
	serve_close(&s);
	static const char *const left[] = { "archive.db", "archive.db-wal", "archive.db-shm" };
	for (size_t i = 0; i < sizeof(left) / sizeof(left[0]); i++)
		unlink(path_join(&mem, dir, left[i]));
	CHECK(rmdir(dir) == 0);
	arena_fini(&mem);
	return check_done();
}
