"""Questions that nobody but their author has written under."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, aliased, contains_eager

from inters4.community.models import Post, PostState, Space, SpaceStage, Thread, ThreadKind


def unanswered(session: Session, *, before: datetime, most: int) -> list[Thread]:
    """Questions asked before that instant of which nobody was told yet, with their spaces.

    What is locked, or in an archived space, waits for nothing. They are kept from other workers.
    """
    return list(
        session.scalars(
            select(Thread)
            .join(Thread.space)
            .options(contains_eager(Thread.space))
            .where(
                Thread.kind == ThreadKind.QUESTION,
                Thread.chased_at.is_(None),
                Thread.created_at < before,
                Thread.last_seq > 0,
                Thread.is_removed.is_(False),
                Thread.merged_into_id.is_(None),
                Thread.locked_at.is_(None),
                Space.stage != SpaceStage.CLOSED,
                ~_is_answered(),
            )
            .order_by(Thread.id)
            .limit(most)
            .with_for_update(of=Thread, skip_locked=True)
        )
    )


def answered_among(session: Session, ids: Collection[int]) -> frozenset[int]:
    """Which of these questions have an answer now: one statement."""
    if not ids:
        return frozenset()
    return frozenset(session.scalars(select(Thread.id).where(Thread.id.in_(ids), _is_answered())))


def _is_answered() -> ColumnElement[bool]:
    answer = aliased(Post)
    written = select(answer.id).where(
        answer.thread_id == Thread.id,
        answer.state == PostState.PUBLISHED,
        answer.number > 1,
        or_(
            answer.author_id.is_(None),
            Thread.author_id.is_(None),
            answer.author_id != Thread.author_id,
        ),
    )
    return or_(Thread.accepted_id.is_not(None), written.exists())
