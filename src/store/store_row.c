/*
 * Rows of articles, to and from struct article. Lists stand in one column each, one element a line
 * and its fields apart by tabs, so that anything that speaks SQL can read them; line breaks inside
 * a name have no meaning and go.
 */
#include <string.h>

#include "base/list.h"
#include "store/private.h"
#include "text/utf8.h"

const char article_columns[] =
	"a.id, a.key, a.date, a.month, a.doc, a.revision, a.first_seen, a.last_seen, a.gone, "
	"a.published,"
	" a.published_offset_min, a.modified, a.paywalled, a.origins, a.url, a.path, a.source, "
	"a.guid,"
	" a.text_source, a.fetched_url, a.title, a.summary, a.language, a.image, a.site_name, "
	"a.section,"
	" a.licence, a.dateline, a.authors, a.credits, a.keywords, a.attachments, a.change";

static void add_field(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		buf_add_ch(b, (unsigned char)s.ptr[i] < ' ' ? ' ' : s.ptr[i]);
}

static struct str finish(struct arena *mem, struct buf *b)
{
	struct str s = arena_str(mem, buf_str(b));

	buf_fini(b);
	return s;
}

struct str pack_strs(struct arena *mem, const struct strs *list)
{
	struct buf b;

	buf_init(&b, BUF_NO_MAX);
	for (size_t i = 0; i < list->count; i++) {
		add_field(&b, list->items[i]);
		buf_add_ch(&b, '\n');
	}
	return finish(mem, &b);
}

struct str pack_people(struct arena *mem, const struct people *list)
{
	struct buf b;

	buf_init(&b, BUF_NO_MAX);
	for (size_t i = 0; i < list->count; i++) {
		add_field(&b, list->items[i].role);
		buf_add_ch(&b, '\t');
		add_field(&b, list->items[i].name);
		buf_add_ch(&b, '\t');
		add_field(&b, list->items[i].url);
		buf_add_ch(&b, '\n');
	}
	return finish(mem, &b);
}

struct str pack_attachments(struct arena *mem, const struct attachments *list)
{
	struct buf b;

	buf_init(&b, BUF_NO_MAX);
	for (size_t i = 0; i < list->count; i++) {
		const struct attachment *at = &list->items[i];

		add_field(&b, at->url);
		buf_add_ch(&b, '\t');
		add_field(&b, at->mime_type);
		buf_add_ch(&b, '\t');
		add_field(&b, at->title);
		buf_add_ch(&b, '\t');
		buf_add_i64(&b, at->size_bytes);
		buf_add_ch(&b, '\t');
		buf_add_i64(&b, at->duration_seconds);
		buf_add_ch(&b, '\n');
	}
	return finish(mem, &b);
}

struct str pack_dateline(struct arena *mem, const struct dateline *d)
{
	struct buf b;

	buf_init(&b, BUF_NO_MAX);
	if (d->text.len || d->place.len || d->day) {
		add_field(&b, d->text);
		buf_add_ch(&b, '\t');
		add_field(&b, d->place);
		buf_add_ch(&b, '\t');
		buf_add_i64(&b, d->day);
	}
	return finish(mem, &b);
}

static size_t count_lines(struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++)
		n += s.ptr[i] == '\n';
	return n;
}

struct strs unpack_strs(struct arena *mem, struct str s)
{
	struct strs out = { 0 };
	struct str line;

	if (s.len)
		out.items = arena_array(mem, count_lines(s), sizeof(*out.items));
	while (s.len && str_split(&s, '\n', &line))
		out.items[out.count++] = line;
	return out;
}

static struct people unpack_people(struct arena *mem, struct str s)
{
	struct people out = { 0 };
	struct str line;

	if (s.len)
		out.items = arena_array(mem, count_lines(s), sizeof(*out.items));
	while (s.len && str_split(&s, '\n', &line)) {
		struct person *p = &out.items[out.count++];

		str_split(&line, '\t', &p->role);
		str_split(&line, '\t', &p->name);
		str_split(&line, '\t', &p->url);
	}
	return out;
}

static struct attachments unpack_attachments(struct arena *mem, struct str s)
{
	struct attachments out = { 0 };
	struct str line, number;

	if (s.len)
		out.items = arena_array(mem, count_lines(s), sizeof(*out.items));
	while (s.len && str_split(&s, '\n', &line)) {
		struct attachment *at = &out.items[out.count++];

		at->size_bytes = at->duration_seconds = -1;
		str_split(&line, '\t', &at->url);
		str_split(&line, '\t', &at->mime_type);
		str_split(&line, '\t', &at->title);
		if (str_split(&line, '\t', &number))
			str_to_i64(number, -1, INT64_MAX, &at->size_bytes);
		if (str_split(&line, '\t', &number))
			str_to_i64(number, -1, INT64_MAX, &at->duration_seconds);
	}
	return out;
}

static struct dateline unpack_dateline(struct str s)
{
	struct dateline d = { 0 };
	struct str number;
	int64_t day = 0;

	str_split(&s, '\t', &d.text);
	str_split(&s, '\t', &d.place);
	if (str_split(&s, '\t', &number) && str_to_i64(number, 0, 31, &day))
		d.day = (int)day;
	return d;
}

static void read_origins(int64_t n, struct article *out)
{
	enum origin *all[] = { &out->title_from,   &out->text_from,     &out->published_from,
			       &out->authors_from, &out->keywords_from, &out->language_from };

	for (int i = 0; i < 6; i++)
		*all[i] = (enum origin)(n >> (4 * i) & 15);
}

void read_article(struct db_rows *r, struct arena *mem, struct article *out,
		  struct article_row *more)
{
	*out = (struct article){
		.id = db_i64(r, 0),
		.date = db_i64(r, 2),
		.revision = (int)db_i64(r, 5),
		.first_seen = db_i64(r, 6),
		.last_seen = db_i64(r, 7),
		.gone = db_i64(r, 8),
		.published = db_i64(r, 9),
		.published_offset_min = (int)db_i64(r, 10),
		.modified = db_i64(r, 11),
		.paywalled = db_i64(r, 12) != 0,
	};
	struct str *texts[] = { &out->url,      &out->path,        &out->source,    &out->guid,
				NULL,           &out->fetched_url, &out->title,     &out->summary,
				&out->language, &out->image,       &out->site_name, &out->section,
				&out->licence };

	read_origins(db_i64(r, 13), out);
	out->key = arena_str(mem, db_str(r, 1));
	for (int i = 0; i < 13; i++)
		if (texts[i])
			*texts[i] = arena_str(mem, db_str(r, 14 + i));
	out->dateline = unpack_dateline(arena_str(mem, db_str(r, 27)));
	out->authors = unpack_people(mem, arena_str(mem, db_str(r, 28)));
	out->credits = unpack_people(mem, arena_str(mem, db_str(r, 29)));
	out->keywords = unpack_strs(mem, arena_str(mem, db_str(r, 30)));
	out->attachments = unpack_attachments(mem, arena_str(mem, db_str(r, 31)));
	if (more) {
		more->date = db_i64(r, 2);
		more->month = (int)db_i64(r, 3);
		more->doc = db_i64(r, 4);
		more->text_source = arena_str(mem, db_str(r, 18));
	}
}

void read_article_text(struct db_rows *r, struct arena *mem, unsigned with, size_t most,
		       struct article *out)
{
	if (with & STORE_TEXT) {
		struct str text = db_str(r, ARTICLE_COLUMN_COUNT);

		out->text = arena_str(mem, most ? utf8_cut(text, most) : text);
	}
	if (with & STORE_HTML)
		out->html = arena_str(mem, db_str(r, ARTICLE_COLUMN_COUNT + 1));
}
