"""The page of results, as templates draw it: words chosen, addresses still to be written.

Addresses are `Criteria`: whoever draws the page turns them into links.
"""

from collections.abc import Callable, Sequence
from datetime import date

from indexer import Correction, Segment, SortOrder
from inters4.core.citations import Citation
from inters4.core.paging import page_count
from inters4.core.values import dataclass
from inters4.search.models.criteria import PAGE_LIMIT, Criteria


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A document found; the attributes are those that `macros/hits.html` reads.

    `found_by` is the name it was found by, when neither title nor snippet says what was asked;
    `near` says why it is of the reader's own surroundings, empty when it is not; `note` what its
    reference says of a starter document; `citation` what is cited, the article of a summary for
    instance, None for the page itself.
    """

    key: str
    kind: str
    url: str
    title: tuple[Segment, ...]
    language: str = ""
    snippet: tuple[Segment, ...] = ()
    found_by: tuple[Segment, ...] = ()
    ratings: tuple[tuple[str, str], ...] = ()
    proposed: bool = False
    meta: tuple[str, ...] = ()
    near: str = ""
    day: date | None = None
    note: str = ""
    citation: Citation | None = None


@dataclass(frozen=True, slots=True)
class Shelf:
    """The latest documents of one kind, out of `total`; `criteria` finds them all."""

    kind: str
    label: str
    total: int
    cards: tuple[Card, ...]
    criteria: Criteria


@dataclass(frozen=True, slots=True)
class Option:
    """A value of a facet: choosing it gives `count` documents."""

    value: str
    label: str
    count: int
    chosen: bool = False
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Facet:
    """A facet with its values; `name` is its parameter in the address.

    Ticking a value moves none of its facet: each is counted with every filter but its own.

    `proposed` when some of the documents found have a rating that nobody reviewed.
    """

    name: str
    label: str
    options: tuple[Option, ...]
    proposed: bool = False


@dataclass(frozen=True, slots=True)
class YearBar:
    """How many documents of one year; `is_in` when the years asked for hold it."""

    year: int
    count: int
    is_in: bool


@dataclass(frozen=True, slots=True)
class Chip:
    """A chosen value, and the search without it."""

    facet: str
    label: str
    without: Criteria


@dataclass(frozen=True, slots=True)
class NearFilter:
    """A filter on where the reader works, one tap away: choosing it gives `count` documents."""

    label: str
    value: str
    count: int
    criteria: Criteria


@dataclass(frozen=True, slots=True)
class WayOut:
    """A search that finds something, offered where nothing was found."""

    label: str
    count: int
    criteria: Criteria


@dataclass(frozen=True, slots=True)
class UnknownValue:
    """A field typed with a value that finds nothing, and the values that would."""

    field: str
    typed: str
    known: tuple[WayOut, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    """Everything the page says.

    Attributes:
        total: all that matches; the first `total_all_words` hold every word.
        partial_from: index in `cards` of the first that holds only some of the words; None when
            there is none on this page.
        is_fallback: an older index answers while the present one is repaired: no facet.
        near: filters on the reader's own region and profession, those not yet chosen.
        ways_out: when nothing was found, what would be.
        unknown: when nothing was found, the fields whose value finds nothing by itself.
        themes: when nothing was found, where to browse.
    """

    criteria: Criteria
    total: int
    total_all_words: int
    cards: tuple[Card, ...]
    partial_from: int | None = None
    facets: tuple[Facet, ...] = ()
    years: tuple[YearBar, ...] = ()
    chips: tuple[Chip, ...] = ()
    correction: Correction | None = None
    also_searched: tuple[str, ...] = ()
    is_fallback: bool = False
    near: tuple[NearFilter, ...] = ()
    ways_out: tuple[WayOut, ...] = ()
    unknown: tuple[UnknownValue, ...] = ()
    themes: Sequence[WayOut] = ()

    @property
    def pages(self) -> int:
        """How many pages there are to turn."""
        return min(page_count(self.total), PAGE_LIMIT)

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What the form of filters sends besides what it shows."""
        asked = self.criteria.without_filters().changed(sort=SortOrder.RELEVANCE)
        return list(asked.pairs())

    @property
    def year_bars(self) -> list[tuple[int, int, bool]]:
        """The years, as the macro that draws them reads them."""
        return [(bar.year, bar.count, bar.is_in) for bar in self.years]

    def chip_links(self, address: Callable[[Criteria], str]) -> list[tuple[str, str, str]]:
        """The chips, as the macro that draws them reads them."""
        return [(chip.facet, chip.label, address(chip.without)) for chip in self.chips]

    def address_of(self, address: Callable[[Criteria], str]) -> Callable[[int], str]:
        """The address of each page of these results."""
        return lambda number: address(self.criteria.changed(page=number))
