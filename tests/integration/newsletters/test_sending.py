"""An issue is sent once to each, whatever the relay, the database and people do meanwhile."""

import email
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from email import policy
from email.message import EmailMessage

import pytest
from sqlalchemy import func, select, update

from inters4.core.access import Role
from inters4.core.clock import now
from inters4.core.db import reading, writing
from inters4.core.installation import name_installation
from inters4.core.jobs import jobs
from inters4.core.mail.compose import Envelope
from inters4.core.mail.smtp import SmtpTransport
from inters4.newsletters.jobs import send_issues
from inters4.newsletters.models import (
    Bounce,
    BounceKind,
    Delivery,
    DeliveryState,
    FrozenIssue,
    Issue,
    IssueState,
    Subscriber,
    SubscriberState,
    SubscriberStep,
)
from inters4.newsletters.services.claiming import RETRY_AFTER, Outcome, claim_next, settle
from inters4.newsletters.services.pausing import pause_sending, resume_sending, stop_sending
from inters4.newsletters.services.suppressing import suppress_ended
from inters4.settings import Settings
from tests.builders.members import make_viewer
from tests.builders.newsletters import make_newsletter
from tests.builders.relays import TAKEN, Relay
from tests.builders.sending import make_sending, make_subscriber

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
ADA, BEA, CLO = (f"{name}@exemple.ca" for name in ("ada", "bea", "clo"))


@pytest.fixture
def relay() -> Iterator[Relay]:
    started = Relay().start()
    yield started
    started.stop()


@pytest.fixture
def own(relay: Relay, settings: Settings, database: str) -> Iterator[Settings]:
    """Settings that send through the relay."""
    made = relay.settings(settings)
    jobs.bind(made)
    yield made
    jobs.close()


@pytest.fixture
def started(own: Settings) -> Callable[..., str]:
    """Makes an issue that is being sent to these addresses; its id."""

    def start(*addresses: str) -> str:
        with writing() as session:
            make_newsletter(session)
            for address in addresses:
                make_subscriber(session, address=address)
            return make_sending(session, settings=own).id

    return start


def states() -> dict[str, str]:
    with reading() as session:
        rows = session.execute(select(Delivery.address, Delivery.state)).all()
        return {row.address: row.state.value for row in rows}


def delivery(address: str) -> Delivery:
    with reading() as session:
        return session.scalars(select(Delivery).where(Delivery.address == address)).one()


def issue_state() -> IssueState:
    with reading() as session:
        return session.scalars(select(Issue.state)).one()


def make_due() -> None:
    """As if the time before the next attempt had passed, and leases had ended."""
    with writing() as session:
        past = now() - timedelta(hours=1)
        session.execute(update(Delivery).values(not_before=past))
        session.execute(
            update(Delivery).where(Delivery.lease_until.is_not(None)).values(lease_until=past)
        )


def read(data: bytes) -> EmailMessage:
    return email.message_from_bytes(data, policy=policy.default)


def test_each_subscriber_receives_the_issue_once(
    relay: Relay, own: Settings, started: Callable[..., str]
) -> None:
    started(ADA, BEA, CLO)

    assert send_issues(own) == 3
    assert send_issues(own) == 0

    assert relay.taken == {ADA: 1, BEA: 1, CLO: 1}
    assert states() == dict.fromkeys((ADA, BEA, CLO), "sent")
    assert issue_state() is IssueState.SENT
    assert relay.connections == 1


def test_a_message_says_how_to_leave_and_where_it_comes_from(
    relay: Relay, own: Settings, started: Callable[..., str]
) -> None:
    started(ADA)

    send_issues(own)

    message = read(relay.messages[0])
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    https, mail = (one.strip(" <>") for one in str(message["List-Unsubscribe"]).split(","))
    assert https.startswith(f"{own.url}/infolettres/desabonnement/")
    assert mail == "mailto:courtage@exemple.ca?subject=desabonnement"
    assert message["List-Id"] == "<en-bref.infolettres.exemple.ca>"
    assert message["Reply-To"] == "courtage@exemple.ca"
    assert message["From"] == "Courtage de connaissances <savoirs@exemple.ca>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"] == delivery(ADA).message_id
    assert message["Content-Language"] == "fr"
    body = message.get_body(("html",))
    assert body is not None
    assert https in body.get_content()
    assert f"{own.url}/infolettres/lien/en-bref-1.0." in body.get_content()


def test_a_message_comes_back_to_an_address_that_names_it(
    relay: Relay, own: Settings, started: Callable[..., str]
) -> None:
    started(ADA)
    object.__setattr__(own, "returns", "retours@exemple.ca")

    send_issues(own)

    assert relay.senders[0].startswith("retours+")
    assert f"<mailto:{relay.senders[0]}?subject" in str(read(relay.messages[0])["List-Unsubscribe"])


@pytest.mark.parametrize(
    "case",
    [
        ("550 5.1.1 inconnue", "bounced", BounceKind.HARD, SubscriberState.BOUNCED),
        ("550 inconnue", "bounced", BounceKind.HARD, SubscriberState.BOUNCED),
        ("552 5.2.2 pleine", "bounced", BounceKind.SOFT, SubscriberState.ACTIVE),
        ("550 5.7.1 refus de relayer", "failed", None, SubscriberState.ACTIVE),
        ("550 5.1.8 domaine de l’expéditeur inconnu", "failed", None, SubscriberState.ACTIVE),
        ("553 5.1.7 adresse d’expédition mal écrite", "failed", None, SubscriberState.ACTIVE),
    ],
)
def test_an_address_refused_for_good_stops_nobody_else(
    relay: Relay,
    own: Settings,
    started: Callable[..., str],
    case: tuple[str, str, BounceKind | None, SubscriberState],
) -> None:
    refusal, state, kind, after = case
    started(ADA, BEA, CLO)
    relay.to_recipient[BEA] = refusal

    assert send_issues(own) == 2

    assert states() == {ADA: "sent", BEA: state, CLO: "sent"}
    with reading() as session:
        assert session.scalars(select(Bounce.kind)).all() == ([kind] if kind else [])
        bea = session.scalars(select(Subscriber).where(Subscriber.address == BEA)).one()
        assert bea.state is after
        steps = session.scalars(select(SubscriberStep.after)).all()
        assert steps == ([after] if after is SubscriberState.BOUNCED else [])
    assert issue_state() is IssueState.SENT


def test_a_relay_that_says_later_is_asked_again_later_each_time_then_no_more(
    relay: Relay, own: Settings, started: Callable[..., str]
) -> None:
    started(ADA, BEA)
    relay.to_recipient[BEA] = "451 4.7.1 plus tard"

    for wait in RETRY_AFTER:
        before = now()
        send_issues(own)
        row = delivery(BEA)
        assert row.state is DeliveryState.DEFERRED
        assert before + wait <= row.not_before <= now() + wait
        assert "451 4.7.1 plus tard" in row.last_error
        assert send_issues(own) == 0
        assert issue_state() is IssueState.SENDING
        make_due()
    send_issues(own)

    assert states() == {ADA: "sent", BEA: "failed"}
    assert issue_state() is IssueState.SENT
    with reading() as session:
        assert session.scalars(select(Bounce.kind)).all() == [BounceKind.SOFT]


@pytest.mark.parametrize("answer", ["451 4.3.0 plus tard", "421 4.7.0 trop de messages"])
def test_a_message_refused_for_now_leaves_once_it_is_taken(
    relay: Relay, own: Settings, started: Callable[..., str], answer: str
) -> None:
    started(ADA, BEA)
    relay.to_message[ADA] = [answer, TAKEN]

    assert send_issues(own) == 1
    make_due()
    assert send_issues(own) == 1

    assert relay.taken == {ADA: 1, BEA: 1}
    assert delivery(ADA).attempts == 2


@pytest.mark.parametrize(
    ("refusal", "counted"),
    [
        ("550 5.1.10 inconnue", (BounceKind.HARD, SubscriberState.BOUNCED)),
        ("552 5.2.2 boîte pleine", (BounceKind.SOFT, SubscriberState.ACTIVE)),
    ],
)
def test_an_address_refused_once_the_message_is_given_came_back(
    relay: Relay,
    own: Settings,
    started: Callable[..., str],
    refusal: str,
    counted: tuple[BounceKind, SubscriberState],
) -> None:
    kind, after = counted
    started(ADA)
    relay.to_message[ADA] = [refusal]

    send_issues(own)

    assert states() == {ADA: "bounced"}
    with reading() as session:
        assert session.scalars(select(Bounce.kind)).all() == [kind]
        assert session.scalars(select(Subscriber.state)).one() is after


@pytest.mark.parametrize("refusal", ["554 5.6.0 contenu refusé", "554 contenu refusé"])
def test_a_message_refused_for_what_it_says_fails(
    relay: Relay, own: Settings, started: Callable[..., str], refusal: str
) -> None:
    started(ADA)
    relay.to_message[ADA] = [refusal]

    assert send_issues(own) == 0

    assert states() == {ADA: "failed"}
    with reading() as session:
        assert session.scalars(select(Subscriber.state)).one() is SubscriberState.ACTIVE


@pytest.mark.parametrize("how", ["cut", "silent"])
def test_a_relay_that_goes_silent_after_the_message_makes_it_uncertain(
    relay: Relay, own: Settings, started: Callable[..., str], how: str
) -> None:
    started(ADA)
    getattr(relay, how).add(ADA)
    carrier = SmtpTransport(own, timeout=2, last_word=0.2)

    assert send_issues(own, transport=carrier) == 0

    row = delivery(ADA)
    assert (row.state, row.uncertain, row.attempts) == (DeliveryState.DEFERRED, 1, 1)
    relay.silent.clear()
    make_due()
    assert send_issues(own) == 1
    assert {read(one)["Message-ID"] for one in relay.messages} == {row.message_id}
    assert delivery(ADA).uncertain == 1


def test_a_relay_out_of_reach_costs_no_attempt_and_stops_the_sending_after_a_while(
    relay: Relay, own: Settings, started: Callable[..., str]
) -> None:
    issue_id = started(ADA, BEA)
    relay.stop()

    for _run in range(5):
        assert issue_state() is IssueState.SENDING
        assert send_issues(own) == 0
        make_due()

    assert issue_state() is IssueState.PAUSED
    assert {delivery(ADA).attempts, delivery(BEA).attempts} == {0}
    with reading() as session:
        frozen = session.get_one(FrozenIssue, issue_id)
        assert (frozen.paused_for, frozen.troubles) == ("relay", 5)


def test_what_breaks_while_a_message_leaves_stops_the_sending_and_loses_nobody(
    own: Settings, started: Callable[..., str]
) -> None:
    class Broken:
        """A transport that fails as nobody foresaw."""

        def send(self, _envelope: Envelope) -> None:
            raise LookupError("imprévu")

        def close(self) -> None:
            """Nothing is open."""

    started(ADA, BEA)

    for _time in range(6):
        send_issues(own, transport=Broken())
        make_due()

    assert set(states().values()) == {"deferred"}
    assert issue_state() is IssueState.PAUSED


def test_a_sending_that_is_refused_everywhere_stops_by_itself(
    relay: Relay, own: Settings, started: Callable[..., str]
) -> None:
    issue_id = started(*(f"p{number}@exemple.ca" for number in range(60)))
    relay.to_recipient["*"] = "450 4.2.0 plus tard"

    assert send_issues(own) == 0

    assert issue_state() is IssueState.PAUSED
    assert list(states().values()).count("deferred") == 5
    assert list(states().values()).count("queued") == 55
    with reading() as session:
        assert session.get_one(FrozenIssue, issue_id).paused_for == "refusals"
    assert send_issues(own) == 0


@pytest.mark.parametrize("refusal", ["550 relaying denied", "550 5.1.1 inconnu"])
def test_a_relay_that_refuses_everyone_costs_nobody_their_subscription(
    relay: Relay, own: Settings, started: Callable[..., str], refusal: str
) -> None:
    issue_id = started(*(f"p{number}@exemple.ca" for number in range(12)))
    relay.to_recipient["*"] = refusal
    assert send_issues(own) == 0
    assert issue_state() is IssueState.PAUSED
    assert set(states().values()) == {"queued"}

    relay.to_recipient.clear()
    with writing() as session:
        broker = make_viewer(session, role=Role.BROKER)
        resume_sending(session, session.get_one(Issue, issue_id), by=broker)

    assert send_issues(own) == 12
    assert set(states().values()) == {"sent"}
    with reading() as session:
        assert set(session.scalars(select(Subscriber.state))) == {SubscriberState.ACTIVE}
        assert session.scalar(select(func.count()).select_from(Bounce)) == 0


def test_whoever_unsubscribes_while_it_is_sent_receives_nothing(
    relay: Relay, own: Settings, started: Callable[..., str]
) -> None:
    started(ADA, BEA, CLO)

    def leave(address: str) -> None:
        """While the first message is examined, the last reader leaves."""
        if address == ADA:
            with writing() as session:
                clo = session.scalars(select(Subscriber).where(Subscriber.address == CLO)).one()
                clo.state = SubscriberState.UNSUBSCRIBED

    relay.on_message = leave

    assert send_issues(own) == 2

    assert states() == {ADA: "sent", BEA: "sent", CLO: "suppressed"}
    assert relay.taken == {ADA: 1, BEA: 1}
    assert issue_state() is IssueState.SENT


def test_whoever_left_before_their_turn_is_set_aside(
    relay: Relay, own: Settings, started: Callable[..., str]
) -> None:
    started(ADA, BEA)
    with writing() as session:
        ada = session.scalars(select(Subscriber).where(Subscriber.address == ADA)).one()
        ada.state = SubscriberState.UNSUBSCRIBED

    assert send_issues(own) == 1

    assert states() == {ADA: "suppressed", BEA: "sent"}
    assert relay.taken == {BEA: 1}


def test_what_a_dead_sender_held_leaves_again_under_its_name_and_is_told(
    relay: Relay, own: Settings, started: Callable[..., str]
) -> None:
    started(ADA, BEA)
    with writing() as session:
        session.execute(
            update(Delivery)
            .where(Delivery.address == ADA)
            .values(
                state=DeliveryState.SENDING,
                lease_owner="gone",
                lease_until=now() + timedelta(minutes=5),
                attempts=1,
            )
        )

    assert send_issues(own) == 1
    assert issue_state() is IssueState.SENDING
    make_due()
    assert send_issues(own) == 1

    row = delivery(ADA)
    assert (row.state, row.attempts, row.uncertain) == (DeliveryState.SENT, 2, 1)
    assert read(relay.messages[-1])["Message-ID"] == row.message_id


def test_a_message_lost_too_often_is_given_up(
    relay: Relay, own: Settings, started: Callable[..., str]
) -> None:
    started(ADA)
    with writing() as session:
        session.execute(update(Delivery).values(uncertain=9))

    assert send_issues(own) == 0

    assert states() == {ADA: "failed"}
    assert relay.taken == {}


def test_two_senders_on_one_database_write_to_nobody_twice(
    relay: Relay, own: Settings, started: Callable[..., str]
) -> None:
    addresses = [f"p{number}@exemple.ca" for number in range(40)]
    started(*addresses)
    sent: list[int] = []
    senders = [threading.Thread(target=lambda: sent.append(send_issues(own))) for _ in range(2)]

    for one in senders:
        one.start()
    for one in senders:
        one.join(60)

    assert sum(sent) == 40
    assert relay.taken == dict.fromkeys(addresses, 1)
    assert issue_state() is IssueState.SENT


def test_a_database_put_back_during_a_sending_sends_nothing_by_itself(
    relay: Relay, own: Settings, started: Callable[..., str]
) -> None:
    issue_id = started(ADA)
    with writing() as session:
        name_installation(session).instance = "another"

    assert send_issues(own) == 0

    assert issue_state() is IssueState.PAUSED
    with reading() as session:
        assert session.get_one(FrozenIssue, issue_id).paused_for == "instance"
        assert session.scalar(select(func.count()).where(Delivery.attempts > 0)) == 0
    assert relay.taken == {}


def test_a_sender_that_is_stopped_leaves_the_rest_for_later(
    relay: Relay, own: Settings, started: Callable[..., str]
) -> None:
    started(ADA, BEA)

    assert send_issues(own, is_stopping=lambda: bool(relay.taken)) == 1
    assert issue_state() is IssueState.SENDING
    assert send_issues(own) == 1

    assert relay.taken == {ADA: 1, BEA: 1}


@pytest.mark.parametrize("is_back", [True, False])
def test_what_was_in_hand_when_a_sending_was_ended_does_not_wait_for_ever(
    own: Settings, started: Callable[..., str], *, is_back: bool
) -> None:
    issue_id = started(ADA, BEA)
    with writing() as session:
        claim = claim_next(session, issue_id, owner="mort")
        broker = make_viewer(session, role=Role.BROKER)
        pause_sending(session, session.get_one(Issue, issue_id), by=broker)
        stop_sending(session, session.get_one(Issue, issue_id), by=broker)
    assert claim is not None

    with writing() as session:
        if is_back:
            settle(session, claim, Outcome(DeliveryState.DEFERRED, "plus tard"))
        assert suppress_ended(session) == 0
    make_due()
    with writing() as session:
        assert suppress_ended(session) == (0 if is_back else 1)

    assert set(states().values()) == {"suppressed"}
    assert delivery(claim.address).uncertain == (0 if is_back else 1)
