"""What nobody approves: the coordination releases it alone, where the installation allows it."""

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.app import create_app
from inters4.core.audit import AuditEntry
from inters4.core.db import reading, writing
from inters4.core.errors import Conflict, DomainError, NotAllowed
from inters4.newsletters.models import ApprovalDecision, Issue, IssueState
from inters4.newsletters.queries.approvals import approvals_of, standing_approval, steps_of
from inters4.newsletters.services.approving import release
from inters4.newsletters.services.composing import note_writer
from inters4.newsletters.services.scheduling import schedule
from inters4.newsletters.views.wording import step_word
from inters4.settings import Settings
from tests.builders.approved import LATER, ask, make_whole_newsletter, make_written, shown
from tests.builders.members import browser_of
from tests.builders.sending import make_subscriber
from tests.builders.summaries import Team, make_team
from tests.builders.web import sent_by

PAGE = "/infolettres/en-bref/1/approbation"
WHY = "Les deux personnes sont en congé."


@pytest.fixture
def open_settings(settings: Settings) -> Settings:
    return replace(settings, release_alone=True)


@pytest.fixture
def team(session: Session) -> Team:
    return make_team(session)


@pytest.fixture
def issue(session: Session, team: Team, settings: Settings) -> Issue:
    made = make_written(session, make_whole_newsletter(session), team)
    make_subscriber(session)
    ask(session, made, team, settings)
    return made


def test_the_coordination_releases_alone_and_says_why(
    session: Session, issue: Issue, team: Team, open_settings: Settings
) -> None:
    release(
        session,
        issue,
        seen=shown(session, issue, open_settings),
        reason=f"  {WHY} ",
        by=team.coordination,
        settings=open_settings,
    )

    assert issue.state is IssueState.APPROVED
    (approval,) = approvals_of(session, issue.id)
    assert approval.decision is ApprovalDecision.RELEASED
    assert (approval.reason, approval.decided_by_id) == (WHY, team.coordination.member_id)
    step = steps_of(session, issue.id)[0]
    assert (step_word(step), step.reason) == ("Libéré par la coordination", WHY)
    entry = session.scalars(
        select(AuditEntry).where(AuditEntry.action == "newsletters.release")
    ).one()
    assert entry.detail == {"to_state": "approved", "reason": WHY}
    assert standing_approval(session, issue.id) is approval
    at = approval.asked_at + LATER
    schedule(session, issue, at=at, by=team.writer, settings=open_settings)


def test_it_is_off_until_the_installation_says_so(
    session: Session, issue: Issue, team: Team, settings: Settings
) -> None:
    assert not settings.release_alone
    seen = shown(session, issue, settings)

    with pytest.raises(NotAllowed):
        release(session, issue, seen=seen, reason=WHY, by=team.coordination, settings=settings)


def test_neither_a_broker_nor_whoever_wrote_releases_alone(
    session: Session, issue: Issue, team: Team, open_settings: Settings
) -> None:
    seen = shown(session, issue, open_settings)
    with pytest.raises(NotAllowed):
        release(session, issue, seen=seen, reason=WHY, by=team.reviewer, settings=open_settings)
    issue.state = IssueState.DRAFT
    note_writer(session, issue, by=team.coordination)
    issue.state = IssueState.IN_REVIEW
    session.flush()

    with pytest.raises(NotAllowed):
        release(session, issue, seen=seen, reason=WHY, by=team.coordination, settings=open_settings)


def test_a_reason_and_the_very_message_are_needed(
    session: Session, issue: Issue, team: Team, open_settings: Settings
) -> None:
    seen = shown(session, issue, open_settings)
    with pytest.raises(DomainError) as refused:
        release(session, issue, seen=seen, reason=" ", by=team.coordination, settings=open_settings)
    assert refused.value.about == "raison"
    issue.title = "Un autre titre"
    session.flush()

    with pytest.raises(Conflict):
        release(session, issue, seen=seen, reason=WHY, by=team.coordination, settings=open_settings)


@pytest.mark.parametrize("is_open", [True, False])
def test_the_page_offers_it_where_it_is_allowed(
    app: Flask, settings: Settings, is_open: bool
) -> None:
    with writing() as session:
        team = make_team(session)
        made = make_written(session, make_whole_newsletter(session), team)
        make_subscriber(session)
        ask(session, made, team, settings)
    portal = create_app(replace(settings, release_alone=is_open))
    browser = browser_of(portal, team.coordination)
    html = browser.get(PAGE).get_data(as_text=True)

    assert ("Libérer le numéro" in html) == is_open

    sent = sent_by(html)
    data = {"csrf_token": sent["csrf_token"], "message": sent["message"], "raison": WHY}
    answer = browser.post(f"{PAGE}/liberation", data={**data, "geste": "liberation"})
    assert answer.status_code == (303 if is_open else 403)
    again = browser.post(f"{PAGE}/liberation", data={**data, "geste": "liberation"})
    assert again.status_code == answer.status_code
    with reading() as session:
        found = session.scalars(select(Issue.state)).one()
        assert (found is IssueState.APPROVED) == is_open
    assert (WHY in browser.get(PAGE).get_data(as_text=True)) == is_open
