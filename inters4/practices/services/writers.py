"""Who wrote in a revision is written down: whoever worked on a text does not judge it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.practices.models import PracticeRevision, PracticeWriter


def note_writer(session: Session, revision: PracticeRevision, member_id: int | None) -> None:
    """Remember that this person changed the text of a revision; once is enough."""
    revision.written_by_id = member_id
    if member_id is not None:
        _remember(session, revision.id, member_id)


def note_leaving(session: Session, practice_id: str, member_id: int) -> None:
    """Remember that this person carried a sheet, now that they leave it: they worked on it."""
    newest = session.scalar(
        select(PracticeRevision.id)
        .where(PracticeRevision.practice_id == practice_id)
        .order_by(PracticeRevision.id.desc())
        .limit(1)
    )
    if newest is not None:
        _remember(session, newest, member_id)


def _remember(session: Session, revision_id: int, member_id: int) -> None:
    if session.get(PracticeWriter, (revision_id, member_id)) is None:
        session.add(PracticeWriter(revision_id=revision_id, member_id=member_id))
        session.flush()
