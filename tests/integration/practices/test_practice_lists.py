"""The list of sheets: narrowed, sorted, as a spreadsheet and as a feed."""

import csv
import re
from datetime import UTC, datetime
from io import StringIO
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from inters4.core.db import writing
from inters4.practices.models import PracticeState
from tests.builders.practices import make_practice
from tests.builders.vocabulary import make_vocabulary

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(autouse=True)
def _sheets(database: str) -> None:
    with writing() as session:
        make_vocabulary(session)
        make_practice(
            session,
            "a",
            title="Étoile",
            published_at=datetime(2026, 1, 1, tzinfo=UTC),
            professions=("inf",),
        )
        make_practice(
            session,
            "b",
            title="Abri",
            published_at=datetime(2026, 1, 2, tzinfo=UTC),
            maturity="emergente",
            evidence_strength="forte",
            themes=("domicile",),
        )
        make_practice(session, "c", title="Zéro", state=PracticeState.DRAFTING)


def found(client: FlaskClient, query: str) -> list[str]:
    html = client.get(f"/pratiques?{query}").get_data(as_text=True)
    return re.findall(r'href="/pratiques/([abc])"', html)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["b", "a"]),
        ("tri=titre", ["b", "a"]),
        ("milieu=domicile", ["b", "a"]),
        ("profession=inf", ["a"]),
        ("population=aines&profession=inf", ["a"]),
        ("maturite=emergente", ["b"]),
        ("preuve=forte", ["b"]),
        ("preuve=forte&maturite=prometteuse", []),
        ("preuve=inconnue", ["b", "a"]),
    ],
)
def test_the_list_is_narrowed(client: FlaskClient, query: str, expected: list[str]) -> None:
    assert found(client, query) == expected


def test_titles_are_sorted_as_in_a_dictionary(client: FlaskClient) -> None:
    with writing() as session:
        make_practice(session, "c", title="Fleuve")

    assert found(client, "tri=titre") == ["b", "a", "c"]


def test_pages_sorted_by_title_follow_each_other(client: FlaskClient) -> None:
    with writing() as session:
        for number in range(25):
            make_practice(session, f"p{number:02}", title=f"Pratique {number:02}")

    second = client.get("/pratiques?tri=titre&page=2").get_data(as_text=True)

    titles = re.findall(r'href="/pratiques/(p\d\d)"', second)
    assert titles[0] == "p18"
    assert titles[-1] == "p24"
    assert 'href="/pratiques?tri=titre"' in second


def test_a_filter_keeps_its_value_from_page_to_page(client: FlaskClient) -> None:
    with writing() as session:
        for number in range(25):
            make_practice(session, f"p{number:02}", stage="mise-echelle")

    html = client.get("/pratiques?etape=mise-echelle").get_data(as_text=True)

    assert "/pratiques?etape=mise-echelle&amp;page=2" in html
    assert '<option value="mise-echelle" selected>' in html


def _rows(client: FlaskClient, query: str = "") -> list[dict[str, str]]:
    answer = client.get(f"/pratiques/liste.csv{query}")
    assert answer.content_type == "text/csv; charset=utf-8"
    text = answer.get_data(as_text=True)
    assert text.startswith("\ufeff")
    return list(csv.DictReader(StringIO(text[1:]), delimiter=";"))


def test_the_whole_list_comes_as_a_spreadsheet(client: FlaskClient) -> None:
    rows = _rows(client)

    assert [row["Identifiant"] for row in rows] == ["b", "a"]
    assert rows[1]["Révision des cotes"] == "cotes proposées, non révisées"
    assert rows[1]["Maturité"] == "Prometteuse"
    assert rows[1]["Problème"] == "Le problème."
    assert rows[1]["Origine"] == "fiche de départ, non relue par l’équipe porteuse"
    assert rows[1]["Adresse"].endswith("/pratiques/a")


def test_the_spreadsheet_holds_what_the_list_shows(client: FlaskClient) -> None:
    assert [row["Identifiant"] for row in _rows(client, "?profession=inf")] == ["a"]


def test_a_cell_is_never_a_formula(client: FlaskClient) -> None:
    with writing() as session:
        make_practice(session, "a", title="=1+1")

    assert "'=1+1" in [row["Titre"] for row in _rows(client)]


def _entries(client: FlaskClient, query: str = "") -> list[str]:
    answer = client.get(f"/pratiques/flux.atom{query}")
    assert answer.mimetype == "application/atom+xml"
    feed = ElementTree.fromstring(answer.data)  # noqa: S314  (we wrote it)
    return [str(entry.findtext(f"{ATOM}title")) for entry in feed.iter(f"{ATOM}entry")]


def test_the_feed_tells_the_newest_sheets_first(client: FlaskClient) -> None:
    assert _entries(client) == ["Abri", "Étoile"]
    assert _entries(client, "?theme=domicile") == ["Abri"]


def test_the_list_says_where_its_feed_and_its_file_are(client: FlaskClient) -> None:
    html = client.get("/pratiques?theme=domicile").get_data(as_text=True)

    assert 'type="application/atom+xml"' in html
    assert 'href="/pratiques/flux.atom?theme=domicile"' in html
    assert 'href="/pratiques/liste.csv?theme=domicile"' in html
