"""How long the portal waits for the bytes of a request, and for how many senders at once.

A sender that is silent keeps a thread. Its silence is bounded, and so is the number of threads that
wait: beyond it, whoever has been silent longest is cut. What has come already waits for nothing, so
that a page is answered whatever slow senders do. Behind a proxy every request has one address, and
only the total counts.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from select import POLLIN, poll
from socket import SHUT_RDWR, socket
from threading import Lock

import structlog
from gunicorn.http.unreader import SocketUnreader

log = structlog.get_logger(__name__)

STILL_SECONDS = 10.0


class Waiting:
    """The connections that threads are waiting for, the longest silent first."""

    def __init__(self, *, threads: int, is_direct: bool) -> None:
        self._most = max(1, threads * 3 // 4)
        self._most_of_one = max(1, threads // 2) if is_direct else self._most
        self._silent: dict[int, tuple[socket, str]] = {}
        self._lock = Lock()

    @contextmanager
    def for_bytes(self, connection: socket, address: str) -> Iterator[None]:
        """Count this thread among those that wait."""
        with self._lock:
            self._make_room(address)
            self._silent[id(connection)] = (connection, address)
        try:
            yield
        finally:
            with self._lock:
                self._silent.pop(id(connection), None)

    def _make_room(self, address: str) -> None:
        of_one = [key for key, (_silent, whose) in self._silent.items() if whose == address]
        if len(of_one) >= self._most_of_one:
            cut(self._silent.pop(of_one[0])[0])
        elif len(self._silent) >= self._most:
            cut(self._silent.pop(next(iter(self._silent)))[0])


class PatientReader(SocketUnreader):  # type: ignore[misc]
    """gunicorn's reader of a connection, which takes a long silence for the end."""

    def __init__(self, connection: socket, address: str, waiting: Waiting) -> None:
        super().__init__(connection)
        self._address, self._waiting = address, waiting
        self.has_ended = False

    def chunk(self, size_hint: int | None = None) -> bytes:
        """The next bytes; none when the connection has ended, or was cut."""
        if _has_bytes(self.sock):
            return self._receive(size_hint)
        before = self.sock.gettimeout()
        is_patient = before is None or before > STILL_SECONDS
        with self._waiting.for_bytes(self.sock, self._address):
            if is_patient:
                self.sock.settimeout(STILL_SECONDS)
            try:
                return self._receive(size_hint)
            except TimeoutError:
                if not is_patient:
                    raise
                cut(self.sock)
                self.has_ended = True
                return b""
            finally:
                self.sock.settimeout(before)

    def _receive(self, size_hint: int | None) -> bytes:
        received: bytes = super().chunk(size_hint)
        self.has_ended = self.has_ended or not received
        return received


def cut(connection: socket) -> None:
    """End a connection that another thread may be reading."""
    log.info("slow_connection_cut")
    with suppress(OSError):
        connection.shutdown(SHUT_RDWR)


def _has_bytes(connection: socket) -> bool:
    waiting = poll()
    waiting.register(connection, POLLIN)
    return bool(waiting.poll(0))
