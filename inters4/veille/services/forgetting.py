"""What nobody sorted for a year is forgotten; its keys stay, so that it never comes back as new."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from inters4.core.clock import now
from inters4.veille.models import UNSORTED, Finding, FindingKey


def purge_findings(session: Session, before: datetime) -> int:
    """Bury what came in before `before` and awaits a decision still; say how many."""
    old = select(Finding.id).where(Finding.state.in_(UNSORTED), Finding.first_seen_at < before)
    door = session.connection()
    door.execute(
        update(FindingKey)
        .where(FindingKey.finding_id.in_(old))
        .values(finding_id=None, buried_at=now())
    )
    return door.execute(delete(Finding).where(Finding.id.in_(old))).rowcount
