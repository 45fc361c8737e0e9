"""The front door stays open whatever happens to the index, and pages come from their files."""

import re
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import escape
from sqlalchemy.orm import Session

from inters4.core.content.exporting import export_files
from inters4.core.content.importing import files_of, import_files
from inters4.core.db import reading, writing
from inters4.core.hooks import hooks
from inters4.core.paths import content_dir
from inters4.home.queries.pages import find_page
from inters4.home.services.pages import save_page
from inters4.members.models import Organisation, OrganisationKind
from inters4.search.queries import engine
from tests.builders.search import Shelf, make_document, make_kinds, make_shelf_table
from tests.builders.statements import statements
from tests.builders.vocabulary import make_vocabulary

ADDRESSES = (
    "/a-propos",
    "/confidentialite",
    "/accessibilite",
    "/nous-joindre",
    "/aide/recherche",
    "/le-courtage",
)


@pytest.fixture
def shelf(app: Flask) -> Iterator[Shelf]:
    """Documents of two kinds, indexed on request."""
    with patch.dict(hooks.document_kinds, make_kinds(), clear=True):
        make_shelf_table()
        yield Shelf(app.config["SETTINGS"])


def text_of(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def values(page_id: str, **changes: str) -> dict[str, str]:
    return {
        "id": page_id,
        "slug": page_id,
        "title": "Une page",
        "description": "",
        "language": "fr",
        "translation_of": "",
        **changes,
    }


def test_home_shows_what_is_new_to_anyone(shelf: Shelf, client: FlaskClient) -> None:
    shelf.put(
        make_document("ouverte", title="Une pratique ouverte"),
        make_document("reservee", title="Une pratique réservée", audience="members"),
    )
    shelf.index()

    page = text_of(client, "/")

    assert "Une pratique ouverte" in page
    assert "Une pratique réservée" not in page
    assert 'href="/recherche?type=fiche"' in page
    assert page.count("<h1") == 1
    engine.close()


def test_home_stands_without_an_index(shelf: Shelf, client: FlaskClient) -> None:
    page = text_of(client, "/")

    assert "Trouver ce qui marche" in page
    assert "Les nouveautés s’afficheront ici" in page
    engine.close()


def test_home_counts_the_members_of_the_consortium(shelf: Shelf, client: FlaskClient) -> None:
    with writing() as session:
        for slug in ("cisss-bsl", "uqar"):
            session.add(
                Organisation(
                    slug=slug,
                    name=slug.upper(),
                    kind=OrganisationKind.OTHER,
                    is_consortium_member=True,
                )
            )

    page = text_of(client, "/")

    assert '<span class="figure-number">2</span>' in page
    assert 'href="/organisations">organisations</a>' in page


def test_home_offers_no_newsletter_where_there_is_none(shelf: Shelf, client: FlaskClient) -> None:
    assert "Recevoir l’infolettre" not in text_of(client, "/")


def test_home_in_english_offers_examples_in_english(shelf: Shelf, client: FlaskClient) -> None:
    examples = text_of(client, "/?lang=en").partition('class="examples"')[2].partition("</p>")[0]

    assert re.findall(r">(home|primary|telehealth)", examples) == ["home", "primary", "telehealth"]
    assert "maladies" not in examples


def test_home_shows_no_door_that_leads_nowhere(shelf: Shelf, client: FlaskClient) -> None:
    page = text_of(client, "/")
    doors = page.partition('class="doors"')[2].partition("</main>")[0]

    assert 'href="/communaute">J’échange' in doors
    assert 'href="/pratiques/proposer">Je partage' in doors
    addresses = re.findall(r'href="([^"]+)"', doors)
    assert len(addresses) == 3
    answers = [client.get(address, follow_redirects=True) for address in addresses]
    assert all(answer.status_code == 200 for answer in answers)  # one signs in, then proposes


def test_home_counts_what_lies_under_each_theme(shelf: Shelf, client: FlaskClient) -> None:
    with writing() as session:
        make_vocabulary(session)
    shelf.put(
        make_document("une", facets={"theme": ("telesante.teleconsultation",)}),
        make_document("deux", facets={"theme": ("telesante",)}),
        make_document("reservee", audience="members", facets={"theme": ("telesante",)}),
    )
    shelf.index()

    themes = text_of(client, "/").partition('class="home-themes"')[2].partition("</section>")[0]

    assert 'href="/themes/telesante"' in themes
    assert re.search(r"Télésanté et santé numérique</span>.*?2", themes)
    assert "Soutien à domicile" not in themes
    engine.close()


def test_home_costs_a_fixed_number_of_statements(shelf: Shelf, client: FlaskClient) -> None:
    with writing() as session:
        make_vocabulary(session)
    shelf.put(make_document("une"))
    shelf.index()
    text_of(client, "/")
    with statements() as few:
        text_of(client, "/")
    shelf.put(*(make_document(f"fiche-{number}") for number in range(12)))
    shelf.index()
    with statements() as many:
        text_of(client, "/")

    assert len(few) == len(many), many
    assert len(many) <= 12, many
    engine.close()


@pytest.mark.usefixtures("pages")
@pytest.mark.parametrize("address", ADDRESSES)
def test_every_page_about_the_portal_is_there(client: FlaskClient, address: str) -> None:
    page = text_of(client, address)

    assert page.count("<h1") == 1
    assert f'href="{address}"' in page


@pytest.mark.usefixtures("pages")
def test_the_contact_page_gives_the_address_of_the_settings(
    app: Flask, client: FlaskClient
) -> None:
    assert f'href="mailto:{app.config["SETTINGS"].contact}"' in text_of(client, "/nous-joindre")


@pytest.mark.usefixtures("pages")
def test_the_privacy_page_lists_what_is_kept_and_how_long(client: FlaskClient) -> None:
    page = text_of(client, "/confidentialite")

    assert hooks.retention
    for rule in hooks.retention.values():
        years, rest = divmod(rule.days, 365)
        told = f" {rule.days} jour" if rest else f" {years} an"
        said = page.partition(str(escape(rule.reason())))[2].partition("</li>")[0]
        assert told in said.replace("\u00a0", " "), rule.name


@pytest.mark.usefixtures("pages")
def test_a_page_with_an_address_of_its_own_is_there_only(client: FlaskClient) -> None:
    answer = client.get("/pages/a-propos")

    assert (answer.status_code, answer.headers["Location"]) == (301, "/a-propos")


@pytest.mark.usefixtures("pages")
def test_any_other_page_has_its_place(client: FlaskClient) -> None:
    with writing() as session:
        save_page(session, values("charte", slug="notre-charte", title="Charte"), "Un *mot*.")

    page = text_of(client, "/pages/notre-charte")

    assert "<p>Un <em>mot</em>.</p>" in page
    assert client.get("/pages/charte").status_code == 404


@pytest.mark.usefixtures("pages")
@pytest.mark.parametrize("address", ADDRESSES)
def test_a_translation_is_shown_to_who_reads_its_language(
    client: FlaskClient, address: str
) -> None:
    in_french, in_english = (
        text_of(client, f"{address}?lang={code}").partition("<article")[2] for code in ("fr", "en")
    )

    assert in_french.partition("</h1>")[2][:200] != in_english.partition("</h1>")[2][:200]
    assert not in_english.partition(">")[0].endswith('lang="fr"')


@pytest.mark.usefixtures("pages")
def test_every_link_of_the_pages_leads_somewhere(client: FlaskClient) -> None:
    for address in ADDRESSES:
        for code in ("fr", "en"):
            text = text_of(client, f"{address}?lang={code}").partition("<article")[2]
            for target in re.findall(r'href="(/[^"#]*)', text.partition("</article>")[0]):
                assert client.get(target).status_code in {200, 303, 503}, (address, target)


@pytest.mark.usefixtures("pages")
@pytest.mark.parametrize("address", ["/", *ADDRESSES])
@pytest.mark.parametrize("code", ["fr", "en"])
def test_the_pages_are_well_formed(client: FlaskClient, address: str, code: str) -> None:
    html5lib.HTMLParser(strict=True).parse(text_of(client, f"{address}?lang={code}"))


@pytest.mark.usefixtures("app")
def test_a_page_without_a_translation_says_so(client: FlaskClient) -> None:
    with writing() as session:
        save_page(session, values("charte", slug="charte", title="Charte"), "Un *mot*.")

    assert 'lang="fr"' in text_of(client, "/pages/charte?lang=en")


def test_a_page_that_was_never_imported_is_not_found(shelf: Shelf, client: FlaskClient) -> None:
    assert client.get("/a-propos").status_code == 404


def test_an_older_rendering_is_made_again(shelf: Shelf, session: Session) -> None:
    page = save_page(session, values("charte"), "Un *mot*.")
    page.html, page.renderer = "<p>ancien</p>", 0

    assert page.markup == "<p>Un <em>mot</em>.</p>"


@pytest.mark.usefixtures("pages")
def test_pages_exported_then_imported_are_the_same_files(tmp_path: Path) -> None:
    kinds = [hooks.content_kinds["page"]]
    with reading() as session:
        written = export_files(session, tmp_path, kinds)

    assert len(written) == len(list((content_dir() / "pages").iterdir()))
    for path in written:
        assert (tmp_path / path).read_text() == (content_dir() / path).read_text()
    assert import_files(files_of(tmp_path, kinds), tmp_path).errors == []


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("---\nid: a\ntitle: A\nlanguage: de\n---\n\nMot.\n", "langue"),
        ("---\nid: a\ntitle: A\n---\n", "pas de texte"),
        ("---\nid: a\ntitle: A\n---\n\n" + ">" * 3000 + " a\n", ""),
        ("---\ntitle: A\n---\n\nMot.\n", "id"),
    ],
)
def test_a_page_with_a_mistake_is_refused_by_name(tmp_path: Path, text: str, mistake: str) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "faute.md").write_text(text)

    report = import_files(files_of(tmp_path, [hooks.content_kinds["page"]]), tmp_path)

    assert report.refused
    assert mistake in str(report.errors[0])
    with reading() as session:
        assert find_page(session, "a", locale="fr") is None
