"""Two people sort a finding apart; a third settles it when they disagree.

Nobody learns what the other said before speaking: a verdict is a row of its own, and the finding
stays as it is until two agree.
"""

from collections.abc import Sequence

from sqlalchemy import delete
from sqlalchemy.orm import Session

from inters4.core.errors import Conflict
from inters4.core.i18n import _
from inters4.core.values import dataclass
from inters4.veille.models import Act, DiscardReason, Finding, FindingAct, FindingVerdict, Verdict
from inters4.veille.queries.doubles import verdicts_on
from inters4.veille.services.gestures import Gesture


@dataclass(frozen=True, slots=True)
class Decided:
    """What the verdicts come to."""

    verdict: Verdict
    reason: DiscardReason | None
    note: str


def give_verdict(
    session: Session,
    finding: Finding,
    gesture: Gesture,
    verdict: Verdict,
    *,
    by_id: int,
    reason: DiscardReason | None,
    note: str,
) -> Decided | None:
    """Say what one thinks of a finding; changed freely until somebody else has spoken.

    Returns:
        What is decided; None while a second, or a third, is waited for.

    Raises:
        Conflict: two disagree, and whoever speaks is one of them.
    """
    given = verdicts_on(session, finding)
    if _is_settled(given):
        forget_verdicts(session, finding)
        given = []
    mine = next((one for one in given if one.member_id == by_id), None)
    others = [one for one in given if one is not mine]
    if mine is not None and others:
        raise Conflict(_("Vos deux avis diffèrent : une troisième personne tranche."))
    if mine is None:
        mine = FindingVerdict(finding_id=finding.id, member_id=by_id)
        mine.is_third = len(others) == 2
        session.add(mine)
    mine.verdict, mine.note = verdict, note
    mine.reason = reason if verdict is Verdict.DISCARD else None
    session.add(
        FindingAct(
            gesture=gesture.id,
            finding_id=finding.id,
            by_id=by_id,
            act=Act.VERDICT,
            after={"verdict": verdict.value},
        )
    )
    session.flush()
    if mine.is_third or (others and others[0].verdict is verdict):
        first = others[0]
        return Decided(verdict, mine.reason or first.reason, mine.note or first.note)
    return None


def _is_settled(given: Sequence[FindingVerdict]) -> bool:
    """True of what was put off together: it is sorted anew, as if nobody had spoken."""
    return any(one.is_third for one in given) or (
        len(given) == 2 and given[0].verdict is given[1].verdict
    )


def withdraw_verdict(session: Session, finding: Finding, member_id: int) -> None:
    """Take back what one said, as long as nobody else has spoken.

    Raises:
        Conflict: somebody has.
    """
    given = verdicts_on(session, finding)
    last = max(given, key=lambda one: (one.at, one.member_id), default=None)
    if not finding.is_unsorted or last is None or last.member_id != member_id:
        raise Conflict(_("Quelqu’un d’autre a donné son avis depuis : il ne s’annule plus."))
    session.execute(
        delete(FindingVerdict).where(
            FindingVerdict.finding_id == finding.id, FindingVerdict.member_id == member_id
        )
    )


def forget_verdicts(session: Session, finding: Finding) -> None:
    """Begin again: the finding is open anew, what was said of it before is past."""
    session.execute(delete(FindingVerdict).where(FindingVerdict.finding_id == finding.id))
