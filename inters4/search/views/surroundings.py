"""`/ma-region`: a reader says once where they work, and sees what the portal holds of it."""

from contextlib import suppress

from flask import flash, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from indexer import IndexUnavailable
from inters4.core.db import reading
from inters4.core.i18n import _
from inters4.core.web.requests import public, safe_next, viewer
from inters4.search.forms.browser import (
    kept_now,
    place_of_browser,
    place_of_form,
    remember_place,
)
from inters4.search.services.surroundings import of_region
from inters4.search.views.blueprint import bp
from inters4.vocabulary.queries import vocabulary


@bp.get("/ma-region")
@public
def region() -> ResponseReturnValue:
    """The choice, then what comes from there."""
    with reading() as session:
        g.session = session
        words = vocabulary(session)
        place = place_of_browser().followed(words.present)
        around = None
        if place.region:
            with suppress(IndexUnavailable):
                around = of_region(session, place.region, viewer=viewer())
        return render_template(
            "search/region.html",
            place=place,
            words=words,
            around=around,
            kept=frozenset(kept_now(session)),
            next_path=safe_next(request.args.get("suite"), default=""),
        )


@bp.post("/ma-region")
@public
def choose_region() -> ResponseReturnValue:
    """Keep the choice in the browser, and go back to what was being read."""
    with reading() as session:
        place = place_of_form(vocabulary(session))
    target = safe_next(request.form.get("suite"), default=url_for(".region"))
    response = make_response(redirect(target, code=303))
    remember_place(response, place)
    flash(_("Votre choix est gardé dans ce navigateur.") if place.is_chosen else _("C’est oublié."))
    return response
