"""One finding, opened: all that the team needs to decide, in a fixed number of statements."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from inters4.core.access import Viewer
from inters4.core.values import dataclass
from inters4.members.models import Member
from inters4.veille.models import (
    Act,
    Finding,
    FindingAct,
    FindingRule,
    Sighting,
    Source,
    Watch,
)
from inters4.veille.queries.alike import Alike, known_already
from inters4.veille.queries.doubles import Apart, sorted_apart

_PAST = 20


@dataclass(frozen=True, slots=True)
class Seen:
    """A source that showed the finding."""

    source: str
    url: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Past:
    """Something that was done to the finding; `who` is a name, or that of a rule."""

    act: Act
    who: str
    is_rule: bool
    at: datetime
    is_undone: bool


@dataclass(frozen=True, slots=True)
class Opened:
    """A finding and what goes with it.

    Attributes:
        owner: who holds it, empty for nobody.
        like: the finding that it may duplicate.
        apart: what two people said of it; None where one sorts alone.
    """

    finding: Finding
    watch: Watch
    owner: str
    seen: Sequence[Seen]
    like: Finding | None
    apart: Apart | None
    alike: Alike
    past: Sequence[Past]


@dataclass(frozen=True, slots=True)
class LastGesture:
    """The last thing that someone did, which can be undone; `title` when it was to one finding."""

    id: str
    act: Act
    count: int
    title: str
    at: datetime


def open_finding(session: Session, public_id: str, *, viewer: Viewer) -> Opened | None:
    """The finding of this address, as `viewer` of the team may know it."""
    row = session.execute(
        select(Finding, Watch, Member.name)
        .join(Watch, Watch.id == Finding.watch_id)
        .outerjoin(Member, Member.id == Finding.owner_id)
        .where(Finding.public_id == public_id)
        .options(selectinload(Finding.themes), selectinload(Finding.labels))
    ).first()
    if row is None:
        return None
    finding, watch, owner = row
    suggested = finding.suggested_id
    return Opened(
        finding=finding,
        watch=watch,
        owner=owner or "",
        seen=_seen(session, finding),
        like=session.get(Finding, suggested) if suggested else None,
        apart=sorted_apart(session, finding, viewer=viewer) if watch.is_sorted_twice else None,
        alike=known_already(session, finding),
        past=_past(session, finding),
    )


def last_gesture(session: Session, *, viewer: Viewer) -> LastGesture | None:
    """What `viewer` did last and has not undone; a summary is abandoned on its own page."""
    last = (
        select(FindingAct.gesture)
        .where(
            FindingAct.by_id == viewer.member_id,
            FindingAct.undone_at.is_(None),
            FindingAct.act != Act.SUMMARISE,
        )
        .order_by(FindingAct.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    row = session.execute(
        select(
            FindingAct.gesture,
            func.count(FindingAct.finding_id.distinct()).label("many"),
            func.max(FindingAct.at).label("at"),
            func.max(FindingAct.id).label("last"),
        )
        .where(FindingAct.gesture == last, FindingAct.undone_at.is_(None))
        .group_by(FindingAct.gesture)
    ).first()
    if row is None:
        return None
    act, title = session.execute(
        select(FindingAct.act, Finding.title)
        .join(Finding, Finding.id == FindingAct.finding_id)
        .where(FindingAct.id == row.last)
    ).one()
    return LastGesture(row.gesture, act, row.many, title, row.at)


def _seen(session: Session, finding: Finding) -> Sequence[Seen]:
    rows = session.execute(
        select(Source.name, Sighting.url, Sighting.seen_at)
        .join(Source, Source.id == Sighting.source_id)
        .where(Sighting.finding_id == finding.id)
        .order_by(Sighting.seen_at, Sighting.id)
    )
    return [Seen(*row) for row in rows]


def _past(session: Session, finding: Finding) -> Sequence[Past]:
    """The last first; what was said apart is not told here."""
    rows = session.execute(
        select(FindingAct, Member.name, FindingRule.name)
        .outerjoin(Member, Member.id == FindingAct.by_id)
        .outerjoin(FindingRule, FindingRule.id == FindingAct.rule_id)
        .where(FindingAct.finding_id == finding.id, FindingAct.act != Act.VERDICT)
        .order_by(FindingAct.id.desc())
        .limit(_PAST)
    )
    return [
        Past(act.act, name or rule or "", name is None, act.at, act.undone_at is not None)
        for act, name, rule in rows
    ]
