"""Threads near the title being typed: among those that the reader reads, and no other."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from inters4.community.models import Space, Visibility
from inters4.core.access import Viewer
from inters4.search.jobs import bring_up_to_date
from inters4.search.queries import engine
from inters4.settings import Settings
from tests.builders.community import make_space, make_thread
from tests.builders.members import browser_of, make_viewer


@pytest.fixture(autouse=True)
def _index(settings: Settings, database: str) -> Iterator[None]:
    engine.bind(settings)
    yield
    engine.close()


@pytest.fixture
def person(session: Session) -> Viewer:
    return make_viewer(session)


@pytest.fixture
def space(session: Session, settings: Settings, person: Viewer) -> Space:
    made = make_space(session, members=(person,))
    hidden = make_space(session, visibility=Visibility.PRIVATE_HIDDEN)
    make_thread(session, made, title="Pansement d’argent pour une plaie veineuse")
    make_thread(session, hidden, title="Pansement secret pour une plaie veineuse")
    session.commit()
    assert bring_up_to_date(settings)
    return made


def asked(browser: FlaskClient, space: Space, title: str) -> str:
    answer = browser.get(f"/communaute/{space.slug}/semblables", query_string={"titre": title})
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_a_title_finds_threads_that_may_answer(app: Flask, space: Space, person: Viewer) -> None:
    browser = browser_of(app, person)

    found = asked(browser, space, "Quel pansement mettre sur une plaie veineuse?")

    assert "Pansement d’argent pour une plaie veineuse" in found
    assert f'href="/communaute/{space.slug}/' in found
    assert "secret" not in found


@pytest.mark.parametrize("title", ["", "pansement", "autre chose entièrement", "é" * 5000])
def test_nothing_near_shows_nothing(app: Flask, space: Space, person: Viewer, title: str) -> None:
    assert asked(browser_of(app, person), space, title).strip() == ""


def test_the_form_has_a_place_for_them(app: Flask, space: Space, person: Viewer) -> None:
    page = browser_of(app, person).get(f"/communaute/{space.slug}/nouveau").get_data(as_text=True)

    assert f'hx-get="/communaute/{space.slug}/semblables"' in page
    assert 'id="titre"' in page


def test_it_answers_only_whoever_reads_the_space(
    app: Flask, session: Session, space: Space, person: Viewer
) -> None:
    hidden = make_space(session, visibility=Visibility.PRIVATE_HIDDEN)
    session.commit()
    path = f"/communaute/{hidden.slug}/semblables?titre=plaie+veineuse"

    assert browser_of(app, person).get(path).status_code == 404
    assert app.test_client().get(path).status_code in {302, 303}
