"""What becomes of an issue: taken away, told as sent elsewhere, corrected; to whom it goes."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect
from sqlalchemy import delete, select

from inters4.app import load_domains
from inters4.core import db
from inters4.core.clock import now
from inters4.core.db import writing
from inters4.core.jobs import jobs
from inters4.members.models import Member
from inters4.newsletters.exports.approved import content_of
from inters4.newsletters.exports.message import parts_of
from inters4.newsletters.models import (
    ApprovalDecision,
    Issue,
    IssueApproval,
    IssueState,
    IssueStep,
)
from inters4.settings import Settings
from tests.builders.newsletters import make_issue
from tests.e2e.accessibility import overflow, violations
from tests.e2e.conftest import OpenPage, Visit
from tests.e2e.portal import Portal
from tests.e2e.test_question import enter

ISSUE = "/infolettres/en-bref/98"
AUDIENCE = "/infolettres/en-bref/5/composer/destinataires"


@pytest.fixture
def approved(portal: Portal) -> Iterator[str]:
    """An approved issue of the demonstration; nothing is left of it afterwards."""
    load_domains()
    settings = Settings.from_env({"INTERS4_DATA_DIR": str(portal.data_dir)})
    jobs.bind(settings)
    db.dispose()
    db.bind(settings.database_url)
    with writing() as session:
        issue = make_issue(session, 98, state=IssueState.APPROVED, published_at=None)
        content = content_of(parts_of(session, issue, settings=settings), issue.audience)
        who = session.scalars(select(Member.id).limit(1)).one()
        session.add(
            IssueApproval(
                issue_id=issue.id,
                content=content,
                decision=ApprovalDecision.APPROVED,
                decided_by_id=who,
                decided_at=now(),
            )
        )
    yield "en-bref-98"
    with writing() as session:
        for model in (IssueApproval, IssueStep):
            session.execute(delete(model).where(model.issue_id == "en-bref-98"))
        session.delete(session.get_one(Issue, "en-bref-98"))
    db.dispose()
    jobs.close()


def look(opened: Visit) -> None:
    """Nothing is wrong, wide or narrow, light or dark."""
    page = opened.page
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        assert violations(page, only_colours=scheme == "dark") == []
    page.set_viewport_size({"width": 320, "height": 640})
    assert overflow(page) == 0
    page.set_viewport_size({"width": 1366, "height": 768})


def test_an_issue_is_taken_away_then_told_as_sent(visit: OpenPage, approved: str) -> None:
    opened = visit(reduced_motion="reduce", accept_downloads=True)
    page = enter(opened, "Dominique")
    opened.go(f"{ISSUE}/emporter")
    look(opened)
    with page.expect_download() as coming:
        page.get_by_role("button", name="Tout emporter (ZIP)").click()
    assert coming.value.suggested_filename == f"{approved}.zip"

    page.get_by_label("Nombre de personnes").fill("1240")
    page.get_by_role("button", name="Il a été envoyé").click()

    expect(page.get_by_text("Envoyé hors du portail le").first).to_be_visible()
    look(opened)
    opened.go(f"{ISSUE}/correction")
    look(opened)
    page.get_by_label("Ce qu’il fallait lire").fill("Il fallait lire 120 personnes.")
    page.get_by_role("button", name="Publier la note").click()
    expect(page.get_by_text("Il fallait lire 120 personnes.")).to_be_visible()
    look(opened)


def test_the_count_follows_what_is_ticked(visit: OpenPage) -> None:
    opened = visit(reduced_motion="reduce")
    page = enter(opened, "Dominique")
    opened.go(AUDIENCE)
    count = page.locator("#compte strong")
    everyone = count.inner_text()

    page.get_by_label("English", exact=True).check()

    expect(count).to_have_text("0")
    expect(page.get_by_text("Ces choix ne laissent personne")).to_be_visible()
    page.get_by_label("Français", exact=True).check()
    expect(count).to_have_text(everyone)
    opened.go(AUDIENCE)
    expect(page.get_by_label("Français", exact=True)).not_to_be_checked()


def test_the_count_is_had_without_javascript(visit: OpenPage) -> None:
    opened = visit(java_script_enabled=False)
    page = enter(opened, "Dominique")
    opened.go(AUDIENCE)
    page.get_by_label("English", exact=True).check()

    page.get_by_role("button", name="Compter").click()

    expect(page.locator("#compte strong")).to_have_text("0")
    expect(page.get_by_label("English", exact=True)).to_be_checked()
