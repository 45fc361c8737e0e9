"""All that a search finds, as a file: the same rights, within bounds."""

import json

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from inters4.core.access import Role
from inters4.search.services import lists
from tests.builders.members import make_viewer, sign_in_as
from tests.builders.search import Shelf, make_document


@pytest.fixture
def client(shelf: Shelf, app: Flask) -> FlaskClient:
    return app.test_client()


def keys(client: FlaskClient, query: str) -> list[str]:
    answer = client.get(f"/recherche/resultats.json?{query}")
    assert answer.status_code == 200
    return [one["id"] for one in json.loads(answer.get_data(as_text=True))]


def test_the_file_holds_every_result_and_not_the_page_alone(
    shelf: Shelf, client: FlaskClient
) -> None:
    shelf.put(*(make_document(f"chutes-{number}") for number in range(45)))
    shelf.put(make_document("chutes-resume", kind="resume"), make_document("repit"))
    shelf.index()

    assert len(keys(client, "q=chutes&page=2")) == 46
    assert keys(client, "q=chutes&type=resume") == ["resume:chutes-resume"]
    assert keys(client, "q=chutes&type=inconnu&region=rss99") != []


def test_the_file_holds_what_its_reader_may_see(
    shelf: Shelf, client: FlaskClient, session: Session
) -> None:
    shelf.put(make_document("ouverte"), make_document("interne", audience="role:broker"))
    shelf.index()

    assert keys(client, "") == ["fiche:ouverte"]
    sign_in_as(client, session, make_viewer(session, role=Role.BROKER))
    assert sorted(keys(client, "")) == ["fiche:interne", "fiche:ouverte"]


def test_what_was_withdrawn_since_the_index_is_left_out(shelf: Shelf, client: FlaskClient) -> None:
    shelf.put(make_document("reste"), make_document("retiree"))
    shelf.index()
    shelf.remove("fiche:retiree")

    assert keys(client, "") == ["fiche:reste"]


def test_the_file_is_bounded(
    shelf: Shelf, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "EXPORT_LIMIT", 3)
    shelf.put(*(make_document(f"d{number}") for number in range(5)))
    shelf.index()

    assert len(keys(client, "")) == 3


@pytest.mark.parametrize("extension", ["ris", "bib", "csv", "json", "txt"])
def test_each_format_is_downloaded_and_kept_by_no_cache(
    shelf: Shelf, client: FlaskClient, extension: str
) -> None:
    shelf.put(make_document("chutes", title="Prévenir les chutes"))
    shelf.index()

    answer = client.get(f"/recherche/resultats.{extension}?q=chutes")

    assert "Prévenir les chutes" in answer.get_data(as_text=True)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_links_to_files_carry_the_search_and_are_not_for_robots(
    shelf: Shelf, client: FlaskClient
) -> None:
    shelf.put(make_document("chutes"))
    shelf.index()

    page = client.get("/recherche?q=chutes&type=fiche").get_data(as_text=True)

    assert 'rel="nofollow" href="/recherche/resultats.ris?q=chutes&amp;type=fiche" download' in page


def test_an_unknown_format_is_a_404_and_no_index_a_503(client: FlaskClient) -> None:
    assert client.get("/recherche/resultats.exe?q=chutes").status_code == 404
    assert client.get("/recherche/resultats.csv?q=chutes").status_code == 503


def test_browsers_learn_how_to_search_here(shelf: Shelf, client: FlaskClient) -> None:
    shelf.index()

    answer = client.get("/recherche/moteur.xml")
    page = client.get("/recherche").get_data(as_text=True)

    assert answer.mimetype == "application/opensearchdescription+xml"
    assert "/recherche?q={searchTerms}" in answer.get_data(as_text=True)
    assert 'rel="search" type="application/opensearchdescription+xml"' in page


def test_nothing_found_leads_to_the_brokering_team(shelf: Shelf, client: FlaskClient) -> None:
    shelf.index()

    page = client.get("/recherche?q=zzzzz").get_data(as_text=True)

    assert "Demander à l’équipe de courtage" in page
    assert 'href="/question?q=zzzzz&amp;de=/recherche?q%3Dzzzzz"' in page
