"""PDF of sheets: asked for, kept, dropped with the sheet."""

from io import BytesIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.access import Viewer
from inters4.core.clock import now
from inters4.core.errors import TooMany
from inters4.core.files import FileStore, StoredFile
from inters4.core.i18n import _
from inters4.practices.models import Practice
from inters4.practices.models.papers import PracticePaper
from inters4.practices.queries.papers import (
    count_awaited,
    papers_of_no_reader,
    papers_outdated,
)

MOST_AWAITED = 50
"""PDF that the worker may have to make; past it, nobody asks for more."""
AGAIN_AFTER = 600


def ask_for_paper(session: Session, practice: Practice) -> None:
    """Have the PDF of a sheet made, unless it is there or under way.

    Raises:
        TooMany: the worker has enough to do.
    """
    row = session.get(PracticePaper, practice.id)
    if row is not None and row.made_of == practice.version:
        return
    if row is not None and row.refused_of != practice.version:
        return
    if count_awaited(session) >= MOST_AWAITED:
        raise TooMany(
            _("Beaucoup de PDF se préparent. Réessayez dans dix minutes."),
            retry_after=AGAIN_AFTER,
        )
    if row is None:
        session.add(PracticePaper(practice_id=practice.id))
    else:
        row.asked_at, row.refused_of = now(), None
    session.flush()


def keep_paper(
    session: Session, store: FileStore, practice_id: str, pdf: bytes, *, name: str, made_of: int
) -> None:
    """Keep what was made, in the place of what there was."""
    row = _held(session, practice_id)
    if row is None:
        return
    _let_go(session, store, row)
    stored = store.accept(session, BytesIO(pdf), name, by=Viewer())
    session.flush()
    row.file_id, row.made_of = stored.id, made_of


def refuse_paper(session: Session, store: FileStore, practice_id: str, *, made_of: int) -> None:
    """None could be made of this version: it is not tried for ever, and no older one stays."""
    row = _held(session, practice_id)
    if row is None:
        return
    row.refused_of = made_of
    _let_go(session, store, row)


def drop_papers(session: Session, store: FileStore, *, outdated: bool) -> int:
    """Remove those of sheets that readers see no more, and the `outdated`; how many."""
    rows = [*papers_of_no_reader(session), *(papers_outdated(session) if outdated else ())]
    for row in rows:
        _let_go(session, store, row)
        session.delete(row)
    session.flush()
    return len(rows)


def _let_go(session: Session, store: FileStore, row: PracticePaper) -> None:
    """Remove the file that there was, if any."""
    stored = session.get(StoredFile, row.file_id) if row.file_id is not None else None
    row.file_id = row.made_of = None
    session.flush()
    if stored is not None:
        store.remove(session, stored)


def _held(session: Session, practice_id: str) -> PracticePaper | None:
    return session.scalars(
        select(PracticePaper).where(PracticePaper.practice_id == practice_id).with_for_update()
    ).first()
