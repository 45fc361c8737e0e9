"""The PDF of a sheet, made on demand; nothing of it where none can be made."""

from flask import Flask, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from inters4.core.db import writing
from inters4.core.i18n import _
from inters4.core.jobs import jobs
from inters4.core.paper import lacking
from inters4.core.web.requests import public, viewer
from inters4.practices.jobs import PAPERS_JOB
from inters4.practices.models import Practice
from inters4.practices.queries import find_head
from inters4.practices.queries.papers import Paper, paper_of
from inters4.practices.services.papers import ask_for_paper
from inters4.practices.views.blueprint import bp

ASKED_PER_HOUR = "20 per hour"


def limit(app: Flask) -> None:
    """What one address may ask for."""
    for limiter in app.extensions["limiter"]:
        app.view_functions["practices.ask_paper"] = limiter.limit(ASKED_PER_HOUR)(
            app.view_functions["practices.ask_paper"]
        )


@bp.post("/<slug>/pdf")
@public
def ask_paper(slug: str) -> ResponseReturnValue:
    """Have it made; the page of the sheet says when it is there."""
    if lacking() is not None:
        abort(404)
    with writing() as session:
        practice = find_head(session, slug, viewer=viewer())
        if practice is None or not practice.is_readable:
            abort(404)
        ask_for_paper(session, practice)
    jobs.nudge(PAPERS_JOB)
    flash(_("Le PDF se prépare : rechargez la page dans une minute."), "success")
    return redirect(url_for(".show", slug=slug), code=303)


def shown_paper(session: Session, practice: Practice) -> Paper | None:
    """How it stands, for the page of the sheet; None where there can be none."""
    found = paper_of(session, practice)
    return found if practice.is_readable and lacking() is None else None
