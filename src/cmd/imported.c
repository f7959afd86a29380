/*
 * The list of imported files. One row of state holds a batch, as lines "hash article label/path"
 * with "%", line ends and the label's "/" percent-encoded: written with the batch's articles, in
 * their transaction, so that an import that was stopped knows what it has.
 */
#include "cmd/import.h"

#include <stdio.h>
#include <string.h>

#include "base/list.h"
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

int imported_load(struct store *store, struct arena *a, struct imported **out, size_t *count,
		  struct err *err)
{
	struct list all;
	int64_t batches;
	int rc = batch_count(store, a, &batches, err);

	list_init(&all, sizeof(struct imported));
	for (int64_t n = 0; rc == 0 && n < batches; n++) {
		struct str text, line;

		rc = store_state_get(store, a, batch_key(a, n), &text, err);
		while (rc == 0 && str_split(&text, '\n', &line))
			if (!read_line(a, line, list_add(&all)))
				rc = err_set(err, ERR_INPUT,
					     "the list of imported files is damaged");
	}
	*count = rc == 0 ? all.count : 0;
	*out = arena_array(a, *count, sizeof(**out));
	if (*count > 0)
		memcpy(*out, all.items, *count * sizeof(**out));
	list_fini(&all);
	return rc;
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
