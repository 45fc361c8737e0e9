"""Erasing for good what may make a person known: the text, its history, quotations, files, index.

Who moderates names the passages, or gives up the whole post. What is erased is nowhere any more:
not in the journals either, whose reasons are swept like the rest.
"""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from inters4.community.models import (
    Act,
    AdditionState,
    Post,
    PostDraft,
    PostFile,
    PostMention,
    PostState,
    PostVersion,
    SheetAddition,
    Space,
    Thread,
)
from inters4.community.queries.drafts import files_of_draft, place_of_post
from inters4.community.services.detecting import seen_in
from inters4.community.services.forgetting import forget_drafts
from inters4.community.services.holding import hold_post
from inters4.community.services.journaling import must_moderate, note, read_reason
from inters4.community.services.matching import Words, weight
from inters4.community.services.removing import REMOVED
from inters4.community.services.standing import stand_again
from inters4.community.services.sweeping import empty_file, sweep
from inters4.community.services.telling_moderated import tell_author, tell_waiting_settled
from inters4.core.access import Viewer
from inters4.core.clock import now
from inters4.core.errors import DomainError
from inters4.core.files import FileStore, StoredFile
from inters4.core.hooks import hooks
from inters4.core.i18n import _
from inters4.core.values import dataclass

SHORTEST, LONGEST, MOST = 3, 500, 20
_WHAT = "passages"
_LINE = 12
"""A line shorter than this is in many texts: it is not taken for a quotation."""


@dataclass(frozen=True, slots=True)
class Redacted:
    """What was erased.

    Attributes:
        places: rows that held it, other than the post.
        files: files emptied.
        sheets: ids of sheets that took a copy of the post: those who carry them must look.
    """

    places: int
    files: int
    sheets: tuple[str, ...]


def read_passages(typed: str) -> tuple[str, ...]:
    """One passage a line, as typed.

    Raises:
        DomainError: one is too short or too long, or there are too many.
    """
    found = tuple(dict.fromkeys(" ".join(line.split()) for line in typed.splitlines()))
    kept = tuple(one for one in found if one)
    if len(kept) > MOST:
        raise DomainError(_("Donnez au plus %(most)s passages à la fois.", most=MOST), about=_WHAT)
    if any(weight(one) < SHORTEST or len(one) > LONGEST for one in kept):
        raise DomainError(
            _(
                "Un passage compte de %(least)s à %(most)s signes.",
                least=SHORTEST,
                most=LONGEST,
            ),
            about=_WHAT,
        )
    return kept


def redact(
    session: Session,
    post: Post,
    *,
    passages: Sequence[str] = (),
    is_whole: bool = False,
    files: Collection[str] = (),
    reason: str,
    by: Viewer,
    store: FileStore,
    read: Mapping[int, str] | None = None,
    request_id: str = "",
) -> Redacted:
    """Erase these passages wherever the space keeps them, or the whole post; and files of it.

    A whole post loses its text, its former texts and its files, and stays as removed; lines of it
    that others quote go too. It may be done in a closed space. `read` is the text of files of the
    space that nobody had read yet (`file_words.unread_in_space`).

    Raises:
        NotAllowed: `by` does not moderate the space.
        DomainError: nothing is named, a passage is not in the post, or the reason repeats one.
    """
    must_moderate(post.space_id, by=by)
    why = read_reason(reason)
    space = hold_post(session, post)
    words = Words(tuple(passages), _lines_of(session, post) if is_whole else frozenset())
    texts = _texts_of(session, post, read or {})
    _check(texts, words, is_whole=is_whole, has_files=bool(files), reason=why)
    thread = session.get_one(Thread, post.thread_id)
    before = post.source
    emptied = _empty_files(session, post, files, is_whole=is_whole, store=store)
    if is_whole:
        _erase_whole(session, post, by=by, store=store)
    places = sweep(session, space, words, store=store, read=read or {})
    post.is_suspect = post.is_suspect and bool(seen_in(post.source))
    if post.source != before:
        post.edited_at = now()
        places -= 0 if is_whole else 1
    stand_again(session, thread)
    if is_whole:
        _settle(session, post, thread, space)
    line = note(
        session, Act.REDACT, by=by, space_id=space.id, post=post, reason=why, request_id=request_id
    )
    tell_author(session, post, line, by=by)
    return Redacted(max(places, 0), emptied, _copies(session, post))


def _check(
    texts: Sequence[str], words: Words, *, is_whole: bool, has_files: bool, reason: str
) -> None:
    if not words.passages and not is_whole and not has_files:
        raise DomainError(
            _("Dites quoi effacer : un passage, le message ou un fichier."), about=_WHAT
        )
    if Words(words.passages).are_in(reason):
        raise DomainError(
            _("Votre raison répète ce que vous effacez : dites-le autrement."), about="raison"
        )
    if is_whole:
        return
    for one in words.passages:
        if not any(Words((one,)).are_in(text) for text in texts):
            raise DomainError(
                _("« %(passage)s » n’est pas dans ce message : recopiez-le tel quel.", passage=one),
                about=_WHAT,
            )


def _texts_of(session: Session, post: Post, read: Mapping[int, str]) -> list[str]:
    """The title, what the post says and said before, its files and their names."""
    title = session.get_one(Thread, post.thread_id).title
    former = select(PostVersion.source).where(PostVersion.post_id == post.id)
    files = session.execute(
        select(PostFile.file_id, PostFile.words, StoredFile.name)
        .join(StoredFile, StoredFile.id == PostFile.file_id)
        .where(PostFile.post_id == post.id)
    )
    texts = [text for number, *held in files for text in (*held, read.get(number, ""))]
    return [title, post.source, *session.scalars(former), *texts]


def _lines_of(session: Session, post: Post) -> frozenset[str]:
    """The lines of the post that another may quote."""
    former = session.scalars(select(PostVersion.source).where(PostVersion.post_id == post.id))
    texts = [post.source, *former]
    lines = {line.lstrip("> ").strip() for text in texts for line in text.split("\n")}
    return frozenset(line for line in lines if len(line) >= _LINE)


def _empty_files(
    session: Session, post: Post, tokens: Collection[str], *, is_whole: bool, store: FileStore
) -> int:
    rows = session.execute(
        select(PostFile, StoredFile)
        .join(StoredFile, StoredFile.id == PostFile.file_id)
        .where(PostFile.post_id == post.id)
    ).all()
    count = 0
    for link, stored in rows:
        if (is_whole or stored.token in tokens) and not stored.is_emptied:
            empty_file(session, link, stored, store=store)
            count += 1
    return count


def _erase_whole(session: Session, post: Post, *, by: Viewer, store: FileStore) -> None:
    for version in session.scalars(select(PostVersion).where(PostVersion.post_id == post.id)):
        version.source = version.reason = ""
    session.execute(delete(PostMention).where(PostMention.post_id == post.id))
    changes = PostDraft.place == place_of_post(post)
    for draft in session.scalars(select(PostDraft).where(changes)):
        for stored in files_of_draft(session, draft):
            store.empty(session, stored)
    forget_drafts(session, changes)
    post.write("")
    if post.state is not PostState.REMOVED:
        post.state, post.removed_by_id = PostState.REMOVED, by.member_id
    session.flush()


def _settle(session: Session, post: Post, thread: Thread, space: Space) -> None:
    """What awaited someone about the post is over; a thread that is empty goes with it."""
    if thread.accepted_id == post.id:
        thread.accepted_id = None
    if not thread.last_seq:
        thread.is_removed = True
    tell_waiting_settled(session, post)
    session.flush()
    hooks.emit(REMOVED, session, post=post, thread=thread, space=space)


def _copies(session: Session, post: Post) -> tuple[str, ...]:
    return tuple(
        session.scalars(
            select(SheetAddition.practice_id)
            .where(SheetAddition.post_id == post.id, SheetAddition.state == AdditionState.TAKEN)
            .distinct()
            .order_by(SheetAddition.practice_id)
        )
    )
