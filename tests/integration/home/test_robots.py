"""What robots may read: every public document, and nothing else."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from unittest.mock import patch
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from inters4.app import create_app
from inters4.core.clock import now
from inters4.core.db import writing
from inters4.core.hooks import hooks
from inters4.home.queries import addresses
from inters4.home.services.pages import save_page
from inters4.settings import Settings
from tests.builders.members import make_organisation
from tests.builders.practices import make_practice
from tests.builders.search import Shelf, make_document, make_kinds, make_shelf_table
from tests.builders.statements import statements
from tests.builders.vocabulary import make_vocabulary

_SPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture
def shelf(app: Flask) -> Iterator[Shelf]:
    with patch.dict(hooks.document_kinds, make_kinds(), clear=True):
        make_shelf_table()
        yield Shelf(app.config["SETTINGS"])


def locations(client: FlaskClient, path: str) -> dict[str, str]:
    """Address and day of each entry of a sitemap."""
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "application/xml")
    root = ElementTree.fromstring(answer.data)  # noqa: S314  (our own)
    return {
        entry.findtext(f"{_SPACE}loc", ""): entry.findtext(f"{_SPACE}lastmod", "") for entry in root
    }


def test_the_sitemap_leads_to_every_public_document(
    shelf: Shelf, client: FlaskClient, settings: Settings
) -> None:
    shelf.put(
        make_document("ouverte"),
        make_document("reservee", audience="members"),
        make_document("notice", kind="resume"),
    )

    files = locations(client, "/sitemap.xml")
    found = {
        address: day
        for file in files
        for address, day in locations(client, file.removeprefix(settings.url)).items()
    }

    assert found[f"{settings.url}/essais/ouverte"] == "2024-03-01"
    assert f"{settings.url}/essais/notice" in found
    assert f"{settings.url}/essais/reservee" not in found
    assert {f"{settings.url}/", f"{settings.url}/pratiques", f"{settings.url}/question"} <= set(
        found
    )


def test_a_file_never_passes_its_size(
    shelf: Shelf, client: FlaskClient, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(addresses, "CHUNK", 2)
    shelf.put(*(make_document(f"fiche-{number}") for number in range(5)))

    files = [file for file in locations(client, "/sitemap.xml") if "/fiche-" in file]
    sizes = [len(locations(client, file.removeprefix(settings.url))) for file in files]

    assert sizes == [2, 2, 1]
    assert client.get("/sitemaps/fiche-4.xml").status_code == 404


def test_a_file_costs_the_same_statements_whatever_its_length(
    shelf: Shelf, client: FlaskClient
) -> None:
    shelf.put(make_document("premiere"))
    with statements() as few:
        locations(client, "/sitemaps/fiche-1.xml")
    shelf.put(*(make_document(f"fiche-{number}") for number in range(30)))
    with statements() as many:
        locations(client, "/sitemaps/fiche-1.xml")

    assert len(few) == len(many) == 2, many


def test_pages_are_dated_and_translations_are_not_listed_twice(
    shelf: Shelf, client: FlaskClient, settings: Settings
) -> None:
    for page_id, language, original in (("charte", "fr", ""), ("charte.en", "en", "charte")):
        with writing() as session:
            save_page(
                session,
                {
                    "id": page_id,
                    "slug": page_id,
                    "title": "Charte",
                    "description": "",
                    "language": language,
                    "translation_of": original,
                },
                "Un mot.",
            )

    found = locations(client, "/sitemaps/pages-1.xml")

    assert found[f"{settings.url}/pages/charte"]
    assert f"{settings.url}/pages/charte.en" not in found


def test_who_holds_the_file_already_receives_nothing(shelf: Shelf, client: FlaskClient) -> None:
    first = client.get("/sitemaps/pages-1.xml")

    again = client.get("/sitemaps/pages-1.xml", headers={"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize(
    "path",
    [
        "/sitemaps/inconnu-1.xml",
        "/sitemaps/pages-2.xml",
        "/sitemaps/pages-0.xml",
        "/sitemaps/fiche-99999999999999999999.xml",
    ],
)
def test_other_files_do_not_exist(shelf: Shelf, client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_robots_are_told_where_to_look(client: FlaskClient, settings: Settings) -> None:
    lines = client.get("/robots.txt").text.splitlines()

    assert f"Sitemap: {settings.url}/sitemap.xml" in lines
    for path in ("/connexion", "/recherche", "/equipe/"):
        assert f"Disallow: {path}" in lines


def test_browsers_find_the_icon(client: FlaskClient) -> None:
    with client.get("/favicon.ico", follow_redirects=True) as icon:
        assert (icon.status_code, icon.mimetype) == (200, "image/svg+xml")


def test_the_security_contact_is_real_or_absent(settings: Settings, database: str) -> None:
    assert create_app(settings).test_client().get("/.well-known/security.txt").status_code == 404

    real = replace(settings, contact="courtage@exemple.ca")
    answer = create_app(real).test_client().get("/.well-known/security.txt")

    assert "Contact: mailto:courtage@exemple.ca" in answer.text
    expires = next(line for line in answer.text.splitlines() if line.startswith("Expires: "))
    assert expires[9:13] in {str((now() + timedelta(days=days)).year) for days in (140, 180)}


def test_themes_and_organisations_are_listed_and_what_is_about_the_reader_is_not(
    shelf: Shelf, client: FlaskClient, settings: Settings
) -> None:
    with writing() as session:
        make_vocabulary(session)
        slug = make_organisation(session).slug

    found = locations(client, "/sitemaps/pages-1.xml")

    assert f"{settings.url}/organisations/{slug}" in found
    assert f"{settings.url}/themes/telesante" in found
    assert f"{settings.url}/ma-liste" not in found


def test_each_page_names_the_feeds_and_each_document_leads_to_a_question(
    client: FlaskClient, session: Session
) -> None:
    make_practice(session, "visites-virtuelles")
    session.commit()

    home = client.get("/").get_data(as_text=True)
    sheet = client.get("/pratiques/visites-virtuelles").get_data(as_text=True)

    assert 'href="/pratiques/flux.atom"' in home
    assert 'href="/question?de=/pratiques/visites-virtuelles"' in sheet
