"""What came of an item of an issue: questions asked, practices proposed and tried.

Each remembers the item in which it was read. Domains above tell of theirs by a slot that they fill
at start; what its reader may not see is neither listed nor counted.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from inters4.core.values import dataclass
from inters4.practices.models import READABLE, Adoption, Openness, Practice, PracticeState


class SequelKind(StrEnum):
    """What came of an item."""

    QUESTION = "question"
    EVIDENCE = "evidence"
    PRACTICE = "practice"
    ADOPTION = "adoption"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sequel:
    """One thing that came of an item.

    Attributes:
        item: public id of the item.
        url: path of its page, which whoever reads the list may open.
    """

    item: str
    kind: SequelKind
    title: str
    url: str
    at: datetime


Telling = Callable[[Session, Collection[str]], Sequence[Sequel]]
"""Public ids of items -> what came of them, as the whole brokering team may see it."""


class Sequels:
    """Who tells what came of items."""

    def __init__(self) -> None:
        self._tellings: list[Telling] = []

    def told_by(self, telling: Telling) -> None:
        """Add a teller.

        Raises:
            RuntimeError: it was added already.
        """
        if telling in self._tellings:
            raise RuntimeError(f"registered twice: {telling.__qualname__}")
        self._tellings.append(telling)

    def of(self, session: Session, items: Collection[str]) -> list[Sequel]:
        """Everything that came of these items, the latest first."""
        found = [one for telling in self._tellings for one in telling(session, items)]
        return sorted(found, key=lambda one: (one.at, one.url), reverse=True)


sequels = Sequels()


def practices_proposed(session: Session, items: Collection[str]) -> list[Sequel]:
    """Sheets begun after reading an item, once their authors propose them."""
    rows = session.scalars(
        select(Practice).where(Practice.read_in.in_(items), Practice.state != PracticeState.SKETCH)
    )
    return [
        Sequel(
            item=one.read_in,
            kind=SequelKind.PRACTICE,
            title=one.title,
            url=f"/pratiques/{one.slug}",
            at=one.created_at,
        )
        for one in rows
    ]


def practices_adopted(session: Session, items: Collection[str]) -> list[Sequel]:
    """Adoptions that teams share; those that an organisation keeps to itself are not told."""
    rows = session.scalars(
        select(Adoption)
        .join(Practice, Practice.id == Adoption.practice_id)
        .where(
            Adoption.read_in.in_(items),
            Adoption.openness != Openness.US,
            Adoption.hidden_at.is_(None),
            Practice.state.in_(READABLE),
        )
        .options(joinedload(Adoption.practice), joinedload(Adoption.organisation))
    )
    return [
        Sequel(
            item=one.read_in,
            kind=SequelKind.ADOPTION,
            title=f"{one.practice.title} · {one.label}",
            url=f"/pratiques/{one.practice.slug}/adoptions/{one.public_id}",
            at=one.created_at,
        )
        for one in rows
    ]
