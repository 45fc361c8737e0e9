"""Networks that send too much are told apart without keeping their addresses.

Counting needs to know that two requests come from one place, never from which: rows keep a mark,
which nobody can turn back into an address without the key of the installation.
"""

import hmac
from ipaddress import IPv4Address, IPv6Address, ip_address


def network_of(address: str) -> str:
    """The network that one person commands: an IPv4 address, or a whole IPv6 /64."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return ""
    if isinstance(parsed, IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return f"{IPv6Address(int(parsed) >> 64 << 64)}/64"


def network_mark(address: str, *, key: str) -> str:
    """32 hexadecimal digits, the same for every address of one network."""
    return hmac.digest(key.encode(), f"network {network_of(address)}".encode(), "sha256").hex()[:32]
