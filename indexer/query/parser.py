"""Lexemes to a tree, by recursive descent with a depth limit.

    either := both (OU both)*
    both   := group (ET group)*
    group  := unit+                     words side by side
    unit   := [- | SAUF] (word | phrase | prefix | field:value | "(" either ")")

An operator without its operand is a word. A parenthesis that matches nothing, or lies deeper than
`DEEPEST`, is passed over.
"""

from collections.abc import Callable, Sequence

from indexer.query.lexer import Kind, Lexeme
from indexer.query.nodes import And, Group, Node, Not, Or

__all__ = ["DEEPEST", "parse"]

DEEPEST = 20
MOST_PARENTHESES = 2_000

_OPERATORS = {Kind.AND, Kind.OR, Kind.NOT}

LeafMaker = Callable[[Lexeme], Node | None]


def parse(lexemes: Sequence[Lexeme], *, make_leaf: LeafMaker) -> Node | None:
    """The tree of `lexemes`, whose leaves `make_leaf` builds (None for a word that says nothing).

    None when nothing is left.
    """
    return _Parser(_settle(lexemes), make_leaf).read()


def _settle(lexemes: Sequence[Lexeme]) -> list[Lexeme]:
    """The lexemes with balanced parentheses and no operator lacking an operand."""
    return _without_idle_operators(_balanced(lexemes))


def _balanced(lexemes: Sequence[Lexeme]) -> list[Lexeme]:
    """Drop the parentheses that match nothing, lie too deep or are too many."""
    kept: set[int] = set()
    opened: list[int] = []
    parentheses = 0
    for at, lexeme in enumerate(lexemes):
        if lexeme.kind not in (Kind.OPEN, Kind.CLOSE):
            continue
        parentheses += 1
        if parentheses > MOST_PARENTHESES:
            break
        if lexeme.kind is Kind.OPEN:
            opened.append(at)
        elif opened:
            depth = len(opened)
            start = opened.pop()
            if depth <= DEEPEST:
                kept.update((start, at))
    return [
        lexeme
        for at, lexeme in enumerate(lexemes)
        if lexeme.kind not in (Kind.OPEN, Kind.CLOSE) or at in kept
    ]


def _without_idle_operators(lexemes: list[Lexeme]) -> list[Lexeme]:
    """Turn each operator that lacks an operand into a word."""
    settled: list[Lexeme] = []
    for at, lexeme in enumerate(lexemes):
        if lexeme.kind in _OPERATORS:
            before = settled[-1].kind if settled else None
            after = lexemes[at + 1].kind if at + 1 < len(lexemes) else None
            begins = after is not None and after not in {Kind.AND, Kind.OR, Kind.CLOSE}
            if lexeme.kind is Kind.NOT:
                is_idle = not begins or after is Kind.NOT
            else:
                is_idle = not begins or before in {None, Kind.OPEN, *_OPERATORS}
            if is_idle:
                settled.append(Lexeme(Kind.WORD, lexeme.text.lower(), lexeme.start))
                continue
        settled.append(lexeme)
    return settled


class _Parser:
    """Reads settled lexemes; every method returns None when its part says nothing."""

    def __init__(self, lexemes: list[Lexeme], make_leaf: LeafMaker) -> None:
        self._lexemes = lexemes
        self._make_leaf = make_leaf
        self._at = 0

    def read(self) -> Node | None:
        parts = []
        while self._at < len(self._lexemes):
            parts.append(self._either())
            if self._peek() is Kind.CLOSE:
                self._at += 1
        return _join(parts, Group)

    def _peek(self) -> Kind | None:
        return self._lexemes[self._at].kind if self._at < len(self._lexemes) else None

    def _either(self) -> Node | None:
        parts = [self._both()]
        while self._peek() is Kind.OR:
            self._at += 1
            parts.append(self._both())
        return _join(parts, Or)

    def _both(self) -> Node | None:
        parts = [self._group()]
        while self._peek() is Kind.AND:
            self._at += 1
            parts.append(self._group())
        return _join(parts, And)

    def _group(self) -> Node | None:
        parts = []
        while self._peek() not in (None, Kind.AND, Kind.OR, Kind.CLOSE):
            parts.append(self._unit())
        return _join(parts, Group)

    def _unit(self) -> Node | None:
        lexeme = self._lexemes[self._at]
        self._at += 1
        if lexeme.kind is Kind.NOT and self._peek() not in (None, Kind.AND, Kind.OR, Kind.CLOSE):
            child = self._unit()
            return None if child is None else Not(child)
        if lexeme.kind is Kind.OPEN:
            inside = self._either()
            if self._peek() is Kind.CLOSE:
                self._at += 1
            return inside
        return self._make_leaf(lexeme)


def _join(parts: list[Node | None], container: type[Group | And | Or]) -> Node | None:
    said = [part for part in parts if part is not None]
    if len(said) <= 1:
        return said[0] if said else None
    return container(tuple(said))
