"""A message that somebody sends from their own program: to nobody, without a date, in two parts.

A team without a relay opens it and chooses its readers there. It is written on its own: what the
portal sends bears fields that would be false in the mailbox of a person.
"""

import unicodedata
from email.charset import QP, Charset
from email.header import Header
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import compat32

from inters4.core.i18n import _
from inters4.core.mail.compose import UnsafeFieldError, clean_address
from inters4.core.mail.render import Rendered

_POLICY = compat32.clone(linesep="\r\n")


def unaddressed(rendered: Rendered, *, sender: str, sender_name: str, locale: str) -> bytes:
    """`rendered` as a draft (`X-Unsent`) from `sender`, with CRLF.

    Raises:
        UnsafeFieldError: the address or a field cannot be written safely.
    """
    address = clean_address(sender)
    message = MIMEMultipart("alternative")
    name = Header(_one_line(sender_name), "utf-8", header_name="From").encode()
    message["From"] = f"{name} <{address}>"
    message["Subject"] = Header(
        _one_line(rendered.subject), "utf-8", header_name="Subject"
    ).encode()
    message["X-Unsent"] = "1"
    message["Content-Language"] = _one_line(locale)
    message.attach(_part(rendered.text, "plain"))
    message.attach(_part(rendered.html, "html"))
    return message.as_bytes(policy=_POLICY)


def _part(text: str, subtype: str) -> MIMEText:
    charset = Charset("utf-8")
    charset.body_encoding = QP
    return MIMEText(text, subtype, charset)  # type: ignore[arg-type]


def _one_line(value: str) -> str:
    if any(unicodedata.category(sign) in {"Cc", "Cs", "Zl", "Zp"} for sign in value):
        raise UnsafeFieldError(_("Un caractère de contrôle est interdit dans un en-tête."))
    return value
