"""What people are writing and have not posted: each reads their own, and nobody else's."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from inters4.community.models import Post, PostDraft, PostDraftFile, Space, Thread
from inters4.community.queries.visibility import readable_post, readable_space, readable_thread
from inters4.core.access import Viewer
from inters4.core.files import StoredFile
from inters4.core.values import dataclass

_SPACE, _THREAD, _POST = "espace:", "fil:", "message:"
_LARGEST = 2**31 - 1
SHOWN = 100


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is being written: a new thread of a space, an answer in a thread, a post."""

    space: Space
    thread: Thread | None = None
    post: Post | None = None

    @property
    def name(self) -> str:
        """As drafts keep it."""
        if self.post is not None:
            return place_of_post(self.post)
        return place_of_thread(self.thread) if self.thread else place_of_space(self.space)


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A draft of a list; no `place` when it leads nowhere that its author may read."""

    draft: PostDraft
    place: Place | None


def place_of_space(space: Space) -> str:
    """The place of a new thread."""
    return f"{_SPACE}{space.id}"


def place_of_thread(thread: Thread) -> str:
    """The place of an answer."""
    return f"{_THREAD}{thread.id}"


def place_of_post(post: Post) -> str:
    """The place of a change to a post."""
    return f"{_POST}{post.id}"


def find_place(session: Session, name: str, *, viewer: Viewer) -> Place | None:
    """Where a draft belongs, if `viewer` reads there."""
    if (number := _number(name, _THREAD)) is not None:
        thread = _threads(session, [number], viewer).get(number)
        return Place(thread.space, thread) if thread else None
    if (number := _number(name, _SPACE)) is not None:
        space = _spaces(session, [number], viewer).get(number)
        return Place(space) if space else None
    if (number := _number(name, _POST)) is not None:
        return _own_posts(session, [number], viewer).get(number)
    return None


def find_draft(
    session: Session, place: str, *, viewer: Viewer, for_update: bool = False
) -> PostDraft | None:
    """What `viewer` is writing there; kept from their other tabs meanwhile with `for_update`."""
    if viewer.member_id is None:
        return None
    statement = select(PostDraft).where(
        PostDraft.member_id == viewer.member_id, PostDraft.place == place
    )
    if for_update:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return session.scalars(statement).one_or_none()


def files_of_draft(session: Session, draft: PostDraft | None) -> Sequence[StoredFile]:
    """What is attached to it so far, in the order of the deposits."""
    if draft is None:
        return ()
    return session.scalars(
        select(StoredFile)
        .join(PostDraftFile, PostDraftFile.file_id == StoredFile.id)
        .where(PostDraftFile.draft_id == draft.id)
        .order_by(StoredFile.id)
    ).all()


def drafts_of(session: Session, *, viewer: Viewer) -> Sequence[DraftLine]:
    """All that `viewer` is writing, the latest first: four statements."""
    drafts = session.scalars(
        select(PostDraft)
        .where(PostDraft.member_id == viewer.member_id)
        .order_by(PostDraft.updated_at.desc(), PostDraft.id.desc())
        .limit(SHOWN)
    ).all()
    threads = _threads(session, _numbers(drafts, _THREAD), viewer)
    spaces = _spaces(session, _numbers(drafts, _SPACE), viewer)
    posts = _own_posts(session, _numbers(drafts, _POST), viewer)
    places = {
        place.name: place
        for place in (
            *(Place(thread.space, thread) for thread in threads.values()),
            *map(Place, spaces.values()),
            *posts.values(),
        )
    }
    return [DraftLine(draft, places.get(draft.place)) for draft in drafts]


def _threads(session: Session, ids: Sequence[int], viewer: Viewer) -> dict[int, Thread]:
    rows = session.scalars(
        select(Thread)
        .join(Thread.space)
        .options(contains_eager(Thread.space))
        .where(Thread.id.in_(ids), readable_thread(viewer))
    )
    return {thread.id: thread for thread in rows}


def _spaces(session: Session, ids: Sequence[int], viewer: Viewer) -> dict[int, Space]:
    rows = session.scalars(select(Space).where(Space.id.in_(ids), readable_space(viewer)))
    return {space.id: space for space in rows}


def _own_posts(session: Session, ids: Sequence[int], viewer: Viewer) -> dict[int, Place]:
    rows = session.scalars(
        select(Post)
        .join(Post.thread)
        .join(Thread.space)
        .options(contains_eager(Post.thread).contains_eager(Thread.space))
        .where(
            Post.id.in_(ids),
            Post.author_id == viewer.member_id,
            readable_thread(viewer),
            readable_post(viewer),
        )
    )
    return {post.id: Place(post.thread.space, post.thread, post) for post in rows}


def _numbers(drafts: Sequence[PostDraft], start: str) -> list[int]:
    found = (_number(draft.place, start) for draft in drafts)
    return [number for number in found if number is not None]


def _number(place: str, start: str) -> int | None:
    digits = place.removeprefix(start)
    if digits == place or not (digits.isascii() and digits.isdigit()) or len(digits) > 10:
        return None
    return number if (number := int(digits)) <= _LARGEST else None
