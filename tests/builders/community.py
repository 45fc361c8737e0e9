"""Spaces, threads and posts for tests: rows as services leave them."""

import itertools
from typing import Any

from sqlalchemy.orm import Session

from inters4.community.models import (
    Membership,
    Post,
    PostState,
    Space,
    SpaceStage,
    Thread,
    ThreadKind,
    Visibility,
)
from inters4.core.access import Role, Viewer
from inters4.core.clock import now
from inters4.members.models import RoleGrant
from inters4.members.queries import load_viewer

_numbers = itertools.count(1)


def make_space(
    session: Session,
    *,
    facilitator: Viewer | None = None,
    deputy: Viewer | None = None,
    members: tuple[Viewer, ...] = (),
    visibility: Visibility = Visibility.MEMBERS,
    **fields: Any,
) -> Space:
    """An active space; those who facilitate belong to it and hold the role."""
    number = next(_numbers)
    space = Space(
        **{
            "slug": f"espace-{number}",
            "name": f"Espace {number}",
            "purpose": "Échanger.",
            "stage": SpaceStage.ACTIVE,
            "visibility": visibility,
            "facilitator_id": facilitator.member_id if facilitator else None,
            "deputy_id": deputy.member_id if deputy else None,
            **fields,
        }
    )
    space.write("Un espace d’essai.")
    session.add(space)
    session.flush()
    leading = [one for one in (facilitator, deputy) if one is not None]
    for one in leading:
        session.add(RoleGrant(member_id=one.member_id, role=Role.FACILITATOR, space_id=space.id))
    for one in (*leading, *members):
        session.add(Membership(space_id=space.id, member_id=one.member_id))
    session.flush()
    return space


def again(session: Session, viewer: Viewer) -> Viewer:
    """The same person, with the rights that the rows give them now."""
    assert viewer.member_id is not None
    session.flush()
    return load_viewer(session, viewer.member_id)


def make_thread(
    session: Session,
    space: Space,
    *,
    author: Viewer | None = None,
    title: str = "Qui a essayé la visite du mardi?",
    text: str = "Nous commençons en janvier.",
    **fields: Any,
) -> Thread:
    """A thread and its first post."""
    thread = Thread(
        **{
            "space_id": space.id,
            "kind": ThreadKind.DISCUSSION,
            "title": title,
            "author_id": author.member_id if author else None,
            **fields,
        }
    )
    session.add(thread)
    session.flush()
    make_post(session, thread, author=author, text=text)
    return thread


def make_post(
    session: Session,
    thread: Thread,
    *,
    author: Viewer | None = None,
    text: str = "Nous aussi.",
    state: PostState = PostState.PUBLISHED,
    **fields: Any,
) -> Post:
    """The next post of the thread."""
    space = session.get_one(Space, thread.space_id)
    thread.last_number += 1
    post = Post(
        **{
            "thread_id": thread.id,
            "space_id": space.id,
            "number": thread.last_number,
            "author_id": author.member_id if author else None,
            "key": None,
            "state": state,
            **fields,
        }
    )
    if state is PostState.PUBLISHED:
        space.last_seq += 1
        post.seq = thread.last_seq = space.last_seq
        thread.last_post_at = fields.get("created_at", now())
    post.write(text)
    session.add(post)
    session.flush()
    return post
