"""Who moderates which space: those who are told of flags, and may see who flagged."""

from collections.abc import Collection, Mapping

from sqlalchemy.orm import Session

from inters4.community.queries.leading import holders_of
from inters4.core.access import SPACE_ROLES


def moderators_of(session: Session, space_ids: Collection[int]) -> Mapping[int, frozenset[int]]:
    """Active people who facilitate or moderate these spaces and belong to them: one statement."""
    return holders_of(session, space_ids, SPACE_ROLES)
