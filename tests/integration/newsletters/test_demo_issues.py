"""What a demonstration shows of the infolettres: one click from approval, and only there."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from inters4.core.clock import now
from inters4.core.installation import mark_demo
from inters4.members.queries import find_member_by_email
from inters4.members.services import seed_demo
from inters4.newsletters.models import (
    Issue,
    IssueState,
    Subscriber,
    SubscriberState,
    SubscriberStep,
)
from inters4.newsletters.queries.approvals import Task, tasks_of
from inters4.newsletters.services.demo import seed_newsletters
from inters4.settings import Settings
from tests.builders.newsletters import make_newsletter
from tests.builders.veille import make_summary
from tests.builders.vocabulary import make_vocabulary

S = SubscriberState


@pytest.fixture
def content(session: Session) -> Session:
    make_vocabulary(session)
    make_newsletter(session)
    make_summary(session, published_at=now())
    return session


def test_one_issue_waits_for_its_approval_and_another_is_being_written(
    content: Session, settings: Settings
) -> None:
    mark_demo(content)
    seed_demo(content)

    assert seed_newsletters(content, settings)

    states = content.scalars(select(Issue.state).order_by(Issue.number)).all()
    assert states == [IssueState.IN_REVIEW, IssueState.DRAFT]
    deputy = find_member_by_email(content, "frederique@exemple.invalid")
    assert deputy is not None
    assert [task for task, _issue in tasks_of(content, deputy.id)] == [Task.APPROVE]
    count = select(func.count()).select_from(Subscriber)
    subscribers = content.scalar(count)
    assert not seed_newsletters(content, settings)
    assert content.scalar(count) == subscribers


def test_a_real_database_has_none_of_it(content: Session, settings: Settings) -> None:
    with pytest.raises(RuntimeError):
        seed_newsletters(content, settings)


def test_each_reader_of_a_demonstration_has_the_proof_of_their_consent(
    content: Session, settings: Settings
) -> None:
    mark_demo(content)
    seed_demo(content)
    seed_newsletters(content, settings)

    readers = content.scalars(select(Subscriber)).all()
    steps = content.scalars(select(SubscriberStep).order_by(SubscriberStep.id)).all()
    states = {one.state for one in readers}
    assert states == {S.ACTIVE, S.PAUSED, S.UNSUBSCRIBED, S.BOUNCED}
    for reader in readers:
        own = [one for one in steps if one.subscriber_id == reader.id]
        assert [one.after for one in own[:2]] == [S.TO_CONFIRM, S.ACTIVE]
        assert own[0].at < own[1].at < now()
        assert own[1].at == reader.confirmed_at
        assert all(one.text and one.text_version and one.source for one in own[:2])
        assert own[-1].after is reader.state
