"""`/bilan`: the balance sheet of a period, as a page and for a spreadsheet.

A period that cannot be read is told, kept as typed, and nothing is counted for it.
"""

from collections.abc import Sequence

from flask import g, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from inters4.core.clock import local, now
from inters4.core.db import reading
from inters4.core.figures import Span
from inters4.core.tables import CSV
from inters4.core.web.downloads import as_file
from inters4.core.web.requests import public, site, viewer
from inters4.indicators import queries
from inters4.indicators.exports.balance import Balance, balance_csv, balance_of
from inters4.indicators.exports.grouping import tables_of
from inters4.indicators.forms.periods import (
    FROM,
    TO,
    Wanted,
    in_words,
    presets,
    previous_of,
    read_period,
    whole_months,
)
from inters4.indicators.models import Fact, Topic
from inters4.indicators.queries.balance import count_figures, figures_for, sees_all
from inters4.indicators.views.blueprint import bp


@bp.get("/bilan")
@public
def balance() -> ResponseReturnValue:
    """The figures of a period, those of the period before, and those of 2017-2020 apart."""
    wanted = read_period(request.args, today=local(now()).date())
    if wanted.span is None:
        return refused(wanted)
    with reading() as session:
        g.session = session
        facts = queries.list_facts(session, topic=Topic.CONSORTIUM)
        found = _balance(session, wanted.span, facts)
        return render_template(
            "indicators/balance.html",
            balance=found,
            others=tables_of(found.others),
            every_table=tables_of(facts),
            **_asked(wanted),
        )


@bp.get("/bilan.csv")
@public
def balance_as_csv() -> ResponseReturnValue:
    """The same, for a spreadsheet."""
    wanted = read_period(request.args, today=local(now()).date())
    if wanted.span is None:
        return refused(wanted)
    with reading() as session:
        facts = queries.list_facts(session, topic=Topic.CONSORTIUM)
        text = balance_csv(
            _balance(session, wanted.span, facts),
            now=wanted.span,
            before=previous_of(wanted.span),
            site=site(),
        )
        return as_file(
            "".join(text),
            CSV,
            f"bilan-{wanted.span.first}-{wanted.span.last}.csv",
            is_private=viewer().is_signed_in,
        )


def refused(wanted: Wanted) -> ResponseReturnValue:
    """The page that says what is wrong with a period; nothing is counted."""
    with reading() as session:
        g.session = session
        facts = queries.list_facts(session, topic=Topic.CONSORTIUM)
        page = render_template(
            "indicators/balance.html",
            balance=None,
            others=tables_of(facts),
            every_table=tables_of(facts),
            **_asked(wanted),
        )
    return page, 422


def _balance(session: Session, span: Span, facts: Sequence[Fact]) -> Balance:
    figures = figures_for(viewer())
    before = previous_of(span)
    return balance_of(
        figures,
        facts,
        now=(span, count_figures(session, figures, span)),
        before=(before, count_figures(session, figures, before)),
        today=local(now()).date(),
    )


def _asked(wanted: Wanted) -> dict[str, object]:
    """What the page says of the period."""
    today = local(now()).date()
    span = wanted.span
    return {
        "wanted": wanted,
        "errors": dict(wanted.errors),
        "span": span,
        "before": previous_of(span) if span else None,
        "months": whole_months(span) if span else 0,
        "in_words": in_words,
        "presets": presets(today),
        "today": today,
        "is_chosen": FROM in request.args or TO in request.args,
        "is_running": span is not None and span.last >= today,
        "sees_all": sees_all(viewer()),
    }
