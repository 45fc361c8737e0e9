"""Cutting text into tokens, by offsets in the original text.

Decision: cut first and fold each token afterwards, so that offsets need no translation. A token
with inner hyphens or apostrophes (`télé-santé`, `gmf-u`, `8-1-1`) is kept whole *and* split; the
whole and its first part share a position, so that phrases match either way.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from indexer.analysis.fold import APOSTROPHES, HYPHENS, fold

__all__ = ["RUN", "Token", "pieces_of", "tokenize", "width_of"]

LONGEST_TOKEN = 64
"""Longer runs are base64, addresses or noise: cut, so that no term is ever huge."""

_INVISIBLE = "\u00ad\u200b-\u200d\u2060\ufeff"
_LETTER = rf"[^\W_]|[\u0300-\u036f{_INVISIBLE}]"
_JOINER = "[" + re.escape(APOSTROPHES + HYPHENS) + "&]"
RUN = re.compile(
    rf"(?P<dotted>(?<!\w)(?:[^\W\d_]\.){{2,}}(?:[^\W\d_](?!\w))?)"
    rf"|(?P<sharp>(?<!\w)[A-Za-z](?:\+\+|\#))"
    rf"|(?P<word>(?:{_LETTER})+(?:{_JOINER}(?:{_LETTER})+)*)"
)
_PART = re.compile(rf"(?:{_LETTER})+")
_APOSTROPHE = re.compile("[" + re.escape(APOSTROPHES) + "]")

_ELIDED = frozenset(
    ["l", "d", "j", "m", "t", "s", "c", "n", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu", "quelqu"]
)


@dataclass(frozen=True, slots=True)
class Token:
    """A folded word and where it stands: `text[start:end]` is what was written."""

    form: str
    position: int
    start: int
    end: int
    is_capitals: bool


def tokenize(text: str) -> Iterator[Token]:
    """The tokens of `text` in order; tokens of one position are spellings of one place."""
    position = 0
    for run in RUN.finditer(text):
        start, pieces = run.start(), pieces_of(run)
        for piece in pieces:
            yield Token(
                piece.form,
                position + piece.position,
                start + piece.start,
                start + piece.end,
                piece.is_capitals,
            )
        position += width_of(pieces)


def width_of(pieces: tuple[Token, ...]) -> int:
    """How many positions a run takes."""
    return pieces[-1].position + 1 if pieces else 0


def pieces_of(run: re.Match[str]) -> tuple[Token, ...]:
    """The tokens of one run, as if a text began with it."""
    return _pieces(run.group()) if run.lastgroup == "word" else _sign(run.group())


@lru_cache(maxsize=65_536)
def _pieces(word: str) -> tuple[Token, ...]:
    """The tokens of one run of letters and joiners, as if a text began with it.

    A language has few words and texts repeat them: each is cut once.
    """
    return tuple(_cut(word, 0, 0))


def _sign(written: str) -> tuple[Token, ...]:
    """`C++` or `C.L.S.C.`: one token."""
    return (Token(fold(written).replace(".", ""), 0, 0, len(written), is_capitals=True),)


def _cut(word: str, start: int, position: int) -> Iterator[Token]:
    while (mark := _APOSTROPHE.search(word)) and fold(word[: mark.start()]) in _ELIDED:
        start += mark.end()
        word = word[mark.end() :]
    if len(word) > 2 and _APOSTROPHE.match(word[-2]) and word[-1] in "sS":
        word = word[:-2]
    parts = list(_PART.finditer(word))
    if len(parts) > 1:
        whole = "".join(fold(part.group()) for part in parts)
        if 0 < len(whole) <= LONGEST_TOKEN:
            yield Token(whole, position, start, start + len(word), word.isupper())
    for part in parts:
        form = fold(part.group())[:LONGEST_TOKEN]
        if form:
            yield Token(
                form, position, start + part.start(), start + part.end(), part.group().isupper()
            )
            position += 1
