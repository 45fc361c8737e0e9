"""`/communaute/discuter`: « Dans quel espace? », the way from a document to a discussion of it."""

from flask import abort, g, render_template, request
from flask.typing import ResponseReturnValue

from inters4.community.exports.paths import space_path, thread_path
from inters4.community.exports.words import kind_label
from inters4.community.queries.choosing import spaces_to_write_in
from inters4.community.queries.tied import PARAMETER, find_subject, threads_about
from inters4.community.views.blueprint import bp
from inters4.core.db import reading
from inters4.core.web.requests import public, viewer

_SHOWN = 50


@bp.get("/discuter")
@public
def choose_space() -> ResponseReturnValue:
    """The threads there are, the spaces where one may start another, and the brokering team."""
    key = request.args.get(PARAMETER, "")
    with reading() as session:
        g.session = session
        subject = find_subject(session, key, viewer=viewer()) if key else None
        if key and subject is None:
            abort(404)
        tied = (
            threads_about(session, subject.kind, subject.id, viewer=viewer(), limit=_SHOWN)
            if subject
            else None
        )
        return render_template(
            "community/choosing.html",
            subject=subject,
            tied=tied,
            choices=spaces_to_write_in(session, viewer=viewer()),
            kind_label=kind_label,
            space_path=space_path,
            thread_path=thread_path,
        )
