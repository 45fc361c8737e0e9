"""Titles and addresses in the lines of an alert: « title <address> », or a citation as text.

A citation without a link is that of PubMed: its number, its title above or below the line of the
journal, its authors, its DOI. An item that has given its article gives no other.
"""

import re
from collections import deque
from collections.abc import Iterable, Iterator

SHORTEST_TITLE = 15
_ADDRESS = re.compile(r"<(https?://[^\s<>]+)>|(https?://[^\s<>\"'\])]+)")
_DOI = re.compile(r"(?:doi:?\s*)?(10\.\d{4,9}/[^\s\"<>]+)", re.IGNORECASE)
_PMID = re.compile(r"\bPMID:?\s*(\d{1,9})\b")
_NUMBERED = re.compile(r"\s*\d{1,3}\s?[.:)]\s+")
_JOURNAL = re.compile(r"\S.{0,200}?[.;,] (?:1[89]|20)\d\d\b")
_PERSON = r"[^\W\d_][\w’'. -]{0,40} [A-Z][\w-]{0,3}(?:\(\d+\))*"
_AUTHORS = re.compile(rf"{_PERSON}(?:[,;] {{1,3}}{_PERSON}){{0,60}}(?:,? et al)?[.,;]?")
_LINES_OF_ITEM = 30


def titled_lines(text: str) -> Iterator[tuple[str, str]]:
    """Each address of `text`, after the title that it seems to have."""
    lines = text.splitlines()
    above = deque[str](maxlen=_LINES_OF_ITEM)  # since the last article, or the number of an item
    is_numbered = is_given = False
    for number, line in enumerate(lines):
        if _NUMBERED.match(line):
            above.clear()
            is_numbered, is_given = True, False
        found = _ADDRESS.search(line)
        doi, pmid = (None, None) if found else (_DOI.search(line), _PMID.search(line))
        mark = found or doi or pmid
        if mark is None:
            above.append(line)
            continue
        if found:
            address = found[1] or found[2].rstrip(".,;")
        elif is_given and is_numbered:
            continue
        elif doi:
            address = f"https://doi.org/{doi[1].rstrip('.,;')}"
        else:
            address = f"https://pubmed.ncbi.nlm.nih.gov/{mark[1]}/"
        title = _title(line[: mark.start()].strip(" \t<([:"), above, lines[number + 1 : number + 9])
        yield title, address
        above.clear()
        is_given = bool(title) and not found  # by a citation: what follows is its own


def _title(own: str, above: Iterable[str], below: list[str]) -> str:
    """The title of what a line names: its own words, else those near it."""
    words = _NUMBERED.sub("", own, count=1)
    if len(words) >= SHORTEST_TITLE and not _JOURNAL.match(words):
        return words
    if _NUMBERED.match(own) and words:
        return _cited(words) or _paragraph(below)
    near = _above(above)
    return near or (_cited(words) if len(words) >= SHORTEST_TITLE else "")


def _above(lines: Iterable[str]) -> str:
    """The nearest line that names nobody; all of the lines of a numbered title."""
    kept = [line.strip() for line in lines if line.strip()]
    kept = [line for line in kept if not _JOURNAL.match(line)]
    while kept and _AUTHORS.fullmatch(kept[-1]):
        kept.pop()
    if kept and _NUMBERED.match(kept[0]):
        names = next((at for at, line in enumerate(kept) if _AUTHORS.fullmatch(line)), len(kept))
        return _NUMBERED.sub("", " ".join(kept[:names]), count=1)
    return kept[-1] if kept else ""


def _paragraph(lines: list[str]) -> str:
    """The first paragraph, when it follows an empty line."""
    kept: list[str] = []
    for line in lines:
        if line.strip():
            kept.append(line.strip())
        elif kept:
            break
    return " ".join(kept)


def _cited(words: str) -> str:
    """The title in « Authors. Title. Journal. Year… »; else nothing."""
    parts = re.split(r"(?<=[.?!]) ", words)
    if len(parts) > 2 and _AUTHORS.fullmatch(parts[0]):
        return parts[1]
    return ""
