"""The whole life of a sheet, by seven people of two organisations, each in their own browser."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from inters4.app import load_domains
from inters4.core import db
from inters4.core.access import Viewer
from inters4.members.services.sessions import Origin, open_session
from inters4.practices.queries.revisions import open_revision_of
from tests.builders.revisions import Cast, fill, make_cast, whole_sheet
from tests.e2e.accessibility import violations
from tests.e2e.conftest import OpenPage, Visit
from tests.e2e.portal import Portal

TITLE = "Essai d’une visite par semaine, exemple fictif"


@dataclass(frozen=True, slots=True)
class Company:
    """The people of a sheet's life, each with an open session."""

    cast: Cast
    sessions: Mapping[str, str]

    def enter(self, visit: OpenPage, who: str, **options: object) -> Visit:
        """A browser in which this person is signed in."""
        opened = visit(reduced_motion="reduce", **options)
        opened.page.context.add_cookies(
            [{"name": "session", "value": self.sessions[who], "url": opened.url}]
        )
        return opened


@pytest.fixture
def company(portal: Portal) -> Iterator[Company]:
    """Seven people who did not exist a moment ago, in the portal that runs."""
    load_domains()
    db.dispose()
    db.bind(f"sqlite:///{portal.data_dir / 'inters4.db'}")
    with db.writing() as session:
        cast = make_cast(session)
        people = {name: getattr(cast, name) for name in Cast.__slots__}
        sessions = {
            name: open_session(session, one.member_id, origin=Origin(address="192.0.2.1")).token
            for name, one in people.items()
            if isinstance(one, Viewer) and one.member_id is not None
        }
    yield Company(cast, sessions)
    db.dispose()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def unfold(page: Page, summary: str) -> None:
    page.locator("summary", has_text=summary).click()


def here(page: Page, state: str) -> None:
    """The line of steps says so."""
    expect(page.locator(".steps [aria-current=step]")).to_have_text(state)


def review(opened: Visit, *, maturity: str) -> None:
    """Read, rate and send from « Mon tableau »."""
    page = opened.page
    opened.go("/compte")
    page.get_by_role("link", name=f"Relire\u00a0: {TITLE}").click()
    expect(page.locator("h1")).to_have_text(TITLE)
    page.get_by_role("radio", name=maturity).check()
    page.get_by_role("radio", name=re.compile("^Suggestive")).check()
    page.get_by_label("Justification").fill("Deux mesures concordent, sans groupe témoin.")
    page.get_by_role("radio", name="Publier", exact=True).check()
    page.get_by_role("checkbox", name=re.compile("aucun intérêt")).check()
    assert violations(page) == []
    press(page, "Rendre ma relecture")
    expect(page.locator("main")).to_contain_text("Vous avez rendu cette relecture")


def propose(opened: Visit) -> str:
    """Three fields, then the button; the address of the dossier."""
    page = opened.page
    opened.go("/pratiques/proposer")
    page.get_by_label("Titre").fill(TITLE)
    page.get_by_label("Le problème").fill("L’attente est longue.")
    page.get_by_label("La solution").fill("Une visite par semaine.")
    press(page, "Commencer la fiche")
    press(page, "Proposer à l’équipe de courtage")
    here(page, "Proposée")
    return page.url.removeprefix(opened.url).partition("#")[0]


def write_all(company: Company, practice_id: str) -> None:
    """What the owner and the broker write together, block by block: it has its own test."""
    with db.writing() as session:
        revision = open_revision_of(session, practice_id)
        assert revision is not None
        title = revision.values["title"]
        fill(session, revision, whole_sheet(company.cast))
        revision.values = {**revision.values, "title": title}


def name_reviewers(opened: Visit, dossier: str, *names: str) -> None:
    opened.go(dossier)
    for name in names:
        opened.page.get_by_role("checkbox", name=name).check()
    assert violations(opened.page) == []
    opened.page.locator("#decision-relectures button[type=submit]").click()
    expect(opened.page.locator("main")).to_contain_text(names[0])


def admit_and_draft(broker: Visit, company: Company, dossier: str) -> None:
    """The broker admits it and writes it; what is missing is told before it goes to its owner."""
    page = broker.page
    broker.go("/compte")
    page.get_by_role("link", name="À examiner").click()
    page.get_by_role("link", name=TITLE).click()
    press(page, "Admettre la fiche")
    here(page, "Admise")
    press(page, "Je la prends en rédaction")
    press(page, "Envoyer à l’équipe porteuse")
    expect(page.locator(".error-summary").last).to_contain_text("Nommez l’équipe porteuse.")
    assert ["422" in said for said in broker.complaints] == [True]
    broker.complaints.clear()
    write_all(company, dossier.rpartition("/")[2])
    broker.go(dossier)
    press(page, "Envoyer à l’équipe porteuse")
    here(page, "À valider par l’équipe porteuse")


def validate(owner: Visit) -> None:
    page = owner.page
    owner.go("/compte")
    page.get_by_role("link", name=f"Valider\u00a0: {TITLE}").click()
    press(page, "Valider la fiche")
    here(page, "En relecture")


def approve(signatory: Visit, address: str) -> None:
    """The link of the letter, then one button."""
    signatory.go(address)
    assert violations(signatory.page) == []
    press(signatory.page, "Approuver la fiche")
    expect(signatory.page.locator("h1")).to_have_text("Mon tableau")


def publish(coordination: Visit) -> str:
    """From « Mon tableau » to readers; the address of the sheet."""
    page = coordination.page
    coordination.go("/compte")
    page.get_by_role("link", name="À publier").click()
    page.get_by_role("link", name=TITLE).click()
    unfold(page, "Publier la fiche")
    assert violations(page) == []
    press(page, f"Publier «\u00a0{TITLE}\u00a0»")
    expect(page.locator("h1")).to_have_text(TITLE)
    return page.url.removeprefix(coordination.url)


def change_a_little(owner: Visit, broker: Visit, company: Company, sheet: str) -> None:
    """The owner takes the sheet up again; the broker publishes a minor change."""
    owner.go(sheet)
    press(owner.page, "Réviser la fiche")
    dossier = owner.page.url.removeprefix(owner.url).partition("#")[0]
    with db.writing() as session:
        revision = open_revision_of(session, dossier.rpartition("/")[2])
        assert revision is not None
        revision.values = {**revision.values, "subtitle": "Nouvelle version"}
        revision.written_by_id = company.cast.owner.member_id
    broker.go(dossier)
    unfold(broker.page, "Publier comme changement mineur")
    broker.page.get_by_label("Ce qui change, en une phrase").fill("Un sous-titre.")
    press(broker.page, "Publier le changement")


def withdraw(coordination: Visit, sheet: str) -> None:
    page = coordination.page
    coordination.go(sheet)
    page.get_by_role("link", name="Retirer la fiche").click()
    page.get_by_label("Pourquoi").fill("Essai terminé.")
    assert violations(page) == []
    press(page, f"Retirer «\u00a0{TITLE}\u00a0»")


def reads(reader: Visit, address: str, *texts: str) -> None:
    """What anyone finds there."""
    reader.go(address)
    for text in texts:
        expect(reader.page.locator("main")).to_contain_text(text)


def test_a_sheet_goes_from_a_proposal_to_its_withdrawal(visit: OpenPage, company: Company) -> None:
    owner, broker = company.enter(visit, "owner"), company.enter(visit, "broker")
    coordination, reader = company.enter(visit, "coordination"), visit(reduced_motion="reduce")

    dossier = propose(owner)
    admit_and_draft(broker, company, dossier)
    validate(owner)
    name_reviewers(coordination, dossier, "Rose Relectrice", "Rémi Relecteur")
    review(company.enter(visit, "first", width=390, height=844), maturity="Prometteuse")
    review(company.enter(visit, "second"), maturity="Émergente")
    name_reviewers(coordination, dossier, "Thierry Tiers")
    review(company.enter(visit, "third"), maturity="Prometteuse")
    signatory = company.enter(visit, "signatory", width=390, height=844)
    asked = dossier.replace("/pratiques/dossiers/", "/approbations-fiches/")
    approve(signatory, f"{asked}/{company.cast.carrying.slug}")
    sheet = publish(coordination)
    reads(reader, sheet, "Cotes révisées le", "Rose Relectrice", "Maturité\u00a0: prometteuse")
    change_a_little(owner, broker, company, sheet)
    reads(reader, sheet, "Nouvelle version")
    reads(reader, f"{sheet}/historique", "Un sous-titre.")
    withdraw(coordination, sheet)
    reads(reader, sheet, "Essai terminé.")


def test_a_draft_of_a_review_is_kept_while_one_writes(visit: OpenPage) -> None:
    opened = visit(reduced_motion="reduce")
    page = opened.page
    opened.go("/connexion")
    page.get_by_role("button", name="Claude").click()
    opened.go("/compte")
    page.get_by_role("link", name=re.compile("^Relire")).click()
    page.wait_for_load_state()

    page.get_by_label("Justification").fill("Un début de justification.")
    expect(page.locator("[data-draft-status]")).to_have_text("Brouillon gardé")
    page.reload()

    expect(page.get_by_label("Justification")).to_have_value("Un début de justification.")
