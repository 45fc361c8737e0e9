"""What every gesture of the desk shares: rows locked, what changed noted, what was left told.

A gesture is what one person does at once, to one finding or to many; it is undone whole. Someone
else may have been quicker: a finding that changed since it was shown is left as it is, and whoever
comes second learns who came first and when.
"""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from typing import Any, NoReturn

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.access import Viewer
from inters4.core.errors import Conflict, DomainError, NotFound
from inters4.core.i18n import _
from inters4.core.values import dataclass
from inters4.veille.models import Act, Finding, FindingAct, FindingState
from inters4.veille.queries.summaries import is_team
from inters4.veille.services.happened import what_happened, who_holds
from inters4.veille.services.standing import load_findings

MOST_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Left:
    """A finding that a gesture left as it was, and why."""

    title: str
    message: str


@dataclass(frozen=True, slots=True)
class Picked:
    """Findings taken up, locked until the transaction ends, and those that changed meanwhile."""

    findings: Sequence[Finding]
    left: Sequence[Left] = ()


@dataclass(slots=True)
class Gesture:
    """A gesture under way.

    Attributes:
        id: names it, for whoever wants to undo it.
        count: how many findings it changed.
        findings: public ids of what it put back, when it undid another.
    """

    by_id: int | None
    rule_id: int | None = None
    id: str = field(default_factory=lambda: secrets.token_hex(6))
    count: int = 0
    left: list[Left] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)

    def note(
        self,
        session: Session,
        finding: Finding,
        act: Act,
        before: Mapping[str, Any],
        after: Mapping[str, Any],
    ) -> None:
        """Keep what changed, enough to undo it; nothing when nothing did."""
        if before == after:
            return
        session.add(
            FindingAct(
                gesture=self.id,
                finding_id=finding.id,
                by_id=self.by_id,
                rule_id=self.rule_id,
                act=act,
                before={name: value for name, value in before.items() if after[name] != value},
                after={name: value for name, value in after.items() if before[name] != value},
            )
        )


def pick_one(session: Session, public_id: str, *, by: Viewer) -> Finding:
    """Take up one finding as it is now, for a gesture that says itself what it refuses.

    Raises:
        NotFound: `by` is not of the team, or there is no such finding.
    """
    check_team(by)
    ids = session.scalars(select(Finding.id).where(Finding.public_id == public_id)).all()
    return next(iter(load_findings(session, ids)), None) or _gone()


def pick(session: Session, marks: Sequence[str], *, by: Viewer) -> Picked:
    """Take up the findings that a page showed.

    Args:
        session: of the change.
        marks: public ids, each followed by a dot and the stamp that the page showed.
        by: whoever makes the gesture.

    Raises:
        NotFound: `by` is not of the team, or there is no such finding.
        Conflict: the only one asked for changed meanwhile.
        DomainError: none, or too many.
    """
    check_team(by)
    asked = dict(mark.partition(".")[::2] for mark in marks)
    if not asked:
        raise DomainError(_("Cochez au moins une trouvaille."))
    if len(asked) > MOST_AT_ONCE:
        raise DomainError(_("Cochez 200 trouvailles au plus à la fois."))
    ids = session.scalars(select(Finding.id).where(Finding.public_id.in_(asked))).all()
    rows = load_findings(session, ids)
    if len(asked) == 1 and not rows:
        _gone()
    fresh = [row for row in rows if asked[row.public_id] == row.stamp]
    stale = [row for row in rows if row not in fresh]
    left = [Left(row.title, what_happened(session, row)) for row in stale]
    if not fresh and len(left) == 1:
        raise Conflict(left[0].message)
    return Picked(fresh, left)


def _gone() -> NoReturn:
    raise NotFound(_("Cette trouvaille n’existe plus."))


def check_team(by: Viewer) -> int:
    """The number of a person of the team.

    Raises:
        NotFound: someone else, for whom there is no desk.
    """
    if by.member_id is None or not is_team(by):
        raise NotFound(_("Cette page n’existe pas."))
    return by.member_id


def perform(
    session: Session,
    findings: Sequence[Finding],
    one: Callable[[Finding, Gesture], None],
    *,
    by: Viewer,
) -> Gesture:
    """Do `one` to each finding. Those that refuse are left, unless there is but one.

    Raises:
        DomainError: of the only finding.
    """
    gesture = Gesture(check_team(by))
    for finding in findings:
        try:
            one(finding, gesture)
        except DomainError as refusal:
            if len(findings) == 1:
                raise
            gesture.left.append(Left(finding.title, refusal.message))
        else:
            gesture.count += 1
    session.flush()
    return gesture


def check_not_summarised(finding: Finding) -> None:
    """Once a summary is begun, the summary says the rest.

    Raises:
        Conflict: it is.
    """
    if finding.state is FindingState.SUMMARISED:
        raise Conflict(_("Un résumé de cette trouvaille est commencé : c’est lui qui continue."))


def check_free(session: Session, finding: Finding, *, by: Viewer) -> None:
    """Nobody else holds it.

    Raises:
        Conflict: says who does, and since when.
    """
    if finding.owner_id is not None and finding.owner_id != by.member_id:
        raise Conflict(who_holds(session, finding.owner_id, finding.claimed_at))
