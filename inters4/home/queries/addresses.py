"""Every public address with the day of what is there, for those who read the whole portal.

Documents come from the registered kinds, as a visitor may see them: a kind added tomorrow is
listed tomorrow.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import islice

from sqlalchemy.orm import Session

from inters4.core.access import ANONYMOUS
from inters4.core.clock import local
from inters4.core.hooks import DocumentKind
from inters4.core.values import dataclass
from inters4.home.queries.pages import list_pages
from inters4.vocabulary.queries import vocabulary

CHUNK = 1_000
"""Most addresses in one file; the protocol allows more, memory does not care for it."""


@dataclass(frozen=True, slots=True)
class Address:
    """A path of the portal; `day` is when its content dates from, if known."""

    path: str
    day: date | None = None


def count_files(session: Session, kinds: Mapping[str, DocumentKind]) -> dict[str, int]:
    """How many files the documents of each kind fill; kinds without a document are left out."""
    counts = {name: sum(1 for _id in _ids(session, kind)) for name, kind in kinds.items()}
    return {name: -(-count // CHUNK) for name, count in counts.items() if count}


def documents_of(session: Session, kind: DocumentKind, *, number: int) -> Sequence[Address]:
    """The documents of one file, `number` from 1, that any visitor may read."""
    start = (number - 1) * CHUNK
    ids = list(islice(_ids(session, kind), start, start + CHUNK))
    present = kind.confirm(session, ids, ANONYMOUS) if ids else {}
    return [
        Address(kind.url(identifier, present[identifier].fields), present[identifier].day)
        for identifier in ids
        if identifier in present
    ]


def _ids(session: Session, kind: DocumentKind) -> Iterator[str]:
    """Of a kind that is not all for everyone, not even the number of the others is told."""
    return (kind.public_ids or kind.every_id)(session)


def page_days(session: Session) -> Mapping[str, tuple[str, date]]:
    """Slug and day of each page that is no translation, by id."""
    return {
        page.id: (page.slug, local(page.updated_at).date())
        for page in list_pages(session)
        if page.translation_of is None
    }


def themes(session: Session) -> Sequence[str]:
    """Every theme: each has its page."""
    return sorted(vocabulary(session).ids("themes"))
