"""The archive of the newsletters and the reference figures, in a real browser."""

import pytest
from playwright.sync_api import expect

from tests.e2e.accessibility import overflow, violations
from tests.e2e.conftest import OpenPage

ISSUE = "/infolettres/en-bref/1"
PAGES = (
    "/infolettres",
    "/infolettres/en-bref",
    ISSUE,
    "/bilan",
    "/reperes/transformation-numerique",
    "/reperes/innovation",
)


def test_a_reader_goes_from_the_menu_to_a_sheet_and_back(visit: OpenPage) -> None:
    opened = visit()
    opened.go("/")
    page = opened.page

    page.get_by_role("navigation", name="Principale").get_by_text("Infolettres").click()
    page.locator(".hit-title a").first.click()
    expect(page.get_by_text("le portail ne l’a envoyé à personne")).to_be_visible()
    page.locator("section .kind-fiche + .hit-title a").first.click()
    expect(page.get_by_role("heading", name="Cité dans l’infolettre")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_wrong(visit: OpenPage, path: str, scheme: str) -> None:
    opened = visit(color_scheme=scheme)
    opened.go(path)

    assert violations(opened.page) == []


@pytest.mark.parametrize("path", PAGES)
def test_nothing_overflows_at_320_pixels(visit: OpenPage, path: str) -> None:
    opened = visit(width=320, height=640)
    opened.go(path)

    assert overflow(opened.page) == 0
