"""`/veille`: the summaries, narrowed, sorted, page by page, and the same list as files."""

from collections.abc import Mapping
from typing import Any

from flask import g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inters4.core.db import reading
from inters4.core.tables import CSV
from inters4.core.values import dataclass
from inters4.core.web.downloads import as_file, references_file
from inters4.core.web.requests import public, site, viewer
from inters4.veille.exports.citations import citation_of
from inters4.veille.exports.tables import summaries_csv
from inters4.veille.models import Summary
from inters4.veille.queries.lists import (
    KEPT,
    Filters,
    Offered,
    Order,
    every_summary,
    list_summaries,
    offered_filters,
)
from inters4.veille.queries.summaries import is_team
from inters4.veille.views.blueprint import bp
from inters4.vocabulary.queries import Vocabulary, options_of, vocabulary

OPEN = "libre"
_SCHEMES = {"theme": "themes", "devis": "evidence_types", "population": "populations"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for; what cannot be read is as if it were absent."""

    chosen: Mapping[str, str]
    order: Order

    @property
    def filters(self) -> Filters:
        """What the list is narrowed to."""
        return Filters(
            theme=self.chosen["theme"],
            design=self.chosen["devis"],
            population=self.chosen["population"],
            is_open=self.chosen["acces"] == OPEN,
        )

    def address(self, endpoint: str = ".index", **more: Any) -> str:
        """The same list elsewhere: another page, another form."""
        kept: dict[str, Any] = {name: value for name, value in self.chosen.items() if value}
        if self.order is not Order.PUBLISHED:
            kept["tri"] = self.order.value
        return url_for(endpoint, **kept, **more)

    def page_address(self, number: int) -> str:
        """The address of a page of the list."""
        more: dict[str, Any] = {"page": number} if number > 1 else {}
        return self.address(**more)


@bp.get("")
@public
def index() -> ResponseReturnValue:
    """The latest summaries, narrowed to a theme, a design, a population or to open access."""
    with reading() as session:
        g.session = session
        words = vocabulary(session)
        asked = _asked(words)
        now = KEPT.now(session)
        page = list_summaries(
            session,
            filters=asked.filters,
            order=asked.order,
            page=request.args.get("page", 1, type=int),
            now=now,
        )
        offered = offered_filters(session, now=now)
        return render_template(
            "veille/index.html",
            page=page,
            words=words,
            chosen=asked.chosen,
            order=asked.order,
            orders=Order,
            options=_options(words, offered),
            has_open=offered.has_open,
            is_team=is_team(viewer()),
            is_misread=any(request.args.get(name) and not asked.chosen[name] for name in _SCHEMES),
            url_of=asked.page_address,
            file_url=lambda ending: asked.address(".download", ending=ending),
        )


@bp.get("/resumes.<ending>")
@public
def download(ending: str) -> ResponseReturnValue:
    """The whole narrowed list as CSV, RIS or BibTeX."""
    with reading() as session:
        words = vocabulary(session)
        asked = _asked(words)
        found = every_summary(session, filters=asked.filters, order=asked.order)
        if ending == "csv":
            text = summaries_csv(found, words=words, url_of=page_url)
            return as_file(text, CSV, "resumes.csv")
        return references_file(map(citation_of, found), ending, name="resumes")


def page_url(summary: Summary) -> str:
    """The absolute address of a summary."""
    return site() + url_for("veille.show", slug=summary.slug)


def _options(words: Vocabulary, offered: Offered) -> dict[str, list[tuple[str, str]]]:
    """What the form lets choose, by the name of the parameter."""
    ids = {"theme": offered.themes, "devis": offered.designs, "population": offered.populations}
    return {
        name: list(options_of(words.tree(scheme), ids[name])) for name, scheme in _SCHEMES.items()
    }


def _asked(words: Vocabulary) -> Asked:
    chosen = {name: _known(name, scheme, words) for name, scheme in _SCHEMES.items()}
    chosen["acces"] = OPEN if request.args.get("acces") == OPEN else ""
    try:
        order = Order(request.args.get("tri", ""))
    except ValueError:
        order = Order.PUBLISHED
    return Asked(chosen, order)


def _known(name: str, scheme: str, words: Vocabulary) -> str:
    value = request.args.get(name, "")
    return words.present(scheme, value)
