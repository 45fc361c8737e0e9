"""A team tries a practice: it says so, writes its journal, goes on; others read it, then do not."""

from playwright.sync_api import expect

from tests.e2e.accessibility import overflow, violations
from tests.e2e.conftest import OpenPage
from tests.e2e.test_question import enter

SHEET = "/pratiques/sabsa-clinique-infirmiere"
FIGURE = {"Ce qui est mesuré": "Attente", "Avant": "40", "Après": "12", "Unité": "minutes"}
TEAM = "Équipe de la côte (exemple fictif)"


def test_a_team_declares_reports_and_is_read_until_the_coordination_decides(
    visit: OpenPage,
) -> None:
    team = visit()
    page = enter(team, "Sacha")
    team.go(SHEET)
    page.get_by_role("link", name="Nous l’essayons").click()
    page.get_by_label("Équipe ou unité").fill(TEAM)
    page.get_by_label("Depuis quand").fill("hiver 2026")
    page.get_by_role("button", name="Déclarer").click()
    expect(page.locator("h1")).to_have_text(TEAM)
    here = page.url.removeprefix(team.url)

    page.get_by_role("link", name="Ajouter une note").click()
    page.get_by_label("De quoi s’agit-il?").select_option(label="Efficacité")
    page.get_by_role("textbox", name="Ce que vous notez").fill("Moins d’attente au **comptoir**.")
    for label, text in FIGURE.items():
        page.get_by_label(label).first.fill(text)
    page.get_by_role("button", name="Enregistrer la note").click()
    expect(page.locator("strong", has_text="comptoir")).to_be_visible()
    expect(page.locator("table")).to_contain_text("40 → 12 minutes")
    assert violations(page) == []

    reader = visit(width=390, height=844, java_script_enabled=False)
    reader.go(SHEET)
    adopters = reader.page.locator(".sheet-adopters")
    expect(adopters).to_contain_text("Déclaré par une équipe : 1".replace(" :", "\u00a0:"))
    expect(adopters).to_contain_text("40 → 12 minutes")
    adopters.get_by_role("link", name=TEAM).click()
    expect(reader.page.locator("main")).not_to_contain_text("Sacha")
    assert overflow(reader.page) == 0

    colleague = visit()
    page = enter(colleague, "Alexis")
    colleague.go(here)
    page.get_by_role("button", name="J’en réponds aussi").click()
    page.get_by_role("button", name="C’est en place").click()
    expect(page.locator("#etapes + ol")).to_contain_text("en place")
    page.get_by_role("link", name="Est-ce que ça marcherait ici?").click()
    page.get_by_label("Équipe ou unité").fill(TEAM)
    page.get_by_label("Pouvons-nous le faire ici?").fill("Avec une personne de plus.")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.locator("main")).to_contain_text("Avec une personne de plus.")
    answers = page.url.removeprefix(colleague.url)
    assert violations(page) == []

    coordination = visit()
    page = enter(coordination, "Frédérique")
    coordination.go(answers)
    expect(page.locator("h1")).not_to_have_text("Est-ce que ça marcherait ici?")
    coordination.go(here)
    page.locator("summary", has_text="Retirer de la vue").click()
    page.get_by_label("Raison, que l’équipe lira").fill("Exemple fictif.")
    page.get_by_role("button", name="Retirer l’adoption").click()
    expect(page.locator("main")).to_contain_text("a retiré cette adoption")
    reader.go(here)
    expect(reader.page.locator("h1")).not_to_have_text(TEAM)
