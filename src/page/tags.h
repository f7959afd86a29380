/*
 * tags - the common making of text and tags read in one go, in the place of lexbor's tokenizer.
 *
 * lexbor goes through a page a letter and a state at a time. Nearly all of a page is text without
 * references, and tags of names and quoted values: those make their tokens here. Whatever else
 * comes (a reference, a comment, a carriage return, a NUL, the end of the bytes at hand inside of
 * something) is left to lexbor's states, from where it begins: they give the same tokens.
 */
#ifndef DIBAO_PAGE_TAGS_H
#define DIBAO_PAGE_TAGS_H

#include <lexbor/html/tokenizer.h>

/* A state of the tokenizer, for lxb_html_tokenizer_state_data_before. */
const lxb_char_t *tags_read(lxb_html_tokenizer_t *tkz, const lxb_char_t *data,
			    const lxb_char_t *end);

#endif
