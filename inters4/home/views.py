"""The home page, the pages about the portal, and what robots and browsers ask for by habit."""

from dataclasses import dataclass

import structlog
from flask import Blueprint, Flask, abort, current_app, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from indexer import IndexUnavailable
from inters4.core.access import ANONYMOUS
from inters4.core.db import reading
from inters4.core.hooks import hooks
from inters4.core.i18n import _, current_locale, ngettext
from inters4.core.web.assets import static_url
from inters4.core.web.requests import public
from inters4.home import queries
from inters4.members.queries import list_organisations
from inters4.search.models.page import Card
from inters4.search.services.labels import in_a_sentence
from inters4.search.services.searching import count_by_kind, newest

log = structlog.get_logger(__name__)
bp = Blueprint("home", __name__)

NEWEST_SHOWN = 5
ABOUT, PRIVACY, ACCESSIBILITY = "a-propos", "confidentialite", "accessibilite"
CONTACT, SEARCH_HELP = "nous-joindre", "aide-recherche"
_OWN_ADDRESS = {
    ABOUT: "home.about",
    PRIVACY: "home.privacy",
    ACCESSIBILITY: "home.accessibility",
    CONTACT: "home.contact",
    SEARCH_HELP: "home.search_help",
}


@dataclass(frozen=True, slots=True)
class Door:
    """A way in, shown when the domain behind it exists."""

    title: str
    text: str
    url: str


def install(app: Flask) -> None:
    """Add the pages."""
    app.register_blueprint(bp)


@bp.get("/")
@public
def index() -> ResponseReturnValue:
    """The search box, what is new, and the Consortium in figures."""
    with reading() as session:
        g.session = session
        news, figures = _from_the_index(session)
        members = len(list_organisations(session, only_consortium=True))
        if members:
            label = ngettext("organisation", "organisations", members)
            figures.append((members, label, url_for(".about") + "#organisations"))
        return render_template(
            "home/index.html", news=news, figures=figures, doors=_doors(), examples=_examples()
        )


@bp.get("/a-propos")
@public
def about() -> ResponseReturnValue:
    """Who carries the portal, and for whom."""
    with reading() as session:
        g.session = session
        organisations = list_organisations(session, only_consortium=True)
        return _page(session, ABOUT, organisations=organisations)


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
        if original in _OWN_ADDRESS:
            return redirect(url_for(_OWN_ADDRESS[original]), code=301)
        return _page(session, found.id)


@bp.get("/robots.txt")
@public
def robots() -> ResponseReturnValue:
    """What robots need not read."""
    text = f"User-agent: *\nDisallow: {url_for('members.sign_in')}\n"
    return text, 200, {"Content-Type": "text/plain; charset=utf-8"}


@bp.get("/favicon.ico")
@public
def favicon() -> ResponseReturnValue:
    """The icon, for browsers that ask without reading the page."""
    return redirect(static_url("favicon.svg"), code=302)


def _plain_page(page_id: str) -> ResponseReturnValue:
    with reading() as session:
        g.session = session
        return _page(session, page_id)


def _page(session: Session, page_id: str, **facts: object) -> str:
    """The text of a page; what else it shows is named by its id in the template."""
    found = queries.find_page(session, page_id, locale=current_locale()) or abort(404)
    return render_template("home/page.html", page=found, page_id=page_id, **facts)


def _from_the_index(
    session: Session,
) -> tuple[tuple[Card, ...], list[tuple[int, str, str]]]:
    """What is new and how many of each kind, as any visitor may see; nothing without an index."""
    try:
        news = newest(session, viewer=ANONYMOUS, limit=NEWEST_SHOWN)
        counts = count_by_kind(session, viewer=ANONYMOUS)
    except IndexUnavailable:
        log.warning("home_without_index")
        return (), []
    figures = [
        (
            counts[kind.kind],
            in_a_sentence(str(kind.plural())),
            url_for("search.results", type=kind.kind),
        )
        for kind in hooks.document_kinds.values()
        if counts.get(kind.kind)
    ]
    return news, figures


def _examples() -> list[tuple[str, str]]:
    texts = (
        _("soins à domicile en milieu rural"),
        _("guichet d’accès à la première ligne"),
        _("télésoins et maladies chroniques"),
    )
    return [(text, url_for("search.results", q=text)) for text in texts]


def _doors() -> list[Door]:
    """The ways in whose target exists; one alone would only repeat the search box."""
    candidates = (
        ("practices.index", _("Je cherche"), _("Des pratiques, décrites et cotées, sans compte.")),
        (
            "practices.propose",
            _("Je partage"),
            _("Trois champs suffisent pour proposer une pratique de votre équipe."),
        ),
        (
            "community.index",
            _("J’échange"),
            _("Rejoindre une communauté, poser une question, essayer une pratique."),
        ),
    )
    doors = [
        Door(title, text, url_for(endpoint))
        for endpoint, title, text in candidates
        if endpoint in current_app.view_functions
    ]
    return doors if len(doors) > 1 else []
