/*
 * charset_guess - which legacy encoding bytes without a believable label are in. For charset.c
 * alone.
 *
 * Pure: looks at a sample of the bytes, a bounded amount.
 */
#ifndef DIBAO_TEXT_CHARSET_GUESS_H
#define DIBAO_TEXT_CHARSET_GUESS_H

#include <lexbor/encoding/base.h>

#include "base/str.h"

/* The likeliest encoding of bytes that are not UTF-8; windows-1252 where nothing speaks for
 * another. */
lxb_encoding_t charset_guess(struct str bytes);

/* In the sample of bytes: malformed sequences when read as e, and bytes past 127. */
size_t charset_errors(struct str bytes, lxb_encoding_t e);
size_t charset_high_bytes(struct str bytes);

#endif
