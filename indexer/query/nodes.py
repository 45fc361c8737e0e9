"""The tree of a query. Leaves are what a backend looks up, the rest says how they combine."""

from collections.abc import Iterator
from dataclasses import dataclass, field

__all__ = [
    "And",
    "FacetLeaf",
    "Group",
    "Leaf",
    "Node",
    "Not",
    "Or",
    "PrefixLeaf",
    "Slot",
    "Synonym",
    "WordLeaf",
    "Written",
    "YearLeaf",
    "positive_leaves",
]


@dataclass(frozen=True, slots=True)
class Slot:
    """One word of a pattern: a stem, `offset` positions after the first word."""

    offset: int
    stem: str


@dataclass(frozen=True, slots=True)
class Synonym:
    r"""Another way to say it, `text`: a pattern whose score counts for `weight`.

    `written` confines it to documents that hold this word of the dictionary: a guarded acronym
    found for its long form must stand there in capitals (`gap\tGAP`).
    """

    text: str
    slots: tuple[Slot, ...]
    weight: float
    written: str | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """What was typed for a leaf, and where it begins in the query."""

    text: str
    start: int

    @property
    def end(self) -> int:
        """Where it ends in the query."""
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class WordLeaf:
    """A word or a phrase, matched when one of its patterns or synonyms is.

    A pattern of several slots is a phrase. `forms` are the folded forms typed: a document that
    holds them all ranks above one that holds only relatives of them. `accents` is the one form as
    typed when it bears accents: a document that holds it only with others (`péché`, `pêche`) ranks
    below both. An optional leaf (a stop word
    of one language that is a word of another) adds to the score and demands nothing. `in_title`
    confines it to the title. `is_quoted` asks for these very words, no synonym.
    """

    patterns: tuple[tuple[Slot, ...], ...]
    forms: tuple[str, ...] = ()
    accents: str = ""
    synonyms: tuple[Synonym, ...] = ()
    is_optional: bool = False
    in_title: bool = False
    is_quoted: bool = False
    written: Written | None = field(default=None, compare=False)

    @property
    def stems(self) -> tuple[str, ...]:
        """Those of its patterns that are one word."""
        return tuple(pattern[0].stem for pattern in self.patterns if len(pattern) == 1)


@dataclass(frozen=True, slots=True)
class PrefixLeaf:
    """Every word that begins like this; `stems` are those of the prefix read as a whole word."""

    prefix: str
    stems: tuple[str, ...]
    in_title: bool = False


@dataclass(frozen=True, slots=True)
class FacetLeaf:
    """A value of a facet, as typed (folded): see `indexer.evaluation.filters.facet_holds`.

    `named` are the values that bear what was typed as their name. `is_prefix`: the last word typed
    is but the beginning of one.
    """

    facet: str
    value: str
    named: tuple[str, ...] = ()
    is_prefix: bool = False
    written: Written | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class YearLeaf:
    """A year or a range of years, ends included."""

    first: int
    last: int


Leaf = WordLeaf | PrefixLeaf | FacetLeaf | YearLeaf


@dataclass(frozen=True, slots=True)
class Group:
    """Words side by side: best when all are there, fair when some are."""

    children: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class And:
    """Every child."""

    children: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one child."""

    children: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Everything but the child."""

    child: "Node"


Node = Leaf | Group | And | Or | Not


def positive_leaves(node: Node | None) -> Iterator[Leaf]:
    """The leaves that a document may be found for, in the order typed."""
    match node:
        case None | Not():
            return
        case Group(children) | And(children) | Or(children):
            for child in children:
                yield from positive_leaves(child)
        case _:
            yield node
