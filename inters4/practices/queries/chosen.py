"""Whole sheets, several at once: those compared, and all of them for open data."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from indexer.analysis import fold
from inters4.core.access import Viewer
from inters4.practices.models import Practice
from inters4.practices.queries.sheets import is_readable, sees_all, visible
from inters4.practices.queries.whole import every_whole


def open_practices(session: Session) -> Sequence[Practice]:
    """Every sheet that everyone may read, with all its parts, by permanent id."""
    readable = select(Practice).where(visible(is_team=False), is_readable()).order_by(Practice.id)
    return every_whole(session, readable)


def chosen_practices(session: Session, ids: Sequence[str], *, viewer: Viewer) -> list[Practice]:
    """Those of `ids` that `viewer` may read, with all their parts, in the order of `ids`."""
    wanted = select(Practice).where(Practice.id.in_(ids), visible(sees_all(viewer)), is_readable())
    found = {practice.id: practice for practice in every_whole(session, wanted)}
    return [found[identifier] for identifier in dict.fromkeys(ids) if identifier in found]


def titles_by_id(session: Session, *, viewer: Viewer) -> list[tuple[str, str]]:
    """Id and title of every sheet that `viewer` may read, as a dictionary orders titles."""
    rows = session.execute(
        select(Practice.id, Practice.title).where(visible(sees_all(viewer)), is_readable())
    )
    return sorted(((row.id, row.title) for row in rows), key=lambda row: fold(row[1]))
