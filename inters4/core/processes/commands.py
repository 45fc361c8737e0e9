"""`serve`, and its two halves apart.

The one that watches imports what both halves need, once, and they share it; each half imports the
rest once it is a process of its own.
"""

import os
import sys
from contextlib import suppress
from importlib import import_module

from inters4.core import db, logs
from inters4.core.collecting import nothing_collected
from inters4.core.console import fail
from inters4.core.i18n import _
from inters4.core.processes.lifeline import Lifeline
from inters4.core.processes.opening import Opening
from inters4.core.processes.port import open_listener
from inters4.core.processes.supervisor import Supervisor
from inters4.settings import Settings

_WORKER_NICENESS = 5


def refuse_busy_port(settings: Settings) -> None:
    """Leave with one clear line when the portal could not listen; before any work is done."""
    open_listener(settings).close()


def serve(settings: Settings) -> None:
    """Run pages and jobs until a signal, then leave nothing behind.

    The watching process holds the port: while pages start again, visitors wait a moment instead
    of being refused. It leaves with status 1 when a half cannot start at all.
    """
    logs.configure(settings)
    listener = open_listener(settings)
    opening = Opening()
    db.dispose()

    def answer(lifeline: Lifeline) -> None:
        from inters4.core.processes.web import run_web  # noqa: PLC0415

        run_web(settings, listener, lifeline, on_first_answer=opening.tell)

    def work(lifeline: Lifeline) -> None:
        listener.close()
        with suppress(OSError):
            os.nice(_WORKER_NICENESS)  # a page never waits for a job
        opening.wait(lifeline)
        from inters4.core.processes.worker import run_worker  # noqa: PLC0415

        run_worker(settings, lifeline)

    supervisor = Supervisor(
        {"web": answer, "worker": work},
        before_start=_import_what_both_need,
        before_stop=listener.close,
    )
    if failing := supervisor.run():
        fail(
            _(
                "Le processus « %(name)s » s’arrête chaque fois qu’il démarre. La cause est dans "
                "le journal ci-dessus; « inters4 check » peut aider.",
                name=failing,
            )
        )
    sys.exit(0)


def _import_what_both_need() -> None:
    with nothing_collected():
        import_module("inters4.app").load_domains()


def web(settings: Settings) -> None:
    """Run the pages alone, in this process and its own children, until a signal."""
    from inters4.core.processes.web import run_web  # noqa: PLC0415

    logs.configure(settings)
    listener = open_listener(settings)
    db.dispose()
    run_web(settings, listener, Lifeline.none())


def worker(settings: Settings) -> None:
    """Run the jobs alone, in this process, until a signal."""
    from inters4.core.processes.worker import run_worker  # noqa: PLC0415

    logs.configure(settings)
    db.dispose()
    run_worker(settings, Lifeline.none())
