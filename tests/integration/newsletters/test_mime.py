"""The message as it travels: what mail programs read in it, and what nobody slips into it."""

import re
from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage, MIMEPart
from email.utils import parsedate_to_datetime

import pytest
from sqlalchemy.orm import Session

from inters4.core.clock import now
from inters4.core.jobs import jobs
from inters4.core.mail.compose import Envelope, UnsafeFieldError
from inters4.newsletters.exports.message import parts_of
from inters4.newsletters.exports.tokens import read_leaving, read_return
from inters4.newsletters.models import FrozenIssue, Issue, IssueState, ItemKind, Newsletter
from inters4.newsletters.services.claiming import claim_next
from inters4.newsletters.services.delivering import envelope_of, outgoing
from inters4.newsletters.services.freezing import freeze_issue
from inters4.settings import Settings
from tests.builders.envelopes import BREAKS, HOSTILE, parsed
from tests.builders.newsletters import item, make_issue, make_newsletter
from tests.builders.sending import make_subscriber

FIELDS = [
    *("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress"),
    *("List-Id", "List-Unsubscribe", "List-Unsubscribe-Post", "Reply-To"),
    *("Content-Language", "MIME-Version", "Content-Type"),
]
READER = "lectrice@exemple.ca"
LONG = "Mieux joindre les équipes de première ligne en région éloignée " * 8


@pytest.fixture(autouse=True)
def _bound(settings: Settings) -> Iterator[None]:
    jobs.bind(settings)
    yield
    jobs.close()


def waiting(session: Session) -> str:
    """An issue that waits for its hour, and its only reader; its id."""
    newsletter = make_newsletter(session)
    newsletter.sender, newsletter.postal_address = "Équipe de courtage", "1, rue de l’Exemple"
    make_subscriber(session, address=READER)
    links = item(ItemKind.LINK, title="Un guide", url="https://exemple.ca/" + "guide/" * 60)
    return make_issue(
        session,
        4,
        state=IssueState.SCHEDULED,
        published_at=None,
        title="Loin des centres",
        items=(item(ItemKind.TEXT, text=LONG), links),
    ).id


def leaving(session: Session, settings: Settings, issue_id: str = "", **given: str) -> Envelope:
    """The message as it leaves; values named `newsletter_…` are of its list."""
    recipient, list_id = given.pop("recipient", READER), given.pop("list_id", "en-bref")
    issue = session.get_one(Issue, issue_id or waiting(session))
    newsletter = session.get_one(Newsletter, "en-bref")
    for name, value in given.items():
        of_list = name.removeprefix("newsletter_")
        setattr(newsletter if of_list != name else issue, of_list, value)
    session.flush()
    freeze_issue(session, issue, parts_of(session, issue, settings=settings), settings=settings)
    claim = claim_next(session, issue.id, owner="essai")
    assert claim is not None
    frozen = session.get_one(FrozenIssue, issue.id)
    session.expunge(issue)
    issue.newsletter_id = list_id
    made = outgoing(issue, frozen, settings=settings)
    return envelope_of(replace(claim, address=recipient), made)


def part(message: EmailMessage, kind: str) -> str:
    found = message.get_body((kind,))
    assert isinstance(found, MIMEPart)
    return str(found.get_content())


@pytest.fixture
def returning(settings: Settings) -> Settings:
    return replace(settings, returns="retours@exemple.ca")


def test_the_strict_parser_finds_two_whole_parts(session: Session, settings: Settings) -> None:
    envelope = leaving(session, settings)

    message = parsed(envelope)

    assert message.get_content_type() == "multipart/alternative"
    kinds = [one.get_content_type() for one in message.iter_parts()]
    assert kinds == ["text/plain", "text/html"]
    for kind in ("plain", "html"):
        assert "Mieux joindre les équipes" in part(message, kind)
        assert "Un guide" in part(message, kind)
        assert "Équipe de courtage" in part(message, kind)
    assert '<html lang="fr">' in part(message, "html")
    assert message["Content-Language"] == "fr"


def test_lines_are_those_of_mail(session: Session, settings: Settings) -> None:
    envelope = leaving(session, settings, subject=LONG, newsletter_sender="É" * 80)

    head, _blank, body = envelope.data.partition(b"\r\n\r\n")

    assert b"\n" not in envelope.data.replace(b"\r\n", b"")
    assert b"\r" not in envelope.data.replace(b"\r\n", b"")
    assert max(map(len, body.split(b"\r\n"))) <= 76
    assert max(map(len, envelope.data.split(b"\r\n"))) <= 998
    encoded = [line for line in head.split(b"\r\n") if b"=?" in line]
    assert len(encoded) > 2
    assert max(map(len, encoded)) <= 78
    assert envelope.data.isascii()
    assert parsed(envelope)["Subject"] == LONG.strip()


def test_its_fields_say_what_it_is(session: Session, returning: Settings) -> None:
    envelope = leaving(session, returning)

    message = parsed(envelope)

    assert sorted(message.keys()) == sorted(FIELDS)
    assert abs((parsedate_to_datetime(message["Date"]) - now()).total_seconds()) < 3600
    assert message["Auto-Submitted"] == "auto-generated"
    assert re.fullmatch(r"<en-bref\.infolettres\.[a-z.]+>", message["List-Id"])
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    https, mailto = re.findall(r"<([^<>]+)>", message["List-Unsubscribe"])
    leave = read_leaving(https.removeprefix(f"{returning.url}/infolettres/desabonnement/"))
    assert leave is not None
    assert leave.issue_id == "en-bref-4"
    box, _question, subject = mailto.removeprefix("mailto:").partition("?")
    assert read_return(box) == read_return(envelope.sender)
    assert subject == "subject=desabonnement"
    assert message["Message-ID"] == envelope.message_id
    assert (message["To"], envelope.recipient) == (READER, READER)


def test_a_program_reads_the_way_out_on_one_line(session: Session, settings: Settings) -> None:
    head = leaving(session, settings).data.partition(b"\r\n\r\n")[0].decode("ascii")

    field = re.search(r"^List-Unsubscribe:((?:.*\r\n )*.*)$", head, re.MULTILINE)

    assert field is not None
    assert "=?" not in field[1]
    assert len(re.findall(r"<(https?://[^\s<>]+|mailto:[^\s<>]+)>", field[1])) == 2


@pytest.mark.parametrize(
    "field",
    [
        *("title", "subject", "description", "recipient", "list_id"),
        *("newsletter_title", "newsletter_sender", "newsletter_reply_to"),
        *("newsletter_postal_address", "newsletter_language"),
    ],
)
def test_nobody_adds_a_field(
    session: Session, settings: Settings, database_kind: str, field: str
) -> None:
    """Even a value that went round every form: the message is refused, or stays what it is."""
    ready = waiting(session)
    for name, value in HOSTILE.items():
        if "\0" in value and database_kind == "postgresql":
            continue  # it keeps none
        attempt = session.begin_nested()
        try:
            envelope = leaving(session, settings, ready, **{field: value})
        except (UnsafeFieldError, UnicodeEncodeError):
            continue
        finally:
            attempt.rollback()
            session.expunge_all()
        assert what_was_slipped(envelope, settings) == [], name


def what_was_slipped(envelope: Envelope, settings: Settings) -> list[object]:
    """What the message bears that it should not."""
    message = parsed(envelope)
    said = {name: [str(one) for one in message.get_all(name, [])] for name in message}
    return [
        *(set(message.keys()) ^ set(FIELDS)),
        *(name for name, values in said.items() if len(values) != 1),
        *(one for values in said.values() for one in values if BREAKS.search(one)),
        *{*said["To"], envelope.recipient} - {READER},
        *{one.addr_spec for one in message["From"].addresses} - {settings.mail_from},
        *(line for line in envelope.data.split(b"\r\n") if len(line) > 998),
        *re.findall("<script", part(message, "html")),
    ]
