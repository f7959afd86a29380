/*
 * hmac - is this body from whoever knows the secret? HMAC (RFC 2104) by nettle.
 *
 * Threads: reentrant.
 */
#ifndef DIBAO_BASE_HMAC_H
#define DIBAO_BASE_HMAC_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

/* `signature` is "METHOD=HEX", METHOD sha1, sha256, sha384 or sha512; false for all it cannot read.
 */
bool hmac_check(struct str signature, struct str secret, struct str bytes);

enum { RANDOM_MAX_BYTES = 32 };
/* 2 * bytes lower-case hexadecimal digits and a NUL, which nobody can guess. */
void random_hex(char *out, size_t bytes);

#endif
