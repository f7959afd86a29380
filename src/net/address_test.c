#include "net/address.h"

#include <arpa/inet.h>
#include <stddef.h>

#include "base/check.h"

static const struct {
	const char *why, *ip;
	enum address_kind want;
} cases[] = {
	{ "a public address", "93.184.216.34", ADDRESS_PUBLIC },
	{ "just below private", "9.255.255.255", ADDRESS_PUBLIC },
	{ "private", "10.1.2.3", ADDRESS_PRIVATE },
	{ "just above private", "172.32.0.0", ADDRESS_PUBLIC },
	{ "private, its end", "172.31.255.255", ADDRESS_PRIVATE },
	{ "private", "192.168.1.1", ADDRESS_PRIVATE },
	{ "carrier's NAT", "100.127.255.255", ADDRESS_PRIVATE },
	{ "just above it", "100.128.0.0", ADDRESS_PUBLIC },
	{ "loopback", "127.0.0.1", ADDRESS_PRIVATE },
	{ "all of loopback", "127.255.255.254", ADDRESS_PRIVATE },
	{ "metadata", "169.254.169.254", ADDRESS_NEVER },
	{ "the host itself", "0.0.0.0", ADDRESS_NEVER },
	{ "multicast", "224.0.0.1", ADDRESS_NEVER },
	{ "broadcast", "255.255.255.255", ADDRESS_NEVER },
	{ "documentation", "203.0.113.9", ADDRESS_NEVER },
	{ "public v6", "2606:2800:220:1:248:1893:25c8:1946", ADDRESS_PUBLIC },
	{ "unspecified", "::", ADDRESS_NEVER },
	{ "loopback", "::1", ADDRESS_PRIVATE },
	{ "unique local", "fd00::1", ADDRESS_PRIVATE },
	{ "link-local", "fe80::1", ADDRESS_NEVER },
	{ "site-local, withdrawn", "fec0::1", ADDRESS_NEVER },
	{ "multicast", "ff02::1", ADDRESS_NEVER },
	{ "mapped loopback", "::ffff:127.0.0.1", ADDRESS_PRIVATE },
	{ "mapped metadata", "::ffff:169.254.169.254", ADDRESS_NEVER },
	{ "mapped public", "::ffff:93.184.216.34", ADDRESS_PUBLIC },
	{ "compatible loopback", "::127.0.0.1", ADDRESS_PRIVATE },
	{ "NAT64 of loopback", "64:ff9b::7f00:1", ADDRESS_PRIVATE },
	{ "NAT64 of metadata", "64:ff9b::a9fe:a9fe", ADDRESS_NEVER },
	{ "NAT64 of public", "64:ff9b::5db8:d822", ADDRESS_PUBLIC },
	{ "local NAT64", "64:ff9b:1::1", ADDRESS_PRIVATE },
	{ "6to4 of loopback", "2002:7f00:1::1", ADDRESS_PRIVATE },
	{ "Teredo", "2001:0:4136:e378:8000:63bf:3fff:fdd2", ADDRESS_NEVER },
	{ "documentation", "2001:db8::1", ADDRESS_NEVER },
	{ "not given out", "4000::1", ADDRESS_NEVER },
	{ "discard", "100::1", ADDRESS_NEVER },
};

int main(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		uint8_t ip[16];

		if (inet_pton(AF_INET, cases[i].ip, ip) == 1)
			CHECK_I64(cases[i].why, address_kind_v4(ip), cases[i].want);
		else if (inet_pton(AF_INET6, cases[i].ip, ip) == 1)
			CHECK_I64(cases[i].why, address_kind_v6(ip), cases[i].want);
		else
			CHECK_STR(cases[i].why, str_of(cases[i].ip), S("an address"));
	}
	return check_done();
}
