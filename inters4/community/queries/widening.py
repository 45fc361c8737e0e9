"""What a space holds that others would read if it opened: what widening shows before it asks."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from inters4.community.models import (
    Meeting,
    MeetingMinutes,
    Membership,
    Post,
    PostFile,
    PostState,
    Space,
    Thread,
)
from inters4.core.values import dataclass

SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Appearing:
    """Counts of what becomes visible, with the titles of the latest threads and files.

    Attributes:
        authors: how many people wrote there, without knowing that others would read.
    """

    threads: int
    posts: int
    files: int
    meetings: int
    minutes: int
    people: int
    authors: int
    titles: Sequence[str]


def what_appears(session: Session, space: Space) -> Appearing:
    """What is published there now: eight small statements."""
    posts = (Post.space_id == space.id, Post.state == PostState.PUBLISHED)
    threads = (
        Thread.space_id == space.id,
        Thread.is_removed.is_(False),
        Thread.merged_into_id.is_(None),
        Thread.last_seq > 0,
    )

    def count(*conditions: object) -> int:
        return session.scalar(select(func.count()).where(*conditions)) or 0  # type: ignore[arg-type]

    files = (
        select(func.count())
        .select_from(PostFile)
        .join(Post, Post.id == PostFile.post_id)
        .where(*posts)
    )
    minutes = (
        select(func.count())
        .select_from(MeetingMinutes)
        .join(Meeting, Meeting.id == MeetingMinutes.meeting_id)
        .where(Meeting.space_id == space.id)
    )
    return Appearing(
        threads=count(*threads),
        posts=count(*posts),
        files=session.scalar(files) or 0,
        meetings=count(Meeting.space_id == space.id),
        minutes=session.scalar(minutes) or 0,
        people=count(Membership.space_id == space.id),
        authors=session.scalar(select(func.count(Post.author_id.distinct())).where(*posts)) or 0,
        titles=session.scalars(
            select(Thread.title)
            .where(*threads)
            .order_by(Thread.last_post_at.desc(), Thread.id.desc())
            .limit(SHOWN)
        ).all(),
    )
