"""What is known already of what a source brings: keys, the findings they name, sightings."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Row, and_, or_, select
from sqlalchemy.orm import Session

from inters4.veille.models import Finding, FindingKey, KeyKind, Sighting, SourceTheme

_AT_ONCE = 5_000

_COLUMNS = (
    *("id", "like_id", "title", "authors", "journal", "published_on", "year", "volume"),
    *("number", "pages", "doi", "pmid", "url", "language", "open_access", "design", "country"),
)

Key = tuple[KeyKind, str]
"""One way of recognising a finding, as `FindingKey` keeps it."""


def known_keys(session: Session, keys: Collection[Key]) -> Mapping[Key, int | None]:
    """Those of `keys` that are kept, with their finding; None for the tombstone of one."""
    found: dict[Key, int | None] = {}
    for part in _parts(sorted(keys)):
        by_kind: dict[KeyKind, list[str]] = {}
        for kind, value in part:
            by_kind.setdefault(kind, []).append(value)
        matches = [
            and_(FindingKey.kind == kind, FindingKey.value.in_(values))
            for kind, values in by_kind.items()
        ]
        rows = session.execute(
            select(FindingKey.kind, FindingKey.value, FindingKey.finding_id).where(or_(*matches))
        )
        found |= {(kind, value): finding_id for kind, value, finding_id in rows}
    return found


def known_findings(session: Session, ids: Collection[int]) -> Mapping[int, Row[Any]]:
    """What tells findings apart, and what they say or lack, by number; not their abstracts."""
    rows: Iterable[Row[Any]] = session.execute(
        select(
            *(getattr(Finding, name) for name in _COLUMNS),
            (Finding.abstract != "").label("has_abstract"),
        ).where(Finding.id.in_(sorted(ids)))
    )
    return {row.id: row for row in rows}


def seen_by(session: Session, source_id: int, ids: Collection[int]) -> frozenset[int]:
    """Those of the findings `ids` that the source has shown before."""
    return frozenset(
        session.scalars(
            select(Sighting.finding_id).where(
                Sighting.source_id == source_id, Sighting.finding_id.in_(sorted(ids))
            )
        )
    )


def themes_given_by(session: Session, source_id: int) -> tuple[str, ...]:
    """What findings of the source are about, in the order chosen."""
    return tuple(
        session.scalars(
            select(SourceTheme.theme)
            .where(SourceTheme.source_id == source_id)
            .order_by(SourceTheme.position)
        )
    )


def _parts(keys: list[Key]) -> Iterator[list[Key]]:
    for start in range(0, len(keys), _AT_ONCE):
        yield keys[start : start + _AT_ONCE]
