"""Whoever moderates while others write: each waits for the other in one order, on any database."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select, update

from inters4.community.models import Post, PostDraft, Space, Thread
from inters4.community.queries.drafts import place_of_thread
from inters4.community.services.describing import description_of
from inters4.community.services.drafting import keep_draft
from inters4.community.services.moving import move
from inters4.community.services.posting import post as write
from inters4.community.services.publishing import lock_space
from inters4.community.services.revising import revise
from inters4.core.access import ANONYMOUS, Viewer
from inters4.core.db import reading, writing
from inters4.core.errors import Conflict, NotFound
from inters4.members.models import Member
from inters4.members.services.erasure import erase_member
from tests.builders.community import again, make_post, make_space, make_thread
from tests.builders.meetings import give_seat, make_meeting
from tests.builders.members import browser_of, make_viewer
from tests.builders.web import csrf

SOON = 0.5
"""Seconds for the other to take what it takes first."""


class Place:
    """A thread of two posts in one of two spaces that `lead` moderates."""

    lead: Viewer
    author: Viewer
    reader: Viewer
    space: int
    other: int
    thread: int
    version: int
    post: int
    slug: str
    target: str


@pytest.fixture
def place(app: Flask) -> Place:
    del app
    found = Place()
    with writing() as session:
        lead, deputy, author, reader = (make_viewer(session) for _number in range(4))
        space = make_space(session, facilitator=lead, deputy=deputy, members=(author, reader))
        other = make_space(session, facilitator=lead, deputy=deputy)
        thread = make_thread(session, space, author=author)
        found.post = make_post(session, thread, author=author).id
        found.lead, found.author = again(session, lead), again(session, author)
        found.reader = again(session, reader)
        found.space, found.other, found.thread = space.id, other.id, thread.id
        found.slug, found.target, found.version = space.slug, other.slug, thread.version
    return found


def while_somebody_writes(place: Place, act: Callable[[], object]) -> object:
    """Do `act` while another holds the space, who changes the thread and the post afterwards."""
    begun, ends = threading.Event(), []

    def change() -> None:
        with writing() as session:
            lock_space(session, place.space)
            begun.set()
            time.sleep(SOON)
            for table, number in ((Thread, place.thread), (Post, place.post)):
                rows = table.__table__
                session.connection().execute(
                    update(rows)  # type: ignore[arg-type]
                    .where(rows.c.id == number)
                    .values(created_at=rows.c.created_at)
                )
        ends.append("written")

    other = threading.Thread(target=change)
    other.start()
    begun.wait(5)
    try:
        return act()
    finally:
        other.join()
        assert ends == ["written"]


GESTURES: Mapping[str, tuple[str, str, Mapping[str, str]]] = {
    "hide": ("moderation/{thread}/2", "/masquage", {"raison": "Hors du sujet."}),
    "decide": ("moderation/{thread}/2/effacement", "", {"entier": "1", "raison": "Retiré."}),
    "edit": (
        "moderation/{thread}/2",
        "/modification",
        {"raison": "Un nom.", "texte": "Mieux dit.", "version": "1"},
    ),
    "split": (
        "moderation/{thread}",
        "/geste/scission",
        {"messages": "2", "titre": "Un autre fil"},
    ),
    "move": (
        "moderation/{thread}",
        "/geste/deplacement",
        {"espace": "{other}", "confirmation": "1"},
    ),
    "lock": ("moderation/{thread}", "/geste/verrou", {}),
    "remove": ("{thread}/2/retrait", "", {}),
    "flag": ("signalement/{thread}/2", "", {"motif": "renseignement-personnel"}),
    "summary": ("{thread}/synthese", "", {"texte": "En bref.", "vu": "e3b0c44298fc1c14"}),
    "title": ("{thread}/titre", "", {"titre": "Un meilleur titre", "version": "{version}"}),
}


def test_a_redaction_of_a_draft_waits_for_who_posts_it(app: Flask, place: Place) -> None:
    author, where = browser_of(app, place.author), f"/communaute/{place.slug}/{place.thread}"
    token = csrf(author, "/communaute/non-lus")
    with writing() as session:
        known = session.get_one(Thread, place.thread)
        keep_draft(session, place_of_thread(known), text="Écrit par Zoé.", by=place.author)
    begun = threading.Event()

    def redact() -> None:
        with writing() as session:
            lock_space(session, place.space)
            begun.set()
            time.sleep(SOON)
            drafts = PostDraft.__table__
            session.connection().execute(
                update(drafts)  # type: ignore[arg-type]
                .where(drafts.c.member_id == place.author.member_id)
                .values(source="Écrit par […].")
            )

    other = threading.Thread(target=redact)
    other.start()
    begun.wait(5)
    answer = author.post(f"{where}/repondre", data={"csrf_token": token, "texte": "Autre chose."})
    other.join()

    assert answer.status_code == 303


@pytest.mark.parametrize("name", GESTURES)
def test_a_gesture_waits_for_who_writes(app: Flask, place: Place, name: str) -> None:
    path, tail, typed = GESTURES[name]
    form = f"/communaute/{place.slug}/{path.format(thread=place.thread)}"
    client = browser_of(app, place.lead)
    typed = {
        key: said.format(version=place.version, other=place.target) for key, said in typed.items()
    }
    token = csrf(client, form)

    answer = while_somebody_writes(
        place, lambda: client.post(form + tail, data={"csrf_token": token, **typed}).status_code
    )

    assert answer == 303


def test_a_person_is_erased_while_others_write(place: Place) -> None:
    def erase() -> None:
        with writing() as session:
            member = session.get_one(Member, place.author.member_id)
            erase_member(session, member, keeps_posts=False, by=ANONYMOUS)

    while_somebody_writes(place, erase)

    with reading() as session:
        post = session.get_one(Post, place.post)
        assert (post.author_id, post.source) == (None, "")


def test_a_person_who_has_a_seat_elsewhere_is_erased_while_a_thread_moves(place: Place) -> None:
    with writing() as session:
        meeting = make_meeting(session, session.get_one(Space, place.other))
        give_seat(session, meeting, place.author)
    begun, ends = threading.Event(), []

    def hold_both() -> None:
        with writing() as session:
            lock_space(session, place.space)
            begun.set()
            time.sleep(SOON)
            lock_space(session, place.other)
        ends.append("moved")

    mover = threading.Thread(target=hold_both)
    mover.start()
    begun.wait(5)
    with writing() as session:
        member = session.get_one(Member, place.author.member_id)
        erase_member(session, member, keeps_posts=True, by=ANONYMOUS)
    mover.join()

    assert place.space < place.other
    assert ends == ["moved"]


def test_settings_that_somebody_changed_meanwhile_are_given_back(place: Place) -> None:
    with reading() as before:
        space = before.get_one(Space, place.space)
        description = replace(description_of(space), name="Un autre nom")
    with writing() as session:
        session.get_one(Space, place.space).name = "Un nom"

    with pytest.raises(Conflict), writing() as session:
        revise(
            session,
            session.merge(space, load=False),
            description,
            version=space.version,
            moves=False,
            known_themes=(),
            by=place.lead,
        )


def test_an_answer_to_a_thread_that_is_leaving_stays_in_no_space(place: Place) -> None:
    """Read in one space, written once the thread is in another: refused, never between the two."""
    read, gone = threading.Event(), threading.Event()
    refused = []

    def answer() -> None:
        with reading() as before:
            thread = before.get_one(Thread, place.thread)
        read.set()
        gone.wait(10)
        try:
            with writing() as session:
                write(session, session.merge(thread, load=False), "Et moi?", by=place.reader)
        except NotFound:
            refused.append(True)

    other = threading.Thread(target=answer)
    other.start()
    read.wait(5)
    with writing() as session:
        thread, target = session.get_one(Thread, place.thread), session.get_one(Space, place.other)
        move(session, thread, target, is_confirmed=True, by=place.lead)
    gone.set()
    other.join()

    assert refused == [True]
    with reading() as session:
        spaces = set(session.scalars(select(Post.space_id)))
        assert spaces == {place.other}
