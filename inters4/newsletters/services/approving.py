"""An issue shown to two people, either of whom approves the very message, or returns it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from inters4.core.access import Viewer
from inters4.core.clock import now
from inters4.core.errors import Conflict, DomainError
from inters4.core.hooks import hooks
from inters4.core.i18n import _
from inters4.members.models import Member
from inters4.members.queries.holders import holders_of
from inters4.newsletters.exports.approved import content_of
from inters4.newsletters.exports.message import parts_of
from inters4.newsletters.exports.notices import (
    APPROVAL_KIND,
    TEAM,
    about_approval,
)
from inters4.newsletters.models import ApprovalDecision, Issue, IssueApproval
from inters4.newsletters.queries.approvals import waited_approval, writer_ids
from inters4.newsletters.services.checking import check_issue, stop_unless_ready
from inters4.newsletters.services.life import Move, check_move, go
from inters4.newsletters.services.telling import tell_writers
from inters4.settings import Settings
from inters4.veille.queries.writing import people_named

SOONEST = timedelta(minutes=5)


def candidates(session: Session, issue: Issue) -> Sequence[Member]:
    """Colleagues who may approve an issue, by name: whoever wrote in it may not."""
    team = holders_of(session, TEAM) - writer_ids(session, issue)
    people: Mapping[int, Member] = people_named(session, sorted(team))
    return sorted(people.values(), key=lambda person: (person.name, person.id))


def ask_approval(
    session: Session,
    issue: Issue,
    approver_id: int,
    deputy_id: int,
    *,
    send_at: datetime,
    by: Viewer,
    settings: Settings,
    request_id: str = "",
) -> IssueApproval:
    """Show the message, as it is now, to a person and a deputy, who are told.

    Both are reminded halfway to `send_at`; three quarters of the way, the coordination is told.

    Raises:
        NotFound, Conflict: as `check_move` says.
        NotReady: something stops the issue.
        DomainError: these people may not approve it, or the hour is past.
    """
    check_move(session, issue, Move.ASK, by=by)
    allowed = {person.id for person in candidates(session, issue)}
    if approver_id not in allowed:
        raise DomainError(
            _("Choisissez une personne de l’équipe qui n’a rien écrit dans ce numéro."),
            about="personne",
        )
    if deputy_id not in allowed or deputy_id == approver_id:
        raise DomainError(
            _("Choisissez, pour la suppléance, une autre personne qui n’a rien écrit ici."),
            about="suppleance",
        )
    moment = now()
    if send_at < moment + SOONEST:
        raise DomainError(_("Choisissez une heure d’envoi à venir."), about="heure")
    parts = parts_of(session, issue, settings=settings)
    stop_unless_ready(check_issue(session, issue, parts, settings=settings))
    wait = send_at - moment
    approval = IssueApproval(
        issue_id=issue.id,
        approver_id=approver_id,
        deputy_id=deputy_id,
        asked_by_id=by.member_id,
        asked_at=moment,
        content=content_of(parts, issue.audience),
        send_at=send_at,
        remind_at=moment + wait / 2,
        escalate_at=moment + wait * 3 / 4,
    )
    session.add(approval)
    issue.send_at = send_at
    go(session, issue, Move.ASK, by=by, request_id=request_id)
    hooks.notifier.notify(
        session,
        APPROVAL_KIND,
        sorted({approver_id, deputy_id} - {by.member_id}),
        subject=about_approval(approval.id),
        once=f"approbation/{approval.id}",
    )
    return approval


def approve(
    session: Session,
    issue: Issue,
    *,
    seen: str,
    by: Viewer,
    settings: Settings,
    request_id: str = "",
) -> IssueApproval:
    """Approve the message whose digest is `seen`; those who wrote it are told.

    Raises:
        NotFound, Conflict, NotAllowed: as `check_move` says; the message changed meanwhile.
    """
    check_move(session, issue, Move.APPROVE, by=by)
    approval = _seen(session, issue, seen, settings)
    _decide(session, approval, ApprovalDecision.APPROVED, by=by)
    go(session, issue, Move.APPROVE, by=by, request_id=request_id)
    tell_writers(session, issue, by=by)
    return approval


def release(
    session: Session,
    issue: Issue,
    *,
    seen: str,
    reason: str,
    by: Viewer,
    settings: Settings,
    request_id: str = "",
) -> IssueApproval:
    """Let an issue leave that nobody approves, where `INTERS4_RELEASE_ALONE` allows it.

    The coordination alone may, never who wrote in it; the reason stands in the journal, among the
    steps of the issue and in its balance sheet.

    Raises:
        NotFound, Conflict, NotAllowed, DomainError: as `check_move` says; the message changed
            meanwhile.
    """
    reason = check_move(
        session, issue, Move.RELEASE, by=by, reason=reason, may_release=settings.release_alone
    )
    approval = _seen(session, issue, seen, settings)
    _decide(session, approval, ApprovalDecision.RELEASED, by=by, reason=reason)
    go(session, issue, Move.RELEASE, by=by, reason=reason, request_id=request_id)
    tell_writers(session, issue, by=by)
    return approval


def return_issue(
    session: Session, issue: Issue, *, reason: str, by: Viewer, request_id: str = ""
) -> None:
    """Give an issue back to those who make it, and say why.

    Raises:
        NotFound, Conflict, NotAllowed, DomainError: as `check_move` says.
    """
    reason = check_move(session, issue, Move.RETURN, by=by, reason=reason)
    _decide(session, _waited(session, issue), ApprovalDecision.RETURNED, by=by, reason=reason)
    go(session, issue, Move.RETURN, by=by, reason=reason, request_id=request_id)
    tell_writers(session, issue, by=by)


def take_back(session: Session, issue: Issue, *, by: Viewer, request_id: str = "") -> None:
    """Write again what is being approved, or was: that approval holds no more.

    Raises:
        NotFound, Conflict: as `check_move` says.
    """
    check_move(session, issue, Move.TAKE_BACK, by=by)
    overtake(session, issue)
    go(session, issue, Move.TAKE_BACK, by=by, request_id=request_id)
    tell_writers(session, issue, by=by)


def overtake(session: Session, issue: Issue) -> None:
    """Nobody is asked to approve `issue` any more."""
    approval = waited_approval(session, issue.id)
    if approval is not None:
        approval.decision, approval.decided_at = ApprovalDecision.OVERTAKEN, now()
        hooks.notifier.settle(session, APPROVAL_KIND, subject=about_approval(approval.id))


def _waited(session: Session, issue: Issue) -> IssueApproval:
    approval = waited_approval(session, issue.id)
    if approval is None:
        raise Conflict(_("Cette approbation n’est plus attendue."))
    return approval


def _seen(session: Session, issue: Issue, seen: str, settings: Settings) -> IssueApproval:
    """The request that waits, for the message that was read: it has not changed since."""
    approval = _waited(session, issue)
    present = content_of(parts_of(session, issue, settings=settings), issue.audience)
    if seen != present:
        raise Conflict(
            _(
                "Le message a changé depuis que vous l’avez lu : un élément qu’il cite a été "
                "corrigé ou retiré. Relisez-le, puis décidez."
            )
        )
    approval.content = present
    return approval


def _decide(
    session: Session,
    approval: IssueApproval,
    decision: ApprovalDecision,
    *,
    by: Viewer,
    reason: str = "",
) -> None:
    approval.decision, approval.reason = decision, reason
    approval.decided_by_id, approval.decided_at = by.member_id, now()
    hooks.notifier.settle(session, APPROVAL_KIND, subject=about_approval(approval.id))
