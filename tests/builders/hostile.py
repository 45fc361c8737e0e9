"""Sources that do everything wrong, on one site of loopback, each under a name of its own."""

import gzip
import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from inters4.veille.services.visiting import Ending
from tests.builders.sites import HOST, Answer, Site, page, redirect

RSS = "application/rss+xml"
_SPELLINGS = {
    "127.0.0.1": "private 127.0.0.1",
    "localhost": "private localhost",
    "interne.test": "private interne.test",
    "127.0.0.1.": "private 127.0.0.1",
    "0.0.0.0": "private 0.0.0.0",
    "127.1": "address",
    "0x7f.0.0.1": "address",
    "0177.0.0.1": "http",
    "2130706433": "address",
    "[::1]": "private ::1",
    "[::ffff:127.0.0.1]": "private ::ffff:127.0.0.1",
    "[::ffff:7f00:1]": "private ::ffff:7f00:1",
    "[64:ff9b::7f00:1]": "private 64:ff9b::7f00:1",
    "169.254.169.254": "private 169.254.169.254",
    "[fe80::1]": "private fe80::1",
    "10.0.0.1": "private 10.0.0.1",
    "127.0.0.1:22": "port 127.0.0.1",
    "u:p@127.0.0.1": "address",
}
"""Ways to write an address of the inside, and what the team reads of each."""


@dataclass(frozen=True, slots=True)
class Case:
    """What a source does, and how a visit to it ends."""

    answer: Answer
    ending: Ending
    remark: str = ""
    found: int = 0


def resolve(host: str, _port: int) -> list[str]:
    """Every name is that of loopback; an address is itself."""
    return [host] if host[:1].isdigit() or ":" in host else [HOST]


def rss(*items: str, prolog: str = '<?xml version="1.0"?>') -> str:
    """A feed of these titles, each with a GUID of its own."""
    entries = "".join(
        f"<item><title>{title}</title><guid>{number}</guid></item>"
        for number, title in enumerate(items)
    )
    return f'{prolog}<rss version="2.0"><channel><title>Une revue</title>{entries}</channel></rss>'


def feed(text: str, *headers: str, status: str = "200 OK", charset: str = "utf-8") -> bytes:
    """A whole answer that holds a feed."""
    return page(text.encode(charset), f"Content-Type: {RSS}", *headers, status=status)


def misbehaving(site: Site) -> Mapping[str, Case]:
    """Those whose visit fails, by name."""
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY l0 "ha">{laughs}]>'
    outside = '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    swollen = gzip.compress(bytes(20_000_000))
    return {
        "silence": _failing(lambda _connection: site.wait(), "late"),
        "slow-headers": _failing(_after(b"HTTP/1.1 200 OK\r\nX-Slow: ", site.drip), "late"),
        "slow-body": _failing(_after(b"HTTP/1.1 200 OK\r\n\r\n<rss>", site.drip), "late"),
        "endless-body": _failing(_after(b"HTTP/1.1 200 OK\r\n\r\n<rss>", _pour), "large"),
        "endless-headers": _failing(_after(b"HTTP/1.1 200 OK\r\nX-Long: ", _pour), "http"),
        "gzip-bomb": _failing(page(swollen, "Content-Encoding: gzip"), "large"),
        "xml-bomb": _failing(feed(rss("&l9;", prolog=bomb)), "doctype"),
        "external-entity": _failing(feed(rss("&x;", prolog=outside)), "doctype"),
        "nested": _failing(feed(rss("<b>" * 200)), "nested"),
        "cut": _failing(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n<rss>", "http"),
        "damaged": _failing(page(b"ceci", "Content-Encoding: gzip"), "damaged"),
        "no-http": _failing(b"220 bonjour\r\n\r\n", "http"),
        "a-page": _failing(page(b"<!DOCTYPE html><title>Bonjour</title>"), "unreadable"),
        "nothing": _failing(page(b""), "unreadable"),
        "in-circles": _failing(redirect("/in-circles"), "redirects"),
        "missing": _failing(page(b"", status="404 Not Found"), "status 404"),
        "closed": _failing(page(b"", "Retry-After: 7200", status="503 Unavailable"), "status 503"),
        "gone": Case(page(b"", status="410 Gone"), Ending.GONE, "status 410"),
    } | {
        f"inside-{number}": _failing(redirect(f"http://{host}/"), remark)
        for number, (host, remark) in enumerate(_SPELLINGS.items())
    }


def tolerated() -> Mapping[str, Case]:
    """Those that are odd, and read all the same."""
    old = '<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://127.0.0.1/rss-0.91.dtd">'
    repeated = rss("Un", "Deux", "Trois")
    for number in range(3):
        address = f"<guid>7</guid><link>https://revue.example/{number}</link>"
        repeated = repeated.replace(f"<guid>{number}</guid>", address)
    return {
        "rss-0-91": Case(
            feed(rss("L&eacute;gende", prolog=old).replace("2.0", "0.91", 1)), Ending.READ, "", 1
        ),
        "wrong-charset": Case(
            feed(rss("Évaluation"), "X-Said: utf-8", charset="cp1252"), Ending.READ, "", 1
        ),
        "same-guids": Case(feed(repeated), Ending.READ, "", 3),
        "too-many-entries": Case(
            feed(rss(*(f"Article {number}" for number in range(5_000)))),
            Ending.READ,
            "truncated",
            1_000,
        ),
        "moved": Case(redirect("/same-guids", status=301), Ending.READ, "", 0),
        "unchanged": Case(b"HTTP/1.1 304 Not Modified\r\n\r\n", Ending.UNCHANGED),
        "wait": Case(
            page(b"", "Retry-After: 7200", status="429 Too Many"),
            Ending.ASKED_TO_WAIT,
            "status 429",
        ),
    }


def _failing(answer: Answer, remark: str) -> Case:
    return Case(answer, Ending.FAILED, remark)


def _after(head: bytes, then: Callable[[socket.socket], object]) -> Callable[[socket.socket], None]:
    def answer(connection: socket.socket) -> None:
        connection.sendall(head)
        then(connection)

    return answer


def _pour(connection: socket.socket) -> None:
    """As much as the other side takes, for ever."""
    with suppress(OSError):
        while True:
            connection.sendall(b"x" * 65_536)
