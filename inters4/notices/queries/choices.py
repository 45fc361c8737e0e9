"""Who wants what, and how."""

from collections.abc import Sequence

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import Session

from inters4.core.hooks import hooks
from inters4.core.notices import Channel, NoticeKind
from inters4.core.values import dataclass
from inters4.members.models import Member, MemberState
from inters4.notices.models import (
    NoticeChoice,
    NoticeSettings,
    channel_for,
    default_settings,
)

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
"""Written once: whatever happens is told by it."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Someone to tell, and how they want a kind."""

    member_id: int
    email: str
    locale: str
    settings: NoticeSettings
    chosen: Channel | None
    channel: Channel


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


def sharing(kind: NoticeKind) -> list[str]:
    """Names of the kinds whose notices of a group leave in one mail with those of `kind`."""
    if not kind.conversation:
        return [kind.name]
    return sorted(
        name for name, one in hooks.notice_kinds.items() if one.conversation == kind.conversation
    )
