"""Who reads a file: whoever reads the post that it is attached to, or writes the draft."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.community.models import Post, PostDraft, PostDraftFile, PostFile, PostState, Thread
from inters4.community.queries.visibility import readable_post, readable_thread
from inters4.core.access import Viewer
from inters4.core.files import Opening, StoredFile


def opening_of(session: Session, stored: StoredFile, viewer: Viewer) -> Opening | None:
    """How `stored` opens for `viewer`.

    Never for everyone, even in a public space: no cache keeps what a space shows today.
    """
    if stored.is_emptied:
        return None
    read = (
        select(PostFile.post_id)
        .join(Post, Post.id == PostFile.post_id)
        .join(Post.thread)
        .join(Thread.space)
        .where(
            PostFile.file_id == stored.id,
            Post.state != PostState.REMOVED,
            readable_thread(viewer),
            readable_post(viewer),
        )
    )
    if session.scalars(read.limit(1)).first() is not None:
        return Opening.PRIVATE
    if viewer.member_id is None:
        return None
    own = (
        select(PostDraftFile.draft_id)
        .join(PostDraft, PostDraft.id == PostDraftFile.draft_id)
        .where(PostDraftFile.file_id == stored.id, PostDraft.member_id == viewer.member_id)
    )
    return Opening.PRIVATE if session.scalars(own.limit(1)).first() is not None else None
