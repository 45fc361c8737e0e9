"""The process that works: every registered job, until a signal or the death of the parent."""

import os
import select
import signal
import time
from importlib import import_module

import structlog

from inters4.core import db
from inters4.core.jobs import jobs
from inters4.core.jobs.lean import import_huey
from inters4.core.processes.lifeline import GRACE_SECONDS, Lifeline
from inters4.settings import Settings

log = structlog.get_logger(__name__)

STOP_SECONDS = 20.0
_CHECK_SECONDS = 10.0


def run_worker(settings: Settings, lifeline: Lifeline) -> None:
    """Run the jobs in threads; this one, the main thread, waits for the end."""
    import_module("inters4.app").load_domains()
    db.bind(settings.database_url)
    jobs.bind(settings)
    import_huey(settings)
    from inters4.core.jobs.consumer import Consumer  # noqa: PLC0415  (huey is slow to import)

    waking = _wake_on_signals()
    consumer = Consumer(jobs)
    consumer.start()
    waiting = [waking, *lifeline.descriptors()]
    while not select.select(waiting, [], [], _CHECK_SECONDS)[0]:
        consumer.check()
    started = time.monotonic()
    is_clean = consumer.stop(timeout=GRACE_SECONDS if lifeline.is_cut() else STOP_SECONDS)
    log.info("worker_stopped", clean=is_clean, seconds=round(time.monotonic() - started, 1))
    if not is_clean:
        os._exit(0)  # the rows are safe, and what does not listen must not hold the stop
    jobs.close()
    db.dispose()


def _wake_on_signals() -> int:
    """A descriptor that becomes readable when someone asks to stop; until now they just end us."""
    waking, wake = os.pipe()
    for end in (waking, wake):
        os.set_blocking(end, False)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    for number in (signal.SIGTERM, signal.SIGINT):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, lambda _number, _frame: None)
    return waking
