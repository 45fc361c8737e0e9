"""The archive of the newsletters and the reference figures, in a real browser."""

from playwright.sync_api import expect

from tests.e2e.conftest import OpenPage


def test_a_reader_goes_from_the_menu_to_a_sheet_and_back(visit: OpenPage) -> None:
    opened = visit()
    opened.go("/")
    page = opened.page

    page.get_by_role("navigation", name="Principale").get_by_text("Infolettres").click()
    page.locator(".hit-title a").first.click()
    expect(page.get_by_text("le portail ne l’a envoyé à personne")).to_be_visible()
    page.locator("section .kind-fiche + .hit-title a").first.click()
    expect(page.get_by_role("heading", name="Cité dans l’infolettre")).to_be_visible()
