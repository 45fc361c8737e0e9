"""Commands typed without waiting for the portal to be imported again.

Starting `inters4` takes a second of processor time, nearly all of it to import. Here one process
imports what every command needs, chooses nothing, and is copied for each: a command has its own
arguments, environment, folder and state, goes through the entry point of the console script, and
dies with what it changed.
"""

import atexit
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import traceback
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from runpy import run_module
from typing import Any, NoReturn

from inters4.app import DOMAINS, load_domains
from inters4.cli import main

_MODULE = "tests.builders.commands"
_IMPORTED = (
    *("inters4.cli.root", "alembic.command"),
    *("indexer.backends.whoosh_engine", "indexer.backends.whoosh_writer"),
)
"""Not the commands themselves: their help is worded in the language chosen before."""
PORTAL = (
    *_IMPORTED,
    *("inters4.core.processes.web", "inters4.core.processes.worker", "inters4.core.jobs.consumer"),
    *(f"inters4.{domain}.views" for domain in DOMAINS if find_spec(f"inters4.{domain}.views")),
)
"""What both halves of a portal import."""


def typed(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """What `inters4 ARGUMENTS` answers, with these settings and no other."""
    return _answered(None, arguments, environment)


def ran(module: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """What `python -m MODULE ARGUMENTS` answers, with these settings and no other.

    The status is minus the number of the signal that killed it, if one did.
    """
    return _answered(module, arguments, environment)


def _answered(
    module: str | None, arguments: tuple[str, ...], environment: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    asked = {
        "module": module,
        "arguments": arguments,
        "environment": settled(environment),
        "folder": str(Path.cwd()),
    }
    with tempfile.TemporaryDirectory() as place:
        status = _asked(_copied(_IMPORTED), {**asked, "place": place})
        said = [(Path(place) / name).read_text(encoding="utf-8") for name in ("out", "err")]
    return subprocess.CompletedProcess([module or "inters4", *arguments], status, *said)


class Begun:
    """A program that goes on, in a session of its own: what is asked of a `Popen`.

    It is a copy of a process that has `imported` modules. What it says is in the files `out` and
    `err` of `place`, which is there.
    """

    def __init__(
        self,
        code: str,
        place: Path,
        environment: dict[str, str],
        *,
        imported: tuple[str, ...] = _IMPORTED,
    ) -> None:
        self._copied = _copied(imported)
        asked = {"code": code, "environment": settled(environment), "folder": str(Path.cwd())}
        self.pid = _asked(self._copied, {**asked, "place": str(place)})
        self._ended = os.pidfd_open(self.pid)
        self._status: int | None = None

    def send_signal(self, number: int) -> None:
        """As `Popen` does: nothing, once it is dead."""
        if self._status is None:
            signal.pidfd_send_signal(self._ended, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it without asking."""
        self.send_signal(signal.SIGKILL)

    def poll(self) -> int | None:
        """How it ended, if it has."""
        try:
            return self.wait(0)
        except TimeoutError:
            return None

    def wait(self, timeout: float) -> int:
        """How it ended, once it has.

        Raises:
            TimeoutError: it has not after so many seconds.
        """
        if self._status is None:
            if not select.select([self._ended], [], [], timeout)[0]:
                raise TimeoutError
            os.close(self._ended)
            self._status = _asked(self._copied, {"ended": self.pid})
        return self._status


def _asked(copied: "subprocess.Popen[str]", what: dict[str, Any]) -> int:
    """The number it answers."""
    assert copied.stdin is not None
    assert copied.stdout is not None
    copied.stdin.write(json.dumps(what) + "\n")
    copied.stdin.flush()
    return int(copied.stdout.readline())


def settled(environment: dict[str, str]) -> dict[str, str]:
    """The environment of a command: no setting but those asked for."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("INTERS4_")}
    return {**clean, **environment}


@cache
def _copied(imported: tuple[str, ...]) -> "subprocess.Popen[str]":
    """The process that is copied, one for each worker of pytest that needs one."""
    started = subprocess.Popen(
        [sys.executable, "-m", _MODULE, *imported],
        env=settled({}),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )

    @atexit.register
    def _end() -> None:
        with started:
            started.kill()

    return started


def _serve(imported: list[str]) -> None:
    """Import, then answer each line of the entry.

    A command by the exit status it has, a program that goes on by its pid; how that one ended, when
    it is asked.
    """
    for module in imported:
        import_module(module)
    load_domains()
    for line in sys.stdin:
        asked = json.loads(line)
        number = asked["ended"] if "ended" in asked else os.fork()
        if not number:
            _become(asked)
        if "code" not in asked:
            number = os.waitstatus_to_exitcode(os.waitpid(number, 0)[1])
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()


def _become(asked: dict[str, Any]) -> NoReturn:
    """Be the command that is asked for, and leave as it does."""
    status = 1
    try:
        if "code" in asked:
            os.setsid()
        for number, name in enumerate(("in", "out", "err")):
            kept = Path(asked["place"]) / name
            kept.touch()
            os.dup2(os.open(kept, os.O_RDWR | os.O_APPEND), number)
        os.chdir(asked["folder"])
        os.environ.clear()
        os.environ.update(asked["environment"])
        sys.argv = [asked.get("module") or "inters4", *asked.get("arguments", ())]
        if "code" in asked:
            exec(compile(asked["code"], "<code>", "exec"), {"__name__": "__main__"})  # noqa: S102
        elif asked["module"]:
            run_module(asked["module"], run_name="__main__", alter_sys=True)
        else:
            main()
        status = 0
    except SystemExit as left:
        status = left.code if isinstance(left.code, int) else int(left.code is not None)
    except BaseException:  # noqa: BLE001  (it is printed, as the interpreter does)
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    _serve(sys.argv[1:])
