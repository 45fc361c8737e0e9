"""`/communaute/SLUG/mentions`: who a post may name, as its author types."""

from flask import abort, request
from flask.typing import ResponseReturnValue

from inters4.community.queries.access import access_to
from inters4.community.queries.mentionable import people_to_mention
from inters4.community.queries.visibility import find_readable_space, find_thread
from inters4.community.views.blueprint import bp
from inters4.core.db import reading
from inters4.core.web.requests import signed_in, viewer

_LONGEST = 60
_LARGEST = 2**31 - 1


@bp.get("/<slug>/mentions")
@signed_in
def mentions(slug: str) -> ResponseReturnValue:
    """People of the space whose name starts so, for whoever may write there."""
    typed = request.args.get("q", "")[:_LONGEST]
    number = request.args.get("fil", 0, type=int)
    with reading() as session:
        space = find_readable_space(session, slug, viewer=viewer()) or abort(404)
        if not access_to(session, space, viewer=viewer()).can_post:
            abort(404)
        known = 0 < number <= _LARGEST
        thread = find_thread(session, slug, number, viewer=viewer()) if known else None
        people = people_to_mention(
            session, space, thread, typed=typed, except_id=viewer().member_id
        )
        found = [{"id": one.public_id, "name": one.name} for one in people]
    return {"people": found}, 200, {"Cache-Control": "no-store"}
