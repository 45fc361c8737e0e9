"""A site on loopback that answers each path with the bytes, or the behaviour, of a test."""

import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress

HOST = "127.0.0.1"
Answer = bytes | Callable[[socket.socket], None]


class Site:
    """Answers each path with what `pages` says; `requests` are those it had, in order."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.pages: dict[str, Answer] = {}
        self.requests: list[str] = []
        self.names: list[str | None] = []
        self._tls = tls
        self._listener = socket.create_server((HOST, 0))
        self.port: int = self._listener.getsockname()[1]
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._serve, daemon=True)]
        self._threads[0].start()

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    def close(self) -> None:
        self._over.set()
        with suppress(OSError), socket.create_connection((HOST, self.port)):
            pass
        self._threads[0].join()
        self._listener.close()

    def wait(self) -> None:
        """What a site that hangs does."""
        self._over.wait(20)

    def drip(self, connection: socket.socket) -> None:
        """A byte now and then, for ever."""
        while not self._over.wait(0.02):
            connection.sendall(b"x")

    def _serve(self) -> None:
        while True:
            connection, _address = self._listener.accept()
            if self._over.is_set():
                connection.close()
                return
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with suppress(OSError), connection:
            if self._tls:
                connection = self._tls.wrap_socket(connection, server_side=True)
            request = b""
            while b"\r\n\r\n" not in request:
                if not (piece := connection.recv(65_536)):
                    return
                request += piece
            self.requests.append(request.decode())
            answer = self.pages[request.split()[1].decode()]
            if callable(answer):
                answer(connection)
            else:
                connection.sendall(answer)
            connection.close()


def page(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    """A whole answer."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "Connection: close"]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def redirect(target: str, status: int = 302) -> bytes:
    """An answer that leads elsewhere."""
    return page(b"", f"Location: {target}", status=f"{status} Moved")
