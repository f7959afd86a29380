/*
 * width - how many columns of a terminal text takes: two for CJK and emoji, none for marks.
 */
#ifndef DIBAO_TEXT_WIDTH_H
#define DIBAO_TEXT_WIDTH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"

int char_width(uint32_t c); /* 0, 1 or 2 */
size_t text_width(struct str s);

/* As much of s as fits in `columns`, with an ellipsis where something was cut; control characters
 * and those that turn the direction of text become spaces. With `pad` filled with spaces up to
 * `columns`. */
void buf_add_columns(struct buf *b, struct str s, size_t columns, bool pad);

#endif
