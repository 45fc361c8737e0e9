"""`/infolettres`: the newsletters, their issues, and the archive of each issue."""

from typing import Any

from flask import (
    abort,
    current_app,
    g,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from inters4.core.db import reading
from inters4.core.i18n import foreign
from inters4.core.web.downloads import references_file
from inters4.core.web.feeds import atom_response
from inters4.core.web.remembered import frame, remembered
from inters4.core.web.requests import public, site, viewer
from inters4.core.wholes import stamps
from inters4.newsletters import queries
from inters4.newsletters.exports.citations import citation_of, feed_entries, feed_of, path_of
from inters4.newsletters.exports.sections import sections_of
from inters4.newsletters.models import Issue
from inters4.newsletters.queries.errata import amended
from inters4.newsletters.views.blueprint import bp
from inters4.newsletters.views.places import cut, filled, new_mark
from inters4.reactions.forms import asked
from inters4.veille.queries.summaries import is_team
from inters4.vocabulary.queries import vocabulary


@bp.get("")
@public
def index() -> ResponseReturnValue:
    """Every newsletter with its latest issues."""
    with reading() as session:
        g.session = session
        shelves = queries.list_shelves(session, viewer=viewer())
        return render_template("newsletters/index.html", shelves=shelves)


@bp.get("/<newsletter_id>")
@public
def newsletter(newsletter_id: str) -> ResponseReturnValue:
    """One newsletter and its issues, the latest first."""
    with reading() as session:
        g.session = session
        found = queries.find_newsletter(session, newsletter_id) or abort(404)
        page = queries.list_issues(
            session, found.id, viewer=viewer(), page=request.args.get("page", 1, type=int)
        )
        return render_template(
            "newsletters/newsletter.html",
            newsletter=found,
            page=page,
            words=vocabulary(session),
            url_of=lambda number: url_for(
                ".newsletter", newsletter_id=found.id, page=number if number > 1 else None
            ),
        )


@bp.get("/<newsletter_id>/flux.atom")
@public
def feed(newsletter_id: str) -> ResponseReturnValue:
    """The latest issues of a newsletter, as Atom."""
    with reading() as session:
        g.session = session
        found = queries.find_newsletter(session, newsletter_id) or abort(404)
        page = queries.list_issues(session, found.id, viewer=viewer())
        entries = feed_entries(page.rows, site=site())
        return atom_response(feed_of(found, site=site()), entries)


@bp.get("/<newsletter_id>/<int:number>")
@public
def issue(newsletter_id: str, number: int) -> ResponseReturnValue:
    """The archive of one issue."""
    with reading() as session:
        g.session = session
        found = queries.find_head(session, newsletter_id, number, viewer=viewer()) or abort(404)
        folded, contents, *pieces = _parts_of(session, found)
        return render_template(
            "newsletters/issue.html",
            issue=found,
            folded=folded,
            contents=contents,
            pieces=filled(session, pieces, path=path_of(found)),
            asked=asked(),
            is_team=is_team(viewer()),
            neighbours=queries.neighbours_of(session, found, viewer=viewer()),
            amended=amended(session, found, viewer=viewer()),
            citation=citation_of(found, site=site()),
        )


@bp.get("/<newsletter_id>/<int:number>/citation.<ending>")
@public
def citation(newsletter_id: str, number: int, ending: str) -> ResponseReturnValue:
    """The reference of an issue as RIS or BibTeX."""
    with reading() as session:
        found = queries.find_head(session, newsletter_id, number, viewer=viewer()) or abort(404)
        return references_file([citation_of(found, site=site())], ending, name=found.id)


def _parts_of(session: Session, issue: Issue) -> tuple[str, ...]:
    """The contents, folded and not, then the items cut at their places; drawn once a version."""
    words = vocabulary(session)

    def draw() -> tuple[str, ...]:
        macros: Any = current_app.jinja_env.get_template("newsletters/_parts.html").module
        whole = queries.load_cited(session, issue.id) or issue
        sections = sections_of(whole.items)
        entries = [(one.anchor, one.title) for one in sections if one.title]
        language = foreign(issue.newsletter.language)
        mark = new_mark()
        drawn = macros.issue_sections(
            sections, words, language, path_of(issue), mark if issue.is_readable else ""
        )
        return (
            macros.issue_contents(entries, language, is_open=False),
            macros.issue_contents(entries, language),
            *cut(drawn, mark),
        )

    items = queries.stamps_of_items(session, issue)
    name = (*stamps(issue.newsletter, issue), *items, words.revision, *frame())
    return remembered().parts(name, draw)
