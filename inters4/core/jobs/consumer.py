"""Keeps the jobs running: a huey consumer whose clock rings every job at its period.

huey's own periodic tasks know minutes only, and pass through the queue; here a period is in
seconds, and a queue that does not answer delays nothing: the job is then run directly, in a
thread of its own, so that a long one never holds the clock nor the others.
"""

import threading
import time
from typing import Any

import structlog
from huey.consumer import Consumer as HueyConsumer
from huey.consumer import Scheduler
from huey.consumer import Worker as HueyWorker

from inters4.core.jobs.bell import Bell
from inters4.core.jobs.outage import Outage, is_queue_away
from inters4.core.jobs.registry import Jobs
from inters4.core.jobs.runner import Runner

log = structlog.get_logger(__name__)

_THREADS = 4
_LONGEST_PAUSE = 0.5


class Consumer:
    """Every registered job, run in this process's threads until `stop`."""

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs
        self._runner = Runner(jobs)
        self._bell = _own_bell(jobs)
        self._bell.answer_with(self._answer)
        self._due: dict[str, float] = {}
        self._direct: dict[str, threading.Thread] = {}
        self._huey: Any = _QuietConsumer(
            self._bell.huey,
            workers=_THREADS,
            initial_delay=0.05,
            max_delay=_LONGEST_PAUSE,
            scheduler_interval=1,
            ring_what_is_due=self._ring_what_is_due,
            outage=jobs.outage,
        )

    def start(self) -> None:
        """Start the threads; every job is due at once."""
        asked = time.monotonic()
        try:
            self._bell.clear()
        except Exception as error:  # noqa: BLE001  (Redis may come back later)
            self._jobs.outage.note(error, asked=asked)
        self._due = {job.name: time.monotonic() for job in self._jobs.registered()}
        self._huey.start()
        log.info("worker_started", jobs=[job.name for job in self._jobs.registered()])

    def check(self) -> None:
        """Start again whichever thread died."""
        self._huey.check_worker_health()

    def stop(self, *, timeout: float) -> bool:
        """Ask the jobs to end and wait for them; False when some did not in `timeout` seconds.

        Once they all ended, what they kept open is released.
        """
        deadline = time.monotonic() + timeout
        self._jobs.stop()
        self._huey.shutdown_timeout = timeout
        self._huey.stop(graceful=True)
        direct = list(self._direct.values())
        for thread in direct:
            thread.join(max(0.0, deadline - time.monotonic()))
        threads = [*direct, *(thread for _, thread in self._huey.worker_threads)]
        if any(thread.is_alive() for thread in threads):
            return False
        self._jobs.release()
        return True

    def _answer(self, name: str) -> None:
        if self._jobs.is_stopping:
            return
        asked = time.monotonic()
        try:
            is_wanted = self._bell.take(name)
        except Exception as error:  # noqa: BLE001  (the work matters more than the note)
            self._jobs.outage.note(error, asked=asked)
            is_wanted = True
        if is_wanted:
            self._runner.run(name)

    def _ring_what_is_due(self) -> None:
        present = time.monotonic()
        for job in self._jobs.registered():
            if self._due.get(job.name, 0) > present:
                continue
            self._due[job.name] = present + job.every
            asked = time.monotonic()
            try:
                self._bell.take(job.name)
                self._bell.ring(job.name)
            except Exception as error:  # noqa: BLE001  (a period is a promise)
                self._jobs.outage.note(error, asked=asked)
                self._run_directly(job.name)

    def _run_directly(self, name: str) -> None:
        """Without the queue: one thread a job, and nothing when the last one still works."""
        last = self._direct.get(name)
        if self._jobs.is_stopping or (last is not None and last.is_alive()):
            return
        thread = threading.Thread(
            target=self._runner.run, args=(name,), name=f"job-{name}", daemon=True
        )
        self._direct[name] = thread
        thread.start()


def _own_bell(jobs: Jobs) -> Bell:
    """The bell of the process; on a full disk, one that only our own clock rings.

    A worker that would not start without its queue would take the whole portal down with it.
    """
    try:
        return jobs.bell()
    except Exception as error:
        if not is_queue_away(error):
            raise
        log.warning("queue_unreachable", reason=str(error), until="the worker starts again")
        return Bell(jobs.settings, is_deaf=True)


class _QuietConsumer(HueyConsumer):  # type: ignore[misc]
    """huey's consumer without its signal handlers: the process has its own."""

    def __init__(self, huey: Any, *, ring_what_is_due: Any, outage: Outage, **options: Any) -> None:
        self._ring_what_is_due, self._outage = ring_what_is_due, outage
        super().__init__(huey, **options)

    def _create_worker(self) -> "_Listener":
        listener = _Listener(
            self.huey, self.stop_flag, self.default_delay, self.max_delay, self.backoff
        )
        listener.outage = self._outage
        return listener

    def _create_scheduler(self) -> "_Clock":
        clock = _Clock(self.huey, self.stop_flag, self.scheduler_interval, self.periodic)
        clock.ring_what_is_due = self._ring_what_is_due
        return clock

    def _set_signal_handlers(self) -> None:
        pass


class _Listener(HueyWorker):  # type: ignore[misc]
    """Takes what the queue holds; when it does not answer, waits for it in silence."""

    outage: Outage

    def loop(self, now: object = None) -> None:
        asked = time.monotonic()
        try:
            task = self.huey.dequeue()
        except Exception as error:  # noqa: BLE001  (whatever it is, the thread goes on)
            if is_queue_away(error):
                self.outage.note(error, asked=asked)
            else:
                log.warning("queue_message_dropped", reason=type(error).__name__)
            self.stop_flag.wait(self.outage.pause)
            return
        self.outage.over(asked=asked)
        if task is not None:
            self.delay = self.default_delay
            self._execute(task, now)
        elif not self.huey.storage.blocking:
            self.sleep()

    def _execute(self, task: Any, now: object) -> None:
        asked = time.monotonic()
        try:
            self.huey.execute(task, now)
        except Exception as error:
            if is_queue_away(error):  # its period runs it
                self.outage.note(error, asked=asked)
            else:
                log.exception("job_failed")


class _Clock(Scheduler):  # type: ignore[misc]
    ring_what_is_due: Any

    def loop(self, now: object = None) -> None:  # noqa: ARG002  (huey's signature)
        started = time.monotonic()
        self.ring_what_is_due()
        self.sleep_for_interval(started, self.interval)
