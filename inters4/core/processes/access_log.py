"""What is written of a request: enough to operate, nothing that opens a door or names a person.

The values of most parameters are dropped: what people search is theirs. A segment of a path that
looks like a token is one. An address is cut to its network.
"""

import ipaddress
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl

from inters4.core.logs import HIDDEN
from inters4.core.networks import without_port

SHOWN_PARAMETERS = frozenset(
    {"page", "lang", "tri", "type", "region", "theme", "population", "annee_min", "annee_max"}
)
_NAME = re.compile(r"[a-z][a-z0-9_]{0,29}")
_TOKEN = re.compile(r"(?=.*[A-Z.])[\w.=~-]{20,}|[0-9a-fA-F-]{32,}")
_LONGEST = 200


def access_event(
    environ: Mapping[str, Any],
    *,
    status: int,
    size: int,
    duration: timedelta,
    proxies: int,
) -> dict[str, Any]:
    """The values of one line of the journal."""
    event: dict[str, Any] = {
        "method": str(environ.get("REQUEST_METHOD", ""))[:10],
        "path": shown_path(str(environ.get("PATH_INFO", ""))),
        "status": status,
        "size": size,
        "ms": round(duration.total_seconds() * 1000),
        "from": shown_address(client_address(environ, proxies=proxies)),
    }
    if query := shown_query(str(environ.get("QUERY_STRING", ""))):
        event["query"] = query
    return event


def shown_path(path: str) -> str:
    """`path` with its tokens hidden."""
    segments = (HIDDEN if _TOKEN.fullmatch(part) else part for part in path.split("/"))
    return "/".join(segments)[:_LONGEST]


def shown_query(query: str) -> str:
    """The names of parameters, the values of those that say nothing of anyone.

    What could be no name of ours was typed by somebody.
    """
    pairs = parse_qsl(query[:2000], keep_blank_values=True, errors="replace")
    return "&".join(
        f"{name if _NAME.fullmatch(name) else HIDDEN}="
        f"{value if name in SHOWN_PARAMETERS else HIDDEN}"
        for name, value in pairs[:20]
    )[:_LONGEST]


def client_address(environ: Mapping[str, Any], *, proxies: int) -> str:
    """The address that the outermost trusted proxy saw; without proxies, the peer."""
    forwarded = str(environ.get("HTTP_X_FORWARDED_FOR", "")).split(",")
    if proxies and len(forwarded) >= proxies:
        return without_port(forwarded[-proxies].strip())
    return str(environ.get("REMOTE_ADDR", ""))


def shown_address(address: str) -> str:
    """The network of `address`: /24 for IPv4, /48 for IPv6, whole on loopback."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "?"
    if parsed.is_loopback:
        return str(parsed)
    length = 24 if parsed.version == 4 else 48
    return str(ipaddress.ip_network((parsed, length), strict=False).network_address)
