"""A sheet printed on letter paper takes two pages, whatever it holds."""

import re

from tests.e2e.conftest import OpenPage

PRINTED = 5
FULL = "/pratiques/inspired-mpoc"
"""Not the longest, but its second page is full to the last line."""


def test_the_longest_sheets_print_on_two_pages(visit: OpenPage) -> None:
    opened = visit(java_script_enabled=False)
    page = opened.page
    addresses: set[str] = set()
    for number in (1, 2):
        opened.go(f"/pratiques?page={number}")
        links = page.locator(".hit-title a").evaluate_all("all => all.map(one => one.pathname)")
        addresses.update(links)

    texts = {address: page.request.get(opened.url + address).text() for address in addresses}
    longest = sorted(texts, key=lambda address: -len(texts[address]))[:PRINTED]
    printed = {}
    for address in {*longest, FULL}:
        opened.go(address)
        printed[address] = len(re.findall(rb"/Type\s*/Page[^s]", page.pdf(format="Letter")))

    assert set(printed.values()) == {2}, printed
    assert len(printed) >= PRINTED


def test_what_the_portal_just_said_is_not_printed_with_the_sheet(visit: OpenPage) -> None:
    opened = visit(java_script_enabled=False)
    opened.go(FULL)
    opened.page.emulate_media(media="print")

    for apart in ("#messages", ".site-footer"):
        drawn = opened.page.locator(apart).evaluate("one => getComputedStyle(one).display")
        assert drawn == "none", apart
