"""A relay on loopback that takes everything and counts it, as cheaply as Python may.

What it costs is not what is measured: it reads lines, offers PIPELINING as relays in use do, and
looks at nothing but who receives.
"""

import socket
import threading
from collections import Counter
from contextlib import suppress
from typing import Self

HOST = "127.0.0.1"
_ANSWERS = {b"EHLO": b"250-puits\r\n250 PIPELINING\r\n", b"QUIT": b"221 au revoir\r\n"}


class Sink:
    """What it took, by recipient; `total` is how many messages."""

    def __init__(self) -> None:
        self.taken: Counter[str] = Counter()
        self.total = 0
        self._listener = socket.create_server((HOST, 0))
        self.port = int(self._listener.getsockname()[1])
        self._open: list[socket.socket] = []

    def __enter__(self) -> Self:
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        for one in (self._listener, *self._open):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _address = self._listener.accept()
                self._open.append(connection)
                threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        recipient = ""
        with suppress(OSError), connection.makefile("rb", buffering=65_536) as lines:
            connection.sendall(b"220 puits\r\n")
            for line in lines:
                verb = line[:4].upper()
                if verb == b"RCPT":
                    recipient = line.partition(b"<")[2].partition(b">")[0].decode()
                if verb != b"DATA":
                    connection.sendall(_ANSWERS.get(verb, b"250 oui\r\n"))
                    continue
                connection.sendall(b"354 allez\r\n")
                if b".\r\n" not in iter(lines.readline, b""):
                    return  # whoever was sending is dead: nothing was taken
                self.taken[recipient] += 1
                self.total += 1
                connection.sendall(b"250 pris\r\n")
