"""The page of a sending: followed without loading it again, paused and taken up by a button."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import delete, select, update

from inters4.app import load_domains
from inters4.core import db
from inters4.core.clock import now
from inters4.core.db import writing
from inters4.core.jobs import jobs
from inters4.newsletters.models import (
    Delivery,
    DeliveryState,
    FrozenIssue,
    Issue,
    IssueLink,
    IssueState,
    IssueStep,
    Pause,
)
from inters4.newsletters.services.freezing import freeze_issue
from inters4.settings import Settings
from tests.builders.newsletters import make_issue
from tests.builders.sending import make_parts
from tests.e2e.accessibility import overflow, violations
from tests.e2e.conftest import OpenPage
from tests.e2e.portal import Portal

PAGE = "/infolettres/en-bref/99/envoi"


@pytest.fixture
def paused(portal: Portal) -> Iterator[str]:
    """An issue of the demonstration whose sending stopped; nothing is left of it afterwards."""
    load_domains()
    settings = Settings.from_env({"INTERS4_DATA_DIR": str(portal.data_dir)})
    jobs.bind(settings)
    db.dispose()
    db.bind(settings.database_url)
    with writing() as session:
        issue = make_issue(session, 99, newsletter="en-bref", state=IssueState.SCHEDULED)
        freeze_issue(session, issue, make_parts(), settings=settings)
        issue.state = IssueState.PAUSED
        session.get_one(FrozenIssue, issue.id).paused_for = Pause.REFUSALS
        session.flush()
        ids = session.scalars(select(Delivery.id).where(Delivery.issue_id == issue.id)).all()
        for number, state in enumerate((DeliveryState.SENT, DeliveryState.FAILED)):
            session.execute(
                update(Delivery)
                .where(Delivery.id == ids[number])
                .values(
                    state=state,
                    sent_at=now() - timedelta(minutes=3),
                    last_error="Le relais refuse le message (554 5.6.0).",
                )
            )
    yield "en-bref-99"
    with writing() as session:
        for model in (Delivery, FrozenIssue, IssueLink, IssueStep):
            session.execute(delete(model).where(model.issue_id == "en-bref-99"))
        session.delete(session.get_one(Issue, "en-bref-99"))
    db.dispose()
    jobs.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_sending_that_stopped_is_read_by_everyone_and_goes_on_by_itself(
    visit: OpenPage, paused: str, scheme: str
) -> None:
    opened = visit(color_scheme=scheme)
    opened.go("/connexion")
    opened.page.locator('button[name="personne"][value="dominique"]').click()
    opened.page.wait_for_load_state()
    opened.go(PAGE)
    page = opened.page

    expect(
        page.get_by_text("Trop de messages étaient refusés ou remis à plus tard")
    ).to_be_visible()
    assert violations(page) == []
    page.set_viewport_size({"width": 320, "height": 640})
    assert overflow(page) == 0

    page.get_by_role("button", name="Reprendre l’envoi").click()
    expect(page.get_by_text("L’envoi reprend où il s’était arrêté.")).to_be_visible()
    assert violations(page) == []
    expect(page.get_by_text("Envoyé", exact=True)).to_be_visible(timeout=60_000)
