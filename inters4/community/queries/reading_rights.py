"""Who, among some people, reads which spaces now: what a notice asks before it says anything."""

from collections.abc import Collection, Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.community.models import Membership, Space


def may_read(
    session: Session, spaces: Iterable[Space], member_ids: Collection[int]
) -> frozenset[tuple[int, int]]:
    """Pairs (space, person) of these active people who read these spaces: one statement at most."""
    found: set[tuple[int, int]] = set()
    private = []
    for space in spaces:
        if space.is_private:
            private.append(space.id)
        else:
            found.update((space.id, one) for one in member_ids)
    if private and member_ids:
        rows = session.execute(
            select(Membership.space_id, Membership.member_id).where(
                Membership.space_id.in_(private), Membership.member_id.in_(set(member_ids))
            )
        )
        found.update((row.space_id, row.member_id) for row in rows)
    return frozenset(found)
