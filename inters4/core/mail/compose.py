"""Puts a written message into the form that travels: headers, two parts, an envelope.

No field can add a header: what breaks a line is refused here, and the standard library refuses
it again when the message is made.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8

from inters4.core.clock import now
from inters4.core.mail.render import Rendered
from inters4.settings import Settings


class UnsafeFieldError(ValueError):
    """A header field cannot be written; the message is a French sentence."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a transport needs: two addresses, and the message as bytes with CRLF.

    Attributes:
        is_international: an address is not ASCII, the relay must know SMTPUTF8.
    """

    sender: str
    recipient: str
    message_id: str
    data: bytes
    is_international: bool = False


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
    message = EmailMessage(policy=SMTP)
    try:
        for name, field in fields.items():
            message[name] = field
        message.set_content(rendered.text, cte="quoted-printable")
        message.add_alternative(rendered.html, subtype="html", cte="quoted-printable")
        message["Content-Language"] = _checked("langue", locale)
        is_international = not (sender + to).isascii()
        data = message.as_bytes(policy=SMTPUTF8 if is_international else SMTP)
    except (ValueError, UnicodeError) as error:
        raise UnsafeFieldError(f"Le message ne peut pas être écrit : {error}") from error
    return Envelope(sender, to, message_id, data, is_international=is_international)


def clean_address(address: str) -> str:
    """One address, its domain in ASCII.

    Raises:
        UnsafeFieldError: it is not exactly one address.
    """
    _checked("adresse", address)
    local, _, domain = address.strip().rpartition("@")
    try:
        plain = domain if domain.isascii() else domain.encode("idna").decode("ascii")
        parsed = Address(addr_spec=f"{local}@{plain}")
    except (ValueError, UnicodeError, IndexError) as error:
        raise UnsafeFieldError(f"« {address} » n’est pas une adresse de courriel.") from error
    if not parsed.username or not parsed.domain or any(sign in address for sign in " <>,;"):
        raise UnsafeFieldError(f"« {address} » n’est pas une adresse de courriel.")
    return f"{local}@{plain}"


def _checked(name: str, value: str) -> str:
    for sign in value:
        if unicodedata.category(sign) in {"Cc", "Cs", "Zl", "Zp"}:
            raise UnsafeFieldError(
                f"Un caractère de contrôle est interdit dans un en-tête ({name}). "
                "Le message n’est pas parti."
            )
    return value
