"""« Déjà connu ? »: what the team holds already about the same article, or nearly."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import case, literal, or_, select
from sqlalchemy.orm import Session, defer

from indexer.analysis import STOP_WORDS, fold
from inters4.veille.models import Finding, Summary

_EMPTY = STOP_WORDS["fr"] | STOP_WORDS["en"]
_WORDS = re.compile(r"[^\W_]{4,}")
_ASKED, _READ, _SHOWN = 6, 30, 3
_SHARED = 0.5
"""Two titles are near when they share half of all their words."""


@dataclass(frozen=True, slots=True)
class Alike:
    """What is known already.

    Attributes:
        summaries: of the very same article, in whatever state.
        findings: whose titles are near, the nearest first.
    """

    summaries: Sequence[Summary]
    findings: Sequence[Finding]


def known_already(session: Session, finding: Finding) -> Alike:
    """Two statements at most; nothing leaves the database but a few titles."""
    return Alike(_summaries(session, finding), _findings(session, finding))


def _summaries(session: Session, finding: Finding) -> Sequence[Summary]:
    same = []
    if finding.doi:
        same.append(Summary.doi == finding.doi)
    if finding.pmid:
        same.append(Summary.pmid == finding.pmid)
    if finding.summary_id:
        same.append(Summary.id == finding.summary_id)
    if not same:
        return ()
    return session.scalars(select(Summary).where(or_(*same)).order_by(Summary.id)).all()


def _findings(session: Session, finding: Finding) -> Sequence[Finding]:
    words = words_of(finding.title)
    asked = sorted(words, key=len, reverse=True)[:_ASKED]
    if len(asked) < 2:
        return ()
    holds = [Finding.search_text.contains(word, autoescape=True) for word in asked]
    score = sum((case((one, 1), else_=0) for one in holds), start=literal(0))
    rows = session.scalars(
        select(Finding)
        .where(Finding.id != finding.id, or_(*holds[:2]), score >= len(asked) // 2)
        .options(defer(Finding.abstract))
        .order_by(Finding.first_seen_at.desc(), Finding.id.desc())
        .limit(_READ)
    )
    near = [(shared(words, words_of(row.title)), row) for row in rows]
    near = [one for one in near if one[0] >= _SHARED]
    near.sort(key=lambda one: -one[0])
    return [row for _score, row in near[:_SHOWN]]


def words_of(title: str) -> frozenset[str]:
    """The words of a title that say what it is about, folded."""
    return frozenset(_WORDS.findall(fold(title))) - _EMPTY


def shared(some: frozenset[str], others: frozenset[str]) -> float:
    """How much two sets of words have in common, from 0 to 1."""
    return len(some & others) / len(some | others) if some | others else 0.0
