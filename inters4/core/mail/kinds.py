"""The kinds of mail that domains send, and what each decides at the moment of sending.

A kind is registered at start. Its `context` is read when the message leaves: it adds what the
recipient may see now to the parameters of the row, or gives None when the message is no longer
wanted (it was read meanwhile, the right is gone), and the row is cancelled. A domain that puts its
message together itself gives it whole, under `READY`.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from inters4.core.mail.models import QueuedMail
from inters4.core.values import dataclass

READY = "ready"
Context = Callable[[Session, QueuedMail], Mapping[str, Any] | None]


def _parameters_alone(_session: Session, _mail: QueuedMail) -> Mapping[str, Any]:
    return {}


@dataclass(frozen=True, slots=True)
class MailKind:
    """A kind of mail: its name, and what to read when it leaves."""

    name: str
    context: Context = _parameters_alone


class MailKinds:
    """Every kind of mail, by name. An unregistered kind cannot be queued."""

    def __init__(self) -> None:
        self._kinds: dict[str, MailKind] = {}

    def add(self, kind: MailKind) -> None:
        """Register `kind`; raises RuntimeError when another has its name."""
        if self._kinds.get(kind.name, kind) != kind:
            raise RuntimeError(f"registered twice: {kind.name}")
        self._kinds[kind.name] = kind

    def __contains__(self, name: str) -> bool:
        return name in self._kinds

    def __getitem__(self, name: str) -> MailKind:
        return self._kinds[name]


kinds = MailKinds()
