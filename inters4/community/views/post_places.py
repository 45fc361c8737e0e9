"""Where a post stands: what pages about one post say of what surrounds it."""

from flask import abort, request
from sqlalchemy.orm import Session

from inters4.community.exports.paths import post_path, thread_path
from inters4.community.models import Post, Thread
from inters4.community.queries.access import access_to
from inters4.community.queries.posts import find_post, name_of
from inters4.core.web.requests import viewer


def find(session: Session, slug: str, thread_id: int, number: int) -> tuple[Post, Thread]:
    """A post that the viewer reads, with its thread and its space; 404 when there is none."""
    return find_post(session, slug, thread_id, number, viewer=viewer()) or abort(404)


def around(session: Session, found: Post, thread: Thread) -> dict[str, object]:
    """What templates need of the space, of the thread and of the post."""
    space = thread.space
    path = post_path(space.slug, thread.id, thread.title, found.number)
    return {
        "space": space,
        "access": access_to(session, space, viewer=viewer()),
        "place": "fil",
        "thread": thread,
        "post": found,
        "author": name_of(session, found.author_id),
        "thread_url": request.script_root + thread_path(space.slug, thread.id, thread.title),
        "post_url": request.script_root + path,
    }
