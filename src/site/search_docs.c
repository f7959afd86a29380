/*
 * The documents of a part, read once: their texts become pieces, their terms are gathered, and
 * what is shown of them is kept until it is written in another order.
 */
#include "base/mem.h"
#include "site/search_build.h"
#include "site/search_terms.h"
#include "site/shard.h"
#include "text/utf8.h"

enum {
	TEXT_PIECE = 1536, /* bytes of a text that are read at once, before deflating */
	TEXT_BACK = 48     /* how far before that a better place to cut is looked for */
};

struct search_docs {
	struct site *site;
	const struct pack_sink *sink;
	struct search_terms *terms;
	struct squeezer *squeezer;
	struct arena chunk, row;
	struct pack texts;
	struct spill *records;
	int64_t from; /* where the part begins */
	struct store_doc_text doc;
	struct list pieces;  /* struct search_piece, of the document being read */
	struct list lengths; /* uint32_t, of each of those */
	struct buf squeezed, record;
};

struct search_docs *search_docs_new(struct site *site, const struct pack_sink *sink,
				    struct gather *gather, struct spill *records)
{
	struct search_docs *d = mem_alloc(sizeof(*d));

	d->site = site;
	d->sink = sink;
	d->terms = search_terms_new(gather);
	d->squeezer = squeezer_new();
	arena_init(&d->chunk);
	arena_init(&d->row);
	pack_init(&d->texts, S(""), 0, sink);
	d->records = records;
	list_init(&d->pieces, sizeof(struct search_piece));
	list_init(&d->lengths, sizeof(uint32_t));
	buf_init(&d->squeezed, BUF_NO_MAX);
	buf_init(&d->record, BUF_NO_MAX);
	return d;
}

void search_docs_free(struct search_docs **dp)
{
	struct search_docs *d = *dp;

	*dp = NULL;
	if (!d)
		return;
	search_terms_free(&d->terms);
	squeezer_free(&d->squeezer);
	arena_fini(&d->chunk);
	arena_fini(&d->row);
	pack_fini(&d->texts);
	list_fini(&d->pieces);
	list_fini(&d->lengths);
	buf_fini(&d->squeezed);
	buf_fini(&d->record);
	mem_free(d);
}

void search_docs_start(struct search_docs *d, const struct search_part *part, int64_t from)
{
	int64_t chunk = (from - part->from) / SEARCH_CHUNK;

	d->from = part->from;
	arena_reset(&d->chunk);
	pack_fini(&d->texts);
	pack_init(&d->texts, search_stem(&d->chunk, part, SEARCH_TEXTS, chunk), search_limit(part),
		  d->sink);
}

int search_docs_end(struct search_docs *d, struct err *err)
{
	return pack_end(&d->texts, err);
}

/* Where the piece of a text that begins at `from` ends: between characters, and if it can be where
 * nothing is folded together with what stands before it. */
static size_t piece_end(struct str text, size_t from)
{
	size_t end = from + TEXT_PIECE;

	if (end >= text.len)
		return text.len;
	for (size_t at = end; at + TEXT_BACK > end; at--)
		if (search_cuts(text, at))
			return at;
	while (((unsigned char)text.ptr[end] & 0xC0) == 0x80 && end > from + 1)
		end--;
	return end;
}

/* Cuts a text, and puts its pieces; *at: of the first of all, 0 while there is none. */
static int put_text(struct search_docs *d, struct str text, int64_t *at, struct err *err)
{
	for (size_t from = 0, end; from < text.len; from = end) {
		struct search_piece *p = list_add(&d->pieces);
		struct pack_place place;

		end = piece_end(text, from);
		p->from = from;
		buf_reset(&d->squeezed);
		shard_squeeze(d->squeezer, &d->squeezed, str_sub(text, from, end));
		if (pack_add(&d->texts, buf_str(&d->squeezed), &place, err) < 0)
			return err->code;
		*(uint32_t *)list_add(&d->lengths) = place.len;
		if (!*at)
			*at = place.at;
	}
	return 0;
}

/* What a list of results shows of a document, and where its text is. */
static int put_record(struct search_docs *d, const struct article *art, int64_t texts_at,
		      size_t text_pieces, struct spill_place *out, struct err *err)
{
	struct buf *rec = &d->record;
	uint32_t place = 0;
	struct headline h;

	headline_of(&d->row, art, &h);
	buf_reset(rec);
	shard_varint(rec, (uint64_t)texts_at);
	shard_varint(rec, text_pieces);
	shard_varint(rec, d->pieces.count - text_pieces);
	for (size_t i = 0; i < d->pieces.count; i++) {
		const struct search_piece *p = list_at(&d->pieces, i);

		shard_varint(rec, *(const uint32_t *)list_at(&d->lengths, i));
		shard_varint(rec, p->place - place);
		place = p->place;
	}
	const struct str fields[] = { str_from(h.path, 1), h.title, h.language, h.source,
				      art->title };
	for (size_t i = 0; i < (str_eq(h.title, art->title) ? 4 : 5); i++) {
		if (i)
			buf_add_ch(rec, '\0');
		buf_add(rec, utf8_clean(&d->row, fields[i]));
	}
	return spill_add(d->records, buf_str(rec), out, err);
}

int search_docs_add(struct search_docs *d, const struct store_doc *doc, uint32_t number,
		    struct spill_place *record, struct err *err)
{
	const struct article *art = &d->doc.article;
	struct arena *a = &d->row;
	int64_t texts_at = 0;

	arena_reset(a);
	if (store_doc_read(d->site->store, a, d->from + number, doc, &d->doc, err) < 0)
		return err->code;
	list_reset(&d->pieces);
	list_reset(&d->lengths);
	struct search_text text = {
		.title = art->title,
		.text = utf8_clean(a, art->text),
		.around = utf8_clean(a, d->doc.around),
		.source = art->source,
		.sources = &d->doc.sources,
		.keywords = &art->keywords,
		.pieces = &d->pieces,
	};
	if (put_text(d, text.text, &texts_at, err) < 0)
		return err->code;
	text.text_pieces = d->pieces.count;
	if (put_text(d, text.around, &texts_at, err) < 0 ||
	    search_terms_add(d->terms, number, &text, err) < 0)
		return err->code;
	return put_record(d, art, texts_at, text.text_pieces, record, err);
}
