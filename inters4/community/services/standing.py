"""What a thread says of its posts follows from those that people read."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from inters4.community.models import Post, PostState, Thread


def stand_again(session: Session, thread: Thread) -> None:
    """Let a thread say which of its published posts is the newest."""
    session.flush()
    newest = session.execute(
        select(func.max(Post.seq), func.max(Post.created_at)).where(
            Post.thread_id == thread.id, Post.state == PostState.PUBLISHED
        )
    ).one()
    seq: int | None = newest[0]
    at: datetime | None = newest[1]
    thread.last_seq = seq or 0
    thread.last_post_at = thread.created_at if at is None else at
    session.flush()
