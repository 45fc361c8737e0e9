"""Reads of notices: what waits for a person, who wants what, which digests are due."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session

from inters4.core.hooks import hooks
from inters4.core.mail import MailState, QueuedMail
from inters4.core.notices import Channel, Noticed, NoticeKind, Told
from inters4.core.paging import Page, read_page
from inters4.core.values import dataclass
from inters4.members.models import Member, MemberSession, MemberState
from inters4.notices.models import (
    ABSENT_AFTER,
    Notice,
    NoticeChoice,
    NoticeDigest,
    NoticeLetter,
    NoticeSettings,
    channel_for,
    default_settings,
)

MOST_IN_A_MAIL = 50
_RECIPIENTS = (
    select(Member.id, Member.email, Member.locale, NoticeSettings, NoticeChoice.channel)
    .outerjoin(NoticeSettings, NoticeSettings.member_id == Member.id)
    .outerjoin(
        NoticeChoice,
        and_(NoticeChoice.member_id == Member.id, NoticeChoice.kind == bindparam("kind")),
    )
    .where(Member.id.in_(bindparam("ids", expanding=True)), Member.state == MemberState.ACTIVE)
    .order_by(Member.id)
)
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
"""Written once: whatever happens is told by these."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Someone to tell, and how they want a kind."""

    member_id: int
    email: str
    locale: str
    settings: NoticeSettings
    chosen: Channel | None
    channel: Channel


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


def unread_count(member: ColumnElement[int]) -> ScalarSelect[int]:
    """How many notices a person has not read, as a part of another statement."""
    return (
        select(func.count())
        .select_from(Notice)
        .where(Notice.member_id == member, Notice.read_at.is_(None))
        .scalar_subquery()
    )


def list_notices(session: Session, member_id: int, *, page: int = 1) -> Page[Notice]:
    """A page of a person's notices: unread ones first, then the latest."""
    return read_page(
        session,
        select(Notice)
        .where(Notice.member_id == member_id)
        .order_by(Notice.read_at.is_not(None), Notice.id.desc()),
        page,
    )


def find_notice(session: Session, public_id: str, *, member_id: int) -> Notice | None:
    """A notice of this very person."""
    return session.scalars(
        select(Notice).where(Notice.public_id == public_id, Notice.member_id == member_id)
    ).first()


def words_of(session: Session, notices: Iterable[Notice]) -> dict[int, Told]:
    """What notices say now, by number: one call a kind, in the language in force.

    Those that their recipients may no longer read are left out.
    """
    by_kind: dict[str, list[Noticed]] = {}
    for one in notices:
        noticed = Noticed(one.id, one.member_id, one.subject, one.facts)
        by_kind.setdefault(one.kind, []).append(noticed)
    found: dict[int, Told] = {}
    for name, some in by_kind.items():
        kind = hooks.notice_kinds.get(name)
        if kind is not None:
            found.update(kind.tell(session, some))
    return found


def settings_of(session: Session, member_id: int) -> NoticeSettings:
    """How a person wants to be told; defaults for whoever chose nothing."""
    return session.get(NoticeSettings, member_id) or default_settings(member_id)


def choices_of(session: Session, member_id: int) -> dict[str, Channel]:
    """The channels that a person chose, by kind."""
    rows = session.scalars(select(NoticeChoice).where(NoticeChoice.member_id == member_id))
    return {row.kind: row.channel for row in rows}


def recipients_of(session: Session, kind: NoticeKind, ids: Sequence[int]) -> list[Recipient]:
    """Those of `ids` whose account is active, with what they chose: one statement."""
    rows = session.execute(_RECIPIENTS, {"kind": kind.name, "ids": ids})
    found = []
    for row in rows:
        settings: NoticeSettings | None = row.NoticeSettings
        if settings is None:
            settings = default_settings(row.id)
        channel = channel_for(kind, settings, row.channel)
        found.append(Recipient(row.id, row.email, row.locale, settings, row.channel, channel))
    return found


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


def sharing(kind: NoticeKind) -> list[str]:
    """Names of the kinds whose notices of a group leave in one mail with those of `kind`."""
    if not kind.conversation:
        return [kind.name]
    return sorted(
        name for name, one in hooks.notice_kinds.items() if one.conversation == kind.conversation
    )


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
            .limit(MOST_IN_A_MAIL)
        )
    )


def unread_of_digest(session: Session, digest_id: int) -> list[Notice]:
    """What a digest tells, the latest first."""
    return list(
        session.scalars(
            select(Notice)
            .where(Notice.digest_id == digest_id, Notice.read_at.is_(None))
            .order_by(Notice.id.desc())
            .limit(MOST_IN_A_MAIL)
        )
    )


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
