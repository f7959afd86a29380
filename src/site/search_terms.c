#include "site/search_terms.h"

#include "base/mem.h"
#include "text/fold.h"
#include "text/segment.h"
#include "text/utf8.h"

enum {
	KEYWORDS_MAX = 32, /* as in the store's index */
	PLANE = 0x10000
};

struct search_terms {
	struct gather *gather;
	struct buf folded, field;
	uint32_t count;      /* documents */
	uint32_t *last_seen; /* of each character of the first plane: which document, from 1 */
};

struct search_terms *search_terms_new(struct gather *gather)
{
	struct search_terms *t = mem_alloc(sizeof(*t));

	t->gather = gather;
	t->last_seen = mem_array(PLANE, sizeof(*t->last_seen));
	buf_init(&t->folded, BUF_NO_MAX);
	buf_init(&t->field, BUF_NO_MAX);
	return t;
}

void search_terms_free(struct search_terms **tp)
{
	struct search_terms *t = *tp;

	*tp = NULL;
	if (!t)
		return;
	mem_free(t->last_seen);
	buf_fini(&t->folded);
	buf_fini(&t->field);
	mem_free(t);
}

static void add_field(struct search_terms *t, char field, struct str value)
{
	buf_reset(&t->field);
	buf_add_ch(&t->field, field);
	buf_add(&t->field, value);
	gather_add(t->gather, buf_str(&t->field), GATHER_NOWHERE, false);
}

static void add_keyword(struct search_terms *t, struct str keyword)
{
	buf_reset(&t->folded);
	fold_to(&t->folded, keyword);
	add_field(t, '\x03', str_trim(buf_str(&t->folded)));
}

/* A character of CJK is a term too, with the places where it begins or ends a run: enough for it to
 * stand beside words in a phrase, inside a run it is part of pairs. */
static void add_character(struct search_terms *t, struct str character, uint32_t place, bool at_end,
			  bool title)
{
	size_t pos = 0;
	uint32_t c = utf8_next(character, &pos);
	bool seen = c < PLANE && t->last_seen[c] == t->count;

	if (c < PLANE)
		t->last_seen[c] = t->count;
	/* A title comes first, so what is in it is seen there first. */
	if (at_end || !seen)
		gather_add(t->gather, character, at_end ? place : GATHER_NOWHERE, title);
}

/* Of the pieces from the i-th on that begin before `to`. */
static size_t set_places(struct list *pieces, size_t i, size_t to, uint32_t place)
{
	for (; i < pieces->count; i++) {
		struct search_piece *p = list_at(pieces, i);

		if (p->folded > to)
			break;
		p->place = place;
	}
	return i;
}

/*
 * Places: one a word or character; one more where CJK follows CJK but not directly, two more at a
 * line's end. So what stands directly behind is one on, and what a phrase may have between is told.
 */
static void add_text(struct search_terms *t, struct str text, size_t title_len, struct list *pieces)
{
	struct segment seg;
	struct term term;
	uint32_t more = 0, place = 0;
	size_t before = 0; /* unit behind the last */
	size_t piece = 0;
	bool run_ended = false, in_run = false;

	segment_start(&seg, text);
	while (segment_next(&seg, &term)) {
		bool cjk = term.kind != TERM_WORD, title = term.from < title_len;

		if (term.unit > before)
			more += 2;
		else if (cjk && run_ended)
			more++;
		place = (uint32_t)term.unit + more;
		piece = set_places(pieces, piece, term.from, place);
		if (cjk) {
			size_t middle = term.from;

			utf8_next(text, &middle);
			struct str first = str_sub(text, term.from, middle);
			add_character(t, first, place, !in_run || term.kind != TERM_PAIR, title);
			if (term.kind == TERM_PAIR)
				gather_add_pair(t->gather, first, str_sub(text, middle, term.to),
						place, title);
		} else {
			gather_add(t->gather, term.text, place, title);
		}
		in_run = term.kind == TERM_PAIR;
		run_ended = cjk && !in_run;
		before = term.unit + 1;
	}
	set_places(pieces, piece, SIZE_MAX, place + 1);
}

bool search_cuts(struct str text, size_t at)
{
	if (at < text.len && ((unsigned char)text.ptr[at] & 0xC0) == 0x80)
		return false;
	uint32_t c = at < text.len ? utf8_next(text, &at) : 0;

	return c < 0x300 || (c >= 0x3000 && c < 0x302A) || (c >= 0x3400 && c < 0xA000) ||
	       (c >= 0xFF00 && c < 0xFF9E);
}

/* Folds a text, and notes where in what is folded its pieces begin, the i-th to the one before
 * `to`. */
static void fold_pieces(struct search_terms *t, struct str text, struct list *pieces, size_t i,
			size_t to)
{
	size_t done = 0, open = i;

	for (; i < to; i++) {
		size_t from = ((const struct search_piece *)list_at(pieces, i))->from;

		if (!search_cuts(text, from))
			continue;
		fold_to(&t->folded, str_sub(text, done, from));
		done = from;
		for (; open <= i; open++)
			((struct search_piece *)list_at(pieces, open))->folded = t->folded.len;
	}
	fold_to(&t->folded, str_from(text, done));
	for (; open < to; open++)
		((struct search_piece *)list_at(pieces, open))->folded = t->folded.len;
}

int search_terms_add(struct search_terms *t, uint32_t doc, const struct search_text *text,
		     struct err *err)
{
	if (gather_doc(t->gather, doc, err) < 0)
		return err->code;
	t->count++;
	buf_reset(&t->folded);
	fold_to(&t->folded, text->title);
	size_t title_len = t->folded.len;
	buf_add_ch(&t->folded, '\n');
	fold_pieces(t, text->text, text->pieces, 0, text->text_pieces);
	buf_add_ch(&t->folded, '\n');
	fold_pieces(t, text->around, text->pieces, text->text_pieces, text->pieces->count);
	add_text(t, buf_str(&t->folded), title_len, text->pieces);
	add_field(t, '\x02', text->source);
	for (size_t i = 0; i < text->sources->count; i++)
		add_field(t, '\x02', text->sources->items[i]);
	for (size_t i = 0; i < text->keywords->count && i < KEYWORDS_MAX; i++)
		add_keyword(t, text->keywords->items[i]);
	return 0;
}
