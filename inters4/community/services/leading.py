"""Who leads a space: one who facilitates and one who seconds, both of its people; moderators."""

from sqlalchemy.orm import Session

from inters4.community.exports.joining_notices import PLACE_KIND, about_place
from inters4.community.models import Space
from inters4.community.queries.access import facilitates
from inters4.community.queries.leading import facilitators_of
from inters4.community.services.belonging import belongs
from inters4.community.services.checking import check_leads
from inters4.community.services.publishing import lock_space
from inters4.core import audit
from inters4.core.access import Role, Viewer
from inters4.core.errors import Conflict, DomainError, NotAllowed
from inters4.core.hooks import hooks
from inters4.core.i18n import _
from inters4.members.models import Member
from inters4.members.queries.people import find_grant
from inters4.members.services.people import grant_role
from inters4.members.services.roles import withdraw_role


def hand_over(
    session: Session, space: Space, *, facilitator: Member, deputy: Member, by: Viewer
) -> None:
    """Say who leads from now on. Whoever leads no more stays in the space.

    Those who lead choose. Where nobody does any more, the coordination chooses among the people
    of the space, and not itself; of a private space it knows nothing.

    Raises:
        NotAllowed: `by` may not choose.
        DomainError: one person for both, or somebody who is not of the space.
    """
    space = lock_space(session, space.id)
    _check_chooses(session, space, (facilitator, deputy), by=by)
    if facilitator.id == deputy.id:
        raise DomainError(
            _("Il faut deux personnes : une qui anime, une autre qui la seconde."), about="releve"
        )
    for member, about in ((facilitator, "animation"), (deputy, "releve")):
        if not member.is_active or not belongs(session, space.id, member.id):
            raise DomainError(
                _("%(name)s ne fait pas partie de l’espace.", name=member.name), about=about
            )
    name_leaders(session, space, facilitator=facilitator, deputy=deputy, by=by)
    audit.record(
        session,
        "community.handed_over",
        by=by,
        subject=space.container,
        facilitator=facilitator.id,
        deputy=deputy.id,
    )


def name_leaders(
    session: Session, space: Space, *, facilitator: Member, deputy: Member, by: Viewer
) -> None:
    """Give both the role, take it from those who had it, tell the new ones."""
    before = {one for one in (space.facilitator_id, space.deputy_id) if one is not None}
    after = {facilitator.id, deputy.id}
    for member in (facilitator, deputy):
        grant_role(session, member, Role.FACILITATOR, by=by, space=space.id)
    space.facilitator_id, space.deputy_id = facilitator.id, deputy.id
    session.flush()
    for number in sorted(before - after):
        former = session.get(Member, number)
        if former is not None:
            withdraw_role(session, former, Role.FACILITATOR, by=by, space=space.id)
    _tell(session, space, sorted(after - before - {by.member_id}), "leading")


def name_moderator(session: Session, space: Space, member: Member, *, by: Viewer) -> None:
    """Let a person of the space moderate it.

    Raises:
        NotAllowed: `by` does not facilitate.
        Conflict: they are not there, or moderate already.
    """
    check_leads(space, by)
    if not belongs(session, space.id, member.id):
        raise Conflict(_("%(name)s ne fait pas partie de l’espace.", name=member.name))
    if find_grant(session, member.id, Role.MODERATOR, space=space.id) is not None:
        raise Conflict(_("%(name)s modère déjà l’espace.", name=member.name))
    grant_role(session, member, Role.MODERATOR, by=by, space=space.id)
    _tell(session, space, [member.id], "moderating")


def drop_moderator(session: Session, space: Space, member: Member, *, by: Viewer) -> None:
    """Take the role back; one may drop one's own.

    Raises:
        NotAllowed: `by` neither facilitates nor is that person.
        Conflict: they do not moderate.
    """
    if member.id != by.member_id:
        check_leads(space, by)
    if not withdraw_role(session, member, Role.MODERATOR, by=by, space=space.id):
        raise Conflict(_("%(name)s ne modère pas l’espace.", name=member.name))


def may_choose_leaders(session: Session, space: Space, by: Viewer) -> bool:
    """True of those who lead, and of the coordination where nobody does any more.

    Not of a private space: who belongs to it is not for the coordination to know.
    """
    if facilitates(by, space.id):
        return True
    is_theirs = by.is_staff and not space.is_private and not space.is_archived
    return is_theirs and not facilitators_of(session, [space.id])[space.id]


def _check_chooses(
    session: Session, space: Space, chosen: tuple[Member, ...], *, by: Viewer
) -> None:
    if not may_choose_leaders(session, space, by):
        raise NotAllowed(_("Les personnes qui animent cet espace choisissent leur relève."))
    if not facilitates(by, space.id) and by.member_id in {one.id for one in chosen}:
        raise NotAllowed(_("Choisissez d’autres personnes que vous-même."))


def _tell(session: Session, space: Space, member_ids: list[int], what: str) -> None:
    hooks.notifier.notify(
        session,
        PLACE_KIND,
        member_ids,
        subject=about_place(space.id),
        facts={"what": what},
    )
