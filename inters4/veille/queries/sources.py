"""Sources one by one, and how they are doing. The caller checked the viewer."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import Session, selectinload

from inters4.core.paging import Page, read_page
from inters4.core.values import dataclass
from inters4.veille.models import (
    POLLED,
    Finding,
    FindingState,
    Sighting,
    Source,
    SourceKind,
    SourceState,
    Watch,
)

_KEPT = (FindingState.KEPT, FindingState.ASSIGNED, FindingState.SUMMARISED)
_REST = timedelta(minutes=5)
_ASKED_TO_WAIT = "status 429"


@dataclass(frozen=True, slots=True)
class Yield:
    """What a source is worth: findings that it showed, and those that the team kept."""

    collected: int = 0
    kept: int = 0


@dataclass(frozen=True, slots=True)
class HealthLine:
    """A source on the page of health, with the watch that it is of."""

    source: Source
    watch: Watch
    brought: Yield


def load_source(
    session: Session, public_id: str, *, is_locked: bool = False
) -> tuple[Source, Watch] | None:
    """One source with its themes, and its watch; both locked, so that addresses stay apart."""
    statement = (
        select(Source, Watch)
        .join(Watch, Watch.id == Source.watch_id)
        .where(Source.public_id == public_id)
        .options(selectinload(Source.themes))
    )
    if is_locked:
        statement = statement.with_for_update(of=(Source, Watch))
        statement = statement.execution_options(populate_existing=True)
    row = session.execute(statement).one_or_none()
    return None if row is None else (row[0], row[1])


def address_is_taken(session: Session, key: str, *, watch_id: int, but: int | None) -> bool:
    """True when another source of the watch has the address of this key."""
    statement = select(Source.id).where(Source.watch_id == watch_id, Source.url_key == key)
    return session.scalar(statement.where(Source.id != but) if but else statement) is not None


def taken_addresses(session: Session, watch_id: int) -> set[str]:
    """The keys of the addresses of a watch."""
    return set(
        session.scalars(
            select(Source.url_key).where(Source.watch_id == watch_id, Source.url_key.isnot(None))
        )
    )


def every_feed(session: Session, watch_id: int) -> Iterable[Source]:
    """The feeds of a watch with their themes, by name: two statements."""
    return session.scalars(
        select(Source)
        .where(Source.watch_id == watch_id, Source.kind.in_(POLLED))
        .order_by(func.lower(Source.name), Source.id)
        .options(selectinload(Source.themes))
    ).all()


def filled_by_hand(session: Session, watch_id: int, kind: SourceKind) -> list[Source]:
    """The sources of a watch that people fill, of one kind, by name."""
    return list(
        session.scalars(
            select(Source)
            .where(Source.watch_id == watch_id, Source.kind == kind)
            .order_by(func.lower(Source.name), Source.id)
        )
    )


def yields_of(session: Session, ids: Collection[int]) -> Mapping[int, Yield]:
    """What sources brought, by number: one statement, none for no source."""
    if not ids:
        return {}
    rows = session.execute(
        select(
            Sighting.source_id,
            func.count(),
            func.count().filter(Finding.state.in_(_KEPT)),
        )
        .join(Finding, Finding.id == Sighting.finding_id)
        .where(Sighting.source_id.in_(sorted(ids)))
        .group_by(Sighting.source_id)
    )
    return {source_id: Yield(collected, kept) for source_id, collected, kept in rows}


def list_health(session: Session, *, watch: Watch | None = None, page: int = 1) -> Page[HealthLine]:
    """Polled sources of open watches, those that need someone first: four statements."""
    wanted: Select[Source] = (
        select(Source)
        .join(Watch, Watch.id == Source.watch_id)
        .where(Source.kind.in_(POLLED), Watch.closed_at.is_(None))
        .order_by(
            _trouble(),
            Source.failures.desc(),
            Source.failing_since,
            func.lower(Source.name),
            Source.id,
        )
    )
    if watch is not None:
        wanted = wanted.where(Source.watch_id == watch.id)
    found = read_page(session, wanted, page)
    watches = {
        one.id: one
        for one in session.scalars(
            select(Watch).where(Watch.id.in_({row.watch_id for row in found.rows}))
        )
    }
    brought = yields_of(session, [row.id for row in found.rows])
    lines = [
        HealthLine(row, watches[row.watch_id], brought.get(row.id, Yield())) for row in found.rows
    ]
    return Page(lines, found.number, found.total)


def may_be_visited(
    session: Session, *, at: datetime, watch: Watch | None = None, source: Source | None = None
) -> list[int]:
    """Active sources that were left alone for five minutes, unless their server asked for more."""
    wanted = (
        select(Source.id)
        .join(Watch, Watch.id == Source.watch_id)
        .where(
            Source.state == SourceState.ACTIVE,
            Source.kind.in_(POLLED),
            Watch.closed_at.is_(None),
            or_(Source.last_check_at.is_(None), Source.last_check_at <= at - _REST),
            or_(Source.failure != _ASKED_TO_WAIT, Source.next_check_at <= at),
            or_(Source.lease_until.is_(None), Source.lease_until <= at),
        )
    )
    if watch is not None:
        wanted = wanted.where(Source.watch_id == watch.id)
    if source is not None:
        wanted = wanted.where(Source.id == source.id)
    return list(session.scalars(wanted))


def _trouble() -> ColumnElement[int]:
    """The worst first: gone, failing, moved, told to wait, paused, well."""
    return case(
        (Source.state == SourceState.GONE, 0),
        ((Source.state == SourceState.ACTIVE) & (Source.failures > 0), 1),
        ((Source.moved_to != "") & (Source.moved_seen > 1), 2),
        ((Source.state == SourceState.ACTIVE) & (Source.failure != ""), 3),
        (Source.state == SourceState.PAUSED, 4),
        else_=5,
    )
