"""A person registered and their subscription say the same, whichever side changes."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from inters4.core.access import Viewer
from inters4.core.hooks import hooks
from inters4.core.jobs import jobs
from inters4.core.mail import QueuedMail
from inters4.members.models import ConsentPurpose, Member, MemberState
from inters4.members.queries.consents import newsletter_consent
from inters4.members.services.consents import choose_newsletter, record_consent
from inters4.members.services.erasure import erase_member
from inters4.members.services.own_address import MOVED
from inters4.newsletters.exports.own_subscription import subscription_of
from inters4.newsletters.jobs.joining import join_who_agreed
from inters4.newsletters.models import (
    Newsletter,
    Subscriber,
    SubscriberState,
    SubscriberStep,
    Subscription,
    SubscriptionRequest,
)
from inters4.newsletters.queries.subscribers import members_without_subscription
from inters4.newsletters.services.preferences import leave
from inters4.newsletters.services.subscribing import confirm
from inters4.settings import Settings
from tests.builders.members import make_member
from tests.builders.newsletters import make_newsletter
from tests.builders.sending import make_subscriber
from tests.builders.subscribing import ask, subscribe

S = SubscriberState
LONG_AGO = datetime(2020, 3, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _newsletters(session: Session, settings: Settings) -> Iterator[None]:
    jobs.bind(settings)
    make_newsletter(session)
    make_newsletter(session, "autre")
    yield
    jobs.close()


def _choose(session: Session, member: Member, *, is_wanted: bool) -> None:
    by = Viewer(member_id=member.id)
    choose_newsletter(
        session, is_wanted=is_wanted, text="Je veux.", by=by, source="/compte/preferences"
    )
    session.flush()


def _of(session: Session, member: Member) -> Subscriber | None:
    return session.scalars(select(Subscriber).where(Subscriber.member_id == member.id)).first()


def _stands(found: Subscriber) -> str:
    return found.state.value


def _received(session: Session, found: Subscriber) -> set[str]:
    statement = select(Subscription.newsletter_id).where(
        Subscription.subscriber_id == found.id, Subscription.ended_at.is_(None)
    )
    return set(session.scalars(statement))


def test_who_agrees_in_their_account_receives_every_newsletter_without_a_letter(
    session: Session,
) -> None:
    member = make_member(session, email="membre@exemple.ca", locale="en")

    _choose(session, member, is_wanted=True)

    found = _of(session, member)
    assert found is not None
    assert (found.state, found.address, found.language) == (S.ACTIVE, "membre@exemple.ca", "en")
    assert _received(session, found) == {"en-bref", "autre"}
    assert session.scalar(select(func.count()).select_from(QueuedMail)) == 0
    proofs = session.scalars(select(SubscriberStep.text)).all()
    assert set(proofs) == {"Je veux."}


def test_who_takes_it_back_in_their_account_leaves_and_may_come_back(session: Session) -> None:
    member = make_member(session)
    _choose(session, member, is_wanted=True)

    _choose(session, member, is_wanted=False)
    found = _of(session, member)
    assert found is not None
    assert _stands(found) == S.UNSUBSCRIBED
    assert _received(session, found) == set()

    _choose(session, member, is_wanted=True)
    assert _stands(found) == S.ACTIVE
    assert _received(session, found) == {"en-bref", "autre"}


def test_who_agrees_keeps_what_they_had_chosen_before_having_an_account(session: Session) -> None:
    found = subscribe(session, "avant@exemple.ca")
    member = make_member(session, email="avant@exemple.ca")

    _choose(session, member, is_wanted=True)

    assert found.member_id == member.id
    assert _received(session, found) == {"en-bref"}


@pytest.mark.parametrize("state", [S.BOUNCED, S.COMPLAINED])
def test_an_address_that_came_back_is_asked_to_confirm_even_of_a_member(
    session: Session, state: S
) -> None:
    member = make_member(session, email="membre@exemple.ca")
    found = make_subscriber(session, address="membre@exemple.ca", state=state)

    _choose(session, member, is_wanted=True)
    assert found.state is state
    request = session.scalars(select(SubscriptionRequest)).one()

    confirm(session, request.public_id)
    assert found.state is S.ACTIVE


def test_who_leaves_by_a_link_has_taken_back_the_consent_of_their_account(
    session: Session,
) -> None:
    member = make_member(session, email="membre@exemple.ca")
    found = subscribe(session, "membre@exemple.ca")

    leave(session, found, source="/infolettres/desabonnement")
    held = newsletter_consent(session, member.id)
    assert held is not None
    assert not held.is_given

    assert confirm(session, ask(session, "membre@exemple.ca").public_id) is found
    held = newsletter_consent(session, member.id)
    assert held is not None
    assert held.is_given


def test_a_new_address_of_a_person_is_that_of_their_subscription(session: Session) -> None:
    member = make_member(session, email="avant@exemple.ca")
    found = subscribe(session, "avant@exemple.ca")
    key, member.email = found.key, "apres@exemple.ca"
    session.flush()

    hooks.emit(MOVED, session, former="avant@exemple.ca", email="apres@exemple.ca")

    assert (found.address, found.member_id) == ("apres@exemple.ca", member.id)
    assert found.key > key


def test_two_subscriptions_that_become_one_persons_leave_one(session: Session) -> None:
    member = make_member(session, email="avant@exemple.ca")
    former = subscribe(session, "avant@exemple.ca")
    other = make_subscriber(session, address="apres@exemple.ca", state=S.TO_CONFIRM)
    member.email = "apres@exemple.ca"
    session.flush()

    hooks.emit(MOVED, session, former="avant@exemple.ca", email="apres@exemple.ca")

    assert (former.state, former.address) == (S.ERASED, None)
    assert (other.state, other.member_id) == (S.ACTIVE, member.id)
    held = newsletter_consent(session, member.id)
    assert held is not None
    assert held.is_given


def test_a_person_erased_takes_every_subscription_of_theirs_along(session: Session) -> None:
    member = make_member(session, email="moi@exemple.ca")
    found = subscribe(session, "moi@exemple.ca")
    other = subscribe(session, "autre@exemple.ca")
    session.add(SubscriberStep(subscriber_id=other.id, after=S.ACTIVE, by_id=member.id))
    ask(session, "moi@exemple.ca")
    session.flush()

    erase_member(session, member, keeps_posts=True, by=Viewer(member_id=member.id))
    session.expire_all()

    kept = session.get_one(Subscriber, found.id)
    assert (kept.state, kept.address, kept.member_id) == (S.ERASED, None, None)
    assert session.get_one(Subscriber, other.id).state is S.ACTIVE
    addresses = session.scalars(select(SubscriptionRequest.address)).all()
    assert addresses == ["autre@exemple.ca"]
    by = session.scalars(select(SubscriberStep.by_id)).all()
    assert set(by) == {None}


def test_own_data_tell_the_choices_and_the_words_agreed_to(session: Session) -> None:
    member = make_member(session, email="moi@exemple.ca")
    confirm(session, ask(session, "moi@exemple.ca", themes=["soins"]).public_id)
    subscribe(session, "autre@exemple.ca")

    told: list[Any] = [dict(one) for one in subscription_of(session, member.id)]

    assert told[0]["email"] == "moi@exemple.ca"
    assert told[0]["themes"] == ["soins"]
    assert [one["id"] for one in told[0]["newsletters"]] == ["en-bref"]
    assert {one["text"] for one in told if "step" in one} == {"J’accepte."}
    assert "autre@exemple.ca" not in str(told)


def _agreed_before(session: Session, email: str, *, is_given: bool = True, **values: Any) -> Member:
    """Someone who answered when there was no newsletter: nothing was told to anybody."""
    member = make_member(session, email=email, **values)
    for one in [True, is_given][: 1 if is_given else 2]:
        record_consent(
            session,
            ConsentPurpose.NEWSLETTER,
            email=email,
            text="Les mots lus.",
            locale="fr",
            source="/inscription",
            is_given=one,
            member_id=member.id,
        )
    return member


def test_who_agreed_before_there_was_a_newsletter_is_subscribed_once(session: Session) -> None:
    member = _agreed_before(session, "tot@exemple.ca", locale="en")
    held = newsletter_consent(session, member.id)
    assert held is not None
    held.at = LONG_AGO
    session.commit()

    join_who_agreed()
    join_who_agreed()

    session.expire_all()
    found = _of(session, member)
    assert found is not None
    assert (found.state, found.address, found.language) == (S.ACTIVE, "tot@exemple.ca", "en")
    assert _received(session, found) == {"en-bref", "autre"}
    steps = session.scalars(select(SubscriberStep).order_by(SubscriberStep.id)).all()
    assert [one.after for one in steps] == [S.TO_CONFIRM, S.ACTIVE]
    assert {(one.text, one.source, one.at) for one in steps} == {
        ("Les mots lus.", "/inscription", LONG_AGO)
    }
    assert session.scalar(select(func.count()).select_from(QueuedMail)) == 0


def test_who_withdrew_or_left_or_closed_their_account_is_not_subscribed(session: Session) -> None:
    _agreed_before(session, "repris@exemple.ca", is_given=False)
    _agreed_before(session, "ferme@exemple.ca", state=MemberState.SUSPENDED)
    for state in (S.UNSUBSCRIBED, S.BOUNCED, S.COMPLAINED, S.TO_CONFIRM):
        _agreed_before(session, f"{state}@exemple.ca")
        make_subscriber(session, address=f"{state}@exemple.ca", state=state)
    session.commit()

    join_who_agreed()

    assert members_without_subscription(session) == []
    rows = session.execute(select(Subscriber.address, Subscriber.state))
    assert {f"{row.address}" for row in rows if row.state is S.ACTIVE} == set()
    assert session.scalars(select(SubscriberStep)).all() == []


def test_nobody_is_looked_for_while_there_is_no_newsletter(session: Session) -> None:
    _agreed_before(session, "tot@exemple.ca")
    for newsletter in session.scalars(select(Newsletter)).all():
        session.delete(newsletter)
    session.flush()

    assert members_without_subscription(session) == []
