"""The home page: one large search box, what is new, ways in, and the Consortium in figures."""

from dataclasses import dataclass

import structlog
from flask import current_app, g, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from indexer import IndexUnavailable
from inters4.core.access import ANONYMOUS
from inters4.core.db import reading
from inters4.core.hooks import hooks
from inters4.core.i18n import _, ngettext
from inters4.core.web.requests import public
from inters4.home.models import Subject
from inters4.home.views.blueprint import bp
from inters4.members.queries import list_organisations
from inters4.search.models.page import Card
from inters4.search.services.labels import in_a_sentence
from inters4.search.services.searching import count_by_kind, newest
from inters4.search.services.themes import ThemeLine, list_themes

log = structlog.get_logger(__name__)
NEWEST_SHOWN = 5


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
        news, figures, themes = _from_the_index(session)
        members = len(list_organisations(session, only_consortium=True))
        if members:
            label = ngettext("organisation", "organisations", members)
            figures.append((members, label, url_for("members.organisations")))
        return render_template(
            "home/index.html",
            news=news,
            figures=figures,
            themes=themes,
            doors=_doors(),
            examples=_examples(),
        )


def _from_the_index(
    session: Session,
) -> tuple[tuple[Card, ...], list[tuple[int, str, str]], list[ThemeLine]]:
    """What is new, how many of each kind and under each theme, as any visitor may see.

    Nothing of it without an index: the page stands all the same.
    """
    try:
        news = newest(session, viewer=ANONYMOUS, limit=NEWEST_SHOWN)
        counts = count_by_kind(session, viewer=ANONYMOUS)
        themes = [line for line in list_themes(session, viewer=ANONYMOUS) if line.count]
    except IndexUnavailable:
        log.warning("home_without_index")
        return (), [], []
    figures = [
        (
            counts[kind.kind],
            in_a_sentence(str(kind.plural())),
            url_for("search.results", type=kind.kind),
        )
        for kind in hooks.document_kinds.values()
        if counts.get(kind.kind)
    ]
    return news, figures, themes


def _examples() -> list[tuple[str, str]]:
    texts = (
        _("soins à domicile en milieu rural"),
        _("guichet d’accès à la première ligne"),
        _("télésoins et maladies chroniques"),
    )
    return [(text, url_for("search.results", q=text)) for text in texts]


def _doors() -> list[Door]:
    """Three ways in; each says what is really behind it today."""
    exists = current_app.view_functions.__contains__
    search = Door(
        _("Je cherche"),
        _("Des pratiques décrites et cotées, des résumés d’articles, sans compte."),
        url_for("practices.index"),
    )
    if exists("practices.propose"):
        share = Door(
            _("Je partage"),
            _("Trois champs suffisent pour proposer une pratique de votre équipe."),
            url_for("practices.propose"),
        )
    else:
        share = Door(
            _("Je partage"),
            _("Dites en quelques lignes ce qui marche chez vous : l’équipe prépare la fiche."),
            url_for(".question", objet=Subject.PRACTICE.value),
        )
    if exists("community.index"):
        talk = Door(
            _("J’échange"),
            _("Rejoindre une communauté, poser une question, essayer une pratique."),
            url_for("community.index"),
        )
    else:
        talk = Door(
            _("Je demande"),
            _("L’équipe de courtage cherche pour vous et répond par courriel."),
            url_for(".question"),
        )
    return [search, share, talk]
