"""Who said what of a finding that two people sort apart, as each may know it."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from inters4.core.access import Viewer
from inters4.core.values import dataclass
from inters4.members.models import Member
from inters4.veille.models import UNSORTED, Finding, FindingVerdict, Watch


@dataclass(frozen=True, slots=True)
class Apart:
    """A sorting by two people, as one of them sees it.

    Attributes:
        mine: what the viewer said, None before.
        shown: (name, verdict) of everyone, empty until both have spoken.
        count: how many have spoken.
    """

    mine: FindingVerdict | None
    shown: Sequence[tuple[str, FindingVerdict]]
    count: int

    @property
    def is_split(self) -> bool:
        """True when the two disagree and nobody has settled it."""
        return self.count == 2 and len({one.verdict for _name, one in self.shown}) == 2


def twice_sorted(session: Session, watch_ids: Collection[int]) -> frozenset[int]:
    """Of these watches, those of which two people sort each finding."""
    return frozenset(
        session.scalars(select(Watch.id).where(Watch.id.in_(watch_ids), Watch.is_sorted_twice))
    )


def verdicts_on(session: Session, finding: Finding) -> list[FindingVerdict]:
    """Every verdict, in the order given; for services alone, nobody reads it as it is."""
    return list(
        session.scalars(
            select(FindingVerdict)
            .where(FindingVerdict.finding_id == finding.id)
            .order_by(FindingVerdict.at, FindingVerdict.member_id)
        )
    )


def sorted_apart(session: Session, finding: Finding, *, viewer: Viewer) -> Apart:
    """What `viewer` may know: their own verdict; those of others once there are two."""
    rows = session.execute(
        select(FindingVerdict, Member.name)
        .join(Member, Member.id == FindingVerdict.member_id)
        .where(FindingVerdict.finding_id == finding.id)
        .order_by(FindingVerdict.at, FindingVerdict.member_id)
    ).all()
    mine = next((row[0] for row in rows if row[0].member_id == viewer.member_id), None)
    shown = [(row[1], row[0]) for row in rows] if len(rows) > 1 else []
    return Apart(mine, shown, len(rows))


def disputed() -> ColumnElement[bool]:
    """True of the findings on which two people disagree and that nobody has settled."""
    split = (
        select(FindingVerdict.finding_id)
        .group_by(FindingVerdict.finding_id)
        .having(func.count() == 2, func.count(FindingVerdict.verdict.distinct()) == 2)
    )
    return Finding.state.in_(UNSORTED) & Finding.id.in_(split)


def said_by(viewer: Viewer) -> ColumnElement[bool]:
    """True of the findings of which `viewer` said something."""
    mine = select(FindingVerdict.finding_id).where(FindingVerdict.member_id == viewer.member_id)
    return Finding.id.in_(mine)
