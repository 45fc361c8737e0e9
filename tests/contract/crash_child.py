"""A writer that is killed: `python -m tests.contract.crash_child ROOT BACKEND MODE LIMIT [CALLS]`.

Prints `done KEY` once the commit of KEY has returned. In mode `writes` it puts, replaces and
removes; in mode `rebuilds` it rebuilds in between. With a LIMIT above zero it kills itself at that
call of `os.fsync`, and so at a chosen step of a commit; with CALLS, at that call of one of these
functions of `os` (`fsync,rename,unlink`).
"""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from indexer import IndexWriter, open_engine, open_writer
from tests.contract.builders import make_document


def _die_at_call(limit: int, names: list[str]) -> None:
    calls = 0

    def counted(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            nonlocal calls
            calls += 1
            if calls == limit:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*arguments, **named)

        return call

    for name in names:
        setattr(os, name, counted(getattr(os, name)))


def _rebuild(writer: IndexWriter, keys: list[str]) -> None:
    with writer.begin_rebuild() as rebuild:
        for key in keys:
            rebuild.put(make_document(key, title="Soins"))
        rebuild.promote()


def main(arguments: list[str]) -> None:
    root, backend, mode, limit, *calls = arguments
    with open_writer(Path(root), backend=backend) as writer:
        start = writer.revision.commit + 1000 * writer.revision.generation
        with open_engine(Path(root), backend=backend) as engine:
            keys = sorted(engine.keys() - {"often"})
        if int(limit):
            _die_at_call(int(limit), (calls or ["fsync"])[0].split(","))
        for number in range(start, start + 10_000):
            key = f"key:{os.getpid()}:{number}"
            writer.put(make_document(key, title="Soins", body=f"texte {number}"))
            writer.put(make_document("often", title=f"Soins {number}"))
            writer.remove("never")
            writer.commit()
            keys.append(key)
            sys.stdout.write(f"done {key}\n")
            sys.stdout.flush()
            if mode == "rebuilds" and number % 3 == 0:
                _rebuild(writer, [*keys, "often"])


if __name__ == "__main__":
    main(sys.argv[1:])
