"""« Déjà connu ? »: what the team holds already about the same article, or nearly."""

import re
from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, and_, case, false, func, literal, or_, select
from sqlalchemy.orm import Session, defer, load_only

from indexer.analysis import STOP_WORDS, fold
from inters4.core.values import dataclass
from inters4.veille.models import Finding, Summary, SummaryState

_EMPTY = STOP_WORDS["fr"] | STOP_WORDS["en"]
_WORDS = re.compile(r"[^\W_]{4,}")
_ASKED, _READ, _SHOWN = 6, 30, 3
_SHARED = 0.5
"""Two titles are near when they share half of all their words."""
_TWIN = 0.8
"""They seem to be of one article when they share nearly all of them."""


@dataclass(frozen=True, slots=True)
class Told:
    """Summaries that tell an article, or may.

    Attributes:
        same: of the very same article, in whatever state.
        near: whose titles are near, the nearest first; not those that were given up.
        twin: the nearest, when it seems to tell the same article.
    """

    same: Sequence[Summary] = ()
    near: Sequence[Summary] = ()
    twin: Summary | None = None

    @property
    def keys(self) -> frozenset[str]:
        """What the index calls them."""
        return frozenset(row.document_ref.key for row in (*self.same, *self.near))


@dataclass(frozen=True, slots=True)
class Alike:
    """What is known already: summaries, and findings whose titles are near, the nearest first."""

    told: Told
    findings: Sequence[Finding]


def known_already(session: Session, finding: Finding) -> Alike:
    """Two statements at most; nothing leaves the database but a few titles."""
    told = told_already(
        session,
        (finding.title,),
        doi=finding.doi,
        pmid=finding.pmid,
        attached=finding.summary_id or "",
    )
    return Alike(told, _findings(session, finding))


def told_of_draft(session: Session, summary: Summary) -> Told:
    """The other summaries of its article, or nearly; its translations are the same one."""
    return told_already(
        session,
        (summary.article_title, summary.title),
        doi=summary.doi,
        pmid=summary.pmid,
        but=summary,
    )


def told_already(
    session: Session,
    titles: Sequence[str],
    *,
    doi: str = "",
    pmid: str = "",
    attached: str = "",
    but: Summary | None = None,
) -> Told:
    """Who tells the article of these identifiers, or of nearly such a title: one statement."""
    is_same = _is_same(doi=doi, pmid=pmid, attached=attached)
    sought = or_(is_same, *(_holds_words(title) for title in titles))
    rows = session.execute(
        select(Summary, case((is_same, 1), else_=0).label("is_same"))
        .where(sought)
        .options(load_only(*_READ_OF_SUMMARIES))
        .order_by(case((is_same, 0), else_=1), Summary.updated_at.desc(), Summary.id)
        .limit(_READ)
    ).all()
    if but is not None:
        rows = [row for row in rows if not _is_one(row.Summary, but)]
    same = [row.Summary for row in rows if row.is_same]
    scored = [(_nearness(titles, row.Summary), row.Summary) for row in rows if not row.is_same]
    near = sorted((one for one in scored if one[0] >= _SHARED), key=lambda one: -one[0])
    twin = near[0][1] if near and near[0][0] >= _TWIN else None
    return Told(same, [row for _score, row in near[:_SHOWN]], twin)


_READ_OF_SUMMARIES = (
    *(Summary.id, Summary.slug, Summary.title, Summary.article_title, Summary.state),
    *(Summary.published_at, Summary.language, Summary.translation_of),
)


def _is_same(*, doi: str, pmid: str, attached: str) -> ColumnElement[bool]:
    known = (
        (func.lower(Summary.doi), doi.lower()),
        (Summary.pmid, pmid),
        (Summary.id, attached),
    )
    return or_(false(), *(column == value for column, value in known if value))


def _holds_words(title: str) -> ColumnElement[bool]:
    """True of summaries that hold half of the longest words of `title`, as it writes them."""
    words = {word for word in _WORDS.findall(title.casefold()) if fold(word) not in _EMPTY}
    asked = sorted(words, key=lambda word: (-len(word), word))[:_ASKED]
    if len(asked) < 2:
        return false()
    holds = [
        or_(Summary.article_title.ilike(pattern), Summary.title.ilike(pattern))
        for pattern in map(_pattern, asked)
    ]
    score = sum((case((one, 1), else_=0) for one in holds), start=literal(0))
    given_up = and_(Summary.state == SummaryState.ARCHIVED, Summary.published_at.is_(None))
    return and_(score >= len(asked) // 2, ~given_up)


def _pattern(word: str) -> str:
    """Any sign stands for one with an accent: no database folds them all alike."""
    return f"%{''.join(sign if sign.isascii() else '_' for sign in word)}%"


def _is_one(summary: Summary, other: Summary) -> bool:
    """True of a summary and itself, or its translation."""
    originals = {one.translation_of or one.id for one in (summary, other)}
    return len(originals) == 1


def _nearness(titles: Iterable[str], summary: Summary) -> float:
    others = (summary.article_title, summary.title)
    return max(shared(words_of(one), words_of(other)) for one in titles for other in others)


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
