"""« Écrire à l'équipe porteuse »: relayed, nobody shown, and another way when nobody is there."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.access import ANONYMOUS, Viewer
from inters4.core.audit import AuditEntry
from inters4.core.mail import QueuedMail
from inters4.core.notices import Channel
from inters4.members.exports.notices import MESSAGE_KIND
from inters4.members.services.profiles import MOST_MESSAGES
from inters4.notices.models import NoticeChoice
from inters4.practices.models import Practice, PracticeAuthor, PracticeState
from tests.builders.members import make_viewer, sign_in_as
from tests.builders.practices import make_practice
from tests.builders.vocabulary import make_vocabulary
from tests.builders.web import csrf

PAGE = "/pratiques/visites-virtuelles/message"
ELSEWHERE = "/question?de=/pratiques/visites-virtuelles"


@pytest.fixture
def practice(session: Session) -> Practice:
    make_vocabulary(session)
    return make_practice(session)


def browser(app: Flask, session: Session, person: Viewer) -> FlaskClient:
    client = app.test_client()
    if person.is_signed_in:
        sign_in_as(client, session, person)
    else:
        session.commit()
    return client


def carry(session: Session, practice: Practice, **about: Any) -> Viewer:
    """Someone who carries the sheet."""
    person = make_viewer(session, **about)
    session.add(PracticeAuthor(practice_id=practice.id, member_id=person.member_id))
    session.commit()
    return person


def test_the_whole_team_receives_a_letter_and_nobody_is_shown(
    app: Flask, session: Session, practice: Practice
) -> None:
    team = [carry(session, practice, name=name) for name in ("Camille Ici", "Alex Ici")]
    client = browser(app, session, make_viewer(session, name="Kim Ailleurs"))

    page = client.get(PAGE).get_data(as_text=True)
    said = {"csrf_token": csrf(client, PAGE), "message": "Combien de visites par jour?"}
    sent = client.post(PAGE, data=said)

    assert "Camille Ici" not in page
    assert "@exemple.ca" not in page
    assert sent.status_code == 303
    letters = session.scalars(select(QueuedMail).order_by(QueuedMail.member_id)).all()
    assert [one.member_id for one in letters] == sorted(one.member_id or 0 for one in team)
    assert all("Combien de visites" in one.parameters["text"] for one in letters)
    assert all("Fiche visites-virtuelles" in one.parameters["text"] for one in letters)


def test_a_letter_to_a_team_counts_once_however_many_they_are(
    app: Flask, session: Session, practice: Practice
) -> None:
    for _number in range(3):
        carry(session, practice)
    writer = make_viewer(session)
    client = browser(app, session, writer)
    said = {"csrf_token": csrf(client, PAGE), "message": "Bonjour."}

    answers = [client.post(PAGE, data=said) for _number in range(MOST_MESSAGES + 1)]

    assert [one.status_code for one in answers] == [303] * MOST_MESSAGES + [429]
    assert "Bonjour." in answers[-1].get_data(as_text=True)
    assert answers[-1].headers["Retry-After"]
    kept = session.scalars(select(AuditEntry).where(AuditEntry.actor_id == writer.member_id)).all()
    assert {one.subject for one in kept} == {"fiche:visites-virtuelles"}
    assert len(kept) == MOST_MESSAGES


def test_a_visitor_reads_the_two_ways_to_write(
    app: Flask, session: Session, practice: Practice
) -> None:
    carry(session, practice)
    client = browser(app, session, ANONYMOUS)

    page = client.get(PAGE).get_data(as_text=True)

    assert f"/connexion?suite={PAGE}" in page
    assert ELSEWHERE in page
    assert "<textarea" not in page
    assert client.post(PAGE, data={"message": "Bonjour."}).status_code in {400, 401}


def test_a_sheet_that_nobody_carries_leads_to_the_brokering_team(
    app: Flask, session: Session, practice: Practice
) -> None:
    for person in (ANONYMOUS, make_viewer(session)):
        page = browser(app, session, person).get(PAGE).get_data(as_text=True)
        assert "pas encore sur le portail" in page
        assert ELSEWHERE in page
        assert "<textarea" not in page


def test_a_team_that_wants_no_letters_says_so_and_keeps_what_was_typed(
    app: Flask, session: Session, practice: Practice
) -> None:
    person = carry(session, practice)
    client = browser(app, session, make_viewer(session))
    token = csrf(client, PAGE)
    session.add(NoticeChoice(member_id=person.member_id, kind=MESSAGE_KIND, channel=Channel.NONE))
    session.commit()

    before = client.get(PAGE).get_data(as_text=True)
    refused = client.post(PAGE, data={"csrf_token": token, "message": "Écrit pour rien?"})

    assert "Personne de cette équipe" in before
    assert "<textarea" not in before
    assert refused.status_code == 422
    assert "Écrit pour rien?" in refused.get_data(as_text=True)
    assert ELSEWHERE in refused.get_data(as_text=True)


def test_nobody_writes_to_oneself(app: Flask, session: Session, practice: Practice) -> None:
    person = carry(session, practice)

    page = browser(app, session, person).get(PAGE).get_data(as_text=True)

    assert "seule personne de cette équipe" in page


def test_a_sheet_that_is_gone_leads_to_why_and_a_draft_is_unknown(
    app: Flask, session: Session, practice: Practice
) -> None:
    client = browser(app, session, make_viewer(session))
    practice.state, practice.state_reason = PracticeState.WITHDRAWN, "Remplacée."
    session.commit()
    assert client.get(PAGE).headers["Location"] == "/pratiques/visites-virtuelles"
    practice.state = PracticeState.DRAFTING
    session.commit()
    assert client.get(PAGE).status_code == 404


def test_the_sheet_leads_to_the_form(app: Flask, session: Session, practice: Practice) -> None:
    client = browser(app, session, ANONYMOUS)

    assert f'href="{PAGE}"' in client.get("/pratiques/visites-virtuelles").get_data(as_text=True)
