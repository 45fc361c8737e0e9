"""Runs one job properly: alone, patient with a busy database, and never taking the worker down."""

import errno
import secrets
import threading
import time

import structlog

from inters4.core.clock import now
from inters4.core.jobs.chronicle import Chronicle
from inters4.core.jobs.registry import Job, Jobs
from inters4.core.trouble import is_away, is_busy, trouble_of

log = structlog.get_logger(__name__)

ATTEMPTS = 5
_FIRST_PAUSE = 0.05
_REFUSED = frozenset(
    {
        errno.EACCES,
        errno.EPERM,
        errno.EROFS,
        errno.ENOTDIR,
        errno.EEXIST,
        errno.EISDIR,
        errno.ENOSPC,
        errno.EDQUOT,
        errno.EFBIG,
    }
)
"""What the disk answers when rights, room or another file stand in the way."""


class Runner:
    """Runs the jobs of one process. A job never runs twice at the same time."""

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs
        self._lock = threading.Lock()
        self._running: set[str] = set()
        self._again: set[str] = set()
        self._chronicle = Chronicle()

    def run(self, name: str) -> None:
        """Run the job `name` now; if it runs already, once more when it ends."""
        job = self._jobs[name]
        with self._lock:
            if name in self._running:
                self._again.add(name)
                return
            self._running.add(name)
        try:
            while True:
                self._attempt(job)
                with self._lock:  # deciding to end and ending are one: no request falls between
                    if name not in self._again or self._jobs.is_stopping:
                        self._forget(name)
                        return
                    self._again.discard(name)
        except BaseException:
            with self._lock:
                self._forget(name)
            raise

    def _forget(self, name: str) -> None:
        self._running.discard(name)
        self._again.discard(name)

    def _attempt(self, job: Job) -> None:
        started = now()
        with structlog.contextvars.bound_contextvars(job=job.name, job_id=secrets.token_hex(4)):
            error = self._work(job)
        folder = self._jobs.data_dir
        if folder is not None:
            self._chronicle.note(folder, job.name, started=started, ended=now(), error=error)

    def _work(self, job: Job) -> str:
        """Do it, patiently; give back the class of what went wrong, nothing when all went well."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                job.work()
            except Exception as error:  # noqa: BLE001  (no job takes the worker down)
                if is_busy(error) and attempt < ATTEMPTS:
                    log.info("job_waits_for_database", attempt=attempt)
                    time.sleep(_FIRST_PAUSE * 2**attempt)
                    continue
                self._tell(error)  # the next period tries again
                return type(error).__name__
            break
        return ""

    def _tell(self, error: Exception) -> None:
        """A line for what is no defect, or each period would bring a traceback."""
        if is_away(error):
            log.error("database_away", trouble=trouble_of(error), reason=_said(error))
        elif is_busy(error):
            log.warning("database_busy", reason=_said(error))
        elif isinstance(error, OSError) and error.errno in _REFUSED:
            log.error("job_refused", path=error.filename, reason=error.strerror)
        else:
            log.error("job_failed", exc_info=error)


def _said(error: Exception) -> str:
    return " ".join(str(getattr(error, "orig", error)).split())
