"""Threads and posts, and what goes with a post: its former texts, files, mentions, reactions."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from markupsafe import Markup
from sqlalchemy import ForeignKey, Index, UniqueConstraint, inspect
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from inters4.community.models.spaces import THREAD_KIND, Space
from inters4.core.clock import now
from inters4.core.db import Model, Moment, PrimaryKey, Versioned
from inters4.core.files import StoredFile
from inters4.core.outbox import AltersDocuments, DocumentRef, Searchable
from inters4.core.richtext import RichColumns
from inters4.core.richtext.profiles import Profile
from inters4.core.richtext.rendering import Rendered, render
from inters4.core.richtext.stored import stored

TITLE_MIN, TITLE_MAX = 5, 200
POST_MAX = 32_000
MENTIONS_MAX = 10
FILE_BYTES = 10_000_000
_INDEX_FROM = "index_from"


class ThreadKind(StrEnum):
    """What a thread is."""

    DISCUSSION = "discussion"
    QUESTION = "question"
    ANNOUNCEMENT = "announcement"
    EVENT = "event"


class PostState(StrEnum):
    """Who sees a post.

    Waiting and hidden posts are read by their author and by who moderates; a removed one leaves
    its place and a mark.
    """

    PUBLISHED = "published"
    WAITING = "waiting"
    HIDDEN = "hidden"
    REMOVED = "removed"


class Thread(Searchable, Versioned, Model):
    """A thread; its first post is number 1.

    Attributes:
        about_kind: search kind of what it is tied to (`fiche`, `resume`, `numero`...), or empty.
        about_id: permanent id of what it is tied to.
        last_number: number of its newest post; numbers are given once.
        last_seq: number of its newest published post among those of the space.
        last_post_at: when its newest published post was written.
        accepted_id: the post that answers the question.
        is_removed: whoever does not moderate gets 404.
        merged_into_id: its posts went to this thread; its address leads there.
        chased_at: when who facilitates was told that nobody answers.
    """

    __tablename__ = "threads"
    __table_args__ = (
        Index("ix_threads_space_seq", "space_id", "last_seq"),
        Index("ix_threads_space_order", "space_id", "pinned_at", "last_post_at"),
        Index("ix_threads_about", "about_kind", "about_id"),
    )
    document_kind: ClassVar[str] = THREAD_KIND

    id: Mapped[PrimaryKey]
    space_id: Mapped[int] = mapped_column(ForeignKey("spaces.id"), index=True)
    kind: Mapped[ThreadKind] = mapped_column(default=ThreadKind.DISCUSSION)
    title: Mapped[str]
    about_kind: Mapped[str] = mapped_column(default="")
    about_id: Mapped[str] = mapped_column(default="")
    author_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True)
    created_at: Mapped[Moment] = mapped_column(default=now)
    last_post_at: Mapped[Moment] = mapped_column(default=now)
    last_number: Mapped[int] = mapped_column(default=0)
    last_seq: Mapped[int] = mapped_column(default=0)
    accepted_id: Mapped[int | None]
    locked_at: Mapped[Moment | None]
    pinned_at: Mapped[Moment | None]
    is_removed: Mapped[bool] = mapped_column(default=False)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("threads.id"), index=True)
    chased_at: Mapped[Moment | None]

    space: Mapped[Space] = relationship(lazy="raise")

    @property
    def document_id(self) -> str:
        """Its number: threads alone show it in their address."""
        return str(self.id)

    @property
    def is_locked(self) -> bool:
        """True when only who moderates still writes in it."""
        return self.locked_at is not None


class ThreadSummary(RichColumns, AltersDocuments, Model):
    """What was said in a thread, written by who facilitates; found by search."""

    __tablename__ = "thread_summaries"

    thread_id: Mapped[int] = mapped_column(ForeignKey("threads.id"), primary_key=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    at: Mapped[Moment] = mapped_column(default=now, onupdate=now)

    def search_dependents(self, session: Session) -> Iterable[DocumentRef]:  # noqa: ARG002
        """The thread."""
        return (DocumentRef(THREAD_KIND, str(self.thread_id)),)


class Post(RichColumns, AltersDocuments, Versioned, Model):
    """A post; `source` is its Markdown.

    Attributes:
        number: its place in the thread, from 1; it never changes unless it is moved.
        seq: its place among the posts of the space, given when it is published.
        key: what the form was given when it was drawn: a second sending makes no second post.
        edited_at: when its text changed with a mark; None while it did not, or just after posting.
        removed_by_id: who removed it: its author, or who moderates.
        is_suspect: it may hold what identifies a patient, and was posted all the same.
    """

    __tablename__ = "posts"
    __table_args__ = (
        UniqueConstraint("thread_id", "number"),
        UniqueConstraint("author_id", "key"),
        Index("ix_posts_space_seq", "space_id", "seq"),
        Index("ix_posts_author_moment", "author_id", "created_at"),
    )

    id: Mapped[PrimaryKey]
    thread_id: Mapped[int] = mapped_column(ForeignKey("threads.id"))
    space_id: Mapped[int] = mapped_column(ForeignKey("spaces.id"))
    number: Mapped[int]
    seq: Mapped[int] = mapped_column(default=0)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    key: Mapped[str | None]
    state: Mapped[PostState] = mapped_column(default=PostState.PUBLISHED)
    created_at: Mapped[Moment] = mapped_column(default=now)
    edited_at: Mapped[Moment | None]
    removed_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    is_suspect: Mapped[bool] = mapped_column(default=False)

    thread: Mapped[Thread] = relationship(lazy="raise")

    def rendered(self) -> Rendered:
        """As people post: links are recognised."""
        return render(self.source, profile=Profile.POST)

    @property
    def markup(self) -> Markup:
        """The HTML to show."""
        return stored(self.html, renderer=self.renderer, profile=Profile.POST, again=self.rendered)

    @property
    def is_published(self) -> bool:
        """True when whoever reads the thread reads it."""
        return self.state is PostState.PUBLISHED

    def wait_for_index(self, moment: datetime) -> None:
        """Let the index learn of this new post no sooner."""
        inspect(self).info[_INDEX_FROM] = moment

    def search_from(self) -> datetime | None:
        """At once, unless its thread is long and others have just been written there."""
        found: datetime | None = inspect(self).info.get(_INDEX_FROM)
        return found

    def search_dependents(self, session: Session) -> Iterable[DocumentRef]:  # noqa: ARG002
        """The thread, whose document holds every published post; and the one that it leaves."""
        left = inspect(self).attrs.thread_id.history.deleted or ()
        numbers = {self.thread_id, *left} - {None}
        return [DocumentRef(THREAD_KIND, str(number)) for number in numbers]


class PostVersion(Model):
    """A text that a post had before; emptied by a redaction."""

    __tablename__ = "post_versions"

    id: Mapped[PrimaryKey]
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"), index=True)
    source: Mapped[str]
    replaced_at: Mapped[Moment] = mapped_column(default=now)
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    reason: Mapped[str] = mapped_column(default="")


class PostMention(Model):
    """A post names a person who may read it."""

    __tablename__ = "post_mentions"

    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True, index=True)


class PostFile(Model):
    """A file attached to a post: who reads the post reads it.

    Attributes:
        words: its text, for search.
        read_at: when its text was drawn out of it; None while it was not.
    """

    __tablename__ = "post_files"

    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"), primary_key=True)
    file_id: Mapped[int] = mapped_column(
        ForeignKey("stored_files.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    words: Mapped[str] = mapped_column(default="")
    read_at: Mapped[Moment | None] = mapped_column(index=True)

    stored: Mapped[StoredFile] = relationship(lazy="raise")


class Appreciation(StrEnum):
    """What one says of a post without a word more."""

    USEFUL = "useful"
    THANKS = "thanks"


class PostReaction(Model):
    """A person finds a post useful, or thanks its author."""

    __tablename__ = "post_reactions"

    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True, index=True)
    kind: Mapped[Appreciation] = mapped_column(primary_key=True)
    at: Mapped[Moment] = mapped_column(default=now)


class PostDraft(Model):
    """What someone is writing, kept on the server as they type.

    Attributes:
        place: `espace:12` for a new thread, `fil:34` for an answer.
    """

    __tablename__ = "post_drafts"
    __table_args__ = (UniqueConstraint("member_id", "place"),)

    id: Mapped[PrimaryKey]
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    place: Mapped[str]
    title: Mapped[str] = mapped_column(default="")
    source: Mapped[str] = mapped_column(default="")
    updated_at: Mapped[Moment] = mapped_column(default=now, onupdate=now, index=True)


class PostDraftFile(Model):
    """A file deposited with what someone is writing: theirs alone until it is posted."""

    __tablename__ = "post_draft_files"

    draft_id: Mapped[int] = mapped_column(
        ForeignKey("post_drafts.id", ondelete="CASCADE"), primary_key=True
    )
    file_id: Mapped[int] = mapped_column(
        ForeignKey("stored_files.id", ondelete="CASCADE"), primary_key=True, index=True
    )

    stored: Mapped[StoredFile] = relationship(lazy="raise")
