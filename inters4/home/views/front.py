"""The home page: one large search box, what is new, ways in, and the Consortium in figures."""

import structlog
from flask import g, render_template, url_for
from flask.typing import ResponseReturnValue

from indexer import IndexUnavailable
from inters4.core.db import reading
from inters4.core.hooks import hooks
from inters4.core.i18n import _, ngettext
from inters4.core.values import dataclass
from inters4.core.web.requests import public
from inters4.home.queries.pages import count_members
from inters4.home.services.front import Overview, overview
from inters4.home.views.blueprint import bp
from inters4.search.services.labels import in_a_sentence

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Door:
    """A way in."""

    title: str
    text: str
    url: str


@bp.get("/")
@public
def index() -> ResponseReturnValue:
    """The search box, what is new, and the Consortium in figures."""
    with reading() as session:
        g.session = session
        try:
            shown = overview(session)
        except IndexUnavailable:
            log.warning("home_without_index")
            shown = Overview()
        return render_template(
            "home/index.html",
            news=shown.news,
            themes=shown.themes,
            figures=_figures(shown, members=count_members(session)),
            doors=_doors(),
            examples=_examples(),
        )


def _figures(shown: Overview, *, members: int) -> list[tuple[int, str, str]]:
    """(number, what, its list) of each kind of document, then the organisations."""
    figures = [
        (
            shown.kinds[kind.kind],
            in_a_sentence(str(kind.plural())),
            url_for("search.results", type=kind.kind),
        )
        for kind in hooks.document_kinds.values()
        if kind.kind in shown.kinds
    ]
    if members:
        label = ngettext("organisation", "organisations", members)
        figures.append((members, label, url_for("members.organisations")))
    return figures


def _examples() -> list[tuple[str, str]]:
    texts = (
        _("soins à domicile en milieu rural"),
        _("guichet d’accès à la première ligne"),
        _("télésoins et maladies chroniques"),
    )
    return [(text, url_for("search.results", q=text)) for text in texts]


def _doors() -> list[Door]:
    """Three ways in."""
    return [
        Door(
            _("Je cherche"),
            _("Des pratiques décrites et cotées, des résumés d’articles, sans compte."),
            url_for("practices.index"),
        ),
        Door(
            _("Je partage"),
            _("Trois champs suffisent pour proposer une pratique de votre équipe."),
            url_for("practices.propose"),
        ),
        Door(
            _("J’échange"),
            _("Rejoindre une communauté, poser une question, essayer une pratique."),
            url_for("community.index"),
        ),
    ]
