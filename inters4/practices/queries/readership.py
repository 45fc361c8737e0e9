"""What a quarter is told from, in a fixed number of statements whatever the number of sheets.

Questions are kept by an upper domain, which says at start how they are counted (`asked`).
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime, time

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from inters4.core.clock import LOCAL_ZONE
from inters4.practices.models import (
    KIND,
    READABLE,
    Adoption,
    Openness,
    Practice,
    PracticeAuthor,
    PracticeSlug,
)
from inters4.practices.models.readership import PracticeQuarter, PracticeReading, Quarter
from inters4.reactions.queries import Tally, tallies_between

Counting = Callable[[Session, Collection[str], datetime, datetime], Mapping[str, int]]
"""Paths of pages, from, until -> how many questions came from each."""


class Asked:
    """How questions that came from a page are counted; nothing, until someone says how."""

    def __init__(self) -> None:
        self._count: Counting | None = None

    def counted_by(self, count: Counting) -> None:
        """Say how.

        Raises:
            RuntimeError: somebody said it already.
        """
        if self._count is not None:
            raise RuntimeError("registered twice: questions by page")
        self._count = count

    def between(
        self, session: Session, paths: Collection[str], since: datetime, until: datetime
    ) -> Mapping[str, int]:
        """By path, how many."""
        return self._count(session, paths, since, until) if self._count else {}


asked = Asked()


def sheets_to_count(
    session: Session, quarter: Quarter, *, most: int | None = None
) -> Sequence[Practice]:
    """Published sheets that someone carries, whose quarter is not counted yet."""
    counted = select(PracticeQuarter.practice_id).where(PracticeQuarter.first == quarter.first)
    carried = select(PracticeAuthor.practice_id)
    return session.scalars(
        select(Practice)
        .where(Practice.state.in_(READABLE), Practice.id.in_(carried), Practice.id.not_in(counted))
        .order_by(Practice.id)
        .limit(most)
    ).all()


def count_quarters(
    session: Session, practices: Sequence[Practice], quarter: Quarter
) -> list[PracticeQuarter]:
    """What became of these sheets in a quarter: six statements, none for no sheet."""
    ids = [one.id for one in practices]
    if not ids:
        return []
    since, until = _midnight(quarter.first), _midnight(quarter.end)
    readings = _readings(session, ids, quarter)
    new = _adoptions(session, ids, Adoption.created_at >= since, Adoption.created_at < until)
    in_all = _adoptions(session, ids, Adoption.created_at < until)
    tallies = tallies_between(session, KIND, ids, since=since, until=until)
    questions = _questions(session, practices, since, until)
    return [
        PracticeQuarter(
            practice_id=one,
            first=quarter.first,
            readings=readings.get(one, 0),
            adoptions=new.get(one, 0),
            adoptions_in_all=in_all.get(one, 0),
            questions=questions.get(one, 0),
            yes=tally.yes,
            not_yet=tally.not_yet,
            no=tally.no,
            said=dict(tally.told),
        )
        for one in ids
        for tally in (tallies.get(one, Tally()),)
    ]


def quarters_named(
    session: Session, named: Collection[tuple[str, str]]
) -> Mapping[tuple[str, str], PracticeQuarter]:
    """By sheet and first day, as notices write it: one statement."""
    rows = session.scalars(
        select(PracticeQuarter).where(
            PracticeQuarter.practice_id.in_({one for one, _first in named}),
            PracticeQuarter.first.in_({date.fromisoformat(first) for _one, first in named}),
        )
    )
    return {(row.practice_id, row.first.isoformat()): row for row in rows}


def _readings(session: Session, ids: Sequence[str], quarter: Quarter) -> dict[str, int]:
    rows = session.execute(
        select(PracticeReading.practice_id, func.sum(PracticeReading.number))
        .where(
            PracticeReading.practice_id.in_(ids),
            PracticeReading.on_day >= quarter.first,
            PracticeReading.on_day < quarter.end,
        )
        .group_by(PracticeReading.practice_id)
    )
    return {practice_id: int(number) for practice_id, number in rows}


def _adoptions(session: Session, ids: Sequence[str], *when: ColumnElement[bool]) -> dict[str, int]:
    rows = session.execute(
        select(Adoption.practice_id, func.count().label("number"))
        .where(
            Adoption.practice_id.in_(ids),
            Adoption.openness != Openness.US,
            Adoption.hidden_at.is_(None),
            *when,
        )
        .group_by(Adoption.practice_id)
    )
    return {row.practice_id: row.number for row in rows}


def _questions(
    session: Session, practices: Sequence[Practice], since: datetime, until: datetime
) -> dict[str, int]:
    """Those asked from the page of a sheet, under whatever address it had."""
    owners = {f"/pratiques/{one.slug}": one.id for one in practices}
    former = session.execute(
        select(PracticeSlug.slug, PracticeSlug.practice_id).where(
            PracticeSlug.practice_id.in_([one.id for one in practices])
        )
    )
    owners = {f"/pratiques/{slug}": owner for slug, owner in former} | owners
    found: dict[str, int] = {}
    for path, number in asked.between(session, owners, since, until).items():
        found[owners[path]] = found.get(owners[path], 0) + number
    return found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=LOCAL_ZONE)
