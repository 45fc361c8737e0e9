"""Puts a written message into the form that travels: headers, two parts, an envelope.

No field can add a header: what breaks a line is refused here, and the standard library refuses
it again when the message is made. Fields that programs read (`List-Unsubscribe`, `Message-ID`)
are never encoded, however long: an address written as an encoded word leads nowhere.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy

from inters4.core.clock import now
from inters4.core.i18n import _
from inters4.core.mail.render import Rendered
from inters4.settings import Settings

_ONE_ADDRESS = re.compile(
    r"""[^\s@<>,;:"()\[\]\\]+@[^\s@<>,;:"()\[\]\\.]+(\.[^\s@<>,;:"()\[\]\\.]+)*"""
)


_LINE = 78
_READ_BY_PROGRAMS = frozenset({"Message-ID", "In-Reply-To", "References"})


class _PlainFields(EmailPolicy):
    """Folds the fields that programs read at their white space alone."""

    def fold_binary(self, name: str, value: str) -> bytes:
        """The lines of a field."""
        if not (name.startswith("List-") or name in _READ_BY_PROGRAMS):
            return super().fold_binary(name, value)
        lines = [f"{name}:"]
        for word in value.split():
            if lines[-1] != f"{name}:" and len(lines[-1]) + len(word) >= _LINE:
                lines.append("")
            lines[-1] += f" {word}"
        return "".join(f"{line}{self.linesep}" for line in lines).encode("ascii")


_POLICY = _PlainFields(linesep="\r\n")


class UnsafeFieldError(ValueError):
    """A header field cannot be written; the message is a French sentence."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a transport needs: two addresses in ASCII, and the message as bytes with CRLF."""

    sender: str
    recipient: str
    message_id: str
    data: bytes


def compose(
    rendered: Rendered,
    *,
    recipient: str,
    message_id: str,
    locale: str,
    settings: Settings,
    headers: Mapping[str, str] | None = None,
) -> Envelope:
    """Address `rendered` to one person; `headers` adds fields such as List-Unsubscribe.

    Raises:
        UnsafeFieldError: an address or a field cannot be written safely.
    """
    sender = clean_address(settings.mail_from)
    to = clean_address(recipient)
    fields = {
        "From": Address(_checked("nom d’expédition", settings.mail_sender), addr_spec=sender),
        "To": Address(addr_spec=to),
        "Subject": _checked("objet", rendered.subject),
        "Date": now(),
        "Message-ID": _checked("Message-ID", message_id),
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
    for name, value in (headers or {}).items():
        fields[name] = _checked(name, value)
    message = EmailMessage(policy=_POLICY)
    try:
        for name, field in fields.items():
            message[name] = field
        message.set_content(rendered.text, cte="quoted-printable")
        message.add_alternative(rendered.html, subtype="html", cte="quoted-printable")
        message["Content-Language"] = _checked("langue", locale)
        data = message.as_bytes()
    except (ValueError, MessageError) as error:
        raise UnsafeFieldError(
            _("Le message ne peut pas être écrit : %(error)s", error=error)
        ) from error
    return Envelope(sender, to, message_id, data)


def clean_address(address: str) -> str:
    """One address, its domain in ASCII; few relays take an accent before the `@`.

    Raises:
        UnsafeFieldError: it is not exactly one address.
    """
    _checked("adresse", address)
    local, _at, domain = address.strip().rpartition("@")
    try:
        plain = domain if domain.isascii() else domain.encode("idna").decode("ascii")
        Address(addr_spec=f"{local}@{plain}")
    except (ValueError, IndexError, MessageError) as error:
        raise UnsafeFieldError(_not_an_address(address)) from error
    if not _ONE_ADDRESS.fullmatch(f"{local}@{plain}"):
        raise UnsafeFieldError(_not_an_address(address))
    return f"{local}@{plain}"


def _not_an_address(text: str) -> str:
    return f"« {text} » n’est pas une adresse de courriel."


def _checked(name: str, value: str) -> str:
    for sign in value:
        if unicodedata.category(sign) in {"Cc", "Cs", "Zl", "Zp"}:
            raise UnsafeFieldError(
                _(
                    "Un caractère de contrôle est interdit dans un en-tête (%(name)s). Le message "
                    "n’est pas parti.",
                    name=name,
                )
            )
    return value
