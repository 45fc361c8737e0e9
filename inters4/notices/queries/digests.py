"""Digests whose hour has come, and what becomes of them."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from inters4.core.notices import Channel
from inters4.core.values import dataclass
from inters4.members.models import Member, MemberSession, MemberState
from inters4.notices.models import ABSENT_AFTER, Notice, NoticeDigest


@dataclass(frozen=True, slots=True)
class DueDigest:
    """A digest whose hour has come, and what becomes of it."""

    id: int
    member_id: int
    email: str
    locale: str
    has_news: bool
    is_absent: bool


@dataclass(frozen=True, slots=True)
class DigestTally:
    """What becomes of some digests: a mail, nothing for want of news, or of the person."""

    mailed: int = 0
    without_news: int = 0
    absent: int = 0

    @classmethod
    def of(cls, number: int, *, has_news: bool, is_absent: bool) -> "DigestTally":
        """As many alike."""
        if not has_news:
            return cls(without_news=number)
        return cls(absent=number) if is_absent else cls(mailed=number)

    def __add__(self, other: "DigestTally") -> "DigestTally":
        return DigestTally(
            self.mailed + other.mailed,
            self.without_news + other.without_news,
            self.absent + other.absent,
        )

    @property
    def total(self) -> int:
        """How many there are."""
        return self.mailed + self.without_news + self.absent


def due_digests(session: Session, moment: datetime, *, most: int) -> list[DueDigest]:
    """The digests whose hour has come, the oldest first, kept from other workers."""
    rows = session.execute(
        _due(moment)
        .order_by(NoticeDigest.due_at, NoticeDigest.id)
        .limit(most)
        .with_for_update(of=NoticeDigest, skip_locked=True)
    )
    return [
        DueDigest(
            row.id,
            row.member_id,
            row.email,
            row.locale,
            has_news=bool(row.has_news),
            is_absent=not row.is_present,
        )
        for row in rows
    ]


def count_due(session: Session, moment: datetime) -> DigestTally:
    """What would become of the digests whose hour has come, changing nothing."""
    due = _due(moment).subquery()
    tally = DigestTally()
    for row in session.execute(
        select(due.c.has_news, due.c.is_present, func.count().label("number")).group_by(
            due.c.has_news, due.c.is_present
        )
    ):
        tally += DigestTally.of(row.number, has_news=row.has_news, is_absent=not row.is_present)
    return tally


def due_notices(session: Session, moment: datetime, *, family: str) -> Iterator[Notice]:
    """What the digests whose hour has come would take of the kinds of a domain, the oldest first.

    Some hundreds of rows at a time; rights are for `words_of` to say.
    """
    due = _due(moment).subquery()
    yield from session.scalars(
        select(Notice)
        .join(due, due.c.member_id == Notice.member_id)
        .where(
            due.c.has_news,
            due.c.is_present,
            Notice.channel == Channel.DIGEST,
            Notice.read_at.is_(None),
            Notice.digest_id.is_(None),
            Notice.kind.startswith(f"{family}.", autoescape=True),
        )
        .order_by(Notice.id)
        .execution_options(yield_per=500)
    )


def _due(moment: datetime) -> Select[int, int, str, str, bool, bool]:
    new = select(Notice.id).where(
        Notice.member_id == Member.id,
        Notice.channel == Channel.DIGEST,
        Notice.read_at.is_(None),
        Notice.digest_id.is_(None),
    )
    absent_since = moment - ABSENT_AFTER
    seen = select(MemberSession.id).where(
        MemberSession.member_id == Member.id, MemberSession.last_seen_at >= absent_since
    )
    came = func.coalesce(Member.last_active_at, Member.created_at) >= absent_since
    return (
        select(
            NoticeDigest.id,
            NoticeDigest.member_id,
            Member.email,
            Member.locale,
            and_(Member.state == MemberState.ACTIVE, new.exists()).label("has_news"),
            or_(came, seen.exists()).label("is_present"),
        )
        .join(Member, Member.id == NoticeDigest.member_id)
        .where(NoticeDigest.made_at.is_(None), NoticeDigest.due_at <= moment)
    )
