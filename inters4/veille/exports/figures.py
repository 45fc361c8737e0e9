"""The figures of summaries, in words."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from inters4.core.access import Viewer
from inters4.core.figures import Figure, Line, Section, When
from inters4.core.i18n import LazyText, _, lazy
from inters4.veille.models import Origin, SummaryState
from inters4.veille.queries import figures as queries

_STATES: Mapping[SummaryState, LazyText] = {
    SummaryState.CORRECTED: lazy("corrigé"),
    SummaryState.REPLACED: lazy("remplacé"),
    SummaryState.RETRACTED: lazy("rétracté"),
    SummaryState.ARCHIVED: lazy("archivé"),
}


def _summaries(_session: Session, rows: Sequence[Row[Any]], _viewer: Viewer) -> list[Line]:
    return [
        Line(title=row.title, url=f"/veille/resumes/{row.slug}", on=row.at, told=_told(row))
        for row in rows
    ]


def _told(row: Row[Any]) -> str:
    """Who wrote it when nobody did, and where it stands when that is no longer simply published."""
    origin = _("résumé de départ") if row.origin is Origin.STARTER else ""
    state = str(_STATES[row.state]) if row.state in _STATES else ""
    return ", ".join(filter(None, (origin, state)))


FIGURES = (
    Figure(
        key="resumes-publies",
        section=Section.VEILLE,
        order=10,
        label=lambda: _("Résumés publiés"),
        note=lambda: _("Résumés de départ compris; un résumé retiré depuis reste compté."),
        rows=queries.published,
        lines=_summaries,
    ),
    Figure(
        key="resumes-corriges",
        section=Section.VEILLE,
        order=20,
        label=lambda: _("Corrections de résumés"),
        rows=queries.corrected,
        lines=_summaries,
    ),
    Figure(
        key="resumes-retires",
        section=Section.VEILLE,
        order=30,
        label=lambda: _("Résumés rétractés ou remplacés"),
        rows=queries.taken_back,
        lines=_summaries,
    ),
    Figure(
        key="resumes-lisibles",
        section=Section.VEILLE,
        order=40,
        label=lambda: _("Résumés à lire à la fin de la période"),
        when=When.AT_END,
        rows=queries.readable,
        lines=_summaries,
    ),
)
