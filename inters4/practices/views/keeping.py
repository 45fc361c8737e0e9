"""What was typed in a block of a sheet, and the file that came with it, kept right or wrong."""

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from flask import request

from inters4.core.db import reading, writing
from inters4.core.errors import DomainError, NotAllowed
from inters4.core.files import StoredFile
from inters4.core.i18n import _
from inters4.core.values import dataclass
from inters4.core.web.requests import viewer
from inters4.practices.forms.pages import FormPage
from inters4.practices.forms.posted import MAIN, Posted, in_former_order, marks_in
from inters4.practices.models import PracticeRevision
from inters4.practices.queries.revisions import author_ids, find_revision
from inters4.practices.services.deciding import may_write
from inters4.practices.services.drafts import StaleFields, texts_of, write_fields
from inters4.practices.services.marks import mark_of
from inters4.practices.services.pieces import PIECES, check_room, completed, deposit
from inters4.practices.views.deposits import Received, not_received, received
from inters4.practices.views.given_back import Moved


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of what was sent.

    Attributes:
        version: that of the revision now.
        taken: the fields that someone else changed meanwhile.
        piece: place of the file that was deposited, among the pieces.
        marks: of the fields that are now as they were sent.
    """

    version: int
    taken: tuple[str, ...] = ()
    piece: int | None = None
    marks: Mapping[str, str] = field(default_factory=dict)


def receive(practice_id: str, posted: Posted) -> Received:
    """The file that came with the form, checked before any transaction."""
    with reading() as session:
        revision = find_revision(session, practice_id, viewer=viewer())
        authors = author_ids(session, practice_id)
        if revision is None or not may_write(revision, by=viewer(), authors=authors):
            raise Moved
        try:
            check_room(session, revision, posted.values.get(PIECES))
        except DomainError as refusal:
            return not_received(refusal.message)
    return received()


def keep_with(given: Received, practice_id: str, page: FormPage, posted: Posted) -> Kept:
    """What becomes of what was typed and of the file; one that is not deposited goes at once."""
    try:
        kept = keep(practice_id, page, posted, given.stored)
    except (Moved, DomainError):
        given.discard()
        raise
    if kept.piece is None:
        given.discard()
    return kept


def keep(practice_id: str, page: FormPage, posted: Posted, given: StoredFile | None = None) -> Kept:
    """What becomes of what was typed: all of it, but the fields that someone else changed.

    Raises:
        Moved: the sheet is not theirs to write any more.
    """
    with writing() as session:
        revision = find_revision(session, practice_id, viewer=viewer(), for_update=True)
        authors = author_ids(session, practice_id)
        if revision is None or not may_write(revision, by=viewer(), authors=authors):
            raise Moved
        values = {
            name: in_former_order(
                value, revision.values.get(name), main=request.form.get(f"{MAIN}{name}", "")
            )
            for name, value in posted.values.items()
        }
        if PIECES in values:
            values[PIECES] = completed(session, revision, values[PIECES], by=viewer())
        asked: dict[str, Any] = {
            "seen": request.form.get("version", 0, type=int),
            "by_id": viewer().member_id,
            "marks": marks_in(request.form, page),
        }
        try:
            write_fields(session, revision, values=values, blocks=posted.blocks, **asked)
            taken: tuple[str, ...] = ()
        except StaleFields as refusal:
            taken = refusal.fields
            rest = Posted(values, posted.blocks).without(taken)
            write_fields(session, revision, values=rest.values, blocks=rest.blocks, **asked)
        session.flush()
        piece = None
        if given is not None and not taken:
            piece = deposit(session, revision, given, by=viewer())
        now_held = {**revision.values, **texts_of(revision)}
        marks = {
            name: mark
            for name, sent in Posted(values, posted.blocks).by_field().items()
            if (mark := mark_of(name, sent)) == mark_of(name, now_held.get(name))
        }
        return Kept(revision.version, taken, piece, marks)


def check_may_write(revision: PracticeRevision, authors: frozenset[int]) -> None:
    """Refuse to show as a form what would not be kept."""
    if not may_write(revision, by=viewer(), authors=authors):
        raise NotAllowed(
            _(
                "Cette fiche ne se modifie pas maintenant : d’autres personnes la lisent. Voyez "
                "dans son dossier où elle en est."
            )
        )
