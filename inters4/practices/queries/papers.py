"""PDF of sheets: where one stands for its reader, and what the worker has to do."""

from collections.abc import Sequence
from functools import cache

from sqlalchemy import ColumnElement, Select, bindparam, func, or_, select
from sqlalchemy.orm import Session

from inters4.core.access import Viewer
from inters4.core.files import Opening, StoredFile
from inters4.core.values import dataclass
from inters4.practices.models import READABLE, Practice
from inters4.practices.models.papers import PracticePaper


@dataclass(frozen=True, slots=True)
class Paper:
    """How the PDF of a sheet stands: ready (`size` in bytes), under way, or neither."""

    token: str = ""
    size: int = 0
    is_awaited: bool = False


def paper_of(session: Session, practice: Practice) -> Paper:
    """That of a sheet as it is now: one statement."""
    row = session.execute(_of_sheet(), {"id": practice.id}).first()
    if row is None:
        return Paper()
    if row.made_of == practice.version and row.token:
        return Paper(row.token, row.size)
    return Paper(is_awaited=row.refused_of != practice.version)


def opening_of_paper(session: Session, stored: StoredFile, _viewer: Viewer) -> Opening | None:
    """Everyone opens the PDF of a published sheet, while it shows the sheet as it is."""
    row = session.execute(
        select(PracticePaper.made_of, Practice.version, Practice.state)
        .join(Practice, Practice.id == PracticePaper.practice_id)
        .where(PracticePaper.file_id == stored.id)
    ).first()
    if row is None:
        return None
    is_present = row.made_of == row.version and row.state in READABLE
    return Opening.PUBLIC if is_present else Opening.GONE


def papers_to_make(session: Session) -> Sequence[str]:
    """Sheets whose PDF is awaited, the first asked for first."""
    return session.scalars(
        select(PracticePaper.practice_id)
        .join(Practice, Practice.id == PracticePaper.practice_id)
        .where(_is_awaited(), Practice.state.in_(READABLE))
        .order_by(PracticePaper.asked_at, PracticePaper.practice_id)
    ).all()


def count_awaited(session: Session) -> int:
    """How many are awaited."""
    return (
        session.scalar(
            select(func.count())
            .select_from(PracticePaper)
            .join(Practice, Practice.id == PracticePaper.practice_id)
            .where(_is_awaited())
        )
        or 0
    )


def papers_of_no_reader(session: Session) -> Sequence[PracticePaper]:
    """Those of sheets that readers see no more."""
    return session.scalars(
        select(PracticePaper)
        .join(Practice, Practice.id == PracticePaper.practice_id)
        .where(Practice.state.not_in(READABLE))
    ).all()


def papers_outdated(session: Session) -> Sequence[PracticePaper]:
    """Those of published sheets that show them as they were, or nothing yet."""
    return session.scalars(
        select(PracticePaper)
        .join(Practice, Practice.id == PracticePaper.practice_id)
        .where(_is_awaited(), Practice.state.in_(READABLE))
    ).all()


def _is_awaited() -> ColumnElement[bool]:
    version = Practice.version
    return or_(PracticePaper.made_of.is_(None), PracticePaper.made_of != version) & or_(
        PracticePaper.refused_of.is_(None), PracticePaper.refused_of != version
    )


@cache
def _of_sheet() -> Select[int | None, int | None, str, int]:
    return (
        select(PracticePaper.made_of, PracticePaper.refused_of, StoredFile.token, StoredFile.size)
        .outerjoin(StoredFile, StoredFile.id == PracticePaper.file_id)
        .where(PracticePaper.practice_id == bindparam("id"))
    )
