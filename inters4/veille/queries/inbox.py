"""The inbox of the team: boxes, filters, one page of findings, always in as many statements."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session, defer, selectinload

from indexer.analysis import fold
from inters4.core.access import Role, Viewer
from inters4.core.paging import PAGE_SIZE, Page, nearest_page, page_start
from inters4.core.values import dataclass
from inters4.members.models import Member, MemberState, RoleGrant
from inters4.veille.models import (
    Finding,
    FindingLabel,
    FindingState,
    FindingTheme,
    Sighting,
    Source,
    Watch,
)
from inters4.veille.queries.doubles import disputed, said_by

TEAM = (Role.BROKER, Role.COORDINATION)
MOST_SOURCES = 200
MINE, NOBODY = "moi", "personne"
"""Values of the filter by holder that name no one in particular."""


class Box(StrEnum):
    """Where findings wait; the values are those of the address."""

    NEW = "nouvelles"
    SPLIT = "a-trancher"
    SAID = "avis-donne"
    LATER = "plus-tard"
    KEPT = "gardees"
    ASSIGNED = "attribuees"
    SUMMARISED = "resumees"
    DISCARDED = "ecartees"


_STATES = {
    Box.NEW: FindingState.NEW,
    Box.LATER: FindingState.LATER,
    Box.KEPT: FindingState.KEPT,
    Box.ASSIGNED: FindingState.ASSIGNED,
    Box.SUMMARISED: FindingState.SUMMARISED,
    Box.DISCARDED: FindingState.DISCARDED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What the inbox is narrowed to; public and vocabulary ids, empty for everything."""

    box: Box = Box.NEW
    watch: str = ""
    source: str = ""
    theme: str = ""
    holder: str = ""
    language: str = ""
    design: str = ""
    label: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """Someone of the team."""

    id: int
    public_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Inbox:
    """One page of the inbox.

    Attributes:
        counts: how many findings wait in each box, under the same filters.
        sources: names of the sources of each finding, by its number.
        team: everyone of the team, by number.
    """

    page: Page[Finding]
    counts: Mapping[Box, int]
    sources: Mapping[int, Sequence[str]]
    team: Mapping[int, Person]


@dataclass(frozen=True, slots=True)
class Offered:
    """What the inbox can be narrowed to."""

    watches: Sequence[tuple[str, str]]
    sources: Sequence[tuple[str, str]]
    themes: frozenset[str]
    labels: Sequence[str]
    languages: frozenset[str]
    designs: frozenset[str]


def list_findings(session: Session, filters: Filters, *, viewer: Viewer, page: int = 1) -> Inbox:
    """A page of one box, the last seen first: six statements."""
    narrowed = _narrowed(filters, viewer)
    counts = _counts(session, narrowed, viewer)
    total = counts.get(filters.box, 0)
    number = nearest_page(page, total)
    rows = session.scalars(
        select(Finding)
        .where(*narrowed, _in_box(filters.box, viewer))
        .options(defer(Finding.abstract), selectinload(Finding.themes))
        .options(selectinload(Finding.labels))
        .order_by(Finding.first_seen_at.desc(), Finding.id.desc())
        .offset(page_start(number))
        .limit(PAGE_SIZE)
    ).all()
    return Inbox(
        Page(rows, number, total),
        counts,
        sources_of(session, [row.id for row in rows]),
        team_of(session),
    )


def offered_filters(session: Session, *, watch: str = "") -> Offered:
    """What leads somewhere: five statements."""
    watches = session.execute(
        select(Watch.public_id, Watch.name, Watch.languages).order_by(Watch.name)
    ).all()
    wanted = select(Source.public_id, Source.name).order_by(Source.name).limit(MOST_SOURCES)
    if watch:
        wanted = wanted.join(Watch, Watch.id == Source.watch_id).where(Watch.public_id == watch)
    return Offered(
        watches=[(row.public_id, row.name) for row in watches],
        sources=[(row.public_id, row.name) for row in session.execute(wanted)],
        themes=frozenset(session.scalars(select(FindingTheme.theme).distinct())),
        labels=session.scalars(
            select(FindingLabel.label).distinct().order_by(FindingLabel.label)
        ).all(),
        languages=frozenset({"fr", "en"}.union(*(row.languages for row in watches))),
        designs=frozenset(
            session.scalars(select(Finding.design).where(Finding.design != "").distinct())
        ),
    )


def team_of(session: Session) -> Mapping[int, Person]:
    """Everyone who may be given a finding, by number, in the order of their names."""
    holders = select(RoleGrant.member_id).where(RoleGrant.role.in_(TEAM))
    rows = session.execute(
        select(Member.id, Member.public_id, Member.name)
        .where(Member.id.in_(holders), Member.state == MemberState.ACTIVE)
        .order_by(Member.name, Member.id)
    )
    return {row.id: Person(row.id, row.public_id, row.name) for row in rows}


def sources_of(session: Session, ids: Sequence[int]) -> Mapping[int, Sequence[str]]:
    """The names of the sources that showed each finding, the first first."""
    found: dict[int, list[str]] = {}
    for finding_id, name in session.execute(
        select(Sighting.finding_id, Source.name)
        .join(Source, Source.id == Sighting.source_id)
        .where(Sighting.finding_id.in_(ids))
        .order_by(Sighting.seen_at, Sighting.id)
    ):
        found.setdefault(finding_id, []).append(name)
    return found


def _counts(
    session: Session, narrowed: Sequence[ColumnElement[bool]], viewer: Viewer
) -> Mapping[Box, int]:
    box = case(
        (disputed(), Box.SPLIT.value),
        (and_(Finding.state == FindingState.NEW, said_by(viewer)), Box.SAID.value),
        *((Finding.state == state, box.value) for box, state in _STATES.items()),
    ).label("box")
    rows = session.execute(select(box, func.count().label("many")).where(*narrowed).group_by(box))
    return {Box(row.box): row.many for row in rows}


def _in_box(box: Box, viewer: Viewer) -> ColumnElement[bool]:
    if box is Box.SPLIT:
        return disputed()
    if box is Box.SAID:
        return and_(Finding.state == FindingState.NEW, said_by(viewer), ~disputed())
    of_state = Finding.state == _STATES[box]
    if box is Box.NEW:
        return and_(of_state, ~said_by(viewer), ~disputed())
    return and_(of_state, ~disputed()) if box is Box.LATER else of_state


def _narrowed(filters: Filters, viewer: Viewer) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters.watch:
        watch = select(Watch.id).where(Watch.public_id == filters.watch).scalar_subquery()
        seen = (
            select(Sighting.finding_id)
            .join(Source, Source.id == Sighting.source_id)
            .where(Source.watch_id == watch)
        )
        found.append(or_(Finding.watch_id == watch, Finding.id.in_(seen)))
    if filters.source:
        seen = (
            select(Sighting.finding_id)
            .join(Source, Source.id == Sighting.source_id)
            .where(Source.public_id == filters.source)
        )
        found.append(Finding.id.in_(seen))
    if filters.theme:
        under = FindingTheme.theme.startswith(f"{filters.theme}.", autoescape=True)
        bearing = select(FindingTheme.finding_id).where(
            or_(FindingTheme.theme == filters.theme, under)
        )
        found.append(Finding.id.in_(bearing))
    if filters.label:
        bearing = select(FindingLabel.finding_id).where(FindingLabel.label == filters.label)
        found.append(Finding.id.in_(bearing))
    if filters.holder:
        found.append(_held_by(filters.holder, viewer))
    if filters.language:
        found.append(Finding.language == filters.language)
    if filters.design:
        found.append(Finding.design == filters.design)
    found += [
        Finding.search_text.contains(word, autoescape=True) for word in fold(filters.text).split()
    ]
    return found


def _held_by(holder: str, viewer: Viewer) -> ColumnElement[bool]:
    if holder == NOBODY:
        return Finding.owner_id.is_(None)
    if holder == MINE:
        return Finding.owner_id == viewer.member_id
    of_person = select(Member.id).where(Member.public_id == holder).scalar_subquery()
    return Finding.owner_id == of_person
