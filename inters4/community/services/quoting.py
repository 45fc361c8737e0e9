"""A post as a quotation in the answer to it: its own words, without those that it quotes."""

import re

from inters4.core.i18n import _

MOST_QUOTED = 2_000
_OPENING = re.compile(r"^> \*\*[^\n*]*\*\*, \w+ (\d{1,9})\b", re.MULTILINE)


def quoted(source: str, *, author: str, number: int) -> str:
    """Markdown that opens an answer; a long text is cut at the end of a line."""
    kept: list[str] = []
    size = 0
    for line in source.split("\n"):
        if line.lstrip().startswith(">"):
            continue
        if size + len(line) > MOST_QUOTED:
            kept.append("…")
            break
        kept.append(line)
        size += len(line) + 1
    text = "\n".join(kept).strip()
    name = " ".join(author.split()) or _("Personne retirée")
    opening = _("**%(name)s**, message %(number)s :", name=_plain(name), number=number)
    lines = [opening, "", *text.split("\n")]
    return "\n".join(f"> {line}".rstrip() for line in lines) + "\n\n"


def numbers_quoted(source: str) -> frozenset[int]:
    """Numbers of the posts of the thread that a text quotes as `quoted` opens them."""
    return frozenset(int(number) for number in _OPENING.findall(source))


def _plain(name: str) -> str:
    """A name says nothing in Markdown."""
    return "".join(sign for sign in name if sign not in "*_[]<>`\\")
