"""`/themes`: what the portal holds, by theme."""

from flask import abort, current_app, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from inters4.core.db import reading
from inters4.core.web.requests import public, viewer
from inters4.search.forms.browser import kept_now, place_of_browser
from inters4.search.services.themes import find_theme, list_themes
from inters4.search.views.blueprint import address, bp, question_about
from inters4.vocabulary.queries import vocabulary


@bp.get("/themes")
@public
def themes() -> ResponseReturnValue:
    """Every theme, with what lies under it."""
    with reading() as session:
        g.session = session
        lines = list_themes(session, viewer=viewer())
        return render_template("search/themes.html", lines=lines)


@bp.get("/themes/<identifier>")
@public
def theme(identifier: str) -> ResponseReturnValue:
    """One theme: what it means, what lies below, the latest documents of each kind.

    The address of a theme that was moved or merged leads to the one that stands for it.
    """
    with reading() as session:
        g.session = session
        page = find_theme(session, identifier, viewer=viewer(), place=place_of_browser())
        if page is None:
            present = vocabulary(session).present("themes", identifier) or abort(404)
            return redirect(url_for(".theme", identifier=present), code=301)
        return render_template(
            "search/theme.html",
            page=page,
            kept=frozenset(kept_now(session)),
            feed=_feed("veille.atom", identifier),
            json_feed=_feed("veille.json", identifier),
            address=address,
            question=question_about(
                page.entry.label(), origin=url_for(".theme", identifier=identifier)
            ),
        )


def _feed(endpoint: str, identifier: str) -> str:
    """A feed of what the watch publishes on a theme, empty where there is none."""
    if endpoint not in current_app.view_functions:
        return ""
    return url_for(endpoint, theme=identifier)
