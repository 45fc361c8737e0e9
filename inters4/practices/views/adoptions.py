"""Adoptions as anyone reads them: all of them, those of a sheet, one with its journal."""

from typing import Any

from flask import abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from inters4.core.access import Role
from inters4.core.db import reading
from inters4.core.tables import CSV
from inters4.core.web.downloads import as_file
from inters4.core.web.requests import public, site, viewer
from inters4.practices.exports.adoption_words import (
    ASPECTS,
    OPENNESS,
    STATES,
    adoptions_csv,
    change_of,
    result_line,
)
from inters4.practices.models import Adoption, Practice
from inters4.practices.queries import adoptions as queries
from inters4.practices.queries import find_head
from inters4.practices.services.adoption_life import WAYS
from inters4.practices.views.blueprint import bp
from inters4.vocabulary.queries import vocabulary

WORDS = {
    "states": STATES,
    "openness_words": OPENNESS,
    "aspects": ASPECTS,
    "change_of": change_of,
    "result_line": result_line,
}
"""What the templates of adoptions need to say."""


@bp.get("/adoptions")
@public
def adoption_index() -> ResponseReturnValue:
    """Every practice that teams say they try, the latest news first."""
    with reading() as session:
        g.session = session
        page = queries.public_page(session, request.args.get("page", 1, type=int))
        return render_template(
            "practices/adoption/index.html",
            page=page,
            page_address=lambda number: url_for(".adoption_index", page=number),
            results=queries.results_of(session, page.rows),
            words=vocabulary(session),
            **WORDS,
        )


@bp.get("/adoptions.csv")
@public
def adoption_index_csv() -> ResponseReturnValue:
    """The same, for a spreadsheet: what everyone may read, whoever asks."""
    with reading() as session:
        return as_file(_csv(session), CSV, "adoptions.csv")


@bp.get("/<slug>/adoptions")
@public
def adoption_list(slug: str) -> ResponseReturnValue:
    """Who tries this practice: what the reader may read of it."""
    with reading() as session:
        g.session = session
        practice = _sheet(session, slug)
        rows = queries.adoptions_of(session, practice.id, viewer=viewer())
        return render_template(
            "practices/adoption/list.html",
            practice=practice,
            adoptions=rows,
            counts=queries.by_state(rows),
            results=queries.results_of(session, rows),
            words=vocabulary(session),
            **WORDS,
        )


@bp.get("/<slug>/adoptions.csv")
@public
def adoption_list_csv(slug: str) -> ResponseReturnValue:
    """The public ones of this practice, for a spreadsheet."""
    with reading() as session:
        practice = _sheet(session, slug)
        return as_file(_csv(session, practice.id), CSV, f"adoptions-{practice.slug}.csv")


@bp.get("/<slug>/adoptions/<public_id>")
@public
def adoption(slug: str, public_id: str) -> ResponseReturnValue:
    """One adoption with its journal."""
    with reading() as session:
        return adoption_page(session, slug, public_id)


def adoption_page(
    session: Session, slug: str, public_id: str, *, told: str = "", typed: str = ""
) -> str:
    """The page of an adoption; `told` says why a change of state was refused."""
    g.session = session
    found = queries.find_adoption(session, slug, public_id, viewer=viewer())
    if found is None:
        _sheet(session, slug)  # one that is gone has its own page
        abort(404)
    return render_template(
        "practices/adoption/show.html",
        adoption=found,
        practice=found.practice,
        journal=queries.journal_of(session, found, viewer=viewer()),
        results=queries.results_of(session, [found]).get(found.id, ()),
        words=vocabulary(session),
        told=told,
        typed=typed,
        **standing_of(session, found),
        **WORDS,
    )


def standing_of(session: Session, adoption: Adoption) -> dict[str, Any]:
    """What the reader may do with an adoption, and where it may go from where it is."""
    reader = viewer()
    return {
        "is_ours": adoption.organisation_id in reader.organisations,
        "is_holder": queries.is_holder(session, adoption, reader),
        "may_moderate": reader.has(Role.COORDINATION),
        "ways": sorted(WAYS[adoption.state], key=list(STATES).index),
    }


def _sheet(session: Session, slug: str) -> Practice:
    """A sheet that people read; one that is gone has its own page, which says why."""
    practice = find_head(session, slug, viewer=viewer())
    if practice is None:
        abort(404)
    if not practice.is_readable:
        abort(redirect(url_for(".show", slug=slug), code=302))
    return practice


def _csv(session: Session, practice_id: str = "") -> str:
    rows = list(queries.every_public(session, practice_id))
    return adoptions_csv(
        rows,
        queries.results_of(session, rows),
        words=vocabulary(session),
        url_of=lambda row: (
            site() + url_for(".adoption", slug=row.practice.slug, public_id=row.public_id)
        ),
    )
