"""A portal of real processes that a drill may kill, and its database seen from outside.

Everything goes through the `inters4` command, and the rows are read by plain SQL: a drill trusts
nothing of what it tests.
"""

import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any

from inters4.core.paths import content_dir

PATIENCE = 60.0
COMMAND = str(Path(sys.executable).with_name("inters4"))
_ANNOUNCED = re.compile(r'data-announce="([^"]*)"')
_FALLBACK = "L’index se répare"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a page answered; `status` is 0 when the connection failed."""

    status: int
    body: str
    retry_after: str | None = None

    @property
    def found(self) -> int | None:
        """How many results the page announces."""
        announced = _ANNOUNCED.search(self.body)
        if announced is None:
            return None
        count = unescape(announced[1]).partition(",")[0]  # « 123 résultats, page 1 de 7 »
        return int(re.sub(r"\D", "", count) or 0)

    @property
    def is_fallback(self) -> bool:
        """True when an older index answered."""
        return _FALLBACK in self.body


@dataclass(slots=True)
class Portal:
    """An installation in `data_dir`; `serve` may be killed and started again on the same port."""

    data_dir: Path
    port: int = 0
    _serving: "subprocess.Popen[bytes] | None" = None
    _started: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    def __post_init__(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]

    @property
    def journal(self) -> Path:
        """Where every `serve` of this installation writes."""
        return self.data_dir.with_name(f"{self.data_dir.name}.journal")

    def start(self, *arguments: str, output: Path | None = None) -> "subprocess.Popen[bytes]":
        """Start `inters4 ARGUMENTS` in a group of its own."""
        kept = {name: value for name, value in os.environ.items() if "INTERS4_" not in name}
        known = {
            "INTERS4_DATA_DIR": str(self.data_dir),
            "INTERS4_PORT": str(self.port),
            "INTERS4_LOG_FORMAT": "json",
        }
        target = output or self.data_dir.with_name(f"{self.data_dir.name}.{arguments[0]}")
        with target.open("ab") as stream:
            process = subprocess.Popen(
                [COMMAND, *arguments],
                env=kept | known,
                stdout=stream,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._started.append(process)
        return process

    def run(self, *arguments: str) -> tuple[int, str]:
        """Run a command to its end; its status, and all it said with plain spaces."""
        output = self.data_dir.with_name(f"{self.data_dir.name}.{len(self._started)}")
        process = self.start(*arguments, output=output)
        status = process.wait(PATIENCE)
        return status, output.read_text().replace("\N{NO-BREAK SPACE}", " ")

    def serve(self) -> None:
        """Start `serve` and wait until pages answer and the worker works."""
        workers = len(self._events("worker_started"))
        self._serving = self.start("serve", output=self.journal)
        self.until(lambda: self.get("/healthz").status == 200)
        self.until(lambda: len(self._events("worker_started")) > workers)

    def pid(self, name: str) -> int:
        """The living pid of `parent`, `web` (gunicorn), `pages` (its worker) or `worker`."""
        assert self._serving is not None
        if name == "parent":
            return self._serving.pid
        if name == "pages":
            arbiter = self.pid("web")
            children = Path(f"/proc/{arbiter}/task/{arbiter}/children").read_text().split()
            return int(children[0])
        started = [event["pid"] for event in self._events("process_started", process=name)]
        return int(started[-1])

    def kill(self, name: str) -> None:
        """`kill -9` one process of `serve`, found however soon after its last start."""
        while True:
            try:
                os.kill(self.pid(name), signal.SIGKILL)
            except (ProcessLookupError, FileNotFoundError, IndexError):
                time.sleep(0.05)  # between two lives
            else:
                return

    def is_whole(self) -> bool:
        """True when the parent lives and both its children have started since they last died."""
        if self._serving is None or self._serving.poll() is not None:
            return False
        return all(_is_alive(self.pid(name)) for name in ("web", "worker"))

    def wait_for_death(self) -> None:
        """Reap the killed parent and wait until its children have followed."""
        assert self._serving is not None
        group = self._serving.pid
        self._serving.wait(PATIENCE)
        self.until(lambda: not _group_lives(group))

    def end(self) -> None:
        """Kill whatever this installation started."""
        for process in self._started:
            if _group_lives(process.pid):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(PATIENCE)

    def get(self, path: str, *, timeout: float = 40.0) -> Answer:
        """Ask for a page; never raises."""
        try:
            with urllib.request.urlopen(
                f"http://127.0.0.1:{self.port}{path}", timeout=timeout
            ) as answer:
                return Answer(answer.status, answer.read().decode())
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, error.read().decode(), error.headers["Retry-After"])
        except OSError as error:
            return Answer(0, repr(error))
        except Exception as error:  # noqa: BLE001  (an answer cut short has many names)
            return Answer(0, repr(error))

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """What plain SQL reads in the database."""
        address = f"file:{self.data_dir / 'inters4.db'}?mode=ro"
        with closing(sqlite3.connect(address, uri=True, timeout=30)) as connection:
            return connection.execute(statement).fetchall()

    def change(self, statement: str) -> None:
        """Change rows by plain SQL."""
        with (
            closing(sqlite3.connect(self.data_dir / "inters4.db", timeout=30)) as connection,
            connection,
        ):
            connection.execute(statement)

    def until(self, is_true: Callable[[], object], *, seconds: float = PATIENCE) -> None:
        """Wait for something to become true.

        Raises:
            AssertionError: it has not; the journal's last lines are in the message.
        """
        deadline = time.monotonic() + seconds
        while not is_true():
            assert time.monotonic() < deadline, self.last_words()
            time.sleep(0.02)

    def last_words(self, lines: int = 60) -> str:
        """The end of the journal, requests left out."""
        if not self.journal.exists():
            return ""
        told = [line for line in self.journal.read_text().splitlines() if '"request"' not in line]
        return "\n".join(told[-lines:])

    def complaints(self) -> list[str]:
        """Tracebacks in the journal, and pages that failed."""
        told = self.journal.read_text().splitlines()
        signs = ("Traceback", "request_failed", "job_failed", "process_failed")
        return [line for line in told if any(sign in line for sign in signs)]

    def _events(self, event: str, **values: object) -> list[dict[str, Any]]:
        if not self.journal.exists():
            return []
        found = []
        for line in self.journal.read_text().splitlines():
            if f'"{event}"' not in line:
                continue
            try:
                told = json.loads(line)
            except ValueError:
                continue
            if told.get("event") == event and values.items() <= told.items():
                found.append(told)
        return found


def shipped_sheets() -> list[Path]:
    """The sheets that ship and that everyone reads."""
    sheets = sorted((content_dir() / "practices").glob("*.md"))
    return [path for path in sheets if "\nstate: published\n" in path.read_text()]


def write_sheets(folder: Path, count: int) -> list[str]:
    """A content folder: what everyone reads of what ships, `count` variations of one; their ids."""
    shipped = content_dir()
    practices = folder / "practices"
    practices.mkdir(parents=True)
    for name in ("vocabulary.yaml", "organisations.yaml"):
        (folder / name).write_bytes((shipped / name).read_bytes())
    sheets = shipped_sheets()
    for path in sheets:
        (practices / path.name).write_bytes(path.read_bytes())
    model = sheets[0].read_text()
    ids = [f"exercice-{number:04}" for number in range(count)]
    for identifier in ids:
        text = re.sub(r"(?m)^id: .*$", f"id: {identifier}", model, count=1)
        text = re.sub(r"(?m)^slug: .*\n", "", text, count=1)
        title = f'title: "Guichet d’accès, {identifier}"'
        text = re.sub(r"(?m)^title: .*$", title, text, count=1)
        (practices / f"{identifier}.md").write_text(text)
    return ids + [path.stem for path in sheets]


def _is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"


def _group_lives(group: int) -> bool:
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, found = stat.read_text().rpartition(")")[2].split()[:3]
        except OSError:
            continue
        if int(found) == group and state not in "ZX":
            return True
    return False
