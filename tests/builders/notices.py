"""Notices for tests: a kind whose words and rights a test sets, and mails as they would leave."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

from sqlalchemy import update
from sqlalchemy.orm import Session

from inters4.core.clock import now
from inters4.core.hooks import hooks
from inters4.core.mail import MailState, QueuedMail
from inters4.core.mail.send import send_due
from inters4.core.mail.transports import MemoryTransport
from inters4.core.notices import EVERY_CHANNEL, Channel, Noticed, NoticeKind, Told
from inters4.notices.models import NoticeDigest
from inters4.settings import Settings

POST = "test.post"


@dataclass
class Posts:
    """What a kind made for tests knows: who may read what, and what is settled."""

    hidden: set[str] = field(default_factory=set)
    over: set[str] = field(default_factory=set)
    paths: dict[str, str] = field(default_factory=dict)

    def tell(self, _session: Session, notices: Sequence[Noticed]) -> Mapping[int, Told]:
        """The subject, as a title."""
        return {
            one.id: Told(
                title=f"Message {one.subject}",
                text=str(one.facts.get("text", "")),
                path=self.paths.get(one.subject, f"/pratiques?q={one.subject}"),
                is_over=one.subject in self.over,
            )
            for one in notices
            if one.subject not in self.hidden
        }


@contextmanager
def kind_of_posts(
    channel: Channel = Channel.MAIL, channels: tuple[Channel, ...] = EVERY_CHANNEL
) -> Iterator[Posts]:
    """A kind like those of communities, registered while the block lasts."""
    posts = Posts()
    held = hooks.notice_kinds.get(POST)
    hooks.notice_kinds[POST] = NoticeKind(
        name=POST,
        label=lambda: "Messages des fils",
        group=lambda: "Essais",
        channel=channel,
        channels=channels,
        tell=posts.tell,
    )
    try:
        yield posts
    finally:
        del hooks.notice_kinds[POST]
        if held is not None:
            hooks.notice_kinds[POST] = held


def let_time_pass(session: Session) -> None:
    """Every mail that waits, and every digest, is due now."""
    session.execute(
        update(QueuedMail).where(QueuedMail.state == MailState.QUEUED).values(not_before=now())
    )
    session.execute(update(NoticeDigest).where(NoticeDigest.made_at.is_(None)).values(due_at=now()))
    session.commit()


def leave(settings: Settings) -> list[EmailMessage]:
    """Send what is due, and read it."""
    MemoryTransport.sent.clear()
    send_due(settings, transport=MemoryTransport())
    return [message_from_bytes(one.data, policy=policy.default) for one in MemoryTransport.sent]


def text_of(message: EmailMessage) -> str:
    """The plain text of a message."""
    part = message.get_body(("plain",))
    return str(part.get_content()) if part is not None else ""
