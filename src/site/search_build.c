/*
 * The search index beside the site: parts of terms, records and texts by ranges of document
 * numbers, and the root that names the parts.
 *
 * Document numbers are the store's: they grow, and a changed article has a new one. A part is made
 * of the documents in its range that stand, and its folder is named by them: so a part that is
 * there is right, one that is not is made, and a reader who holds the root of before finds the
 * parts of before until the new root is there. What is built is a function of the store alone.
 */
#include "site/search_build.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "site/shard.h"
#include "text/fold.h"
#include "text/json.h"
#include "text/utf8.h"

static const char state_name[] = ".dibao/search";
static const struct str first_line = STR("dibao search 5");

/* What the last build left. */
struct search_state {
	struct list parts; /* struct search_part; also those a build had begun when it was killed */
	bool whole;        /* it ended: the files of all parts were there */
};

struct searching {
	struct build *b;
	struct list docs; /* struct store_doc, all of the store's */
	struct search_state old;
	struct list parts;
};

/* --- state ------------------------------------------------------------------------------------ */

static int digit(char c)
{
	return c <= '9' ? c - '0' : c - 'a' + 10;
}

static struct str unhex(struct arena *a, struct str hex)
{
	char *out = arena_alloc(a, hex.len / 2 + 1);

	for (size_t i = 0; i + 1 < hex.len; i += 2)
		out[i / 2] = (char)(digit(hex.ptr[i]) << 4 | digit(hex.ptr[i + 1]));
	return str_n(out, hex.len / 2);
}

/* from, to, identity, documents, files, the head's place and bytes. */
static void read_part(struct arena *a, struct str line, struct list *parts)
{
	long long n[7] = { 0 };
	struct str field = S("");
	struct search_part *p;

	for (size_t i = 0; i < 7 && str_split(&line, '\t', &field); i++)
		n[i] = (long long)strtoull(arena_cstr(a, field), NULL, i == 2 ? 16 : 10);
	p = list_add(parts);
	*p = (struct search_part){
		.from = n[0],
		.to = n[1],
		.identity = (uint64_t)n[2],
		.docs = n[3],
		.files = n[4],
		.head = { n[5], (uint32_t)n[6] },
		.head_piece = unhex(a, line),
	};
}

static int read_state(struct searching *s)
{
	struct build *b = s->b;
	struct buf file;
	struct str rest, line, key;

	list_init(&s->old.parts, sizeof(struct search_part));
	buf_init(&file, 64 << 20);
	int r = file_read(path_join(&b->life, b->dir, state_name), &file, b->err);
	rest = r < 0 ? S("") : buf_str(&file);
	if (str_split(&rest, '\n', &line) && str_eq(line, first_line))
		while (str_split(&rest, '\n', &line)) {
			if (!str_split(&line, '\t', &key))
				continue;
			if (str_eq(key, S("whole")))
				s->old.whole = true;
			else if (str_eq(key, S("part")))
				read_part(&b->life, line, &s->old.parts);
		}
	buf_fini(&file);
	return r == ERR_NOTFOUND ? 0 : r;
}

static void add_part_line(struct buf *out, const struct search_part *p)
{
	buf_addf(out, "part\t%lld\t%lld\t%llx\t%lld\t%lld\t%lld\t%u\t", (long long)p->from,
		 (long long)p->to, (unsigned long long)p->identity, (long long)p->docs,
		 (long long)p->files, (long long)p->head.at, (unsigned)p->head.len);
	for (size_t i = 0; i < p->head_piece.len; i++)
		buf_addf(out, "%02x", (unsigned)(unsigned char)p->head_piece.ptr[i]);
	buf_add_ch(out, '\n');
}

/* `done`: all is there, once what waits has taken its place: build_search_done writes it then. Else
 * the parts of before and those begun, for the build that comes after a killed one. */
static int write_state(struct searching *s, bool done)
{
	struct buf out;

	buf_init(&out, BUF_NO_MAX);
	buf_addf(&out, "%.*s\n", STR_FMT(first_line));
	if (done)
		buf_add(&out, S("whole\t1\n"));
	for (size_t i = 0; !done && i < s->old.parts.count; i++)
		add_part_line(&out, list_at(&s->old.parts, i));
	for (size_t i = 0; i < s->parts.count; i++)
		add_part_line(&out, list_at(&s->parts, i));
	int r = 0;
	if (done)
		s->b->search_state = arena_str(&s->b->life, buf_str(&out));
	else
		r = file_write(path_join(&s->b->life, s->b->dir, state_name), buf_str(&out), false,
			       s->b->err);
	buf_fini(&out);
	return r;
}

int build_search_done(struct build *b, struct err *err)
{
	if (!b->search_state.len)
		return 0;
	return file_write(path_join(&b->life, b->dir, state_name), b->search_state, false, err);
}

/* --- parts ------------------------------------------------------------------------------------ */

static void add_part(struct searching *s, int64_t from, int64_t to)
{
	struct search_part *p;

	if (from >= to)
		return;
	p = list_add(&s->parts);
	*p = (struct search_part){ .from = from, .to = to };
	search_part_identify(&s->docs, p);
	if (!p->docs)
		s->parts.count--;
}

static int64_t head_from(const struct searching *s)
{
	return (int64_t)s->docs.count / STORE_DOCS_LOOSE * STORE_DOCS_LOOSE;
}

static void plan_parts(struct searching *s)
{
	int64_t from = 0, to;

	for (; store_docs_part(from, (int64_t)s->docs.count, &from, &to); from = to)
		add_part(s, from, to);
}

/* The files of a part that are there; of one that was not finished those that had been written.
 * `each` may be NULL. Gives how many, or an error of `each`. */
static int64_t walk_part(struct build *b, const struct search_part *p,
			 int (*each)(struct build *b, struct str path))
{
	int64_t count = 0, chunks = (p->to - p->from + SEARCH_CHUNK - 1) / SEARCH_CHUNK;

	for (int stream = 0; stream < SEARCH_STREAMS; stream++)
		for (int64_t chunk = 0; chunk < (stream < SEARCH_TEXTS ? 1 : chunks); chunk++) {
			struct str stem =
				search_stem(&b->life, p, (enum search_stream)stream, chunk);
			struct str path = pack_path(&b->life, stem, 0);

			for (int64_t i = 1; output_exists(b->output, path); i++, count++) {
				int r = each ? each(b, path) : 0;

				if (r < 0)
					return r;
				path = pack_path(&b->life, stem, i);
			}
		}
	return count;
}

static int note_file(struct build *b, struct str path)
{
	manifest_file(b, path);
	return 0;
}

static int remove_file(struct build *b, struct str path)
{
	return output_remove(b->output, path, b->err);
}

static const struct search_part *find_part(const struct list *parts, const struct search_part *p)
{
	for (size_t i = 0; i < parts->count; i++) {
		const struct search_part *q = list_at(parts, i);

		if (q->from == p->from && q->to == p->to && q->identity == p->identity)
			return q;
	}
	return NULL;
}

static int put_parts(struct searching *s)
{
	struct build *b = s->b;
	bool sure = s->old.whole && !b->anew; /* else some of the files may be missing */
	int r = 0;

	for (size_t i = 0; i < s->parts.count && r == 0; i++) {
		struct search_part *p = list_at(&s->parts, i);
		const struct search_part *old = find_part(&s->old.parts, p);

		if (old && old->files && (sure || walk_part(b, old, NULL) == old->files)) {
			*p = *old;
			if (b->anew)
				walk_part(b, p, note_file);
			continue;
		}
		r = search_put_part(b, &s->docs, p);
	}
	return r;
}

static int remove_parts(struct searching *s)
{
	int r = 0;

	for (size_t i = 0; i < s->old.parts.count && r == 0; i++) {
		const struct search_part *p = list_at(&s->old.parts, i);

		if (!find_part(&s->parts, p))
			r = walk_part(s->b, p, remove_file) < 0 ? s->b->err->code : 0;
	}
	return r;
}

/* --- the root --------------------------------------------------------------------------------- */

static void add_list(struct json *j, struct buf *joined, const struct strs *all, bool folded,
		     struct arena *a)
{
	buf_reset(joined);
	for (size_t i = 0; i < all->count && i < 32; i++) {
		if (i)
			buf_add_ch(joined, '\x01');
		buf_add(joined, folded ? str_trim(fold_text(a, all->items[i])) : all->items[i]);
	}
	json_add_str(j, buf_str(joined));
}

/* A document that is in no part: what is shown of it, and what is searched. */
static int add_head_doc(struct searching *s, struct json *j, int64_t number)
{
	const struct store_doc *doc = list_at(&s->docs, (size_t)number);
	struct arena *a = &s->b->page;
	struct store_doc_text d;
	struct headline h;
	struct buf joined;

	if (store_doc_read(s->b->site->store, a, number, doc, &d, s->b->err) < 0)
		return s->b->err->code;
	headline_of(a, &d.article, &h);
	json_begin_array(j);
	json_add_i64(j, number);
	json_add_i64(j, doc->date);
	const struct str texts[] = { str_from(h.path, 1), h.title,        h.language, h.source,
				     d.article.title,     d.article.text, d.around };
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		json_add_str(j, utf8_clean(a, texts[i]));
	buf_init(&joined, BUF_NO_MAX);
	add_list(j, &joined, &d.sources, false, a);
	add_list(j, &joined, &d.article.keywords, true, a);
	buf_fini(&joined);
	json_end(j);
	return 0;
}

static bool stands(const struct store_doc *doc)
{
	return doc->article && !doc->fallen;
}

static int add_head(struct searching *s, struct json *j)
{
	int r = 0;

	json_add_key(j, S("head"));
	json_begin_array(j);
	for (int64_t i = head_from(s); i < (int64_t)s->docs.count && r == 0; i++)
		if (stands(list_at(&s->docs, (size_t)i)))
			r = add_head_doc(s, j, i);
	json_end(j);
	return r;
}

/* Behind the JSON stand, in the same order, their heads where they are small, and what is to be
 * left out of each. */
static void add_parts(struct searching *s, struct json *j, struct buf *behind)
{
	struct arena *a = &s->b->page;

	json_add_key(j, S("parts"));
	json_begin_array(j);
	for (size_t i = s->parts.count; i-- > 0;) {
		const struct search_part *p = list_at(&s->parts, i);

		json_begin_array(j);
		json_add_str(j, str_from(search_part_folder(a, p), strlen("/search/")));
		json_add_i64(j, p->head.at);
		json_add_i64(j, p->head.len);
		json_add_i64(j, (int64_t)p->head_piece.len);
		json_add_i64(j, (int64_t)search_limit(p));
		buf_add(behind, p->head_piece);
		size_t fallen = behind->len;
		search_part_fallen(&s->docs, p, behind);
		json_add_i64(j, (int64_t)(behind->len - fallen));
		json_end(j);
	}
	json_end(j);
}

/* Of each source by its key: its name and its page. */
static void add_sources(struct searching *s, struct json *j, size_t from, size_t to)
{
	struct site *site = s->b->site;
	struct page_head head = { .path = STR("/search.html") };

	json_begin_object(j);
	for (size_t i = from; i < to; i++) {
		const struct site_source *source = &site->sources[i];

		json_add_key(j, source->key);
		json_begin_array(j);
		json_add_str(j, source->name);
		json_add_str(j, list_link(site, &s->b->page, &head, source->path));
		json_end(j);
	}
	json_end(j);
}

static int put_tables(struct build *b)
{
	struct buf out;

	buf_init(&out, BUF_NO_MAX);
	search_tables(&out);
	shard_write(&b->bytes, buf_str(&out));
	buf_fini(&out);
	return search_put(b, S("/search/fold.js"));
}

static struct str sources_path(struct arena *a, size_t file)
{
	return arena_strf(a, "/search/s/%zu.js", file);
}

/* Few sources stand in the root, more in files by their keys, of which the root has the first. */
static int put_sources(struct searching *s, struct json *j)
{
	struct site *site = s->b->site;
	bool apart = site->source_count > SEARCH_SOURCES;
	struct buf out;
	struct json part;
	size_t file = 0;
	int r = 0;

	json_add_key(j, S("sources"));
	if (!apart)
		add_sources(s, j, 0, site->source_count);
	else
		json_begin_array(j);
	for (size_t i = 0; apart && i < site->source_count && r == 0; i += SEARCH_SOURCES, file++) {
		size_t to = i + SEARCH_SOURCES;

		json_add_str(j, site->sources[i].key);
		buf_init(&out, BUF_NO_MAX);
		json_start(&part, &out, 0);
		add_sources(s, &part, i, to < site->source_count ? to : site->source_count);
		shard_write(&s->b->bytes, buf_str(&out));
		buf_fini(&out);
		r = search_put(s->b, sources_path(&s->b->page, file));
	}
	if (apart)
		json_end(j);
	for (; r == 0 && output_exists(s->b->output, sources_path(&s->b->page, file)); file++)
		r = output_remove(s->b->output, sources_path(&s->b->page, file), s->b->err);
	return r;
}

/* How a date is shown. */
static void add_words(struct site *site, struct arena *a, struct json *j)
{
	struct str when = arena_strf(a, "%.*s %.*s", STR_FMT(word(site, "date_short")),
				     STR_FMT(word(site, "time")));

	json_member(j, "when", when);
	json_member(j, "months", word(site, "months"));
	json_member(j, "weekdays", word(site, "weekdays"));
	json_member(j, "language", site->opt.language);
	json_member_i64(j, "zone", site->opt.zone_min);
}

static int put_root(struct searching *s)
{
	struct build *b = s->b;
	struct buf out, behind;
	struct json j;

	buf_init(&out, BUF_NO_MAX);
	buf_init(&behind, BUF_NO_MAX);
	json_start(&j, &out, 0);
	json_begin_object(&j);
	json_member_i64(&j, "version", SEARCH_VERSION);
	add_words(b->site, &b->page, &j);
	add_parts(s, &j, &behind);
	int r = put_sources(s, &j);
	if (r == 0)
		r = add_head(s, &j);
	json_end(&j);
	buf_add_ch(&out, '\0');
	buf_add(&out, buf_str(&behind));
	shard_write(&b->bytes, buf_str(&out));
	buf_fini(&out);
	buf_fini(&behind);
	if (r == 0)
		r = search_put(b, S("/search/root.js"));
	buf_reset(&b->bytes);
	arena_reset(&b->page);
	return r;
}

int search_put(struct build *b, struct str path)
{
	if (b->anew || !output_exists(b->output, path))
		manifest_file(b, path);
	if (manifest_flush(b, b->err) < 0)
		return b->err->code;
	return build_put(b, path);
}

int build_search(struct build *b)
{
	struct searching s = { .b = b };
	int r;

	if (b->site->opt.no_search)
		return 0; /* files of before go with the old manifest */
	list_init(&s.docs, sizeof(struct store_doc));
	list_init(&s.parts, sizeof(struct search_part));
	r = store_docs(b->site->store, &s.docs, b->err);
	if (r == 0)
		r = read_state(&s);
	if (r == 0) {
		plan_parts(&s);
		r = write_state(&s, false);
	}
	if (r == 0 && b->anew)
		r = put_tables(b);
	if (r == 0)
		r = put_parts(&s);
	if (r == 0)
		r = put_root(&s);
	if (r == 0)
		r = remove_parts(&s);
	if (r == 0)
		r = write_state(&s, true);
	list_fini(&s.docs);
	list_fini(&s.parts);
	list_fini(&s.old.parts);
	return r;
}
