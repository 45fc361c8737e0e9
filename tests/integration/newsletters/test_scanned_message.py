"""A message that left: a scanner that follows all of it changes nothing, a bare POST leaves."""

import email
import re
from collections.abc import Iterator, Mapping
from email import policy
from email.message import EmailMessage
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.db import Model, reading, writing
from inters4.core.jobs import jobs
from inters4.core.mail.transports import MemoryTransport
from inters4.newsletters.exports.message import parts_of
from inters4.newsletters.jobs import send_issues
from inters4.newsletters.jobs.clicks import sum_clicks
from inters4.newsletters.models import (
    Issue,
    IssueState,
    ItemKind,
    Newsletter,
    Subscriber,
    SubscriberState,
    SubscriberStep,
    Subscription,
)
from inters4.newsletters.services.freezing import freeze_issue
from inters4.settings import Settings
from tests.builders.newsletters import item, make_issue, make_newsletter
from tests.builders.sending import make_subscriber

READER = "lectrice@exemple.ca"
ONE_CLICK = "List-Unsubscribe=One-Click"
FORM = "application/x-www-form-urlencoded"
SCANNERS = (
    "",
    "Mozilla/5.0 (compatible; SafeLinks-scanner/1.0)",
    "GoogleImageProxy preview",
    "python-requests/2.32",
)
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0"


@pytest.fixture
def message(app: Flask, session: Session, settings: Settings) -> Iterator[EmailMessage]:
    """What one reader received."""
    jobs.bind(settings)
    newsletter = make_newsletter(session)
    newsletter.sender, newsletter.postal_address = "Équipe de courtage", "1, rue de l’Exemple"
    make_subscriber(session, address=READER)
    links = (
        item(ItemKind.LINK, title="Un guide", url="https://exemple.ca/guide"),
        item(ItemKind.QUESTION, title="Et chez vous?", url="/question"),
    )
    issue = make_issue(session, 1, state=IssueState.SCHEDULED, published_at=None, items=links)
    freeze_issue(session, issue, parts_of(session, issue, settings=settings), settings=settings)
    session.commit()
    carrier = MemoryTransport()
    assert send_issues(settings, transport=carrier) == 1
    yield email.message_from_bytes(carrier.sent[-1].data, policy=policy.default)
    jobs.close()


def addresses_in(message: EmailMessage, settings: Settings) -> list[str]:
    """Every path of the portal that the message bears."""
    found = re.findall(r"<(https?://[^<>]+)>", message["List-Unsubscribe"])
    for kind in ("plain", "html"):
        part = message.get_body((kind,))
        assert part is not None
        found += re.findall(r"https?://[^\s<>\"]+", unescape(str(part.get_content())))
    own = [one.removeprefix(settings.url) for one in found if one.startswith(settings.url + "/")]
    return list(dict.fromkeys(own))


def way_out(message: EmailMessage, settings: Settings) -> str:
    https: str = re.findall(r"<(https?://[^<>]+)>", message["List-Unsubscribe"])[0]
    return https.removeprefix(settings.url)


def everything() -> Mapping[str, list[tuple[Any, ...]]]:
    """All rows of the database."""
    with reading() as session:
        return {
            table.name: sorted((tuple(row) for row in session.execute(select(table))), key=repr)
            for table in Model.metadata.sorted_tables
        }


def state() -> SubscriberState:
    with reading() as session:
        return session.scalars(select(Subscriber.state)).one()


@pytest.fixture
def bare(app: Flask) -> FlaskClient:
    """A mail program: no cookie is kept."""
    return app.test_client(use_cookies=False)


def test_a_scanner_that_follows_every_address_changes_nothing(
    bare: FlaskClient, message: EmailMessage, settings: Settings
) -> None:
    paths = addresses_in(message, settings)
    kinds = {path.split("/")[2] if path.count("/") > 2 else path for path in paths}
    assert {"lien", "preferences", "desabonnement", "en-bref", "/question"} <= kinds
    before = everything()

    for path in paths:
        for agent in SCANNERS:
            answer = bare.get(path, headers={"User-Agent": agent})
            assert answer.status_code in {200, 302}, path
        for agent in (*SCANNERS, FIREFOX):
            assert bare.head(path, headers={"User-Agent": agent}).status_code in {200, 302}
        ahead = {"User-Agent": FIREFOX, "Sec-Purpose": "prefetch"}
        assert bare.get(path, headers=ahead).status_code in {200, 302}
    sum_clicks()

    assert everything() == before


def test_a_reader_who_opens_every_address_is_counted_by_link_and_nothing_else_changes(
    bare: FlaskClient, message: EmailMessage, settings: Settings
) -> None:
    before = everything()

    for path in addresses_in(message, settings):
        bare.get(path, headers={"User-Agent": FIREFOX}).close()
    sum_clicks()

    after = everything()
    assert {name for name, rows in after.items() if rows != before[name]} == {"link_days"}


BODIES: list[tuple[str, str | None]] = [
    (ONE_CLICK, FORM),
    ("", FORM),
    ("", None),
    (ONE_CLICK, None),
    (ONE_CLICK, "text/plain"),
    ('{"List-Unsubscribe": "One-Click"}', "application/json"),
    (f'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n{ONE_CLICK}\r\n--x--\r\n', "x"),
    ("--x\r\nn’importe quoi", "x"),
    ("portee=", FORM),
    ("List-Unsubscribe=%FF%00", FORM),
]
PLACES: list[dict[str, str]] = [
    {"Origin": "https://courriel.exemple.org"},
    {"Origin": "null", "Referer": "https://courriel.exemple.org/"},
    {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"},
    {"User-Agent": ""},
    {"Cookie": "session=perime"},
]


def come_back() -> None:
    """The reader subscribes again."""
    with writing() as session:
        session.scalars(select(Subscriber)).one().state = SubscriberState.ACTIVE
        session.scalars(select(Subscription)).one().ended_at = None
        for step in session.scalars(select(SubscriberStep)).all():
            session.delete(step)


def test_a_bare_post_leaves_once_whatever_its_body(
    bare: FlaskClient, message: EmailMessage, settings: Settings
) -> None:
    path = way_out(message, settings)
    for body, kind in BODIES:
        content_type = "multipart/form-data; boundary=x" if kind == "x" else kind
        for _time in range(2):
            answer = bare.post(path, data=body.encode(), content_type=content_type)
            assert answer.status_code == 200, body
            assert "Set-Cookie" not in answer.headers

        assert state() is SubscriberState.UNSUBSCRIBED
        with reading() as session:
            steps = session.scalars(select(SubscriberStep.after)).all()
        assert steps == [SubscriberState.UNSUBSCRIBED]
        come_back()


def test_a_bare_post_leaves_wherever_it_comes_from(
    bare: FlaskClient, message: EmailMessage, settings: Settings
) -> None:
    path = way_out(message, settings)
    for headers in PLACES:
        answer = bare.post(path, data=ONE_CLICK, content_type=FORM, headers=headers)

        assert (answer.status_code, state()) == (200, SubscriberState.UNSUBSCRIBED), headers
        come_back()


def test_another_method_changes_nothing(
    bare: FlaskClient, message: EmailMessage, settings: Settings
) -> None:
    path = way_out(message, settings)
    for method in ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"):
        answer = bare.open(path, method=method, data=ONE_CLICK, content_type=FORM)

        assert answer.status_code == (200 if method == "OPTIONS" else 405)
    assert state() is SubscriberState.ACTIVE


def test_a_message_of_years_ago_still_leaves(
    bare: FlaskClient, message: EmailMessage, settings: Settings
) -> None:
    """The address changed since, the choices were locked again, the newsletter has another name."""
    path = way_out(message, settings)
    with writing() as session:
        reader = session.scalars(select(Subscriber)).one()
        reader.email = reader.address = "autre@exemple.ca"
        reader.key += 5
        session.get_one(Newsletter, "en-bref").title = "Un autre nom"
        session.scalars(select(Issue)).one().state = IssueState.ARCHIVED

    assert bare.post(path, data=ONE_CLICK, content_type=FORM).status_code == 200

    assert state() is SubscriberState.UNSUBSCRIBED


def test_the_other_addresses_of_a_message_take_no_bare_post(
    bare: FlaskClient, message: EmailMessage, settings: Settings
) -> None:
    before = everything()

    for path in addresses_in(message, settings):
        if "/desabonnement/" not in path:
            answer = bare.post(path, data=ONE_CLICK, content_type=FORM)
            assert answer.status_code in {303, 400, 404, 405}, path

    assert everything() == before
