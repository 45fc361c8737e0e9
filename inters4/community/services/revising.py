"""A space changes what it says of itself, and where it is in its life."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from inters4.community.models import Space, SpaceStage
from inters4.community.queries.spaces import SLUGS
from inters4.community.services.belonging import drop_invitations
from inters4.community.services.checking import check_leads
from inters4.community.services.describing import (
    Description,
    describe,
    description_of,
    free_slug,
)
from inters4.community.services.joining import close_waiting_requests
from inters4.community.services.publishing import lock_space
from inters4.core import audit
from inters4.core.access import Viewer
from inters4.core.errors import Conflict, NotAllowed
from inters4.core.hooks import hooks
from inters4.core.i18n import _

CLOSED = "community.closed"
"""A space closes: `handler(session, space=, reason=, by=)`, once the change is flushed."""


def revise(
    session: Session,
    space: Space,
    description: Description,
    *,
    version: int,
    moves: bool,
    known_themes: Collection[str],
    by: Viewer,
) -> bool:
    """Change what a space says of itself; False when nothing changes.

    `moves` gives it an address made of its new name; the former one leads there.

    Raises:
        NotAllowed: `by` does not facilitate; the space is archived.
        Conflict: someone changed it meanwhile.
        DomainError: something is missing or does not fit; `about` names the field.
    """
    check_leads(space, by)
    space = lock_space(session, space.id)
    if space.is_archived:
        raise NotAllowed(_("Cet espace est archivé : rouvrez-le d’abord."))
    before = description_of(space)
    if space.version != version and before != description:
        raise Conflict(
            _("Quelqu’un a changé ces réglages en même temps que vous."), about="version"
        )
    describe(space, description, known_themes=known_themes)
    renamed = moves and before.name != description.name
    if renamed:
        SLUGS.move(
            session, space, free_slug(session, description.name, visibility=space.visibility)
        )
    if before == description_of(space):
        return False
    session.flush()
    audit.record(
        session,
        "community.revised",
        by=by,
        subject=space.container,
        changed=_changed(before, space),
    )
    return True


def set_stage(session: Session, space: Space, stage: SpaceStage, *, by: Viewer) -> bool:
    """Say where a community is in its life; False when it was there.

    Once it is closed nobody waits at its door: requests are answered, invitations end, meetings to
    come are cancelled. Those who lead may open it again.

    Raises:
        NotAllowed: `by` does not facilitate.
    """
    check_leads(space, by)
    space = lock_space(session, space.id)
    if space.stage is stage:
        return False
    before, space.stage = space.stage, stage
    session.flush()
    if stage is SpaceStage.CLOSED:
        why = _("L’espace est archivé.")
        close_waiting_requests(session, space, why, by=by)
        drop_invitations(session, space)
        hooks.emit(CLOSED, session, space=space, reason=why, by=by)
    audit.record(
        session,
        "community.stage",
        by=by,
        subject=space.container,
        before=before.value,
        after=stage.value,
    )
    return True


def _changed(before: Description, space: Space) -> str:
    """The names of what changed: the words themselves stay where they are read."""
    after = description_of(space)
    names = Description.__dataclass_fields__
    return ", ".join(name for name in names if getattr(before, name) != getattr(after, name))
