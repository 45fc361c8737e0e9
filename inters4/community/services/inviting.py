"""Those who facilitate invite people who are registered; each accepts or declines."""

from sqlalchemy.orm import Session

from inters4.community.exports.joining_notices import INVITATION_KIND, about_invitation
from inters4.community.models import Space, SpaceInvitation
from inters4.community.queries.access import own_invitation, standing_of
from inters4.community.services.belonging import belongs, enter
from inters4.community.services.checking import (
    MESSAGE_MAX,
    check_leads,
    check_lives,
    words_of,
)
from inters4.community.services.publishing import lock_space
from inters4.core import audit
from inters4.core.access import Viewer
from inters4.core.errors import Conflict, NotAllowed, NotFound
from inters4.core.hooks import hooks
from inters4.core.i18n import _
from inters4.members.models import Member


def invite(
    session: Session, space: Space, member: Member, message: str, *, by: Viewer
) -> SpaceInvitation:
    """Invite a person, and tell them.

    Raises:
        NotAllowed: `by` does not facilitate; the space is archived; the person was banned.
        Conflict: they belong, or are invited already.
        DomainError: the message is too long.
    """
    check_leads(space, by)
    check_lives(lock_space(session, space.id))
    message = words_of(message, most=MESSAGE_MAX, about="message")
    if belongs(session, space.id, member.id):
        raise Conflict(_("%(name)s fait déjà partie de l’espace.", name=member.name))
    if own_invitation(session, space.id, member.id) is not None:
        raise Conflict(_("%(name)s a déjà une invitation.", name=member.name))
    if standing_of(session, space.id, member.id).is_banned:
        raise NotAllowed(
            _("%(name)s est exclue de l’espace : levez d’abord cette mesure.", name=member.name)
        )
    found = SpaceInvitation(
        space_id=space.id, member_id=member.id, invited_by_id=by.member_id, message=message
    )
    session.add(found)
    session.flush()
    audit.record(session, "community.invited", by=by, subject=space.container, member=member.id)
    hooks.notifier.notify(session, INVITATION_KIND, [member.id], subject=about_invitation(found.id))
    return found


def take_back(session: Session, space: Space, member_id: int, *, by: Viewer) -> None:
    """Invite someone no more.

    Raises:
        NotAllowed: `by` does not facilitate.
        Conflict: they have answered.
    """
    check_leads(space, by)
    _end(session, space, member_id)
    audit.record(
        session, "community.invitation_taken_back", by=by, subject=space.container, member=member_id
    )


def accept_invitation(session: Session, space: Space, *, by: Viewer) -> None:
    """Come in.

    Raises:
        NotAllowed: the space is archived, or they were banned since.
        Conflict: the invitation was taken back.
    """
    member_id = _signed_in(by)
    check_lives(lock_space(session, space.id))
    if own_invitation(session, space.id, member_id) is None:
        raise Conflict(_("Cette invitation n’attend plus de réponse."))
    enter(session, space, member_id, by=by, how="invitation")


def decline_invitation(session: Session, space: Space, *, by: Viewer) -> None:
    """Stay out.

    Raises:
        Conflict: the invitation was taken back.
    """
    _end(session, space, _signed_in(by))
    audit.record(session, "community.invitation_declined", by=by, subject=space.container)


def _end(session: Session, space: Space, member_id: int) -> None:
    lock_space(session, space.id)
    found = own_invitation(session, space.id, member_id)
    if found is None:
        raise Conflict(_("Cette invitation n’attend plus de réponse."))
    subject = about_invitation(found.id)
    session.delete(found)
    session.flush()
    hooks.notifier.settle(session, INVITATION_KIND, subject=subject)


def _signed_in(by: Viewer) -> int:
    if by.member_id is None:
        raise NotFound(_("Connectez-vous pour répondre à cette invitation."))
    return by.member_id
