"""A real demonstration, served on a free port, and a real browser.

Skipped in one line where /usr/bin/chromium is absent.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright
from playwright.sync_api import Error as BrowserError

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
START_SECONDS = 60
_FREE_PORT = (
    "import socket; s = socket.socket(); s.bind(('127.0.0.1', 0)); print(s.getsockname()[1])"
)
OpenPage = Callable[..., "Visit"]


@dataclass(frozen=True, slots=True)
class Portal:
    """A portal that answers."""

    url: str
    data_dir: Path


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


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is not installed")
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    opened = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def portal(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """`inters4 demo --no-serve`, then `inters4 serve`."""
    folder = tmp_path_factory.mktemp("demo")
    port = _output([sys.executable, "-c", _FREE_PORT])
    command = str(Path(sys.executable).with_name("inters4"))
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("INTERS4_")},
        "INTERS4_DATA_DIR": str(folder / "var"),
        "INTERS4_PORT": port,
        "INTERS4_ALLOW_DEMO_DATA": "oui",
    }
    prepared = subprocess.run(
        [command, "demo", "--no-serve"], env=environment, capture_output=True, check=False
    )
    assert prepared.returncode == 0, prepared.stderr.decode()
    journal = folder / "journal"
    with journal.open("wb") as output:
        server = subprocess.Popen(
            [command, "serve"], env=environment, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_until_ready(playwright, url, server, journal)
        yield Portal(url, folder / "var")
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=30)


@pytest.fixture
def visit(browser: Browser, portal: Portal) -> Iterator[OpenPage]:
    """Opens a page with a context of its own; afterwards nothing may have complained."""
    contexts: list[BrowserContext] = []
    visits: list[Visit] = []

    def open_page(width: int = 1366, height: int = 768, **options: Any) -> Visit:
        context = browser.new_context(
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
    if kind in {"error", "warning"} and "404" not in text:
        opened.complaints.append(text)


def _wait_until_ready(
    playwright: Playwright, url: str, server: "subprocess.Popen[bytes]", journal: Path
) -> None:
    asked = playwright.request.new_context()
    deadline = time.monotonic() + START_SECONDS
    try:
        while time.monotonic() < deadline:
            assert server.poll() is None, journal.read_text()
            try:
                if asked.get(f"{url}/readyz").ok:
                    return
            except BrowserError:
                pass
            time.sleep(0.1)
    finally:
        asked.dispose()
    pytest.fail(f"the portal does not answer:\n{journal.read_text()}")


def _output(command: list[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
