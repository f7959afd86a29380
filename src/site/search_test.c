/* The browser's folding, terms and unpacking against the program's, over thousands of texts. */
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/check.h"
#include "site/search_build.h"
#include "site/shard.h"
#include "text/fold.h"
#include "text/json.h"
#include "text/segment.h"
#include "text/utf8.h"

static struct arena mem;

static void put_tables_hex(FILE *to)
{
	struct buf tables, shard;

	buf_init(&tables, BUF_NO_MAX);
	buf_init(&shard, BUF_NO_MAX);
	search_tables(&tables);
	shard_write(&shard, buf_str(&tables));
	for (size_t i = 0; i < shard.len; i++)
		fprintf(to, "%02x", (unsigned char)shard.ptr[i]);
	putc('\n', to);
	buf_fini(&tables);
	buf_fini(&shard);
}

/* The terms a text has: without the last of a run, which no query asks for. */
static void put_text(FILE *to, struct str text)
{
	struct str folded = fold_text(&mem, text);
	struct segment seg;
	struct term t;
	struct json j;
	struct buf out;

	buf_init(&out, BUF_NO_MAX);
	json_start(&j, &out, 0);
	json_begin_array(&j);
	json_add_str(&j, text);
	json_add_str(&j, folded);
	json_begin_array(&j);
	segment_start(&seg, folded);
	while (segment_next(&seg, &t))
		json_add_str(&j, t.text);
	json_end(&j);
	json_end(&j);
	fwrite(out.ptr, 1, out.len, to);
	putc('\n', to);
	buf_fini(&out);
	arena_reset(&mem);
}

/* Characters where text is, each beside others; and at random, the same each time. */
static void put_all(FILE *to)
{
	static const uint32_t ranges[][2] = {
		{ 0x20, 0x530 },      { 0x530, 0x2000 },    { 0x2000, 0x3400 },
		{ 0x3400, 0xA000 },   { 0xA000, 0xD7A4 },   { 0xF900, 0xFFF0 },
		{ 0x10000, 0x10400 }, { 0x1D400, 0x1D800 }, { 0x1F100, 0x1F700 },
		{ 0x20000, 0x20100 }, { 0x2F800, 0x2FA20 },
	};
	enum { RANGES = sizeof(ranges) / sizeof(ranges[0]) };
	uint64_t seed = 7;
	struct buf text;

	buf_init(&text, BUF_NO_MAX);
	for (size_t i = 0; i < RANGES; i++)
		for (uint32_t c = ranges[i][0]; c < ranges[i][1]; c += 8) {
			buf_reset(&text);
			for (uint32_t k = 0; k < 8 && c + k < ranges[i][1]; k++) {
				buf_add_utf8(&text, c + k);
				buf_add(&text, k % 2 ? S("e") : S("中"));
			}
			put_text(to, buf_str(&text));
		}
	for (int n = 0; n < 6000; n++) {
		buf_reset(&text);
		for (int k = 0; k < 3 + n % 40; k++) {
			seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
			size_t i = (size_t)(seed >> 33) % (n % 3 ? 4 : RANGES);
			uint32_t c = (uint32_t)(seed >> 40) % (ranges[i][1] - ranges[i][0]);

			buf_add_utf8(&text, ranges[i][0] + c);
		}
		put_text(to, buf_str(&text));
	}
	buf_fini(&text);
}

/* The exit status of the comparing script; 127: there is no node. */
static int ask_node(FILE *lines)
{
	pid_t child = fork();
	int status = 0;

	if (child == 0) {
		lseek(fileno(lines), 0, SEEK_SET);
		dup2(fileno(lines), STDIN_FILENO);
		execlp("node", "node", "test/static-search/fold.js", (char *)NULL);
		_exit(127);
	}
	waitpid(child, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int main(void)
{
	arena_init(&mem);
	if (access("test/static-search/fold.js", R_OK) != 0 ||
	    access("theme/default/search.js", R_OK) != 0) {
		printf("SKIPPED: not run from the source's folder\n");
		return 77;
	}
	FILE *lines = tmpfile();
	CHECK(lines != NULL);
	if (lines) {
		put_tables_hex(lines);
		put_all(lines);
		fflush(lines);
		int status = ask_node(lines);
		if (status == 127)
			printf("SKIPPED: no node: the browser's folding is NOT held against "
			       "ours\n");
		else
			CHECK_I64("node test/static-search/fold.js", status, 0);
		fclose(lines);
	}
	arena_fini(&mem);
	return check_done();
}
