"""Reading by keyboard alone, and without JavaScript: what a mouse reaches, both reach."""

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import OpenPage

SHEET = "/pratiques/sabsa-clinique-infirmiere"
FOCUS = """() => {
  const focused = document.activeElement;
  if (!focused || focused === document.body) return null;
  const box = focused.getBoundingClientRect();
  const style = getComputedStyle(focused);
  const x = box.x + Math.min(box.width, 20) / 2;
  const y = box.y + box.height / 2;
  const top = document.elementFromPoint(x, y);
  return {
    what: focused.outerHTML.slice(0, 120),
    outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0,
    inside: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight,
    uncovered: !!top && (focused.contains(top) || top.contains(focused)),
  };
}"""


@pytest.mark.parametrize(
    ("path", "width", "height"),
    [(SHEET, 1366, 768), ("/question", 390, 844), ("/pratiques?theme=proximite", 390, 844)],
)
def test_the_keyboard_goes_through_a_page_and_always_sees_where_it_is(
    visit: OpenPage, path: str, width: int, height: int
) -> None:
    opened = visit(width=width, height=height)
    opened.go(path)
    stops = 0
    for _stop in range(300):
        opened.page.keyboard.press("Tab")
        found = opened.page.evaluate(FOCUS)
        if found is None:
            break
        stops += 1
        assert found["outlined"], found
        assert found["inside"], found
        assert found["uncovered"], found

    assert 15 < stops < 300


def test_the_skip_link_leads_past_the_menu(visit: OpenPage) -> None:
    opened = visit()
    opened.go(SHEET)

    opened.page.keyboard.press("Tab")
    opened.page.keyboard.press("Enter")
    opened.page.keyboard.press("Tab")

    assert opened.page.evaluate("() => document.activeElement.closest('main') !== null")


def test_without_scripts_one_reads_keeps_and_asks(visit: OpenPage) -> None:
    opened = visit(java_script_enabled=False)
    page = opened.page
    opened.go("/")
    page.locator("main").get_by_role("searchbox").fill("clinique infirmière")
    page.locator("main").get_by_role("button", name="Rechercher").click()
    page.get_by_role("link", name="SABSA", exact=False).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("SABSA")

    page.locator(".sheet-actions").get_by_role("button", name="Garder").click()
    opened.go("/ma-liste")
    expect(page.locator(".hit-title")).to_contain_text("SABSA")

    opened.go(SHEET)
    page.get_by_role("link", name="Poser une question").first.click()
    expect(page.locator("main")).to_contain_text("SABSA")
    page.locator("textarea").fill("Comment la clinique est-elle financée aujourd’hui?")
    page.get_by_label("Courriel").fill("personne@exemple.invalid")
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("est arrivée")
