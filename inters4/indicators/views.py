"""`/bilan` and `/reperes`: figures that others published, beside what the portal counts."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import TypeVar

from flask import Blueprint, Flask, abort, g, render_template, url_for
from flask.typing import ResponseReturnValue

from inters4.core.db import reading
from inters4.core.hooks import hooks
from inters4.core.i18n import ngettext
from inters4.core.tables import CSV
from inters4.core.web.downloads import as_file
from inters4.core.web.requests import public
from inters4.indicators import queries
from inters4.indicators.exports.tables import facts_csv, plan_csv
from inters4.indicators.models import Counted, Fact, Topic

bp = Blueprint("indicators", __name__)
Row = TypeVar("Row")
_LISTS: Mapping[Counted, str] = {
    Counted.SHEET: "practices.index",
    Counted.SUMMARY: "veille.index",
    Counted.ISSUE: "newsletters.index",
    Counted.ADOPTION: "practices.adoption_index",
}
"""Pages that list what is counted and say the same number."""


@dataclass(frozen=True, slots=True)
class Pair:
    """What the portal counts, and what was published of the same kind."""

    counted: Counted
    number: int
    label: str
    url: str
    fact: Fact | None


@dataclass(frozen=True, slots=True)
class Table:
    """The figures of one source, under their headings."""

    source: str
    categories: Sequence[tuple[str, Sequence[Fact]]]


def install(app: Flask) -> None:
    """Add the pages."""
    app.register_blueprint(bp)


@bp.get("/bilan")
@public
def balance() -> ResponseReturnValue:
    """The opening figures of the Consortium, and what the portal counts today."""
    with reading() as session:
        g.session = session
        facts = queries.list_facts(session, topic=Topic.CONSORTIUM)
        pairs = _pairs(facts, queries.present_counts(session))
        return render_template(
            "indicators/balance.html",
            pairs=pairs,
            pairs_source=next((pair.fact.source for pair in pairs if pair.fact), ""),
            tables=tables_of([fact for fact in facts if fact.counted_as is None]),
            every_table=tables_of(facts),
        )


@bp.get("/bilan.csv")
@public
def balance_csv() -> ResponseReturnValue:
    """The same, for a spreadsheet."""
    with reading() as session:
        facts = queries.list_facts(session, topic=Topic.CONSORTIUM)
        counts = queries.present_counts(session)
        alone = [(pair.label, pair.number) for pair in _pairs(facts, counts) if pair.fact is None]
        text = facts_csv(facts, counts, alone)
        return as_file(text, CSV, "bilan-inters4.csv")


@bp.get("/reperes/transformation-numerique")
@public
def digital_plan() -> ResponseReturnValue:
    """The objectives of the plan year by year, and what it says of itself."""
    with reading() as session:
        g.session = session
        plan = queries.find_plan(session) or abort(404)
        return render_template(
            "indicators/digital_plan.html",
            plan=plan,
            orientations=in_groups(plan.objectives, itemgetter("orientation")),
            levers=in_groups(plan.conditions, itemgetter("lever")),
            risks=in_groups(plan.risks, itemgetter("kind")),
            tables=tables_of(queries.list_facts(session, topic=Topic.DIGITAL_PLAN)),
        )


@bp.get("/reperes/transformation-numerique.csv")
@public
def digital_plan_csv() -> ResponseReturnValue:
    """The objectives and their targets, for a spreadsheet."""
    with reading() as session:
        plan = queries.find_plan(session) or abort(404)
        return as_file(plan_csv(plan), CSV, f"{plan.id}.csv")


@bp.get("/reperes/innovation")
@public
def innovation() -> ResponseReturnValue:
    """What the innovation office of the ministry says of its network."""
    with reading() as session:
        g.session = session
        facts = queries.list_facts(session, topic=Topic.INNOVATION)
        return render_template("indicators/innovation.html", tables=tables_of(facts))


def tables_of(facts: Sequence[Fact]) -> list[Table]:
    """The figures by source, then by category, each in the order of its first figure."""
    return [
        Table(source, in_groups(of_source, lambda fact: fact.category))
        for source, of_source in in_groups(facts, lambda fact: fact.source)
    ]


def in_groups(rows: Iterable[Row], key: Callable[[Row], str]) -> list[tuple[str, list[Row]]]:
    """`rows` by `key`, the groups in the order in which they first appear."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    return list(found.items())


def _pairs(facts: Sequence[Fact], counts: Mapping[Counted, int]) -> list[Pair]:
    published = {fact.counted_as: fact for fact in facts}
    return [
        Pair(counted, number, _label(counted, number), _list_of(counted), published.get(counted))
        for counted, number in counts.items()
    ]


def _label(counted: Counted, number: int) -> str:
    """What is counted, as it reads after its number."""
    if counted is Counted.ORGANISATION:
        return ngettext("organisation", "organisations", number)
    if counted is Counted.ADOPTION:
        return ngettext(
            "adoption déclarée par une équipe", "adoptions déclarées par des équipes", number
        )
    kind = hooks.document_kinds[counted]
    label = str(kind.plural() if number > 1 else kind.label())
    return label[:1].lower() + label[1:]


def _list_of(counted: Counted) -> str:
    """Where the things counted are listed."""
    if counted is Counted.ORGANISATION:
        return url_for("home.about") + "#organisations"
    return url_for(_LISTS[counted])
