"""The figures of newsletters, in words: issues are named, whoever receives them is not."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from inters4.core.access import Viewer
from inters4.core.figures import TEAM, Figure, Line, Section, When
from inters4.core.i18n import _, ngettext
from inters4.newsletters.exports.words import state_label
from inters4.newsletters.models import SubscriberState
from inters4.newsletters.queries import figures as queries


def _subscribers(_session: Session, rows: Sequence[Row[Any]], _viewer: Viewer) -> list[Line]:
    return [
        Line(
            title=_one(row.public_id, row.state),
            url=_page_of(row.public_id, row.state),
            on=row.at,
            told=state_label(row.after),
        )
        for row in rows
    ]


def _issues(_session: Session, rows: Sequence[Row[Any]], _viewer: Viewer) -> list[Line]:
    return [
        Line(title=row.title, url=f"/infolettres/{row.newsletter_id}/{row.number}", on=row.at)
        for row in rows
    ]


def _elsewhere(_session: Session, rows: Sequence[Row[Any]], _viewer: Viewer) -> list[Line]:
    return [
        Line(
            title=row.title,
            url=f"/infolettres/{row.newsletter_id}/{row.number}",
            on=row.at,
            amount=row.amount,
        )
        for row in rows
    ]


def _released(_session: Session, rows: Sequence[Row[Any]], _viewer: Viewer) -> list[Line]:
    return [
        Line(
            title=row.title,
            url=f"/infolettres/{row.newsletter_id}/{row.number}/approbation",
            on=row.at,
            told=row.reason,
        )
        for row in rows
    ]


def _messages(session: Session, rows: Sequence[Row[Any]], _viewer: Viewer) -> list[Line]:
    """The issue and, under a number, the subscriber: two statements."""
    issues = queries.issues_named(session, {row.issue_id for row in rows})
    people = queries.subscribers_named(session, {row.subscriber_id for row in rows})
    found = []
    for row in rows:
        issue, person = issues[row.issue_id], people[row.subscriber_id]
        told = _one(person.public_id, person.state)
        status = getattr(row, "status", "")
        found.append(
            Line(
                title=issue.title,
                url=f"/infolettres/{issue.newsletter_id}/{issue.number}",
                on=row.at,
                told=f"{told}, {status}" if status else told,
            )
        )
    return found


def _one(public_id: str, state: SubscriberState) -> str:
    if state is SubscriberState.ERASED:
        return _("Abonnement effacé")
    return _("Abonnement %(number)s", number=public_id)


def _page_of(public_id: str, state: SubscriberState) -> str:
    return "" if state is SubscriberState.ERASED else f"/infolettres/abonnes/{public_id}"


FIGURES = (
    Figure(
        key="abonnements-en-cours",
        section=Section.NEWSLETTERS,
        order=10,
        label=lambda: _("Abonnements à la fin de la période"),
        note=lambda: _(
            "Ceux qui sont en pause comptent aussi; un abonnement effacé depuis reste compté."
        ),
        when=When.AT_END,
        roles=TEAM,
        rows=queries.subscribed,
        lines=_subscribers,
    ),
    Figure(
        key="abonnements",
        section=Section.NEWSLETTERS,
        order=20,
        label=lambda: _("Nouveaux abonnements"),
        note=lambda: _("Les abonnements repris comptent aussi."),
        roles=TEAM,
        rows=queries.joined,
        lines=_subscribers,
    ),
    Figure(
        key="fins-d-abonnement",
        section=Section.NEWSLETTERS,
        order=30,
        label=lambda: _("Fins d’abonnement"),
        note=lambda: _("Désabonnements, adresses qui ne reçoivent plus, plaintes et effacements."),
        roles=TEAM,
        rows=queries.gone,
        lines=_subscribers,
    ),
    Figure(
        key="numeros-envoyes",
        section=Section.NEWSLETTERS,
        order=40,
        label=lambda: _("Numéros envoyés par le portail"),
        rows=queries.sent_here,
        lines=_issues,
    ),
    Figure(
        key="numeros-emportes",
        section=Section.NEWSLETTERS,
        order=50,
        label=lambda: _("Numéros envoyés hors du portail"),
        note=lambda: _("Emportés par l’équipe, qui déclare la date et le nombre de personnes."),
        amount=lambda number: ngettext("%(num)s personne", "%(num)s personnes", number),
        rows=queries.sent_elsewhere,
        lines=_elsewhere,
    ),
    Figure(
        key="errata",
        section=Section.NEWSLETTERS,
        order=60,
        label=lambda: _("Messages de correction"),
        note=lambda: _("Ils ne comptent pas parmi les numéros."),
        rows=queries.corrections,
        lines=_issues,
    ),
    Figure(
        key="numeros-en-tout",
        section=Section.NEWSLETTERS,
        order=70,
        label=lambda: _("Numéros envoyés depuis le début"),
        when=When.AT_END,
        rows=queries.sent_in_all,
        lines=_issues,
    ),
    Figure(
        key="numeros-liberes",
        section=Section.NEWSLETTERS,
        order=80,
        label=lambda: _("Numéros libérés par la coordination seule"),
        roles=TEAM,
        rows=queries.released,
        lines=_released,
    ),
    Figure(
        key="messages",
        section=Section.NEWSLETTERS,
        order=90,
        label=lambda: _("Messages acceptés par les serveurs"),
        note=lambda: _("Un par abonné et par numéro; les essais ne comptent pas."),
        roles=TEAM,
        rows=queries.messages,
        lines=_messages,
    ),
    Figure(
        key="retours",
        section=Section.NEWSLETTERS,
        order=100,
        label=lambda: _("Messages revenus ou refusés, et plaintes"),
        roles=TEAM,
        rows=queries.returns,
        lines=_messages,
    ),
)
