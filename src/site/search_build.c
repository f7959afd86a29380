/*
 * The search index beside the site: parts of lists by ranges of document numbers, the texts, and
 * the root that names the parts.
 *
 * Document numbers are the store's: they grow, and a changed article has a new one. A part is made
 * of the documents in its range that stand, and its folder is named by them: so a part that is
 * there is right, one that is not is made, and a reader who holds the root of before finds the
 * parts of before until the new root is there. What is built is a function of the store alone.
 */
#include "site/search_build.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "site/shard.h"
#include "text/fold.h"
#include "text/json.h"
#include "text/utf8.h"

static const char state_name[] = ".dibao/search";
static const struct str first_line = STR("dibao search 1");

/* What the last build left. */
struct search_state {
	int64_t next;
	struct list parts; /* struct search_part; also those a build had begun when it was killed */
	struct list chunks; /* uint64_t */
	bool whole;         /* it ended: the files of all parts were there */
};

struct searching {
	struct build *b;
	struct list docs; /* struct store_doc, all of the store's */
	struct search_state old;
	struct list parts;
	unsigned char *marked; /* a bit a document: its files are to be put */
};

/* --- state ------------------------------------------------------------------------------------ */

static void read_part(struct str line, struct list *parts)
{
	long long n[7];
	unsigned long long identity;
	char text[256];

	snprintf(text, sizeof(text), "%.*s", STR_FMT(line));
	if (sscanf(text, "%lld\t%lld\t%llx\t%lld\t%lld\t%lld\t%lld\t%lld", &n[0], &n[1], &identity,
		   &n[2], &n[3], &n[4], &n[5], &n[6]) == 8)
		*(struct search_part *)list_add(parts) =
			(struct search_part){ n[0], n[1], identity, n[2], n[3], n[4], n[5], n[6] };
}

static int read_state(struct searching *s)
{
	struct build *b = s->b;
	struct buf file;
	struct str rest, line, key;

	list_init(&s->old.parts, sizeof(struct search_part));
	list_init(&s->old.chunks, sizeof(uint64_t));
	buf_init(&file, 64 << 20);
	int r = file_read(path_join(&b->life, b->dir, state_name), &file, b->err);
	rest = r < 0 ? S("") : buf_str(&file);
	if (str_split(&rest, '\n', &line) && str_eq(line, first_line))
		while (str_split(&rest, '\n', &line)) {
			if (!str_split(&line, '\t', &key))
				continue;
			if (str_eq(key, S("next")))
				str_to_i64(line, 0, INT64_MAX, &s->old.next);
			else if (str_eq(key, S("whole")))
				s->old.whole = true;
			else if (str_eq(key, S("part")))
				read_part(line, &s->old.parts);
			else if (str_eq(key, S("chunk")))
				*(uint64_t *)list_add(&s->old.chunks) =
					strtoull(arena_cstr(&b->life, line), NULL, 16);
		}
	buf_fini(&file);
	return r == ERR_NOTFOUND ? 0 : r;
}

/* The documents of a chunk below `next`, as one number. */
static uint64_t chunk_hash(const struct list *docs, int64_t chunk, int64_t next)
{
	int64_t from = chunk * SEARCH_CHUNK, to = from + SEARCH_CHUNK;

	to = to < next ? to : next;
	return hash64_fast(
		str_n(list_at(docs, (size_t)from), (size_t)(to - from) * sizeof(struct store_doc)));
}

static void add_part_line(struct buf *out, const struct search_part *p)
{
	buf_addf(out, "part\t%lld\t%lld\t%llx\t%lld\t%lld\t%lld\t%lld\t%lld\n", (long long)p->from,
		 (long long)p->to, (unsigned long long)p->identity, (long long)p->docs,
		 (long long)p->tables, (long long)p->terms, (long long)p->lists,
		 (long long)p->places);
}

/* `done`: all is there, once what waits has taken its place: build_search_done writes it then. Else
 * the parts of before and those begun, for the build that comes after a killed one. */
static int write_state(struct searching *s, bool done)
{
	int64_t next = done ? (int64_t)s->docs.count : s->old.next;
	struct buf out;

	buf_init(&out, BUF_NO_MAX);
	buf_addf(&out, "%.*s\nnext\t%lld\n", STR_FMT(first_line), (long long)next);
	if (done)
		buf_add(&out, S("whole\t1\n"));
	for (size_t i = 0; !done && i < s->old.parts.count; i++)
		add_part_line(&out, list_at(&s->old.parts, i));
	for (size_t i = 0; i < s->parts.count; i++)
		add_part_line(&out, list_at(&s->parts, i));
	for (size_t i = 0; !done && i < s->old.chunks.count; i++)
		buf_addf(&out, "chunk\t%016" PRIx64 "\n", *(uint64_t *)list_at(&s->old.chunks, i));
	for (int64_t i = 0; done && i * SEARCH_CHUNK < next; i++)
		buf_addf(&out, "chunk\t%016" PRIx64 "\n", chunk_hash(&s->docs, i, next));
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
	return (int64_t)s->docs.count / SEARCH_GROUP * SEARCH_GROUP;
}

static void plan_parts(struct searching *s)
{
	int64_t next = head_from(s), from = 0, young = next / SEARCH_YOUNG * SEARCH_YOUNG;
	int64_t newest = next / SEARCH_NEW * SEARCH_NEW;

	for (; from + SEARCH_PART <= young; from += SEARCH_PART)
		add_part(s, from, from + SEARCH_PART);
	add_part(s, from, young);
	add_part(s, young, newest);
	add_part(s, newest, next);
}

/* The files of a part; `each` for each of them. */
static int walk_part(struct build *b, const struct search_part *p,
		     int (*each)(struct build *b, struct str path))
{
	static const char *const kinds[] = { "m", "t", "l", "p" };
	const int64_t counts[] = { p->tables, p->terms, p->lists, p->places };
	struct str head = search_part_file(&b->life, p, "head");
	int r = each(b, arena_strf(&b->life, "%.*s.js", STR_FMT(head)));

	for (int kind = 0; kind < 4; kind++)
		for (int64_t i = 0; i < counts[kind] && r == 0; i++) {
			struct str file = search_part_file(&b->page, p, kinds[kind]);

			r = each(b,
				 arena_strf(&b->page, "%.*s%lld.js", STR_FMT(file), (long long)i));
			arena_reset(&b->page);
		}
	return r;
}

static int is_there(struct build *b, struct str path)
{
	return output_exists(b->output, path) ? 0 : ERR_NOTFOUND;
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
	/* A large mirror's parts are very many files, to be looked for only where some may be
	 * missing. */
	bool sure = s->old.whole && !b->anew;
	int r = 0;

	for (size_t i = 0; i < s->parts.count && r == 0; i++) {
		struct search_part *p = list_at(&s->parts, i);
		const struct search_part *old = find_part(&s->old.parts, p);

		if (old && old->lists && (sure || walk_part(b, old, is_there) == 0)) {
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
			r = walk_part(s->b, p, remove_file);
	}
	return r;
}

/* --- documents -------------------------------------------------------------------------------- */

/* What a list of results shows of a document. */
static int add_record(struct searching *s, struct json *j, int64_t number,
		      const struct article *art, int64_t text_at)
{
	const struct store_doc *doc = list_at(&s->docs, (size_t)number);
	struct site *site = s->b->site;
	struct arena *a = &s->b->page;
	struct page_head head = { .path = STR("/search.html") };
	struct headline h;

	headline_of(a, art, &h);
	const struct site_source *source = site_source(site, h.source);
	struct str day = format_time(site, a, "date_short", h.date, site->opt.zone_min);
	struct str time = format_time(site, a, "time", h.date, site->opt.zone_min);
	json_begin_array(j);
	json_add_i64(j, number);
	json_add_i64(j, doc->article);
	json_add_i64(j, doc->date);
	json_add_str(j, str_from(h.path, 1));
	json_add_str(j, h.title);
	json_add_str(j, str_eq(h.language, site->opt.language) ? S("") : h.language);
	json_add_str(j, source ? source->name : h.source);
	json_add_str(j, source ? list_link(site, a, &head, source->path) : S(""));
	json_add_str(j, arena_strf(a, "%.*s %.*s", STR_FMT(day), STR_FMT(time)));
	json_add_i64(j, text_at);
	json_end(j);
	return 0;
}

static void add_list(struct buf *out, const struct strs *all, bool folded, struct arena *a)
{
	for (size_t i = 0; i < all->count && i < 32; i++) {
		if (i)
			buf_add_ch(out, '\x01');
		buf_add(out, folded ? str_trim(fold_text(a, all->items[i])) : all->items[i]);
	}
	buf_add_ch(out, '\0');
}

/* What is searched of it: for snippets, and for the newest, which are in no list. */
static int add_text(struct searching *s, struct buf *out, const struct store_doc *doc,
		    const struct article *art)
{
	struct store *store = s->b->site->store;
	struct arena *a = &s->b->page;
	struct strs sources;
	struct str around;

	if (store_around(store, a, doc->article, doc->revision, &around, s->b->err) < 0 ||
	    store_article_sources(store, a, doc->article, &sources, s->b->err) < 0)
		return s->b->err->code;
	const struct str parts[] = { art->text, around, art->title };
	for (size_t i = 0; i < 3; i++) {
		buf_add(out, utf8_clean(a, parts[i]));
		buf_add_ch(out, '\0');
	}
	add_list(out, &sources, false, a);
	add_list(out, &art->keywords, true, a);
	return 0;
}

static struct str group_path(struct arena *a, int64_t group, const char *rest)
{
	return arena_strf(a, "/search/d/%lld/%lld%s.js", (long long)group / 1000, (long long)group,
			  rest);
}

static struct str text_path(struct arena *a, int64_t group, size_t piece)
{
	char rest[24];

	snprintf(rest, sizeof(rest), "-%zu", piece);
	return group_path(a, group, rest);
}

/* The texts of a group, one behind the other, in pieces; and what a longer one left goes. */
static int put_texts(struct searching *s, int64_t group, struct str texts)
{
	struct build *b = s->b;
	size_t piece = 0;
	int r = 0;

	for (; texts.len && r == 0; piece++) {
		shard_write(&b->bytes, str_sub(texts, 0, SEARCH_PIECE));
		r = search_put(b, text_path(&b->page, group, piece));
		texts = str_from(texts, texts.len < SEARCH_PIECE ? texts.len : SEARCH_PIECE);
	}
	for (; r == 0 && output_exists(b->output, text_path(&b->page, group, piece)); piece++)
		r = output_remove(b->output, text_path(&b->page, group, piece), b->err);
	return r;
}

static int put_group(struct searching *s, int64_t group)
{
	struct build *b = s->b;
	int64_t end = (group + 1) * SEARCH_GROUP;
	struct buf records, texts;
	struct json j;
	int r = 0;

	end = end < (int64_t)s->docs.count ? end : (int64_t)s->docs.count;
	buf_init(&records, BUF_NO_MAX);
	buf_init(&texts, BUF_NO_MAX);
	json_start(&j, &records, 0);
	json_begin_array(&j);
	for (int64_t i = group * SEARCH_GROUP; i < end && r == 0; i++) {
		const struct store_doc *doc = list_at(&s->docs, (size_t)i);
		struct article art;

		if (!doc->article)
			continue;
		r = store_article_get(b->site->store, &b->page, doc->article, STORE_TEXT, &art,
				      b->err);
		if (r == 0)
			r = add_record(s, &j, i, &art, (int64_t)texts.len);
		if (r == 0)
			r = add_text(s, &texts, doc, &art);
	}
	json_end(&j);
	if (r == 0)
		r = put_texts(s, group, buf_str(&texts));
	if (r == 0) {
		shard_write(&b->bytes, buf_str(&records));
		r = search_put(b, group_path(&b->page, group, ""));
	}
	buf_fini(&records);
	buf_fini(&texts);
	arena_reset(&b->page);
	return r;
}

static void mark_docs(struct searching *s, int64_t from, int64_t to)
{
	for (int64_t i = from; i < to; i++)
		s->marked[i / 8] |= (unsigned char)(1 << i % 8);
}

static bool any_marked(const struct searching *s, int64_t from, int64_t to)
{
	for (int64_t i = from; i < to && i < (int64_t)s->docs.count; i++)
		if (s->marked[i / 8] & 1 << i % 8)
			return true;
	return false;
}

static int by_id(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* Documents that are new, that changed without a new number, or beside one that fell. */
static void plan_docs(struct searching *s, const struct list *changed)
{
	int64_t next = (int64_t)s->docs.count, known = s->old.next < next ? s->old.next : next;

	s->marked = mem_alloc((size_t)(next / 8) + 1);
	if (!changed || s->old.next > next) {
		mark_docs(s, 0, next);
		return;
	}
	mark_docs(s, known, next);
	for (int64_t i = 0; i * SEARCH_CHUNK < known; i++)
		if ((size_t)i >= s->old.chunks.count ||
		    chunk_hash(&s->docs, i, known) !=
			    *(uint64_t *)list_at(&s->old.chunks, (size_t)i))
			mark_docs(s, i * SEARCH_CHUNK,
				  (i + 1) * SEARCH_CHUNK < next ? (i + 1) * SEARCH_CHUNK : next);
	for (int64_t i = 0; changed->count && i < next; i++)
		if (bsearch(&((const struct store_doc *)list_at(&s->docs, (size_t)i))->article,
			    changed->items, changed->count, sizeof(int64_t), by_id))
			mark_docs(s, i, i + 1);
}

static int put_groups(struct searching *s)
{
	int64_t groups = head_from(s) / SEARCH_GROUP;
	int r = 0;

	for (int64_t i = 0; i < groups && r == 0; i++)
		if (any_marked(s, i * SEARCH_GROUP, (i + 1) * SEARCH_GROUP)) {
			r = put_group(s, i);
			if (r == 0)
				r = build_tell(s->b, 0);
		}
	/* Another store's, which had more of them. */
	for (; r == 0 && output_exists(s->b->output, group_path(&s->b->life, groups, ""));
	     groups++) {
		r = put_texts(s, groups, S(""));
		if (r == 0)
			r = output_remove(s->b->output, group_path(&s->b->life, groups, ""),
					  s->b->err);
	}
	return r;
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

/* --- the root --------------------------------------------------------------------------------- */

/* What is searched of a document of the head, as JSON. */
static int add_head_text(struct searching *s, struct json *j, const struct store_doc *doc,
			 const struct article *art)
{
	struct buf text;
	struct str rest, part;

	buf_init(&text, BUF_NO_MAX);
	int r = add_text(s, &text, doc, art);
	json_begin_array(j);
	for (rest = buf_str(&text); r == 0 && str_split(&rest, '\0', &part);)
		json_add_str(j, part);
	json_end(j);
	buf_fini(&text);
	return r;
}

/* Records or texts of those that are in no part. */
static int add_head(struct searching *s, struct json *j, bool texts)
{
	int r = 0;

	json_add_key(j, texts ? S("texts") : S("records"));
	json_begin_array(j);
	for (int64_t i = head_from(s); i < (int64_t)s->docs.count && r == 0; i++) {
		const struct store_doc *doc = list_at(&s->docs, (size_t)i);
		struct article art;

		if (!doc->article)
			continue;
		r = store_article_get(s->b->site->store, &s->b->page, doc->article, STORE_TEXT,
				      &art, s->b->err);
		if (r == 0)
			r = texts ? add_head_text(s, j, doc, &art) : add_record(s, j, i, &art, 0);
	}
	json_end(j);
	return r;
}

static int put_root(struct searching *s)
{
	struct build *b = s->b;
	struct buf out;
	struct json j;

	buf_init(&out, BUF_NO_MAX);
	json_start(&j, &out, 0);
	json_begin_object(&j);
	json_member_i64(&j, "version", SEARCH_VERSION);
	json_member_i64(&j, "next", (int64_t)s->docs.count);
	json_member_i64(&j, "head", head_from(s));
	json_member_i64(&j, "zone", b->site->opt.zone_min);
	json_add_key(&j, S("parts"));
	json_begin_array(&j);
	for (size_t i = s->parts.count; i-- > 0;)
		json_add_str(&j, str_from(search_part_file(&b->page, list_at(&s->parts, i), ""),
					  strlen("/search/")));
	json_end(&j);
	int r = add_head(s, &j, false);
	if (r == 0)
		r = add_head(s, &j, true);
	json_end(&j);
	shard_write(&b->bytes, buf_str(&out));
	buf_fini(&out);
	if (r == 0)
		r = search_put(b, S("/search/root.js"));
	buf_reset(&b->bytes);
	arena_reset(&b->page);
	return r;
}

int build_search(struct build *b, const struct list *changed)
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
		plan_docs(&s, changed);
		r = write_state(&s, false);
	}
	if (r == 0)
		r = put_groups(&s);
	if (r == 0 && (b->anew || !changed))
		r = put_tables(b);
	if (r == 0)
		r = put_parts(&s);
	if (r == 0)
		r = put_root(&s);
	if (r == 0)
		r = remove_parts(&s);
	if (r == 0)
		r = write_state(&s, true);
	mem_free(s.marked);
	list_fini(&s.docs);
	list_fini(&s.parts);
	list_fini(&s.old.parts);
	list_fini(&s.old.chunks);
	return r;
}
