/*
 * What a store promises when things go wrong: writes that fail, at any point; and the process
 * killed, at any instant.
 *
 * Failing writes come from a file system of SQLite's own making (a VFS) that refuses the Nth write
 * or sync: so the real driver, its rollback and its recovery are what is tested.
 */
#include <ftw.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/check.h"
#include "base/file.h"
#include "store/store.h"

static struct arena mem;
static struct err err;

/* --- the failing file system ------------------------------------------------------------------ */

static int writes_left = -1; /* -1: never fails */
static bool full;            /* a full disk, not a broken one */
/* Files that are locked and those that are not (the WAL) have different methods below. */
static struct {
	const sqlite3_io_methods *real;
	sqlite3_io_methods failing;
} kinds[4];

static const sqlite3_io_methods *real_of(sqlite3_file *f)
{
	int i = 0;

	while (&kinds[i].failing != f->pMethods)
		i++;
	return kinds[i].real;
}

static bool fails(void)
{
	if (writes_left < 0)
		return false;
	if (writes_left > 0) {
		writes_left--;
		return false;
	}
	return true; /* and so do all that follow: a disk does not mend itself */
}

static int fail_write(sqlite3_file *f, const void *p, int n, sqlite3_int64 at)
{
	return fails() ? full ? SQLITE_FULL : SQLITE_IOERR_WRITE : real_of(f)->xWrite(f, p, n, at);
}

static int fail_sync(sqlite3_file *f, int flags)
{
	return fails() ? SQLITE_IOERR_FSYNC : real_of(f)->xSync(f, flags);
}

static int fail_truncate(sqlite3_file *f, sqlite3_int64 size)
{
	return fails() ? SQLITE_IOERR_TRUNCATE : real_of(f)->xTruncate(f, size);
}

static sqlite3_vfs failing_vfs;

static int fail_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *f, int flags, int *out)
{
	sqlite3_vfs *real = vfs->pAppData;
	int rc = real->xOpen(real, name, f, flags, out);

	if (rc != SQLITE_OK || !f->pMethods)
		return rc;
	int i = 0;
	while (i < 3 && kinds[i].real && kinds[i].real != f->pMethods)
		i++;
	if (!kinds[i].real) {
		kinds[i].real = f->pMethods;
		kinds[i].failing = *f->pMethods;
		kinds[i].failing.xWrite = fail_write;
		kinds[i].failing.xSync = fail_sync;
		kinds[i].failing.xTruncate = fail_truncate;
	}
	f->pMethods = &kinds[i].failing;
	return rc;
}

static void install_vfs(void)
{
	sqlite3_vfs *real = sqlite3_vfs_find(NULL);

	failing_vfs = *real;
	failing_vfs.zName = "failing";
	failing_vfs.pAppData = real;
	failing_vfs.xOpen = fail_open;
	sqlite3_vfs_register(&failing_vfs, 1);
}

/* --- what is written -------------------------------------------------------------------------- */

static struct article article(int n, int edition)
{
	static const char *const words[] = { "北約", "猫",  "人工智能", "machine learning",
					     "颱風", "選舉" };

	return (struct article){
		.url = arena_strf(&mem, "https://crash.example/%d", n),
		.source = arena_strf(&mem, "s%d", n % 5),
		.guid = arena_strf(&mem, "%d", n),
		.title = arena_strf(&mem, "第%d號", n),
		.text = arena_strf(&mem, "%s %s %d", words[n % 6], words[n / 6 % 6], edition),
		.published = 1700000000000 - n * 3600000LL,
		.modified = TIME_UNSTATED,
		.gone = TIME_UNSTATED,
		.text_from = FROM_PAGE,
		.title_from = FROM_PAGE,
	};
}

/* One batch: new articles, and an edit of an older one each. 0, or the first error. */
static int write_batch(struct store *s, struct blob *b, int from, int count)
{
	struct hash name;

	if (store_begin(s, &err) < 0)
		return err.code;
	for (int i = from; i < from + count; i++) {
		struct article a = article(i, 0), old = article(i / 2, i);
		struct capture c = { .url = a.url, .status = 200, .body_bytes = 1 };
		enum store_change change;
		int64_t id;

		if (blob_put(b, arena_strf(&mem, "<html>%d", i), &name, &err) < 0)
			goto fail;
		c.body = name;
		if (store_capture_add(s, &c, &err) < 0)
			goto fail;
		struct store_put puts[] = {
			{ .article = &a, .now = 1700000000000, .capture_id = c.id },
			{ .article = &old, .now = 1700000000000 + i, .capture_id = c.id }
		};
		for (int k = 0; k < 2; k++)
			if (store_article_put(s, &puts[k], &id, &change, &err) < 0)
				goto fail;
	}
	if (blob_sync(b, &err) < 0)
		goto fail;
	return store_commit(s, &err);
fail:
	store_rollback(s);
	return err.code;
}

static struct store *open_store(const char *path, bool write)
{
	struct store_options opt = { .where = path, .write = write, .index = true };
	struct store *s;

	if (store_open(&opt, &s, &err) < 0) {
		fprintf(stderr, "store_open: %s\n", err.msg);
		CHECK(false);
		exit(1);
	}
	return s;
}

static int64_t count_articles(struct store *s)
{
	struct store_query all = { 0 };
	int64_t n = -1;

	CHECK(store_count(s, &all, &n, &err) == 0);
	return n;
}

static void check_whole(struct store *s, struct blob *b, const char *why)
{
	struct store_damage *found;
	size_t n;
	int rc = store_verify(s, b, &mem, NULL, NULL, &found, &n, &err);

	if (rc < 0)
		fprintf(stderr, "%s: %s\n", why, err.msg);
	CHECK(rc == 0);
	for (size_t i = 0; i < n; i++)
		fprintf(stderr, "%s: %.*s\n", why, STR_FMT(found[i].what));
	CHECK_I64(why, (int64_t)n, 0);
}

/* --- failing writes --------------------------------------------------------------------------- */

static void test_failing_writes(const char *dir)
{
	int64_t written = 0, failures = 0;

	for (int n = 0; n < 90; n += n < 20 ? 1 : 4) {
		const char *path = path_join(&mem, dir, "archive.db");
		struct store *s = open_store(path, true);
		struct blob *b;

		CHECK(blob_open(path_join(&mem, dir, "blobs"), &b, &err) == 0);
		writes_left = n;
		full = n % 2;
		err.msg[0] = 0;
		bool failed = write_batch(s, b, (int)written, 20) < 0;
		writes_left = -1;
		failures += failed;
		CHECK(!failed || err.msg[0] != 0); /* it says so, or it has happened */
		if (!failed)
			written += 20;
		CHECK_I64("all of a batch or nothing, in the same process", count_articles(s),
			  written);
		/* and the next batch goes through as if nothing had been */
		CHECK(write_batch(s, b, (int)written, 3) == 0);
		written += 3;
		store_close(&s);
		s = open_store(path, false);
		CHECK_I64("and after opening again", count_articles(s), written);
		if (n % 6 == 0)
			check_whole(s, b, "after a failing write");
		store_close(&s);
		blob_close(&b);
	}
	CHECK(failures > 20); /* the files did fail */
}

/* --- kill -9 ---------------------------------------------------------------------------------- */

enum { ROUNDS = 20, BATCH = 7 };

static void write_until_killed(const char *dir, int report)
{
	struct store *s = open_store(path_join(&mem, dir, "archive.db"), true);
	struct blob *b;
	int next = (int)count_articles(s);

	if (blob_open(path_join(&mem, dir, "blobs"), &b, &err) < 0)
		_exit(1);
	for (;; next += BATCH)
		if (write_batch(s, b, next, BATCH) < 0 || write(report, &next, sizeof(next)) < 0)
			_exit(1);
}

static void test_kill(const char *dir)
{
	int reported = -BATCH;

	for (int round = 0; round < ROUNDS; round++) {
		int pipes[2], status;

		CHECK(pipe(pipes) == 0);
		pid_t pid = fork();
		if (pid == 0)
			write_until_killed(dir, pipes[1]);
		close(pipes[1]);
		int last;
		/* In some rounds while it opens the store, in most after its first batch. */
		if (round % 5 != 4 && read(pipes[0], &last, sizeof(last)) == sizeof(last))
			reported = last;
		usleep((useconds_t)(round * 3137 % 40000));
		kill(pid, SIGKILL);
		waitpid(pid, &status, 0);
		CHECK(WIFSIGNALED(status)); /* it did not end by itself */
		while (read(pipes[0], &last, sizeof(last)) == sizeof(last))
			reported = last;
		close(pipes[0]);
		struct store *s = open_store(path_join(&mem, dir, "archive.db"), true);
		struct blob *b;
		CHECK(blob_open(path_join(&mem, dir, "blobs"), &b, &err) == 0);
		int64_t n = count_articles(s);
		CHECK(n >= reported + BATCH); /* what was reported is there */
		CHECK(n % BATCH == 0);        /* and nothing by halves */
		check_whole(s, b, "after a kill");
		store_close(&s);
		blob_close(&b);
	}
	CHECK(reported > 0);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

int main(void)
{
	char dir[] = "/tmp/dibao-crash-XXXXXX";

	arena_init(&mem);
	CHECK(mkdtemp(dir) != NULL);
	test_kill(dir);
	nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	CHECK(mkdir(dir, 0700) == 0);
	install_vfs();
	test_failing_writes(dir);
	nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	arena_fini(&mem);
	return check_done();
}
