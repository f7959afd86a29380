#include "base/hmac.h"

#include <nettle/hmac.h>
#include <nettle/sha1.h>
#include <nettle/sha2.h>
#include <sodium.h>

/* SHA-1 is weak for names, not yet as a keyed signature, and what most hubs still send. */
static const struct {
	struct str name;
	const struct nettle_hash *hash;
} methods[] = {
	{ STR("sha1"), &nettle_sha1 },
	{ STR("sha256"), &nettle_sha256 },
	{ STR("sha384"), &nettle_sha384 },
	{ STR("sha512"), &nettle_sha512 },
};

union context {
	struct sha1_ctx sha1;
	struct sha256_ctx sha256;
	struct sha512_ctx sha512;
};

static void sign(const struct nettle_hash *hash, struct str secret, struct str bytes, uint8_t *out)
{
	union context outer, inner, state;

	hmac_set_key(&outer, &inner, &state, hash, secret.len, (const uint8_t *)secret.ptr);
	hmac_update(&state, hash, bytes.len, (const uint8_t *)bytes.ptr);
	hmac_digest(&outer, &inner, &state, hash, hash->digest_size, out);
}

bool hmac_check(struct str signature, struct str secret, struct str bytes)
{
	uint8_t given[SHA512_DIGEST_SIZE], wanted[SHA512_DIGEST_SIZE];
	size_t equals = str_find_ch(signature, '='), len = 0;

	if (equals == STR_NONE || secret.len == 0)
		return false;
	struct str name = str_trim(str_sub(signature, 0, equals)),
		   hex = str_trim(str_from(signature, equals + 1));
	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
		const struct nettle_hash *hash = methods[i].hash;

		if (!str_eq_nocase(name, methods[i].name))
			continue;
		if (hex.len != 2 * (size_t)hash->digest_size ||
		    sodium_hex2bin(given, sizeof(given), hex.ptr, hex.len, NULL, &len, NULL) != 0 ||
		    len != hash->digest_size)
			return false;
		sign(hash, secret, bytes, wanted);
		return sodium_memcmp(given, wanted, len) == 0;
	}
	return false;
}

void random_hex(char *out, size_t bytes)
{
	uint8_t random[RANDOM_MAX_BYTES];

	randombytes_buf(random, bytes);
	sodium_bin2hex(out, 2 * bytes + 1, random, bytes);
}
