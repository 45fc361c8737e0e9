"""Rules of the desk, by watch, with what each has found so far."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.values import dataclass
from inters4.veille.models import FindingRule, Watch


@dataclass(frozen=True, slots=True)
class WatchRules:
    """A watch and its rules, in the order in which they are tried."""

    watch: Watch
    rules: Sequence[FindingRule]


def rules_by_watch(session: Session) -> list[WatchRules]:
    """Every watch that is open, by name: two statements."""
    watches = session.scalars(
        select(Watch).where(Watch.closed_at.is_(None)).order_by(Watch.name)
    ).all()
    rows = session.scalars(
        select(FindingRule)
        .where(FindingRule.watch_id.in_([watch.id for watch in watches]))
        .order_by(FindingRule.position, FindingRule.id)
    ).all()
    return [
        WatchRules(watch, [row for row in rows if row.watch_id == watch.id]) for watch in watches
    ]


def find_watch(session: Session, public_id: str) -> Watch | None:
    """The watch of this address."""
    return session.scalars(select(Watch).where(Watch.public_id == public_id)).first()


def find_rule(session: Session, public_id: str, *, for_update: bool = False) -> FindingRule | None:
    """The rule of this address."""
    statement = select(FindingRule).where(FindingRule.public_id == public_id)
    return session.scalars(statement.with_for_update() if for_update else statement).first()
