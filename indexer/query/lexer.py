"""Cutting a query into lexemes.

Nothing is an error: what is not one of the few marks of the language is a word. Length is bounded
here, before anything costs time.
"""

from dataclasses import dataclass
from enum import StrEnum

from indexer.analysis import fold, shouts, tokenize
from indexer.query.fields import FIELDS

__all__ = [
    "LONGEST_ACRONYM",
    "LONGEST_QUERY",
    "MOST_WORDS",
    "Kind",
    "Lexeme",
    "capitals_count",
    "cut_query",
]

LONGEST_QUERY = 20_000
MOST_WORDS = 500
SHORTEST_PREFIX = 3
LONGEST_ACRONYM = 6


class Kind(StrEnum):
    """What a lexeme is."""

    WORD = "word"
    PHRASE = "phrase"
    PREFIX = "prefix"
    AND = "and"
    OR = "or"
    NOT = "not"
    OPEN = "("
    CLOSE = ")"


@dataclass(frozen=True, slots=True)
class Lexeme:
    """A piece of the query, `text` beginning at `start`.

    `field` names what stood before its colon, if anything did.
    """

    kind: Kind
    text: str
    start: int = 0
    field: str | None = None


_OPERATORS = {
    "ET": Kind.AND,
    "AND": Kind.AND,
    "OU": Kind.OR,
    "OR": Kind.OR,
    "SAUF": Kind.NOT,
    "NOT": Kind.NOT,
}
_QUOTES = {'"': '"', "«": "»", "“": "”", "„": "”", "”": "”"}
_MINUS = "-‐‑−"
_WORD_ENDS = frozenset('()"«»“”„')


def cut_query(text: str) -> tuple[list[Lexeme], bool]:
    """The lexemes of `text`, and whether something was left out for being too long."""
    is_cut = len(text) > LONGEST_QUERY
    text = text[:LONGEST_QUERY]
    operators = _OPERATORS if capitals_count(text) else {}
    lexemes: list[Lexeme] = []
    words = at = 0
    while at < len(text):
        if words >= MOST_WORDS:
            return lexemes, True
        letter = text[at]
        if letter.isspace():
            at += 1
        elif letter in "()":
            lexemes.append(Lexeme(Kind(letter), letter, at))
            at += 1
        elif letter in _QUOTES:
            phrase, at = _quoted(text, at)
            if phrase:
                lexemes.append(phrase)
                words += len(phrase.text.split())
        elif letter in _MINUS and _is_exclusion(text, at):
            lexemes.append(Lexeme(Kind.NOT, letter, at))
            at += 1
        elif letter in _WORD_ENDS:
            at += 1
        else:
            lexeme, at = _chunk(text, at, operators)
            lexemes.append(lexeme)
            words += 1
    return lexemes, is_cut


def capitals_count(text: str) -> bool:
    """Whether capitals tell operators and acronyms: not all is in capitals, or all are acronyms."""
    if not shouts(text):
        return True
    return not any(len(word.strip('()"-:*«»“”')) > LONGEST_ACRONYM for word in text.split())


def _quoted(text: str, at: int, field: str | None = None) -> tuple[Lexeme | None, int]:
    """The phrase that opens at `at` (None for a lone quote), and where to go on."""
    end = text.find(_QUOTES[text[at]], at + 1)
    if end < 0:
        return None, at + 1
    inside = text[at + 1 : end]
    start = at + 1 + len(inside) - len(inside.lstrip())
    phrase = Lexeme(Kind.PHRASE, inside.strip(), start, field)
    return phrase if phrase.text else None, end + 1


def _is_exclusion(text: str, at: int) -> bool:
    """Whether the minus at `at` stands before something and after nothing."""
    stands_alone = at == 0 or text[at - 1].isspace() or text[at - 1] == "("
    following = text[at + 1 : at + 2]
    return stands_alone and (following.isalnum() or following in ("(", '"', "«", "“"))


def _chunk(text: str, at: int, operators: dict[str, Kind]) -> tuple[Lexeme, int]:
    """The run of letters at `at` read as an operator, a field, a prefix or a word."""
    end = at
    while end < len(text) and not text[end].isspace() and text[end] not in _WORD_ENDS:
        end += 1
    chunk = text[at:end]
    if chunk in operators:
        return Lexeme(operators[chunk], chunk, at), end
    name, colon, value = chunk.partition(":")
    field = FIELDS.get(fold(name)) if colon else None
    if field is None:
        return _word(chunk, at), end
    if value:
        return _word(value, end - len(value), field), end
    if text[end : end + 1] in _QUOTES and end < len(text):
        phrase, after = _quoted(text, end, field)
        if phrase:
            return phrase, after
    return _word(chunk, at), end


def _word(chunk: str, start: int, field: str | None = None) -> Lexeme:
    """A word, or a prefix when it ends with a star after three letters of one word."""
    if chunk.endswith("*"):
        first = next(tokenize(chunk), None)
        if first and first.end == len(chunk) - 1 and len(first.form) >= SHORTEST_PREFIX:
            return Lexeme(Kind.PREFIX, chunk[first.start : -1], start + first.start, field)
    return Lexeme(Kind.WORD, chunk, start, field)
