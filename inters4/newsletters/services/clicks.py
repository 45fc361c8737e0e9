"""How many times each link of an issue was followed, by day; nobody is followed."""

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from inters4.core.tallies import Counts
from inters4.newsletters.models import LinkDay
from inters4.newsletters.queries.deliveries import known_links

CLICKS = "liens"
"""Under what clicks are noted: `ISSUE/POSITION`."""


def keep_clicks(session: Session, counts: Counts) -> int:
    """Add clicks to those of their day; those of no link are left out. How many were kept."""
    known = known_links(session, {key for _day, key in counts})
    rows = [
        {"link_id": known[key], "day": day, "clicks": number}
        for (day, key), number in sorted(counts.items())
        if key in known
    ]
    if rows:
        is_postgresql = session.get_bind().dialect.name == "postgresql"
        statement = (postgresql.insert if is_postgresql else sqlite.insert)(LinkDay)
        session.execute(
            statement.on_conflict_do_update(
                index_elements=["link_id", "day"],
                set_={"clicks": LinkDay.clicks + statement.excluded.clicks},
            ),
            rows,
        )
    return sum(number for (_day, key), number in counts.items() if key in known)
