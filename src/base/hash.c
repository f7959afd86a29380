#include "base/hash.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

_Static_assert(sizeof(struct hash_state) >= sizeof(crypto_generichash_state),
	       "room for libsodium's");

void hash_start_up(void)
{
	/* It fails where there are no random numbers: then who asks for some is told. */
	(void)!sodium_init();
}

struct hash hash_of(struct str bytes)
{
	struct hash h;

	crypto_generichash(h.bytes, HASH_BYTES, (const unsigned char *)bytes.ptr, bytes.len, NULL,
			   0);
	return h;
}

bool hash_eq(const struct hash *a, const struct hash *b)
{
	return memcmp(a->bytes, b->bytes, HASH_BYTES) == 0;
}

void hash_to_hex(const struct hash *h, char hex[HASH_HEX + 1])
{
	sodium_bin2hex(hex, HASH_HEX + 1, h->bytes, HASH_BYTES);
}

bool hash_from_hex(struct str hex, struct hash *out)
{
	size_t len;

	return hex.len == HASH_HEX &&
	       sodium_hex2bin(out->bytes, HASH_BYTES, hex.ptr, hex.len, NULL, &len, NULL) == 0 &&
	       len == HASH_BYTES;
}

uint64_t hash64_of(struct str bytes)
{
	struct hash h = hash_of(bytes);
	uint64_t n = 0;

	for (int i = 0; i < 8; i++)
		n = n << 8 | h.bytes[i];
	return n;
}

uint64_t hash64_fast(struct str bytes)
{
	uint64_t n = 14695981039346656037u; /* FNV-1a's offset basis and prime */

	for (size_t i = 0; i < bytes.len; i++)
		n = (n ^ (unsigned char)bytes.ptr[i]) * 1099511628211u;
	return n;
}

void hash_start(struct hash_state *st)
{
	crypto_generichash_init((crypto_generichash_state *)st, NULL, 0, HASH_BYTES);
}

void hash_update(struct hash_state *st, struct str bytes)
{
	crypto_generichash_update((crypto_generichash_state *)st, (const unsigned char *)bytes.ptr,
				  bytes.len);
}

struct hash hash_finish(struct hash_state *st)
{
	struct hash h;

	crypto_generichash_final((crypto_generichash_state *)st, h.bytes, HASH_BYTES);
	return h;
}
