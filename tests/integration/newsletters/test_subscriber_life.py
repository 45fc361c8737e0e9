"""The states of a subscriber: what each move does from each, and the proof that it leaves."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.clock import now
from inters4.core.errors import Conflict
from inters4.newsletters.models import SubscriberState, SubscriberStep
from inters4.newsletters.services import subscriber_life as life
from inters4.newsletters.services.subscriber_life import Move, Proof
from tests.builders.newsletters import make_newsletter
from tests.builders.sending import make_subscriber

S = SubscriberState
NAMES = {
    "w": S.TO_CONFIRM,
    "a": S.ACTIVE,
    "p": S.PAUSED,
    "u": S.UNSUBSCRIBED,
    "b": S.BOUNCED,
    "c": S.COMPLAINED,
    "e": S.ERASED,
}
EXPECTED = {
    # from:        w    a    p    u    b    c    e        - is a refusal
    Move.CONFIRM: "a    a    a    a    a    a    -",
    Move.AGREE: "a    a    a    a    -    -    -",
    Move.DECLARE: "a    a    p    -    -    -    -",
    Move.PAUSE: "-    p    p    -    -    -    -",
    Move.RESUME: "-    a    a    -    -    -    -",
    Move.LEAVE: "u    u    u    u    u    c    e",
    Move.ERASE: "e    e    e    e    e    e    e",
    Move.BOUNCE: "-    b    b    -    -    -    -",
    Move.COMPLAIN: "-    c    c    -    -    -    -",
    Move.FORGIVE: "-    -    -    -    a    -    -",
    Move.FORGIVE_RESTING: "-    -    -    -    p    -    -",
}
CASES = [
    (move, before, NAMES.get(letter))
    for move, line in EXPECTED.items()
    for before, letter in zip(NAMES.values(), line.split(), strict=True)
]


def test_every_move_is_in_the_table() -> None:
    assert set(EXPECTED) == set(Move) == set(life.TABLE)


@pytest.mark.parametrize(("move", "before", "after"), CASES)
def test_a_move_leads_where_the_table_says(
    session: Session, move: Move, before: SubscriberState, after: SubscriberState | None
) -> None:
    make_newsletter(session)
    subscriber = make_subscriber(session, state=before)

    assert life.may(subscriber, move) is (after is not None)
    if after is None:
        with pytest.raises(Conflict):
            life.make(session, subscriber, move)
        assert subscriber.state is before
    else:
        assert life.make(session, subscriber, move) is (after is not before)
        assert subscriber.state is after
    session.flush()
    steps = session.scalars(select(SubscriberStep)).all()
    changed = after is not None and after is not before
    assert [(one.before, one.after) for one in steps] == [(before, after)] * changed


def test_a_step_keeps_the_words_the_place_and_the_network(session: Session) -> None:
    make_newsletter(session)
    subscriber = make_subscriber(session, state=S.TO_CONFIRM)
    proof = Proof(text="J’accepte.", version="1", source="/infolettres", network="192.0.2.0/24")

    life.make(session, subscriber, Move.CONFIRM, proof=proof)
    session.flush()

    step = session.scalars(select(SubscriberStep)).one()
    assert (step.text, step.text_version, step.source, step.network) == (
        "J’accepte.",
        "1",
        "/infolettres",
        "192.0.2.0/24",
    )


def test_a_bounce_that_is_forgiven_gives_its_pause_back(session: Session) -> None:
    make_newsletter(session)
    ends = now() + timedelta(days=20)
    subscriber = make_subscriber(session, state=S.PAUSED, paused_until=ends)

    life.make(session, subscriber, Move.BOUNCE)
    life.make(session, subscriber, Move.FORGIVE_RESTING)

    assert (subscriber.state, subscriber.paused_until) == (S.PAUSED, ends)


def test_an_old_consent_keeps_its_day(session: Session) -> None:
    make_newsletter(session)
    subscriber = make_subscriber(session, state=S.TO_CONFIRM)
    day = now() - timedelta(days=900)

    life.make(session, subscriber, Move.AGREE, proof=Proof(text="Je veux.", at=day))
    session.flush()

    assert session.scalars(select(SubscriberStep.at)).one() == day
