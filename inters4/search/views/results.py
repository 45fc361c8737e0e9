"""`/recherche`: the page of results, whole or only what htmx replaces, or everything as a file."""

from flask import Response, abort, g, render_template, request
from flask.typing import ResponseReturnValue

from inters4.core.db import reading
from inters4.core.web.requests import is_htmx, public, site, viewer
from inters4.search.exports.files import FORMATS
from inters4.search.forms.browser import kept_now, place_of_browser
from inters4.search.models import Criteria
from inters4.search.services.lists import EXPORT_LIMIT, found_keys
from inters4.search.services.searching import search
from inters4.search.views.blueprint import address, bp, needs_index, question_about
from inters4.search.views.files import send_file

_OPENSEARCH = "application/opensearchdescription+xml"


@bp.get("/recherche")
@public
def results() -> ResponseReturnValue:
    """What was found, with its facets."""
    criteria = Criteria.from_args(request.args)
    template = "search/_results.html" if is_htmx() else "search/results.html"
    with reading() as session:
        g.session = session
        with needs_index():
            page = search(session, criteria, viewer=viewer(), place=place_of_browser())
        body = render_template(
            template,
            page=page,
            criteria=page.criteria,
            address=address,
            kept=frozenset(kept_now(session)),
            place=place_of_browser(),
            formats=FORMATS,
            export_limit=EXPORT_LIMIT,
            question=question_about(page.criteria.text, origin=address(page.criteria)),
        )
    headers = {"X-Robots-Tag": "noindex"}
    if is_htmx():
        headers["HX-Push-Url"] = address(page.criteria)
    return body, 200, headers


@bp.get("/recherche/resultats.<extension>")
@public
def export(extension: str) -> ResponseReturnValue:
    """All that a search finds, as a file."""
    if extension not in FORMATS:
        abort(404)
    criteria = Criteria.from_args(request.args)
    with reading() as session, needs_index():
        keys = found_keys(session, criteria, viewer=viewer())
    return send_file(extension, keys, name="inters4-recherche", viewer=viewer())


@bp.get("/recherche/moteur.xml")
@public
def opensearch() -> ResponseReturnValue:
    """Lets browsers and reference managers search here by themselves."""
    body = render_template("search/opensearch.xml", site=site())
    return Response(body, mimetype=_OPENSEARCH, headers={"Cache-Control": "max-age=86400"})
