"""`/communaute/SLUG/semblables`: threads near the title that someone is typing."""

from flask import abort, g, render_template, request
from flask.typing import ResponseReturnValue

from inters4.community.models import TITLE_MAX
from inters4.community.queries.visibility import find_readable_space
from inters4.community.views.blueprint import bp
from inters4.core.db import reading
from inters4.core.web.requests import signed_in, viewer


@bp.get("/<slug>/semblables")
@signed_in
def similar_threads(slug: str) -> ResponseReturnValue:
    """Among all that the reader reads, whatever the space; for the form of a new thread."""
    title = request.args.get("titre", "")[:TITLE_MAX]
    with reading() as session:
        g.session = session
        if find_readable_space(session, slug, viewer=viewer()) is None:
            abort(404)
        body = render_template("community/similar.html", title=title)
    return body, 200, {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
