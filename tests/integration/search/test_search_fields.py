"""`auteur:`, `theme:`, `region:` and `type:` take what people call things."""

import html
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from inters4.core.db import writing
from inters4.search.jobs import bring_up_to_date
from inters4.search.queries import engine
from inters4.settings import Settings
from inters4.veille.models import SummaryState
from tests.builders.practices import make_practice
from tests.builders.search import Shelf, make_document
from tests.builders.veille import make_summary
from tests.builders.vocabulary import make_vocabulary


@pytest.fixture
def portal(app: Flask, settings: Settings, database: str) -> Iterator[FlaskClient]:
    """A sheet, two summaries and a draft, as they are indexed for real."""
    engine.bind(settings)
    with writing() as session:
        make_vocabulary(session)
        make_practice(session)
        make_summary(session, "stress", authors=("Ginette Lafleur", "Gilles Tremblay"))
        make_summary(session, "prisma", authors=("R. Hébert", "et al."), themes=("domicile",))
        make_summary(session, "brouillon", authors=("Gilles Tremblay",), state=SummaryState.DRAFT)
    assert bring_up_to_date(settings)
    yield app.test_client()
    engine.close()


def page_of(client: FlaskClient, typed: str, **more: str) -> str:
    answer = client.get("/recherche", query_string={"q": typed, **more})
    assert answer.status_code == 200
    return html.unescape(answer.get_data(as_text=True))


def found(client: FlaskClient, typed: str) -> set[str]:
    links = re.findall(r'<a href="/(?:pratiques|veille/resumes)/([a-z-]+)"', page_of(client, typed))
    return set(links)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("auteur:Tremblay", {"stress"}),
        ("autrice:LAFLEUR", {"stress"}),
        ("auteur:hebert", {"prisma"}),
        ('auteur:"Gilles Tremblay"', {"stress"}),
        ('auteur:"R. Hébert"', {"prisma"}),
        ("auteur:al", set()),
        ("type:résumé", {"stress", "prisma"}),
        ("type:pratique", {"visites-virtuelles"}),
        ("type:practices", {"visites-virtuelles"}),
        ("type:infolettre", set()),
        ("theme:télésanté", {"stress", "visites-virtuelles"}),
        ("langue:français auteur:hébert", {"prisma"}),
    ],
)
def test_a_field_takes_what_people_type(
    portal: FlaskClient, typed: str, expected: set[str]
) -> None:
    assert found(portal, typed) == expected


def test_a_name_without_document_says_which_values_are_known(
    shelf: Shelf, app: Flask, session: Session
) -> None:
    make_vocabulary(session)
    session.commit()
    shelf.put(
        make_document("public", facets={"theme": ("domicile",)}),
        make_document("reserve", audience="members", facets={"region": ("rss01",)}),
    )
    shelf.index()
    client = app.test_client()

    theme = page_of(client, "theme:licorne")
    region = page_of(client, "region:rss01")
    author = page_of(client, "auteur:personne")

    assert "Thème\xa0: rien ne porte le nom «\xa0licorne\xa0»." in theme
    assert 'href="/recherche?theme=domicile"' in theme[theme.index("Valeurs connues") :]
    assert "Région\xa0: rien ne porte le nom «\xa0rss01\xa0»." in region
    assert "Valeurs connues" not in region
    assert "Auteur\xa0: rien ne porte le nom «\xa0personne\xa0»." in author
