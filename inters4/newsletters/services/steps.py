"""An issue enters a state, and the step is kept: the only place where its state changes."""

from sqlalchemy.orm import Session

from inters4.core.access import ANONYMOUS, Viewer
from inters4.core.hooks import hooks
from inters4.newsletters.exports.sending_notices import SENDING_KIND, about_sending
from inters4.newsletters.models import Issue, IssueState, IssueStep

_MAY_WAIT = frozenset({IssueState.SCHEDULED, IssueState.PAUSED})
"""States in which a sending may wait for a person."""


def enter(
    session: Session,
    issue: Issue,
    state: IssueState,
    *,
    by: Viewer = ANONYMOUS,
    reason: str = "",
) -> None:
    """Put `issue` in `state` and note it; `by` nobody in particular is the portal itself.

    Whoever was told that its sending waits has nothing left to decide: should it wait again, a mail
    says so again.
    """
    if issue.state in _MAY_WAIT and state is not issue.state:
        hooks.notifier.settle(session, SENDING_KIND, subject=about_sending(issue.id))
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
