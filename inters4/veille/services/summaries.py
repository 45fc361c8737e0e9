"""What a file of `content/` brings to a summary, and the events that its readers wait for."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from inters4.core.clock import now
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
    for scheme in Scheme:
        set_terms(summary, scheme, values[scheme.value])
    set_practices(summary, values["practices"])
    if is_new:
        session.add(summary)
    session.flush()
    if was_shown and summary.state is not before:
        summary.state_since = now()
        tell_readers(session, summary)
    return summary


def tell_readers(session: Session, summary: Summary) -> None:
    """What readers knew has changed: whoever passed it on tells them."""
    if summary.state in _EVENTS:
        hooks.emit(_EVENTS[summary.state], session, summary=summary)


def index_again(session: Session, *, scheme: str, term: str) -> None:
    """A term changed: the summaries that its name finds must be found by the new one."""
    ids = ids_named_by(session, scheme=scheme, term=term)
    queue(session, [DocumentRef(KIND, summary_id) for summary_id in ids])


def set_terms(summary: Summary, scheme: Scheme, terms: Sequence[str]) -> None:
    """Make these the terms of one scheme, in this order; needs its terms loaded."""
    others = [row for row in summary.terms if row.scheme is not scheme]
    present = {row.term: row for row in summary.terms if row.scheme is scheme}
    found = []
    for position, term in enumerate(terms):
        row = present.get(term) or SummaryTerm(scheme=scheme, term=term)
        row.position = position
        found.append(row)
    summary.terms[:] = [*others, *found]


def set_practices(summary: Summary, ids: Sequence[str]) -> None:
    """Make these the sheets that it informs, in this order; needs them loaded."""
    present = {row.practice_id: row for row in summary.practices}
    found = []
    for position, practice_id in enumerate(ids):
        row = present.get(practice_id) or SummaryPractice(practice_id=practice_id)
        row.position = position
        found.append(row)
    summary.practices[:] = found
