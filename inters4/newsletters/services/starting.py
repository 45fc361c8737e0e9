"""An issue whose hour has come: it leaves, or it waits for a person.

A worker that was away for days, or a database put back from a copy, must not send by itself what
people have forgotten, or what left already. What was approved is the very message: a summary that
was retracted since stops the issue that cites it.
"""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core import audit
from inters4.core.access import Viewer
from inters4.core.clock import now
from inters4.core.errors import Conflict, DomainError
from inters4.core.hooks import hooks
from inters4.core.i18n import _
from inters4.core.installation import name_installation
from inters4.members.queries.holders import holders_of
from inters4.newsletters.exports.approved import content_of
from inters4.newsletters.exports.message import MessageParts, parts_of
from inters4.newsletters.exports.sending_notices import (
    HOLDS,
    SENDING_KIND,
    TEAM,
    about_sending,
)
from inters4.newsletters.models import CONFIRMED, Hold, Issue, IssueState
from inters4.newsletters.queries.approvals import standing_approval
from inters4.newsletters.queries.audience import count_audience
from inters4.newsletters.services.freezing import freeze_issue
from inters4.settings import Settings
from inters4.veille.services.life import check_team

LATE = timedelta(hours=24)


def start_next_due(session: Session, *, settings: Settings) -> str | None:
    """Start, or hold, the issue whose hour came first; its id, None when none is due.

    Whoever holds the row decides; another scheduler on the same database passes it by.
    """
    moment = now()
    issue = session.scalars(
        select(Issue)
        .where(
            Issue.state == IssueState.SCHEDULED,
            Issue.send_at <= moment,
            Issue.held_for == "",
        )
        .order_by(Issue.send_at, Issue.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).first()
    if issue is None:
        return None
    parts = parts_of(session, issue, settings=settings)
    hold = _why_hold(session, issue, parts)
    if hold is None:
        freeze_issue(session, issue, parts, settings=settings)
    else:
        issue.held_for = hold
        session.flush()
        tell_team(session, issue.id)
    return issue.id


def confirm_start(
    session: Session, issue: Issue, *, by: Viewer, settings: Settings, request_id: str = ""
) -> int:
    """Send an issue that waited for a person, who has seen why; how many will receive it.

    Raises:
        NotFound: `by` is not of the team.
        Conflict: it does not wait any more.
        DomainError: what it waits for cannot be passed over.
    """
    check_team(by)
    issue = lock_issue(session, issue)
    if issue.state is not IssueState.SCHEDULED or not issue.held_for:
        raise Conflict(_("Cet envoi a changé entre-temps. Relisez où il en est, puis décidez."))
    parts = parts_of(session, issue, settings=settings)
    still = _why_hold(session, issue, parts)
    if still is not None and still not in CONFIRMED:
        raise DomainError(HOLDS[still]())
    hold = issue.held_for
    count = freeze_issue(session, issue, parts, settings=settings, by=by)
    audit.record(
        session,
        "newsletters.start",
        by=by,
        subject=f"numero:{issue.id}",
        request_id=request_id,
        held_for=hold,
    )
    return count


def tell_team(session: Session, issue_id: str) -> None:
    """Tell the brokering team that a sending waits for one of them, each time that it does."""
    hooks.notifier.notify(
        session,
        SENDING_KIND,
        sorted(holders_of(session, TEAM)),
        subject=about_sending(issue_id),
    )


def lock_issue(session: Session, issue: Issue) -> Issue:
    """`issue` as it is now, kept from others until the transaction ends."""
    return session.scalars(
        select(Issue)
        .where(Issue.id == issue.id)
        .with_for_update(of=Issue)
        .execution_options(populate_existing=True)
    ).one()


def _why_hold(session: Session, issue: Issue, parts: MessageParts) -> Hold | None:
    moment = now()
    approval = standing_approval(session, issue.id)
    if approval is None or approval.content != content_of(parts, issue.audience):
        return Hold.CHANGED
    if issue.instance != name_installation(session).instance:
        return Hold.INSTANCE
    if issue.send_at is None or moment - issue.send_at > LATE:
        return Hold.LATE
    return None if count_audience(session, issue, at=moment) else Hold.EMPTY
