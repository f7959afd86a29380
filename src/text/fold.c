/*
 * Most of a text is ASCII or Han, which fold by a comparison or a small table; only the rest asks
 * lexbor. A character that may combine with the one before (an accent, a voicing mark, a jamo) is
 * normalised together with it; everything else stands alone, which is what lets the places of
 * folded bytes be known.
 */
#include "text/fold.h"

#include <lexbor/unicode/unicode.h>
#include <string.h>

#include "text/t2s_table.h"
#include "text/utf8.h"

enum { CLUSTER_MAX = 64 }; /* characters normalised together; a longer pile of marks is cut */

uint32_t fold_han(uint32_t c)
{
	if (c >> 6 >= T2S_PAGES || (c < T2S_BELOW && !(t2s_some[c >> 6] >> (c & 63) & 1)))
		return c;
	unsigned i = t2s_page[c >> 6], end = t2s_page[(c >> 6) + 1];
	while (i < end && t2s_from[i] < c)
		i++;
	return i < end && t2s_from[i] == c ? t2s_to[i] : c;
}

size_t fold_han_sources(uint32_t c, uint32_t *out, size_t max)
{
	size_t n = 0;

	for (size_t i = 0; i < T2S_COUNT && n < max; i++)
		if (t2s_to[i] == c)
			out[n++] = t2s_from[i];
	return n;
}

/* Folding in progress: where to, and the way back where it is wanted. */
struct folding {
	struct buf *out;
	struct str text;
	size_t *from; /* or NULL */
	size_t from_cap;
	struct arena *arena;
	lxb_unicode_normalizer_t *normalizer; /* made when first needed */
};

static void put(struct folding *f, const char *bytes, size_t len, size_t place)
{
	if (f->from) {
		size_t at = f->out->len;

		if (at + len + 1 > f->from_cap) {
			size_t cap = (at + len + 1) * 2;
			f->from = arena_grow(f->arena, f->from, f->from_cap * sizeof(size_t),
					     cap * sizeof(size_t));
			f->from_cap = cap;
		}
		for (size_t i = 0; i < len; i++)
			f->from[at + i] = place;
	}
	buf_add_n(f->out, bytes, len);
}

static void put_char(struct folding *f, uint32_t c, size_t place)
{
	char bytes[4];

	put(f, bytes, utf8_put(c, bytes), place);
}

/* Han that no normalisation form touches. */
static bool plain_han(uint32_t c)
{
	return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF);
}

/*
 * Case, after normalisation. lexbor has no table of case folding by itself; the mapping of IDNA
 * (UTS 46) is NFKC_Casefold, and on normalised text that leaves case. Its two deviations are folded
 * as Unicode folds them.
 */
static void put_folded(struct folding *f, uint32_t c, size_t place)
{
	size_t len;

	if (c < 0x80) {
		put_char(f, c >= 'A' && c <= 'Z' ? c + 32 : c, place);
		return;
	}
	if (c == 0xDF) {
		put(f, "ss", 2, place);
		return;
	}
	if (c == 0x3C2) {
		put_char(f, 0x3C3, place);
		return;
	}
	if (c >= 0x2E80 && c < 0xA000) {
		put_char(f, fold_han(c), place);
		return;
	}
	const lxb_unicode_idna_entry_t *entry = lxb_unicode_idna_entry_by_cp(c);
	switch (entry->type) {
	case LXB_UNICODE_IDNA_IGNORED: return;
	case LXB_UNICODE_IDNA_MAPPED: {
		const lxb_codepoint_t *to = lxb_unicode_idna_map(entry, &len);
		for (size_t i = 0; i < len; i++)
			if (to[i] == 0xDF) /* of the capital */
				put(f, "ss", 2, place);
			else
				put_char(f, fold_han(to[i]), place);
		return;
	}
	default:
		if (c != 0x200C && c != 0x200D) /* deviations: joiners have no width */
			put_char(f, fold_han(c), place);
	}
}

struct cluster {
	struct folding *f;
	size_t place;
};

static lxb_status_t take_normalized(const lxb_codepoint_t *cps, size_t len, void *ctx)
{
	const struct cluster *c = ctx;

	for (size_t i = 0; i < len; i++)
		put_folded(c->f, cps[i], c->place);
	return LXB_STATUS_OK;
}

static void put_normalized(struct folding *f, const uint32_t *cps, size_t count, size_t place)
{
	struct cluster c = { f, place };

	if (!f->normalizer) {
		f->normalizer = lxb_unicode_normalizer_create();
		if (lxb_unicode_normalizer_init(f->normalizer, LXB_UNICODE_NFKC) != LXB_STATUS_OK)
			return;
	}
	lxb_unicode_normalize_cp(f->normalizer, cps, count, take_normalized, &c, true);
	lxb_unicode_normalizer_clean(f->normalizer);
}

/* Does c, or what it decomposes to, combine with what stands before? */
static bool combines(uint32_t c)
{
	size_t len;

	if (c < 0x300 || plain_han(c) || (c >= 0x2000 && c < 0x2E80) || (c >= 0xFF00 && c < 0xFF9E))
		return false;
	const lxb_unicode_normalization_entry_t *e = lxb_unicode_normalization_entry_by_cp(c);
	if (e->ccc || (e->quick & LXB_UNICODE_QUICK_NFKC_MAYBE))
		return true;
	if (!(e->quick & LXB_UNICODE_QUICK_NFKC_NO))
		return false;
	const lxb_codepoint_t *to = lxb_unicode_full_compatibility(e, &len);
	if (!len)
		return false;
	e = lxb_unicode_normalization_entry_by_cp(to[0]);
	return e->ccc || (e->quick & LXB_UNICODE_QUICK_NFKC_MAYBE);
}

/* One character that combines with nothing. */
static void put_alone(struct folding *f, uint32_t c, size_t place)
{
	if (c >= 0xFF01 && c <= 0xFF5E) {
		put_folded(f, c - 0xFEE0, place);
	} else if (c == 0x3000 || c == 0xA0) {
		put_char(f, ' ', place);
	} else if (c < 0x80 || plain_han(c) || (c >= 0x3001 && c < 0x3036)) {
		put_folded(f, c, place);
	} else {
		const lxb_unicode_normalization_entry_t *e =
			lxb_unicode_normalization_entry_by_cp(c);
		if (e->quick & LXB_UNICODE_QUICK_NFKC_NO)
			put_normalized(f, &c, 1, place);
		else
			put_folded(f, c, place);
	}
}

/* A run of ASCII that nothing combines with; its end. */
static size_t put_ascii(struct folding *f, size_t pos)
{
	const unsigned char *p = (const unsigned char *)f->text.ptr;
	size_t end = pos;

	while (end < f->text.len && p[end] < 0x80)
		end++;
	if (end < f->text.len && p[end] >= 0xCC && end > pos)
		end--; /* the last may carry an accent: it goes with what follows */
	if (end == pos)
		return pos;
	if (f->from) {
		for (size_t i = pos; i < end; i++)
			put_folded(f, p[i], i);
		return end;
	}
	char *to = buf_room(f->out, end - pos);
	if (!to)
		return end;
	for (size_t i = pos; i < end; i++)
		to[i - pos] = (char)(p[i] >= 'A' && p[i] <= 'Z' ? p[i] + 32 : p[i]);
	buf_advance(f->out, end - pos);
	return end;
}

/* Characters of three bytes that nothing but a mark behind them touches. */
enum wide { WIDE_NONE, WIDE_HAN, WIDE_SIGN, WIDE_LATIN };

static enum wide wide_in(struct str s, size_t at)
{
	const unsigned char *p = (const unsigned char *)s.ptr + at;

	if (s.len - at < 3 || (p[1] & 0xC0) != 0x80 || (p[2] & 0xC0) != 0x80)
		return WIDE_NONE;
	if (p[0] >= 0xE4 && p[0] <= 0xE9) /* from U+4E00 on */
		return p[0] > 0xE4 || p[1] >= 0xB8 ? WIDE_HAN : WIDE_NONE;
	if (p[0] == 0xE3) /* U+3001 to U+3020: 、。「」 ... */
		return p[1] == 0x80 && p[2] > 0x80 && p[2] <= 0xA0 ? WIDE_SIGN : WIDE_NONE;
	/* U+FF01 to U+FF5E: ASCII in full width */
	return p[0] == 0xEF && ((p[1] == 0xBC && p[2] > 0x80) || (p[1] == 0xBD && p[2] <= 0x9E))
		       ? WIDE_LATIN
		       : WIDE_NONE;
}

/* A run of them, which is nearly all there is in Chinese; its end. */
static size_t put_wide(struct folding *f, size_t pos)
{
	size_t len = f->text.len;
	char *start = f->from ? NULL : buf_room(f->out, len - pos), *to = start;

	enum wide wide = to ? wide_in(f->text, pos) : WIDE_NONE, next;

	for (; wide != WIDE_NONE; pos += 3, wide = next) {
		const unsigned char *p = (const unsigned char *)f->text.ptr + pos;
		uint32_t c = (p[0] & 15u) << 12 | (p[1] & 63u) << 6 | (p[2] & 63u), folded = c;

		next = wide_in(f->text, pos + 3);
		/* What is no ASCII, and not one of these, may combine with it. */
		if (next == WIDE_NONE && len - pos > 3 && p[3] >= 0xCC)
			break;
		if (wide == WIDE_LATIN) {
			c -= 0xFEE0;
			*to++ = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
			continue;
		}
		if (wide == WIDE_HAN)
			folded = fold_han(c);
		if (folded >= 0x10000) /* four bytes: alone */
			break;
		to[0] = (char)(0xE0 | folded >> 12);
		to[1] = (char)(0x80 | (folded >> 6 & 63));
		to[2] = (char)(0x80 | (folded & 63));
		to += 3;
	}
	if (to)
		buf_advance(f->out, (size_t)(to - start));
	return pos;
}

/* The character at pos with all that combine with it. */
static size_t put_cluster(struct folding *f, size_t pos)
{
	uint32_t cps[CLUSTER_MAX];
	size_t count = 1, start = pos;

	cps[0] = utf8_next(f->text, &pos);
	while (pos < f->text.len && (unsigned char)f->text.ptr[pos] >= 0xCC &&
	       count < CLUSTER_MAX) {
		size_t next = pos;
		uint32_t c = utf8_next(f->text, &next);

		if (!combines(c))
			break;
		cps[count++] = c;
		pos = next;
	}
	if (count == 1)
		put_alone(f, cps[0], start);
	else
		put_normalized(f, cps, count, start);
	return pos;
}

static void fold(struct folding *f)
{
	size_t pos = 0;

	while (pos < f->text.len) {
		size_t end = (unsigned char)f->text.ptr[pos] < 0x80 ? put_ascii(f, pos) : pos;

		if (end == pos)
			end = put_wide(f, pos);
		if (end == pos)
			end = put_cluster(f, pos);
		pos = end;
	}
	if (f->normalizer)
		lxb_unicode_normalizer_destroy(f->normalizer, true);
}

void fold_to(struct buf *out, struct str s)
{
	struct folding f = { .out = out, .text = s };

	fold(&f);
}

struct str fold_text(struct arena *a, struct str s)
{
	struct buf out;

	buf_init(&out, BUF_NO_MAX);
	fold_to(&out, s);
	struct str folded = arena_str(a, buf_str(&out));
	buf_fini(&out);
	return folded;
}

struct str fold_mapped(struct arena *a, struct str s, size_t **from)
{
	struct buf out;
	struct folding f = { .out = &out, .text = s, .arena = a, .from_cap = s.len + 16 };

	buf_init(&out, BUF_NO_MAX);
	f.from = arena_array(a, f.from_cap, sizeof(size_t));
	fold(&f);
	f.from[out.len] = s.len;
	*from = f.from;
	struct str folded = arena_str(a, buf_str(&out));
	buf_fini(&out);
	return folded;
}
