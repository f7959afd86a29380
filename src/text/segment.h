/*
 * segment - terms out of text: words where scripts have spaces, overlapping pairs for Han, kana and
 *hangul.
 *
 *	struct segment s;
 *	segment_start(&s, folded);
 *	while (segment_next(&s, &term)) ...
 *
 * The last character of a run of CJK comes by itself too (TERM_LAST, or TERM_SINGLE where the run
 *is that one character): so every character of a run begins some term, and one character is found
 *by the beginnings of terms. A query skips TERM_LAST.
 */
#ifndef DIBAO_TEXT_SEGMENT_H
#define DIBAO_TEXT_SEGMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

enum term_kind { TERM_WORD, TERM_PAIR, TERM_SINGLE, TERM_LAST };

struct term {
	struct str text; /* a view of the folded text */
	size_t from, to; /* its bytes there */
	size_t unit; /* of its first character or word: CJK characters and words are counted, and
			line ends */
	enum term_kind kind;
};

struct segment {
	struct str text;
	size_t pos;
	size_t unit;     /* the next one's number */
	size_t previous; /* start of the CJK character before pos, or STR_NONE */
	bool paired;     /* that character is already part of a pair */
};

void segment_start(struct segment *s, struct str folded);
bool segment_next(struct segment *s, struct term *out);

bool segment_is_cjk(uint32_t c);  /* a character of pairs */
bool segment_is_word(uint32_t c); /* a character of words: letters, marks, numbers */

#endif
