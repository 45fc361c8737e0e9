"""Whom a post may name, as its author types, and whom it names, before it is posted."""

from flask import abort, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from inters4.community.models import POST_MAX, Space, Thread
from inters4.community.queries.access import access_to
from inters4.community.queries.mentionable import mentioned_in, names_of, people_to_mention
from inters4.community.queries.visibility import find_readable_space, find_thread
from inters4.community.views.blueprint import bp
from inters4.core.db import reading
from inters4.core.richtext import Profile
from inters4.core.web.preview import draw
from inters4.core.web.requests import signed_in, viewer

_LONGEST, _MOST_CHOSEN = 60, 30
_LARGEST = 2**31 - 1


@bp.get("/<slug>/mentions")
@signed_in
def mentions(slug: str) -> ResponseReturnValue:
    """People of the space whose name starts so, for whoever may write there."""
    typed = request.args.get("q", "")[:_LONGEST]
    with reading() as session:
        space, thread = _where(session, slug)
        people = people_to_mention(
            session, space, thread, typed=typed, except_id=viewer().member_id
        )
        found = [{"id": one.public_id, "name": one.name} for one in people]
    return {"people": found}, 200, {"Cache-Control": "no-store"}


@bp.post("/<slug>/apercu")
@signed_in
def preview(slug: str) -> ResponseReturnValue:
    """What is typed as it would be posted, the people whom it names told apart."""
    text = request.form.get("text", "")
    with reading() as session:
        space, thread = _where(session, slug)
        ids = mentioned_in(
            session,
            text[:POST_MAX],
            space=space,
            thread=thread,
            chosen=request.form.getlist("personne")[:_MOST_CHOSEN],
            except_id=viewer().member_id,
        )
        names = names_of(session, ids)
    return draw(text, profile=Profile.POST, names=names)


def _where(session: Session, slug: str) -> tuple[Space, Thread | None]:
    """The space, and the thread that `fil` says; 404 for whoever may not write there."""
    space = find_readable_space(session, slug, viewer=viewer()) or abort(404)
    if not access_to(session, space, viewer=viewer()).can_post:
        abort(404)
    number = request.args.get("fil", 0, type=int)
    if not 0 < number <= _LARGEST:
        return space, None
    return space, find_thread(session, slug, number, viewer=viewer())
