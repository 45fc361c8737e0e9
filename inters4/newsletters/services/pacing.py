"""How fast messages leave: so many a second in all, and so many a second to one domain.

A relay that is written to too fast closes the door, and a domain that is treats everyone as a
nuisance. Senders share their pace: the moment from which the next message may leave is a row, read
and written in the transaction that holds the message. However many senders there are, on however
many machines, their pace is one.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from inters4.core.clock import now
from inters4.core.values import dataclass
from inters4.newsletters.models import SendSlot
from inters4.newsletters.services.claiming import Claim, claim_next

_EVERYBODY = ""
_LONGEST = timedelta(seconds=1)
"""Between two messages, at one a second. A row that says more was written by a clock set back."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Messages a second, in all and to one domain; 0 is no limit."""

    each: int = 0
    by_domain: int = 0

    @property
    def is_free(self) -> bool:
        """True when no message ever waits for another."""
        return not (self.each or self.by_domain)


def open_pace(session: Session) -> None:
    """Make the row that senders take turns by, and forget the domains of earlier sendings."""
    session.execute(
        delete(SendSlot).where(SendSlot.domain != _EVERYBODY, SendSlot.free_at < now() - _LONGEST),
        execution_options={"synchronize_session": False},
    )
    _write(session, {_EVERYBODY: now()}, is_kept=True)


def claim_paced(
    session: Session, issue_id: str, *, owner: str, pace: Pace
) -> tuple[Claim | None, float]:
    """Hold the next message that may leave now; without one, in how many seconds to look again.

    0 seconds say that nothing is due. Whoever calls has opened the pace before.
    """
    if pace.is_free:
        return claim_next(session, issue_id, owner=owner), 0.0
    turn = session.scalars(
        select(SendSlot.free_at).where(SendSlot.domain == _EVERYBODY).with_for_update()
    ).first()
    moment = now()
    if turn is not None and moment < turn <= moment + _LONGEST:
        return None, (turn - moment).total_seconds()
    resting = _resting(session, moment) if pace.by_domain else {}
    claim = claim_next(session, issue_id, owner=owner, avoiding=tuple(resting))
    if claim is None:
        return None, (min(resting.values()) - moment).total_seconds() if resting else 0.0
    _write(session, _after(pace, claim.domain, moment))
    return claim, 0.0


def _resting(session: Session, moment: datetime) -> Mapping[str, datetime]:
    """The domains that must not be written to yet, and until when."""
    rows = session.execute(
        select(SendSlot.domain, SendSlot.free_at).where(
            SendSlot.domain != _EVERYBODY,
            SendSlot.free_at > moment,
            SendSlot.free_at <= moment + _LONGEST,
        )
    )
    return {row.domain: row.free_at for row in rows}


def _after(pace: Pace, domain: str, moment: datetime) -> dict[str, datetime]:
    after = {}
    if pace.each:
        after[_EVERYBODY] = moment + timedelta(seconds=1 / pace.each)
    if pace.by_domain:
        after[domain] = moment + timedelta(seconds=1 / pace.by_domain)
    return after


def _write(session: Session, free_at: Mapping[str, datetime], *, is_kept: bool = False) -> None:
    """Write when each may be written to again; what is there already stays when `is_kept`."""
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    statement = (postgresql.insert if is_postgresql else sqlite.insert)(SendSlot)
    told = (
        statement.on_conflict_do_nothing()
        if is_kept
        else statement.on_conflict_do_update(
            index_elements=["domain"], set_={"free_at": statement.excluded.free_at}
        )
    )
    session.execute(told, [{"domain": one, "free_at": at} for one, at in free_at.items()])
