"""Senders share one pace: in all, and to each domain, whoever asks and from whatever process."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from inters4.core.clock import now
from inters4.core.db import reading, writing
from inters4.core.jobs import jobs
from inters4.newsletters.jobs import send_issues
from inters4.newsletters.models import SendSlot
from inters4.newsletters.services.claiming import Claim
from inters4.newsletters.services.pacing import Pace, claim_paced, open_pace
from inters4.settings import Settings
from tests.builders.newsletters import make_newsletter
from tests.builders.relays import Relay
from tests.builders.sending import make_sending, make_subscriber

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
SLOW = Pace(each=1)
SLOW_DOMAINS = Pace(by_domain=1)


@pytest.fixture
def start(settings: Settings, database: str) -> Iterator[Callable[..., str]]:
    """Makes an issue that is being sent to these addresses; its id."""
    jobs.bind(settings)

    def started(*addresses: str) -> str:
        with writing() as session:
            make_newsletter(session)
            for address in addresses:
                make_subscriber(session, address=address)
            open_pace(session)
            return make_sending(session, settings=settings).id

    yield started
    jobs.close()


def claim(issue_id: str, owner: str, pace: Pace) -> tuple[Claim | None, float]:
    with writing() as session:
        return claim_paced(session, issue_id, owner=owner, pace=pace)


def pass_time(**by: float) -> None:
    """As if so long had passed."""
    with writing() as session:
        for slot in session.scalars(select(SendSlot)):
            slot.free_at -= timedelta(**by)


def test_what_one_sender_sends_makes_the_other_wait(start: Callable[..., str]) -> None:
    issue_id = start("a@un.ca", "b@deux.ca")

    first, _ = claim(issue_id, "one", SLOW)
    second, wait = claim(issue_id, "two", SLOW)

    assert first is not None
    assert second is None
    assert 0 < wait <= 1
    pass_time(seconds=1)
    second, wait = claim(issue_id, "two", SLOW)
    assert second is not None
    assert second.address != first.address


def test_a_domain_rests_for_every_sender_while_others_are_written_to(
    start: Callable[..., str],
) -> None:
    issue_id = start("a@un.ca", "b@un.ca", "c@deux.ca")

    first, _ = claim(issue_id, "one", SLOW_DOMAINS)
    second, _ = claim(issue_id, "two", SLOW_DOMAINS)
    third, wait = claim(issue_id, "two", SLOW_DOMAINS)

    assert first is not None
    assert second is not None
    assert {first.domain, second.domain} == {"un.ca", "deux.ca"}
    assert third is None
    assert 0 < wait <= 1
    pass_time(seconds=1)
    third, _ = claim(issue_id, "one", SLOW_DOMAINS)
    assert third is not None
    assert claim(issue_id, "one", Pace()) == (None, 0.0)


def test_without_a_limit_nothing_is_written_of_the_pace(start: Callable[..., str]) -> None:
    issue_id = start("a@un.ca", "b@un.ca")

    assert all(claim(issue_id, "one", Pace())[0] for _message in range(2))

    with reading() as session:
        assert session.scalars(select(SendSlot.domain)).all() == [""]


def test_a_clock_that_was_set_back_does_not_stop_a_sending(start: Callable[..., str]) -> None:
    issue_id = start("a@un.ca")
    with writing() as session:
        session.execute(update(SendSlot).values(free_at=now() + timedelta(hours=1)))
        session.add(SendSlot(domain="un.ca", free_at=now() + timedelta(hours=1)))

    found, _ = claim(issue_id, "one", Pace(each=20, by_domain=10))

    assert found is not None


def test_domains_of_earlier_sendings_are_forgotten(start: Callable[..., str]) -> None:
    issue_id = start("a@un.ca")
    claim(issue_id, "one", SLOW_DOMAINS)
    pass_time(minutes=1)

    with writing() as session:
        open_pace(session)

    with reading() as session:
        assert session.scalars(select(SendSlot.domain)).all() == [""]


def test_two_senders_together_go_no_faster_than_one(
    start: Callable[..., str], settings: Settings
) -> None:
    relay = Relay().start()
    paced = replace(relay.settings(settings), send_rate=40)
    jobs.bind(paced)
    start(*(f"p{number}@exemple.ca" for number in range(12)))
    sent: list[int] = []
    senders = [threading.Thread(target=lambda: sent.append(send_issues(paced))) for _ in range(2)]
    began = time.monotonic()

    for one in senders:
        one.start()
    for one in senders:
        one.join(60)
    lasted = time.monotonic() - began

    relay.stop()
    assert sum(sent) == 12
    assert set(relay.taken.values()) == {1}
    assert lasted >= 11 / 40
