"""The letters that a demonstration wrote to its folder instead of sending them."""

import re
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from inters4.core.values import dataclass

_NAME = re.compile(r"[0-9a-f]{40}")
_SUFFIX = ".inters4"
_MOST = 50


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter as it would have left."""

    name: str
    subject: str
    recipient: str
    at: datetime
    text: str
    html: str


def list_letters(folder: Path) -> list[Letter]:
    """The latest letters, the newest first."""
    files = sorted(
        (folder / "new").glob(f"*{_SUFFIX}"), key=lambda file: file.stat().st_mtime, reverse=True
    )
    return [_read(file) for file in files[:_MOST]]


def find_letter(folder: Path, name: str) -> Letter | None:
    """One letter, by the name of its file."""
    if not _NAME.fullmatch(name):
        return None
    file = folder / "new" / f"{name}{_SUFFIX}"
    return _read(file) if file.is_file() else None


def _read(file: Path) -> Letter:
    message = message_from_bytes(file.read_bytes(), policy=policy.default)
    return Letter(
        name=file.name.removesuffix(_SUFFIX),
        subject=str(message["Subject"]),
        recipient=str(message["To"]),
        at=parsedate_to_datetime(str(message["Date"])),
        text=_part(message, "plain"),
        html=_part(message, "html"),
    )


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()) if part is not None else ""
