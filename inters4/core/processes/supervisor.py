"""Watches over the children: starts them again when they die, stops them together.

Children are forked from a process that has one thread and no connection, and that has imported what
all of them need: they share its memory, and start quickly, the first time and every time. What they
inherit is a lifeline: none outlives the parent.
"""

import os
import select
import signal
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import FrameType

import structlog

from inters4.core.processes.lifeline import Lifeline

log = structlog.get_logger(__name__)

Run = Callable[[Lifeline], None]

GRACE_SECONDS = 25.0
INSTANT_SECONDS = 5.0
ONE_STOP_SECONDS = 1.0
"""Signals so close are one stop: make passes on the one that its whole group was sent."""
MOST_FAILURES = 5
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0
_INPUT = 0
_STOPPING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
_WATCHED = (*_STOPPING, signal.SIGCHLD)


@dataclass(slots=True)
class _Child:
    name: str
    run: Run
    pid: int = 0
    started_at: float = 0.0
    start_at: float = 0.0
    failures: int = 0


class Supervisor:
    """Runs named children until a signal, or until one of them proves unable to start."""

    def __init__(
        self,
        children: Mapping[str, Run],
        *,
        before_start: Callable[[], None] = lambda: None,
        before_stop: Callable[[], None] = lambda: None,
    ) -> None:
        self._children = [_Child(name, run) for name, run in children.items()]
        self._before_start, self._before_stop = before_start, before_stop
        self._lifeline = Lifeline.open()
        self._signals: list[int] = []
        self._same_until = 0.0
        self._waking, self._wake = os.pipe()
        self._is_detached = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN  # nohup
        self._has_terminal = not self._is_detached and os.isatty(_INPUT)

    def run(self) -> str | None:
        """Block until the end; the name of the child that cannot start, None after a signal."""
        for end in (self._waking, self._wake):
            os.set_blocking(end, False)
        previous = signal.set_wakeup_fd(self._wake, warn_on_full_buffer=False)
        heard = [each for each in _WATCHED if each != signal.SIGHUP or not self._is_detached]
        handlers = {number: signal.signal(number, self._note) for number in heard}
        try:
            self._before_start()  # a signal meanwhile is heard after it
            failing = self._watch()
            self._stop()
        finally:
            signal.set_wakeup_fd(previous)
            for number, handler in handlers.items():
                signal.signal(number, handler)
        return failing

    def _watch(self) -> str | None:
        while not self._is_told_to_stop():
            for child in self._children:
                if child.failures >= MOST_FAILURES:
                    return child.name
                if not child.pid and time.monotonic() >= child.start_at:
                    self._start(child)
            self._sleep(self._until_next_start())
            self._reap()
        log.info("stopping", signal=signal.Signals(self._signals[-1]).name)
        return None

    def _is_told_to_stop(self) -> bool:
        return any(number in _STOPPING for number in self._signals)

    def _until_next_start(self) -> float:
        waits = [child.start_at for child in self._children if not child.pid]
        return max(0.0, min(waits) - time.monotonic()) if waits else 60.0

    def _start(self, child: _Child) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        signal.pthread_sigmask(signal.SIG_BLOCK, _WATCHED)
        pid = os.fork()
        if pid == 0:
            self._become(child)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _WATCHED)
        child.pid, child.started_at = pid, time.monotonic()
        log.info("process_started", process=child.name, pid=pid)

    def _become(self, child: _Child) -> None:
        """Never returns. Ctrl-C reaches the whole group: the parent alone decides what it means."""
        signal.set_wakeup_fd(-1)
        for number in _WATCHED:
            signal.signal(number, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _WATCHED)
        self._lifeline.become_child()
        status = 1
        try:
            child.run(self._lifeline)
            status = 0
        except SystemExit as stop:
            status = stop.code if isinstance(stop.code, int) else int(stop.code is not None)
        except BaseException:
            log.exception("process_failed", process=child.name)
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status & 0xFF)

    def _reap(self) -> None:
        for child in self._children:
            if not child.pid:
                continue
            pid, status = os.waitpid(child.pid, os.WNOHANG)
            if pid:
                self._note_death(child, os.waitstatus_to_exitcode(status))

    def _note_death(self, child: _Child, code: int) -> None:
        lived = time.monotonic() - child.started_at
        child.failures = child.failures + 1 if lived < INSTANT_SECONDS else 1
        pause = min(_FIRST_PAUSE * 2 ** (child.failures - 1), _LONGEST_PAUSE)
        child.start_at = time.monotonic() + pause
        if not self._is_told_to_stop():
            log.error(
                "process_died",
                process=child.name,
                pid=child.pid,
                code=code,
                lived=round(lived, 1),
                restart_in=pause,
            )
        child.pid = 0

    def _stop(self) -> None:
        """Ask, wait, then insist; a second signal, a moment later, insists at once."""
        self._before_stop()
        asked = len(self._signals)
        deadline = time.monotonic() + GRACE_SECONDS
        self._tell(signal.SIGTERM)
        while any(child.pid for child in self._children):
            is_hurried = any(number in _STOPPING for number in self._signals[asked:])
            if is_hurried or time.monotonic() > deadline:
                log.warning("process_killed", processes=[c.name for c in self._children if c.pid])
                self._tell(signal.SIGKILL)
                deadline = time.monotonic() + GRACE_SECONDS
                asked = len(self._signals)
            self._sleep(min(1.0, max(0.0, deadline - time.monotonic())))
            self._reap()
        log.info("stopped")

    def _tell(self, number: signal.Signals) -> None:
        for child in self._children:
            if child.pid:
                os.kill(child.pid, number)

    def _note(self, number: int, _frame: FrameType | None) -> None:
        if number in _STOPPING and time.monotonic() > self._same_until:
            self._signals.append(number)
            self._same_until = time.monotonic() + ONE_STOP_SECONDS

    def _sleep(self, seconds: float) -> None:
        """Wait for a signal, or for the end of the terminal.

        The system tells only the leader of a session that its terminal is gone: under `ssh -t HOST
        make demo` that is make, which waits for us and passes nothing on.
        """
        waiting = select.poll()
        waiting.register(self._waking, select.POLLIN)
        if self._has_terminal and not self._is_told_to_stop():
            waiting.register(_INPUT, 0)  # whatever is asked, a hang-up is told
        for descriptor, event in waiting.poll(seconds * 1000):
            if descriptor == self._waking:
                os.read(self._waking, 512)
            elif event & (select.POLLHUP | select.POLLERR | select.POLLNVAL):
                self._signals.append(signal.SIGHUP)
