"""Who holds a finding: claimed by oneself, given to somebody, handed back to the team."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from inters4.core.access import Role, Viewer
from inters4.core.clock import now
from inters4.core.errors import Conflict, DomainError
from inters4.core.hooks import hooks
from inters4.core.i18n import _
from inters4.members.queries.holders import holders_of
from inters4.veille.exports.desk_notices import ASSIGNED_KIND, TAKEN_KIND, TEAM, about_finding
from inters4.veille.models import Act, Finding, FindingState
from inters4.veille.services.doubles import forget_verdicts
from inters4.veille.services.gestures import (
    Gesture,
    check_free,
    check_not_summarised,
    check_team,
    perform,
)
from inters4.veille.services.happened import who_holds
from inters4.veille.services.standing import standing


def claim(session: Session, findings: Sequence[Finding], *, by: Viewer) -> Gesture:
    """Take findings for oneself: colleagues see it, and cannot take them too.

    Raises:
        Conflict: of the only finding: somebody else was first, says who and since when.
    """

    def one(finding: Finding, gesture: Gesture) -> None:
        check_not_summarised(finding)
        check_free(session, finding, by=by)
        if finding.state is FindingState.DISCARDED:
            raise Conflict(_("Cette trouvaille est écartée : rouvrez-la d’abord."))
        if finding.owner_id is not None:
            raise Conflict(_("Vous tenez déjà cette trouvaille."))
        _give(session, finding, gesture, Act.CLAIM, check_team(by))

    return perform(session, findings, one, by=by)


def take_over(session: Session, findings: Sequence[Finding], *, by: Viewer) -> Gesture:
    """Take up what a colleague holds and cannot go on with; they are told.

    Raises:
        Conflict: of the only finding: nobody holds it, or one does oneself.
    """

    def one(finding: Finding, gesture: Gesture) -> None:
        check_not_summarised(finding)
        holder = finding.owner_id
        if holder is None:
            raise Conflict(_("Personne ne tient cette trouvaille."))
        if holder == by.member_id:
            raise Conflict(_("Vous tenez déjà cette trouvaille."))
        _give(session, finding, gesture, Act.CLAIM, check_team(by))
        hooks.notifier.notify(
            session,
            TAKEN_KIND,
            [holder],
            subject=about_finding(finding),
            group="veille:reprises",
            once=f"{gesture.id}/{finding.public_id}",
        )

    return perform(session, findings, one, by=by)


def assign(session: Session, findings: Sequence[Finding], *, to_id: int, by: Viewer) -> Gesture:
    """Give findings to somebody of the team, who is told; what is kept becomes theirs to tell.

    What was put off is put off no more: it waits with the others that nobody has sorted.

    Raises:
        DomainError: that person is not of the team.
        Conflict: of the only finding: somebody else holds it.
    """
    if to_id not in holders_of(session, TEAM):
        raise DomainError(_("Choisissez une personne de l’équipe."), about="personne")

    def one(finding: Finding, gesture: Gesture) -> None:
        check_not_summarised(finding)
        if not by.has(Role.COORDINATION):
            check_free(session, finding, by=by)
        if finding.state is FindingState.DISCARDED:
            raise Conflict(_("Cette trouvaille est écartée : rouvrez-la d’abord."))
        if finding.owner_id == to_id:
            raise Conflict(who_holds(session, to_id, finding.claimed_at))
        if finding.state is FindingState.LATER:
            forget_verdicts(session, finding)
        _give(session, finding, gesture, Act.ASSIGN, to_id)
        if to_id != by.member_id:
            hooks.notifier.notify(
                session,
                ASSIGNED_KIND,
                [to_id],
                subject=about_finding(finding),
                group="veille:attribuees",
                once=f"{gesture.id}/{finding.public_id}",
            )

    return perform(session, findings, one, by=by)


def release(session: Session, findings: Sequence[Finding], *, by: Viewer) -> Gesture:
    """Hand findings back to the team.

    Raises:
        Conflict: of the only finding: somebody else holds it, or nobody.
    """

    def one(finding: Finding, gesture: Gesture) -> None:
        check_not_summarised(finding)
        if not by.has(Role.COORDINATION):
            check_free(session, finding, by=by)
        if finding.owner_id is None:
            raise Conflict(_("Personne ne tient cette trouvaille."))
        before = standing(finding)
        finding.owner_id = finding.claimed_at = None
        if finding.state is FindingState.ASSIGNED:
            finding.state = FindingState.KEPT
        gesture.note(session, finding, Act.RELEASE, before, standing(finding))

    return perform(session, findings, one, by=by)


def _give(session: Session, finding: Finding, gesture: Gesture, act: Act, to_id: int) -> None:
    before = standing(finding)
    finding.owner_id, finding.claimed_at = to_id, now()
    if finding.state is FindingState.KEPT:
        finding.state = FindingState.ASSIGNED
    elif finding.state is FindingState.LATER and act is Act.ASSIGN:
        finding.state = FindingState.NEW
    gesture.note(session, finding, act, before, standing(finding))
