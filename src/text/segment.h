/*
 * segment - terms out of text: words where scripts have spaces, overlapping pairs for Han, kana and hangul.
 *
 *	struct segment s;
 *	segment_start(&s, folded);
 *	while (segment_next(&s, &term)) ...
 */
#ifndef DIBAO_TEXT_SEGMENT_H
#define DIBAO_TEXT_SEGMENT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

enum term_kind { TERM_WORD, TERM_PAIR, TERM_SINGLE }; /* SINGLE: a lone CJK character */

struct term {
	struct str text; /* a view of the folded text */
	size_t from, to; /* its bytes there */
	enum term_kind kind;
};

struct segment {
	struct str text;
	size_t pos;
	size_t previous; /* start of the CJK character before pos, or STR_NONE */
	bool paired;     /* that character is already part of a pair */
};

void segment_start(struct segment *s, struct str folded);
bool segment_next(struct segment *s, struct term *out);

#endif
