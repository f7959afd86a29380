/*
 * The liberal tokenizer: reads whatever resembles XML and never fails. What is no tag is text, what
 * is no reference is an ampersand, an end tag closes the nearest element of its name or nothing,
 * and a field that was not closed ends where the next one begins. It pulls from the whole text, so
 * that it can stop behind any event.
 */
#include <string.h>

#include "feed/private.h"
#include "text/utf8.h"

enum { MAX_REFERENCE = 40, MAX_NESTING = 8 };

static bool is_name_ch(char ch)
{
	return ch_is_alnum(ch) || ch == ':' || ch == '_' || ch == '-' || ch == '.' || (ch & 0x80);
}

/* ---- references ---- */

static void decode_into(struct feed *f, struct str s, struct buf *out, int nesting);
static size_t decode_reference(struct feed *f, struct str s, struct buf *out, int nesting);

/* An entity's value as XML reads it (4.4): numbers are replaced where it is declared, all else
 * where it is used. */
static void decode_value(struct feed *f, struct str value, struct buf *out, int nesting)
{
	struct buf numbers;
	size_t at, used;

	buf_init(&numbers, FEED_MAX_TEXT);
	while ((at = str_find(value, S("&#"))) != STR_NONE) {
		buf_add(&numbers, str_sub(value, 0, at));
		value = str_from(value, at);
		used = decode_reference(f, value, &numbers, MAX_NESTING);
		if (!used)
			buf_add(&numbers, S("&#"));
		value = str_from(value, used ? used : 2);
	}
	buf_add(&numbers, value);
	decode_into(f, buf_str(&numbers), out, nesting);
	buf_fini(&numbers);
}

static bool add_entity(struct feed *f, struct str name, struct buf *out, int nesting)
{
	for (size_t i = 0; i < f->entity_count; i++) {
		struct str value = f->entities[i].value;

		if (!str_eq(f->entities[i].name, name))
			continue;
		if (nesting == MAX_NESTING || value.len > f->entity_budget)
			return false;
		f->entity_budget -= value.len;
		decode_value(f, value, out, nesting + 1);
		return true;
	}
	return false;
}

/* The reference at the front of s ("&" included) into out; its length, 0 when it is none. */
static size_t decode_reference(struct feed *f, struct str s, struct buf *out, int nesting)
{
	size_t end = 1;
	char whole[MAX_REFERENCE + 1];
	struct str text;
	struct arena a;

	while (end < s.len && end < MAX_REFERENCE && (is_name_ch(s.ptr[end]) || s.ptr[end] == '#'))
		end++;
	if (end < 2 || end >= s.len || s.ptr[end] != ';')
		return 0;
	end++;
	if (add_entity(f, str_sub(s, 1, end - 1), out, nesting))
		return end;
	memcpy(whole, s.ptr, end);
	/* "&#X41;" is said to be wrong in XML and is not in HTML */
	arena_init(&a);
	text = feed_reference(&a, str_n(whole, end));
	if (str_eq(text, str_n(whole, end)))
		end = 0;
	else
		buf_add(out, text);
	arena_fini(&a);
	return end;
}

static void decode_into(struct feed *f, struct str s, struct buf *out, int nesting)
{
	while (s.len) {
		size_t amp = str_find_ch(s, '&'), used;

		if (amp == STR_NONE) {
			buf_add(out, s);
			return;
		}
		buf_add(out, str_sub(s, 0, amp));
		s = str_from(s, amp);
		used = decode_reference(f, s, out, nesting);
		if (!used) {
			buf_add_ch(out, '&');
			used = 1;
		}
		s = str_from(s, used);
	}
}

void feed_decode(struct feed *f, struct str s, struct buf *out)
{
	decode_into(f, s, out, 0);
}

/* <!ENTITY name "value"> of an internal subset; external ones are passed over. */
void feed_read_entities(struct feed *f, struct str doctype)
{
	for (;;) {
		size_t at = str_find(doctype, S("<!ENTITY")), end = 0;
		struct str name;
		char quote;

		if (at == STR_NONE || f->entity_count == FEED_MAX_ENTITIES)
			return;
		doctype = str_from(doctype, at + 8);
		while (doctype.len && ch_is_space(doctype.ptr[0]))
			doctype = str_from(doctype, 1);
		while (end < doctype.len && is_name_ch(doctype.ptr[end]))
			end++;
		name = str_sub(doctype, 0, end);
		doctype = str_trim(str_from(doctype, end));
		quote = doctype.len ? doctype.ptr[0] : 0;
		if (!name.len || (quote != '"' && quote != '\''))
			continue;
		doctype = str_from(doctype, 1);
		end = str_find_ch(doctype, quote);
		if (end == STR_NONE)
			return;
		f->entities[f->entity_count++] =
			(struct feed_entity){ name, str_sub(doctype, 0, end) };
		doctype = str_from(doctype, end);
	}
}

/* ---- tags ---- */

static size_t skip_space(struct str s, size_t at)
{
	while (at < s.len && (ch_is_space(s.ptr[at]) || s.ptr[at] == '\0'))
		at++;
	return at;
}

/* The value at `at`; *next behind it. A quote that is never closed ends with the tag. */
static struct str read_value(struct str s, size_t at, size_t *next)
{
	char quote = at < s.len ? s.ptr[at] : 0;
	size_t end;

	if (quote == '"' || quote == '\'') {
		end = str_find_ch(str_from(s, at + 1), quote);
		if (end != STR_NONE) {
			*next = at + 1 + end + 1;
			return str_sub(s, at + 1, at + 1 + end);
		}
		end = str_find_ch(str_from(s, at + 1), '>');
		end = end == STR_NONE ? s.len : at + 1 + end;
		*next = end;
		return str_sub(s, at + 1, end);
	}
	for (end = at; end < s.len && !ch_is_space(s.ptr[end]) && s.ptr[end] != '>' &&
		       !(s.ptr[end] == '/' && end + 1 < s.len && s.ptr[end + 1] == '>');)
		end++;
	*next = end;
	return str_sub(s, at, end);
}

size_t feed_read_tag(struct str s, struct str *name, struct xml_attr *attrs, size_t *count,
		     bool *closed)
{
	size_t at = 1, from, next;

	*count = 0;
	*closed = false;
	if (s.len < 2 ||
	    !(ch_is_alpha(s.ptr[1]) || s.ptr[1] == '_' || s.ptr[1] == ':' || (s.ptr[1] & 0x80)))
		return 0;
	while (at < s.len && is_name_ch(s.ptr[at]))
		at++;
	*name = str_sub(s, 1, at);
	/* "<bob@example.org>", "<3": text */
	if (at < s.len && !ch_is_space(s.ptr[at]) && s.ptr[at] != '>' && s.ptr[at] != '/' &&
	    s.ptr[at] != '\0')
		return 0;
	for (;;) {
		at = skip_space(s, at);
		if (at >= s.len)
			return s.len;
		if (s.ptr[at] == '>')
			return at + 1;
		if (s.ptr[at] == '<') /* the tag was never closed */
			return at;
		if (s.ptr[at] == '/') {
			*closed = at + 1 < s.len && s.ptr[at + 1] == '>';
			at++;
			continue;
		}
		from = at;
		while (at < s.len && !ch_is_space(s.ptr[at]) && !strchr("=/><", s.ptr[at]))
			at++;
		if (at == from) { /* "=" or a NUL alone */
			at++;
			continue;
		}
		struct xml_attr attr = { str_sub(s, from, at), S("") };
		next = skip_space(s, at);
		if (next < s.len && s.ptr[next] == '=')
			attr.value = read_value(s, skip_space(s, next + 1), &at);
		if (*count < FEED_MAX_ATTRS)
			attrs[(*count)++] = attr;
	}
}

/* ---- events ---- */

/* Control characters that XML forbids are dropped. */
static void add_text(struct feed *f, struct str s)
{
	size_t from = 0;

	for (size_t i = 0; i < s.len; i++) {
		unsigned char ch = (unsigned char)s.ptr[i];

		if (ch >= 0x20 || ch == '\n' || ch == '\t')
			continue;
		if (i > from)
			feed_on_text(f, s.ptr + from, i - from);
		from = i + 1;
	}
	if (s.len > from)
		feed_on_text(f, s.ptr + from, s.len - from);
}

static bool wants_text(const struct feed *f)
{
	return f->collect_depth ||
	       (f->depth && (f->stack[f->depth - 1].place & (PLACE_PERSON | PLACE_IMAGE)));
}

static void text_event(struct feed *f, struct str s)
{
	struct buf decoded;

	if (!wants_text(f) || !s.len)
		return;
	if (str_find_ch(s, '&') == STR_NONE) {
		add_text(f, s);
		return;
	}
	buf_init(&decoded, FEED_MAX_TEXT);
	feed_decode(f, utf8_cut(s, FEED_MAX_TEXT), &decoded);
	add_text(f, buf_str(&decoded));
	buf_fini(&decoded);
}

/* References in values, decoded in the order of the attributes into one buffer. */
static void decode_attrs(struct feed *f, struct xml_attr *attrs, size_t count, struct buf *room)
{
	size_t at[FEED_MAX_ATTRS], len[FEED_MAX_ATTRS];

	for (size_t i = 0; i < count; i++) {
		at[i] = STR_NONE;
		if (str_find_ch(attrs[i].value, '&') == STR_NONE)
			continue;
		at[i] = room->len;
		feed_decode(f, attrs[i].value, room);
		len[i] = room->len - at[i];
	}
	struct str all = buf_str(room);
	for (size_t i = 0; i < count; i++)
		if (at[i] != STR_NONE)
			attrs[i].value = str_sub(all, at[i], at[i] + len[i]);
}

/* Ends what a start tag cannot stand in: a field, a person or an image that was not closed. */
static void close_before(struct feed *f, struct str name)
{
	while (f->depth && !f->entry_done) {
		const struct feed_element *el = &f->stack[f->depth - 1];
		bool person = !f->collect_depth && (el->place & (PLACE_PERSON | PLACE_IMAGE));

		if (f->collect_depth) {
			if (!feed_begins_entry(f, name) && !feed_ends_field(f, name))
				return;
		} else if (!person || !feed_begins_entry(f, name)) {
			return;
		}
		feed_on_end_innermost(f);
	}
}

static size_t start_event(struct feed *f, struct str s)
{
	struct xml_attr attrs[FEED_MAX_ATTRS];
	struct str name, prefix, local;
	struct buf room;
	size_t count, used, colon;
	bool closed;

	used = feed_read_tag(s, &name, attrs, &count, &closed);
	if (!used) {
		text_event(f, str_sub(s, 0, 1));
		return 1;
	}
	close_before(f, name);
	/* an entry begins where one is open: that one is over, and this tag is read again in the
	 * next call */
	if (f->entry && !f->entry_done && !f->collect_depth && feed_begins_entry(f, name))
		while (f->entry && !f->entry_done && f->depth)
			feed_on_end_innermost(f);
	if (f->entry_done)
		return 0;
	buf_init(&room, FEED_MAX_TEXT);
	decode_attrs(f, attrs, count, &room);
	feed_on_start(f, name, attrs, count);
	buf_fini(&room);
	colon = str_find_ch(name, ':');
	prefix = str_sub(name, 0, colon == STR_NONE ? 0 : colon);
	local = prefix.len ? str_from(name, colon + 1) : name;
	if (closed || (f->collect_depth && f->depth > f->collect_depth && feed_is_void(local)))
		feed_on_end_innermost(f);
	return used;
}

static size_t end_event(struct feed *f, struct str s)
{
	size_t at = 2, from;
	struct str name;

	from = at = skip_space(s, at);
	while (at < s.len && is_name_ch(s.ptr[at]))
		at++;
	name = str_sub(s, from, at);
	/* up to ">", unless another tag begins first: "</title<link>" */
	while (at < s.len && s.ptr[at] != '>' && s.ptr[at] != '<')
		at++;
	if (name.len)
		feed_on_end(f, name);
	return at < s.len && s.ptr[at] == '>' ? at + 1 : at;
}

/* A CDATA section that never ends: up to where the field's own end tag stands, else all. */
static size_t cdata_event(struct feed *f, struct str s)
{
	size_t from = 9, end = STR_NONE;
	struct str text;

	/* looked for once only: thousands of sections that never end would each look to the end */
	if (!f->no_cdata_end)
		end = str_find(str_from(s, from), S("]]>"));
	if (end == STR_NONE) {
		f->no_cdata_end = true;
		text = str_from(s, from);
		if (f->collect_depth) {
			const struct feed_element *el = &f->stack[f->depth - 1];
			struct str name = str_n(f->names.ptr + el->name_at, el->name_len);

			for (size_t at = 0;
			     (end = str_find(str_from(text, at), S("</"))) != STR_NONE;) {
				at += end;
				if (str_has_prefix_nocase(str_from(text, at + 2), name)) {
					text = str_sub(text, 0, at);
					break;
				}
				at += 2;
			}
		}
		if (wants_text(f))
			add_text(f, text);
		return from + text.len;
	}
	if (wants_text(f))
		add_text(f, str_sub(s, from, from + end));
	return from + end + 3;
}

/* <!DOCTYPE ...>, with its subset in brackets where there is one, in front of everything else. */
static size_t doctype_event(struct feed *f, struct str s)
{
	size_t end = str_find_ch(s, '>'), bracket, close;

	if (end == STR_NONE)
		return s.len;
	bracket = str_find_ch(str_sub(s, 0, end), '[');
	if (f->depth || bracket == STR_NONE || !str_has_prefix_nocase(s, S("<!doctype")))
		return end + 1;
	close = str_find(s, S("]>"));
	if (close == STR_NONE)
		return end + 1;
	feed_read_entities(f, str_sub(s, bracket, close));
	return close + 2;
}

static size_t skip_to(struct str s, size_t from, struct str mark)
{
	size_t end = str_find(str_from(s, from), mark);

	return end == STR_NONE ? s.len : from + end + mark.len;
}

/* One event at s, which begins with "<"; how much of s it was, 0 to be called again with it. */
static size_t markup_event(struct feed *f, struct str s)
{
	if (str_has_prefix(s, S("<!--")))
		return skip_to(s, 4, S("-->"));
	if (str_has_prefix_nocase(s, S("<![CDATA[")))
		return cdata_event(f, s);
	if (str_has_prefix(s, S("<!")))
		return doctype_event(f, s);
	if (str_has_prefix(s, S("<?")))
		return skip_to(s, 2, S(">"));
	if (str_has_prefix(s, S("</")))
		return end_event(f, s);
	return start_event(f, s);
}

int feed_liberal_next(struct feed *f)
{
	if (f->head.len) { /* taken over from expat, which kept the entities to itself */
		size_t at = str_find(str_sub(f->head, 0, 65536), S("<!DOCTYPE"));

		size_t depth = f->depth;

		f->depth = 0;
		if (at != STR_NONE)
			doctype_event(f, str_from(f->head, at));
		f->depth = depth;
		f->head.len = 0;
	}
	while (f->pos < f->root.len) {
		struct str rest = str_from(f->root, f->pos);
		size_t tag = str_find_ch(rest, '<'), used;

		if (tag > 0) {
			tag = tag == STR_NONE ? rest.len : tag;
			text_event(f, str_sub(rest, 0, tag));
			f->pos += tag;
			continue;
		}
		used = markup_event(f, rest);
		f->pos += used;
		if (f->entry_done)
			return 1;
		if (!used) /* cannot be: only an entry's end takes nothing */
			f->pos++;
	}
	/* Cut off inside a field: half an address or an id is a wrong one, half a text is half a
	 * text. */
	if (f->collect_depth && !feed_collects_long_text(f))
		buf_reset(&f->collected);
	/* Cut off inside an entry: it is given as far as it goes, unless nothing tells which one it
	 * is. */
	while (f->depth && !f->entry_done) {
		if (f->entry && f->depth == f->entry_depth && !f->entry->link.len &&
		    !f->entry->title.len && !f->draft.guid.len)
			f->entry = NULL;
		feed_on_end_innermost(f);
	}
	return f->entry_done ? 1 : 0;
}
