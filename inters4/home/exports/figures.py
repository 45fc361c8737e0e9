"""The figures of the questions box, in words: what was asked, never by whom."""

from collections.abc import Mapping, Sequence
from textwrap import shorten
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from inters4.core.access import Viewer
from inters4.core.figures import TEAM, Figure, Line, Section
from inters4.core.i18n import LazyText, _, lazy
from inters4.core.richtext import Profile, plain_text
from inters4.home.exports.questions import masked
from inters4.home.models import QuestionState
from inters4.home.queries import figures as queries

_SHORT = 140
_STATES: Mapping[QuestionState, LazyText] = {
    QuestionState.OPEN: lazy("à prendre"),
    QuestionState.TAKEN: lazy("prise"),
    QuestionState.CLOSED: lazy("fermée"),
}


def _questions(_session: Session, rows: Sequence[Row[Any]], _viewer: Viewer) -> list[Line]:
    return [
        Line(
            title=_short(row.text),
            url=f"/equipe/questions/{row.public_id}",
            on=row.at,
            told=str(_STATES[row.state]),
        )
        for row in rows
    ]


def _short(text: str) -> str:
    """Cut last, so that half of an address is never left."""
    words = masked(plain_text(text, profile=Profile.POST))
    return shorten(words, width=_SHORT, placeholder="…")


FIGURES = (
    Figure(
        key="questions-recues",
        section=Section.EXCHANGES,
        order=20,
        label=lambda: _("Questions reçues par l’équipe de courtage"),
        note=lambda: _("Les messages indésirables ne comptent pas."),
        roles=TEAM,
        rows=queries.received,
        lines=_questions,
    ),
    Figure(
        key="questions-repondues",
        section=Section.EXCHANGES,
        order=30,
        label=lambda: _("Questions fermées avec une réponse"),
        roles=TEAM,
        rows=queries.answered,
        lines=_questions,
    ),
)
