"""Who follows a thread, as its page says it to those who belong to the space."""

from collections.abc import Sequence

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from inters4.community.models import Level, Membership, Thread, ThreadReading
from inters4.community.queries.access import SpaceAccess
from inters4.core.values import dataclass
from inters4.members.models import Member, MemberState

SHOWN = 20


@dataclass(frozen=True, slots=True)
class ThreadFollowers:
    """How many people chose to follow a thread, and the first of their names."""

    count: int = 0
    names: Sequence[str] = ()


def thread_followers(session: Session, thread: Thread, *, access: SpaceAccess) -> ThreadFollowers:
    """Those of the space who follow `thread`; nobody for whoever does not belong to it."""
    if not access.belongs:
        return ThreadFollowers()
    rows = session.execute(
        select(Member.name, func.count().over())
        .join(ThreadReading, ThreadReading.member_id == Member.id)
        .join(
            Membership,
            and_(Membership.member_id == Member.id, Membership.space_id == thread.space_id),
        )
        .where(
            ThreadReading.thread_id == thread.id,
            ThreadReading.level == Level.FOLLOWED,
            Member.state == MemberState.ACTIVE,
        )
        .order_by(Member.name, Member.id)
        .limit(SHOWN)
    ).all()
    return ThreadFollowers(rows[0][1], [name for name, _all in rows]) if rows else ThreadFollowers()
