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


def without_port(address: str) -> str:
    """The address alone: some proxies write `192.0.2.7:5123` or `[2001:db8::1]:443`."""
    if address.startswith("["):
        return address[1:].partition("]")[0]
    return address.partition(":")[0] if address.count(":") == 1 else address


def network_mark(address: str, *, key: str) -> str:
    """32 hexadecimal digits, the same for every address of one network."""
    return hmac.digest(key.encode(), f"network {network_of(address)}".encode(), "sha256").hex()[:32]
