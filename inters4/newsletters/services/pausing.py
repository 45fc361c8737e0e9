"""A sending stops, goes on from where it was, or ends.

What is settled stays settled: a pause changes no delivery, so that going on is exact. A message in
a sender's hands at that moment may still leave.
"""

from functools import partial

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from inters4.core import audit
from inters4.core.access import ANONYMOUS, Viewer
from inters4.core.db import after_commit
from inters4.core.errors import Conflict
from inters4.core.i18n import _
from inters4.core.installation import name_installation
from inters4.core.jobs import jobs
from inters4.newsletters.models import FrozenIssue, Issue, IssueState, Pause
from inters4.newsletters.services.alarm import MOST_TROUBLES
from inters4.newsletters.services.freezing import SEND_JOB
from inters4.newsletters.services.starting import lock_issue, tell_team
from inters4.newsletters.services.steps import enter
from inters4.newsletters.services.suppressing import (
    has_left_to_do,
    suppress_left,
    suppress_rest,
)
from inters4.veille.services.life import check_team


def pause_sending(session: Session, issue: Issue, *, by: Viewer, request_id: str = "") -> None:
    """Keep what has not left yet.

    Raises:
        NotFound: `by` is not of the team.
        Conflict: it is not being sent any more.
    """
    check_team(by)
    issue = lock_issue(session, issue)
    if issue.state is not IssueState.SENDING:
        raise Conflict(elsewhere())
    _pause(session, issue, Pause.PERSON, by=by)
    _record(session, "newsletters.pause", issue, by=by, request_id=request_id)


def resume_sending(session: Session, issue: Issue, *, by: Viewer, request_id: str = "") -> None:
    """Go on from where it stopped.

    Raises:
        NotFound: `by` is not of the team.
        Conflict: it does not wait any more.
    """
    check_team(by)
    issue = lock_issue(session, issue)
    if issue.state is not IssueState.PAUSED:
        raise Conflict(elsewhere())
    frozen = session.get_one(FrozenIssue, issue.id)
    frozen.paused_for, frozen.troubles = "", 0
    frozen.instance = name_installation(session).instance
    enter(session, issue, IssueState.SENDING, by=by)
    _record(session, "newsletters.resume", issue, by=by, request_id=request_id)
    session.flush()
    after_commit(session, partial(jobs.nudge, SEND_JOB))


def stop_sending(session: Session, issue: Issue, *, by: Viewer, request_id: str = "") -> int:
    """End a sending that is paused: those who have not received it will not; how many.

    Raises:
        NotFound: `by` is not of the team.
        Conflict: it is not paused any more.
    """
    check_team(by)
    issue = lock_issue(session, issue)
    if issue.state is not IssueState.PAUSED:
        raise Conflict(elsewhere())
    count = suppress_rest(session, issue.id)
    session.get_one(FrozenIssue, issue.id).paused_for = ""
    enter(session, issue, IssueState.SENT, by=by)
    _record(session, "newsletters.stop", issue, by=by, request_id=request_id, left_out=count)
    session.flush()
    return count


def pause_by_itself(session: Session, issue_id: str, why: Pause) -> None:
    """Stop what goes wrong, and tell the team; nothing when it stopped already."""
    issue = _being_sent(session, issue_id)
    if issue is not None:
        _pause(session, issue, why)
        tell_team(session, issue.id)


def note_trouble(session: Session, issue_id: str) -> None:
    """The relay was out of reach once more; past a number of times, the sending stops."""
    troubles = session.scalar(
        update(FrozenIssue)
        .where(FrozenIssue.issue_id == issue_id)
        .values(troubles=FrozenIssue.troubles + 1)
        .returning(FrozenIssue.troubles),
        execution_options={"synchronize_session": False},
    )
    if troubles is not None and troubles >= MOST_TROUBLES:
        pause_by_itself(session, issue_id, Pause.RELAY)


def forget_troubles(session: Session, issue_id: str) -> None:
    """The relay took a message."""
    session.execute(
        update(FrozenIssue)
        .where(FrozenIssue.issue_id == issue_id, FrozenIssue.troubles > 0)
        .values(troubles=0),
        execution_options={"synchronize_session": False},
    )


def open_sending(session: Session, issue_id: str) -> bool:
    """True when this installation may go on with a sending; people who left are set aside first.

    One that another installation began stops, because its messages may have left since the copy.
    """
    issue = _being_sent(session, issue_id)
    frozen = session.get(FrozenIssue, issue_id)
    if issue is None or frozen is None:
        return False
    if frozen.instance != name_installation(session).instance:
        pause_by_itself(session, issue_id, Pause.INSTANCE)
        return False
    suppress_left(session, issue_id)
    return True


def finish_sending(session: Session, issue_id: str) -> bool:
    """Note that everything left, once it did; False while something may still leave."""
    if has_left_to_do(session, issue_id):
        return False
    issue = _being_sent(session, issue_id)
    if issue is not None:
        enter(session, issue, IssueState.SENT)
        session.flush()
    return True


def elsewhere() -> str:
    """What whoever comes too late reads."""
    return _("Cet envoi a changé entre-temps. Relisez où il en est, puis décidez.")


def _being_sent(session: Session, issue_id: str) -> Issue | None:
    return session.scalars(
        select(Issue)
        .where(Issue.id == issue_id, Issue.state == IssueState.SENDING)
        .with_for_update(of=Issue)
    ).first()


def _pause(session: Session, issue: Issue, why: Pause, *, by: Viewer = ANONYMOUS) -> None:
    session.get_one(FrozenIssue, issue.id).paused_for = why
    enter(session, issue, IssueState.PAUSED, by=by, reason=why)
    session.flush()


def _record(
    session: Session, action: str, issue: Issue, *, by: Viewer, request_id: str, **detail: object
) -> None:
    audit.record(
        session, action, by=by, subject=f"numero:{issue.id}", request_id=request_id, **detail
    )
