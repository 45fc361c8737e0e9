"""An issue whose hour has come leaves, or waits for a person; a sending stops and goes on."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.access import ANONYMOUS, Role, Viewer
from inters4.core.audit import AuditEntry
from inters4.core.clock import now
from inters4.core.errors import Conflict, DomainError, NotFound
from inters4.core.hooks import hooks
from inters4.core.installation import name_installation
from inters4.core.jobs import jobs
from inters4.core.mail import QueuedMail
from inters4.core.notices import Noticed
from inters4.newsletters.exports.message import digest, parts_of
from inters4.newsletters.exports.sending_notices import HOLDS, PAUSES, SENDING_KIND, about_sending
from inters4.newsletters.models import (
    ApprovalDecision,
    Delivery,
    DeliveryState,
    FrozenIssue,
    Hold,
    Issue,
    IssueApproval,
    IssueState,
    Pause,
)
from inters4.newsletters.services.claiming import SENT, claim_next, settle
from inters4.newsletters.services.pausing import (
    finish_sending,
    pause_by_itself,
    pause_sending,
    resume_sending,
    stop_sending,
)
from inters4.newsletters.services.starting import confirm_start, start_next_due
from inters4.newsletters.services.suppressing import suppress_left
from inters4.notices.models import Notice
from inters4.settings import Settings
from tests.builders.members import make_viewer
from tests.builders.newsletters import make_newsletter
from tests.builders.sending import make_ready, make_sending, make_subscriber


@pytest.fixture(autouse=True)
def _bound(settings: Settings) -> Iterator[None]:
    jobs.bind(settings)
    yield
    jobs.close()


@pytest.fixture
def broker(session: Session) -> Viewer:
    return make_viewer(session, role=Role.BROKER)


@pytest.fixture
def due(session: Session, settings: Settings) -> Callable[..., Issue]:
    """Makes an approved issue whose hour came a moment ago, and its only reader."""

    def make(*, hours_ago: float = 0.1, has_reader: bool = True) -> Issue:
        issue = make_ready(
            session,
            send_at=now() - timedelta(hours=hours_ago),
            instance=name_installation(session).instance,
        )
        if has_reader:
            make_subscriber(session)
        session.add(
            IssueApproval(
                issue_id=issue.id,
                content=digest(parts_of(session, issue, settings=settings)),
                decision=ApprovalDecision.APPROVED,
            )
        )
        session.flush()
        return issue

    return make


def test_an_issue_leaves_once_its_hour_has_come(
    session: Session, settings: Settings, due: Callable[..., Issue]
) -> None:
    issue = due()

    assert start_next_due(session, settings=settings) == issue.id
    assert start_next_due(session, settings=settings) is None

    assert issue.state is IssueState.SENDING
    assert len(session.scalars(select(Delivery)).all()) == 1


def test_an_issue_waits_for_its_hour(
    session: Session, settings: Settings, due: Callable[..., Issue]
) -> None:
    due(hours_ago=-1)

    assert start_next_due(session, settings=settings) is None


@pytest.mark.parametrize("hold", list(Hold))
def test_what_is_not_sure_waits_for_a_person(
    session: Session,
    settings: Settings,
    broker: Viewer,
    due: Callable[..., Issue],
    hold: Hold,
) -> None:
    issue = due(hours_ago=25 if hold is Hold.LATE else 0.1, has_reader=hold is not Hold.EMPTY)
    if hold is Hold.INSTANCE:
        name_installation(session).instance = "another"
    if hold is Hold.CHANGED:
        issue.title = "Un autre titre"
    session.flush()

    assert start_next_due(session, settings=settings) == issue.id

    assert (issue.state, issue.held_for) == (IssueState.SCHEDULED, hold)
    assert start_next_due(session, settings=settings) is None
    assert session.scalars(select(Delivery)).all() == []
    told = _told(session, issue, broker)
    assert told == HOLDS[hold]()


@pytest.mark.parametrize("hold", [Hold.LATE, Hold.INSTANCE])
def test_a_person_who_saw_why_sends_it_all_the_same(
    session: Session,
    settings: Settings,
    broker: Viewer,
    due: Callable[..., Issue],
    hold: Hold,
) -> None:
    issue = due(hours_ago=25 if hold is Hold.LATE else 0.1)
    if hold is Hold.INSTANCE:
        name_installation(session).instance = "another"
    start_next_due(session, settings=settings)

    assert confirm_start(session, issue, by=broker, settings=settings) == 1

    assert (issue.state, issue.held_for) == (IssueState.SENDING, "")
    assert issue.instance == name_installation(session).instance
    entry = session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.detail) == ("newsletters.start", {"held_for": hold})
    with pytest.raises(Conflict):
        confirm_start(session, issue, by=broker, settings=settings)


def test_nobody_sends_a_message_that_was_not_approved(
    session: Session, settings: Settings, broker: Viewer, due: Callable[..., Issue]
) -> None:
    issue = due()
    issue.title = "Un autre titre"
    session.flush()
    start_next_due(session, settings=settings)

    with pytest.raises(DomainError, match="nouvelle approbation"):
        confirm_start(session, issue, by=broker, settings=settings)


def test_only_the_team_conducts_a_sending(
    session: Session, settings: Settings, due: Callable[..., Issue]
) -> None:
    issue = due(hours_ago=30)
    start_next_due(session, settings=settings)

    for by in (ANONYMOUS, make_viewer(session)):
        with pytest.raises(NotFound):
            confirm_start(session, issue, by=by, settings=settings)
        for gesture in (pause_sending, resume_sending, stop_sending):
            with pytest.raises(NotFound):
                gesture(session, issue, by=by)


def test_a_sending_goes_on_exactly_where_it_stopped(
    session: Session, settings: Settings, broker: Viewer
) -> None:
    make_newsletter(session)
    for _one in range(3):
        make_subscriber(session)
    issue = make_sending(session, settings=settings)
    claim = claim_next(session, issue.id, owner="un")
    assert claim is not None
    settle(session, claim, SENT)

    pause_sending(session, issue, by=broker)
    assert claim_next(session, issue.id, owner="un") is None
    with pytest.raises(Conflict):
        pause_sending(session, issue, by=broker)
    resume_sending(session, issue, by=broker)

    left = []
    while (claim := claim_next(session, issue.id, owner="un")) is not None:
        left.append(claim.attempts)
        settle(session, claim, SENT)
    assert left == [1, 1]
    assert finish_sending(session, issue.id)
    assert issue.state is IssueState.SENT


def test_a_sending_ended_for_good_leaves_the_rest_out(
    session: Session, settings: Settings, broker: Viewer
) -> None:
    make_newsletter(session)
    for _one in range(3):
        make_subscriber(session)
    issue = make_sending(session, settings=settings)
    with pytest.raises(Conflict):
        stop_sending(session, issue, by=broker)
    pause_sending(session, issue, by=broker)

    assert stop_sending(session, issue, by=broker) == 3

    assert issue.state is IssueState.SENT
    states = session.scalars(select(Delivery.state)).all()
    assert set(states) == {DeliveryState.SUPPRESSED}


@pytest.mark.parametrize("why", [Pause.REFUSALS, Pause.RELAY, Pause.INSTANCE])
def test_the_team_is_told_of_a_sending_that_stops_by_itself(
    session: Session, settings: Settings, broker: Viewer, why: Pause
) -> None:
    make_newsletter(session)
    make_subscriber(session)
    issue = make_sending(session, settings=settings)

    pause_by_itself(session, issue.id, why)
    pause_by_itself(session, issue.id, Pause.PERSON)

    assert session.get_one(FrozenIssue, issue.id).paused_for == why
    assert _told(session, issue, broker) == PAUSES[why]()
    assert _told(session, issue, make_viewer(session)) == ""
    resume_sending(session, issue, by=broker)
    assert _told(session, issue, broker) == ""


def test_the_team_is_written_to_each_time_that_a_sending_stops(
    session: Session, settings: Settings, broker: Viewer
) -> None:
    make_newsletter(session)
    make_subscriber(session)
    issue = make_sending(session, settings=settings)

    pause_by_itself(session, issue.id, Pause.RELAY)
    resume_sending(session, issue, by=broker)
    unread = select(Notice.id).where(Notice.kind == SENDING_KIND, Notice.read_at.is_(None))
    assert session.scalars(unread).all() == []
    pause_by_itself(session, issue.id, Pause.RELAY)

    assert len(session.scalars(unread).all()) == 1
    mails = select(QueuedMail.parameters["refused_as"].as_string())
    assert session.scalars(mails).all() == [SENDING_KIND, SENDING_KIND]


def test_a_claim_lost_to_another_sender_settles_nothing(
    session: Session, settings: Settings
) -> None:
    make_newsletter(session)
    make_subscriber(session)
    issue = make_sending(session, settings=settings)
    claim = claim_next(session, issue.id, owner="un")
    assert claim is not None
    session.get_one(Delivery, claim.id).lease_until = now() - timedelta(minutes=1)
    session.flush()
    other = claim_next(session, issue.id, owner="deux")
    assert other is not None

    assert not settle(session, claim, SENT)
    assert settle(session, other, SENT)
    assert (other.id, other.message_id, other.uncertain) == (claim.id, claim.message_id, 1)


def test_a_domain_at_rest_is_left_for_later(session: Session, settings: Settings) -> None:
    make_newsletter(session)
    for address in ("un@repos.ca", "deux@autre.ca"):
        make_subscriber(session, address=address)
    issue = make_sending(session, settings=settings)

    first = claim_next(session, issue.id, owner="un", avoiding=["repos.ca"])
    none = claim_next(session, issue.id, owner="un", avoiding=["repos.ca", "autre.ca"])

    assert first is not None
    assert (first.address, none) == ("deux@autre.ca", None)


def test_nobody_is_set_aside_who_still_receives(session: Session, settings: Settings) -> None:
    make_newsletter(session)
    make_subscriber(session)
    issue = make_sending(session, settings=settings)

    assert suppress_left(session, issue.id) == 0


def _told(session: Session, issue: Issue, viewer: Viewer) -> str:
    """What this person reads of the sending now; nothing when it asks for nobody."""
    tell = hooks.notice_kinds[SENDING_KIND].tell
    assert viewer.member_id is not None
    session.flush()
    told = tell(session, [Noticed(1, viewer.member_id, about_sending(issue.id))])
    return "" if 1 not in told or told[1].is_over else told[1].text
