/*
 * utf8 - characters out of bytes and back (RFC 3629).
 */
#ifndef DIBAO_TEXT_UTF8_H
#define DIBAO_TEXT_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"

#define UTF8_BAD 0xFFFDu

/* The character at *pos, which moves behind it. A malformed sequence gives UTF8_BAD and moves by
 * its maximal valid part, at least one byte. *pos < s.len. */
uint32_t utf8_next(struct str s, size_t *pos);
/* Writes 1 to 4 bytes; a surrogate or a number past U+10FFFF is written as U+FFFD. */
size_t utf8_put(uint32_t c, char out[4]);
void buf_add_utf8(struct buf *b, uint32_t c);

/* Over the well-formed characters of three bytes at pos (Han, kana, hangul ...), for whoever is in
 * a hurry. */
size_t utf8_skip_wide(struct str s, size_t pos);
/* Behind the characters from `pos` on that are most of any text, none of them space or invisible:
 * visible ASCII, and U+4000 to U+CFFF. */
size_t utf8_skip_visible(struct str s, size_t pos);

bool utf8_valid(struct str s);
bool utf8_is_ascii(struct str s);
/* s itself when valid, else a copy in a with U+FFFD for what is malformed. */
struct str utf8_clean(struct arena *a, struct str s);
size_t utf8_count(struct str s);               /* characters of valid text */
struct str utf8_cut(struct str s, size_t max); /* at most max bytes, cut between characters */

/* What a character is, for layout and for segmenting. */
bool utf8_is_han(uint32_t c);
bool utf8_is_kana(uint32_t c);
bool utf8_is_hangul(uint32_t c);
bool utf8_is_cjk(uint32_t c);   /* any of the three, and CJK punctuation and full-width forms */
bool utf8_is_space(uint32_t c); /* Unicode White_Space, U+200B, U+FEFF */

/*
 * White space folded as a reader sees it: runs of it become one space, both ends trimmed. NUL and
 * other C0 controls go, as do U+FEFF and soft hyphens.
 */
struct str utf8_squeeze(struct arena *a, struct str s);

#endif
