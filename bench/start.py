"""Process start to first 200, on prepared data: `python -m bench.start`.

The peer is the smallest Flask page under the same server, started the same way on the same
machine, so that the ratio says what the portal itself costs. Times are wall-clock seconds, median
and worst of several starts; one process group at a time, killed before the next.
"""

import argparse
import os
import signal
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.demo import BIN, prepared_demo

_PEER = """
from flask import Flask
app = Flask(__name__)
app.add_url_rule("/healthz", "alive", lambda: "ok")
"""


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number


def first_answer(
    command: Sequence[str], url: str, *, environment: Mapping[str, str], folder: Path
) -> float:
    """Seconds from the start of `command` to the first 200 at `url`.

    Raises:
        TimeoutError: no answer within 60 s.
    """
    started = time.monotonic()
    process = subprocess.Popen(
        command,
        env={**os.environ, **environment},
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        while time.monotonic() - started < 60:
            try:
                with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310
                    if answer.status == 200:
                        return time.monotonic() - started
            except OSError:
                time.sleep(0.01)
        raise TimeoutError(url)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=30)


def measure(times: int) -> dict[str, list[float]]:
    """Seconds of each start, by name; starts alternate, so that both see the same machine."""
    found: dict[str, list[float]] = {"portal, first page": [], "minimal Flask": []}
    with prepared_demo() as (folder, environment):
        (folder / "peer.py").write_text(_PEER)
        for _turn in range(times):
            port = free_port()
            found["portal, first page"].append(
                first_answer(
                    [str(BIN / "inters4"), "serve"],
                    f"http://127.0.0.1:{port}/",
                    environment={**environment, "INTERS4_PORT": str(port)},
                    folder=folder,
                )
            )
            port = free_port()
            peer = [str(BIN / "gunicorn"), "--bind", f"127.0.0.1:{port}", "peer:app"]
            url = f"http://127.0.0.1:{port}/healthz"
            found["minimal Flask"].append(first_answer(peer, url, environment={}, folder=folder))
    return found


def main() -> None:
    """Print a table: median, worst, and ratio to the peer."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=5)
    options, _rest = parser.parse_known_args()
    found = measure(options.times)
    peer = statistics.median(found["minimal Flask"])
    sys.stdout.write(
        f"{'process start to first 200':32}{'median s':>10}{'worst s':>10}{'ratio':>8}\n"
    )
    for name, seconds in found.items():
        middle = statistics.median(seconds)
        sys.stdout.write(f"{name:32}{middle:10.2f}{max(seconds):10.2f}{middle / peer:8.1f}\n")


if __name__ == "__main__":
    main()
