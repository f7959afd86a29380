#include "site/pack.h"

#include <assert.h>

#include "site/shard.h"

void pack_init(struct pack *p, struct str stem, size_t limit, const struct pack_sink *sink)
{
	assert(limit <= PACK_BYTES);
	*p = (struct pack){ .sink = sink, .stem = stem, .limit = limit };
	buf_init(&p->file, BUF_NO_MAX);
}

void pack_fini(struct pack *p)
{
	buf_fini(&p->file);
}

struct str pack_path(struct arena *a, struct str stem, int64_t number)
{
	return arena_strf(a, "%.*s%lld.js", STR_FMT(stem), (long long)number);
}

static int put_file(struct pack *p, struct err *err)
{
	struct arena a;

	arena_init(&a);
	shard_close(&p->file);
	int r = p->sink->put(p->sink->arg, pack_path(&a, p->stem, p->files++), &p->file, err);
	buf_reset(&p->file);
	arena_fini(&a);
	return r;
}

int pack_add(struct pack *p, struct str piece, struct pack_place *out, struct err *err)
{
	size_t len = shard_escaped_len(piece);

	assert(piece.len <= PACK_PIECE_MAX);
	if (p->file.len && p->file.len + len > p->limit - PACK_TAIL && put_file(p, err) < 0)
		return err->code;
	if (!p->file.len)
		shard_open(&p->file);
	*out = (struct pack_place){ p->files * PACK_BYTES + (int64_t)p->file.len, (uint32_t)len };
	shard_escape(&p->file, piece);
	return 0;
}

int pack_end(struct pack *p, struct err *err)
{
	return p->file.len ? put_file(p, err) : 0;
}
