"""Finds passages in what people typed, however they are set, and puts a mark in their place.

Case, accents, spaces, signs of Markdown, entities of HTML, signs of addresses and invisible signs
hide nothing, nor does a link around a word; a number of seven digits is the same however its digits
are grouped.
"""

import html
import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Any
from urllib.parse import unquote

from sqlalchemy import ColumnElement, String, cast, or_

MARK = "[renseignement retiré]"
"""What stands in the place of what was erased; the same in every language."""
_BETWEEN = r"[\W]{1,12}"
_GROUPED = r"[\W]{0,4}"
_LONG_NUMBER = 7
_ENTITY = r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});"
_LINK = r"\]\([^()\s]{0,2000}\)"
_ENCODED = r"(?:%[0-9a-fA-F]{2})+"
_SIGNS = re.compile(f"{_ENTITY}|{_ENCODED}")
_LINKS = re.compile(_LINK)
_PIECES = re.compile(f"{_ENTITY}|{_ENCODED}|.", re.DOTALL)
_PIECES_UNLINKED = re.compile(f"{_ENTITY}|{_ENCODED}|{_LINK}|.", re.DOTALL)
_MARKDOWN = frozenset("*_~`\\[")
_WRITTEN_OTHERWISE = {"œ": "oe", "æ": "ae", "’": "'", "‘": "'"}
_NEVER_ACCENTED = re.compile(r"[bfmpqvx0-9]")


@dataclass(frozen=True)
class Words:
    """What is sought.

    Attributes:
        passages: words, wherever they are.
        quotations: whole lines, sought only where a line quotes.
    """

    passages: tuple[str, ...]
    quotations: frozenset[str] = frozenset()

    def clear(self, text: str) -> str:
        """`text` without them; the same object when it has none."""
        changed = text
        if self._pattern is not None:
            if self._pattern.search(_plain(_LINKS.sub("", text))):
                changed = _marked(changed, self._pattern, _PIECES_UNLINKED)
            if self._pattern.search(_plain(changed)):
                changed = _marked(changed, self._pattern, _PIECES)
        if self.quotations:
            changed = "\n".join(self._unquoted(line) for line in changed.split("\n"))
        return text if changed == text else changed

    def are_in(self, text: str) -> bool:
        """True when one of them stands in `text`."""
        return self.clear(text) is not text

    def maybe(self, *columns: Any) -> ColumnElement[bool]:
        """A condition that every row with one of them meets: their plainest letters, in order."""
        sought = {
            "%".join(["", *_NEVER_ACCENTED.findall(_plain(one)), ""])
            for one in (*self.passages, *self.quotations)
        }
        held = [cast(column, String) for column in columns]
        return or_(
            *(column.ilike(sign or "%") for column in held for sign in sorted(sought)),
            *(column.like("%&#%") for column in held),
        )

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        """Every passage at once, the longest first; None when there is none."""
        longest_first = sorted(map(_plain, self.passages), key=len, reverse=True)
        sought = [_expression(one) for one in longest_first if one.strip()]
        return re.compile("|".join(sought)) if sought else None

    @cached_property
    def _quoted(self) -> frozenset[str]:
        return frozenset(_plain(line) for line in self.quotations) - {""}

    def _unquoted(self, line: str) -> str:
        is_quoted = line.lstrip().startswith(">")
        return (
            f"> {MARK}" if is_quoted and _plain(line.lstrip("> ").strip()) in self._quoted else line
        )


def _expression(passage: str) -> str:
    """What finds a passage, already plain, in a plain text."""
    words = passage.split()
    if len(re.findall(r"\d", passage)) < _LONG_NUMBER:
        return _BETWEEN.join(map(re.escape, words))
    made = _digits_apart(words[0])
    for before, word in pairwise(words):
        is_grouped = before[-1].isdigit() or word[0].isdigit()
        made += (_GROUPED if is_grouped else _BETWEEN) + _digits_apart(word)
    return made


def _digits_apart(word: str) -> str:
    """A word of a long number, whatever stands between its digits."""
    joined = re.escape(re.sub(r"(?<=\d)\W+(?=\d)", "", word))
    return re.sub(r"(?<=\d)(?=\d)", lambda _between: _GROUPED, joined)


class _Table(dict[int, str]):
    """What each sign is compared as, found once."""

    def __missing__(self, code: int) -> str:
        self[code] = found = _letters(chr(code))
        return found


_TABLE = _Table()


def _plain(text: str) -> str:
    """A text in the letters that are compared: what `_laid` gives, faster."""
    if "&" in text or "%" in text:
        text = _SIGNS.sub(lambda sign: _letters(sign[0]), text)
    return text.translate(_TABLE)


def _marked(text: str, pattern: re.Pattern[str], pieces: re.Pattern[str]) -> str:
    plain, places = _laid(text, pieces)
    made, end = [], 0
    for found in pattern.finditer(plain):
        start = places[found.start()][0]
        if start < end:
            continue  # one sign of the text that lays two letters
        made += [text[end:start], MARK]
        end = places[found.end() - 1][1]
    return "".join([*made, text[end:]]) if made else text


def _laid(text: str, pieces: re.Pattern[str]) -> tuple[str, list[tuple[int, int]]]:
    """The letters that are compared, and where each comes from in `text`."""
    letters: list[str] = []
    places: list[tuple[int, int]] = []
    for piece in pieces.finditer(text):
        for letter in _letters(piece[0]):
            letters.append(letter)
            places.append(piece.span())
    return "".join(letters), places


@lru_cache(4096)
def _letters(piece: str) -> str:
    """What a sign or an entity is compared as; nothing for what is not seen."""
    if piece.startswith("]("):
        return ""
    seen = piece
    if len(piece) > 1:
        seen = html.unescape(piece) if piece.startswith("&") else unquote(piece)
    found = ""
    for sign in unicodedata.normalize("NFKD", seen).casefold():
        if sign not in _MARKDOWN and unicodedata.category(sign) not in {"Mn", "Me", "Cf"}:
            found += _WRITTEN_OTHERWISE.get(sign, sign)
    return found
