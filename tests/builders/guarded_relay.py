"""A relay on loopback that takes messages from one account only: aiosmtpd, as it is installed."""

import socket
from ssl import SSLContext
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

HOST = "127.0.0.1"
ACCOUNT = {"INTERS4_SMTP_USER": "courtage", "INTERS4_SMTP_PASSWORD": "bon secret"}
_LOGIN = LoginPassword(*(value.encode() for value in ACCOUNT.values()))


class GuardedRelay:
    """It listens until `stop()`.

    Attributes:
        port: where it listens.
        messages: what it took.
    """

    def __init__(self, *, security: str = "none", context: SSLContext | None = None) -> None:
        self.messages: list[bytes] = []
        with socket.create_server((HOST, 0)) as free:
            self.port = free.getsockname()[1]
        protected = {"tls": "ssl_context", "starttls": "tls_context"}
        options: dict[str, Any] = {protected[security]: context} if security in protected else {}
        self._controller = Controller(
            self,
            hostname=HOST,
            port=self.port,
            require_starttls=security == "starttls",
            authenticator=_account,
            auth_required=security != "none",
            auth_require_tls=security == "starttls",
            decode_data=False,
            **options,
        )
        self._controller.start()

    def stop(self) -> None:
        """End."""
        self._controller.stop()

    async def handle_DATA(  # noqa: N802  (aiosmtpd's name)
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        self.messages.append(envelope.original_content or b"")
        return "250 pris"


def _account(
    _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: LoginPassword
) -> AuthResult:
    return AuthResult(success=data == _LOGIN, handled=False)
