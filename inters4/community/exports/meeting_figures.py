"""The figures of meetings, in words, for the team; what one may not read keeps its title."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from inters4.community.exports.paths import meeting_path
from inters4.community.models import PRIVATE, SEATS_KEPT_DAYS
from inters4.community.queries import meeting_figures as queries
from inters4.core.access import Viewer
from inters4.core.figures import TEAM, Figure, Line, Section
from inters4.core.i18n import _, ngettext


def _lines(_session: Session, rows: Sequence[Row[Any]], viewer: Viewer) -> list[Line]:
    return [_line(row, viewer) for row in rows]


def _line(row: Row[Any], viewer: Viewer) -> Line:
    is_read = row.visibility not in PRIVATE or row.space_id in viewer.spaces
    scope = _("inter") if row.is_inter else _("intra")
    return Line(
        title=row.title if is_read else _("Rencontre d’un espace privé"),
        url=meeting_path(row.slug, row.public_id) if is_read else "",
        on=row.at,
        told=_("%(space)s, %(scope)s", space=row.name, scope=scope),
        amount=getattr(row, "amount", None),
    )


def _note() -> str:
    return _("Rencontres tenues et non annulées. Celles des espaces privés cachés n’y sont pas.")


FIGURES = (
    Figure(
        key="rencontres",
        section=Section.EXCHANGES,
        order=60,
        label=lambda: _("Rencontres des communautés"),
        note=_note,
        roles=TEAM,
        rows=queries.held,
        lines=_lines,
    ),
    Figure(
        key="rencontres-inter",
        section=Section.EXCHANGES,
        order=61,
        label=lambda: _("Rencontres entre plusieurs organisations"),
        note=_note,
        roles=TEAM,
        rows=partial(queries.held, is_inter=True),
        lines=_lines,
    ),
    Figure(
        key="rencontres-intra",
        section=Section.EXCHANGES,
        order=62,
        label=lambda: _("Rencontres au sein d’une organisation"),
        note=_note,
        roles=TEAM,
        rows=partial(queries.held, is_inter=False),
        lines=_lines,
    ),
    Figure(
        key="presences-aux-rencontres",
        section=Section.EXCHANGES,
        order=63,
        label=lambda: _("Rencontres dont les présences sont notées"),
        note=lambda: _(
            "Le nombre de présences est la somme des listes; elles sont conservées trois ans."
        ),
        amount=lambda number: ngettext("%(num)s présence", "%(num)s présences", number),
        roles=TEAM,
        kept_days=SEATS_KEPT_DAYS,
        rows=queries.presences,
        lines=_lines,
    ),
)
