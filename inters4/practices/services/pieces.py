"""« Pièces »: files deposited in a sheet that is being written, and what becomes of them.

The file goes with the sheet from its deposit; what it is called, its licence and its accessibility
are fields of the sheet, that versions keep. Readers see it once a published sheet names it, and it
stays as long as the sheet. What never reached them goes with the draft.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from inters4.core.access import Viewer
from inters4.core.clock import local, now
from inters4.core.errors import DomainError
from inters4.core.files import StoredFile, rename
from inters4.core.frontmatter import Plain
from inters4.core.i18n import _
from inters4.practices.exports.rows import CHECKS
from inters4.practices.models import Practice, PracticeFile, PracticeRevision
from inters4.practices.queries.files import files_named, files_of, named_in, open_revisions
from inters4.practices.services.writers import note_writer

PIECES = "attachments"
MOST_FILES = 30
"""How many a draft names."""
MOST_TRIED = 90
"""How many that readers never saw a sheet keeps, those just taken out of it included."""
UNNAMED_DAYS = 7
"""How long a file that nothing names is kept: a row taken out by mistake is put back meanwhile."""
_TITLE = 200


def deposit(session: Session, revision: PracticeRevision, stored: StoredFile, *, by: Viewer) -> int:
    """Add a file that was received to the sheet; its place among the pieces.

    Raises:
        DomainError: the sheet has as many files as one may have.
    """
    check_room(session, revision)
    session.add(stored)
    session.flush()
    session.add(
        PracticeFile(practice_id=revision.practice_id, file_id=stored.id, added_by_id=by.member_id)
    )
    rows = _rows_of(revision)
    title = PurePosixPath(stored.name).stem.replace("_", " ")[:_TITLE]
    added = {"title": title, "file": stored.token, "name": stored.name}
    revision.values = {**revision.values, PIECES: [*rows, added]}
    revision.stamps = {**revision.stamps, PIECES: revision.version + 1}
    note_writer(session, revision, by.member_id)
    session.flush()
    return len(rows)


def check_room(session: Session, revision: PracticeRevision, given: Plain | None = None) -> None:
    """Refuse one more file to a draft that has as many as one may have.

    `given` are the pieces that a form sent, when it did: the draft will have those.

    Raises:
        DomainError: so it is; the sentence says what to do.
    """
    rows = _rows_of(revision) if given is None else _listed(given)
    if len(named_in(rows)) >= MOST_FILES:
        raise DomainError(
            _("Cette fiche a déjà %(count)s fichiers : retirez-en un d’abord.", count=MOST_FILES)
        )
    links = files_of(session, revision.practice_id).values()
    if sum(one.published_at is None for one in links) >= MOST_TRIED:
        raise DomainError(
            _(
                "Beaucoup de fichiers ont été déposés puis retirés ces derniers jours : "
                "réessayez dans une semaine."
            )
        )


def completed(
    session: Session, revision: PracticeRevision, given: Plain, *, by: Viewer
) -> list[Plain]:
    """The pieces that a form sent, with what forms do not say: names of files, days of checks.

    Raises:
        DomainError: one names a file that was not deposited in this sheet.
    """
    rows = [row for row in _listed(given) if isinstance(row, Mapping)]
    own = files_of(session, revision.practice_id) if named_in(rows) else {}
    if not named_in(rows) <= own.keys():
        raise DomainError(_("Cette pièce n’a pas été déposée dans cette fiche : déposez-la ici."))
    former = {_which(row): row for row in _rows_of(revision)}
    found: list[Plain] = []
    for row in rows:
        before = former.get(_which(row), {})
        is_same = _checks(row) == _checks(before)
        checked_on = before.get("checked_on", "") if is_same else _today(row)
        link = own.get(str(row.get("file", "")))
        if link is not None and not is_same:
            link.checked_by_id = by.member_id
        name = link.stored.name if link is not None else ""
        found.append({**row, "name": name, "checked_on": checked_on})
    return found


def link_files(session: Session, practice: Practice) -> None:
    """The files that a sheet names are its own; what readers see now stays theirs."""
    tokens = {row.file for row in practice.attachments if row.file}
    if not tokens:
        return
    own = files_of(session, practice.id)
    for token, stored in files_named(session, tokens - own.keys()).items():
        link = PracticeFile(practice_id=practice.id, file_id=stored.id, stored=stored)
        session.add(link)
        own = {**own, token: link}
    names = {row.file: row.name for row in practice.attachments}
    for token in tokens & own.keys():
        if names[token]:
            rename(own[token].stored, names[token])
        if practice.is_readable and own[token].published_at is None:
            own[token].published_at = now()
    session.flush()


def drop_unpublished(session: Session, practice_id: str) -> None:
    """The draft is given up: what readers never saw goes; the sweep takes it off the disk."""
    for link in files_of(session, practice_id).values():
        if link.published_at is None:
            _drop(session, link)
    session.flush()


def forget_depositor(session: Session, member_id: int) -> None:
    """The files stay with the sheets, and nobody knows who deposited or checked them."""
    for link in session.scalars(
        select(PracticeFile)
        .options(joinedload(PracticeFile.stored))
        .where(or_(PracticeFile.added_by_id == member_id, PracticeFile.checked_by_id == member_id))
    ):
        if link.added_by_id == member_id:
            link.added_by_id = link.stored.uploaded_by = None
        if link.checked_by_id == member_id:
            link.checked_by_id = None
    session.flush()


def forget_unnamed(session: Session, before: datetime) -> int:
    """Remove the files deposited before that instant that nobody sees and no draft names."""
    links = session.scalars(
        select(PracticeFile)
        .options(joinedload(PracticeFile.stored))
        .where(PracticeFile.published_at.is_(None), PracticeFile.added_at < before)
    ).all()
    named = {
        (one.practice_id, token)
        for one in open_revisions(session, {link.practice_id for link in links})
        for token in named_in(_rows_of(one))
    }
    unnamed = [link for link in links if (link.practice_id, link.stored.token) not in named]
    for link in unnamed:
        _drop(session, link)
    session.flush()
    return len(unnamed)


def _drop(session: Session, link: PracticeFile) -> None:
    """The link, and the file unless another sheet has it too."""
    other = aliased(PracticeFile)
    is_shared = session.scalar(
        select(exists().where(other.file_id == link.file_id, other.practice_id != link.practice_id))
    )
    stored = link.stored
    session.delete(link)
    session.flush()
    if not is_shared:
        session.delete(stored)


def _listed(given: Plain) -> Sequence[Plain]:
    return () if isinstance(given, str | Mapping) else given


def _rows_of(revision: PracticeRevision) -> list[Mapping[str, Any]]:
    return [row for row in revision.values.get(PIECES, ()) if isinstance(row, Mapping)]


def _which(row: Mapping[str, Any]) -> tuple[str, str]:
    return str(row.get("file", "")), str(row.get("url", ""))


def _checks(row: Mapping[str, Any]) -> list[str]:
    return [str(row.get(name) or "unknown") for name in CHECKS]


def _today(row: Mapping[str, Any]) -> str:
    is_checked = set(_checks(row)) != {"unknown"}
    return local(now()).date().isoformat() if is_checked else ""
