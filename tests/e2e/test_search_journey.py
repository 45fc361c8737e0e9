"""From the home page to a sheet: by mouse, by keyboard, on a small screen, without scripts."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.accessibility import overflow, violations
from tests.e2e.conftest import OpenPage

SEARCH = "soins à domicile"
RESULTS = "/recherche?q=soins+%C3%A0+domicile"


def first_region(page: Page) -> tuple[str, str]:
    """The id of the first region's checkbox, and its count."""
    box = page.locator('input[name="region"]').first.get_attribute("id") or ""
    return box, page.locator(f"label:has(#{box}) .facet-count").inner_text()


def number_in(text: str) -> int:
    found = re.search(r"\d+", text)
    assert found is not None, text
    return int(found[0])


def total(page: Page) -> int:
    return number_in(page.locator("#results h1").inner_text())


def press_until(page: Page, selector: str, *, limit: int = 80) -> None:
    """Press Tab until the focus is on `selector`."""
    for _ in range(limit):
        page.keyboard.press("Tab")
        if page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
            return
    pytest.fail(f"the keyboard never reaches {selector}")


def test_by_mouse(visit: OpenPage) -> None:
    opened = visit()
    page = opened.page
    opened.go("/")
    page.get_by_role("combobox", name="Rechercher").fill(SEARCH)
    page.get_by_role("button", name="Rechercher").click()
    expect(page.locator("#results h1")).to_contain_text("résultat")

    box, count = first_region(page)
    page.locator(f"#{box}").check()
    expect(page.locator(".chips .chip")).to_have_count(1)
    assert total(page) == number_in(count)
    expect(page.locator(f"#{box}")).to_be_focused()
    assert "region=" in page.url
    expect(page).to_have_title(re.compile(r"^\d+ résultat"))

    title = page.locator(".hit-title a").first
    words = title.inner_text()
    title.click()
    expect(page.locator("h1")).to_have_text(words)
    page.go_back()
    expect(page.locator(".chips .chip")).to_have_count(1)
    expect(page.locator(f"#{box}")).to_be_checked()

    page.locator(".chips .chip").click()
    expect(page.locator(".chips .chip")).to_have_count(0)


def test_by_keyboard_alone(visit: OpenPage) -> None:
    opened = visit()
    page = opened.page
    opened.go("/")
    press_until(page, 'input[name="q"]')
    page.keyboard.type(SEARCH)
    page.keyboard.press("Enter")
    expect(page.locator("#results h1")).to_contain_text("résultat")

    box, count = first_region(page)
    press_until(page, f"#{box}")
    page.keyboard.press("Space")
    expect(page.locator(".chips .chip")).to_have_count(1)
    assert total(page) == number_in(count)
    expect(page.locator("#live")).to_contain_text("résultat")

    press_until(page, ".hit-title a")
    words = page.locator(".hit-title a").first.inner_text()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(words)


def test_on_a_screen_of_320_pixels(visit: OpenPage) -> None:
    opened = visit(width=320, height=640)
    page = opened.page
    opened.go("/")
    assert overflow(page) == 0
    page.get_by_role("combobox", name="Rechercher").fill(SEARCH)
    page.keyboard.press("Enter")
    expect(page.locator("#results h1")).to_contain_text("résultat")
    assert overflow(page) == 0

    page.get_by_role("button", name="Filtrer").click()
    box, count = first_region(page)
    page.locator(f"#{box}").check()
    expect(page.locator(".chips .chip")).to_have_count(1)
    page.locator("#facets-done").click()
    expect(page.locator("#filters")).to_be_hidden()
    assert total(page) == number_in(count)
    assert overflow(page) == 0

    page.locator(".hit-title a").first.click()
    expect(page.locator("h1")).to_be_visible()
    assert overflow(page) == 0


def test_without_scripts(visit: OpenPage) -> None:
    opened = visit(java_script_enabled=False)
    page = opened.page
    opened.go("/")
    page.locator('input[name="q"]').fill(SEARCH)
    page.get_by_role("button", name="Rechercher").click()

    box, count = first_region(page)
    page.locator(f"#{box}").check()
    page.get_by_role("button", name="Appliquer").click()
    assert total(page) == number_in(count)
    expect(page.locator(".chips .chip")).to_have_count(1)

    title = page.locator(".hit-title a").first
    words = title.inner_text()
    title.click()
    expect(page.locator("h1")).to_have_text(words)


@pytest.mark.parametrize(("width", "height", "limit"), [(1366, 768, 700), (390, 844, 330)])
def test_the_first_title_is_seen_without_scrolling(
    visit: OpenPage, width: int, height: int, limit: int
) -> None:
    opened = visit(width=width, height=height)
    opened.go(RESULTS)

    box = opened.page.locator(".hit-title a").first.bounding_box()

    assert box is not None
    assert box["y"] < limit


def test_a_first_visit_to_the_results_is_light(visit: OpenPage) -> None:
    opened = visit()
    received = []
    opened.page.on("requestfinished", lambda request: received.append(request.sizes()))
    opened.go(RESULTS)
    opened.page.wait_for_load_state("networkidle")

    assert received
    weight = sum(sizes["responseBodySize"] + sizes["responseHeadersSize"] for sizes in received)
    assert weight <= 150_000


@pytest.mark.parametrize("path", ["/", RESULTS])
def test_axe_finds_nothing_wrong_on_a_phone(visit: OpenPage, path: str) -> None:
    opened = visit(width=390, height=844)
    opened.go(path)
    if path == RESULTS:
        opened.page.get_by_role("button", name="Filtrer").click()

    assert violations(opened.page) == []
