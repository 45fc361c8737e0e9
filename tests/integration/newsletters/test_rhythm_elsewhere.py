"""The rhythm that readers chose holds for what the team sends outside the portal too."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from inters4.core.clock import now
from inters4.newsletters.models import (
    Delivery,
    DeliveryState,
    Frequency,
    Issue,
    IssueState,
    Subscriber,
    Subscription,
)
from inters4.newsletters.queries.audience import count_audience, recipients_of
from tests.builders.sending import make_ready, make_subscriber
from tests.builders.statements import statements

MONTHLY, QUARTERLY = "mois@exemple.ca", "trimestre@exemple.ca"
EACH, LATE = "chaque@exemple.ca", "nouvelle@exemple.ca"
LONG_AGO = timedelta(days=1_000)


def make_readers(session: Session, *, since: timedelta = LONG_AGO) -> None:
    """One of each rhythm, in English for the one who reads each quarter."""
    for address, frequency, language in (
        (EACH, Frequency.EACH, "fr"),
        (MONTHLY, Frequency.MONTHLY, "fr"),
        (QUARTERLY, Frequency.QUARTERLY, "en"),
    ):
        reader = make_subscriber(session, address=address, frequency=frequency, language=language)
        subscribed(session, reader, now() - since)


def subscribed(session: Session, reader: Subscriber, moment: datetime) -> None:
    session.get_one(Subscription, (reader.id, "en-bref")).since = moment
    session.flush()


def left(
    session: Session,
    number: int,
    *,
    days_ago: int,
    audience: Mapping[str, Sequence[str]] | None = None,
) -> Issue:
    """An issue that the team told as sent outside the portal."""
    issue = make_ready(session, number, audience=dict(audience or {}))
    issue.state, issue.sent_elsewhere = IssueState.SENT, 100
    issue.published_at = now() - timedelta(days=days_ago)
    session.flush()
    return issue


def received(session: Session, issue: Issue, reader: Subscriber, *, days_ago: int) -> None:
    moment = now() - timedelta(days=days_ago)
    issue.state, issue.published_at = IssueState.SENT, moment
    session.add(
        Delivery(
            issue_id=issue.id,
            subscriber_id=reader.id,
            address=reader.address,
            state=DeliveryState.SENT,
            sent_at=moment,
            message_id=f"<{issue.id}.{reader.id}@exemple.ca>",
        )
    )
    session.flush()


def readers_of(session: Session, issue: Issue, *, at: datetime | None = None) -> set[str]:
    moment = at or now()
    found = {one.address for one in recipients_of(session, issue, at=moment)}
    assert count_audience(session, issue, at=moment) == len(found)
    return found


def test_an_issue_sent_elsewhere_counts_for_those_it_was_for(session: Session) -> None:
    left(session, 1, days_ago=40)
    left(session, 2, days_ago=10)
    make_readers(session)
    issue = make_ready(session, 3)

    assert readers_of(session, issue) == {EACH}
    assert readers_of(session, issue, at=now() + timedelta(days=18)) == {EACH, MONTHLY}
    assert readers_of(session, issue, at=now() + timedelta(days=50)) == {EACH, MONTHLY, QUARTERLY}


def test_it_does_not_count_for_those_it_was_not_for(session: Session) -> None:
    left(session, 1, days_ago=10, audience={"languages": ["en"], "themes": []})
    make_readers(session)
    late = make_subscriber(session, address=LATE, frequency=Frequency.MONTHLY)
    subscribed(session, late, now() - timedelta(days=5))

    assert readers_of(session, make_ready(session, 2)) == {EACH, MONTHLY, LATE}


def test_nobody_who_reads_rarely_is_left_out_of_every_issue_of_each_week(session: Session) -> None:
    days = (56, 49, 42, 35, 28, 21, 14, 7)
    taken = []
    for number, days_ago in enumerate(days, start=1):
        issue = make_ready(session, number)
        if number == 1:
            make_readers(session)
        taken.append(readers_of(session, issue, at=now() - timedelta(days=days_ago)))
        issue.state, issue.sent_elsewhere = IssueState.SENT, 100
        issue.published_at = now() - timedelta(days=days_ago)
        session.flush()

    assert [MONTHLY in one for one in taken] == [True, False, False, False] * 2
    assert [QUARTERLY in one for one in taken] == [True] + [False] * 7
    assert all(EACH in one for one in taken)


def test_whoever_the_portal_had_just_written_to_was_left_out_elsewhere_too(
    session: Session,
) -> None:
    first = make_ready(session, 1)
    reader = make_subscriber(session, address=MONTHLY, frequency=Frequency.MONTHLY)
    subscribed(session, reader, now() - LONG_AGO)
    received(session, first, reader, days_ago=30)
    left(session, 2, days_ago=20)

    assert readers_of(session, make_ready(session, 3)) == {MONTHLY}


def test_what_one_read_elsewhere_is_not_told_as_missed(session: Session) -> None:
    first = make_ready(session, 1)
    reader = make_subscriber(session, address=MONTHLY, frequency=Frequency.MONTHLY)
    subscribed(session, reader, now() - LONG_AGO)
    received(session, first, reader, days_ago=90)
    left(session, 2, days_ago=60)
    left(session, 3, days_ago=50)

    (found,) = recipients_of(session, make_ready(session, 4), at=now())

    assert found.since == ("en-bref-3",)


def test_an_erratum_goes_to_those_whom_it_was_for_whatever_they_wished(session: Session) -> None:
    wrong = left(session, 1, days_ago=3)
    make_readers(session)
    erratum = make_ready(session, 2, erratum_of_id=wrong.id)

    assert readers_of(session, erratum) == {EACH, MONTHLY, QUARTERLY}


def test_many_issues_sent_elsewhere_cost_no_more_statements(session: Session) -> None:
    issue = make_ready(session, 1)
    make_readers(session)
    for number in range(2, 12):
        left(session, number, days_ago=7 * number)

    with statements() as read:
        recipients_of(session, issue, at=now())
    with statements() as counted:
        count_audience(session, issue, at=now())

    assert (len(read), len(counted)) == (4, 2)
