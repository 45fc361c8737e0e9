"""A worker killed while it sends: each message is in the maildir once, none is missing."""

import email
import random
import time
from collections import Counter
from collections.abc import Iterator

import pytest

from inters4.app import load_domains
from inters4.core import db
from inters4.core.mail.check import TEST_TEMPLATE
from inters4.core.mail.queue import enqueue
from tests.drill.portal import Portal

pytestmark = [pytest.mark.drill, pytest.mark.allow_hosts(["127.0.0.1"])]

MESSAGES = 300


@pytest.fixture
def queued(portal: Portal) -> Iterator[list[str]]:
    """Messages in the queue of a portal that is not started; their recipients."""
    recipients = [f"personne{number}@exemple.ca" for number in range(MESSAGES)]
    load_domains()
    db.dispose()
    db.bind(f"sqlite:///{portal.data_dir / 'inters4.db'}")
    with db.writing() as session:
        for recipient in recipients:
            enqueue(
                session,
                kind=TEST_TEMPLATE,
                template=TEST_TEMPLATE,
                recipient=recipient,
                locale="fr",
                parameters={"asked_at": "2026-11-21T19:05:00+00:00"},
            )
    db.dispose()
    yield recipients
    db.dispose()


def test_each_message_is_sent_once_however_often_the_worker_dies(
    chance: random.Random, portal: Portal, queued: list[str]
) -> None:
    new = portal.data_dir / "courriels" / "new"
    moments = sorted(chance.randrange(MESSAGES) for _death in range(chance.randint(1, 3)))
    portal.serve()
    for moment in moments:
        portal.until(lambda moment=moment: len([*new.glob("*")]) >= moment)  # type: ignore[misc]
        time.sleep(chance.uniform(0.0, 0.01))
        portal.kill("worker")
        _end_leases(portal)
    portal.until(lambda: _sent(portal) == MESSAGES)

    messages = [email.message_from_bytes(path.read_bytes()) for path in new.iterdir()]
    known = {row[0] for row in portal.rows("SELECT message_id FROM mail_queue")}
    assert Counter(message["To"] for message in messages) == Counter(queued)
    assert {message["Message-ID"] for message in messages} == known
    assert len(known) == MESSAGES
    assert all(message.get_payload() for message in messages)
    assert portal.complaints() == []


def _end_leases(portal: Portal) -> None:
    """As if the ten minutes of a lease had passed: only those of the dead worker are held."""
    portal.change(
        "UPDATE mail_queue SET lease_until = '2020-01-01 00:00:00' WHERE state = 'sending'"
    )


def _sent(portal: Portal) -> int:
    ((count,),) = portal.rows("SELECT count(*) FROM mail_queue WHERE state = 'sent'")
    return int(count)
