"""What « Mes données » holds of notices."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.notices.models import Notice, NoticeDigest
from inters4.notices.queries.choices import choices_of, settings_of

Rows = Iterable[Mapping[str, Any]]


def notices(session: Session, member_id: int) -> Rows:
    """Everything the person was told, as it is kept."""
    rows = session.scalars(select(Notice).where(Notice.member_id == member_id).order_by(Notice.id))
    for row in rows:
        yield {
            "id": row.public_id,
            "kind": row.kind,
            "about": row.subject,
            "facts": row.facts,
            "channel": row.channel.value,
            "told_at": row.created_at.isoformat(),
            "read_at": row.read_at.isoformat() if row.read_at else None,
        }


def wishes(session: Session, member_id: int) -> Rows:
    """How the person wants to be told, and the digests that were made."""
    held = settings_of(session, member_id)
    yield {
        "mail": held.mail.value,
        "frequency": held.frequency.value,
        "hour": held.hour,
        "weekday": held.weekday,
        "zone": held.zone.value,
        "is_discreet": held.is_discreet,
        "channels": {name: one.value for name, one in choices_of(session, member_id).items()},
    }
    for digest in session.scalars(
        select(NoticeDigest)
        .where(NoticeDigest.member_id == member_id)
        .order_by(NoticeDigest.period)
    ):
        yield {
            "digest_of": digest.period.isoformat(),
            "made_at": digest.made_at.isoformat() if digest.made_at else None,
        }


OWN_DATA: Mapping[str, Callable[[Session, int], Rows]] = {
    "avis": notices,
    "avis-preferences": wishes,
}
