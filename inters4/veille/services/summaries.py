"""Changes to summaries. For now, what a file of `content/` brings."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from inters4.core.hooks import hooks
from inters4.core.outbox import DocumentRef, queue
from inters4.veille.exports.files import COLUMNS, LISTS, SummaryFile, file_of
from inters4.veille.models import (
    KIND,
    Scheme,
    Summary,
    SummaryPractice,
    SummaryState,
    SummaryTerm,
)
from inters4.veille.queries.summaries import SLUGS, ids_named_by, load_summary

SUMMARY_CORRECTED = "summary_corrected"
SUMMARY_REPLACED = "summary_replaced"
SUMMARY_RETRACTED = "summary_retracted"
"""Events told in the transaction that changes what readers knew: `handler(session, summary=...)`.

Those who received the summary must learn of it.
"""

_EVENTS = {
    SummaryState.CORRECTED: SUMMARY_CORRECTED,
    SummaryState.REPLACED: SUMMARY_REPLACED,
    SummaryState.RETRACTED: SUMMARY_RETRACTED,
}


def save_summary(session: Session, file: SummaryFile) -> Summary:
    """Make the summary be exactly what `file` says; a former address keeps redirecting."""
    values = file.values
    summary = load_summary(session, values["id"])
    is_new = summary is None
    if summary is None:
        summary = Summary(id=values["id"], slug=values["slug"], terms=[], practices=[])
    elif file_of(summary) != file:
        SLUGS.move(session, summary, values["slug"])
    was_shown = not is_new and (summary.is_readable or summary.is_tombstone)
    before = None if is_new else summary.state
    for name in COLUMNS:
        setattr(summary, name, values[name])
    for name in LISTS:
        setattr(summary, name, list(values[name]))
    summary.translation_of = values["translation_of"] or None
    summary.write(file.paragraph)
    _set_terms(summary, values)
    _set_practices(summary, values["practices"])
    if is_new:
        session.add(summary)
    session.flush()
    if was_shown and summary.state is not before and summary.state in _EVENTS:
        hooks.emit(_EVENTS[summary.state], session, summary=summary)
    return summary


def index_again(session: Session, *, scheme: str, term: str) -> None:
    """A term changed: the summaries that its name finds must be found by the new one."""
    ids = ids_named_by(session, scheme=scheme, term=term)
    queue(session, [DocumentRef(KIND, summary_id) for summary_id in ids])


def _set_terms(summary: Summary, values: Mapping[str, Any]) -> None:
    present = {(row.scheme, row.term): row for row in summary.terms}
    found = []
    for scheme in Scheme:
        for position, term in enumerate(values[scheme.value]):
            row = present.get((scheme, term)) or SummaryTerm(scheme=scheme, term=term)
            row.position = position
            found.append(row)
    summary.terms[:] = found


def _set_practices(summary: Summary, ids: Sequence[str]) -> None:
    present = {row.practice_id: row for row in summary.practices}
    found = []
    for position, practice_id in enumerate(ids):
        row = present.get(practice_id) or SummaryPractice(practice_id=practice_id)
        row.position = position
        found.append(row)
    summary.practices[:] = found
