/*
 * bench search - how fast the store answers, and how fast and large its index is.
 *
 *	search [--reindex] [--quick] [--limit N] MIRROR QUERIES
 *
 * --quick leaves out the walks over all texts: how large they are, and how many articles a query
 *should find.
 * QUERIES: one query a line, or the last of columns apart by tabs; # is a comment. Each is asked
 *REPEAT times of a store freshly opened once; the median is what counts, and a line tells how many
 *articles a walk over all texts finds.
 * --reindex takes the index away first and times its making (the mirror is written to).
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/list.h"
#include "base/mem.h"
#include "store/private.h"
#include "store/query.h"
#include "store/store.h"
#include "text/fold.h"
#include "text/utf8.h"

enum { REPEAT = 9 };

__attribute__((noreturn)) static void die(const struct err *err)
{
	fprintf(stderr, "bench search: %s\n", err->msg);
	exit(1);
}

static double wall_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static double cpu_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static double cpu_s(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (double)u.ru_utime.tv_sec + (double)u.ru_stime.tv_sec +
	       (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static int64_t number(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *s;
	int64_t n = -1;

	if (sqlite3_prepare_v2(db, sql, -1, &s, NULL) == SQLITE_OK && sqlite3_step(s) == SQLITE_ROW)
		n = sqlite3_column_int64(s, 0);
	sqlite3_finalize(s);
	return n;
}

static void reindex(const char *path)
{
	sqlite3 *db;
	struct store *s;
	struct err err;
	int64_t left;

	sqlite3_open(path, &db);
	sqlite3_exec(
		db,
		"DELETE FROM search_blocks; DELETE FROM search_segments; DELETE FROM search_docs;"
		"DELETE FROM search_days;"
		"DELETE FROM search_fallen; DELETE FROM search_fallen_texts;"
		"UPDATE articles SET doc = 0",
		NULL, NULL, NULL);
	sqlite3_close(db);
	if (store_open(&(struct store_options){ .where = path, .write = true, .index = true }, &s,
		       &err) < 0)
		die(&err);
	double cpu = cpu_s(), wall = wall_ms();
	do {
		if (store_begin(s, &err) < 0 || store_commit(s, &err) < 0 ||
		    store_unindexed(s, &left, &err) < 0)
			die(&err);
	} while (left > 0);
	cpu = cpu_s() - cpu;
	wall = wall_ms() - wall;
	store_close(&s);
	sqlite3_open(path, &db);
	double chars = (double)number(
		db, "SELECT SUM(LENGTH(title) + LENGTH(text) + LENGTH(around)) FROM revisions");
	int64_t articles = number(db, "SELECT COUNT(*) FROM articles");
	sqlite3_close(db);
	struct rusage u;
	getrusage(RUSAGE_SELF, &u);
	printf("indexed %lld articles, %.1f M characters: %.1f CPU s, %.1f s; %.2f M "
	       "characters/CPU s, %.0f articles/CPU s, peak %ld MB\n",
	       (long long)articles, chars / 1e6, cpu, wall / 1e3, chars / cpu / 1e6,
	       (double)articles / cpu, u.ru_maxrss / 1024);
}

static void print_size(const char *path)
{
	sqlite3 *db;

	sqlite3_open(path, &db);
	/* What stood around an imported text is searched as it is. */
	double text = (double)number(db, "SELECT SUM(LENGTH(CAST(text AS BLOB)) + "
					 "LENGTH(CAST(title AS BLOB)) + "
					 "LENGTH(CAST(around AS BLOB))) FROM revisions");
	double index =
		(double)number(db, "SELECT SUM(pgsize) FROM dbstat WHERE name LIKE 'search_%'");
	double blocks = (double)number(db, "SELECT SUM(LENGTH(data)) FROM search_blocks");
	printf("index %.1f MB in pages (%.1f MB of lists), text %.1f MB: %.3f of it\n", index / 1e6,
	       blocks / 1e6, text / 1e6, index / text);
	sqlite3_close(db);
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* All texts, once, with the clauses looked for in each: what the answer should be. */
struct truth {
	struct str text;
	struct matcher *matchers[QUERY_MAX_CLAUSES];
	size_t count;
	int64_t articles; /* -1: not counted */
};

static void find_truth(const char *path, struct truth *truths, size_t count)
{
	struct store *s;
	struct store_walk *w;
	struct store_query q = { .with = STORE_TEXT, .oldest_first = true };
	struct article a;
	struct arena mem;
	struct err err;

	arena_init(&mem);
	if (store_open(&(struct store_options){ .where = path }, &s, &err) < 0 ||
	    store_walk_open(s, &q, &w, &err) < 0)
		die(&err);
	while (store_walk_next(w, &mem, &a, &err) > 0) {
		struct str title = fold_text(&mem, a.title), text = fold_text(&mem, a.text), around;

		if (store_around(s, &mem, a.id, a.revision, &around, &err) < 0)
			die(&err);
		around = fold_text(&mem, around);

		for (size_t i = 0; i < count; i++) {
			bool all = true;
			size_t from, to;

			for (size_t k = 0; all && k < truths[i].count; k++)
				all = matcher_find(truths[i].matchers[k], title, 0, &from, &to) ||
				      matcher_find(truths[i].matchers[k], text, 0, &from, &to) ||
				      matcher_find(truths[i].matchers[k], around, 0, &from, &to);
			truths[i].articles += all;
		}
		arena_reset(&mem);
	}
	store_walk_close(&w);
	store_close(&s);
	arena_fini(&mem);
}

/* One query a line, in its last column. */
static struct list read_queries(const char *path, struct arena *mem)
{
	struct list truths;
	struct buf file;
	struct err err;

	buf_init(&file, BUF_NO_MAX);
	if (file_read(path, &file, &err) < 0)
		die(&err);
	list_init(&truths, sizeof(struct truth));
	struct str rest = arena_str(mem, buf_str(&file)), line;
	buf_fini(&file);
	while (str_split(&rest, '\n', &line)) {
		size_t tab = str_rfind_ch(line, '\t');
		struct query q;

		if (!line.len || *line.ptr == '#')
			continue;
		struct truth *t = list_add(&truths);
		t->text = str_from(line, tab == STR_NONE ? 0 : tab + 1);
		if (query_parse(mem, t->text, 0, &q, &err) < 0)
			die(&err);
		for (size_t i = 0; i < q.count; i++)
			if (!q.clauses[i].field && !q.clauses[i].without)
				t->matchers[t->count++] = matcher_new(mem, &q.clauses[i]);
	}
	return truths;
}

/* Asks REPEAT times and prints a line; the medians of wall and CPU time in ms. */
static void ask(struct store *s, const struct truth *t, int64_t limit, double *wall, double *cpu)
{
	double walls[REPEAT], cpus[REPEAT];
	int64_t total = 0;
	struct arena a;
	struct err err;

	arena_init(&a);
	for (int k = 0; k < REPEAT; k++) {
		struct store_search what = { .query = t->text, .limit = limit };
		struct store_hit *hits;
		size_t n;

		arena_reset(&a);
		cpus[k] = cpu_ms();
		walls[k] = wall_ms();
		if (store_search(s, &a, &what, &hits, &n, &total, &err) < 0)
			die(&err);
		walls[k] = wall_ms() - walls[k];
		cpus[k] = cpu_ms() - cpus[k];
	}
	double first = walls[0];
	qsort(walls, REPEAT, sizeof(*walls), by_value);
	qsort(cpus, REPEAT, sizeof(*cpus), by_value);
	*wall = walls[REPEAT / 2];
	*cpu = cpus[REPEAT / 2];
	printf("%7.2f ms (first %7.2f; %5.2f CPU ms)  %6lld found", *wall, first, *cpu,
	       (long long)total);
	if (t->articles >= 0)
		printf(", %6lld there%s", (long long)t->articles,
		       total == t->articles ? "" : "  DIFFERS");
	printf("  %.*s\n", STR_FMT(t->text));
	arena_fini(&a);
}

static void ask_all(const char *path, const struct list *truths, int64_t limit)
{
	size_t n = truths->count;
	double *walls = mem_array(n + 1, sizeof(*walls)), *cpus = mem_array(n + 1, sizeof(*cpus));
	struct store *s;
	struct err err;

	if (store_open(&(struct store_options){ .where = path }, &s, &err) < 0)
		die(&err);
	for (size_t i = 0; i < n; i++)
		ask(s, list_at(truths, i), limit, &walls[i], &cpus[i]);
	qsort(walls, n, sizeof(*walls), by_value);
	qsort(cpus, n, sizeof(*cpus), by_value);
	if (n)
		printf("%zu queries, limit %lld: p50 %.2f ms, p95 %.2f ms; CPU p50 %.2f ms, p95 "
		       "%.2f ms\n",
		       n, (long long)limit, walls[n / 2], walls[n * 95 / 100], cpus[n / 2],
		       cpus[n * 95 / 100]);
	store_close(&s);
	mem_free(walls);
	mem_free(cpus);
}

int main(int argc, char **argv)
{
	struct arena mem;
	int64_t limit = 20;
	bool again = false, quick = false;

	for (; argc > 1 && argv[1][0] == '-'; argc--, argv++) {
		if (strcmp(argv[1], "--reindex") == 0) {
			again = true;
		} else if (strcmp(argv[1], "--quick") == 0) {
			quick = true;
		} else if (strcmp(argv[1], "--limit") == 0 && argc > 2) {
			if (!str_to_i64(str_of(argv[2]), 0, 1 << 30, &limit))
				return 2;
			argc--;
			argv++;
		}
	}
	if (argc < 3) {
		fprintf(stderr, "usage: search [--reindex] [--quick] [--limit N] MIRROR QUERIES\n");
		return 2;
	}
	arena_init(&mem);
	const char *path = arena_strf(&mem, "%s/archive.db", argv[1]).ptr;
	if (again)
		reindex(path);
	if (!quick)
		print_size(path);
	struct list truths = read_queries(argv[2], &mem);
	for (size_t i = 0; quick && i < truths.count; i++)
		((struct truth *)list_at(&truths, i))->articles = -1;
	if (!quick)
		find_truth(path, truths.items, truths.count);
	ask_all(path, &truths, limit);
	list_fini(&truths);
	arena_fini(&mem);
	return 0;
}
