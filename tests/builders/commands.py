"""Commands typed without waiting for the portal to be imported again.

Starting `inters4` takes a second of processor time, nearly all of it to import. Here one process
imports what every command needs, chooses nothing, and is copied for each: a command has its own
arguments, environment, folder and state, goes through the entry point of the console script, and
dies with what it changed.
"""

import atexit
import json
import os
import subprocess
import sys
import tempfile
import traceback
from functools import cache
from importlib import import_module
from pathlib import Path
from runpy import run_module
from typing import Any, NoReturn

from inters4.app import load_domains
from inters4.cli import main

_MODULE = "tests.builders.commands"
_IMPORTED = (
    *("inters4.cli.root", "alembic.command"),
    *("indexer.backends.whoosh_engine", "indexer.backends.whoosh_writer"),
)
"""Not the commands themselves: their help is worded in the language chosen before."""


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
    copied = _copied()
    assert copied.stdin is not None
    assert copied.stdout is not None
    with tempfile.TemporaryDirectory() as place:
        copied.stdin.write(json.dumps({**asked, "place": place}) + "\n")
        copied.stdin.flush()
        status = int(copied.stdout.readline())
        said = [(Path(place) / name).read_text(encoding="utf-8") for name in ("out", "err")]
    return subprocess.CompletedProcess([module or "inters4", *arguments], status, *said)


def settled(environment: dict[str, str]) -> dict[str, str]:
    """The environment of a command: no setting but those asked for."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("INTERS4_")}
    return {**clean, **environment}


@cache
def _copied() -> "subprocess.Popen[str]":
    """The process that is copied, one for each worker of pytest."""
    started = subprocess.Popen(
        [sys.executable, "-m", _MODULE],
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


def _serve() -> None:
    """Import, then answer each line of the entry with the exit status of a command."""
    for module in _IMPORTED:
        import_module(module)
    load_domains()
    for line in sys.stdin:
        asked = json.loads(line)
        child = os.fork()
        if not child:
            _become(asked)
        _child, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def _become(asked: dict[str, Any]) -> NoReturn:
    """Be the command that is asked for, and leave as it does."""
    status = 1
    try:
        for number, name in enumerate(("in", "out", "err")):
            kept = Path(asked["place"]) / name
            kept.touch()
            os.dup2(os.open(kept, os.O_RDWR | os.O_APPEND), number)
        os.chdir(asked["folder"])
        os.environ.clear()
        os.environ.update(asked["environment"])
        sys.argv = [asked["module"] or "inters4", *asked["arguments"]]
        if asked["module"]:
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
    _serve()
