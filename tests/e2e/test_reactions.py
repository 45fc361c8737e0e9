"""« Utile pour ma pratique? »: one tap, taken back by another, without an account or a script."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.accessibility import overflow, violations
from tests.e2e.conftest import OpenPage

SHEET = "/pratiques/echo-telementorat"
SUMMARY = "/veille/resumes/fleet-2015-urgences-rurales-quebec"
NOTED = "C’est noté, sans votre nom. Touchez de nouveau pour le reprendre."


def question(page: Page) -> Locator:
    return page.get_by_role("region", name="Utile pour ma pratique?")


def tap(page: Page, name: str) -> None:
    """Press a button of the question, and wait for the page that answers."""
    with page.expect_navigation():
        button(page, name).click()


def button(page: Page, name: str) -> Locator:
    return question(page).get_by_role("button", name=name, exact=True)


def pressed(page: Page) -> list[str]:
    found = question(page).locator("button[aria-pressed=true]")
    return [text.strip() for text in found.all_inner_texts()]


@pytest.mark.parametrize("has_scripts", [True, False], ids=["scripts", "no-scripts"])
@pytest.mark.parametrize("path", [SHEET, SUMMARY], ids=["sheet", "summary"])
def test_a_tap_is_kept_at_once_and_taken_back_at_once(
    visit: OpenPage, path: str, *, has_scripts: bool
) -> None:
    opened = visit(java_script_enabled=has_scripts)
    page = opened.page
    opened.go(path)
    assert pressed(page) == []

    tap(page, "Oui")
    assert page.url.endswith(f"{path}#reaction")
    assert pressed(page) == ["Oui"]
    expect(question(page)).to_contain_text(NOTED)
    expect(question(page).locator("h2")).to_be_in_viewport()

    tap(page, "Pas encore")
    assert pressed(page) == ["Pas encore"]
    opened.go(path)
    assert pressed(page) == ["Pas encore"], "the browser remembers"

    tap(page, "Pas encore")
    assert pressed(page) == []
    expect(question(page)).not_to_contain_text(NOTED)


@pytest.mark.parametrize("has_scripts", [True, False], ids=["scripts", "no-scripts"])
def test_more_may_be_said_and_never_must(visit: OpenPage, *, has_scripts: bool) -> None:
    opened = visit(java_script_enabled=has_scripts)
    page = opened.page
    opened.go(SHEET)
    expect(question(page).get_by_label("Le bénéfice attendu")).to_have_count(0)

    tap(page, "Oui")
    more = question(page).get_by_text("En dire un peu plus, si vous voulez")
    more.click()
    assert question(page).locator("[required]").count() == 0
    tap(page, "Enregistrer")
    expect(page.get_by_text("Merci\N{NO-BREAK SPACE}: c’est noté.")).to_have_count(1)
    assert pressed(page) == ["Oui"]

    more.click()
    choice = question(page).get_by_label(re.compile("^Ce que cela vous apporte"))
    choice.select_option(label="J’ai appris quelque chose")
    tap(page, "Enregistrer")
    more.click()
    expect(choice).to_have_value("new")


@pytest.mark.parametrize("has_scripts", [True, False], ids=["scripts", "no-scripts"])
def test_harm_is_said_in_one_tap_and_taken_back(visit: OpenPage, *, has_scripts: bool) -> None:
    opened = visit(java_script_enabled=has_scripts)
    page = opened.page
    opened.go(SHEET)

    tap(page, "Potentiellement nuisible")
    expect(page.get_by_text("L’équipe de courtage est avertie. Merci.")).to_have_count(1)
    assert pressed(page) == ["Potentiellement nuisible"]

    tap(page, "Potentiellement nuisible")
    expect(page.get_by_text("Votre signalement est retiré.")).to_have_count(1)
    assert pressed(page) == []


def test_the_question_is_answered_from_the_keyboard_on_a_phone_and_axe_finds_nothing(
    visit: OpenPage,
) -> None:
    opened = visit(width=320, height=640, reduced_motion="reduce")
    page = opened.page
    opened.go(SHEET)
    button(page, "Oui").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")

    question(page).get_by_text("En dire un peu plus, si vous voulez").click()

    assert pressed(page) == ["Oui"]
    assert violations(page) == []
    page.emulate_media(color_scheme="dark")
    assert violations(page, only_colours=True) == []
    assert overflow(page) == 0
