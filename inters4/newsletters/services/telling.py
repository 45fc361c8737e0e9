"""Who is told what becomes of an issue."""

from sqlalchemy.orm import Session

from inters4.core.access import Viewer
from inters4.core.hooks import hooks
from inters4.newsletters.exports.notices import STEP_KIND, TOLD, about_issue
from inters4.newsletters.models import Issue
from inters4.newsletters.queries.approvals import steps_of, writer_ids


def tell_writers(session: Session, issue: Issue, *, by: Viewer) -> None:
    """Tell those who wrote where their issue came, but whoever brought it there."""
    session.flush()
    step = next(iter(steps_of(session, issue.id)), None)
    if step is None or step.after not in TOLD:
        return
    hooks.notifier.notify(
        session,
        STEP_KIND,
        sorted(writer_ids(session, issue) - {by.member_id}),
        subject=about_issue(issue.id),
        facts={"step": step.id},
        once=f"step/{step.id}",
    )
