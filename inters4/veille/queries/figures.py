"""What the balance sheet counts of summaries: what readers were given, then told of.

A translation is no other summary. What was retracted since stays counted when it was published.
"""

from functools import cache

from sqlalchemy import ColumnElement, exists, or_, select

from inters4.core.figures import UNTIL, Rows, during
from inters4.veille.models import READABLE, TOMBSTONES, Summary, SummaryState, SummaryStep

_ENDED = TOMBSTONES | {SummaryState.ARCHIVED}


@cache
def published() -> Rows:
    """Summaries first given to readers in the period."""
    return _summaries().where(during(Summary.published_at))


@cache
def corrected() -> Rows:
    """Corrections told to readers in the period, one line each."""
    return _steps().where(SummaryStep.after == SummaryState.CORRECTED)


@cache
def taken_back() -> Rows:
    """Summaries retracted or replaced in the period."""
    return _steps().where(SummaryStep.after.in_(TOMBSTONES))


@cache
def readable() -> Rows:
    """Summaries that everyone could read when the period ended."""
    return _summaries().where(
        Summary.published_at < UNTIL,
        or_(
            Summary.state.in_(READABLE),
            _ended(SummaryStep.at >= UNTIL) & ~_ended(SummaryStep.at < UNTIL),
        ),
    )


def _ended(when: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(SummaryStep.summary_id == Summary.id, SummaryStep.after.in_(_ENDED), when)


def _summaries() -> Rows:
    """Whatever everyone reads, or reads that it no longer holds."""
    return (
        select(
            Summary.published_at.label("at"),
            Summary.slug,
            Summary.title,
            Summary.state,
            Summary.origin,
        )
        .where(Summary.translation_of.is_(None), Summary.state.in_(READABLE | _ENDED))
        .order_by(Summary.published_at.desc(), Summary.id)
    )


def _steps() -> Rows:
    return (
        select(
            SummaryStep.at,
            SummaryStep.after.label("state"),
            Summary.slug,
            Summary.title,
            Summary.origin,
        )
        .join(Summary, Summary.id == SummaryStep.summary_id)
        .where(during(SummaryStep.at), Summary.translation_of.is_(None))
        .order_by(SummaryStep.at.desc(), SummaryStep.id.desc())
    )
