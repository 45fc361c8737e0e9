"""Words of the query to leaves, through the analysis chains; the whole reading in one call.

Each word runs through the chain of every language. What one chain holds for a stop word and
another for a word is optional: it may raise a score, and its absence costs nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from indexer.analysis import (
    APOSTROPHES,
    HALF_STOP_WORDS,
    LANGUAGES,
    STOP_WORDS,
    Term,
    accents_of,
    analyse,
    fold,
    shouts,
    tokenize,
)
from indexer.query.fields import TITLE, YEAR, read_years
from indexer.query.lexer import MOST_WORDS, Kind, Lexeme, cut_query
from indexer.query.nodes import (
    And,
    FacetLeaf,
    Group,
    Node,
    Or,
    PrefixLeaf,
    Slot,
    WordLeaf,
    Written,
    positive_leaves,
)
from indexer.query.parser import parse

__all__ = ["Query", "read_pattern", "read_query", "read_words"]

_ELIDING = frozenset(APOSTROPHES)


@dataclass(frozen=True, slots=True)
class Query:
    """A query read.

    `is_blank`: nothing was typed, so that everything answers. `root` is None when nothing can be
    looked up. `is_strict`: quotes or ET demand every word. `is_cut`: the end was left out.
    """

    text: str
    root: Node | None
    is_strict: bool = False
    is_cut: bool = False

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed."""
        return not self.text.strip()


def read_query(text: str) -> Query:
    """Read any text whatever; never fails."""
    lexemes, is_cut = cut_query(text)
    compiler = _Compiler(text, keep_stop_words=False)
    root = parse(lexemes, make_leaf=compiler.leaf)
    if _demands_nothing(root):
        compiler = _Compiler(text, keep_stop_words=True)
        root = _sparing(parse(lexemes, make_leaf=compiler.leaf))
    is_strict = _demands_all(root)
    return Query(text, root, is_strict=is_strict, is_cut=is_cut or compiler.is_full)


def read_words(text: str) -> tuple[WordLeaf, ...]:
    """The words of a plain text, without grammar, those that demand something."""
    node = _Compiler(text, keep_stop_words=False).leaf(Lexeme(Kind.WORD, text))
    leaves = (leaf for leaf in positive_leaves(node) if isinstance(leaf, WordLeaf))
    return tuple(leaf for leaf in leaves if not leaf.is_optional)


def read_pattern(text: str) -> tuple[tuple[Slot, ...], ...]:
    """The patterns of `text` as a phrase, one a language."""
    leaf = _Compiler(text, keep_stop_words=False).leaf(Lexeme(Kind.PHRASE, text))
    return leaf.patterns if isinstance(leaf, WordLeaf) else ()


def _demands_all(node: Node | None) -> bool:
    """Whether quotes or ET stand anywhere but under an exclusion."""
    match node:
        case And():
            return True
        case Group(children) | Or(children):
            return any(_demands_all(child) for child in children)
        case WordLeaf():
            return node.is_quoted
        case _:
            return False


def _demands_nothing(root: Node | None) -> bool:
    leaves = list(positive_leaves(root))
    if root is not None and not leaves:
        return False
    return all(isinstance(leaf, WordLeaf) and leaf.is_optional for leaf in leaves)


def _sparing(root: Node | None) -> Node | None:
    """Of words that are all stop words somewhere (`le but`), those of French made optional.

    `thé` alone is a word, and so is `mais` when there is nothing else.
    """
    if all(isinstance(leaf, WordLeaf) and _is_small(leaf) for leaf in positive_leaves(root)):
        return root
    return _spared(root)


def _spared(node: Node | None) -> Node | None:
    match node:
        case WordLeaf():
            return replace(node, is_optional=_is_small(node))
        case Group(children) | And(children) | Or(children):
            return type(node)(tuple(made for child in children if (made := _spared(child))))
        case _:
            return node


def _is_small(leaf: WordLeaf) -> bool:
    return leaf.written is not None and fold(leaf.written.text) in STOP_WORDS["fr"]


class _Compiler:
    """Makes leaves, at most `MOST_WORDS` of them."""

    def __init__(self, context: str, *, keep_stop_words: bool) -> None:
        self._context = context
        self._capitals_mean_acronym = not shouts(context)
        self._keep_stop_words = keep_stop_words
        self._made = 0

    @property
    def is_full(self) -> bool:
        return self._made >= MOST_WORDS

    def leaf(self, lexeme: Lexeme) -> Node | None:
        if self.is_full:
            return None
        self._made += 1
        if lexeme.field is None or lexeme.field == TITLE:
            return self._text(lexeme)
        if lexeme.field == YEAR:
            return read_years(lexeme.text) or self._text(replace(lexeme, field=None))
        written = Written(lexeme.text, lexeme.start)
        if lexeme.kind is Kind.PREFIX:
            beginning = next(tokenize(lexeme.text)).form
            return FacetLeaf(lexeme.field, beginning, is_prefix=True, written=written)
        value = fold(lexeme.text).strip()
        return FacetLeaf(lexeme.field, value, written=written) if value else None

    def _text(self, lexeme: Lexeme) -> Node | None:
        in_title = lexeme.field == TITLE
        typed = Written(lexeme.text, lexeme.start)
        match lexeme.kind:
            case Kind.PREFIX:
                return self._prefix(lexeme.text, in_title=in_title)
            case Kind.PHRASE:
                return self._phrase(typed, in_title=in_title)
            case _:
                return self._words(typed, in_title=in_title)

    def _prefix(self, text: str, *, in_title: bool) -> Node:
        terms = [
            next(self._analyse(text, language, keep_stop_words=True)) for language in LANGUAGES
        ]
        stems = tuple(dict.fromkeys(term.stem for term in terms))
        return PrefixLeaf(terms[0].form, stems, in_title=in_title)

    def _phrase(self, typed: Written, *, in_title: bool) -> Node | None:
        units = list(_units(typed))
        if len(units) == 1:
            leaf = self._unit(units[0], in_title=in_title)
            return leaf and replace(leaf, is_quoted=True, is_optional=False)
        patterns = []
        forms: dict[str, None] = {}
        for language in LANGUAGES:
            terms = _parts(list(self._analyse(typed.text, language)))[:MOST_WORDS]
            if terms:
                patterns.append(_pattern(terms))
                forms = forms or dict.fromkeys(term.form for term in terms)
        if not patterns:
            return None
        return WordLeaf(
            tuple(dict.fromkeys(patterns)),
            forms=tuple(forms),
            in_title=in_title,
            is_quoted=True,
            written=typed,
        )

    def _words(self, typed: Written, *, in_title: bool) -> Node | None:
        leaves: list[Node] = []
        for unit in _units(typed):
            if self.is_full:
                break
            leaf = self._unit(unit, in_title=in_title)
            if leaf is not None:
                leaves.append(leaf)
                self._made += len(leaves) > 1
        if len(leaves) <= 1:
            return leaves[0] if leaves else None
        return Group(tuple(leaves))

    def _unit(self, typed: Written, *, in_title: bool) -> WordLeaf | None:
        """One word, whole and in its parts when it has any."""
        text = typed.text
        if not self._is_sought(typed):
            return None
        patterns: list[tuple[Slot, ...]] = []
        forms: tuple[str, ...] = ()
        is_optional = False
        for language in LANGUAGES:
            terms = list(self._analyse(text, language))
            is_optional = is_optional or not terms
            if not terms:
                continue
            forms = forms or (terms[0].form,)
            parts = _parts(terms)
            if parts != terms:
                patterns.append(_pattern(terms[:1]))
            if len(parts) > 1 or _is_whole(parts, text, language):
                patterns.append(_pattern(parts))
        if not patterns:
            return None
        return WordLeaf(
            tuple(dict.fromkeys(patterns)),
            forms=forms,
            accents=accents_of(text) if fold(text) in forms else "",
            is_optional=is_optional,
            in_title=in_title,
            written=typed,
        )

    def _is_sought(self, typed: Written) -> bool:
        """Whether a word that may be a stop word is one: `été`, but not `l’été`."""
        if self._keep_stop_words or fold(typed.text) not in HALF_STOP_WORDS:
            return True
        return self._context[typed.start - 1 : typed.start] in _ELIDING

    def _analyse(
        self, text: str, language: str, *, keep_stop_words: bool | None = None
    ) -> Iterator[Term]:
        return analyse(
            text,
            language,
            keep_stop_words=self._keep_stop_words if keep_stop_words is None else keep_stop_words,
            capitals_mean_acronym=self._capitals_mean_acronym,
        )


def _units(typed: Written) -> Iterator[Written]:
    """The words of a text as written, a compound counting for one."""
    end = -1
    for token in tokenize(typed.text):
        if token.start >= end:
            end = token.end
            yield Written(typed.text[token.start : token.end], typed.start + token.start)


def _parts(terms: list[Term]) -> list[Term]:
    """The terms without the compounds that others are parts of."""
    return [
        term
        for at, term in enumerate(terms)
        if at + 1 == len(terms) or terms[at + 1].start >= term.end
    ]


def _is_whole(parts: list[Term], text: str, language: str) -> bool:
    """Whether these are all the parts of `text`: none is a stop word. Letters alone have one."""
    return text.isalnum() or len(parts) == len(
        _parts(list(analyse(text, language, keep_stop_words=True)))
    )


def _pattern(terms: list[Term]) -> tuple[Slot, ...]:
    first = terms[0].position
    return tuple(Slot(term.position - first, term.stem) for term in terms)
