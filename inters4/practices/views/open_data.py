"""`/pratiques/donnees-ouvertes`: what may be taken away, on what terms, and the files."""

from flask import current_app, render_template
from flask.typing import ResponseReturnValue

from inters4.core.db import reading
from inters4.core.tables import CSV
from inters4.core.web.downloads import as_file
from inters4.core.web.requests import public, site
from inters4.practices.exports.open_data import (
    JSON,
    Terms,
    outcomes_table,
    practices_json,
    practices_table,
)
from inters4.practices.queries.chosen import open_practices
from inters4.practices.views.blueprint import bp
from inters4.settings import Settings


@bp.get("/donnees-ouvertes")
@public
def open_data() -> ResponseReturnValue:
    """The terms, and a link to each file."""
    return render_template("practices/open_data.html", terms=_terms())


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


@bp.get("/resultats.csv")
@public
def outcomes_as_table() -> ResponseReturnValue:
    """Every measured outcome, a line each."""
    with reading() as session:
        text = "".join(outcomes_table(open_practices(session), terms=_terms()))
    return as_file(text, CSV, "pratiques-resultats.csv")


def _terms() -> Terms:
    settings: Settings = current_app.config["SETTINGS"]
    return Terms(licence=settings.licence, licence_url=settings.licence_url, site=site())
