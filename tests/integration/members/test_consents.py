"""The infolettre's consent, in one's own hands: seen with its words, taken back, given again."""

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.members.models import Consent, ConsentPurpose
from inters4.members.services.consents import record_consent
from tests.builders.members import make_member, sign_in_as
from tests.builders.web import csrf

PREFERENCES = "/compte/preferences"


def choose(client: FlaskClient, gesture: str) -> int:
    form = {"csrf_token": csrf(client, PREFERENCES), "geste": gesture}
    return client.post(f"{PREFERENCES}/infolettre", data=form).status_code


def agree(session: Session, client: FlaskClient, words: str) -> None:
    member = make_member(session, password=None)
    record_consent(
        session,
        ConsentPurpose.NEWSLETTER,
        email=member.email,
        text=words,
        locale="fr",
        source="/inscription",
        is_given=True,
        member_id=member.id,
    )
    sign_in_as(client, session, member)


def test_what_was_agreed_to_is_shown_with_its_words_and_where_it_was(
    client: FlaskClient, session: Session
) -> None:
    agree(session, client, "Les mots que j’ai lus ce jour-là.")

    for path in (PREFERENCES, "/compte/donnees"):
        page = client.get(path).text
        assert "« Les mots que j’ai lus ce jour-là. »" in page
        assert "Formulaire d’inscription" in page


def test_a_consent_is_taken_back_and_given_again_each_time_as_a_row(
    client: FlaskClient, session: Session
) -> None:
    agree(session, client, "Les mots d’avant.")

    assert choose(client, "retirer") == 303
    assert "Vous avez retiré votre consentement" in client.get(PREFERENCES).text
    assert choose(client, "accepter") == 303

    session.rollback()
    rows = session.scalars(select(Consent).order_by(Consent.id)).all()
    assert [row.is_given for row in rows] == [True, False, True]
    assert rows[1].text_id == rows[0].text_id
    assert rows[2].text_id != rows[0].text_id
    assert {row.source for row in rows[1:]} == {PREFERENCES}
    page = client.get("/compte/donnees").text
    assert page.count("Accepté :") == 2
    assert page.count("Retiré :") == 1


def test_asking_twice_writes_once(client: FlaskClient, session: Session) -> None:
    sign_in_as(client, session, make_member(session, password=None))

    assert [choose(client, one) for one in ("retirer", "accepter", "accepter")] == [303] * 3

    session.rollback()
    assert [row.is_given for row in session.scalars(select(Consent))] == [True]


def test_the_box_of_registration_promises_what_is_true_now(client: FlaskClient) -> None:
    page = client.get("/inscription").text

    assert "par un lien dans chaque message" in page
    assert "dans mes préférences" in page
