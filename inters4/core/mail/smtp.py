"""The relay: one connection reused for a batch, and refusals said in French.

The exchange is followed step by step, because the step decides what a refusal means. Before the
message, a relay that hangs up has not taken it: a reused connection is made anew. Afterwards it may
have: the message is tried again later under the same Message-ID. How long an answer may take and
how much it may hold, and what is said at once, is settled in `conversation`.
"""

import re
import smtplib
import ssl
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from inters4.core.i18n import _
from inters4.core.mail.compose import Envelope
from inters4.core.mail.contract import (
    FateUnknown,
    RecipientRefused,
    RefusedForGood,
    RefusedForNow,
    RelayUnreachable,
)
from inters4.core.mail.conversation import (
    PlainConversation,
    ProtectedConversation,
    TooMuchSaidError,
)
from inters4.core.mail.reasons import is_timeout, said, status_of, why_unreachable
from inters4.core.mail.signing import Signer, signer_of
from inters4.settings import Settings, SmtpSecurity

TIMEOUT_SECONDS = 30.0
LAST_WORD_SECONDS = 240.0
"""How long a relay may examine a message: less than the lease of its row."""
_TAKEN = range(200, 300)
_PERMANENT = range(500, 600)
_FATES = frozenset((*_TAKEN, *range(400, 600)))
"""What a relay may answer to a whole message."""
_GO_ON, _TOO_BIG, _CLOSING = 354, 552, 421

Conversation = PlainConversation | ProtectedConversation


class _HungUpError(Exception):
    """The relay ended a connection before it took the message."""


class SmtpTransport:
    """Sends through the relay that the settings name."""

    def __init__(
        self,
        settings: Settings,
        *,
        timeout: float = TIMEOUT_SECONDS,
        last_word: float = LAST_WORD_SECONDS,
    ) -> None:
        self._settings = settings
        self._timeout, self._last_word = timeout, last_word
        self._connection: Conversation | None = None
        self._sign: Signer | None = None

    @property
    def _relay(self) -> str:
        return f"{self._settings.smtp_host}:{self._settings.smtp_port}"

    def send(self, envelope: Envelope) -> None:
        """Hand `envelope` to the relay, signed when a key is set."""
        self._sign = self._sign or signer_of(self._settings)
        envelope = replace(envelope, data=self._sign(envelope.data))
        is_reused = self._connection is not None
        try:
            self._exchange(self._connected(), envelope)
        except _HungUpError:
            self.close()
            if not is_reused:
                raise RelayUnreachable(self._hung_up()) from None
            try:
                self._exchange(self._connected(), envelope)
            except _HungUpError:
                self.close()
                raise RelayUnreachable(self._hung_up()) from None

    def _hung_up(self) -> str:
        return _("Le relais %(relay)s a coupé la connexion.", relay=self._relay)

    def close(self) -> None:
        """Say goodbye, whatever the relay thinks of it."""
        if self._connection is not None:
            with suppress(smtplib.SMTPException, OSError):
                self._connection.quit()
            self._connection.close()
            self._connection = None

    def _connected(self) -> Conversation:
        if self._connection is None:
            try:
                self._connection = self._connect()
            except (OSError, smtplib.SMTPException, ValueError) as error:
                raise RelayUnreachable(
                    why_unreachable(error, host=self._settings.smtp_host, relay=self._relay)
                ) from error
        return self._connection

    def _connect(self) -> Conversation:
        settings = self._settings
        name = urlsplit(settings.url).hostname or "localhost"
        name = name if re.search(r"[a-z]", name) else "localhost"
        tls = None if settings.smtp_security is SmtpSecurity.NONE else _trusted(settings.smtp_ca)
        kind: type[Conversation] = PlainConversation
        options: dict[str, Any] = {}
        if settings.smtp_security is SmtpSecurity.TLS:
            kind, options = ProtectedConversation, {"context": tls}
        connection = kind(
            settings.smtp_host,
            settings.smtp_port,
            local_hostname=name,
            timeout=self._timeout,
            **options,
        )
        connection.last_word = self._last_word
        try:
            connection.ehlo_or_helo_if_needed()
            if settings.smtp_security is SmtpSecurity.STARTTLS:
                connection.starttls(context=tls)
                connection.ehlo_or_helo_if_needed()
            if settings.smtp_user:
                connection.login(settings.smtp_user, settings.smtp_password)
        except BaseException:
            connection.close()
            raise
        return connection

    def _exchange(self, connection: Conversation, envelope: Envelope) -> None:
        try:
            self._begin(connection, envelope)
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            if is_timeout(error) or isinstance(error, TooMuchSaidError):
                self.close()
                raise RelayUnreachable(
                    why_unreachable(error, host=self._settings.smtp_host, relay=self._relay)
                ) from error
            raise _HungUpError from error
        try:
            code, answer = connection.give(envelope.data)
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            raise self._unknown() from error
        if code not in _FATES:
            raise self._unknown()
        self._check(code, answer, _("le message"))

    def _unknown(self) -> FateUnknown:
        """It has the message, and said nothing that tells what became of it."""
        self.close()
        return FateUnknown(
            _(
                "Le relais %(relay)s s’est tu pendant l’envoi : on ne sait pas si le message "
                "est parti.",
                relay=self._relay,
            )
        )

    def _begin(self, connection: Conversation, envelope: Envelope) -> None:
        """What comes before the message: nothing of it has left when this fails."""
        size = f" size={len(envelope.data)}" if connection.has_extn("size") else ""
        answers = connection.ask(
            (f"mail FROM:<{envelope.sender}>{size}", f"rcpt TO:<{envelope.recipient}>", "data")
        )
        self._check_sender(*next(answers), envelope)
        self._check(*next(answers), _("l’adresse du destinataire"), never=RecipientRefused)
        code, answer = next(answers)
        if code != _GO_ON:
            self._check(code, answer, _("le message"), may_be_taken=False)
        connection.check_step()

    def _check_sender(self, code: int, answer: bytes | str, envelope: Envelope) -> None:
        if code == _CLOSING:
            raise _HungUpError
        if code in _PERMANENT and code != _TOO_BIG:
            self._start_over()
            raise RelayUnreachable(
                _(
                    "Le relais refuse l’adresse d’expédition %(sender)s (%(answer)s). Vérifiez "
                    "INTERS4_MAIL_FROM.",
                    sender=envelope.sender,
                    answer=said(code, answer),
                )
            )
        self._check(code, answer, _("le message"))

    def _check(
        self,
        code: int,
        answer: bytes | str,
        refused: str,
        *,
        may_be_taken: bool = True,
        never: type[RefusedForGood] = RefusedForGood,
    ) -> None:
        """Nothing but a 2xx is a yes, and none is one where the relay should ask for more."""
        if may_be_taken and code in _TAKEN:
            return
        self._start_over()
        if code == _CLOSING:
            self.close()
        reason = _(
            "Le relais refuse %(what)s (%(answer)s).", what=refused, answer=said(code, answer)
        )
        if code in _PERMANENT:
            raise never(reason, status=status_of(answer))
        raise RefusedForNow(reason, status=status_of(answer))

    def _start_over(self) -> None:
        if self._connection is not None:
            try:
                self._connection.start_over()
            except (smtplib.SMTPException, OSError):
                self.close()


def _trusted(authority: Path | None) -> ssl.SSLContext:
    """Whom a protected connection trusts: the machine's authorities, and ours if there is one."""
    tls = ssl.create_default_context()
    if authority is not None:
        tls.load_verify_locations(cafile=authority)
    return tls
