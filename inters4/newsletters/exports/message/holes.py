"""Holes in the pieces of a message: addresses that differ from one subscriber to the next.

A hole stands between two signs of the private use area, which are taken out of everything that
people wrote: nobody can write a hole.
"""

import re
from collections.abc import Callable
from html import escape, unescape

from inters4.newsletters.exports.message.parts import Link

_OPEN, _CLOSE = "\uf8f0", "\uf8f1"
_HOLE = re.compile(f"{_OPEN}([a-z]+)([0-9]*){_CLOSE}")
_SIGNS = str.maketrans("", "", _OPEN + _CLOSE)
_TAG = re.compile(r"<(a|img)\b((?:[^>\"]|\"[^\"]*\")*)>")
_PLACE = re.compile(r"(?<=\s)(href|src)=\"([^\"]*)\"")
UNSUBSCRIBE, PREFERENCES, WEB, LINK = (
    f"{_OPEN}unsubscribe{_CLOSE}",
    f"{_OPEN}preferences{_CLOSE}",
    f"{_OPEN}web{_CLOSE}",
    "link",
)

Filled = Callable[[str, int], str]


def without_holes(text: str) -> str:
    """`text` as somebody wrote it, the two signs taken out."""
    return text.translate(_SIGNS)


def fill(text: str, address_of: Filled) -> str:
    """`text` with each hole filled by `address_of(name, number)`."""
    return _HOLE.sub(lambda found: address_of(found[1], int(found[2] or 0)), text)


class Linker:
    """Makes a hole of each link to a page, and numbers them; one a message."""

    def __init__(self, site: str) -> None:
        self._site = site
        self._numbers: dict[Link, int] = {}

    @property
    def links(self) -> tuple[Link, ...]:
        """The links met so far, in their order."""
        return tuple(self._numbers)

    def absolute(self, html: str) -> str:
        """`html` with every address made absolute."""
        return self._each(html, lambda name, url: f'{name}="{escape(url)}"')

    def bore(self, html: str, *, item: str = "") -> str:
        """The same with its links to pages bored."""

        def placed(name: str, url: str) -> str:
            if name == "href" and url.startswith(("http://", "https://")):
                number = self._numbers.setdefault(Link(item, url), len(self._numbers))
                return f'href="{_OPEN}{LINK}{number}{_CLOSE}"'
            return f'{name}="{escape(url)}"'

        return self._each(html, placed)

    def _each(self, html: str, placed: Callable[[str, str], str]) -> str:
        def place(found: re.Match[str]) -> str:
            url = unescape(found[2])
            is_ours = url.startswith("/") and not url.startswith("//")
            return placed(found[1], self._site + url if is_ours else url)

        return _TAG.sub(lambda tag: f"<{tag[1]}{_PLACE.sub(place, tag[2])}>", html)
