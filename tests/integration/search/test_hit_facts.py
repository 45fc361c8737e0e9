"""What a hit says of a document, and what a reference manager reads of it in a list."""

import re
from html import unescape
from urllib.parse import parse_qs

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from inters4.core.access import ANONYMOUS, Viewer
from inters4.core.hooks import hooks
from inters4.search.models import Criteria
from inters4.search.models.page import Card
from inters4.search.services.searching import search
from inters4.vocabulary.services import save_term
from tests.builders.search import Shelf, make_document
from tests.builders.statements import statements
from tests.builders.veille import make_summary


@pytest.fixture
def client(shelf: Shelf, app: Flask) -> FlaskClient:
    return app.test_client()


def card_of(shelf: Shelf, session: Session, **fields: str) -> Card:
    shelf.put(make_document("chutes", date=None, fields=fields))
    shelf.index()
    return search(session, Criteria(), viewer=ANONYMOUS).cards[0]


def references(page: str) -> list[dict[str, list[str]]]:
    """The COinS of a page, read."""
    return [
        parse_qs(unescape(title)) for title in re.findall(r'class="Z3988" title="([^"]+)"', page)
    ]


def test_a_passage_tells_titles_and_items_from_what_follows_them(
    shelf: Shelf, session: Session
) -> None:
    body = "Ordre du jour\nAccueil des équipes\nRepas,\ndodo\nMot de la fin.\n2027"
    shelf.put(make_document("chutes", abstract="", body=body))
    shelf.index()

    (card,) = search(session, Criteria(text="equipe fin"), viewer=ANONYMOUS).cards

    assert "".join(part.text for part in card.snippet) == (
        "Ordre du jour\u00a0· Accueil des équipes\u00a0· Repas, dodo\u00a0· Mot de la fin. 2027"
    )
    assert [part.text for part in card.snippet if part.marked] == ["équipes", "fin"]


@pytest.mark.parametrize(
    ("organisation", "expected"),
    [
        ("CISSS de l’Outaouais", "CISSS de l’Outaouais"),
        ("CISSS de l’Outaouais; Centre X", "CISSS de l’Outaouais et 1 autre"),
        ("CISSS de l’Outaouais; Centre X; Y", "CISSS de l’Outaouais et 2 autres"),
    ],
)
def test_a_hit_names_the_first_organisation(
    shelf: Shelf, session: Session, organisation: str, expected: str
) -> None:
    assert card_of(shelf, session, organisation=organisation).meta == (expected,)


def test_a_region_that_the_organisation_names_is_not_said_twice(
    shelf: Shelf, session: Session
) -> None:
    for place, name in enumerate(("Outaouais", "Estrie")):
        save_term(session, "regions", f"rss0{place}", position=place, values={"fr": name, "en": ""})
    session.commit()

    card = card_of(shelf, session, organisation="CISSS de l’Outaouais", region="rss00,rss01")

    assert card.meta == ("CISSS de l’Outaouais", "Estrie")


def test_a_list_is_cited_document_by_document(shelf: Shelf, client: FlaskClient) -> None:
    shelf.put(make_document("chutes", title="Prévenir les chutes"))
    shelf.index()

    (reference,) = references(client.get("/recherche").get_data(as_text=True))

    assert reference["rft.btitle"] == ["Prévenir les chutes"]
    assert reference["rft_id"] == ["https://exemple.ca/essais/chutes"]


def test_a_summary_found_is_cited_as_its_article(session: Session, app: Flask) -> None:
    summary = make_summary(session, doi="10.1000/abc", article_title="Falls at home")
    session.commit()

    cite = hooks.document_kinds["resume"].cite
    assert cite is not None
    citation = cite(session, [summary.id], ANONYMOUS)[summary.id]

    assert (citation.title, citation.bare_doi) == ("Falls at home", "10.1000/abc")


def test_citations_are_asked_once_an_index(shelf: Shelf, client: FlaskClient) -> None:
    shelf.put(*(make_document(f"d{one}") for one in range(9)), make_document("r", kind="resume"))
    shelf.index()
    client.get("/recherche?q=rien")
    with statements() as first:
        client.get("/recherche")
    with statements() as again:
        client.get("/recherche")
    with statements() as other:
        client.get("/recherche?type=fiche")
    shelf.put(make_document("d0", title="Autre titre"))
    shelf.index()
    with statements() as after:
        page = client.get("/recherche").get_data(as_text=True)

    assert (len(first), len(again), len(other), len(after)) == (5, 3, 3, 5)
    assert ["Autre titre"] in [reference["rft.btitle"] for reference in references(page)]


def test_what_may_not_be_read_is_not_cited(shelf: Shelf, session: Session) -> None:
    shelf.put(make_document("reservee", audience="members"))
    shelf.index()

    member = search(session, Criteria(), viewer=Viewer(member_id=7))
    visitor = search(session, Criteria(), viewer=ANONYMOUS)

    assert member.cards[0].citation is not None
    assert visitor.cards == ()


def test_a_hit_says_the_name_it_was_found_by_when_nothing_else_does(
    shelf: Shelf, client: FlaskClient
) -> None:
    shelf.put(
        make_document("classe", body="Un texte.", keywords=("Télésanté et numérique",)),
        make_document("dit", body="La télésanté.", keywords=("Télésanté et numérique",)),
    )
    shelf.index()

    page = client.get("/recherche?q=telesante").get_data(as_text=True)

    said, classified = re.findall(r'<article class="hit">(.*?)</article>', page, re.DOTALL)
    assert "<mark>télésanté</mark>" in said
    assert "hit-found-by" not in said
    assert "Mot clé\N{NO-BREAK SPACE}: <mark>Télésanté</mark> et numérique" in classified


def test_a_hit_says_that_the_document_was_corrected(shelf: Shelf, session: Session) -> None:
    assert card_of(shelf, session, state="corrected").meta == ("corrigé depuis",)
