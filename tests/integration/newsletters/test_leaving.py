"""What a subscriber changes by the link of a message, and what leaves with their address."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from inters4.core.clock import now
from inters4.core.errors import Conflict, DomainError
from inters4.core.jobs import jobs
from inters4.members.models import ConsentPurpose, Member
from inters4.members.queries.consents import newsletter_consent
from inters4.members.services.consents import record_consent
from inters4.newsletters.models import (
    Bounce,
    BounceKind,
    Delivery,
    Frequency,
    Subscriber,
    SubscriberState,
    SubscriberStep,
    SubscriberTheme,
    Subscription,
    SubscriptionRequest,
)
from inters4.newsletters.queries.audience import is_written_to
from inters4.newsletters.queries.subscribers import newsletters_received, state_at
from inters4.newsletters.services.preferences import choose, erase, leave, pause, resume
from inters4.newsletters.services.subscribing import Choices
from inters4.settings import Settings
from tests.builders.members import make_member
from tests.builders.newsletters import make_issue, make_newsletter
from tests.builders.sending import make_subscriber

S = SubscriberState
HERE = "/infolettres/preferences"


@pytest.fixture(autouse=True)
def _newsletters(session: Session, settings: Settings) -> Iterator[None]:
    jobs.bind(settings)
    make_newsletter(session)
    make_newsletter(session, "autre")
    yield
    jobs.close()


def _both(session: Session, **values: object) -> Subscriber:
    found = make_subscriber(session, **values)  # type: ignore[arg-type]
    found.subscriptions.append(Subscription(newsletter_id="autre"))
    session.flush()
    return found


def _agreed(session: Session) -> Member:
    member = make_member(session)
    record_consent(
        session,
        ConsentPurpose.NEWSLETTER,
        email=member.email,
        text="Les mots lus.",
        locale="fr",
        source="/inscription",
        is_given=True,
        member_id=member.id,
    )
    return member


def _is_written_to(session: Session, *, in_days: int = 0) -> bool:
    moment = now() + timedelta(days=in_days)
    return bool(session.scalar(select(func.count()).where(is_written_to(moment))))


def test_choices_are_kept_as_they_are_made(session: Session) -> None:
    found = _both(session, themes=["soins"])

    choose(
        session,
        found,
        Choices(
            newsletters=("autre",),
            themes=("services",),
            language="en",
            frequency=Frequency.QUARTERLY,
        ),
    )

    assert newsletters_received(found) == {"autre"}
    assert [one.theme for one in found.themes] == ["services"]
    assert (found.language, found.frequency) == ("en", Frequency.QUARTERLY)


def test_no_newsletter_left_is_leaving_and_is_not_done_by_choosing(session: Session) -> None:
    found = make_subscriber(session)

    with pytest.raises(DomainError):
        choose(session, found, Choices(newsletters=()))

    assert newsletters_received(found) == {"en-bref"}


@pytest.mark.parametrize("state", [S.UNSUBSCRIBED, S.BOUNCED, S.COMPLAINED, S.ERASED])
def test_whoever_left_chooses_nothing_and_rests_nothing(session: Session, state: S) -> None:
    found = make_subscriber(session, state=state)

    with pytest.raises(Conflict):
        choose(session, found, Choices(newsletters=("en-bref",)))
    with pytest.raises(Conflict):
        pause(session, found, months=3, source=HERE)
    with pytest.raises(Conflict):
        resume(session, found, source=HERE)


def test_a_pause_stops_at_once_and_ends_by_itself(session: Session) -> None:
    found = make_subscriber(session)

    pause(session, found, months=1, source=HERE)

    assert not _is_written_to(session)
    assert _is_written_to(session, in_days=31)
    assert state_at(found, now()) is S.PAUSED
    assert state_at(found, now() + timedelta(days=31)) is S.ACTIVE


def test_a_pause_is_ended_by_hand(session: Session) -> None:
    found = make_subscriber(session)
    pause(session, found, months=12, source=HERE)

    resume(session, found, source=HERE)

    assert _is_written_to(session)
    assert found.paused_until is None


@pytest.mark.parametrize("months", [0, -1, 2, 1200])
def test_a_pause_lasts_as_offered(session: Session, months: int) -> None:
    found = make_subscriber(session)

    with pytest.raises(DomainError):
        pause(session, found, months=months, source=HERE)

    assert found.state is S.ACTIVE


def test_one_newsletter_is_left_and_the_others_stay(session: Session) -> None:
    found = _both(session)

    assert leave(session, found, newsletter_id="en-bref", source=HERE)

    assert newsletters_received(found) == {"autre"}
    assert found.state is S.ACTIVE
    step = session.scalars(select(SubscriberStep)).one()
    assert "en-bref" in step.reason


@pytest.mark.parametrize("newsletter", ["", "en-bref"])
def test_leaving_the_last_one_is_leaving_all(session: Session, newsletter: str) -> None:
    found = make_subscriber(session)

    assert leave(session, found, newsletter_id=newsletter, source=HERE)

    assert found.state is S.UNSUBSCRIBED
    assert newsletters_received(found) == frozenset()


def test_leaving_twice_adds_no_step(session: Session) -> None:
    found = _both(session)
    leave(session, found, source=HERE)

    assert not leave(session, found, source=HERE)
    assert not leave(session, found, newsletter_id="en-bref", source=HERE)

    assert session.scalar(select(func.count()).select_from(SubscriberStep)) == 1


@pytest.mark.parametrize("state", list(S))
def test_who_leaves_is_never_refused(session: Session, state: S) -> None:
    found = make_subscriber(session, state=state)

    leave(session, found, source=HERE)

    assert not _is_written_to(session)


def test_whoever_leaves_takes_back_the_consent_of_their_account(session: Session) -> None:
    member = _agreed(session)
    found = _both(session, member_id=member.id)

    leave(session, found, newsletter_id="en-bref", source=HERE)
    held = newsletter_consent(session, member.id)
    assert held is not None
    assert held.is_given

    leave(session, found, source=HERE)
    held = newsletter_consent(session, member.id)
    assert held is not None
    assert (held.is_given, held.text.text, held.source) == (False, "Les mots lus.", HERE)


def test_an_erased_address_leaves_nothing_that_says_whose_it_was(session: Session) -> None:
    member = _agreed(session)
    found = _both(session, address="moi@exemple.ca", member_id=member.id, themes=["soins"])
    issue = make_issue(session)
    delivery = Delivery(
        issue_id=issue.id,
        subscriber_id=found.id,
        address="moi@exemple.ca",
        domain="exemple.ca",
        message_id="<a@exemple.ca>",
    )
    request = SubscriptionRequest(
        email="Moi@exemple.ca",
        address="moi@exemple.ca",
        language="fr",
        frequency=Frequency.EACH,
        themes=[],
        newsletters=[],
        text_version="",
        text="",
        source="",
        network="",
        mark="",
    )
    step = SubscriberStep(subscriber_id=found.id, after=S.ACTIVE, network="192.0.2.0/24")
    session.add_all([delivery, request, step])
    session.flush()
    session.add(
        Bounce(
            delivery_id=delivery.id,
            subscriber_id=found.id,
            kind=BounceKind.SOFT,
            said="<moi@exemple.ca> full",
        )
    )
    session.flush()
    key = found.key

    erase(session, found, source=HERE)
    session.expire_all()

    kept = session.get_one(Subscriber, found.id)
    assert (kept.state, kept.email, kept.address, kept.member_id) == (S.ERASED, None, None, None)
    assert kept.key > key
    for table in (SubscriberTheme, Subscription, SubscriptionRequest):
        assert session.scalar(select(func.count()).select_from(table)) == 0
    assert session.scalars(select(Delivery.address)).one() is None
    assert session.scalars(select(Bounce.said)).one() == ""
    assert set(session.scalars(select(SubscriberStep.network))) == {""}
    held = newsletter_consent(session, member.id)
    assert held is not None
    assert not held.is_given
