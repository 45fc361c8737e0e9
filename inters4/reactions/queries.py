"""Reads of reactions: a browser's own, and counts for the brokering team."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import field
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, case, func, select
from sqlalchemy.orm import Session

from inters4.core.access import Role, Viewer
from inters4.core.figures import Rows, during
from inters4.core.outbox import DocumentRef
from inters4.core.values import dataclass
from inters4.reactions.models import Answer, Benefit, Learned, Reaction, Use

FLOOR = 5
"""What readers added is told once that many answered the same question: nobody is singled out."""
ADDED = tuple(
    (column, value)
    for column, values in (("learned", Learned), ("use", Use), ("benefit", Benefit))
    for value in values
)
"""Each thing that a reader may add, by its column."""
TEAM = (Role.BROKER, Role.COORDINATION)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many readers said what of a document.

    Attributes:
        added: how many added what, by `learned:new`, `use:change` and so on.
    """

    yes: int = 0
    not_yet: int = 0
    no: int = 0
    harmful: int = 0
    added: Mapping[str, int] = field(default_factory=dict)

    @property
    def told(self) -> Mapping[str, int]:
        """What readers added to each question that enough of them answered."""
        answered = Counter[str]()
        for name, number in self.added.items():
            answered[name.partition(":")[0]] += number
        return {
            name: number
            for name, number in self.added.items()
            if number and answered[name.partition(":")[0]] >= FLOOR
        }

    @property
    def is_empty(self) -> bool:
        """True when nobody said anything."""
        return not (self.yes or self.not_yet or self.no or self.harmful)


def own_reaction(session: Session, document: DocumentRef, *, browser: str) -> Reaction | None:
    """What this browser said of the document."""
    named = {"kind": document.kind, "id": document.id, "browser": browser}
    return session.scalars(_own(), named).first()


def own_reactions(
    session: Session, documents: Collection[DocumentRef], *, browser: str
) -> Mapping[DocumentRef, Reaction]:
    """The same of several documents, in one statement; none without a browser."""
    if not browser or not documents:
        return {}
    rows = session.scalars(
        select(Reaction).where(
            Reaction.browser == browser,
            Reaction.document_id.in_([document.id for document in documents]),
        )
    )
    found = {DocumentRef(row.kind, row.document_id): row for row in rows}
    return {document: found[document] for document in documents if document in found}


def tally_of(session: Session, document: DocumentRef, *, viewer: Viewer) -> Tally | None:
    """The counts of a document, for the team alone."""
    if not viewer.holds_any(*TEAM):
        return None
    return count(session, document)


def count(session: Session, document: DocumentRef) -> Tally:
    """The counts of a document, for whoever the caller says may read them."""
    row = session.execute(_counts(), {"kind": document.kind, "id": document.id}).one()
    return _tally(row)


def tallies_between(
    session: Session, kind: str, ids: Collection[str], *, since: datetime, until: datetime
) -> Mapping[str, Tally]:
    """The counts of documents of one kind, from those given in a time: one statement."""
    rows = session.execute(
        select(Reaction.document_id, *_sums())
        .where(
            Reaction.kind == kind,
            Reaction.document_id.in_(ids),
            Reaction.created_at >= since,
            Reaction.created_at < until,
        )
        .group_by(Reaction.document_id)
    )
    return {identifier: _tally(sums) for identifier, *sums in rows}


@cache
def given() -> Rows:
    """What readers said in the period and did not take back, for the balance sheet."""
    return (
        select(
            Reaction.created_at.label("at"),
            Reaction.kind,
            Reaction.document_id,
            Reaction.answer,
            Reaction.is_harmful,
        )
        .where(during(Reaction.created_at))
        .order_by(Reaction.created_at.desc(), Reaction.id.desc())
    )


def tallies_read_in(session: Session, items: Collection[str]) -> Mapping[str, Tally]:
    """What was said first in each of these items of issues: one statement.

    Whoever takes everything back is not counted; whoever answers otherwise stays where they began.
    """
    rows = session.execute(
        select(Reaction.read_in, *_sums())
        .where(Reaction.read_in.in_(items))
        .group_by(Reaction.read_in)
    )
    return {item: _tally(sums) for item, *sums in rows}


def harmful_now(session: Session, documents: Collection[DocumentRef]) -> frozenset[DocumentRef]:
    """Those that some reader still says to be harmful."""
    rows = session.execute(
        select(Reaction.kind, Reaction.document_id)
        .where(
            Reaction.is_harmful, Reaction.document_id.in_([document.id for document in documents])
        )
        .distinct()
    )
    return frozenset(DocumentRef(kind, identifier) for kind, identifier in rows)


@cache
def _own() -> Select[Reaction]:
    return select(Reaction).where(
        Reaction.kind == bindparam("kind"),
        Reaction.document_id == bindparam("id"),
        Reaction.browser == bindparam("browser"),
    )


@cache
def _counts() -> Select[*tuple[Any, ...]]:
    return select(*_sums()).where(
        Reaction.kind == bindparam("kind"), Reaction.document_id == bindparam("id")
    )


def _sums() -> list[ColumnElement[int | None]]:
    """In the order of `Tally`, then what was added."""
    asked = [Reaction.answer == answer for answer in (Answer.YES, Answer.NOT_YET, Answer.NO)]
    added = [getattr(Reaction, column) == value for column, value in ADDED]
    return [func.sum(case((one, 1), else_=0)) for one in (*asked, Reaction.is_harmful, *added)]


def _tally(sums: Sequence[int | None]) -> Tally:
    yes, not_yet, no, harmful, *added = (number or 0 for number in sums)
    names = (f"{column}:{value}" for column, value in ADDED)
    return Tally(yes, not_yet, no, harmful, added=dict(zip(names, added, strict=True)))
