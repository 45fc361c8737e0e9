"""`/themes`: what the portal holds by theme, as far as the reader may see."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from inters4.core.db import writing
from inters4.vocabulary.models import Term
from tests.builders.search import Shelf, make_document
from tests.builders.statements import statements
from tests.builders.vocabulary import make_vocabulary


@pytest.fixture
def client(shelf: Shelf, app: Flask) -> FlaskClient:
    with writing() as session:
        make_vocabulary(session)
        term = session.get_one(Term, ("themes", "telesante"))
        term.definition_fr = "Soigner à distance."
    return app.test_client()


def page_of(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.status_code
    return answer.get_data(as_text=True)


def words_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html.partition("<main")[2]))


def test_a_theme_says_what_it_means_and_shows_what_it_holds(
    shelf: Shelf, client: FlaskClient
) -> None:
    shelf.put(
        make_document("visio", facets={"theme": ("telesante.teleconsultation",)}),
        make_document("etude", kind="resume", facets={"theme": ("telesante",)}),
        make_document("ailleurs", facets={"theme": ("domicile",)}),
    )
    shelf.index()

    html = page_of(client, "/themes/telesante")

    assert "Soigner à distance." in html
    assert re.findall(r'<a href="/essais/(\w+)">', html) == ["visio", "etude"]
    assert "Fiche d’essai" in words_of(html)
    assert "Résumé d’essai" in words_of(html)
    assert 'href="/recherche?theme=telesante"' in html
    assert '<a href="/veille/flux.atom?theme=telesante">' in html


def test_each_theme_below_has_its_count_and_each_above_its_link(
    shelf: Shelf, client: FlaskClient
) -> None:
    shelf.put(make_document("visio", facets={"theme": ("telesante.teleconsultation",)}))
    shelf.index()

    above = words_of(page_of(client, "/themes/telesante"))
    below = page_of(client, "/themes/telesante.teleconsultation")

    assert "Téléconsultation et soins virtuels ( 1 document)" in above
    assert '<a href="/themes/telesante">Télésanté et santé numérique</a>' in below


def test_a_theme_shows_nobody_what_they_may_not_read(shelf: Shelf, client: FlaskClient) -> None:
    shelf.put(
        make_document("note", audience="role:broker", facets={"theme": ("telesante",)}),
    )
    shelf.index()

    assert "/essais/note" not in page_of(client, "/themes/telesante")
    assert "Rien sur ce thème encore" in page_of(client, "/themes/telesante")
    assert "1 document" not in words_of(page_of(client, "/themes"))


def test_an_unknown_theme_is_a_404(shelf: Shelf, client: FlaskClient) -> None:
    shelf.index()

    assert client.get("/themes/inconnu").status_code == 404


def test_every_theme_is_listed_under_its_parent(shelf: Shelf, client: FlaskClient) -> None:
    shelf.index()

    html = page_of(client, "/themes")

    assert re.findall(r'href="/themes/([a-z.-]+)"', html.partition("<main")[2])[:4] == [
        "domicile",
        "domicile.hospitalisation-domicile",
        "telesante",
        "telesante.teleconsultation",
    ]


def test_without_an_index_the_database_says_what_a_theme_holds(
    shelf: Shelf, client: FlaskClient
) -> None:
    shelf.put(
        make_document("visio", facets={"theme": ("telesante.teleconsultation",)}),
        make_document("etude", kind="resume", facets={"theme": ("telesante",)}),
        make_document("ailleurs", facets={"theme": ("domicile",)}),
        make_document("reserve", facets={"theme": ("telesante",)}, audience="members"),
    )

    html = page_of(client, "/themes/telesante")

    assert "Soigner à distance." in html
    assert re.findall(r'<a href="/essais/(\w+)">', html) == ["visio", "etude"]
    assert "telesante.teleconsultation" in html
    assert "telesante" in page_of(client, "/themes")


def test_an_older_index_counts_nothing_and_shows_only_what_is_confirmed(
    shelf: Shelf, client: FlaskClient
) -> None:
    shelf.put(*(make_document(f"d{one}", facets={"theme": ("telesante",)}) for one in range(2)))
    shelf.index()
    shelf.rebuild()
    shelf.remove("fiche:d1")
    shelf.garble()

    assert re.findall(r'<a href="/essais/(\w+)">', page_of(client, "/themes/telesante")) == ["d0"]
    assert " document)" not in words_of(page_of(client, "/themes"))


def test_a_theme_costs_the_same_statements_whatever_it_holds(
    shelf: Shelf, client: FlaskClient
) -> None:
    shelf.put(make_document("d0", facets={"theme": ("telesante",)}))
    shelf.index()
    client.get("/themes")
    with statements() as short:
        client.get("/themes/telesante")
    shelf.put(*(make_document(f"d{one}", facets={"theme": ("telesante",)}) for one in range(9)))
    shelf.index()
    with statements() as long:
        client.get("/themes/telesante")

    with statements() as again:
        client.get("/themes/telesante")

    assert len(long) == len(short) == 4, long
    assert len(again) == 3, again
