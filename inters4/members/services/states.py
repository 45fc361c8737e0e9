"""Where an account stands, and how it may move: every step is a row with who, when and why."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core import audit
from inters4.core.access import Role, Viewer
from inters4.core.clock import now
from inters4.core.errors import Conflict, NotAllowed
from inters4.core.i18n import _
from inters4.members.models import Member, MemberState, RoleGrant, StateChange
from inters4.members.services.tokens import end_access

_STEPS = {
    MemberState.UNVERIFIED: {
        MemberState.PENDING_APPROVAL,
        MemberState.ACTIVE,
        MemberState.REFUSED,
        MemberState.ERASED,
    },
    MemberState.PENDING_APPROVAL: {
        MemberState.ACTIVE,
        MemberState.REFUSED,
        MemberState.ERASED,
    },
    MemberState.ACTIVE: {MemberState.SUSPENDED, MemberState.DEACTIVATED, MemberState.ERASED},
    MemberState.SUSPENDED: {MemberState.ACTIVE, MemberState.DEACTIVATED, MemberState.ERASED},
    MemberState.DEACTIVATED: {MemberState.ACTIVE, MemberState.ERASED},
    MemberState.REFUSED: {MemberState.UNVERIFIED, MemberState.ACTIVE, MemberState.ERASED},
    MemberState.ERASED: set[MemberState](),
}


def note_state(
    session: Session,
    member: Member,
    *,
    by: Viewer,
    reason: str = "",
    from_state: MemberState | None = None,
) -> StateChange:
    """Write down that `member` came to its present state."""
    change = StateChange(
        member_id=member.id,
        at=now(),
        from_state=from_state,
        to_state=member.state,
        by_id=by.member_id,
        reason=" ".join(reason.split()),
    )
    session.add(change)
    return change


def may_become(state: MemberState) -> frozenset[MemberState]:
    """The states that an account may go to from `state`."""
    return frozenset(_STEPS[state])


def change_state(
    session: Session, member: Member, to: MemberState, *, by: Viewer, reason: str = ""
) -> StateChange:
    """Move an account one step; leaving `active` ends its sessions and what its letters opened.

    Whether `by` may is for the caller to say. The last person who administers stays active.

    Raises:
        Conflict: the step does not exist; someone else moved the account meanwhile.
        NotAllowed: nobody would be left to administer the portal.
    """
    session.refresh(member, ["state"], with_for_update=True)
    before = member.state
    if to not in _STEPS[before]:
        raise Conflict(_("Ce compte a changé d’état entre-temps. Rouvrez sa page."))
    if before is MemberState.ACTIVE:
        keep_last_holder(session, member.id, Role.ADMIN)
    member.state = to
    if before is MemberState.ACTIVE:
        end_access(session, member.id, by=by)
    audit.record(
        session,
        "members.state_changed",
        by=by,
        subject=f"member:{member.id}",
        before=before.value,
        after=to.value,
    )
    return note_state(session, member, by=by, reason=reason, from_state=before)


def keep_last_holder(
    session: Session, member_id: int, role: Role, *, space: int | None = None
) -> None:
    """Refuse that the only active holder of `role` in its scope loses it.

    The rows are locked: two administrators who leave at once do not both find the other there.

    Raises:
        NotAllowed: this person is the last one.
    """
    holders = session.scalars(
        select(RoleGrant.member_id)
        .join(Member, Member.id == RoleGrant.member_id)
        .where(
            RoleGrant.role == role,
            RoleGrant.space_id.is_not_distinct_from(space),
            Member.state == MemberState.ACTIVE,
        )
        .order_by(RoleGrant.id)
        .with_for_update()
    ).all()
    if set(holders) == {member_id}:
        raise NotAllowed(
            _("Cette personne est la dernière à tenir ce rôle : donnez-le d’abord à une autre.")
        )
