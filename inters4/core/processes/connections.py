"""A connection of the web process: read with patience, closed without holding anyone up.

gunicorn closes politely from the loop that accepts everyone: it waits there up to two seconds for
the other side to leave. Here the loop goes on meanwhile.
"""

import time
from contextlib import suppress
from selectors import EVENT_READ, BaseSelector
from socket import SHUT_WR, socket
from typing import Any

from gunicorn.workers.gthread import TConn

from inters4.core.processes.patience import PatientReader, Waiting

LINGER_SECONDS = 2.0
_MOST_LINGERING = 200
_MOST_READS = 32
_READ_BYTES = 8192


class Farewells:
    """Connections that were answered for the last time, until the other side has read it."""

    def __init__(self, poller: BaseSelector) -> None:
        self._poller = poller
        self._leaving: dict[socket, tuple[float, int]] = {}

    def say_to(self, connection: socket) -> None:
        """Say that nothing more will come, and listen until the other side says so too."""
        try:
            connection.shutdown(SHUT_WR)
            connection.setblocking(False)
            if len(self._leaving) >= _MOST_LINGERING:
                self._end(next(iter(self._leaving)))
            self._poller.register(connection, EVENT_READ, self._hear)
        except (OSError, ValueError, KeyError):
            connection.close()
        else:
            self._leaving[connection] = (time.monotonic() + LINGER_SECONDS, _MOST_READS)

    def end_overdue(self) -> None:
        """Leave those that take too long."""
        now = time.monotonic()
        for connection, (deadline, _reads) in list(self._leaving.items()):
            if now > deadline:
                self._end(connection)

    def _hear(self, connection: socket) -> None:
        if connection not in self._leaving:
            return
        try:
            heard = connection.recv(_READ_BYTES)
        except BlockingIOError:
            return
        except OSError:
            heard = b""
        deadline, reads = self._leaving[connection]
        self._leaving[connection] = (deadline, reads - 1)
        if not heard or reads <= 1:
            self._end(connection)

    def _end(self, connection: socket) -> None:
        self._leaving.pop(connection, None)
        with suppress(OSError, ValueError, KeyError):
            self._poller.unregister(connection)
        connection.close()


class Connection(TConn):  # type: ignore[misc]
    """gunicorn's connection, with our reader and our way to leave."""

    def __init__(self, *arguments: Any, waiting: Waiting, farewells: Farewells) -> None:
        super().__init__(*arguments)
        self._waiting, self._farewells = waiting, farewells

    def init(self) -> None:
        """Make the parser, once, which reads with patience."""
        is_new = not self.initialized
        super().init()
        if is_new:
            address = str(self.client[0]) if isinstance(self.client, tuple) else ""
            self.parser.unreader = PatientReader(self.sock, address, self._waiting)

    def close(self, graceful: bool = False) -> None:
        """Close, at once or politely."""
        if graceful:
            self._farewells.say_to(self.sock)
        else:
            super().close()
