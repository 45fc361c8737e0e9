"""What the pages of moderation have in common: their space, and how a refusal comes back."""

from collections.abc import Callable
from typing import Any

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from inters4.community.models import Post, Space
from inters4.community.queries.access import access_to
from inters4.community.queries.flags import find_post
from inters4.community.queries.visibility import find_readable_space, moderates
from inters4.community.services.journaling import LONGEST_REASON
from inters4.core.errors import Conflict, DomainError, NotAllowed, NotFound, TooMany
from inters4.core.i18n import _
from inters4.core.web.requests import viewer

_ELSEWHERE = (NotFound, TooMany)


def space_to_moderate(session: Session, slug: str) -> Space:
    """The space of this address, which the viewer moderates.

    Raises:
        NotAllowed: they read it, and do not moderate it.
    """
    found = find_readable_space(session, slug, viewer=viewer()) or abort(404)
    if not moderates(viewer(), found.id):
        raise NotAllowed(_("Seules les personnes qui animent ou modèrent cet espace le peuvent."))
    return found


def post_to_look_at(session: Session, slug: str, thread_id: int, number: int) -> Post:
    """The post of this address, a removed one too for who moderates; 404 when there is none."""
    return find_post(session, slug, thread_id, number, viewer=viewer()) or abort(404)


def head_of(session: Session, space: Space) -> dict[str, Any]:
    """What the head of a page of moderation needs."""
    access = access_to(session, space, viewer=viewer())
    return {
        "space": space,
        "access": access,
        "place": "moderation",
        "awaiting": access.awaiting,
    }


def desk(
    session: Session,
    template: str,
    space: Space,
    *,
    gesture: str = "",
    refusal: DomainError | None = None,
    status: int = 200,
    **facts: Any,
) -> ResponseReturnValue:
    """A page of gestures; when one was refused, it says why and gives back what was typed."""
    body = render_template(
        template,
        **head_of(session, space),
        gesture=gesture,
        refusal=refusal,
        typed=request.form,
        longest=LONGEST_REASON,
        **facts,
    )
    return body, status


def wanted_page() -> int:
    """The page of a list that the address asks for; the first when it cannot be read."""
    return request.args.get("page", 1, type=int)


def tried(
    act: Callable[[], ResponseReturnValue], again: Callable[..., ResponseReturnValue]
) -> ResponseReturnValue:
    """Do `act`; when the service refuses what was typed, draw the page `again` with it."""
    try:
        return act()
    except (NotAllowed, *_ELSEWHERE):
        raise
    except DomainError as refusal:
        status = 409 if isinstance(refusal, Conflict) else 422
        return again(refusal=refusal, status=status)


def typed_number(name: str) -> int:
    """A whole number of a form; 0 for what is none, or too large to be one."""
    typed = request.form.get(name, "").strip()
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0
