"""Words keep to the box and to the line that are theirs."""

from playwright.sync_api import Playwright

from tests.e2e.accessibility import overflow
from tests.e2e.conftest import OpenPage
from tests.e2e.portal import Portal, launch

SEARCH = "/recherche?q=soins+%C3%A0+domicile"
LINES_OF_KEEP = """() => [...document.querySelectorAll(".hit-head span.keep-off")].map((word) => {
  const range = document.createRange();
  range.selectNodeContents(word);
  return range.getClientRects().length;
})"""
OUT_OF_TILE = """() => [...document.querySelectorAll(".tile-map g")].filter((tile) => {
  const word = tile.querySelector("text").getBoundingClientRect();
  const box = tile.querySelector("rect").getBoundingClientRect();
  return word.left < box.left + 1 || word.right > box.right - 1;
}).map((tile) => tile.textContent)"""
BASELINES = """() => [".thread-subject", ".thread-subject .kind"].map((place) => {
  const mark = document.createElement("span");
  mark.style.display = "inline-block";
  document.querySelector(place).append(mark);
  return mark.getBoundingClientRect().bottom;
})"""
CROSSED_TITLES = """() => [...document.querySelectorAll(".hit")].filter((hit) =>
  hit.querySelector(".keep").getBoundingClientRect().bottom >
  hit.querySelector(".hit-title a").getBoundingClientRect().top + 2
).length"""


def test_the_menu_stands_beside_the_name_on_a_narrow_screen(visit: OpenPage) -> None:
    opened = visit(width=320, height=640)
    opened.go(SEARCH)
    name = opened.page.locator(".brand").bounding_box()
    menu = opened.page.get_by_role("button", name="Menu").bounding_box()

    assert name
    assert menu
    assert menu["y"] < name["y"] + name["height"]
    assert name["x"] + name["width"] < menu["x"] < menu["x"] + menu["width"] <= 320


def test_the_keyboard_goes_through_a_phone_as_the_eyes_do(visit: OpenPage) -> None:
    opened = visit(width=390, height=844)
    opened.go(SEARCH)
    stops = (".brand", ".menu-button", ".site-search input")
    opened.page.locator(stops[0]).focus()

    for stop in stops[1:]:
        opened.page.keyboard.press("Tab")
        assert opened.page.locator(f"{stop}:focus").count() == 1


def test_keep_is_one_word_on_a_narrow_screen(visit: OpenPage) -> None:
    opened = visit(width=320, height=640)
    opened.go(SEARCH)

    assert set(opened.page.evaluate(LINES_OF_KEEP)) == {1}


def test_names_of_regions_stand_within_their_tile(visit: OpenPage) -> None:
    opened = visit()
    opened.go("/pratiques/gap-bas-saint-laurent")

    assert opened.page.locator(".tile-map g").count() == 18
    assert opened.page.evaluate(OUT_OF_TILE) == []


def test_a_kind_stands_on_the_line_of_the_words_beside_it(visit: OpenPage) -> None:
    opened = visit(width=2000)
    opened.go("/communaute/domicile-en-region/3")

    beside, kind = opened.page.evaluate(BASELINES)

    assert abs(beside - kind) < 1


def test_in_high_contrast_no_button_crosses_a_title(visit: OpenPage) -> None:
    opened = visit(forced_colors="active")
    opened.go(SEARCH)

    assert opened.page.evaluate(CROSSED_TITLES) == 0


def test_text_twice_as_large_stays_within_a_phone(playwright: Playwright, portal: Portal) -> None:
    browser = launch(playwright, "--blink-settings=defaultFontSize=32")
    page = browser.new_page(viewport={"width": 390, "height": 844}, locale="fr-CA")

    wide = []
    for path in ("/", SEARCH, "/pratiques/gap-bas-saint-laurent", "/connexion", "/communaute"):
        page.goto(portal.url + path)
        if overflow(page):
            wide.append(path)
    browser.close()

    assert wide == []
