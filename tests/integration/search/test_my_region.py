"""« Ma région »: chosen once, without an account; it marks and filters, and changes no order."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from indexer import IndexUnavailable
from inters4.core.access import ANONYMOUS
from inters4.core.db import writing
from inters4.members.models import OrganisationRegion
from inters4.search.models import Criteria, Place
from inters4.search.services.searching import search
from tests.builders.members import make_organisation
from tests.builders.search import Shelf, make_document
from tests.builders.statements import statements
from tests.builders.vocabulary import make_vocabulary
from tests.builders.web import csrf

HERE = Place(region="rss01", profession="inf")


@pytest.fixture
def client(shelf: Shelf, app: Flask) -> FlaskClient:
    with writing() as session:
        make_vocabulary(session)
    shelf.put(
        make_document(
            "loin", body="soins soins", facets={"region": ("rss02",)}, fields={"region": "rss02"}
        ),
        make_document(
            "ici",
            body="soins",
            facets={"region": ("rss01", "rss02"), "profession": ("inf",)},
            fields={"region": "rss01,rss02"},
        ),
        make_document("metier", body="soins", fields={"profession": "inf"}),
    )
    shelf.index()
    return app.test_client()


def choose(client: FlaskClient, **values: str) -> str:
    token = csrf(client, "/ma-region")
    answer = client.post("/ma-region", data={**values, "csrf_token": token})
    assert answer.status_code == 303
    return answer.location


def page_of(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


@pytest.mark.usefixtures("client")
def test_hits_from_there_are_marked_and_their_order_is_the_same(session: Session) -> None:
    criteria = Criteria(text="soins")

    anywhere = search(session, criteria, viewer=ANONYMOUS)
    here = search(session, criteria, viewer=ANONYMOUS, place=HERE)

    assert [card.key for card in here.cards] == [card.key for card in anywhere.cards]
    assert {card.key: card.near for card in here.cards} == {
        "fiche:loin": "",
        "fiche:ici": "dans votre région",
        "fiche:metier": "pour votre profession",
    }
    assert all(card.near == "" for card in anywhere.cards)


@pytest.mark.usefixtures("client")
def test_each_filter_says_what_it_would_leave(session: Session) -> None:
    page = search(session, Criteria(text="soins"), viewer=ANONYMOUS, place=HERE)

    assert [(one.label, one.value, one.count) for one in page.near] == [
        ("Ma région", "Bas-Saint-Laurent", 1),
        ("Ma profession", "Infirmière ou infirmier", 1),
    ]
    for one in page.near:
        assert search(session, one.criteria, viewer=ANONYMOUS).total == one.count
    chosen = search(session, page.near[0].criteria, viewer=ANONYMOUS, place=HERE)
    assert [one.label for one in chosen.near] == ["Ma profession"]


def test_the_choice_stays_in_the_browser_for_a_year(client: FlaskClient) -> None:
    back = choose(client, region="rss01", profession="inf", suite="/recherche?q=soins")

    assert back == "/recherche?q=soins"
    for name, value in (("region", "rss01"), ("profession", "inf")):
        cookie = client.get_cookie(name)
        assert cookie is not None
        assert (cookie.value, cookie.http_only, cookie.same_site) == (value, True, "Lax")
        assert cookie.max_age == 365 * 24 * 3600


def test_the_page_of_results_offers_the_choice_then_the_filter(client: FlaskClient) -> None:
    before = page_of(client, "/recherche?q=soins")
    choose(client, region="rss01")
    after = page_of(client, "/recherche?q=soins")

    assert 'href="/ma-region?suite=/recherche?q%3Dsoins"' in before
    assert "dans votre région" not in before
    assert re.search(
        r'class="chip chip-near"[^>]*href="/recherche\?q=soins&amp;region=rss01"', after
    )
    assert after.count("dans votre région") == 1


def test_one_may_go_back_to_the_results_without_choosing(client: FlaskClient) -> None:
    html = page_of(client, "/ma-region?suite=/recherche?q=soins")

    assert '<a class="btn btn-quiet" href="/recherche?q=soins">' in html
    assert "Revenir sans rien changer" not in page_of(client, "/ma-region")


def test_what_nobody_knows_is_no_choice(client: FlaskClient) -> None:
    choose(client, region="rss99", profession="<script>", suite="https://exemple.ca")

    assert client.get_cookie("region") is None
    assert client.get_cookie("profession") is None


def test_a_choice_can_be_forgotten(client: FlaskClient) -> None:
    choose(client, region="rss01", profession="inf")
    choose(client, region="", profession="inf")

    assert client.get_cookie("region") is None
    assert client.get_cookie("profession") is not None


@pytest.mark.parametrize("value", ["rss99", "../..", "x" * 500, '"'])
def test_a_forged_cookie_is_harmless(client: FlaskClient, value: str) -> None:
    client.set_cookie("region", value)

    for path in ("/recherche?q=soins", "/ma-region", "/ma-liste"):
        assert "dans votre région" not in page_of(client, path)


def test_the_page_of_a_region_shows_what_comes_from_it(client: FlaskClient) -> None:
    with writing() as session:
        organisation = make_organisation(session, slug="cisss-bsl")
        session.add(OrganisationRegion(organisation_id=organisation.id, region="rss01"))
        make_organisation(session, slug="ailleurs", name="CISSS d’ailleurs")
    choose(client, region="rss01")

    html = page_of(client, "/ma-region")

    assert "<h1>Bas-Saint-Laurent</h1>" in html
    assert re.findall(r'<a href="/essais/(\w+)">', html) == ["ici"]
    assert 'href="/organisations/cisss-bsl"' in html
    assert "CISSS d’ailleurs" not in html
    answer = client.get("/ma-region")
    assert "Cookie" in answer.headers["Vary"]


def test_a_region_costs_a_fixed_number_of_statements(client: FlaskClient) -> None:
    client.set_cookie("region", "rss01")
    page_of(client, "/ma-region")
    with statements() as found:
        page_of(client, "/ma-region")

    assert len(found) == 7, found


def test_a_region_without_result_says_zero_and_is_no_link(client: FlaskClient) -> None:
    choose(client, region="rss02", profession="inf")

    page = page_of(client, "/recherche?q=soins&profession=inf&region=rss01&annee_max=2023")
    assert "chip-near" not in page

    page = page_of(client, "/recherche?q=metier")
    assert re.search(
        r'<li class="meta">Ma région<span class="chip-value">[^<]*</span> \(0\)</li>', page
    )
    assert not re.search(r'class="chip chip-near"[^>]*region=rss02', page)


def test_without_an_index_the_choice_is_still_made(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(client, region="rss01")

    def closed() -> None:
        raise IndexUnavailable("gone")

    monkeypatch.setattr("inters4.search.services.asking.engine", closed)

    assert 'value="rss01" selected' in page_of(client, "/ma-region")
