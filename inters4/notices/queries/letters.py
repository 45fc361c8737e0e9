"""What was written of a group, what waits to be, and what a mail tells."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from inters4.core.mail import MailState, QueuedMail
from inters4.core.notices import Channel, NoticeKind
from inters4.notices.models import Notice, NoticeLetter
from inters4.notices.queries.choices import sharing

_MAILED = (
    select(QueuedMail.member_id, func.count())
    .where(
        QueuedMail.kind == bindparam("kind"),
        QueuedMail.member_id.in_(bindparam("ids", expanding=True)),
        QueuedMail.created_at > bindparam("since"),
        QueuedMail.state != MailState.CANCELLED,
    )
    .group_by(QueuedMail.member_id)
)
"""Written once: whatever happens is told by it."""


def without_waiting(session: Session, kind: str, group: str, ids: Sequence[int]) -> list[int]:
    """Those of `ids` who have nothing waiting of this kind and group.

    What a digest took has been told: what comes after it is told again.
    """
    held = set(
        session.scalars(
            select(Notice.member_id).where(
                Notice.member_id.in_(ids),
                Notice.read_at.is_(None),
                Notice.kind == kind,
                Notice.group_key == group,
                Notice.digest_id.is_(None),
            )
        )
    )
    return [number for number in ids if number not in held]


def mails_since(
    session: Session, ids: Sequence[int], moment: datetime, *, mail_kind: str
) -> Mapping[int, int]:
    """How many mails of a kind were queued for each person since that instant.

    One that was cancelled, for the person had read it by then, troubled nobody.
    """
    rows = session.execute(_MAILED, {"kind": mail_kind, "ids": ids, "since": moment})
    return {number: count for number, count in rows if number is not None}


def already_mailed(
    session: Session, kind: NoticeKind, group: str, ids: Collection[int]
) -> frozenset[int]:
    """Those of `ids` to whom another kind of the same conversation writes about this group.

    Its mail waits, or has left and was not read since.
    """
    others = [name for name in sharing(kind) if name != kind.name]
    if not others:
        return frozenset()
    return frozenset(
        session.scalars(
            select(NoticeLetter.member_id)
            .join(QueuedMail, QueuedMail.id == NoticeLetter.mail_id)
            .where(
                NoticeLetter.member_id.in_(ids),
                NoticeLetter.kind.in_(others),
                NoticeLetter.group_key == group,
                QueuedMail.state.not_in((MailState.CANCELLED, MailState.FAILED)),
            )
        )
    )


def unread_of_group(session: Session, letter: NoticeLetter, kinds: Collection[str]) -> list[Notice]:
    """What a mail about a group tells of these kinds, the oldest first."""
    return list(
        session.scalars(
            select(Notice)
            .where(
                Notice.member_id == letter.member_id,
                Notice.kind.in_(kinds),
                Notice.group_key == letter.group_key,
                Notice.read_at.is_(None),
                Notice.channel == Channel.MAIL,
            )
            .order_by(Notice.id)
        )
    )


def unread_of_digest(session: Session, digest_id: int) -> list[Notice]:
    """What a digest tells, the latest first."""
    return list(
        session.scalars(
            select(Notice)
            .where(Notice.digest_id == digest_id, Notice.read_at.is_(None))
            .order_by(Notice.id.desc())
        )
    )
