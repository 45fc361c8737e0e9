"""Search finds a post wherever it stands in a thread, shows its words and leads to it."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from inters4.community.models import Post, PostState, Thread
from inters4.community.services.posting import post
from inters4.community.services.publishing import INDEXED_EVERY, LONG
from inters4.core.access import Viewer
from inters4.core.clock import now
from inters4.core.db import reading, writing
from inters4.core.outbox import OutboxRow
from inters4.search.jobs import bring_up_to_date
from inters4.settings import Settings
from tests.builders.community import again, make_post, make_space, make_thread
from tests.builders.members import browser_of, make_viewer
from tests.builders.vocabulary import make_vocabulary

POSTS = 800
USUAL = "Nous refaisons le pansement aux trois jours, et la plaie guérit lentement. " * 9


@pytest.fixture
def author(app: Flask) -> Viewer:
    with writing() as session:
        make_vocabulary(session)
        return make_viewer(session, name="Camille Animation")


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


def waiting() -> int:
    with reading() as session:
        return session.scalar(select(func.count()).select_from(OutboxRow)) or 0


def write(author: Viewer, text: str) -> int:
    with writing() as session:
        thread = session.scalars(select(Thread)).one()
        return post(session, thread, text, by=again(session, author)).id


def leave_long(author: Viewer) -> None:
    with writing() as session:
        space = make_space(session, facilitator=author, name="Plaies")
        thread = make_thread(session, space, author=author, title="Les plaies", text="Bonjour.")
        thread.last_number = LONG
        thread.last_post_at = now() - INDEXED_EVERY


def test_posts_that_follow_one_another_in_a_long_thread_are_indexed_together(
    app: Flask, settings: Settings, author: Viewer
) -> None:
    leave_long(author)
    reader = browser_of(app, author)
    write(author, "Le premier, zygomatique.")
    bring_up_to_date(settings)
    assert (waiting(), "<mark>zygomatique</mark>" in found(reader, "zygomatique")) == (0, True)

    write(author, "Le second, ptérygoïdien.")
    write(author, "Le troisième, masséter.")
    bring_up_to_date(settings)
    assert waiting() == 2
    assert "<mark>zygomatique</mark>" in found(reader, "zygomatique")

    with writing() as session:
        row = session.scalars(select(OutboxRow).order_by(OutboxRow.id)).first()
        assert row is not None
        row.not_before = now()
    bring_up_to_date(settings)
    assert waiting() == 0
    assert "<mark>masséter</mark>" in found(reader, "masséter")


def test_what_is_hidden_in_a_long_thread_never_waits(
    app: Flask, settings: Settings, author: Viewer
) -> None:
    leave_long(author)
    first = write(author, "Le premier, zygomatique.")
    write(author, "Le second, ptérygoïdien.")
    bring_up_to_date(settings)
    write(author, "Le troisième, masséter.")
    assert waiting() == 1
    with writing() as session:
        session.get_one(Post, first).state = PostState.HIDDEN
    bring_up_to_date(settings)

    assert waiting() == 0
    reader = browser_of(app, author)
    assert "zygomatique</mark>" not in found(reader, "zygomatique")
    assert "<mark>masséter</mark>" in found(reader, "masséter")


def test_a_short_thread_is_indexed_at_each_post(settings: Settings, author: Viewer) -> None:
    leave_long(author)
    with writing() as session:
        session.scalars(select(Thread)).one().last_number = 1
    for text in ("Le premier.", "Le second."):
        write(author, text)
        bring_up_to_date(settings)
        assert waiting() == 0
