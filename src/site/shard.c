#include "site/shard.h"

#include <string.h>
#include <zlib.h>

#include "base/mem.h"

void shard_varint(struct buf *out, uint64_t n)
{
	for (; n >= 0x80; n >>= 7)
		buf_add_ch(out, (char)(n | 0x80));
	buf_add_ch(out, (char)n);
}

void shard_signed(struct buf *out, int64_t n)
{
	shard_varint(out, (uint64_t)n << 1 ^ (uint64_t)(n >> 63));
}

/* A distance n is n >> k ones, a zero, and the k low bits; the first bit is the lowest. */
static void put_rice(struct buf *out, const uint32_t *items, size_t count, unsigned k)
{
	uint64_t held = 0;
	unsigned bits = 0;

	for (size_t i = 0; i < count; i++) {
		uint32_t n = items[i] - (i ? items[i - 1] + 1 : 0);
		uint32_t ones = n >> k;

		for (; ones; ones--) {
			held |= UINT64_C(1) << bits;
			if (++bits == 8) {
				buf_add_ch(out, (char)held);
				held = bits = 0;
			}
		}
		held |= (uint64_t)(n & ((UINT32_C(1) << k) - 1)) << (bits + 1);
		for (bits += 1 + k; bits >= 8; bits -= 8) {
			buf_add_ch(out, (char)held);
			held >>= 8;
		}
	}
	if (bits)
		buf_add_ch(out, (char)held);
}

void shard_numbers(struct buf *out, const uint32_t *items, size_t count)
{
	shard_varint(out, count);
	if (count < RICE_FROM) {
		for (size_t i = 0; i < count; i++)
			shard_varint(out, items[i] - (i ? items[i - 1] + 1 : 0));
		return;
	}
	uint64_t mean = items[count - 1] / count;
	unsigned k = 0;
	while (k < 24 && UINT64_C(3) << k <= mean * 2)
		k++;
	buf_add_ch(out, (char)k);
	put_rice(out, items, count, k);
}

void shard_shared(struct buf *out, struct str before, struct str s)
{
	size_t shared = 0;

	while (shared < before.len && shared < s.len && before.ptr[shared] == s.ptr[shared])
		shared++;
	buf_add_ch(out, (char)shared);
	buf_add_ch(out, (char)(s.len - shared));
	buf_add(out, str_from(s, shared));
}

/* False where it would not be shorter. */
static bool deflate_to(struct buf *out, struct str bytes)
{
	z_stream z = { .next_in = (Bytef *)(uintptr_t)bytes.ptr, .avail_in = (uInt)bytes.len };
	bool shorter = false;

	if (bytes.len < 64 ||
	    deflateInit2(&z, 6, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		return false;
	char *room = buf_room(out, bytes.len);
	z.next_out = (Bytef *)room;
	z.avail_out = (uInt)(bytes.len - bytes.len / 16);
	if (room && deflate(&z, Z_FINISH) == Z_STREAM_END) {
		buf_advance(out, z.total_out);
		shorter = true;
	}
	deflateEnd(&z);
	return shorter;
}

void shard_write(struct buf *out, struct str bytes)
{
	struct buf packed;

	buf_init(&packed, BUF_NO_MAX);
	buf_add_ch(&packed, 1);
	if (!deflate_to(&packed, bytes)) {
		buf_reset(&packed);
		buf_add_ch(&packed, 0);
		buf_add(&packed, bytes);
	}
	buf_add(out, S("dibao(\""));
	char *start = buf_room(out, 2 * packed.len), *p = start;
	for (size_t i = 0; start && i < packed.len; i++) {
		char c = packed.ptr[i];

		if (c == '\0' || c == '\n' || c == '\r' || c == '"' || c == '\\' || c == '=') {
			*p++ = '=';
			c ^= 0x40;
		}
		*p++ = c;
	}
	buf_advance(out, (size_t)(p - start));
	buf_add(out, S("\")"));
	buf_fini(&packed);
}
