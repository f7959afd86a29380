/* What every room stands on: views, buffers with ceilings, arenas, maps, queues, errors, whole
 * files. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "base/err.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/hashset.h"
#include "base/list.h"
#include "base/map.h"
#include "base/queue.h"
#include "base/str.h"
#include "base/thread.h"

static void test_str(void)
{
	static const struct {
		const char *why;
		struct str in;
		int pieces;
		struct str last;
	} rows[] = {
		{ "an empty piece between", STR("a,,b"), 3, STR("b") },
		{ "nothing gives nothing", STR(""), 0, STR("") },
		{ "one piece", STR("abc"), 1, STR("abc") },
		{ "no piece behind a last separator", STR("a,"), 1, STR("a") },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct str rest = rows[i].in, piece, last = { 0 };
		int n = 0;

		for (; str_split(&rest, ',', &piece); n++)
			last = piece;
		CHECK_I64(rows[i].why, n, rows[i].pieces);
		CHECK_STR(rows[i].why, last, rows[i].last);
	}
	CHECK_STR("both ends", str_trim(S(" \t x y\r\n")), S("x y"));
	CHECK(str_find_nocase(S("Content-TYPE"), S("type")) == 8);
	CHECK(str_find(S("ab"), S("abc")) == STR_NONE);

	int64_t n;
	CHECK(str_to_i64(S("-42"), -100, 100, &n) && n == -42);
	CHECK(str_to_i64(S("9223372036854775807"), INT64_MIN, INT64_MAX, &n) && n == INT64_MAX);
	CHECK(!str_to_i64(S("9223372036854775808"), INT64_MIN, INT64_MAX, &n));
	CHECK(!str_to_i64(S("99999999999999999999"), INT64_MIN, INT64_MAX, &n));
	CHECK(!str_to_i64(S("12x"), 0, 100, &n));
	CHECK(!str_to_i64(S(""), 0, 100, &n));
	CHECK(!str_to_i64(S("101"), 0, 100, &n));
}

static void test_buf(void)
{
	struct buf b;
	struct err err = { 0 };

	buf_init(&b, 8);
	buf_add(&b, S("12345"));
	CHECK(buf_check(&b, &err) == 0);
	buf_add(&b, S("6789"));
	CHECK_STR("what does not fit is dropped whole", buf_str(&b), S("12345"));
	CHECK(buf_check(&b, &err) == ERR_LIMIT);
	buf_add(&b, S("678"));
	CHECK_STR("what fits is still added", buf_str(&b), S("12345678"));
	CHECK(buf_check(&b, &err) == ERR_LIMIT);
	buf_reset(&b);
	buf_addf(&b, "%d-%s", 7, "x");
	CHECK_STR("printed", buf_str(&b), S("7-x"));
	CHECK(buf_check(&b, &err) == 0);
	buf_fini(&b);
	buf_init(&b, BUF_NO_MAX);
	const int64_t numbers[] = { 0, 9, 10, -1, INT64_MAX, INT64_MIN };
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		buf_add_i64(&b, numbers[i]);
		buf_add_ch(&b, ' ');
	}
	CHECK_STR("numbers", buf_str(&b), S("0 9 10 -1 9223372036854775807 -9223372036854775808 "));
	buf_fini(&b);
}

static void test_arena(void)
{
	struct arena a;
	bool zero = true, aligned = true;

	arena_init(&a);
	for (int round = 0; round < 3; round++) {
		for (size_t size = 1; size < 40000; size = size * 3 + 1) {
			char *p = arena_alloc(&a, size);

			aligned = aligned && ((uintptr_t)p % 16) == 0;
			for (size_t i = 0; i < size; i++)
				zero = zero && p[i] == 0;
			memset(p, 0xAA, size);
		}
		arena_reset(&a);
	}
	CHECK(zero);
	CHECK(aligned);
	CHECK_STR("printed into it", arena_strf(&a, "%03d", 7), S("007"));
	arena_fini(&a);
}

static void test_map(void)
{
	struct map m;
	struct arena a;
	enum { KEYS = 5000 };
	bool all = true;

	arena_init(&a);
	map_init(&m);
	for (size_t i = 0; i < KEYS; i++)
		*map_put(&m, arena_strf(&a, "key %zu", i)) = (void *)(i + 1);
	for (size_t i = 0; i < KEYS; i++) {
		void **v = map_get(&m, arena_strf(&a, "key %zu", i));

		all = all && v && *v == (void *)(i + 1);
	}
	CHECK(all);
	CHECK(map_get(&m, S("none")) == NULL);
	CHECK_I64("each key once", (int64_t)m.count, KEYS);
	map_fini(&m);
	arena_fini(&a);
}

static void *produce(void *arg)
{
	for (size_t i = 1; i <= 1000; i++)
		if (!queue_push(arg, (void *)i))
			return NULL;
	queue_end(arg);
	return NULL;
}

static void test_hashset(void)
{
	struct hashset set;
	char text[16];
	int known = 0;

	hashset_init(&set);
	CHECK(!hashset_has(&set, S("a")));
	CHECK(hashset_add(&set, S("")) && hashset_has(&set, S("")));
	CHECK(hashset_add(&set, S("a")) && !hashset_add(&set, S("a")));
	for (int i = 0; i < 5000; i++)
		known += !hashset_add(
			&set, str_n(text, (size_t)snprintf(text, sizeof(text), "%d", i / 2)));
	CHECK_I64("each is new once", known, 2500);
	CHECK_I64("and counted once", (int64_t)set.count, 2502);
	for (int i = 0; i < 5000; i++)
		CHECK(hashset_has(&set, str_n(text, (size_t)snprintf(text, sizeof(text), "%d",
								     i))) == (i < 2500));
	hashset_fini(&set);
}

static void test_queue(void)
{
	struct queue *q = queue_new(4);
	struct thread t;
	struct err err = { 0 };
	size_t sum = 0;
	void *job;

	CHECK(thread_start(&t, "produce", produce, q, &err) == 0);
	while ((job = queue_pop(q)))
		sum += (size_t)job;
	thread_join(&t);
	CHECK_I64("every job once, in a queue of four", (int64_t)sum, 1000 * 1001 / 2);
	CHECK(!queue_push(q, &err));
	CHECK(queue_pop_for(q, 1) == NULL);
	queue_free(&q);
	CHECK(q == NULL);
}

static void test_err(void)
{
	struct err err = { 0 };
	char han[400];

	CHECK(err_set(&err, ERR_INPUT, "line %d: bad", 3) == ERR_INPUT);
	CHECK(err_wrap(&err, "source %s", "cna") == ERR_INPUT);
	CHECK_STR("context in front", str_of(err.msg), S("source cna: line 3: bad"));
	err_set(&err, ERR_IO, "two\nlines");
	CHECK_STR("one line", str_of(err.msg), S("two lines"));
	for (size_t i = 0; i + 3 < sizeof(han); i += 3)
		memcpy(han + i, "\xE5\x8C\x97", 4);
	err_set(&err, ERR_IO, "%s", han);
	CHECK_I64("cut between characters", (int64_t)strlen(err.msg) % 3, 0);
	err_wrap(&err, "%s", han);
	CHECK(strlen(err.msg) < sizeof(err.msg));
}

static void test_hash(void)
{
	char hex[HASH_HEX + 1];
	struct hash h = hash_of(S("abc")), back;

	/* RFC 7693 gives the 64-byte form; this is BLAKE2b with a 32-byte digest, as b2sum -l 256
	 * prints it. */
	hash_to_hex(&h, hex);
	CHECK_STR("BLAKE2b-256 of abc", str_of(hex),
		  S("bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319"));
	CHECK(hash_from_hex(str_of(hex), &back) && hash_eq(&h, &back));
	CHECK(!hash_from_hex(S("zz"), &back));
}

static void test_file(void)
{
	char dir[] = "/tmp/dibao-test-XXXXXX";
	struct arena a;
	struct err err = { 0 };
	struct buf b;
	struct lock one, two;

	CHECK(mkdtemp(dir) != NULL);
	arena_init(&a);
	CHECK_STR("a slash more", str_of(path_join(&a, "a//", "b")), S("a/b"));
	CHECK_STR("the root", str_of(path_join(&a, "/", "b")), S("/b"));
	CHECK_STR("here", str_of(path_join(&a, ".", "b")), S("b"));
	CHECK_STR("from the root", str_of(path_join(&a, "a", "/b")), S("/b"));
	const char *path = path_join(&a, dir, "deep/er/file");
	CHECK(dir_make(path_join(&a, dir, "deep/er"), &err) == 0);
	CHECK(file_write(path, S("one"), true, &err) == 0);
	CHECK(file_write(path, S("two"), false, &err) == 0);
	buf_init(&b, 3);
	CHECK(file_read(path, &b, &err) == 0);
	CHECK_STR("the last write stands", buf_str(&b), S("two"));
	buf_fini(&b);
	buf_init(&b, 2);
	CHECK(file_read(path, &b, &err) == ERR_LIMIT);
	buf_fini(&b);
	buf_init(&b, 100);
	CHECK(file_read(path_join(&a, dir, "none"), &b, &err) == ERR_NOTFOUND);
	CHECK(file_read(dir, &b, &err) == ERR_IO);
	buf_fini(&b);
	CHECK(file_write(path_join(&a, dir, "none/x"), S("x"), false, &err) == ERR_IO);
	CHECK(lock_take(&one, path_join(&a, dir, "lock"), "update", &err) == 0);
	CHECK(lock_take(&two, path_join(&a, dir, "lock"), "build", &err) == ERR_AGAIN);
	CHECK(strstr(err.msg, "dibao update, process ") != NULL);
	lock_release(&one);
	CHECK(lock_take(&two, path_join(&a, dir, "lock"), "build", &err) == 0);
	lock_release(&two);
	unlink(path);
	unlink(path_join(&a, dir, "lock"));
	rmdir(path_join(&a, dir, "deep/er"));
	rmdir(path_join(&a, dir, "deep"));
	CHECK(rmdir(dir) == 0);
	arena_fini(&a);
}

int main(void)
{
	test_str();
	test_buf();
	test_arena();
	test_map();
	test_hashset();
	test_queue();
	test_err();
	test_hash();
	test_file();
	return check_done();
}
