"""Files deposited for sheets: which ones, and who may read each."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Select, exists, func, select, union
from sqlalchemy.orm import Session, joinedload

from inters4.core.access import Viewer
from inters4.core.files import Opening, StoredFile
from inters4.practices.models import (
    READABLE,
    TOMBSTONES,
    Practice,
    PracticeAttachment,
    PracticeFile,
    PracticeRevision,
)
from inters4.practices.models.papers import PracticePaper
from inters4.practices.queries.left import find_left
from inters4.practices.queries.revisions import takes_part
from inters4.practices.queries.sheets import is_readable


class StoredTokens(Collection[str]):
    """The tokens of all stored files, looked up when asked: most sheets name none."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def __contains__(self, token: object) -> bool:
        return isinstance(token, str) and bool(
            self._session.scalar(
                select(exists().where(StoredFile.token == token, StoredFile.size > 0))
            )
        )

    def __iter__(self) -> Iterator[str]:
        return iter(self._session.scalars(select(StoredFile.token)).all())

    def __len__(self) -> int:
        return self._session.scalar(select(func.count(StoredFile.id))) or 0


def sheets_that_showed(session: Session, file_id: int) -> Sequence[Practice]:
    """Those on whose pages, or tombstones, everyone learns what became of a file."""
    named = union(
        select(PracticeFile.practice_id).where(
            PracticeFile.file_id == file_id, PracticeFile.published_at.is_not(None)
        ),
        select(PracticePaper.practice_id).where(PracticePaper.file_id == file_id),
    )
    return session.scalars(
        select(Practice)
        .where(Practice.id.in_(named), Practice.state.in_(READABLE | TOMBSTONES))
        .order_by(Practice.title, Practice.id)
    ).all()


def opening_of(session: Session, stored: StoredFile, viewer: Viewer) -> Opening | None:
    """How a file opens for `viewer`, as the sheets that it goes with do.

    What readers have seen stays theirs while the sheet does, older versions included; what they
    have not is read by those who take part in the writing, or carry a sheet withdrawn meanwhile.
    """
    rows = session.execute(
        select(PracticeFile.published_at, Practice.state, PracticeFile.practice_id)
        .join(Practice, Practice.id == PracticeFile.practice_id)
        .where(PracticeFile.file_id == stored.id)
    ).all()
    if stored.is_emptied:
        return Opening.GONE if any(row.published_at for row in rows) else None
    if any(row.published_at and row.state in READABLE for row in rows):
        return Opening.PUBLIC
    if rows and session.scalar(_is_written_by(viewer, [row.practice_id for row in rows])):
        return Opening.PRIVATE
    unseen = [row.practice_id for row in rows if row.published_at is None]
    if any(find_left(session, practice_id, viewer=viewer) for practice_id in unseen):
        return Opening.PRIVATE
    if any(row.published_at and row.state in TOMBSTONES for row in rows):
        return Opening.GONE
    return None


def files_named(session: Session, tokens: Collection[str]) -> Mapping[str, StoredFile]:
    """Files by token; no statement for none."""
    if not tokens:
        return {}
    found = session.scalars(select(StoredFile).where(StoredFile.token.in_(tokens)))
    return {stored.token: stored for stored in found}


def files_of(session: Session, practice_id: str) -> Mapping[str, PracticeFile]:
    """By token, every file deposited for a sheet, published or not."""
    rows = session.scalars(
        select(PracticeFile)
        .options(joinedload(PracticeFile.stored))
        .where(PracticeFile.practice_id == practice_id)
        .order_by(PracticeFile.added_at, PracticeFile.file_id)
    )
    return {row.stored.token: row for row in rows}


def public_files(session: Session) -> Sequence[StoredFile]:
    """The files that sheets which everyone may read name now, in the order of their tokens."""
    named = (
        select(PracticeAttachment.file)
        .join(Practice, Practice.id == PracticeAttachment.practice_id)
        .where(PracticeAttachment.file != "", is_readable())
    )
    return session.scalars(
        select(StoredFile).where(StoredFile.token.in_(named)).order_by(StoredFile.token)
    ).all()


def named_in(rows: Iterable[Any]) -> frozenset[str]:
    """The tokens that the rows of « Pièces » name, as a revision keeps them."""
    found = (row.get("file") for row in rows if isinstance(row, Mapping))
    return frozenset(token for token in found if isinstance(token, str) and token)


def open_revisions(session: Session, ids: Collection[str]) -> Sequence[PracticeRevision]:
    """What is being written of these sheets."""
    return session.scalars(
        select(PracticeRevision).where(
            PracticeRevision.practice_id.in_(ids), PracticeRevision.closed_at.is_(None)
        )
    ).all()


def _is_written_by(viewer: Viewer, ids: Collection[str]) -> Select[int]:
    return (
        select(PracticeRevision.id)
        .where(
            PracticeRevision.practice_id.in_(ids),
            PracticeRevision.closed_at.is_(None),
            takes_part(viewer),
        )
        .limit(1)
    )
