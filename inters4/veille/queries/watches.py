"""Watches as the team sees them, with what their sources bring. The caller checked the viewer."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from inters4.core.paging import Page, read_page
from inters4.core.values import dataclass
from inters4.veille.models import UNSORTED, Finding, Source, SourceState, Watch


@dataclass(frozen=True, slots=True)
class WatchLine:
    """A watch in the list.

    Attributes:
        sources: how many it has; `failing` of them need someone.
        unsorted: findings that nobody decided of.
    """

    watch: Watch
    sources: int
    failing: int
    unsorted: int


def list_watches(session: Session) -> list[WatchLine]:
    """Every watch, those that are open first: three statements."""
    watches = session.scalars(
        select(Watch).order_by(Watch.closed_at.isnot(None), Watch.name, Watch.id)
    ).all()
    is_bad = (Source.failures > 0) | (Source.state == SourceState.GONE) | (Source.moved_seen > 1)
    sources = {
        watch_id: (count, failing)
        for watch_id, count, failing in session.execute(
            select(Source.watch_id, func.count(), func.count().filter(is_bad)).group_by(
                Source.watch_id
            )
        )
    }
    unsorted = dict(
        session.execute(
            select(Finding.watch_id, func.count())
            .where(Finding.state.in_(UNSORTED))
            .group_by(Finding.watch_id)
        ).all()
    )
    return [
        WatchLine(watch, *sources.get(watch.id, (0, 0)), unsorted.get(watch.id, 0))
        for watch in watches
    ]


def open_watches(session: Session) -> Sequence[Watch]:
    """The watches for which something is collected, in the order of their names."""
    return session.scalars(
        select(Watch).where(Watch.closed_at.is_(None)).order_by(Watch.name, Watch.id)
    ).all()


def load_watch(session: Session, public_id: str, *, is_locked: bool = False) -> Watch | None:
    """One watch with its themes and team."""
    statement = (
        select(Watch)
        .where(Watch.public_id == public_id)
        .options(selectinload(Watch.themes), selectinload(Watch.team))
    )
    return session.scalar(
        statement.with_for_update().execution_options(populate_existing=True)
        if is_locked
        else statement
    )


def name_is_taken(session: Session, name: str, *, but: int | None) -> bool:
    """True when another watch has this name, whatever its capitals."""
    statement = select(Watch.id).where(func.lower(Watch.name) == name.lower())
    return session.scalar(statement.where(Watch.id != but) if but else statement) is not None


def sources_of(session: Session, watch: Watch, *, page: int = 1) -> Page[Source]:
    """A page of the sources of a watch, by folder and name."""
    return read_page(
        session,
        select(Source)
        .where(Source.watch_id == watch.id)
        .order_by(func.lower(Source.name), Source.id),
        page,
    )
