"""« Réviser la fiche »: a sheet that readers see is taken up again; they go on seeing it."""

from flask import abort, redirect, url_for
from flask.typing import ResponseReturnValue

from inters4.core.db import writing
from inters4.core.web.requests import request_id, signed_in, viewer
from inters4.practices.queries import find_head
from inters4.practices.services.revising import open_revision
from inters4.practices.views.blueprint import bp


@bp.post("/<slug>/revision")
@signed_in
def take_up(slug: str) -> ResponseReturnValue:
    """Open a revision, or go to the one that is open."""
    with writing() as session:
        practice = find_head(session, slug, viewer=viewer()) or abort(404)
        open_revision(session, practice, by=viewer(), request_id=request_id())
        identifier = practice.id
    return redirect(url_for(".dossier", practice_id=identifier), code=303)
