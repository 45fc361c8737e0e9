"""What every page of a space starts with: the space, if seen, and what the viewer may do."""

from typing import Any, NoReturn

from flask import abort, redirect, render_template, request, url_for
from sqlalchemy.orm import Session

from inters4.community.exports import words as space_words
from inters4.community.models import Space
from inters4.community.queries.access import SpaceAccess, access_to, facilitates
from inters4.community.queries.spaces import find_moved
from inters4.community.queries.visibility import find_space
from inters4.core.errors import NotAllowed
from inters4.core.i18n import _
from inters4.core.web.requests import viewer


def seen_space(session: Session, slug: str) -> Space:
    """The space of this address, or 404: what one may not see does not exist."""
    return find_space(session, slug, viewer=viewer()) or moved_on(session, slug)


def moved_on(session: Session, slug: str) -> NoReturn:
    """Lead a reader of a former address to the same page at the present one, or answer 404."""
    moved = find_moved(session, slug, viewer=viewer())
    if moved is None or request.method not in {"GET", "HEAD"}:
        abort(404)
    values = {**(request.view_args or {}), **request.args.to_dict(flat=False), "slug": moved}
    abort(redirect(url_for(request.endpoint or ".space", **values), code=301))


def led_space(session: Session, slug: str) -> Space:
    """The same, for those who lead it.

    Raises:
        NotAllowed: they see it, and do not lead it.
    """
    found = seen_space(session, slug)
    if not facilitates(viewer(), found.id):
        raise NotAllowed(_("Les personnes qui animent cet espace en décident."))
    return found


def space_page(
    session: Session,
    template: str,
    space: Space,
    *,
    place: str,
    access: SpaceAccess | None = None,
    **facts: Any,
) -> str:
    """A page of a space, with what its head needs."""
    return render_template(
        template,
        space=space,
        access=access or access_to(session, space, viewer=viewer()),
        place=place,
        space_words=space_words,
        **facts,
    )
