"""The page of results as it is worked: long facets, chips, Back, pages, focus and what is said."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.accessibility import overflow, violations
from tests.e2e.conftest import OpenPage

SOINS = "/recherche?q=soins"


def heading(page: Page) -> Locator:
    return page.locator("#results h1")


def total(page: Page) -> int:
    found = re.search(r"\d+", heading(page).inner_text())
    assert found is not None
    return int(found[0])


def shown_themes(page: Page) -> list[str]:
    labels = page.locator('[data-facet="theme"] li:visible .facet-label')
    return labels.all_inner_texts()


def test_a_long_facet_has_a_box_that_narrows_it(visit: OpenPage) -> None:
    opened = visit()
    page = opened.page
    opened.go(SOINS)
    box = page.get_by_role("searchbox", name=re.compile("^Chercher dans.*Thème"))

    box.fill("tele")
    expect(page.locator('[data-facet="theme"] li:visible').first).to_be_visible()
    found = shown_themes(page)
    assert found
    assert all("télé" in label.lower() for label in found)
    page.keyboard.press("Enter")
    assert page.url.endswith(SOINS)

    option = page.locator('[data-facet="theme"] li:visible input').first
    option.check()
    expect(page.locator(".chips .chip")).to_have_count(1)
    expect(box).to_have_value("tele")
    assert shown_themes(page)
    assert all("télé" in label.lower() for label in shown_themes(page))


def test_without_scripts_every_value_of_a_long_facet_is_in_reach(visit: OpenPage) -> None:
    opened = visit(java_script_enabled=False)
    page = opened.page
    opened.go(SOINS)
    expect(page.locator("[data-facet-filter]").first).to_be_hidden()

    page.locator("#more-theme summary").click()
    last = page.locator("#more-theme li").last
    label = last.locator(".facet-label").inner_text()
    last.locator("input").check()
    page.get_by_role("button", name="Appliquer").click()

    expect(page.locator(".chips .chip")).to_contain_text([label])


def step(page: Page, way: str) -> None:
    """The Back or Forward button; the list may come back without a load, which nobody waits for."""
    page.evaluate(f"() => {{ setTimeout(() => history.{way}(), 0); }}")


def test_back_and_forward_show_each_list_again(visit: OpenPage) -> None:
    opened = visit()
    page = opened.page
    opened.go(SOINS)
    first = page.locator(".hit-title").all_inner_texts()

    page.locator('input[name="type"]').first.check()
    expect(page.locator(".chips .chip")).to_have_count(1)
    filtered = total(page)
    page.locator("#sort").select_option("titre")
    page.wait_for_url("**tri=titre*")
    sorted_titles = page.locator(".hit-title").all_inner_texts()

    step(page, "back")
    page.wait_for_url(re.compile(r"type=\w+$"))
    expect(page.locator(".chips .chip")).to_have_count(1)
    assert total(page) == filtered
    step(page, "back")
    expect(page.locator(".chips .chip")).to_have_count(0)
    assert page.locator(".hit-title").all_inner_texts() == first
    expect(page.locator('input[name="type"]').first).not_to_be_checked()
    step(page, "forward")
    expect(page.locator(".chips .chip")).to_have_count(1)
    step(page, "forward")
    expect(page.locator(".hit-title").first).to_have_text(sorted_titles[0])


def test_a_chip_taken_away_leaves_the_focus_on_the_new_list(visit: OpenPage) -> None:
    opened = visit()
    page = opened.page
    opened.go(f"{SOINS}&type=fiche&type=resume")
    expect(page.locator(".chips .chip")).to_have_count(2)
    page.locator(".chips .chip").first.focus()

    page.keyboard.press("Enter")

    expect(page.locator(".chips .chip")).to_have_count(1)
    expect(heading(page)).to_be_focused()
    expect(page.locator("#live")).to_contain_text("résultat")
    assert "type=resume" in page.url


def test_the_next_page_begins_at_its_top(visit: OpenPage) -> None:
    opened = visit()
    page = opened.page
    opened.go("/recherche")
    page.get_by_role("navigation", name="Pages de résultats").get_by_role(
        "link", name="Suivante"
    ).click()

    page.wait_for_url("**page=2*")
    expect(page.locator("#live")).to_contain_text("page 2")
    expect(heading(page)).to_be_focused()
    page.wait_for_function("() => window.scrollY === 0")
    expect(page).to_have_title(re.compile("page 2"))


def test_what_is_chosen_stays_when_nothing_is_found(visit: OpenPage) -> None:
    opened = visit()
    page = opened.page
    opened.go("/recherche?q=domicile&type=fiche&annee_max=1999")
    expect(heading(page)).to_have_text("Aucun résultat")
    expect(page.locator(".chips .chip")).to_have_count(2)

    way = page.locator(".empty li", has_text="sans le filtre").last
    promised = re.search(r"\((\d+)", way.inner_text())
    assert promised is not None
    way.locator("a").click()

    expect(page.locator(".chips .chip")).to_have_count(1)
    assert total(page) == int(promised[1])


def test_nothing_found_leads_to_a_question_already_written(visit: OpenPage) -> None:
    opened = visit()
    page = opened.page
    opened.go("/recherche?q=zzzzqqq")

    page.get_by_role("link", name="Demander à l’équipe de courtage").click()

    question = page.get_by_role("textbox", name="Votre question")
    expect(question).to_have_value(re.compile("zzzzqqq"))
    back = page.locator('main a[href*="/recherche?q=zzzzqqq"]')
    expect(back).to_contain_text(re.compile("zzzzqqq"))
    back.click()
    page.wait_for_url("**/recherche?q=zzzzqqq")


def test_the_years_are_chosen_in_two_boxes(visit: OpenPage) -> None:
    opened = visit()
    page = opened.page
    opened.go(SOINS)
    everything = total(page)
    page.get_by_label("De", exact=True).fill("2026")
    page.keyboard.press("Enter")

    expect(page.locator(".chips .chip")).to_have_count(1)
    assert total(page) <= everything
    assert "annee_min=2026" in page.url
    assert "annee_max" not in page.url


@pytest.mark.parametrize("path", [SOINS, "/recherche?q=zzzzqqq", "/recherche?q=telesoinns"])
def test_text_twice_as_large_hides_nothing(visit: OpenPage, path: str) -> None:
    opened = visit(width=390, height=844)
    page = opened.page
    opened.go(path)

    page.evaluate("() => { document.documentElement.style.fontSize = '200%'; }")

    assert overflow(page) == 0
    assert (
        page.locator(".hit-snippet").evaluate_all(
            "all => all.filter((one) => one.scrollHeight > one.clientHeight + 1).length"
        )
        == 0
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_wrong_in_english(visit: OpenPage, scheme: str) -> None:
    opened = visit(color_scheme=scheme)
    opened.go(f"{SOINS}&lang=en")
    expect(heading(opened.page)).to_contain_text("result")

    assert violations(opened.page) == []


def test_files_of_the_results_are_in_reach_of_the_line_above_them(visit: OpenPage) -> None:
    opened = visit()
    page = opened.page
    opened.go(SOINS)
    files = page.locator("#exporter")
    expect(files).to_be_hidden()

    page.locator(".results-tools").get_by_role("link", name="Exporter").click()

    expect(files).to_be_visible()
    expect(files).to_be_in_viewport()
