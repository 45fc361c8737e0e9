"""What threads propose to sheets: reads. Who may see what is part of each.

Only what every person signed in could read is proposed: an addition whose space became private,
whose post is no longer published or whose summary is gone, is found by nobody.
"""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, true
from sqlalchemy.orm import Session

from inters4.community.models import (
    PRIVATE,
    AdditionState,
    Post,
    PostState,
    SheetAddition,
    Space,
    Thread,
    ThreadSummary,
)
from inters4.community.queries.visibility import readable_post
from inters4.core.access import Viewer
from inters4.core.values import dataclass
from inters4.practices.models import Practice, PracticeAuthor
from inters4.practices.queries.sheets import sees_all

MOST_ON_BOARD = 20


@dataclass(frozen=True, slots=True)
class Proposed:
    """An addition with what it is made of, as it stands now."""

    addition: SheetAddition
    thread: Thread
    space: Space
    practice: Practice
    post: Post | None
    summary: ThreadSummary | None

    @property
    def source(self) -> str:
        """The Markdown that is proposed."""
        held = self.post or self.summary
        return held.source if held is not None else ""

    @property
    def markup(self) -> str:
        """The same, drawn."""
        held = self.post or self.summary
        return held.markup if held is not None else ""


def find_addition(
    session: Session, public_id: str, *, viewer: Viewer, for_update: bool = False
) -> Proposed | None:
    """The addition of this name, for who decides on it and who proposed it."""
    known = or_(decides(viewer), SheetAddition.by_id == viewer.member_id)
    statement = _standing().where(SheetAddition.public_id == public_id, known)
    if for_update:
        statement = statement.with_for_update(of=SheetAddition)
    row = session.execute(statement, execution_options={"populate_existing": for_update}).first()
    return Proposed(*row) if row is not None and viewer.is_signed_in else None


def find_post(session: Session, thread: Thread, number: int, *, viewer: Viewer) -> Post | None:
    """The post of this number in a thread that `viewer` reads."""
    return session.scalars(
        select(Post).where(
            Post.thread_id == thread.id, Post.number == number, readable_post(viewer)
        )
    ).first()


def awaiting_additions(session: Session, *, viewer: Viewer) -> Sequence[Proposed]:
    """Those on which `viewer` decides as one who carries the sheet; the team, for want of one."""
    if viewer.member_id is None:
        return []
    is_mine = _carries(viewer)
    is_left = and_(
        ~exists().where(PracticeAuthor.practice_id == SheetAddition.practice_id),
        decides(viewer),
    )
    rows = session.execute(
        _standing()
        .where(SheetAddition.state == AdditionState.WAITING, or_(is_mine, is_left))
        .order_by(SheetAddition.at)
        .limit(MOST_ON_BOARD)
    )
    return [Proposed(*row) for row in rows]


def additions_named(session: Session, ids: Collection[str]) -> Mapping[str, Proposed]:
    """Those that stand, whoever asks, by name: one statement."""
    if not ids:
        return {}
    rows = session.execute(_standing().where(SheetAddition.public_id.in_(ids)))
    return {row[0].public_id: Proposed(*row) for row in rows}


@dataclass(frozen=True, slots=True)
class Offered:
    """What a thread has for its sheet: a summary, an accepted answer, and which ones wait already.

    Attributes:
        answer: the number of the accepted answer; 0 without one.
    """

    has_summary: bool
    answer: int
    summary_waits: bool
    answer_waits: bool

    @property
    def is_any(self) -> bool:
        """False when there is nothing to propose."""
        return self.has_summary or bool(self.answer)


def offered_by(session: Session, thread: Thread) -> Offered:
    """Three statements at most."""
    has_summary = session.scalar(
        select(ThreadSummary.thread_id).where(ThreadSummary.thread_id == thread.id)
    )
    answer = None
    if thread.accepted_id is not None:
        answer = session.scalar(
            select(Post.number).where(
                Post.id == thread.accepted_id,
                Post.thread_id == thread.id,
                Post.state == PostState.PUBLISHED,
            )
        )
    waiting = session.scalars(
        select(SheetAddition.post_id).where(
            SheetAddition.thread_id == thread.id, SheetAddition.state == AdditionState.WAITING
        )
    ).all()
    return Offered(
        has_summary=has_summary is not None,
        answer=answer or 0,
        summary_waits=None in waiting,
        answer_waits=thread.accepted_id in waiting if answer else False,
    )


def decides(viewer: Viewer) -> ColumnElement[bool]:
    """Additions on which `viewer` decides; a condition on `SheetAddition`."""
    return true() if sees_all(viewer) else _carries(viewer)


def _carries(viewer: Viewer) -> ColumnElement[bool]:
    return exists().where(
        PracticeAuthor.practice_id == SheetAddition.practice_id,
        PracticeAuthor.member_id == viewer.member_id,
    )


def _standing() -> Select[SheetAddition, Thread, Space, Practice, Post, ThreadSummary]:
    """The post is followed wherever it was moved."""
    stands = or_(
        Post.state == PostState.PUBLISHED,
        and_(SheetAddition.post_id.is_(None), ThreadSummary.thread_id.is_not(None)),
    )
    return (
        select(SheetAddition, Thread, Space, Practice, Post, ThreadSummary)
        .outerjoin(Post, Post.id == SheetAddition.post_id)
        .join(Thread, Thread.id == func.coalesce(Post.thread_id, SheetAddition.thread_id))
        .join(Space, Space.id == Thread.space_id)
        .join(Practice, Practice.id == SheetAddition.practice_id)
        .outerjoin(
            ThreadSummary,
            and_(
                SheetAddition.post_id.is_(None),
                ThreadSummary.thread_id == SheetAddition.thread_id,
            ),
        )
        .where(
            Space.visibility.not_in(PRIVATE),
            Thread.is_removed.is_(False),
            Thread.last_seq > 0,
            stands,
        )
    )
