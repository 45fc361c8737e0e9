"""What any domain says of its notices, and the slot through which they are given.

A domain declares its kinds in `hooks.add_notice_kind` and tells people through `hooks.notifier`.
The domain that keeps notices fills the slot; while it is empty nothing is listed, and the letters
that domains write themselves leave at once, so that a domain below it is whole alone.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from sqlalchemy import ColumnElement, ScalarSelect, Select, literal, select
from sqlalchemy.orm import Session

from inters4.core.access import Viewer
from inters4.core.clock import now
from inters4.core.mail.models import QueuedMail
from inters4.core.values import dataclass


class Channel(StrEnum):
    """How far a notice goes to reach someone; each one but the first is also listed."""

    NONE = "none"
    IN_APP = "in-app"
    DIGEST = "digest"
    MAIL = "mail"


EVERY_CHANNEL = tuple(Channel)


@dataclass(frozen=True, slots=True)
class Noticed:
    """A notice as its kind sees it: a number, for whom, about what."""

    id: int
    member_id: int
    subject: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a notice says now to its recipient, in the language in force.

    Attributes:
        path: a path of the portal, where what it is about can be read.
        is_over: nobody needs to be told any more: it stays listed, no mail leaves for it.
    """

    title: str
    path: str
    text: str = ""
    is_over: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeKind:
    """A kind of notice.

    Attributes:
        name: code name, `home.question` for instance.
        label: gives its French name in the reader's language.
        group: gives the heading under which people choose, the same for kinds that go together.
        channel: the one of whoever chose nothing.
        channels: those that a person may choose; one alone cannot be refused.
        tell: notices -> what those that their recipients may still read say now, in a fixed
            number of statements. What it leaves out is neither shown nor sent.
        letter: kind of the mail that its domain writes itself when `letters` says so; empty when
            `notices` writes it.
        concerns: whether someone may ever receive it: others are not asked how.
        conversation: kinds that bear the same share the mail of a group, whatever each tells.
        must_leave: neither « aucun courriel » nor « résumé seulement » holds it: it is about the
            safety of the account, or answers what the person just asked.
    """

    name: str
    label: Callable[[], str]
    group: Callable[[], str]
    channel: Channel
    channels: tuple[Channel, ...] = EVERY_CHANNEL
    tell: Callable[[Session, Sequence[Noticed]], Mapping[int, Told]]
    letter: str = ""
    concerns: Callable[[Viewer], bool] = lambda _viewer: True
    conversation: str = ""
    must_leave: bool = False
    order: int = 100

    @property
    def may_be_refused(self) -> bool:
        """True when there is something to choose."""
        return len(self.channels) > 1


@dataclass(frozen=True, slots=True)
class WayOut:
    """What a mail that may be refused carries: header fields, and the path of the page for it."""

    headers: Mapping[str, str]
    path: str


class Notifier(Protocol):
    """Keeps notices, and knows what people want to receive."""

    def notify(
        self,
        session: Session,
        kind: str,
        recipients: Iterable[int],
        *,
        subject: str,
        facts: Mapping[str, Any] | None = None,
        group: str = "",
        once: str = "",
        is_gathered: bool = False,
    ) -> int:
        """Tell `recipients` of `subject`, in the caller's transaction; say how many were told.

        `group` gathers what one mail tells (the subject when empty); a person is told once of
        the same `once`, whoever tells it again. When `is_gathered`, whoever has a notice of this
        kind and group that waits still is told by it: its kind says what there is by then.
        """

    def letters(
        self, session: Session, kind: str, recipients: Iterable[int]
    ) -> Mapping[int, datetime]:
        """Those who want the letter that the kind's domain writes, and when it may leave."""

    def settle(self, session: Session, *kinds: str, subject: str) -> None:
        """What was told of `subject` asks nothing more: nobody has it left to read."""

    def seen(
        self,
        session: Session,
        member_id: int,
        kinds: Collection[str],
        *,
        subjects: Callable[[], Select[str]],
    ) -> None:
        """A person has read, where it stands, what these kinds told them of `subjects`.

        Asked only when something awaits them.
        """

    def way_out(self, session: Session, mail: QueuedMail) -> WayOut | None:
        """How whoever receives `mail` refuses the next; None for what cannot be refused."""

    def unread(self, member: "ColumnElement[int]") -> "ScalarSelect[int]":
        """How many notices await a person, as a part of another statement."""


class NobodyNotifies:
    """The empty slot."""

    def notify(
        self,
        session: Session,  # noqa: ARG002
        kind: str,  # noqa: ARG002
        recipients: Iterable[int],  # noqa: ARG002
        *,
        subject: str,  # noqa: ARG002
        facts: Mapping[str, Any] | None = None,  # noqa: ARG002
        group: str = "",  # noqa: ARG002
        once: str = "",  # noqa: ARG002
        is_gathered: bool = False,  # noqa: ARG002
    ) -> int:
        """Nobody keeps it."""
        return 0

    def letters(
        self,
        session: Session,  # noqa: ARG002
        kind: str,  # noqa: ARG002
        recipients: Iterable[int],
    ) -> Mapping[int, datetime]:
        """Everyone, now."""
        return dict.fromkeys(recipients, now())

    def settle(self, session: Session, *kinds: str, subject: str) -> None:
        """Nothing was told."""

    def seen(
        self,
        session: Session,
        member_id: int,
        kinds: Collection[str],
        *,
        subjects: Callable[[], Select[str]],
    ) -> None:
        """Nothing was told."""

    def way_out(self, session: Session, mail: QueuedMail) -> WayOut | None:  # noqa: ARG002
        """Nothing to choose."""
        return None

    def unread(self, member: "ColumnElement[int]") -> "ScalarSelect[int]":  # noqa: ARG002
        """None."""
        return select(literal(0)).scalar_subquery()
