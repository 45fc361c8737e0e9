"""Programs that begin without waiting for what they import.

One process imports what many of them need, chooses nothing, and is copied for each: a program has
its own arguments, environment, folder and state, leaves as the interpreter would, and dies with
what it changed.
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
from pathlib import Path
from typing import Any, NoReturn

ROOT = Path(__file__).resolve().parents[2]
_MODULE = "tests.builders.copied"


class Begun:
    """A program that goes on, in a session of its own: what is asked of a `Popen`.

    It is a copy of a process that has `imported` modules, and called what is named after a colon.
    What it says is in the files `out` and `err` of `place`, which is there.
    """

    def __init__(
        self,
        code: str,
        place: Path,
        environment: dict[str, str],
        *,
        imported: tuple[str, ...],
        arguments: tuple[str, ...] = (),
    ) -> None:
        self._copied = _copied(imported)
        self.pid = _asked(
            self._copied, {**_program(code, arguments, environment, place), "goes on": True}
        )
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


def done(
    code: str,
    environment: dict[str, str],
    *,
    imported: tuple[str, ...],
    arguments: tuple[str, ...] = (),
) -> subprocess.CompletedProcess[str]:
    """What a program says until it ends, and its status: minus the signal that killed it, if any.

    `arguments` begin with the name of the program.
    """
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        status = _asked(_copied(imported), _program(code, arguments, environment, place))
        said = [(place / name).read_text(encoding="utf-8") for name in ("out", "err")]
    return subprocess.CompletedProcess(arguments, status, *said)


def settled(environment: dict[str, str]) -> dict[str, str]:
    """The environment of a program: no setting but those asked for."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("INTERS4_")}
    return {**clean, **environment}


def _program(
    code: str, arguments: tuple[str, ...], environment: dict[str, str], place: Path
) -> dict[str, Any]:
    return {
        "code": code,
        "arguments": arguments,
        "environment": settled(environment),
        "folder": str(Path.cwd()),
        "place": str(place),
    }


def _asked(copied: "subprocess.Popen[str]", what: dict[str, Any]) -> int:
    """The number it answers."""
    assert copied.stdin is not None
    assert copied.stdout is not None
    copied.stdin.write(json.dumps(what) + "\n")
    copied.stdin.flush()
    return int(copied.stdout.readline())


@cache
def _copied(imported: tuple[str, ...]) -> "subprocess.Popen[str]":
    """The process that is copied, one for each worker of pytest that needs one."""
    started = subprocess.Popen(
        [sys.executable, "-m", _MODULE, *imported],
        cwd=ROOT,
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

    A program that is waited for by its exit status, one that goes on by its pid; how that one
    ended, when it is asked.
    """
    for name in imported:
        module, _, called = name.partition(":")
        found = import_module(module)
        if called:
            getattr(found, called)()
    for line in sys.stdin:
        asked = json.loads(line)
        number = asked["ended"] if "ended" in asked else os.fork()
        if not number:
            _become(asked)
        if "goes on" not in asked:
            number = os.waitstatus_to_exitcode(os.waitpid(number, 0)[1])
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()


def _become(asked: dict[str, Any]) -> NoReturn:
    """Be the program that is asked for, and leave as it does."""
    status = 1
    try:
        if "goes on" in asked:
            os.setsid()
        for number, name in enumerate(("in", "out", "err")):
            kept = Path(asked["place"]) / name
            kept.touch()
            os.dup2(os.open(kept, os.O_RDWR | os.O_APPEND), number)
        os.chdir(asked["folder"])
        os.environ.clear()
        os.environ.update(asked["environment"])
        sys.argv = asked["arguments"] or ["program"]
        exec(compile(asked["code"], "<code>", "exec"), {"__name__": "__main__"})  # noqa: S102
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
