"""What a person chooses; it holds for what already waits, not only for what comes."""

from collections.abc import Mapping
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, delete, or_, select, update
from sqlalchemy.orm import Session

from inters4.core import audit
from inters4.core.access import ANONYMOUS
from inters4.core.clock import now
from inters4.core.hooks import hooks
from inters4.core.mail import MailState, QueuedMail
from inters4.core.notices import Channel, NoticeKind
from inters4.core.values import dataclass
from inters4.members.models import Member, MemberState
from inters4.notices.exports.kinds import REFUSED_KIND
from inters4.notices.exports.links import EVERY, Refusal
from inters4.notices.models import (
    Frequency,
    MailRule,
    Notice,
    NoticeChoice,
    NoticeDigest,
    NoticeLetter,
    NoticeSettings,
    Zone,
    channel_for,
    without_mail,
)
from inters4.notices.queries.choices import choices_of, settings_of, sharing
from inters4.notices.services.giving import await_digests


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What the page of preferences asks, whole."""

    mail: MailRule
    frequency: Frequency
    hour: int
    weekday: int
    zone: Zone
    is_discreet: bool
    channels: Mapping[str, Channel]


def save_wishes(session: Session, member_id: int, wishes: Wishes) -> None:
    """Keep them. A kind left at its own channel keeps no row: a better default reaches it."""
    held = _held(session, member_id)
    before = _mailed(session, held)
    held.mail = wishes.mail
    held.frequency, held.hour, held.weekday = wishes.frequency, wishes.hour, wishes.weekday
    held.zone, held.is_discreet = wishes.zone, wishes.is_discreet
    for name, channel in wishes.channels.items():
        kind = hooks.notice_kinds.get(name)
        if kind is not None and kind.may_be_refused and channel in kind.channels:
            _choose(session, member_id, kind, channel)
    session.flush()
    if _mailed(session, held) != before:
        held.version += 1
    _follow(session, held)


class Refused(StrEnum):
    """What came of a link that refuses a mail."""

    DONE = "done"
    STALE = "stale"
    NOBODY = "nobody"


def refuse_mail(session: Session, refusal: Refusal, *, request_id: str = "") -> Refused:
    """No more mail of a kind, or of any; asked twice is asked once.

    The owner is told in the portal, and the journal says so, when something changes. A link from
    before they chose otherwise changes nothing.
    """
    member_id = session.scalar(
        select(Member.id).where(
            Member.public_id == refusal.public_id, Member.state != MemberState.ERASED
        )
    )
    if member_id is None:
        return Refused.NOBODY
    held = _held(session, member_id)
    if held.version != refusal.version:
        return Refused.STALE
    before = _mailed(session, held)
    if refusal.kind is None:
        held.mail = MailRule.NEVER
    else:
        _choose(session, member_id, refusal.kind, without_mail(refusal.kind))
    session.flush()
    if _mailed(session, held) != before:
        _follow(session, held)
        _tell(session, member_id, refusal.kind.name if refusal.kind else EVERY, request_id)
    return Refused.DONE


def _tell(session: Session, member_id: int, name: str, request_id: str) -> None:
    audit.record(
        session,
        "notices.refused_by_link",
        by=ANONYMOUS,
        subject=f"member:{member_id}",
        request_id=request_id,
        kind=name,
    )
    hooks.notifier.notify(session, REFUSED_KIND, [member_id], subject=name)


def _mailed(session: Session, held: NoticeSettings) -> dict[str, Channel]:
    """How each kind reaches the person: by what the links of mails are good or not."""
    chosen = choices_of(session, held.member_id)
    return {
        kind.name: channel_for(kind, held, chosen.get(kind.name))
        for kind in hooks.notice_kinds.values()
    }


def _held(session: Session, member_id: int) -> NoticeSettings:
    """The row of a person, made when there is none; two at once wait for each other."""
    session.get(Member, member_id, with_for_update=True)
    held = settings_of(session, member_id)
    session.add(held)
    return held


def _choose(session: Session, member_id: int, kind: NoticeKind, channel: Channel) -> None:
    row = session.get(NoticeChoice, (member_id, kind.name))
    if row is not None:
        row.channel = channel
    elif channel is not kind.channel:
        session.add(NoticeChoice(member_id=member_id, kind=kind.name, channel=channel))


def _follow(session: Session, held: NoticeSettings) -> None:
    """What waits goes the new way: mails not yet sent, digests not yet made."""
    number = held.member_id
    chosen = choices_of(session, number)
    by_channel: dict[Channel, list[str]] = {}
    for kind in hooks.notice_kinds.values():
        channel = channel_for(kind, held, chosen.get(kind.name))
        by_channel.setdefault(channel, []).append(kind.name)
    waiting = (
        select(NoticeLetter.id)
        .join(QueuedMail, QueuedMail.id == NoticeLetter.mail_id)
        .where(
            NoticeLetter.member_id == Notice.member_id,
            _is_carried(),
            NoticeLetter.group_key == Notice.group_key,
            QueuedMail.state == MailState.QUEUED,
        )
    )
    is_pending = (Notice.member_id == number) & Notice.read_at.is_(None)
    quietly = {"synchronize_session": False}
    session.execute(
        update(Notice)
        .where(
            is_pending,
            Notice.channel == Channel.MAIL,
            Notice.kind.in_(by_channel.get(Channel.DIGEST, [])),
            waiting.exists(),
        )
        .values(channel=Channel.DIGEST),
        execution_options=quietly,
    )
    no_mail = [*by_channel.get(Channel.IN_APP, []), *by_channel.get(Channel.NONE, [])]
    session.execute(
        update(Notice)
        .where(
            is_pending,
            Notice.channel.in_((Channel.DIGEST, Channel.MAIL)),
            Notice.digest_id.is_(None),
            Notice.kind.in_(no_mail),
        )
        .values(channel=Channel.IN_APP),
        execution_options=quietly,
    )
    session.execute(
        delete(NoticeDigest).where(NoticeDigest.member_id == number, NoticeDigest.made_at.is_(None))
    )
    awaits = select(Notice.id).where(
        is_pending, Notice.channel == Channel.DIGEST, Notice.digest_id.is_(None)
    )
    if session.scalars(awaits.limit(1)).first() is not None:
        await_digests(session, [held], now())


def _is_carried() -> ColumnElement[bool]:
    """A letter carries the notices of its kind, and of those that share its conversation."""
    shared = {tuple(sharing(kind)) for kind in hooks.notice_kinds.values() if kind.conversation}
    return or_(
        NoticeLetter.kind == Notice.kind,
        *(and_(NoticeLetter.kind.in_(names), Notice.kind.in_(names)) for names in sorted(shared)),
    )
