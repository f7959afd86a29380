#include "text/segment.h"

#include "text/letters_table.h"
#include "text/utf8.h"

bool segment_is_cjk(uint32_t c)
{
	return c >= 0x1100 && (utf8_is_han(c) || utf8_is_kana(c) || utf8_is_hangul(c));
}

bool segment_is_word(uint32_t c)
{
	size_t low = 0, high = sizeof(letters) / sizeof(*letters);

	if (c < 0x80)
		return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
	while (low < high) {
		size_t middle = (low + high) / 2;

		if (c > letters[middle][1])
			low = middle + 1;
		else
			high = middle;
	}
	return low < sizeof(letters) / sizeof(*letters) && c >= letters[low][0] &&
	       !segment_is_cjk(c);
}

void segment_start(struct segment *s, struct str folded)
{
	*s = (struct segment){ .text = folded, .previous = STR_NONE };
}

static bool emit(struct segment *s, enum term_kind kind, size_t from, size_t to, size_t unit,
		 struct term *out)
{
	*out = (struct term){ str_sub(s->text, from, to), from, to, unit, kind };
	return true;
}

/* Is there a CJK character at *pos? Then *pos is behind it. */
static inline bool take_cjk(struct str text, size_t *pos)
{
	const unsigned char *p = (const unsigned char *)text.ptr + *pos;

	/* U+4E00 to U+9FFF are nearly all there are. */
	if (text.len - *pos >= 3 && p[0] >= 0xE4 && p[0] <= 0xE9 && (p[0] > 0xE4 || p[1] >= 0xB8)) {
		*pos += 3;
		return true;
	}
	return *p >= 0xE1 && segment_is_cjk(utf8_next(text, pos));
}

/* Behind a CJK character: the pair it begins, or itself where nothing follows. */
static bool next_of_run(struct segment *s, struct term *out)
{
	size_t from = s->previous, middle = s->pos, end = s->pos;

	if (end < s->text.len && take_cjk(s->text, &end)) {
		s->previous = middle;
		s->pos = end;
		s->paired = true;
		return emit(s, TERM_PAIR, from, end, s->unit++, out);
	}
	s->previous = STR_NONE;
	return emit(s, s->paired ? TERM_LAST : TERM_SINGLE, from, middle, s->unit++, out);
}

/* U+3000 to U+3002, U+3008 to U+3020: the signs that stand between Han, 、。「」. */
static inline bool is_sign(struct str text, size_t at)
{
	const unsigned char *p = (const unsigned char *)text.ptr + at;

	return text.len - at >= 3 && p[0] == 0xE3 && p[1] == 0x80 &&
	       (p[2] <= 0x82 || (p[2] >= 0x88 && p[2] <= 0xA0));
}

bool segment_next(struct segment *s, struct term *out)
{
	if (s->previous != STR_NONE)
		return next_of_run(s, out);
	while (s->pos < s->text.len) {
		size_t from = s->pos, end = from;

		if (is_sign(s->text, from)) {
			s->pos += 3;
			continue;
		}
		if (take_cjk(s->text, &end)) {
			s->pos = end;
			s->previous = from;
			s->paired = false;
			return next_of_run(s, out);
		}
		uint32_t c = utf8_next(s->text, &s->pos);
		if (c == '\n')
			s->unit++;
		if (!segment_is_word(c))
			continue;
		for (end = s->pos; end < s->text.len; s->pos = end)
			if (!segment_is_word(utf8_next(s->text, &end)))
				break;
		return emit(s, TERM_WORD, from, s->pos, s->unit++, out);
	}
	return false;
}
