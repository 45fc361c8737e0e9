"""An issue enters a state, and the step is kept: the only place where its state changes."""

from sqlalchemy.orm import Session

from inters4.core.access import ANONYMOUS, Viewer
from inters4.newsletters.models import Issue, IssueState, IssueStep


def enter(
    session: Session,
    issue: Issue,
    state: IssueState,
    *,
    by: Viewer = ANONYMOUS,
    reason: str = "",
) -> None:
    """Put `issue` in `state` and note it; `by` nobody in particular is the portal itself."""
    session.add(
        IssueStep(
            issue_id=issue.id,
            before=issue.state,
            after=state,
            by_id=by.member_id,
            reason=reason,
        )
    )
    issue.state = state
