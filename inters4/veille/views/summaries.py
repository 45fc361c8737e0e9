"""`/veille/resumes/SLUG`: one summary, and its article as a citation."""

from flask import abort, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from inters4.core.db import reading
from inters4.core.web.downloads import references_file
from inters4.core.web.remembered import frame
from inters4.core.web.requests import public, viewer
from inters4.core.wholes import stamps
from inters4.veille.exports.citations import citation_of, statuses_of
from inters4.veille.models import Summary
from inters4.veille.queries import summaries as queries
from inters4.veille.views.blueprint import bp
from inters4.veille.views.lacks import Lacks, lacks_of
from inters4.vocabulary.queries import vocabulary


@bp.get("/resumes/<slug>")
@public
def show(slug: str) -> ResponseReturnValue:
    """One summary; a former address leads to the present one."""
    with reading() as session:
        g.session = session
        summary = queries.find_summary(session, slug, viewer=viewer())
        if summary is None:
            moved = queries.find_renamed(session, slug, viewer=viewer()) or abort(404)
            return redirect(url_for(".show", slug=moved), code=301)
        if summary.is_tombstone:
            return _tombstone(session, summary)
        words = vocabulary(session)
        practices = queries.practices_of_summary(session, summary, viewer=viewer())
        translations = queries.translations_of(session, summary)
        return render_template(
            "veille/summary.html",
            summary=summary,
            words=words,
            citation=citation_of(summary),
            statuses=statuses_of(summary, words=words),
            practices=practices,
            translations=translations,
            version=(*stamps(summary, *practices, *translations), words.revision, *frame()),
            lacks=lacks_of(summary) if summary.is_draft else Lacks(),
        )


@bp.get("/resumes/<slug>/citation.<ending>")
@public
def citation(slug: str, ending: str) -> ResponseReturnValue:
    """The article as RIS or BibTeX."""
    with reading() as session:
        summary = queries.find_summary(session, slug, viewer=viewer())
        if summary is None or summary.is_tombstone:
            abort(404)
        return references_file([citation_of(summary)], ending, name=summary.slug)


def _tombstone(session: Session, summary: Summary) -> ResponseReturnValue:
    """What no longer holds: the reason and the article, not the text."""
    replacement = (
        queries.address_of(session, summary.replaced_by, viewer=viewer())
        if summary.replaced_by
        else None
    )
    return render_template(
        "veille/tombstone.html",
        summary=summary,
        citation=citation_of(summary),
        replacement=replacement,
    )
