"""Finds words wherever a space keeps what people typed, and puts a mark in their place.

Every place is named here; a test fails on a column of communities that is neither here nor known
to hold nobody's words. Rows that search knows are changed one by one, so that the index forgets.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, String, cast, inspect, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from inters4.community.models import (
    THREAD_KIND,
    Flag,
    JoinRequest,
    Meeting,
    MeetingMinutes,
    ModerationAct,
    Post,
    PostDraft,
    PostDraftFile,
    PostFile,
    PostVersion,
    Sanction,
    SheetAddition,
    Space,
    SpaceInvitation,
    Thread,
    ThreadSummary,
)
from inters4.community.models.threads import TITLE_MAX
from inters4.community.services.matching import Words
from inters4.core.clock import now
from inters4.core.files import FileStore, StoredFile
from inters4.core.mail import QueuedMail
from inters4.core.outbox import DocumentRef, queue
from inters4.core.richtext import RichColumns
from inters4.core.values import dataclass
from inters4.notices.models import Notice

_OURS = "community."
_NOTICE_MAILS = "notice"


def sweep(
    session: Session, space: Space, words: Words, *, store: FileStore, read: Mapping[int, str]
) -> int:
    """Clear every place of `space`; say how many rows held something.

    `read` is the text of files that nobody had read yet, by number.
    """
    swept = [one for place in _PLACES for one in _swept(session, place, space.id, words)]
    swept += _swept_files(session, space.id, words, store, read)
    swept += _swept_draft_files(session, space.id, words, store, read)
    swept += _swept_json(session, words)
    session.flush()
    return len(swept)


@dataclass(frozen=True, slots=True)
class Place:
    """A table, which of its rows are of a space, and its columns that people typed."""

    model: Any
    columns: tuple[InstrumentedAttribute[Any], ...]
    of_space: Callable[[int], ColumnElement[bool]]


def _posts_of(space_id: int) -> Any:
    return select(Post.id).where(Post.space_id == space_id)


def _threads_of(space_id: int) -> Any:
    return select(Thread.id).where(Thread.space_id == space_id)


def _acts_of(space_id: int) -> ColumnElement[bool]:
    """Lines of its journal, and those that its threads left in the journals they came from."""
    return or_(
        ModerationAct.space_id == space_id,
        ModerationAct.post_id.in_(_posts_of(space_id)),
        ModerationAct.thread_id.in_(_threads_of(space_id)),
    )


def drafts_of_space(space_id: int) -> ColumnElement[bool]:
    """Drafts of its threads to come, of its threads, and of changes to its posts."""
    threads = select("fil:" + cast(Thread.id, String)).where(Thread.space_id == space_id)
    posts = select("message:" + cast(Post.id, String)).where(Post.space_id == space_id)
    return or_(
        PostDraft.place == f"espace:{space_id}",
        PostDraft.place.in_(threads),
        PostDraft.place.in_(posts),
    )


_PLACES = (
    Place(Post, (Post.source,), lambda one: Post.space_id == one),
    Place(
        PostVersion,
        (PostVersion.source, PostVersion.reason),
        lambda one: PostVersion.post_id.in_(_posts_of(one)),
    ),
    Place(Thread, (Thread.title,), lambda one: Thread.space_id == one),
    Place(
        ThreadSummary,
        (ThreadSummary.source,),
        lambda one: ThreadSummary.thread_id.in_(_threads_of(one)),
    ),
    Place(PostDraft, (PostDraft.title, PostDraft.source), drafts_of_space),
    Place(Flag, (Flag.note, Flag.answer), lambda one: Flag.post_id.in_(_posts_of(one))),
    Place(ModerationAct, (ModerationAct.reason,), _acts_of),
    Place(Sanction, (Sanction.reason,), lambda one: Sanction.space_id == one),
    Place(
        SheetAddition,
        (SheetAddition.reason,),
        lambda one: SheetAddition.thread_id.in_(_threads_of(one)),
    ),
    Place(
        JoinRequest,
        (JoinRequest.message, JoinRequest.reason),
        lambda one: JoinRequest.space_id == one,
    ),
    Place(SpaceInvitation, (SpaceInvitation.message,), lambda one: SpaceInvitation.space_id == one),
    Place(
        Meeting,
        (Meeting.title, Meeting.place, Meeting.link, Meeting.cancelled_for, Meeting.source),
        lambda one: Meeting.space_id == one,
    ),
    Place(
        MeetingMinutes,
        (MeetingMinutes.source,),
        lambda one: MeetingMinutes.meeting_id.in_(
            select(Meeting.id).where(Meeting.space_id == one)
        ),
    ),
)
SWEPT = frozenset(column for place in _PLACES for column in place.columns) | {PostFile.words}
"""The columns that a redaction reaches; `html` follows `source`."""


def _swept(session: Session, place: Place, space_id: int, words: Words) -> Iterator[object]:
    key = inspect(place.model).primary_key
    rows = session.execute(
        select(*key, *place.columns).where(place.of_space(space_id), words.maybe(*place.columns))
    ).all()
    for found in rows:
        if not any(words.are_in(text or "") for text in found[len(key) :]):
            continue
        row = session.get_one(place.model, tuple(found[: len(key)]))
        held = {column.key: getattr(row, column.key) or "" for column in place.columns}
        cleared = {name: words.clear(text) for name, text in held.items()}
        changed = {name: text for name, text in cleared.items() if text is not held[name]}
        for name, text in changed.items():
            if name == "source" and isinstance(row, RichColumns):
                row.write(text)
            else:
                setattr(row, name, text[:TITLE_MAX] if name == "title" else text)
        if changed:
            yield row


def _swept_files(
    session: Session, space_id: int, words: Words, store: FileStore, read: Mapping[int, str]
) -> Iterator[object]:
    """A file whose text or name holds them is emptied: its words are in it."""
    rows = session.execute(
        select(PostFile, StoredFile)
        .join(StoredFile, StoredFile.id == PostFile.file_id)
        .where(
            PostFile.post_id.in_(_posts_of(space_id)),
            or_(words.maybe(PostFile.words, StoredFile.name), StoredFile.id.in_(read)),
        )
    ).all()
    for link, stored in rows:
        if any(map(words.are_in, (link.words, stored.name, read.get(stored.id, "")))):
            empty_file(session, link, stored, store=store)
            yield link


def _swept_draft_files(
    session: Session, space_id: int, words: Words, store: FileStore, read: Mapping[int, str]
) -> Iterator[object]:
    """The same of what was deposited and is not posted."""
    for stored in session.scalars(
        select(StoredFile)
        .join(PostDraftFile, PostDraftFile.file_id == StoredFile.id)
        .join(PostDraft, PostDraft.id == PostDraftFile.draft_id)
        .where(drafts_of_space(space_id))
    ).all():
        if any(map(words.are_in, (stored.name, read.get(stored.id, "")))):
            store.empty(session, stored)
            yield stored


def empty_file(session: Session, link: PostFile, stored: StoredFile, *, store: FileStore) -> None:
    """Erase an attached file, its name and its words; the index of its thread follows."""
    link.words, link.read_at = "", now()
    store.empty(session, stored)
    touch(session, [link.post_id])


def touch(session: Session, post_ids: Iterable[int]) -> None:
    """Let the index look again at the threads of these posts."""
    threads = session.scalars(select(Post.thread_id).where(Post.id.in_(list(post_ids))))
    queue(session, {DocumentRef(THREAD_KIND, str(number)) for number in threads})


def _swept_json(session: Session, words: Words) -> Iterator[object]:
    """Facts of notices and parameters of mails of communities: numbers, unless someone erred."""
    mails = or_(QueuedMail.kind.startswith(_OURS), QueuedMail.kind.startswith(_NOTICE_MAILS))
    for column, ours in (
        (Notice.facts, Notice.kind.startswith(_OURS)),
        (QueuedMail.parameters, mails),
    ):
        laid = cast(column, String)
        says_words = or_(*(laid.like(f'%{before} "%') for before in ":,"), laid.like('%["%'))
        model: Any = column.class_
        rows = session.execute(
            select(model.id, column).where(ours, says_words, words.maybe(column))
        ).all()
        for number, held in rows:
            cleared = _cleared(held, words)
            if cleared != held:
                row = session.get_one(model, number)
                setattr(row, column.key, cleared)
                yield row


def _cleared(value: Any, words: Words) -> Any:
    if isinstance(value, str):
        return words.clear(value)
    if isinstance(value, Mapping):
        return {words.clear(str(name)): _cleared(one, words) for name, one in value.items()}
    if isinstance(value, Sequence):
        return [_cleared(one, words) for one in value]
    return value
