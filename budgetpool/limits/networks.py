"""From where somebody calls: what counts as one place on the internet."""

import ipaddress
from typing import Final

# A subscriber gets a /64 at least and may use each address of it (RFC 6177).
IPV6_PREFIX: Final = 64


def network(address: str) -> str:
    """The network of an address: IPv4 as it is, IPv6 by its first 64 bits.

    >>> network("2001:db8:1:2:aaaa::1"), network("192.0.2.7"), network("::ffff:192.0.2.7")
    ('2001:db8:1:2::/64', '192.0.2.7', '192.0.2.7')
    """
    try:
        parsed = ipaddress.ip_address(address.strip())
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    whole = int(parsed)  # without the zone, which is the machine's own
    return str(ipaddress.IPv6Network((whole, IPV6_PREFIX), strict=False))
