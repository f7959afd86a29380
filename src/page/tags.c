#include "page/tags.h"

#include <string.h>

#include <lexbor/dom/interfaces/attr.h>
#include <lexbor/html/tokenizer/state.h>

#include "base/sixteen.h"

/* As lexbor's own states declare them. */
const lxb_tag_data_t *lxb_tag_append_lower(lexbor_hash_t *hash, const lxb_char_t *name,
					   size_t length);
lxb_dom_attr_data_t *lxb_dom_attr_local_name_append(lexbor_hash_t *hash, const lxb_char_t *name,
						    size_t length);

enum { IN_NAME, SPACE, MARK, ODD };

static const uint8_t kinds[256] = {
	['\t'] = SPACE, ['\n'] = SPACE, ['\f'] = SPACE, ['\r'] = SPACE, [' '] = SPACE, ['/'] = MARK,
	['>'] = MARK,   ['='] = MARK,   ['\0'] = ODD,   ['"'] = ODD,    ['\''] = ODD,  ['<'] = ODD,
};

/* The first `stop`, or what is no plain text: a reference, CR, NUL. */
static const lxb_char_t *plain_end(const lxb_char_t *p, const lxb_char_t *end, lxb_char_t stop)
{
	while (end - p >= 16) {
		sixteen v = sixteen_at(p);
		size_t n =
			sixteen_first((sixteen)((v == stop) | (v == '&') | (v == '\r') | (v == 0)));

		p += n;
		if (n < 16)
			return p;
	}
	while (p < end && *p != stop && *p != '&' && *p != '\r' && *p != 0)
		p++;
	return p;
}

static const lxb_char_t *name_end(const lxb_char_t *p, const lxb_char_t *end)
{
	while (p < end && kinds[*p] == IN_NAME)
		p++;
	return p;
}

static const lxb_char_t *space_end(const lxb_char_t *p, const lxb_char_t *end)
{
	while (p < end && kinds[*p] == SPACE)
		p++;
	return p;
}

/* Where the attribute's value stands; `next` is behind it. */
struct value {
	const lxb_char_t *from, *to, *next;
};

/* Behind the "="; false: lexbor's. */
static bool find_value(const lxb_char_t *p, const lxb_char_t *end, struct value *v)
{
	p = space_end(p, end);
	if (p == end || *p == '>')
		return false;
	if (*p == '"' || *p == '\'') {
		v->from = p + 1;
		v->to = plain_end(p + 1, end, *p);
		v->next = v->to + 1;
		return v->to < end && *v->to == *p;
	}
	v->from = p;
	while (p < end && kinds[*p] != SPACE && kinds[*p] != ODD && *p != '>' && *p != '&')
		p++;
	v->to = v->next = p;
	return p < end && (kinds[*p] == SPACE || *p == '>');
}

static lxb_status_t fill_attr(lxb_html_tokenizer_t *tkz, lxb_html_token_attr_t *attr,
			      const struct value *v)
{
	attr->name = lxb_dom_attr_local_name_append(tkz->attrs, attr->name_begin,
						    (size_t)(attr->name_end - attr->name_begin));
	if (!attr->name)
		return LXB_STATUS_ERROR_MEMORY_ALLOCATION;
	if (!v->from)
		return LXB_STATUS_OK;
	attr->value_begin = v->from;
	attr->value_end = v->to;
	attr->value_size = (size_t)(v->to - v->from);
	attr->value = lexbor_mraw_alloc(tkz->attrs_mraw, attr->value_size + 1);
	if (!attr->value)
		return LXB_STATUS_ERROR_MEMORY_ALLOCATION;
	memcpy(attr->value, v->from, attr->value_size);
	attr->value[attr->value_size] = 0;
	return LXB_STATUS_OK;
}

static const lxb_char_t *end_tag(lxb_html_tokenizer_t *tkz, const lxb_char_t *next,
				 const lxb_char_t *end)
{
	tkz->state = lxb_html_tokenizer_state_data_before;
	lxb_html_tokenizer_state_token_done_m(tkz, end);
	return next;
}

/* Behind the tag's name, or an attribute; whatever is not plain lexbor reads from its beginning. */
static const lxb_char_t *read_attrs(lxb_html_tokenizer_t *tkz, const lxb_char_t *p,
				    const lxb_char_t *end)
{
	for (;;) {
		struct value v = { 0 };
		lxb_html_token_attr_t *attr;
		const lxb_char_t *from = space_end(p, end), *to = name_end(from, end), *next;

		p = from;
		if (p < end && *p == '>')
			return end_tag(tkz, p + 1, end);
		if (end - p > 1 && p[0] == '/' && p[1] == '>') {
			tkz->token->type |= LXB_HTML_TOKEN_TYPE_CLOSE_SELF;
			return end_tag(tkz, p + 2, end);
		}
		next = space_end(to, end);
		if (to == from || next == end || kinds[*to] == ODD)
			break;
		v.next = to;
		if (*next == '=' && !find_value(next + 1, end, &v))
			break;
		lxb_html_tokenizer_state_token_attr_add_m(tkz, attr, end);
		attr->name_begin = from;
		attr->name_end = to;
		tkz->status = fill_attr(tkz, attr, &v);
		if (tkz->status != LXB_STATUS_OK)
			return end;
		p = v.next;
	}
	tkz->state = lxb_html_tokenizer_state_before_attribute_name;
	return p;
}

static const lxb_char_t *read_text(lxb_html_tokenizer_t *tkz, const lxb_char_t *data,
				   const lxb_char_t *end)
{
	tkz->token->begin = tkz->token->text_start = data;
	tkz->token->end = tkz->token->text_end = end;
	tkz->token->tag_id = LXB_TAG__TEXT;
	lxb_html_tokenizer_state_token_done_m(tkz, NULL);
	return end;
}

const lxb_char_t *tags_read(lxb_html_tokenizer_t *tkz, const lxb_char_t *data,
			    const lxb_char_t *end)
{
	const lxb_char_t *tag = plain_end(data, end, '<'), *name = tag + 1, *to;
	bool close = end - tag > 1 && *tag == '<' && *name == '/';

	name += close;
	to = tag < end && *tag == '<' && name < end ? name_end(name, end) : end;
	if (tkz->is_eof || to == end || kinds[*to] == ODD || *to == '=' ||
	    (unsigned)((*name | 0x20) - 'a') > 'z' - 'a') {
		tkz->state = lxb_html_tokenizer_state_data_before;
		return data;
	}
	if (tag > data && !read_text(tkz, data, tag))
		return end;
	tkz->pos = tkz->start;
	tkz->token->begin = name;
	tkz->token->end = to;
	tkz->token->type |= close ? LXB_HTML_TOKEN_TYPE_CLOSE : 0;
	const lxb_tag_data_t *known = lxb_tag_append_lower(tkz->tags, name, (size_t)(to - name));
	if (!known) {
		tkz->status = LXB_STATUS_ERROR_MEMORY_ALLOCATION;
		return end;
	}
	tkz->token->tag_id = known->tag_id;
	return read_attrs(tkz, to, end);
}
