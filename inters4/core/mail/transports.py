"""Where messages go: a relay, a directory, or a list for tests."""

import hashlib
import os
from pathlib import Path

from inters4.core.i18n import _
from inters4.core.mail.compose import Envelope
from inters4.core.mail.contract import RelayUnreachable, Transport
from inters4.core.mail.smtp import SmtpTransport
from inters4.core.speech import reason_of
from inters4.settings import MailTransport, Settings


def open_transport(settings: Settings) -> Transport:
    """The transport that `settings` name; nothing is connected before the first message."""
    if settings.mail is MailTransport.SMTP:
        return SmtpTransport(settings)
    if settings.mail is MailTransport.MAILDIR:
        return MaildirTransport(settings.data_dir / "courriels")
    return MemoryTransport()


class MemoryTransport:
    """Keeps messages in a list that all instances share: for tests only."""

    sent: list[Envelope] = []  # noqa: RUF012  (shared on purpose)

    def send(self, envelope: Envelope) -> None:
        """Keep it."""
        self.sent.append(envelope)

    def close(self) -> None:
        """Nothing is open."""


class MaildirTransport:
    """Writes each message to a maildir, which any mail program reads.

    The name of a file comes from the Message-ID: a message sent twice makes one file.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def send(self, envelope: Envelope) -> None:
        """Write to `tmp`, then rename into `new`; both reach the disk before this returns."""
        name = hashlib.sha256(envelope.message_id.encode()).hexdigest()[:40] + ".inters4"
        try:
            for folder in ("tmp", "new", "cur"):
                (self._directory / folder).mkdir(parents=True, exist_ok=True)
            if any((self._directory / "cur").glob(f"{name}*")):
                return
            written = self._directory / "tmp" / f"{name}.{os.getpid()}"
            with written.open("wb") as file:
                file.write(envelope.data.replace(b"\r\n", b"\n"))
                file.flush()
                os.fsync(file.fileno())
            written.rename(self._directory / "new" / name)
            _reach_disk(self._directory / "new")
        except OSError as error:
            raise RelayUnreachable(
                _(
                    "Impossible d’écrire dans %(folder)s (%(reason)s).",
                    folder=self._directory,
                    reason=reason_of(error),
                )
            ) from error

    def close(self) -> None:
        """Nothing is open."""


def _reach_disk(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
