"""Search finds a post wherever it stands in a thread, shows its words and leads to it."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from inters4.core.access import Viewer
from inters4.core.db import writing
from inters4.search.jobs import bring_up_to_date
from inters4.settings import Settings
from tests.builders.community import make_post, make_space, make_thread
from tests.builders.members import browser_of, make_viewer
from tests.builders.vocabulary import make_vocabulary

POSTS = 800
USUAL = "Nous refaisons le pansement aux trois jours, et la plaie guérit lentement. " * 9


@pytest.fixture
def author(app: Flask) -> Viewer:
    with writing() as session:
        make_vocabulary(session)
        return make_viewer(session)


@pytest.fixture
def long(author: Viewer) -> str:
    """The address of a thread of 800 posts, some 500 000 letters."""
    with writing() as session:
        space = make_space(session, facilitator=author, name="Plaies")
        thread = make_thread(session, space, author=author, title="Les plaies", text="Bonjour.")
        for number in range(2, POSTS + 1):
            text = USUAL
            if number == 400:
                text = USUAL + "La crème zygomatique soulage."
            if number == POSTS:
                text = "Le pansement d’argent, enfin, a tout réglé chez nous."
            make_post(session, thread, author=author, text=text)
        return f"/communaute/{space.slug}/{thread.id}-les-plaies"


@pytest.fixture
def reader(app: Flask, settings: Settings, author: Viewer, long: str) -> FlaskClient:
    bring_up_to_date(settings)
    return browser_of(app, author)


def found(client: FlaskClient, words: str) -> str:
    answer = client.get("/recherche", query_string={"q": words})
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_words_far_down_a_thread_are_shown_and_led_to(reader: FlaskClient, long: str) -> None:
    for words, mark, number in (
        ("zygomatique", "<mark>zygomatique</mark>", 400),
        ("pansement argent", "<mark>pansement</mark> d’<mark>argent</mark>", 800),
    ):
        html = found(reader, words)

        assert f'href="{long}?page={(number - 1) // 20 + 1}#m{number}"' in html, words
        assert mark in html, words
    assert f'href="{long}"' in found(reader, "bonjour")
