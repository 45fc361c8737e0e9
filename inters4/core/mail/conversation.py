"""SMTP with a relay that may be slow, broken or hostile: bounded in time and in memory.

smtplib waits anew for each byte and keeps whatever it is told. Here an answer has a deadline as a
whole and a largest size; only the answer to a message may take long, because relays examine it
before they take it, and a message given up too early leaves twice.
"""

import smtplib
import time
from collections.abc import Iterator, Sequence
from typing import Any

_LARGEST_ANSWER = 64_000
_CHUNK = 4_096
_GO_ON = 354


class TooMuchSaidError(smtplib.SMTPException):
    """What answers is no relay: it says more than any relay would."""


class _Bounded(smtplib.SMTP):
    """Answers read by a deadline; `last_word` seconds for the one that follows a message."""

    last_word = 240.0
    _held = b""
    _is_message_sent = False
    _owed = 0

    def ask(self, commands: Sequence[str]) -> Iterator[tuple[int, bytes]]:
        """The answer to each command; a relay that offers PIPELINING is told them all at once."""
        if any(sign in command for command in commands for sign in "\r\n"):
            raise ValueError("a command is one line")
        self.check_step()
        is_together = self.has_extn("pipelining")
        if is_together:
            self.send("".join(f"{command}\r\n" for command in commands))
            self._owed = len(commands)
        for command in commands:
            if is_together:
                self._owed -= 1
            else:
                self.check_step()
                self.putcmd(command)
            yield self.getreply()

    def check_step(self) -> None:
        """Leave a relay that has said more than it was asked: its next answer would be another's.

        Raises:
            SMTPServerDisconnected: it has.
        """
        if self._held:
            self.close()
            raise smtplib.SMTPServerDisconnected("the relay answered what it was not asked")

    def give(self, message: bytes) -> tuple[int, bytes]:
        """The answer to a message that the relay waits for; each of its lines ends in CRLF."""
        if message.startswith(b".") or b"\n." in message:
            message = message.replace(b"\n.", b"\n..")
            message = b"." * message.startswith(b".") + message
        self.send(message + b".\r\n")
        return self.getreply()

    def start_over(self) -> None:
        """Leave a message that was refused: what the relay still owes is read first.

        One that asks for a message without a recipient is given none.
        """
        while self._owed:
            self._owed -= 1
            code, _answer = self.getreply()
            if code == _GO_ON:
                self.putcmd(".")
                self.getreply()
        self.rset()

    def send(self, s: Any) -> None:
        """Send a command, as text, or a message, as bytes."""
        self._is_message_sent = not isinstance(s, str)
        if self.sock is not None:
            self.sock.settimeout(self._patience)
        super().send(s)

    def getreply(self) -> tuple[int, bytes]:
        """The next answer: its code, and its lines joined by line feeds.

        Raises:
            SMTPServerDisconnected, TimeoutError: it did not come whole, or not in time.
            TooMuchSaidError: it has no end.
        """
        if self.file is None:  # a connection just made, or just protected: nothing is held over
            self.file = self.sock.makefile("rb")  # type: ignore[union-attr]
            self._held = b""
        deadline = time.monotonic() + self._patience
        lines: list[bytes] = []
        size = 0
        while True:
            line = self._line(deadline, most=_LARGEST_ANSWER - size)
            size += len(line)
            lines.append(line[4:].strip(b" \t\r\n"))
            if line[3:4] != b"-":
                code = int(line[:3]) if line[:3].isdigit() else -1
                return code, b"\n".join(lines)

    @property
    def _patience(self) -> float:
        return self.last_word if self._is_message_sent else float(self.timeout)

    def _line(self, deadline: float, *, most: int) -> bytes:
        while b"\n" not in self._held:
            if len(self._held) > most:
                self.close()
                raise TooMuchSaidError("the answer has no end")
            left = deadline - time.monotonic()
            if left <= 0:
                self.close()
                raise TimeoutError("the answer did not come whole in time")
            self._held += self._heard(left)
        line, _end, self._held = self._held.partition(b"\n")
        if len(line) > most:
            self.close()
            raise TooMuchSaidError("the answer has no end")
        return line

    def _heard(self, seconds: float) -> bytes:
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected("Connection unexpectedly closed")
        self.sock.settimeout(seconds)
        try:
            heard = self.sock.recv(_CHUNK)
        except TimeoutError:
            self.close()
            raise
        except OSError as error:
            self.close()
            raise smtplib.SMTPServerDisconnected(str(error)) from error
        if not heard:
            self.close()
            raise smtplib.SMTPServerDisconnected("Connection unexpectedly closed")
        return heard


class PlainConversation(_Bounded):
    """Begins in clear; may be protected afterwards."""


class ProtectedConversation(_Bounded, smtplib.SMTP_SSL):
    """Protected from the first byte."""
