"""Subscribing and leaving, by the pages: the same answer for all, and nothing done by a GET."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from inters4.core.jobs import jobs
from inters4.core.mail import QueuedMail
from inters4.newsletters.exports.tokens import choices_path, confirm_path, leave_path
from inters4.newsletters.models import (
    Delivery,
    Frequency,
    Issue,
    Subscriber,
    SubscriberState,
    SubscriberStep,
    Subscription,
    SubscriptionRequest,
)
from inters4.newsletters.services import subscribing
from inters4.settings import Settings
from tests.builders.kept import kept
from tests.builders.members import make_member, sign_in_as
from tests.builders.newsletters import make_issue, make_newsletter
from tests.builders.sending import make_subscriber
from tests.builders.web import csrf

FORM = "/infolettres/abonnement"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}
S = SubscriberState


@pytest.fixture(autouse=True)
def _newsletters(session: Session, settings: Settings) -> None:
    def make() -> None:
        make_newsletter(session)
        make_newsletter(session, "autre")
        make_issue(session)

    jobs.bind(settings)
    kept(session, "two newsletters", make)
    session.commit()


def _send(client: FlaskClient, **changes: object) -> TestResponse:
    form = {
        "csrf_token": csrf(client, FORM),
        "courriel": "lectrice@exemple.ca",
        "infolettres": ["en-bref"],
        "frequence": "monthly",
        "langue": "fr",
        "accord": "oui",
    } | changes
    return client.post(FORM, data={name: value for name, value in form.items() if value})


def _subscriber(session: Session, **values: object) -> Subscriber:
    found = make_subscriber(session, **values)  # type: ignore[arg-type]
    session.commit()
    return found


def _state(session: Session) -> str:
    found = session.scalars(select(Subscriber.state)).one().value
    session.rollback()
    return found


def _received(session: Session) -> set[str]:
    statement = select(Subscription.newsletter_id).where(Subscription.ended_at.is_(None))
    found = set(session.scalars(statement))
    session.rollback()
    return found


def test_the_form_is_offered_where_one_reads(client: FlaskClient) -> None:
    for path in ("/infolettres", "/infolettres/en-bref", "/infolettres/en-bref/1"):
        assert f'href="{FORM}' in client.get(path).text
    page = client.get(f"{FORM}?infolettre=autre").text
    assert re.search(r'value="autre" checked', page)
    assert not re.search(r'id="accord"[^>]*checked', page)


def test_a_form_keeps_the_words_the_hour_and_the_network_and_sends_one_letter(
    client: FlaskClient, session: Session
) -> None:
    answer = _send(client)

    assert answer.headers["Location"] == f"{FORM}/merci"
    row = session.scalars(select(SubscriptionRequest)).one()
    assert (row.address, row.frequency, row.source) == (
        "lectrice@exemple.ca",
        Frequency.MONTHLY,
        FORM,
    )
    assert row.text.startswith("J’accepte")
    assert row.text_version
    assert row.network == "127.0.0.0/24"
    assert session.scalar(select(func.count()).select_from(QueuedMail)) == 1


@pytest.mark.parametrize("state", [None, S.ACTIVE, S.UNSUBSCRIBED, S.COMPLAINED, S.BOUNCED])
def test_the_answer_does_not_tell_whether_the_address_is_known(
    client: FlaskClient, session: Session, state: S | None
) -> None:
    if state is not None:
        _subscriber(session, address="lectrice@exemple.ca", state=state)

    answer = _send(client)

    assert (answer.status_code, answer.headers["Location"]) == (303, f"{FORM}/merci")
    assert session.scalar(select(func.count()).select_from(SubscriptionRequest)) == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"courriel": "pas une adresse"}, "courriel"),
        ({"infolettres": ["inconnue"]}, "infolettres"),
        ({"accord": ""}, "accord"),
    ],
)
def test_what_is_wrong_is_told_and_what_was_typed_is_kept(
    client: FlaskClient, session: Session, changes: dict[str, object], field: str
) -> None:
    answer = _send(client, **changes)

    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert re.search(r'id="frequence-monthly"[^>]*checked', answer.text)
    assert session.scalar(select(func.count()).select_from(SubscriptionRequest)) == 0


def test_a_robot_is_answered_as_everyone_and_nothing_is_kept(
    client: FlaskClient, session: Session
) -> None:
    answer = _send(client, site_web="http://exemple.ca")

    assert answer.headers["Location"] == f"{FORM}/merci"
    assert session.scalar(select(func.count()).select_from(SubscriptionRequest)) == 0


def test_a_network_that_floods_waits_and_keeps_what_it_typed(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subscribing, "MOST_FORMS", 1)
    _send(client)

    answer = _send(client, courriel="encore@exemple.ca")

    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert "encore@exemple.ca" in answer.text


def test_following_the_letter_changes_nothing_and_its_button_subscribes(
    client: FlaskClient, session: Session
) -> None:
    _send(client)
    path = confirm_path(session.scalars(select(SubscriptionRequest.public_id)).one())
    session.rollback()

    client.get(path)
    assert _state(session) == S.TO_CONFIRM

    answer = client.post(path, data={"csrf_token": csrf(client, path)}, follow_redirects=True)
    assert "Votre abonnement est confirmé" in answer.text
    assert "/infolettres/preferences/" in answer.text
    assert _state(session) == S.ACTIVE
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", [f"{FORM}/exemple", "/infolettres/preferences/exemple"])
def test_a_link_that_was_not_made_here_says_so(client: FlaskClient, path: str) -> None:
    answer = client.get(path)

    assert answer.status_code == 404
    assert "Ce lien ne sert plus" in answer.text


def test_a_mail_program_leaves_by_a_bare_post_once_or_many_times(
    client: FlaskClient, session: Session
) -> None:
    found = _subscriber(session)
    path = leave_path(found.public_id, "en-bref-1")

    answers = [client.post(path, data=ONE_CLICK).status_code for _ in range(3)]

    assert answers == [200] * 3
    assert _state(session) == S.UNSUBSCRIBED
    assert session.scalar(select(func.count()).select_from(SubscriberStep)) == 1


def test_one_click_leaves_the_newsletter_of_the_issue_and_no_other(
    client: FlaskClient, session: Session
) -> None:
    found = _subscriber(session)
    session.add(Subscription(subscriber_id=found.id, newsletter_id="autre"))
    session.commit()
    path = leave_path(found.public_id, "en-bref-1")

    page = client.post(path, data=ONE_CLICK).text
    assert _received(session) == {"autre"}
    assert "Vous recevez encore une autre infolettre" in page

    client.post(path, data={"portee": "toutes"})
    assert _received(session) == set()
    assert _state(session) == S.UNSUBSCRIBED


def test_a_scanner_that_follows_the_way_out_unsubscribes_nobody(
    client: FlaskClient, session: Session
) -> None:
    found = _subscriber(session)
    path = leave_path(found.public_id, "en-bref-1")

    for method in ("GET", "HEAD", "OPTIONS"):
        assert client.open(path, method=method).status_code == 200
    page = client.get(path)

    assert "Me désabonner" in page.text
    assert str(found.email) not in page.text
    assert _state(session) == S.ACTIVE


def test_a_way_out_that_was_cut_or_made_elsewhere_does_nothing(
    client: FlaskClient, session: Session
) -> None:
    found = _subscriber(session)

    for end in ("exemple", f"{found.public_id}.en-bref-1.AAAA"):
        assert client.post(f"/infolettres/desabonnement/{end}", data=ONE_CLICK).status_code == 404

    assert _state(session) == S.ACTIVE


def test_the_way_out_of_an_erased_address_answers_the_same(
    client: FlaskClient, session: Session
) -> None:
    found = _subscriber(session, state=S.ERASED)

    answer = client.post(leave_path(found.public_id, "en-bref-1"), data=ONE_CLICK)

    assert answer.status_code == 200
    assert "C’est fait" in answer.text


def test_choices_are_changed_by_the_link_of_a_message(
    client: FlaskClient, session: Session
) -> None:
    found = _subscriber(session)
    path = choices_path(found.public_id, key=found.key)

    answer = client.post(
        path,
        data={
            "csrf_token": csrf(client, path),
            "infolettres": ["autre"],
            "frequence": "quarterly",
            "langue": "en",
        },
        follow_redirects=True,
    )

    assert "Vos choix sont enregistrés" in answer.text
    assert _received(session) == {"autre"}
    row = session.execute(select(Subscriber.frequency, Subscriber.language)).one()
    assert tuple(row) == (Frequency.QUARTERLY, "en")


def test_no_newsletter_is_refused_with_what_was_chosen(
    client: FlaskClient, session: Session
) -> None:
    found = _subscriber(session)
    path = choices_path(found.public_id, key=found.key)

    answer = client.post(path, data={"csrf_token": csrf(client, path), "frequence": "monthly"})

    assert answer.status_code == 422
    assert 'href="#infolettres"' in answer.text
    assert re.search(r'id="frequence-monthly"[^>]*checked', answer.text)


@pytest.mark.parametrize(
    ("gesture", "before", "after"),
    [
        ("pause", S.ACTIVE, S.PAUSED),
        ("reprise", S.PAUSED, S.ACTIVE),
        ("depart", S.ACTIVE, S.UNSUBSCRIBED),
        ("depart", S.PAUSED, S.UNSUBSCRIBED),
        ("effacement", S.ACTIVE, S.ERASED),
    ],
)
def test_a_button_of_the_preferences_does_what_it_says(
    client: FlaskClient, session: Session, gesture: str, before: S, after: S
) -> None:
    found = _subscriber(session, state=before)
    path = choices_path(found.public_id, key=found.key)
    data = {"csrf_token": csrf(client, path), "duree": "3"}

    assert client.get(f"{path}/{gesture}").status_code == 405
    assert client.post(f"{path}/{gesture}", data=data).status_code == 303

    assert _state(session) == after


def test_a_gesture_made_after_leaving_elsewhere_is_a_conflict(
    client: FlaskClient, session: Session
) -> None:
    found = _subscriber(session)
    path = choices_path(found.public_id, key=found.key)
    data = {"csrf_token": csrf(client, path), "duree": "3"}
    client.post(leave_path(found.public_id))

    answer = client.post(f"{path}/pause", data=data)

    assert answer.status_code == 409
    assert _state(session) == S.UNSUBSCRIBED


def test_links_sent_before_a_key_was_raised_open_no_choices(
    client: FlaskClient, session: Session
) -> None:
    found = _subscriber(session)
    path = choices_path(found.public_id, key=found.key)
    found.key += 1
    session.commit()

    assert client.get(path).status_code == 404
    assert client.post(leave_path(found.public_id, "en-bref-1")).status_code == 200


def test_the_page_of_choices_shows_only_a_piece_of_the_address(
    client: FlaskClient, session: Session
) -> None:
    found = _subscriber(session, address="lectrice@exemple.ca")

    page = client.get(choices_path(found.public_id, key=found.key)).text

    assert "l…@exemple.ca" in page
    assert "lectrice@exemple.ca" not in page


def test_the_account_leads_to_ones_own_choices(client: FlaskClient, session: Session) -> None:
    member = make_member(session)
    sign_in_as(client, session, member)
    assert client.get("/infolettres/preferences").headers["Location"] == FORM

    found = _subscriber(session, member_id=member.id)
    path = choices_path(found.public_id, key=found.key)
    assert client.get("/infolettres/preferences").headers["Location"] == path


def test_the_link_of_a_message_sent_to_an_address_left_since_shows_no_choices(
    client: FlaskClient, session: Session
) -> None:
    found = _subscriber(session)
    issue = session.scalars(select(Issue)).one()
    session.add(
        Delivery(
            issue_id=issue.id,
            subscriber_id=found.id,
            address=found.address,
            message_id="<un@exemple.ca>",
        )
    )
    session.commit()
    path = leave_path(found.public_id, issue.id)
    assert "/infolettres/preferences/" in client.get(path).text

    found.address, found.key = "nouvelle@exemple.ca", 2
    session.commit()

    assert "/infolettres/preferences/" not in client.get(path).text
    assert "/infolettres/preferences/" not in client.post(path, data=ONE_CLICK).text


def test_the_front_page_offers_to_subscribe(client: FlaskClient) -> None:
    page = client.get("/").text

    assert "Recevoir l’infolettre" in page
    assert f'href="{FORM}"' in page


@pytest.mark.parametrize(
    ("state", "is_offered"),
    [(S.ACTIVE, False), (S.PAUSED, False), (S.UNSUBSCRIBED, True), (S.BOUNCED, True)],
)
def test_the_front_page_offers_it_to_whoever_receives_nothing(
    client: FlaskClient, session: Session, state: SubscriberState, is_offered: bool
) -> None:
    member = make_member(session, password=None)
    _subscriber(session, state=state, member_id=member.id)
    sign_in_as(client, session, member)

    assert (f'href="{FORM}"' in client.get("/").text) is is_offered
