"""« Citer » on a document's page: copied in one click, read by reference managers."""

import json
import re

from playwright.sync_api import expect

from tests.e2e.conftest import OpenPage


def test_a_reference_is_copied_in_one_click(visit: OpenPage) -> None:
    opened = visit(permissions=["clipboard-read", "clipboard-write"])
    page = opened.page
    opened.go("/veille")
    page.locator('main a[href^="/veille/resumes/"]').first.click()
    card = page.locator(".cite")

    card.get_by_role("button", name="Copier la référence").click()

    expect(card.get_by_role("button", name="Copiée")).to_be_visible()
    expect(page.locator("#live")).to_contain_text("copiée")
    copied = page.evaluate("() => navigator.clipboard.readText()")
    assert copied == card.locator(".cite-text").inner_text()
    assert re.search(r"\(\d{4}|\(s\.", copied)


def test_what_reference_managers_read_is_in_the_head(visit: OpenPage) -> None:
    opened = visit(java_script_enabled=False)
    page = opened.page
    opened.go("/veille")
    page.locator('main a[href^="/veille/resumes/"]').first.click()

    expect(page.locator('meta[name="citation_title"]')).to_have_count(1)
    expect(page.locator('meta[name="citation_author"]').first).to_have_attribute(
        "content", re.compile(".")
    )
    described = json.loads(page.locator('script[type="application/ld+json"]').inner_text())
    assert described["@context"] == "https://schema.org"
    assert page.request.get(page.locator(".cite a", has_text="RIS").evaluate("a => a.href")).ok
    expect(page.get_by_role("button", name="Copier la référence")).to_be_hidden()
