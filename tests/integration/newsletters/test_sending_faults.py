"""Relays that fail in the midst of an issue: nobody is left out, written to twice, or blamed."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from inters4.core.clock import now
from inters4.core.db import reading, writing
from inters4.core.jobs import jobs
from inters4.core.mail.compose import Envelope
from inters4.core.mail.smtp import SmtpTransport
from inters4.newsletters.jobs import send_issues
from inters4.newsletters.models import Delivery, DeliveryState, FrozenIssue, Issue, IssueState
from inters4.settings import MailTransport, Settings, SmtpSecurity
from tests.builders.certificates import Authority
from tests.builders.newsletters import make_newsletter
from tests.builders.scripted_relays import CUT, HANG, HOST, Script, ScriptedRelay
from tests.builders.sending import make_sending, make_subscriber

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
READERS = [f"{name}@exemple.ca" for name in ("ada", "bea", "clo")]
OK = "250 oui"
TOGETHER = "250-relais\r\n250 PIPELINING"


class Sending:
    """An issue to three readers, and the relay that it goes through."""

    def __init__(self, relay: ScriptedRelay, settings: Settings) -> None:
        self.relay, self.settings = relay, settings
        with writing() as session:
            make_newsletter(session)
            for address in READERS:
                make_subscriber(session, address=address)
            self.issue_id = make_sending(session, settings=settings).id

    def send(self) -> int:
        """What one run of the sender sends."""
        carrier = SmtpTransport(self.settings, timeout=0.4, last_word=0.4)
        return send_issues(self.settings, transport=carrier)

    def wait(self) -> None:
        """As if hours had passed."""
        with writing() as session:
            session.execute(update(Delivery).values(not_before=now() - timedelta(hours=1)))

    @property
    def deliveries(self) -> list[Delivery]:
        with reading() as session:
            return list(session.scalars(select(Delivery).order_by(Delivery.id)))

    @property
    def received(self) -> Counter[str]:
        """How many messages each reader received."""
        found: Counter[str] = Counter()
        for message in self.relay.messages:
            (to,) = (line for line in message.split(b"\r\n") if line.startswith(b"To: "))
            found[to[4:].decode()] += 1
        return found

    @property
    def is_done(self) -> bool:
        with reading() as session:
            return session.get_one(Issue, self.issue_id).state is IssueState.SENT


@pytest.fixture
def start(settings: Settings, database: str) -> Iterator[Callable[..., Sending]]:
    """Begins to send through a relay that follows a script."""
    started: list[ScriptedRelay] = []

    def begin(script: Script, **changes: object) -> Sending:
        relay = ScriptedRelay(script)
        started.append(relay)
        own = replace(
            settings,
            mail=MailTransport.SMTP,
            mail_from="savoirs@exemple.ca",
            smtp_host=HOST,
            smtp_port=relay.port,
            smtp_security=SmtpSecurity.NONE,
            send_rate=0,
            send_domain_rate=0,
        )
        own = replace(own, **changes)  # type: ignore[arg-type]
        jobs.bind(own)
        return Sending(relay, own)

    yield begin
    jobs.close()
    for relay in started:
        relay.stop()


@pytest.mark.parametrize("ehlo", ["250 relais", TOGETHER], ids=["in turn", "at once"])
@pytest.mark.parametrize(
    "script",
    [
        {"MAIL": [OK, CUT, OK]},
        {"RCPT": [OK, CUT, OK]},
        {"DATA": ["354 allez", CUT, "354 allez"]},
        {"MAIL": [OK, "421 assez", OK]},
    ],
    ids=["cut at the sender", "cut at the reader", "cut before the message", "421"],
)
def test_a_connection_that_ends_before_a_message_costs_nothing(
    start: Callable[..., Sending], script: Script, ehlo: str
) -> None:
    sending = start({"EHLO": ehlo, **script})

    assert sending.send() == 3

    assert sending.received == dict.fromkeys(READERS, 1)
    assert sending.relay.connections == 2
    assert {one.attempts for one in sending.deliveries} == {1}
    assert {one.uncertain for one in sending.deliveries} == {0}
    assert sending.is_done


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA"])
def test_a_relay_that_hangs_before_a_message_costs_no_attempt(
    start: Callable[..., Sending], verb: str
) -> None:
    usual = "354 allez" if verb == "DATA" else OK
    sending = start({verb: [usual, HANG, usual]})

    assert sending.send() == 1
    held = sending.deliveries[1]
    assert (held.state, held.attempts, held.uncertain) == (DeliveryState.DEFERRED, 0, 0)
    assert "ne répond pas" in held.last_error
    sending.wait()
    assert sending.send() == 2

    assert sending.received == dict.fromkeys(READERS, 1)
    with reading() as session:
        assert session.get_one(FrozenIssue, sending.issue_id).troubles == 0


def test_who_is_greylisted_receives_the_message_later_under_the_same_name(
    start: Callable[..., Sending],
) -> None:
    sending = start({"RCPT": ["451 4.7.1 liste grise", OK]})
    named = {one.address: one.message_id for one in sending.deliveries}

    assert sending.send() == 2
    assert not sending.is_done
    assert sending.send() == 0
    sending.wait()
    assert sending.send() == 1

    assert sending.received == dict.fromkeys(READERS, 1)
    assert {one.address: one.message_id for one in sending.deliveries} == named
    assert [one.attempts for one in sending.deliveries] == [2, 1, 1]
    assert sending.is_done


def test_a_message_cut_once_it_was_given_is_uncertain_and_the_others_leave(
    start: Callable[..., Sending],
) -> None:
    sending = start({"message": [OK, CUT, OK]})

    assert sending.send() == 2
    doubtful = sending.deliveries[1]
    assert (doubtful.state, doubtful.uncertain) == (DeliveryState.DEFERRED, 1)
    sending.wait()
    assert sending.send() == 1

    assert sending.received == {READERS[0]: 1, READERS[1]: 2, READERS[2]: 1}
    assert sending.deliveries[1].uncertain == 1


@pytest.mark.parametrize("answer", ["454 4.7.0 plus de TLS", "220 allez"])
def test_a_protection_that_fails_lets_nothing_leave_in_clear(
    start: Callable[..., Sending], tmp_path: Path, answer: str
) -> None:
    authority = Authority.made(tmp_path)
    sending = start(
        {
            "EHLO": "250-relais\r\n250 STARTTLS",
            "STARTTLS": ["220 allez", answer, "220 allez"],
            "RCPT": [OK, CUT, OK],
        },
        smtp_security=SmtpSecurity.STARTTLS,
        smtp_ca=authority.file,
    )
    relay = sending.relay
    relay.tls = authority.context()
    if answer.startswith("220"):  # it agrees, then does not know how
        relay.forget_tls_at = 2

    assert sending.send() == 1
    held = sending.deliveries[1]
    assert (held.state, held.attempts, held.uncertain) == (DeliveryState.DEFERRED, 0, 0)
    assert len(relay.messages) == 1
    sending.wait()
    assert sending.send() == 2

    assert sending.received == dict.fromkeys(READERS, 1)
    assert relay.connections == 3
    assert sending.is_done


class _WithoutDatabase(SmtpTransport):
    """Hands a message over while the database goes away, for a moment."""

    file: Path

    def send(self, envelope: Envelope) -> None:
        super().send(envelope)
        away = self.file.rename(self.file.with_name("away.db"))
        threading.Timer(0.5, away.rename, [self.file]).start()


def test_messages_that_left_while_the_database_was_away_are_noted(
    start: Callable[..., Sending], file: Path
) -> None:
    sending = start({})
    carrier = _WithoutDatabase(sending.settings, timeout=0.4, last_word=0.4)
    carrier.file = file

    assert send_issues(sending.settings, transport=carrier) == len(READERS)

    assert {delivery.state for delivery in sending.deliveries} == {DeliveryState.SENT}
    assert sending.received == Counter(READERS)
