#include "base/hmac.h"

#include <string.h>

#include "base/check.h"

#define DATA STR("what do ya want for nothing?")

/* The key "Jefe" of RFC 2202 and RFC 4231. */
static const struct {
	const char *why;
	struct str signature, bytes;
	bool good;
} cases[] = {
	{ "SHA-1 (RFC 2202, 2)", STR("sha1=effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"), DATA, true },
	{ "SHA-256 (RFC 4231, 2)",
	  STR("sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"), DATA,
	  true },
	{ "SHA-384 (RFC 4231, 2)",
	  STR("sha384=af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e"
	      "8e2240ca5e69e2c78b3239ecfab21649"),
	  DATA, true },
	{ "SHA-512 (RFC 4231, 2)",
	  STR("sha512=164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
	      "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737"),
	  DATA, true },
	{ "case of method and digits does not matter",
	  STR("SHA1=EFFCDF6AE5EB2FA2D27416D5F184DF9C259A7C79"), DATA, true },
	{ "other bytes", STR("sha1=effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"), STR("more"), false },
	{ "one digit is wrong", STR("sha1=effcdf6ae5eb2fa2d27416d5f184df9c259a7c78"), DATA, false },
	{ "a digit too few", STR("sha1=effcdf6ae5eb2fa2d27416d5f184df9c259a7c7"), DATA, false },
	{ "no digits", STR("sha1="), DATA, false },
	{ "not hexadecimal", STR("sha1=zffcdf6ae5eb2fa2d27416d5f184df9c259a7c79"), DATA, false },
	{ "the length of another method", STR("sha256=effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"),
	  DATA, false },
	{ "a method nobody should use", STR("md5=750c783e6ab0b503eaa86e310a5db738"), DATA, false },
	{ "no method", STR("effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"), DATA, false },
	{ "no signature", STR(""), DATA, false },
};

int main(void)
{
	char one[2 * RANDOM_MAX_BYTES + 1], two[sizeof(one)];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CHECK_I64(cases[i].why, hmac_check(cases[i].signature, S("Jefe"), cases[i].bytes),
			  cases[i].good);
	CHECK(!hmac_check(S("sha1=fbdb1d1b18aa6c08324b7d64b71fb76370690e1d"), S(""), S("")));
	random_hex(one, RANDOM_MAX_BYTES);
	random_hex(two, RANDOM_MAX_BYTES);
	CHECK(strlen(one) == 2 * RANDOM_MAX_BYTES && strcmp(one, two) != 0);
	return check_done();
}
