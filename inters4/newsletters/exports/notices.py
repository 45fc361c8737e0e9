"""What newsletters tells of issues: one to approve, one that nobody approves, where one's own came.

Words are read when a notice is shown or sent, and so are rights: whoever left the team is told
nothing.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from inters4.core.access import Role
from inters4.core.i18n import _, format_moment
from inters4.core.notices import Channel, Noticed, NoticeKind, Told
from inters4.members.queries.holders import holders_of
from inters4.newsletters.exports.citations import path_of
from inters4.newsletters.models import Issue, IssueApproval, IssueState, IssueStep
from inters4.newsletters.queries.approvals import Task

APPROVAL_KIND = "newsletters.approval"
WAITING_KIND = "newsletters.waiting"
STEP_KIND = "newsletters.issue"
TEAM = (Role.BROKER, Role.COORDINATION)

_STEPS: Mapping[IssueState, Callable[[str], str]] = {
    IssueState.DRAFT: lambda name: _("Numéro à reprendre : %(name)s", name=name),
    IssueState.APPROVED: lambda name: _("Numéro approuvé : %(name)s", name=name),
    IssueState.CANCELLED: lambda name: _("Numéro abandonné : %(name)s", name=name),
}
TOLD = frozenset(_STEPS)
"""States whose arrival is told to those who wrote."""


def about_approval(approval_id: int) -> str:
    """The subject of notices about a request for approval."""
    return f"approbation-numero:{approval_id}"


def about_issue(issue_id: str) -> str:
    """The subject of notices about an issue."""
    return f"numero:{issue_id}"


def named(issue: Issue) -> str:
    """« InterS4 en bref, numéro 4 »; needs its newsletter loaded."""
    return _(
        "%(newsletter)s, numéro %(number)s",
        newsletter=issue.newsletter.title,
        number=issue.number,
    )


def tell_approvals(session: Session, notices: Sequence[Noticed]) -> Mapping[int, Told]:
    """What the two who are asked must read: two statements."""
    found = {}
    for one, approval, issue in _approvals(session, notices):
        if one.member_id not in {approval.approver_id, approval.deputy_id}:
            continue
        title = _("Numéro à approuver : %(name)s", name=named(issue))
        if one.facts.get("reminder"):
            title = _("Rappel, numéro à approuver : %(name)s", name=named(issue))
        found[one.id] = Told(
            title=title,
            text=_leaving(approval),
            path=approval_path(issue),
            is_over=approval.decision is not None,
        )
    return found


def tell_waiting(session: Session, notices: Sequence[Noticed]) -> Mapping[int, Told]:
    """A request that nobody answers, for the coordination: two statements."""
    return {
        one.id: Told(
            title=_("Numéro toujours sans approbation : %(name)s", name=named(issue)),
            text=_leaving(approval),
            path=approval_path(issue),
            is_over=approval.decision is not None,
        )
        for one, approval, issue in _approvals(session, notices)
    }


def tell_steps(session: Session, notices: Sequence[Noticed]) -> Mapping[int, Told]:
    """Where an issue came, for those who wrote it: two statements."""
    rows = {
        step.id: (step, issue)
        for step, issue in session.execute(
            select(IssueStep, Issue)
            .join(Issue, Issue.id == IssueStep.issue_id)
            .where(IssueStep.id.in_({one.facts.get("step", 0) for one in notices}))
            .options(joinedload(Issue.newsletter))
        )
    }
    team = holders_of(session, TEAM)
    found = {}
    for one in notices:
        step, issue = rows.get(one.facts.get("step", 0), (None, None))
        if step is None or issue is None or one.member_id not in team:
            continue
        found[one.id] = Told(
            title=_STEPS[step.after](named(issue)),
            text=step.reason,
            path=approval_path(issue),
            is_over=step.after is not issue.state,
        )
    return found


def approval_path(issue: Issue) -> str:
    """Where an issue is read and decided."""
    return f"{path_of(issue)}/approbation"


def task_word(task: Task) -> str:
    """What an issue awaits, for « Mon tableau »."""
    return _TASKS[task]()


_TASKS: Mapping[Task, Callable[[], str]] = {
    Task.APPROVE: lambda: _("À approuver : on vous le demande"),
    Task.SCHEDULE: lambda: _("Approuvé : à programmer"),
    Task.WRITE: lambda: _("À composer : votre brouillon"),
}


def _approvals(
    session: Session, notices: Sequence[Noticed]
) -> Iterator[tuple[Noticed, IssueApproval, Issue]]:
    numbers = {int(one.subject.partition(":")[2]) for one in notices}
    rows = {
        approval.id: (approval, issue)
        for approval, issue in session.execute(
            select(IssueApproval, Issue)
            .join(Issue, Issue.id == IssueApproval.issue_id)
            .where(IssueApproval.id.in_(numbers))
            .options(joinedload(Issue.newsletter))
        )
    }
    team = holders_of(session, TEAM)
    for one in notices:
        found = rows.get(int(one.subject.partition(":")[2]))
        if found is not None and one.member_id in team:
            yield one, *found


def _leaving(approval: IssueApproval) -> str:
    if approval.send_at is None:
        return ""
    return _("L’envoi est prévu le %(moment)s.", moment=format_moment(approval.send_at))


KINDS = (
    NoticeKind(
        name=APPROVAL_KIND,
        label=lambda: _("Numéros d’infolettre qui vous sont donnés à approuver"),
        group=lambda: _("Ce que vous faites pour d’autres"),
        channel=Channel.MAIL,
        channels=(Channel.DIGEST, Channel.MAIL),
        tell=tell_approvals,
        concerns=lambda viewer: viewer.holds_any(*TEAM),
        order=27,
    ),
    NoticeKind(
        name=WAITING_KIND,
        label=lambda: _("Numéros d’infolettre dont l’heure approche sans approbation"),
        group=lambda: _("Ce que vous faites pour d’autres"),
        channel=Channel.MAIL,
        tell=tell_waiting,
        concerns=lambda viewer: viewer.holds_any(Role.COORDINATION),
        order=28,
    ),
    NoticeKind(
        name=STEP_KIND,
        label=lambda: _("Étapes des numéros d’infolettre que vous préparez"),
        group=lambda: _("Ce qui s’adresse à vous"),
        channel=Channel.MAIL,
        tell=tell_steps,
        concerns=lambda viewer: viewer.holds_any(*TEAM),
        order=16,
    ),
)
