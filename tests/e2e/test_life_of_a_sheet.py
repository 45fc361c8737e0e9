"""The whole life of a sheet, by eight people of two organisations, each in their own browser.

Only the clock is moved from outside, and the worker’s round made; the rest is pages and a letter.
"""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.accessibility import violations
from tests.e2e.company import Company, gathered, let_two_years_pass, open_letter
from tests.e2e.conftest import OpenPage, Visit
from tests.e2e.portal import Portal
from tests.e2e.sheet_forms import fill_page, write_sheet

TITLE = "Essai d’une visite par semaine, exemple fictif"
TEAM = "Équipe du fjord (exemple fictif)"
FIRST_REASON = "Deux mesures concordent, sans groupe témoin."
SECOND_REASON = "Une seule équipe, une seule année."


@pytest.fixture
def company(portal: Portal, visit: OpenPage) -> Iterator[Company]:
    with gathered(portal, visit) as people:
        yield people


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def unfold(page: Page, summary: str) -> None:
    page.locator("summary", has_text=summary).click()


def here(page: Page, state: str) -> None:
    """The line of steps says so."""
    expect(page.locator(".steps [aria-current=step]")).to_have_text(state)


def refused(opened: Visit, *texts: str) -> None:
    """What is missing is told; the browser tells of the refusal too."""
    for text in texts:
        expect(opened.page.locator(".error-summary").last).to_contain_text(text)
    assert ["422" in said for said in opened.complaints] == [True]
    opened.complaints.clear()


def reads(opened: Visit, address: str, *texts: str) -> None:
    """What is found there."""
    opened.go(address)
    for text in texts:
        expect(opened.page.locator("main")).to_contain_text(text)


def propose(owner: Visit) -> str:
    """Three fields, then the button; the address of the dossier."""
    page = owner.page
    owner.go("/pratiques/proposer")
    page.get_by_label("Titre").fill(TITLE)
    page.get_by_label("Le problème").fill("L’attente est longue.")
    page.get_by_label("La solution").fill("Une visite par semaine.")
    press(page, "Commencer la fiche")
    press(page, "Proposer à l’équipe de courtage")
    here(page, "Proposée")
    return page.url.removeprefix(owner.url).partition("#")[0]


def admit_and_draft(broker: Visit) -> None:
    """The broker admits it and writes it page by page; what is missing is told at each end."""
    page = broker.page
    broker.go("/compte")
    page.get_by_role("link", name="À examiner").click()
    page.get_by_role("link", name=TITLE).click()
    press(page, "Admettre la fiche")
    here(page, "Admise")
    press(page, "Je la prends en rédaction")
    press(page, "Envoyer à l’équipe porteuse")
    refused(broker, "Nommez l’équipe porteuse.", "Choisissez au moins un thème.")
    page.get_by_role("link", name="Nommez l’équipe porteuse.").first.click()
    write_sheet(page)
    press(page, "Envoyer à l’équipe porteuse")
    here(page, "À valider par l’équipe porteuse")


def validate(owner: Visit, broker: Visit) -> None:
    """The owner finds that interests are missing, sends it back, declares them, then validates."""
    page = owner.page
    owner.go("/compte")
    page.get_by_role("link", name=f"Valider\u00a0: {TITLE}").click()
    dossier = page.url
    press(page, "Valider la fiche")
    refused(
        owner,
        "Déclarez les intérêts, ou « aucun ».".replace("« ", "«\u00a0").replace(" »", "\u00a0»"),
    )
    unfold(page, "Renvoyer en rédaction")
    page.get_by_label("Ce qu’il faut changer").fill("Nos intérêts, que nous déclarons.")
    press(page, "Renvoyer la fiche")
    here(page, "En rédaction")
    page.get_by_role("link", name="Déontologie").click()
    fill_page(page, "deontologie")
    page.get_by_role("button", name="Enregistrer et revenir au dossier").click()
    reads(broker, dossier.removeprefix(owner.url), "Nos intérêts, que nous déclarons.")
    press(broker.page, "Envoyer à l’équipe porteuse")
    page.reload()
    press(page, "Valider la fiche")
    here(page, "En relecture")


def name_reviewers(coordination: Visit, dossier: str, *names: str) -> None:
    """People of the carrying organisation are not among those who may be asked."""
    page = coordination.page
    coordination.go(dossier)
    expect(page.get_by_role("checkbox", name="Simon Signataire")).to_have_count(0)
    for name in names:
        page.get_by_role("checkbox", name=name).check()
    assert violations(page) == []
    page.locator("#decision-relectures button[type=submit]").click()
    expect(page.locator("main")).to_contain_text(names[0])


def review(opened: Visit, *, maturity: str, reason: str) -> str:
    """Read, rate and send from « Mon tableau »; the address of the review."""
    page = opened.page
    opened.go("/compte")
    page.get_by_role("link", name=f"Relire\u00a0: {TITLE}").click()
    expect(page.locator("h1")).to_have_text(TITLE)
    expect(page.locator("main")).to_contain_text("cotes proposées, non révisées")
    page.get_by_role("radio", name=maturity).check()
    page.get_by_role("radio", name=re.compile("^Suggestive")).check()
    page.get_by_label("Justification").fill(reason)
    page.get_by_role("radio", name="Publier", exact=True).check()
    page.get_by_role("checkbox", name=re.compile("aucun intérêt")).check()
    assert violations(page) == []
    press(page, "Rendre ma relecture")
    expect(page.locator("main")).to_contain_text("Vous avez rendu cette relecture")
    return page.url.removeprefix(opened.url)


def review_apart(first: Visit, second: Visit, owner: Visit, dossier: str) -> None:
    """Two reviews that disagree; neither person, nor the owner, reads what the other wrote."""
    of_first = review(first, maturity="Prometteuse", reason=FIRST_REASON)
    second.go("/compte")
    second.page.get_by_role("link", name=f"Relire\u00a0: {TITLE}").click()
    for hidden in (FIRST_REASON, "Rose Relectrice"):
        expect(second.page.locator("body")).not_to_contain_text(hidden)
    of_second = review(second, maturity="Émergente", reason=SECOND_REASON)
    for other, address in ((second, of_first), (first, of_second), (owner, of_first)):
        other.go(address)
        expect(other.page.locator("h1")).to_have_text("Cette page n’existe pas")
    first.go(of_first)
    expect(first.page.locator("body")).not_to_contain_text(SECOND_REASON)
    owner.go(dossier)
    for hidden in (FIRST_REASON, SECOND_REASON, "Rose Relectrice", "Rémi Relecteur"):
        expect(owner.page.locator("body")).not_to_contain_text(hidden)


def adjudicate(third: Visit) -> None:
    """The third reads both reviews, without names; their ratings stand."""
    page = third.page
    third.go("/compte")
    page.get_by_role("link", name=f"Relire\u00a0: {TITLE}").click()
    both = page.locator("details", has_text="Les deux relectures")
    expect(both).to_contain_text(FIRST_REASON)
    expect(both).to_contain_text(SECOND_REASON)
    expect(page.locator("body")).not_to_contain_text("Rose Relectrice")
    review(third, maturity="Prometteuse", reason="Deux ans, une équipe.")


def approve(signatory: Visit, portal: Portal) -> None:
    """The link of the letter, then one button."""
    open_letter(signatory, portal.data_dir, subject=f"Fiche à approuver\u00a0: {TITLE}")
    assert violations(signatory.page) == []
    press(signatory.page, "Approuver la fiche")
    expect(signatory.page.locator("h1")).to_have_text("Mon tableau")


def publish(coordination: Visit, *, note: str = "") -> str:
    """From « Mon tableau » to readers; the address of the sheet."""
    page = coordination.page
    coordination.go("/compte")
    page.get_by_role("link", name="À publier").click()
    page.get_by_role("link", name=TITLE).click()
    unfold(page, "Publier la fiche")
    page.get_by_label("Ce qui est nouveau, pour qui la lit").fill(note)
    assert violations(page) == []
    press(page, f"Publier «\u00a0{TITLE}\u00a0»")
    expect(page.locator("h1")).to_have_text(TITLE)
    return page.url.removeprefix(coordination.url)


def ask(reader: Visit, broker: Visit, sheet: str) -> None:
    """A question asked from the sheet reaches the team, which knows of which sheet it is."""
    reader.go(sheet)
    page = reader.page
    page.get_by_role("link", name="Poser une question").first.click()
    page.get_by_role("textbox", name="Votre question").fill(
        "Qui remplace l’infirmière en vacances?"
    )
    page.get_by_label("Courriel").fill("lectrice@exemple.ca")
    press(page, "Envoyer")
    expect(page.locator("h1")).to_have_text("Votre question est arrivée")
    broker.go("/equipe/questions")
    broker.page.get_by_role("link", name=re.compile("Qui remplace l’infirmière")).click()
    expect(broker.page.locator(f"main a[href$='{sheet}']")).to_be_visible()


def adopt(adopter: Visit, sheet: str) -> None:
    """A team of the other organisation tries it, writes its journal and gives its result."""
    page = adopter.page
    adopter.go(sheet)
    page.get_by_role("link", name="Nous l’essayons").click()
    page.get_by_label("Équipe ou unité").fill(TEAM)
    page.get_by_label("Depuis quand").fill("automne 2026")
    press(page, "Déclarer")
    page.get_by_role("link", name="Ajouter une note").click()
    page.get_by_label("De quoi s’agit-il?").select_option(label="Efficacité")
    page.get_by_role("textbox", name="Ce que vous notez").fill("L’attente a baissé ici aussi.")
    page.get_by_label("Ce qui est mesuré").first.fill("Attente")
    page.get_by_label("Avant").first.fill("45")
    page.get_by_label("Après").first.fill("20")
    page.get_by_label("Unité").first.fill("jours")
    press(page, "Enregistrer la note")
    press(page, "C’est en place")
    expect(page.locator("#etapes + ol")).to_contain_text("en place")


def take_up_again(owner: Visit, broker: Visit, sheet: str) -> str:
    """The owner writes what two years taught; the broker sends it, the owner validates it."""
    page = owner.page
    owner.go(sheet)
    press(page, "Réviser la fiche")
    dossier = page.url.removeprefix(owner.url).partition("#")[0]
    page.get_by_role("link", name="Identité", exact=True).click()
    page.get_by_label("Sous-titre").fill("Deux ans plus tard")
    page.get_by_role("button", name="Enregistrer et revenir au dossier").click()
    here(page, "En rédaction")
    broker.go(dossier)
    unfold(broker.page, "Publier comme changement mineur")
    expect(broker.page.locator("main")).to_contain_text("Ce changement n’est pas mineur")
    press(broker.page, "Envoyer à l’équipe porteuse")
    owner.go(dossier)
    press(page, "Valider la fiche")
    here(page, "En relecture")
    return dossier


def withdraw(coordination: Visit, sheet: str) -> None:
    page = coordination.page
    coordination.go(sheet)
    page.get_by_role("link", name="Retirer la fiche").click()
    page.get_by_label("Pourquoi").fill("Essai terminé.")
    assert violations(page) == []
    press(page, f"Retirer «\u00a0{TITLE}\u00a0»")


def test_a_sheet_goes_from_a_proposal_to_its_withdrawal(
    visit: OpenPage, company: Company, portal: Portal
) -> None:
    owner, broker = company.enter("owner"), company.enter("broker")
    coordination, reader = company.enter("coordination"), visit(reduced_motion="reduce")

    dossier = propose(owner)
    admit_and_draft(broker)
    validate(owner, broker)
    name_reviewers(coordination, dossier, "Rose Relectrice", "Rémi Relecteur")
    phone = {"width": 390, "height": 844}
    review_apart(company.enter("first", **phone), company.enter("second"), owner, dossier)
    name_reviewers(coordination, dossier, "Thierry Tiers")
    adjudicate(company.enter("third"))
    approve(company.enter("signatory", **phone), portal)
    sheet = publish(coordination)
    rated = ("Cotes révisées le", "Rose Relectrice", "Maturité\u00a0: prometteuse")
    reads(reader, sheet, *rated, "CISSS porteur")

    ask(reader, broker, sheet)
    adopt(company.enter("adopter"), sheet)
    reads(reader, sheet, "Déclaré par une équipe\u00a0: 1", TEAM, "45 → 20 jours")
    expect(reader.page.locator(".sheet-adopters")).to_contain_text("Côte-Nord")

    let_two_years_pass(sheet.rpartition("/")[2])
    reads(reader, sheet, "À revoir\u00a0: cette fiche devait être révisée avant le")
    reads(coordination, "/compte", f"À revoir\u00a0: {TITLE}")
    dossier = take_up_again(owner, broker, sheet)
    reads(reader, sheet, "À revoir\u00a0:")
    name_reviewers(coordination, dossier, "Rose Relectrice", "Rémi Relecteur")
    for who, reason in (("first", FIRST_REASON), ("second", SECOND_REASON)):
        review(company.enter(who), maturity="Prometteuse", reason=reason)
    approve(company.enter("signatory"), portal)
    assert publish(coordination, note="Deux ans de plus.") == sheet
    reads(reader, sheet, "Deux ans plus tard", *rated, TEAM, "Rémi Relecteur")
    expect(reader.page.locator("main")).not_to_contain_text("devait être révisée")
    expect(reader.page.locator("main")).not_to_contain_text("Thierry Tiers")
    reads(reader, f"{sheet}/historique", "Deux ans de plus.", "édition 2")

    withdraw(coordination, sheet)
    reads(reader, sheet, "Cette fiche est retirée depuis le", "Essai terminé.")
    found = reader.page.locator(f"main a[href='{sheet}']")
    reader.go_until(f"/recherche?q={TITLE}", lambda: found.count() == 0)


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
