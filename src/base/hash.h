/*
 * hash - names for bytes: BLAKE2b-256 (RFC 7693) by libsodium.
 *
 * A blob's name is the hash in 64 lower-case hexadecimal digits.
 */
#ifndef DIBAO_BASE_HASH_H
#define DIBAO_BASE_HASH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

enum { HASH_BYTES = 32, HASH_HEX = 64 };

struct hash {
	uint8_t bytes[HASH_BYTES];
};

/* Before the first hash, once, with no other thread yet: chooses the code that is quickest on this
 * processor. Without it the hashes are the same and take longer. */
void hash_start_up(void);

struct hash hash_of(struct str bytes);
bool hash_eq(const struct hash *a, const struct hash *b);
void hash_to_hex(const struct hash *h, char hex[HASH_HEX + 1]);
bool hash_from_hex(struct str hex, struct hash *out);

/* 64 bits of the same, for ids and fingerprints; the same on every machine. */
uint64_t hash64_of(struct str bytes);
/* A fast 64-bit hash (FNV-1a) for tables that no outsider can fill. */
uint64_t hash64_fast(struct str bytes);

/* For hashing piece by piece. */
struct hash_state {
	uint64_t opaque[64] __attribute__((aligned(64)));
};
void hash_start(struct hash_state *st);
void hash_update(struct hash_state *st, struct str bytes);
struct hash hash_finish(struct hash_state *st);

#endif
