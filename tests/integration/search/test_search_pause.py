"""An index that is missing, damaged or old: the search says so, the rest answers."""

import html
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.builders.search import Shelf, make_document
from tests.builders.statements import statements


@pytest.fixture
def client(shelf: Shelf, app: Flask) -> FlaskClient:
    return app.test_client()


def test_without_an_index_a_page_leads_on(client: FlaskClient) -> None:
    path = "/recherche?q=chutes&type=fiche"

    answer = client.get(path)
    page = html.unescape(answer.get_data(as_text=True))

    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert "<h1>Recherche en pause</h1>" in page
    assert "La recherche se remet en route" in page
    assert f'<a class="btn btn-primary" href="{path}"' in page
    for way in ('href="/pratiques"', 'href="/veille"', 'href="/infolettres"', 'href="/question?'):
        assert way in page


def test_what_was_looked_for_is_kept(client: FlaskClient) -> None:
    page = client.get("/recherche?q=%3Cb%3Echutes").get_data(as_text=True)

    assert 'name="q" value="&lt;b&gt;chutes"' in page
    assert "/question?q=%3Cb%3Echutes" in page


def test_a_file_of_results_waits_too(client: FlaskClient) -> None:
    answer = client.get("/recherche/resultats.ris?q=chutes")

    assert answer.status_code == 503
    assert "Recherche en pause" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "path", ["/", "/pratiques", "/veille", "/infolettres", "/ma-liste", "/ma-region", "/question"]
)
def test_the_other_pages_answer_without_an_index(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("is_older", [True, False])
def test_a_garbled_index_is_no_crash(shelf: Shelf, client: FlaskClient, is_older: bool) -> None:
    shelf.put(make_document("chutes"), make_document("fermee"))
    shelf.index()
    if is_older:
        shelf.rebuild()
    shelf.put(make_document("fermee", audience="members"))
    shelf.garble()

    answer = client.get("/recherche?q=chutes")
    page = answer.get_data(as_text=True)

    if not is_older:
        assert answer.status_code == 503
        return
    assert answer.status_code == 200
    assert "L’index se répare" in page
    assert 'type="checkbox"' not in page
    assert re.findall(r'<a href="/essais/(\w+)">', page) == ["chutes"]
    assert re.findall(r'<a href="/essais/(\w+)">', client.get("/recherche").text) == ["chutes"]


def test_confirming_costs_the_same_whatever_the_number_of_hits(
    shelf: Shelf, client: FlaskClient
) -> None:
    shelf.put(*(make_document(f"chutes-{number}") for number in range(60)))
    shelf.index()
    shelf.rebuild()
    shelf.garble()
    client.get("/recherche?q=rien")

    with statements() as asked:
        client.get("/recherche?q=chutes")

    assert len(asked) == 5, asked
