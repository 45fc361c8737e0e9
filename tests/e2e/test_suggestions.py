"""Suggestions under the search box, in a real browser: keys, mouse, finger, late answers."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.e2e.accessibility import overflow, violations
from tests.e2e.conftest import OpenPage

PAGES = ["/", "/recherche?q=soins", "/pratiques"]


def box(page: Page) -> Locator:
    return page.get_by_role("combobox", name="Rechercher")


def options(page: Page) -> Locator:
    return page.locator(".suggestions [role='option']")


def type_in(page: Page, text: str) -> None:
    box(page).fill("")
    box(page).press_sequentially(text)
    expect(options(page).first).to_be_visible()


def chosen(page: Page) -> str:
    return page.locator('[role="option"][aria-selected="true"]').inner_text()


@pytest.mark.parametrize("path", PAGES)
def test_the_arrows_choose_and_enter_opens(visit: OpenPage, path: str) -> None:
    opened = visit()
    page = opened.page
    opened.go(path)
    expect(box(page)).to_have_attribute("aria-expanded", "false")

    type_in(page, "a domicile tele")
    expect(box(page)).to_have_attribute("aria-expanded", "true")
    expect(page.locator("#live")).to_contain_text("suggestion")
    expect(page.locator('[role="option"] mark').first).to_have_text(
        re.compile("t[eé]l[eé]", re.IGNORECASE)
    )
    title = page.locator('[role="option"]:has(.kind)').first
    words = title.locator("span:not(.kind)").inner_text()
    while "true" not in (title.get_attribute("aria-selected") or ""):
        page.keyboard.press("ArrowDown")
        assert box(page).get_attribute("aria-activedescendant")
    expect(box(page)).to_be_focused()
    expect(box(page)).to_have_value("a domicile tele")
    page.keyboard.press("Enter")

    expect(page.locator("main h1")).to_have_text(words)


def test_the_arrows_go_round_by_the_box_and_escape_closes_then_empties(visit: OpenPage) -> None:
    opened = visit()
    page = opened.page
    opened.go("/")
    type_in(page, "domicile")
    last = options(page).last.inner_text()

    page.keyboard.press("ArrowUp")
    assert chosen(page) == last
    page.keyboard.press("ArrowDown")
    expect(page.locator('[role="option"][aria-selected="true"]')).to_have_count(0)
    expect(box(page)).not_to_have_attribute("aria-activedescendant", re.compile("."))

    page.keyboard.press("Escape")
    expect(options(page)).to_have_count(0)
    expect(box(page)).to_have_attribute("aria-expanded", "false")
    expect(box(page)).to_have_value("domicile")
    page.keyboard.press("ArrowDown")
    expect(options(page).first).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(box(page)).to_have_value("")


def test_enter_without_a_choice_searches_what_is_typed(visit: OpenPage) -> None:
    opened = visit()
    page = opened.page
    opened.go("/")
    type_in(page, "domicile")

    page.keyboard.press("Enter")

    page.wait_for_url("**/recherche?q=domicile")
    expect(options(page)).to_have_count(0)


def test_by_mouse_words_are_searched(visit: OpenPage) -> None:
    opened = visit()
    page = opened.page
    opened.go("/recherche?q=soins")
    type_in(page, "proches aid")
    line = page.locator('[role="option"]:not(:has(.kind))').first
    words = line.locator("span").inner_text()

    line.click()

    page.wait_for_url("**/recherche?q=*")
    assert parse_qs(urlsplit(page.url).query)["q"] == [words]
    expect(box(page)).to_have_value(words)


def test_leaving_the_box_closes_the_list(visit: OpenPage) -> None:
    opened = visit()
    page = opened.page
    opened.go("/recherche?q=soins")
    type_in(page, "domicile")

    page.keyboard.press("Tab")

    expect(options(page)).to_have_count(0)
    expect(page.get_by_role("button", name="Rechercher")).to_be_focused()


def test_on_a_phone_a_tap_opens(visit: OpenPage) -> None:
    opened = visit(width=320, height=640, has_touch=True)
    page = opened.page
    opened.go("/")
    type_in(page, "domicile")
    assert overflow(page) == 0
    for height in options(page).evaluate_all("all => all.map((one) => one.offsetHeight)"):
        assert height >= 40

    title = page.locator('[role="option"]:has(.kind)').first
    words = title.locator("span:not(.kind)").inner_text()
    title.tap()

    expect(page.locator("main h1")).to_have_text(words)


def test_a_late_answer_is_dropped(visit: OpenPage) -> None:
    opened = visit()
    page = opened.page
    opened.go("/")
    waiting: list[Route] = []

    def hold(route: Route) -> None:
        waiting.append(route)

    page.route("**/suggestions?q=urgence", hold)
    with page.expect_request("**/suggestions?q=urgence"):
        box(page).fill("urgence")
    type_in(page, "domicile")
    before = options(page).all_inner_texts()

    for route in waiting:
        route.continue_()
    page.wait_for_timeout(100)

    assert options(page).all_inner_texts() == before


def test_no_answer_is_no_matter(visit: OpenPage) -> None:
    opened = visit()
    page = opened.page
    opened.go("/")
    page.route("**/suggestions?*", lambda route: route.fulfill(status=503, body="occupé"))
    with page.expect_response("**/suggestions?*"):
        box(page).fill("domicile")

    page.keyboard.press("Enter")

    page.wait_for_url("**/recherche?q=domicile")
    opened.complaints.clear()  # the browser itself notes the 503


def test_letters_being_composed_are_not_looked_up(visit: OpenPage) -> None:
    opened = visit()
    page = opened.page
    opened.go("/")
    asked: list[str] = []

    def note(route: Route) -> None:
        asked.append(route.request.url)
        route.continue_()

    page.route("**/suggestions?*", note)
    box(page).evaluate(
        """(box) => {
          box.focus();
          box.value = "domicil";
          box.dispatchEvent(new InputEvent("input", { isComposing: true }));
        }"""
    )
    page.wait_for_timeout(300)
    assert asked == []

    box(page).evaluate('(box) => box.dispatchEvent(new CompositionEvent("compositionend"))')
    expect(options(page).first).to_be_visible()


def test_without_scripts_the_box_is_a_box(visit: OpenPage) -> None:
    opened = visit(java_script_enabled=False)
    page = opened.page
    opened.go("/")

    page.get_by_role("searchbox", name="Rechercher").fill("domicile")
    page.keyboard.press("Enter")

    page.wait_for_url("**/recherche?q=domicile")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_wrong_with_the_list_open(
    visit: OpenPage, path: str, scheme: str
) -> None:
    opened = visit(color_scheme=scheme)
    opened.go(path)
    type_in(opened.page, "domicile")
    opened.page.keyboard.press("ArrowDown")

    assert violations(opened.page) == []


def test_the_script_is_light(visit: OpenPage) -> None:
    opened = visit()
    sizes: list[int] = []
    opened.page.on(
        "requestfinished",
        lambda request: (
            sizes.append(request.sizes()["responseBodySize"])
            if request.url.endswith("suggest.js")
            else None
        ),
    )
    opened.go("/")
    opened.page.wait_for_load_state("networkidle")

    assert len(sizes) == 1
    assert sizes[0] <= 3_000
