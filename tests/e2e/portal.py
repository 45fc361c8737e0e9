"""A portal that really runs, for the browser: `demo --no-serve`, then `serve` on a free port."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Playwright
from playwright.sync_api import Error as BrowserError

_CHROMIUMS = (Path("/usr/bin/chromium-headless-shell"), Path("/usr/bin/chromium"))
CHROMIUM = next((path for path in _CHROMIUMS if path.exists()), _CHROMIUMS[-1])
"""The shell is the same engine without a window to draw, at a third of the processor time."""
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--js-flags=--no-opt --no-maglev",  # each page is new: what is made quick hardly runs again
)
UNDRAWN = ("--disable-threaded-compositing",) if _CHROMIUMS[0] == CHROMIUM else ()
"""In the shell, no frame is ever made: pages are styled and laid out when asked, never painted.

The whole Chromium may then wait for ever for a page.
"""
START_SECONDS = 60
_FREE_PORT = (
    "import socket; s = socket.socket(); s.bind(('127.0.0.1', 0)); print(s.getsockname()[1])"
)


@dataclass(frozen=True, slots=True)
class Portal:
    """A portal that answers."""

    url: str
    data_dir: Path


def launch(playwright: Playwright, *flags: str) -> Browser:
    """Debian's Chromium, quiet."""
    return playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, *flags])


@contextmanager
def running_portal(playwright: Playwright, data: Path) -> Iterator[Portal]:
    """Serve the demonstration in `data` until the block ends.

    Raises:
        RuntimeError: it does not answer; the journal is in the message.
    """
    port = _output([sys.executable, "-c", _FREE_PORT])
    command = str(Path(sys.executable).with_name("inters4"))
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("INTERS4_")},
        "INTERS4_DATA_DIR": str(data),
        "INTERS4_PORT": port,
        "INTERS4_ALLOW_DEMO_DATA": "oui",
        "INTERS4_FETCH_ALLOW": f"127.0.0.1:{port}",
    }
    journal = data.parent / "journal"
    with journal.open("wb") as output:
        server = subprocess.Popen(
            [command, "serve"], env=environment, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_until_ready(playwright, url, server, journal)
        yield Portal(url, data)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=30)


def _wait_until_ready(
    playwright: Playwright, url: str, server: "subprocess.Popen[bytes]", journal: Path
) -> None:
    asked = playwright.request.new_context()
    deadline = time.monotonic() + START_SECONDS
    try:
        while time.monotonic() < deadline and server.poll() is None:
            try:
                if asked.get(f"{url}/readyz").ok:
                    return
            except BrowserError:
                pass
            time.sleep(0.1)
    finally:
        asked.dispose()
    raise RuntimeError(f"the portal does not answer:\n{journal.read_text()}")


def _output(command: list[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
