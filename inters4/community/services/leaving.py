"""Going out of a space: by oneself, removed, or shown the door for good."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.community.exports.joining_notices import PLACE_KIND, about_place
from inters4.community.models import (
    Act,
    JoinRequest,
    RequestState,
    Sanction,
    SanctionKind,
    Space,
    SpaceInvitation,
)
from inters4.community.services.belonging import close_request, go_out
from inters4.community.services.checking import REASON_MAX, check_leads, words_of
from inters4.community.services.journaling import keep_line
from inters4.community.services.publishing import lock_space
from inters4.core import audit
from inters4.core.access import Viewer
from inters4.core.clock import now
from inters4.core.errors import Conflict, NotAllowed, NotFound
from inters4.core.hooks import hooks
from inters4.core.i18n import _
from inters4.members.models import Member


def leave(session: Session, space: Space, *, by: Viewer) -> None:
    """Go out by oneself; what one wrote stays.

    Raises:
        NotAllowed: they lead it: somebody else does so first.
        Conflict: they are not there.
    """
    if by.member_id is None:
        raise NotFound(_("Connectez-vous pour quitter cet espace."))
    space = lock_space(session, space.id)  # nobody is named to lead meanwhile
    _check_leads_no_more(
        space,
        by.member_id,
        _("Vous animez cet espace : confiez d’abord ce rôle à une autre personne."),
    )
    if not go_out(session, space, by.member_id, by=by, how="left"):
        raise Conflict(_("Vous ne faites pas partie de cet espace."))


def remove(session: Session, space: Space, member: Member, reason: str, *, by: Viewer) -> None:
    """Take a person out and tell them why; they may come back as anyone may.

    Raises:
        NotAllowed: `by` does not facilitate, or the person leads the space.
        Conflict: they are not there any more.
        DomainError: no reason is given.
    """
    reason = _check(session, space, member, reason, by=by)
    if not go_out(session, space, member.id, by=by, how="removed"):
        raise Conflict(_("%(name)s ne fait plus partie de l’espace.", name=member.name))
    keep_line(session, Act.PUT_OUT, by=by, space_id=space.id, member_id=member.id, reason=reason)
    _tell(session, space, member.id, "removed", reason)


def ban(session: Session, space: Space, member: Member, reason: str, *, by: Viewer) -> Sanction:
    """Take a person out for good, until the measure is lifted; banned twice, they are banned once.

    Raises:
        NotAllowed: `by` does not facilitate, or the person leads the space.
        DomainError: no reason is given.
    """
    reason = _check(session, space, member, reason, by=by)
    go_out(session, space, member.id, by=by, how="banned")
    known = ban_of(session, space.id, member.id)
    if known is not None:
        return known
    _close_doors(session, space, member.id, by=by)
    found = Sanction(
        space_id=space.id,
        member_id=member.id,
        kind=SanctionKind.BAN,
        reason=reason,
        by_id=by.member_id,
    )
    session.add(found)
    audit.record(session, "community.banned", by=by, subject=space.container, member=member.id)
    keep_line(session, Act.BAN, by=by, space_id=space.id, member_id=member.id, reason=reason)
    _tell(session, space, member.id, "banned", reason)
    return found


def lift_ban(session: Session, space: Space, member_id: int, *, by: Viewer) -> None:
    """Let a person come back, as anyone may.

    Raises:
        NotAllowed: `by` does not facilitate.
        Conflict: nothing keeps them out.
    """
    check_leads(space, by)
    found = ban_of(session, space.id, member_id)
    if found is None:
        raise Conflict(_("Cette personne n’est plus exclue."))
    found.lifted_at = now()
    audit.record(session, "community.ban_lifted", by=by, subject=space.container, member=member_id)
    keep_line(session, Act.LIFT_BAN, by=by, space_id=space.id, member_id=member_id)
    _tell(session, space, member_id, "lifted", "")


def ban_of(session: Session, space_id: int, member_id: int) -> Sanction | None:
    """The ban in force."""
    return session.scalars(
        select(Sanction)
        .where(
            Sanction.space_id == space_id,
            Sanction.member_id == member_id,
            Sanction.kind == SanctionKind.BAN,
            Sanction.lifted_at.is_(None),
        )
        .with_for_update()
    ).first()


def _check(session: Session, space: Space, member: Member, reason: str, *, by: Viewer) -> str:
    check_leads(space, by)
    space = lock_space(session, space.id)
    if member.id == by.member_id:
        raise NotAllowed(_("Pour partir vous-même, passez par « Mon adhésion »."))
    _check_leads_no_more(
        space, member.id, _("Cette personne anime l’espace : confiez d’abord ce rôle à une autre.")
    )
    return words_of(
        reason,
        most=REASON_MAX,
        about="motif",
        missing=_("Dites pourquoi : la personne lira ce motif."),
    )


def _check_leads_no_more(space: Space, member_id: int, refusal: str) -> None:
    if member_id in {space.facilitator_id, space.deputy_id}:
        raise NotAllowed(refusal)


def _close_doors(session: Session, space: Space, member_id: int, *, by: Viewer) -> None:
    """Nothing waits that would let them in."""
    asked = session.scalars(
        select(JoinRequest).where(
            JoinRequest.space_id == space.id,
            JoinRequest.member_id == member_id,
            JoinRequest.state == RequestState.PENDING,
        )
    )
    for request in asked.all():
        close_request(session, request, RequestState.REFUSED, by=by)
    invited = session.scalars(
        select(SpaceInvitation).where(
            SpaceInvitation.space_id == space.id, SpaceInvitation.member_id == member_id
        )
    )
    for invitation in invited.all():
        session.delete(invitation)
    session.flush()


def _tell(session: Session, space: Space, member_id: int, what: str, reason: str) -> None:
    session.flush()
    hooks.notifier.notify(
        session,
        PLACE_KIND,
        [member_id],
        subject=about_place(space.id),
        facts={"what": what, "reason": reason},
    )
