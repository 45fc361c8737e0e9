"""The text of what is attached to posts, drawn out once so that search finds it."""

from contextlib import suppress

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, contains_eager

from inters4.community.models import THREAD_KIND, Post, PostDraft, PostDraftFile, PostFile
from inters4.community.services.sweeping import drafts_of_space
from inters4.core.clock import now
from inters4.core.errors import DomainError
from inters4.core.files import FileStore, StoredFile
from inters4.core.files.pdf import read_pdf
from inters4.core.files.word import read_word
from inters4.core.frontmatter import storable
from inters4.core.outbox import DocumentRef, queue

MOST_WORDS = 200_000
"""Characters of one file that search looks into."""
_AT_ONCE = 20
_PLAIN = ("text/plain", "text/csv")
_PDF = "application/pdf"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def unread_files(session: Session, *, most: int = _AT_ONCE) -> list[StoredFile]:
    """The files whose text nobody drew out yet, the oldest first."""
    links = session.scalars(
        select(PostFile)
        .join(PostFile.stored)
        .options(contains_eager(PostFile.stored))
        .where(PostFile.read_at.is_(None))
        .order_by(PostFile.file_id)
        .limit(most)
    )
    return [link.stored for link in links]


def unread_in_space(session: Session, space_id: int) -> list[StoredFile]:
    """The files of a space whose text is nowhere: those not read yet, and those of drafts."""
    posted = (
        select(PostFile.file_id)
        .join(Post, Post.id == PostFile.post_id)
        .where(Post.space_id == space_id, PostFile.read_at.is_(None))
    )
    drafted = (
        select(PostDraftFile.file_id)
        .join(PostDraft, PostDraft.id == PostDraftFile.draft_id)
        .where(drafts_of_space(space_id))
    )
    return [
        *session.scalars(
            select(StoredFile)
            .where(or_(StoredFile.id.in_(posted), StoredFile.id.in_(drafted)))
            .order_by(StoredFile.id)
        )
    ]


def words_of(store: FileStore, stored: StoredFile) -> str:
    """The text of a file; empty for an image, and for what cannot be read.

    Takes seconds at worst, in a child process: called outside any transaction.
    """
    if stored.is_emptied:
        return ""
    with suppress(DomainError, OSError), store.open_file(stored) as file:
        return storable(_drawn(file.read(), stored))[:MOST_WORDS]
    return ""


def keep_words(session: Session, file_id: int, words: str) -> None:
    """Keep the text of a file, and let the index look at its thread again."""
    rows = session.execute(
        select(PostFile, Post.thread_id)
        .join(Post, Post.id == PostFile.post_id)
        .where(PostFile.file_id == file_id)
        .with_for_update(of=PostFile)
    ).all()
    stored = session.get(StoredFile, file_id, populate_existing=True)
    if stored is None or stored.is_emptied:
        words = ""  # an erased file keeps none, whatever was read of it meanwhile
    for link, thread_id in rows:
        link.read_at = now()
        if link.words != words:
            link.words = words
            queue(session, [DocumentRef(THREAD_KIND, str(thread_id))])
    session.flush()


def _drawn(data: bytes, stored: StoredFile) -> str:
    if stored.media_type.startswith(_PLAIN):
        return data.decode("utf-8", "replace")
    if stored.media_type == _WORD:
        return "\n".join(f"{one.heading}\n{one.text}" for one in read_word(data, stored.name))
    if stored.media_type == _PDF:
        return read_pdf(data)
    return ""
