"""« Garder », « Envoyer », « Ma région »: in place with scripts, by whole pages without."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.accessibility import violations
from tests.e2e.conftest import OpenPage

RESULTS = "/recherche?q=soins+%C3%A0+domicile"
KEEP = ".hit button[data-keep]"
LIST = re.compile(r"^Ma liste")


def menu(page: Page) -> str:
    return page.locator(".site-nav a", has_text=LIST).inner_text()


def first_title(page: Page) -> str:
    return page.locator(".hit-title a").first.inner_text()


def test_keeping_answers_in_place_and_pressing_again_undoes(visit: OpenPage) -> None:
    opened = visit()
    page = opened.page
    opened.go(RESULTS)
    button = page.locator(KEEP).first
    expect(button).to_have_accessible_name(re.compile(r"^Garder \w"))

    button.click()
    expect(button).to_have_accessible_name(re.compile(r"^Gardé \(retirer de ma liste\) \w"))
    expect(page.locator("#live")).to_have_text("Le document est dans votre liste.")
    assert menu(page) == "Ma liste (1)"
    assert page.url.endswith(RESULTS)
    expect(button).to_be_focused()

    page.reload()
    expect(button).to_have_accessible_name(re.compile("^Gardé"))
    button.click()
    expect(button).to_have_accessible_name(re.compile("^Garder"))
    assert menu(page) == "Ma liste"


def test_a_list_survives_what_replaces_the_results(visit: OpenPage) -> None:
    opened = visit()
    page = opened.page
    opened.go(RESULTS)
    page.locator(KEEP).first.click()
    expect(page.locator(KEEP).first).to_have_attribute("name", "retirer")

    page.locator('input[name="type"]').first.check()
    expect(page.locator(".chips .chip")).to_have_count(1)
    page.locator(KEEP).nth(1).click()
    expect(page.locator(KEEP).nth(1)).to_have_attribute("name", "retirer")

    page.locator(".site-nav a", has_text=LIST).click()
    expect(page.locator(".hit-title")).to_have_count(2)
    assert violations(page) == []
    page.locator(KEEP).first.click()
    expect(page.locator(KEEP).first).to_have_attribute("name", "garder")
    assert menu(page) == "Ma liste (1)"


def test_without_scripts_a_document_is_kept_taken_out_and_put_back(visit: OpenPage) -> None:
    opened = visit(java_script_enabled=False)
    page = opened.page
    opened.go(RESULTS)
    title = first_title(page)

    page.locator(KEEP).first.click()
    assert page.url.endswith(RESULTS)
    assert menu(page) == "Ma liste (1)"

    page.locator(".site-nav a", has_text=LIST).click()
    assert first_title(page) == title
    page.locator(KEEP).first.click()
    expect(page.locator("h2").first).to_have_text("Rien n’est gardé encore")
    page.get_by_role("button", name="Remettre").click()
    assert first_title(page) == title


def test_a_list_is_shared_by_its_address(visit: OpenPage) -> None:
    giver = visit()
    giver.go(RESULTS)
    giver.page.locator(KEEP).first.click()
    expect(giver.page.locator(KEEP).first).to_have_attribute("name", "retirer")
    giver.go("/ma-liste")
    path = giver.page.get_by_role("link", name="cette liste").get_attribute("href") or ""

    taker = visit()
    taker.page.goto(path)

    assert first_title(taker.page) == first_title(giver.page)
    taker.page.get_by_role("button", name="Garder ces documents").click()
    assert menu(taker.page) == "Ma liste (1)"


def test_a_document_is_kept_and_sent_from_its_own_page(visit: OpenPage) -> None:
    opened = visit()
    page = opened.page
    page.add_init_script("navigator.share = async (shared) => { window.shared = shared; };")
    opened.go("/recherche?q=soins&type=resume")
    page.locator(".hit-title a").first.click()
    page.wait_for_url("**/veille/resumes/*")
    title = page.locator("h1").inner_text()

    page.locator("button[data-keep]").first.click()
    expect(page.locator("button[data-keep]").first).to_have_attribute("name", "retirer")
    link = page.get_by_role("link", name="Envoyer")
    assert (link.get_attribute("href") or "").startswith("mailto:?subject=")
    link.click()

    shared = page.evaluate("window.shared")
    assert shared["title"] == title
    assert shared["url"] == page.url
    assert menu(page) == "Ma liste (1)"


@pytest.mark.parametrize("has_scripts", [True, False])
def test_a_region_is_chosen_once_then_one_tap_away(visit: OpenPage, has_scripts: bool) -> None:
    opened = visit(java_script_enabled=has_scripts)
    page = opened.page
    opened.go(RESULTS)
    titles = page.locator(".hit-title a").all_inner_texts()
    page.locator(".chips").get_by_role("link", name="Ma région").click()

    page.get_by_label("Région", exact=True).select_option(label="Bas-Saint-Laurent")
    page.get_by_role("button", name="Enregistrer").click()
    assert page.url.endswith(RESULTS)
    assert page.locator(".hit-title a").all_inner_texts() == titles
    near = page.locator(".near").count()
    assert near

    page.locator(".chip-near").click()
    expect(page.locator(".chip-near")).to_have_count(0)
    expect(page.locator(".chips .chip")).to_contain_text(["Bas-Saint-Laurent"])
    assert page.locator(".near").count() == page.locator(".hit").count()


@pytest.mark.parametrize(("width", "height", "limit"), [(1366, 768, 700), (390, 844, 330)])
def test_with_a_region_the_first_title_is_still_seen_without_scrolling(
    visit: OpenPage, width: int, height: int, limit: int
) -> None:
    opened = visit(width=width, height=height)
    opened.page.context.add_cookies(
        [
            {"name": "region", "value": "rss01", "url": opened.url},
            {"name": "profession", "value": "inf", "url": opened.url},
        ]
    )
    opened.go(RESULTS)

    box = opened.page.locator(".hit-title a").first.bounding_box()

    assert box is not None
    assert box["y"] < limit
    assert violations(opened.page) == []
