"""What comes back: only a message that was sent from here says whom to leave."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.cli.root import make_root
from inters4.core.clock import now
from inters4.core.jobs import jobs
from inters4.newsletters.cli import newsletters
from inters4.newsletters.exports.tokens import return_address
from inters4.newsletters.models import (
    Bounce,
    BounceKind,
    Delivery,
    DeliveryState,
    Subscriber,
    SubscriberState,
    SubscriberStep,
)
from inters4.newsletters.services.bouncing import kind_of, note_bounce
from inters4.newsletters.services.returns import Ending, take_back
from inters4.settings import Settings
from tests.builders.newsletters import make_newsletter
from tests.builders.sending import make_ready, make_sending, make_subscriber

ADA, BEA = "ada@exemple.ca", "bea@exemple.ca"
BOX = "retours@exemple.invalid"

# As a common mail server writes it: folded fields, an envelope repeated, the message's own head.
DSN = """\
Return-Path: <>
Received: by relais.exemple.ca (Postfix) id 4Zx1; Sun, 22 Nov 2026 09:00:01 -0500 (EST)
Date: Sun, 22 Nov 2026 09:00:01 -0500 (EST)
From: MAILER-DAEMON@relais.exemple.ca (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: {to}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="4Zx1.1/relais"
Message-Id: <20261122140001.4Zx1@relais.exemple.ca>

This is a MIME-encapsulated message.

--4Zx1.1/relais
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

This is the mail system at host relais.exemple.ca.

<{named}>: host mx.exemple.ca said: {said}

--4Zx1.1/relais
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; relais.exemple.ca
X-Postfix-Queue-ID: 4Zx1
Arrival-Date: Sun, 22 Nov 2026 09:00:00 -0500 (EST)

Final-Recipient: rfc822; {named}
Original-Recipient: rfc822;{named}
Action: {action}
Status: {status}
Remote-MTA: dns; mx.exemple.ca
Diagnostic-Code: smtp; {said}
    (in reply to RCPT TO command)

--4Zx1.1/relais
Content-Description: Undelivered Message Headers
Content-Type: text/rfc822-headers

From: Courtage <savoirs@exemple.ca>
To: {named}
Subject: Infolettre

--4Zx1.1/relais--
"""


@pytest.fixture(autouse=True)
def _bound(settings: Settings) -> Iterator[None]:
    jobs.bind(settings)
    yield
    jobs.close()


@pytest.fixture
def sent(session: Session, settings: Settings) -> Callable[[str], str]:
    """An issue that left to Ada and Bea; gives where the message to one of them comes back."""
    make_newsletter(session)
    for address in (ADA, BEA):
        make_subscriber(session, address=address)
    make_sending(session, settings=settings)
    rows = session.scalars(select(Delivery)).all()
    for row in rows:
        row.state, row.sent_at = DeliveryState.SENT, now()
    session.flush()
    boxes = {row.address: return_address(BOX, row.message_id) for row in rows}
    return lambda address: boxes[address]


def report(to: str, *, named: str = ADA, status: str = "5.1.1", action: str = "failed") -> bytes:
    said = f"550 {status} recipient rejected"
    return DSN.format(to=to, named=named, status=status, action=action, said=said).encode()


def states(session: Session) -> dict[str | None, SubscriberState]:
    rows = session.execute(select(Subscriber.address, Subscriber.state))
    return {row.address: row.state for row in rows}


def back(session: Session, data: bytes) -> Ending:
    ending = take_back(session, data, domain="exemple.invalid")
    session.flush()
    return ending


def test_a_report_leaves_its_own_recipient_and_nobody_else(
    session: Session, sent: Callable[[str], str]
) -> None:
    assert back(session, report(sent(ADA), named=BEA)) is Ending.LEFT

    assert states(session) == {ADA: SubscriberState.BOUNCED, BEA: SubscriberState.ACTIVE}
    step = session.scalars(select(SubscriberStep)).one()
    assert "550 5.1.1 recipient rejected" in step.reason
    bounce = session.scalars(select(Bounce)).one()
    assert (bounce.kind, bounce.status) == (BounceKind.HARD, "5.1.1")


def test_a_report_read_twice_changes_nothing_more(
    session: Session, sent: Callable[[str], str]
) -> None:
    back(session, report(sent(ADA)))

    assert back(session, report(sent(ADA))) is Ending.NOTED
    assert len(session.scalars(select(SubscriberStep)).all()) == 1


@pytest.mark.parametrize(
    ("status", "action", "ending"),
    [
        ("5.2.2", "failed", Ending.NOTED),
        ("4.4.7", "failed", Ending.NOTED),
        ("4.4.1", "delayed", Ending.IGNORED),
        ("2.0.0", "delivered", Ending.IGNORED),
        ("5.7.1", "failed", Ending.IGNORED),
    ],
)
def test_what_is_no_dead_address_is_left_in_the_list(
    session: Session, sent: Callable[[str], str], status: str, action: str, ending: Ending
) -> None:
    assert back(session, report(sent(ADA), status=status, action=action)) is ending

    assert set(states(session).values()) == {SubscriberState.ACTIVE}


@pytest.mark.parametrize("to", [BOX, "retours+0123456789abcdef01234567-aaaaaaaaaaaaaaaa@x.ca"])
def test_a_forged_report_leaves_nobody(
    session: Session, sent: Callable[[str], str], to: str
) -> None:
    assert back(session, report(to)) is Ending.UNKNOWN

    assert set(states(session).values()) == {SubscriberState.ACTIVE}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe\x00",
        b"To: x\r\n\r\n",
        b"Content-Type: multipart/report\r\n\r\n--\r\n",
        b"To: <\r\n\r\n",
        b'To: "\r\n\r\n',
        b"To: a@[\r\n\r\n",
        b"To: " + b"(" * 3_000 + b"\r\n\r\n",
        b"".join(
            b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (depth, depth)
            for depth in range(1_500)
        ),
    ],
    ids=[f"data{number}" for number in range(9)],
)
def test_what_cannot_be_read_is_nobody_s(session: Session, data: bytes) -> None:
    assert back(session, data) is Ending.UNKNOWN


@pytest.mark.parametrize("charset", ["foo-bar", "rot13", "undefined", "a\x00b"])
def test_a_report_in_no_known_signs_stops_nothing(
    session: Session, sent: Callable[[str], str], charset: str
) -> None:
    data = (
        f"From: MAILER-DAEMON@relais.ca\nTo: {sent(ADA)}\nSubject: failure notice\n"
        f"Content-Type: text/plain; charset={charset}\n\nNon remis.\n"
    )

    assert back(session, data.encode()) in {Ending.UNKNOWN, Ending.NOTED}


def test_one_message_that_cannot_be_read_keeps_no_other_from_being_read(
    session: Session, sent: Callable[[str], str], settings: Settings, tmp_path: Path
) -> None:
    for folder in ("tmp", "new", "cur"):
        (tmp_path / "boite" / folder).mkdir(parents=True)
    (tmp_path / "boite" / "new" / "1.x").write_bytes(b"To: <\r\n\r\n")
    (tmp_path / "boite" / "new" / "2.x").write_bytes(report(sent(BEA), named=BEA))
    session.commit()

    done = CliRunner().invoke(newsletters, ["bounce", str(tmp_path / "boite")], obj=settings)

    assert "Adresses quittées : 1" in done.output.replace("\u00a0", " ")
    assert not list((tmp_path / "boite" / "new").iterdir())


def test_an_automatic_answer_leaves_nobody(session: Session, sent: Callable[[str], str]) -> None:
    away = f"From: {ADA}\nTo: {sent(ADA)}\nSubject: Absence\nAuto-Submitted: auto-replied\n\nAbs."

    assert back(session, away.encode()) is Ending.IGNORED
    assert set(states(session).values()) == {SubscriberState.ACTIVE}


def test_the_button_of_a_mail_program_unsubscribes_by_mail(
    session: Session, sent: Callable[[str], str]
) -> None:
    asked = f"From: Ada <{ADA}>\nTo: {sent(ADA)}\nSubject: desabonnement\n\n"

    assert back(session, asked.encode()) is Ending.UNSUBSCRIBED

    assert states(session) == {ADA: SubscriberState.UNSUBSCRIBED, BEA: SubscriberState.ACTIVE}


def test_a_complaint_stops_everything(session: Session, sent: Callable[[str], str]) -> None:
    complaint = (
        f"From: plaintes@exemple.ca\nTo: {sent(ADA)}\nSubject: Complaint\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=feedback-report; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\nAbuse.\n--b\nContent-Type: message/feedback-report\n\n"
        "Feedback-Type: abuse\nUser-Agent: x/1\nVersion: 1\n\n--b--\n"
    )

    assert back(session, complaint.encode()) is Ending.LEFT

    assert states(session)[ADA] is SubscriberState.COMPLAINED


def test_an_address_that_takes_nothing_for_long_is_left(session: Session) -> None:
    make_newsletter(session)
    reader = make_subscriber(session, address=ADA)
    left = []
    for number, days_ago in enumerate((70, 35, 0), start=1):
        issue = make_ready(session, number)
        row = Delivery(
            issue_id=issue.id,
            subscriber_id=reader.id,
            address=ADA,
            state=DeliveryState.SENT,
            message_id=f"<{number}@exemple.ca>",
        )
        session.add(row)
        session.flush()
        left.append(
            note_bounce(session, delivery_id=row.id, subscriber_id=reader.id, kind=BounceKind.SOFT)
        )
        bounce = session.scalars(select(Bounce).where(Bounce.delivery_id == row.id)).one()
        bounce.at = now() - timedelta(days=days_ago)
        session.flush()

    assert left == [False, False, True]
    assert reader.state is SubscriberState.BOUNCED


def test_an_address_that_took_one_of_the_last_issues_stays(session: Session) -> None:
    make_newsletter(session)
    reader = make_subscriber(session, address=ADA)
    for number in (1, 2, 3, 4):
        issue = make_ready(session, number)
        row = Delivery(
            issue_id=issue.id,
            subscriber_id=reader.id,
            address=ADA,
            state=DeliveryState.SENT,
            message_id=f"<{number}@exemple.ca>",
        )
        session.add(row)
        session.flush()
        if number != 3:
            session.add(
                Bounce(
                    delivery_id=row.id,
                    subscriber_id=reader.id,
                    kind=BounceKind.SOFT,
                    at=now() - timedelta(days=100 - number),
                )
            )
            session.flush()

    assert not note_bounce(
        session, delivery_id=row.id, subscriber_id=reader.id, kind=BounceKind.SOFT
    )
    assert reader.state is SubscriberState.ACTIVE


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("", BounceKind.HARD),
        ("5.1.1", BounceKind.HARD),
        ("5.2.1", BounceKind.HARD),
        ("5.2.2", BounceKind.SOFT),
        ("4.7.1", BounceKind.SOFT),
        ("5.7.26", None),
        ("5.3.4", None),
    ],
)
def test_only_what_is_about_the_address_counts_against_it(
    status: str, kind: BounceKind | None
) -> None:
    assert kind_of(status) is kind


def test_the_command_reads_a_pipe_and_a_mailbox(
    session: Session, sent: Callable[[str], str], settings: Settings, tmp_path: Path
) -> None:
    data = report(sent(ADA))
    session.commit()
    for folder in ("tmp", "new", "cur"):
        (tmp_path / "boite" / folder).mkdir(parents=True)
    (tmp_path / "boite" / "new" / "1.x").write_bytes(report(sent(BEA), named=BEA))

    piped = CliRunner().invoke(newsletters, ["bounce"], input=data, obj=settings)
    first = CliRunner().invoke(newsletters, ["bounce", str(tmp_path / "boite")], obj=settings)
    again = CliRunner().invoke(newsletters, ["bounce", str(tmp_path / "boite")], obj=settings)

    assert "Adresses quittées : 1" in piped.output.replace("\u00a0", " ")
    assert "Adresses quittées : 1" in first.output.replace("\u00a0", " ")
    assert "Adresses quittées : 0" in again.output.replace("\u00a0", " ")
    assert [one.name.partition(":")[0] for one in (tmp_path / "boite" / "cur").iterdir()] == ["1.x"]
    session.expire_all()
    assert set(states(session).values()) == {SubscriberState.BOUNCED}
    assert "newsletters" in make_root().list_commands(None)  # type: ignore[arg-type]
