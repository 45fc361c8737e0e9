"""`/veille/resumes/nouveau`: a summary begun from nothing."""

from collections.abc import Sequence

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inters4.core.db import writing
from inters4.core.errors import Conflict, DomainError
from inters4.core.web.requests import request_id, signed_in, viewer
from inters4.veille.queries.summaries import is_team
from inters4.veille.services.writing import Twin, begin_summary_from_nothing
from inters4.veille.views.blueprint import bp


@bp.get("/resumes/nouveau")
@signed_in
def new_summary() -> ResponseReturnValue:
    """Which article: its title, and its DOI when it has one."""
    if not is_team(viewer()):
        abort(404)
    return _page()


@bp.post("/resumes/nouveau")
@signed_in
def begin() -> ResponseReturnValue:
    """Begin the draft, then go and write it; an article told already leads to its summary."""
    try:
        with writing() as session:
            summary = begin_summary_from_nothing(
                session,
                title=request.form.get("titre", ""),
                doi=request.form.get("doi", ""),
                by=viewer(),
                despite=request.form.get("sachant", ""),
                request_id=request_id(),
            )
            slug = summary.slug
    except Twin as refusal:
        return _page(twin=refusal), 409
    except Conflict as refusal:
        flash(refusal.message, "warning")
        return redirect(url_for(".follow", slug=refusal.about), code=303)
    except DomainError as refusal:
        if refusal.status != DomainError.status:
            raise
        return _page(errors=[(refusal.about, refusal.message)]), 422
    return redirect(url_for(".write", slug=slug), code=303)


def _page(*, errors: Sequence[tuple[str, str]] = (), twin: Twin | None = None) -> str:
    return render_template("veille/writing/new.html", typed=request.form, errors=errors, twin=twin)
