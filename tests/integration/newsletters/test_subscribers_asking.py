"""Subscribing: nothing before the button, the same work for everyone, and the proof that stays."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from inters4.core.clock import now
from inters4.core.errors import NotFound, TooMany
from inters4.core.jobs import jobs
from inters4.core.mail import QueuedMail
from inters4.core.mail.render import render
from inters4.members.models import MemberState
from inters4.members.queries.consents import newsletter_consent
from inters4.newsletters.models import (
    Frequency,
    Subscriber,
    SubscriberState,
    SubscriberStep,
    SubscriptionRequest,
)
from inters4.newsletters.queries.subscribers import newsletters_received
from inters4.newsletters.services import subscribing
from inters4.newsletters.services.subscribing import confirm, purge_requests
from inters4.settings import Settings
from tests.builders.members import make_member
from tests.builders.newsletters import make_newsletter
from tests.builders.sending import make_subscriber
from tests.builders.statements import statements
from tests.builders.subscribing import ask, letter_of, subscribe

S = SubscriberState


@pytest.fixture(autouse=True)
def _newsletters(session: Session, settings: Settings) -> Iterator[None]:
    jobs.bind(settings)
    make_newsletter(session)
    make_newsletter(session, "autre")
    yield
    jobs.close()


def _one(session: Session) -> Subscriber:
    loaded = selectinload(Subscriber.themes), selectinload(Subscriber.subscriptions)
    return session.scalars(select(Subscriber).options(*loaded)).one()


def test_nothing_is_sent_before_the_address_is_confirmed(session: Session) -> None:
    ask(session, " Lectrice@Exemple.ca ")

    found = _one(session)
    assert (found.state, found.address, found.confirmed_at) == (
        S.TO_CONFIRM,
        "lectrice@exemple.ca",
        None,
    )


def test_the_button_of_the_letter_subscribes_as_the_form_says(session: Session) -> None:
    row = ask(
        session, themes=["soins", "services"], newsletters=["autre"], frequency=Frequency.MONTHLY
    )
    confirm(session, row.public_id)

    found = _one(session)
    assert found.state is S.ACTIVE
    assert found.confirmed_at is not None
    assert {one.theme for one in found.themes} == {"soins", "services"}
    assert newsletters_received(found) == {"autre"}
    assert found.frequency is Frequency.MONTHLY


def test_the_proof_has_the_words_their_version_the_hour_the_page_and_the_network(
    session: Session,
) -> None:
    subscribe(session)

    asked, confirmed = session.scalars(select(SubscriberStep).order_by(SubscriberStep.id))
    assert (asked.before, asked.after, confirmed.after) == (None, S.TO_CONFIRM, S.ACTIVE)
    for step in (asked, confirmed):
        assert (step.text, step.text_version) == ("J’accepte.", "1")
        assert (step.source, step.network) == ("/infolettres/abonnement", "192.0.2.0/24")
        assert step.at <= now()


def test_the_button_pressed_twice_does_nothing_more(session: Session) -> None:
    row = ask(session)
    confirm(session, row.public_id)
    session.flush()
    before = session.scalar(select(func.count()).select_from(SubscriberStep))

    confirm(session, row.public_id)

    assert session.scalar(select(func.count()).select_from(SubscriberStep)) == before


def test_an_old_letter_does_not_bring_back_whoever_left_since(session: Session) -> None:
    row = ask(session)
    found = confirm(session, row.public_id)
    assert found is not None
    found.state = S.UNSUBSCRIBED
    session.flush()

    confirm(session, row.public_id)

    assert _one(session).state is S.UNSUBSCRIBED


def test_a_letter_too_old_says_so(session: Session) -> None:
    with pytest.raises(NotFound):
        confirm(session, "inconnue")


@pytest.mark.parametrize("state", [one for one in S if one is not S.ERASED])
def test_a_form_changes_nothing_of_an_address_that_is_known(session: Session, state: S) -> None:
    held = make_subscriber(session, address="connue@exemple.ca", state=state, themes=["soins"])

    ask(session, "connue@exemple.ca", themes=["services"], newsletters=["autre"])
    session.expire_all()

    found = session.get_one(Subscriber, held.id)
    assert found.state is state
    assert session.scalar(select(func.count()).select_from(SubscriberStep)) == 0


@pytest.mark.parametrize("state", [S.UNSUBSCRIBED, S.BOUNCED, S.COMPLAINED, S.TO_CONFIRM])
def test_an_address_that_left_comes_back_by_a_new_confirmation(session: Session, state: S) -> None:
    make_subscriber(session, address="revenante@exemple.ca", state=state)

    row = ask(session, "revenante@exemple.ca", newsletters=["autre"])
    facts = letter_of(session, row)
    found = confirm(session, row.public_id)

    assert facts is not None
    assert facts["is_known"] is False
    assert found is not None
    assert found.state is S.ACTIVE
    assert newsletters_received(found) == {"autre"}


@pytest.mark.parametrize("state", [S.ACTIVE, S.PAUSED])
def test_whoever_receives_it_already_is_told_so_by_the_letter_alone(
    session: Session, state: S
) -> None:
    make_subscriber(session, address="connue@exemple.ca", state=state)

    facts = letter_of(session, ask(session, "connue@exemple.ca"))

    assert facts is not None
    assert facts["is_known"] is True
    assert "/infolettres/preferences/" in str(facts["path"])
    assert facts["is_resting"] is (state is S.PAUSED)


def test_whoever_rests_is_told_until_when(session: Session, settings: Settings) -> None:
    ends = datetime(2090, 3, 2, 15, tzinfo=UTC)
    make_subscriber(session, address="pause@exemple.ca", state=S.PAUSED, paused_until=ends)

    facts = letter_of(session, ask(session, "pause@exemple.ca"))

    assert facts is not None
    letter = render("newsletter_subscription", facts, settings=settings)
    assert letter.subject == "Votre abonnement est en pause"
    for said in (letter.text, letter.html):
        assert "En pause jusqu’au 2 mars 2090." in " ".join(said.split())
        assert "déjà" not in said


def test_a_known_address_asks_as_much_of_the_database_as_a_new_letter(session: Session) -> None:
    make_subscriber(session, address="connue@exemple.ca")
    ask(session, "ailleurs@exemple.ca")

    with statements() as known:
        ask(session, "connue@exemple.ca")
    with statements() as waiting:
        ask(session, "ailleurs@exemple.ca")

    letters = session.scalars(select(QueuedMail.recipient).order_by(QueuedMail.id)).all()
    assert letters == ["ailleurs@exemple.ca", "connue@exemple.ca", "ailleurs@exemple.ca"]
    assert len(known) == len(waiting)


def test_three_letters_a_day_reach_an_address_whoever_fills_the_form(session: Session) -> None:
    rows = [ask(session, mark=f"réseau {number}") for number in range(5)]

    assert [letter_of(session, row) is not None for row in rows] == [True] * 3 + [False] * 2


def test_a_network_that_floods_is_refused_and_its_neighbour_is_not(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subscribing, "MOST_FORMS", 3)
    for number in range(3):
        ask(session, f"{number}@exemple.ca")

    with pytest.raises(TooMany) as refusal:
        ask(session, "encore@exemple.ca")
    ask(session, "voisine@exemple.ca", mark="autre réseau")

    assert 0 < refusal.value.retry_after <= 3601


def test_forms_and_who_never_confirmed_are_forgotten(session: Session) -> None:
    long_ago = now() - timedelta(days=15)
    old = ask(session, "oubliée@exemple.ca")
    subscribe(session, "abonnée@exemple.ca")
    ask(session, "recente@exemple.ca")
    old.created_at = long_ago
    for one in session.scalars(select(Subscriber)):
        one.created_at = long_ago
    session.flush()

    assert purge_requests(session, now() - timedelta(days=14)) == 1

    kept = session.scalars(select(Subscriber.address).order_by(Subscriber.address)).all()
    assert kept == ["abonnée@exemple.ca", "recente@exemple.ca"]
    assert session.scalar(select(func.count()).select_from(SubscriptionRequest)) == 2


def test_whoever_has_an_account_and_subscribes_agreed_in_its_journal_too(session: Session) -> None:
    member = make_member(session, email="lectrice@exemple.ca")
    stranger = make_member(session, email="attente@exemple.ca", state=MemberState.SUSPENDED)

    found = subscribe(session)
    subscribe(session, "attente@exemple.ca")

    held = newsletter_consent(session, member.id)
    assert found.member_id == member.id
    assert held is not None
    assert (held.is_given, held.text.text, held.source) == (
        True,
        "J’accepte.",
        "/infolettres/abonnement",
    )
    assert newsletter_consent(session, stranger.id) is None
