"""On every page of a space, who moderates sees that something awaits, and where; others do not."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from inters4.community.models import Flag, FlagReason, Post, PostState, Space
from inters4.community.queries.access import access_to
from inters4.community.services.flagging import flag_post, reject
from inters4.core.access import Role, Viewer
from inters4.core.db import writing
from inters4.members.models import RoleGrant
from tests.builders.community import again, make_post, make_space, make_thread
from tests.builders.members import browser_of, make_viewer
from tests.builders.statements import statements

MARK = "la modération seule voit cette marque"
PAGES = ("", "/rencontres", "/personnes", "/adhesion", "/moderation/journal")


class Place:
    """A thread of which one post is flagged, and another both waits and is flagged."""

    lead: Viewer
    moderator: Viewer
    author: Viewer
    elsewhere: Viewer
    former: Viewer
    slug: str
    thread: int
    space_id: int


@pytest.fixture
def place(app: Flask) -> Place:
    del app
    found = Place()
    with writing() as session:
        lead, deputy, author, moderator, elsewhere, former = (
            make_viewer(session) for _number in range(6)
        )
        space = make_space(
            session, facilitator=lead, deputy=deputy, members=(author, moderator, elsewhere)
        )
        other = make_space(session, facilitator=elsewhere)
        for who in (moderator, former):
            session.add(RoleGrant(member_id=who.member_id, role=Role.MODERATOR, space_id=space.id))
        thread = make_thread(session, space, author=author)
        flagged = make_post(session, thread, author=author)
        waiting = make_post(session, thread, author=author, state=PostState.WAITING)
        make_post(session, make_thread(session, other), state=PostState.WAITING)
        found.lead, found.moderator = again(session, lead), again(session, moderator)
        found.author, found.elsewhere = again(session, author), again(session, elsewhere)
        found.former = again(session, former)
        flag_post(session, flagged, FlagReason.OFF_TOPIC, by=found.lead)
        session.add(Flag(post_id=waiting.id, member_id=None, reason=FlagReason.PERSONAL))
        found.slug, found.thread, found.space_id = space.slug, thread.id, space.id
    return found


def awaiting(client: FlaskClient, path: str) -> str:
    """The number beside « Modération »; nothing without one."""
    html = client.get(path, follow_redirects=True).get_data(as_text=True)
    tab = re.search(r'<nav class="tabs.*?/moderation"[^>]*>Modération(.*?)</a>', html, re.DOTALL)
    found = re.search(r'class="thread-new">(\d+)<', tab[1]) if tab else None
    return found[1] if found else ""


def test_every_page_of_the_space_says_how_many_posts_await(app: Flask, place: Place) -> None:
    for who in (place.lead, place.moderator):
        client = browser_of(app, who)
        for tail in PAGES:
            path = f"/communaute/{place.slug}{tail}"
            assert awaiting(client, path) == "2", path
        thread = client.get(f"/communaute/{place.slug}/{place.thread}", follow_redirects=True)
        assert "2 messages attendent une décision" in thread.text


def test_nobody_else_learns_that_something_awaits(app: Flask, place: Place) -> None:
    here = f"/communaute/{place.slug}"
    for who in (place.author, place.elsewhere, place.former):
        client = browser_of(app, who)
        assert awaiting(client, here) == ""
        thread = client.get(f"{here}/{place.thread}", follow_redirects=True).text
        assert MARK not in thread
        assert "attendent une décision" not in thread
    visitor = app.test_client()
    assert MARK not in visitor.get(f"{here}/{place.thread}", follow_redirects=True).text


def test_a_flagged_post_that_stands_carries_a_mark_for_who_moderates(
    app: Flask, place: Place
) -> None:
    client = browser_of(app, place.moderator)

    html = client.get(f"/communaute/{place.slug}/{place.thread}", follow_redirects=True).text

    posts = re.split(r'<article class="post', html)[1:]
    assert [MARK in post for post in posts] == [False, True, True]


def test_what_is_decided_is_marked_no_more(app: Flask, place: Place) -> None:
    with writing() as session:
        flagged = select(Post).where(Post.thread_id == place.thread, Post.number > 1)
        for post in session.scalars(flagged).all():
            reject(session, post, answer="Tout va bien.", by=place.lead)
    client = browser_of(app, place.lead)
    html = client.get(f"/communaute/{place.slug}/{place.thread}", follow_redirects=True).text

    assert MARK not in html
    assert awaiting(client, f"/communaute/{place.slug}") == "1"


def test_the_count_is_one_statement_for_who_moderates_and_none_for_others(place: Place) -> None:
    asked = []
    with writing() as session:
        space = session.get_one(Space, place.space_id)
        for who in (place.author, place.moderator, place.lead):
            with statements() as sent:
                access_to(session, space, viewer=who)
            asked.append(len(sent))

    assert asked == [2, 3, 4]
