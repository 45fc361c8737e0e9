"""What is asked: the words, what they mean here, and how the answer is to be cut."""

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, field
from enum import StrEnum
from types import MappingProxyType

__all__ = ["Names", "SearchRequest", "SortOrder", "SynonymGroup", "Synonyms"]

_NO_FILTERS: Mapping[str, frozenset[str]] = MappingProxyType({})
_NO_NAMES: Mapping[str, Mapping[str, tuple[str, ...]]] = MappingProxyType({})


class SortOrder(StrEnum):
    """How hits are ordered; documents holding every word come first in each of them."""

    RELEVANCE = "relevance"
    DATE = "date"
    TITLE = "title"


@dataclass(frozen=True, slots=True)
class SynonymGroup:
    """Terms that mean the same. A guarded acronym expands only when typed in capitals.

    When some are `general`, the group goes one way: whoever types any of its terms is shown what
    says a general one, and who types a general one is not shown what says a precise one.

    `broader` names, by their `id`, the groups that mean something wider: whoever types a term of
    those is shown what says this one as well, after the rest.
    """

    terms: tuple[str, ...]
    guarded: frozenset[str] = frozenset()
    general: frozenset[str] = frozenset()
    id: str = ""
    broader: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Synonyms:
    """The synonyms of the vocabulary; `version` changes whenever `groups` does."""

    version: str = ""
    groups: tuple[SynonymGroup, ...] = ()


@dataclass(frozen=True, slots=True)
class Names:
    """What values of facets are called, so that `region:montréal` means `rss06`.

    `by_facet` gives the names of each value, in any language; `version` changes whenever it does,
    and alone tells two of them apart.
    """

    version: str = ""
    by_facet: Mapping[str, Mapping[str, tuple[str, ...]]] = field(
        default_factory=lambda: _NO_NAMES, compare=False
    )


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """One question.

    `audiences` are the containers the reader may see; nothing outside them is ever found, counted
    or suggested. `filters` hold OR within a facet and AND across facets; a value stands for
    everything under it. `exact` switches synonyms and correction off. `names` say what the values
    of typed fields are called. `languages` keeps only documents in these languages, all of them
    when empty.
    """

    text: str = ""
    _: KW_ONLY
    audiences: frozenset[str]
    filters: Mapping[str, frozenset[str]] = field(default_factory=lambda: _NO_FILTERS)
    year_from: int | None = None
    year_to: int | None = None
    facets: tuple[str, ...] = ()
    years: bool = False
    sort: SortOrder = SortOrder.RELEVANCE
    offset: int = 0
    limit: int = 20
    snippets: bool = True
    exact: bool = False
    synonyms: Synonyms = field(default_factory=Synonyms)
    names: Names = field(default_factory=Names)
    languages: frozenset[str] = frozenset()
