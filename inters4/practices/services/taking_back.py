"""A file that readers saw is taken back: what it held is erased, and versions say why.

Whoever deposited a document that names a patient cannot wait for a new version, and old versions
would go on offering it. What the file was called goes too: it may say as much.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core import audit
from inters4.core.access import Viewer
from inters4.core.clock import now
from inters4.core.errors import DomainError, NotAllowed, NotFound
from inters4.core.files import FileStore
from inters4.core.frontmatter import dump, parse
from inters4.core.i18n import _
from inters4.practices.exports.sheets import PRACTICE, sheet_of, write_sheet
from inters4.practices.models import (
    Practice,
    PracticeFile,
    PracticeRevision,
    PracticeVersion,
)
from inters4.practices.queries import load_practice
from inters4.practices.queries.files import files_of
from inters4.practices.services.deciding import is_team
from inters4.practices.services.drafts import one_line
from inters4.practices.services.pieces import PIECES
from inters4.practices.services.versions import keep_version, last_number

LONGEST_REASON = 150


def take_back(
    session: Session,
    practice: Practice,
    token: str,
    *,
    reason: str,
    by: Viewer,
    store: FileStore,
    request_id: str = "",
) -> None:
    """Erase a file of a sheet, which has a new version; every version that named it says why.

    A sheet that has the same file loses it too. Taken back twice, it is taken back once.

    Raises:
        NotAllowed: `by` is not of the brokering team.
        NotFound: readers never saw such a file of this sheet.
        DomainError: no reason is given, or a long one.
    """
    if not is_team(by):
        raise NotAllowed(_("La coordination et l’équipe de courtage retirent un fichier."))
    link = files_of(session, practice.id).get(token)
    if link is None or link.published_at is None:
        raise NotFound(_("Ce fichier n’est pas de cette fiche."))
    if link.stored.is_emptied:
        return
    why = one_line(reason)
    if not why:
        raise DomainError(_("Dites pourquoi, en une phrase."))
    if len(why) > LONGEST_REASON:
        raise DomainError(_("Dites pourquoi en %(most)s signes au plus.", most=LONGEST_REASON))
    store.empty(session, link.stored)
    told = _("Fichier retiré : %(reason)s", reason=why)
    for practice_id in session.scalars(
        select(PracticeFile.practice_id).where(PracticeFile.file_id == link.file_id)
    ).all():
        _say_instead(session, practice_id, token, told, by=by)
        audit.record(
            session,
            "practices.file_taken_back",
            by=by,
            subject=f"fiche:{practice_id}",
            request_id=request_id,
            reason=why,
        )
    session.flush()


def _say_instead(session: Session, practice_id: str, token: str, told: str, *, by: Viewer) -> None:
    """Take the file out of the sheet and of what is written of it; versions say `told` instead."""
    for version in session.scalars(
        select(PracticeVersion).where(PracticeVersion.practice_id == practice_id)
    ):
        document = parse(version.text.encode(), path="")
        values = document.plain()
        rows = list(values.get(PIECES) or [])
        if any(_is_named(token, row) for row in rows):
            anew = [{"title": told} if _is_named(token, row) else row for row in rows]
            version.text = dump({**values, PIECES: anew}, document.body, key_order=PRACTICE.keys)
    practice = load_practice(session, practice_id)
    if practice is not None and any(row.file == token for row in practice.attachments):
        practice.attachments = [row for row in practice.attachments if row.file != token]
        practice.updated_at = now()
        session.flush()
        if practice.is_readable:
            text = write_sheet(sheet_of(practice))
            keep_version(session, practice, text, note=told, is_minor=True, by_id=by.member_id)
    for revision in session.scalars(
        select(PracticeRevision).where(PracticeRevision.practice_id == practice_id)
    ):
        rows = list(revision.values.get(PIECES) or [])
        if any(_is_named(token, row) for row in rows):
            others = [row for row in rows if not _is_named(token, row)]
            revision.values = {**revision.values, PIECES: others}
            revision.stamps = {**revision.stamps, PIECES: revision.version + 1}
        if revision.is_open and revision.base:
            revision.base = last_number(session, practice_id)


def _is_named(token: str, row: Any) -> bool:
    return isinstance(row, Mapping) and row.get("file") == token
