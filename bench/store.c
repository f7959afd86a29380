/*
 * bench store - how fast articles are written, with and without the search index, beside bare
 *SQLite.
 *
 *	store MIRROR [COUNT [BYTES [BATCH]]]
 *
 * Takes the texts of a mirror (cut to BYTES, 5120), writes COUNT (20,000) articles of them into a
 *fresh store in the current directory, BATCH (500) to a commit, and prints articles and characters
 *a second of wall and of CPU time.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/list.h"
#include "store/store.h"
#include "text/utf8.h"

enum { SAMPLES = 2000 };

static double cpu_s(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (double)u.ru_utime.tv_sec + (double)u.ru_stime.tv_sec +
	       (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static double wall_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void die(const struct err *err)
{
	fprintf(stderr, "bench store: %s\n", err->msg);
	exit(1);
}

static void remove_store(const char *path)
{
	char name[256];
	static const char *const ends[] = { "", "-wal", "-shm" };

	for (int i = 0; i < 3; i++) {
		snprintf(name, sizeof(name), "%s%s", path, ends[i]);
		unlink(name);
	}
}

static struct list read_samples(const char *mirror, struct arena *mem, size_t bytes)
{
	struct list l;
	struct err err;
	struct store *s;
	struct store_walk *w;
	struct article a;
	struct store_query q = { .with = STORE_ALL };
	const char *path = arena_strf(mem, "%s/archive.db", mirror).ptr;

	list_init(&l, sizeof(struct article));
	if (store_open(&(struct store_options){ .where = path }, &s, &err) < 0 ||
	    store_walk_open(s, &q, &w, &err) < 0)
		die(&err);
	while (l.count < SAMPLES && store_walk_next(w, mem, &a, &err) > 0) {
		if (a.text.len < 1000)
			continue;
		a.text = utf8_cut(a.text, bytes);
		a.html = utf8_cut(a.html, bytes + bytes / 4);
		*(struct article *)list_add(&l) = a;
	}
	store_walk_close(&w);
	store_close(&s);
	return l;
}

/* Article n: the texts of two, cut in the middle and put together, so that the vocabulary stays
 * real. */
static struct article make(struct arena *a, const struct list *from, size_t n, size_t bytes)
{
	const struct article *x = list_at(from, n % from->count),
			     *y = list_at(from, n * 7919 % from->count);
	struct article out = *x;
	struct buf b;

	buf_init(&b, BUF_NO_MAX);
	while (b.len < bytes) {
		buf_add(&b, utf8_cut(x->text, bytes / 2));
		buf_addf(&b, "\n%zu ", n);
		buf_add(&b, utf8_cut(y->text, bytes - bytes / 2));
	}
	out.text = utf8_cut(arena_str(a, buf_str(&b)), bytes);
	buf_fini(&b);
	out.url = arena_strf(a, "https://bench.example/%zu/%zu.html", n % 1000, n);
	out.guid = out.url;
	out.source = arena_strf(a, "source-%zu", n % 1000);
	return out;
}

static void measure(const struct list *samples, size_t count, size_t bytes, size_t batch,
		    bool index)
{
	static const char path[] = "bench-store.db";
	struct store_options opt = { .where = path, .write = true, .index = index };
	struct store *s;
	struct err err;
	struct arena a;
	int64_t text = 0, chars = 0, id;
	double making = 0;
	struct stat st;

	remove_store(path);
	if (store_open(&opt, &s, &err) < 0)
		die(&err);
	arena_init(&a);
	double wall = wall_s(), cpu = cpu_s();
	for (size_t i = 0; i < count;) {
		if (store_begin(s, &err) < 0)
			die(&err);
		for (size_t k = 0; k < batch && i < count; k++, i++) {
			enum store_change change;
			double t = cpu_s();

			arena_reset(&a);
			struct article art = make(&a, samples, i, bytes);
			struct store_put put = { .article = &art,
						 .now = 1700000000000 + (int64_t)i };
			text += (int64_t)art.text.len;
			chars += (int64_t)utf8_count(art.text);
			making += cpu_s() - t;
			if (store_article_put(s, &put, &id, &change, &err) < 0)
				die(&err);
		}
		if (store_commit(s, &err) < 0)
			die(&err);
	}
	wall = wall_s() - wall - making;
	cpu = cpu_s() - cpu - making;
	store_close(&s);
	stat(path, &st);
	struct rusage u;
	getrusage(RUSAGE_SELF, &u);
	printf("%-14s %7.0f articles/s wall  %7.0f /CPU s  %5.2f M characters/CPU s  %6.1f MB text "
	       " %6.1f MB file  peak %ld MB\n",
	       index ? "with index" : "without index", (double)count / wall, (double)count / cpu,
	       (double)chars / cpu / 1e6, (double)text / 1e6, (double)st.st_size / 1e6,
	       u.ru_maxrss / 1024);
	fflush(stdout);
	arena_fini(&a);
}

/* What SQLite itself takes for the same text: one table, one row an article, the same commits. */
static void measure_bare(const struct list *samples, size_t count, size_t bytes, size_t batch)
{
	static const char path[] = "bench-bare.db";
	sqlite3 *db;
	sqlite3_stmt *put;
	struct arena a;
	double making = 0;

	remove_store(path);
	sqlite3_open(path, &db);
	sqlite3_exec(
		db,
		"PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
		"CREATE TABLE t (id INTEGER PRIMARY KEY, url TEXT UNIQUE, title TEXT, text TEXT, "
		"html TEXT)",
		NULL, NULL, NULL);
	sqlite3_prepare_v2(db, "INSERT INTO t VALUES (NULL, ?, ?, ?, ?)", -1, &put, NULL);
	arena_init(&a);
	double wall = wall_s(), cpu = cpu_s();
	for (size_t i = 0; i < count;) {
		sqlite3_exec(db, "BEGIN", NULL, NULL, NULL);
		for (size_t k = 0; k < batch && i < count; k++, i++) {
			double t = cpu_s();
			arena_reset(&a);
			struct article art = make(&a, samples, i, bytes);
			making += cpu_s() - t;
			const struct str all[] = { art.url, art.title, art.text, art.html };
			for (int c = 0; c < 4; c++)
				sqlite3_bind_text(put, c + 1, all[c].ptr, (int)all[c].len,
						  SQLITE_STATIC);
			sqlite3_step(put);
			sqlite3_reset(put);
		}
		sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
	}
	wall = wall_s() - wall - making;
	cpu = cpu_s() - cpu - making;
	sqlite3_finalize(put);
	sqlite3_close(db);
	printf("%-14s %7.0f articles/s wall  %7.0f /CPU s\n", "bare SQLite", (double)count / wall,
	       (double)count / cpu);
	remove_store(path);
	arena_fini(&a);
}

static size_t number(int argc, char **argv, int i, int64_t otherwise)
{
	if (i < argc && !str_to_i64(str_of(argv[i]), 1, 1 << 30, &otherwise)) {
		fprintf(stderr, "bench store: %s is no number\n", argv[i]);
		exit(2);
	}
	return (size_t)otherwise;
}

int main(int argc, char **argv)
{
	struct arena mem;

	if (argc < 2) {
		fprintf(stderr, "usage: store MIRROR [COUNT [BYTES [BATCH]]]\n");
		return 2;
	}
	size_t count = number(argc, argv, 2, 20000), bytes = number(argc, argv, 3, 5120);
	size_t batch = number(argc, argv, 4, 500);
	arena_init(&mem);
	struct list samples = read_samples(argv[1], &mem, bytes);
	printf("%zu articles of %zu bytes, %zu to a commit, out of %zu\n", count, bytes, batch,
	       samples.count);
	if (!samples.count)
		return 1;
	measure_bare(&samples, count, bytes, batch);
	measure(&samples, count, bytes, batch, false);
	measure(&samples, count, bytes, batch, true);
	remove_store("bench-store.db");
	list_fini(&samples);
	arena_fini(&mem);
	return 0;
}
