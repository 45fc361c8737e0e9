"""`/pratiques`: the sheets, narrowed, sorted, page by page; the same list as a file and a feed."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inters4.core.access import ANONYMOUS
from inters4.core.db import reading
from inters4.core.tables import CSV
from inters4.core.values import dataclass
from inters4.core.web.downloads import as_file
from inters4.core.web.feeds import atom_response
from inters4.core.web.requests import public, site, viewer
from inters4.practices import queries
from inters4.practices.exports.citing import address_of, feed_entries, feed_of
from inters4.practices.exports.tables import practices_csv
from inters4.practices.models import RatingStatus
from inters4.practices.queries import FEED_SIZE, FILTERS, Filters, Order
from inters4.practices.views.blueprint import bp
from inters4.practices.views.cards import cards_of
from inters4.vocabulary.queries import Vocabulary, vocabulary

PARAMETERS: Mapping[str, tuple[str, str]] = {
    "theme": ("theme", "themes"),
    "region": ("region", "regions"),
    "setting": ("milieu", "settings"),
    "population": ("population", "populations"),
    "profession": ("profession", "professions"),
    "stage": ("etape", "implementation_stage"),
    "maturity": ("maturite", "maturity"),
    "evidence": ("preuve", "evidence_strength"),
}
"""Filter -> its name in the address, as in searches, and its scheme."""
ALWAYS_SHOWN = frozenset({"theme", "region", "population"})
"""Filters that most readers use: the others are folded under « Plus de filtres »."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for; what cannot be read is as if it were absent."""

    filters: Filters
    order: Order

    @property
    def is_narrowed(self) -> bool:
        """True when something is left out."""
        return any(self.value(name) for name in FILTERS)

    @property
    def has_more(self) -> bool:
        """True when something is chosen among what the form folds away."""
        return self.order is not Order.DATE or any(
            self.value(name) for name in FILTERS if name not in ALWAYS_SHOWN
        )

    def parameter(self, name: str) -> str:
        """The name of a filter in the address."""
        return PARAMETERS[name][0]

    def value(self, name: str) -> str:
        """The id chosen for one filter."""
        chosen: str = getattr(self.filters, name)
        return chosen

    def address(self, endpoint: str = ".index", **more: Any) -> str:
        """The same list elsewhere: another page, another form."""
        kept: dict[str, Any] = {
            PARAMETERS[name][0]: self.value(name) for name in FILTERS if self.value(name)
        }
        if self.order is not Order.DATE:
            kept["tri"] = self.order.value
        return url_for(endpoint, **kept, **more)

    def page_address(self, number: int) -> str:
        """The address of a page of the list."""
        more: dict[str, Any] = {"page": number} if number > 1 else {}
        return self.address(**more)


@bp.get("")
@public
def index() -> ResponseReturnValue:
    """The sheets, newest first unless asked, narrowed to what the address says."""
    with reading() as session:
        g.session = session
        words = vocabulary(session)
        asked = _asked(words)
        now = queries.KEPT.now(session)
        offered = queries.offered_filters(session, viewer=viewer(), now=now)
        page = queries.list_practices(
            session,
            viewer=viewer(),
            filters=asked.filters,
            order=asked.order,
            page=request.args.get("page", 1, type=int),
            now=now,
        )
        return render_template(
            "practices/index.html",
            page=page,
            cards=cards_of(session, page.rows, viewer=viewer(), words=words),
            asked=asked,
            options=_options(words, offered),
            has_proposed_ratings=RatingStatus.PROPOSED in offered["rating_status"],
            url_of=asked.page_address,
        )


@bp.get("/liste.csv")
@public
def as_csv() -> ResponseReturnValue:
    """The whole narrowed list, for a spreadsheet."""
    with reading() as session:
        words = vocabulary(session)
        asked = _asked(words)
        found = queries.every_practice(
            session, viewer=viewer(), filters=asked.filters, order=asked.order
        )
        text = practices_csv(found, words=words, url_of=lambda one: address_of(one, site=site()))
        return as_file(text, CSV, "pratiques.csv")


@bp.get("/flux.atom")
@public
def feed() -> ResponseReturnValue:
    """The newest sheets, as Atom: the same for everyone."""
    with reading() as session:
        words = vocabulary(session)
        asked = _asked(words)
        found = queries.every_practice(
            session, viewer=ANONYMOUS, filters=asked.filters, limit=FEED_SIZE
        )
        told = feed_of(page=site() + asked.address(), itself=site() + asked.address(".feed"))
        return atom_response(told, feed_entries(found, words=words, site=site()))


def _options(
    words: Vocabulary, offered: Mapping[str, frozenset[str]]
) -> tuple[tuple[str, Sequence[tuple[str, str]]], ...]:
    """What the form lets choose, by filter."""
    return tuple(
        (name, words.options(scheme, offered[name]))
        for name, (_parameter, scheme) in PARAMETERS.items()
    )


def _asked(words: Vocabulary) -> Asked:
    chosen = {}
    for name, (parameter, scheme) in PARAMETERS.items():
        value = request.args.get(parameter, "")
        chosen[name] = words.present(scheme, value)
    try:
        order = Order(request.args.get("tri", ""))
    except ValueError:
        order = Order.DATE
    return Asked(Filters(**chosen), order)
