"""Readings kept by day, and what became of a sheet told to who carries it, once a quarter."""

from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from inters4.core.clock import local
from inters4.core.hooks import hooks
from inters4.core.tallies import Counts
from inters4.practices.exports.notices import about_sheet
from inters4.practices.exports.quarter_notices import QUARTER_KIND
from inters4.practices.models import Practice
from inters4.practices.models.readership import PracticeReading, Quarter
from inters4.practices.queries.readership import count_quarters, sheets_to_count
from inters4.practices.queries.telling import authors_of

BATCH = 50
"""Sheets told in one transaction."""


def keep_readings(session: Session, counts: Counts) -> int:
    """Add readings to those of their day; those of no sheet are left out. How many were kept."""
    known = set(
        session.scalars(select(Practice.id).where(Practice.id.in_({key for _day, key in counts})))
    )
    rows = [
        {"practice_id": key, "on_day": day, "number": number}
        for (day, key), number in sorted(counts.items())
        if key in known
    ]
    if rows:
        insert = postgresql.insert if _is_postgresql(session) else sqlite.insert
        statement = insert(PracticeReading)
        session.execute(
            statement.on_conflict_do_update(
                index_elements=["practice_id", "on_day"],
                set_={"number": PracticeReading.number + statement.excluded.number},
            ),
            rows,
        )
    return sum(number for (_day, key), number in counts.items() if key in known)


def tell_quarters(session: Session, *, today: date) -> int:
    """Count the last quarter of some sheets and tell who carries them; how many were counted.

    A sheet is counted once a quarter. Where nothing happened, nobody is told.
    """
    quarter = Quarter.before(today)
    practices = sheets_to_count(session, quarter, most=BATCH)
    counted = count_quarters(session, practices, quarter)
    session.add_all(counted)
    session.flush()
    carried = authors_of(session, [one.practice_id for one in counted]) if counted else ()
    first = quarter.first.isoformat()
    for one in counted:
        if one.is_empty:
            continue
        hooks.notifier.notify(
            session,
            QUARTER_KIND,
            sorted(member for practice, member in carried if practice == one.practice_id),
            subject=about_sheet(one.practice_id),
            facts={"first": first},
            group=f"quarter:{first}",
            once=f"{one.practice_id}:{first}",
        )
    return len(counted)


def purge_readings(session: Session, before: datetime) -> int:
    """Forget the days; what quarters count stays."""
    gone = session.scalars(
        delete(PracticeReading)
        .where(PracticeReading.on_day < local(before).date())
        .returning(PracticeReading.practice_id)
    )
    return len(gone.all())


def _is_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"
