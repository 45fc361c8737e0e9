"""Joining on a phone: the form, the letter, someone who decides, the first sign-in."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.accessibility import violations
from tests.e2e.conftest import OpenPage, Visit
from tests.e2e.test_question import enter

PASSWORD = "sept bouleaux sous la neige"


def read_letter(opened: Visit, subject: str) -> Page:
    """Open the newest letter of this subject, once the worker has written it."""
    page = opened.page
    link = page.get_by_role("link", name=subject).first
    opened.go_until("/demonstration/courriels", link.is_visible)
    link.click()
    expect(page.locator("h1")).to_contain_text(subject)
    return page


def test_a_person_joins_on_a_phone_and_an_approver_lets_them_in(visit: OpenPage) -> None:
    phone = visit(width=390, height=844)
    phone.go("/connexion")
    page = phone.page
    page.get_by_role("link", name="Créer un compte").click()
    page.get_by_label("Nom et prénom").fill("Morgane Essai")
    page.get_by_label("Courriel du travail").fill("morgane.essai@ssss.gouv.qc.ca")
    page.get_by_label("Organisation", exact=True).select_option("cisss-bsl")
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Créer mon compte").click()
    expect(page.locator("h1")).to_have_text("Regardez vos courriels")

    read_letter(phone, "Confirmez votre adresse")
    assert violations(page) == []
    page.locator("a[href*='/inscription/confirmation/']").click()
    page.get_by_label("Mot de passe choisi").fill(PASSWORD)
    page.get_by_role("button", name="Confirmer mon adresse").click()
    expect(page.locator("h1")).to_have_text("Votre demande est envoyée")
    expect(page.locator("main")).to_contain_text("Alexis Exemple")

    desk = visit()
    enter(desk, "Alexis")
    desk.go("/approbations")
    desk.page.get_by_role("link", name="Morgane Essai").click()
    desk.page.get_by_role("button", name="Accepter").click()
    expect(desk.page.locator("#messages")).to_contain_text("est acceptée")

    read_letter(phone, "Votre compte est ouvert")
    page.locator("main a[href$='/connexion']").first.click()
    page.get_by_label("Courriel").fill("morgane.essai@ssss.gouv.qc.ca")
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Se connecter", exact=True).click()
    phone.go("/compte")
    expect(page.locator("h1")).to_have_text("Mon tableau")
    expect(page.locator("main")).to_contain_text(re.compile("CISSS du Bas-Saint-Laurent"))
