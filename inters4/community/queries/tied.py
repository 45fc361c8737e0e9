"""What a thread is tied to, and the threads tied to one thing that a viewer reads.

A thread may be about a sheet, a summary, an issue: any kind of document that search knows, but
threads and meetings themselves. It is named `fiche:ID`, as the index does.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.community.models import (
    MEETING_KIND,
    THREAD_KIND,
    Space,
    Thread,
    ThreadKind,
    Visibility,
)
from inters4.community.queries.visibility import readable_thread
from inters4.core.access import Viewer
from inters4.core.hooks import hooks
from inters4.core.values import dataclass

PARAMETER = "sujet"
"""Names the subject in addresses: `?sujet=fiche:ID`."""
_LONGEST_KEY = 200
_OWN = frozenset({THREAD_KIND, MEETING_KIND})


@dataclass(frozen=True, slots=True)
class Subject:
    """What a thread is about, as the viewer reads it now.

    Attributes:
        path: its page; for what is gone, a page that says so.
    """

    kind: str
    id: str
    title: str
    path: str

    @property
    def key(self) -> str:
        """Its name in addresses."""
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True, slots=True)
class TiedThread:
    """A thread about something, on the page of that thing; `slug` is that of its space."""

    id: int
    title: str
    kind: ThreadKind
    is_answered: bool
    last_post_at: datetime
    space: str
    slug: str
    visibility: Visibility


@dataclass(frozen=True, slots=True)
class TiedThreads:
    """The latest ones; `has_more` when there are others."""

    rows: Sequence[TiedThread]
    has_more: bool


def find_subject(session: Session, key: str, *, viewer: Viewer) -> Subject | None:
    """What `fiche:ID` names, if `viewer` may read it or everyone reads that it is gone."""
    kind_name, colon, identifier = key.partition(":")
    kind = hooks.document_kinds.get(kind_name)
    if kind is None or kind_name in _OWN or not colon or not _is_sound(identifier):
        return None
    present = kind.confirm(session, [identifier], viewer).get(identifier)
    if present is not None:
        path = kind.url(identifier, present.fields)
        return Subject(kind_name, identifier, present.title, path)
    gone = kind.named(session, [identifier]).get(identifier) if kind.named else None
    return Subject(kind_name, identifier, gone.title, gone.path) if gone else None


def subject_of(session: Session, thread: Thread, *, viewer: Viewer) -> Subject | None:
    """What a thread is about, None when it is about nothing that `viewer` may read."""
    if not thread.about_kind:
        return None
    return find_subject(session, f"{thread.about_kind}:{thread.about_id}", viewer=viewer)


def threads_about(
    session: Session, kind: str, identifier: str, *, viewer: Viewer, limit: int
) -> TiedThreads:
    """Threads about one thing that `viewer` reads, the latest first, in one statement."""
    rows = session.execute(
        select(
            Thread.id,
            Thread.title,
            Thread.kind,
            Thread.accepted_id,
            Thread.last_post_at,
            Space.name,
            Space.slug,
            Space.visibility,
        )
        .join(Thread.space)
        .where(
            Thread.about_kind == kind,
            Thread.about_id == identifier,
            Thread.is_removed.is_(False),
            Thread.merged_into_id.is_(None),
            Thread.last_seq > 0,
            readable_thread(viewer),
        )
        .order_by(Thread.last_post_at.desc(), Thread.id.desc())
        .limit(limit + 1)
    ).all()
    shown = [
        TiedThread(
            id=row.id,
            title=row.title,
            kind=row.kind,
            is_answered=row.accepted_id is not None,
            last_post_at=row.last_post_at,
            space=row.name,
            slug=row.slug,
            visibility=row.visibility,
        )
        for row in rows[:limit]
    ]
    return TiedThreads(shown, has_more=len(rows) > limit)


def _is_sound(identifier: str) -> bool:
    """False for what no document is called, before any database is asked."""
    return 0 < len(identifier) <= _LONGEST_KEY and identifier.isprintable()
