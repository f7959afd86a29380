/* Pieces are where their places say, in files as large as may be. */
#include "site/pack.h"

#include <string.h>

#include "base/check.h"
#include "base/list.h"
#include "base/mem.h"
#include "site/shard.h"

static struct arena mem;

static int take_file(void *arg, struct str path, struct buf *bytes, struct err *err)
{
	struct list *files = arg;

	(void)err;
	CHECK_STR("paths are numbered", path, arena_strf(&mem, "/x/l%zu.js", files->count));
	*(struct str *)list_add(files) = arena_str(&mem, buf_str(bytes));
	return 0;
}

/* A piece as a reader has it. */
static struct str piece_at(const struct list *files, struct pack_place place)
{
	struct str file = *(struct str *)list_at(files, (size_t)(place.at / PACK_BYTES));
	size_t from = (size_t)(place.at % PACK_BYTES);
	struct buf out;

	buf_init(&out, BUF_NO_MAX);
	for (size_t i = from; i < from + place.len; i++)
		buf_add_ch(&out, file.ptr[i] == '=' ? (char)(file.ptr[++i] ^ 0x40) : file.ptr[i]);
	struct str piece = arena_str(&mem, buf_str(&out));
	buf_fini(&out);
	return piece;
}

/* What a reader makes of the piece before: docs/SEARCH.md. */
static int64_t follows(struct pack_place before, uint32_t len, int64_t limit)
{
	int64_t at = before.at + before.len;

	return at % PACK_BYTES + len > limit - PACK_TAIL
		       ? at / PACK_BYTES * PACK_BYTES + PACK_BYTES + PACK_HEAD
		       : at;
}

static char bytes[200][PACK_PIECE_MAX / 8];

/* Pieces of all lengths up to `max`, in files of `limit`. */
static void check_packs(size_t max, size_t limit)
{
	enum { PIECES = 200 };
	struct pack_place places[PIECES];
	struct list files;
	struct pack_sink sink = { take_file, &files };
	struct pack pack;
	struct err err;
	uint32_t seed = 5;

	list_init(&files, sizeof(struct str));
	pack_init(&pack, S("/x/l"), limit, &sink);
	for (size_t i = 0; i < PIECES; i++) {
		size_t len = i * 977u % max;

		for (size_t k = 0; k < len; k++)
			bytes[i][k] = (char)((seed = seed * 1664525u + 1013904223u) >> 24);
		CHECK_I64("a piece is taken",
			  pack_add(&pack, str_n(bytes[i], len), &places[i], &err), 0);
	}
	CHECK_I64("the last file", pack_end(&pack, &err), 0);
	CHECK_I64("files are counted", pack.files, (int64_t)files.count);
	CHECK(files.count > 2);
	for (size_t i = 0; i < files.count; i++) {
		struct str file = *(struct str *)list_at(&files, i);

		CHECK(file.len <= limit || limit < max);
		CHECK(memcmp(file.ptr, "dibao(\"", PACK_HEAD) == 0);
		CHECK(memcmp(file.ptr + file.len - PACK_TAIL, "\")", PACK_TAIL) == 0);
	}
	for (size_t i = 0; i < PIECES; i++) {
		CHECK_STR("a piece is where its place says", piece_at(&files, places[i]),
			  str_n(bytes[i], i * 977u % max));
		if (i)
			CHECK_I64("its address follows from the one before", places[i].at,
				  follows(places[i - 1], places[i].len, (int64_t)limit));
	}
	pack_fini(&pack);
	list_fini(&files);
}

int main(void)
{
	arena_init(&mem);
	check_packs(sizeof(bytes[0]), PACK_BYTES);
	check_packs(sizeof(bytes[0]), 1 << 14); /* longer pieces than a file may be */
	arena_fini(&mem);
	return check_done();
}
