"""A sketch begun from a document: what stands under a heading of ours goes to its block."""

import re
from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from indexer.analysis import fold
from inters4.core import audit
from inters4.core.access import Viewer
from inters4.core.audit import AuditEntry
from inters4.core.clock import now
from inters4.core.errors import TooMany
from inters4.core.files.word import Passage
from inters4.core.i18n import _
from inters4.practices.exports.headings import HEADINGS
from inters4.practices.models import Block, PracticeRevision
from inters4.practices.services.writers import note_writer

UNSORTED, PICTURES = "unsorted", "pictures"
"""Where a revision keeps, among its values, what no block took, and where pictures stood; no file
and no page of the sheet has them."""
MOST_DOCUMENTS = 20
"""How many a person may have read in an hour, those that are refused included."""
_WINDOW = timedelta(hours=1)
_READ = "practices.document_read"
_OTHER_WORDS = (
    (Block.EVALUATION, ("Résultats", "Résultat", "Évaluation", "Results", "Evaluation")),
    (Block.DESCRIPTION, ("Description", "Description de la pratique")),
    (Block.STEPS, ("Étapes", "Steps")),
)
"""What people call a block who have not read our headings."""
_NUMBERED = re.compile(r"^[\s\d.)–-]+")
_PUNCTUATION = re.compile(r"[\s:?!.]+$")


def admit_document(session: Session, *, by: Viewer, request_id: str = "") -> None:
    """Count in a document that is about to be read, which takes seconds when it is made to.

    Raises:
        TooMany: this person gave many within the hour; nothing is to be read.
    """
    given = session.scalar(
        select(func.count(AuditEntry.id)).where(
            AuditEntry.actor_id == by.member_id,
            AuditEntry.action == _READ,
            AuditEntry.at > now() - _WINDOW,
        )
    )
    if (given or 0) >= MOST_DOCUMENTS:
        raise TooMany(
            _("Vous avez déposé beaucoup de documents. Réessayez dans une heure."),
            retry_after=int(_WINDOW.total_seconds()),
        )
    audit.record(session, _READ, by=by, request_id=request_id)


def sort_passages(passages: Iterable[Passage]) -> tuple[dict[Block, str], str]:
    """The text of each block whose heading is there, and the rest with its headings.

    What stands under a smaller heading stays with the block above it.
    """
    known = {_key(title): block for block, titles in _OTHER_WORDS for title in titles}
    known |= {_key(title): block for titles in HEADINGS.values() for block, title in titles.items()}
    blocks: dict[Block, list[str]] = {}
    rest: list[str] = []
    into, level = rest, 0
    for one in passages:
        block = known.get(_key(one.heading))
        if block is not None:
            into, level = blocks.setdefault(block, []), one.level
            into.append(one.text)
            continue
        if one.level <= level:
            into, level = rest, 0
        into += [f"### {one.heading}" if one.heading else "", one.text]
    texts = {block: _joined(parts) for block, parts in blocks.items()}
    return {block: text for block, text in texts.items() if text}, _joined(rest)


def _joined(parts: Iterable[str]) -> str:
    return "\n\n".join(filter(None, parts))


def begin_with(
    session: Session, revision: PracticeRevision, passages: Iterable[Passage]
) -> frozenset[Block]:
    """Put the passages in a sketch just started; say which blocks are filled."""
    passages = list(passages)
    blocks, rest = sort_passages(passages)
    revision.blocks = {block.value: text for block, text in blocks.items()}
    if rest:
        revision.values = {**revision.values, UNSORTED: rest}
    pictures = [[one.heading, one.pictures] for one in passages if one.pictures]
    if pictures:
        revision.values = {**revision.values, PICTURES: pictures}
    session.flush()
    return frozenset(blocks)


def keep_unsorted(session: Session, revision: PracticeRevision, text: str, *, by: Viewer) -> None:
    """Put a text beside what is being written, under what was there, for somebody to sort."""
    kept = _joined((str(revision.values.get(UNSORTED) or ""), text.strip()))
    revision.values = {**revision.values, UNSORTED: kept}
    note_writer(session, revision, by.member_id)
    session.flush()


def clear_unsorted(session: Session, revision: PracticeRevision) -> None:
    """Everything found its place, or none."""
    left = {UNSORTED, PICTURES}
    revision.values = {name: one for name, one in revision.values.items() if name not in left}
    session.flush()


def _key(heading: str) -> str:
    return fold(_PUNCTUATION.sub("", _NUMBERED.sub("", heading)))
