"""`/veille/resumes/SLUG`: one summary, and its article as a citation."""

from collections.abc import Mapping
from typing import Any

from flask import abort, current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from inters4.core.db import reading
from inters4.core.web.downloads import references_file
from inters4.core.web.remembered import frame, remembered
from inters4.core.web.requests import public, site, viewer
from inters4.core.wholes import stamps
from inters4.veille.exports.citations import citation_of, statuses_of
from inters4.veille.forms.writing_words import to_do
from inters4.veille.models import Lack, Summary
from inters4.veille.queries import summaries as queries
from inters4.veille.services.requirements import lacks_of
from inters4.veille.views.blueprint import bp
from inters4.vocabulary.queries import vocabulary

_PARTS = ("trail", "metadata", "top", "article", "classified")


@bp.get("/resumes/<slug>")
@public
def show(slug: str) -> ResponseReturnValue:
    """One summary; a former address leads to the present one."""
    with reading() as session:
        g.session = session
        summary = queries.find_head(session, slug, viewer=viewer())
        if summary is None:
            moved = queries.find_renamed(session, slug, viewer=viewer()) or abort(404)
            return redirect(url_for(".show", slug=moved), code=301)
        if summary.is_tombstone:
            return _tombstone(session, summary)
        return render_template(
            "veille/summary.html",
            summary=summary,
            citation=citation_of(summary),
            parts=_parts_of(session, summary),
            lacks=to_do(_lacks(session, summary)),
            is_team=queries.is_team(viewer()),
        )


@bp.get("/resumes/<slug>/citation.<ending>")
@public
def citation(slug: str, ending: str) -> ResponseReturnValue:
    """The article as RIS or BibTeX."""
    with reading() as session:
        summary = queries.find_head(session, slug, viewer=viewer())
        if summary is None or summary.is_tombstone:
            abort(404)
        return references_file([citation_of(summary)], ending, name=summary.slug)


def _parts_of(session: Session, summary: Summary) -> Mapping[str, str]:
    """What the page says to everyone, by name; drawn once a version of all that it shows."""
    words = vocabulary(session)
    practices = queries.practices_of_summary(session, summary, viewer=viewer())
    translations = queries.translations_of(session, summary)

    def draw() -> tuple[str, ...]:
        macros: Any = current_app.jinja_env.get_template("veille/_article.html").module
        whole = queries.load_parts(session, summary)
        statuses = statuses_of(whole, words=words)
        permalink = site() + request.path
        return (
            macros.summary_trail(whole, words),
            macros.summary_metadata(whole, citation_of(whole), statuses, permalink),
            macros.summary_top(whole, words, translations),
            macros.summary_article(whole, words, practices),
            macros.summary_classified(whole, words),
        )

    name = (*stamps(summary, *practices, *translations), words.revision, *frame())
    return dict(zip(_PARTS, remembered().parts(name, draw), strict=True))


def _lacks(session: Session, summary: Summary) -> tuple[Lack, ...]:
    return lacks_of(queries.load_parts(session, summary)) if summary.is_draft else ()


def _tombstone(session: Session, summary: Summary) -> ResponseReturnValue:
    """What no longer holds: the reason and the article, not the text."""
    replacement = (
        queries.address_of(session, summary.replaced_by, viewer=viewer())
        if summary.replaced_by
        else None
    )
    return render_template(
        "veille/tombstone.html",
        is_team=queries.is_team(viewer()),
        summary=summary,
        citation=citation_of(summary),
        replacement=replacement,
    )
