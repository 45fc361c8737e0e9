"""A thread as search knows it: every published post of it, under the name of its space.

The audience is the space, whatever its visibility: who reads the space is asked of the database at
each search. The accepted answer and the summary are the abstract of the document, so that their
words weigh more than those of the discussion that led there.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from indexer import Attachment, Document
from inters4.community.models import THREAD_KIND, Post, Space, Thread, ThreadSummary
from inters4.community.queries.found import (
    ThreadFile,
    files_of,
    find_standing,
    newest_posts,
    standing,
    standing_threads,
)
from inters4.community.queries.visibility import readable_thread
from inters4.core.access import ANONYMOUS, Viewer
from inters4.core.clock import day_of
from inters4.core.hooks import Present
from inters4.core.richtext import excerpt, plain_text
from inters4.core.slugs import identifier_from
from inters4.vocabulary.queries import Vocabulary, vocabulary

BODY_MAX = 1_000_000
"""Characters of posts that are indexed: the first post, then the newest ones."""
FILE_MAX, FILES_MAX = 50_000, 200_000
_BEGINNING = 300
_DIGITS = 18


def load_document(session: Session, identifier: str) -> Document | None:
    """The document of a thread, None while nothing of it is published."""
    numbers = _numbers([identifier])
    thread = find_standing(session, numbers[0]) if numbers else None
    if thread is None:
        return None
    posts = newest_posts(session, thread.id)
    return document_of(
        thread,
        posts,
        files=files_of(session, thread.id),
        summary=session.get(ThreadSummary, thread.id),
        words=vocabulary(session),
    )


def every_id(session: Session) -> Iterator[str]:
    """The threads that must be in the index."""
    for number in session.scalars(select(Thread.id).where(standing()).order_by(Thread.id)):
        yield str(number)


def public_ids(session: Session) -> Iterator[str]:
    """The threads that any visitor reads."""
    found = (
        select(Thread.id)
        .join(Thread.space)
        .where(standing(), readable_thread(ANONYMOUS))
        .order_by(Thread.id)
    )
    for number in session.scalars(found):
        yield str(number)


def confirm(session: Session, ids: Sequence[str], viewer: Viewer) -> Mapping[str, Present]:
    """Those of the threads that `viewer` reads, as their cards must be now; one statement."""
    threads = standing_threads(session, _numbers(ids), viewer=viewer)
    return {
        str(thread.id): Present(
            title=thread.title,
            abstract=excerpt(post.markup, length=_BEGINNING),
            day=day_of(thread.created_at),
            fields=_fields(thread),
        )
        for thread, post in threads
    }


def ids_under(session: Session, theme: str) -> Sequence[str]:
    """The threads of spaces classified under a theme, or under one below it."""
    spaces = [
        number
        for number, themes in session.execute(select(Space.id, Space.themes))
        if any(own == theme or own.startswith(f"{theme}.") for own in themes)
    ]
    found = session.scalars(select(Thread.id).where(Thread.space_id.in_(spaces), standing()))
    return [str(number) for number in found]


def document_of(
    thread: Thread,
    posts: Sequence[Post],
    *,
    files: Iterable[ThreadFile],
    summary: ThreadSummary | None,
    words: Vocabulary,
) -> Document:
    """The document of a thread loaded with its space.

    `posts` are its published ones, the newest first. Each after the first is a part of its own, so
    that a passage says which one it comes from.
    """
    accepted = next((post for post in posts if post.id == thread.accepted_id), None)
    first = posts[-1].number
    parts = _parts(posts, but=accepted)
    themes = tuple(thread.space.themes)
    return Document(
        key=thread.document_ref.key,
        kind=THREAD_KIND,
        title=thread.title,
        audience=thread.space.container,
        abstract="\n".join(plain_text(one.markup) for one in (summary, accepted) if one),
        body="".join(text for number, text in parts if number == first),
        attachments=(
            *(Attachment("", text, number) for number, text in parts if number != first),
            *_attachments(files),
        ),
        keywords=tuple(dict.fromkeys((thread.space.name, *words.names_over("themes", themes)))),
        date=day_of(thread.created_at),
        facets={"theme": themes} if themes else {},
        fields=_fields(thread),
    )


def _numbers(ids: Iterable[str]) -> list[int]:
    """Numbers of threads; what is no number names none."""
    return [int(one) for one in ids if one.isascii() and one.isdigit() and len(one) <= _DIGITS]


def _parts(posts: Sequence[Post], *, but: Post | None) -> list[tuple[int, str]]:
    """The posts by their numbers, in order; of a thread too long, the middle is left out."""
    room = BODY_MAX
    kept: list[tuple[int, str]] = []
    for post in (posts[-1], *posts[:-1]):
        if post is but:
            continue
        text = plain_text(post.markup)[:room]
        kept.append((post.number, text))
        room -= len(text)
        if room <= 0:
            break
    return sorted(kept)


def _attachments(files: Iterable[ThreadFile]) -> Iterator[Attachment]:
    room = FILES_MAX
    for file in files:
        text = file.words[: min(FILE_MAX, room)]
        room -= len(text)
        yield Attachment(file.name, text)


def _fields(thread: Thread) -> dict[str, str]:
    """What a hit shows, and what its address is made of."""
    return {
        "space": thread.space.slug,
        "slug": identifier_from(thread.title),
        "source": thread.space.name,
    }
