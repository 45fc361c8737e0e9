"""« Emporter le numéro » : an approved issue leaves by other means, and the portal is told.

What is taken away is the very message that was approved, with the addresses to which the portal
would send it: whoever takes it is written in the journal. An issue leaves once: what the portal
began to send was not sent elsewhere, and what was sent elsewhere the portal sends no more.
"""

from datetime import date, datetime, time

from sqlalchemy.orm import Session

from inters4.core import audit
from inters4.core.access import Viewer
from inters4.core.clock import LOCAL_ZONE, local, now
from inters4.core.errors import Conflict, DomainError
from inters4.core.i18n import _
from inters4.newsletters.exports.approved import content_of
from inters4.newsletters.exports.carried import Carried
from inters4.newsletters.exports.message import parts_of
from inters4.newsletters.models import MOST_PEOPLE, Issue, IssueState
from inters4.newsletters.queries.approvals import standing_approval
from inters4.newsletters.queries.audience import recipients_of
from inters4.newsletters.queries.deliveries import find_frozen
from inters4.newsletters.services.life import WAYS, Move, check_move
from inters4.newsletters.services.steps import enter
from inters4.settings import Settings
from inters4.veille.services.life import check_team

CARRIED = frozenset({IssueState.APPROVED, IssueState.SCHEDULED})
"""States in which an issue may be taken away."""
_NOON = time(12)


def was_sent_elsewhere(issue: Issue) -> bool:
    """True once the team said that it left by other means."""
    return issue.state is IssueState.SENT and issue.sent_elsewhere is not None


def carry_away(
    session: Session,
    issue: Issue,
    *,
    piece: str,
    by: Viewer,
    settings: Settings,
    request_id: str = "",
) -> Carried:
    """The files of an approved issue; `piece` is the one that is taken, for the journal.

    Raises:
        NotFound: `by` is not of the team.
        Conflict: it is not approved, or the message is not the approved one any more.
    """
    check_team(by)
    if issue.state not in CARRIED:
        raise Conflict(_("Un numéro s’emporte une fois approuvé, et avant son départ."))
    approval = standing_approval(session, issue.id)
    parts = parts_of(session, issue, settings=settings)
    if approval is None or approval.content != content_of(parts, issue.audience):
        raise Conflict(
            _(
                "Le message n’est plus celui qui a été approuvé : un élément qu’il cite a changé. "
                "Reprenez le numéro, puis demandez une nouvelle approbation."
            )
        )
    recipients = recipients_of(session, issue, at=now())
    audit.record(
        session,
        "newsletters.carried",
        by=by,
        subject=f"numero:{issue.id}",
        request_id=request_id,
        piece=piece,
        people=len(recipients),
    )
    return Carried(issue, parts, recipients, settings.url)


def tell_sent_elsewhere(
    session: Session,
    issue: Issue,
    *,
    day: date | None,
    people: int,
    by: Viewer,
    request_id: str = "",
) -> None:
    """Say that `issue`, locked, left by other means that day; said again, it is corrected.

    Everyone reads it from then on.

    Raises:
        NotFound: `by` is not of the team.
        Conflict: the portal sends it, or it is not approved.
        DomainError: the day or the number cannot be.
    """
    check_team(by)
    is_said = was_sent_elsewhere(issue)
    if find_frozen(session, issue.id) is not None:
        raise Conflict(
            _("Le portail envoie ce numéro, ou l’a envoyé : il n’est pas parti ailleurs.")
        )
    if not is_said:
        check_move(session, issue, Move.SENT_ELSEWHERE, by=by)
    moment = _moment_of(session, issue, day)
    if not 1 <= people <= MOST_PEOPLE:
        raise DomainError(_("Dites à combien de personnes il est parti."), about="personnes")
    is_same_day = issue.published_at is not None and local(issue.published_at).date() == day
    if is_said and is_same_day and issue.sent_elsewhere == people:
        return
    issue.sent_elsewhere, issue.held_for = people, ""
    if not (is_said and is_same_day):
        issue.published_at = moment
    if not is_said:
        enter(session, issue, WAYS[Move.SENT_ELSEWHERE].target, by=by)
    audit.record(
        session,
        f"newsletters.{Move.SENT_ELSEWHERE.value}",
        by=by,
        subject=f"numero:{issue.id}",
        request_id=request_id,
        people=people,
        day=local(moment).date().isoformat(),
    )
    session.flush()


def _moment_of(session: Session, issue: Issue, day: date | None) -> datetime:
    """An instant of that day: this one today, noon of another."""
    moment = now()
    approval = standing_approval(session, issue.id)
    earliest = local(approval.decided_at).date() if approval and approval.decided_at else None
    today = local(moment).date()
    if day is None or day > today:
        raise DomainError(_("Donnez le jour où il est parti, aujourd’hui ou avant."), about="jour")
    if earliest is not None and day < earliest:
        raise DomainError(_("Ce numéro n’était pas encore approuvé ce jour-là."), about="jour")
    return moment if day == today else datetime.combine(day, _NOON, LOCAL_ZONE)
