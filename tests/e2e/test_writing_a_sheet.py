"""A sheet written on a phone, by keyboard: saved by itself, kept when the session ends."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.accessibility import overflow, violations
from tests.e2e.conftest import OpenPage, Visit
from tests.e2e.test_question import enter

TITLE = "Essai au clavier, exemple fictif"


def reach(page: Page, name: str) -> None:
    """Go to a control or a link with the Tab key alone."""
    for _step in range(80):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            "() => { const e = document.activeElement;"
            " return e.id + ' ' + (e.name ?? '') + ' ' + e.textContent.trim(); }"
        )
        if name in focused:
            return
    raise AssertionError(f"the keyboard does not reach {name}")


def propose(opened: Visit) -> str:
    """Start a sheet; the address of its dossier."""
    page = opened.page
    opened.go("/pratiques/proposer")
    for name, typed in (
        ("titre", TITLE),
        ("probleme", "On attend."),
        ("solution", "On appelle."),
    ):
        reach(page, name)
        page.keyboard.type(typed)
    reach(page, "Commencer la fiche")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/pratiques/dossiers/essai-au-clavier"))
    return page.url.removeprefix(opened.url)


def test_a_sheet_is_begun_and_written_by_keyboard_on_a_phone(visit: OpenPage) -> None:
    opened = visit(390, 844, reduced_motion="reduce")
    page = enter(opened, "Camille")
    dossier = propose(opened)
    expect(page.locator("h1")).to_have_text(TITLE)
    assert violations(page) == []
    assert overflow(page) == 0

    reach(page, "Ressources")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Ressources")
    reach(page, "costs-0-amount")
    page.keyboard.type("1 000 $")
    reach(page, "Ajouter une ligne : Coûts et économies")
    page.keyboard.press("Enter")
    expect(page.locator("[name=costs-1-kind]")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.type("2 000 $")
    expect(page.locator("[data-saved]")).to_contain_text("Enregistré à")
    assert violations(page) == []
    page.locator("[name=costs-1-amount]").focus()
    reach(page, "Enregistrer et revenir au dossier")
    page.keyboard.press("Enter")

    # Both rows lack their kind: they are kept, and the summary leads to them.
    expect(page.locator(".error-summary")).to_contain_text("Nature")
    expect(page.locator("[name=costs-1-amount]")).to_have_value("2 000 $")
    opened.go(f"{dossier}/pratique")
    reach(page, "text-description")
    page.keyboard.type("Un appel dans les deux jours.")
    expect(page.locator("[data-counts=text-description]")).to_have_text(re.compile("^6 mots"))
    # An emoji is one character, as where the limit is held.
    opened.go(f"{dossier}/identite")
    page.locator("[name=title]").fill("😀" * 120)
    expect(page.locator("[data-counts=title]")).to_have_text("120 caractères sur 120")


def test_a_proposal_that_one_left_comes_back_until_it_is_sent(visit: OpenPage) -> None:
    opened = visit(390, 844)
    page = enter(opened, "Camille")
    opened.go("/pratiques/proposer")
    page.get_by_label("Titre").fill(TITLE)
    page.get_by_label("Le problème").fill("On attend.")
    opened.go("/pratiques")

    opened.go("/pratiques/proposer")

    expect(page.get_by_label("Le problème")).to_have_value("On attend.")
    expect(page.locator("[data-kept-status]")).to_contain_text("est revenu")
    page.get_by_label("La solution").fill("On appelle.")
    page.get_by_role("button", name="Commencer la fiche").click()
    page.wait_for_url(re.compile("/pratiques/dossiers/"))
    opened.go("/pratiques/proposer")
    expect(page.get_by_label("Titre")).to_have_value("")


def test_what_was_typed_when_the_session_ended_comes_back(visit: OpenPage) -> None:
    opened = visit(390, 844)
    page = enter(opened, "Camille")
    dossier = propose(opened)
    opened.go(f"{dossier}/en-bref")
    page.context.clear_cookies()
    page.locator("#audience").fill("Les personnes âgées de la région.")
    expect(page.locator("[data-saved]")).to_contain_text("gardé dans ce navigateur")
    opened.complaints.clear()  # the refusal, as the browser tells it

    page.get_by_role("link", name="Reconnectez-vous").click()
    page.get_by_role("button", name=re.compile("Entrer comme Camille")).click()
    page.wait_for_url(f"**{dossier}/en-bref")

    expect(page.locator("#audience")).to_have_value("Les personnes âgées de la région.")
    expect(page.locator("[data-saved]")).to_contain_text("Enregistré à")
    opened.go(f"{dossier}/en-bref")
    expect(page.locator("#audience")).to_have_value("Les personnes âgées de la région.")


def test_two_windows_on_the_same_field_meet_without_stopping_who_types(visit: OpenPage) -> None:
    opened = visit(390, 844, reduced_motion="reduce")
    page = enter(opened, "Camille")
    dossier = propose(opened)
    opened.go(f"{dossier}/en-bref")
    other = page.context.new_page()
    other.goto(f"{opened.url}{dossier}/en-bref")
    other.locator("#solution").fill("On écrit.")
    other.get_by_role("button", name="Enregistrer et revenir au dossier").click()
    other.wait_for_url(f"{opened.url}{dossier}")

    page.locator("#solution").fill("On visite")

    expect(page.locator("[data-news]")).to_contain_text("Quelqu’un d’autre a changé")
    opened.complaints.clear()  # the refusal, as the browser tells it
    expect(page.locator("#solution")).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.type(" chaque semaine.")
    with page.expect_response("**/enregistrement") as kept:
        page.locator("#audience").fill("Les familles.")
    assert kept.value.status == 200  # the other fields are still saved
    assert violations(page) == []
    assert overflow(page) == 0

    # Leaving and coming back loses nothing, and says it again.
    opened.go(f"{dossier}/en-bref")
    expect(page.locator("#solution")).to_have_value("On visite chaque semaine.")
    expect(page.locator("#audience")).to_have_value("Les familles.")
    expect(page.locator("[data-news]")).to_contain_text("Quelqu’un d’autre a changé")
    page.get_by_role("button", name="Voir les deux textes").click()
    expect(page.locator("#conflit")).to_contain_text("On écrit.")
    expect(page.locator("#conflit")).to_contain_text("On visite chaque semaine.")
    opened.complaints.clear()
    assert violations(page) == []
    assert overflow(page) == 0
    page.get_by_label("Fusionner à la main").check()
    page.get_by_label("Texte fusionné").fill("On écrit, puis on visite.")
    page.get_by_role("button", name="Enregistrer ce choix").click()
    opened.go(f"{dossier}/en-bref")
    expect(page.locator("#solution")).to_have_value("On écrit, puis on visite.")
    expect(page.locator("[data-saved]")).to_be_empty()  # what was kept in the browser is forgotten
