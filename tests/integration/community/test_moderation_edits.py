"""Who moderates changes the text of a post under the rules of whoever posts."""

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from inters4.community.models import Flag, Membership, Post, PostMention, PostVersion
from inters4.community.services.detecting import mark_of_seen, seen_in
from inters4.community.services.moderating import edit_post
from inters4.community.services.posting import LooksPersonal
from inters4.community.services.posting import post as write
from inters4.core.access import Viewer
from inters4.core.db import reading, writing
from inters4.core.errors import DomainError
from tests.builders.community import again, make_space, make_thread
from tests.builders.members import browser_of, make_viewer
from tests.builders.web import csrf

NUMBER = "TREM 8501 1512"


class Place:
    """A post that names Ana, read by who moderates."""

    lead: Viewer
    people: dict[str, int]
    post: Post
    path: str


@pytest.fixture
def place(session: Session) -> Place:
    found = Place()
    lead, deputy, author = (make_viewer(session) for _number in range(3))
    named = {name: make_viewer(session, name=name) for name in ("Ana", "Bao")}
    space = make_space(session, facilitator=lead, deputy=deputy, members=(author, *named.values()))
    found.lead = again(session, lead)
    thread = make_thread(session, space)
    found.post = write(session, thread, "Merci à @Ana.", by=again(session, author))
    found.people = {name: who.member_id or 0 for name, who in named.items()}
    found.path = f"/communaute/{space.slug}/moderation/{thread.id}/2"
    session.flush()
    return found


def edit(session: Session, place: Place, text: str, *, is_meant: bool = False) -> None:
    edit_post(
        session,
        place.post,
        text,
        version=place.post.version,
        reason="Dit autrement.",
        by=place.lead,
        is_meant=is_meant,
    )


def named_by(session: Session, post: Post) -> set[int]:
    return set(session.scalars(select(PostMention.member_id).where(PostMention.post_id == post.id)))


def test_an_edit_names_other_people(session: Session, place: Place) -> None:
    assert named_by(session, place.post) == {place.people["Ana"]}

    edit(session, place, "Merci à @Bao.")

    assert named_by(session, place.post) == {place.people["Bao"]}


def test_an_edit_names_ten_people_at_most(session: Session, place: Place) -> None:
    space_id = place.post.space_id
    for number in range(11):
        who = make_viewer(session, name=f"Gens{number}")
        session.add(Membership(space_id=space_id, member_id=who.member_id))
    session.flush()
    with pytest.raises(DomainError, match="11 personnes"):
        edit(session, place, " ".join(f"@Gens{number}" for number in range(11)))


def test_an_edit_keeps_what_a_database_can_hold(session: Session, place: Place) -> None:
    edit(session, place, "Un\0 texte\r\nde deux lignes.\ud800")

    assert place.post.source == "Un texte\nde deux lignes."


def test_what_an_edit_adds_is_shown_before_it_is_kept(session: Session, place: Place) -> None:
    with pytest.raises(LooksPersonal):
        edit(session, place, f"La dame {NUMBER}.")

    edit(session, place, f"La dame {NUMBER}.", is_meant=True)

    assert place.post.is_suspect
    assert session.scalar(select(func.count(Flag.id)).where(Flag.post_id == place.post.id)) == 1
    edit(session, place, f"La dame {NUMBER}, oui.")  # it stood already
    edit(session, place, "La dame.")
    assert not place.post.is_suspect


def test_two_of_one_name_stay_told_apart(session: Session, place: Place) -> None:
    other = make_viewer(session, name="Ana")
    session.add(Membership(space_id=place.post.space_id, member_id=other.member_id))
    session.flush()

    edit(session, place, "Merci encore à @Ana.")

    assert named_by(session, place.post) == {place.people["Ana"]}


def test_the_page_of_moderation_warns_then_keeps(
    app: Flask, place: Place, session: Session
) -> None:
    session.commit()
    client = browser_of(app, place.lead)
    typed = {
        "csrf_token": csrf(client, place.path),
        "texte": f"La dame {NUMBER}.",
        "raison": "Plus clair.",
        "version": str(place.post.version),
    }

    warned = client.post(f"{place.path}/modification", data=typed)

    said = warned.get_data(as_text=True)
    mark = mark_of_seen(seen_in(typed["texte"]))
    assert warned.status_code == 422
    assert "Plus clair." in said
    assert f'name="malgre" value="{mark}"' in said
    kept = client.post(f"{place.path}/modification", data={**typed, "malgre": mark})
    assert kept.status_code == 303
    with reading() as after:
        assert after.get_one(Post, place.post.id).source == typed["texte"]
        assert after.scalars(select(PostVersion.source)).all() == ["Merci à @Ana."]


def test_the_page_of_moderation_shows_both_texts(
    app: Flask, place: Place, session: Session
) -> None:
    session.commit()
    client = browser_of(app, place.lead)
    token, version = csrf(client, place.path), str(place.post.version)
    with writing() as other:
        other.get_one(Post, place.post.id).write("Un autre texte.")

    answer = client.post(
        f"{place.path}/modification",
        data={"csrf_token": token, "texte": "Le mien.", "raison": "Oui.", "version": version},
    )

    said = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Un autre texte." in said
    assert "Le mien." in said
