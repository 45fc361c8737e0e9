"""Finds passages in what people typed, however they are set, and puts a mark in their place.

Case, accents, spaces, signs of Markdown, entities of HTML, signs of addresses and invisible signs
hide nothing, nor does a link around a word; a number of seven digits is the same however its digits
are grouped. A short passage stands as a whole word: the name « Marc » is not in « démarche ».
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
_APART, _GROUPED_APART = 12, 4
"""How many signs may stand between two words, and between two groups of digits."""
_GROUPED = rf"\W{{0,{_GROUPED_APART}}}"
_LONG_NUMBER = 7
_LONG = 8
"""Fewer letters and digits are in many other words, by chance."""
_ENTITY = r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});"
_LINK = r"\]\([^()\s]{0,2000}\)"
_ENCODED = r"(?:%[0-9a-fA-F]{2})+"
_SIGNS = re.compile(f"{_ENTITY}|{_ENCODED}")
_LINKS = re.compile(_LINK)
_PIECES = re.compile(f"{_ENTITY}|{_ENCODED}|.", re.DOTALL)
_PIECES_UNLINKED = re.compile(f"{_ENTITY}|{_ENCODED}|{_LINK}|.", re.DOTALL)
_WORD = re.compile(r"\w+")
_MARKDOWN = frozenset("*_~`\\[")
_WRITTEN_OTHERWISE = {"œ": "oe", "æ": "ae", "’": "'", "‘": "'"}
_LAYS_SEVERAL = ("&#", "\ufb00", "\ufb01", "\ufb02", "\ufb03", "\ufb04")
"""What hides the plainest letters from the database: entities, and what PDF files write for ff, fi,
fl, ffi and ffl."""
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
            *(column.like(f"%{sign}%") for column in held for sign in _LAYS_SEVERAL),
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


def weight(passage: str) -> int:
    """How many signs of a passage are compared: those of Markdown, and invisible ones, are not."""
    return len(_plain(passage).strip())


def _expression(passage: str) -> str:
    """What finds a passage, already plain, in a plain text.

    Words and what stands between them have no sign in common, so that nothing is tried twice.
    """
    words = list(_WORD.finditer(passage))
    if not words:
        return _signs(passage)
    is_number = len(re.findall(r"\d", passage)) >= _LONG_NUMBER
    made = _of_word(words[0][0], is_number=is_number)
    for before, word in pairwise(words):
        least, most = 1, _APART
        if is_number and (before[0][-1].isdigit() or word[0][0].isdigit()):
            least, most = 0, _GROUPED_APART
        made += rf"\W{{{least},{max(most, word.start() - before.end())}}}"
        made += _of_word(word[0], is_number=is_number)
    if is_number:
        return made
    return _signs(passage[: words[0].start()]) + made + _signs(passage[words[-1].end() :])


def _signs(passage: str) -> str:
    """Signs without letters, whatever the spaces."""
    found = rf"\s{{0,{_APART}}}".join(map(re.escape, passage.split()))
    before, after = (rf"\s{{0,{_APART}}}" if one.isspace() else "" for one in _ends(passage))
    return before + found + after if found else ""


def _ends(text: str) -> tuple[str, str]:
    return text[:1], text[-1:]


def _of_word(word: str, *, is_number: bool) -> str:
    """A word; of a long number, whatever stands between its digits."""
    if not is_number:
        return re.escape(word)
    return re.sub(r"(?<=\d)(?=\d)", lambda _between: _GROUPED, word)


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
        if sum(map(str.isalnum, found[0])) < _LONG and any(
            _goes_on(plain, places, edge) for edge in found.span()
        ):
            continue
        made += [text[end:start], MARK]
        end = places[found.end() - 1][1]
    return "".join([*made, text[end:]]) if made else text


def _goes_on(plain: str, places: list[tuple[int, int]], edge: int) -> bool:
    """True where two letters, or two digits, touch in the text: a word is cut there."""
    if not 0 < edge < len(plain) or places[edge - 1][1] != places[edge][0]:
        return False
    before, after = plain[edge - 1], plain[edge]
    return (before.isalpha() and after.isalpha()) or (before.isdigit() and after.isdigit())


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
