#include "store/postings.h"

#include <string.h>

bool term_is_field(struct str term)
{
	return term.len > 0 && (unsigned char)*term.ptr <= *FIELD_TAG;
}

/* False at the end, or where it is longer than a varint can be. */
static inline bool get_varint(const char **p, const char *end, uint64_t *out)
{
	uint64_t n = 0;

	for (unsigned shift = 0; *p < end && shift < 63; shift += 7) {
		unsigned char c = (unsigned char)*(*p)++;

		n |= (uint64_t)(c & 0x7F) << shift;
		if (c < 0x80) {
			*out = n;
			return true;
		}
	}
	return false;
}

/* --- writing ---------------------------------------------------------------------------------- */

void block_init(struct block *b)
{
	buf_init(&b->bytes, BUF_NO_MAX);
	buf_init(&b->entry, BUF_NO_MAX);
	b->final = false;
	block_start(b);
}

void block_fini(struct block *b)
{
	buf_fini(&b->bytes);
	buf_fini(&b->entry);
}

void block_start(struct block *b)
{
	buf_reset(&b->bytes);
	b->first_len = b->last_len = 0;
}

/* Raw writing where room for the longest has been made. */
static char *write_varint(char *p, uint64_t n)
{
	for (; n >= 0x80; n >>= 7)
		*p++ = (char)(n | 0x80);
	*p++ = (char)n;
	return p;
}

static char *write_places(char *p, const struct posting *from)
{
	struct places at = from->at;
	char *start = p;

	for (; at.low && p - start <= POSITIONS_MAX; at.low &= at.low - 1)
		*p++ = (char)(__builtin_ctzll(at.low) | 0x80);
	for (; at.high && p - start <= POSITIONS_MAX; at.high &= at.high - 1)
		*p++ = (char)((__builtin_ctzll(at.high) + 64) | 0x80);
	if (from->many || p == start || p - start > POSITIONS_MAX) {
		*start = (char)POSITIONS_MANY;
		return start + 1;
	}
	/* 127 with more to come would read as POSITIONS_MANY; but nothing comes behind 127. */
	p[-1] &= 0x7F;
	return p;
}

/* --- Rice codes: distances of documents in few bits ------------------------------------------- */

enum { RICE_LONGEST = 24 }; /* zeros; where there would be more, 24 and the number in 32 bits */

struct bits {
	uint64_t held;
	unsigned count;
	char *p;
};

static void put_bits(struct bits *b, uint64_t value, unsigned count)
{
	b->held |= value << b->count;
	for (b->count += count; b->count >= 8; b->count -= 8) {
		*b->p++ = (char)b->held;
		b->held >>= 8;
	}
}

/* A distance n is n >> k zeros, a one, and the k low bits. k fits the list's mean. */
static char *write_rice(char *p, uint32_t base, const struct posting *list, size_t count)
{
	uint64_t mean = (list[count - 1].doc - base) / count;
	unsigned k = 0;

	while (k < 31 && UINT64_C(3) << k <= mean * 2)
		k++;
	*p++ = (char)k;
	struct bits b = { .p = p };
	for (size_t i = 0; i < count; i++) {
		uint64_t n = list[i].doc - (i ? list[i - 1].doc + 1 : base), zeros = n >> k;

		if (zeros < RICE_LONGEST) {
			put_bits(&b, UINT64_C(1) << zeros, (unsigned)zeros + 1);
			put_bits(&b, n & ((UINT64_C(1) << k) - 1), k);
		} else {
			put_bits(&b, UINT64_C(1) << RICE_LONGEST, RICE_LONGEST + 1);
			put_bits(&b, n, 32);
		}
	}
	if (b.count)
		*b.p++ = (char)b.held;
	return b.p;
}

/* The documents and places of an entry, in b->entry. */
static void make_lists(struct block *b, bool places, uint32_t base, const struct posting *list,
		       size_t count)
{
	uint32_t last = base;

	buf_reset(&b->entry);
	char *start = buf_room(&b->entry, count * (8 + POSITIONS_MAX) + 16), *p = start;
	if (count >= LONG_LIST) {
		p = write_rice(p, base, list, count);
	} else {
		for (size_t i = 0; i < count; i++) {
			p = write_varint(p, list[i].doc - last);
			last = list[i].doc;
		}
	}
	for (size_t i = 0; i < count && places; i++)
		p = write_places(p, &list[i]);
	buf_advance(&b->entry, (size_t)(p - start));
}

bool block_add(struct block *b, struct str term, uint32_t base, const struct posting *list,
	       size_t count)
{
	size_t shared = 0;

	make_lists(b, has_places(term, count, b->final), base, list, count);
	if (b->bytes.len > 0 && b->bytes.len + b->entry.len + term.len + 4 > BLOCK_BYTES)
		return false;
	if (b->bytes.len == 0) {
		memcpy(b->first, term.ptr, term.len);
		b->first_len = term.len;
	}
	while (shared < term.len && shared < b->last_len && term.ptr[shared] == b->last[shared])
		shared++;
	size_t own = term.len - shared, count_bytes = 0;
	if (count > 1)
		for (size_t n = count; n; n >>= 7)
			count_bytes++;
	char *start = buf_room(&b->bytes, 1 + 3 * 10 + own + b->entry.len), *p = start;
	*p++ = (char)((shared < 15 ? shared : 15) << 4 | (own < 15 ? own : 15));
	if (shared >= 15)
		p = write_varint(p, shared - 15);
	if (own >= 15)
		p = write_varint(p, own - 15);
	memcpy(p, term.ptr + shared, own);
	p = write_varint(p + own, (uint64_t)(b->entry.len + count_bytes) << 1 | (count == 1));
	if (count > 1)
		p = write_varint(p, count);
	memcpy(p, b->entry.ptr, b->entry.len);
	buf_advance(&b->bytes, (size_t)(p - start) + b->entry.len);
	memcpy(b->last + shared, term.ptr + shared, own);
	b->last_len = term.len;
	return true;
}

/* --- reading ---------------------------------------------------------------------------------- */

void entries_start(struct entry_reader *r, struct str block)
{
	r->rest = block;
	r->term_len = 0;
}

/* An entry's head: how its term differs from the one before, and where the next entry begins. */
struct entry_head {
	uint64_t shared, own;
	const char *suffix;
	struct str body; /* the number of documents, unless single, and the lists */
	bool single;
};

static inline bool read_head(const char **at, const char *end, struct entry_head *h)
{
	const char *p = *at;
	unsigned char head = (unsigned char)*p++;
	uint64_t more, len;

	h->shared = head >> 4;
	h->own = head & 15;
	if (h->shared == 15) {
		if (!get_varint(&p, end, &more))
			return false;
		h->shared += more;
	}
	if (h->own == 15) {
		if (!get_varint(&p, end, &more))
			return false;
		h->own += more;
	}
	if (h->shared > TERM_MAX_BYTES || h->own > TERM_MAX_BYTES - h->shared ||
	    h->own > (size_t)(end - p))
		return false;
	h->suffix = p;
	p += h->own;
	if (!get_varint(&p, end, &len) || len >> 1 > (size_t)(end - p))
		return false;
	h->single = len & 1;
	h->body = str_n(p, (size_t)(len >> 1));
	*at = p + (len >> 1);
	return true;
}

static bool read_body(const struct entry_head *h, struct entry_reader *r)
{
	const char *p = h->body.ptr;
	uint64_t count;

	r->count = 1;
	r->lists = h->body;
	if (h->single)
		return true;
	if (!get_varint(&p, p + h->body.len, &count) ||
	    count > h->body.len * 8) /* a bit each at the least */
		return false;
	r->count = (size_t)count;
	r->lists = str_from(h->body, (size_t)(p - h->body.ptr));
	return true;
}

int entries_next(struct entry_reader *r)
{
	const char *p = r->rest.ptr, *end = p + r->rest.len;
	struct entry_head h;

	if (!r->rest.len)
		return 0;
	if (!read_head(&p, end, &h) || h.shared > r->term_len || !read_body(&h, r))
		return -1;
	memcpy(r->term + h.shared, h.suffix, h.own);
	r->term_len = (size_t)(h.shared + h.own);
	r->rest = str_n(p, (size_t)(end - p));
	return 1;
}

/*
 * Passes over entries that share more than `same` bytes with the one before them: nearly all, and
 * nearly all have short heads. Stops at the first that is not so.
 */
static inline const char *pass_entries(const char *at, const char *end, size_t same)
{
	const unsigned char *p = (const unsigned char *)at, *last = (const unsigned char *)end;

	while (last - p > 20) {
		unsigned shared = p[0] >> 4, own = p[0] & 15;
		const unsigned char *len = p + 1 + own;
		size_t body = len[0] & 0x7F;

		if (shared <= same || shared == 15 || own == 15)
			break;
		if (*len++ >= 0x80) {
			body |= (size_t)(*len & 0x7F) << 7;
			if (*len++ >= 0x80)
				break;
		}
		if (body >> 1 > (size_t)(last - len))
			break;
		p = len + (body >> 1);
	}
	return (const char *)p;
}

/*
 * The terms passed are never put together: `same` is how many bytes the term before has in common
 * with the one looked for, and an entry that shares more than that with its forerunner differs from
 * ours where that did.
 */
int entries_find(struct str block, struct str term, struct entry_reader *r)
{
	const char *p = block.ptr, *end = p + block.len;
	size_t same = 0;
	struct entry_head h;

	while (p < end) {
		size_t k = 0;

		p = pass_entries(p, end, same);
		if (p == end)
			break;
		if (!read_head(&p, end, &h))
			return -1;
		if (h.shared > same)
			continue;
		if (h.shared < same)
			return 0; /* past it */
		while (k < h.own && same < term.len && h.suffix[k] == term.ptr[same]) {
			k++;
			same++;
		}
		if (same == term.len)
			return k < h.own ? 0 : read_body(&h, r) ? 1 : -1;
		if (k < h.own && (unsigned char)h.suffix[k] > (unsigned char)term.ptr[same])
			return 0;
	}
	return 0;
}

/* Bytes into *held until it has at least 56 bits, or there are no more. */
static inline void fill_bits(uint64_t *held, unsigned *count, const char **p, const char *end)
{
	uint64_t eight;

	if (end - *p >= 8) {
		memcpy(&eight, *p, 8);
		*held |= eight << *count;
		*p += (63 - *count) >> 3;
		*count |= 56;
		return;
	}
	for (; *count <= 56 && *p < end; *count += 8)
		*held |= (uint64_t)(unsigned char)*(*p)++ << *count;
}

static const char *read_rice(const char *p, const char *end, size_t count, uint32_t base,
			     uint32_t *out)
{
	uint64_t held = 0, doc = (uint64_t)base - 1;
	unsigned have = 0, k;

	if (p == end || (k = (unsigned char)*p++) > 31)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		fill_bits(&held, &have, &p, end);
		unsigned zeros = held ? (unsigned)__builtin_ctzll(held) : 64, width = k;
		uint64_t high = (uint64_t)zeros << k;

		if (zeros > RICE_LONGEST || zeros + 1 > have)
			return NULL;
		held >>= zeros + 1;
		have -= zeros + 1;
		if (zeros == RICE_LONGEST) {
			high = 0;
			width = 32;
			fill_bits(&held, &have, &p, end);
		}
		if (width > have)
			return NULL;
		doc += 1 + (high | (held & ((UINT64_C(1) << width) - 1)));
		held >>= width;
		have -= width;
		out[i] = (uint32_t)doc;
	}
	return p - have / 8;
}

const char *read_docs(struct str lists, size_t count, uint32_t base, uint32_t *out)
{
	const char *p = lists.ptr, *end = p + lists.len;
	uint64_t doc = base, step;

	if (count >= LONG_LIST)
		return read_rice(p, end, count, base, out);
	for (size_t i = 0; i < count; i++) {
		if (!get_varint(&p, end, &step))
			return NULL;
		doc += step;
		out[i] = (uint32_t)doc;
	}
	return p;
}

bool read_more_places(const char **p, const char *end, struct places *at, bool *many)
{
	*at = (struct places){ 0 };
	*many = false;
	while (*p < end) {
		unsigned char c = (unsigned char)*(*p)++;

		if (c == POSITIONS_MANY) {
			*at = (struct places){ ~UINT64_C(0), ~UINT64_C(0) };
			*many = true;
			return true;
		}
		*at = places_or(*at, places_one(c & 0x7F));
		if (c < 0x80)
			return true;
	}
	return false;
}

bool has_places(struct str term, size_t count, bool final)
{
	return !term_is_field(term) && (count >= LONG_LIST || !final);
}

/* A document's places end at a byte below 128, or are the one byte POSITIONS_MANY: eight bytes are
 * looked at in one go, the high bit left where one ends. */
static inline uint64_t find_ends(const char *p)
{
	const uint64_t high = UINT64_C(0x8080808080808080), one = high >> 7;
	uint64_t eight;

	memcpy(&eight, p, 8);
	return (~eight | ((eight & ~high) + one)) & high;
}

bool skip_places(const char **at, const char *end, size_t count)
{
	const char *p = *at;

	for (; count > 0 && end - p >= 8; p += 8) {
		uint64_t ends = find_ends(p);
		size_t n = (size_t)((ends >> 7) * UINT64_C(0x0101010101010101) >> 56);

		if (n >= count) {
			while (--count > 0)
				ends &= ends - 1;
			p += __builtin_ctzll(ends) / 8 + 1;
			break;
		}
		count -= n;
	}
	for (; count > 0 && p < end; p++)
		count -= (unsigned char)*p < 0x80 || (unsigned char)*p == POSITIONS_MANY;
	*at = p;
	return count == 0;
}
