"""Reads of spaces: the list, one by a former address, who leads it.

Few spaces exist, and many people belong to them: the list is narrowed over plain values of all
the spaces that the viewer sees, then one page is made whole.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from indexer.analysis import fold
from inters4.community.models import (
    JoinPolicy,
    Membership,
    Space,
    SpaceFormerSlug,
    SpaceStage,
    Thread,
)
from inters4.community.queries.unread import unread_counts
from inters4.community.queries.visibility import listed_space, readable_space, readable_thread
from inters4.core.access import Viewer
from inters4.core.paging import PAGE_SIZE, Page, nearest_page, page_start
from inters4.core.slugs import SlugHistory
from inters4.core.values import dataclass
from inters4.members.models import Member

SLUGS = SlugHistory(Space, SpaceFormerSlug, "space_id")
_ORDER = {
    SpaceStage.ACTIVE: 0,
    SpaceStage.POTENTIAL: 1,
    SpaceStage.DORMANT: 2,
    SpaceStage.CLOSED: 3,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which spaces are looked for; what is empty narrows nothing.

    Attributes:
        theme: this one, and those under it.
        is_mine: only those that the viewer belongs to.
    """

    words: str = ""
    theme: str = ""
    stage: SpaceStage | None = None
    policy: JoinPolicy | None = None
    is_mine: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SpaceLine:
    """A space in the list.

    Attributes:
        people, threads: counts, None for whoever does not read what is in it.
        last_post_at: when someone last wrote there, likewise.
        unread: how many threads await the viewer, who belongs.
    """

    space: Space
    reads: bool
    belongs: bool
    people: int | None = None
    threads: int | None = None
    last_post_at: datetime | None = None
    unread: int = 0


def list_spaces(
    session: Session, wanted: Wanted, *, viewer: Viewer, page: int = 1
) -> Page[SpaceLine]:
    """One page of the spaces that `viewer` sees, theirs first: six statements at most."""
    rows = session.execute(
        select(
            Space.id,
            Space.name,
            Space.purpose,
            Space.scope,
            Space.themes,
            Space.stage,
            Space.join_policy,
        ).where(listed_space(viewer))
    ).all()
    words = fold(wanted.words).split()
    found = [
        row
        for row in rows
        if (wanted.stage is None or row.stage is wanted.stage)
        and (wanted.policy is None or row.join_policy is wanted.policy)
        and (not wanted.is_mine or row.id in viewer.spaces)
        and _is_under(wanted.theme, row.themes)
        and _says(words, f"{row.name} {row.purpose} {row.scope}")
    ]
    found.sort(key=lambda row: (row.id not in viewer.spaces, _ORDER[row.stage], fold(row.name)))
    number = nearest_page(page, len(found))
    ids = [row.id for row in found[page_start(number) :][:PAGE_SIZE]]
    return Page(_lines(session, ids, viewer=viewer), number, len(found))


def themes_offered(session: Session, *, viewer: Viewer) -> frozenset[str]:
    """The themes of the spaces that `viewer` sees."""
    found = session.scalars(select(Space.themes).where(listed_space(viewer)))
    return frozenset(theme for themes in found for theme in themes)


def find_moved(session: Session, slug: str, *, viewer: Viewer) -> str | None:
    """The present address of a space that had this one, if `viewer` may see that it exists."""
    return SLUGS.present(session, slug, listed_space(viewer))


def leaders_of(session: Session, spaces: Collection[Space]) -> Mapping[int, str]:
    """The names of who facilitates these spaces, by member id: one statement."""
    ids = {one for space in spaces for one in (space.facilitator_id, space.deputy_id) if one}
    if not ids:
        return {}
    rows = session.execute(select(Member.id, Member.name).where(Member.id.in_(ids)))
    return {row.id: row.name for row in rows}


def count_people(session: Session, space_id: int) -> int:
    """How many people belong to a space."""
    return session.scalar(select(func.count()).where(Membership.space_id == space_id)) or 0


def _lines(session: Session, ids: Sequence[int], *, viewer: Viewer) -> list[SpaceLine]:
    if not ids:
        return []
    spaces = {one.id: one for one in session.scalars(select(Space).where(Space.id.in_(ids)))}
    readable = frozenset(
        session.scalars(select(Space.id).where(Space.id.in_(ids), readable_space(viewer)))
    )
    people = {
        row.space_id: row.number
        for row in session.execute(
            select(Membership.space_id, func.count().label("number"))
            .where(Membership.space_id.in_(readable))
            .group_by(Membership.space_id)
        )
    }
    threads = {
        row.space_id: row
        for row in session.execute(
            select(
                Thread.space_id,
                func.count().label("number"),
                func.max(Thread.last_post_at).label("latest"),
            )
            .join(Thread.space)
            .where(
                Thread.space_id.in_(readable),
                Thread.merged_into_id.is_(None),
                readable_thread(viewer),
            )
            .group_by(Thread.space_id)
        )
    }
    unread = unread_counts(session, viewer)
    return [
        SpaceLine(
            space=spaces[one],
            reads=one in readable,
            belongs=one in viewer.spaces,
            people=people.get(one, 0) if one in readable else None,
            threads=threads[one].number if one in threads else (0 if one in readable else None),
            last_post_at=threads[one].latest if one in threads else None,
            unread=unread.get(one, 0),
        )
        for one in ids
        if one in spaces
    ]


def _is_under(theme: str, themes: Sequence[str]) -> bool:
    return not theme or any(one == theme or one.startswith(f"{theme}.") for one in themes)


def _says(words: Sequence[str], text: str) -> bool:
    folded = fold(text)
    return all(word in folded for word in words)
