"""A flag from the thread to its answer, as each of those concerned goes through the pages; and what
the others get, who moderate elsewhere, did so once, only read, or are nobody."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from inters4.community.models import (
    Flag,
    FlagState,
    Membership,
    ModerationAct,
    Post,
    Sanction,
    Space,
    Thread,
    Visibility,
)
from inters4.core.access import Role, Viewer
from inters4.core.db import reading, writing
from inters4.members.models import Member, RoleGrant
from inters4.settings import Settings
from tests.builders.community import again, make_post, make_space, make_thread
from tests.builders.members import browser_of, make_viewer
from tests.builders.notices import leave, let_time_pass, text_of
from tests.builders.web import csrf

OF_A_POST = (
    "masquage", "retablissement", "modification", "approbation", "refus", "prise", "decision",
    "effacement",
)  # fmt: skip
OF_A_THREAD = (
    "verrou", "deverrou", "epingle", "depingle", "retrait", "retour", "deplacement", "scission",
    "fusion",
)  # fmt: skip
OF_A_PERSON = ("avertissement", "suspension", "levee")
TYPED = {
    "raison": "Parce que.", "texte": "Autre chose.", "version": "1", "decision": "retenu-masque",
    "reponse": "Oui.", "jours": "3", "titre": "Un autre fil", "messages": "2", "entier": "1",
    "confirmation": "1",
}  # fmt: skip


class Place:
    """A space, its people, and those who have no say in it."""

    lead: Viewer
    author: Viewer
    reader: Viewer
    others: dict[str, Viewer]
    slug: str
    thread: int
    space: int


@pytest.fixture
def place(app: Flask) -> Place:
    del app
    found = Place()
    with writing() as session:
        lead, deputy = make_viewer(session, name="Léa Fictive"), make_viewer(session)
        author, reader = make_viewer(session), make_viewer(session, name="Jo Lecture")
        space = make_space(
            session,
            facilitator=lead,
            deputy=deputy,
            members=(author, reader),
            visibility=Visibility.MEMBERS,
        )
        elsewhere, former = make_viewer(session), make_viewer(session)
        make_space(session, facilitator=elsewhere)
        session.add(RoleGrant(member_id=former.member_id, role=Role.MODERATOR, space_id=space.id))
        thread = make_thread(session, space, author=author)
        make_post(session, thread, author=author)
        found.lead, found.author = again(session, lead), again(session, author)
        found.reader = again(session, reader)
        found.others = {
            "reader": found.reader,
            "author": found.author,
            "elsewhere": again(session, elsewhere),
            "former": again(session, former),
            "admin": make_viewer(session, role=Role.ADMIN),
        }
        found.slug, found.thread, found.space = space.slug, thread.id, space.id
    return found


def gestures(place: Place, person: str) -> list[str]:
    here = f"/communaute/{place.slug}/moderation"
    return [
        *(f"{here}/{place.thread}/2/{one}" for one in OF_A_POST),
        *(f"{here}/{place.thread}/geste/{one}" for one in OF_A_THREAD),
        *(f"{here}/personnes/{person}/{one}" for one in OF_A_PERSON),
    ]


def stands(session: Session) -> list[object]:
    """All that a gesture would change."""
    return [
        *session.execute(select(Post.id, Post.state, Post.source, Post.thread_id)).all(),
        *session.execute(select(Thread.id, Thread.version, Thread.is_removed)).all(),
        session.scalar(select(func.count(ModerationAct.id))),
        session.scalar(select(func.count(Sanction.id))),
    ]


@pytest.mark.parametrize("who", ["reader", "author", "elsewhere", "former", "admin", "visitor"])
def test_no_gesture_is_theirs(app: Flask, place: Place, who: str) -> None:
    known = place.others.get(who)
    client = browser_of(app, known) if known else app.test_client()
    token = csrf(client, "/mon-compte" if known else "/connexion")
    with reading() as session:
        before = stands(session)
        person = session.scalars(select(Post.author_id)).first()
        public_id = _public_id(session, person or 0)

    for path in gestures(place, public_id):
        answer = client.post(path, data={"csrf_token": token, **TYPED, "espace": place.slug})
        assert answer.status_code in ({403} if known else {401}), (path, answer.status_code)

    with reading() as session:
        assert stands(session) == before


def _public_id(session: Session, member_id: int) -> str:
    return session.get_one(Member, member_id).public_id


def send(client: FlaskClient, form: str, path: str = "", status: int = 303, **typed: str) -> str:
    answer = client.post(path or form, data={"csrf_token": csrf(client, form), **typed})
    body = answer.get_data(as_text=True)
    assert answer.status_code == status, (answer.status_code, body[:2000])
    return body


def test_a_flag_goes_from_the_thread_to_its_answer(
    app: Flask, settings: Settings, place: Place
) -> None:
    here = f"/communaute/{place.slug}"
    reader, lead, author = (
        browser_of(app, one) for one in (place.reader, place.lead, place.author)
    )

    form = f"{here}/signalement/{place.thread}/2"
    send(reader, form, motif="renseignement-personnel", precision="Un nom.")

    with writing() as session:
        let_time_pass(session)
    letters = [text_of(letter) for letter in leave(settings)]
    assert sorted("signalé" in letter for letter in letters) == [False, True, True]
    assert not any("Jo Lecture" in letter for letter in letters)

    thread = f"{here}/{place.thread}"
    assert "Nous aussi." not in reader.get(thread, follow_redirects=True).text
    assert "Nous aussi." in author.get(thread, follow_redirects=True).text
    desk = f"{here}/moderation/{place.thread}/2"
    assert "Jo Lecture" in lead.get(desk).text
    send(lead, desk, f"{desk}/prise")
    assert _state() is FlagState.IN_PROGRESS
    send(lead, desk, f"{desk}/decision", decision="retenu-masque", reponse="Vous avez raison.")
    assert _state() is FlagState.UPHELD

    told = author.get("/avis").text
    assert "masqué" in told
    assert "Jo Lecture" not in told
    answered = reader.get("/avis").text
    assert "retenu" in answered


def _state() -> FlagState:
    with reading() as session:
        return session.scalars(select(Flag.state)).one()


def test_a_newcomer_waits_then_writes_then_too_fast_then_no_more(app: Flask, place: Place) -> None:
    here = f"/communaute/{place.slug}"
    with writing() as session:
        session.get_one(Space, place.space).first_posts = 1
        newcomer = make_viewer(session)
        session.add(Membership(space_id=place.space, member_id=newcomer.member_id))
        newcomer = again(session, newcomer)
        public_id = _public_id(session, newcomer.member_id or 0)
    client, lead, reader = (browser_of(app, one) for one in (newcomer, place.lead, place.reader))
    form = client.get(f"{here}/{place.thread}").headers.get("Location", f"{here}/{place.thread}")

    send(client, form, f"{here}/{place.thread}/repondre", texte="Bonjour à tout le monde.")
    assert "Bonjour à tout le monde." not in reader.get(form).text
    desk = f"{here}/moderation/{place.thread}/3"
    send(lead, desk, f"{desk}/approbation")
    assert "Bonjour à tout le monde." in reader.get(form).text
    for number in range(4):
        send(client, form, f"{here}/{place.thread}/repondre", texte=f"Encore {number}.")
    kept = send(client, form, f"{here}/{place.thread}/repondre", 429, texte="Une fois de trop.")
    assert "Une fois de trop." in kept
    person = f"{here}/moderation/personnes/{public_id}"
    send(lead, person, f"{person}/suspension", jours="3", raison="Moins vite.")
    token = csrf(client, "/mon-compte")
    refused = client.post(
        f"{here}/{place.thread}/repondre", data={"csrf_token": token, "texte": "Et moi?"}
    )
    assert refused.status_code == 403
