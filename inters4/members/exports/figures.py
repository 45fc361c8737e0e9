"""The figures of people and organisations, in words.

A list of the balance sheet names nobody: it is printed, and it is a file. A number leads to the
account for whoever may open it; of whoever was erased, a line is left, and says so.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from inters4.core.access import Viewer
from inters4.core.figures import TEAM, Figure, Line, Section, When
from inters4.core.i18n import _
from inters4.members.queries import figures as queries


def _people(_session: Session, rows: Sequence[Row[Any]], viewer: Viewer) -> list[Line]:
    return [
        Line(title=_("Personne retirée"), on=row.at)
        if row.is_erased
        else Line(
            title=_("Personne %(number)s", number=row.public_id),
            url=f"/admin/personnes/{row.public_id}" if viewer.is_staff else "",
            on=row.at,
        )
        for row in rows
    ]


def _organisations(_session: Session, rows: Sequence[Row[Any]], _viewer: Viewer) -> list[Line]:
    return [Line(title=row.name, url=f"/organisations/{row.slug}") for row in rows]


FIGURES = (
    Figure(
        key="organisations",
        section=Section.PEOPLE,
        order=10,
        label=lambda: _("Organisations membres du Consortium"),
        note=lambda: _("Celles d’aujourd’hui : le portail ne garde pas les dates d’adhésion."),
        when=When.TODAY,
        rows=queries.consortium,
        lines=_organisations,
    ),
    Figure(
        key="personnes-inscrites",
        section=Section.PEOPLE,
        order=20,
        label=lambda: _("Personnes inscrites à la fin de la période"),
        note=lambda: _(
            "Une personne effacée depuis reste comptée, sans rien qui dise qui elle est."
        ),
        when=When.AT_END,
        roles=TEAM,
        rows=queries.registered,
        lines=_people,
    ),
    Figure(
        key="inscriptions",
        section=Section.PEOPLE,
        order=30,
        label=lambda: _("Comptes ouverts"),
        note=lambda: _("Les comptes rouverts comptent aussi."),
        roles=TEAM,
        rows=queries.arrived,
        lines=_people,
    ),
    Figure(
        key="departs",
        section=Section.PEOPLE,
        order=40,
        label=lambda: _("Comptes fermés ou effacés"),
        roles=TEAM,
        rows=queries.departed,
        lines=_people,
    ),
)
