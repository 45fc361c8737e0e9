"""A real demonstration, served on a free port, and a real browser.

Skipped in one line where Chromium is absent.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from tests.builders.demonstration import prepared
from tests.e2e.portal import CHROMIUM, UNDRAWN, Portal, launch, running_portal

WORKER_SECONDS = 60
OpenPage = Callable[..., "Visit"]

expect.set_options(timeout=20_000)  # a slow machine is no failure


@dataclass(frozen=True, slots=True)
class Visit:
    """A page of the browser, and what went wrong in it."""

    page: Page
    url: str
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        """Open a page of the portal."""
        self.page.goto(self.url + path)

    def go_until(self, path: str, shows: Callable[[], bool]) -> None:
        """Open a page again and again, until it shows what the worker brings."""
        deadline = time.monotonic() + WORKER_SECONDS
        self.go(path)
        while not shows():
            assert time.monotonic() < deadline, f"{path} does not show what was awaited"
            self.page.wait_for_timeout(250)
            self.go(path)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is not installed")
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    opened = launch(playwright)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def undrawn(playwright: Playwright) -> Iterator[Browser]:
    """A browser for what is computed, not for what is done: nothing can be clicked in it."""
    opened = launch(playwright, *UNDRAWN)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def portal(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """`inters4 serve` on a demonstration of this worker's own."""
    data = prepared(tmp_path_factory).copy(tmp_path_factory.mktemp("demo") / "var")
    with running_portal(playwright, data) as started:
        yield started


@pytest.fixture
def visit(request: pytest.FixtureRequest, browser: Browser, portal: Portal) -> Iterator[OpenPage]:
    """Opens a page with a context of its own; afterwards nothing may have complained."""
    contexts: list[BrowserContext] = []
    visits: list[Visit] = []

    def open_page(
        width: int = 1366, height: int = 768, *, drawn: bool = True, **options: Any
    ) -> Visit:
        opener: Browser = browser if drawn else request.getfixturevalue("undrawn")
        context = opener.new_context(
            viewport={"width": width, "height": height}, locale="fr-CA", **options
        )
        contexts.append(context)
        opened = Visit(context.new_page(), portal.url)
        opened.page.on("console", lambda said: _note(opened, said.type, said.text))
        opened.page.on("pageerror", lambda error: opened.complaints.append(str(error)))
        opened.page.on("request", lambda request: opened.requests.append(request.url))
        visits.append(opened)
        return opened

    yield open_page
    for context in contexts:
        context.close()
    for opened in visits:
        assert opened.complaints == []
        assert [url for url in opened.requests if not url.startswith(portal.url)] == []


def _note(opened: Visit, kind: str, text: str) -> None:
    if kind in {"error", "warning"} and not {"404", "410"} & set(text.split()):
        opened.complaints.append(text)
