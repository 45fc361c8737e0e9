"""What there is to do, and the bell that wakes the worker.

A job is a plain function without argument: it reads rows and does what is due. It runs every so
often whatever happens, and sooner when someone nudges it; a lost nudge therefore loses nothing.
"""

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

import structlog

from inters4.core.jobs.bell import Bell
from inters4.core.jobs.outage import Outage
from inters4.core.values import dataclass
from inters4.settings import Settings

log = structlog.get_logger(__name__)

Work = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Job:
    """Work to be done every `every` seconds, and whenever it is nudged."""

    name: str
    every: float
    work: Work


class Jobs:
    """The jobs that domains register at start, and how this process reaches the worker."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}
        self._stop_handlers: list[Work] = []
        self._settings: Settings | None = None
        self._bell: tuple[int, Bell] | None = None
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self.outage = Outage()

    def periodic(self, name: str, *, every: float) -> Callable[[Work], Work]:
        """Register the decorated function as the job `name`.

        Raises:
            RuntimeError: another function has that name.
        """

        def register(work: Work) -> Work:
            if name in self._jobs and self._jobs[name].work is not work:
                raise RuntimeError(f"registered twice: {name}")
            self._jobs[name] = Job(name, every, work)
            return work

        return register

    def registered(self) -> tuple[Job, ...]:
        """Every job, in order of registration."""
        return tuple(self._jobs.values())

    def __getitem__(self, name: str) -> Job:
        return self._jobs[name]

    def bind(self, settings: Settings) -> None:
        """Say which installation this process belongs to."""
        self.close()
        self.outage = Outage()
        self._settings = settings
        self._stopping.clear()

    @property
    def settings(self) -> Settings:
        """The settings that jobs work with.

        Raises:
            RuntimeError: the process was not bound.
        """
        if self._settings is None:
            raise RuntimeError("no settings are bound: call jobs.bind(settings) first")
        return self._settings

    @property
    def data_dir(self) -> Path | None:
        """Where this installation keeps its files; None while the process is not bound."""
        return self._settings.data_dir if self._settings else None

    def nudge(self, name: str) -> None:
        """Ask the worker to run `name` soon. Never raises: the period is there if this fails.

        Nudges that wait already are not added to: a thousand posts make one run.
        """
        if self._settings is None or not self.outage.is_worth_a_try:
            return
        asked = time.monotonic()
        try:
            self.bell().ring(name)
        except Exception as error:  # noqa: BLE001  (a page must not fail for a nudge)
            self.outage.note(error, asked=asked)
        else:
            self.outage.over(asked=asked)

    def bell(self) -> Bell:
        """The bell of this process, made after the last fork."""
        with self._lock:
            if self._bell is None or self._bell[0] != os.getpid():
                self._bell = (os.getpid(), Bell(self.settings))
            return self._bell[1]

    def stop(self) -> None:
        """Ask the jobs under way to end soon."""
        self._stopping.set()

    @property
    def is_stopping(self) -> bool:
        """True when a long job should leave the rest of its rows for the next start."""
        return self._stopping.is_set()

    def on_stop(self, handler: Work) -> Work:
        """Register the decorated function, called when the worker has ended its last job."""
        if handler not in self._stop_handlers:
            self._stop_handlers.append(handler)
        return handler

    def release(self) -> None:
        """Let go of what jobs keep from one run to the next; no job may be running."""
        for handler in self._stop_handlers:
            try:
                handler()
            except Exception:
                log.exception("release_failed", handler=handler.__qualname__)

    def close(self) -> None:
        """Let go of the bell."""
        with self._lock:
            if self._bell is not None and self._bell[0] == os.getpid():
                self._bell[1].close()
            self._bell = None


jobs = Jobs()
