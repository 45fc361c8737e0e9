import sqlite3
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any, NoReturn

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from inters4.core import db
from inters4.core.clock import now
from inters4.core.mail import MailKind, MailState, QueuedMail, enqueue, kinds, send
from inters4.core.mail.compose import Envelope
from inters4.core.mail.contract import (
    RefusedForGood,
    RefusedForNow,
    RelayUnreachable,
    TransportError,
)
from inters4.core.mail.kinds import MailKinds
from inters4.core.mail.queue import (
    RELAY_PATIENCE,
    RETRY_AFTER,
    claim_next,
    erase_member,
    purge_settled,
)
from inters4.core.mail.register import mail_of_member
from inters4.core.mail.send import send_due
from inters4.settings import Settings

READ_MEANWHILE: set[int] = set()
kinds.add(MailKind("test_message"))
kinds.add(
    MailKind(
        "test_notice",
        context=lambda _session, mail: None if mail.member_id in READ_MEANWHILE else {},
    )
)


class Relay:
    """A transport that answers what the test wants."""

    def __init__(self, *answers: TransportError | None) -> None:
        self.taken: list[Envelope] = []
        self._answers = list(answers)

    def send(self, envelope: Envelope) -> None:
        answer = self._answers.pop(0) if self._answers else None
        if answer is not None:
            raise answer
        self.taken.append(envelope)

    def close(self) -> None:
        pass


@pytest.fixture(autouse=True)
def _nothing_was_read(database: str) -> None:
    READ_MEANWHILE.clear()


def queue_one(**changes: Any) -> int:
    values: dict[str, Any] = {
        "kind": "test_message",
        "template": "test_message",
        "recipient": "ada@exemple.ca",
        "locale": "fr",
        "parameters": {"asked_at": "2026-11-21T19:05:00+00:00"},
    }
    with db.writing() as session:
        mail = enqueue(session, **(values | changes))
        session.flush()
        return mail.id


def row(identifier: int) -> QueuedMail:
    with db.reading() as session:
        mail = session.scalars(select(QueuedMail).where(QueuedMail.id == identifier)).one()
        session.expunge(mail)
        return mail


def change(identifier: int, **values: Any) -> None:
    with db.writing() as session:
        session.execute(update(QueuedMail).where(QueuedMail.id == identifier).values(**values))


def test_a_queued_message_is_sent_once(settings: Settings) -> None:
    identifier, relay = queue_one(), Relay()

    assert send_due(settings, transport=relay) == 1
    assert send_due(settings, transport=relay) == 0

    mail = row(identifier)
    assert mail.state is MailState.SENT
    assert mail.sent_at is not None
    assert mail.lease_owner is None
    assert [taken.recipient for taken in relay.taken] == ["ada@exemple.ca"]


def test_a_change_that_is_rolled_back_queues_nothing(settings: Settings) -> None:
    with pytest.raises(ValueError, match="no"), db.writing() as session:
        enqueue(session, kind="test_message", template="x", recipient="a@exemple.ca", locale="fr")
        raise ValueError("no")

    assert send_due(settings, transport=Relay()) == 0


def test_an_unknown_kind_cannot_be_queued() -> None:
    with pytest.raises(LookupError, match="unheard_of"):
        queue_one(kind="unheard_of")


def test_a_message_waits_for_its_time(settings: Settings) -> None:
    queue_one(not_before=now() + timedelta(hours=1))

    assert send_due(settings, transport=Relay()) == 0


def test_a_message_read_meanwhile_is_cancelled(settings: Settings) -> None:
    identifier, relay = queue_one(kind="test_notice", member_id=7), Relay()
    READ_MEANWHILE.add(7)

    send_due(settings, transport=relay)

    assert row(identifier).state is MailState.CANCELLED
    assert relay.taken == []


def test_a_message_speaks_the_language_of_its_recipient(settings: Settings) -> None:
    queue_one(locale="en")
    relay = Relay()

    send_due(settings, transport=relay)

    assert b"Content-Language: en" in relay.taken[0].data


def test_a_message_refused_for_good_fails_at_once(settings: Settings) -> None:
    refused, other = queue_one(), queue_one(recipient="bob@exemple.ca")
    relay = Relay(RefusedForGood("Le relais refuse l’adresse du destinataire (550)."))

    send_due(settings, transport=relay)

    assert row(refused).state is MailState.FAILED
    assert row(refused).last_error == "Le relais refuse l’adresse du destinataire (550)."
    assert row(other).state is MailState.SENT


def test_a_message_refused_for_now_waits_longer_each_time_then_fails(settings: Settings) -> None:
    identifier = queue_one()
    for pause in RETRY_AFTER:
        send_due(settings, transport=Relay(RefusedForNow("450 plus tard")))
        mail = row(identifier)
        assert mail.state is MailState.QUEUED
        assert pause - timedelta(minutes=1) < mail.not_before - now() <= pause
        change(identifier, not_before=now())

    send_due(settings, transport=Relay(RefusedForNow("450 plus tard")))

    assert row(identifier).state is MailState.FAILED
    assert row(identifier).attempts == len(RETRY_AFTER) + 1


def test_each_attempt_carries_the_same_message_id(settings: Settings) -> None:
    identifier = queue_one()
    send_due(settings, transport=Relay(RefusedForNow("450")))
    first = row(identifier).message_id
    change(identifier, not_before=now())
    relay = Relay()

    send_due(settings, transport=relay)

    assert first is not None
    assert relay.taken[0].message_id == first


def test_a_relay_out_of_reach_stops_the_batch_and_costs_no_attempt(settings: Settings) -> None:
    first, second = queue_one(), queue_one()
    relay = Relay(RelayUnreachable("Rien ne répond."), RelayUnreachable("Rien ne répond."))

    assert send_due(settings, transport=relay) == 0

    assert [row(item).state for item in (first, second)] == [MailState.QUEUED] * 2
    assert [row(item).attempts for item in (first, second)] == [0, 0]
    assert row(first).last_error == "Rien ne répond."
    assert row(second).last_error is None


def test_a_relay_out_of_reach_for_days_ends_the_wait(settings: Settings) -> None:
    identifier = queue_one()
    change(identifier, created_at=now() - RELAY_PATIENCE - timedelta(minutes=1))

    send_due(settings, transport=Relay(RelayUnreachable("Rien ne répond.")))

    assert row(identifier).state is MailState.FAILED


def test_a_forged_recipient_fails_with_a_reason(settings: Settings) -> None:
    identifier, relay = queue_one(recipient="ada@exemple.ca\nBcc: tous@exemple.ca"), Relay()

    send_due(settings, transport=relay)

    assert row(identifier).state is MailState.FAILED
    assert "caractère de contrôle" in (row(identifier).last_error or "")
    assert relay.taken == []


@pytest.mark.parametrize("template", ["unheard_of", "test_message"])
def test_a_message_that_cannot_be_written_fails_and_the_next_leaves(
    settings: Settings, template: str
) -> None:
    broken, whole = queue_one(template=template, parameters={}), queue_one()

    send_due(settings, transport=Relay())

    assert row(broken).state is MailState.FAILED
    assert "n’a pas pu être écrit" in (row(broken).last_error or "")
    assert row(whole).state is MailState.SENT


def test_a_message_held_by_a_sender_is_left_alone(settings: Settings) -> None:
    identifier = queue_one()
    with db.writing() as session:
        claim_next(session, owner="another", domain="exemple.ca")

    assert send_due(settings, transport=Relay()) == 0
    assert row(identifier).state is MailState.SENDING


def test_a_message_whose_sender_disappeared_leaves_under_the_same_message_id(
    settings: Settings,
) -> None:
    identifier = queue_one()
    with db.writing() as session:
        claim_next(session, owner="killed", domain="exemple.ca")
    change(identifier, lease_until=now() - timedelta(seconds=1))
    given = row(identifier).message_id
    relay = Relay()

    send_due(settings, transport=relay)

    assert [taken.message_id for taken in relay.taken] == [given]
    assert row(identifier).state is MailState.SENT


def test_a_sender_that_lost_its_lease_changes_nothing(settings: Settings) -> None:
    identifier = queue_one()

    class Slow(Relay):
        def send(self, envelope: Envelope) -> None:
            change(identifier, lease_owner="another")
            super().send(envelope)

    send_due(settings, transport=Slow())

    assert row(identifier).state is MailState.SENDING
    assert row(identifier).lease_owner == "another"


def test_a_message_that_kills_its_senders_is_given_up(settings: Settings) -> None:
    identifier = queue_one()
    change(identifier, attempts=50)

    send_due(settings, transport=Relay())

    assert row(identifier).state is MailState.FAILED


def test_only_one_message_is_held_at_a_time(settings: Settings) -> None:
    queue_one(), queue_one(), queue_one()
    held: list[int] = []

    class Watched(Relay):
        def send(self, envelope: Envelope) -> None:
            with db.reading() as session:
                sending = QueuedMail.state == MailState.SENDING
                held.append(len(session.scalars(select(QueuedMail).where(sending)).all()))
            super().send(envelope)

    send_due(settings, transport=Watched())

    assert held == [1, 1, 1]


def test_a_stop_leaves_the_rest_in_the_queue(settings: Settings) -> None:
    queue_one(), queue_one()
    relay = Relay()

    send_due(settings, transport=relay, is_stopping=lambda: len(relay.taken) == 1)

    assert len(relay.taken) == 1


def test_senders_side_by_side_send_each_message_once(settings: Settings) -> None:
    wanted = {queue_one(recipient=f"p{number}@exemple.ca") for number in range(24)}
    relays = [Relay() for _ in range(4)]
    senders = [
        threading.Thread(target=send_due, args=(settings,), kwargs={"transport": relay})
        for relay in relays
    ]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()

    taken = [envelope.recipient for relay in relays for envelope in relay.taken]
    assert sorted(taken) == sorted(f"p{number}@exemple.ca" for number in range(24))
    assert {row(item).state for item in wanted} == {MailState.SENT}


def test_settled_messages_are_forgotten_and_waiting_ones_are_kept(settings: Settings) -> None:
    sent, waiting = queue_one(), queue_one(not_before=now() + timedelta(days=90))
    send_due(settings, transport=Relay())
    change(sent, settled_at=now() - timedelta(days=31))
    change(waiting, created_at=now() - timedelta(days=60))

    with db.writing() as session:
        assert purge_settled(session, now() - timedelta(days=30)) == 1

    assert row(waiting).state is MailState.QUEUED


@pytest.mark.parametrize("refusal", [None, RefusedForGood("550")])
def test_an_old_message_settled_today_is_kept_from_today(
    settings: Settings, refusal: TransportError | None
) -> None:
    late = queue_one()
    change(late, created_at=now() - timedelta(days=60))
    send_due(settings, transport=Relay(refusal))

    with db.writing() as session:
        assert purge_settled(session, now() - timedelta(days=30)) == 0

    assert row(late).settled_at is not None


def test_a_person_sees_and_takes_away_their_messages(session: Session) -> None:
    queue_one(member_id=7)
    queue_one(member_id=8)

    assert [item["kind"] for item in mail_of_member(session, 7)] == ["test_message"]
    erase_member(session, 7)
    assert list(mail_of_member(session, 7)) == []
    assert len(list(mail_of_member(session, 8))) == 1


def test_two_kinds_cannot_have_one_name() -> None:
    own = MailKinds()
    own.add(MailKind("a"))
    own.add(MailKind("a"))

    with pytest.raises(RuntimeError, match="registered twice"):
        own.add(MailKind("a", context=lambda _session, _mail: None))


class RelayWithoutDatabase(Relay):
    """A transport that takes a message while the database goes away, for a moment."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self._file = file

    def send(self, envelope: Envelope) -> None:
        super().send(envelope)
        away = self._file.rename(self._file.with_name("away.db"))
        threading.Timer(0.5, away.rename, [self._file]).start()


def test_a_message_that_left_is_noted_once_the_database_is_back(
    settings: Settings, file: Path
) -> None:
    identifier, relay = queue_one(), RelayWithoutDatabase(file)

    send_due(settings, transport=relay)

    assert row(identifier).state is MailState.SENT
    assert len(relay.taken) == 1


@pytest.mark.parametrize("words", ["database is locked", "disk I/O error"])
def test_a_message_that_the_database_could_not_fill_leaves_later(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    identifier = queue_one()

    def lost(*_given: object, **_named: object) -> NoReturn:
        raise OperationalError("SELECT", {}, sqlite3.OperationalError(words))

    with monkeypatch.context() as patched:
        patched.setattr(send, "render", lost)
        send_due(settings, transport=Relay())

    assert row(identifier).state is MailState.QUEUED
    change(identifier, not_before=now())
    send_due(settings, transport=Relay())
    assert row(identifier).state is MailState.SENT
