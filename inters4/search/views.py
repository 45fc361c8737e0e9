"""`/recherche`: the page of results, whole or only what htmx replaces."""

from urllib.parse import urlencode

from flask import Blueprint, Flask, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from indexer import IndexUnavailable
from inters4.core.db import reading
from inters4.core.errors import Unavailable
from inters4.core.i18n import _
from inters4.core.web.requests import is_htmx, public, viewer
from inters4.search.models import Criteria
from inters4.search.queries import engine
from inters4.search.services.searching import search

RETRY_SECONDS = 5
bp = Blueprint("search", __name__)


def install(app: Flask) -> None:
    """Add the pages, name the index, and let readiness look at it."""
    engine.bind(app.config["SETTINGS"])
    app.config["READY_CHECKS"]["index"] = engine.check
    app.register_blueprint(bp)


@bp.get("/recherche")
@public
def results() -> ResponseReturnValue:
    """What was found, with its facets."""
    criteria = Criteria.from_args(request.args)
    template = "search/_results.html" if is_htmx() else "search/results.html"
    with reading() as session:
        g.session = session
        try:
            page = search(session, criteria, viewer=viewer())
        except IndexUnavailable as error:
            raise Unavailable(
                _("La recherche se remet en route. Le reste du portail répond."),
                retry_after=RETRY_SECONDS,
            ) from error
        body = render_template(template, page=page, criteria=page.criteria, address=address)
    headers = {"X-Robots-Tag": "noindex"}
    if is_htmx():
        headers["HX-Push-Url"] = address(page.criteria)
    return body, 200, headers


def address(criteria: Criteria) -> str:
    """The path and query of a search."""
    pairs = urlencode(list(criteria.pairs()))
    return url_for("search.results") + (f"?{pairs}" if pairs else "")
