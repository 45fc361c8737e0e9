"""A post takes its place: a number in its thread, then one among the posts of its space.

Both counters are raised by the database itself, space first, so that two people who post at once
never share a number, whatever each has read. The rows are not edited by anyone: their versions,
which forms of moderators carry, stay as they are.
"""

from datetime import timedelta
from functools import cache
from typing import Any

from sqlalchemy import Integer, Select, Table, bindparam, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from inters4.community.models import Post, PostState, Space, Thread
from inters4.core.clock import now
from inters4.core.hooks import hooks

LONG = 100
INDEXED_EVERY = timedelta(minutes=1)
"""How often, at most, the index learns of new posts of a thread of more than `LONG`: the whole
thread is written again each time. What is changed, hidden or removed never waits."""
POSTED = "community.posted"
"""A post is published, now or once it was approved:
`handler(session, post=, thread=, space=)`."""
AWAITED = "community.awaited"
"""A first post waits for approval: `handler(session, post=, thread=, space=)`."""
SUSPECTED = "community.suspected"
"""A post that may name a patient was posted all the same:
`handler(session, post=, thread=, space=, flag=)`."""


def lock_space(session: Session, space_id: int) -> Space:
    """The space as it is now; others who post in it wait until the transaction ends.

    Who only names it, to note what they read for instance, does not wait.
    """
    session.flush()
    return session.scalars(_locked_space(), {"space": space_id}).one()


@cache
def _locked_space() -> Select[Space]:
    return (
        select(Space)
        .where(Space.id == bindparam("space", type_=Integer()))
        .with_for_update(of=Space, key_share=True)
        .execution_options(populate_existing=True)
    )


def next_number(session: Session, thread: Thread) -> int:
    """A number that no post of the thread has, nor ever had."""
    number: int = _raise(session, thread, "last_number")["last_number"]
    return number


def take_place(session: Session, post: Post, *, thread: Thread, space: Space) -> None:
    """The number and the place of a new post, so that it is written once, published already."""
    former = thread.last_post_at
    post.seq = _raise(session, space, "last_seq")["last_seq"]
    told = _raise(session, thread, "last_number", last_seq=post.seq, last_post_at=now())
    post.number = told["last_number"]
    if post.number > LONG and now() - former < INDEXED_EVERY:
        post.wait_for_index(now() + INDEXED_EVERY)


def publish(session: Session, post: Post, *, thread: Thread, space: Space) -> None:
    """Let whoever reads the thread read `post`, which waited, and say so to those who tell people.

    A post that stood already keeps its place, and nobody is told again.
    """
    post.state = PostState.PUBLISHED
    is_first_time = not post.seq
    if is_first_time:
        place = _raise(session, space, "last_seq")["last_seq"]
        post.seq = place
        _raise(session, thread, last_seq=place, last_post_at=now())
    session.flush()
    if is_first_time:
        announce(session, post, thread=thread, space=space)


def announce(session: Session, post: Post, *, thread: Thread, space: Space) -> None:
    """Say to those who tell people that `post` is published."""
    hooks.emit(POSTED, session, post=post, thread=thread, space=space)


def _raise(session: Session, row: Space | Thread, *counters: str, **given: Any) -> dict[str, Any]:
    """Raise counters of a row by one, set the rest, and let the row in hand know."""
    session.flush()
    table: Table = type(row).__table__  # type: ignore[assignment]
    values = {**{name: table.c[name] + 1 for name in counters}, **given}
    if "updated_at" in table.c:
        values["updated_at"] = table.c.updated_at
    found = session.connection().execute(
        update(table)
        .where(table.c.id == row.id)
        .values(values)
        .returning(*(table.c[name] for name in (*counters, *given)))
    )
    told = dict(found.mappings().one())
    for name, value in told.items():
        set_committed_value(row, name, value)
    return told
