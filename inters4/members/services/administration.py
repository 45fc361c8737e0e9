"""What the coordination does to accounts, always with a reason that is kept."""

from sqlalchemy.orm import Session

from inters4.core.access import Viewer
from inters4.core.errors import DomainError, NotAllowed
from inters4.core.i18n import _
from inters4.members.models import Member, MemberState, StateChange
from inters4.members.queries.people import load_grants
from inters4.members.services.people import may_grant
from inters4.members.services.states import change_state, may_become

_BY_STAFF = frozenset({MemberState.ACTIVE, MemberState.SUSPENDED, MemberState.DEACTIVATED})
_FROM = frozenset({*_BY_STAFF, MemberState.REFUSED})


def offered_states(member: Member) -> list[MemberState]:
    """Where staff may move this account; requests are decided on their own page."""
    if member.state not in _FROM:
        return []
    return sorted(may_become(member.state) & _BY_STAFF)


def move_account(
    session: Session, member: Member, to: MemberState, *, reason: str, by: Viewer
) -> StateChange:
    """Suspend, deactivate or open again.

    Raises:
        NotAllowed: one's own account, or that of someone whose roles `by` could not give.
        DomainError: no reason, or a step that staff does not take.
        Conflict: the account moved meanwhile.
    """
    if member.id == by.member_id:
        raise NotAllowed(_("Une autre personne doit changer l’état de votre compte."))
    if not by.is_staff:
        raise NotAllowed(_("Seule la coordination change l’état d’un compte."))
    grants = load_grants(session, member.id)
    if any(
        not may_grant(grant.role, by=by, organisation=grant.organisation, space=grant.space)
        for grant in grants
    ):
        raise NotAllowed(
            _(
                "Cette personne tient un rôle plus élevé que le vôtre : demandez-le à "
                "l’administration."
            )
        )
    if not reason.strip():
        raise DomainError(_("Dites pourquoi : la raison reste au dossier."), about="reason")
    if to not in offered_states(member):
        raise DomainError(_("Ce compte ne peut pas passer à cet état : rouvrez sa page."))
    return change_state(session, member, to, by=by, reason=reason[:500])
