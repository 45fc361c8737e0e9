"""Words keep to the box and to the line that are theirs."""

from tests.e2e.conftest import OpenPage

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
