"""Where a question comes from, said by its name, never by an encoded path."""

import html
import re

import pytest
from flask.testing import FlaskClient

from inters4.core.db import writing
from inters4.practices.models import PracticeState
from tests.builders.newsletters import make_issue, make_newsletter
from tests.builders.practices import make_practice
from tests.builders.veille import make_summary

ORIGIN = re.compile(r'<a href="([^"]+)">([^<]+)</a></dd>')


@pytest.fixture(autouse=True)
def _documents(database: str) -> None:
    with writing() as session:
        make_practice(session, "visites", title="Visites virtuelles", slug="visites")
        make_practice(session, "secret", title="Encore secrète", state=PracticeState.DRAFTING)
        make_summary(session, "falls", title="Prévenir les chutes")
        make_newsletter(session)
        make_issue(session, 1, title="Premier numéro")


def origin(client: FlaskClient, path: str) -> tuple[str, str] | None:
    """The address and the name of the page that /question says one comes from."""
    answer = client.get("/question", query_string={"de": path})
    assert answer.status_code == 200
    found = ORIGIN.search(answer.text.partition("<main")[2])
    return (html.unescape(found[1]), html.unescape(found[2])) if found else None


@pytest.mark.parametrize(
    ("path", "name"),
    [
        (
            "/recherche?q=soins+%C3%A0+domicile&type=fiche",
            "Résultats pour «\xa0soins à domicile\xa0»",
        ),
        ("/recherche?q=%3Cb%3E", "Résultats pour «\xa0<b>\xa0»"),
        ("/recherche?type=fiche", "/recherche?type=fiche"),
        ("/pratiques/visites", "Visites virtuelles"),
        ("/veille/resumes/falls", "Prévenir les chutes"),
        ("/infolettres/en-bref/1", "Premier numéro"),
        ("/pratiques/disparue", "/pratiques/disparue"),
        ("/th%C3%A8mes", "/thèmes"),
    ],
)
def test_the_page_is_named(client: FlaskClient, path: str, name: str) -> None:
    assert origin(client, path) == (path, name)


def test_a_title_that_the_reader_may_not_see_is_not_said(client: FlaskClient) -> None:
    found = origin(client, "/pratiques/secret")

    assert found == ("/pratiques/secret", "/pratiques/secret")


def test_what_was_looked_for_is_the_beginning_of_the_question(client: FlaskClient) -> None:
    page = client.get("/question", query_string={"q": "soins & répit", "de": "/recherche?q=x"}).text

    area = re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)
    assert area is not None
    assert "soins & répit" in html.unescape(area[1])
    assert '<meta name="robots" content="noindex">' in page
