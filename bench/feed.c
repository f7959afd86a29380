/*
 * feed - how fast `dibao feed` reads and prints, beside expat with handlers that do nothing.
 *
 * usage: feed [--dibao PATH] [--runs N] [FILE...]
 *
 * Without a FILE it makes two of its own, RSS and Atom of 30 MB of Chinese full text. Every figure
 * is the best of N runs, in processor time of the whole process: start, reading, parsing, printing
 * to /dev/null.
 */
#include <expat.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "text/date.h"
#include "text/utf8.h"

enum { ITEMS = 5000, ITEM_BYTES = 5000 };

/* ---- feeds of our own ---- */

static uint32_t next_random(uint64_t *state)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(*state >> 33);
}

/* n Han characters with a comma here and there, as a sentence. */
static void add_words(struct buf *b, uint64_t *state, int n)
{
	while (n-- > 0) {
		buf_add_utf8(b, 0x4E00 + next_random(state) % 3000);
		if (next_random(state) % 11 == 0)
			buf_add(b, S("，"));
		if (next_random(state) % 97 == 0)
			buf_add(b, S(" WHO "));
	}
	buf_add(b, S("。"));
}

static void add_html(struct buf *b, uint64_t *state)
{
	size_t from = b->len;

	while (b->len - from < ITEM_BYTES) {
		buf_addf(b, "<p>");
		add_words(b, state, 80);
		buf_addf(b, "<a href=\"https://news.example.org/%u/?a=1&amp;b=2\">",
			 next_random(state));
		add_words(b, state, 6);
		buf_addf(b, "</a></p>\n");
		if (next_random(state) % 5 == 0)
			buf_addf(b,
				 "<figure><img src=\"https://news.example.org/i/%u.jpg\" "
				 "width=\"1200\" "
				 "alt=\"\"><figcaption>x</figcaption></figure>\n",
				 next_random(state));
	}
}

static void add_item(struct buf *b, uint64_t *state, int n, bool atom)
{
	int64_t when = INT64_C(1767225600000) - (int64_t)n * 1020000;

	buf_add_cstr(b, atom ? "<entry>\n<title>" : "<item>\n<title>");
	add_words(b, state, 18);
	buf_addf(b,
		 atom ? "</title>\n<link href=\"https://news.example.org/2026/%d.html\"/>\n<id>"
			"x:%d</id>\n<updated>"
		      : "</title>\n<link>https://news.example.org/2026/%d.html</link>\n<guid "
			"isPermaLink=\"false\">x:%d</guid>\n<pubDate>",
		 n, n);
	if (atom)
		buf_add_rfc3339(b, when, 480);
	else
		buf_add_rfc822(b, when);
	buf_add_cstr(b, atom ? "</updated>\n<author><name>Li</name></author>\n<category "
			       "term=\"a\"/>\n<summary>"
			     : "</pubDate>\n<category>a</category>\n<description><![CDATA[");
	add_words(b, state, 60);
	buf_add_cstr(b, atom ? "</summary>\n<content type=\"html\"><![CDATA["
			     : "]]></description>\n<content:encoded><![CDATA[");
	add_html(b, state);
	buf_add_cstr(b, atom ? "]]></content>\n</entry>\n" : "]]></content:encoded>\n</item>\n");
}

static int make_feed(const char *path, bool atom, struct err *err)
{
	uint64_t state = 1;
	struct buf b;
	int ret;

	buf_init(&b, 1 << 30);
	buf_add_cstr(&b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
	buf_add_cstr(&b, atom ? "<feed xmlns=\"http://www.w3.org/2005/Atom\">\n<title>t</title>"
				"\n<id>x:</id>\n"
			      : "<rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modu"
				"les/content/\">\n"
				"<channel>\n<title>t</title>\n<link>"
				"https://news.example.org/</link>\n");
	for (int n = 0; n < ITEMS; n++)
		add_item(&b, &state, n, atom);
	buf_add_cstr(&b, atom ? "</feed>\n" : "</channel>\n</rss>\n");
	ret = file_write(path, buf_str(&b), false, err);
	buf_fini(&b);
	return ret;
}

/* ---- measuring ---- */

static double seconds(const struct rusage *u)
{
	return (double)(u->ru_utime.tv_sec + u->ru_stime.tv_sec) +
	       (double)(u->ru_utime.tv_usec + u->ru_stime.tv_usec) / 1e6;
}

static void XMLCALL on_start(void *user, const XML_Char *name, const XML_Char **attrs)
{
	(void)user, (void)name, (void)attrs;
}

static void XMLCALL on_end(void *user, const XML_Char *name)
{
	(void)user, (void)name;
}

static void XMLCALL on_text(void *user, const XML_Char *text, int len)
{
	(void)user, (void)text, (void)len;
}

static double run_expat(const struct buf *in)
{
	struct rusage from, to;
	XML_Parser p = XML_ParserCreate(NULL);

	XML_SetElementHandler(p, on_start, on_end);
	XML_SetCharacterDataHandler(p, on_text);
	getrusage(RUSAGE_SELF, &from);
	for (size_t at = 0; at < in->len; at += 65536) {
		size_t n = in->len - at < 65536 ? in->len - at : 65536;

		if (XML_Parse(p, in->ptr + at, (int)n, at + n == in->len) != XML_STATUS_OK)
			break;
	}
	getrusage(RUSAGE_SELF, &to);
	XML_ParserFree(p);
	return seconds(&to) - seconds(&from);
}

/* Runs dibao with up to three arguments; its processor time, and its peak memory in *kb. */
static double run_dibao(const char *dibao, const char *a, const char *b, const char *c, long *kb)
{
	struct rusage u;
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		int null = open("/dev/null", O_WRONLY);

		dup2(null, STDOUT_FILENO);
		execl(dibao, dibao, a, b, c, (char *)NULL);
		_exit(127);
	}
	if (pid < 0 || wait4(pid, &status, 0, &u) < 0 || !WIFEXITED(status) ||
	    WEXITSTATUS(status) != 0) {
		fprintf(stderr, "feed: %s does not run\n", dibao);
		exit(1);
	}
	*kb = u.ru_maxrss;
	return seconds(&u);
}

static double best(double a, double b)
{
	return a < b ? a : b;
}

static int bench(const char *dibao, int runs, const char *path)
{
	double expat = 1e9, bare = 1e9, clean = 1e9;
	long kb = 0, kb_empty = 0, ignored;
	struct buf in;
	struct err err;

	/* Before the file is read here: a child's peak counts what it was forked from. */
	run_dibao(dibao, "--version", NULL, NULL, &kb_empty);
	for (int i = 0; i < runs; i++) {
		bare = best(bare, run_dibao(dibao, "feed", "--no-sanitize", path, &kb));
		clean = best(clean, run_dibao(dibao, "feed", path, NULL, &ignored));
	}
	buf_init(&in, 1 << 30);
	if (file_read(path, &in, &err) < 0) {
		fprintf(stderr, "feed: %s\n", err.msg);
		return 1;
	}
	for (int i = 0; i < runs; i++)
		expat = best(expat, run_expat(&in));
	double mb = (double)in.len / 1e6;
	printf("%-24s %5.1f MB  expat %4.0f MB/s  dibao %4.0f MB/s  sanitized %4.0f MB/s (%.2fx)  "
	       "memory beyond "
	       "the input %.1f MB, of which the program %.1f MB\n",
	       strrchr(path, '/') ? strrchr(path, '/') + 1 : path, mb, mb / expat, mb / bare,
	       mb / clean, clean / bare, (double)kb / 1024 - mb * 1e6 / 1048576,
	       (double)kb_empty / 1024);
	buf_fini(&in);
	return 0;
}

int main(int argc, char **argv)
{
	const char *dibao = "./dibao";
	int runs = 7, i = 1, failed = 0;
	struct err err;

	for (; i + 1 < argc && argv[i][0] == '-'; i += 2) {
		if (strcmp(argv[i], "--dibao") == 0)
			dibao = argv[i + 1];
		else if (strcmp(argv[i], "--runs") == 0)
			runs = (int)strtol(argv[i + 1], NULL, 10);
	}
	for (int k = i; k < argc; k++)
		failed |= bench(dibao, runs, argv[k]);
	if (i < argc)
		return failed;
	char dir[] = "/tmp/bench-feed-XXXXXX", paths[2][64];
	if (!mkdtemp(dir))
		return 1;
	for (int k = 0; k < 2; k++) {
		snprintf(paths[k], sizeof(paths[k]), "%s/%s", dir, k ? "atom.xml" : "rss.xml");
		if (make_feed(paths[k], k == 1, &err) < 0) {
			fprintf(stderr, "feed: %s\n", err.msg);
			return 1;
		}
	}
	for (int k = 0; k < 2; k++) {
		failed |= bench(dibao, runs, paths[k]);
		unlink(paths[k]);
	}
	rmdir(dir);
	return failed;
}
