"""A sheet printed on letter paper takes two pages, whatever it holds."""

import re

from tests.e2e.conftest import OpenPage


def test_every_sheet_prints_on_two_pages(visit: OpenPage) -> None:
    opened = visit(java_script_enabled=False)
    page = opened.page
    addresses: set[str] = set()
    for number in (1, 2):
        opened.go(f"/pratiques?page={number}")
        links = page.locator(".hit-title a").evaluate_all("all => all.map(one => one.pathname)")
        addresses.update(links)

    longer = {}
    for address in sorted(addresses):
        opened.go(address)
        pages = len(re.findall(rb"/Type\s*/Page[^s]", page.pdf(format="Letter")))
        if pages > 2:
            longer[address] = pages

    assert addresses
    assert longer == {}
