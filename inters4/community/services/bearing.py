"""Where communities name terms: the themes of spaces."""

from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.community.models import MEETING_KIND, THREAD_KIND, Meeting, Space, Thread, Visibility
from inters4.core.i18n import ngettext
from inters4.core.outbox import DocumentRef, queue
from inters4.vocabulary.services import Bearer

_THEMES = "themes"


def index_again(session: Session, *, scheme: str, term: str) -> None:
    """A term changed: what its name finds must be found by the new one."""
    if scheme != _THEMES:
        return
    spaces = [
        space.id
        for space in session.scalars(select(Space))
        if any(own == term or own.startswith(f"{term}.") for own in space.themes)
    ]
    if not spaces:
        return
    threads = session.scalars(select(Thread.id).where(Thread.space_id.in_(spaces)))
    queue(session, [DocumentRef(THREAD_KIND, str(number)) for number in threads])
    meetings = session.scalars(select(Meeting.public_id).where(Meeting.space_id.in_(spaces)))
    queue(session, [DocumentRef(MEETING_KIND, one) for one in meetings])


def _count(session: Session, scheme: str, ids: Collection[str]) -> int:
    """Hidden spaces are in no count, not even of who keeps the vocabulary; they are carried."""
    if scheme != _THEMES:
        return 0
    wanted = set(ids)
    counted = select(Space.themes).where(Space.visibility != Visibility.PRIVATE_HIDDEN)
    return sum(not wanted.isdisjoint(themes) for themes in session.scalars(counted))


def _carry(session: Session, scheme: str, renamed: Mapping[str, str]) -> None:
    """Terms took the place of others: each space that names them follows."""
    if scheme != _THEMES:
        return
    for space in session.scalars(select(Space)):
        themes = list(dict.fromkeys(renamed.get(one, one) for one in space.themes))
        if themes != space.themes:
            space.themes = themes
    session.flush()


SPACES = Bearer(
    "spaces",
    lambda count: ngettext(
        "%(num)s communauté de pratique", "%(num)s communautés de pratique", count
    ),
    _count,
    _carry,
    frozenset({"spaces.themes"}),
)
