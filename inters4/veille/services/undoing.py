"""One gesture undone, whole, by whoever made it; and acts forgotten once they are old."""

from datetime import datetime

from sqlalchemy import CursorResult, delete, select
from sqlalchemy.orm import Session

from inters4.core.access import Viewer
from inters4.core.clock import now
from inters4.core.errors import Conflict, DomainError, NotFound
from inters4.core.i18n import _
from inters4.members.queries.holders import holders_of
from inters4.veille.exports.desk_notices import TEAM
from inters4.veille.models import Act, Finding, FindingAct, FindingState
from inters4.veille.services.doubles import withdraw_verdict
from inters4.veille.services.gestures import Gesture, Left, check_team
from inters4.veille.services.happened import what_happened
from inters4.veille.services.merging import give_back
from inters4.veille.services.standing import load_findings, set_standing, standing


def undo(session: Session, gesture_id: str, *, by: Viewer) -> Gesture:
    """Put findings back as they were before a gesture of one's own.

    Those that somebody changed since are left as they are, unless there is nothing else.

    Raises:
        NotFound: `by` made no such gesture.
        Conflict: it is undone already, or everything changed since.
    """
    by_id = check_team(by)
    acts = list(
        session.scalars(
            select(FindingAct)
            .where(FindingAct.gesture == gesture_id, FindingAct.by_id == by_id)
            .order_by(FindingAct.id.desc())
            .with_for_update()
        )
    )
    if not acts:
        raise NotFound(_("Ce geste n’existe plus."))
    acts = [act for act in acts if act.undone_at is None]
    if not acts:
        raise Conflict(_("Ce geste est déjà annulé."))
    findings = {row.id: row for row in load_findings(session, {act.finding_id for act in acts})}
    if any(act.act is Act.SUMMARISE for act in acts):
        raise Conflict(_("Un résumé commencé s’abandonne sur sa page."))
    undone, team = Gesture(by_id), holders_of(session, TEAM)
    refused: set[int] = set()
    for act in acts:
        finding = findings[act.finding_id]
        if finding.id in refused:
            continue
        try:
            _put_back(session, finding, act, by_id=by_id, team=team)
        except DomainError as refusal:
            refused.add(finding.id)
            undone.left.append(Left(finding.title, refusal.message))
            continue
        act.undone_at = now()
    session.flush()
    undone.findings = [row.public_id for row in findings.values() if row.id not in refused]
    undone.count = len(undone.findings)
    if not undone.count:
        raise Conflict(undone.left[0].message)
    return undone


def forget_acts(session: Session, before: datetime) -> int:
    """Drop what was done to findings so long ago that nobody will undo it."""
    gone = session.execute(delete(FindingAct).where(FindingAct.at < before))
    return gone.rowcount if isinstance(gone, CursorResult) else 0


def _put_back(
    session: Session, finding: Finding, act: FindingAct, *, by_id: int, team: frozenset[int]
) -> None:
    """Whoever left the team meanwhile is given nothing back."""
    if act.act is Act.VERDICT:
        withdraw_verdict(session, finding, by_id)
        return
    present = {**standing(finding), "moved": act.after.get("moved")}
    if any(present[name] != value for name, value in act.after.items()):
        raise Conflict(what_happened(session, finding))
    before = dict(act.before)
    before.pop("moved", None)
    owner = before.get("owner_id")
    if owner is not None and owner not in team:
        before |= {"owner_id": None, "claimed_at": None}
        if before.get("state") == FindingState.ASSIGNED:
            before["state"] = FindingState.KEPT
    set_standing(finding, before)
    if moved := act.after.get("moved"):
        give_back(session, finding, moved)
    session.flush()
