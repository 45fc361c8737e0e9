"""Two or three sheets side by side."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from inters4.practices.models import PracticeState
from inters4.practices.models.states import TAKEN_ADDRESSES
from inters4.practices.services.revising import start_sheet
from tests.builders.adoptions import adopt, serve
from tests.builders.members import make_viewer
from tests.builders.practices import answered_values, make_practice
from tests.builders.vocabulary import make_vocabulary


@pytest.fixture
def sheets(session: Session) -> None:
    make_vocabulary(session)
    make_practice(session, "premiere", **answered_values())
    make_practice(session, "deuxieme")
    make_practice(session, "cachee", state=PracticeState.DRAFTING)
    session.commit()


@pytest.mark.usefixtures("sheets")
def test_sheets_stand_side_by_side_and_what_is_unknown_is_said(client: FlaskClient) -> None:
    page = client.get("/pratiques/comparer?fiche=premiere&fiche=deuxieme")

    text = words_of(page.text)
    assert page.status_code == 200
    assert page.text.count('<th scope="col"><a href="/pratiques/') == 2  # named once
    assert page.text.count('<details class="comparison-part" open>') == 1
    assert "Attente (de 30 à 12 jours)" in text
    assert "inconnu" in text
    assert "cotes proposées, non révisées" in text
    assert "[1]" not in page.text
    assert "à 12\N{NO-BREAK SPACE}jours" in page.text


def test_a_starter_sheet_says_so_in_its_own_column(client: FlaskClient, session: Session) -> None:
    make_vocabulary(session)
    make_practice(session, "premiere", origin="proposed")
    make_practice(session, "deuxieme")
    session.commit()

    page = client.get("/pratiques/comparer?fiche=premiere&fiche=deuxieme").text
    first, second = page.partition("Cotes</th>")[2].split("</td>")[:2]

    assert page.count("Fiche de départ, non relue") == 1
    assert "Fiche de départ, non relue" not in first
    assert "Fiche de départ, non relue" in second


@pytest.mark.usefixtures("sheets")
def test_what_no_sheet_says_is_gathered_in_one_line(client: FlaskClient, session: Session) -> None:
    make_practice(session, "troisieme")
    session.commit()

    text = words_of(client.get("/pratiques/comparer?fiche=deuxieme&fiche=troisieme").text)
    unsaid = text.partition("Non renseigné :")[2].partition(".")[0]

    assert "Coûts et économies" in unsaid
    assert "Adoptions déclarées par des équipes" in unsaid
    assert "inconnu" not in text


def test_adopters_conditions_and_what_to_weigh_are_compared(
    client: FlaskClient, session: Session
) -> None:
    make_vocabulary(session)
    first = make_practice(session, "premiere", **answered_values())
    make_practice(session, "deuxieme")
    adopt(session, first, by=make_viewer(session, organisation=serve(session, "rss01")))
    session.commit()

    text = words_of(client.get("/pratiques/comparer?fiche=premiere&fiche=deuxieme").text)

    assert "Adoptions déclarées par des équipes" in text
    assert "Équipe du littoral" in text
    assert "Partager une vision Une vision claire." in text
    assert "Applicabilité en milieu rural Vu en région éloignée." in text
    assert "Situation de départ Personnes en attente (990 personnes)" in text


@pytest.mark.usefixtures("sheets")
@pytest.mark.parametrize(
    "asked",
    ["", "?fiche=premiere", "?fiche=inconnue&fiche=premiere", "?fiche=cachee&fiche=premiere"],
)
def test_less_than_two_sheets_that_one_may_read_give_the_form(
    client: FlaskClient, asked: str
) -> None:
    page = client.get(f"/pratiques/comparer{asked}")

    assert page.status_code == 200
    assert "Choisissez deux ou trois fiches" in words_of(page.text)
    assert "Fiche cachee" not in page.text


def words_of(html: str) -> str:
    """What a page says, without its marks nor its no-break spaces."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).replace("\u00a0", " ").split())


def test_no_sheet_can_have_the_address_of_another_page(app: Flask, session: Session) -> None:
    words = {
        rule.rule.removeprefix("/pratiques/").partition("/")[0]
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/pratiques/") and not rule.rule.startswith("/pratiques/<")
    }
    make_vocabulary(session)
    author = make_viewer(session)

    sketch = start_sheet(session, title="Comparer", problem="", solution="", by=author)

    assert words <= TAKEN_ADDRESSES
    assert sketch.practice_id == "comparer-2"
