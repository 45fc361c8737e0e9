"""A space begins: the team opens it and names the two who lead, one to second the other."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from inters4.community.models import Space, SpaceStage, Visibility
from inters4.community.queries.access import may_create
from inters4.community.services.belonging import enter
from inters4.community.services.describing import Description, describe, free_slug
from inters4.community.services.leading import name_leaders
from inters4.core import audit
from inters4.core.access import Viewer
from inters4.core.errors import DomainError, NotAllowed
from inters4.core.i18n import _
from inters4.members.models import Member


def create_space(
    session: Session,
    description: Description,
    *,
    visibility: Visibility,
    facilitator: Member,
    deputy: Member,
    known_themes: Collection[str],
    by: Viewer,
) -> Space:
    """Open a space, in preparation; both who lead belong to it and are told.

    Whoever opens it does not belong to it for that: a hidden one is closed to them too.

    Raises:
        NotAllowed: `by` is not of the coordination.
        DomainError: something is missing or does not fit; `about` names the field.
    """
    if not may_create(by):
        raise NotAllowed(_("La coordination ouvre les espaces."))
    if facilitator.id == deputy.id:
        raise DomainError(
            _("Il faut deux personnes : une qui anime, une autre qui la seconde."), about="releve"
        )
    for member, about in ((facilitator, "animation"), (deputy, "releve")):
        if not member.is_active:
            raise DomainError(
                _("Le compte de %(name)s n’est pas actif.", name=member.name), about=about
            )
    space = Space(visibility=visibility, stage=SpaceStage.POTENTIAL)
    describe(space, description, known_themes=known_themes)
    space.slug = free_slug(session, description.name, visibility=visibility)
    session.add(space)
    session.flush()
    audit.record(session, "community.created", by=by, subject=space.container)
    for member in (facilitator, deputy):
        enter(session, space, member.id, by=by, how="named")
    name_leaders(session, space, facilitator=facilitator, deputy=deputy, by=by)
    return space
