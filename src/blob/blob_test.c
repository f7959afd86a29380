#include "blob/blob.h"

#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/check.h"
#include "base/file.h"

static struct arena mem;
static struct err err;

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static void remove_dir(const char *dir)
{
	nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static const char *in(const char *dir, const char *name)
{
	return path_join(&mem, dir, name);
}

static struct str body(int n)
{
	return arena_strf(&mem, "body %d %s", n, n % 3 ? "<p>news</p>" : "");
}

static void check_body(struct blob *b, int n)
{
	struct hash name = hash_of(body(n));
	struct buf out;

	buf_init(&out, BUF_NO_MAX);
	CHECK(blob_get(b, &name, &out, &err) == 0);
	CHECK_STR("a body comes back as it was put", buf_str(&out), body(n));
	buf_fini(&out);
}

static int count(struct blob *b)
{
	struct blob_walk *w;
	struct hash name;
	int n = 0;

	CHECK(blob_walk_open(b, &w, &err) == 0);
	while (blob_walk_next(w, &name, &err) > 0)
		n++;
	blob_walk_close(&w);
	return n;
}

static void put(struct blob *b, int from, int to)
{
	struct hash name;

	for (int i = from; i < to; i++)
		CHECK(blob_put(b, body(i), &name, &err) == 0);
}

static void test_contract(const char *dir)
{
	struct blob *b, *reader;
	struct hash name, none = { { 1 } };
	struct buf out;

	buf_init(&out, BUF_NO_MAX);
	CHECK(blob_open(dir, &b, &err) == 0);
	put(b, 0, 50);
	put(b, 0, 50);
	CHECK_I64("equal bytes are one blob", count(b), 50);
	check_body(b, 7);
	CHECK(blob_open(dir, &reader, &err) == 0);
	check_body(reader, 3); /* put, not synced: another process may read what is there */
	CHECK(blob_sync(b, &err) == 0);
	put(b, 50, 60);
	CHECK(blob_sync(b, &err) == 0);
	check_body(reader, 55);
	CHECK(blob_get(b, &none, &out, &err) == ERR_NOTFOUND);
	CHECK(!blob_has(b, &none));
	CHECK(blob_put(b, S(""), &name, &err) == 0);
	CHECK(blob_get(b, &name, &out, &err) == 0 && out.len == 0);
	CHECK(blob_sync(b, &err) == 0);
	blob_close(&b);
	blob_close(&reader);
	CHECK(blob_open(dir, &b, &err) == 0);
	CHECK_I64("after closing they are there", count(b), 61);
	for (int i = 0; i < 60; i++)
		check_body(b, i);
	blob_close(&b);
	CHECK(blob_open("s3://bucket/x", &b, &err) == ERR_CONFIG);
	buf_fini(&out);
}

/* The index is a convenience: without it the packs tell. */
static void test_index_lost(const char *dir)
{
	struct blob *b;

	CHECK(unlink(in(dir, "index.db")) == 0);
	unlink(in(dir, "index.db-wal"));
	unlink(in(dir, "index.db-shm"));
	CHECK(blob_open(dir, &b, &err) == 0);
	check_body(b, 42);
	CHECK_I64("a lost index loses nothing", count(b), 61);
	put(b, 60, 70);
	CHECK(blob_sync(b, &err) == 0);
	blob_close(&b);
	CHECK(blob_open(dir, &b, &err) == 0);
	CHECK_I64("and is made again", count(b), 71);
	blob_close(&b);
}

static void append_bytes(const char *path, const char *bytes, size_t len)
{
	int fd = open(path, O_WRONLY | O_APPEND);

	CHECK(fd >= 0 && write(fd, bytes, len) == (ssize_t)len);
	close(fd);
}

static void test_torn_tail(const char *dir)
{
	struct blob *b;

	append_bytes(in(dir, "pack-00000001"), "DIBP half a record", 18);
	CHECK(blob_open(dir, &b, &err) == 0);
	check_body(b, 69);
	put(b, 70, 80);
	CHECK(blob_sync(b, &err) == 0);
	blob_close(&b);
	CHECK(file_exists(in(dir, "pack-00000002")));
	CHECK(blob_open(dir, &b, &err) == 0);
	CHECK_I64("a torn record hides nothing before or after it", count(b), 81);
	check_body(b, 75);
	blob_close(&b);
}

static void test_damage(const char *dir)
{
	struct blob *b;
	struct hash name = hash_of(body(1));
	struct buf out;
	int fd = open(in(dir, "pack-00000001"), O_RDWR), bad = 0;

	/* Some byte of the second record's body. */
	CHECK(fd >= 0 && pwrite(fd, "\xff\xff", 2, 48 + 20 + 48 + 12) == 2);
	close(fd);
	buf_init(&out, BUF_NO_MAX);
	CHECK(blob_open(dir, &b, &err) == 0);
	for (int i = 0; i < 80; i++) {
		name = hash_of(body(i));
		bad += blob_get(b, &name, &out, &err) == ERR_INPUT;
	}
	CHECK_I64("damage is told, and only of what is damaged", bad, 1);
	blob_close(&b);
	buf_fini(&out);
}

/* A full disk: RLIMIT_FSIZE makes the write fail in the middle of a record. */
static void test_full_disk(const char *dir)
{
	pid_t pid = fork();

	if (pid == 0) {
		struct blob *b;
		struct hash name;
		struct rlimit limit = { 300000, 300000 };
		char *big = arena_alloc(&mem, 200000);
		int rc = 0, done = 0;

		signal(SIGXFSZ, SIG_IGN);
		for (size_t i = 0; i < 200000; i++)
			big[i] = (char)(rand() >> 7);
		if (blob_open(dir, &b, &err) < 0 || blob_put(b, S("first"), &name, &err) < 0 ||
		    blob_sync(b, &err) < 0)
			_exit(9);
		setrlimit(RLIMIT_FSIZE, &limit);
		for (; done < 4 && rc == 0; done++) {
			big[0] = (char)done;
			rc = blob_put(b, str_n(big, 200000), &name, &err);
		}
		_exit(rc == ERR_IO && done == 2 && blob_put(b, S("small"), &name, &err) == 0 &&
				      blob_sync(b, &err) == 0
			      ? 0
			      : 1);
	}
	int status;
	waitpid(pid, &status, 0);
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	struct blob *b;
	struct hash small = hash_of(S("small"));
	CHECK(blob_open(dir, &b, &err) == 0);
	CHECK(blob_has(b, &small));
	CHECK_I64("what did not fit left nothing behind", count(b), 3);
	blob_close(&b);
}

/* A writer killed at any instant: what it reported as synced is there, whole. */
static void test_kill(const char *dir)
{
	for (int round = 0; round < 12; round++) {
		int pipes[2], reported = 0;

		CHECK(pipe(pipes) == 0);
		pid_t pid = fork();
		if (pid == 0) {
			struct blob *b;
			struct hash name;

			if (blob_open(dir, &b, &err) < 0)
				_exit(1);
			for (int i = 0;; i++) {
				if (blob_put(b, arena_strf(&mem, "round %d body %d", round, i),
					     &name, &err) < 0)
					_exit(1);
				if (i % 20 == 19 &&
				    (blob_sync(b, &err) < 0 || write(pipes[1], &i, sizeof(i)) < 0))
					_exit(1);
			}
		}
		close(pipes[1]);
		usleep((useconds_t)(3000 + round * 2500));
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
		while (read(pipes[0], &reported, sizeof(reported)) == sizeof(reported))
			;
		close(pipes[0]);
		struct blob *b;
		CHECK(blob_open(dir, &b, &err) == 0);
		for (int i = 0; i < reported; i++) {
			struct hash name = hash_of(arena_strf(&mem, "round %d body %d", round, i));
			CHECK(blob_has(b, &name));
		}
		blob_close(&b);
	}
}

int main(void)
{
	char dir[] = "/tmp/dibao-blob-XXXXXX";

	arena_init(&mem);
	CHECK(mkdtemp(dir) != NULL);
	test_contract(in(dir, "a"));
	test_index_lost(in(dir, "a"));
	test_torn_tail(in(dir, "a"));
	test_damage(in(dir, "a"));
	test_full_disk(in(dir, "b"));
	test_kill(in(dir, "c"));
	remove_dir(dir);
	arena_fini(&mem);
	return check_done();
}
