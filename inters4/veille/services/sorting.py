"""Findings kept, discarded, put off or reopened.

In a watch that two people sort apart, what each says is a verdict until both have spoken
(services/doubles.py).
"""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from inters4.core.access import Viewer
from inters4.core.clock import now
from inters4.core.errors import Conflict, DomainError
from inters4.core.i18n import _
from inters4.veille.models import Act, DiscardReason, Finding, FindingState, Verdict
from inters4.veille.queries.doubles import twice_sorted
from inters4.veille.services.doubles import Decided, forget_verdicts, give_verdict
from inters4.veille.services.gestures import (
    Gesture,
    check_free,
    check_not_summarised,
    check_team,
    perform,
)
from inters4.veille.services.standing import standing

LONGEST_NOTE = 500


def keep(session: Session, findings: Sequence[Finding], *, by: Viewer) -> Gesture:
    """Keep what will be told; what someone holds is assigned to them at once.

    Raises:
        Conflict: of the only finding: someone else holds it, or it is summarised.
    """
    return _sort(session, findings, Verdict.KEEP, by=by)


def discard(
    session: Session,
    findings: Sequence[Finding],
    *,
    by: Viewer,
    reason: DiscardReason,
    note: str = "",
) -> Gesture:
    """Discard, and say why: the team still finds it.

    Raises:
        Conflict: of the only finding: someone else holds it, or it is summarised.
        DomainError: the note is too long.
    """
    if len(note) > LONGEST_NOTE:
        raise DomainError(_("Raccourcissez la note : 500 caractères au plus."), about="note")
    return _sort(session, findings, Verdict.DISCARD, by=by, reason=reason, note=note.strip())


def put_off(session: Session, findings: Sequence[Finding], *, by: Viewer) -> Gesture:
    """Leave for later.

    Raises:
        Conflict: of the only finding: someone else holds it, or it is summarised.
    """
    return _sort(session, findings, Verdict.LATER, by=by)


def reopen(session: Session, findings: Sequence[Finding], *, by: Viewer) -> Gesture:
    """Put back among the new, whatever was decided.

    Raises:
        Conflict: of the only finding: someone else holds it, it is summarised, or new already.
    """

    def one(finding: Finding, gesture: Gesture) -> None:
        check_not_summarised(finding)
        check_free(session, finding, by=by)
        if finding.state is FindingState.NEW:
            raise Conflict(_("Cette trouvaille est déjà parmi les nouvelles."))
        before = standing(finding)
        forget_verdicts(session, finding)
        finding.state, finding.reason, finding.note = FindingState.NEW, None, ""
        finding.decided_by_id = finding.decided_at = None
        gesture.note(session, finding, Act.REOPEN, before, standing(finding))

    return perform(session, findings, one, by=by)


def settle(
    session: Session,
    finding: Finding,
    gesture: Gesture,
    decided: Decided,
) -> None:
    """Make a finding be what was decided: by a person, by two, or by a rule."""
    before, verdict = standing(finding), decided.verdict
    finding.reason = decided.reason if verdict is Verdict.DISCARD else None
    finding.note = decided.note if verdict is Verdict.DISCARD else ""
    finding.decided_by_id, finding.decided_at = gesture.by_id, now()
    if verdict is Verdict.KEEP:
        finding.state = FindingState.KEPT if finding.owner_id is None else FindingState.ASSIGNED
    elif verdict is Verdict.DISCARD:
        finding.state = FindingState.DISCARDED
        finding.owner_id = finding.claimed_at = None
    else:
        finding.state = FindingState.LATER
    gesture.note(session, finding, _ACTS[verdict], before, standing(finding))


_ACTS = {Verdict.KEEP: Act.KEEP, Verdict.DISCARD: Act.DISCARD, Verdict.LATER: Act.LATER}
_REACHED = {
    Verdict.KEEP: frozenset({FindingState.KEPT, FindingState.ASSIGNED}),
    Verdict.DISCARD: frozenset({FindingState.DISCARDED}),
    Verdict.LATER: frozenset({FindingState.LATER}),
}


def _sort(
    session: Session,
    findings: Sequence[Finding],
    verdict: Verdict,
    *,
    by: Viewer,
    reason: DiscardReason | None = None,
    note: str = "",
) -> Gesture:
    by_id = check_team(by)
    twice = twice_sorted(session, {finding.watch_id for finding in findings})

    def one(finding: Finding, gesture: Gesture) -> None:
        check_not_summarised(finding)
        if finding.state in _REACHED[verdict]:
            raise Conflict(_("C’est déjà fait pour cette trouvaille."))
        decided: Decided | None = Decided(verdict, reason, note)
        if finding.watch_id in twice and finding.is_unsorted:
            decided = give_verdict(
                session, finding, gesture, verdict, by_id=by_id, reason=reason, note=note
            )
        else:
            check_free(session, finding, by=by)
        if decided is not None:
            settle(session, finding, gesture, decided)

    return perform(session, findings, one, by=by)
