"""Cutting text into tokens, by offsets in the original text.

Decision: cut first and fold each token afterwards, so that offsets need no translation. A token
with inner hyphens or apostrophes (`télé-santé`, `gmf-u`, `8-1-1`) is kept whole *and* split; the
whole and its first part share a position, so that phrases match either way.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from indexer.analysis.fold import APOSTROPHES, HYPHENS, fold

__all__ = ["Token", "split_runs", "tokenize"]

LONGEST_TOKEN = 64
"""Longer runs are base64, addresses or noise: cut, so that no term is ever huge."""

_INVISIBLE = "\u00ad\u200b-\u200d\u2060\ufeff"
_LETTERS = rf"(?:[^\W_]++|[\u0300-\u036f{_INVISIBLE}]++)++"
_JOINER = "[" + re.escape(APOSTROPHES + HYPHENS) + "&]"
_RUN = re.compile(
    rf"(?P<dotted>(?<!\w)(?:[^\W\d_]\.){{2,}}(?:[^\W\d_](?!\w))?)"
    rf"|(?P<sharp>(?<!\w)[A-Za-z](?:\+\+|\#))"
    rf"|(?P<word>{_LETTERS}(?:{_JOINER}{_LETTERS})*)"
)
_RUNS = re.compile("(" + re.sub(r"\?P<\w+>", "?:", _RUN.pattern) + ")")
_PART = re.compile(_LETTERS)
_APOSTROPHE = re.compile("[" + re.escape(APOSTROPHES) + "]")

_ELIDED = frozenset(
    ["l", "d", "j", "m", "t", "s", "c", "n", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu", "quelqu"]
)
_ENCLITIC = re.compile(
    rf"(?:[{re.escape(HYPHENS)}]t)?[{re.escape(HYPHENS)}]"
    rf"(?P<pronoun>{_LETTERS})",
    re.IGNORECASE,
)
_PRONOUNS = frozenset(["il", "ils", "elle", "elles", "on", "je", "tu", "ce", "ci", "la"])
_LONGEST_ENCLITIC = 8


@dataclass(frozen=True, slots=True)
class Token:
    """A folded word and where it stands: `text[start:end]` is what was written.

    `parts` are the folded words of a compound, which `form` puts together.
    """

    form: str
    position: int
    start: int
    end: int
    is_capitals: bool
    parts: tuple[str, ...] = ()


def split_runs(text: str) -> list[str]:
    """`text` cut at its runs of letters and joiners: gap, run, gap, run, ..., gap.

    What tokens come of a run depends on it alone.
    """
    return _RUNS.split(text)


def tokenize(text: str) -> Iterator[Token]:
    """The tokens of `text` in order; tokens of one position are spellings of one place."""
    position = 0
    for run in _RUN.finditer(text):
        if run.lastgroup == "word":
            for token in _cut(run.group(), run.start(), position):
                yield token
                position = max(position, token.position + 1)
        else:
            form = fold(run.group()).replace(".", "")
            yield Token(form, position, run.start(), run.end(), is_capitals=True)
            position += 1


def _cut(word: str, start: int, position: int) -> Iterator[Token]:
    """The tokens of one run of letters and joiners."""
    begin = 0
    while (mark := _APOSTROPHE.search(word, begin)) and fold(word[begin : mark.start()]) in _ELIDED:
        begin = mark.end()
    start, word = start + begin, word[begin:]
    if len(word) > 2 and _APOSTROPHE.match(word[-2]) and word[-1] in "sS":
        word = word[:-2]
    word = _without_enclitic(word)
    parts = list(_PART.finditer(word))
    if len(parts) > 1:
        folded = tuple(fold(part.group()) for part in parts)
        whole = "".join(folded)
        if 0 < len(whole) <= LONGEST_TOKEN:
            yield Token(whole, position, start, start + len(word), word.isupper(), folded)
    for part in parts:
        form = fold(part.group())[:LONGEST_TOKEN]
        if form:
            yield Token(
                form, position, start + part.start(), start + part.end(), part.group().isupper()
            )
            position += 1


def _without_enclitic(word: str) -> str:
    """A verb without the pronoun of a question: `obtient-il`, `cherche-t-on`, `celui-ci`."""
    for at in range(max(1, len(word) - _LONGEST_ENCLITIC), len(word) - 2):
        if word[at] not in HYPHENS:
            continue
        found = _ENCLITIC.fullmatch(word, at)
        if found and fold(found["pronoun"]) in _PRONOUNS:
            return word[:at]
    return word
