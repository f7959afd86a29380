/*
 * The list of imported files. One row of state holds a batch, as lines "hash article label/path"
 * with "%", line ends and the label's "/" percent-encoded: written with the batch's articles, in
 * their transaction, so that an import that was stopped knows what it has.
 */
#include "cmd/import.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "store/store.h"
#include "text/url.h"

static struct str batch_key(struct arena *a, int64_t n)
{
	return n < 0 ? S("imported") : arena_strf(a, "imported/%lld", (long long)n);
}

/* How many batches there are. */
static int batch_count(struct store *store, struct arena *a, int64_t *out, struct err *err)
{
	struct err missing;
	struct str text;
	int rc = store_state_get(store, a, batch_key(a, -1), &text, &missing);

	*out = 0;
	if (rc == ERR_NOTFOUND)
		return 0;
	if (rc < 0) {
		*err = missing;
		return rc;
	}
	if (!str_to_i64(text, 0, INT64_MAX, out))
		return err_set(err, ERR_INPUT, "the list of imported files is damaged");
	return 0;
}

static void add_escaped(struct buf *out, struct str s, bool slash_too)
{
	for (size_t i = 0; i < s.len; i++) {
		unsigned char ch = (unsigned char)s.ptr[i];

		if (ch < ' ' || ch == '%' || (slash_too && ch == '/'))
			buf_addf(out, "%%%02X", ch);
		else
			buf_add_ch(out, (char)ch);
	}
}

static bool read_line(struct arena *a, struct str line, struct imported *out)
{
	struct str hash = str_sub(line, 0, HASH_HEX), rest = str_from(line, HASH_HEX + 1), number,
		   label;

	if (line.len < HASH_HEX + 4 || !hash_from_hex(hash, &out->body) ||
	    !str_split(&rest, ' ', &number) || !str_to_i64(number, 0, INT64_MAX, &out->article) ||
	    !str_split(&rest, '/', &label))
		return false;
	out->label = url_unescape(a, label);
	out->path = url_unescape(a, rest);
	return true;
}

/* One batch is in memory at a time. */
struct imported_walk {
	struct store *store;
	struct arena arena;  /* of the batch */
	struct str rest;     /* of its lines */
	int64_t next, count; /* batches */
};

int imported_open(struct store *store, struct imported_walk **out, struct err *err)
{
	struct imported_walk *w = mem_alloc(sizeof(*w));

	*out = NULL;
	w->store = store;
	arena_init(&w->arena);
	if (batch_count(store, &w->arena, &w->count, err) < 0) {
		imported_close(&w);
		return err->code;
	}
	*out = w;
	return 0;
}

int imported_next(struct imported_walk *w, struct imported *out, struct err *err)
{
	struct str line;

	while (!str_split(&w->rest, '\n', &line)) {
		if (w->next == w->count)
			return 0;
		arena_reset(&w->arena);
		if (store_state_get(w->store, &w->arena, batch_key(&w->arena, w->next++), &w->rest,
				    err) < 0)
			return err->code;
	}
	if (!read_line(&w->arena, line, out))
		return err_set(err, ERR_INPUT, "the list of imported files is damaged");
	return 1;
}

void imported_close(struct imported_walk **wp)
{
	if (!*wp)
		return;
	arena_fini(&(*wp)->arena);
	mem_free(*wp);
	*wp = NULL;
}

int imported_add(struct store *store, const struct imported *files, size_t count, struct err *err)
{
	struct arena a;
	struct buf text;
	int64_t batches;

	if (count == 0)
		return 0;
	arena_init(&a);
	buf_init(&text, BUF_NO_MAX);
	for (size_t i = 0; i < count; i++) {
		char hex[HASH_HEX + 1];

		hash_to_hex(&files[i].body, hex);
		buf_addf(&text, "%s %lld ", hex, (long long)files[i].article);
		add_escaped(&text, files[i].label, true);
		buf_add_ch(&text, '/');
		add_escaped(&text, files[i].path, false);
		buf_add_ch(&text, '\n');
	}
	int rc = batch_count(store, &a, &batches, err);
	if (rc == 0)
		rc = store_state_put(store, batch_key(&a, batches), buf_str(&text), err);
	if (rc == 0)
		rc = store_state_put(store, batch_key(&a, -1),
				     arena_strf(&a, "%lld", (long long)batches + 1), err);
	buf_fini(&text);
	arena_fini(&a);
	return rc;
}
