/*
 * address - which network addresses may be talked to at all.
 *
 * Pure. An IPv6 address that carries an IPv4 one (mapped, compatible, NAT64, 6to4) is as good as
 * what it carries.
 */
#ifndef DIBAO_NET_ADDRESS_H
#define DIBAO_NET_ADDRESS_H

#include <stdint.h>
#include <sys/socket.h>

enum address_kind {
	ADDRESS_PUBLIC,
	ADDRESS_PRIVATE, /* loopback, private networks: only where the operator allowed them */
	ADDRESS_NEVER /* link-local (there cloud metadata lives), unspecified, multicast, reserved
		       */
};

enum address_kind address_kind_v4(const uint8_t ip[4]);
enum address_kind address_kind_v6(const uint8_t ip[16]);
/* ADDRESS_NEVER for families that are neither. */
enum address_kind address_kind(const struct sockaddr *sa);

#endif
