"""An issue from its first draft to the search that finds it: a broker, a deputy, a reader."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import delete

from inters4.app import load_domains
from inters4.core import db
from inters4.core.db import writing
from inters4.core.jobs import jobs
from inters4.newsletters.models import (
    Delivery,
    FrozenIssue,
    Issue,
    IssueApproval,
    IssueLink,
    IssueStep,
    Newsletter,
    Subscriber,
    Subscription,
)
from inters4.settings import Settings
from tests.builders.newsletters import make_newsletter
from tests.builders.sending import make_subscriber
from tests.e2e.accessibility import overflow, violations
from tests.e2e.conftest import OpenPage, Visit
from tests.e2e.portal import Portal
from tests.e2e.test_joining import read_letter
from tests.e2e.test_question import enter

NAME, ISSUE = "parcours", "parcours-1"
READER = "lecture@exemple.ca"
TITLE = "Cartographier les parcours en région nordique"


@pytest.fixture
def newsletter(portal: Portal) -> Iterator[str]:
    """A newsletter with one subscriber and no issue; nothing is left of it afterwards."""
    load_domains()
    settings = Settings.from_env({"INTERS4_DATA_DIR": str(portal.data_dir)})
    jobs.bind(settings)
    db.dispose()
    db.bind(settings.database_url)
    with writing() as session:
        make_newsletter(session, NAME, title="Parcours")
        make_subscriber(session, address=READER, newsletter=NAME)
    yield f"/infolettres/{NAME}/1"
    with writing() as session:
        for model in (Delivery, FrozenIssue, IssueLink, IssueStep, IssueApproval):
            session.execute(delete(model).where(model.issue_id == ISSUE))
        issue = session.get(Issue, ISSUE)
        if issue is not None:
            session.delete(issue)
        session.flush()
        session.execute(delete(Subscription).where(Subscription.newsletter_id == NAME))
        session.execute(delete(Subscriber).where(Subscriber.address == READER))
        session.delete(session.get_one(Newsletter, NAME))
    db.dispose()
    jobs.close()


def is_well(page: Page) -> bool:
    """Nothing that axe sees, nothing that sticks out."""
    return violations(page) == [] and overflow(page) == 0


def say_who_sends(page: Page) -> None:
    page.get_by_role("link", name="Expéditeur : Parcours").click()
    page.get_by_label("Nom de qui envoie").fill("Équipe de courtage")
    page.get_by_label("Adresse postale").fill("1, rue de l’Exemple\nRimouski")
    page.get_by_role("button", name="Enregistrer").click()


def compose(page: Page) -> None:
    """Words, then another order by a button; what is typed survives the gesture."""
    page.get_by_label("Titre du numéro").fill(TITLE)
    page.get_by_label("Ligne d’aperçu").fill("Trois lectures, une fiche.")
    cited = page.locator("[data-item] a")
    first, second = cited.all_inner_texts()[:2]
    page.locator("[data-item]", has_text=first).get_by_role("button", name="Descendre").click()
    expect(cited.first).to_have_text(second)
    expect(cited.nth(1)).to_have_text(first)
    expect(page.get_by_label("Titre du numéro")).to_have_value(TITLE)
    page.get_by_role("button", name="Demander l’approbation").click()


def ask(page: Page) -> None:
    page.get_by_label("Personne qui approuve").select_option(label="Morgan Exemple")
    page.get_by_label("Suppléance").select_option(label="Frédérique Exemple")
    page.get_by_role("button", name="Demander l’approbation").click()
    expect(page.locator("#messages")).to_contain_text("L’approbation est demandée")


def test_an_issue_goes_from_its_draft_to_the_search_that_finds_it(
    visit: OpenPage, newsletter: str
) -> None:
    broker = visit(reduced_motion="reduce")
    page = enter(broker, "Dominique")
    broker.go("/infolettres/bureau")
    say_who_sends(page)
    page.get_by_role("button", name="Préparer le prochain numéro : Parcours").click()
    compose(page)
    ask(page)

    deputy = visit(width=390, height=844, reduced_motion="reduce")
    enter(deputy, "Frédérique")
    approve(deputy, newsletter)

    broker.go(f"{newsletter}/apercu")
    page.get_by_role("button", name="M’envoyer un essai").click()
    read_letter(broker, f"[ESSAI] {TITLE}")

    broker.go(f"{newsletter}/approbation")
    expect(page.locator("main")).to_contain_text("1 personne le recevra.")
    page.get_by_role("button", name="Envoyer maintenant").click()
    expect(page).to_have_url(f"{broker.url}{newsletter}/envoi")
    expect(page.get_by_text("Envoyé", exact=True)).to_be_visible(timeout=60_000)
    assert is_well(page)

    reader = visit(reduced_motion="reduce")
    read_letter(reader, TITLE)
    expect(reader.page.locator("main")).to_contain_text(READER)
    read_on_the_web(reader, newsletter)


def approve(opened: Visit, newsletter: str) -> None:
    """From « Mon tableau »: the deputy reads the message and approves it."""
    opened.go("/compte")
    page = opened.page
    page.get_by_role("link", name=re.compile(TITLE)).first.click()
    expect(page).to_have_url(opened.url + newsletter + "/approbation")
    assert is_well(page)
    page.get_by_role("button", name="Approuver").click()
    expect(page.locator("#messages")).to_contain_text("le numéro est approuvé")


def read_on_the_web(opened: Visit, newsletter: str) -> None:
    """The archive of the newsletter, then the search."""
    page = opened.page
    opened.go(f"/infolettres/{NAME}")
    page.get_by_role("link", name=TITLE).click()
    expect(page).to_have_url(opened.url + newsletter)
    expect(page.locator("h1")).to_have_text(TITLE)
    found = page.get_by_role("link", name=TITLE)
    opened.go_until(
        "/recherche?q=cartographier+parcours+nordique&type=numero", found.first.is_visible
    )
