"""As much of Redis as the queue of jobs speaks, on loopback: to be started, stopped and started."""

import socket
import threading
from collections import defaultdict, deque
from contextlib import suppress
from typing import BinaryIO

HOST = "127.0.0.1"


class SmallRedis:
    """Lists and hashes in memory, behind the real protocol."""

    def __init__(self, port: int = 0) -> None:
        self.lists: defaultdict[bytes, deque[bytes]] = defaultdict(deque)
        self.hashes: defaultdict[bytes, dict[bytes, bytes]] = defaultdict(dict)
        self._changed = threading.Condition()
        self._listener = socket.create_server((HOST, port))
        self.port = int(self._listener.getsockname()[1])
        self._open: list[socket.socket] = []
        self._is_stopped = False
        self._doors = threading.Lock()
        threading.Thread(target=self._serve, daemon=True).start()

    def stop(self) -> None:
        """Refuse connections, and cut those that are open."""
        with self._doors:
            self._is_stopped = True
            for each in (self._listener, *self._open):
                _close(each)

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _address = self._listener.accept()
                with self._doors:
                    if self._is_stopped:  # it came in while the door was closing
                        _close(connection)
                        return
                    self._open.append(connection)
                threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        with suppress(OSError, ValueError), connection.makefile("rb") as lines:
            while words := _command(lines):
                connection.sendall(self._answer(words[0].upper().decode(), words[1:]))

    def _answer(self, verb: str, words: list[bytes]) -> bytes:  # noqa: PLR0911  (one a verb)
        with self._changed:
            if verb == "HSETNX":
                is_new = words[1] not in self.hashes[words[0]]
                self.hashes[words[0]].setdefault(words[1], words[2])
                return _number(is_new)
            if verb == "HMGET":
                return b"*%d\r\n" % len(words[1:]) + b"$-1\r\n" * len(words[1:])
            if verb == "HDEL":
                return _number(self.hashes[words[0]].pop(words[1], None) is not None)
            if verb == "LPUSH":
                self.lists[words[0]].appendleft(words[1])
                self._changed.notify_all()
                return _number(len(self.lists[words[0]]))
            if verb == "BRPOP":
                held = self.lists[words[0]]
                self._changed.wait_for(lambda: held, timeout=0.2)
                return _array(words[0], held.pop()) if held else b"*-1\r\n"
            if verb == "DEL":
                for word in words:
                    self.lists[word].clear()
                    self.hashes[word].clear()
                return _number(len(words))
        return b"-ERR unknown command\r\n" if verb == "HELLO" else b"+OK\r\n"


def _close(each: socket.socket) -> None:
    with suppress(OSError):
        each.shutdown(socket.SHUT_RDWR)
    each.close()


def _command(lines: BinaryIO) -> list[bytes]:
    """The words of one command; empty at the end."""
    head = lines.readline()
    if not head:
        return []
    words = []
    for _ in range(int(head[1:])):
        size = int(lines.readline()[1:])
        words.append(lines.read(size))
        lines.read(2)
    return words


def _number(value: int) -> bytes:
    return b":%d\r\n" % int(value)


def _array(*values: bytes) -> bytes:
    parts = (b"$%d\r\n%s\r\n" % (len(value), value) for value in values)
    return b"*%d\r\n" % len(values) + b"".join(parts)
