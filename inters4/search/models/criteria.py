"""What is asked, as the address of the page says it.

All the state of a search lives in its address, so that Back, bookmarks and mails work. Reading an
address never fails: what is unknown, malformed or without bound is left out. Parameter names are
French and stable; values are identifiers of the vocabulary.

Each link of the page repeats the search, so that a long text or hundreds of values would weigh
megabytes: the text is cut at `LINK_BYTES` once encoded, the values at `VALUES_LIMIT` in all.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field, replace
from itertools import accumulate
from types import MappingProxyType
from typing import Any, Protocol, Self
from urllib.parse import quote_plus

from indexer import SortOrder
from inters4.core.values import dataclass

TEXT_LIMIT = 20_000
LINK_BYTES = 2_400
PAGE_LIMIT = 500
VALUES_LIMIT = 20
_YEARS = range(1800, 2101)

PARAMETERS: Mapping[str, str] = MappingProxyType(
    {
        "kind": "type",
        "theme": "theme",
        "region": "region",
        "organisation": "organisation",
        "setting": "milieu",
        "population": "population",
        "profession": "profession",
        "stage": "etape",
        "evidence": "preuve",
        "maturity": "maturite",
        "language": "langue",
    }
)
"""Facet of the index -> name of its parameter in the address, in the order of the page."""

SORTS: Mapping[str, SortOrder] = MappingProxyType(
    {"pertinence": SortOrder.RELEVANCE, "date": SortOrder.DATE, "titre": SortOrder.TITLE}
)
_SORT_NAMES = {order: name for name, order in SORTS.items()}
_VALUE = re.compile(r"[a-z0-9][a-z0-9._-]{0,79}")
_UNREADABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")


class Arguments(Protocol):
    """What a parsed query string offers: every value given to a name."""

    def getlist(self, key: str, /) -> list[str]:
        """The values of `key`, in order; empty when there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """One search: the text, the chosen values by facet, the years, the order and the page."""

    text: str = ""
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    year_from: int | None = None
    year_to: int | None = None
    sort: SortOrder = SortOrder.RELEVANCE
    page: int = 1
    exact: bool = False

    @classmethod
    def from_args(cls, args: Arguments) -> Self:
        """Read an address; whatever cannot be read is as if it were absent."""
        years = sorted(
            year for year in (_year(args, "annee_min"), _year(args, "annee_max")) if year
        )
        is_range = len(years) == 2
        return cls(
            text=_text(_first(args, "q")),
            chosen=_chosen(args),
            year_from=years[0] if is_range else _year(args, "annee_min"),
            year_to=years[1] if is_range else _year(args, "annee_max"),
            sort=SORTS.get(_first(args, "tri"), SortOrder.RELEVANCE),
            page=min(_whole(_first(args, "page")) or 1, PAGE_LIMIT),
            exact=_first(args, "exact") == "1",
        )

    def changed(self, **changes: Any) -> Self:
        """The same search but for `changes`, from its first page unless `page` is given."""
        return replace(self, **{"page": 1, **changes})

    def pairs(self) -> Iterator[tuple[str, str]]:
        """The parameters in the order of the page.

        Defaults are left out, so that one search has one address.
        """
        if self.text:
            yield "q", self.text
        for facet, name in PARAMETERS.items():
            for value in self.chosen.get(facet, ()):
                yield name, value
        if self.year_from is not None:
            yield "annee_min", str(self.year_from)
        if self.year_to is not None:
            yield "annee_max", str(self.year_to)
        if self.sort is not SortOrder.RELEVANCE:
            yield "tri", _SORT_NAMES[self.sort]
        if self.exact:
            yield "exact", "1"
        if self.page > 1:
            yield "page", str(self.page)

    def without(self, facet: str, value: str) -> Self:
        """This search once `value` is no longer chosen."""
        left = tuple(other for other in self.chosen.get(facet, ()) if other != value)
        return self.changed(chosen=_with(self.chosen, facet, left))

    def choosing(self, facet: str, *values: str) -> Self:
        """This search with `values` as the only ones chosen in `facet`."""
        return self.changed(chosen=_with(self.chosen, facet, values))

    def without_years(self) -> Self:
        """This search whatever the year."""
        return self.changed(year_from=None, year_to=None)

    def without_filters(self) -> Self:
        """The text alone."""
        return self.changed(chosen={}, year_from=None, year_to=None)

    @property
    def has_years(self) -> bool:
        """True when a bound of the years is set."""
        return self.year_from is not None or self.year_to is not None

    @property
    def has_filters(self) -> bool:
        """True when something besides the text is asked."""
        return bool(self.chosen) or self.has_years

    @property
    def chosen_count(self) -> int:
        """How many filters are set; the years count for one."""
        return sum(len(values) for values in self.chosen.values()) + self.has_years

    @property
    def sort_name(self) -> str:
        """The order, as the address writes it."""
        return _SORT_NAMES[self.sort]


def _with(
    chosen: Mapping[str, tuple[str, ...]], facet: str, values: Iterable[str]
) -> dict[str, tuple[str, ...]]:
    kept = {**chosen, facet: tuple(values)}
    return {name: kept[name] for name in PARAMETERS if kept.get(name)}


def _first(args: Arguments, name: str) -> str:
    found = args.getlist(name)
    return found[0] if found else ""


def _text(value: str) -> str:
    readable = " ".join(_UNREADABLE.sub(" ", value[:TEXT_LIMIT]).split())
    if len(quote_plus(readable)) <= LINK_BYTES:
        return readable
    sizes = accumulate(len(quote_plus(character)) for character in readable)
    return readable[: sum(size <= LINK_BYTES for size in sizes)].strip()


def _chosen(args: Arguments) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    room = VALUES_LIMIT
    for facet, name in PARAMETERS.items():
        readable = (value for value in args.getlist(name) if _VALUE.fullmatch(value))
        if values := tuple(dict.fromkeys(readable))[:room]:
            found[facet] = values
            room -= len(values)
    return found


def _whole(value: str) -> int | None:
    """A number without sign, None for anything else; a huge one is as good as its first digits."""
    return int(value[:9]) if value.isascii() and value.isdigit() else None


def _year(args: Arguments, name: str) -> int | None:
    written = _first(args, name).strip()
    year = _whole(written) if len(written) == 4 else None
    return year if year in _YEARS else None
