"""Who receives an issue: the count that is shown is the number of rows that are made."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from inters4.core.access import Role
from inters4.core.clock import now
from inters4.members.models import RoleGrant
from inters4.newsletters.exports.message import digest, from_json
from inters4.newsletters.models import (
    Delivery,
    DeliveryState,
    Frequency,
    FrozenIssue,
    Issue,
    IssueLink,
    IssueState,
    IssueStep,
    Subscriber,
    SubscriberState,
    Subscription,
)
from inters4.newsletters.queries.audience import count_audience, recipients_of
from inters4.newsletters.services.freezing import freeze_issue
from inters4.settings import Settings
from tests.builders.members import make_member, make_organisation
from tests.builders.newsletters import make_newsletter
from tests.builders.sending import make_parts, make_ready, make_sending, make_subscriber
from tests.builders.statements import statements


def _addresses(session: Session, issue: Issue) -> set[str]:
    found = recipients_of(session, issue, at=now())
    assert count_audience(session, issue, at=now()) == len(found)
    return {one.address for one in found}


def _received(session: Session, issue: Issue, subscriber: Subscriber, *, days_ago: int = 0) -> None:
    moment = now() - timedelta(days=days_ago)
    issue.state, issue.published_at = IssueState.SENT, moment
    session.add(
        Delivery(
            issue_id=issue.id,
            subscriber_id=subscriber.id,
            address=subscriber.address,
            state=DeliveryState.SENT,
            sent_at=moment,
            message_id=f"<{issue.id}.{subscriber.id}@exemple.ca>",
        )
    )
    session.flush()


@pytest.mark.parametrize("state", [one for one in SubscriberState if one != "active"])
def test_only_whoever_confirmed_and_stayed_is_written_to(
    session: Session, state: SubscriberState
) -> None:
    issue = make_ready(session)
    make_subscriber(session, address="oui@exemple.ca")
    make_subscriber(session, state=state)

    assert _addresses(session, issue) == {"oui@exemple.ca"}


def test_a_pause_ends_by_itself(session: Session) -> None:
    issue = make_ready(session)
    moment = now()
    for address, until in (
        ("revenue@exemple.ca", moment - timedelta(hours=1)),
        ("partie@exemple.ca", moment + timedelta(hours=1)),
        ("longtemps@exemple.ca", None),
    ):
        make_subscriber(session, address=address, state=SubscriberState.PAUSED, paused_until=until)

    assert _addresses(session, issue) == {"revenue@exemple.ca"}


def test_whoever_left_this_newsletter_does_not_receive_it(session: Session) -> None:
    issue = make_ready(session)
    make_newsletter(session, "autre")
    make_subscriber(session, address="autre@exemple.ca", newsletter="autre")
    left = make_subscriber(session)
    session.get_one(Subscription, (left.id, "en-bref")).ended_at = now()
    session.flush()

    assert _addresses(session, issue) == set()


def test_an_audience_narrows_by_theme_and_what_is_under_it(session: Session) -> None:
    issue = make_ready(session, audience={"themes": ["soins"], "languages": []})
    make_subscriber(session, address="soins@exemple.ca", themes=["soins"])
    make_subscriber(session, address="palliatifs@exemple.ca", themes=["soins.palliatifs", "x"])
    make_subscriber(session, address="soinsplus@exemple.ca", themes=["soinsplus"])
    make_subscriber(session, address="rien@exemple.ca")

    assert _addresses(session, issue) == {"soins@exemple.ca", "palliatifs@exemple.ca"}


def test_an_audience_narrows_by_language_and_frequency(session: Session) -> None:
    issue = make_ready(session, audience={"languages": ["en"], "frequencies": ["monthly"]})
    make_subscriber(session, address="both@exemple.ca", language="en", frequency=Frequency.MONTHLY)
    make_subscriber(session, language="en")
    make_subscriber(session, frequency=Frequency.MONTHLY)

    assert _addresses(session, issue) == {"both@exemple.ca"}


def test_an_audience_narrows_by_organisation_and_role(session: Session) -> None:
    organisation = make_organisation(session, slug="cisss-bsl")
    inside = make_member(session, organisation=organisation)
    broker = make_member(session, organisation=organisation)
    session.add(RoleGrant(member_id=broker.id, role=Role.BROKER))
    make_newsletter(session)
    make_subscriber(session, address="dedans@exemple.ca", member_id=inside.id)
    make_subscriber(session, address="courtage@exemple.ca", member_id=broker.id)
    make_subscriber(session)
    there = make_ready(session, audience={"organisations": ["cisss-bsl"]})
    team = make_ready(session, 2, audience={"roles": ["broker"]})

    assert _addresses(session, there) == {"dedans@exemple.ca", "courtage@exemple.ca"}
    assert _addresses(session, team) == {"courtage@exemple.ca"}


@pytest.mark.parametrize(
    ("frequency", "days_ago", "is_due"),
    [
        (Frequency.EACH, 1, True),
        (Frequency.MONTHLY, 26, False),
        (Frequency.MONTHLY, 28, True),
        (Frequency.QUARTERLY, 60, False),
        (Frequency.QUARTERLY, 91, True),
    ],
)
def test_nobody_is_written_to_more_often_than_they_wish(
    session: Session, frequency: Frequency, days_ago: int, is_due: bool
) -> None:
    earlier = make_ready(session)
    reader = make_subscriber(session, address="ada@exemple.ca", frequency=frequency)
    _received(session, earlier, reader, days_ago=days_ago)
    issue = make_ready(session, 2)

    assert _addresses(session, issue) == ({"ada@exemple.ca"} if is_due else set())


def test_whoever_reads_each_month_is_told_what_came_out_meanwhile(session: Session) -> None:
    first, second = make_ready(session), make_ready(session, 2)
    reader = make_subscriber(session, frequency=Frequency.MONTHLY, themes=["b", "a"])
    _received(session, first, reader, days_ago=40)
    second.state, second.published_at = IssueState.SENT, now() - timedelta(days=20)
    third = make_ready(session, 3)

    (found,) = recipients_of(session, third, at=now())

    assert found.since == ("en-bref-2",)
    assert found.wanted == ("a", "b")


def test_an_erratum_goes_to_those_who_received_what_it_corrects(session: Session) -> None:
    wrong = make_ready(session)
    reader = make_subscriber(session, address="ada@exemple.ca", frequency=Frequency.QUARTERLY)
    gone = make_subscriber(session)
    make_subscriber(session, address="venue-apres@exemple.ca")
    for one in (reader, gone):
        _received(session, wrong, one)
    gone.state = SubscriberState.UNSUBSCRIBED
    erratum = make_ready(session, 2, erratum_of_id=wrong.id, audience={"languages": ["en"]})

    assert _addresses(session, erratum) == {"ada@exemple.ca"}


def test_readers_of_a_large_audience_cost_no_more_statements(session: Session) -> None:
    issue = make_ready(session)
    for _one in range(12):
        make_subscriber(session, themes=["soins"], frequency=Frequency.MONTHLY)

    with statements() as seen:
        recipients_of(session, issue, at=now())

    assert len(seen) == 4


def test_an_issue_starts_with_a_row_for_each_and_its_message_kept(
    session: Session, settings: Settings
) -> None:
    issue = make_ready(session)
    readers = [make_subscriber(session, themes=["soins"]) for _one in range(3)]
    expected = count_audience(session, issue, at=now())
    parts = make_parts()

    assert freeze_issue(session, issue, parts, settings=settings) == expected == 3

    rows = session.scalars(select(Delivery).order_by(Delivery.id)).all()
    frozen = session.get_one(FrozenIssue, issue.id)
    assert [row.address for row in rows] == [reader.address for reader in readers]
    assert {row.state for row in rows} == {DeliveryState.QUEUED}
    assert len({row.message_id for row in rows}) == 3
    assert rows[0].domain == "exemple.ca"
    assert rows[0].wanted == ["soins"]
    assert (frozen.content, from_json(frozen.parts)) == (digest(parts), parts)
    assert session.scalars(select(IssueLink.url)).all() == [parts.links[0].url]
    assert issue.state is IssueState.SENDING
    assert issue.is_readable
    step = session.scalars(select(IssueStep)).one()
    assert (step.before, step.after) == (IssueState.SCHEDULED, IssueState.SENDING)


def test_an_issue_cannot_be_frozen_twice(session: Session, settings: Settings) -> None:
    make_newsletter(session)
    make_subscriber(session)
    issue = make_sending(session, settings=settings)
    session.expunge_all()

    with pytest.raises(IntegrityError):
        freeze_issue(session, issue, make_parts(), settings=settings)
    session.rollback()
