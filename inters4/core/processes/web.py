"""The process that answers pages: gunicorn with threads, run from inside the program.

The application is made after the fork of each gunicorn worker, so that no connection crosses it.
"""

import errno
import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial
from http import HTTPStatus
from importlib import import_module
from pathlib import Path
from selectors import EVENT_READ
from socket import socket
from typing import Any

import structlog
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.glogging import Logger
from gunicorn.workers.gthread import ThreadWorker

from inters4.core.collecting import nothing_collected
from inters4.core.processes import refusals
from inters4.core.processes.access_log import access_event
from inters4.core.processes.connections import Connection, Farewells
from inters4.core.processes.lifeline import Lifeline
from inters4.core.processes.patience import Waiting, cut
from inters4.settings import Settings

log = structlog.get_logger(__name__)

FACTORY = "inters4.app:create_app"
TIMEOUT_SECONDS = 60
STOP_SECONDS = 20
HEADERS_SECONDS = 15
BODY_SECONDS = 60
BODY_BYTES_A_SECOND = 50_000
ANSWER_SECONDS = 600
MOST_CONNECTIONS = 600
_MOST_SILENT = 300
_POLL_SECONDS = 0.3
_COMMON = frozenset({errno.EAGAIN, errno.ECONNABORTED, errno.EWOULDBLOCK})
_SHARED_MEMORY = Path("/dev/shm")  # noqa: S108  (gunicorn makes its heartbeat file safely)


def run_web(
    settings: Settings,
    listener: socket,
    lifeline: Lifeline,
    *,
    on_first_answer: Callable[[], None] = lambda: None,
) -> None:
    """Answer on `listener` until a signal or the death of the parent.

    `on_first_answer` is called by each worker once it has answered somebody.
    """
    _Arbiter(_Portal(settings, listener, lifeline, on_first_answer), lifeline).run()


class _Portal(BaseApplication):  # type: ignore[misc]
    """Our settings in gunicorn's words."""

    def __init__(
        self,
        settings: Settings,
        listener: socket,
        lifeline: Lifeline,
        on_first_answer: Callable[[], None],
    ) -> None:
        self._settings, self._lifeline = settings, lifeline
        self._on_first_answer: Callable[[], None] | None = on_first_answer
        self._descriptor = listener.detach()
        super().__init__()

    def load_config(self) -> None:
        settings = self._settings
        is_behind_proxy = settings.proxies > 0
        options: dict[str, Any] = {
            "bind": [f"fd://{self._descriptor}"],
            "worker_class": _Worker,
            "workers": settings.web_workers,
            "threads": settings.web_threads,
            "worker_connections": MOST_CONNECTIONS,
            "timeout": TIMEOUT_SECONDS,
            "graceful_timeout": STOP_SECONDS,
            "keepalive": 5,
            "limit_request_line": 8190,
            "proc_name": "inters4",
            "preload_app": False,
            "control_socket_disable": True,
            "logger_class": _Journal,
            "forwarded_allow_ips": "*" if is_behind_proxy else "",
            "pre_request": lambda _worker, _request: structlog.contextvars.clear_contextvars(),
            "post_fork": lambda _arbiter, _worker: self._lifeline.die_with_parent(),
            "post_worker_init": lambda worker: log.info(
                "portal_ready", url=settings.url, pid=worker.pid
            ),
            "post_request": self._note_answer,
        }
        if not is_behind_proxy:
            options["secure_scheme_headers"] = {}
        if os.access(_SHARED_MEMORY, os.W_OK):
            options["worker_tmp_dir"] = str(_SHARED_MEMORY)
        for name, value in options.items():
            self.cfg.set(name, value)
        self.cfg.proxies = settings.proxies

    def _note_answer(self, _worker: Any, _request: Any, _environ: Any, _response: Any) -> None:
        tell, self._on_first_answer = self._on_first_answer, None
        if tell is not None:
            tell()

    def load(self) -> Any:
        """Make the application: called in each worker, after the fork."""
        module, _, name = FACTORY.partition(":")
        with nothing_collected():
            return getattr(import_module(module), name)(self._settings)


class _Arbiter(Arbiter):  # type: ignore[misc]
    """gunicorn's own watcher, which stops when ours is gone."""

    def __init__(self, app: _Portal, lifeline: Lifeline) -> None:
        self._lifeline = lifeline
        super().__init__(app)

    def wait_for_signals(self, timeout: float = 1.0) -> list[int]:
        if self._lifeline.is_cut():
            return [signal.SIGTERM]
        found: list[int] = super().wait_for_signals(timeout=min(timeout, _POLL_SECONDS))
        return found

    def init_signals(self) -> None:
        """Under `serve`, Ctrl-C is the watcher's business: it was ignored for us, and stays so."""
        is_ignored = signal.getsignal(signal.SIGINT) is signal.SIG_IGN
        super().init_signals()
        if is_ignored:
            signal.signal(signal.SIGINT, signal.SIG_IGN)

    def handle_int(self) -> None:
        """Alone, Ctrl-C stops as politely as a signal from the system."""
        self.handle_term()

    def handle_usr2(self) -> None:
        """Refuse to start another self: the command line would start the whole portal."""
        log.warning("signal_ignored", signal="SIGUSR2")


class _Worker(ThreadWorker):  # type: ignore[misc]
    """gunicorn's threads, told to stop by their arbiter alone, and patient up to a point.

    A connection that has sent nothing waits outside the threads. One that sends its request too
    slowly is cut, or a handful of them would hold every thread. The loop of the worker looks at
    them about once a second.
    """

    _farewells: Farewells

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._deadlines: dict[int, tuple[socket, float]] = {}
        self._waiting = Waiting(threads=self.cfg.threads, is_direct=self.cfg.proxies == 0)

    def init_signals(self) -> None:
        super().init_signals()
        signal.signal(signal.SIGINT, signal.SIG_IGN)

    def run(self) -> None:
        self._farewells = Farewells(self.poller)
        super().run()

    def accept(self, listener: socket) -> None:
        """Take a connection, which waits for its first byte without a thread."""
        try:
            client, address = listener.accept()
        except OSError as refusal:
            if refusal.errno not in _COMMON:
                raise
            return
        conn = Connection(
            self.cfg,
            client,
            address,
            listener.getsockname(),
            waiting=self._waiting,
            farewells=self._farewells,
        )
        self.nr_conns += 1
        conn.set_timeout()
        self.pending_conns.append(conn)
        self.poller.register(client, EVENT_READ, partial(self.on_pending_socket_readable, conn))
        if len(self.pending_conns) > _MOST_SILENT:
            self.pending_conns[0].timeout = 0.0
            self.murder_pending()

    def handle(self, conn: Any) -> Any:
        self._deadlines[id(conn)] = (conn.sock, time.monotonic() + HEADERS_SECONDS)
        try:
            return super().handle(conn)
        finally:
            self._deadlines.pop(id(conn), None)

    def handle_request(self, req: Any, conn: Any) -> Any:
        self._deadlines[id(conn)] = (conn.sock, time.monotonic() + _patience(req))
        is_last = req.should_close
        reader = conn.parser.unreader
        req.should_close = lambda: req.body.failed or reader.has_ended or is_last()
        return super().handle_request(req, conn)

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:  # noqa: ARG002
        """Answer what could not be read, or what failed outside the application."""
        status = refusals.status_of(exc)
        if status == HTTPStatus.INTERNAL_SERVER_ERROR:
            log.error("request_failed", exc_info=exc)
        else:
            log.info("request_refused", status=status, reason=type(exc).__name__)
        with suppress(OSError):
            client.sendall(refusals.answer(self.wsgi, status))

    def notify(self) -> None:
        super().notify()
        self._farewells.end_overdue()
        now = time.monotonic()
        for connection, deadline in list(self._deadlines.values()):
            if now > deadline:
                cut(connection)


def _patience(req: Any) -> float:
    """How long a request may take: a file gets the time of a slow line, a form no more than that.

    Without it, as many forms that never end as there are threads would hold them all.
    """
    if req.method in {"GET", "HEAD", "OPTIONS"}:
        return ANSWER_SECONDS
    announced = next((value for name, value in req.headers if name == "CONTENT-LENGTH"), "0")
    length = int(announced) if announced.isdigit() else 0
    return min(BODY_SECONDS + length / BODY_BYTES_A_SECOND, ANSWER_SECONDS)


class _Journal(Logger):  # type: ignore[misc]
    """gunicorn's log, written as everything else is."""

    def setup(self, cfg: Any) -> None:
        self.cfg = cfg
        self._access_log_enabled = True
        self.error_log.propagate = True

    def access(self, resp: Any, req: Any, environ: dict[str, Any], request_time: timedelta) -> None:  # noqa: ARG002
        event = access_event(
            environ,
            status=int(str(resp.status).split(maxsplit=1)[0]),
            size=getattr(resp, "sent", 0) or 0,
            duration=request_time,
            proxies=self.cfg.proxies,
        )
        write = log.debug if event["path"].startswith("/static/") else log.info
        write("request", **event)
        structlog.contextvars.clear_contextvars()
