"""Real processes on a free port: what starts them, what kills them, what they leave.

Where starting or stopping is what a test is about, Python starts; elsewhere the portal is a copy of
a process that has imported it.
"""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from inters4.core.processes.supervisor import MOST_FAILURES
from inters4.settings import Settings
from tests.builders.commands import PORTAL
from tests.builders.copied import Begun

pytestmark = [
    pytest.mark.allow_hosts(["127.0.0.1"]),
    pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads /proc"),
]

PATIENCE = 30.0
SERVE = """
from inters4.core.processes import serve
from inters4.settings import Settings
serve(Settings.from_env())
"""
ALONE = """
from inters4.core import processes
from inters4.settings import Settings
processes.{half}(Settings.from_env())
"""
CANNOT_START = """
import sys
from inters4.core.processes import supervisor
supervisor._FIRST_PAUSE = 0.01
def broken(lifeline): sys.exit(3)
def whole(lifeline): __import__("time").sleep(60)
print(supervisor.Supervisor({"worker": whole, "web": broken}).run())
"""

DIES_NOW_AND_THEN = """
import time
from inters4.core.processes import supervisor
supervisor._FIRST_PAUSE, supervisor.INSTANT_SECONDS = 0.01, 0.05
def mortal(lifeline):
    print("born", flush=True)
    time.sleep(0.1)
print(supervisor.Supervisor({"worker": mortal}).run())
"""

DEAF = """
import signal, time
from inters4.core import logs
from inters4.core.processes import supervisor
from inters4.settings import Settings
logs.configure(Settings.from_env())
def deaf(lifeline):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    print("deaf", flush=True)
    time.sleep(60)
supervisor.Supervisor({"worker": deaf}).run()
"""

SHORT = """
import importlib
importlib.import_module("inters4.core.processes.{module}").{name} = 1
"""

# A shell that runs tests in the background has its children ignore Ctrl-C, nohup the end of the
# terminal, and so would we.
_HEARD = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)
"""


class Portal:
    """A portal in a group of its own."""

    process: "subprocess.Popen[str] | Begun"

    def __init__(
        self,
        settings: Settings,
        *,
        code: str = SERVE,
        terminal: int | None = None,
        is_copy: bool = False,
        **environ: str,
    ) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self._said = settings.data_dir / "said"
        self._said.mkdir(exist_ok=True)
        known = {
            "INTERS4_DATA_DIR": str(settings.data_dir),
            "INTERS4_DATABASE_URL": settings.database_url,
            "INTERS4_PORT": str(self.port),
        }
        if is_copy:
            self.process = Begun(_HEARD + code, self._said, known | environ, imported=PORTAL)
            return
        with (self._said / "out").open("w") as said, (self._said / "err").open("w") as errors:
            self.process = subprocess.Popen(
                [sys.executable, "-c", _HEARD + code],
                env=os.environ | known | environ,
                stdin=terminal,
                stdout=said,
                stderr=errors,
                text=True,
                start_new_session=True,
            )

    @property
    def journal(self) -> str:
        return (self._said / "err").read_text()

    @property
    def told(self) -> list[str]:
        """What it printed."""
        return (self._said / "out").read_text().splitlines()

    def living(self) -> set[int]:
        """Pids of the group that are not yet dead."""
        found = set()
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                state, _, group = stat.read_text().rpartition(")")[2].split()[:3]
            except OSError:
                continue
            if int(group) == self.process.pid and state not in "ZX":
                found.add(int(stat.parent.name))
        return found

    def children(self) -> list[int]:
        return [
            int(pid)
            for task in Path(f"/proc/{self.process.pid}/task").iterdir()
            for pid in (task / "children").read_text().split()
        ]

    def answers(self) -> bool:
        try:
            address = f"http://127.0.0.1:{self.port}/healthz"
            with urllib.request.urlopen(address, timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def wait(self) -> int:
        return self.process.wait(PATIENCE)

    def end(self) -> None:
        for pid in self.living():
            with contextlib.suppress(ProcessLookupError):  # it ended meanwhile
                os.kill(pid, signal.SIGKILL)
        self.process.wait(PATIENCE)


def say(portal: Portal, words: bytes) -> bytes:
    """What comes back when `words` are sent as they are."""
    with socket.create_connection(("127.0.0.1", portal.port), timeout=PATIENCE) as connection:
        connection.sendall(words)
        heard = b""
        while more := connection.recv(65536):
            heard += more
        return heard


def until(is_true: Callable[[], object], portal: Portal) -> None:
    """Wait for something to become true; what it takes is not the matter here."""
    deadline = time.monotonic() + PATIENCE
    while not is_true():
        assert time.monotonic() < deadline, portal.journal
        time.sleep(0.02)


@pytest.fixture
def start(settings: Settings) -> Iterator[Callable[..., Portal]]:
    started: list[Portal] = []

    def make(**options: Any) -> Portal:
        started.append(Portal(settings, **options))
        return started[-1]

    yield make
    for portal in started:
        portal.end()


def _at_work(portal: Portal) -> Portal:
    until(portal.answers, portal)
    until(lambda: "worker_started" in portal.journal, portal)
    return portal


@pytest.fixture
def portal(start: Callable[..., Portal]) -> Portal:
    """A portal that answers, its worker at work."""
    return _at_work(start(is_copy=True))


@pytest.fixture
def started(start: Callable[..., Portal]) -> Portal:
    """A portal started as people start it, that answers, its worker at work."""
    return _at_work(start())


def test_a_stop_ends_everything_without_a_word_too_many(started: Portal) -> None:
    started.process.terminate()

    assert started.wait() == 0
    assert started.living() == set()
    assert "Traceback" not in started.journal
    assert "worker_stopped clean=True" in started.journal


def test_a_stop_that_comes_twice_at_once_hurries_nobody(start: Callable[..., Portal]) -> None:
    """`make` passes on the signal that its whole group was sent, to us too."""
    portal = start(code=DEAF)
    until(lambda: portal.told, portal)

    portal.process.terminate()
    until(lambda: "stopping" in portal.journal, portal)
    portal.process.terminate()

    time.sleep(0.3)
    assert "process_killed" not in portal.journal
    time.sleep(0.8)
    portal.process.terminate()  # somebody insists
    assert portal.wait() == 0
    assert "process_killed" in portal.journal


def test_ctrl_c_in_a_terminal_ends_everything_without_a_traceback(started: Portal) -> None:
    os.killpg(started.process.pid, signal.SIGINT)

    assert started.wait() == 0
    assert started.living() == set()
    assert "Traceback" not in started.journal


def test_ctrl_c_while_starting_ends_everything_without_a_traceback(
    start: Callable[..., Portal],
) -> None:
    portal = start()
    until(lambda: "process=worker" in portal.journal, portal)

    os.killpg(portal.process.pid, signal.SIGINT)

    assert portal.wait() == 0
    assert portal.living() == set()
    assert "Traceback" not in portal.journal


def test_a_terminal_that_is_closed_ends_everything(start: Callable[..., Portal]) -> None:
    """The system tells only the leader of the session, which may be make, and passes nothing on."""
    ours, theirs = os.openpty()
    portal = start(terminal=theirs)
    until(lambda: "worker_started" in portal.journal, portal)

    os.close(theirs)
    os.close(ours)

    assert portal.wait() == 0
    assert portal.living() == set()
    assert "signal=SIGHUP" in portal.journal


def test_what_was_started_with_nohup_outlives_its_terminal(start: Callable[..., Portal]) -> None:
    ignored = "signal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
    portal = start(code=ignored + SERVE)
    until(portal.answers, portal)

    os.killpg(portal.process.pid, signal.SIGHUP)
    portal.process.send_signal(signal.SIGHUP)

    until(portal.answers, portal)
    portal.process.terminate()
    assert portal.wait() == 0
    assert "signal=SIGTERM" in portal.journal
    assert "signal=SIGHUP" not in portal.journal


def test_nothing_outlives_a_parent_that_was_killed(portal: Portal) -> None:
    assert len(portal.living()) > 2

    portal.process.kill()

    until(lambda: not portal.living(), portal)


def test_what_cannot_be_read_is_answered_with_our_page(portal: Portal) -> None:
    head, _, body = say(portal, b"\x00\x01 blah\r\n\r\n").partition(b"\r\n\r\n")
    long_head = say(portal, b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n")

    assert head.startswith(b"HTTP/1.1 400 ")
    assert b"Content-Security-Policy: " in head
    assert "Cette demande n’a pas pu être lue".encode() in body
    assert b"blah" not in body
    assert long_head.startswith(b"HTTP/1.1 400 ")
    assert b"Raccourcissez-le" in long_head
    assert "Traceback" not in portal.journal


@pytest.mark.parametrize("which", [0, 1])
def test_a_child_that_dies_is_started_again(portal: Portal, which: int) -> None:
    before = portal.children()

    os.kill(before[which], signal.SIGKILL)

    until(lambda: len(set(portal.children()) - set(before)) == 1, portal)
    until(lambda: portal.journal.count("worker_started") == 1 + which, portal)
    until(lambda: portal.journal.count("portal_ready") == 2 - which, portal)
    until(portal.answers, portal)
    assert "process_died" in portal.journal


def test_a_killed_gunicorn_worker_is_replaced(portal: Portal) -> None:
    (arbiter, _) = portal.children()
    (worker,) = Path(f"/proc/{arbiter}/task/{arbiter}/children").read_text().split()

    os.kill(int(worker), signal.SIGKILL)

    until(lambda: portal.journal.count("portal_ready") == 2, portal)
    assert portal.answers()


@pytest.mark.parametrize(("half", "ready"), [("web", "portal_ready"), ("worker", "worker_started")])
def test_each_half_runs_and_stops_alone(
    start: Callable[..., Portal], half: str, ready: str
) -> None:
    portal = start(code=ALONE.format(half=half))
    until(lambda: ready in portal.journal, portal)
    assert portal.answers() == (half == "web")

    os.killpg(portal.process.pid, signal.SIGINT)

    assert portal.wait() == 0
    assert portal.living() == set()
    assert "Traceback" not in portal.journal


def test_a_busy_port_is_one_clear_line_before_anything_starts(
    start: Callable[..., Portal],
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        portal = start(INTERS4_PORT=str(port))
        assert portal.wait() == 1

    assert portal.journal.count("\n") == 1
    assert portal.journal.startswith(f"Le port {port} est déjà pris.")
    assert "INTERS4_PORT" in portal.journal


def test_an_address_of_another_machine_is_refused_clearly(start: Callable[..., Portal]) -> None:
    portal = start(INTERS4_HOST="192.0.2.1")

    assert portal.wait() == 1
    assert "(cette adresse n’est pas celle de cette machine)" in portal.journal
    assert "INTERS4_HOST" in portal.journal
    assert portal.journal.count("\n") == 1


def test_a_child_that_cannot_start_ends_the_whole(start: Callable[..., Portal]) -> None:
    portal = start(code=CANNOT_START)

    portal.wait()
    assert portal.told[-1] == "web"
    assert portal.living() == set()


def test_a_child_that_lived_before_it_died_is_started_again_for_ever(
    start: Callable[..., Portal],
) -> None:
    portal = start(code=DIES_NOW_AND_THEN)

    until(lambda: portal.told.count("born") > 2 * MOST_FAILURES, portal)
    assert "worker" not in portal.told


FORM = (
    b"POST /question HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\n"
)
"""The start of a form."""


@contextmanager
def held(portal: Portal, words: bytes) -> Iterator[None]:
    """More connections than threads, each of which sends so much and stays there."""
    address = ("127.0.0.1", portal.port)
    with ExitStack() as open_ones:
        for _number in range(40):
            connection = open_ones.enter_context(socket.create_connection(address))
            with suppress(OSError):
                connection.sendall(words)
        yield


@pytest.mark.parametrize("proxies", ["0", "1"])
def test_connections_that_stay_there_leave_room_for_others(
    start: Callable[..., Portal], proxies: str
) -> None:
    portal = start(is_copy=True, INTERS4_WEB_THREADS="4", INTERS4_PROXIES=proxies)
    until(portal.answers, portal)

    answered = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
    with held(portal, b""), held(portal, answered):
        assert portal.answers()
    assert "slow_connection_cut" not in portal.journal

    with held(portal, b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: "):
        assert portal.answers()
    with held(portal, FORM + b"Content-Length: 900000\r\n\r\na="):
        assert portal.answers()
    assert "slow_connection_cut" in portal.journal
    assert "Traceback" not in portal.journal


@pytest.mark.parametrize(
    ("module", "name", "words"),
    [
        ("patience", "STILL_SECONDS", FORM + b"Content-Length: 9\r\n\r\na="),
        ("web", "BODY_SECONDS", FORM + b"Content-Length: 9\r\n\r\na="),
        ("web", "HEADERS_SECONDS", b"GET / HTTP/1.1\r\nX: "),
    ],
)
def test_one_that_is_too_slow_is_cut(
    start: Callable[..., Portal], module: str, name: str, words: bytes
) -> None:
    portal = start(is_copy=True, code=SHORT.format(module=module, name=name) + SERVE)
    until(portal.answers, portal)

    with socket.create_connection(("127.0.0.1", portal.port), timeout=PATIENCE) as slow:
        slow.sendall(words)
        assert slow.recv(100) == b""

    assert "slow_connection_cut" in portal.journal
    assert "Traceback" not in portal.journal


def test_a_body_in_broken_chunks_is_answered_with_our_page(portal: Portal) -> None:
    chunked = FORM + b"Transfer-Encoding: chunked\r\n\r\n"
    broken = say(portal, chunked + b"zz\r\na=b\r\n0\r\n\r\n")

    head, _, body = broken.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    assert b"Connection: close" in head
    assert "Cette demande n’a pas pu être lue".encode() in body
    assert "request_refused" in portal.journal
    assert "Traceback" not in portal.journal
