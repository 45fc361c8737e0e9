"""Whoever received a summary is written to when it is corrected, replaced or retracted."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.clock import now
from inters4.core.i18n import use_locale
from inters4.core.jobs import jobs
from inters4.core.mail import QueuedMail, kinds
from inters4.core.mail.render import render
from inters4.newsletters.exports.letters import CORRECTION
from inters4.newsletters.models import (
    Delivery,
    DeliveryState,
    Issue,
    IssueCorrection,
    IssueState,
    ItemKind,
    Subscriber,
    SubscriberState,
)
from inters4.settings import Settings
from inters4.veille.models import Summary, SummaryState
from inters4.veille.services.summaries import tell_readers
from tests.builders.newsletters import item, make_issue, make_newsletter
from tests.builders.sending import make_subscriber
from tests.builders.veille import make_summary


@pytest.fixture
def summary(session: Session, settings: Settings) -> Iterator[Summary]:
    """A summary in an issue that left."""
    jobs.bind(settings)
    make_newsletter(session)
    found = make_summary(session, "suivi-a-domicile", title="Le suivi à domicile")
    make_issue(
        session,
        state=IssueState.SENT,
        published_at=now(),
        items=(item(ItemKind.SUMMARY, summary="suivi-a-domicile"),),
    )
    yield found
    jobs.close()


def received(
    session: Session, address: str, state: DeliveryState = DeliveryState.SENT
) -> Subscriber:
    found = make_subscriber(session, address=address)
    issue = session.scalars(select(Issue)).one()
    session.add(
        Delivery(
            issue_id=issue.id,
            subscriber_id=found.id,
            address=address,
            state=state,
            message_id=f"<{address}>",
        )
    )
    session.flush()
    return found


def letters(session: Session) -> list[QueuedMail]:
    found = select(QueuedMail).where(QueuedMail.kind == CORRECTION).order_by(QueuedMail.recipient)
    return list(session.scalars(found))


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (SummaryState.CORRECTED, "a été corrigé"),
        (SummaryState.REPLACED, "a été remplacé"),
        (SummaryState.RETRACTED, "a été rétracté"),
    ],
)
def test_those_who_received_it_are_told(
    session: Session, settings: Settings, summary: Summary, state: SummaryState, said: str
) -> None:
    reader = received(session, "ada@exemple.ca")
    received(session, "bea@exemple.ca", DeliveryState.BOUNCED)
    make_subscriber(session, address="clo@exemple.ca")
    summary.state, summary.state_reason = state, "Une unité était fausse."

    tell_readers(session, summary)

    (letter,) = letters(session)
    assert letter.recipient == reader.address
    kept = session.scalars(select(IssueCorrection)).one()
    assert (kept.issue_id, kept.state, kept.letters) == ("en-bref-1", state, 1)
    facts = kinds[CORRECTION].context(session, letter)
    assert facts is not None
    with use_locale("fr"):
        made = render(letter.template, {**letter.parameters, **facts}, settings=settings)
    assert said in made.subject
    for part in (made.text, made.html):
        assert "Le suivi à domicile" in part
        assert "Une unité était fausse." in part
        assert "/infolettres/desabonnement/" in part
    assert facts["headers"]["List-Unsubscribe"].startswith(f"<{settings.url}/infolettres/desab")


def test_whoever_left_before_it_leaves_is_not_written_to(
    session: Session, summary: Summary
) -> None:
    reader = received(session, "ada@exemple.ca")
    summary.state = SummaryState.RETRACTED
    tell_readers(session, summary)
    (letter,) = letters(session)

    reader.state = SubscriberState.UNSUBSCRIBED
    session.flush()

    assert kinds[CORRECTION].context(session, letter) is None


def test_a_summary_that_stands_again_tells_nobody(session: Session, summary: Summary) -> None:
    received(session, "ada@exemple.ca")
    summary.state = SummaryState.RETRACTED
    tell_readers(session, summary)

    summary.state = SummaryState.PUBLISHED
    session.flush()

    assert kinds[CORRECTION].context(session, letters(session)[0]) is None
