"""`/pratiques/donnees-ouvertes`: what may be taken away, on what terms, and the files."""

import io

from flask import abort, current_app, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue

from inters4.core.db import reading
from inters4.core.tables import CSV
from inters4.core.web.downloads import as_file
from inters4.core.web.requests import public, site
from inters4.practices.exports.open_archive import open_archive
from inters4.practices.exports.open_data import JSON, Terms, practices_json, practices_table
from inters4.practices.exports.open_lists import (
    BY_SLUG,
    DECLARED,
    LISTS,
    adoptions_table,
    list_table,
)
from inters4.practices.queries.adoptions import every_public
from inters4.practices.queries.chosen import open_practices
from inters4.practices.views.blueprint import bp
from inters4.settings import Settings


@bp.get("/donnees-ouvertes")
@public
def open_data() -> ResponseReturnValue:
    """The terms, and a link to each file."""
    return render_template("practices/open_data.html", terms=_terms(), lists=(*LISTS, DECLARED))


@bp.get("/donnees.json")
@public
def as_json() -> ResponseReturnValue:
    """Every published sheet with all its fields."""
    with reading() as session:
        text = "".join(practices_json(open_practices(session), terms=_terms()))
    return as_file(text, JSON, "pratiques.json")


@bp.get("/donnees.csv")
@public
def as_table() -> ResponseReturnValue:
    """Every published sheet, a line each."""
    with reading() as session:
        text = "".join(practices_table(open_practices(session), terms=_terms()))
    return as_file(text, CSV, "pratiques-donnees.csv")


@bp.get("/donnees/<name>.csv")
@public
def list_as_table(name: str) -> ResponseReturnValue:
    """One list of every published sheet, a line each."""
    one = BY_SLUG.get(name) or abort(404)
    with reading() as session:
        text = "".join(list_table(one, open_practices(session), terms=_terms()))
    return as_file(text, CSV, f"pratiques-{one.slug}.csv")


@bp.get(f"/donnees/{DECLARED.slug}.csv")
@public
def declared_as_table() -> ResponseReturnValue:
    """What teams declare, whoever asks: only what everyone may read."""
    with reading() as session:
        text = "".join(adoptions_table(every_public(session), terms=_terms()))
    return as_file(text, CSV, f"pratiques-{DECLARED.slug}.csv")


@bp.get("/donnees.zip")
@public
def as_archive() -> ResponseReturnValue:
    """All the files at once."""
    with reading() as session:
        held = open_archive(open_practices(session), every_public(session), terms=_terms())
    answer = send_file(
        io.BytesIO(held),
        mimetype="application/zip",
        as_attachment=True,
        download_name="pratiques-donnees.zip",
    )
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    return answer


@bp.get("/resultats.csv")
@public
def outcomes_as_table() -> ResponseReturnValue:
    """Where the table of outcomes was before the others."""
    return redirect(url_for(".list_as_table", name="resultats"), code=301)


def _terms() -> Terms:
    settings: Settings = current_app.config["SETTINGS"]
    return Terms(licence=settings.licence, licence_url=settings.licence_url, site=site())
