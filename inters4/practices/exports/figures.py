"""The figures of sheets and adoptions, in words."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from inters4.core.access import Viewer
from inters4.core.figures import TEAM, Figure, Line, Section, When
from inters4.core.i18n import LazyText, _, lazy, ngettext
from inters4.practices.exports.adoption_words import STATES
from inters4.practices.models import Origin, PracticeState
from inters4.practices.models.readership import DAYS_KEPT
from inters4.practices.queries import figures as queries

_GONE: Mapping[PracticeState, LazyText] = {
    PracticeState.WITHDRAWN: lazy("retirée"),
    PracticeState.REPLACED: lazy("remplacée"),
}


def _sheets(_session: Session, rows: Sequence[Row[Any]], _viewer: Viewer) -> list[Line]:
    return [_sheet(row, _told(row)) for row in rows]


def _versions(_session: Session, rows: Sequence[Row[Any]], _viewer: Viewer) -> list[Line]:
    return [
        _sheet(
            row,
            _("version %(number)s", number=row.number),
            _("changement mineur") if row.is_minor else "",
            _told(row),
        )
        for row in rows
    ]


def _readings(_session: Session, rows: Sequence[Row[Any]], _viewer: Viewer) -> list[Line]:
    return [
        Line(title=row.title, url=_page_of(row), told=_told(row), amount=row.amount) for row in rows
    ]


def _adoptions(_session: Session, rows: Sequence[Row[Any]], _viewer: Viewer) -> list[Line]:
    return [
        Line(
            title=row.title,
            url=f"{_page_of(row)}/adoptions/{row.public_id}",
            on=row.at,
            told=f"{row.organisation}, {row.team} · {STATES[row.state]}",
        )
        for row in rows
    ]


def _sheet(row: Row[Any], *told: str) -> Line:
    return Line(title=row.title, url=_page_of(row), on=row.at, told=", ".join(filter(None, told)))


def _page_of(row: Row[Any]) -> str:
    return f"/pratiques/{row.slug}"


def _told(row: Row[Any]) -> str:
    """What a reader must know: nobody read it again yet, or it is gone since."""
    origin = _("fiche de départ") if row.origin is Origin.STARTER else ""
    state = str(_GONE[row.state]) if row.state in _GONE else ""
    return ", ".join(filter(None, (origin, state)))


FIGURES = (
    Figure(
        key="fiches-publiees",
        section=Section.PRACTICES,
        order=10,
        label=lambda: _("Fiches publiées"),
        note=lambda: _("Fiches de départ comprises; une fiche retirée depuis reste comptée."),
        rows=queries.published,
        lines=_sheets,
    ),
    Figure(
        key="fiches-mises-a-jour",
        section=Section.PRACTICES,
        order=20,
        label=lambda: _("Nouvelles versions de fiches"),
        rows=queries.renewed,
        lines=_versions,
    ),
    Figure(
        key="fiches-retirees",
        section=Section.PRACTICES,
        order=30,
        label=lambda: _("Fiches retirées ou remplacées"),
        rows=queries.withdrawn,
        lines=_sheets,
    ),
    Figure(
        key="fiches-lisibles",
        section=Section.PRACTICES,
        order=40,
        label=lambda: _("Fiches à lire à la fin de la période"),
        when=When.AT_END,
        rows=queries.readable,
        lines=_sheets,
    ),
    Figure(
        key="adoptions-declarees",
        section=Section.PRACTICES,
        order=50,
        label=lambda: _("Adoptions déclarées par des équipes"),
        note=lambda: _(
            "Celles que chaque équipe montre à tout le monde aujourd’hui; ce que rapportent des "
            "sources n’y est pas."
        ),
        rows=queries.declared,
        lines=_adoptions,
    ),
    Figure(
        key="adoptions-suivies",
        section=Section.PRACTICES,
        order=60,
        label=lambda: _("Adoptions dont l’équipe a donné des nouvelles"),
        rows=queries.followed,
        lines=_adoptions,
    ),
    Figure(
        key="adoptions-en-tout",
        section=Section.PRACTICES,
        order=70,
        label=lambda: _("Adoptions déclarées depuis le début"),
        when=When.AT_END,
        rows=queries.declared_in_all,
        lines=_adoptions,
    ),
    Figure(
        key="fiches-lues",
        section=Section.PRACTICES,
        order=80,
        label=lambda: _("Fiches lues"),
        note=lambda: _(
            "Comptées par fiche et par jour, sans rien de qui lit, et gardées %(days)s jours.",
            days=DAYS_KEPT,
        ),
        amount=lambda number: ngettext("%(num)s lecture", "%(num)s lectures", number),
        kept_days=DAYS_KEPT,
        roles=TEAM,
        rows=queries.read,
        lines=_readings,
    ),
)
