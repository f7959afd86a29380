/*
 * The ranges are IANA's special-purpose registries (RFC 6890 and its updates). In IPv6 only
 * 2000::/3 is given out, so all else is refused unless a row says what it is.
 */
#include "net/address.h"

#include <netinet/in.h>
#include <stddef.h>
#include <string.h>

struct range {
	uint8_t prefix[16];
	int bits;
	enum address_kind kind;
	int v4_at; /* offset of the IPv4 address carried; 0: none */
};

static const struct range v4_ranges[] = {
	{ { 0 }, 8, ADDRESS_NEVER, 0 }, /* "this network": 0.0.0.0 reaches the host itself */
	{ { 10 }, 8, ADDRESS_PRIVATE, 0 },
	{ { 100, 64 }, 10, ADDRESS_PRIVATE, 0 }, /* carrier's NAT */
	{ { 127 }, 8, ADDRESS_PRIVATE, 0 },
	{ { 169, 254 }, 16, ADDRESS_NEVER, 0 },
	{ { 172, 16 }, 12, ADDRESS_PRIVATE, 0 },
	{ { 192, 0, 0 }, 24, ADDRESS_NEVER, 0 },
	{ { 192, 0, 2 }, 24, ADDRESS_NEVER, 0 },   /* documentation */
	{ { 192, 88, 99 }, 24, ADDRESS_NEVER, 0 }, /* 6to4 relays, withdrawn */
	{ { 192, 168 }, 16, ADDRESS_PRIVATE, 0 },
	{ { 198, 18 },
	  15,
	  ADDRESS_PRIVATE,
	  0 }, /* benchmarks; and local proxies that invent addresses */
	{ { 198, 51, 100 }, 24, ADDRESS_NEVER, 0 }, /* documentation */
	{ { 203, 0, 113 }, 24, ADDRESS_NEVER, 0 },  /* documentation */
	{ { 224 }, 4, ADDRESS_NEVER, 0 },           /* multicast */
	{ { 240 }, 4, ADDRESS_NEVER, 0 },           /* reserved, and broadcast */
};

/* The first that fits wins. */
static const struct range v6_ranges[] = {
	{ { 0 }, 128, ADDRESS_NEVER, 0 },
	{ { [15] = 1 }, 128, ADDRESS_PRIVATE, 0 },
	{ { [10] = 0xff, [11] = 0xff }, 96, ADDRESS_NEVER, 12 }, /* mapped */
	{ { [8] = 0xff, [9] = 0xff }, 96, ADDRESS_NEVER, 12 },   /* SIIT */
	{ { 0 }, 96, ADDRESS_NEVER, 12 },                        /* compatible */
	{ { 0x00, 0x64, 0xff, 0x9b }, 96, ADDRESS_NEVER, 12 },   /* NAT64 */
	{ { 0x00, 0x64, 0xff, 0x9b, 0x00, 0x01 },
	  48,
	  ADDRESS_PRIVATE,
	  0 },                                                /* NAT64 of a network's own */
	{ { 0x20, 0x01 }, 23, ADDRESS_NEVER, 0 },             /* protocols: Teredo, ORCHID ... */
	{ { 0x20, 0x01, 0x0d, 0xb8 }, 32, ADDRESS_NEVER, 0 }, /* documentation */
	{ { 0x20, 0x02 }, 16, ADDRESS_NEVER, 2 },             /* 6to4 */
	{ { 0x3f, 0xff }, 20, ADDRESS_NEVER, 0 },             /* documentation */
	{ { 0x20 }, 3, ADDRESS_PUBLIC, 0 },
	{ { 0xfc }, 7, ADDRESS_PRIVATE, 0 }, /* unique local */
};

static int has_prefix(const uint8_t *ip, const struct range *r)
{
	size_t whole = (size_t)r->bits / 8;
	int rest = r->bits % 8;

	if (memcmp(ip, r->prefix, whole) != 0)
		return 0;
	return rest == 0 || (ip[whole] ^ r->prefix[whole]) >> (8 - rest) == 0;
}

enum address_kind address_kind_v4(const uint8_t ip[4])
{
	for (size_t i = 0; i < sizeof(v4_ranges) / sizeof(*v4_ranges); i++)
		if (has_prefix(ip, &v4_ranges[i]))
			return v4_ranges[i].kind;
	return ADDRESS_PUBLIC;
}

enum address_kind address_kind_v6(const uint8_t ip[16])
{
	for (size_t i = 0; i < sizeof(v6_ranges) / sizeof(*v6_ranges); i++)
		if (has_prefix(ip, &v6_ranges[i]))
			return v6_ranges[i].v4_at ? address_kind_v4(ip + v6_ranges[i].v4_at)
						  : v6_ranges[i].kind;
	return ADDRESS_NEVER;
}

enum address_kind address_kind(const struct sockaddr *sa)
{
	if (sa->sa_family == AF_INET) {
		struct sockaddr_in in;
		uint8_t ip[4];

		memcpy(&in, sa, sizeof(in));
		memcpy(ip, &in.sin_addr, sizeof(ip));
		return address_kind_v4(ip);
	}
	if (sa->sa_family == AF_INET6) {
		struct sockaddr_in6 in6;

		memcpy(&in6, sa, sizeof(in6));
		return address_kind_v6(in6.sin6_addr.s6_addr);
	}
	return ADDRESS_NEVER;
}
