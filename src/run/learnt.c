#include "run/learnt.h"

#include "base/buf.h"
#include "base/mem.h"

/* NULL where there is nothing, or nothing that can be read. */
static struct furniture *from_bytes(struct str bytes)
{
	struct furniture *f = NULL;
	struct err unread;

	if (!bytes.len)
		return NULL;
	f = furniture_new();
	if (furniture_load(f, bytes, &unread) < 0)
		furniture_free(&f);
	return f;
}

static struct furniture *copy_of(const struct furniture *f)
{
	struct buf bytes;

	if (!f)
		return furniture_new();
	buf_init(&bytes, BUF_NO_MAX);
	furniture_save(f, &bytes);
	struct furniture *copy = from_bytes(buf_str(&bytes));
	buf_fini(&bytes);
	return copy;
}

int learnt_load(struct store *s, struct str source, struct learnt **out, struct err *err)
{
	struct str pages = { 0 }, entries = { 0 };
	struct arena mem;

	*out = NULL;
	arena_init(&mem);
	int rc = store_furniture_get(s, &mem, source, &pages, &entries, err);
	if (rc == 0 || rc == ERR_NOTFOUND) {
		*out = mem_alloc(sizeof(**out));
		(*out)->known.pages = from_bytes(pages);
		(*out)->known.entries = from_bytes(entries);
		rc = 0;
	}
	arena_fini(&mem);
	return rc;
}

static void free_known(struct known_furniture *k)
{
	furniture_free(&k->pages);
	furniture_free(&k->entries);
}

void learnt_free(struct learnt **l)
{
	if (!*l)
		return;
	free_known(&(*l)->known);
	free_known(&(*l)->growing);
	mem_free(*l);
	*l = NULL;
}

void learnt_take(struct learnt *l, const struct lesson *lesson)
{
	if (lesson->count == 0)
		return;
	struct furniture **grows = lesson->fragment ? &l->growing.entries : &l->growing.pages;
	if (!*grows)
		*grows = copy_of(lesson->fragment ? l->known.entries : l->known.pages);
	furniture_learn(*grows, lesson);
}

bool learnt_tells(const struct learnt *l, const struct lesson *lesson)
{
	const struct furniture *grown = lesson->fragment ? l->growing.entries : l->growing.pages;

	return grown && furniture_tells(grown, lesson);
}

/* What has grown takes the place of what was known. */
static void settle(struct furniture **known, struct furniture **growing)
{
	if (!*growing)
		return;
	furniture_free(known);
	*known = *growing;
	*growing = NULL;
}

static size_t drifts_of(const struct furniture *f)
{
	return f ? furniture_drifts(f) : 0;
}

int learnt_save(struct learnt *l, struct store *s, struct str source, bool *anew, struct err *err)
{
	struct buf pages, entries;

	*anew = l->growing.pages && drifts_of(l->growing.pages) > drifts_of(l->known.pages);
	if (!l->growing.pages && !l->growing.entries)
		return 0;
	settle(&l->known.pages, &l->growing.pages);
	settle(&l->known.entries, &l->growing.entries);
	buf_init(&pages, BUF_NO_MAX);
	buf_init(&entries, BUF_NO_MAX);
	if (l->known.pages)
		furniture_save(l->known.pages, &pages);
	if (l->known.entries)
		furniture_save(l->known.entries, &entries);
	int rc = store_furniture_put(s, source, buf_str(&pages), buf_str(&entries), err);
	buf_fini(&pages);
	buf_fini(&entries);
	return rc;
}

void learnt_book_init(struct learnt_book *b, struct store *store)
{
	b->store = store;
	arena_init(&b->keys);
	map_init(&b->sources);
}

void learnt_book_fini(struct learnt_book *b)
{
	for (size_t i = 0; i < b->sources.cap; i++) {
		struct map_slot *slot = &b->sources.slots[i];
		struct learnt *l = slot->used ? slot->value : NULL;

		learnt_free(&l);
	}
	map_fini(&b->sources);
	arena_fini(&b->keys);
}

int learnt_book_get(struct learnt_book *b, struct str source, struct learnt **out, struct err *err)
{
	void **place = map_get(&b->sources, source);

	if (place) {
		*out = *place;
		return 0;
	}
	if (b->sources.count >= LEARNT_AT_ONCE) {
		struct store *store = b->store;

		learnt_book_fini(b);
		learnt_book_init(b, store);
	}
	if (learnt_load(b->store, source, out, err) < 0)
		return err->code;
	*map_put(&b->sources, arena_str(&b->keys, source)) = *out;
	return 1;
}
