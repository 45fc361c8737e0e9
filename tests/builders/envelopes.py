"""Messages as they travel, read strictly; and what somebody types to add a field to one."""

import email
import re
from email import policy
from email.message import EmailMessage

from inters4.core.mail.compose import Envelope

_STRICT = policy.SMTP.clone(raise_on_defect=True, max_line_length=None)
BREAKS = re.compile(r"[\x00-\x08\x0a-\x1f\x7f\x85\u2028\u2029]")
"""Signs that no field may bear."""
SLIPPED = "Bcc: intrus@exemple.ca"
HOSTILE = {
    "crlf": f"Un titre\r\n{SLIPPED}",
    "folded": f"Un titre\r\n {SLIPPED}",
    "lf": f"Un titre\n{SLIPPED}",
    "cr": f"Un titre\r{SLIPPED}",
    "body": "Un titre\r\n\r\n<script>1</script>",
    "nel": f"Un titre\x85{SLIPPED}",
    "line-separator": f"Un titre\u2028{SLIPPED}",
    "paragraph-separator": f"Un titre\u2029{SLIPPED}",
    "vertical-tab": f"Un titre\x0b{SLIPPED}",
    "form-feed": f"Un titre\x0c{SLIPPED}",
    "group-separator": f"Un titre\x1d{SLIPPED}",
    "nul": f"Un titre\x00{SLIPPED}",
    "escape": "Un titre\x1b[31m",
    "encoded-word": "=?utf-8?q?Un=0D=0ABcc=3A_intrus=40exemple=2Eca?=",
    "encoded-base64": "=?utf-8?b?VW4NCkJjYzogaW50cnVzQGV4ZW1wbGUuY2E=?=",
    "right-to-left": "Un titre \u202eac.elpmexe@surtni\u202c",
    "quote": 'Un "titre" <intrus@exemple.ca>, "',
    "long": "é" * 10_000,
    "long-word": "a" * 10_000,
    "surrogate": "Un titre \ud83d",
}
"""What is typed in a field to add another, or to break the message."""


def parsed(envelope: Envelope) -> EmailMessage:
    """The message under the strict policy of the standard library: any defect is an error."""
    message = email.message_from_bytes(envelope.data, policy=_STRICT)
    assert isinstance(message, EmailMessage)
    for part in message.walk():
        assert part.defects == []
        for value in part.values():
            assert value.defects == ()
    return message
