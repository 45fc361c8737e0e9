"""`/pratiques/SLUG`: one sheet, and its reference as files."""

from flask import abort, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from inters4.core.citations import Citation
from inters4.core.clock import local, now
from inters4.core.db import reading
from inters4.core.web.downloads import references_file
from inters4.core.web.requests import public, site, viewer
from inters4.practices import queries
from inters4.practices.exports.citing import citation_of, statuses_of
from inters4.practices.models import Block, Practice, without_citations
from inters4.practices.views.blueprint import bp
from inters4.practices.views.lacks import lacks_of
from inters4.vocabulary.queries import vocabulary

EVERYWHERE = "*"
"""Mark of the tile map that stands for every region."""


@bp.get("/<slug>")
@public
def show(slug: str) -> ResponseReturnValue:
    """One sheet; a former address leads to the present one."""
    with reading() as session:
        g.session = session
        practice = queries.find_practice(session, slug, viewer=viewer())
        if practice is None:
            moved = queries.find_renamed(session, slug, viewer=viewer()) or abort(404)
            return redirect(url_for(".show", slug=moved), code=301)
        if practice.is_tombstone:
            return render_template("practices/tombstone.html", practice=practice)
        words = vocabulary(session)
        return render_template(
            "practices/sheet.html",
            practice=practice,
            words=words,
            blocks=_blocks(practice),
            is_overdue=practice.is_overdue(on=local(now()).date()),
            marks=marks_of(practice),
            lacks=lacks_of(practice) if practice.is_starter else [],
            citation=citation_of(practice, site=site()),
            statuses=statuses_of(practice, words=words),
        )


@bp.get("/<slug>.ris")
@public
def as_ris(slug: str) -> ResponseReturnValue:
    """The reference of a sheet, for Zotero, EndNote or Mendeley."""
    return references_file([_citation(slug)], "ris", name=slug)


@bp.get("/<slug>.bib")
@public
def as_bibtex(slug: str) -> ResponseReturnValue:
    """The reference of a sheet, as BibTeX."""
    return references_file([_citation(slug)], "bib", name=slug)


def marks_of(practice: Practice) -> list[tuple[str, str, str]]:
    """Where the practice was born and adopted: (region, state, detail) for the tile map."""
    carried = "; ".join(practice.organisation_labels)
    own = [(region, "origin", carried) for region in practice.regions]
    adopted = [
        (
            EVERYWHERE if row.everywhere else row.region,
            "source",
            f"{row.label} ({without_citations(row.since)})" if row.since else row.label,
        )
        for row in practice.adopters
        if row.region or row.everywhere
    ]
    return own + adopted


def _blocks(practice: Practice) -> dict[str, str]:
    """Every long text as it is shown, by name: `patient_role`; empty when there is none."""
    found = {row.block: row.markup for row in practice.blocks}
    return {block.name.lower(): found.get(block, "") for block in Block}


def _citation(slug: str) -> Citation:
    with reading() as session:
        practice = queries.find_practice(session, slug, viewer=viewer())
        if practice is None or practice.is_tombstone:
            abort(404)
        return citation_of(practice, site=site())
