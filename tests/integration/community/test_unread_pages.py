"""« Non lus », levels of following, and the marks that reading leaves after the answer."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from inters4.community.models import (
    CommunityPreference,
    Level,
    Post,
    PostState,
    Space,
    SpaceReading,
    Thread,
    ThreadReading,
    Visibility,
)
from inters4.community.queries.unread import Mark, marker, unread_counts
from inters4.community.services.publishing import publish
from inters4.community.services.reading import write_marks
from inters4.core.access import Viewer
from inters4.core.db import reading, writing
from inters4.core.slugs import identifier_from
from tests.builders.community import again, make_post, make_space, make_thread
from tests.builders.members import browser_of, make_viewer
from tests.builders.statements import statements
from tests.builders.web import csrf

UNREAD = "/communaute/non-lus"


@dataclass
class Place:
    reader: Viewer
    space: Space
    thread: Thread
    others: list[Thread] = field(default_factory=list)

    @property
    def home(self) -> str:
        return f"/communaute/{self.space.slug}"

    @property
    def path(self) -> str:
        return f"{self.home}/{self.thread.id}-{identifier_from(self.thread.title)}"


@pytest.fixture
def place(app: Flask) -> Place:
    with writing() as session:
        reader = make_viewer(session)
        space = make_space(session, members=(reader,), visibility=Visibility.PRIVATE_LISTED)
        thread = make_thread(session, space)
        make_post(session, thread)
        return Place(again(session, reader), space, thread)


@pytest.fixture
def browser(app: Flask, place: Place) -> FlaskClient:
    return browser_of(app, place.reader)


def waiting(place: Place) -> dict[int, int]:
    with reading() as session:
        return unread_counts(session, place.reader)


def page(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    html = answer.get_data(as_text=True)
    answer.close()
    return html


def test_the_page_leads_to_the_first_unread_post_of_each_thread(
    place: Place, browser: FlaskClient
) -> None:
    with writing() as session:
        write_marks(
            session,
            [Mark(member_id=place.reader.member_id or 0, thread_id=place.thread.id, number=1)],
        )

    html = page(browser, UNREAD)

    assert f'{place.path}#m2"' in html
    assert "1 nouveau" in html
    assert place.space.name in html


def test_what_is_approved_late_is_led_to_and_marked_where_it_stands(
    place: Place, browser: FlaskClient
) -> None:
    with writing() as session:
        thread = session.get_one(Thread, place.thread.id)
        late = make_post(session, thread, text="Un premier mot.", state=PostState.WAITING)
        for _post in range(20):
            make_post(session, thread)
        number = late.id
    page(browser, f"{place.path}?page=2")
    assert waiting(place) == {}
    with writing() as session:
        thread, space = (
            session.get_one(Thread, place.thread.id),
            session.get_one(Space, place.space.id),
        )
        publish(session, session.get_one(Post, number), thread=thread, space=space)

    last = page(browser, f"{place.path}?page=2")
    assert f'href="{place.path}#m3"' in last
    assert f'{place.path}#m3"' in page(browser, UNREAD)
    assert f'{place.path}#m3"' in page(browser, f"{UNREAD}?depuis=visite")
    first = page(browser, place.path)
    assert first.count("Publié depuis votre lecture") == 1
    assert "Publié depuis votre lecture" in first.partition('id="m3"')[2].partition('id="m4"')[0]
    assert waiting(place) == {}
    assert "Publié depuis" not in page(browser, place.path)


def test_a_visitor_is_sent_to_sign_in(app: Flask, place: Place) -> None:
    assert app.test_client().get(UNREAD).status_code == 303
    assert app.test_client().post(UNREAD).status_code in {400, 401}


def test_whoever_belongs_nowhere_is_told_where_to_begin(app: Flask) -> None:
    with writing() as session:
        someone = make_viewer(session)

    assert "Trouver un espace" in page(browser_of(app, someone), UNREAD)


def test_reading_the_thread_is_noted_after_the_answer(place: Place, browser: FlaskClient) -> None:
    assert waiting(place) == {place.space.id: 1}

    page(browser, place.path).index("Nous aussi.")

    assert waiting(place) == {}
    with reading() as session:
        assert marker(session, place.reader, place.thread).number == 2
    assert "Vous avez tout lu" in page(browser, UNREAD)


def test_a_page_reads_its_own_posts_only(place: Place, browser: FlaskClient) -> None:
    with writing() as session:
        thread = session.get_one(Thread, place.thread.id)
        for number in range(3, 26):
            make_post(session, thread, text=f"Message {number}.")

    page(browser, place.path)
    assert waiting(place) == {place.space.id: 1}
    page(browser, f"{place.path}?page=2")

    assert waiting(place) == {}


def test_neither_head_nor_a_look_ahead_reads_anything(place: Place, browser: FlaskClient) -> None:
    browser.head(place.path).close()
    browser.get(place.path, headers={"Sec-Purpose": "prefetch;prerender"}).close()
    browser.get(place.path, headers={"Purpose": "prefetch"}).close()
    browser.get(place.home, headers={"Sec-Purpose": "prefetch"}).close()

    assert waiting(place) == {place.space.id: 1}
    with reading() as session:
        assert session.scalars(select(SpaceReading)).all() == []


def test_reading_again_writes_nothing(place: Place, browser: FlaskClient) -> None:
    page(browser, place.path)
    with statements(verb="") as asked:
        page(browser, place.path)

    assert not [one for one in asked if one.startswith(("INSERT", "UPDATE", "BEGIN IMMEDIATE"))]


def test_the_page_of_a_space_begins_a_visit(place: Place, browser: FlaskClient) -> None:
    page(browser, place.home)

    with reading() as session:
        assert session.scalars(select(SpaceReading.seen_seq)).one() == 2
    assert waiting(place) == {place.space.id: 1}


def test_whoever_reads_a_public_space_without_belonging_visits_nothing(
    app: Flask, place: Place
) -> None:
    with writing() as session:
        stranger = make_viewer(session)
        space = make_space(session, visibility=Visibility.PUBLIC)
        thread = make_thread(session, space)
    client = browser_of(app, stranger)
    path = f"/communaute/{space.slug}/{thread.id}-{identifier_from(thread.title)}"

    page(client, f"/communaute/{space.slug}")
    page(client, path)
    page(app.test_client(), path)

    with reading() as session:
        assert session.scalars(select(SpaceReading)).all() == []
        assert session.scalars(select(ThreadReading.member_id)).all() == [stranger.member_id]


def test_marking_all_as_read_leaves_what_came_since_the_page_was_drawn(
    place: Place, browser: FlaskClient
) -> None:
    html = page(browser, UNREAD)
    known = re.findall(r'name="lu" value="([^"]+)"', html)
    with writing() as session:
        later = make_thread(session, session.get_one(Space, place.space.id), title="Venu depuis")

    answer = browser.post(UNREAD, data={"csrf_token": csrf(browser, UNREAD), "lu": known})

    assert answer.status_code == 303
    html = page(browser, UNREAD)
    assert "Venu depuis" in html
    assert place.thread.title not in html
    assert later.space_id == place.space.id


@pytest.mark.parametrize(
    "typed",
    [
        "",
        ":",
        "x",
        "inconnu:3",
        "{slug}:",
        "{slug}:-4",
        "{slug}:9²",
        "{slug}:99999999999999999999",
        "\0:1",
    ],
)
def test_what_is_no_place_marks_nothing(place: Place, browser: FlaskClient, typed: str) -> None:
    answer = browser.post(
        UNREAD,
        data={
            "csrf_token": csrf(browser, UNREAD),
            "lu": typed.replace("{slug}", place.space.slug),
        },
    )

    assert answer.status_code == 303
    assert waiting(place) == {place.space.id: 1}


def test_nobody_marks_a_space_that_they_do_not_read(app: Flask, place: Place) -> None:
    with writing() as session:
        stranger = make_viewer(session)
    client = browser_of(app, stranger)

    client.post(UNREAD, data={"csrf_token": csrf(client, UNREAD), "lu": f"{place.space.slug}:2"})

    with reading() as session:
        assert session.scalars(select(SpaceReading)).all() == []


def test_one_space_alone_and_since_the_last_visit(place: Place, browser: FlaskClient) -> None:
    with writing() as session:
        other = make_space(session, members=(place.reader,))
        make_thread(session, other, title="Un fil ailleurs")

    alone = page(browser, f"{UNREAD}?espace={other.slug}")
    assert "Un fil ailleurs" in alone
    assert place.thread.title not in alone
    page(browser, f"/communaute/{other.slug}")
    assert "Un fil ailleurs" in page(browser, f"{UNREAD}?depuis=visite")
    assert "Un fil ailleurs" in page(browser, f"{UNREAD}?espace=inconnu&page=-1&depuis=rien")


def test_hostile_addresses_are_answered(browser: FlaskClient) -> None:
    for query in (
        "page=0",
        "page=99999999999999999999",
        "page=x",
        "espace=" + "a" * 5000,
    ):
        assert browser.get(f"{UNREAD}?{query}").status_code == 200


def test_following_a_thread_from_its_page(place: Place, browser: FlaskClient) -> None:
    page(browser, place.path)
    token = csrf(browser, place.path)
    to = f"{place.home}/{place.thread.id}/suivi"

    for typed, level in (
        ("suivre", Level.FOLLOWED),
        ("muet", Level.MUTED),
        ("normal", Level.NORMAL),
        ("espace", None),
    ):
        answer = browser.post(to, data={"csrf_token": token, "suivi": typed})
        assert answer.status_code == 303
        assert answer.location == place.path
        with reading() as session:
            row = session.get_one(ThreadReading, (place.reader.member_id, place.thread.id))
            assert row.level is level
            assert row.last_number == 2
        assert f'value="{typed}" selected' in page(browser, place.path)


def test_following_a_space_from_its_page(place: Place, browser: FlaskClient) -> None:
    token = csrf(browser, place.home)
    for typed, level in (("suivre", Level.FOLLOWED), ("muet", Level.MUTED)):
        answer = browser.post(f"{place.home}/suivi", data={"csrf_token": token, "suivi": typed})
        assert answer.status_code == 303
        with reading() as session:
            assert session.scalars(select(SpaceReading.level)).one() is level
        assert f'value="{typed}" selected' in page(browser, place.home)
    assert waiting(place) == {}


def test_a_level_that_does_not_exist_is_refused(place: Place, browser: FlaskClient) -> None:
    token = csrf(browser, place.home)
    for to in (f"{place.home}/suivi", f"{place.home}/{place.thread.id}/suivi"):
        answer = browser.post(to, data={"csrf_token": token, "suivi": "toujours"})
        assert answer.status_code == 400


def test_nobody_follows_what_they_do_not_read(app: Flask, place: Place) -> None:
    with writing() as session:
        stranger = make_viewer(session)
    client = browser_of(app, stranger)
    token = csrf(client, UNREAD)
    for to in (
        f"{place.home}/suivi",
        f"{place.home}/{place.thread.id}/suivi",
        f"{place.home}/99999999999999999999/suivi",
    ):
        answer = client.post(to, data={"csrf_token": token, "suivi": "suivre"})
        assert answer.status_code == 404

    with reading() as session:
        assert session.scalars(select(ThreadReading)).all() == []


def test_following_one_s_own_threads_is_a_preference(place: Place, browser: FlaskClient) -> None:
    assert 'id="suivre-mes-fils" value="oui" checked' in page(browser, UNREAD)

    browser.post(f"{UNREAD}/preference", data={"csrf_token": csrf(browser, UNREAD)})
    assert 'id="suivre-mes-fils" value="oui" checked' not in page(browser, UNREAD)
    with reading() as session:
        assert session.scalars(select(CommunityPreference.follows_own)).one() is False

    browser.post(
        f"{UNREAD}/preference",
        data={"csrf_token": csrf(browser, UNREAD), "suivre-mes-fils": "oui"},
    )
    assert 'id="suivre-mes-fils" value="oui" checked' in page(browser, UNREAD)


def test_the_page_asks_the_same_of_the_database_whatever_the_number_of_spaces(
    app: Flask, place: Place, browser: FlaskClient
) -> None:
    page(browser, UNREAD)
    with statements() as few:
        page(browser, UNREAD)
    with writing() as session:
        for _space in range(20):
            space = make_space(session, members=(place.reader,))
            for _thread in range(2):
                make_post(session, make_thread(session, space))
    with statements() as many:
        assert "41 fils" in page(browser, UNREAD)

    assert len(many) == len(few)


def test_two_tabs_at_once_leave_the_furthest_mark(place: Place) -> None:
    with writing() as session:
        thread = session.get_one(Thread, place.thread.id)
        for _post in range(30):
            make_post(session, thread)
    number = place.reader.member_id or 0

    def read(last: int) -> None:
        with writing() as session:
            write_marks(
                session,
                [
                    Mark(
                        member_id=number,
                        space_id=place.space.id,
                        thread_id=place.thread.id,
                        number=last,
                    )
                ],
            )

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(read, [5, 32, 1, 20, 31, 2, 18, 7]))

    with reading() as session:
        assert marker(session, place.reader, place.thread).number == 32
        assert unread_counts(session, place.reader) == {}
