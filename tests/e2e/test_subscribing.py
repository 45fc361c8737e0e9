"""Subscribing on a phone, in a real browser: the form, the letter, one's choices, the way out."""

from playwright.sync_api import expect

from tests.e2e.accessibility import overflow, violations
from tests.e2e.conftest import OpenPage
from tests.e2e.test_joining import read_letter
from tests.e2e.test_question import enter


def test_someone_subscribes_chooses_rests_and_leaves_and_the_team_has_the_proof(
    visit: OpenPage,
) -> None:
    phone = visit(width=390, height=844, reduced_motion="reduce")
    phone.go("/infolettres/en-bref/1")
    page = phone.page
    page.get_by_role("link", name="S’abonner").click()
    page.locator("#courriel").fill("phare@exemple.ca")
    assert violations(page) == []
    page.locator("#accord").check()
    page.get_by_role("button", name="M’abonner", exact=True).click()
    expect(page.locator("h1")).to_have_text("Regardez vos courriels")

    read_letter(phone, "Confirmez votre abonnement")
    page.locator("a[href*='/infolettres/abonnement/']").click()
    assert violations(page) == []
    page.get_by_role("button", name="Confirmer mon abonnement").click()
    expect(page.locator("h1")).to_have_text("Votre abonnement est confirmé")
    page.get_by_role("link", name="Changer mes choix").click()
    assert violations(page) == []
    assert overflow(page) == 0

    page.get_by_role("radio", name="Une fois par mois au plus").check()
    page.get_by_role("button", name="Enregistrer mes choix").click()
    expect(page.locator("#messages")).to_contain_text("Vos choix sont enregistrés")
    page.get_by_role("button", name="Faire une pause").click()
    expect(page.locator("main")).to_contain_text("En pause jusqu’au")
    assert violations(page) == []
    page.get_by_role("button", name="Me désabonner").click()
    expect(page.locator("main")).to_contain_text("Rien n’est envoyé à cette adresse")
    assert violations(page) == []

    desk = visit(reduced_motion="reduce")
    enter(desk, "Dominique")
    desk.go("/infolettres/abonnes?q=phare")
    desk.page.get_by_role("link", name="phare@exemple.ca").click()
    steps = desk.page.locator(".proof > li > strong")
    expect(steps).to_have_text(["Désabonnement", "En pause", "Abonnement actif", "À confirmer"])
    assert violations(desk.page) == []
