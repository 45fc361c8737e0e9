"""A relay on loopback that counts what it takes, and refuses what a case tells it to."""

import asyncio
import socket
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from inters4.settings import MailTransport, Settings, SmtpSecurity

HOST = "127.0.0.1"
TAKEN = "250 pris"


@dataclass
class Relay:
    """What it answers, and what it took.

    Attributes:
        to_recipient: address -> answer to RCPT; `*` for everyone.
        to_message: address -> answers to its messages, the last one for ever.
        cut: addresses at whose first message the connection is cut, once it was taken.
        on_message: called with the address before the message is answered for.
    """

    to_recipient: dict[str, str] = field(default_factory=dict)
    to_message: dict[str, list[str]] = field(default_factory=dict)
    cut: set[str] = field(default_factory=set)
    silent: set[str] = field(default_factory=set)
    on_message: Callable[[str], None] = lambda _address: None
    taken: Counter[str] = field(default_factory=Counter)
    senders: list[str] = field(default_factory=list)
    messages: list[bytes] = field(default_factory=list)
    connections: int = 0

    def __post_init__(self) -> None:
        with socket.create_server((HOST, 0)) as free:
            self.port = free.getsockname()[1]
        self._controller = Controller(self, hostname=HOST, port=self.port)

    def start(self) -> "Relay":
        """Listen."""
        self._controller.start()
        self._is_up = True
        return self

    def stop(self) -> None:
        """End, unless it ended already."""
        if self._is_up:
            self._is_up = False
            self._controller.stop()

    def settings(self, settings: Settings) -> Settings:
        """`settings` that send through this relay, as fast as it goes."""
        return replace(
            settings,
            mail=MailTransport.SMTP,
            mail_from="savoirs@exemple.ca",
            smtp_host=HOST,
            smtp_port=self.port,
            smtp_security=SmtpSecurity.NONE,
            send_rate=0,
            send_domain_rate=0,
        )

    async def handle_EHLO(  # noqa: N802  (aiosmtpd's names)
        self, _server: SMTP, session: Session, _envelope: Envelope, name: str, answers: list[str]
    ) -> list[str]:
        session.host_name = name
        self.connections += 1
        return answers

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: object
    ) -> str:
        refusal = self.to_recipient.get(address) or self.to_recipient.get("*")
        if refusal is not None:
            return refusal
        envelope.rcpt_tos.append(address)
        return TAKEN

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        (address,) = envelope.rcpt_tos
        self.on_message(address)
        if address in self.silent:
            await asyncio.sleep(0.6)
        answers = self.to_message.get(address) or [TAKEN]
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if answer == TAKEN:
            self.taken[address] += 1
            self.senders.append(str(envelope.mail_from))
            self.messages.append(envelope.original_content or b"")
        if address in self.cut:
            self.cut.discard(address)
            server.transport.abort()  # type: ignore[union-attr]
        return answer
