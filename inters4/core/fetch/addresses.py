"""Which network addresses are public.

An explicit list, because the standard library's idea of « global » changed between releases.
Addresses that carry another inside them (NAT64, 6to4) are judged by what they carry.
"""

import ipaddress
import re
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

_PRIVATE_V4 = tuple(
    IPv4Network(block)
    for block in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "168.63.129.16/32",  # a cloud's control service, on a public-looking address
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
_GLOBAL_V6 = IPv6Network("2000::/3")
_PRIVATE_V6 = tuple(
    IPv6Network(block)
    for block in (
        "2001::/23",  # protocol assignments, Teredo among them
        "2001:db8::/32",
        "3fff::/20",
    )
)
_SIX_TO_FOUR = IPv6Network("2002::/16")
_NAT64 = IPv6Network("64:ff9b::/96")
_LAST_LABEL_IS_A_NUMBER = re.compile(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)")


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """True when `address` belongs to the public Internet."""
    if isinstance(address, IPv4Address):
        return not any(address in block for block in _PRIVATE_V4)
    if address.scope_id is not None:
        return False
    if address in _NAT64:
        return is_public(IPv4Address(int(address) & 0xFFFFFFFF))
    if address in _SIX_TO_FOUR:
        return is_public(IPv4Address((int(address) >> 80) & 0xFFFFFFFF))
    return address in _GLOBAL_V6 and not any(address in block for block in _PRIVATE_V6)


def literal(host: str) -> IPv4Address | IPv6Address | None:
    """The address that `host` spells in its usual form, None for a name.

    Raises:
        ValueError: a number in disguise (`127.1`, `0x7f.0.0.1`, `2130706433`), which some
            resolvers read as an address.
    """
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        if ":" in host or _LAST_LABEL_IS_A_NUMBER.fullmatch(host):
            raise
        return None
