/*
 * What a parser does by itself, and how it is kept from it (the numbers are those of the HTML
 * standard, 13.2.6): a block's start tag closes an open <p>: so the <p> is closed first; <a> in
 * <a>, a heading in a heading close the outer one: the inner one is left out; <li>, <dt>, <dd>,
 * <rt>, table parts look for their place: they stand directly in their parent, or not as such; text
 * between table and cell is moved before the table: there is none; formatting elements left open
 * are opened again: every end tag is written, in order; <pre> swallows a line feed at its start:
 * there is none; raw text, foreign elements, forms, templates, <select>: no such element is
 * written.
 */
#include "page/writer.h"

#include <string.h>

#include "base/sixteen.h"

enum { TABLE_LEVELS = 5 };

void writer_init(struct writer *w)
{
	memset(w, 0, sizeof(*w));
	buf_init(&w->held, BUF_NO_MAX);
}

void writer_fini(struct writer *w)
{
	buf_fini(&w->held);
}

void writer_start(struct writer *w, struct buf *out)
{
	w->out = out;
	w->depth = w->written = 0;
	w->paragraphs = w->links = w->headings = w->formatting = w->captions = w->lines = 0;
	buf_reset(&w->held);
}

static const struct rule *top_rule(const struct writer *w)
{
	return w->depth ? rule_of(w->stack[w->depth - 1].tag) : NULL;
}

static void write_held(struct writer *w)
{
	if (w->written == w->depth)
		return;
	buf_add(w->out, buf_str(&w->held));
	buf_reset(&w->held);
	w->written = w->depth;
}

static void count(struct writer *w, uint8_t tag, int by)
{
	const struct rule *r = rule_of(tag);
	unsigned n = (unsigned)by;

	if (tag == LXB_TAG_P)
		w->paragraphs += n;
	else if (tag == LXB_TAG_A)
		w->links += n;
	else if (tag == LXB_TAG_CAPTION)
		w->captions += n;
	if (r->flags & RULE_HEADING)
		w->headings += n;
	if (r->flags & RULE_FORMATTING)
		w->formatting += n;
	if (!(r->flags & RULE_FLOW) && r->place != PLACE_TABLE && r->gives == PLACE_ANY)
		w->lines += n;
}

static void close_top(struct writer *w)
{
	struct writer_open *top = &w->stack[w->depth - 1];

	count(w, top->tag, -1);
	if (w->written == w->depth) {
		buf_add(w->out, S("</"));
		buf_add(w->out, rule_of(top->tag)->name);
		buf_add_ch(w->out, '>');
		w->written--;
	} else {
		buf_truncate(&w->held, top->held_at);
	}
	w->depth--;
}

static void close_paragraph(struct writer *w)
{
	while (w->paragraphs)
		close_top(w);
}

/* A <div> right in a <dl> groups terms and is seen through. */
static uint8_t place_given(const struct writer *w)
{
	uint8_t place = w->depth ? rule_of(w->stack[w->depth - 1].tag)->gives : PLACE_ANY;

	if (w->depth > 1 && w->stack[w->depth - 1].tag == LXB_TAG_DIV &&
	    w->stack[w->depth - 2].tag == LXB_TAG_DL)
		return PLACE_DL;
	return place;
}

static bool may_stand(const struct writer *w, lxb_tag_id_t tag, const struct rule *r)
{
	const struct rule *top = top_rule(w);

	if (w->depth >= WRITER_MAX_DEPTH)
		return false;
	if (r->place != PLACE_ANY ? place_given(w) != r->place : top && (top->flags & RULE_NO_TEXT))
		return false;
	if ((r->flags & RULE_HEADING) && w->headings)
		return false;
	if ((r->flags & RULE_FORMATTING) && w->formatting >= WRITER_MAX_FORMATTING)
		return false;
	if (tag == LXB_TAG_A)
		return !w->links;
	if (tag == LXB_TAG_TABLE) /* whole or not at all: half a table would lose its cells' text */
		return !w->captions && w->depth + TABLE_LEVELS <= WRITER_MAX_DEPTH;
	return true;
}

const struct rule *writer_open(struct writer *w, lxb_tag_id_t tag, const void *node)
{
	const struct rule *r = rule_of(tag);
	struct writer_open *o;

	if (r->as) {
		tag = r->as;
		r = rule_of(tag);
	}
	if (!may_stand(w, tag, r)) {
		if (!r->otherwise)
			return NULL;
		tag = r->otherwise;
		r = rule_of(tag);
		if (!may_stand(w, tag, r))
			return NULL;
	}
	if (r->flags & RULE_BLOCK)
		close_paragraph(w);
	if (r->flags & RULE_VOID) {
		write_held(w);
		buf_add_ch(w->out, '<');
		buf_add(w->out, r->name);
		return r;
	}
	o = &w->stack[w->depth++];
	o->node = node;
	o->tag = (uint8_t)tag;
	o->held_at = w->held.len;
	count(w, o->tag, 1);
	buf_add_ch(&w->held, '<');
	buf_add(&w->held, r->name);
	return r;
}

/* The start tag being written: of a void element it is out already, else it is held. */
static struct buf *tag_buf(struct writer *w)
{
	return w->written == w->depth ? w->out : &w->held;
}

void writer_attr(struct writer *w, struct str name, struct str value)
{
	struct buf *b = tag_buf(w);

	buf_add_ch(b, ' ');
	buf_add(b, name);
	buf_add(b, S("=\""));
	writer_escape(b, value, true);
	buf_add_ch(b, '"');
}

void writer_attr_flag(struct writer *w, struct str name)
{
	struct buf *b = tag_buf(w);

	buf_add_ch(b, ' ');
	buf_add(b, name);
	buf_add(b, S("=\"\""));
}

void writer_opened(struct writer *w)
{
	bool is_void = w->written == w->depth;

	buf_add_ch(tag_buf(w), '>');
	if (!is_void && (top_rule(w)->flags & RULE_ALWAYS))
		write_held(w);
}

void writer_keep(struct writer *w)
{
	write_held(w);
}

void writer_close(struct writer *w, const void *node)
{
	if (w->depth && w->stack[w->depth - 1].node == node)
		close_top(w);
}

bool writer_in_flow(const struct writer *w)
{
	const struct rule *top = top_rule(w);

	return !w->lines && (!top || (top->flags & RULE_FLOW)) && w->depth < WRITER_MAX_DEPTH;
}

enum { ESC_NONE, ESC_DROP, ESC_SPACE, ESC_CR, ESC_AMP, ESC_LT, ESC_GT, ESC_QUOTE, ESC_GRAVE };

static const uint8_t escapes[256] = {
	[0x00] = ESC_DROP, [0x01] = ESC_DROP,  [0x02] = ESC_DROP,  [0x03] = ESC_DROP,
	[0x04] = ESC_DROP, [0x05] = ESC_DROP,  [0x06] = ESC_DROP,  [0x07] = ESC_DROP,
	[0x08] = ESC_DROP, [0x0b] = ESC_SPACE, [0x0c] = ESC_SPACE, [0x0e] = ESC_DROP,
	[0x0f] = ESC_DROP, [0x10] = ESC_DROP,  [0x11] = ESC_DROP,  [0x12] = ESC_DROP,
	[0x13] = ESC_DROP, [0x14] = ESC_DROP,  [0x15] = ESC_DROP,  [0x16] = ESC_DROP,
	[0x17] = ESC_DROP, [0x18] = ESC_DROP,  [0x19] = ESC_DROP,  [0x1a] = ESC_DROP,
	[0x1b] = ESC_DROP, [0x1c] = ESC_DROP,  [0x1d] = ESC_DROP,  [0x1e] = ESC_DROP,
	[0x1f] = ESC_DROP, [0x7f] = ESC_DROP,  ['\r'] = ESC_CR,    ['&'] = ESC_AMP,
	['<'] = ESC_LT,    ['>'] = ESC_GT,     ['"'] = ESC_QUOTE,  ['`'] = ESC_GRAVE,
};

static bool is_left_out(char ch)
{
	return escapes[(unsigned char)ch] == ESC_DROP;
}

bool writer_is_blank(struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (!ch_is_space(text.ptr[i]) && !is_left_out(text.ptr[i]))
			return false;
	}
	return true;
}

void writer_text(struct writer *w, struct str text)
{
	const struct rule *top = top_rule(w);

	if (top && (top->flags & RULE_NO_TEXT)) /* the parser lets only white space get here */
		return;
	while (text.len && is_left_out(*text.ptr))
		text = str_from(text, 1);
	if (top && w->written < w->depth) {
		if (top->flags & RULE_PRE) {
			while (text.len &&
			       (*text.ptr == '\n' || *text.ptr == '\r' || is_left_out(*text.ptr)))
				text = str_from(text, 1);
		} else if ((top->flags & RULE_BLOCK) && writer_is_blank(text)) {
			return;
		}
	}
	if (!text.len)
		return;
	write_held(w);
	writer_escape(w->out, text, false);
}

/* Where the first byte that has an escape stands, or one that may. */
static size_t plain_end(struct str text, size_t i)
{
	while (text.len - i >= 16) {
		sixteen v = sixteen_at(text.ptr + i);
		size_t n = sixteen_first((sixteen)(((v < ' ') & (v != '\n') & (v != '\t')) |
						   (v == '&') | (v == '<') | (v == '>') |
						   (v == '"') | (v == '`') | (v == 0x7f)));

		i += n;
		if (n < 16)
			return i;
	}
	while (i < text.len && escapes[(unsigned char)text.ptr[i]] == ESC_NONE)
		i++;
	return i;
}

void writer_escape(struct buf *b, struct str text, bool attribute)
{
	static const struct str written[] = {
		[ESC_NONE] = STR(""),   [ESC_DROP] = STR(""),        [ESC_SPACE] = STR(" "),
		[ESC_CR] = STR("\n"),   [ESC_AMP] = STR("&amp;"),    [ESC_LT] = STR("&lt;"),
		[ESC_GT] = STR("&gt;"), [ESC_QUOTE] = STR("&quot;"), [ESC_GRAVE] = STR("&#96;"),
	};
	size_t from = 0;

	for (size_t i = 0; i < text.len; i++) {
		i = plain_end(text, i);
		if (i == text.len)
			break;
		uint8_t esc = escapes[(unsigned char)text.ptr[i]];

		if (!attribute && esc >= ESC_QUOTE)
			continue;
		buf_add_n(b, text.ptr + from, i - from);
		from = i + 1;
		if (esc == ESC_CR && from < text.len && text.ptr[from] == '\n')
			continue;
		buf_add(b, written[esc]);
	}
	buf_add_n(b, text.ptr + from, text.len - from);
}
