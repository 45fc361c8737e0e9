"""Who carries which sheet: the people of a dossier, and the dossiers of a person."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from indexer.analysis import fold
from inters4.core.access import Viewer
from inters4.core.values import dataclass
from inters4.members.models import Member, MemberState
from inters4.members.queries.people import find_member_by_email
from inters4.practices.models import (
    READABLE,
    TOMBSTONES,
    Practice,
    PracticeAuthor,
    PracticeRevision,
    PracticeState,
)
from inters4.practices.queries.queue import HANDS, Hand, Wait, waiting_for

_MOST = 50


@dataclass(frozen=True, slots=True)
class Carrier:
    """Somebody who carries a sheet; `public_id` names them in forms."""

    member_id: int
    public_id: str
    name: str
    is_owner: bool


@dataclass(frozen=True, slots=True)
class OwnSheet:
    """A sheet that a person carries, where it stands, since when, and who holds it.

    Attributes:
        hand: who is waited for; None when nothing is being written.
    """

    practice_id: str
    slug: str
    title: str
    state: PracticeState
    since: datetime | None
    hand: Hand | None

    @property
    def is_open(self) -> bool:
        """True while something of it is being written or judged."""
        return self.hand is not None


def carriers_of(session: Session, practice_id: str) -> Sequence[Carrier]:
    """Those who carry a sheet, its owner first."""
    found = session.execute(
        select(Member.id, Member.public_id, Member.name, PracticeAuthor.is_owner)
        .join(PracticeAuthor, PracticeAuthor.member_id == Member.id)
        .where(PracticeAuthor.practice_id == practice_id)
        .order_by(PracticeAuthor.is_owner.desc(), PracticeAuthor.added_at, Member.id)
    )
    return [Carrier(row.id, row.public_id, row.name, row.is_owner) for row in found]


def own_sheets(session: Session, *, viewer: Viewer) -> Sequence[OwnSheet]:
    """The sheets that `viewer` carries: those being written first, then those that readers see.

    One that was withdrawn stays: its address says why.
    """
    if viewer.member_id is None:
        return []
    revision = PracticeRevision
    found = session.execute(
        select(Practice.id, Practice.slug, Practice.title, Practice.state, Practice.published_at)
        .add_columns(revision.id.label("open"), revision.state, revision.state_since)
        .add_columns(revision.values["title"].as_string().label("written"))
        .add_columns(waiting_for().label("wait"))
        .join(PracticeAuthor, PracticeAuthor.practice_id == Practice.id)
        .outerjoin(revision, (revision.practice_id == Practice.id) & revision.closed_at.is_(None))
        .where(
            PracticeAuthor.member_id == viewer.member_id,
            revision.id.is_not(None) | Practice.state.in_(READABLE | TOMBSTONES),
        )
        .order_by(revision.id.is_(None), revision.state_since.desc(), Practice.id)
        .limit(_MOST)
    ).all()
    return [
        OwnSheet(
            practice_id=row[0],
            slug=row[1],
            title=(row.written or row[2]) if row.open else row[2],
            state=row[6] if row.open else row[3],
            since=_since(row),
            hand=HANDS[Wait(row.wait)] if row.open else None,
        )
        for row in found
    ]


def _since(row: Any) -> datetime | None:
    """Since when it stands there; nothing keeps the day of a withdrawal but its steps."""
    published: datetime | None = None if row[3] in TOMBSTONES else row[4]
    return row[7] if row.open else published


def find_active_person(session: Session, told: str) -> Member | None:
    """The one active person whose address, or whole name, is this; None when several have it.

    Nothing less than the whole finds anyone: it lists nobody.
    """
    text = " ".join(told.split())
    if "@" in text:
        member = find_member_by_email(session, text)
        return member if member and member.is_active else None
    if not text:
        return None
    wanted = fold(text)
    named = session.execute(
        select(Member.id, Member.name).where(Member.state == MemberState.ACTIVE)
    )
    same = [row.id for row in named if fold(row.name) == wanted]
    return session.get(Member, same[0]) if len(same) == 1 else None
