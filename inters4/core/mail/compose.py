"""Puts a written message into the form that travels: headers, two parts, an envelope.

No field can add a header: what breaks a line is refused, and each field is written here as it was
given. The standard library is not asked to: it reads the encoded words that somebody typed, and
writes the lines that they hide. Fields that programs read (`List-Unsubscribe`, `Message-ID`) are
never encoded, however long: an address written as an encoded word leads nowhere. What people read
is encoded whole as soon as it is long, has an accent or looks encoded: some words alone would lose
or gain spaces where a line is cut.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email.errors import MessageError
from email.header import Header
from email.headerregistry import Address
from email.utils import format_datetime

from inters4.core.clock import now
from inters4.core.i18n import _
from inters4.core.mail.bodies import Body
from inters4.core.mail.render import Rendered
from inters4.core.values import dataclass
from inters4.settings import Settings

_ONE_ADDRESS = re.compile(r"""[^\s@<>,;:"()\[\]\\]+@[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*""")
_WORD = "[A-Za-z0-9_%+-]+"
_PLAIN_ADDRESS = re.compile(rf"{_WORD}(\.{_WORD})*@([A-Za-z0-9-]+\.)+[A-Za-z0-9-]+")
"""What needs no other look: nearly every address."""
_LINE, _LONGEST = 78, 900
_ENCODED_WORD = re.compile(r"=\?[^\s?]+\?[BbQq]\?")


def _said(name: str, value: str, address: str = "") -> bytes:
    """A field that people read: a text, or the name that goes before an address."""
    is_short = len(name) + len(value) + len(address) < _LINE - 6
    if is_short and value.isascii() and "=?" not in value:
        plain = str(Address(value, addr_spec=address)) if address else value
        return f"{name}: {plain}\r\n".encode("ascii")
    text = Header(value, "utf-8", header_name=name).encode(linesep="\r\n")
    end = f"\r\n <{address}>\r\n" if address else "\r\n"
    return f"{name}: {text}{end}".encode("ascii")


def _folded(name: str, value: str) -> bytes:
    """A field that programs read, cut at its white space alone."""
    if _ENCODED_WORD.search(value) or len(max(value.split(), key=len, default="")) > _LONGEST:
        raise ValueError(f"{name} is for programs")
    lines = [f"{name}:"]
    for word in value.split():
        if lines[-1] != f"{name}:" and len(lines[-1]) + len(word) >= _LINE:
            lines.append("")
        lines[-1] += f" {word}"
    return "".join(f"{line}\r\n" for line in lines).encode("ascii")


class UnsafeFieldError(ValueError):
    """A header field cannot be written; the message is a French sentence."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a transport needs: two addresses in ASCII, and the message as bytes with CRLF."""

    sender: str
    recipient: str
    message_id: str
    data: bytes


class Letterhead:
    """The fields that the messages of a series have in common, written once."""

    def __init__(
        self,
        subject: str,
        *,
        locale: str,
        settings: Settings,
        headers: Mapping[str, str] | None = None,
        sender_name: str = "",
    ) -> None:
        """`headers` adds fields, such as Reply-To; `sender_name` replaces the one of the settings.

        Raises:
            UnsafeFieldError: the sender or a field cannot be written safely.
        """
        self._sender = clean_address(settings.mail_from)
        name = _checked("nom d’expédition", sender_name or settings.mail_sender)
        fields = {
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
            "Content-Language": locale,
            **(headers or {}),
        }
        with _told():
            self._shared = b"".join(
                (
                    _said("From", name, self._sender),
                    _said("Subject", _checked("objet", subject)),
                    *(_folded(name, _checked(name, value)) for name, value in fields.items()),
                )
            )

    def address(
        self,
        body: bytes,
        *,
        recipient: str,
        message_id: str,
        headers: Mapping[str, str] | None = None,
        returns_to: str = "",
    ) -> Envelope:
        """A message of the series; `body` is what `Body.filled` gives.

        `headers` are fields that programs read; `returns_to` is where the message comes back that
        cannot be delivered, the sender's address when empty.

        Raises:
            UnsafeFieldError: an address or a field cannot be written safely.
        """
        to = clean_address(recipient)
        fields = {"To": to, "Date": format_datetime(now()), "Message-ID": message_id}
        fields |= headers or {}
        with _told():
            own = b"".join(_folded(name, _checked(name, value)) for name, value in fields.items())
        comes_back = clean_address(returns_to) if returns_to else self._sender
        return Envelope(comes_back, to, message_id, b"".join((self._shared, own, body)))


def compose(
    rendered: Rendered,
    *,
    recipient: str,
    message_id: str,
    locale: str,
    settings: Settings,
    headers: Mapping[str, str] | None = None,
    sender_name: str = "",
    returns_to: str = "",
) -> Envelope:
    """Address `rendered` to one person; the words are those of `Letterhead`.

    Raises:
        UnsafeFieldError: an address or a field cannot be written safely.
    """
    letterhead = Letterhead(
        rendered.subject,
        locale=locale,
        settings=settings,
        headers=headers,
        sender_name=sender_name,
    )
    return letterhead.address(
        Body(rendered).filled(),
        recipient=recipient,
        message_id=message_id,
        returns_to=returns_to,
    )


@contextmanager
def _told() -> Iterator[None]:
    """What the standard library refuses, as our own refusal."""
    try:
        yield
    except (ValueError, MessageError) as error:
        raise UnsafeFieldError(
            _("Le message ne peut pas être écrit : %(error)s", error=error)
        ) from error


def clean_address(address: str) -> str:
    """One address, its domain in ASCII; few relays take an accent before the `@`.

    Raises:
        UnsafeFieldError: it is not exactly one address.
    """
    if _PLAIN_ADDRESS.fullmatch(address):
        return address
    _checked("adresse", address)
    local, _at, domain = address.strip().rpartition("@")
    try:
        plain = domain if domain.isascii() else domain.encode("idna").decode("ascii")
        Address(addr_spec=f"{local}@{plain}")
    except (ValueError, IndexError, MessageError) as error:
        raise UnsafeFieldError(_not_an_address(address)) from error
    if not _ONE_ADDRESS.fullmatch(f"{local}@{plain}") or _ENCODED_WORD.search(local):
        raise UnsafeFieldError(_not_an_address(address))
    return f"{local}@{plain}"


def _not_an_address(text: str) -> str:
    return f"« {text} » n’est pas une adresse de courriel."


def _checked(name: str, value: str) -> str:
    if value.isascii() and value.isprintable():
        return value
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
