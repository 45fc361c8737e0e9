"""The pages about the portal itself."""

from flask import abort, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from inters4.core.db import reading
from inters4.core.hooks import hooks
from inters4.core.i18n import current_locale
from inters4.core.web.requests import public
from inters4.home.queries import pages as queries
from inters4.home.views.blueprint import bp
from inters4.members.queries import list_organisations

ABOUT, PRIVACY, ACCESSIBILITY = "a-propos", "confidentialite", "accessibilite"
CONTACT, SEARCH_HELP, BROKERING = "nous-joindre", "aide-recherche", "le-courtage"
OWN_ADDRESS = {
    ABOUT: "home.about",
    PRIVACY: "home.privacy",
    ACCESSIBILITY: "home.accessibility",
    CONTACT: "home.contact",
    SEARCH_HELP: "home.search_help",
    BROKERING: "home.brokering",
}


@bp.get("/a-propos")
@public
def about() -> ResponseReturnValue:
    """Who carries the portal, and for whom."""
    with reading() as session:
        g.session = session
        organisations = list_organisations(session, only_consortium=True)
        return _page(session, ABOUT, organisations=organisations)


@bp.get("/le-courtage")
@public
def brokering() -> ResponseReturnValue:
    """What knowledge brokering is, and what the team does."""
    return _plain_page(BROKERING)


@bp.get("/confidentialite")
@public
def privacy() -> ResponseReturnValue:
    """What is kept about people, and why."""
    with reading() as session:
        g.session = session
        return _page(session, PRIVACY, retention=list(hooks.retention.values()))


@bp.get("/accessibilite")
@public
def accessibility() -> ResponseReturnValue:
    """The accessibility statement."""
    return _plain_page(ACCESSIBILITY)


@bp.get("/nous-joindre")
@public
def contact() -> ResponseReturnValue:
    """How to write to the brokering team."""
    return _plain_page(CONTACT)


@bp.get("/aide/recherche")
@public
def search_help() -> ResponseReturnValue:
    """How to search."""
    return _plain_page(SEARCH_HELP)


@bp.get("/pages/<slug>")
@public
def page(slug: str) -> ResponseReturnValue:
    """A page that has no address of its own."""
    with reading() as session:
        g.session = session
        found = queries.find_page_by_slug(session, slug) or abort(404)
        original = found.translation_of or found.id
        if original in OWN_ADDRESS:
            return redirect(url_for(OWN_ADDRESS[original]), code=301)
        return _page(session, found.id)


def _plain_page(page_id: str) -> ResponseReturnValue:
    with reading() as session:
        g.session = session
        return _page(session, page_id)


def _page(session: Session, page_id: str, **facts: object) -> str:
    """The text of a page; what else it shows is named by its id in the template."""
    found = queries.find_page(session, page_id, locale=current_locale()) or abort(404)
    return render_template("home/page.html", page=found, page_id=page_id, **facts)
